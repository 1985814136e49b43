"""Badges in the admin: to read, and to take back with a reason."""

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from accounts.numerals import grouped
from accounts.read_only import ReadOnlyAdmin
from gamification.achievements.registry import ACHIEVEMENTS
from gamification.achievements.revoking import revoke
from gamification.models import Award


class RevocationForm(forms.Form):
    """No badge is taken back without a reason that the person can read."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=300, widget=forms.TextInput(attrs={"size": 60})
    )


@admin.register(Award)
class AwardAdmin(ReadOnlyAdmin):
    list_display = ["user", "title", "tier", "earned_at", "revoked_at", "reason"]
    list_filter = ["key", "earned_at"]
    list_select_related = ["user"]
    search_fields = ["user__email", "key"]
    actions = ["take_back"]

    @admin.display(description=gettext_lazy("badge"), ordering="key")
    def title(self, award: Award) -> str:
        """One that the registry no longer has is called by its key."""
        one = ACHIEVEMENTS.get(award.key)
        return str(one.title) if one else award.key

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("gamification.change_award")

    @admin.action(description=gettext_lazy("Take back, with a reason"), permissions=["revoke"])
    def take_back(self, request: HttpRequest, awards: QuerySet[Award]) -> HttpResponse | None:
        """Ask for the reason first."""
        held = awards.filter(revoked_at=None)
        form = RevocationForm(request.POST if "reason" in request.POST else None)
        if not form.is_valid():
            context = {
                "title": _("Take badges back"),
                "awards": held,
                "opts": self.opts,
                "form": form,
            }
            return render(request, "admin/take_badges_back.html", context)
        if isinstance(request.user, User):
            reason = form.cleaned_data["reason"]
            others = held.exclude(user=request.user)
            taken = sum(revoke(award, by=request.user, reason=reason) for award in others)
            messages.success(
                request,
                ngettext(
                    "%(taken)s badge was taken back.", "%(taken)s badges were taken back.", taken
                )
                % {"taken": grouped(taken)},
            )
        return None
