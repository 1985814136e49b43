"""Small things that templates say often."""

import re
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from functools import lru_cache, reduce
from itertools import groupby
from operator import add
from uuid import UUID

from django import template
from django.conf import settings
from django.forms import BoundField
from django.templatetags.static import static
from django.utils.formats import date_format
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts import labels
from accounts.numerals import decimal, percent
from activity.words import title_of
from assessments.analysis import in_words
from classroom.covers import cover_of
from classroom.forms import ReplyForm
from courses.models import Course, Lesson
from courses.spoken import spoken
from courses.videos import is_shown

register = template.Library()
register.filter(labels.in_sentence)

KIND_ICONS = {
    Lesson.Kind.ARTICLE: "file-text",
    Lesson.Kind.VIDEO: "video",
    Lesson.Kind.CODE_EXAMPLE: "code",
    Lesson.Kind.INTERACTIVE: "puzzle",
    Lesson.Kind.QUIZ: "list-checks",
    Lesson.Kind.ASSIGNMENT: "terminal",
}


@register.simple_tag
@lru_cache(maxsize=256)
def icon(name: str, extra: str = "") -> SafeString:
    """Draw a symbol of the sprite; an include for each of fifty rows would cost a page."""
    return format_html(
        '<svg class="icon{}" aria-hidden="true"><use href="{}#i-{}"/></svg>',
        f" {extra}" if extra else "",
        static("icons/sprite.svg"),
        name,
    )


@register.filter
def kind_icon(kind: str) -> str:
    """Name the symbol of a kind of lesson."""
    return KIND_ICONS.get(Lesson.Kind(kind), "file-text")


@register.filter
def kind_label(kind: str) -> str:
    """Say the kind of a lesson in words."""
    return str(Lesson.Kind(kind).label)


@register.filter
def shown_in(address: str, course: Course) -> bool:
    """Whether a page of the course may play what is at this address, whoever wrote it there."""
    return is_shown(address, course.slug)


@register.simple_tag
def cover(slug: str) -> SafeString:
    """Draw the pattern that stands for a course without a picture."""
    return cover_of(slug)


@register.filter
def problems(field: BoundField) -> list[tuple[str, bool]]:
    """Say what is wrong with a field, each with whether the sentence asks to enter it by name."""
    with override(settings.LANGUAGE_CODE):
        asks = [str(error.message).startswith("Enter ") for error in field.errors.as_data()]
    return [(str(said), one) for said, one in zip(field.errors, asks, strict=True)]


SEGMENTS = {state: format_html('<i class="{}"></i>', state) for state in ("on", "now")}
NO_SEGMENT = SafeString("<i></i>")


@register.simple_tag
def track_segments(states: list[str], done: int, total: int) -> SafeString:
    """Draw a segment for each lesson: as `states` say, else the first `done` are filled.

    Not a loop of the template: twelve courses of forty lessons would cost as much as the rest of
    their page twice over.
    """
    return draw(states) if states else filled(done, total)


@lru_cache(maxsize=1024)
def filled(done: int, total: int) -> SafeString:
    return draw(
        ("on" if place < done else "now" if place == done else "") for place in range(total)
    )


def draw(states: Iterable[str]) -> SafeString:
    return reduce(add, (SEGMENTS.get(state, NO_SEGMENT) for state in states), SafeString())


@register.filter
def of_course[Found](found: dict[UUID, Found], course: Course) -> Found | None:
    """Pick what belongs to a course out of what was found for many."""
    return found.get(course.pk)


@register.filter
def duration(minutes: int) -> str:
    """Say minutes as a person would: "12 min", "about 4 h"."""
    if minutes < 60:
        return _("%(minutes)s min") % {"minutes": minutes}
    hours = round(minutes / 30) / 2
    return _("about %(hours)s h") % {"hours": decimal(hours)}


register.filter("seconds", in_words)
register.filter("spoken", spoken, is_safe=True)
register.filter("title_of", title_of)
register.filter("in_percent", percent)


@register.filter
def when(moment: datetime, today: str = "H:i") -> SafeString:
    """Say a moment by the reader's clock, with its day unless that is today."""
    here = localtime(moment)
    form = today if here.date() == localtime().date() else "j M, H:i"
    return format_html('<time datetime="{}">{}</time>', moment.isoformat(), date_format(here, form))


# Between two single backticks of one line.
CODE = re.compile(r"(?<!`)`([^`\r\n]+)`(?!`)")


@register.filter
def with_code(text: str) -> SafeString:
    """Show words in which code stands between backticks; nothing else in them means anything."""
    return SafeString(CODE.sub(r"<code>\1</code>", escape(text)))


@register.filter
def with_hints(text: str) -> SafeString:
    """Show words as `with_code` does, and lines that begin with "- " as a list."""
    parts = list[SafeString]()
    for is_list, lines in groupby(text.splitlines(), lambda line: line.startswith("- ")):
        if is_list:
            rows = ((with_code(line.removeprefix("- ")),) for line in lines)
            parts.append(format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", rows)))
        elif said := "\n".join(lines).strip():
            parts.append(format_html('<p class="typed">{}</p>', with_code(said)))
    return SafeString("".join(parts))


@register.simple_tag
def reply_form(key: UUID, answering: ReplyForm | None) -> ReplyForm:
    """Give the field to answer in: what was typed there with its problems, or an empty one."""
    return answering if answering and answering.key == key else ReplyForm(None, key)


@register.filter
def as_count(value: Decimal) -> int:
    """The whole number by which the form of a word is chosen; parts of one are many, as 100 is."""
    return int(value) if value == int(value) else 100
