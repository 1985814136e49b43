"""Seasons: one at a time, goals of one's own, and results that are counted once."""

from datetime import timedelta
from math import ceil

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from activity.models import Event
from gamification import ledger, seasons
from gamification.board_ranks import rank_of
from gamification.models import Board, Season, SeasonGoal, SeasonResult, XPTransaction
from gamification.season_errors import (
    AddressTaken,
    GoalIsSettled,
    GoalOutOfBounds,
    SeasonIsClosed,
    SeasonIsGone,
    SeasonsOverlap,
    StillProvisional,
)
from tests.gamification.contest_builders import (
    DAY,
    earn,
    learn_on,
    list_person,
    make_open_season,
    make_past_season,
    make_people,
)

PAID = XPTransaction.objects.filter(source_type="SEASON_GOAL")


def test_two_seasons_never_share_a_moment(db):
    start = now()
    seasons.make_season(slug="a", title="A", starts_at=start, ends_at=start + DAY * 84)
    with pytest.raises(SeasonsOverlap):
        seasons.make_season(
            slug="b", title="B", starts_at=start + DAY * 83, ends_at=start + DAY * 90
        )
    seasons.make_season(slug="c", title="C", starts_at=start + DAY * 84, ends_at=start + DAY * 90)
    with pytest.raises(IntegrityError), transaction.atomic():
        Season.objects.filter(slug="c").update(starts_at=start)


def test_a_season_needs_a_name_of_its_own(db):
    start = now()
    seasons.make_season(slug="a", title="A", starts_at=start, ends_at=start + DAY)
    with pytest.raises(ValidationError):
        seasons.make_season(slug="a", title="A", starts_at=start + DAY * 9, ends_at=start + DAY * 9)
    with pytest.raises(ValidationError):
        seasons.make_season(slug="b", title="", starts_at=start + DAY * 8, ends_at=start + DAY * 9)


@pytest.mark.parametrize("slug", ["new", "other"])
def test_a_season_takes_no_address_of_a_page_or_of_another(db, monkeypatch, slug):
    make_past_season("other")
    # As for two who write at once: neither sees the other's when it looks.
    monkeypatch.setattr(Season, "validate_unique", lambda *args, **kwargs: None)
    start = now()
    with pytest.raises(AddressTaken):
        seasons.make_season(slug=slug, title="A", starts_at=start, ends_at=start + DAY)
    mine = make_open_season("mine", begun=-3)
    mine.slug = slug
    with pytest.raises(AddressTaken):
        seasons.write_season(mine)


def test_a_change_that_meets_the_close_is_refused_and_all_stays(bob):
    """Somebody has the form open while the sweep closes the season."""
    open_form = make_past_season()
    seasons.end_seasons()
    for season in (open_form, Season.objects.get()):
        season.title = "Mended"
        with pytest.raises(SeasonIsClosed):
            seasons.write_season(season)
    found = Season.objects.get()
    assert (found.title, found.closed_at is None) == ("Spring", False)


def test_a_change_of_words_leaves_what_the_sweep_wrote(db):
    open_form = make_open_season()
    Season.objects.update(told_at=now())
    open_form.title = "Mended"
    seasons.write_season(open_form)
    found = Season.objects.get()
    assert (found.title, found.told_at is None) == ("Mended", False)


def test_a_season_is_called_off_until_it_begins_and_stays_away(db):
    begun, coming = make_open_season("begun", days=5), make_open_season("coming", begun=-3)
    open_form = Season.objects.get(slug="coming")
    assert not seasons.call_off(begun)
    assert seasons.call_off(coming)
    assert not seasons.call_off(open_form)
    with pytest.raises(SeasonIsGone):
        seasons.write_season(open_form)
    assert Season.objects.get() == begun


def test_a_season_that_has_begun_finds_the_points_that_are_there(db):
    people = make_people(2)
    for points, person in enumerate(people, start=1):
        earn(person, points, now() - DAY)
    start = now() - 2 * DAY
    season = seasons.make_season(slug="a", title="A", starts_at=start, ends_at=start + 20 * DAY)
    board = Board.objects.get(period=season.period, scope="school")
    assert [rank_of(board, person) for person in people] == [2, 1]


def test_a_goal_can_be_set_and_changed_until_half_is_over(bob):
    season = make_open_season(begun=3, days=28)
    seasons.set_goal(bob, season, 10)
    seasons.set_goal(bob, season, 12)
    assert SeasonGoal.objects.get().days == 12
    seasons.set_goal(bob, season, None)
    assert not SeasonGoal.objects.exists()
    Season.objects.update(starts_at=season.starts_at - 40 * DAY)
    late = Season.objects.get()
    with pytest.raises(GoalIsSettled):
        seasons.set_goal(bob, late, 10)


@pytest.mark.parametrize(("days", "fits"), [(3, False), (4, True), (28, True), (30, False)])
def test_a_goal_is_at_least_a_day_a_week_and_at_most_every_day(bob, days, fits):
    season = make_open_season(begun=3, days=28)
    if fits:
        seasons.set_goal(bob, season, days)
    else:
        with pytest.raises(GoalOutOfBounds):
            seasons.set_goal(bob, season, days)
    assert SeasonGoal.objects.exists() == fits


def test_a_season_is_provisional_for_two_weeks(bob):
    season = make_past_season(ended=13)
    with pytest.raises(StillProvisional) as refused:
        seasons.close_season(season)
    assert refused.value.final_at == season.ends_at + timedelta(days=14)
    assert seasons.end_seasons() == 0
    assert not SeasonResult.objects.exists()


def test_closing_counts_points_days_and_goals_once(bob, grace, root):
    season = make_past_season()
    within, first = season.starts_at + DAY, season.first_date
    earn(bob, 30, within)
    earn(bob, 20, season.starts_at)
    earn(bob, 900, season.ends_at)
    earn(bob, 900, season.starts_at - timedelta(seconds=1))
    ledger.reverse(earn(bob, 7, within), by=root, reason="Not theirs")
    learn_on(bob, first - DAY, first, first + DAY, season.last_date, season.last_date + DAY)
    SeasonGoal.objects.create(user=bob, season=season, days=3)
    SeasonGoal.objects.create(user=grace, season=season, days=4)
    assert seasons.close_season(season)
    assert not seasons.close_season(season)
    his, hers = SeasonResult.objects.get(user=bob), SeasonResult.objects.get(user=grace)
    assert (his.points, his.active_days, his.goal, his.goal_is_met) == (50, 3, 3, True)
    assert (hers.points, hers.active_days, hers.goal, hers.goal_is_met) == (0, 0, 4, False)
    assert (his.rank, his.is_top, hers.rank) == (None, False, None)


def test_what_is_told_so_far_is_what_the_close_counts(bob):
    season = make_past_season()
    earn(bob, 30, season.starts_at + DAY)
    earn(bob, 12, season.ends_at - timedelta(seconds=1))
    learn_on(bob, season.first_date, season.last_date)
    SeasonGoal.objects.create(user=bob, season=season, days=5)
    told = seasons.so_far(bob, season)
    seasons.close_season(season)
    result = SeasonResult.objects.get(user=bob)
    assert (told.points, told.active_days, told.goal) == (42, 2, 5)
    assert (result.points, result.active_days, result.goal) == (42, 2, 5)


def test_everybody_is_told_once_and_a_goal_that_was_met_pays_once(bob, grace):
    season = make_past_season()
    earn(grace, 10, season.starts_at)
    learn_on(bob, season.first_date)
    SeasonGoal.objects.create(user=bob, season=season, days=1)
    assert seasons.end_seasons() == 2
    assert seasons.end_seasons() == 0
    season.refresh_from_db()
    assert seasons.tell_results(season) == 0
    told = Event.objects.filter(kind=Event.Kind.SEASON_ENDED, subject=season.period)
    assert told.count() == 2
    assert told.get(user=bob).data["goal_met"] is True
    entry = PAID.get()
    assert (entry.user, entry.amount, entry.board_points) == (bob, 50, 0)
    assert ledger.wrong_standings() == 0


def test_telling_goes_on_where_it_was_killed(db):
    season = make_past_season()
    for person in make_people(5, listed=False):
        SeasonGoal.objects.create(user=person, season=season, days=1)
        learn_on(person, season.first_date)
    seasons.close_season(season)
    season.refresh_from_db()
    assert seasons.tell_results(season, limit=2) == 2
    assert PAID.count() == 2
    assert Season.objects.get().told_at is None
    assert seasons.end_seasons() == 3
    assert PAID.count() == Event.objects.filter(kind="SEASON_ENDED").count() == 5
    assert Season.objects.get().told_at is not None


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE gamification_seasonresult SET points = 9999",
        "UPDATE gamification_seasonresult SET rank = 1",
        "DELETE FROM gamification_seasonresult",
        "UPDATE gamification_season SET closed_at = NULL",
        "UPDATE gamification_season SET ends_at = ends_at + interval '1 day'",
        """INSERT INTO gamification_seasonresult
             (id, season_id, user_id, points, is_top, active_days)
           SELECT waymark_uuid7(), (SELECT id FROM gamification_season), id, 9999, true, 0
           FROM accounts_user WHERE email = 'grace@example.org'""",
    ],
)
def test_results_stay_as_they_were(bob, grace, change):
    season = make_past_season()
    earn(bob, 10, season.starts_at)
    seasons.close_season(season)
    with pytest.raises(DatabaseError, match=r"append-only|closed"), transaction.atomic():
        connection.cursor().execute(change)
    assert SeasonResult.objects.get().points == 10


def test_a_typing_error_in_a_closed_season_can_be_mended(bob):
    season = make_past_season()
    seasons.close_season(season)
    Season.objects.update(title="Spring weeks")
    assert Season.objects.get().title == "Spring weeks"


def test_points_that_are_taken_back_later_change_no_result(bob, root):
    season = make_past_season()
    entry = earn(bob, 10, season.starts_at)
    seasons.close_season(season)
    ledger.reverse(entry, by=root, reason="Not theirs")
    seasons.end_seasons()
    assert SeasonResult.objects.get().points == 10


def test_closing_costs_the_same_for_two_and_for_many(db):
    season = make_past_season()
    for person in make_people(2):
        earn(person, 10, season.starts_at)
    with CaptureQueriesContext(connection) as few:
        seasons.close_season(season)
    other = make_past_season("winter", ended=60)
    for person in make_people(20):
        earn(person, 10, other.starts_at)
    with CaptureQueriesContext(connection) as many:
        seasons.close_season(other)
    assert len(few) == len(many)
    assert SeasonResult.objects.count() == 22


def brute_force(people):
    """Ranks by the definition: one more than how many listed people have more points."""
    listed = [points for points, shown in people if shown and points]
    for points, shown in people:
        rank = 1 + sum(other > points for other in listed) if shown and points else None
        tenth = ceil(len(listed) / 10)
        yield rank, rank is not None and len(listed) >= 5 and rank <= tenth


PEOPLE = st.lists(st.tuples(st.integers(0, 6), st.booleans()), min_size=1, max_size=24)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(PEOPLE)
def test_ranks_equal_brute_force(db, people):
    with transaction.atomic():
        season = make_past_season()
        keys = []
        for (points, shown), person in zip(
            people, make_people(len(people), listed=False), strict=True
        ):
            keys.append(person.pk)
            if shown:
                list_person(person)
            if points:
                earn(person, points, season.starts_at)
        seasons.close_season(season)
        found = {row.user_id: (row.rank, row.is_top) for row in SeasonResult.objects.all()}
        wanted = dict(zip(keys, brute_force(people), strict=True))
        assert found == {
            key: wanted[key] for key, (points, _) in zip(keys, people, strict=True) if points
        }
        transaction.set_rollback(True)
