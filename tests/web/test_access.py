"""Every address with every role, against the table in docs/guide/access.md; and nobody reaches beyond their reach."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.urls import URLPattern, get_resolver

from lindung.registry.models import Role

ROLES = [role for role, _ in Role.ROLES]
TABLE = Path(__file__).parents[2] / "docs" / "guide" / "access.md"


def patterns(resolver=None, before=""):
    for one in (resolver or get_resolver()).url_patterns:
        if isinstance(one, URLPattern):
            yield before + str(one.pattern), one
        else:
            yield from patterns(one, before + str(one.pattern))


ALL = dict(patterns())


def cells(view) -> list[str]:
    allowed = view.allowed
    return ["everybody"] if allowed is None else ["yes" if role in allowed else "–" for role in ROLES]


def test_every_page_says_for_whom_it_is():
    assert [path for path, one in ALL.items() if not hasattr(one.callback, "allowed")] == []


def test_the_table_in_the_docs_is_the_code():
    rows = [f"| Address | Method | {' | '.join(ROLES)} |", "| --- " * (len(ROLES) + 2) + "|"]
    for path, one in ALL.items():
        method = " ".join(m for m in getattr(one.callback, "methods", ()) if m != "HEAD") or "any"
        told = cells(one.callback)
        rows.append(
            f"| `/{path}` | {method} | {' | '.join(told * len(ROLES) if told == ['everybody'] else told)} |"
        )
    text = TABLE.read_text(encoding="utf-8")
    assert "\n".join(rows) in text, "\n".join(rows)


def filled(path: str, city) -> str:
    """The address with records that exist."""
    records = {
        "daftar": city.messy.pk, "cek": city.check.pk, "penetapan": city.determination.pk, "berkas": city.batch.pk, "kartu": city.cards.pk,
        "kepesertaan": city.membership.pk, "iuran": city.paid.pk, "orang": city.membership.person_id, "akun": city.colleague.pk, "perangkat": 1,
        "perubahan": city.minutes.pk, "dokumen": city.document.pk, "konfirmasi": city.messy.sender_id,
    }  # fmt: skip
    path = "/" + path.replace("<slug:slug>", city.slug).replace("<slug:page>", "mulai").replace(
        "<int:payment>", str(city.payment.pk)
    )
    for word, pk in records.items():
        path = path.replace(f"/{word}/<int:pk>", f"/{word}/{pk}")
    for word, pk in city.files.items():
        if f"/{word}/" in path:
            path = path.replace("<int:file>", str(pk))
    path = path.replace("/daftar.<str:kind>", "/daftar.docx")
    return (
        path.replace("<int:pk>", "1")
        .replace("<int:device>", "1")
        .replace("<int:link>", "1")
        .replace("<int:comment>", "1")
        .replace("<int:todo>", "1")
        .replace("<slug:name>", "beranda")
        .replace("<str:kind>", "xlsx" if "." in path else "kartu")
    )


def walk(client, city, role, allowed: bool) -> list[tuple[str, int]]:
    """The addresses that answer a role otherwise than the table says."""
    wrong = []
    for path, one in ALL.items():
        view = one.callback
        if getattr(view, "methods", ()) == ("GET", "HEAD") and (role in view.allowed) == allowed:
            status = client.get(filled(path, city)).status_code
            if "ba-verifikasi" in path and status == 409:
                continue  # people wait for a decision: there are no minutes yet
            if (status == 200) != allowed or (not allowed and status != 403):
                wrong.append((path, status))
    return wrong


# four roles that differ most are walked every time, the others in `make check`
EACH = [
    role
    if role in ("office", "operator", "treasurer", "auditor")
    else pytest.param(role, marks=pytest.mark.slow)
    for role in ROLES
]


@pytest.mark.parametrize("role", EACH)
def test_what_is_not_for_a_role_is_closed(as_, city, role):
    assert walk(as_(role), city, role, allowed=False) == []


@pytest.mark.slow
@pytest.mark.parametrize("role", ROLES)
def test_what_is_for_a_role_opens(as_, city, role):
    opened = {"year": "2020", "as_of": "2019-11-20", "due_on": "2019-12-15"}  # a yearly round
    assert as_("office").post(f"/skema/{city.slug}/mutasi/konfirmasi/buka/", opened).status_code == 303
    assert walk(as_(role), city, role, allowed=True) == []


@pytest.mark.parametrize("role", EACH)
def test_every_action_with_a_role_that_may_not(as_, city, role):
    client = as_(role)
    wrong = []
    for path, one in ALL.items():
        view = one.callback
        if getattr(view, "methods", ()) != ("POST",):
            continue
        assert client.get(filled(path, city)).status_code == 405
        if role not in view.allowed and client.post(filled(path, city), {}).status_code != 403:
            wrong.append(path)
    assert wrong == []


def test_a_stranger_is_asked_to_sign_in(client, city):
    for path, one in ALL.items():
        response = client.get(filled(path, city))
        if one.callback.allowed is not None:
            assert response.status_code == 302, path
            assert response["Location"].startswith("/masuk/"), path


def test_an_account_without_a_role_opens_nothing(as_, city):
    client = as_("tanpa-peran")
    assert client.get("/").status_code == 403
    assert client.get(f"/skema/{city.slug}/").status_code == 404


def test_another_scheme_does_not_exist_for_a_stranger(as_, city):
    assert as_("office").get("/skema/serang-2019/").status_code == 404


def test_a_kelurahan_sees_its_own_lists_and_people_only(as_, city):
    own = as_("lurah")
    assert own.get(f"/skema/{city.slug}/daftar/{city.messy.pk}/").status_code == 200
    assert own.get(f"/skema/{city.slug}/daftar/{city.refused.pk}/").status_code == 404
    assert own.get(f"/orang/{city.membership.person_id}/").status_code == 200
    assert city.membership.person.name in own.get(f"/skema/{city.slug}/peserta/").content.decode()
    assert (
        own.get("/cari/", {"q": city.membership.person.nik})["Location"]
        == f"/orang/{city.membership.person_id}/"
    )
    other = as_("lurah-lain")
    assert other.get(f"/skema/{city.slug}/daftar/{city.messy.pk}/").status_code == 404
    assert other.get(f"/skema/{city.slug}/daftar/{city.messy.pk}/berkas/").status_code == 404
    assert other.get(f"/orang/{city.membership.person_id}/").status_code == 404
    assert city.membership.person.name not in other.get(f"/skema/{city.slug}/peserta/").content.decode()
    found = other.get("/cari/", {"q": city.membership.person.nik})
    assert found.status_code == 200
    assert city.membership.person.name not in found.content.decode()


def test_a_file_of_another_office_cannot_be_sent(as_, city):
    from django.core.files.uploadedfile import SimpleUploadedFile

    file = SimpleUploadedFile("a.csv", b"NIK,Nama\n")
    response = as_("lurah").post(
        f"/skema/{city.slug}/daftar/kirim/", {"sender": "benda-baru", "on": "2019-11-11", "file": file}
    )
    assert response.status_code == 422


def opened(login, roles):
    from lindung.registry import actions
    from lindung.registry.audit import Actor

    return actions.open_account(login, "Contoh", "a-long-password-of-tests", roles, actor=Actor(None))


def test_another_role_does_not_widen_what_a_kelurahan_sees(as_, city):
    from lindung.registry.models import Unit

    unit = Unit.objects.get(code="benda-baru", locality=city.scheme.locality_id)
    opened("campuran", [("operator", city.scheme, unit), ("checker", city.scheme, None)])
    client, person = as_("campuran"), city.membership.person
    base = f"/skema/{city.slug}"
    assert client.get(f"{base}/cek/").status_code == 200
    assert client.get(f"{base}/daftar/{city.refused.pk}/").status_code == 200
    for path in (
        f"{base}/daftar/{city.messy.pk}/",
        f"{base}/daftar/{city.messy.pk}/berkas/",
        f"/orang/{person.pk}/",
    ):
        assert client.get(path).status_code == 404, path
    for path in (f"{base}/daftar/", f"{base}/peserta/", f"{base}/kartu/", "/cari/"):
        page = client.get(path, {"q": person.nik} if path == "/cari/" else {})
        assert person.name not in page.content.decode(), path
    assert client.get(f"{base}/penetapan/").status_code == 403


def test_who_may_look_further_may_not_act_further(as_, city):
    from lindung.registry.models import Unit

    unit = Unit.objects.get(code="benda-baru", locality=city.scheme.locality_id)
    opened("lurah-hukum", [("operator", city.scheme, unit), ("legal", city.scheme, None)])
    client = as_("lurah-hukum")
    assert client.get(f"/skema/{city.slug}/daftar/{city.messy.pk}/").status_code == 200
    for act in ("usulkan", "tarik"):
        assert client.post(f"/skema/{city.slug}/daftar/{city.messy.pk}/{act}/").status_code == 404


def test_the_record_of_another_scheme_is_not_found(as_, city):
    opened("semua", [(role, None, None) for role in ROLES if role != "employer"])
    client, wrong = as_("semua"), []
    for path, one in ALL.items():
        if "<slug:slug>" in path and "<int:pk>" in path:
            place = filled(path, city).replace(f"/{city.slug}/", "/serang-2019/")
            post = one.callback.methods == ("POST",)
            answer = client.post(place, {"step": "spm", "card": "1"}) if post else client.get(place)
            if answer.status_code != 404:
                wrong.append((place, answer.status_code))
    assert wrong == []


def test_a_kecamatan_finds_its_people_and_counts_its_own_cards(as_, city):
    from lindung.registry.models import Unit

    units = {u.code: u for u in Unit.objects.filter(locality=city.scheme.locality_id)}
    opened("camat", [("operator", city.scheme, units["pamulang"])])
    person = city.membership.person
    client = as_("camat")
    assert client.get("/cari/", {"q": person.nik})["Location"] == f"/orang/{person.pk}/"
    assert person.name in client.get(f"/skema/{city.slug}/peserta/").content.decode()
    mine = as_("lurah-lain").get(f"/skema/{city.slug}/kartu/")
    assert mine.context["runs"] == []
    assert mine.context["without"] < as_("office").get(f"/skema/{city.slug}/kartu/").context["without"]


def test_an_employer_sees_itself_and_a_permit_counter_no_people(as_, city):
    own = as_("employer").get(f"/skema/{city.slug}/pemberi-kerja/").content.decode()
    assert "CV Contoh" in own
    assert "PT Contoh Jaya" not in own
    client, person = as_("permit"), city.membership.person
    assert "PT Contoh Jaya" in client.get(f"/skema/{city.slug}/pemberi-kerja/").content.decode()
    for path in ("/", "/cari/"):
        assert f"/orang/{person.pk}/" not in client.get(path, {"q": person.name}).content.decode()
    assert client.get(f"/skema/{city.slug}/cakupan/").status_code == 403


def test_a_province_sees_figures_of_several_cities_and_nobody(as_, city):
    opened("provinsi", [("province", None, None)])
    client, person = as_("provinsi"), city.membership.person
    for slug in (city.slug, "serang-2019"):
        assert client.get(f"/skema/{slug}/cakupan/").status_code == 200
        assert client.get(f"/skema/{slug}/peserta/").status_code == 403
    assert client.get(f"/orang/{person.pk}/").status_code == 403
    assert person.name not in client.get("/cari/", {"q": person.nik}).content.decode()


def test_each_of_the_treasurers_side_does_its_own_step():
    from lindung.registry.access import MAY

    side = ["pptk", "ppk", "pa", "bpkad"]
    can = {step: [r for r in side if r in MAY[f"pay_{step}"]] for step in ("SPP", "SPM", "SP2D", "proof")}
    assert can == {"SPP": ["pptk"], "SPM": ["ppk", "pa"], "SP2D": ["bpkad"], "proof": ["pptk", "bpkad"]}
    assert [r for r in side if r in MAY["set_budget"]] == ["bpkad"]
