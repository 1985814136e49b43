"""The form of a question and the rows of its options: what is wrong is said in sentences."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from assessments.models import Bank, Option, Question, Quiz
from assessments.questions import (
    MOST_TOPICS,
    STAYS,
    faults_of_options,
    faults_of_question,
    may_become,
)
from courses.form_fields import LinesField
from courses.models import Lesson
from studio.admin.verbs import LATER, LabelledFormSet, PlacedForm


class AcceptField(LinesField):
    """Accepted answers, one a line; which of them can be used depends on the kind."""

    def run_validators(self, value: Any) -> None:
        forms.Field.run_validators(self, value)


class QuestionForm(forms.ModelForm):  # type: ignore[type-arg]
    accept = AcceptField(
        required=False,
        label=_("Accepted answers"),
        help_text=_("One per line. For text and number questions."),
    )
    topics = LinesField(
        label=_("Topics"),
        required=False,
        help_text=format_lazy(_("One per line, at most {most_topics}."), most_topics=MOST_TOPICS),
    )

    class Meta:
        model = Question
        fields = "__all__"  # noqa: DJ007 (the admin class names the fields)
        widgets = {
            name: forms.Textarea(attrs={"rows": rows, "class": "vLargeTextField lesson-text"})
            for name, rows in (("prompt", 8), ("explanation", 5), ("model_answer", 5))
        }
        help_texts = {
            "prompt": "Markdown.",
            "explanation": _("Markdown. Shown with the right answer."),
            "model_answer": _("Markdown. For open questions: what learners compare theirs with."),
            "tolerance": _("For numbers: 0.01, or 1% of the number. Empty: exactly."),
            "match_case": _("For texts: “For” is not “for”."),
            "points": _("Open questions pay 0."),
            "bank": _("Drawn by lot with others of its bank. Empty: always asked."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        quiz = self._quiz()
        course = quiz.lesson.course_id if quiz else None
        self._offer("bank", Bank.objects.filter(quiz=quiz))
        lessons = Lesson.objects.with_drafts().filter(course=course).in_outline_order()
        self._offer("taught_in", lessons.only("title"))

    def _quiz(self) -> Quiz | None:
        if not self.instance._state.adding:
            own: Quiz = self.instance.quiz
            return own
        chosen = self.data.get("quiz") or self.initial.get("quiz")
        try:
            found = self.fields["quiz"].clean(chosen) if chosen else None
        except forms.ValidationError:
            return None
        return found if isinstance(found, Quiz) else None

    def _offer(self, name: str, rows: Any) -> None:
        if name in self.fields:
            field: Any = self.fields[name]
            field.queryset = rows

    def clean(self) -> dict[str, Any]:
        """What the kind asks for; options are judged by their own rows."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        names = ("kind", "accept", "tolerance", "model_answer", "points", "topics")
        if all(data.get(name) is not None for name in names):
            for name, words in faults_of_question(Question(**{one: data[one] for one in names})):
                self.add_error(name, words)
        if "kind" in data and not self._may_become(data["kind"]):
            self.add_error("kind", STAYS)
        return data

    def _may_become(self, kind: str) -> bool:
        if self.instance._state.adding:
            return True
        before = Question.objects.get(pk=self.instance.pk)
        return may_become(before, kind) or not before.answers.exists()


class OptionForm(PlacedForm):
    class Meta:
        model = Option
        fields = ("text", "is_correct", "feedback", "position")
        widgets = {
            "text": forms.Textarea(attrs={"rows": 2, "cols": 40}),
            "feedback": forms.Textarea(attrs={"rows": 2, "cols": 40}),
        }


class OptionFormSet(LabelledFormSet):
    """The options of a question, judged together."""

    def clean(self) -> None:
        super().clean()
        if not any(self.errors):
            kind = self.instance.kind
            faults = faults_of_options(kind, self.options())
            if faults:
                raise forms.ValidationError(list(faults))

    def options(self) -> list[Option]:
        """All options in the order that their numbers say, those without one last."""
        written = [form.instance for form in self.forms if self._says_something(form)]
        return sorted(written, key=lambda option: option.position or LATER)

    def _says_something(self, form: Any) -> bool:
        return bool(form.instance.text) and (form.has_changed() or not form.instance._state.adding)
