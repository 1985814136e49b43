"""What learners choose about their streak and their week."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gamification.goals import MOST_LESSONS
from gamification.streak_choices import MOST_REST_DAYS

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

WEEKDAYS = [
    (1, gettext_lazy("Monday")),
    (2, gettext_lazy("Tuesday")),
    (3, gettext_lazy("Wednesday")),
    (4, gettext_lazy("Thursday")),
    (5, gettext_lazy("Friday")),
    (6, gettext_lazy("Saturday")),
    (7, gettext_lazy("Sunday")),
]


class RestForm(forms.Form):
    """Days of the week that need no work."""

    weekdays = forms.TypedMultipleChoiceField(
        choices=WEEKDAYS,
        coerce=int,
        required=False,
        label=gettext_lazy("Rest days"),
        help_text=gettext_lazy("Two at most. What you do on them counts all the same."),
        widget=forms.CheckboxSelectMultiple,
    )

    def clean_weekdays(self) -> list[int]:
        chosen: list[int] = self.cleaned_data["weekdays"]
        if len(chosen) > MOST_REST_DAYS:
            raise forms.ValidationError(_("Choose two days of the week at most."))
        return chosen


class DateField(forms.DateField):
    """A date as browsers send it."""

    def __init__(
        self, label: "str | _StrPromise", required: "str | _StrPromise", **options: Any
    ) -> None:
        options["error_messages"] = {
            "required": required,
            "invalid": gettext_lazy("Enter a date, such as 2026-12-24."),
        }
        widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
        super().__init__(label=label, widget=widget, input_formats=["%Y-%m-%d"], **options)


class PauseForm(forms.Form):
    """A holiday, exams, an illness: nobody asks which."""

    first = DateField(gettext_lazy("First day"), gettext_lazy("Enter the first day."))
    last = DateField(gettext_lazy("Last day"), gettext_lazy("Enter the last day."))


class GoalForm(forms.Form):
    """How many lessons a week."""

    lessons = forms.IntegerField(
        label=gettext_lazy("Lessons a week"),
        min_value=0,
        max_value=MOST_LESSONS,
        help_text=format_lazy(
            gettext_lazy("Up to {most_lessons}. 0 takes the goal away."), most_lessons=MOST_LESSONS
        ),
        error_messages={
            "required": gettext_lazy("Enter a number of lessons."),
            "invalid": gettext_lazy("Enter a whole number."),
        },
        widget=forms.NumberInput({"inputmode": "numeric"}),
    )
