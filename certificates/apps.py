"""The certificates app."""

from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    name = "certificates"

    def ready(self) -> None:
        from certificates import personal_tables, receivers  # noqa: F401, PLC0415
