"""The insight pages of assignments and quizzes: what they say, and what they keep to themselves."""

import csv
import io
from datetime import timedelta
from random import Random

import pytest
from django.db.models import F

from assessments.models import Attempt, Submission, TestResult
from courses.models import Lesson
from studio.insights.counting import count_course
from tests.assessments.builders import make_quiz
from tests.assessments.code_builders import add_case, make_assignment
from tests.assessments.crowd import by_skill, take
from tests.studio.insights.conftest import NOW, make_learners, opened
from tests.studio.insights.test_pages import PAGE, text

pytestmark = pytest.mark.django_db
ASSIGNMENTS, QUIZZES = f"{PAGE}assignments/", f"{PAGE}quizzes/"
# Queries of the whole page.
TABS = {"assignments/": 13, "quizzes/": 11}
TRACE = (
    "Traceback (most recent call last):\n  File \"main.py\", line 7, in f\nNameError: name '{}'\n"
)


@pytest.fixture
def task(course, lessons):
    assignment = make_assignment(course.modules.first(), function="")
    for name in ("Empty list", "One item", "Many items"):
        add_case(assignment, name, name=name, is_visible=name == "One item")
    return assignment


@pytest.fixture
def quiz(course, lessons):
    return make_quiz(course.modules.first())


def hand_in(users, task, outcomes, *, number=1, said="", now=NOW):
    """Each of them hands in code, of which the cases end so; forty days ago, then each a minute
    later."""
    passed = all(one == "PASSED" for one in outcomes)
    at = now - timedelta(days=40) + timedelta(minutes=number)
    rows = Submission.objects.bulk_create(
        Submission(
            user=user, assignment=task, is_graded=True, number=number, percent=100 * passed,
            revision=1, status="PASSED" if passed else "FAILED", created_at=at, finished_at=at,
        )
        for user in users
    )  # fmt: skip
    TestResult.objects.bulk_create(
        TestResult(
            submission=row, case=case, outcome=outcome, position=place, was_visible=case.is_visible,
            stderr=said,
        )
        for row in rows
        for place, (case, outcome) in enumerate(zip(task.cases.all(), outcomes, strict=True))
    )  # fmt: skip
    return rows


def took(quiz, users, habit):
    """Each of them finishes a first attempt, well before the count."""
    take(quiz, users, habit)
    earlier = timedelta(days=250)
    Attempt.objects.filter(user__in=users).update(
        started_at=F("started_at") - earlier, closed_at=F("closed_at") - earlier
    )


GOOD = ("PASSED", "PASSED", "PASSED")


def stuck_in(task, course, *, start=0, now=NOW):
    """Forty learners start, ten pass at the first go, ten at the third, twenty never."""
    users = make_learners(course, 40, 40, start=start, now=now)
    for user in users:
        opened(user, task.lesson, now - timedelta(days=40))
    broken = ("PASSED", "RUNTIME_ERROR", "WRONG")
    hand_in(users[:10], task, GOOD, now=now)
    hand_in(users[10:20], task, broken, said=TRACE.format("x"), now=now)
    hand_in(users[10:20], task, ("WRONG", "PASSED", "PASSED"), number=2, now=now)
    hand_in(users[10:20], task, GOOD, number=3, now=now)
    hand_in(users[20:], task, broken, said=TRACE.format("y"), now=now)
    return users


def test_it_says_who_passes_and_which_test_stops_the_others(desk, course, task):
    stuck_in(task, course)
    count_course(course, NOW)
    html = text(desk.get(ASSIGNMENTS))
    assert "50% of those who started it failed five times or never passed (n = 40)" in html
    assert "“One item” stops most: it is the first test to fail for 67% (n&nbsp;=&nbsp;30)" in html
    assert "<code>NameError: name …</code>" in html
    assert "lines 6 to 10" in html
    row = html[html.index('<th class="long" scope="row">') :]
    row = row[: row.index("</tr>")]
    for said in (
        "50%",
        "25%",
        ">1<br>",
        "three in four: 3<",
        ">1 min<br>",
        "three in four: 3 min<",
    ):
        assert said in row
    assert html.index("stops most") < html.index('<svg class="figure"')


def test_where_all_tests_fail_none_of_them_is_said_to_stop_people(desk, course, task):
    users = make_learners(course, 40, 40)
    for user in users:
        opened(user, task.lesson, NOW - timedelta(days=40))
    hand_in(users[:20], task, GOOD)
    hand_in(users[20:], task, ("RUNTIME_ERROR", "WRONG", "WRONG"), said=TRACE.format("x"))
    count_course(course, NOW)
    html = text(desk.get(ASSIGNMENTS))
    assert html.count("Whoever fails here fails all 3 tests (n = 20)") == 2
    assert "stops most" not in html
    picture = html[html.index("Which test fails first, in") :]
    picture = picture[: picture.index("</svg>")]
    assert picture.count('class="bar') == 1
    (row,) = rows_of(desk.get(f"{ASSIGNMENTS}export/"))
    assert (row["first failing test"], row["share stopped by it"]) == ("Empty list", "1")
    assert (row["failed all tests"], row["with a failing run"]) == ("20", "20")
    stuck = "50% of those who started it failed five times or never passed (n\xa0=\xa040)"
    why = "Whoever fails here fails all 3 tests (n\xa0=\xa020)"
    assert row["reasons"] == f"{stuck}. {why}"
    lesson = next(one for one in rows_of(desk.get(f"{PAGE}lessons/export/")) if one["reasons"])
    assert f"{stuck}. {why}. " in lesson["reasons"]


def test_hidden_tests_are_named_as_such(desk, course, task):
    stuck_in(task, course)
    count_course(course, NOW)
    html = text(desk.get(ASSIGNMENTS))
    assert html.count("No, it is hidden") == 2


def test_a_test_that_was_taken_out_is_shown_if_it_stopped_somebody(desk, course, task):
    stuck_in(task, course)
    task.cases.update(deleted_at=NOW)
    count_course(course, NOW)
    html = text(desk.get(ASSIGNMENTS))
    assert html.count("Taken out") == 2
    assert "Many items" not in html


def test_of_fewer_than_ten_only_counts_are_shown(desk, course, task):
    users = make_learners(course, 7, 40)
    for user in users:
        opened(user, task.lesson, NOW - timedelta(days=40))
    hand_in(users[:4], task, GOOD)
    hand_in(users[4:], task, ("WRONG", "WRONG", "PASSED"))
    count_course(course, NOW)
    html = text(desk.get(ASSIGNMENTS))
    assert "4 of 7" in html
    assert "3 people have a run that failed: too few to say which test stops most" in html
    assert "%</td>" not in html
    assert "Too few have started an assignment to say where they fail" in html
    (row,) = rows_of(desk.get(f"{ASSIGNMENTS}export/"))
    assert (row["started"], row["passed"], row["pass rate"]) == ("7", "4", "")
    assert (row["median minutes"], row["first failing test"]) == ("", "")
    assert '<td class="num">3</td><td class="num">3 of 3</td>' in html
    assert row["fails first"] == "Empty list: 3"


def rows_of(answer):
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_the_files_calculate_nothing(desk, course, task, quiz):
    users = stuck_in(task, course)
    task.lesson.title = "=1+1"
    task.lesson.save()
    task.cases.filter(name="One item").update(name="@SUM(A1)")
    took(quiz, users, by_skill(Random(1)))
    count_course(course, NOW)
    (row,) = rows_of(desk.get(f"{ASSIGNMENTS}export/"))
    assert (row["assignment"], row["first failing test"]) == ("'=1+1", "'@SUM(A1)")
    assert (row["opened"], row["started"], row["pass rate"]) == ("40", "40", "0.5")
    assert row["errors"] == "NameError: name …, lines 6 to 10: 30"
    (row,) = rows_of(desk.get(f"{QUIZZES}export/"))
    assert (row["first attempts"], row["reliable"], row["pass mark"]) == ("40", "no", "70")


def test_a_quiz_shows_its_numbers_from_twenty_first_attempts_on(desk, course, quiz):
    users = make_learners(course, 60, 40)
    for user in users:
        opened(user, quiz.lesson, NOW - timedelta(days=40))
    took(quiz, users[:19], by_skill(Random(1)))
    count_course(course, NOW)
    html = text(desk.get(QUIZZES))
    assert "Needs 20 finished first attempts; 19 so far" in html
    assert "No quiz has enough first attempts yet to say anything" in html
    (row,) = rows_of(desk.get(f"{QUIZZES}export/"))
    assert (row["first attempts"], row["mean"]) == ("19", "")
    took(quiz, users[19:20], by_skill(Random(2)))
    count_course(course, NOW)
    html = text(desk.get(QUIZZES))
    assert "too few to rely on" in html
    assert "Fewest pass “" in html
    took(quiz, users[20:], by_skill(Random(3)))
    count_course(course, NOW)
    assert "too few to rely on" not in text(desk.get(QUIZZES))


def test_a_quiz_leads_to_its_questions(desk, course, quiz):
    for user in make_learners(course, 5, 40):
        opened(user, quiz.lesson, NOW)
    count_course(course, NOW)
    assert f'href="/studio/quizzes/{quiz.pk}/"' in text(desk.get(QUIZZES))


@pytest.mark.parametrize(("tab", "said"), {
    "assignments/": "No assignments in this course", "quizzes/": "No quizzes in this course",
}.items())  # fmt: skip
def test_a_course_without_them_says_so(tab, said, desk, stopped):
    assert said in text(desk.get(PAGE + tab))


def test_filters_choose_whose_work_is_counted(desk, course, task, quiz):
    users = stuck_in(task, course)
    took(quiz, users, by_skill(Random(1)))
    make_learners(course, 3, 35, start=90)
    count_course(course, NOW)
    later = {"from": (NOW - timedelta(days=36)).date().isoformat()}
    assert "Nobody has started an assignment" in text(desk.get(ASSIGNMENTS, later))
    assert "Needs 20 finished first attempts; 0 so far" in text(desk.get(QUIZZES, later))


@pytest.mark.parametrize(("tab", "queries"), TABS.items())
def test_the_number_of_queries_does_not_grow(
    tab, queries, desk, course, task, quiz, django_assert_num_queries
):
    users = stuck_in(task, course)
    took(quiz, users, by_skill(Random(1)))
    count_course(course, NOW)
    desk.get(PAGE + tab)
    with django_assert_num_queries(queries):
        desk.get(PAGE + tab)
    module = course.modules.last()
    other = make_assignment(module, "another", function="")
    for name in ("a", "b", "c"):
        add_case(other, name)
    stuck_in(other, course, start=100)
    make_quiz(module, "second")
    count_course(course, NOW)
    with django_assert_num_queries(queries):
        desk.get(PAGE + tab, {"from": "2025-12-01", "horizon": "7"})


def test_a_stuck_lesson_says_why_and_leads_to_its_assignment(desk, course, task):
    stuck_in(task, course)
    count_course(course, NOW)
    for path in (PAGE, f"{PAGE}lessons/"):
        html = text(desk.get(path, {"horizon": "7"}))
        assert "“One item” stops most: it is the first test to fail for 67% (n = 30)" in html
        assert "100% of those who fail had “NameError: name …” (n = 30)" in html
        assert f'href="{ASSIGNMENTS}?horizon=7#task-{task.lesson.pk}"' in html


def test_a_stuck_lesson_leads_to_its_quiz(desk, course, lessons, quiz):
    users = make_learners(course, 60, 40)
    for user in users:
        opened(user, lessons[0], NOW - timedelta(days=40), done=NOW - timedelta(days=40))
    for user in users[:40]:
        opened(user, quiz.lesson, NOW - timedelta(days=39))
    took(quiz, users[:40], lambda place, question, options: (((), "?"), 0))
    Lesson.objects.exclude(pk__in=[lessons[0].pk, quiz.lesson.pk]).update(status="DRAFT")
    count_course(course, NOW)
    html = text(desk.get(PAGE))
    assert "0% pass it at the first attempt (n = 40)" in html
    assert f'href="{QUIZZES}#quiz-{quiz.lesson.pk}"' in html
