"""The one exception that means: this cannot be done, and here is why and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lindung.base import messages


class Refused(Exception):
    """Raised where a rule is, shown once at the edge (page, command line, API).

    `code` is declared with `messages.declare`; `args` fills its sentence; `law` names the article it rests on.
    """

    def __init__(self, code: str, args: Mapping[str, Any] | None = None, *, law: str | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.values: dict[str, Any] = dict(args or {})
        self.law = law

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (
            self.code,
            self.values,
            self.law,
        )  # so that a refusal crosses from one process to another

    def sentence(self, lang: str | None = None) -> str:
        return messages.sentence(self.code, self.values, lang)

    def hint(self, lang: str | None = None) -> str:
        return messages.hint(self.code, self.values, lang)

    def __str__(self) -> str:
        hint = self.hint()
        return f"{self.sentence()} {hint}".strip() + (f" ({self.law})" if self.law else "")


def _again(code: str, values: dict[str, Any], law: str | None) -> Refused:
    return Refused(code, values, law=law)
