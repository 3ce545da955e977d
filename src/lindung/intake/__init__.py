"""A messy file in, clean rows and findings out; `check.check` is all of `roster check`."""

from lindung.intake import texts as _texts  # noqa: F401
