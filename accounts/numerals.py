"""Numbers as they are written in the language of who reads."""

from decimal import Decimal

from django.utils.formats import number_format
from django.utils.functional import lazy
from django.utils.translation import gettext as _


def grouped(number: int) -> str:
    """Say a whole number with its thousands apart: "1,200", in German "1.200"."""
    return number_format(number, force_grouping=True)


grouped_lazy = lazy(grouped, str)


def decimal(number: float, places: int | None = None) -> str:
    """Say a number with so many digits behind the point; without a wish, as few as it needs."""
    written = f"{number:g}" if places is None else f"{number:.{places}f}"
    return number_format(Decimal(written), places)


def percent(number: object) -> str:
    """Say what is in percent already: "31%", in German "31 %"."""
    return _("%(number)s%%") % {"number": number}
