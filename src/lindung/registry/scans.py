"""Scans and texts from outside: what they claim to be is compared with what they are before they are kept."""

from __future__ import annotations

import io
import re
import zipfile

from lindung.base.refused import Refused
from lindung.registry import files
from lindung.registry.models import StoredFile

LIMIT = 25 * 1024 * 1024  # a long decree at 200 dpi stays below it
KINDS = {"pdf": b"%PDF-", "jpg": b"\xff\xd8\xff", "jpeg": b"\xff\xd8\xff", "png": b"\x89PNG\r\n\x1a\n", "docx": b"PK\x03\x04"}  # fmt: skip
_EXPANDED = 200 * 1024 * 1024
# names that run something, open something or carry another file; "#" escapes in names are undone first
_ACTIVE = re.compile(
    rb"/(JavaScript|JS|Launch|EmbeddedFile|EmbeddedFiles|RichMedia|XFA|SubmitForm|ImportData)\b"
)
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")


def keep(name: str, content: bytes) -> StoredFile:
    """Keep a PDF, JPEG, PNG or DOCX of at most 25 MB. Inside an action.

    Raises Refused: `scan.kind`, `scan.too_large`, `scan.not_what_it_says`, `scan.active`.
    """
    check(name, content)
    return files.keep(content, name)


def check(name: str, content: bytes) -> None:
    """Whether a file is what its name says, and runs nothing. What passes is still only ever handed out as a download."""
    kind = name.rpartition(".")[2].lower()
    if kind not in KINDS:
        raise Refused("scan.kind", {"file": name})
    if len(content) > LIMIT:
        raise Refused("scan.too_large", {"file": name, "limit": LIMIT // 1024 // 1024})
    if not content.startswith(KINDS[kind]):
        raise Refused("scan.not_what_it_says", {"file": name, "kind": kind.upper()})
    if kind == "pdf" and _ACTIVE.search(_ESCAPED.sub(lambda m: bytes([int(m[1], 16)]), content)):
        raise Refused("scan.active", {"file": name})
    if kind == "docx":
        _word(name, content)


def _word(name: str, content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = package.infolist()
    except zipfile.BadZipFile:
        raise Refused("scan.not_what_it_says", {"file": name, "kind": "DOCX"}) from None
    names = {part.filename for part in parts}
    if "word/document.xml" not in names or sum(part.file_size for part in parts) > _EXPANDED:
        raise Refused("scan.not_what_it_says", {"file": name, "kind": "DOCX"})
    if any("vbaproject" in one.lower() or "/embeddings/" in one.lower() or "/activex/" in one.lower() for one in names):  # fmt: skip
        raise Refused("scan.active", {"file": name})
