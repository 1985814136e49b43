"""People in the admin: found, given a role, closed. Nobody is deleted, no password is shown."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import actions
from accounts.models import User
from accounts.read_only import ReadOnlyAdmin

MOST_AT_ONCE = 100
TOO_MANY = gettext_lazy(
    "Nothing was removed: more than %(most)s of these people have a second factor. "
    "Choose only those who lost theirs."
)


class ReasonForm(forms.Form):
    """Why somebody's second factor goes, for the audit log."""

    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=500,
        help_text=gettext_lazy(
            "How you made sure that it is they who ask. It stands in the audit log."
        ),
        widget=forms.Textarea(attrs={"rows": 3, "cols": 30}),
    )


@admin.register(User)
class PersonAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """The role decides about the admin: whoever is made ADMIN may do everything there.

    So `is_superuser` follows a change of the role and cannot be ticked. Narrower rights (reviewers)
    come from groups and need no role.
    """

    list_display = ("email", "name", "handle", "role", "is_active", "date_joined", "last_login")
    list_filter = ("role", "is_active", "groups", "date_joined")
    search_fields = ("email", "name", "profile__handle")
    list_select_related = ("profile",)
    ordering = ("-date_joined",)
    date_hierarchy = "date_joined"
    show_full_result_count = False
    filter_horizontal = ("groups",)
    fields = (
        "email",
        "name",
        "handle",
        "role",
        "groups",
        "timezone",
        "is_minor",
        "is_active",
        "date_joined",
        "last_login",
        "deleted_at",
        "noted",
    )
    readonly_fields = (
        "email",
        "handle",
        "is_active",
        "date_joined",
        "last_login",
        "deleted_at",
        "noted",
    )
    actions = ["deactivate_people", "reactivate_people", "remove_second_factors"]

    @admin.display(description=gettext_lazy("handle"), ordering="profile__handle")
    def handle(self, user: User) -> str:
        return user.profile.handle or "-"

    @admin.display(description=gettext_lazy("audit log"))
    def noted(self, user: User) -> str:
        """What was done to this account, and by it."""
        log = reverse("admin:accounts_auditentry_changelist")
        links = (
            (f"{log}?person={user.pk}", _("What was done to this account")),
            (f"{log}?actor={user.pk}", _("What it did")),
            (reverse("impersonation:begin", args=[user.pk]), _("See the site as this person")),
        )
        return format_html_join(" · ", '<a href="{}">{}</a>', links)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """People sign up themselves; `setup_link` makes the first admin."""
        return False

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        """An account is deactivated or erased; what was learned keeps its owner."""
        return False

    def has_all_rights_permission(self, request: HttpRequest) -> bool:
        """For actions that open the accounts of other admins."""
        return bool(getattr(request.user, "is_superuser", False))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Nobody changes their own role, and only an admin with all rights changes any."""
        fixed = ("role", "groups")
        own = obj is not None and obj.pk == request.user.pk
        out_of_reach = own or not self.has_all_rights_permission(request)
        return (*self.readonly_fields, *(fixed if out_of_reach else ()))

    def save_model(self, request: Any, obj: User, form: Any, change: bool) -> None:
        """Let the rights follow the role, and a changed role end what was signed in before."""
        actions.save_person(obj, role_changed="role" in form.changed_data, by=request.user)

    def save_related(self, request: Any, form: Any, formsets: Any, change: bool) -> None:
        """What somebody may do beyond their role follows from groups."""
        before = actions.groups_of(form.instance)
        super().save_related(request, form, formsets, change)
        actions.note_groups(form.instance, before)

    @admin.action(
        permissions=["change"],
        description=gettext_lazy("Deactivate: end sessions and tokens, keep everything"),
    )
    def deactivate_people(self, request: HttpRequest, people: QuerySet[User]) -> None:
        done = [
            person
            for person in people.exclude(pk=str(request.user.pk))
            if actions.deactivate(person)
        ]
        for person in done:
            self.log_change(request, person, _("Deactivated."))
        self.message_user(
            request, _("%(done)s deactivated.") % {"done": len(done)}, messages.SUCCESS
        )

    @admin.action(permissions=["change"], description=gettext_lazy("Activate again"))
    def reactivate_people(self, request: HttpRequest, people: QuerySet[User]) -> None:
        done = [person for person in people if actions.reactivate(person)]
        for person in done:
            self.log_change(request, person, _("Activated again."))
        self.message_user(
            request, _("%(done)s active again.") % {"done": len(done)}, messages.SUCCESS
        )

    @admin.action(
        permissions=["all_rights"],
        description=gettext_lazy("Remove the second factor, for somebody who lost it"),
    )
    def remove_second_factors(
        self, request: HttpRequest, people: QuerySet[User]
    ) -> HttpResponse | None:
        """Ask why first. Nobody removes their own this way: a stolen session could."""
        theirs = people.filter(pk__in=Authenticator.objects.values("user"))
        others = list(theirs.exclude(pk=str(request.user.pk))[: MOST_AT_ONCE + 1])
        if len(others) > MOST_AT_ONCE:
            self.message_user(request, TOO_MANY % {"most": MOST_AT_ONCE}, messages.ERROR)
            return None
        form = ReasonForm(request.POST if "reason" in request.POST else None)
        if not form.is_valid():
            title = _("Remove the second factor")
            context = {"title": title, "people": others, "form": form, "opts": self.opts}
            context = {**self.admin_site.each_context(request), **context}
            return render(request, "admin/accounts/second_factor.html", context)
        reason = form.cleaned_data["reason"]
        done = [person for person in others if actions.remove_second_factor(person, reason=reason)]
        for person in done:
            self.log_change(request, person, _("Second factor removed."))
        self.message_user(
            request,
            _("%(done)s without a second factor now.") % {"done": len(done)},
            messages.SUCCESS,
        )
        return None


# Addresses are changed on the person's own page, where the new one is verified; the row of an
# authenticator holds its secret; a session is ended by its person, or with all others of theirs.
for model in (EmailAddress, Authenticator, SocialAccount, SocialApp, SocialToken, UserSession):
    if admin.site.is_registered(model):
        admin.site.unregister(model)


@admin.register(SocialAccount)
class SocialAccountAdmin(ReadOnlyAdmin):
    """Which account elsewhere opens which account here: its person connects and disconnects it."""

    list_display = ("user", "provider", "uid", "last_login")
    list_filter = ("provider",)
    list_select_related = ("user",)
    search_fields = ("user__email", "uid")
    fields = ("user", "provider", "uid", "last_login", "date_joined")
