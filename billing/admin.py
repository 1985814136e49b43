"""What is sold, and plans that staff give, in the admin. What money moved is to be read there."""

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext, gettext_lazy

from accounts.models import User
from accounts.read_only import KeptAdmin
from billing import admin_records, grants  # noqa: F401 (one of them registers)
from billing.admin_columns import costs
from billing.errors import BillingRefused
from billing.models import Feature, Grant, Plan, Price
from billing.price_check import AskedPrice, ask_price
from courses.models import Tier

OFFERED_ALREADY = gettext_lazy(
    "Another price of the same kind is offered. Take that one off first."
)
PAID = [(tier.value, tier.label) for tier in Tier if tier != Tier.FREE]


class PlanForm(forms.ModelForm):  # type: ignore[type-arg]
    """What it opens is ticked; which courses it opens is said by them, and by their languages."""

    features = forms.MultipleChoiceField(
        label=gettext_lazy("Features"),
        choices=Feature.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("What the Free plan has, everybody has."),
    )

    class Meta:
        model = Plan
        fields = ("tier", "summary", "features", "is_offered")


@admin.register(Plan)
class PlanAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    form = PlanForm
    list_display = ["tier", "summary", "features", "is_offered"]
    ordering = ["tier"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("tier",) if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Prices and grants stand on it. One that is not sold any more is not offered."""
        return False


class PriceForm(forms.ModelForm):  # type: ignore[type-arg]
    """A price as it is at Stripe. `asked`: what Stripe said of it, if it was asked."""

    asked: AskedPrice | None = None

    class Meta:
        model = Price
        fields = (
            "plan", "stripe_price_id", "currency", "amount", "interval", "includes_tax",
            "trial_days", "is_offered",
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors or not found.get("is_offered"):
            return found
        price = self.price_of(found)
        if self.asked and (told := self.asked.differs_from(price)):
            raise ValidationError(told)
        # Forms look at no constraint over fields that they only show.
        alike = {name: getattr(price, name) for name in ("plan", "currency", "interval")}
        if Price.objects.filter(is_offered=True, **alike).exclude(pk=price.pk).exists():
            self.add_error("is_offered", OFFERED_ALREADY)
        return found

    def price_of(self, found: dict[str, Any]) -> Price:
        """The price as it would be sold. Of one that is there, only the offer changes."""
        if not self.instance._state.adding:
            return cast("Price", self.instance)
        return Price(**{name: found[name] for name in found if name in self.Meta.fields})


@admin.register(Price)
class PriceAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Whoever bought a price keeps it: of one that is there, only the offer changes."""

    form = PriceForm
    list_display = ["plan", costs, "currency", "trial_days", "is_offered"]
    list_filter = ["plan", "is_offered", "currency"]
    list_select_related = ["plan"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        kept = ("plan", "stripe_price_id", "currency", "amount", "interval", "includes_tax")
        return kept if obj else ()

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Ask Stripe before the transaction begins in which the form is read."""
        may = self.has_change_permission(request) or self.has_add_permission(request)
        if may and request.method == "POST" and request.POST.get("is_offered"):
            known = self.get_object(request, object_id) if object_id else None
            key = known.stripe_price_id if known else request.POST.get("stripe_price_id", "")
            request.asked_price = ask_price(key)  # type: ignore[attr-defined]
        answer: HttpResponse = super().changeform_view(request, object_id, form_url, extra_context)
        return answer

    def get_form(self, request: Any, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        form.asked = getattr(request, "asked_price", None)  # type: ignore[attr-defined]
        return form

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Subscriptions stand on it. One that is not sold any more is not offered."""
        return False


class GrantForm(forms.ModelForm):  # type: ignore[type-arg]
    """Who gets which plan, why, and until when."""

    tier = forms.ChoiceField(label=gettext_lazy("Plan"), choices=PAID)
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=300, widget=forms.TextInput(attrs={"size": 60})
    )

    class Meta:
        model = Grant
        fields = ("user", "reason", "until")

    field_order = ("user", "tier", "reason", "until")

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                grants.check(Tier(found["tier"]), found["reason"], found["until"], now())
            except BillingRefused as refusal:
                raise ValidationError(str(refusal)) from None
        return found


@admin.register(Grant)
class GrantAdmin(KeptAdmin):
    verbs_note = True
    form = GrantForm
    autocomplete_fields = ("user",)
    list_display = ["user", "plan", "reason", "starts_at", "until", "withdrawn_at", "given_by"]
    list_filter = ["plan", ("withdrawn_at", admin.EmptyFieldListFilter)]
    list_select_related = ["user", "plan", "given_by"]
    search_fields = ["user__email", "reason"]
    actions = ["withdraw"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        shown = ("user", "plan", "reason", "given_by", "starts_at", "until", "withdrawn_at")
        return shown if obj else GrantForm.field_order

    def get_form(self, request: Any, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The form knows who gives: nobody gives to themself."""
        form = super().get_form(request, obj, change, **kwargs)
        if "user" in form.base_fields:
            people: Any = form.base_fields["user"]
            people.queryset = User.objects.filter(deleted_at=None).exclude(pk=request.user.pk)
        return form

    def save_model(self, request: Any, obj: Grant, form: Any, change: bool) -> None:
        """Only additions come here. The verb writes the row; the admin speaks of that one."""
        tier = Tier(form.cleaned_data["tier"])
        given, _ = grants.grant_plan(obj.user, tier, obj.reason, request.user, obj.until)
        obj.pk, obj.plan = given.pk, given.plan

    def has_withdraw_permission(self, request: HttpRequest) -> bool:
        """Whoever may give may take back."""
        return request.user.has_perm("billing.add_grant")

    @admin.action(description=gettext_lazy("Withdraw"), permissions=["withdraw"])
    def withdraw(self, request: Any, rows: QuerySet[Grant]) -> None:
        ended = [one for one in rows if grants.withdraw(one)]
        if ended:
            LogEntry.objects.log_actions(
                request.user.pk,
                ended,
                CHANGE,
                change_message=gettext("Withdrawn."),
                single_object=False,
            )
        messages.success(request, gettext("Plans withdrawn: %(ended)s.") % {"ended": len(ended)})
