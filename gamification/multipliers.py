"""Times in which learning pays more: announced early, long enough for everybody, never more than
double.
"""

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from gamification.models import Multiplier, XPTransaction

Source = XPTransaction.Source
# What pays more in such a time: learning, and nothing else.
LEARNING = frozenset(
    {
        Source.LESSON,
        Source.CHALLENGE,
        Source.QUIZ_IMPROVED,
        Source.REVIEW_RESOLVED,
        Source.RECALL_PASSED,
    }
)
MOST = Decimal(2)
MOST_IN_A_MONTH = 2
# A weekday evening, and a day of a weekend: nobody's job keeps them from both.
EVENING, DAY = (time(18), time(22)), (time(9), time(21))


def factor(at: str, course: str) -> str:
    """The largest that applies at a moment, in the course or in the whole school: a sub-select.

    Never a product.
    """
    return f"""(
    SELECT least({MOST}, greatest(1, coalesce(max(multiplier.factor), 1)))
    FROM gamification_multiplier multiplier
    WHERE multiplier.starts_at <= {at} AND multiplier.ends_at > {at}
      AND (multiplier.course_id IS NULL OR multiplier.course_id = {course}))"""  # noqa: S608


FACTOR = factor("%(at)s", "%(course)s")


def announced(moment: datetime, course_ids: list[UUID]) -> QuerySet[Multiplier]:
    """What goes on now or will, in the school or in these courses: the soonest first."""
    here = Q(course=None) | Q(course__in=course_ids)
    found = Multiplier.objects.filter(here, ends_at__gt=moment, announced_at__lte=moment)
    return found.select_related("course").order_by("starts_at", "id")


def check(multiplier: Multiplier) -> None:
    """Raise ValidationError with a sentence for each rule that it breaks."""
    starts_at, ends_at = multiplier.starts_at, multiplier.ends_at
    problems: dict[str, list[str]] = {"starts_at": [], "ends_at": []}
    if starts_at < multiplier.announced_at + Multiplier.NOTICE:
        problems["starts_at"].append(_("Begin at least 48 hours from now, so that all can plan."))
    if ends_at < starts_at + Multiplier.LENGTH:
        problems["ends_at"].append(_("Let it last at least 48 hours."))
    elif not is_for_everybody(starts_at, ends_at):
        problems["ends_at"].append(
            _(
                "Include a weekday evening and a day of a weekend, in every time zone: "
                "Thursday 00:00 to Monday 24:00 UTC does."
            )
        )
    if others_in_month(multiplier) >= MOST_IN_A_MONTH:
        problems["starts_at"].append(
            _("Two times have been announced for this month. It is enough.")
        )
    if found := {name: said for name, said in problems.items() if said}:
        raise ValidationError(found)


def others_in_month(multiplier: Multiplier) -> int:
    """How many others begin in the same month (UTC) and meet the same learners."""
    begin = multiplier.starts_at.astimezone(UTC).replace(
        day=1, hour=0, minute=0, second=0, microsecond=0
    )
    others = Multiplier.objects.filter(
        starts_at__gte=begin, starts_at__lt=(begin + timedelta(days=32)).replace(day=1)
    ).exclude(pk=multiplier.pk)
    if multiplier.course_id is None:
        return others.count()
    return others.filter(Q(course=None) | Q(course=multiplier.course_id)).count()


def is_for_everybody(starts_at: datetime, ends_at: datetime) -> bool:
    """Whether it holds a weekday evening and a weekend day by the clock of each zone there is.

    From 14 hours ahead of UTC to 12 behind; half hours lie between two that hold.
    """
    return all(
        holds(starts_at, ends_at, timedelta(hours=hours), range(5), EVENING)
        and holds(starts_at, ends_at, timedelta(hours=hours), range(5, 7), DAY)
        for hours in range(-12, 15)
    )


def holds(
    starts_at: datetime,
    ends_at: datetime,
    offset: timedelta,
    weekdays: range,
    hours: tuple[time, time],
) -> bool:
    """Whether these hours of one of the weekdays lie inside, by a clock so far from UTC."""
    begins, ends = (
        (moment.astimezone(UTC) + offset).replace(tzinfo=None) for moment in (starts_at, ends_at)
    )
    dates = (begins.date() + timedelta(days=n) for n in range((ends - begins).days + 2))
    return any(
        date.weekday() in weekdays
        and begins <= datetime.combine(date, hours[0])
        and datetime.combine(date, hours[1]) <= ends
        for date in dates
    )
