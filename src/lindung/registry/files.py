"""Files as they came in or went out, kept under the hash of their bytes in the data folder."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from lindung.base.refused import Refused
from lindung.local import data_folder
from lindung.registry.models import StoredFile


def keep(content: bytes, name: str) -> StoredFile:
    """Keep the bytes (once, whoever brings them) and return their record. Runs inside an action."""
    digest = hashlib.sha256(content).hexdigest()
    path = _path(digest)
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        scratch = path.with_suffix(f".{os.getpid()}.part")
        scratch.touch(mode=0o600)
        scratch.write_bytes(content)
        scratch.replace(path)
    record, _ = StoredFile.objects.get_or_create(
        sha256=digest, defaults={"name": name[:240], "size": len(content)}
    )
    return record


def content(record: StoredFile) -> bytes:
    """The bytes of a kept file. Raises Refused("file.missing")."""
    try:
        return path_of(record).read_bytes()
    except FileNotFoundError:
        raise Refused("file.missing", {"name": record.name}) from None


def path_of(record: StoredFile) -> Path:
    return _path(record.sha256)


def _path(digest: str) -> Path:
    return data_folder() / "files" / digest[:2] / digest
