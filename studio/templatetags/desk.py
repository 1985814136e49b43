"""What a reviewer's desk shows of what programs printed, and how long somebody has waited."""

from datetime import datetime, timedelta

from django import template
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from assessments.printed import legible

register = template.Library()
register.filter("legible", legible)


@register.filter
def waited(since: datetime, moment: datetime) -> str:
    """Say how long it is from then to a moment of the database's clock."""
    if moment - since < timedelta(minutes=1):
        return _("less than a minute")
    return timesince(since, moment)
