from django.apps import AppConfig


class EnrolmentConfig(AppConfig):
    name = "lindung.enrolment"

    def ready(self) -> None:
        from lindung.enrolment import texts  # noqa: F401
