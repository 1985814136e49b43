"""What the forms about seats send."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.emails import InvalidEmail, canonical_email
from accounts.numerals import grouped
from billing.pricing import MOST_SEATS

MOST_AT_ONCE = 100
HOW_MANY = format_lazy(
    gettext_lazy("Enter how many seats: 1 to {most_seats}."), most_seats=MOST_SEATS
)
NAMED = 5


class InviteForm(forms.Form):
    """Addresses, one a line; commas and semicolons do as well."""

    emails = forms.CharField(
        label=gettext_lazy("Email addresses"),
        max_length=30_000,
        widget=forms.Textarea({"rows": 5, "autocomplete": "off", "spellcheck": "false"}),
        help_text=format_lazy(
            gettext_lazy("One a line, {most_at_once} at most."), most_at_once=MOST_AT_ONCE
        ),
        error_messages={"required": gettext_lazy("Enter an email address.")},
    )

    def clean_emails(self) -> list[str]:
        """Each in the form in which it is stored, or every wrong one by name."""
        typed = re.split(r"[\r\n,;]+", self.cleaned_data["emails"])
        lines = [line.strip() for line in typed if line.strip()]
        if len(lines) > MOST_AT_ONCE:
            raise ValidationError(
                _("These are %(lines)s: %(most_at_once)s at most at once.")
                % {"lines": grouped(len(lines)), "most_at_once": MOST_AT_ONCE}
            )
        emails, wrong = [], []
        for line in lines:
            try:
                emails.append(canonical_email(line))
            except InvalidEmail as error:
                wrong.append(f"“{shortened(line)}”: {error}")
        if len(wrong) > NAMED:
            wrong[NAMED:] = [
                _("%(value)s more are no email addresses.") % {"value": len(wrong) - NAMED}
            ]
        if wrong:
            raise ValidationError(wrong)
        if not emails:
            raise ValidationError(_("Enter an email address."))
        return emails


def shortened(line: str) -> str:
    return line if len(line) <= 60 else f"{line[:60]}…"


class QuantityForm(forms.Form):
    """How many seats to pay for from now on."""

    quantity = forms.IntegerField(
        label=gettext_lazy("Seats"),
        min_value=1,
        max_value=MOST_SEATS,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), HOW_MANY),
    )
