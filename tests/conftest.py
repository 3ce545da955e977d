"""The test world: PostgreSQL of its own (started when a test first needs it), a data folder of its own, no network."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import pytest

_DATA = Path(tempfile.mkdtemp(prefix="lindung-test-"))
_DATA.chmod(0o755)
atexit.register(shutil.rmtree, _DATA, ignore_errors=True)
os.environ["LINDUNG_DATA"] = str(_DATA)
os.environ["DJANGO_SETTINGS_MODULE"] = "lindung.config.settings"
os.environ["LINDUNG_SECRET_KEY"] = "only-for-tests"
os.environ.setdefault(
    "DJANGO_ALLOW_ASYNC_UNSAFE", "1"
)  # Playwright runs a loop of its own in the test thread

from django.conf import settings  # noqa: E402

settings.configured or settings.INSTALLED_APPS  # noqa: B018  (pytest-django sets Django up once it is configured)

FAST = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "shared_buffers": "128MB"}


@pytest.fixture(scope="session")
def django_db_modify_db_settings():
    """Tests run on an embedded server of their own, or on the one TEST_DATABASE_URL names."""
    from lindung.config.settings import _database
    from lindung.local import Server

    url = os.environ.get("TEST_DATABASE_URL")
    if not url:
        server = Server(_DATA, settings=FAST)
        server.start()
        atexit.register(server.stop)
        url = server.url("postgres")
    settings.DATABASES["default"].update(_database(url))
    settings.DATABASES["default"]["NAME"] = "lindung"
    from django.db import connections

    connections["default"].settings_dict.update(settings.DATABASES["default"])


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Every test finds the region codes there."""
    from lindung.identity.regions import regions
    from lindung.registry.frames import load_regions

    with django_db_blocker.unblock():
        load_regions(regions())


@pytest.fixture(autouse=True)
def _indonesian():
    from lindung.base import messages

    messages.set_language("id")


@pytest.fixture
def city(db):
    """A small invented city, ready to work (tests/support/city.py)."""
    from city import City

    return City()


@pytest.fixture
def committed_city(transactional_db, monkeypatch):
    """A city whose writes are really committed, for tests of two people at once; emptied afterwards."""
    from city import City
    from django.db.backends.postgresql.operations import DatabaseOperations

    from lindung.identity.regions import regions
    from lindung.registry.frames import load_regions

    plain = DatabaseOperations.sql_flush

    def flush(self, *args, **kwargs):  # the product's own triggers refuse a truncate
        return [
            "set session_replication_role = replica",
            *plain(self, *args, **kwargs),
            "set session_replication_role = origin",
        ]

    monkeypatch.setattr(DatabaseOperations, "sql_flush", flush)
    load_regions(regions())
    return City()
