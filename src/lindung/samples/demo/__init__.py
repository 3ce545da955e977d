"""The five demo cities at their true size: lists, registers, answers and figures, all invented, the same every time.

The sums are those that the articles report; the planted mistakes stand on top of them.
"""

from lindung.samples.demo.answers import (
    CEREMONY,
    Mend,
    bpjs_answer,
    ceremony,
    check_answer,
    document_number,
    kpj,
    mend,
    payment_code,
)
from lindung.samples.demo.figures import (
    AS_OF,
    CHECKERS,
    EMPLOYERS,
    ON,
    SCHEMES,
    SIGNER,
    budgets,
    employers,
    quotas,
    targets,
    units,
)
from lindung.samples.demo.files import DemoFile, deaths, register, rosters

__all__ = [
    "AS_OF",
    "CEREMONY",
    "CHECKERS",
    "EMPLOYERS",
    "ON",
    "SCHEMES",
    "SIGNER",
    "DemoFile",
    "Mend",
    "bpjs_answer",
    "budgets",
    "ceremony",
    "check_answer",
    "deaths",
    "document_number",
    "employers",
    "kpj",
    "mend",
    "payment_code",
    "quotas",
    "register",
    "rosters",
    "targets",
    "units",
]
