"""A worker that does what waits and goes; `--slow` makes it pause in the middle of a calculation, to be killed there."""

from __future__ import annotations

import os
import sys
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lindung.config.settings")

import django

django.setup()

from django.core.management import call_command  # noqa: E402

from lindung.workflows import jobs  # noqa: E402

if "--slow" in sys.argv:
    calculate = jobs.money.calculate

    def paused(*told: object, **named: object) -> object:
        made = calculate(*told, **named)
        time.sleep(60)
        return made

    jobs.money.calculate = paused
call_command("procrastinate", "worker", "--one-shot", "--concurrency", "1")
