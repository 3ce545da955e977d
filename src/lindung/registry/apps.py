from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "lindung.registry"

    def import_models(self) -> None:
        super().import_models()
        from lindung.registry import documents  # noqa: F401

    def ready(self) -> None:
        from django.contrib.auth.models import update_last_login
        from django.contrib.auth.signals import user_logged_in

        from lindung.registry import texts  # noqa: F401

        # signing in is an audited action of ours; Django's own write of last_login has no entry
        user_logged_in.disconnect(update_last_login, dispatch_uid="update_last_login")
