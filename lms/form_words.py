"""What forms say where a field has no words of its own, in place of Django's.

Fields read these when they are made, so this is done before any form is imported.
"""

from django.core import validators
from django.forms import ChoiceField, Field, FileField, URLField
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

MISSING = _("Fill this in.")
NOT_CHOSEN = _("Choose one.")
TOO_LONG = _("This text is longer than %(limit_value)d characters.")
TOO_SHORT = _("Write at least %(limit_value)d characters.")
TOO_MUCH = _("Enter %(limit_value)s or less.")
TOO_LITTLE = _("Enter %(limit_value)s or more.")
NOT_KEPT = _("This text holds characters that cannot be kept.")
NO_ADDRESS = _("Enter a whole address, such as https://example.org/page.")
NO_SLUG = _("Use letters a to z, digits, hyphens and underscores alone.")
LONG_NAME = _("The file's name is longer than %(max)d characters.")
NO_FILE = _("Choose a file.")
EMPTY_FILE = _("The file is empty.")
# Fields without a label are called by their name in the code; templates translate it.
FIELDS = (
    gettext_noop("Address"),
    gettext_noop("Archived"),
    gettext_noop("Attempts"),
    gettext_noop("Authors"),
    gettext_noop("Bank"),
    gettext_noop("Bio"),
    gettext_noop("Captions"),
    gettext_noop("Company"),
    gettext_noop("Compare"),
    gettext_noop("Correct"),
    gettext_noop("Course"),
    gettext_noop("Cover"),
    gettext_noop("Decision"),
    gettext_noop("Description"),
    gettext_noop("Difficulty"),
    gettext_noop("Expected"),
    gettext_noop("Explanation"),
    gettext_noop("Factor"),
    gettext_noop("Feedback"),
    gettext_noop("For alike"),
    gettext_noop("From"),
    gettext_noop("Function"),
    gettext_noop("Handle"),
    gettext_noop("Hint"),
    gettext_noop("Hints"),
    gettext_noop("Kind"),
    gettext_noop("Language"),
    gettext_noop("Layout"),
    gettext_noop("Licence"),
    gettext_noop("Location"),
    gettext_noop("Memory"),
    gettext_noop("Minutes"),
    gettext_noop("Model answer"),
    gettext_noop("Name"),
    gettext_noop("Occupation"),
    gettext_noop("Phone"),
    gettext_noop("Pick"),
    gettext_noop("Points"),
    gettext_noop("Position"),
    gettext_noop("Poster"),
    gettext_noop("Prerequisite"),
    gettext_noop("Raises"),
    gettext_noop("Reason"),
    gettext_noop("Required plan"),
    gettext_noop("Rules"),
    gettext_noop("Seconds"),
    gettext_noop("Show"),
    gettext_noop("Slug"),
    gettext_noop("Starter"),
    gettext_noop("Summary"),
    gettext_noop("Tags"),
    gettext_noop("Text"),
    gettext_noop("Theme"),
    gettext_noop("Time limit"),
    gettext_noop("Title"),
    gettext_noop("To"),
    gettext_noop("Tolerance"),
    gettext_noop("Topics"),
    gettext_noop("Visible"),
    gettext_noop("Wait"),
    gettext_noop("Website"),
    gettext_noop("Widget"),
    gettext_noop("Widget height"),
)


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
