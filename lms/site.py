"""The admin site: one way in, allauth's."""

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib.admin import AdminSite
from django.utils.decorators import method_decorator


class SchoolAdmin(AdminSite):
    """Django's admin under the school's name. Its own login form is out of use: it knows no MFA."""

    site_header = site_title = settings.SITE_NAME
    index_title = "Behind the scenes"
    login = method_decorator(secure_admin_login)(AdminSite.login)
