"""Seasons and challenges in the admin: it does what the verbs do, and refuses what they refuse."""

from datetime import UTC, timedelta

import pytest
from django.utils.timezone import now

from courses.models import Lesson
from gamification import challenges, seasons
from gamification.board_checks import wrong_boards
from gamification.models import BoardRow, Challenge, Season
from tests.gamification.contest_builders import (
    DAY,
    earn,
    make_open_challenge,
    make_open_season,
    make_past_season,
)

SEASON, CHALLENGE = "/admin/gamification/season/", "/admin/gamification/challenge/"


def text(answer):
    return " ".join(answer.content.decode().split())


def stamps(**moments):
    """Moments as the admin's two fields send them."""
    found = {}
    for name, moment in moments.items():
        day, _, time = f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S}".partition(" ")
        found |= {f"{name}_0": day, f"{name}_1": time}
    return found


@pytest.fixture
def desk(as_, root, settings):
    settings.DEMO_SCHOOL = True
    return as_(root)


def test_a_second_season_in_the_same_weeks_is_refused_in_words(desk):
    times = {"starts_at_0": "2030-01-01", "starts_at_1": "00:00", "ends_at_0": "2030-03-01"}
    times |= {"ends_at_1": "00:00", "goal_days": "20"}
    address = "/admin/gamification/season/add/"
    assert desk.post(address, {**times, "slug": "a", "title": "A"}).status_code == 302
    answer = desk.post(address, {**times, "slug": "b", "title": "B"})
    assert answer.status_code == 200
    assert "Another season lies in these weeks." in answer.content.decode()
    assert Season.objects.count() == 1


def test_a_closed_season_and_its_results_are_only_looked_at(desk, bob):
    season = make_past_season()
    earn(bob, 10, season.starts_at)
    row = f"/admin/gamification/season/{season.pk}/"
    assert b'name="_save"' in desk.get(f"{row}change/").content
    seasons.close_season(season)
    assert b'name="_save"' not in desk.get(f"{row}change/").content
    assert desk.post(f"{row}delete/", {"post": "yes"}).status_code == 403
    page = desk.get("/admin/gamification/seasonresult/").content.decode()
    assert ">Bob<" in page
    assert desk.get("/admin/gamification/seasonresult/add/").status_code == 403


def test_a_challenge_is_published_here_and_stays_once_it_has_begun(desk, ada, course):
    challenge = make_open_challenge(course)
    Challenge.objects.update(is_published=False)
    challenge.tasks.all()[0].lesson.__class__.objects.update(status="DRAFT")
    press = {"action": "publish", "_selected_action": [challenge.pk]}
    address = "/admin/gamification/challenge/"
    page = desk.post(address, press, follow=True).content.decode()
    assert "is no published assignment of this course" in page
    challenge.tasks.all()[0].lesson.__class__.objects.update(status="PUBLISHED")
    assert "Sprint is published." in desk.post(address, press, follow=True).content.decode()
    row = f"{address}{challenge.pk}/"
    assert b'name="_save"' in desk.get(f"{row}change/").content
    challenges.start(ada, Challenge.objects.get())
    assert b'name="_save"' not in desk.get(f"{row}change/").content
    assert desk.post(f"{row}delete/", {"post": "yes"}).status_code == 403
    assert ">Ada<" in desk.get("/admin/gamification/challengeentry/").content.decode()


def test_a_season_that_began_before_it_was_written_finds_its_points(desk, bob):
    earn(bob, 10, now() - DAY)
    given = stamps(starts_at=now() - 2 * DAY, ends_at=now() + 20 * DAY)
    given |= {"slug": "late", "title": "Late", "goal_days": "10"}
    assert desk.post(f"{SEASON}add/", given).status_code == 302
    period = Season.objects.get().period
    assert BoardRow.objects.get(board__period=period, board__scope="school").points == 10
    assert wrong_boards() == 0


def test_a_season_that_is_moved_into_the_past_finds_its_points(desk, bob):
    earn(bob, 10, now() - DAY)
    season = make_open_season(begun=-9)
    given = stamps(starts_at=now() - 2 * DAY, ends_at=season.ends_at)
    given |= {"slug": season.slug, "title": season.title, "goal_days": "24"}
    assert desk.post(f"{SEASON}{season.pk}/change/", given).status_code == 302
    assert BoardRow.objects.get(board__period=season.period, board__scope="school").points == 10
    assert wrong_boards() == 0


def test_of_a_season_that_has_begun_words_alone_can_be_mended(desk):
    season = make_open_season()
    address = f"{SEASON}{season.pk}/"
    given = stamps(starts_at=now() + DAY, ends_at=now() + 2 * DAY)
    given |= {"title": "Mended", "theme": "Rain", "slug": "other", "goal_days": "1"}
    assert desk.post(f"{address}change/", given).status_code == 302
    found = Season.objects.get()
    assert (found.title, found.theme) == ("Mended", "Rain")
    assert [getattr(found, name) for name in seasons.PROMISED] == [
        getattr(season, name) for name in seasons.PROMISED
    ]
    assert desk.post(f"{address}delete/", {"post": "yes"}).status_code == 403


def tasks(*lessons, kept=()):
    """The rows of tasks; `kept`: rows that are there, each with whether it goes."""
    given = {"tasks-TOTAL_FORMS": len(lessons) + len(kept), "tasks-INITIAL_FORMS": len(kept)}
    for number, (row, goes) in enumerate(kept):
        given |= {f"tasks-{number}-id": str(row.pk), f"tasks-{number}-lesson": str(row.lesson_id)}
        given |= {
            f"tasks-{number}-position": row.position,
            f"tasks-{number}-challenge": str(row.challenge_id),
        }
        given |= {f"tasks-{number}-DELETE": "on"} if goes else {}
    for number, lesson in enumerate(lessons, start=len(kept)):
        given |= {f"tasks-{number}-lesson": str(lesson.pk), f"tasks-{number}-position": 9 - number}
    return given


def form_of(challenge, rows, **changes):
    given = stamps(opens_at=challenge.opens_at, closes_at=challenge.closes_at)
    names = ("slug", "title", "minutes", "rules")
    given |= {name: getattr(challenge, name) for name in names}
    return {**given, "course": str(challenge.course_id), **rows, **changes}


def test_a_challenge_is_made_with_its_tasks_in_the_order_of_their_numbers(desk, course):
    first, second = (
        task.lesson for task in make_open_challenge(course).tasks.select_related("lesson")
    )
    other = Challenge.objects.get()
    given = form_of(other, tasks(first, second), slug="later", title="New")
    assert desk.post(f"{CHALLENGE}add/", given).status_code == 302
    made = Challenge.objects.get(slug="later")
    assert [task.lesson for task in made.tasks.all()] == [second, first]
    assert not made.is_published


def test_what_is_no_task_is_refused_in_words(desk, course, lessons):
    open_one = make_open_challenge(course)
    wrong = Lesson.objects.get(pk=lessons[0].pk)
    answer = desk.post(f"{CHALLENGE}add/", form_of(open_one, tasks(wrong), slug="new"))
    assert answer.status_code == 200
    assert "is no published assignment of this course" in text(answer)
    assert Challenge.objects.get() == open_one


def test_a_published_challenge_keeps_a_task_and_a_new_length_is_kept(desk, course):
    found = make_open_challenge(course)
    row = f"{CHALLENGE}{found.pk}/change/"
    first, second = found.tasks.all()
    none_left = form_of(found, tasks(kept=[(first, True), (second, True)]))
    answer = desk.post(row, none_left)
    assert answer.status_code == 200
    assert "A challenge needs at least one task." in text(answer)
    given = form_of(found, tasks(kept=[(first, True), (second, False)]), minutes="90")
    assert desk.post(row, given).status_code == 302
    found.refresh_from_db()
    assert (found.minutes, found.is_published) == (90, True)
    assert [task.lesson for task in found.tasks.all()] == [second.lesson]


def test_a_challenge_is_called_off_until_somebody_has_started(desk, ada, course):
    found = make_open_challenge(course)
    assert desk.post(f"{CHALLENGE}{found.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not Challenge.objects.exists()
    begun = make_open_challenge(course, slug="begun")
    challenges.start(ada, begun)
    assert desk.post(f"{CHALLENGE}{begun.pk}/delete/", {"post": "yes"}).status_code == 403
    assert begun.entries.get().deadline - now() < timedelta(minutes=46)


def test_a_season_is_taken_away_by_the_verb_alone(desk, monkeypatch):
    coming = make_open_season(begun=-9)
    address = f"{SEASON}{coming.pk}/delete/"
    with monkeypatch.context() as patch:
        # As where it begins between the look and the press.
        patch.setattr(seasons, "call_off", lambda season: False)
        assert desk.post(address, {"post": "yes"}).status_code == 403
    assert desk.post(address, {"post": "yes"}).status_code == 302
    assert not Season.objects.exists()


def test_the_address_of_a_page_is_refused_in_words(desk, course):
    given = form_of(make_open_challenge(course), tasks(), slug="new")
    answer = desk.post(f"{CHALLENGE}add/", given, follow=True)
    assert "Nothing was saved. This address is taken." in text(answer)
    times = stamps(starts_at=now() + DAY, ends_at=now() + 2 * DAY)
    season = {**times, "slug": "new", "title": "New", "goal_days": "1"}
    answer = desk.post(f"{SEASON}add/", season, follow=True)
    assert "Nothing was saved. This address is taken." in text(answer)
    assert not Season.objects.exists()
    assert not Challenge.objects.filter(slug="new").exists()
