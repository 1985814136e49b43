"""Forms about points: times that pay more, seasons, challenges, gifts, and reasons."""

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.text import format_lazy, slugify
from django.utils.timezone import override
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.replies import is_text
from courses.models import Course, Lesson
from courses.texts import validate_line
from gamification import admin, ledger
from gamification.models import Challenge, Multiplier, Season, XPTransaction
from gamification.referral_rules import FLAGS
from studio.authoring_forms import plain
from studio.forms import NO_TEXT

LONGEST_REASON = XPTransaction._meta.get_field("reason").max_length or 0


class Moment(forms.DateTimeField):
    """A moment by UTC, whoever looks: the same for all whom it concerns."""

    def __init__(self, label: str | Promise, **kwargs: Any) -> None:
        widget = forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        wrong = {
            "required": gettext_lazy("Enter a date and a time."),
            "invalid": gettext_lazy("Enter a date and a time."),
        }
        super().__init__(
            label=format_lazy("{} (UTC)", label), widget=widget, error_messages=wrong, **kwargs
        )

    def to_python(self, value: Any) -> Any:
        with override(UTC):
            return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        with override(UTC):
            return super().prepare_value(value)


class MultiplierForm(admin.MultiplierForm):
    """The rules are those of the admin."""

    starts_at = Moment(
        gettext_lazy("Begins"), help_text=gettext_lazy("48 hours from now at the earliest.")
    )
    ends_at = Moment(
        gettext_lazy("Ends"),
        help_text=gettext_lazy("48 hours later at the earliest, with a weekend in it."),
    )

    class Meta:
        model = Multiplier
        fields = ("title", "factor", "course", "starts_at", "ends_at")
        help_texts = {
            "title": gettext_lazy("Learners read it."),
            "factor": gettext_lazy(
                "More than 1, at most 2. Levels rise faster; leaderboards count without it."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        course: Any = self.fields["course"]
        course.queryset = Course.objects.published().only("title").order_by("title")
        course.empty_label = _("The whole school")
        self.fields["title"].validators.append(validate_line)
        plain(self)


class SluggedForm(forms.ModelForm):  # type: ignore[type-arg]
    """An address that nobody types is made from the title."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        slug = self.fields["slug"]
        slug.required, slug.label = False, _("Address")
        slug.help_text = _(
            "Small letters, digits and hyphens. Left empty, it is made from the title."
        )
        self.fields["title"].validators.append(validate_line)
        plain(self)

    def clean_slug(self) -> str:
        slug = self.cleaned_data["slug"] or slugify(self.cleaned_data.get("title", ""))[:60]
        if not slug:
            raise forms.ValidationError(_("Enter an address: the title has no letters for one."))
        if slug == "new":
            raise forms.ValidationError(_("This address is taken."))
        return str(slug)


class SeasonForm(SluggedForm):
    """Until it begins, all of it can be changed."""

    starts_at = Moment(gettext_lazy("Begins"))
    ends_at = Moment(
        gettext_lazy("Ends"), help_text=gettext_lazy("Midnight belongs to the next day.")
    )

    class Meta:
        model = Season
        fields = ("title", "slug", "theme", "starts_at", "ends_at", "goal_days")
        labels = {"goal_days": gettext_lazy("Days of learning as a goal")}
        help_texts = {"goal_days": gettext_lazy("Offered; everybody chooses their own.")}

    def clean(self) -> dict[str, Any]:
        """The order of its ends in a sentence; the database says the same in its own."""
        cleaned: dict[str, Any] = super().clean() or {}
        begins, ends = cleaned.get("starts_at"), cleaned.get("ends_at")
        if begins and ends and ends <= begins:
            self.add_error("ends_at", _("Let it end after it begins."))
        return cleaned


class ChallengeForm(SluggedForm):
    """A challenge of one course. Its tasks stand in the order of the course."""

    opens_at = Moment(gettext_lazy("Opens"))
    closes_at = Moment(
        gettext_lazy("Closes"), help_text=gettext_lazy("Who has started may finish after it.")
    )
    lessons = forms.ModelMultipleChoiceField(
        Lesson.objects.none(),
        label=gettext_lazy("Tasks"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one task.")},
    )

    class Meta:
        model = Challenge
        fields = ("title", "slug", "opens_at", "closes_at", "minutes", "rules")
        help_texts = {"minutes": gettext_lazy("From one’s own start: 5 to 480.")}

    field_order = ("title", "slug", "lessons", "opens_at", "closes_at", "minutes", "rules")

    def __init__(self, *args: Any, course: Course, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        live = Lesson.objects.live().filter(course=course, kind=Lesson.Kind.ASSIGNMENT)
        lessons: Any = self.fields["lessons"]
        lessons.queryset = live.only("title").in_outline_order()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        opens, closes = cleaned.get("opens_at"), cleaned.get("closes_at")
        if opens and closes and closes <= opens:
            self.add_error("closes_at", _("Let it close after it opens."))
        return cleaned


class ReasonForm(forms.Form):
    """Why something is decided or taken back."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=LONGEST_REASON,
        error_messages={"required": gettext_lazy("Say why.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_reason(self) -> str:
        reason: str = self.cleaned_data["reason"]
        if not is_text(reason, LONGEST_REASON):
            raise forms.ValidationError(NO_TEXT)
        return reason


class RestartForm(ReasonForm):
    """Why somebody starts again, and the start that was shown: sent twice, it gives one."""

    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = _("They read it on the page of the challenge.")

    def clean_seen(self) -> datetime | None:
        try:
            return datetime.fromisoformat(self.cleaned_data["seen"])
        except ValueError:
            return None


class PauseForm(forms.Form):
    """From which day to which a streak waits."""

    first, last = (
        forms.DateField(
            label=label,
            widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
            input_formats=["%Y-%m-%d"],
            error_messages=dict.fromkeys(("required", "invalid"), gettext_lazy("Enter a date.")),
        )
        for label in (gettext_lazy("First day"), gettext_lazy("Last day"))
    )


class DecisionForm(ReasonForm):
    """What becomes of a referral. The referrer does not read the reason of a rejection."""

    decision = forms.ChoiceField(
        choices=[("accept", gettext_lazy("Accept")), ("reject", gettext_lazy("Reject"))],
        error_messages={"required": gettext_lazy("Choose what becomes of it.")},
    )


class GrantForm(ReasonForm):
    """XP for somebody, and why."""

    field_order = ("base", "reason")
    base = forms.IntegerField(
        label="XP",
        min_value=1,
        max_value=ledger.MOST_GRANTED,
        help_text=format_lazy(
            gettext_lazy("From 1 to {most_granted}. They count on no leaderboard."),
            most_granted=ledger.MOST_GRANTED,
        ),
        error_messages={"required": gettext_lazy("Enter how many.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = _("They read it in their XP history.")


class PersonForm(forms.Form):
    """Whose points staff want to see."""

    email = forms.EmailField(
        max_length=254, error_messages={"required": gettext_lazy("Enter their address.")}
    )


def words_of(flags: list[str]) -> list[str]:
    """What is unusual, in words; a flag that this version does not know by its name."""
    return [str(FLAGS.get(flag, flag)) for flag in flags]
