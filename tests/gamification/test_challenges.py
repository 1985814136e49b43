"""Challenges: one start, tasks solved in time and paid once, an end that is told once."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils.timezone import now

from activity.actions import record
from activity.models import Event
from enrollments.models import Enrollment
from gamification import challenges, ledger
from gamification.challenge_making import Plan, change_challenge, make_challenge, publish_challenge
from gamification.challenge_results import results_at
from gamification.clock import GRACE
from gamification.models import Challenge, ChallengeEntry, ChallengeSolve, XPTransaction
from gamification.season_errors import (
    AddressTaken,
    HasBegun,
    NoReason,
    NoTasks,
    NotOpen,
    ResultsAreOut,
    StaffOnly,
    WindowIsPast,
    WrongTask,
)
from tests.conftest import make_course
from tests.gamification.contest_builders import judge, make_open_challenge, move

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


@pytest.fixture
def challenge(course):
    return make_open_challenge(course)


@pytest.fixture
def tasks(challenge):
    return [task.lesson for task in challenge.tasks.select_related("lesson__course")]


def paid():
    return XPTransaction.objects.filter(source_type="CHALLENGE")


def finished():
    return Event.objects.filter(kind=Event.Kind.CHALLENGE_FINISHED)


# ---- making -------------------------------------------------------------------------------------


def plan_of(challenge, **changes):
    names = ("slug", "title", "course", "opens_at", "closes_at", "minutes")
    values = {name: getattr(challenge, name) for name in names}
    values["lessons"] = [task.lesson for task in challenge.tasks.all()]
    return Plan(**{**values, **changes})


def test_tasks_are_published_assignments_of_the_course(challenge, tasks, lessons):
    other = make_open_challenge(make_course("other"), slug="other")
    strangers = [task.lesson for task in other.tasks.all()]
    for wrong in (lessons[0], strangers[0]):
        with pytest.raises(WrongTask, match=wrong.title):
            make_challenge(plan_of(challenge, slug="new", lessons=[wrong]))
    tasks[0].status = "DRAFT"
    tasks[0].save()
    with pytest.raises(WrongTask):
        make_challenge(plan_of(challenge, slug="new"))
    assert not Challenge.objects.filter(slug="new").exists()


def test_a_challenge_is_published_once_with_tasks_and_before_it_closes(challenge):
    assert not publish_challenge(challenge)
    empty = make_challenge(plan_of(challenge, slug="empty", lessons=[]))
    with pytest.raises(NoTasks):
        publish_challenge(empty)
    past = {"opens_at": now() - 2 * HOUR, "closes_at": now() - HOUR}
    with pytest.raises(WindowIsPast):
        publish_challenge(make_challenge(plan_of(challenge, slug="past", **past)))


def test_a_challenge_stays_as_it_is_once_somebody_has_started(challenge, ada):
    change_challenge(challenge, plan_of(challenge, title="Renamed"))
    with pytest.raises(NoTasks):
        change_challenge(challenge, plan_of(challenge, lessons=[]))
    challenges.start(ada, Challenge.objects.get())
    with pytest.raises(HasBegun):
        change_challenge(challenge, plan_of(challenge, minutes=90))
    challenge.refresh_from_db()
    assert (challenge.title, challenge.minutes, challenge.tasks.count()) == ("Renamed", 45, 2)


def test_a_change_of_words_or_order_leaves_what_was_practised(challenge, tasks, ada):
    move(challenge, timedelta(days=2))
    for lesson in tasks:
        judge(ada, lesson)
    rows = {task.lesson: task.pk for task in challenge.tasks.all()}
    change_challenge(challenge, plan_of(challenge, title="Mended", lessons=tasks[::-1]))
    assert [(one.lesson, one.pk) for one in challenge.tasks.all()] == [
        (lesson, rows[lesson]) for lesson in tasks[::-1]
    ]
    assert challenges.practised(ada, challenge) == set(rows.values())
    change_challenge(challenge, plan_of(challenge, lessons=tasks[1:]))
    assert challenges.practised(ada, challenge) == {rows[tasks[1]]}
    assert challenge.tasks.get().position == 1


@pytest.mark.parametrize("slug", ["new", "other"])
def test_a_challenge_takes_no_address_of_a_page_or_of_another(challenge, monkeypatch, slug):
    make_challenge(plan_of(challenge, slug="other"))
    # As for two who write at once: neither sees the other's when it looks.
    monkeypatch.setattr(Challenge, "validate_unique", lambda *args, **kwargs: None)
    with pytest.raises(AddressTaken):
        make_challenge(plan_of(challenge, slug=slug))
    with pytest.raises(AddressTaken):
        change_challenge(challenge, plan_of(challenge, slug=slug))


# ---- starting -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("extra", "minutes"), [(Decimal(1), 45), (Decimal("1.25"), 56.25), (Decimal(2), 90)]
)
def test_a_start_counts_from_now_with_the_time_one_has(challenge, ada, extra, minutes):
    entry = challenges.start(ada, challenge, extra)
    assert entry.deadline - entry.started_at == timedelta(minutes=minutes)
    assert entry.has_extra_time == (extra != 1)
    assert challenges.start(ada, challenge, Decimal(2)) == entry
    assert ChallengeEntry.objects.get().deadline == entry.deadline


def test_without_a_clock_it_runs_until_the_window_closes(challenge, ada, bob):
    assert challenges.start(ada, challenge, None).deadline == challenge.closes_at
    challenge.closes_at = now() + timedelta(minutes=5)
    challenge.save()
    entry = challenges.start(bob, challenge, None)
    assert entry.deadline - entry.started_at == timedelta(minutes=90)


@pytest.mark.parametrize("extra", [Decimal("0.5"), Decimal(3)])
def test_no_time_is_shorter_than_usual_or_longer_than_twice(challenge, ada, extra):
    with pytest.raises(ValueError, match="Extra time"):
        challenges.start(ada, challenge, extra)


@pytest.mark.parametrize(
    "change",
    [
        {"opens_at": HOUR, "closes_at": 2 * HOUR},
        {"opens_at": -2 * HOUR, "closes_at": -HOUR},
        {"is_published": False},
    ],
)
def test_nobody_starts_outside_the_window(challenge, ada, change):
    moment = now()
    for name, value in change.items():
        setattr(challenge, name, moment + value if name.endswith("_at") else value)
    challenge.save()
    with pytest.raises(NotOpen):
        challenges.start(ada, challenge)
    assert not ChallengeEntry.objects.exists()


def test_what_was_changed_since_it_was_read_holds(challenge, ada, bob):
    """By the row, and not by what a page or a caller had in hand."""
    change_challenge(challenge, plan_of(challenge, minutes=90))
    assert challenge.minutes == 45
    entry = challenges.start(ada, challenge)
    assert entry.deadline - entry.started_at == timedelta(minutes=90)
    gone = make_open_challenge(challenge.course, slug="gone")
    Challenge.objects.filter(pk=gone.pk).delete()
    with pytest.raises(NotOpen):
        challenges.start(bob, gone)


def test_who_has_started_finds_their_entry_after_the_window(challenge, ada):
    entry = challenges.start(ada, challenge)
    move(challenge, timedelta(days=2))
    assert challenges.start(ada, challenge) == entry


# ---- solving ------------------------------------------------------------------------------------


def test_passing_in_time_solves_and_pays_once(challenge, tasks, ada):
    entry = challenges.start(ada, challenge)
    judge(ada, tasks[0], passed=False)
    assert not ChallengeSolve.objects.exists()
    judge(ada, tasks[0])
    judge(ada, tasks[0])
    assert ChallengeSolve.objects.get().entry == entry
    line = paid().get()
    assert (line.amount, line.board_points, line.course_id) == (20, 20, challenge.course_id)
    assert not finished().exists()
    assert ledger.wrong_standings() == 0


def test_all_tasks_solved_end_it_and_tell_it_once(challenge, tasks, ada):
    challenges.start(ada, challenge)
    for lesson in (*tasks, *tasks):
        judge(ada, lesson)
    assert ChallengeEntry.objects.get().finished_at is not None
    told = finished().get()
    assert (told.data["solved"], told.data["tasks"]) == (2, 2)
    assert told.subject == f"challenge:{challenge.pk}"
    assert sum(paid().values_list("amount", flat=True)) == 40


@pytest.mark.parametrize(
    ("offset", "counts"),
    [
        (-SECOND, False),
        (timedelta(), True),
        (45 * timedelta(minutes=1), True),
        (45 * timedelta(minutes=1) + GRACE, True),
        (45 * timedelta(minutes=1) + GRACE + timedelta(microseconds=1), False),
    ],
)
def test_the_time_is_from_the_start_to_the_deadline_and_its_grace(
    challenge, tasks, ada, offset, counts
):
    entry = challenges.start(ada, challenge)
    judge(ada, tasks[0], entry.started_at + offset)
    assert ChallengeSolve.objects.exists() == paid().exists() == counts


def test_what_is_judged_late_counts_if_it_was_handed_in_in_time(challenge, tasks, ada):
    entry = challenges.start(ada, challenge)
    move(challenge, timedelta(hours=2))
    assert challenges.settle_overdue() == 1
    entry.refresh_from_db()
    judge(ada, tasks[0], entry.deadline)
    assert entry.solves.count() == paid().count() == 1
    assert finished().count() == 1


def test_the_earlier_of_two_that_passed_counts(challenge, tasks, ada):
    entry = challenges.start(ada, challenge)
    for minutes in (20, 10, 30):
        judge(ada, tasks[0], entry.started_at + timedelta(minutes=minutes))
    assert ChallengeSolve.objects.get().solved_at == entry.started_at + timedelta(minutes=10)


def test_without_a_start_passing_solves_nothing_until_it_is_over(challenge, tasks, ada):
    judge(ada, tasks[0])
    assert not ChallengeSolve.objects.exists()
    move(challenge, timedelta(days=2))
    judge(ada, tasks[0])
    judge(ada, tasks[0])
    assert ChallengeSolve.objects.get().entry is None
    assert challenges.practised(ada, challenge) == {challenge.tasks.get(lesson=tasks[0]).pk}
    assert not paid().exists()


def test_practice_after_an_entry_changes_nothing_of_it(challenge, tasks, ada):
    entry = challenges.start(ada, challenge)
    judge(ada, tasks[0])
    move(challenge, timedelta(days=2))
    for lesson in tasks:
        judge(ada, lesson)
    assert entry.solves.count() == paid().count() == 1
    assert len(challenges.practised(ada, challenge)) == 2


def test_code_that_passes_when_it_is_judged_again_solves_its_task(challenge, tasks, ada):
    """A wrong test of ours costs nobody a task: what counts is when the code was handed in."""
    challenges.start(ada, challenge)
    first = judge(ada, tasks[0], passed=False)
    assert not ChallengeSolve.objects.exists()
    again = {**first.data, "passed": True, "reason": "A wrong test."}
    record(ada, Event.Kind.SUBMISSION_REJUDGED, "rejudged:1:2", again)
    assert ChallengeSolve.objects.get().task.lesson == tasks[0]
    assert paid().count() == 1


def test_events_of_old_and_of_nobody_are_left_alone(challenge, tasks, ada):
    challenges.start(ada, challenge)
    for data in ({}, {"passed": True}, {"passed": True, "handed_in": now().isoformat()}):
        challenges.take_in(Event(user=ada, kind="SUBMISSION_JUDGED", data=data))
    data = {"passed": True, "handed_in": now().isoformat(), "lesson": str(tasks[0].pk)}
    challenges.take_in(Event(user=None, kind="SUBMISSION_JUDGED", data=data))
    assert not ChallengeSolve.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_work_is_taken_in_where_no_transaction_is_open(challenge, tasks, ada):
    """Histories are brought in with no request around them; the entry is locked all the same."""
    challenges.start(ada, challenge)
    data = {"passed": True, "handed_in": now().isoformat(), "lesson": str(tasks[0].pk)}
    challenges.take_in(Event(user=ada, kind="SUBMISSION_JUDGED", data=data, created_at=now()))
    assert paid().count() == 1


def test_a_lesson_of_two_challenges_solves_both(challenge, tasks, ada):
    lessons = {"lessons": tasks[:1], "slug": "second"}
    second = make_challenge(plan_of(challenge, **lessons))
    publish_challenge(second)
    second.refresh_from_db()
    for one in (challenge, second):
        challenges.start(ada, one)
    judge(ada, tasks[0])
    assert ChallengeSolve.objects.count() == paid().count() == 2
    assert finished().get().subject == f"challenge:{second.pk}"


# ---- the end ------------------------------------------------------------------------------------


def test_the_sweep_ends_what_the_clock_has_ended_once(challenge, tasks, ada):
    entry = challenges.start(ada, challenge)
    judge(ada, tasks[0])
    assert challenges.settle_overdue() == 0
    move(challenge, timedelta(minutes=46))
    assert challenges.settle_overdue() == 0, "verdicts may still come"
    move(challenge, timedelta(minutes=15))
    assert challenges.settle_overdue() == 1
    assert challenges.settle_overdue() == 0
    entry.refresh_from_db()
    assert entry.finished_at == entry.deadline
    assert finished().get().data["solved"] == 1


def test_results_are_public_when_nobody_can_still_be_at_it(challenge, ada, root, settings):
    settings.DEMO_SCHOOL = True
    usual = challenge.closes_at + timedelta(minutes=90)
    entry = challenges.start(ada, challenge, None)
    assert results_at(challenge) == usual
    move(challenge, timedelta(days=1))
    usual = challenge.closes_at + timedelta(minutes=90)
    entry = challenges.restart_entry(ChallengeEntry.objects.get(), root, "The runner was away.")
    assert results_at(challenge) == max(usual, entry.deadline) > usual


def test_a_new_start_is_given_by_staff_with_a_reason(challenge, tasks, ada, bob, root, settings):
    settings.DEMO_SCHOOL = True
    entry = challenges.start(ada, challenge)
    judge(ada, tasks[0])
    move(challenge, HOUR + timedelta(minutes=2))
    challenges.settle_overdue()
    old = ChallengeEntry.objects.get()
    with pytest.raises(StaffOnly):
        challenges.restart_entry(entry, bob, "He asked.")
    with pytest.raises(NoReason):
        challenges.restart_entry(entry, root, "  ")
    again = challenges.restart_entry(entry, root, "Our runner was away.")
    assert again.started_at > old.deadline
    assert again.deadline - again.started_at == timedelta(minutes=45)
    assert (again.finished_at, again.has_extra_time, again.solves.count()) == (None, True, 1)
    kept = again.restarts.get()
    assert (kept.given_by, kept.started_at, kept.deadline) == (root, old.started_at, old.deadline)
    judge(ada, tasks[1], old.deadline)
    assert again.solves.count() == paid().count() == 2
    assert finished().count() == 1


@pytest.mark.parametrize(("earlier", "until_it_closes"), [(2, True), (22.5, False)])
def test_without_a_clock_a_new_start_lasts_no_whole_window_again(
    challenge, ada, root, settings, earlier, until_it_closes
):
    settings.DEMO_SCHOOL = True
    usual = challenges.start(ada, challenge, None)
    move(challenge, HOUR * earlier)
    again = challenges.restart_entry(usual, root, "Our runner was away.")
    if until_it_closes:
        assert again.deadline == challenge.closes_at
    else:
        assert again.deadline - again.started_at == timedelta(minutes=90)
    assert results_at(challenge) >= again.deadline
    assert again.deadline - challenge.closes_at <= timedelta(minutes=90)


def test_what_is_told_of_an_end_stays_after_a_new_start(challenge, tasks, ada, root, settings):
    """Badges and places count what was solved, and not what an event says."""
    settings.DEMO_SCHOOL = True
    challenges.start(ada, challenge)
    judge(ada, tasks[0])
    move(challenge, HOUR + timedelta(minutes=2))
    assert challenges.settle_overdue() == 1
    challenges.restart_entry(ChallengeEntry.objects.get(), root, "Our runner was away.")
    judge(ada, tasks[1])
    entry = ChallengeEntry.objects.get()
    assert (entry.solves.count(), entry.finished_at is None) == (2, False)
    assert finished().get().data["solved"] == 1


def test_nobody_starts_again_once_results_are_public(challenge, ada, root, settings):
    settings.DEMO_SCHOOL = True
    entry = challenges.start(ada, challenge)
    move(challenge, timedelta(days=2))
    with pytest.raises(ResultsAreOut):
        challenges.restart_entry(entry, root, "Our runner was away.")


def test_leaving_the_course_takes_nothing_back(challenge, tasks, ada):
    challenges.start(ada, challenge)
    judge(ada, tasks[0])
    Enrollment.objects.filter(user=ada).update(status="DROPPED")
    assert paid().count() == 1
