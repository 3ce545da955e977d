"""Around one list: what leaves for the RT."""

from __future__ import annotations

import pytest
from django.test import Client

from lindung.enrolment.actions.wages import KEY
from lindung.registry.audit import Actor, recorded
from lindung.registry.models import AuditEntry, CitySetting, User

pytestmark = pytest.mark.django_db


def test_the_slips_per_rt_leave_from_the_page_of_the_list(city):
    client = Client()
    client.force_login(User.objects.get(login="operator"))
    page = f"/skema/{city.slug}/daftar/{city.messy.pk}/"
    assert "Lembar per RT" in client.get(page).content.decode()
    answer = client.get(page + "lembar/")
    assert answer.content.startswith(b"%PDF")
    assert "attachment" in answer["Content-Disposition"]
    assert AuditEntry.objects.order_by("-position").first().action == "export_slips"


def test_a_list_with_wages_says_where_the_minimum_is_unknown(city):
    client = Client()
    client.force_login(User.objects.get(login="operator"))
    page = f"/skema/{city.slug}/daftar/{city.messy.pk}/"
    assert "Upah minimum" not in client.get(page).content.decode()
    with recorded(Actor(None), "test"):
        city.messy.mapping = {**city.messy.mapping, "wage": "Gaji"}
        city.messy.save()
    assert "Upah minimum" in client.get(page).content.decode()
    with recorded(Actor(None), "test"):
        CitySetting.objects.create(
            locality=city.messy.scheme.locality,
            key=KEY,
            valid_from="2019-01-01",
            value=3_000_000,
            source="Contoh",
        )
    assert "Upah minimum" not in client.get(page).content.decode()
