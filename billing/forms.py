"""What the forms of billing send."""

from typing import Any, get_args

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from billing.gateway import Flow
from billing.models import Price
from billing.offers import SEATED
from billing.pricing import MOST_SEATS

NOT_OFFERED = _("That is not offered any more. Choose one of the plans below.")
HOW_MANY = format_lazy(_("Say how many seats: 1 to {most_seats}."), most_seats=MOST_SEATS)


class CheckoutForm(forms.Form):
    """A price to subscribe to, and for how many."""

    price = forms.ModelChoiceField(
        Price.objects.offered().select_related("plan"),
        error_messages={"required": _("Choose a plan."), "invalid_choice": NOT_OFFERED},
    )
    quantity = forms.IntegerField(
        label=_("Seats"),
        min_value=1,
        max_value=MOST_SEATS,
        required=False,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), HOW_MANY),
    )

    def clean(self) -> dict[str, Any]:
        """A plan for one is bought once, whatever the form says."""
        data = super().clean() or self.cleaned_data
        price = data.get("price")
        if price and price.plan_id not in SEATED:
            self.errors.pop("quantity", None)
            data["quantity"] = 1
        elif price and not data.get("quantity") and not self.has_error("quantity"):
            self.add_error("quantity", HOW_MANY)
        return data


class PortalForm(forms.Form):
    """What somebody wants to do at Stripe; empty: to look. `price`: the one to change to."""

    price = forms.ModelChoiceField(Price.objects.offered().select_related("plan"), required=False)
    flow = forms.ChoiceField(choices=[(flow, flow) for flow in get_args(Flow)], required=False)
