"""Long work in the background. Every kind is safe to run twice: the actions it calls change nothing the second time."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from lindung.base.refused import Refused
from lindung.enrolment import actions as enrol
from lindung.enrolment.models import CardRun, Roster
from lindung.registry.audit import Actor
from lindung.registry.models import Scheme
from lindung.workflows.models import Job

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


@app.task(name="lindung.run", queue="work", retry=False)
def run(job_id: int) -> None:
    """Do one job. A refusal is a result that people read; anything else is a fault, logged and shown as one."""
    job = Job.objects.select_related("asked_by").get(pk=job_id)
    if job.state in ("done", "failed"):
        return
    Job.objects.filter(pk=job_id).update(state="running", started_at=timezone.now(), done=0)
    actor = Actor(job.asked_by, job.role, "job")

    def progress(done: int, total: int) -> None:
        # outside the transaction of the work there is no other connection: what is shown is what was committed
        Job.objects.filter(pk=job_id).update(done=done, total=total)

    try:
        result = KINDS[job.kind](job, actor, progress, **job.arguments)
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
    for stalled in await context.app.job_manager.get_stalled_jobs(seconds_since_heartbeat=60):
        if stalled.attempts < 2:
            await context.app.job_manager.retry_job(stalled)
        else:
            await context.app.job_manager.finish_job(stalled, status="failed", delete_job=False)
            lost = Job.objects.filter(pk=stalled.task_kwargs.get("job_id"), state__in=["queued", "running"])
            await lost.aupdate(state="failed", error={"code": "job.lost"}, ended_at=timezone.now())


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


KINDS: dict[str, Callable[..., dict[str, int]]] = {"check_roster": _check_roster, "print_cards": _print_cards}
