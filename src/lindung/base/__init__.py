"""The smallest shared pieces: refusals, months, rupiah, strict YAML, sentences in two languages. No Django."""

from lindung.base import texts as _texts  # noqa: F401  (declares the sentences of this room)
