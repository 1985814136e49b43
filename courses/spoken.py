"""What our Markdown says in its own words, in the language of the page that shows it.

HTML is rendered once and stored with these words in English; the rest of it is its author's.
"""

import re

from django.conf import settings
from django.utils.translation import get_language, pgettext_lazy

WORDS = {
    "Note": pgettext_lazy("callout", "Note"),
    "Important": pgettext_lazy("callout", "Important"),
    "Tip": pgettext_lazy("callout", "Tip"),
    "Warning": pgettext_lazy("callout", "Warning"),
    "Caution": pgettext_lazy("callout", "Caution"),
    "Try this": pgettext_lazy("callout", "Try this"),
    "Code": pgettext_lazy("in a lesson", "Code"),
    "Table": pgettext_lazy("in a lesson", "Table"),
    "Link to": pgettext_lazy("in a lesson", "Link to"),
    "Take the quiz": pgettext_lazy("in a lesson", "Take the quiz"),
}
# Where they stand: texts of an author end up in none of these places.
STORED = re.compile(
    r'(<p class="callout-title">|<p class="quiz-link"><a href="[^"]*">'
    r'|<(?:pre|div|a) (?:[a-z-]+="[^"]*" )*aria-label=")'
    rf'({"|".join(WORDS)})(?=</|"|: )'
)


def spoken(html: str) -> str:
    """The HTML with our words in the language of who reads."""
    if get_language() == settings.LANGUAGE_CODE:
        return html
    return STORED.sub(lambda found: found[1] + str(WORDS[found[2]]), html)
