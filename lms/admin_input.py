"""What an address or a form of the admin may name, and Django believes: keys, filters, days."""

import logging
from traceback import format_tb
from typing import Any, ClassVar

from django.contrib.admin import ModelAdmin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import flatten_fieldsets
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import DataError
from django.db.models import DateTimeField, ForeignKey, OneToOneField
from django.db.models.constants import LOOKUP_SEP
from django.http import HttpRequest

from courses.form_fields import RowField

logger = logging.getLogger(__name__)


class AnyInput(ModelAdmin):  # type: ignore[type-arg]
    """Nonsense is answered as Django answers what it notices itself, and never a fault."""

    # A key that is none is a choice that is none.
    formfield_overrides: ClassVar[Any] = {
        kind: {"form_class": RowField} for kind in (ForeignKey, OneToOneField)
    }

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """A filter that its column cannot be compared with leads to the list without it."""
        try:
            return super().get_changelist_instance(request)
        except (DataError, OverflowError, TypeError, ValueError) as error:
            if not request.GET:
                raise
            # It may be a fault of ours. Its words may be anybody's, so only where it was is logged.
            where = "".join(format_tb(error.__traceback__))
            kind = type(error).__name__
            logger.warning("%s cannot be listed so: %s\n%s", self.opts.label, kind, where)
            raise IncorrectLookupParameters from error

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """By what its admin shows: whoever may ask by a hash as well learns it sign by sign."""
        first, sign, rest = lookup.partition(LOOKUP_SEP)
        if first == "pk" and self.opts.pk:
            # The key may be somebody's, and lead on to them.
            first = self.opts.pk.name
        lookup = f"{first}{sign}{rest}"
        try:
            asked: Any = self.opts.get_field(first)
        except FieldDoesNotExist:
            return super().lookup_allowed(lookup, value, request)
        is_key = getattr(asked, "primary_key", False)
        is_shown = is_key or asked.name in self.columns_shown(request)
        return is_shown and super().lookup_allowed(lookup, value, request)

    def columns_shown(self, request: HttpRequest) -> set[str]:
        """Those that the list, its filters, its search or the form name."""
        filters = self.get_list_filter(request)
        named = [
            *flatten_fieldsets(self.get_fieldsets(request)),
            *self.get_list_display(request),
            *(one[0] if isinstance(one, tuple | list) else one for one in filters),
            *self.get_search_fields(request),
            *(getattr(one, "parameter_name", None) for one in filters),
            self.date_hierarchy,
        ]
        texts = [one.lstrip("=^@") for one in named if isinstance(one, str)]
        return {one.partition(LOOKUP_SEP)[0] for one in texts}

    def response_action(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """What is no key is no row that somebody ticked."""
        sent = request.POST.copy()
        ticked = sent.getlist(ACTION_CHECKBOX_NAME)
        sent.setlist(ACTION_CHECKBOX_NAME, [key for key in ticked if self.is_key(key)])
        request.POST = sent  # type: ignore[assignment]
        return super().response_action(request, *args, **kwargs)

    def is_key(self, text: str) -> bool:
        try:
            self.opts.pk.clean(text, None)
        except ValidationError:
            return False
        return "\x00" not in text

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Fields that the address fills in: a moment is one, or is left out."""
        said = super().get_changeform_initial_data(request)
        moments = [one for one in self.opts.fields if isinstance(one, DateTimeField)]
        return said | {one.name: moment(one, said[one.name]) for one in moments if one.name in said}


def moment(field: DateTimeField, text: Any) -> Any:  # type: ignore[type-arg]
    try:
        return field.to_python(text)
    except ValidationError:
        return None
