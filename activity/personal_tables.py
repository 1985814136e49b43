"""What this room keeps of people."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import CharField, F, Func, JSONField, Q, Value

from accounts.personal import declare, deleted, kept, nobodys
from activity.models import AnalyticsEvent, DailySalt, Event, Sharing

# Words in a snapshot that staff wrote to this person; all else is titles, numbers and addresses.
WORDS = ["reply", "reason"]


def without_words() -> Any:
    """The snapshot without them: the one change that the database allows, of erased people."""
    named = Value(WORDS, output_field=ArrayField(CharField()))
    return Func(F("data"), named, template="(%(expressions)s::text[])", arg_joiner=" - ",
                output_field=JSONField())  # fmt: skip


declare(
    "activity",
    kept(
        Event, "user", keeps=("subject",), clears={"data": without_words()},
        holding=Q(data__has_any_keys=WORDS),
        why="Points, badges and certificates are held against it.",
    ),
    kept(
        AnalyticsEvent, "user", clears={"user": None}, keeps=("view", "words"),
        hides=("visitor", "weight"), why="A count of visits, of nobody from then on.",
    ),
    deleted(Sharing, "user"),
    nobodys(DailySalt, "A secret of a day, thrown away after two."),
)  # fmt: skip
