"""What pays besides lessons: where the school says so, once, and by the time of the work."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from assessments.answering import save_answers
from assessments.attempts import finish_attempt, start_attempt
from gamification import bonuses, ledger, tasks
from gamification.achievements import awarding
from gamification.achievements.awarding import award_due
from gamification.achievements.registry import WAKING
from gamification.board_checks import wrong_boards
from gamification.models import AchievementsDue, Award, BoardRow, Policy, XPTransaction
from tests.assessments.builders import make_quiz, right_answer, rows, wrong_answer
from tests.gamification.board_people import make_multiplier
from tests.gamification.histories import START, attempted, day, happened, reviewed


@pytest.fixture
def pays(db):
    """The school has switched bonuses on."""
    Policy.objects.create(bonuses_pay=True)


def look(user):
    """What a task does after something happened to this person."""
    awarding.note(user)
    award_due(user)


def paid(user):
    """What bonuses have paid the person after a look: (source, key, amount)."""
    look(user)
    entries = XPTransaction.objects.filter(user=user, source_type__in=bonuses.BONUSES)
    found = entries.order_by("source_type", "source_key")
    return list(found.values_list("source_type", "source_key", "amount"))


def entry_of(source):
    return XPTransaction.objects.get(source_type=source)


def finished(user, course="c", lessons=20, at=START):
    data = {} if lessons is None else {"lessons": lessons}
    data |= {"title": "Python basics", "url": "/courses/python-basics/"}
    return happened(user, "COURSE_COMPLETED", f"course:{course}", at, **data)


def scored(user, percent, at, quiz="q", enough=70, **data):
    return attempted(user, quiz, percent, at, passed=percent >= enough, pass_percent=enough, **data)


def marked_again(event, after, at, enough=70):
    """What a mended key made of an attempt."""
    attempt = event.subject.removeprefix("attempt:")
    data = {"before": event.data["percent"], "after": after, "passed": after >= enough}
    data |= {"quiz": event.data["quiz"], "pass_percent": enough}
    return happened(event.user, "ATTEMPT_REGRADED", f"regrade:{attempt}:{at}", at, **data)


def told(user, decision, at, handed_in, assignment="a", **data):
    """A review with what events say of it: decided some seconds before the learner was told."""
    decided = (at - timedelta(seconds=10)).isoformat()
    data |= {"decided": decided, "handed_in": handed_in.isoformat()}
    return reviewed(user, assignment, decision, at, **data)


# ---- the switch ---------------------------------------------------------------------------------


def lived(user):
    """Something of each kind."""
    finished(user)
    scored(user, 70, day(0))
    scored(user, 100, day(20))
    told(user, "CHANGES", day(1), day(0))
    told(user, "ACCEPTED", day(3), day(2))


ALL_OF_IT = [
    ("COURSE_COMPLETED", "course:c", 140),
    ("QUIZ_IMPROVED", "quiz:q:1", 1),
    ("QUIZ_IMPROVED", "quiz:q:2", 1),
    ("QUIZ_IMPROVED", "quiz:q:3", 1),
    ("RECALL_PASSED", "quiz:q", 15),
    ("REVIEW_RESOLVED", "assignment:a", 10),
]


def test_nothing_pays_where_the_school_has_not_said_so(ada):
    lived(ada)
    assert paid(ada) == []
    assert ledger.total_of(ada) == 0


def test_each_pays_once_where_it_has(pays, ada, bob):
    lived(ada)
    assert paid(ada) == ALL_OF_IT
    total = ledger.total_of(ada)
    assert paid(ada) == ALL_OF_IT
    assert ledger.total_of(ada) == total
    assert ledger.wrong_standings() == wrong_boards() == 0
    assert paid(bob) == []


def test_whatever_pays_wakes_the_look(ada, pays):
    assert set(bonuses.KINDS) <= WAKING
    lived(ada)
    awarding.note(ada)
    tasks.award_achievements(str(ada.pk))
    assert XPTransaction.objects.exclude(source_type="ACHIEVEMENT").count() == len(ALL_OF_IT)


def test_bonuses_cost_a_look_four_statements_at_most(ada, pays):
    lived(ada)
    look(ada)
    costs = []
    for is_on in (True, False):
        Policy.objects.update(bonuses_pay=is_on)
        AchievementsDue.objects.all().delete()
        awarding.note(ada)
        with CaptureQueriesContext(connection) as counted:
            award_due(ada)
        costs.append(len(counted))
    # A savepoint, a setting, and all bonuses in one.
    assert costs[0] - costs[1] <= 4


def test_levels_that_bonuses_bring_are_told(pays, ada):
    finished(ada)
    look(ada)
    assert ada.events.filter(kind="LEVEL_REACHED", subject="level:1").exists()
    assert AchievementsDue.objects.filter(user=ada).exists()


def test_levels_that_bonuses_bring_are_reached_when_they_pay(pays, ada):
    finished(ada)
    before = now()
    look(ada)
    assert ada.events.get(kind="LEVEL_REACHED", subject="level:1").created_at >= before


def test_what_staff_took_back_is_not_paid_again(pays, ada, root):
    lived(ada)
    look(ada)
    for entry in XPTransaction.objects.filter(source_type__in=bonuses.BONUSES):
        assert ledger.reverse(entry, by=root, reason="Copied from a friend")
    before = XPTransaction.objects.count()
    look(ada)
    assert XPTransaction.objects.count() == before
    assert ledger.wrong_standings() == wrong_boards() == 0


# ---- what multiplies, and what counts on boards -------------------------------------------------


def test_learning_grows_by_the_time_of_the_work_and_counts_its_base(pays, ada, root, course):
    make_multiplier(root, "2", course=course, begins=-timedelta(days=1))
    moment = make_multiplier(root, "1.5", begins=-timedelta(days=40)).starts_at
    old, new = moment + timedelta(days=1), moment + timedelta(days=45)
    scored(ada, 75, old - timedelta(days=30), course=str(course.pk))
    scored(ada, 75, old, course=str(course.pk))
    told(ada, "CHANGES", old - timedelta(days=1), old - timedelta(days=2))
    told(ada, "ACCEPTED", new, old)
    finished(ada, course.pk, at=old)
    look(ada)
    recall, review = entry_of("RECALL_PASSED"), entry_of("REVIEW_RESOLVED")
    assert (recall.amount, recall.factor, recall.board_points) == (23, Decimal("1.50"), 15)
    assert (recall.course, recall.created_at) == (course, old)
    assert (review.amount, review.board_points, review.created_at) == (15, 10, old)
    finish = entry_of("COURSE_COMPLETED")
    assert (finish.amount, finish.factor, finish.board_points) == (140, 1, 0)
    row = BoardRow.objects.get(user=ada, board__period="all", board__scope="school")
    assert row.points == 25
    assert wrong_boards() == 0


def test_a_course_that_is_gone_is_paid_for_all_the_same(pays, ada):
    scored(ada, 70, day(0), course="0198c0de-0000-7000-8000-000000000000")
    scored(ada, 70, day(14), course="0198c0de-0000-7000-8000-000000000000")
    assert paid(ada) == [("RECALL_PASSED", "quiz:q", 15)]
    assert entry_of("RECALL_PASSED").course is None


# ---- courses ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lessons", "xp"), [(1, 102), (20, 140), (75, 250), (76, 250), (300, 250), (None, 100)]
)
def test_a_course_pays_a_hundred_and_two_a_lesson_and_no_more_than_250(pays, ada, lessons, xp):
    finished(ada, lessons=lessons)
    assert paid(ada) == [("COURSE_COMPLETED", "course:c", xp)]


def test_the_entry_says_what_it_was_for(pays, ada, course):
    finished(ada, course.pk)
    look(ada)
    entry = entry_of("COURSE_COMPLETED")
    assert entry.data == {"title": "Python basics", "url": "/courses/python-basics/"}
    assert (entry.course, entry.get_source_type_display()) == (course, "Course completed")


# ---- quizzes ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scores", "xp"),
    [
        ([70, 79], 0),
        ([70, 80], 1),
        ([70, 80, 90, 100], 3),
        ([70, 100], 3),
        ([78, 82], 1),
        ([85, 89], 0),
        ([85, 95], 1),
        ([100, 100], 0),
        ([40, 69, 90, 100], 1),
        ([90, 70, 80], 0),
        ([70, 90, 80, 89], 2),
    ],
)
def test_a_better_score_pays_for_each_ten_points_beyond_the_first_pass(pays, ada, scores, xp):
    for number, percent in enumerate(scores):
        scored(ada, percent, day(number))
    assert sum(amount for _, _, amount in paid(ada)) == xp


def test_a_quiz_taken_twice_on_the_site_pays_for_what_was_better(pays, ada, lessons):
    quiz = make_quiz(lessons[0].module)
    for wrong in (1, 0):  # of five
        attempt, _ = start_attempt(ada, quiz)
        says = [wrong_answer] * wrong + [right_answer] * 6
        save_answers(attempt, [say(row) for say, row in zip(says, rows(attempt), strict=False)])
        finish_attempt(attempt)
    keys = [f"quiz:{quiz.pk}:{n}" for n in (1, 2)]
    assert paid(ada) == [("QUIZ_IMPROVED", key, 1) for key in keys]
    entry = XPTransaction.objects.get(source_key=keys[0])
    assert (entry.course_id, entry.data["title"]) == (quiz.lesson.course_id, "Check yourself")
    assert BoardRow.objects.get(user=ada, board__period="all", board__scope="school").points == 22
    assert ledger.wrong_standings() == wrong_boards() == 0


@pytest.mark.parametrize(("enough", "scores", "xp"), [(30, [30, 100], 3), (55, [60, 64, 65], 1)])
def test_bands_begin_at_the_passing_score_and_three_pay(pays, ada, enough, scores, xp):
    for number, percent in enumerate(scores):
        scored(ada, percent, day(number), enough=enough)
    assert sum(amount for _, _, amount in paid(ada)) == xp


def test_older_events_that_do_not_say_what_was_enough_begin_at_the_first_pass(pays, ada):
    for number, percent in enumerate([78, 87, 88, 100]):
        attempted(ada, "q", percent, day(number), passed=True)
    assert [key for _, key, _ in paid(ada)] == ["quiz:q:1", "quiz:q:2"]


def test_bands_are_paid_as_they_are_reached(pays, ada):
    scored(ada, 70, day(0))
    scored(ada, 85, day(1))
    assert len(paid(ada)) == 1
    scored(ada, 100, day(2))
    assert len(paid(ada)) == 3
    dates = XPTransaction.objects.filter(source_type="QUIZ_IMPROVED").order_by("source_key")
    assert list(dates.values_list("created_at", flat=True)) == [day(1), day(2), day(2)]


@pytest.mark.parametrize(("days", "xp"), [(13, 0), (14, 15), (400, 15)])
def test_a_quiz_passed_again_after_two_weeks_pays_once(pays, ada, days, xp):
    scored(ada, 10, day(-30))
    scored(ada, 75, day(0))
    scored(ada, 75, day(days))
    scored(ada, 75, day(days, 1))
    assert sum(amount for _, _, amount in paid(ada)) == xp


def test_a_mended_key_moves_what_an_attempt_came_to_and_not_its_date(pays, ada):
    first = scored(ada, 70, day(0))
    second = scored(ada, 75, day(1))
    marked_again(second, 85, day(5))
    assert paid(ada) == [("QUIZ_IMPROVED", "quiz:q:1", 1)]
    assert entry_of("QUIZ_IMPROVED").created_at == day(1)
    marked_again(first, 90, day(6))
    marked_again(second, 60, day(7))
    assert paid(ada) == [("QUIZ_IMPROVED", "quiz:q:1", 1)]  # what was paid stays


def test_an_attempt_passed_by_a_mended_key_was_passed_on_its_own_day(pays, ada):
    late = scored(ada, 60, day(0))
    scored(ada, 75, day(14))
    assert paid(ada) == []
    marked_again(late, 72, day(20))
    assert paid(ada) == [("RECALL_PASSED", "quiz:q", 15)]


def test_what_pays_for_knowing_it_still_earns_the_badge_for_it(pays, ada, bob):
    for user, again in ((ada, 72), (bob, 60)):
        first, _ = scored(user, 65, day(0)), scored(user, 75, day(14))
        marked_again(first, again, day(20))
    assert ("RECALL_PASSED", "quiz:q", 15) in paid(ada)
    award = Award.objects.get(key="still-know-it")
    assert (award.user, award.earned_at) == (ada, day(14))
    assert paid(bob) == []


# ---- reviews ------------------------------------------------------------------------------------


def test_changes_that_were_accepted_pay_once_an_assignment(pays, ada):
    told(ada, "CHANGES", day(1), day(0))
    assert paid(ada) == []
    told(ada, "CHANGES", day(3), day(2))
    told(ada, "ACCEPTED", day(5), day(4), kind="HELP_GIVEN")
    told(ada, "ACCEPTED", day(7), day(6))
    assert paid(ada) == [("REVIEW_RESOLVED", "assignment:a", 10)]
    assert entry_of("REVIEW_RESOLVED").created_at == day(4)


@pytest.mark.parametrize(
    "history",
    [
        [("ACCEPTED", 1, 0)],
        [("CHANGES", 1, 0), ("RETURNED", 3, 2)],
        [("ACCEPTED", 1, 0), ("CHANGES", 3, 2)],
        [("CHANGES", 2, 0), ("ACCEPTED", 3, 1)],  # handed in before changes were asked for
    ],
)
def test_what_nobody_acted_on_pays_nothing(pays, ada, history):
    for decision, at, handed_in in history:
        told(ada, decision, day(at), day(handed_in))
    assert paid(ada) == []


def test_who_is_quicker_than_the_message_has_acted_all_the_same(pays, ada):
    told(ada, "CHANGES", day(1), day(0))
    told(ada, "ACCEPTED", day(2), day(1) - timedelta(seconds=5))
    assert paid(ada) == [("REVIEW_RESOLVED", "assignment:a", 10)]


def test_older_reviews_go_by_when_they_were_told(pays, ada):
    reviewed(ada, "a", "CHANGES", day(0))
    reviewed(ada, "a", "ACCEPTED", day(1))
    reviewed(ada, None, "CHANGES", day(2))
    reviewed(ada, None, "ACCEPTED", day(3))
    assert paid(ada) == [("REVIEW_RESOLVED", "assignment:a", 10)]
