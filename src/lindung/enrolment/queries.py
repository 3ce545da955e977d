"""Reads of enrolment, named as sentences. Each takes the user and shows nothing outside their reach."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Count, Q, QuerySet
from django.db.models.expressions import RawSQL

from lindung.base.refused import Refused
from lindung.enrolment.models import (
    Batch,
    Candidate,
    CardRun,
    Check,
    Determination,
    Finding,
    Membership,
    Roster,
)
from lindung.registry.access import SEES, reachable_units, roles_of, schemes_for, units_for
from lindung.registry.models import Person, Role, Scheme, Unit, User


def rosters_of(user: User, scheme: Scheme) -> QuerySet[Roster]:
    """The lists of a scheme that the user may see, newest first."""
    units = Unit.objects.filter(units_for(user, scheme, SEES["rosters"]), locality=scheme.locality_id)
    return (
        Roster.objects.filter(scheme=scheme, sender__in=units)
        .select_related("scheme", "sender", "file", "received_by", "proposed_by", "version")
        .order_by("-received_at", "-pk")
    )


def roster_for(user: User, pk: int) -> Roster:
    """Raises Refused("record.not_found"), also for a list outside the user's reach."""
    found = Roster.objects.select_related("scheme").filter(pk=pk).first()
    seen = found and rosters_of(user, found.scheme).filter(pk=pk).first()
    if not seen:
        raise Refused("record.not_found")
    return seen


def findings_of(roster: Roster, *, severity: str = "", code: str = "", words: str = "") -> QuerySet[Finding]:
    """The findings of a list in the order of its rows, with the person of the row."""
    found = Finding.objects.filter(roster=roster).select_related("candidate")
    if severity:
        found = found.filter(severity=severity)
    if code:
        found = found.filter(code=code)
    if words:
        found = found.filter(Q(candidate__name__icontains=words) | Q(value__icontains=words))
    return found.order_by("sheet", "row", "pk")


def finding_counts(roster: Roster) -> list[tuple[str, str, int]]:
    """(code, severity, how many), the most frequent first."""
    found = Finding.objects.filter(roster=roster).values_list("code", "severity").annotate(n=Count("pk"))
    return sorted(found, key=lambda item: (item[1], -item[2], item[0]))


def candidates_of(
    user: User,
    scheme: Scheme,
    *,
    result: str = "",
    review: str = "",
    category: str = "",
    words: str = "",
    roster: int | None = None,
) -> QuerySet[Candidate]:
    """People of proposed or checked lists within reach, in the order of the lists."""
    found = Candidate.objects.filter(roster__in=rosters_of(user, scheme).values("pk")).select_related(
        "roster", "roster__sender", "kelurahan"
    )
    for name, value in (("result", result), ("review", review), ("category", category), ("roster", roster)):
        if value:
            found = found.filter(**{name: value})
    if words:
        found = found.filter(Q(name__icontains=words) | Q(nik=words))
    return found.order_by("pk")


def review_counts(user: User, scheme: Scheme) -> dict[tuple[str, str], int]:
    """(result, review) → people, over the proposed lists within reach."""
    rows = (
        candidates_of(user, scheme)
        .filter(roster__state="proposed")
        .order_by()
        .values_list("result", "review")
        .annotate(n=Count("pk"))
    )
    return {(result, review): n for result, review, n in rows}


def checks_of(scheme: Scheme) -> QuerySet[Check]:
    return (
        Check.objects.filter(scheme=scheme)
        .select_related("file", "answer_file", "sent_by")
        .annotate(
            people=Count("rows", distinct=True),
            passed=Count("rows__answer", filter=Q(rows__answer__passed=True)),
            failed=Count("rows__answer", filter=Q(rows__answer__passed=False)),
        )
        .order_by("-sent_at")
    )


def determinations_of(scheme: Scheme) -> QuerySet[Determination]:
    return (
        Determination.objects.filter(scheme=scheme)
        .select_related("unit", "proposed_by", "verified_by", "approved_by", "scheme", "version")
        .order_by("-proposed_at")
    )


def batches_of(scheme: Scheme) -> QuerySet[Batch]:
    return (
        Batch.objects.filter(scheme=scheme)
        .select_related("unit", "file", "scheme")
        .annotate(
            accepted=Count("rows__answer", filter=Q(rows__answer__accepted=True)),
            rejected=Count("rows__answer", filter=Q(rows__answer__accepted=False)),
        )
        .order_by("-prepared_at", "-pk")
    )


def card_runs_of(scheme: Scheme) -> QuerySet[CardRun]:
    return (
        CardRun.objects.filter(scheme=scheme)
        .select_related("file", "receipts", "printed_by")
        .order_by("-printed_at")
    )


def people_of(user: User, *, words: str = "", scheme: Scheme | None = None) -> QuerySet[Person]:
    """Members within reach, by name; `words` are beginnings of names, a NIK of 16 digits, or a KPJ of 11."""
    roles = roles_of(user, SEES["people"])
    if not roles:
        return Person.objects.none()
    reach = Q()
    if not any(role.scheme_id is None and role.unit_id is None for role in roles):
        parts = Q(pk__in=[])
        for role in roles:
            parts |= _of_role(role)
        reach = Q(memberships__in=Membership.objects.filter(parts).values("pk"))
    found = Person.objects.filter(reach)
    if scheme:
        found = found.filter(memberships__scheme=scheme)
    digits = words.replace(" ", "")
    if digits.isdigit() and len(digits) == 16:
        found = found.filter(nik=digits)
    elif digits.isdigit() and len(digits) == 11:
        found = found.filter(memberships__registration__kpj=digits)
    elif words.strip():
        query = " & ".join(f"{word}:*" for word in "".join(c if c.isalnum() else " " for c in words).split())
        if query:
            found = found.annotate(
                hit=RawSQL("to_tsvector('simple', registry_person.name) @@ to_tsquery('simple', %s)", [query])
            ).filter(hit=True)
    return found.order_by("name", "pk").distinct() if (scheme or reach) else found.order_by("name", "pk")


def _of_role(role: Role) -> Q:
    """Memberships within a role's reach: of the units that pay for them, or that proposed them."""
    scheme = Q(scheme=role.scheme_id) if role.scheme_id else Q()
    if not role.unit_id:
        return scheme
    units = Unit.objects.filter(
        Q(pk=role.unit_id) | Q(parent=role.unit_id) | Q(parent__parent=role.unit_id)
    ).values("pk")
    return scheme & (Q(unit__in=units) | Q(line__candidate__roster__sender__in=units))


def person_for(user: User, pk: int) -> Person:
    """Raises Refused("record.not_found"), also for somebody outside the user's reach."""
    found = people_of(user).filter(pk=pk).first()
    if not found:
        raise Refused("record.not_found")
    return found


@dataclass(frozen=True)
class Cover:
    """One membership of a person, with its number and the state on a date."""

    membership: Membership
    kpj: str
    registered_on: date | None
    state: str


def covers_of(person: Person, on: date) -> list[Cover]:
    """Every membership of a person, oldest first."""
    found = (
        Membership.objects.filter(person=person)
        .select_related("scheme", "unit", "registration", "line__determination", "version", "kelurahan")
        .order_by("starts_on", "pk")
    )
    covers = []
    for membership in found:
        registration = getattr(membership, "registration", None)
        if membership.ends_on and membership.ends_on < on:
            state = "ended"
        elif registration and registration.registered_on <= on:
            state = "registered"
        else:
            state = "determined"
        covers.append(
            Cover(
                membership,
                registration.kpj if registration else "",
                registration.registered_on if registration else None,
                state,
            )
        )
    return covers


@dataclass(frozen=True)
class Waiting:
    """What waits for somebody, in one scheme: a kind that pages know, and how many."""

    kind: str
    scheme: Scheme
    count: int


def waiting_for(user: User) -> list[Waiting]:
    """What needs the user today, of lists within reach; one query, and one a scheme for a reach that is narrower."""
    roles = {role.role for role in roles_of(user)}
    if not roles:
        return []
    visible = {
        scheme.pk: scheme for scheme in Scheme.objects.filter(schemes_for(user)).select_related("locality")
    }
    asked = {
        "rosters_to_propose": ({"operator", "head", "office"}, "select scheme_id, sender_id, count(*) from enrolment_roster where state = 'checked' group by 1, 2"),
        "people_to_review": (
            {"office"},
            """select r.scheme_id, r.sender_id, count(*) from enrolment_candidate c join enrolment_roster r on r.id = c.roster_id
               where r.state = 'proposed' and c.review = 'pending' group by 1, 2""",
        ),
        "people_sent_back": (
            {"operator", "head", "office"},
            """select r.scheme_id, r.sender_id, count(*) from enrolment_candidate c join enrolment_roster r on r.id = c.roster_id
               where c.review = 'returned' group by 1, 2""",
        ),
        "lists_to_confirm": (
            {"operator", "head"},
            """select o.scheme_id, n.unit_id, 1 from enrolment_round o join enrolment_roundreminder n on n.round_id = o.id
               where not exists (select from enrolment_roundanswer a where a.round_id = o.id and a.unit_id = n.unit_id and a.undone_at is null)
               group by 1, 2""",
        ),
        "doubles_to_decide": (
            {"office"},
            """select d.scheme_id, r.sender_id, count(*) from enrolment_double d join enrolment_candidate c on c.id = d.candidate_id
               join enrolment_roster r on r.id = c.roster_id left join enrolment_determinationline l on l.candidate_id = c.id
               where d.verdict = 'open' and l.id is null and r.state in ('checked', 'proposed') group by 1, 2""",
        ),
        "rows_to_mend": (
            {"operator", "head"}, "select scheme_id, sender_id, sum(people - clean)::bigint from enrolment_roster where state = 'checked' group by 1, 2",
        ),
        "rejected_by_bpjs": (
            {"office", "operator", "head"},
            """select m.scheme_id, coalesce(o.sender_id, m.unit_id), count(*) from enrolment_batchanswer a
               join enrolment_batchrow r on r.id = a.row_id join enrolment_membership m on m.id = r.membership_id
               left join enrolment_registration g on g.membership_id = m.id
               left join enrolment_determinationline l on l.id = m.line_id
               left join enrolment_candidate c on c.id = l.candidate_id left join enrolment_roster o on o.id = c.roster_id
               where not a.accepted and g.id is null and m.end_reason is null
                 and not exists (select from enrolment_batchrow n where n.membership_id = m.id and n.id > r.id) group by 1, 2""",
        ),
        "checks_open": ({"office", "checker"}, "select scheme_id, null::bigint, count(*) from enrolment_check where answered_on is null group by 1"),
        "determinations_to_verify": (
            {"office", "legal"}, "select scheme_id, null::bigint, count(*) from enrolment_determination where state = 'proposed' group by 1",
        ),
        "determinations_to_approve": (
            {"approver"}, "select scheme_id, null::bigint, count(*) from enrolment_determination where state = 'verified' group by 1",
        ),
        "determinations_to_sign": (
            {"office"}, "select scheme_id, null::bigint, count(*) from enrolment_determination where state = 'approved' group by 1",
        ),
        "batches_to_answer": (
            {"office", "branch"}, "select scheme_id, null::bigint, count(*) from enrolment_batch where state in ('prepared', 'sent') group by 1",
        ),
    }  # fmt: skip
    wanted = {kind: sql for kind, (who, sql) in asked.items() if roles & who}
    if not wanted:
        return []
    union = " union all ".join(f"select '{kind}', s.* from ({sql}) s" for kind, sql in wanted.items())  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(union)
        counted = cursor.fetchall()
    reach: dict[int, set[int] | None] = {}  # None: every unit
    found: dict[tuple[str, int], int] = {}
    for kind, pk, sender, count in counted:
        if pk not in visible:
            continue
        if sender is not None and pk not in reach:
            narrow = bool(units_for(user, visible[pk], SEES["rosters"]))
            reach[pk] = set(reachable_units(user, visible[pk], SEES["rosters"])) if narrow else None
        units = reach.get(pk)
        if sender is None or units is None or sender in units:
            found[kind, pk] = found.get((kind, pk), 0) + count
    return [Waiting(kind, visible[pk], count) for (kind, pk), count in found.items() if count]


def payers_of(determination: Determination) -> list[tuple[int, str, int, int, int]]:
    """By name: unit, its name, how many people, what it pays for the first month, and for the whole period."""
    with connection.cursor() as cursor:
        cursor.execute(
            """select l.unit_id, u.name, count(*), coalesce(sum(monthly), 0)::bigint,
                      coalesce(sum(coalesce(whole, monthly * %s)), 0)::bigint
               from enrolment_determinationline l join registry_unit u on u.id = l.unit_id
               where determination_id = %s group by 1, 2 order by 2, 1""",
            [determination.months, determination.pk],
        )
        return list(cursor.fetchall())
