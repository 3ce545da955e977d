"""Long work: shown, stopped, told of at the bell, and alive after its worker was killed."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection
from django.utils import timezone

from lindung.contributions.models import Calculation, Line
from lindung.registry.audit import Actor, recorded
from lindung.registry.models import User
from lindung.web.views import work
from lindung.workflows import jobs
from lindung.workflows.models import Job


@pytest.fixture
def everything_is_long(monkeypatch):
    for view in ("money", "batches", "determinations"):
        monkeypatch.setattr(f"lindung.web.views.{view}.MANY", 0)


def unreckon() -> int:
    """December is not reckoned yet; the number of calculations that are."""
    with recorded(Actor(None, "administrator", "test"), "unreckon"):
        Line.objects.filter(calculation__month="2019-12-01").delete()
        Calculation.objects.filter(month="2019-12-01").delete()
    return Calculation.objects.count()


def page(client, path="/pekerjaan/") -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_large_calculation_goes_on_in_the_background(as_, city, everything_is_long):
    client = as_("treasurer")
    before = unreckon()
    answer = client.post(f"/skema/{city.slug}/iuran/hitung/", {"month": "2019-12"})
    assert answer["Location"] == "/pekerjaan/"
    shown = page(client)
    assert "Menghitung iuran" in shown
    assert 'data-hx-trigger="every 2s"' in shown
    assert Calculation.objects.count() == before

    job = Job.objects.latest("pk")
    jobs.run(job.pk)
    assert Calculation.objects.count() > before
    assert "1 pekerjaan sudah selesai" in page(client, f"/skema/{city.slug}/iuran/")
    shown = page(client)
    assert "Selesai" in shown
    assert f"/skema/{city.slug}/iuran/" in shown
    assert "1 pekerjaan sudah selesai" not in page(client, "/")  # it was looked at


def test_work_is_stopped_before_it_begins(as_, city, everything_is_long):
    client = as_("treasurer")
    before = unreckon()
    client.post(f"/skema/{city.slug}/iuran/hitung/", {"month": "2019-12"})
    job = Job.objects.latest("pk")
    assert client.post(f"/pekerjaan/{job.pk}/hentikan/").status_code == 303
    jobs.run(job.pk)
    assert Job.objects.get(pk=job.pk).state == "stopped"
    assert Calculation.objects.count() == before
    assert "Dihentikan" in page(client)


def test_work_that_runs_is_taken_back_when_it_is_stopped(city, monkeypatch):
    actor = Actor(User.objects.get(login="treasurer"), "treasurer")
    before = unreckon()
    job = jobs.ask("calculate", "scheme", scheme=city.scheme.pk, month="2019-12", actor=actor)
    calculate = jobs.money.calculate

    def stopped_meanwhile(*told, **named):
        made = calculate(*told, **named)
        jobs.stop(Job.objects.get(pk=job.pk))
        return made

    monkeypatch.setattr(jobs.money, "calculate", stopped_meanwhile)
    jobs.run(job.pk)
    assert Job.objects.get(pk=job.pk).state == "stopped"
    assert Calculation.objects.count() == before


def test_the_text_of_a_large_decree_is_fetched_from_the_list_by_who_asked(as_, city, everything_is_long):
    client = as_("office")
    assert (
        client.get(f"/skema/{city.slug}/penetapan/{city.determination.pk}/naskah.pdf")["Location"]
        == "/pekerjaan/"
    )
    job = Job.objects.latest("pk")
    jobs.run(job.pk)
    assert Job.objects.get(pk=job.pk).state == "done"
    assert f"/pekerjaan/{job.pk}/berkas/" in page(client)
    assert client.get(f"/pekerjaan/{job.pk}/berkas/").content[:4] == b"%PDF"
    assert as_("approver").get(f"/pekerjaan/{job.pk}/berkas/").status_code == 404
    assert as_("approver").post(f"/pekerjaan/{job.pk}/hentikan/").status_code == 404


def test_what_is_left_is_told_in_words(db):
    job = Job(done=1, total=4, started_at=timezone.now() - timezone.timedelta(seconds=20))
    assert work.left(job) == "sekitar 60 detik lagi"
    assert work.left(Job(total=4)) == ""


def _worker(*more: str) -> subprocess.Popen:
    told = connection.settings_dict
    url = f"postgresql://{told['USER']}@/{told['NAME']}?host={quote(str(told['HOST']), safe='')}"
    return subprocess.Popen(
        [sys.executable, str(Path(__file__).parents[1] / "support" / "worker.py"), *more],
        env=os.environ | {"DATABASE_URL": url},
    )


@pytest.mark.slow
def test_a_killed_worker_loses_nothing(db, monkeypatch):
    """kill -9 in the middle of the work: it goes back into the queue once, and is done by the next worker."""
    monkeypatch.setattr(jobs, "LOST", 0)
    with ThreadPoolExecutor(1) as thread:  # its connection commits, so that the workers see what it writes
        thread.submit(_killed_and_done).result()


def _killed_and_done() -> None:
    from procrastinate.contrib.django import app

    from lindung.registry.models import Scheme

    actor = Actor(User.objects.get(login="treasurer"), "treasurer")
    scheme = Scheme.objects.get(slug="tangsel-2019")
    before = unreckon()
    job = jobs.ask("calculate", "killed", scheme=scheme.pk, month="2019-12", actor=actor)
    first = _worker("--slow")
    for _ in range(200):
        if Job.objects.get(pk=job.pk).state == "running":
            break
        time.sleep(0.1)
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert Job.objects.get(pk=job.pk).state == "running"
    assert Calculation.objects.count() == before

    async def rescue() -> None:
        async with app.with_connector(app.connector.get_worker_connector()).open_async() as opened:
            context = type("Context", (), {"app": opened})
            await jobs.rescue.func(context, 0)

    asyncio.run(rescue())
    assert _worker().wait(60) == 0
    assert Job.objects.get(pk=job.pk).state == "done"
    assert Calculation.objects.count() > before
    connection.close()
