"""The accounts app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        """Connect the receivers and register the deploy checks."""
        from accounts import checks, personal_tables, receivers  # noqa: F401, PLC0415
