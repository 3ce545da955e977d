from django.apps import AppConfig


class CoverageConfig(AppConfig):
    name = "lindung.coverage"

    def ready(self) -> None:
        from lindung.coverage import texts  # noqa: F401
