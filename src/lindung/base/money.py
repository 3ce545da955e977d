"""Whole rupiah. Rates are integers in parts per million; rounding is half up, written once, here."""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from lindung.base.refused import Refused

PER_MILLION = 1_000_000
LARGEST = 9_000_000_000_000  # above it, amount × parts per million leaves 64 bits


def parts_per_million(rate: str) -> int:
    """The exact decimal string of a rate ("0.0024") as parts per million (2400). Raises Refused("rate.not_exact")."""
    parts = Decimal(rate) * PER_MILLION
    if parts != parts.to_integral_value():
        raise Refused("rate.not_exact", {"value": rate})
    return int(parts)


def round_half_up(amount: pl.Expr, per: int) -> pl.Expr:
    """`amount / per` to the whole rupiah, half up. For amounts ≥ 0 only: a correction is new minus old."""
    return (amount + per // 2) // per


def number(value: int) -> str:
    """12946 → "12.946", as Indonesians write it."""
    return f"{value:,}".replace(",", ".").replace("-", "−")


def rupiah(value: int) -> str:
    """1234567 → "Rp1.234.567"; −50400 → "−Rp50.400"."""
    return ("−" if value < 0 else "") + "Rp" + f"{abs(value):,}".replace(",", ".")


def percent(part: int, whole: int | None) -> Decimal | None:
    """One decimal, half up; None when there is nothing to divide by. Exact: no floats."""
    if not whole:
        return None
    return (Decimal((part * 2000 + whole) // (2 * whole)) / 10).quantize(Decimal("0.1"))
