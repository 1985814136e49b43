"""The pages of challenges: before, the start, the clock, and results that stay private until all
are through."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from assessments.models import Accommodation
from courses.models import Course, Lesson
from enrollments.actions import leave
from gamification import challenges
from gamification.models import ChallengeEntry, Policy
from tests.gamification.contest_builders import (
    judge,
    list_person,
    make_entry,
    make_open_challenge,
    make_people,
    move,
)

ADDRESS = "/challenges/sprint/"
DAY = timedelta(days=1)


@pytest.fixture
def challenge(course):
    return make_open_challenge(course, rules="Work alone.\n\n<b>Ask</b> nobody.")


def page_of(browser, address=ADDRESS, status=200, **headers):
    answer = browser.get(address, headers=headers)
    assert answer.status_code == status
    return " ".join(answer.content.decode().split())


def cost_of(browser, address=ADDRESS):
    browser.get(address)
    with CaptureQueriesContext(connection) as counted:
        assert browser.get(address).status_code == 200
    return len(counted)


def begin(browser):
    return browser.post(f"{ADDRESS}entry/", {"started": "1"})


def test_a_school_without_challenges_says_so(as_, bob):
    assert "No challenges yet" in page_of(as_(bob), "/challenges/")


def test_the_list_parts_what_is_open_coming_and_past(as_, ada, course, challenge):
    move(make_open_challenge(course, slug="coming"), -2 * DAY)
    move(make_open_challenge(course, slug="gone"), 3 * DAY)
    page = page_of(as_(ada), "/challenges/")
    heads = ["Open now", "Sprint", "Coming", "Opens", "Past: practise any time", "Gone"]
    places = [page.index(f">{word}") if word != "Opens" else page.index(word) for word in heads]
    assert places == sorted(places)
    begin(as_(ada))
    assert "0 of 2 solved" in page_of(as_(ada), "/challenges/")


def test_the_list_costs_the_same_for_one_and_for_many(as_, ada, course, challenge):
    browser = as_(ada)
    begin(browser)
    move(make_open_challenge(course, slug="gone"), 3 * DAY)
    few = cost_of(browser, "/challenges/")
    for number in range(25):
        move(make_open_challenge(course, slug=f"gone-{number}"), (3 + number) * DAY)
    assert cost_of(browser, "/challenges/") == few <= 9
    assert "gone-24" in page_of(browser, "/challenges/?page=2")


def test_before_it_opens_nobody_starts_and_tasks_are_not_told(as_, ada, challenge):
    move(challenge, -2 * DAY)
    page = page_of(as_(ada))
    assert "Opens " in page
    assert "Start now" not in page
    assert "Task 1" not in page
    answer = begin(as_(ada))
    assert answer.status_code == 409
    assert "This challenge is not open." in answer.content.decode()
    assert not ChallengeEntry.objects.exists()


def test_open_it_tells_the_rules_and_waits_for_the_start(as_, ada, challenge):
    page = page_of(as_(ada))
    for told in ("45 minutes from your start", "Start now", "2 tasks", "&lt;b&gt;Ask&lt;/b&gt;"):
        assert told in page, told
    assert "Task 1" not in page
    assert 'id="clock"' not in page
    assert begin(as_(ada))["Location"] == ADDRESS
    page = page_of(as_(ada))
    for told in ("0 of 2 solved", "Task 1", "Task 2", 'id="clock"', "js/quiz.js", 'id="answers"'):
        assert told in page, told
    assert begin(as_(ada)).status_code == 303
    assert ChallengeEntry.objects.count() == 1


@pytest.mark.parametrize("body", [{}, {"started": "yes"}, {"started": ""}])
def test_a_start_says_what_it_wants(as_, ada, challenge, body):
    assert as_(ada).post(f"{ADDRESS}entry/", body).status_code == 422
    assert not ChallengeEntry.objects.exists()


def test_a_start_is_never_taken_back(as_, ada, challenge):
    begin(as_(ada))
    assert as_(ada).post(f"{ADDRESS}entry/", {"started": "0"}).status_code == 303
    assert ChallengeEntry.objects.count() == 1


def test_who_is_not_in_the_course_is_shown_the_way_in(as_, bob, challenge):
    page = page_of(as_(bob))
    assert "You are not enrolled in this course. Enrol to take part." in page
    assert "Start now" not in page
    assert begin(as_(bob)).status_code == 403
    assert not ChallengeEntry.objects.exists()


def test_who_left_the_course_does_not_start(as_, ada, course, challenge):
    leave(ada, course)
    assert begin(as_(ada)).status_code == 403


@pytest.mark.parametrize(
    ("extra", "told", "minutes"),
    [
        (150, "67 minutes from your start, with your extra time", 67.5),
        (200, "90 minutes from your start, with your extra time", 90),
        (0, "Without a clock: until the window closes, and at least 90 minutes", None),
    ],
)
def test_extra_time_is_told_and_given(as_, ada, challenge, extra, told, minutes):
    Accommodation.objects.create(user=ada, extra_time=extra)
    page = page_of(as_(ada))
    assert told in page
    assert "your place goes by tasks alone" in page
    begin(as_(ada))
    entry = ChallengeEntry.objects.get()
    length = timedelta(minutes=minutes) if minutes else challenge.closes_at - entry.started_at
    assert entry.deadline - entry.started_at == length


def test_while_it_runs_the_page_tells_what_is_solved(as_, ada, challenge):
    begin(as_(ada))
    judge(ada, challenge.tasks.first().lesson)
    page = page_of(as_(ada))
    assert "1 of 2 solved" in page
    assert "solved after 0 min" in page
    assert "Results stay private" in page


def test_the_clock_comes_alone_for_a_page_that_was_away(as_, ada, challenge):
    begin(as_(ada))
    clock = page_of(as_(ada), **{"HX-Request": "true"})
    assert clock.startswith("<details")
    assert 'data-total="2700"' in clock
    move(challenge, timedelta(hours=1))
    answer = as_(ada).get(ADDRESS, headers={"HX-Request": "true"})
    assert answer["HX-Redirect"] == ADDRESS


def test_when_time_is_over_it_says_what_was_solved(as_, ada, challenge):
    begin(as_(ada))
    judge(ada, challenge.tasks.first().lesson)
    move(challenge, timedelta(minutes=46))
    page = page_of(as_(ada))
    assert "You solved 1 of 2" in page
    assert "still being judged counts" in page
    assert 'id="clock"' not in page
    move(challenge, timedelta(minutes=15))
    assert "still being judged counts" not in page_of(as_(ada))
    assert ChallengeEntry.objects.get().finished_at is not None


def test_all_solved_ends_it(as_, ada, challenge):
    begin(as_(ada))
    for task in challenge.tasks.all():
        judge(ada, task.lesson)
    page = page_of(as_(ada))
    assert "All 2 tasks solved" in page
    assert 'id="clock"' not in page


def test_results_are_private_until_all_are_through(as_, ada, challenge):
    people = make_people(6)
    for number, person in enumerate(people):
        make_entry(challenge, person, [number])
    list_person(ada)
    make_entry(challenge, ada, [2])
    move(challenge, DAY)
    page = page_of(as_(ada))
    assert "Results stay private until" in page
    assert people[0].name not in page
    assert "to practise" in page
    move(challenge, timedelta(minutes=91))
    page = page_of(as_(ada))
    assert people[0].name in page
    assert page.count("tied</span>") == 2
    assert "(you)" in page
    table = page.partition("Results</h2>")[2].partition("</table>")[0]
    assert "@" not in table
    assert table.count(" min</span>") == 1
    assert "not compared" not in table
    Policy.objects.create(boards=False)
    page = page_of(as_(ada))
    assert people[0].name not in page
    assert "Results" not in page


def test_what_is_out_of_sight_is_named_nowhere(as_, ada, course, challenge):
    begin(as_(ada))
    first, second = (task.lesson for task in challenge.tasks.all())
    judge(ada, first)
    Lesson.objects.filter(pk=first.pk).update(status=Lesson.Status.DRAFT)
    page = page_of(as_(ada))
    assert (first.title in page, second.title in page) == (False, True)
    assert "0 of 1 solved" in page
    assert "0 of 1 solved" in page_of(as_(ada), "/challenges/")
    Lesson.objects.update(deleted_at=now())
    assert second.title not in page_of(as_(ada))
    Course.objects.update(status=Course.Status.ARCHIVED)
    assert "Sprint" not in page_of(as_(ada), "/challenges/")
    page_of(as_(ada), status=404)


def test_afterwards_anybody_practises_without_pay(as_, ada, challenge):
    move(challenge, 2 * DAY)
    page = page_of(as_(ada))
    for told in ("This challenge is over", "Nobody took part.", "Task 1", "Practise"):
        assert told in page, told
    judge(ada, challenge.tasks.first().lesson)
    assert "solved in practice" in page_of(as_(ada))


def test_the_page_costs_the_same_for_few_people_and_for_many(as_, ada, challenge):
    list_person(ada)
    make_entry(challenge, ada, [1])
    for person in make_people(5):
        make_entry(challenge, person, [1])
    move(challenge, 2 * DAY)
    challenges.settle_overdue()
    few = cost_of(as_(ada))
    for person in make_people(30):
        make_entry(challenge, person, [1, 2])
    challenges.settle_overdue()
    assert cost_of(as_(ada)) == few <= 12


def test_guests_sign_in_drafts_are_not_there_and_points_may_be_hidden(as_, ada, client, challenge):
    assert client.get(ADDRESS).status_code == 302
    assert client.post(f"{ADDRESS}entry/").status_code == 302
    ada.profile.preferences = {**ada.profile.preferences, "show_points": False}
    ada.profile.save()
    for address in ("/challenges/", ADDRESS):
        assert "Sprint" not in page_of(as_(ada), address)
    assert begin(as_(ada)).status_code == 409
    assert not ChallengeEntry.objects.exists()
    ada.profile.preferences = {**ada.profile.preferences, "show_points": True}
    ada.profile.save()
    challenge.is_published = False
    challenge.save()
    assert as_(ada).get(ADDRESS).status_code == 404
    assert begin(as_(ada)).status_code == 404
    assert as_(ada).get(f"{ADDRESS}entry/").status_code == 405
