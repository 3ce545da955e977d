"""The user guide, from the same files as `docs/guide`."""

from __future__ import annotations

import html
import re
from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from lindung.web.access import signed_in

FOLDER = Path(__file__).parents[4] / "docs" / "guide"
PICTURES = FOLDER.parent / "pictures"
FIRST = "mulai"
ORDER = (FIRST, "pengusul", "kantor", "penetapan", "bendahara", "audit", "akun")


@signed_in
def guide(request: HttpRequest, page: str = FIRST) -> HttpResponse:
    lang = get_language() or "id"
    found = {name: path for name in ORDER if (path := FOLDER / f"{name}.{lang}.md").is_file()}
    if page not in found:
        raise Http404
    contents = [
        (name, path.read_text(encoding="utf-8").partition("\n")[0].lstrip("# "))
        for name, path in found.items()
    ]
    text = found[page].read_text(encoding="utf-8")
    return render(
        request,
        "pages/guide.html",
        {"text": rendered(text), "contents": contents, "here": page, "title": dict(contents)[page]},
    )


@signed_in
def picture(request: HttpRequest, name: str) -> HttpResponse:
    """A picture of the guide; tools/screenshots.py makes them."""
    path = PICTURES / f"{name}.png"
    if not path.is_file():
        raise Http404
    return HttpResponse(
        path.read_bytes(), content_type="image/png", headers={"Cache-Control": "private, max-age=3600"}
    )


def rendered(text: str) -> SafeString:
    """Headings, pictures, paragraphs, lists, numbered lists, bold, code and links of our own guide: all that it uses.

    `## Title {#name}` names a section alike in both languages, so that a page finds it; others are numbered.
    """
    parts: list[str] = []
    sections = 0
    for block in re.split(r"\n\s*\n", text.strip()):
        lines = block.splitlines()
        if found := re.fullmatch(r"(#{1,3}) (.+)", block):
            level, sections = len(found[1]), sections + (len(found[1]) == 2)
            words, _, name = found[2].partition(" {#")
            place = f' id="{name.rstrip("}") or sections}"' if level == 2 else ""
            parts.append(f"<h{level}{place}>{_inline(words)}</h{level}>")
        elif found := re.fullmatch(r"!\[(.+)\]\(\.\./pictures/([\w-]+)\.png\)", block):
            address = reverse("guide-picture", kwargs={"name": found[2]})
            parts.append(
                f'<p><img class="picture" src="{address}" alt="{html.escape(found[1])}" loading="lazy"></p>'
            )
        elif all(line.startswith("- ") for line in lines):
            parts.append("<ul>" + "".join(f"<li>{_inline(line[2:])}</li>" for line in lines) + "</ul>")
        elif all(re.match(r"\d+\. ", line) for line in lines):
            parts.append(
                "<ol>" + "".join(f"<li>{_inline(line.split('. ', 1)[1])}</li>" for line in lines) + "</ol>"
            )
        else:
            parts.append(f"<p>{_inline(' '.join(lines))}</p>")
    return mark_safe("".join(parts))  # noqa: S308 (our own files, escaped below)


def _inline(text: str) -> str:
    text = html.escape(text, quote=False)
    text = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", text)
    text = re.sub(r"`(.+?)`", r"<code>\1</code>", text)
    return re.sub(r"\[(.+?)\]\(([\w./-]+)\)", r'<a href="\2">\1</a>', text)
