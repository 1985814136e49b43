"""What forms say where a field has no words of its own, in place of Django's.

Fields read these when they are made, so this is done before any form is imported.
"""

from django.core import validators
from django.forms import ChoiceField, Field, FileField, URLField

MISSING = "Fill this in."
NOT_CHOSEN = "Choose one."
TOO_LONG = "This text is longer than %(limit_value)d characters."
TOO_SHORT = "Write at least %(limit_value)d characters."
TOO_MUCH = "Enter %(limit_value)s or less."
TOO_LITTLE = "Enter %(limit_value)s or more."
NOT_KEPT = "This text holds characters that cannot be kept."
NO_ADDRESS = "Enter a whole address, such as https://example.org/page."
NO_SLUG = "Use letters a to z, digits, hyphens and underscores alone."
LONG_NAME = "The file's name is longer than %(max)d characters."
NO_FILE = "Choose a file."
EMPTY_FILE = "The file is empty."


def speak_plainly() -> None:
    validators.MaxLengthValidator.message = TOO_LONG
    validators.MinLengthValidator.message = TOO_SHORT
    validators.MaxValueValidator.message = TOO_MUCH
    validators.MinValueValidator.message = TOO_LITTLE
    validators.ProhibitNullCharactersValidator.message = NOT_KEPT
    validators.URLValidator.message = NO_ADDRESS
    validators.validate_slug.message = NO_SLUG
    Field.default_error_messages["required"] = MISSING
    ChoiceField.default_error_messages["required"] = NOT_CHOSEN
    URLField.default_error_messages["invalid"] = NO_ADDRESS
    FileField.default_error_messages |= {
        "required": NO_FILE, "missing": NO_FILE, "invalid": NO_FILE, "empty": EMPTY_FILE,
        "max_length": LONG_NAME,
    }  # fmt: skip
