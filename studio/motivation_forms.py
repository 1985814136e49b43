"""Forms about points: times that pay more, seasons, challenges, gifts, and reasons."""

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.timezone import override

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

    def __init__(self, label: str, **kwargs: Any) -> None:
        widget = forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        wrong = {"required": "Enter a date and a time.", "invalid": "Enter a date and a time."}
        super().__init__(label=f"{label} (UTC)", widget=widget, error_messages=wrong, **kwargs)

    def to_python(self, value: Any) -> Any:
        with override(UTC):
            return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        with override(UTC):
            return super().prepare_value(value)


class MultiplierForm(admin.MultiplierForm):
    """The rules are those of the admin."""

    starts_at = Moment("Begins", help_text="48 hours from now at the earliest.")
    ends_at = Moment("Ends", help_text="48 hours later at the earliest, with a weekend in it.")

    class Meta:
        model = Multiplier
        fields = ("title", "factor", "course", "starts_at", "ends_at")
        help_texts = {
            "title": "Learners read it.",
            "factor": "More than 1, at most 2. Levels rise faster; leaderboards count without it.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        course: Any = self.fields["course"]
        course.queryset = Course.objects.published().only("title").order_by("title")
        course.empty_label = "The whole school"
        self.fields["title"].validators.append(validate_line)
        plain(self)


class SluggedForm(forms.ModelForm):  # type: ignore[type-arg]
    """An address that nobody types is made from the title."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        slug = self.fields["slug"]
        slug.required, slug.label = False, "Address"
        slug.help_text = "Small letters, digits and hyphens. Left empty, it is made from the title."
        self.fields["title"].validators.append(validate_line)
        plain(self)

    def clean_slug(self) -> str:
        slug = self.cleaned_data["slug"] or slugify(self.cleaned_data.get("title", ""))[:60]
        if not slug:
            raise forms.ValidationError("Enter an address: the title has no letters for one.")
        if slug == "new":
            raise forms.ValidationError("This address is taken.")
        return str(slug)


class SeasonForm(SluggedForm):
    """Until it begins, all of it can be changed."""

    starts_at = Moment("Begins")
    ends_at = Moment("Ends", help_text="Midnight belongs to the next day.")

    class Meta:
        model = Season
        fields = ("title", "slug", "theme", "starts_at", "ends_at", "goal_days")
        labels = {"goal_days": "Days of learning as a goal"}
        help_texts = {"goal_days": "Offered; everybody chooses their own."}

    def clean(self) -> dict[str, Any]:
        """The order of its ends in a sentence; the database says the same in its own."""
        cleaned: dict[str, Any] = super().clean() or {}
        begins, ends = cleaned.get("starts_at"), cleaned.get("ends_at")
        if begins and ends and ends <= begins:
            self.add_error("ends_at", "Let it end after it begins.")
        return cleaned


class ChallengeForm(SluggedForm):
    """A challenge of one course. Its tasks stand in the order of the course."""

    opens_at = Moment("Opens")
    closes_at = Moment("Closes", help_text="Who has started may finish after it.")
    lessons = forms.ModelMultipleChoiceField(
        Lesson.objects.none(),
        label="Tasks",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one task."},
    )

    class Meta:
        model = Challenge
        fields = ("title", "slug", "opens_at", "closes_at", "minutes", "rules")
        help_texts = {"minutes": "From one’s own start: 5 to 480."}

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
            self.add_error("closes_at", "Let it close after it opens.")
        return cleaned


class ReasonForm(forms.Form):
    """Why something is decided or taken back."""

    reason = forms.CharField(
        label="Reason",
        max_length=LONGEST_REASON,
        error_messages={"required": "Say why."},
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
        self.fields["reason"].help_text = "They read it on the page of the challenge."

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
            error_messages=dict.fromkeys(("required", "invalid"), "Enter a date."),
        )
        for label in ("First day", "Last day")
    )


class DecisionForm(ReasonForm):
    """What becomes of a referral. The referrer does not read the reason of a rejection."""

    decision = forms.ChoiceField(
        choices=[("accept", "Accept"), ("reject", "Reject")],
        error_messages={"required": "Choose what becomes of it."},
    )


class GrantForm(ReasonForm):
    """XP for somebody, and why."""

    field_order = ("base", "reason")
    base = forms.IntegerField(
        label="XP",
        min_value=1,
        max_value=ledger.MOST_GRANTED,
        help_text=f"From 1 to {ledger.MOST_GRANTED}. They count on no leaderboard.",
        error_messages={"required": "Enter how many."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = "They read it in their XP history."


class PersonForm(forms.Form):
    """Whose points staff want to see."""

    email = forms.EmailField(max_length=254, error_messages={"required": "Enter their address."})


def words_of(flags: list[str]) -> list[str]:
    """What is unusual, in words; a flag that this version does not know by its name."""
    return [FLAGS.get(flag, flag) for flag in flags]
