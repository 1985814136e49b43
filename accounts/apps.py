"""The accounts app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        """Connect the receivers and register the deploy checks."""
        from accounts import (  # noqa: PLC0415
            audit_receivers,  # noqa: F401
            checks,  # noqa: F401
            personal_tables,  # noqa: F401
            receivers,  # noqa: F401
        )
