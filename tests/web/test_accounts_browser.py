"""The pages of accounts and of the audit trail in Chromium, looked at by axe."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parents[2]
SHOTS = Path(os.environ.get("LINDUNG_SCREENSHOTS", ROOT / "screenshots"))


@pytest.mark.slow
def test_axe_finds_nothing_on_accounts_and_trail(visit, city):
    axe = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    SHOTS.mkdir(exist_ok=True)
    places = {
        "administrator": ["/akun/", f"/akun/{city.colleague.pk}/", "/saya/", "/saya/faktor/"],
        "auditor": ["/jejak/"],
        "office": [
            f"/skema/{city.slug}/iuran/{city.paid.pk}/riwayat/",
            f"/orang/{city.membership.person_id}/",
        ],
        None: ["/masuk/kode/"],
    }
    wrong = []
    for login, paths in places.items():
        page = visit(login, paths[0])
        for path in paths:
            page.goto(page.url.split("/", 3)[0] + "//" + page.url.split("/", 3)[2] + path)
            page.evaluate("for (const d of document.querySelectorAll('main details')) d.open = true")
            page.screenshot(path=SHOTS / f"akun-{path.strip('/').replace('/', '-')}.png", full_page=True)
            page.evaluate(axe)
            found = page.evaluate(
                "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})", rules
            )
            wrong += [(path, one["id"], one["nodes"][0]["html"][:200]) for one in found["violations"]]
    assert wrong == []
