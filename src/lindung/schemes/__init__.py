"""Local regulations as data: who is covered, by which programmes, who pays, when, under which conditions."""

from lindung.schemes import texts as _texts  # noqa: F401  (declares the sentences of this room)
from lindung.schemes.loader import builtin, load, parse
from lindung.schemes.model import Category, Document, Payer, Period, Reported, Scheme, Wage
from lindung.schemes.recognition import recognise
from lindung.schemes.reported import differences
from lindung.schemes.verification import verify

__all__ = [
    "Category",
    "Document",
    "Payer",
    "Period",
    "Reported",
    "Scheme",
    "Wage",
    "builtin",
    "differences",
    "load",
    "parse",
    "recognise",
    "verify",
]
