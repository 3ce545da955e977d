from django.apps import AppConfig


class WorkflowsConfig(AppConfig):
    name = "lindung.workflows"

    def ready(self) -> None:
        from lindung.workflows import texts  # noqa: F401
