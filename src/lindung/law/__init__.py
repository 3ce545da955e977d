"""National law as dated data and rules: contributions, benefits, clocks, duties, penalties. Pure.

Every rule takes a frame and the law (`law=`, default: this release's); `law.current().known_on(day)` is the law as it
was published on a day. Bad rows carry an `error` code, never a zero.
"""

from lindung.law import (
    benefits,
    clocks,
    contribution,
    duties,
    explain,
    lines,
    penalties,
    savings,
    scholarships,
)
from lindung.law import texts as _texts  # noqa: F401  (declares the sentences of this room)
from lindung.law.store import Law, current

__all__ = [
    "Law", "benefits", "clocks", "contribution", "current", "duties", "explain", "kinds", "lines", "penalties", "savings",
    "scholarships", "version",
]  # fmt: skip


def version() -> str:
    """Date last checked and content hash: stored with every verification result, bill and claim."""
    return current().version
