from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "lindung.web"

    def ready(self) -> None:
        from lindung.web import texts  # noqa: F401
