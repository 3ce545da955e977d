from django.apps import AppConfig


class EnrolmentConfig(AppConfig):
    name = "lindung.enrolment"

    def import_models(self) -> None:
        super().import_models()
        from lindung.enrolment import acts, changes, doubles, mending, rounds  # noqa: F401

    def ready(self) -> None:
        from lindung.enrolment import texts  # noqa: F401
