"""Forms of the editors of quizzes and assignments: the rules are those of the admin's forms."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.models import inlineformset_factory
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.models import Assignment, Bank, Option, Question, Quiz, TestCase
from assessments.questions import FAMILY
from courses.form_fields import RowField
from studio.admin.assignment_forms import AssignmentForm, CaseForm
from studio.admin.question_forms import OptionForm, OptionFormSet, QuestionForm
from studio.admin.quiz import BankFormSet
from studio.authoring_forms import plain, say_nothing


class QuizRulesForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Quiz
        fields = (
            "pass_percent", "time_limit", "max_attempts", "wait", "review", "layout", "shuffle",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self)


def bank_rows(quiz: Quiz, data: Any = None) -> Any:
    made = inlineformset_factory(Quiz, Bank, formset=BankFormSet, fields=("name", "pick"), extra=1)
    return made(data, instance=quiz, prefix="banks")


OF_KIND = {
    "options": ("shuffle",),
    "line": ("accept", "tolerance", "match_case"),
    "open": ("model_answer",),
}


class QuestionEditForm(QuestionForm):
    """A question of one family of kinds: only its fields are there, with script and without."""

    class Meta(QuestionForm.Meta):
        fields: Any = (
            "kind", "prompt", "accept", "tolerance", "match_case", "model_answer", "explanation",
            "points", "shuffle", "topics", "taught_in", "bank",
        )  # fmt: skip
        field_classes = {"taught_in": RowField, "bank": RowField}
        labels = {"prompt": gettext_lazy("Question"), "taught_in": gettext_lazy("Taught in")}
        help_texts: Any = {**QuestionForm.Meta.help_texts, "points": ""}
        error_messages = {"prompt": {"required": gettext_lazy("Enter the question.")}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        family = FAMILY[Question.Kind(self.instance.kind)]
        unused = {name for key, names in OF_KIND.items() if key != family for name in names}
        if family == "open":
            unused.add("points")
            self.instance.points = Decimal(0)
        for name in unused:
            del self.fields[name]
        kind: Any = self.fields["kind"]
        kind.choices = [(one.value, one.label) for one in Question.Kind if FAMILY[one] == family]
        if len(kind.choices) == 1:
            kind.widget = forms.HiddenInput()
        self.fields["topics"].widget.attrs["rows"] = 3
        say_nothing(self, taught_in=_("None"), bank=_("None: it is always asked"))
        plain(self)

    def _quiz(self) -> Quiz | None:
        quiz: Quiz = self.instance.quiz
        return quiz


class OptionEditForm(OptionForm):
    """A row that says nothing but its place was left empty."""

    class Meta(OptionForm.Meta):
        widgets = {
            "text": forms.Textarea(attrs={"rows": 2}),
            "feedback": forms.Textarea(attrs={"rows": 2}),
        }
        error_messages: Any = {
            "text": {"required": gettext_lazy("Write the option, or take it out.")}
        }

    @property
    def changed_data(self) -> list[str]:
        return [name for name in super().changed_data if name != "position"]


class OptionRows(OptionFormSet):
    """Each row stands in a group that says its number."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        for field in form.fields.values():
            field.widget.attrs.pop("aria-label", None)


def option_rows(question: Question, data: Any = None) -> Any:
    """Rows for the options, some of them empty where there are none yet."""
    extra = 0 if not question._state.adding else 3
    made = inlineformset_factory(
        Question,
        Option,
        form=OptionEditForm,
        formset=OptionRows,
        extra=extra,
        can_delete=False,
    )
    rows = Option.objects.order_by("position", "id")
    return made(data, instance=question, prefix="options", queryset=rows)


class AssignmentEditForm(AssignmentForm):
    class Meta(AssignmentForm.Meta):
        fields: Any = (
            "language", "function", "starter", "solution", "hints", "compare", "tolerance",
            "pass_percent", "cpu_seconds", "memory",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self)

    def clean(self) -> dict[str, Any]:
        """What compares follows whether it is a function, unless somebody chose it."""
        data = super().clean()
        fitting = Assignment.FOR_FUNCTIONS if data.get("function") else Assignment.FOR_PROGRAMS
        if "compare" not in data or data["compare"] in fitting:
            return data
        if "compare" in self.changed_data:
            self.add_error("compare", unfitting(data["function"], fitting))
        else:
            data["compare"] = fitting[0]
        return data


def unfitting(function: str, fitting: Iterable[Assignment.Compare]) -> str:
    """That what comes out is not compared in this way, by the words of the menu."""
    kind = _("What a function gives back") if function else _("What a program prints")
    *most, last = (f"“{one.label}”" for one in fitting)
    return _("%(kind)s is compared %(most)s or %(last)s. Choose one of them.") % {
        "kind": kind,
        "most": ", ".join(most),
        "last": last,
    }


class CaseEditForm(CaseForm):
    """A case by itself: its place and whether it is archived are buttons of the list."""

    class Meta(CaseForm.Meta):
        model = TestCase

    def __init__(self, *args: Any, assignment: Assignment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        called = ("args", "kwargs", "expected", "raises", "function")
        unused = ("stdin", "expected_stdout") if assignment.function else called
        for name in ("position", "archived", *unused):
            del self.fields[name]
        self.order_fields(["name", *called, *unused, "stdin", "expected_stdout", "is_visible"])
        plain(self)
