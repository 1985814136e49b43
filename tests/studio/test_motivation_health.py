"""Whether points do good: each figure counted one by one, and what the page says."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activity.models import Event
from courses.models import Lesson
from enrollments.models import Enrollment
from gamification.models import ActiveDay, BoardChoice, Repair, Streak, XPTransaction
from gamification.school_numbers import school_numbers
from notifications.models import Preference
from studio.insights.motivation import Group, health_of
from tests.conftest import make_course
from tests.studio.insights.histories import KINDS, somebody
from tests.studio.insights.test_counting import EACH, undone
from tests.studio.test_assignment_pages import text

pytestmark = pytest.mark.django_db
PAGE = "/studio/gamification/health/"
NOW = datetime(2026, 3, 18, 12, 0, tzinfo=UTC)
TODAY, DAY = NOW.date(), timedelta(days=1)
MONDAY = datetime(2026, 3, 16, tzinfo=UTC)
# Of a day: events, the hour, and whether it was a lesson that is ticked by hand.
DAYS = st.dictionaries(
    st.one_of(st.integers(0, 12), st.integers(84, 100)),
    st.tuples(st.integers(1, 2), st.sampled_from([9, 21, 22, 23]), st.booleans()),
    max_size=26,
)
PEOPLE = st.lists(st.tuples(st.sampled_from(KINDS), DAYS), max_size=3)
POINTS = st.lists(st.tuples(st.integers(0, 9), st.integers(-20, 90)), max_size=14)
MET = st.one_of(st.none(), st.integers(0, 95))
RETURNS = st.lists(st.tuples(MET, MET, MET, st.sets(st.integers(0, 95), max_size=6)), max_size=6)


def person(number, kind="learner"):
    return somebody(f"m{number}", kind)


def learn(user, ago, *, events=1, hour=9):
    at = datetime.combine(TODAY - ago * DAY, datetime.min.time(), UTC) + timedelta(hours=hour)
    ActiveDay.objects.create(
        user=user, date=at.date(), zone="UTC", first_at=at, last_at=at, events=events
    )
    return at


@pytest.fixture
def two_kinds(db):
    """Lessons that are ticked by hand, and lessons that want something passed."""
    by_hand, by_passing = make_course("one", lessons=26), make_course("other", lessons=26)
    Lesson.objects.filter(course=by_passing).update(completion="BY_PASSING")
    return {True: list(by_hand.lessons.all()), False: list(by_passing.lessons.all())}


@EACH
@given(people=PEOPLE)
def test_days_for_the_streak_alone_are_what_one_by_one_comes_to(two_kinds, people):
    with undone():
        for number, (kind, days) in enumerate(people):
            user = person(number, kind)
            for place, (ago, (events, hour, by_hand)) in enumerate(days.items()):
                at = learn(user, ago, events=events, hour=hour)
                subject = f"lesson:{two_kinds[by_hand][place].pk}"
                Event.objects.create(
                    user=user, kind="LESSON_COMPLETED", created_at=at, subject=subject
                )
        long = [
            (ago, day)
            for kind, days in people if kind == "learner"
            for ago, day in days.items()
            if ago < 90 and all(ago + n in days for n in range(1, 7))
        ]  # fmt: skip
        found = health_of(NOW).token_days
        assert found.of == len(long)
        assert found.count == sum(
            events == 1 and hour >= 22 and by_hand for _, (events, hour, by_hand) in long
        )


@EACH
@given(points=POINTS)
def test_how_unevenly_points_lie_is_what_pair_by_pair_comes_to(points):
    with undone():
        users = [person(number) for number in range(10)]
        XPTransaction.objects.bulk_create(
            XPTransaction(
                user=users[who], amount=90, base=90, board_points=amount, source_type="LESSON",
                source_key=f"lesson:{n}", created_at=MONDAY - 3 * DAY if n % 4 else MONDAY,
            )
            for n, (who, amount) in enumerate(points) if amount >= 0
        )  # fmt: skip
        sums = Counter()
        for n, (who, amount) in enumerate(points):
            if n % 4 and amount >= 0:
                sums[who] += amount
        values = [one for one in sums.values() if one > 0]
        found = health_of(NOW)
        assert found.scorers == len(values)
        if values:
            apart = sum(abs(a - b) for a, b in product(values, values))
            wanted = Fraction(apart, 2 * len(values) * sum(values))
            assert found.gini == pytest.approx(float(wanted), abs=1e-9)
        else:
            assert found.gini is None


@EACH
@given(people=RETURNS)
def test_who_comes_back_is_what_one_by_one_comes_to(people):
    with undone():
        for number, (ended, frozen, repaired, days) in enumerate(people):
            user = person(number)
            Streak.objects.create(
                user=user, settled_on=TODAY, ended_on=date_of(ended), froze_on=date_of(frozen)
            )
            if repaired is not None:
                at = date_of(repaired)
                Repair.objects.create(user=user, ended_on=at - DAY, date=at)
            for ago in days:
                learn(user, ago)
        found = health_of(NOW).returns
        for place, kind in enumerate(("ended", "frozen", "repaired")):
            ripe = [(one[place], one[3]) for one in people if one[place] is not None]
            ripe = [(ago, days) for ago, days in ripe if 8 <= ago < 90]
            back = sum(any(1 <= ago - day <= 7 for day in days) for ago, days in ripe)
            assert (found[kind].count, found[kind].of) == (back, len(ripe))


@pytest.mark.parametrize(("hour", "over"), [(3, 8), (12, 7)])
def test_nobody_is_counted_whose_seventh_day_still_runs_anywhere(db, hour, over):
    """At three in the night of UTC it is yesterday in the west."""
    moment = NOW.replace(hour=hour)
    for number in (7, 8, 9):
        Streak.objects.create(user=person(number), settled_on=TODAY, ended_on=date_of(number))
    assert health_of(moment).returns["ended"].of == 9 - over


def test_only_learners_are_in_any_of_the_numbers(db, course):
    before = health_of(NOW), school_numbers()
    for kind in sorted({*KINDS} - {"learner"}):
        user = somebody(kind, kind)
        Streak.objects.create(user=user, settled_on=TODAY, ended_on=date_of(20))
        XPTransaction.objects.create(
            user=user, amount=9, base=9, board_points=9, source_type="BONUS",
            source_key=f"bonus:{kind}", created_at=MONDAY - 3 * DAY,
        )  # fmt: skip
        BoardChoice.objects.create(user=user, shown="OFF")
        Enrollment.objects.create(user=user, course=course, enrolled_at=NOW - 40 * DAY)
    assert (health_of(NOW), school_numbers().learners) == (before[0], before[1].learners)


def test_of_too_few_nothing_is_said():
    few, enough = Group(attempts=9, percent=70), Group(attempts=10, percent=70)
    assert (few.score, enough.score) == (None, 70)


def date_of(ago):
    return None if ago is None else TODAY - ago * DAY


def test_what_people_chose_is_counted(ada, bob, root):
    ada.profile.preferences = {"show_points": False}
    ada.profile.save()
    BoardChoice.objects.create(user=ada, shown="OFF")
    BoardChoice.objects.create(user=bob, shown="NAME")
    Preference.objects.create(user=bob, topic="streak", channel="IN_APP", is_on=True)
    Preference.objects.create(user=ada, topic="streak", channel="IN_APP", is_on=False)
    found = health_of(NOW)
    assert (found.boards_left.count, found.boards_left.of) == (1, 2)
    assert (found.hiding.count, found.hiding.of) == (1, 2)
    assert (found.reminded.count, found.reminded.of) == (1, 2)


def test_completion_stands_beside_for_those_who_hide_points(ada, bob, course):
    Enrollment.objects.all().delete()
    ada.profile.preferences = {"show_points": False}
    ada.profile.save()
    for user, status, days in ((ada, "COMPLETED", 28), (bob, "ACTIVE", 40)):
        Enrollment.objects.create(
            user=user, course=course, status=status, enrolled_at=NOW - days * DAY
        )
    found = health_of(NOW)
    assert (found.not_seeing.places, found.not_seeing.completed) == (1, 1)
    assert (found.seeing.places, found.seeing.completed) == (1, 0)


def test_only_staff_get_there(client, ada, as_, desk):
    assert client.get(PAGE).status_code == 302
    assert as_(ada).get(PAGE).status_code == 404
    html = text(desk.get(PAGE))
    assert "they do not say what points do" in html
    assert "%" not in html[html.index('id="signs"') : html.index('id="returns"')].replace("85%", "")


def test_it_asks_as_often_for_more(desk, ada, bob, django_assert_num_queries):
    desk.get(PAGE)
    for user in (ada, bob):
        learn(user, 1)
        with django_assert_num_queries(11):
            desk.get(PAGE)
