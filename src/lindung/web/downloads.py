"""Files that leave through the pages: each leaves a line in the audit trail."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpRequest, HttpResponse

from lindung.registry import files
from lindung.registry.audit import recorded
from lindung.registry.models import StoredFile

KINDS = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xls": "application/vnd.ms-excel",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "csv": "text/csv; charset=utf-8",
}


def attachment(request: HttpRequest, name: str, content: bytes, what: str) -> HttpResponse:
    """The file, never shown inside a page; `what` (export_people …) goes into the trail with name and size."""
    with recorded(request.actor, what) as entry:
        entry.about(file=name, size=len(content))
    kind = KINDS.get(name.rpartition(".")[2].lower(), "application/octet-stream")
    plain = name.encode("ascii", "replace").decode().replace('"', "_").replace("\\", "_")
    return HttpResponse(
        content,
        content_type=kind,
        headers={
            "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox",
        },
    )


def kept(request: HttpRequest, record: StoredFile, what: str) -> HttpResponse:
    return attachment(request, record.name, files.content(record), what)
