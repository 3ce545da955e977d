"""Commands that need the database start the embedded server, migrate, and set Django up. Others never call this."""

from __future__ import annotations

import os

from lindung.local import Server, data_folder


def open_database(*, migrate: bool = True) -> bool:
    """True when this call started the embedded server (the caller may stop it again)."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lindung.config.settings")
    started = False
    if not os.environ.get("DATABASE_URL"):
        server = Server(data_folder())
        started = server.start()
        server.create_database("lindung")
    import django

    django.setup()
    if migrate:
        from django.core.management import call_command

        call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
    return started


def stop_database() -> None:
    Server(data_folder()).stop()
