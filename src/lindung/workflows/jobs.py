"""Long work in the background. Every kind is safe to run twice: the actions it calls change nothing the second time."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from procrastinate.contrib.django import app

from lindung.base.month import Month
from lindung.base.refused import Refused
from lindung.contributions import actions as money
from lindung.enrolment import actions as enrol
from lindung.enrolment.models import CardRun, Determination, Roster
from lindung.registry import files
from lindung.registry.audit import Actor, recorded
from lindung.registry.models import Scheme, StoredFile, User
from lindung.workflows.marked import marked, name_of
from lindung.workflows.models import Job
from lindung.workflows.papers import Edition, decree_paper

LOST = 60  # seconds without a sign of life after which a worker counts as lost
log = logging.getLogger(__name__)
Progress = Callable[[int, int], None]


def ask(kind: str, subject: str, *, actor: Actor, **arguments: Any) -> Job:
    """Queue work; asking for the same kind and subject while it waits or runs returns the job that is there."""
    try:
        with transaction.atomic():
            job = Job.objects.create(
                kind=kind, subject=subject, arguments=arguments, asked_by=actor.user, role=actor.role
            )
            run.defer(job_id=job.pk)
    except IntegrityError:
        return Job.objects.get(kind=kind, subject=subject, state__in=["queued", "running"])
    return job


class Stopped(Exception):
    """Who asked for the work wants it no more."""


def stop(job: Job) -> None:
    """End work that waits, at once; work that runs, at its next step, and nothing of it is kept."""
    Job.objects.filter(pk=job.pk, state__in=["queued", "running"]).update(stop=True)
    Job.objects.filter(pk=job.pk, state="queued").update(state="stopped", ended_at=timezone.now())


@app.task(name="lindung.run", queue="work", retry=False)
def run(job_id: int) -> None:
    """Do one job. A refusal is a result that people read; anything else is a fault, logged and shown as one."""
    job = Job.objects.select_related("asked_by").get(pk=job_id)
    if not Job.objects.filter(pk=job_id, state__in=["queued", "running"]).update(
        state="running", started_at=timezone.now(), done=0
    ):
        return
    actor = Actor(job.asked_by, job.role, "job")

    def progress(done: int, total: int) -> None:
        # outside the transaction of the work there is no other connection: what is shown is what was committed
        if not Job.objects.filter(pk=job_id, stop=False).update(done=done, total=total):
            raise Stopped

    try:
        progress(0, 0)
        result = KINDS[job.kind](job, actor, progress, **job.arguments)
    except Stopped:
        Job.objects.filter(pk=job_id).update(state="stopped", ended_at=timezone.now())
    except Refused as problem:
        error = {"code": problem.code, "args": {k: str(v) for k, v in problem.values.items()}}
        Job.objects.filter(pk=job_id).update(state="failed", error=error, ended_at=timezone.now())
    except Exception:
        Job.objects.filter(pk=job_id).update(
            state="failed", error={"code": "job.fault"}, ended_at=timezone.now()
        )
        log.exception("job %s failed", job_id)
        raise
    else:
        Job.objects.filter(pk=job_id).update(state="done", result=result, ended_at=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="lindung.rescue", queue="work", pass_context=True, queueing_lock="lindung.rescue")
async def rescue(context: Any, timestamp: int) -> None:
    """Jobs whose worker was lost go back into the queue once."""
    for stalled in await context.app.job_manager.get_stalled_jobs(seconds_since_heartbeat=LOST):
        if stalled.attempts < 2:
            await context.app.job_manager.retry_job(stalled)
        else:
            await context.app.job_manager.finish_job(stalled, status="failed", delete_job=False)
            lost = Job.objects.filter(pk=stalled.task_kwargs.get("job_id"), state__in=["queued", "running"])
            await lost.aupdate(state="failed", error={"code": "job.lost"}, ended_at=timezone.now())


def _unless_stopped(work: Callable[..., dict[str, int]]) -> Callable[..., dict[str, int]]:
    """Work in one transaction, which is taken back when it was stopped meanwhile."""

    def whole(job: Job, actor: Actor, progress: Progress, **arguments: Any) -> dict[str, int]:
        with transaction.atomic():
            result = work(job, actor, progress, **arguments)
            if Job.objects.filter(pk=job.pk, stop=True).exists():
                raise Stopped
        return result

    return whole


def _check_roster(_: Job, actor: Actor, progress: Progress, roster: int) -> dict[str, int]:
    record = Roster.objects.select_related("scheme", "version", "file", "sender").get(pk=roster)
    if record.state != "received":
        return {"people": record.people}
    enrol.check_rosters([record], actor=actor, progress=progress)
    return {"people": record.people, "errors": record.errors, "warnings": record.warnings}


def _print_cards(
    job: Job, actor: Actor, _: Progress, scheme: int, memberships: list[int], title: str
) -> dict[str, int]:
    # a run that was committed before its worker was lost is the answer: nobody's card is printed twice
    done = CardRun.objects.filter(
        scheme=scheme, title=title, printed_by=job.asked_by, printed_at__gte=job.asked_at
    )
    run_ = done.first() or enrol.print_cards(Scheme.objects.get(pk=scheme), memberships, title, actor=actor)
    return {"run": run_.pk}


def _calculate(_: Job, actor: Actor, __: Progress, scheme: int, month: str) -> dict[str, int]:
    made = money.calculate(Scheme.objects.get(pk=scheme), Month.parse(month), actor=actor)
    return {"calculations": len(made), "total": sum(one.total for one in made)}


def _prepare_batches(
    _: Job, actor: Actor, __: Progress, scheme: int, template: int | None = None
) -> dict[str, int]:
    blank = StoredFile.objects.get(pk=template) if template else None
    told = (blank.name, files.content(blank)) if blank else None
    return {"files": len(enrol.prepare_batches(Scheme.objects.get(pk=scheme), template=told, actor=actor))}


def _decree(
    job: Job,
    actor: Actor,
    _: Progress,
    scheme: int,
    determination: int,
    edition: Edition,
    form: str,
    name: str,
) -> dict[str, int]:
    record = Determination.objects.select_related("scheme", "unit", "version").get(
        pk=determination, scheme=scheme
    )
    assert job.asked_by  # a paper names who printed it
    made = decree_paper(record, user=job.asked_by, at=timezone.now(), edition=edition)
    content = getattr(made, form)()
    with recorded(actor, "make_decree") as entry:
        file = files.keep(content, name)
        entry.about(record, file=name, size=len(content))
    Job.objects.filter(pk=job.pk).update(file=file)
    return {"bytes": len(content)}


def _mark_roster(
    job: Job, actor: Actor, progress: Progress, scheme: int, roster: int, language: str
) -> dict[str, int]:
    record = Roster.objects.select_related("version", "file", "sender").get(pk=roster, scheme=scheme)
    progress(1, 3)
    content = marked(record, language)
    progress(2, 3)
    with recorded(actor, "mark_roster") as entry:
        file = files.keep(content, name_of(record))
        entry.about(record, file=file.name, size=len(content))
    Job.objects.filter(pk=job.pk).update(file=file)
    return {"bytes": len(content)}


KINDS: dict[str, Callable[..., dict[str, int]]] = {
    "check_roster": _check_roster,  # shows its steps, and writes in one transaction at the end
    "mark_roster": _mark_roster,  # shows its steps; what it keeps is the same whenever it is made again
    "print_cards": _unless_stopped(_print_cards),
    "calculate": _unless_stopped(_calculate),
    "prepare_batches": _unless_stopped(_prepare_batches),
    "decree": _unless_stopped(_decree),
}


def jobs_of(user: User) -> QuerySet[Job]:
    """What somebody asked for, the newest first."""
    return Job.objects.filter(asked_by=user).select_related("file").order_by("-pk")


def news_for(user: User) -> tuple[int, int]:
    """(running or waiting, ended and not looked at yet)."""
    found = Job.objects.filter(asked_by=user).aggregate(
        open=Count("pk", filter=Q(state__in=["queued", "running"])),
        news=Count("pk", filter=Q(seen=False, state__in=["done", "failed"])),
    )
    return found["open"], found["news"]
