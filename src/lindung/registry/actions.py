"""What a person does in the registry: load a scheme, register units, employers, cover and deaths, open accounts."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils import timezone

from lindung import schemes
from lindung.base.refused import Refused
from lindung.registry import frames
from lindung.registry.audit import Actor, recorded
from lindung.registry.models import (
    Death,
    Document,
    Employer,
    OutsideCover,
    Role,
    Scheme,
    SchemeVersion,
    Unit,
    User,
)

# a role, its scheme and unit (None: all of them), and for the role "employer" which one
Reach = tuple[str, Scheme | None, Unit | None] | tuple[str, Scheme | None, Unit | None, Employer | None]


def load_scheme(text: str, file: str, *, actor: Actor, demo: bool = False) -> SchemeVersion:
    """Read a scheme file and keep it as a version. The same text twice is one version. Raises Refused("scheme.…")."""
    rules = schemes.parse(text, file)
    with recorded(actor, "load_scheme") as entry:
        scheme, _ = Scheme.objects.get_or_create(
            slug=rules.id, defaults={"locality_id": rules.locality, "demo": demo}
        )
        version, _ = SchemeVersion.objects.get_or_create(
            scheme=scheme, sha256=rules.sha256, defaults={"text": text}
        )
        document = rules.document
        Document.objects.update_or_create(
            scheme=scheme,
            kind=document.kind,
            number=str(document.number or ""),
            year=document.year,
            defaults={
                "status": document.status,
                "dated": next(iter(document.dates.values()), None),
                "title_id": document.title["id"],
                "title_en": document.title["en"],
            },
        )
        entry.about(scheme, version)
    return version


def register_units(scheme: Scheme, rows: pl.DataFrame, *, actor: Actor) -> int:
    """Add the units of `rows` (code, name, kind, region_code, parent, npp, branch); known codes stay as they are."""
    known = set(Unit.objects.filter(locality=scheme.locality_id).values_list("code", flat=True))
    fresh = rows.filter(~pl.col("code").is_in(list(known))).unique("code", maintain_order=True)
    if fresh.is_empty():
        return 0
    with recorded(actor, "register_units") as entry:
        made = frames.numbered(Unit, fresh)
        ids = dict(Unit.objects.filter(locality=scheme.locality_id).values_list("code", "pk"))
        ids |= dict(made.select("code", "id").iter_rows())
        frames.write(
            Unit,
            made.select(
                "id",
                "code",
                "name",
                "kind",
                pl.col("npp").fill_null(""),
                pl.col("branch").fill_null(""),
                locality_id=pl.lit(scheme.locality_id),
                region_id="region_code",
                parent_id=pl.col("parent").replace_strict(ids, default=None, return_dtype=pl.Int64),
            ),
        )
        entry.about(scheme, units=fresh.height)
    return fresh.height


def register_employers(locality: str, rows: pl.DataFrame, *, actor: Actor, demo: bool = False) -> int:
    """Add employers (npp, name, workers, registered_workers, status); known names stay as they are."""
    known = set(Employer.objects.filter(locality=locality).values_list("name", flat=True))
    fresh = rows.filter(~pl.col("name").is_in(list(known)))
    if fresh.is_empty():
        return 0
    with recorded(actor, "register_employers") as entry:
        frames.write(
            Employer,
            fresh.select(
                pl.col("npp").fill_null(""),
                "name",
                "workers",
                "registered_workers",
                "status",
                locality_id=pl.lit(locality),
                demo=pl.lit(demo),
            ),
        )
        entry.about(employers=fresh.height, locality=locality)
    return fresh.height


def tell_outside_cover(rows: pl.DataFrame, *, actor: Actor) -> int:
    """Keep who is covered by others (nik, name, birth_date, segment, payer, since); a repeated line adds nothing."""
    key = ["nik", "segment", "payer"]
    known = frames.cover_register().select(key)
    fresh = rows.unique(key, maintain_order=True).join(known, on=key, how="anti", maintain_order="left")
    if fresh.is_empty():
        return 0
    with recorded(actor, "tell_outside_cover") as entry:
        frames.write(OutsideCover, fresh.select("nik", "name", "birth_date", "segment", "payer", "since"))
        entry.about(people=fresh.height)
    return fresh.height


def tell_deaths(rows: pl.DataFrame, *, actor: Actor) -> int:
    """Keep who has died (nik, name, birth_date, died_on, certificate); a known NIK adds nothing."""
    fresh = rows.unique("nik", maintain_order=True).join(
        frames.death_register().select("nik"), on="nik", how="anti", maintain_order="left"
    )
    if fresh.is_empty():
        return 0
    with recorded(actor, "tell_deaths") as entry:
        columns = ["nik", "name", "birth_date", "died_on", pl.col("certificate").fill_null("")]
        frames.write(Death, fresh.select(columns))
        entry.about(people=fresh.height)
    return fresh.height


def open_account(
    login: str,
    name: str,
    password: str | None,
    roles: Sequence[Reach],
    *,
    actor: Actor,
    demo: bool = False,
) -> User:
    """A new user with roles. Raises Refused("user.exists", "password.weak", "account.employer")."""
    if any((one[0] == "employer") != (len(one) > 3 and one[3] is not None) for one in roles):
        raise Refused("account.employer")
    if User.objects.filter(login=login).exists():
        raise Refused("user.exists", {"login": login})
    with recorded(actor, "open_account") as entry:
        user = User(login=login, name=name, demo=demo)
        if password is None:
            user.set_unusable_password()
        else:
            try:
                password_validation.validate_password(password, user)
            except ValidationError as problem:
                raise Refused("password.weak", {"problems": " ".join(problem.messages)}) from None
            user.set_password(password)
        user.save()
        for role, scheme, unit, *employer in roles:
            Role.objects.create(
                user=user, role=role, scheme=scheme, unit=unit, employer=next(iter(employer), None)
            )
        entry.about(user, roles=[one[0] for one in roles])
    return user


def note_sign_in(user: User, *, actor: Actor) -> None:
    """Called when somebody has signed in: the log-in history is the audit trail."""
    with recorded(actor, "sign_in") as entry:
        User.objects.filter(pk=user.pk).update(last_login=timezone.now())
        entry.about(user)
