"""The list of students: each sign as the table says it, counted one by one; who sets whom aside."""

import re
from datetime import timedelta
from fractions import Fraction
from html import unescape
from math import ceil

import pytest
from django.contrib.auth.models import Permission
from django.utils.timezone import now
from hypothesis import given

from accounts.models import User
from assessments.models import Attempt, HelpRequest, Review, Submission, SubmissionAnalysis
from enrollments.models import Enrollment
from gamification.models import Pause
from progress import attention
from progress.models import AttentionMark, CourseProgress, LessonProgress
from studio.insights.attention import all_in, student_in, students_of
from studio.insights.counting import count_course
from studio.insights.population import Population
from tests.assessments.builders import make_quiz
from tests.assessments.code_builders import make_assignment
from tests.conftest import make_course, make_person
from tests.studio.insights.conftest import NOW, make_learners, opened
from tests.studio.insights.histories import HISTORIES, Brute, ago, store
from tests.studio.insights.test_counting import EACH, undone

pytestmark = pytest.mark.django_db
OVERVIEW = "/studio/courses/python-basics/insights/"
PAGE = f"{OVERVIEW}students/"
DAY = timedelta(days=1)
CONTACTED, NO_CONCERN = AttentionMark.Kind.CONTACTED, AttentionMark.Kind.NO_CONCERN


@pytest.fixture
def stage(course, lessons):
    assignment = make_assignment(lessons[0].module)
    quiz = make_quiz(lessons[2].module, questions=False)
    return course, list(course.lessons.in_outline_order()), assignment, quiz


def found(course, shown="everybody", **asked):
    population = Population(course.pk, NOW.date())
    return students_of(population, NOW, shown, limit=asked.pop("limit", 1000), **asked)


def the_one(course):
    [student] = found(course).rows
    return student


def signs_of(course):
    return {kind: points for kind, points in the_one(course).seen.signs.items() if points}


@EACH
@given(history=HISTORIES)
def test_every_sign_is_what_one_by_one_comes_to(stage, history):
    with undone():
        store(history, *stage)
        brute = Brute([], *stage[1:])
        wanted = sorted(
            tuple(sorted(signs_one_by_one(brute, person).items()))
            for person in history
            if not person.staff
            for _ in range(person.number)
        )
        students = found(stage[0])
        assert wanted == sorted(tuple(sorted(one.seen.signs.items())) for one in students.rows)
        points = [one.points for one in students.rows]
        assert points == [sum(one.seen.signs.values()) for one in students.rows]
        assert points == sorted(points, reverse=True)
        assert students.everybody == len(wanted)
        assert students.attention == sum(one >= 3 for one in points)
        assert students.reach_out == sum(one >= 5 for one in points)


@EACH
@given(history=HISTORIES)
def test_a_person_is_told_what_staff_are_told(stage, history):
    with undone():
        store(history, *stage)
        told = {one.pk: one for one in found(stage[0]).rows}
        for user in User.objects.filter(email__startswith="h")[:6]:
            own = student_in(stage[0], user, NOW)
            assert (own and own.seen) == (told[user.pk].seen if user.pk in told else None)


def test_the_page_for_oneself_says_the_signs_and_what_follows(as_, ada, course, lessons):
    Enrollment.objects.filter(user=ada).update(enrolled_at=now() - 20 * DAY)
    opened(ada, lessons[0], now() - 15 * DAY)
    html = text(as_(ada).get("/settings/signs/"))
    assert "Nothing for 15 days" in html
    assert "that person may write to you, give you extra time in quizzes, or take you out" in html
    assert "among those to write to first" in html
    attention.set_aside(ada, course, CONTACTED, by=User.objects.get(pk=ada.pk))
    assert "So the list leaves you out until" in text(as_(ada).get("/settings/signs/"))


def test_the_page_for_oneself_is_about_own_courses_alone(client, as_, ada, bob, root, course):
    assert client.get("/settings/signs/").status_code == 302
    assert "You are in no course" in text(as_(bob).get("/settings/signs/?course=python-basics"))
    Enrollment.objects.create(user=root, course=course)
    assert "Staff are not in these lists" in text(as_(root).get("/settings/signs/"))
    assert "No sign." in text(as_(ada).get("/settings/signs/?course=nonsense"))


def test_the_page_for_oneself_asks_as_often_in_more_courses(
    as_, ada, course, django_assert_num_queries
):
    browser = as_(ada)
    browser.get("/settings/signs/")
    with django_assert_num_queries(5):
        browser.get("/settings/signs/")
    other = make_course("another")
    Enrollment.objects.create(user=ada, course=other)
    with django_assert_num_queries(5):
        assert "A course</h2>" in text(browser.get("/settings/signs/?course=another"))


def signs_one_by_one(brute, person):
    """The table of signs, over one person's history."""
    seen, marks = brute.all_moments(person), brute.marks(person)
    done = sorted(at for place, at in marks.items() if place in brute.required)
    signs = dict.fromkeys(["silent", "unstarted", "slow", "stuck", "failing", "unread", "help"], 0)
    if brute.completed(person) is not None:
        return signs
    if seen:
        signs["silent"] = 3 if NOW - seen[-1] >= 14 * DAY else 2 if NOW - seen[-1] >= 7 * DAY else 0
        signs["slow"] = 2 if is_slow(brute, seen[0], done) else 0
    elif NOW - ago(person.enrolled) >= 3 * DAY:
        signs["unstarted"] = 2
    for place, visit in person.visits:
        lesson = brute.outline[place]
        if lesson == brute.assignment.lesson and is_stuck(visit):
            signs["stuck"] = 3
        if lesson == brute.quiz.lesson:
            days = [ago(at).date() for at in sorted(visit.work)[:2]]
            signs["failing"] = 2 if len(set(days)) == 2 else 0
    return signs


def is_stuck(visit):
    failed = [(at, graded) for at, graded, passed in visit.tries if not passed]
    if any(graded and passed for _, graded, passed in visit.tries):
        return False
    graded = sum(one for _, one in failed)
    many = graded >= 5 or len(failed) - graded >= 15
    return many and len({ago(at).date() for at, _ in failed}) >= 2


def is_slow(brute, start, done):
    """Walks through time: slow below half the pace, from the seventh day, until seven tenths."""
    minutes = sum(brute.outline[place].minutes for place in brute.required)
    planned = max(14, ceil(Fraction(minutes * 7, 120)))

    def pace(count, at):
        return Fraction(count * planned * 86400, len(brute.required)) / seconds(at)

    def seconds(at):
        return Fraction((at - start) // timedelta(microseconds=1), 10**6) or Fraction(1, 10**9)

    slow = False
    for count, at in enumerate(done):
        slow = slow or (at - start >= 7 * DAY and pace(count, at) < Fraction(1, 2))
        slow = slow and pace(count + 1, at) < Fraction(7, 10)
    return NOW - start >= 7 * DAY and (
        pace(len(done), NOW) < Fraction(1, 2) or (slow and pace(len(done), NOW) < Fraction(7, 10))
    )


@pytest.mark.parametrize(("days", "points"), [(6, 0), (7, 2), (13, 2), (14, 3)])
def test_silence_counts_from_a_week_on(course, lessons, days, points):
    [user] = make_learners(course, 1, 20)
    for lesson in lessons[:2]:
        opened(user, lesson, NOW - days * DAY, done=NOW - days * DAY)
    assert the_one(course).seen.signs["silent"] == points


def test_whoever_never_began_is_told_apart_from_whoever_stopped(course, lessons):
    [user] = make_learners(course, 1, 3)
    assert signs_of(course) == {"unstarted": 2}
    assert "has opened no lesson" in the_one(course).reasons[0].text
    opened(user, lessons[0], NOW)
    assert signs_of(course) == {}


def test_completing_clears_everything_at_once(course, lessons):
    [user] = make_learners(course, 1, 60)
    opened(user, lessons[0], NOW - 50 * DAY, done=NOW - 50 * DAY)
    assert signs_of(course) == {"silent": 3, "slow": 2}
    assert the_one(course).level == "reach out"
    for lesson in lessons[1:3]:
        LessonProgress.objects.create(user=user, lesson=lesson, completed_at=NOW - 49 * DAY)
    assert signs_of(course) == {}
    LessonProgress.objects.filter(user=user, lesson=lessons[2]).delete()
    assert signs_of(course) == {"silent": 3, "slow": 2}
    CourseProgress.objects.create(user=user, course=course, completed_at=NOW)
    assert signs_of(course) == {}


def test_nobody_is_named_who_is_away_or_has_left(course, lessons):
    [user] = make_learners(course, 1, 60)
    place = Enrollment.objects.filter(user=user)
    place.update(status="PAUSED")
    assert signs_of(course) == {}
    place.update(status="ACTIVE")
    pause = Pause.objects.create(user=user, first=NOW.date() - DAY, last=NOW.date())
    assert signs_of(course) == {}
    pause.delete()
    assert signs_of(course) == {"unstarted": 2}
    place.update(status="DROPPED")
    assert found(course).everybody == 0


def test_slow_stays_slow_until_seven_tenths_of_the_pace(course, lessons):
    """Three required lessons in two weeks: a third of the way takes 4.67 days at full pace."""
    first, second = make_learners(course, 2, 20)
    for user, second_done in ((first, 13.9), (second, 8)):
        start = NOW - 15 * DAY
        opened(user, lessons[0], start, done=start + DAY)
        LessonProgress.objects.create(
            user=user, lesson=lessons[1], completed_at=start + second_done * DAY
        )
    slow = {one.pk: one.seen.signs["slow"] for one in found(course).rows}
    assert slow == {first.pk: 2, second.pk: 0}


def submission(user, assignment, at, number=1, **fields):
    fields = {"status": "FAILED", "is_graded": True, "number": number, **fields}
    return Submission.objects.create(
        user=user, assignment=assignment, created_at=at, finished_at=at, percent=50, revision=1,
        **fields,
    )  # fmt: skip


def test_five_failures_on_one_day_are_an_evening_and_on_two_days_a_sign(stage):
    course, _, assignment, _ = stage
    [user] = make_learners(course, 1, 2)
    for number in range(1, 6):
        submission(user, assignment, NOW - timedelta(minutes=number), number)
    assert signs_of(course) == {}
    Submission.objects.filter(number=1).update(created_at=NOW - 2 * DAY)
    assert signs_of(course) == {"stuck": 3}
    assert "is not passed: 5 submissions and 0 runs failed" in the_one(course).reasons[0].text
    submission(user, assignment, NOW, 6, status="PASSED")
    assert signs_of(course) == {}


def attempt(user, quiz, at, number, *, passed=False):
    return Attempt.objects.create(
        user=user, quiz=quiz, number=number, status="SUBMITTED", started_at=at, closed_at=at,
        score=1, out_of=2, percent=50, passed=passed,
    )  # fmt: skip


def test_two_failed_attempts_on_two_days_are_a_sign_until_one_is_passed(stage):
    course, _, _, quiz = stage
    [user] = make_learners(course, 1, 6)
    attempt(user, quiz, NOW - 2 * DAY, 1)
    assert signs_of(course) == {}
    attempt(user, quiz, NOW - DAY, 2)
    assert signs_of(course) == {"failing": 2}
    attempt(user, quiz, NOW, 3, passed=True)
    assert signs_of(course) == {}


def test_changes_that_lie_unread_and_help_that_does_not_come(stage, grace):
    course, _, assignment, _ = stage
    [user] = make_learners(course, 1, 6)
    asked, work = (submission(user, assignment, NOW - timedelta(hours=n), n) for n in (1, 2))
    words = SubmissionAnalysis.objects.create(submission=work, kind="MANUAL")
    sent = NOW - 5 * DAY
    Review.objects.create(
        submission=work, reason="STAFF", decision="CHANGES", decided_at=sent, sent_at=sent,
        reviewer=grace,
    )  # fmt: skip
    assert signs_of(course) == {"unread": 1}
    SubmissionAnalysis.objects.filter(pk=words.pk).update(read_at=NOW)
    assert signs_of(course) == {}
    Review.objects.create(submission=asked, reason="HELP", waiting_since=NOW - 3 * DAY)
    HelpRequest.objects.create(submission=asked, text="Why?")
    HelpRequest.objects.update(created_at=NOW - timedelta(hours=23))
    assert signs_of(course) == {}
    HelpRequest.objects.update(created_at=NOW - DAY)
    assert signs_of(course) == {"help": 3}
    assert "has no answer yet: it is our turn." in the_one(course).reasons[0].text
    Review.objects.filter(reason="HELP").update(waiting_since=None)
    assert signs_of(course) == {}


def test_whoever_may_review_gets_from_the_sign_to_the_desk(desk, as_, stage):
    course, _, assignment, _ = stage
    [user] = make_learners(course, 1, 6, now=now())
    later, first = (submission(user, assignment, now() - n * DAY, 4 - n) for n in (2, 3))
    for work, days in ((later, 2), (first, 3)):
        Review.objects.create(submission=work, reason="HELP", waiting_since=now() - days * DAY)
        HelpRequest.objects.create(submission=work, text="Why?")
        HelpRequest.objects.filter(submission=work).update(created_at=now() - days * DAY)
    link = f'<a href="/studio/reviews/{first.review.pk}/">Answer it'
    address = f"/studio/courses/{course.slug}/insights/students/?show=everybody"
    assert text(desk.get(address)).count("Answer it") == 1
    assert link in text(desk.get(address))
    teacher = make_person("tom@example.org", "Tom", role=User.Role.ADMIN)
    teacher.user_permissions.add(Permission.objects.get(codename="change_course"))
    html = text(as_(teacher).get(address))
    assert "has no answer yet" in html
    assert "Answer it" not in html


@pytest.mark.parametrize(("kind", "days"), [(CONTACTED, 7), (NO_CONCERN, 30)])
def test_whoever_is_set_aside_comes_back_after_their_time(course, lessons, grace, kind, days):
    [user] = make_learners(course, 1, 60)
    opened(user, lessons[0], NOW - 50 * DAY)
    attention.set_aside(user, course, kind, by=grace, at=NOW - days * DAY + timedelta(minutes=1))
    assert (found(course).attention, found(course).aside) == (0, 1)
    assert found(course, "attention").rows == []
    AttentionMark.objects.update(at=NOW - days * DAY)
    assert (found(course).attention, found(course).aside) == (1, 0)


def test_setting_aside_twice_is_once_and_keeps_who_was_first(course, lessons, grace, root):
    [user] = make_learners(course, 1, 60)
    attention.set_aside(user, course, CONTACTED, by=grace, at=NOW)
    attention.set_aside(user, course, CONTACTED, by=root, at=NOW + DAY)
    mark = AttentionMark.objects.get()
    assert (mark.by, mark.at) == (grace, NOW)
    attention.set_aside(user, course, CONTACTED, by=root, at=NOW + 7 * DAY)
    mark.refresh_from_db()
    assert (mark.by, mark.at) == (root, NOW + 7 * DAY)
    attention.set_aside(user, course, NO_CONCERN, by=grace, at=NOW + 8 * DAY)
    mark.refresh_from_db()
    assert (mark.by, mark.kind) == (grace, NO_CONCERN)
    attention.bring_back(user, course)
    attention.bring_back(user, course)
    assert not AttentionMark.objects.exists()


def text(answer):
    return " ".join(answer.content.decode().split())


@pytest.fixture
def quiet(course, lessons):
    """Three who began long ago and stopped."""
    users = make_learners(course, 3, 400)
    for user in users:
        opened(user, lessons[0], NOW - 390 * DAY)
    return users


def test_the_page_names_who_needs_a_person_and_why(desk, quiet):
    html = text(desk.get(PAGE))
    assert "<strong>3</strong> of 3 show signs to look at" in html
    assert "Learner 0" in html
    assert "last seen on 7 Feb 2025" in html
    assert "Reach out, 5 points" in html
    assert 'aria-current="page">Students</a>' in html


def test_whoever_never_started_is_found_in_a_list_of_their_own(desk, course, lessons, quiet):
    make_learners(course, 1, 74, now=now(), start=100)
    make_learners(course, 1, 1, now=now(), start=200)
    html = text(desk.get(PAGE, {"show": "never_started"}))
    assert "Never started (1)" in html
    # What is pressed and swapped keeps the focus by its id.
    assert '<a id="which-never_started" href="' in html
    assert "Learner 100" in html
    assert "Learner 0<" not in html
    assert "Learner 200" not in html


def test_days_without_a_sign_are_those_between_the_dates_that_are_named(course, lessons):
    users = make_learners(course, 2, 60)
    midnight = NOW.replace(hour=0, minute=0, second=0, microsecond=0)
    opened(users[0], lessons[0], midnight - 20 * DAY)
    opened(users[1], lessons[0], midnight - 20 * DAY - timedelta(minutes=1))
    found = students_of(Population(course.pk, NOW.date()), NOW, "everybody")
    said = {one.text for row in found.rows for one in row.reasons if one.kind == "silent"}
    days = [f"{(midnight - n * DAY).day} {midnight - n * DAY:%b %Y}" for n in (20, 21)]
    assert said == {
        f"Nothing for 20 days: last seen on {days[0]}.",
        f"Nothing for 21 days: last seen on {days[1]}.",
    }


def test_a_pace_is_said_with_two_digits(course, lessons):
    [user] = make_learners(course, 1, 20)
    opened(user, lessons[0], NOW - 15 * DAY, done=NOW - 14 * DAY)
    [reason] = [one for one in the_one(course).reasons if one.kind == "slow"]
    assert "0.31 times the planned pace" in reason.text


def test_a_course_without_students_says_so(desk, course):
    html = text(desk.get(PAGE))
    assert "Nobody is in this course now" in html
    assert "Show everybody" not in html
    html = text(desk.get(PAGE, {"from": "2026-01-01"}))
    assert "Nobody enrolled in the days you chose" in html
    assert "Show everybody" in html


def test_a_button_sets_somebody_aside_and_another_brings_them_back(desk, root, quiet):
    address = f"{PAGE}{quiet[0].pk}/"
    answer = desk.post(f"{address}?show=attention", {"kind": "CONTACTED"}, follow=True)
    assert answer.redirect_chain == [(f"{PAGE}?show=attention", 302)]
    assert "Learner 0 is left out of the list until" in text(answer)
    html = text(desk.get(PAGE, {"show": "aside"}))
    assert f"Contacted: {AttentionMark.objects.get().by.name}" in html
    desk.post(address, {"kind": "BACK"})
    assert not AttentionMark.objects.exists()
    assert "Nothing was changed" in text(desk.post(address, {"kind": "<b>"}, follow=True))
    for kind in ("x", ""):
        answer = desk.post(f"{address}?show=everybody", {"kind": kind})
        assert answer.status_code == 422
        assert "Nothing was changed" in text(answer)
        assert 'aria-current="page">Everybody (3)</a>' in text(answer)
    assert desk.get(address).status_code == 405


def test_only_who_may_see_the_list_sets_aside_and_only_who_is_in_it(desk, as_, ada, bob, quiet):
    address = f"{PAGE}{quiet[0].pk}/"
    assert as_(bob).post(address, {"kind": "CONTACTED"}).status_code == 404
    assert desk.post(f"{PAGE}{bob.pk}/", {"kind": "CONTACTED"}).status_code == 404
    Enrollment.objects.filter(user=quiet[0]).update(status="DROPPED")
    assert desk.post(address, {"kind": "CONTACTED"}).status_code == 404
    assert not AttentionMark.objects.exists()


@pytest.mark.parametrize("page", ["0", "-1", "99999999999999", "x", "٣", "1e3"])
def test_a_page_that_makes_no_sense_is_the_nearest(desk, quiet, page):
    assert "Learner 0" in text(desk.get(PAGE, {"page": page, "show": "nonsense"}))


def test_pages_hold_everybody_once(course, lessons):
    make_learners(course, 7, 60)
    keys = [one.pk for n in (1, 2, 3) for one in found(course, page=n, limit=3).rows]
    assert len(set(keys)) == len(keys) == 7
    assert found(course, page=9, limit=3).rows == found(course, page=3, limit=3).rows


def test_the_page_asks_as_often_for_three_as_for_sixty(
    desk, course, quiet, lessons, django_assert_num_queries
):
    desk.get(PAGE)
    with django_assert_num_queries(10):
        desk.get(PAGE)
    for user in make_learners(course, 60, 400, start=100):
        opened(user, lessons[0], NOW - 390 * DAY)
    with django_assert_num_queries(10):
        html = text(desk.get(PAGE, {"from": "2025-01-01", "page": "2"}))
    assert "Page 2 of 2" in html


def test_the_file_holds_everybody_and_calculates_nothing(desk, quiet):
    User.objects.filter(pk=quiet[0].pk).update(name="=1+1")
    lines = desk.get(f"{PAGE}export/").content.decode("utf-8-sig").splitlines()
    assert len(lines) == 4
    assert any(line.startswith("'=1+1,") for line in lines)


def test_the_file_is_of_the_list_that_is_shown_with_its_filters(desk, course, quiet):
    make_learners(course, 1, 74, now=now(), start=100)
    for shown, people in (("never_started", 1), ("attention", 3), ("aside", 0), ("everybody", 4)):
        html = text(desk.get(PAGE, {"show": shown, "from": "2025-01-01"}))
        [address] = re.findall(r'href="([^"]+)" download', html)
        lines = desk.get(unescape(address)).content.decode("utf-8-sig").splitlines()
        assert (shown, len(lines) - 1) == (shown, people)
        assert "from=2025-01-01" in address
        counts = re.findall(r"\((\d+)\)</a>", html)
        assert str(people) in counts


def test_the_list_says_who_never_started_and_the_link_that_leads_there_too(
    desk, course, lessons, quiet
):
    said = "enrolled three days ago or earlier"
    assert said in text(desk.get(PAGE, {"show": "never_started"}))
    assert said not in text(desk.get(PAGE, {"show": "everybody"}))
    for user in make_learners(course, 2, 390, start=100):
        opened(user, lessons[0], NOW - 380 * DAY)
    make_learners(course, 1, 390, start=200)
    count_course(course, NOW)
    html = text(desk.get(OVERVIEW))
    link = (
        f'<a href="{PAGE}?show=never_started">Who has opened no lesson, is here now and {said}</a>'
    )
    assert link in html


def test_where_there_is_nothing_to_do_the_cell_is_empty(as_, desk, course, quiet):
    """At a small width a cell that holds anything is headed "What to do:"."""
    kim = make_person("kim@example.org", "Kim")
    kim.user_permissions.add(Permission.objects.get(codename="give_review"))
    Enrollment.objects.filter(course=course).update(status="COMPLETED")
    html = text(as_(kim).get(PAGE, {"show": "everybody"}))
    assert html.count('<td class="to-do"></td>') == len(quiet)
    assert "Take out" in text(desk.get(PAGE, {"show": "everybody"}))


def test_it_says_who_has_completed_and_who_is_paused(desk, quiet, lessons, course):
    done, all_done, paused = quiet
    CourseProgress.objects.create(user=done, course=course, completed_at=NOW)
    Enrollment.objects.filter(user__in=[done, paused]).update(status="PAUSED")
    for lesson in lessons:
        LessonProgress.objects.create(user=all_done, lesson=lesson, completed_at=NOW)
    html = text(desk.get(PAGE, {"show": "everybody"}))
    why = {
        user: re.search(f'>{user.name}</a>.*?data-label="Why"><span class="muted">(.*?)<', html)[1]
        for user in quiet
    }
    assert why == {done: "Completed", all_done: "Completed", paused: "Paused"}


def test_a_list_that_there_is_not_is_in_the_file_what_it_is_on_the_page(desk, course, quiet):
    make_learners(course, 1, 74, now=now(), start=100)

    def file_of(show):
        return desk.get(f"{PAGE}export/", {"show": show}).content

    assert file_of("nonsense") == file_of("attention") != file_of("everybody")


def test_the_file_asks_for_everybody_once(desk, quiet, django_assert_num_queries):
    desk.get(PAGE)
    with django_assert_num_queries(8) as asked:  # one of them notes that it was asked for
        desk.get(f"{PAGE}export/")
    assert sum("scored AS MATERIALIZED" in one["sql"] for one in asked.captured_queries) == 1


def test_all_of_them_are_made_one_by_one(course, quiet):
    everybody = all_in(Population(course.pk, NOW.date()), NOW, "everybody")
    assert next(everybody) == found(course).rows[0]
    assert [one.pk for one in everybody] == [one.pk for one in found(course).rows[1:]]


def test_the_list_and_the_message_name_the_same_day_in_every_zone(desk, root, quiet):
    User.objects.filter(pk=root.pk).update(timezone="Pacific/Kiritimati")
    answer = desk.post(f"{PAGE}{quiet[0].pk}/?show=aside", {"kind": "CONTACTED"}, follow=True)
    mark = AttentionMark.objects.get()
    AttentionMark.objects.update(at=mark.at.replace(hour=20))
    until = (mark.at + 7 * DAY).strftime("%-d %b %Y")
    assert f"is left out of the list until {until}." in text(answer)
    html = text(desk.get(PAGE, {"show": "aside"}))
    assert f"{mark.at.strftime('%-d %b')}. Left out until {until}." in html
