"""Inviting, first password, second step, devices: as people do it."""

from __future__ import annotations

import base64
import re
import time

import pypdfium2
import pytest
from django.test import Client

from lindung.registry import second_factor
from lindung.registry.models import AuditEntry, SecondFactor, User
from lindung.web.limits import forget, too_often

pytestmark = pytest.mark.django_db
GOOD = "empat-kata-yang-panjang"


def lines(*roles: dict[str, str]) -> dict[str, str]:
    told = {"lines": str(len(roles))}
    for n, role in enumerate(roles):
        told |= {f"r{n}-{name}": value for name, value in role.items()}
    return told


def test_an_invited_person_signs_in(as_, city):
    admin = as_("administrator")
    made = admin.post(
        "/akun/baru/",
        {"login": "siti.kesra", "name": "Siti Contoh"} | lines({"role": "office", "scheme": city.slug}, {}),
    )
    assert made.status_code == 200, made.content.decode()
    code = re.search(r"[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}", made.content.decode())[0]
    fresh = Client()
    told = {"login": "siti.kesra", "code": code, "password": GOOD, "again": GOOD}
    assert fresh.post("/masuk/kode/", told | {"again": "lain"}).status_code == 422
    assert fresh.post("/masuk/kode/", told).status_code == 303
    assert fresh.post("/masuk/kode/", told).status_code == 422
    assert fresh.post("/masuk/", {"username": "siti.kesra", "password": GOOD})["Location"] == "/"
    assert fresh.get("/").status_code == 200
    assert "127.0.0.1" in fresh.get("/saya/").content.decode()
    user = User.objects.get(login="siti.kesra")
    page = admin.get(f"/akun/{user.pk}/").content.decode()
    assert "127.0.0.1" in page
    admin.post(f"/akun/{user.pk}/tutup/")
    assert fresh.get("/")["Location"].startswith("/masuk/")


def test_one_signs_out_another_device(city):
    here, there = Client(), Client(HTTP_USER_AGENT="Telepon Contoh")
    for browser in (here, there):
        browser.post("/masuk/", {"username": "office-2", "password": "a-long-password-of-tests"})
    devices = here.get("/saya/").context["devices"]
    other = next(device for device in devices if device.browser == "Telepon Contoh")
    assert here.post(f"/saya/perangkat/{other.pk}/").status_code == 303
    assert there.get("/").status_code == 302
    assert here.get("/").status_code == 200
    stranger = Client()
    stranger.post("/masuk/", {"username": "legal", "password": "a-long-password-of-tests"})
    mine = here.get("/saya/").context["devices"][0]
    assert stranger.post(f"/saya/perangkat/{mine.pk}/").status_code == 404


def test_a_treasurer_sets_up_a_second_factor_before_anything_opens(as_, city, settings):
    settings.SECOND_FACTOR = True
    client = as_("treasurer")
    assert client.get(f"/skema/{city.slug}/iuran/")["Location"] == "/saya/faktor/"
    page = client.get("/saya/faktor/").content.decode()
    assert "<svg" in page
    user = User.objects.get(login="treasurer")
    secret = base64.b32decode(SecondFactor.objects.get(user=user).secret)
    assert client.post("/saya/faktor/", {"code": "1"}).status_code == 422
    now = int(time.time()) // 30
    done = client.post("/saya/faktor/", {"code": second_factor.code_at(secret, now)})
    codes = re.findall(r"<code class=\"id\">([0-9a-f]{10})</code>", done.content.decode())
    assert len(codes) == 8
    assert client.get(f"/skema/{city.slug}/iuran/").status_code == 200
    # the next sign-in asks for it
    fresh = Client()
    answer = fresh.post("/masuk/", {"username": "treasurer", "password": "a-long-password-of-tests"})
    assert answer["Location"] == "/masuk/kedua/"
    assert fresh.get("/").status_code == 302
    used = fresh.post("/masuk/kedua/", {"code": second_factor.code_at(secret, now)})
    assert used.status_code == 422
    assert fresh.post("/masuk/kedua/", {"code": codes[0]})["Location"] == "/"
    assert fresh.get(f"/skema/{city.slug}/iuran/").status_code == 200


def test_the_own_account_is_not_changed_by_its_owner(as_, city):
    client = as_("administrator")
    me = User.objects.get(login="administrator")
    role = lines({"role": "treasurer", "scheme": city.slug})
    assert client.post(f"/akun/{me.pk}/peran/", role).status_code == 303
    assert [r.role for r in me.roles.all()] == ["administrator"]
    other = User.objects.get(login="office-2")
    assert client.post(f"/akun/{other.pk}/peran/", role).status_code == 303
    assert [r.role for r in other.roles.all()] == ["treasurer"]
    assert client.post(f"/akun/{other.pk}/peran/", lines({"role": "office", "unit": "x"})).status_code == 422


def test_an_account_out_of_reach_is_not_found(as_, city):
    from lindung.registry import actions
    from lindung.registry.audit import Actor
    from lindung.registry.models import Scheme

    serang = Scheme.objects.get(slug="serang-2019")
    far = actions.open_account("jauh", "Jauh", GOOD, [("office", serang, None)], actor=Actor(None))
    client = as_("administrator")
    assert client.get(f"/akun/{far.pk}/").status_code == 404
    for act in ("peran", "kode", "tutup", "faktor"):
        assert client.post(f"/akun/{far.pk}/{act}/", lines({})).status_code == 404


def test_a_limit_is_counted_in_the_database(city):
    assert [too_often("test", "x", 2, 60) for _ in range(4)] == [False, False, True, True]
    assert not too_often("test", "y", 2, 60)
    forget("test", "x")
    assert not too_often("test", "x", 2, 60)
    assert too_often("other", "x", 0, -1)  # ran out at once
    assert too_often("other", "x", 0, -1)


def test_the_address_behind_a_proxy_that_is_trusted(city, settings):
    def address(**headers):
        client = Client(**headers)
        client.post("/masuk/", {"username": "office-2", "password": "a-long-password-of-tests"})
        return client.get("/saya/").context["devices"][0].address

    told = {"HTTP_X_FORWARDED_FOR": "6.6.6.6, 203.0.113.9"}
    assert address(**told) == "127.0.0.1"
    settings.TRUSTED_PROXIES = frozenset({"127.0.0.1"})
    assert address(**told) == "203.0.113.9"
    assert address(HTTP_X_FORWARDED_FOR="nonsense") == "127.0.0.1"


def test_a_code_goes_out_on_a_slip(as_, city):
    admin, other = as_("administrator"), User.objects.get(login="office-2")
    slip = admin.post(f"/akun/{other.pk}/kode/", {"how": "pdf"})
    assert slip["Content-Type"] == "application/pdf"
    text = pypdfium2.PdfDocument(slip.content)[0].get_textpage().get_text_range()
    code = re.search(r"[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}", text)[0]
    assert "office-2" in text
    assert "/masuk/kode/" in text
    told = {"login": "office-2", "code": code, "password": GOOD, "again": GOOD}
    assert Client().post("/masuk/kode/", told).status_code == 303
    entry = AuditEntry.objects.filter(action="export_invitation").latest("position")
    assert code not in str(entry.subjects)


def test_a_code_goes_out_by_mail_where_that_is_set_up(as_, city, settings, mailoutbox):
    admin, other = as_("administrator"), User.objects.get(login="office-2")
    assert admin.post(f"/akun/{other.pk}/kode/", {"how": "mail", "to": "a@kota.example"}).status_code == 422
    assert mailoutbox == []
    settings.SENDS_MAIL = True
    assert admin.post(f"/akun/{other.pk}/kode/", {"how": "mail", "to": "bukan alamat"}).status_code == 422
    assert admin.post(f"/akun/{other.pk}/kode/", {"how": "mail", "to": "a@kota.example"}).status_code == 303
    (mail,) = mailoutbox
    assert mail.to == ["a@kota.example"]
    code = re.search(r"[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}", mail.body)[0]
    told = {"login": "office-2", "code": code, "password": GOOD, "again": GOOD}
    assert Client().post("/masuk/kode/", told).status_code == 303
    assert AuditEntry.objects.filter(action="mail_invitation").exists()


def test_mail_is_set_up_by_one_variable(monkeypatch):
    from lindung.config.settings import _mail

    wanted = {
        "": "dummy",
        "console": "console",
        "file:surat": "filebased",
        "smtps://a:b%40c@mail.kota.example": "smtp",
    }
    for text, kind in wanted.items():
        monkeypatch.setenv("LINDUNG_MAIL", text)
        assert f".{kind}." in _mail()["EMAIL_BACKEND"]
    assert (_mail()["EMAIL_HOST_PASSWORD"], _mail()["EMAIL_PORT"], _mail()["EMAIL_USE_SSL"]) == (
        "b@c",
        465,
        True,
    )
    monkeypatch.setenv("LINDUNG_MAIL", "mail.kota.example")
    with pytest.raises(ValueError, match="LINDUNG_MAIL"):
        _mail()
