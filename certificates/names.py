"""Names as they may stand on a certificate."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from accounts.fields import NameField
from accounts.names import InvalidName, clean_name

MARKUP = gettext_lazy("Write the name without < and >: it is printed as it stands here.")


def clean_holder(text: str) -> str:
    """A display name that nobody takes for markup. Raises InvalidName."""
    name = clean_name(text)
    if "<" in name or ">" in name:
        raise InvalidName(MARKUP)
    return name


class HolderField(NameField):
    """The name on a certificate. It need not be the name that the site shows."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", gettext_lazy("Name on the certificate"))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        try:
            return clean_holder(super().clean(value))
        except InvalidName as error:
            raise ValidationError(str(error), code="invalid") from error
