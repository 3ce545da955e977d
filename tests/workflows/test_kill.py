"""kill -9 in the middle of each step, and after it: nothing is half done, and repeating it changes nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection
from steps import STEPS, Office

from lindung.base.refused import Refused
from lindung.contributions.models import Line
from lindung.enrolment.models import Membership, Registration
from lindung.registry import audit

pytestmark = pytest.mark.slow
TOGETHER = {"others_wait"}  # prepares two lists: several actions, done by the test itself


def killed(step: str, point: str) -> None:
    """Run a step in a process of its own until it kills itself."""
    told = connection.settings_dict
    url = f"postgresql://{told['USER']}@/{told['NAME']}?host={quote(str(told['HOST']), safe='')}"
    script = Path(__file__).parents[1] / "support" / "steps.py"
    done = subprocess.run(
        [sys.executable, str(script), step, point],
        env=os.environ | {"DATABASE_URL": os.environ.get("TEST_DATABASE_URL") or url},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, f"{step} {point}: {done.stderr[-2000:]}"


def records() -> dict[str, str]:
    """A digest of every table of records."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select relname from pg_class where relkind = 'r' and relname ~ '^(enrolment|contributions)_'"
        )
        found = {}
        for (table,) in cursor.fetchall():
            cursor.execute(f"select md5(coalesce(string_agg(t::text, '|' order by id), '')) from {table} t")
            found[table] = cursor.fetchone()[0]
    return found


def test_each_step_is_done_wholly_or_not_at_all(committed_city):
    for name, step in STEPS.items():
        before = records()
        if name in TOGETHER:
            step(Office())
            continue
        killed(name, "middle")
        assert records() == before, name
        killed(name, "after")
        # the second action of a step that holds two was done by the repetition at the latest
        with suppress(Refused):
            step(Office())
        done = records()
        if name != "longer":
            assert done != before, name
        with suppress(Refused):
            step(Office())
        assert records() == done, name
    assert Membership.objects.count() == 6
    assert Registration.objects.count() == 5
    assert Line.objects.count() == 5
    assert list(audit.problems()) == []
