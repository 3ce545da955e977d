"""The second factor: six digits of an authenticator, a new one every thirty seconds (RFC 6238, HMAC-SHA-1)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import time
from urllib.parse import quote

from django.conf import settings
from django.utils import timezone

from lindung.base.refused import Refused
from lindung.registry.access import roles_of
from lindung.registry.audit import Actor, recorded
from lindung.registry.models import SecondFactor, User

STEP, DIGITS, RECOVERY = 30, 6, 8
NEEDED = frozenset({"approver", "treasurer", "pa", "bpkad", "administrator"})


def code_at(secret: bytes, step: int, digits: int = DIGITS) -> str:
    """The code of a step (RFC 4226 with the time's step as counter)."""
    digest = hmac.new(secret, step.to_bytes(8, "big"), hashlib.sha1).digest()
    offset = digest[-1] & 15
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return str(number % 10**digits).zfill(digits)


def needed(user: User) -> bool:
    """Whether the roles ask for one. Sample accounts sign in from this machine only and may go without."""
    return bool(settings.SECOND_FACTOR and not user.demo and roles_of(user, NEEDED))


def of(user: User) -> SecondFactor | None:
    """The confirmed second factor of an account."""
    return SecondFactor.objects.filter(user=user, confirmed_at__isnull=False).first()


def begin(user: User) -> SecondFactor:
    """The secret to be set up; the same one until it is confirmed. Raises Refused("second.exists")."""
    secret = base64.b32encode(secrets.token_bytes(20)).decode()
    found, _made = SecondFactor.objects.get_or_create(user=user, defaults={"secret": secret})
    if found.confirmed_at:
        raise Refused("second.exists")
    return found


def address(user: User, factor: SecondFactor) -> str:
    """What the QR code says to the authenticator."""
    return f"otpauth://totp/Lindung:{quote(user.login)}?secret={factor.secret}&issuer=Lindung&digits={DIGITS}&period={STEP}"


def confirm(user: User, code: str, *, actor: Actor) -> list[str]:
    """Set it up by its first code; the recovery codes are told this once. Raises Refused("second.wrong", "second.exists")."""
    with recorded(actor, "second_factor") as entry:
        factor = SecondFactor.objects.select_for_update().filter(user=user).first()
        if factor is None or factor.confirmed_at:
            raise Refused("second.exists")
        if not _accept(factor, code):
            raise Refused("second.wrong")
        codes = [secrets.token_hex(5) for _ in range(RECOVERY)]
        factor.recovery = [_hash(one) for one in codes]
        factor.confirmed_at = timezone.now()
        factor.save()
        entry.about(user)
    return codes


def check(user: User, code: str, *, actor: Actor) -> None:
    """A code of the authenticator, or a recovery code; neither works twice. Raises Refused("second.wrong")."""
    with recorded(actor, "second_step") as entry:
        factor = (
            SecondFactor.objects.select_for_update().filter(user=user, confirmed_at__isnull=False).first()
        )
        if factor is None:
            raise Refused("second.wrong")
        recovery = _hash(code)
        if recovery in factor.recovery:
            factor.recovery = [one for one in factor.recovery if one != recovery]
            entry.about(user, recovery_codes_left=len(factor.recovery))
        elif _accept(factor, code):
            entry.about(user)
        else:
            raise Refused("second.wrong")
        factor.save()


def _accept(factor: SecondFactor, code: str) -> bool:
    """The step before, this one or the next, when it is newer than the last that was used."""
    digits = "".join(letter for letter in code if letter in "0123456789")
    now = int(time.time()) // STEP
    for step in (now - 1, now, now + 1):
        if step > factor.last_step and hmac.compare_digest(
            code_at(base64.b32decode(factor.secret), step), digits
        ):
            factor.last_step = step
            return True
    return False


def _hash(code: str) -> str:
    return hashlib.sha256(code.strip().lower().encode()).hexdigest()
