from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from lindung import schemes
from lindung.base.refused import Refused
from lindung.registry import accounts, actions
from lindung.registry.audit import Actor, problems
from lindung.registry.models import History, Invitation, Role, User

pytestmark = pytest.mark.django_db
SYSTEM = Actor(None, "administrator", "test")
GOOD = "empat-kata-yang-panjang"


def refused(function, *arguments, **named) -> str:
    with pytest.raises(Refused) as problem:
        function(*arguments, **named)
    return problem.value.code


@pytest.fixture
def house(db):
    own, foreign = (
        actions.load_scheme(schemes.builtin()[name].text, f"{name}.yaml", actor=SYSTEM).scheme
        for name in ("tangsel-2019", "serang-2019")
    )

    def made(login, roles):
        return actions.open_account(login, login, GOOD, roles, actor=SYSTEM)

    chief = made("kepala", [("administrator", None, None)])
    admin = made("admin-kota", [("administrator", own, None)])
    return SimpleNamespace(
        own=own, foreign=foreign, chief=Actor(chief, "administrator", "web"), admin=Actor(admin, "administrator", "web"),
        clerk=made("juru", [("office", own, None)]), stranger=made("asing", [("office", foreign, None)]),
    )  # fmt: skip


def test_an_invitation_sets_the_first_password_once(house):
    user, code = accounts.open_by_invitation("siti", "Siti", [("office", house.own, None)], actor=house.admin)
    assert not user.has_usable_password()
    assert refused(accounts.set_password, "siti", "AAAA-BBBB-CCCC", GOOD) == "invitation.wrong"
    assert refused(accounts.set_password, "juru", code, GOOD) == "invitation.wrong"
    assert refused(accounts.set_password, "siti", code, "pendek") == "password.weak"
    accounts.set_password("siti", code.lower().replace("-", " "), GOOD)
    assert User.objects.get(login="siti").check_password(GOOD)
    assert refused(accounts.set_password, "siti", code, GOOD) == "invitation.wrong"
    assert code not in str(list(History.objects.values_list("old", "new")))
    assert list(problems()) == []


def test_a_code_runs_out_and_a_new_one_ends_it(house):
    first = accounts.invite(house.clerk, actor=house.admin)
    second = accounts.invite(house.clerk, actor=house.admin)
    assert refused(accounts.set_password, "juru", first, GOOD) == "invitation.wrong"
    from lindung.registry.audit import recorded

    with recorded(SYSTEM, "age"):
        Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert refused(accounts.set_password, "juru", second, GOOD) == "invitation.wrong"
    third = accounts.invite(house.clerk, actor=house.admin)
    accounts.set_active(house.clerk, False, actor=house.admin)
    assert refused(accounts.set_password, "juru", third, GOOD) == "invitation.wrong"


def test_nobody_raises_their_own_roles(house):
    me = house.admin.user
    everything = [("administrator", None, None)]
    assert refused(accounts.change_roles, me, everything, actor=house.admin) == "account.own"
    assert refused(accounts.invite, me, actor=house.admin) == "account.own"
    assert refused(accounts.set_active, me, False, actor=house.admin) == "account.own"
    assert refused(accounts.reset_second_factor, me, actor=house.admin) == "account.own"
    assert refused(accounts.change_roles, house.clerk, everything, actor=house.admin) == "account.reach"
    assert refused(accounts.open_by_invitation, "x", "X", everything, actor=house.admin) == "account.reach"
    clerk = Actor(house.clerk, "office", "web")
    assert refused(accounts.change_roles, house.stranger, everything, actor=clerk) == "role.missing"


def test_an_administrator_of_a_city_keeps_its_own_accounts(house):
    assert {user.login for user in accounts.accounts_for(house.admin.user)} == {"admin-kota", "juru"}
    assert accounts.accounts_for(house.chief.user).count() == User.objects.count()
    assert not accounts.accounts_for(house.clerk).exists()
    for act in (accounts.invite, accounts.reset_second_factor):
        assert refused(act, house.stranger, actor=house.admin) == "record.not_found"
    accounts.change_roles(
        house.clerk, [("legal", house.own, None), ("checker", house.own, None)], actor=house.admin
    )
    assert sorted(Role.objects.filter(user=house.clerk).values_list("role", flat=True)) == [
        "checker",
        "legal",
    ]
    assert list(problems()) == []


def test_a_role_is_given_whole(house):
    wrong = [("employer", house.own, None)]
    assert refused(accounts.change_roles, house.clerk, wrong, actor=house.chief) == "account.employer"
    assert refused(actions.open_account, "x", "X", GOOD, wrong, actor=house.chief) == "account.employer"
