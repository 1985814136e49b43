"""Fields for forms that take anything whatever and answer what is wrong with it in words."""

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from courses.texts import validate_lines


class RowField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A row of another table. What is no key at all is no choice either.

    All forms of the admin have it (`lms/admin_input.py`); rows within a form name it themselves.
    """

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except ValidationError as refusal:
            message = self.error_messages["invalid_choice"]
            raise ValidationError(message, "invalid_choice", {"value": value}) from refusal

    def prepare_value(self, value: Any) -> Any:
        """The form that is shown again looks its rows up: only keys may be looked for."""
        value, rows = super().prepare_value(value), cast(QuerySet[Any], self.queryset)
        try:
            rows.model._meta.pk.to_python(value)
        except ValidationError:
            return None
        return value


class LinesField(forms.Field):
    """A list of short texts, written one per line."""

    widget = forms.Textarea(attrs={"rows": 4, "cols": 60})

    def to_python(self, value: Any) -> list[str]:
        lines = str(value or "").replace("\r\n", "\n").split("\n")
        return list(dict.fromkeys(line.strip() for line in lines if line.strip()))

    def run_validators(self, value: Any) -> None:
        super().run_validators(value)
        validate_lines(value)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(map(str, value)) if isinstance(value, list) else value
