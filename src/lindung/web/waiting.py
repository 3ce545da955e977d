"""What waits for whom, in words and with the place where it is done; and the last day on which anything happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Count, Max, Sum
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lindung.contributions.actions import STEPS
from lindung.contributions.models import Bill, Calculation, Payment
from lindung.enrolment.models import Registration
from lindung.enrolment.movement_queries import movements_waiting_for
from lindung.enrolment.queries import waiting_for
from lindung.registry.access import MAY, may, roles_of
from lindung.registry.accounts import accounts_for
from lindung.registry.document_queries import due
from lindung.registry.documents import KINDS
from lindung.registry.models import AuditEntry, Scheme, User
from lindung.registry.second_factor import NEEDED
from lindung.web import shown
from lindung.web.access import can, reachable_schemes, reached_by

AREA = {
    "rosters_to_propose": "rosters", "people_to_review": "reviews", "doubles_to_decide": "", "lists_to_confirm": "movements", "people_sent_back": "", "checks_open": "checks", "rows_to_mend": "", "rejected_by_bpjs": "rejections",
    "determinations_to_verify": "determinations", "determinations_to_approve": "determinations",
    "determinations_to_sign": "determinations", "batches_to_answer": "batches", "bills_to_pay": "money",
    "bills_to_record": "money", "movements_to_confirm": "movements",
}  # fmt: skip


LATELY = 30  # days of which an auditor is told


@dataclass(frozen=True)
class OwnTask:
    """What waits outside any scheme."""

    title: str
    text: str
    url: str
    verb: str


@dataclass(frozen=True)
class Task:
    """One line of "waiting for you"."""

    kind: str
    area: str
    scheme: Scheme
    count: int
    title: str
    text: str
    url: str
    verb: str
    due: date | None = None


def tasks(request: HttpRequest, user: User) -> list[Task]:
    """Everything that waits for the user, over all schemes in reach; asked once per request."""
    kept = getattr(request, "tasks", None)
    if kept is None:
        kept = (
            [
                _told(one.kind, one.scheme, one.count, user)
                for one in [*waiting_for(user), *movements_waiting_for(user)]
            ]
            + _money(user)
            + _documents(user)
        )
        request.tasks = kept
    return kept


def _documents(user: User) -> list[Task]:
    """What ends, and what must follow from a document, for those who keep the register."""
    schemes = {one.pk: one for one in reachable_schemes(user) if may(user, "keep_documents", one)}
    if not schemes:
        return []
    told = []
    for one in due(schemes, timezone.localdate()):
        scheme = schemes[one.scheme]
        name = f"{KINDS.get(one.document.kind, one.document.kind)} {one.document.number}".strip()
        title = _("%(document)s ends") % {"document": name} if one.ends else one.text
        url = reverse("document", kwargs={"slug": scheme.slug, "pk": one.document.pk})
        told.append(Task("document_due", "documents", scheme, 1, title, one.text if one.ends else name, url, _("Open"), one.on))  # fmt: skip
    return told


def counts(request: HttpRequest, scheme: Scheme, user: User) -> dict[str, int]:
    """area → how much waits there in one scheme."""
    found: dict[str, int] = {}
    for task in tasks(request, user):
        if task.scheme.pk == scheme.pk and task.area:
            found[task.area] = found.get(task.area, 0) + task.count
    return found


def _told(kind: str, scheme: Scheme, n: int, user: User) -> Task:
    place = {"slug": scheme.slug}
    count = {"n": shown.number(n)}
    sent_back = (
        reverse("reviews", kwargs=place) + "?keadaan=returned"
        if can(user, "reviews", scheme)
        else reverse("rosters", kwargs=place)
    )
    texts = {
        "rosters_to_propose": (
            ngettext("%(n)s list can be proposed", "%(n)s lists can be proposed", n),
            _("Checked; somebody of the office signs for it"), reverse("rosters", kwargs=place) + "?keadaan=checked", _("Open"),
        ),
        "people_to_review": (
            ngettext("%(n)s proposal waits for review", "%(n)s proposals wait for review", n),
            _("Accept who is eligible, send the others back"), reverse("reviews", kwargs=place), _("Review"),
        ),
        "lists_to_confirm": (
            ngettext("%(n)s list of participants to confirm", "%(n)s lists of participants to confirm", n),
            _("Before the new budget year: who stays, and what happened to the others"), reverse("rounds", kwargs=place), _("Confirm"),
        ),
        "doubles_to_decide": (
            ngettext("%(n)s pair may be one person", "%(n)s pairs may be one person", n),
            _("Look at both side by side and decide; nothing is merged"), reverse("doubles", kwargs=place), _("Decide"),
        ),
        "people_sent_back": (
            ngettext("%(n)s person was sent back", "%(n)s people were sent back", n),
            _("Mend their rows and send them in again"), sent_back, _("Look"),
        ),
        "rows_to_mend": (
            ngettext("%(n)s row to mend", "%(n)s rows to mend", n),
            _("Download the marked file, mend it, send it again"), reverse("rosters", kwargs=place) + "?keadaan=checked", _("Mend"),
        ),
        "rejected_by_bpjs": (
            ngettext("%(n)s person was rejected by BPJS", "%(n)s people were rejected by BPJS", n),
            _("Mend what BPJS names before the deadline"), reverse("rejections", kwargs=place), _("Look"),
        ),
        "movements_to_confirm": (
            ngettext("%(n)s movement to confirm", "%(n)s movements to confirm", n),
            _("Who came, left, died or moved; you confirm what others proposed"), reverse("movements", kwargs=place) + "?keadaan=proposed", _("Look"),
        ),
        "checks_open": (
            ngettext("%(n)s check has no answer", "%(n)s checks have no answer", n),
            _("BPJS, Disdukcapil or Dinsos has the file"), reverse("checks", kwargs=place), _("Look"),
        ),
        "determinations_to_verify": (
            ngettext("%(n)s determination to verify", "%(n)s determinations to verify", n),
            _("Read it; who proposed it cannot verify it"), reverse("determinations", kwargs=place), _("Verify"),
        ),
        "determinations_to_approve": (
            ngettext("%(n)s determination to approve", "%(n)s determinations to approve", n),
            _("Within what is left of the budget"), reverse("determinations", kwargs=place), _("Approve"),
        ),
        "determinations_to_sign": (
            ngettext("%(n)s determination waits for its number", "%(n)s determinations wait for their number", n),
            _("Approved; type number and date of the signed act"), reverse("determinations", kwargs=place), _("Open"),
        ),
        "batches_to_answer": (
            ngettext("%(n)s BPJS file without an answer", "%(n)s BPJS files without an answer", n),
            _("Upload the answer with the KPJ when the branch has sent it"), reverse("batches", kwargs=place), _("Open"),
        ),
    }  # fmt: skip
    title, text, url, verb = texts[kind]
    return Task(kind, AREA[kind], scheme, n, title % count, text, url, verb)


def _money(user: User) -> list[Task]:
    """Bills by the step of payment that is next, for those who do that step; and months without BPJS's bill."""
    schemes = {s.pk: s for s in reachable_schemes(user)}
    found = []
    payers = roles_of(user, MAY["pay"])
    if payers:
        unpaid = Bill.objects.filter(
            reached_by(payers, "calculation__scheme", "calculation__unit"), calculation__paid_on__isnull=True
        ).annotate(done=Count("payments"))
        for scheme_id, done, pay_by, amount in unpaid.values_list(
            "calculation__scheme", "done", "pay_by", "amount"
        ):
            step = STEPS[min(done, len(STEPS) - 1)]
            if may(user, f"pay_{step}", schemes[scheme_id]):
                found.append((scheme_id, step, pay_by, amount))
    told = []
    for scheme_id, step in sorted(
        {(one[0], one[1]) for one in found}, key=lambda one: (one[0], STEPS.index(one[1]))
    ):
        bills = [one for one in found if one[:2] == (scheme_id, step)]
        n, name = len(bills), dict(Payment.STEPS)[step]
        title = ngettext("%(n)s bill waits for its %(step)s", "%(n)s bills wait for their %(step)s", n) % {
            "n": shown.number(n), "step": name,
        }  # fmt: skip
        url = reverse("bills", kwargs={"slug": schemes[scheme_id].slug}) + "?keadaan=unpaid"
        amount = shown.rupiah(sum(one[3] for one in bills))
        told.append(
            Task("bills_to_pay", "money", schemes[scheme_id], n, title, amount, url, _("Open"), min(one[2] for one in bills))
        )  # fmt: skip
    return told + _unbilled(user, schemes)


def _unbilled(user: User, schemes: dict[int, Scheme]) -> list[Task]:
    roles = roles_of(user, MAY["record_bill"])
    if not roles:
        return []
    counted = (
        Calculation.objects.filter(reached_by(roles, "scheme", "unit"), bill__isnull=True)
        .values_list("scheme")
        .annotate(amount=Sum("total"), n=Count("pk"))
    )
    told = []
    for scheme_id, amount, n in counted:
        title = ngettext(
            "%(n)s calculation without BPJS's bill", "%(n)s calculations without BPJS's bill", n
        ) % {"n": shown.number(n)}
        url = reverse("bills", kwargs={"slug": schemes[scheme_id].slug}) + "?keadaan=unbilled"
        told.append(
            Task("bills_to_record", "money", schemes[scheme_id], n, title, shown.rupiah(amount), url, _("Record"))
        )  # fmt: skip
    return told


def of_no_scheme(user: User) -> list[OwnTask]:
    """What waits for those who keep accounts and those who read the trail."""
    told = []
    if roles_of(user, MAY["administer"]):
        kept = accounts_for(user).filter(is_active=True, demo=False)
        new = kept.filter(password__startswith=UNUSABLE_PASSWORD_PREFIX).count()
        if new:
            title = ngettext("%(n)s account has no password yet", "%(n)s accounts have no password yet", new)
            told.append(OwnTask(title % {"n": shown.number(new)}, _("A code is valid for seven days; give another when it has run out"), reverse("accounts"), _("Look")))  # fmt: skip
        bare = kept.filter(roles__role__in=NEEDED, second_factor__confirmed_at__isnull=True).exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX).distinct().count()  # fmt: skip
        if bare:
            title = ngettext(
                "%(n)s account has no second factor", "%(n)s accounts have no second factor", bare
            )
            told.append(OwnTask(title % {"n": shown.number(bare)}, _("Approvers, treasurers and administrators set one up when they sign in"), reverse("accounts"), _("Look")))  # fmt: skip
    if roles_of(user, frozenset({"auditor"})):
        since = timezone.now() - timedelta(days=LATELY)
        out = AuditEntry.objects.filter(at__gte=since, action__startswith="export").count()
        seen = AuditEntry.objects.filter(at__gte=since, action="reveal").count()
        for n, title, query in (
            (out, ngettext("%(n)s export in the last thirty days", "%(n)s exports in the last thirty days", out), "?perbuatan=export"),
            (seen, ngettext("%(n)s masked value was shown in the last thirty days", "%(n)s masked values were shown in the last thirty days", seen), "?perbuatan=reveal"),
        ):  # fmt: skip
            if n:
                told.append(OwnTask(title % {"n": shown.number(n)}, _("Who, when, and for what reason"), reverse("audit") + query, _("Look")))  # fmt: skip
    return told


def last_day(scheme: Scheme) -> date | None:
    """The newest payment or registration: the day that invented or finished figures speak of."""
    paid = Calculation.objects.filter(scheme=scheme).aggregate(day=Max("paid_on"))["day"]
    registered = Registration.objects.filter(membership__scheme=scheme).aggregate(day=Max("registered_on"))[
        "day"
    ]
    return max((day for day in (paid, registered) if day), default=None)
