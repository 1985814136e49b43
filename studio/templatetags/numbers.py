"""Numbers in words: shares, times, correlations."""

from decimal import Decimal

from django import template
from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from accounts import numerals

register = template.Library()


@register.filter
def share(value: float | None) -> str:
    """Say a share of 1 in percent; nothing and all are said only where they are true."""
    if value is None:
        return "–"
    if 0 < value < 0.005:
        return f"<{numerals.percent(1)}"
    if 0.995 < value < 1:
        return f">{numerals.percent(99)}"
    return numerals.percent(_minus(round(100 * value)))


@register.filter
def percent(value: float | None) -> str:
    """Say what is in percent already, with one decimal."""
    return "–" if value is None else numerals.percent(_minus(round(value, 1)))


@register.filter
def coefficient(value: float | None) -> str:
    """Say a correlation or a reliability, with two decimals."""
    return "–" if value is None else _minus(round(value, 2) + 0.0, 2)


@register.filter
def plain(value: Decimal) -> str:
    """Say a decimal without the noughts that its column adds: "2", "0.5"."""
    return number_format(value.normalize())


@register.filter
def seconds(value: float | None) -> str:
    """Say seconds as a person would: "24 s", "3 min 10 s", "2 h 5 min"."""
    if value is None:
        return "–"
    whole = round(value)
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return (
            _("%(hours)s h %(minutes)s min") % {"hours": intcomma(hours), "minutes": minutes}
            if minutes
            else _("%(hours)s h") % {"hours": intcomma(hours)}
        )
    if minutes:
        return (
            _("%(minutes)s min %(seconds)s s") % {"minutes": minutes, "seconds": rest}
            if rest
            else _("%(minutes)s min") % {"minutes": minutes}
        )
    return _("%(seconds)s s") % {"seconds": rest}


@register.filter
def moment(value: float | None) -> str:
    """Say what a program takes: "0.12 s", "2 s"; what is too short to tell is said so."""
    if value is None:
        return "–"
    return (
        _("less than 0.01 s")
        if value < 0.01
        else _("%(seconds)s s") % {"seconds": numerals.decimal(round(value, 2))}
    )


def _minus(number: float, places: int | None = None) -> str:
    return numerals.decimal(number, places).replace("-", "−")
