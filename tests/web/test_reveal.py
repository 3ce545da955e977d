"""Masked values on a person's page: shown once, for a reason, within reach."""

from __future__ import annotations

import pytest

from lindung.registry.models import AuditEntry

pytestmark = pytest.mark.django_db
WHY = {"field": "nik", "reason": "bpjs", "words": "surat 12/2019"}


def test_a_value_is_shown_once(as_, city):
    client, person = as_("office"), city.membership.person
    page = f"/orang/{person.pk}/"
    assert person.nik not in client.get(page).content.decode()
    shown = client.post(f"{page}tampilkan/", WHY)
    assert shown.status_code == 200
    assert person.nik in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    assert person.nik not in client.get(page).content.decode()
    entry = AuditEntry.objects.filter(action="reveal").latest("position")
    assert (entry.actor.login, entry.address) == ("office", "127.0.0.1")
    assert {"table": "registry_person", "id": person.pk} in entry.subjects


def test_a_reason_is_needed_and_what_was_typed_stays(as_, city):
    client, person = as_("office"), city.membership.person
    refused = client.post(f"/orang/{person.pk}/tampilkan/", WHY | {"reason": ""})
    assert refused.status_code == 422
    assert person.nik not in refused.content.decode()
    assert "surat 12/2019" in refused.content.decode()


def test_nobody_is_shown_somebody_out_of_reach(as_, city):
    assert as_("lurah-lain").post(f"/orang/{city.membership.person_id}/tampilkan/", WHY).status_code == 404
    assert as_("treasurer").post(f"/orang/{city.membership.person_id}/tampilkan/", WHY).status_code == 403
