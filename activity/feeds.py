"""What somebody finished, newest first: one's own rows, or what others show of theirs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from json import loads
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet
from django.urls import reverse

from accounts.models import User
from activity.cursors import Cursor
from activity.models import Event, Sharing
from activity.models.event import SHOWN_IN_COURSES
from activity.words import LINES, shown_kinds, title_of, words_of
from courses.models import Course

PER_PAGE = 50
# A course shows what is new in it. What is older, people find in their own feeds.
SHOWN_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that somebody finished. `who` is nobody in one's own feed."""

    id: UUID
    kind: str
    data: dict[str, Any]
    at: datetime
    who: str = ""

    @property
    def words(self) -> str:
        return words_of(self.kind, self.data)

    @property
    def icon(self) -> str:
        return LINES[self.kind].icon

    @property
    def title(self) -> str:
        return title_of(self.data)

    @property
    def url(self) -> str:
        """Others come to the task: what was handed in is open to its learner alone."""
        if self.who and "assignment" in self.data:
            return reverse("classroom:assignment", args=[self.data["assignment"]])
        return str(self.data.get("url", ""))

    @property
    def course_title(self) -> str:
        """The course it belongs to, where its own title is another."""
        course = str(self.data.get("course_title", ""))
        return "" if course == self.data.get("title") else course

    @property
    def cursor(self) -> Cursor:
        return Cursor(self.at, self.id)


@dataclass(frozen=True, slots=True)
class Feed:
    """A page of it. `older` is where the next one begins; None: this is the last."""

    entries: Sequence[Entry]
    older: Cursor | None


def own_feed(user: User, after: Cursor | None, *, points: bool) -> Feed:
    """What this person finished: one query, over their own rows."""
    rows = Event.objects.filter(user=user, kind__in=shown_kinds(points=points))
    newest = rows.order_by("-created_at", "-id")
    if after:
        older = Q(created_at=after.moment, id__lt=after.key)
        # The plain bound is the one that the index is searched by.
        newest = newest.filter(created_at__lte=after.moment).filter(
            Q(created_at__lt=after.moment) | older
        )
    found = newest.values_list("id", "kind", "data", "created_at")[: PER_PAGE + 1]
    return page_of([Entry(*row) for row in found])


# What is new in the course is in an index (`event_of_course`, whose case this is), which is read
# from its newest end until a page is full. Where hardly anybody shows anything that could take
# long: then those who do are asked, one after the other. Nobody reads everybody's events.
HAPPENED = """event.kind = ANY(%(kinds)s)
        AND CASE WHEN event.subject::text LIKE 'course:%%' THEN substring(event.subject, 8)
            ELSE event.data ->> 'course' END = %(course)s
        AND event.created_at BETWEEN %(since)s AND %(until)s
        AND (event.created_at, event.id) < (%(until)s, %(key)s)"""
MAY_BE_SHOWN = """sharing.is_on AND person.is_active AND NOT person.is_minor
        AND sharing.user_id IN ({people})"""
COURSE_FEED = f"""
    WITH newest AS (
      SELECT event.id, event.kind, event.data, event.created_at, shown.name
      FROM (
        SELECT id, user_id, kind, data, created_at FROM activity_event event WHERE {HAPPENED}
        ORDER BY created_at DESC, id DESC LIMIT %(looked_at)s
      ) event
      CROSS JOIN LATERAL (
        SELECT person.name FROM activity_sharing sharing
        JOIN accounts_user person ON person.id = sharing.user_id
        WHERE sharing.user_id = event.user_id AND NOT event.kind = ANY(sharing.hidden)
          AND {MAY_BE_SHOWN} OFFSET 0
      ) shown
      ORDER BY event.created_at DESC, event.id DESC LIMIT %(most)s
    )
    SELECT * FROM newest WHERE (SELECT count(*) FROM newest) = %(most)s
    UNION ALL (
      SELECT happened.*, person.name FROM activity_sharing sharing
      JOIN accounts_user person ON person.id = sharing.user_id
      CROSS JOIN LATERAL (
        SELECT id, kind, data, created_at FROM activity_event event
        WHERE event.user_id = sharing.user_id AND NOT event.kind = ANY(sharing.hidden)
          AND {HAPPENED}
        ORDER BY created_at DESC, id DESC LIMIT %(most)s
      ) happened
      WHERE (SELECT count(*) FROM newest) < %(most)s AND {MAY_BE_SHOWN}
      ORDER BY happened.created_at DESC, happened.id DESC LIMIT %(most)s
    )
    ORDER BY created_at DESC, id DESC
"""  # noqa: S608
LOOKED_AT = 100 * PER_PAGE
LAST_KEY = UUID(int=2**128 - 1)


def course_feed(
    course: Course, people: QuerySet[Any, Any], after: Cursor | None, moment: datetime
) -> Feed:
    """What those of these people who want it seen finished in the course lately: one query.

    It is asked anew each time, so who switches it off is gone with the next page.
    """
    until, key = (after.moment, after.key) if after else (moment, LAST_KEY)
    people_sql, people_params = people.query.sql_with_params()
    named = {f"person_{n}": value for n, value in enumerate(people_params)}
    chosen = people_sql % tuple(f"%({name})s" for name in named)
    given: dict[str, Any] = {
        **named,
        "kinds": list(SHOWN_IN_COURSES),
        "since": moment - SHOWN_FOR,
        "until": until,
        "key": key,
        "course": str(course.pk),
        "most": PER_PAGE + 1,
        "looked_at": LOOKED_AT,
    }
    with connection.cursor() as cursor:
        cursor.execute(COURSE_FEED.format(people=chosen), given)
        found = cursor.fetchall()
    # Django has the driver leave JSON as text.
    return page_of([Entry(key, kind, loads(data), at, who) for key, kind, data, at, who in found])


def page_of(found: Sequence[Entry]) -> Feed:
    entries = found[:PER_PAGE]
    return Feed(entries, entries[-1].cursor if len(found) > PER_PAGE else None)


def sharing_of(user: User) -> Sharing:
    """The person's choice, or what holds without one."""
    return Sharing.objects.filter(user=user).first() or Sharing(user=user)
