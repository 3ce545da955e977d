"""National law as dated data and rules: contributions, benefits, clocks, duties, penalties. Pure.

`law.contribution.compute(frame)`, `law.benefits.…(frame)`, `law.version()`. Every function takes the law as an argument
(`law=`, default: this release's); `store.current().known_on(day)` is the law as it was published on a day.
"""

from lindung.law import contribution
from lindung.law import texts as _texts  # noqa: F401  (declares the sentences of this room)
from lindung.law.store import Law, current

__all__ = ["Law", "contribution", "current", "version"]


def version() -> str:
    """Date last checked and content hash: stored with every verification result, bill and claim."""
    return current().version
