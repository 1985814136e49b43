"""The one password rule that Django does not bring."""

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


class MaximumLengthValidator:
    """Refuse passwords beyond 128 characters: hashing a megabyte is a favour to nobody."""

    max_length = 128

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        if len(password) > self.max_length:
            raise ValidationError(self.get_help_text(), code="password_too_long")

    def get_help_text(self) -> str:
        return _("A password has at most %(max_length)s characters.") % {
            "max_length": self.max_length
        }
