"""The billing app."""

from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "billing"

    def ready(self) -> None:
        """Connect the receivers and register the deploy checks."""
        from billing import checks, personal_tables, receivers  # noqa: F401, PLC0415
