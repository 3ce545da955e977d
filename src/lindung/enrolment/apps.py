from django.apps import AppConfig


class EnrolmentConfig(AppConfig):
    name = "lindung.enrolment"

    def import_models(self) -> None:
        super().import_models()
        from lindung.enrolment import acts, changes, mending  # noqa: F401

    def ready(self) -> None:
        from lindung.enrolment import texts  # noqa: F401
