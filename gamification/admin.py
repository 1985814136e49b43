"""Points in the admin: the ledger to read, to give and to take back; what the school decides."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.utils.translation import gettext, gettext_lazy, ngettext

from accounts.models import User
from accounts.numerals import grouped
from accounts.read_only import KeptAdmin, ReadOnlyAdmin
from gamification import (  # noqa: F401 (two of them register)
    admin_awards,
    admin_seasons,
    boards,
    ledger,
    multipliers,
    taking_back,
)
from gamification.admin_refusals import RefusingAdmin
from gamification.granting import grant_once
from gamification.models import Board, BoardChoice, Multiplier, Policy, Standing, XPTransaction
from gamification.multiplier_making import announce, call_off


class ReasonForm(forms.Form):
    """Nothing is taken back without a reason that the person can read."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=300, widget=forms.TextInput(attrs={"size": 60})
    )


class GrantForm(forms.ModelForm):  # type: ignore[type-arg]
    """XP for somebody, with a reason that they read. Given once, it is taken back, not changed."""

    base = forms.IntegerField(label=gettext_lazy("XP"), min_value=1, max_value=ledger.MOST_GRANTED)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        strip=True,
        help_text=gettext_lazy("The person reads it in their XP history."),
    )

    class Meta:
        model = XPTransaction
        fields = ("user", "base", "reason")


@admin.register(XPTransaction)
class XPTransactionAdmin(KeptAdmin):
    verbs_note = True
    form = GrantForm
    autocomplete_fields = ("user",)
    list_display = ["user", "amount", "source_type", "what", "board_points", "created_at"]
    list_filter = ["source_type", "created_at"]
    list_select_related = ["user"]
    search_fields = ["user__email", "source_key"]
    actions = ["take_back"]

    @admin.display(description=gettext_lazy("what"))
    def what(self, entry: XPTransaction) -> str:
        return str(entry.data.get("title", entry.source_key))

    def get_form(self, request: Any, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The form knows who gives: nobody gives to themself."""
        form = super().get_form(request, obj, change=change, **kwargs)
        if "user" in form.base_fields:
            people: Any = form.base_fields["user"]
            people.queryset = User.objects.exclude(pk=request.user.pk)
        return form

    def save_model(self, request: Any, obj: XPTransaction, form: Any, change: bool) -> None:
        """Only additions come here. The verb writes the entry; the admin speaks of that one."""
        entry, _ = grant_once(obj.user, obj.base, request.user, obj.reason)
        obj.pk, obj.amount, obj.source_type = entry.pk, entry.amount, entry.source_type

    def has_reverse_permission(self, request: HttpRequest) -> bool:
        """Whoever may add to the ledger may add a counter-entry."""
        return request.user.has_perm("gamification.add_xptransaction")

    @admin.action(description=gettext_lazy("Take back, with a reason"), permissions=["reverse"])
    def take_back(
        self, request: HttpRequest, entries: QuerySet[XPTransaction]
    ) -> HttpResponse | None:
        """Ask for the reason first; then write one counter-entry for each."""
        payments = entries.exclude(source_type=XPTransaction.Source.REVERSAL)
        form = ReasonForm(request.POST if "reason" in request.POST else None)
        if not form.is_valid():
            context = {"title": gettext("Take XP back"), "entries": payments, "opts": self.opts}
            return render(request, "admin/take_back.html", {**context, "form": form})
        if isinstance(request.user, User):
            reason, others = form.cleaned_data["reason"], payments.exclude(user=request.user)
            taken = sum(taking_back.take_back(entry, request.user, reason) for entry in others)
            messages.success(
                request,
                ngettext(
                    "%(taken)s entry was taken back.", "%(taken)s entries were taken back.", taken
                )
                % {"taken": grouped(taken)},
            )
            if payments.filter(user=request.user).exists():
                messages.error(
                    request, gettext("Your own stay: nobody takes XP back from themself.")
                )
        return None


@admin.register(Standing)
class StandingAdmin(ReadOnlyAdmin):
    list_display = ["user", "total_xp", "level"]
    list_select_related = ["user"]
    search_fields = ["user__email"]


@admin.register(Policy)
class PolicyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """One row of decisions, made by whoever decides something first."""

    fields = ("show_points", "boards", "bonuses_pay")
    list_display = ("__str__", *fields)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not Policy.objects.exists()

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        return False


class MultiplierForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Multiplier
        fields = ("title", "factor", "course", "starts_at", "ends_at")

    def clean(self) -> dict[str, Any]:
        """The rules about notice and length, with a sentence for each that is broken."""
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors:
            said = {name: cleaned[name] for name in ("starts_at", "ends_at", "course")}
            multipliers.check(Multiplier(pk=self.instance.pk, announced_at=now(), **said))
        return cleaned


@admin.register(Multiplier)
class MultiplierAdmin(RefusingAdmin, KeptAdmin):
    """Announced is promised: nothing is changed; what has not begun can be called off."""

    verbs_note = True
    form = MultiplierForm
    list_display = ["title", "factor", "course", "starts_at", "ends_at", "made_by"]
    list_select_related = ["course", "made_by"]

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        may = admin.ModelAdmin.has_delete_permission(self, request, obj)
        return may and obj is not None and obj.starts_at > now()

    def save_model(self, request: Any, obj: Multiplier, form: Any, change: bool) -> None:
        announce(obj, by=request.user)

    def delete_model(self, request: Any, obj: Multiplier) -> None:
        if not call_off(obj):
            raise PermissionDenied


@admin.register(Board)
class BoardAdmin(ReadOnlyAdmin):
    """Which boards there are. Who stands where is shown on the boards alone, to learners."""

    list_display = ["period", "scope", "starts_at", "ends_at", "frozen_at"]
    list_filter = ["frozen_at"]
    search_fields = ["period", "scope"]


@admin.register(BoardChoice)
class BoardChoiceAdmin(ReadOnlyAdmin):
    """Nicknames, so that one that hurts somebody can be taken off."""

    list_display = ["user", "shown", "nickname", "is_listed"]
    list_filter = ["shown", "is_listed"]
    list_select_related = ["user"]
    search_fields = ["user__email", "nickname"]
    actions = ["take_off"]

    def has_hide_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("gamification.change_boardchoice")

    @admin.action(description=gettext_lazy("Take off all boards"), permissions=["hide"])
    def take_off(self, request: HttpRequest, choices: QuerySet[BoardChoice]) -> None:
        """They may come back with another name."""
        people = [choice.user for choice in choices.select_related("user")]
        for user in people:
            boards.take_off(user)
        count = len(people)
        told = ngettext(
            "%(count)s person was taken off all boards.",
            "%(count)s people were taken off all boards.",
            count,
        )
        messages.success(request, told % {"count": grouped(count)})
