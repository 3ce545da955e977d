"""Figures are reckoned once for each state of the records; who changed something sees the new figure at once."""

import pytest
from django.test import RequestFactory

from lindung.registry.audit import Actor, recorded
from lindung.registry.models import Unit, User
from lindung.web import remember
from lindung.web.remember import remembered

pytestmark = pytest.mark.django_db


@pytest.fixture
def counting():
    """A figure that tells how often it was reckoned."""
    remember.forget()
    told = []

    def reckon():
        told.append(1)
        return len(told)

    return reckon


def page(user):
    request = RequestFactory().get("/")
    request.user = user
    return request


def change(user):
    with recorded(Actor(user, "office", "web"), "rename"):
        unit = Unit.objects.order_by("pk").first()
        unit.name += " A"
        unit.save()


def test_a_figure_is_reckoned_anew_only_when_what_it_is_made_of_changed(city, counting):
    assert [remembered("n", counting) for _ in range(3)] == [1, 1, 1]
    user = User.objects.first()
    with recorded(Actor(user, "office", "web"), "sign_in"):
        user.save()  # a sign-in, a reason to look: entries that touch no figure
    with recorded(Actor(user, "office", "web"), "reveal"):
        pass
    assert remembered("n", counting) == 1
    before = remember._state(None)[0]
    change(user)
    assert remember._state(None)[0] > before
    assert remembered("n", counting) == 2


def test_who_changed_something_waits_and_others_are_told_how_old_the_figure_is(city, counting, monkeypatch):
    monkeypatch.setattr(remember, "SLOW", -1.0)
    aside = []
    monkeypatch.setattr(remember, "_reckon_aside", lambda key, reckon: aside.append(key))
    one, other = User.objects.order_by("pk")[:2]
    assert remembered("n", counting, page(one)) == 1
    change(one)
    theirs = page(other)
    assert remembered("n", counting, theirs) == 1
    assert theirs.figures_of is not None
    assert len(aside) == 1
    assert remembered("n", counting, page(other)) == 1
    mine = page(one)
    assert remembered("n", counting, mine) == 2
    assert not hasattr(mine, "figures_of")
    assert remembered("n", counting, page(other)) == 2  # what one waited for, all have
    change(one)
    assert remembered("n", counting) == 3  # a file, a job: always the figure of now


def test_the_page_says_of_when_its_figures_are(as_, city, monkeypatch):
    monkeypatch.setattr(remember, "SLOW", -1.0)
    monkeypatch.setattr(remember, "_reckon_aside", lambda key, reckon: None)
    remember.forget()
    client = as_("office")
    address = f"/skema/{city.scheme.slug}/cakupan/"
    assert "figures-of" not in client.get(address).content.decode()
    change(None)
    assert "figures-of" in client.get(address).content.decode()
