"""What somebody finished, by day; and what others in a course show of theirs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from django.utils.timezone import now
from django.utils.translation import gettext as _

from accounts.models import User
from activity.cursors import Cursor, read_cursor
from activity.feeds import Entry, Feed, course_feed, own_feed, sharing_of
from activity.models import Sharing
from classroom.pages.learning import my_places
from courses.models import Course
from enrollments.models import Enrollment

MOST_COURSES = 50


@dataclass(frozen=True, slots=True)
class Day:
    """What belongs to one day, where the reader is. `goes_on`: the page before began it."""

    on: date
    today: date
    entries: Sequence[Entry]
    goes_on: bool = False

    @property
    def name(self) -> str:
        """Today and yesterday have words of their own."""
        return {self.today: _("Today"), self.today - timedelta(days=1): _("Yesterday")}.get(
            self.on, ""
        )

    @property
    def is_of_this_year(self) -> bool:
        return self.on.year == self.today.year


@dataclass(frozen=True, slots=True)
class ActivityPage:
    """`course`: whose feed this is; None: one's own. `is_head`: nothing newer comes before it."""

    days: Sequence[Day]
    older: Cursor | None
    courses: Sequence[Course]
    sharing: Sharing
    course: Course | None
    is_head: bool


def activity_page(user: User, before: str, *, points: bool) -> ActivityPage:
    """The person's own: three queries."""
    after = read_cursor(before)
    return page_with(user, own_feed(user, after, points=points), after)


def course_page(user: User, course: Course, before: str) -> ActivityPage:
    """What others show: three queries."""
    after = read_cursor(before)
    people = Enrollment.objects.filter(course=course).current().values("user_id")
    return page_with(user, course_feed(course, people, after, now()), after, course)


def page_with(
    user: User, feed: Feed, after: Cursor | None, course: Course | None = None
) -> ActivityPage:
    courses = [place.course for place in my_places(user)[:MOST_COURSES]]
    days = days_of(user, feed.entries, after)
    return ActivityPage(days, feed.older, courses, sharing_of(user), course, after is None)


def days_of(user: User, entries: Sequence[Entry], after: Cursor | None) -> list[Day]:
    """The entries by the reader's days."""

    def day_of(entry: Entry) -> date:
        return entry.at.astimezone(user.zone).date()

    today = now().astimezone(user.zone).date()
    begun = after.moment.astimezone(user.zone).date() if after else None
    return [
        Day(day, today, list(found), goes_on=day == begun)
        for day, found in groupby(entries, key=day_of)
    ]
