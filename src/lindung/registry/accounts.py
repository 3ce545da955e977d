"""Accounts, as an administrator keeps them: inviting, roles and reach, closing; and the code that sets a password."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import timedelta

from django.contrib.auth import password_validation
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone

from lindung.base.refused import Refused
from lindung.registry.access import MAY, actor_may, roles_of
from lindung.registry.actions import Reach, open_account
from lindung.registry.audit import Actor, recorded
from lindung.registry.models import Invitation, Role, SecondFactor, SignedIn, User

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # without those that look alike on paper
VALID = timedelta(days=7)


def accounts_for(user: User) -> QuerySet[User]:
    """The accounts an administrator keeps: those whose roles all lie within the administrator's own schemes."""
    roles = roles_of(user, MAY["administer"])
    if not roles:
        return User.objects.none()
    if any(role.scheme_id is None for role in roles):
        return User.objects.all()
    reach = [role.scheme_id for role in roles]
    beyond = Role.objects.filter(Q(scheme__isnull=True) | ~Q(scheme__in=reach)).values("user")
    return User.objects.filter(roles__scheme__in=reach).exclude(pk__in=beyond).distinct()


def _kept_by(user: User, actor: Actor) -> None:
    """Raises Refused("role.missing", "account.own", "record.not_found"). Nobody changes their own account's power."""
    actor_may(actor, "administer")
    if actor.user is None:
        return
    if actor.user.pk == user.pk:
        raise Refused("account.own")
    if not accounts_for(actor.user).filter(pk=user.pk).exists():
        raise Refused("record.not_found")


def _within(roles: Sequence[Reach], actor: Actor) -> None:
    """Raises Refused("account.reach") for a role that reaches further than the one who gives it."""
    if actor.user is None:
        return
    own = [role.scheme_id for role in roles_of(actor.user, MAY["administer"])]
    if None not in own and any(one[1] is None or one[1].pk not in own for one in roles):
        raise Refused("account.reach")
    if any((one[0] == "employer") != (len(one) > 3 and one[3] is not None) for one in roles):
        raise Refused("account.employer")
    if any(one[2] is not None and one[1] is None for one in roles):
        raise Refused("account.unit_without_scheme")


def open_by_invitation(login: str, name: str, roles: Sequence[Reach], *, actor: Actor) -> tuple[User, str]:
    """A new account without a password, and the code that sets one. Raises Refused("user.exists", "account.reach")."""
    actor_may(actor, "administer")
    _within(roles, actor)
    user = open_account(login, name, None, roles, actor=actor)
    return user, _invited(user, actor)


def invite(user: User, *, actor: Actor) -> str:
    """A code for another password, once, within `VALID`; earlier codes end. The old password works until then."""
    _kept_by(user, actor)
    return _invited(user, actor)


def _invited(user: User, actor: Actor) -> str:
    code = "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3))
    with recorded(actor, "invite") as entry:
        now = timezone.now()
        Invitation.objects.filter(user=user, used_at__isnull=True).update(used_at=now)
        Invitation.objects.create(user=user, code_hash=_hash(code), expires_at=now + VALID)
        entry.about(user)
    return code


def _hash(code: str) -> str:
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()


def set_password(login: str, code: str, password: str, *, channel: str = "web", address: str = "") -> User:
    """Set a password by an administrator's code; every device is signed out. Raises Refused("invitation.wrong", "password.weak").

    An unknown account, a used code and one that ran out are answered alike.
    """
    found = Invitation.objects.filter(
        code_hash=_hash(code), user__login=login, user__is_active=True, used_at__isnull=True,
        expires_at__gt=timezone.now(),
    ).select_related("user").first()  # fmt: skip
    if not found:
        raise Refused("invitation.wrong")
    user = found.user
    try:
        password_validation.validate_password(password, user)
    except ValidationError as problem:
        raise Refused("password.weak", {"problems": " ".join(problem.messages)}) from None
    with recorded(Actor(user, "", channel, address), "set_password") as entry:
        if not Invitation.objects.filter(pk=found.pk, used_at__isnull=True).update(used_at=timezone.now()):
            raise Refused("invitation.wrong")
        user.set_password(password)
        user.save(update_fields=["password"])
        entry.about(user)
    sign_out_everywhere(user)
    return user


def change_roles(user: User, roles: Sequence[Reach], *, actor: Actor) -> None:
    """Exactly these roles from now on. Raises Refused("account.own", "account.reach", …)."""
    _kept_by(user, actor)
    _within(roles, actor)
    with recorded(actor, "change_account") as entry:
        user.roles.all().delete()
        for role, scheme, unit, *employer in roles:
            Role.objects.create(
                user=user, role=role, scheme=scheme, unit=unit, employer=next(iter(employer), None)
            )
        entry.about(user, roles=[one[0] for one in roles])


def set_active(user: User, active: bool, *, actor: Actor) -> None:
    """Close an account (every device is signed out) or open it again."""
    _kept_by(user, actor)
    with recorded(actor, "reopen_account" if active else "close_account") as entry:
        User.objects.filter(pk=user.pk).update(is_active=active)
        entry.about(user)
    if not active:
        sign_out_everywhere(user)


def reset_second_factor(user: User, *, actor: Actor) -> None:
    """For somebody who lost the telephone and the recovery codes: the next sign-in asks to set up another."""
    _kept_by(user, actor)
    with recorded(actor, "reset_second_factor") as entry:
        SecondFactor.objects.filter(user=user).delete()
        entry.about(user)
    sign_out_everywhere(user)


def note_device(user: User, session: str, address: str, browser: str) -> None:
    told = {"user": user, "at": timezone.now(), "address": address, "browser": browser[:200]}
    SignedIn.objects.update_or_create(session=session, defaults=told)


def devices_of(user: User) -> list[SignedIn]:
    """Where somebody is signed in now, newest first."""
    live = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    return list(SignedIn.objects.filter(user=user, session__in=live).order_by("-at"))


def sign_out_device(user: User, pk: int, *, actor: Actor) -> None:
    """Raises Refused("record.not_found") for a device of somebody else."""
    device = SignedIn.objects.filter(user=user, pk=pk).first()
    if not device:
        raise Refused("record.not_found")
    with recorded(actor, "sign_out_device") as entry:
        Session.objects.filter(session_key=device.session).delete()
        device.delete()
        entry.about(user)


def sign_out_everywhere(user: User) -> None:
    devices = SignedIn.objects.filter(user=user)
    Session.objects.filter(session_key__in=devices.values("session")).delete()
    devices.delete()
