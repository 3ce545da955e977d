"""Around one list: what leaves for the RT."""

from __future__ import annotations

import pytest
from django.test import Client

from lindung.registry.models import AuditEntry, User

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
