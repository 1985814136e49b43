"""What learners choose about their streak and their week."""

from typing import Any

from django import forms

from gamification.goals import MOST_LESSONS
from gamification.streak_choices import MOST_REST_DAYS

WEEKDAYS = [
    (1, "Monday"),
    (2, "Tuesday"),
    (3, "Wednesday"),
    (4, "Thursday"),
    (5, "Friday"),
    (6, "Saturday"),
    (7, "Sunday"),
]


class RestForm(forms.Form):
    """Days of the week that need no work."""

    weekdays = forms.TypedMultipleChoiceField(
        choices=WEEKDAYS,
        coerce=int,
        required=False,
        label="Rest days",
        help_text="Two at most. What you do on them counts all the same.",
        widget=forms.CheckboxSelectMultiple,
    )

    def clean_weekdays(self) -> list[int]:
        chosen: list[int] = self.cleaned_data["weekdays"]
        if len(chosen) > MOST_REST_DAYS:
            raise forms.ValidationError("Choose two days of the week at most.")
        return chosen


class DateField(forms.DateField):
    """A date as browsers send it."""

    def __init__(self, label: str, **options: Any) -> None:
        options["error_messages"] = {
            "required": f"Enter the {label.lower()}.",
            "invalid": "Enter a date, such as 2026-12-24.",
        }
        widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
        super().__init__(label=label, widget=widget, input_formats=["%Y-%m-%d"], **options)


class PauseForm(forms.Form):
    """A holiday, exams, an illness: nobody asks which."""

    first = DateField("First day")
    last = DateField("Last day")


class GoalForm(forms.Form):
    """How many lessons a week."""

    lessons = forms.IntegerField(
        label="Lessons a week",
        min_value=0,
        max_value=MOST_LESSONS,
        help_text=f"Up to {MOST_LESSONS}. 0 takes the goal away.",
        error_messages={
            "required": "Enter a number of lessons.",
            "invalid": "Enter a whole number.",
        },
        widget=forms.NumberInput({"inputmode": "numeric"}),
    )
