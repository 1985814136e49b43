"""The house as Django sees it: its checks, the words of its forms and its admin site."""

from django.apps import AppConfig, apps
from django.conf import settings
from django.contrib.admin.apps import AdminConfig


class LmsConfig(AppConfig):
    name = "lms"

    def ready(self) -> None:
        """Before the admin site, which imports the forms; and register the deploy checks.

        Traces begin with each process, where they are gathered; otherwise nothing of it is loaded.
        """
        from lms import checks  # noqa: F401, PLC0415
        from lms.admin_words import name_rooms  # noqa: PLC0415
        from lms.form_words import speak_plainly  # noqa: PLC0415

        speak_plainly()
        name_rooms(apps.get_app_configs())
        if settings.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT:
            from lms import tracing  # noqa: PLC0415

            tracing.start()


class SchoolAdminConfig(AdminConfig):
    default_site = "lms.site.SchoolAdmin"
