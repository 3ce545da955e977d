from django.apps import AppConfig


class ContributionsConfig(AppConfig):
    name = "lindung.contributions"

    def ready(self) -> None:
        from lindung.contributions import texts  # noqa: F401
