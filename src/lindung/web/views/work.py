"""Long work: what I asked for, how far it is, what came of it; and the way to stop it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from lindung.base.refused import Refused
from lindung.enrolment.models import Roster
from lindung.registry.audit import Actor
from lindung.registry.models import Scheme
from lindung.web.access import can, reachable_schemes, reads, signed_in, signed_user
from lindung.web.downloads import kept
from lindung.web.views.common import done, one_of
from lindung.workflows import jobs
from lindung.workflows.models import Job

SHOWN = 30
MANY = 5_000  # people; what concerns more of them is long work
# kind → (what it is, the area of its result, the page of its result)
KINDS: dict[str, tuple[Any, str, str]] = {
    "check_roster": (gettext_lazy("Checking a list"), "rosters", "rosters"),
    "mark_roster": (gettext_lazy("Marking a file"), "rosters", "rosters"),
    "print_cards": (gettext_lazy("Printing cards"), "cards", "cards"),
    "calculate": (gettext_lazy("Calculating contributions"), "money", "bills"),
    "prepare_batches": (gettext_lazy("Preparing files for BPJS"), "batches", "batches"),
    "decree": (gettext_lazy("Making the text of a determination"), "determinations", "determinations"),
}


def left(job: Job | None) -> str:
    """ "sekitar 40 detik lagi", from the share done so far."""
    if not job or not job.started_at or not job.done or job.done >= job.total:
        return ""
    spent = (timezone.now() - job.started_at).total_seconds()
    seconds = int(spent * (job.total - job.done) / job.done)
    if seconds < 90:
        return ngettext("about %(n)s second left", "about %(n)s seconds left", seconds) % {"n": seconds}
    minutes = round(seconds / 60)
    return ngettext("about %(n)s minute left", "about %(n)s minutes left", minutes) % {"n": minutes}


@reads("home", of_scheme=False)
def work(request: HttpRequest) -> HttpResponse:
    """My own work, the newest first; what has ended counts as seen when it was shown."""
    user = signed_user(request)
    mine = jobs.jobs_of(user)
    rows = list(mine[:SHOWN])
    schemes = {one.pk: one for one in reachable_schemes(user)}
    of_rosters = dict(
        Roster.objects.filter(pk__in=[r.arguments.get("roster", 0) for r in rows]).values_list("pk", "scheme")
    )
    shown = [(row, *_place(row, schemes, of_rosters, user), left(row)) for row in rows]
    Job.objects.filter(pk__in=[row.pk for row in rows if row.ended_at and not row.seen]).update(seen=True)
    page = {"rows": shown, "open": any(row.ended_at is None for row in rows)}
    return render(request, "pages/work.html", page)


def _place(
    job: Job, schemes: dict[int, Scheme], of_rosters: dict[int, int], user: Any
) -> tuple[str, Scheme | None, str, str]:
    """(what it is, its scheme, where its result is, why it failed)."""
    what, area, page = KINDS[job.kind]
    scheme = schemes.get(job.arguments.get("scheme") or of_rosters.get(job.arguments.get("roster", 0), 0))
    problem = str(Refused(job.error["code"], job.error.get("args"))) if job.error else ""
    if scheme is None or not can(user, area, scheme):
        return str(what), scheme, "", problem
    place = {"slug": scheme.slug}
    if job.file:
        url = reverse("work-file", kwargs={"pk": job.pk})
    elif job.kind == "check_roster":
        url = reverse("roster", kwargs={**place, "pk": job.arguments["roster"]})
    elif job.kind == "print_cards" and job.result:
        url = reverse("card-run", kwargs={**place, "pk": job.result["run"]})
    else:
        url = reverse(page, kwargs=place)
    return str(what), scheme, url, problem


@signed_in
@require_safe
def work_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The file of one's own work, while one may still open the area it came from."""
    user = signed_user(request)
    job = one_of(jobs.jobs_of(user).filter(file__isnull=False), pk)
    scheme = next((one for one in reachable_schemes(user) if one.pk == job.arguments.get("scheme")), None)
    if scheme is None or not can(user, KINDS[job.kind][1], scheme):
        raise Refused("record.not_found")
    request.actor = Actor(user, job.role, "web", request.META.get("REMOTE_ADDR", "")[:64])
    return kept(request, job.file, f"export_{job.kind}")


@signed_in
@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    job = one_of(jobs.jobs_of(signed_user(request)), pk)
    jobs.stop(job)
    return done(request, _("The work ends at its next step; nothing of it is kept."), reverse("work"))


def asked(request: HttpRequest, job: Job) -> HttpResponse:
    """To the list of work, where the new one stands on top."""
    recent = job.asked_at > timezone.now() - timedelta(seconds=5)
    text = _("The work goes on in the background.") if recent else _("This work is under way already.")
    done(request, text, reverse("work"))
    return HttpResponseRedirect(reverse("work"), status=303)
