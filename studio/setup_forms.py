"""The form of what the owner says of the school."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import hues
from accounts.emails import InvalidEmail, ascii_domain
from accounts.models import School
from accounts.settings_forms import LineField
from accounts.zones import zone_names, zones_by_region

MOST_DOMAINS = 20


class DomainsField(forms.CharField):
    """Domains of addresses, between spaces or commas, as they stand in addresses."""

    def clean(self, value: Any) -> list[str]:
        words = [word.lstrip("@") for word in re.split(r"[\s,;]+", super().clean(value)) if word]
        if len(words) > MOST_DOMAINS:
            raise ValidationError(
                _("Name at most %(most_domains)s domains.") % {"most_domains": MOST_DOMAINS}
            )
        return sorted({domain_of(word) for word in words})


def domain_of(word: str) -> str:
    try:
        return ascii_domain(word)
    except InvalidEmail as error:
        raise ValidationError(
            _("“%(word)s” is no domain such as school.example.") % {"word": word[:80]}
        ) from error


class SchoolForm(forms.Form):
    """Its name, its colour, its zone, and who may join."""

    name = LineField(
        max_length=60,
        label=gettext_lazy("Name of the school"),
        help_text=gettext_lazy("On every page, in mail and on certificates."),
        error_messages={"required": gettext_lazy("Enter a name.")},
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    hue = forms.TypedChoiceField(
        choices=[("", gettext_lazy("Lagoon, as it comes")), *hues.NAMES.items()],
        coerce=int,
        empty_value=None,
        required=False,
        label=gettext_lazy("Colour"),
        help_text=gettext_lazy("Of links and buttons, in both themes."),
    )
    timezone = forms.ChoiceField(
        choices=zones_by_region,
        label=gettext_lazy("Time zone"),
        help_text=gettext_lazy("For guests. Everybody with an account has their own."),
    )
    joining = forms.ChoiceField(
        choices=School.Joining.choices, label=gettext_lazy("Who may join"), widget=forms.RadioSelect
    )
    domains = DomainsField(
        required=False,
        label=gettext_lazy("Domains of your addresses"),
        help_text=gettext_lazy("Only for “an address of ours”, such as school.example."),
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocapitalize": "none"}),
    )

    minimum_age = forms.TypedChoiceField(
        choices=[
            ("", gettext_lazy("Nobody is asked")),
            *((age, str(age)) for age in range(13, 19)),
        ],
        coerce=int,
        empty_value=None,
        required=False,
        label=gettext_lazy("Least age to sign up alone"),
        help_text=gettext_lazy(
            "Whoever signs up says that they are as old, or that a parent agrees. In most of "
            "Europe it is 16 or less; no date of birth is asked for."
        ),
    )

    def clean_hue(self) -> int | None:
        hue: int | None = self.cleaned_data["hue"]
        if hue is not None and (bad := hues.faults(hue)):
            raise ValidationError(
                _("This colour could not be read everywhere (%(bad)s).") % {"bad": bad[0]}
            )
        return hue

    def clean_timezone(self) -> str:
        zone: str = self.cleaned_data["timezone"]
        return zone if zone in zone_names() else "UTC"

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        wants_domains = data.get("joining") == School.Joining.DOMAIN
        if wants_domains and "domains" not in self.errors and not data.get("domains"):
            self.add_error("domains", _("Name at least one domain."))
        return data
