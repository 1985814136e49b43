"""The form of an assignment and the rows of its cases: what is wrong is said in sentences."""

from __future__ import annotations

import json
import re
from typing import Any

from django import forms
from django.forms.models import BaseInlineFormSet
from django.utils.translation import gettext, gettext_lazy

from accounts.numerals import grouped
from assessments.fairness import (
    faults_of_case,
    faults_of_count,
    faults_of_no_case,
    faults_of_rules,
)
from assessments.models import Assignment, TestCase
from assessments.models.assignment import LONGEST_HINT, MAX_INPUT, MOST_HINTS
from sandbox.job import MAX_SOURCE
from studio.admin.verbs import LATER, PlacedForm

BETWEEN_HINTS = re.compile(r"^--- *$", re.MULTILINE)


def monospace(rows: int) -> forms.Textarea:
    attrs = {"rows": rows, "class": "vLargeTextField lesson-text", "spellcheck": "false"}
    return forms.Textarea(attrs=attrs)


def plain_lines(text: str) -> str:
    """The text as it was typed: browsers send line ends of their own."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


class CodeField(forms.CharField):
    """A text in which every space counts."""

    def __init__(self, *, rows: int, **kwargs: Any) -> None:
        super().__init__(strip=False, required=False, widget=monospace(rows), **kwargs)

    def to_python(self, value: Any) -> str:
        return plain_lines(super().to_python(value) or "")

    def has_changed(self, initial: Any, data: Any) -> bool:
        return plain_lines(initial or "") != plain_lines(data or "")


class Typed(str):
    """What somebody typed into a field, as opposed to a value that is a text."""

    __slots__ = ()


class ValueField(forms.Field):
    """A value as JSON; what cannot be read is named with its line. Left empty, it is `empty`."""

    def __init__(self, *, empty: Any, rows: int = 2, **kwargs: Any) -> None:
        super().__init__(required=False, widget=monospace(rows), **kwargs)
        self.empty = empty

    def to_python(self, value: Any) -> Any:
        text = plain_lines(str(value or ""))
        return read_value(text) if text.strip() else read_value(written(self.empty))

    def validate(self, value: Any) -> None:
        """Nothing, false and no items are values."""

    def bound_data(self, data: Any, initial: Any) -> Any:
        return Typed(data or "")

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Typed):
            return value
        return "" if written(value) == written(self.empty) else written(value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return written(initial) != written(self.to_python(data))
        except forms.ValidationError:
            return True


def written(value: Any) -> str:
    """As JSON. In what order names stand is part of a value: programs see it."""
    return json.dumps(value, ensure_ascii=False)


def read_value(text: str) -> Any:
    """Read JSON. Raises ValidationError with the place of what is wrong."""
    try:
        return json.loads(text, parse_constant=refuse_constant, object_pairs_hook=once)
    except json.JSONDecodeError as fault:
        place = gettext("Line %(lineno)s, column %(colno)s") % {
            "lineno": fault.lineno,
            "colno": fault.colno,
        }
        words = fault.msg[:1].lower() + fault.msg[1:]
        raise forms.ValidationError(f"{place}: {words}. {advice(text)}".strip()) from None
    except RecursionError:
        raise forms.ValidationError(gettext("The values are nested too deeply.")) from None
    except ValueError:
        raise forms.ValidationError(gettext("A whole number has at most 4,000 digits.")) from None


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        raise forms.ValidationError(gettext("A name stands twice in an object."))
    return value


def refuse_constant(name: str) -> Any:
    raise forms.ValidationError(gettext("%(name)s cannot be written in JSON.") % {"name": name})


def advice(text: str) -> str:
    """What is written otherwise in Python or JavaScript than in JSON."""
    if re.search(r"\b(True|False|None|undefined)\b", text):
        return gettext("JSON writes true, false and null.")
    return gettext("Texts stand between double quotes.") if "'" in text else ""


class HintsField(forms.Field):
    """Hints one after the other; a line of three dashes begins the next."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, widget=monospace(6), **kwargs)

    def to_python(self, value: Any) -> list[str]:
        parts = BETWEEN_HINTS.split(plain_lines(str(value or "")))
        return [part.strip("\n") for part in parts if part.strip()]

    def validate(self, value: Any) -> None:
        if len(value) > MOST_HINTS:
            raise forms.ValidationError(
                gettext("At most %(most_hints)s hints.") % {"most_hints": MOST_HINTS}
            )
        if any(len(one) > LONGEST_HINT for one in value):
            raise forms.ValidationError(
                gettext("A hint has at most %(longest_hint)s characters.")
                % {"longest_hint": grouped(LONGEST_HINT)}
            )

    def prepare_value(self, value: Any) -> Any:
        return "\n---\n".join(value) if isinstance(value, list) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return [one.strip("\n") for one in initial or []] != self.to_python(data)


TO_THE_LETTER = (CodeField, ValueField, HintsField)


class KeepingForm(forms.ModelForm):  # type: ignore[type-arg]
    """What was not changed stays to the letter, also where a browser would send it otherwise."""

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.instance._state.adding:
            kept = [name for name in data if isinstance(self.fields[name], TO_THE_LETTER)]
            changed = set(self.changed_data)
            data |= {name: self.initial[name] for name in kept if name not in changed}
        return data


class AssignmentForm(KeepingForm):
    starter = CodeField(
        label=gettext_lazy("Starter"),
        rows=10,
        max_length=MAX_SOURCE,
        help_text=gettext_lazy("What learners begin with."),
    )
    solution = CodeField(
        rows=16,
        max_length=MAX_SOURCE,
        label=gettext_lazy("Reference solution"),
        help_text=gettext_lazy("Learners never see it. It is run with every case when you save."),
    )
    hints = HintsField(
        label=gettext_lazy("Hints"),
        help_text=gettext_lazy("Markdown. A line of three dashes (---) begins the next hint."),
    )

    class Meta:
        model = Assignment
        fields = "__all__"  # noqa: DJ007 (the admin class names the fields)
        help_texts = {
            "tolerance": gettext_lazy("For “numbers within the tolerance” only."),
            "compare": gettext_lazy("How what comes out is compared with what is expected."),
        }

    def _post_clean(self) -> None:
        """The rules are judged together, once every field is read."""
        super()._post_clean()  # type: ignore[misc]
        for name, words in faults_of_rules(self.instance):
            if name not in self.errors:
                self.add_error(name, words)


class CaseForm(PlacedForm, KeepingForm):
    args = ValueField(
        empty=[],
        label=gettext_lazy("Arguments"),
        help_text=gettext_lazy('A list in JSON: [1, "two", [3.0, null]].'),
    )
    kwargs = ValueField(
        empty={},
        label=gettext_lazy("Named arguments"),
        help_text=gettext_lazy('An object in JSON: {"reverse": true}.'),
    )
    expected = ValueField(
        label=gettext_lazy("Expected"),
        empty=None,
        help_text=gettext_lazy("What it gives back, in JSON. Empty: null."),
    )
    stdin = CodeField(rows=4, max_length=MAX_INPUT, label=gettext_lazy("Input"))
    expected_stdout = CodeField(rows=4, max_length=MAX_INPUT, label=gettext_lazy("Expected output"))

    class Meta:
        model = TestCase
        fields = (
            "name", "is_visible", "points", "hint", "position", "archived", "function",
            "args", "kwargs", "expected", "raises", "stdin", "expected_stdout",
        )  # fmt: skip
        help_texts = {
            "is_visible": gettext_lazy(
                "Learners see it whole and may run it as often as they like."
            ),
            "hint": gettext_lazy("Shown to whoever fails it."),
            "function": gettext_lazy("Empty: the function of the assignment."),
            "raises": gettext_lazy("The error that must be raised, such as ValueError. *: any."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # What the page does not show is not sent, which must not empty it.
        for name in set(self.fields) - set(self._meta.fields or ()):
            del self.fields[name]


class CaseFormSet(BaseInlineFormSet):  # type: ignore[type-arg]
    """The cases of an assignment, judged by its rules as they are being saved."""

    def clean(self) -> None:
        super().clean()
        if any(self.errors):
            return
        live = [form for form in self.filled() if not form.instance.deleted_at]
        for form in live:
            for name, words in faults_of_case(self.instance, form.instance):
                form.add_error(name if name in form.fields else None, words)
        if faults := faults_of_count(len(live)) + faults_of_no_case(self.instance, live):
            raise forms.ValidationError([words for _, words in faults])

    def filled(self) -> list[Any]:
        return [
            form for form in self.forms if form.has_changed() or not form.instance._state.adding
        ]

    def cases(self) -> list[TestCase]:
        """All cases in the order that their numbers say, those without one last."""
        written_cases = [form.instance for form in self.filled()]
        return sorted(written_cases, key=lambda case: case.position or LATER)
