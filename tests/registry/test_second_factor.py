import pytest

from lindung.base.refused import Refused
from lindung.registry import actions, second_factor
from lindung.registry.audit import Actor, problems
from lindung.registry.models import SecondFactor

SECRET = b"12345678901234567890"


@pytest.mark.parametrize(
    ("seconds", "code"),  # RFC 6238, appendix B, SHA-1
    [(59, "94287082"), (1111111109, "07081804"), (1111111111, "14050471"), (1234567890, "89005924"), (2000000000, "69279037"), (20000000000, "65353130")],
)  # fmt: skip
def test_the_vectors_of_rfc_6238(seconds, code):
    assert second_factor.code_at(SECRET, seconds // 30, 8) == code


@pytest.mark.parametrize(
    ("counter", "code"),  # RFC 4226, appendix D
    list(enumerate(["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"])),
)  # fmt: skip
def test_the_vectors_of_rfc_4226(counter, code):
    assert second_factor.code_at(SECRET, counter) == code


@pytest.fixture
def clock(monkeypatch):
    now = [1_700_000_000]
    monkeypatch.setattr(second_factor.time, "time", lambda: now[0])
    return now


def code(user, clock, steps=0):
    import base64

    factor = SecondFactor.objects.get(user=user)
    return second_factor.code_at(base64.b32decode(factor.secret), clock[0] // 30 + steps)


def refused(user, told, actor) -> bool:
    with pytest.raises(Refused) as problem:
        second_factor.check(user, told, actor=actor)
    return problem.value.code == "second.wrong"


@pytest.mark.django_db
def test_set_up_use_replay_and_recovery(clock):
    user = actions.open_account(
        "a", "A", "a-long-password-of-tests", [("treasurer", None, None)], actor=Actor(None)
    )
    actor = Actor(user, "treasurer", "web")
    assert second_factor.needed(user)
    assert refused(user, "000000", actor)
    second_factor.begin(user)
    assert second_factor.of(user) is None
    first = code(user, clock)
    recovery = second_factor.confirm(user, first, actor=actor)
    assert len(set(recovery)) == 8
    assert refused(user, first, actor), "the code of the set-up does not serve again"
    clock[0] += 30
    again = code(user, clock)
    second_factor.check(user, f"{again[:3]} {again[3:]}", actor=actor)
    assert refused(user, again, actor), "a code works once"
    assert refused(user, code(user, clock, 2), actor), "one step ahead at most"
    clock[0] += 300
    assert refused(user, code(user, clock, -2), actor)
    second_factor.check(user, recovery[0].upper(), actor=actor)
    assert refused(user, recovery[0], actor), "a recovery code works once"
    with pytest.raises(Refused):
        second_factor.begin(user)
    assert list(problems()) == []


@pytest.mark.django_db
def test_who_needs_one(settings):
    def user(login, role, **more):
        return actions.open_account(
            login, login, "a-long-password-of-tests", [(role, None, None)], actor=Actor(None), **more
        )

    told = {
        r: second_factor.needed(user(r, r))
        for r in ("approver", "treasurer", "administrator", "office", "auditor")
    }
    assert told == {
        "approver": True,
        "treasurer": True,
        "administrator": True,
        "office": False,
        "auditor": False,
    }
    assert not second_factor.needed(user("demo", "approver", demo=True))
    settings.SECOND_FACTOR = False
    assert not second_factor.needed(user("z", "approver"))
