"""The ledger in the admin: to read, and to take an entry back with a reason."""

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.models import User
from accounts.read_only import ReadOnlyAdmin
from gamification import ledger
from gamification.models import Standing, XPTransaction


class ReasonForm(forms.Form):
    """Nothing is taken back without a reason that the person can read."""

    reason = forms.CharField(max_length=300, widget=forms.TextInput(attrs={"size": 60}))


@admin.register(XPTransaction)
class XPTransactionAdmin(ReadOnlyAdmin):
    list_display = ["user", "amount", "source_type", "what", "created_at"]
    list_filter = ["source_type", "created_at"]
    list_select_related = ["user"]
    search_fields = ["user__email", "source_key"]
    actions = ["take_back"]

    @admin.display(description="what")
    def what(self, entry: XPTransaction) -> str:
        return str(entry.data.get("title", entry.source_key))

    def has_reverse_permission(self, request: HttpRequest) -> bool:
        """Whoever may add to the ledger may add a counter-entry."""
        return request.user.has_perm("gamification.add_xptransaction")

    @admin.action(description="Take back, with a reason", permissions=["reverse"])
    def take_back(
        self, request: HttpRequest, entries: QuerySet[XPTransaction]
    ) -> HttpResponse | None:
        """Ask for the reason first; then write one counter-entry for each."""
        payments = entries.exclude(source_type=XPTransaction.Source.REVERSAL)
        form = ReasonForm(request.POST if "reason" in request.POST else None)
        if not form.is_valid():
            context = {"title": "Take XP back", "entries": payments, "opts": self.opts}
            return render(request, "admin/take_back.html", {**context, "form": form})
        if isinstance(request.user, User):
            reason = form.cleaned_data["reason"]
            taken = sum(ledger.reverse(x, by=request.user, reason=reason) for x in payments)
            messages.success(request, f"{taken} entries were taken back.")
        return None


@admin.register(Standing)
class StandingAdmin(ReadOnlyAdmin):
    list_display = ["user", "total_xp", "level"]
    list_select_related = ["user"]
    search_fields = ["user__email"]
