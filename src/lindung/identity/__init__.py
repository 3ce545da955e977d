from lindung.identity import texts as _texts  # noqa: F401
