"""The house as Django sees it: its checks and its admin site."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class LmsConfig(AppConfig):
    name = "lms"


class SchoolAdminConfig(AdminConfig):
    default_site = "lms.site.SchoolAdmin"
