"""The form of what one is told."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from notifications import phones, push_services, web_push
from notifications.messages import MESSAGES
from notifications.models import Channel, Contact, Preference
from notifications.topics import TOPICS, Topic

if TYPE_CHECKING:
    OfContact = forms.ModelForm[Contact]
else:
    OfContact = forms.ModelForm  # not a generic class at run time


# Of the refusals of a browser the one that trying again does not mend.
NO_SERVICE = "no_service"


class QuietForm(OfContact):
    """Hours in which nothing is sent that can wait.

    Its problems are alike: the summary of them says which of the two times it is.
    """

    names_fields = True

    class Meta:
        model = Contact
        fields = ("is_quiet", "quiet_from", "quiet_to")
        labels = {
            "is_quiet": gettext_lazy("Send me nothing at night that can wait"),
            "quiet_from": gettext_lazy("Quiet from"),
            "quiet_to": gettext_lazy("Quiet to"),
        }
        widgets = {
            "quiet_from": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "quiet_to": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        }
        error_messages = {
            name: {
                "required": gettext_lazy("Enter a time, such as 21:00."),
                "invalid": gettext_lazy("Enter a time, such as 21:00."),
            }
            for name in ("quiet_from", "quiet_to")
        }

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("quiet_from") and given.get("quiet_from") == given.get("quiet_to"):
            self.add_error(
                "quiet_to", ValidationError(_("Enter another time than the one before."))
            )
        return given


class BrowserForm(forms.Form):
    """What a browser says of itself so that messages can be sent to it."""

    endpoint = forms.CharField(max_length=1000)
    p256dh = forms.CharField(max_length=120)
    auth = forms.CharField(max_length=40)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self.errors:
            return given
        if not push_services.may_be_asked(given["endpoint"]):
            raise ValidationError(_("This is no push service that the site asks."), code=NO_SERVICE)
        try:
            web_push.read_keys(given["p256dh"], given["auth"])
        except web_push.BadKeys as fault:
            raise ValidationError(str(fault)) from fault
        return given


class PhoneForm(forms.Form):
    """The number of a telephone."""

    phone = forms.CharField(
        label=gettext_lazy("Mobile number"),
        max_length=40,
        help_text=gettext_lazy("With the country code, such as +49 151 2345678."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        error_messages={"required": gettext_lazy("Enter a number.")},
    )

    def clean_phone(self) -> str:
        try:
            return phones.clean_number(self.cleaned_data["phone"])
        except phones.ZeroTooMany as fault:
            why = "Leave out the zero after the country code, such as in +49 151 2345678."
            raise ValidationError(why) from fault
        except phones.NoNumber as fault:
            why = _("Enter the whole number with its country code, such as +49 151 2345678.")
            raise ValidationError(why) from fault


class CodeForm(forms.Form):
    """What was sent to the telephone."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
        error_messages={"required": gettext_lazy("Enter the six digits that we sent you.")},
    )

    def clean_code(self) -> str:
        code = "".join(self.cleaned_data["code"].split())
        if not (len(code) == 6 and code.isascii() and code.isdigit()):
            raise ValidationError(_("Enter the six digits that we sent you."))
        return code


def topics_of(*, points: bool) -> list[Topic]:
    """The topics that can be chosen; without those of points for whoever hides them."""
    told = {message.topic.key for message in MESSAGES.values() if points or not message.of_points}
    return [topic for topic in TOPICS.values() if topic.key in told and not topic.always_mail]


def matrix(
    topics: Iterable[Topic], channels: Iterable[Channel], kept: Iterable[Preference]
) -> list[tuple[Topic, list[tuple[Channel, bool | None]]]]:
    """Each topic with its channels, and whether it is on there; None: it cannot be."""
    chosen = {(row.topic, row.channel): row.is_on for row in kept}

    def is_on(topic: Topic, channel: Channel) -> bool | None:
        if channel == Channel.WEEKLY and topic.holds_for:
            return None
        return chosen.get((topic.key, channel), channel in topic.defaults)

    return [(topic, [(one, is_on(topic, one)) for one in channels]) for topic in topics]


def choices_in(posted: QueryDict, channels: Iterable[Channel]) -> dict[tuple[str, str], bool]:
    """What the form says of the topics and channels that it had; of no others."""
    wanted, columns = set(posted.getlist("on")), set(posted.getlist("channel"))
    topics = [TOPICS[key] for key in posted.getlist("topic") if key in TOPICS]
    return {
        (topic.key, channel.value): f"{topic.key}:{channel}" in wanted
        for topic in topics
        if not topic.always_mail
        for channel in channels
        if channel in columns
    }
