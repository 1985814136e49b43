"""Forms of the settings pages."""

import unicodedata
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext, gettext_lazy

from accounts.fields import NameField
from accounts.models import ApiToken, Profile
from accounts.names import BREAKS, HIDDEN, LINE_BREAKS, InvalidName, clean_handle
from accounts.zones import zone_names, zones_by_region

# Where a profile elsewhere lives. An empty name: anywhere, as with Mastodon.
SOCIALS = {
    "github": ("GitHub", "github.com"),
    "gitlab": ("GitLab", "gitlab.com"),
    "linkedin": ("LinkedIn", "linkedin.com"),
    "mastodon": ("Mastodon", ""),
    "youtube": ("YouTube", "youtube.com"),
}
MAX_BIO = 4000


class LineField(forms.CharField):
    """One line of text in NFC that reads as it is stored."""

    def clean(self, value: Any) -> str:
        text: str = unicodedata.normalize("NFC", super().clean(value))
        if BREAKS.search(text):
            raise ValidationError(LINE_BREAKS)
        if HIDDEN.search(text) or any(unicodedata.category(c) == "Cc" for c in text):
            raise ValidationError(gettext("This holds characters that cannot be shown."))
        return text


class WebAddressField(LineField):
    """An address of a page. It becomes a link and is never fetched by the server."""

    widget = forms.URLInput

    def __init__(self, *, host: str = "", schemes: tuple[str, ...] = ("https",), **kwargs: Any):
        super().__init__(max_length=200, required=False, **kwargs)
        self.host = host
        self.validators.append(
            URLValidator(schemes=schemes, message=gettext_lazy("Enter a full web address."))
        )

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        found = (urlsplit(text).hostname or "") if text else self.host
        if self.host and found != self.host and not found.endswith(f".{self.host}"):
            raise ValidationError(gettext("Enter an address at %(host)s.") % {"host": self.host})
        return text


if TYPE_CHECKING:
    OfProfile = forms.ModelForm[Profile]
else:
    OfProfile = forms.ModelForm  # not a generic class at run time


class ProfileForm(OfProfile):
    """Everything a person says about themself, the name included."""

    name = NameField(
        help_text=gettext_lazy("What everybody sees."),
        error_messages={"required": gettext_lazy("Enter your name.")},
    )
    location = LineField(max_length=80, required=False)
    occupation = LineField(max_length=80, required=False)
    company = LineField(max_length=80, required=False)
    phone = LineField(max_length=32, required=False, help_text=gettext_lazy("Nobody else sees it."))
    address = LineField(
        max_length=300, required=False, help_text=gettext_lazy("Nobody else sees it.")
    )
    website = WebAddressField(schemes=("https", "http"))

    class Meta:
        model = Profile
        fields: ClassVar[list[str]] = [
            "name",
            "handle",
            "is_public",
            "bio",
            "location",
            "occupation",
            "company",
            "website",
            "phone",
            "address",
        ]
        labels: ClassVar[dict[str, str | Promise]] = {
            "is_public": gettext_lazy("Show my profile to everybody")
        }
        help_texts: ClassVar[dict[str, str | Promise]] = {
            "handle": gettext_lazy(
                "The last part of your page's address: small letters, digits, hyphens."
            ),
            "is_public": gettext_lazy("Your name, picture, bio and links. Never your email."),
        }
        widgets: ClassVar[dict[str, forms.Widget]] = {
            "bio": forms.Textarea({"rows": 6, "maxlength": MAX_BIO}),
            "handle": forms.TextInput({"autocapitalize": "none", "spellcheck": "false"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Handles are refused by words of our own, not by the length of the column.
        self.fields["handle"] = forms.CharField(
            required=False,
            label=gettext("Handle"),
            help_text=self.fields["handle"].help_text,
            widget=self.fields["handle"].widget,
        )
        self.fields["handle"].widget.attrs.pop("maxlength", None)
        self.initial["name"] = self.instance.user.name
        for key, (label, host) in SOCIALS.items():
            self.fields[key] = WebAddressField(label=label, host=host)
            self.initial[key] = self.instance.socials.get(key, "")

    def clean_handle(self) -> str | None:
        text = self.cleaned_data["handle"]
        try:
            return clean_handle(text) if text else None
        except InvalidName as error:
            raise ValidationError(str(error)) from error

    def clean_bio(self) -> str:
        """Keep it as typed, with one kind of line end."""
        bio: str = self.cleaned_data["bio"].replace("\r\n", "\n")
        return bio

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("is_public") and not data.get("handle") and "handle" not in self.errors:
            self.add_error(
                "handle", gettext("Choose a handle first: it is the address of your page.")
            )
        links = {key: data.get(key) for key in SOCIALS}
        self.instance.socials = {key: link for key, link in links.items() if link}
        return data

    def validate_unique(self) -> None:
        """`accounts.actions.save_profile` tells, in one step with the writing."""


class AvatarForm(forms.Form):
    """`accounts.avatars` looks at what is in the file."""

    avatar = forms.FileField(
        label=gettext_lazy("Picture"),
        allow_empty_file=True,
        help_text=gettext_lazy("PNG, JPEG or WebP, at most 2 MiB. It is cut to a square."),
        widget=forms.FileInput({"accept": "image/png,image/jpeg,image/webp"}),
    )


class AppearanceForm(forms.Form):
    theme = forms.ChoiceField(
        choices=[
            ("system", gettext_lazy("As my device")),
            ("light", gettext_lazy("Light")),
            ("dark", gettext_lazy("Dark")),
        ],
        widget=forms.RadioSelect({"data-theme-choice": ""}),
    )
    show_points = forms.BooleanField(
        required=False,
        label=gettext_lazy("Show points and streaks"),
        help_text=gettext_lazy(
            "Off: XP, levels, streaks, goals and charts are hidden. Nothing is lost."
        ),
    )
    shortcuts = forms.BooleanField(
        required=False,
        label=gettext_lazy("Single-key shortcuts"),
        help_text=gettext_lazy("Press ? on any page to see them."),
    )
    tab_indents = forms.BooleanField(
        required=False,
        label=gettext_lazy("Tab indents in the code editor"),
        help_text=gettext_lazy(
            "Esc, then Tab leaves it. Switched off, Tab goes to the next field."
        ),
    )


class PrivacyForm(forms.Form):
    named_visits = forms.BooleanField(
        required=False,
        label=gettext_lazy("Count my visits under my name"),
        help_text=gettext_lazy(
            "Helps to see how learning goes on. Off: pages are counted without names."
        ),
    )


class TimeForm(forms.Form):
    """The choices depend on what is stored: a zone under an old name stays choosable."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: list[Any] = [*zones_by_region()]
        offered = {name for _, places in zones_by_region() for name, _ in places}
        current = self.initial.get("timezone", "UTC")
        if current in zone_names() - offered:
            choices.insert(0, (current, current))
        self.fields["timezone"] = forms.ChoiceField(
            label=gettext("Time zone"),
            choices=choices,
            help_text=gettext("Days and deadlines follow it."),
        )


class TokenForm(forms.Form):
    name = LineField(
        max_length=60,
        help_text=gettext_lazy('What will use it, such as "My editor".'),
        error_messages={"required": gettext_lazy("Enter a name.")},
    )
    days = forms.IntegerField(
        label=gettext_lazy("Days until it expires"),
        min_value=1,
        max_value=ApiToken.LIFETIME.days,
        initial=ApiToken.LIFETIME.days,
        help_text=format_lazy(gettext_lazy("At most {days}."), days=ApiToken.LIFETIME.days),
        error_messages={"required": gettext_lazy("Enter a number of days.")},
    )
    reads_only = forms.BooleanField(
        required=False,
        label="Read-only",
        help_text=gettext_lazy("It sees what you see and changes nothing."),
    )
