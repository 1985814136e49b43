"""Which board an address means: a span of time, and among whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median

from django.db.models import Sum
from django.db.models.functions import TruncWeek
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.labels import in_sentence
from accounts.models import User
from courses.models import Course
from gamification.models import Season, XPTransaction
from gamification.periods import ALL, WEEK, Week, week_named, week_of

SCHOOL = "school"
WEEKS_COMPARED = 4


@dataclass(frozen=True)
class Window:
    """The span of a board. `final_at`: from then on it is never counted again; None: never.

    `within` is its title in the middle of a sentence: what people have named stays as it is.
    """

    period: str
    title: str
    within: str
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    final_at: datetime | None = None


def window_of(wanted: str, moment: datetime) -> Window | None:
    """`week`, `season`, `all` or a week by its name. None: there is none, or it lies ahead."""
    if wanted == "season":
        return season_window(moment)
    if wanted == ALL:
        return Window(ALL, _("All time"), in_sentence(_("All time")))
    this = week_of(moment)
    week = this if wanted == "week" else week_named(wanted)
    if week is None or week.starts_at > moment:
        return None
    called = _("This week") if week == this else _("Week from %(starts_at)s")
    start = {"starts_at": date_format(week.starts_at, "j F Y")}
    title, within = called % start, in_sentence(called) % start
    return Window(week.name, title, within, week.starts_at, week.ends_at, week.final_at)


def season_window(moment: datetime) -> Window | None:
    """The season that goes on, or the last one while its results are provisional."""
    begun = Season.objects.filter(starts_at__lte=moment, closed_at=None)
    season = begun.order_by("-starts_at").first()
    if season is None:
        return None
    title = season.title
    return Window(season.period, title, title, season.starts_at, season.ends_at, season.final_at)


@dataclass(frozen=True)
class Scope:
    """Among whom: `key` stands in addresses, `name` in the database, `within` in a sentence."""

    key: str
    name: str
    title: str
    within: str


def scopes_of(courses: Iterable[Course]) -> dict[str, Scope]:
    """The school, the courses a person is in, and their languages.

    A language whose slug is a course's as well is addressed as `language:<slug>`.
    """
    whole, all_of = _("The whole school"), _("All %(name)s courses")
    found = {SCHOOL: Scope(SCHOOL, "school", whole, in_sentence(whole))}
    courses = list(courses)
    for course in courses:
        key = f"course:{course.slug}" if course.slug == SCHOOL else course.slug
        found[key] = Scope(key, f"course:{course.pk}", course.title, course.title)
    for language in {course.language for course in courses if course.language}:
        key = f"language:{language.slug}" if language.slug in found else language.slug
        of = {"name": language.name}
        found[key] = Scope(key, f"language:{language.pk}", all_of % of, in_sentence(all_of) % of)
    return found


@dataclass(frozen=True)
class OwnWeeks:
    """What somebody's weeks came to, seen by them alone.

    Weeks before they joined are none of theirs, unless work from before was brought in.
    """

    this: int
    before: list[int]

    @property
    def usual(self) -> float:
        """The median of the weeks before, those without any points included."""
        return median(self.before or [0])

    @property
    def is_short(self) -> bool:
        """Whether these are all the weeks there are."""
        return len(self.before) < WEEKS_COMPARED

    @property
    def is_new(self) -> bool:
        return not any(self.before)


def own_weeks(user: User, moment: datetime) -> OwnWeeks:
    """This week's points and those of the four before, from the ledger."""
    this: Week = week_of(moment)
    entries = XPTransaction.objects.filter(
        user=user,
        created_at__gte=this.starts_at - WEEKS_COMPARED * WEEK,
        board_points__gt=0,
        reversed_by=None,
    )
    weeks = entries.annotate(week=TruncWeek("created_at", tzinfo=UTC)).order_by()
    sums = dict(weeks.values_list("week").annotate(Sum("board_points")))
    begun = week_of(user.date_joined).starts_at
    is_older = any(start < begun for start in sums)
    starts = (this.starts_at - timedelta(weeks=n) for n in range(1, WEEKS_COMPARED + 1))
    before = [sums.get(start, 0) for start in starts if is_older or start >= begun]
    return OwnWeeks(sums.get(this.starts_at, 0), before)
