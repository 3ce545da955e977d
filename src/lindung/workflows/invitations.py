"""How the code for a password reaches somebody: on a slip of paper, or by mail where the city has set that up."""

from __future__ import annotations

import smtplib
from datetime import datetime

from django.conf import settings
from django.core.mail import send_mail
from django.utils.translation import gettext, override

from lindung.base.refused import Refused
from lindung.papers.letters import invitation_slip
from lindung.papers.paper import Printed
from lindung.papers.typeset import pdf
from lindung.registry.accounts import VALID
from lindung.registry.audit import Actor, recorded
from lindung.registry.models import User


def slip(user: User, code: str, place: str, *, by: str, at: datetime) -> bytes:
    """A PDF of one page, in Indonesian. The code is in it and nowhere else."""
    printed = Printed(at, by, "")
    until = (at + VALID).date()
    return pdf(
        invitation_slip(
            name=user.name, login=user.login, code=code, place=place, until=until, printed=printed
        )
    )


def mail(user: User, code: str, place: str, to: str, *, actor: Actor) -> None:
    """Send the code to an address, in the language of the account. Raises Refused("mail.not_set_up", "mail.failed")."""
    if not settings.SENDS_MAIL:
        raise Refused("mail.not_set_up")
    told = {"name": user.name, "login": user.login, "code": code, "place": place, "days": VALID.days}
    with override(user.language):
        subject = gettext("Your account for Lindung")
        body = gettext(
            "%(name)s,\n\nan account was opened for you, or you asked for another password.\n\nAddress: %(place)s\nAccount: %(login)s\nCode: %(code)s\n\n"
            "The code sets a password once, within %(days)s days. If you did not expect it, tell the administrator of your city.\n"
        )
    try:  # before the trail's line: its transaction should not wait for a mail server
        send_mail(subject, body % told, None, [to])
    except (OSError, smtplib.SMTPException) as problem:
        raise Refused("mail.failed", {"to": to}) from problem
    with recorded(actor, "mail_invitation") as entry:
        entry.about(user)
