"""Cards: printed once the KPJ is known, handed over against a signature."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import polars as pl
from django.conf import settings

from lindung.base.refused import Refused
from lindung.enrolment.models import Card, CardRun
from lindung.papers import cards, lists
from lindung.papers.tables import xlsx
from lindung.registry import files, frames
from lindung.registry.access import actor_may
from lindung.registry.audit import Actor, recorded
from lindung.registry.keys import signing_key
from lindung.registry.models import Scheme
from lindung.registry.queries import current_version, rules_of

_HOLDERS = {
    "membership_id": pl.Int64,
    "name": pl.String,
    "kpj": pl.String,
    "category": pl.String,
    "kelurahan": pl.String,
    "kelurahan_code": pl.String,
    "rw": pl.String,
    "rt": pl.String,
    "programmes": pl.String,
    "first": pl.Date,
    "until": pl.Date,
}


def print_cards(scheme: Scheme, memberships: Sequence[int], title: str, *, actor: Actor) -> CardRun:
    """Make the cards of registered members as one PDF, and the list on which they sign for them.

    Who has no KPJ yet gets no card. Raises Refused("card.nobody").
    """
    actor_may(actor, "print_cards", scheme)
    rules = rules_of(current_version(scheme))
    with recorded(actor, "print_cards") as entry:
        Scheme.objects.select_for_update(no_key=True).get(pk=scheme.pk)
        people = frames.read(
            """select m.id, p.name, g.kpj, m.category, coalesce(k.name, u.name), coalesce(m.kelurahan_id, u.code),
                      p.rw::text, p.rt::text, m.programmes, m.starts_on, m.ends_on
               from enrolment_membership m join registry_person p on p.id = m.person_id
               join enrolment_registration g on g.membership_id = m.id join registry_unit u on u.id = m.unit_id
               left join registry_region k on k.code = m.kelurahan_id
               where m.scheme_id = %s and m.id = any(%s) and m.end_reason is null
               order by 6, p.rw, p.rt, p.name, m.id""",
            [scheme.pk, list(memberships)],
            _HOLDERS,
        )
        if people.is_empty():
            raise Refused("card.nobody")
        labels = {category.id: category.label["id"] for category in rules.categories}
        people = people.with_columns(
            pl.col("category").replace_strict(labels, default=pl.col("category")),
            pl.col("programmes").str.split(","),
        )
        key_id, private = signing_key()
        number = CardRun.objects.filter(scheme=scheme).count() + 1
        people = people.with_columns(
            serial=pl.format(
                "{}-{}",
                pl.lit(f"{scheme.pk:02d}{number:03d}"),
                pl.int_range(1, pl.len() + 1).cast(pl.String).str.zfill(5),
            )
        )
        city = scheme.locality.name.title()
        issuer = cards.Issuer(
            city=f"Pemerintah {city}",
            scheme=scheme.slug,
            document=short_name(rules),
            base_url=settings.BASE_URL,
            sample=scheme.demo,
        )
        processes = cards.two_processes() if people.height > cards.BATCH else 1
        content = cards.pdf(people, issuer, private, processes=processes)
        run = CardRun.objects.create(
            scheme=scheme,
            title=title,
            file=files.keep(content, f"kartu-{scheme.slug}-{number}.pdf"),
            receipts=files.keep(_receipts(people, title), f"tanda-terima-{scheme.slug}-{number}.xlsx"),
            printed_by=actor.user,
            cards=people.height,
        )
        frames.write(
            Card,
            people.select(
                "membership_id",
                run_id=pl.lit(run.pk),
                key_id=pl.lit(key_id),
                valid_from="first",
                valid_until="until",
                received_by=pl.lit(""),
            ),
        )
        entry.about(run, cards=people.height)
    return run


def _receipts(people: pl.DataFrame, title: str) -> bytes:
    """Tanda terima, a sheet per kelurahan or office: who signs for which card."""
    rows = people.with_columns(
        rt_rw=pl.format("{}/{}", pl.col("rt").fill_null("–"), pl.col("rw").fill_null("–"))
    )
    sheets = [
        replace(lists.table("receipts", group, (f"{title} · {place}",)), name=str(place))
        for (place,), group in rows.group_by(["kelurahan"], maintain_order=True)
    ]
    return xlsx(sheets)


def short_name(rules) -> str:
    """ "Perwal 25/2019", or the title where there is no number."""
    document = rules.document
    return (
        f"{document.kind.title()} {document.number}/{document.year}"
        if document.number
        else document.title["id"]
    )


def hand_over(cards_: Sequence[int], on: date, received_by: str, *, actor: Actor, scheme: Scheme) -> int:
    """Note who took cards on which day; a card that was handed over stays so. Returns how many changed."""
    actor_may(actor, "print_cards", scheme)
    with recorded(actor, "hand_over_cards") as entry:
        changed = Card.objects.filter(pk__in=cards_, run__scheme=scheme, handed_on__isnull=True).update(
            handed_on=on, received_by=received_by[:160]
        )
        entry.about(scheme, cards=changed)
    return changed
