"""Rates that say how many they are of, and spans of time in words."""

from datetime import timedelta

from django import template
from django.utils.translation import gettext as _

from accounts.numerals import decimal
from studio.templatetags.numbers import seconds, share

register = template.Library()

# Of fewer a rate says more than is known.
ENOUGH = 10
DAYS = timedelta(days=2)


@register.simple_tag
def rate(count: int, of: int) -> str:
    """Say how many of how many; from ten on also in percent."""
    if not of:
        return "–"
    counted = _("%(count)s of %(of)s") % {"count": count, "of": of}
    return f"{share(count / of)} ({counted})" if of >= ENOUGH else counted


@register.filter
def lasting(value: timedelta | None) -> str:
    """Say how long something takes: "under 1 s", "40 min", "5 h 20 min", "3 days"."""
    if value is None:
        return "–"
    if value < timedelta(seconds=1):
        return _("under 1 s")
    if value >= DAYS:
        days = round(value / timedelta(days=1), 1)
        return _("%(days)s days") % {"days": decimal(days)}
    minutes = timedelta(minutes=1)
    return seconds(value.total_seconds() if value < minutes else 60 * round(value / minutes))
