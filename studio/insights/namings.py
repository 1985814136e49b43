"""Whether the list of students names the right people: what came of it, left to itself."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Subquery

from courses.models import Course
from progress.attention_rows import AttentionNaming
from progress.models import InsightCount
from studio.insights.shares import Share
from studio.insights.signs import COURSE, REPLIES

# A query for each time that anybody was in the course, as the list knows it.
MOMENTS = f"""
    WITH {COURSE}
    SELECT user_id, at FROM insight_moment
    UNION ALL
    SELECT author_id, reply.created_at {REPLIES} AND reply.created_at <= %(now)s
"""  # noqa: S608 - put together from parts above


@dataclass(frozen=True, slots=True)
class Namings:
    """So many people were named, contacted, and stayed away without."""

    named: int
    contacted: int
    away: int

    @property
    def alone(self) -> Share:
        """Who stayed away, of those whom nobody contacted."""
        return Share(self.away, self.named - self.contacted)


def namings_of(course: Course, now: datetime) -> Namings:
    """One query."""
    counted_at = Subquery(InsightCount.objects.filter(course=course).values("counted_at"))
    return Namings(**AttentionNaming.objects.settled(course, now, counted_at).outcomes())
