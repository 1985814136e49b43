"""What somebody was told, as lists to read."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, Func, IntegerField, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from accounts.models import User
from activity.cursors import Cursor, read_cursor
from activity.models import Event
from notifications.facts import names_of
from notifications.messages import MESSAGES, Told, told
from notifications.models import Mute, Notification
from notifications.models.notification import ANNOUNCED

SHOWN = 20
LATEST = 8
# More than so many are not counted.
MANY = 100
TABS = {
    "unread": gettext_lazy("Unread"),
    "all": gettext_lazy("All"),
    "saved": gettext_lazy("Saved"),
}
EMPTY = {
    "unread": (
        gettext_lazy("All caught up."),
        gettext_lazy("What needs you arrives here: reviews, answers, announcements."),
    ),
    "all": (
        gettext_lazy("Nothing yet."),
        gettext_lazy("Reviews, answers and announcements arrive here."),
    ),
    "saved": (
        gettext_lazy("Nothing saved."),
        gettext_lazy("What you save stays here until you take it off."),
    ),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A notification in words. `focus`: which of its buttons the eye is on, if any."""

    notification: Notification
    words: Told
    focus: str = ""
    is_muted: bool = False

    @property
    def link(self) -> str:
        """The words that lead on: they name what is opened. An announcement goes by its title."""
        is_title = self.is_announced or self.words.is_letter
        return self.words.title if is_title else self.words.text or self.words.title

    @property
    def why(self) -> str:
        """What else there is to say, above the link."""
        if self.is_announced:
            return self.words.text
        return self.words.title if self.words.text and not self.words.is_letter else ""

    @property
    def letter(self) -> str:
        """What somebody wrote to them, under the link."""
        return self.words.text if self.words.is_letter else ""

    @property
    def name(self) -> str:
        """What its buttons are about, for who hears the page; letters are not read out again."""
        text = "" if self.words.is_letter else self.words.text
        return ", ".join(filter(None, (self.words.title, text)))

    @property
    def is_announced(self) -> bool:
        return self.notification.kind in ANNOUNCED

    @property
    def muting(self) -> str:
        """What "Mute" would silence, by its name."""
        data = self.notification.data
        if not self.notification.about or self.is_muted:
            return ""
        return data.get("course_title") or data.get("title") or ""


@dataclass(frozen=True, slots=True)
class Badges:
    """Neighbouring rows about badges, which are one line until somebody opens it."""

    rows: list[Row]

    @property
    def newest(self) -> Notification:
        return self.rows[0].notification

    @property
    def title(self) -> str:
        return gettext("You earned %s badges") % len(self.rows)

    @property
    def is_unread(self) -> bool:
        return any(row.notification.read_at is None for row in self.rows)

    @property
    def is_open(self) -> bool:
        return any(row.focus for row in self.rows)


@dataclass(frozen=True)
class Inbox:
    """One page of a tab. `older` is where the next one begins."""

    show: str
    before: str
    rows: list[Row]
    older: str
    looked_at: datetime
    is_focused: bool = False

    @property
    def tabs(self) -> dict[str, str | Promise]:
        return {**TABS}

    @property
    def items(self) -> list[Row | Badges]:
        """The rows, with badges beside each other folded into one."""
        found: list[Row | Badges] = []
        for is_badge, group in groupby(self.rows, key=is_of_badge):
            rows = list(group)
            found += [Badges(rows)] if is_badge and len(rows) > 1 else rows
        return found

    @property
    def empty(self) -> tuple[str | Promise, str | Promise]:
        return EMPTY[self.show]


def unread_count(user: User) -> Func:
    """How many are unread, as part of a query: no more than `MANY` are looked at."""
    some = Notification.objects.filter(user=user).unread().order_by().values("pk")[:MANY]
    return Func(ArraySubquery(some), function="CARDINALITY", output_field=IntegerField())


def count_unread(user: User) -> int:
    count: int = User.objects.filter(pk=user.pk).values_list(unread_count(user), flat=True).get()
    return count


def inbox_of(
    user: User, show: str, before: str, moment: datetime, focus: tuple[Cursor, str] | None = None
) -> Inbox:
    """The page of a tab that begins after a place; one query.

    `focus`: the row that was just pressed, and which button; where it is gone, the next row's.
    """
    show = show if show in TABS else "unread"
    after = read_cursor(before)
    found = list(older_than(tab(user, show), after)[: SHOWN + 1])
    rows = [one for one in found[:SHOWN] if one.kind in MESSAGES]
    names = names_of(one.data for one in rows)
    focused = focused_of(rows, focus[0]) if focus else None
    button = focus[1] if focus else ""
    return Inbox(
        show=show,
        before=before if after else "",
        rows=[
            Row(
                one,
                told(one.kind, one.data, names),
                button * (one is focused),
                bool(getattr(one, "is_muted", False)),
            )
            for one in rows
        ],
        older=str(cursor_of(found[SHOWN - 1])) if len(found) > SHOWN else "",
        looked_at=moment,
        is_focused=focus is not None,
    )


def latest(user: User) -> list[Row]:
    """The newest that are unread, for the bell."""
    rows = Notification.objects.filter(user=user, kind__in=MESSAGES).unread().newest_first()
    return [Row(one, told(one.kind, one.data)) for one in rows[:LATEST]]


def tab(user: User, show: str) -> QuerySet[Notification, Any]:
    muted = Mute.objects.filter(user=user, about=OuterRef("about"))
    mine = Notification.objects.filter(user=user).annotate(is_muted=Exists(muted))
    found = {"unread": mine.unread, "all": mine.shown, "saved": mine.saved}[show]()
    return found.newest_first()


def older_than(rows: QuerySet[Notification], after: Cursor | None) -> QuerySet[Notification]:
    if after is None:
        return rows
    older = Q(created_at__lt=after.moment) | Q(pk__lt=after.key)
    # The plain bound is the one that the index is searched by.
    return rows.filter(older, created_at__lte=after.moment)


def focused_of(rows: list[Notification], place: Cursor) -> Notification | None:
    """The row at the place or the first one after it; the last one, where there is none."""
    after = (one for one in rows if cursor_of(one) <= place)
    return next(after, rows[-1] if rows else None)


def is_of_badge(row: Row) -> bool:
    return row.notification.kind == Event.Kind.ACHIEVEMENT_EARNED


def cursor_of(row: Notification) -> Cursor:
    return Cursor(row.created_at, row.pk)
