"""The admin site: one way in, allauth's."""

from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib.admin import AdminSite, ModelAdmin
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

from accounts.audit_admin import noted
from accounts.models import User
from accounts.school import school
from lms.admin_input import AnyInput
from studio.admin_home.groups import grouped, with_tasks
from studio.admin_home.page import admin_home


class SchoolAdmin(AdminSite):
    """Django's admin under the school's name. Its own login form is out of use: it knows no MFA."""

    index_title = _("Behind the scenes")
    login = method_decorator(secure_admin_login)(AdminSite.login)

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Every admin notes what is changed in it, whoever wrote it, and takes any input."""
        bases = (AnyInput, noted(admin_class or ModelAdmin))
        both = AnyInput.formfield_overrides | bases[1].formfield_overrides
        named = type(bases[1].__name__, bases, {"formfield_overrides": both})
        super().register(model_or_iterable, named, **options)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """By what it is about; the page of one app stays as Django has it."""
        apps = super().get_app_list(request, app_label)
        return apps if app_label else grouped(apps)

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """The school may have got another name since the start."""
        name = school().title
        return {**super().each_context(request), "site_header": name, "site_title": name}

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """Before the index: what waits for a person, and how the site is."""
        assert isinstance(request.user, User)  # noqa: S101 - the site lets nobody else in
        home = admin_home(request.user)
        groups = with_tasks(self.get_app_list(request), home.tasks)
        context = {"home": home, "app_list": groups, **(extra_context or {})}
        return super().index(request, context)
