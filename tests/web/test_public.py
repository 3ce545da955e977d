"""Pages without an account, headers, languages."""

from __future__ import annotations

import json

from django.test import Client

from lindung.coverage.queries import Row
from lindung.papers import qr
from lindung.web.limits import network
from lindung.web.views.public import not_small


def test_every_answer_carries_the_policy(client, db):
    answer = client.get("/masuk/")
    policy = answer["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"


def test_pages_with_people_are_kept_by_no_cache(as_, city):
    assert "no-store" in as_("office").get("/")["Cache-Control"]


def test_signing_in_is_recorded_and_limited(client, city):
    from lindung.registry.models import AuditEntry, Tally

    for _ in range(10):
        assert client.post("/masuk/", {"username": "office", "password": "wrong"}).status_code == 200
    locked = client.post("/masuk/", {"username": "office", "password": "a-long-password-of-tests"})
    assert "Terlalu banyak" in locked.content.decode()
    Tally.objects.all().delete()  # the time is over
    assert (
        client.post("/masuk/", {"username": "office", "password": "a-long-password-of-tests"}).status_code
        == 302
    )
    assert AuditEntry.objects.order_by("-position").first().action == "sign_in"


def test_demo_accounts_are_for_this_machine(client, city):
    from lindung.registry import actions
    from lindung.registry.audit import Actor

    actions.open_account("contoh", "Contoh", "a-long-password-of-tests", [], actor=Actor(None), demo=True)
    told = {"username": "contoh", "password": "a-long-password-of-tests"}
    assert client.post("/masuk/", told, REMOTE_ADDR="10.0.0.9").status_code == 200
    assert client.post("/masuk/", told, REMOTE_ADDR="127.0.0.1").status_code == 302


def test_a_form_without_its_token_is_refused(city):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/masuk/", {"username": "office", "password": "x"}).status_code == 403


def test_both_languages(as_, city):
    client = as_("office")
    assert "Menunggu Anda" in client.get("/").content.decode()
    client.post("/bahasa/", {"language": "en", "next": "/"})
    page = client.get("/").content.decode()
    assert '<html lang="en"' in page
    assert "Waiting for you" in page


def test_the_calculator_computes_and_cites(client, db):
    page = client.get(
        "/hitung/",
        {
            "segment": "BPU",
            "programme": ["JKK", "JKM"],
            "wage": "1.000.000",
            "month": "2019-11",
            "payer": "APBD",
        },
    ).content.decode()
    assert "Rp16.800" in page
    assert "PP 44/2015" in page
    page = client.get(
        "/hitung/", {"segment": "PU", "programme": "JKK", "wage": "banyak", "month": "2019-11"}
    ).content.decode()
    assert "rupiah utuh" in page
    page = client.get(
        "/hitung/", {"segment": "PU", "programme": "JKK", "wage": "1000", "month": "2001-01"}
    ).content.decode()
    assert "2015" in page


def test_the_law_is_listed_on_a_day(client, db):
    page = client.get("/hukum/", {"per": "2019-11-01"}).content.decode()
    assert "0,24" in page
    assert "PP 44/2015" in page


def test_what_a_scheme_is(client, city):
    page = client.get(f"/tentang/{city.slug}/").content.decode()
    assert "Ketua RT" in page
    assert client.get("/tentang/tidak-ada/").status_code == 404


def test_am_i_registered_says_yes_or_no_alone(client, city):
    person, kpj = city.membership.person, city.membership.registration.kpj
    yes = client.post("/apakah-saya-terdaftar/", {"nik": person.nik, "tail": kpj[-6:]}).content.decode()
    by_family = client.post(
        "/apakah-saya-terdaftar/", {"nik": person.nik, "tail": person.kk_number[-6:]}
    ).content.decode()
    no = client.post("/apakah-saya-terdaftar/", {"nik": person.nik, "tail": "000000"}).content.decode()
    for page in (yes, by_family, no):
        assert person.name not in page
        assert person.nik not in page
        assert kpj not in page
    assert "big mb-2" in yes
    assert "Belum terdaftar" in no
    assert "Belum terdaftar" not in yes
    assert "Belum terdaftar" not in by_family
    assert abs(len(yes) - len(no)) < 200
    for _ in range(2):
        client.post("/apakah-saya-terdaftar/", {"nik": person.nik, "tail": "000000"})
    assert client.post("/apakah-saya-terdaftar/", {"nik": person.nik, "tail": "000000"}).status_code == 429


def test_a_card_is_asked_about_only_when_it_is_genuine(client, city):
    from datetime import date

    from lindung.registry.keys import signing_key

    card = city.cards.items.select_related("membership__registration").order_by("pk").first()
    claim = qr.Claim(
        f"{city.scheme.pk:02d}001-00001",
        "S.",
        card.membership.registration.kpj[-4:],
        city.slug,
        date(2019, 11, 1),
        date(2019, 12, 31),
        ("JKK", "JKM"),
    )
    text = qr.sign(claim, signing_key()[1], "http://x")

    def ask(token: str) -> dict:
        return client.post("/k/hari-ini", json.dumps({"card": token}), content_type="application/json").json()

    assert ask(text) == {"genuine": True, "runs": True}
    assert ask(text[:-4] + "AAAA")["genuine"] is False
    assert ask("nonsense") == {"genuine": False, "runs": None}
    other = qr.sign(
        qr.Claim(claim.serial, "S.", "0000", city.slug, claim.first, claim.until, claim.programmes),
        signing_key()[1],
        "http://x",
    )
    assert ask(other) == {"genuine": True, "runs": None}
    assert client.get("/k/kunci.json").json()["keys"][0]["crv"] == "Ed25519"


def test_a_page_that_is_not_there(as_, city):
    assert as_("office").get("/tidak-ada/").status_code == 404
    assert as_("office").get(f"/skema/{city.slug}/daftar/999999/").status_code == 404


def test_small_groups_are_not_told_by_what_is_left():
    def row(name: str, enrolled: int) -> Row:
        return Row(name, name, 100, enrolled, 0)

    shown = not_small([row("a", 3), row("b", 40), row("c", 90), row("d", 0)])
    assert [one.group for one in shown] == ["c", "d"]  # the next smallest hides with the only small one
    assert [one.group for one in not_small([row("a", 1), row("b", 2), row("c", 9), row("d", 50)])] == ["d"]
    assert [one.group for one in not_small([row("a", 3), row("b", 4), row("c", 9)])] == ["c"]
    assert [one.group for one in not_small([row("a", 5), row("b", 0)])] == ["a", "b"]


def test_one_nik_is_not_guessed_from_many_places(city):
    person = city.membership.person
    for at in range(20):
        answer = Client(REMOTE_ADDR=f"10.0.0.{at + 1}").post(
            "/apakah-saya-terdaftar/", {"nik": person.nik, "tail": f"{at:06d}"}
        )
        assert answer.status_code == 200
    last = Client(REMOTE_ADDR="10.0.1.1").post(
        "/apakah-saya-terdaftar/", {"nik": person.nik, "tail": "999999"}
    )
    assert last.status_code == 429


def test_one_household_is_one_place():
    assert network("2001:db8:1:2::5") == network("2001:db8:1:2:ffff::9") != network("2001:db8:1:3::5")
    assert network("10.0.0.7") == "10.0.0.7"
