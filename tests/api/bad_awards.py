"""Requests for XP and completions that must change nothing more than they may, by row."""

from collections.abc import Iterable

from django.db import DatabaseError
from django.utils.timezone import now
from uuid6 import uuid7

from courses.models import Course, Lesson
from enrollments.models import Enrollment
from progress.actions import complete_lesson
from tests.api.world import Request, World, row
from tests.conftest import make_course, make_lesson


@row("XP01")
def right_amount(world: World) -> Iterable[Request]:
    return [world.award()]


@row("XP02")
def not_in_the_course(world: World) -> Iterable[Request]:
    make_course("other")
    make_course("paused")
    make_course("left")
    for slug, status in (("paused", "PAUSED"), ("left", "DROPPED")):
        Enrollment.objects.create(
            user=world.ada, course=Course.objects.get(slug=slug), status=status
        )
    return [world.award(courseId=slug) for slug in ("other", "paused", "left")]


@row("XP03")
def award_for_another(world: World) -> Iterable[Request]:
    names = (world.bob.email, str(world.bob.pk), world.root.email, "nobody@example.org")
    return [world.award(userId=name) for name in names]


@row("XP04")
def other_amounts(world: World) -> Iterable[Request]:
    return [world.award(xpAmount=amount) for amount in (1, 9, 11, 1000)]


@row("XP05")
def amount_as_text(world: World) -> Iterable[Request]:
    return [world.award(xpAmount=text) for text in ("10", "１０", " 10", "+10", "1_0", "ten", "")]


@row("XP06")
def amount_with_a_point(world: World) -> Iterable[Request]:
    return [world.award_amount(text) for text in ("10.0", "10.5", "1e1", "1E+1")]


@row("XP07")
def amount_out_of_range(world: World) -> Iterable[Request]:
    return [world.award_amount(text) for text in ("0", "-1", "1001", str(2**63), "9" * 400)]


@row("XP08")
def amount_as_boolean(world: World) -> Iterable[Request]:
    return [world.award(xpAmount=True), world.award(xpAmount=False)]


@row("XP09")
def no_amount(world: World) -> Iterable[Request]:
    return [world.award(xpAmount=value) for value in (None, [10], {"value": 10}, ...)]


@row("XP10")
def not_numbers(world: World) -> Iterable[Request]:
    return [world.award_amount(text) for text in ("NaN", "Infinity", "-Infinity", "1e999")]


@row("XP11")
def endless_number(world: World) -> Iterable[Request]:
    return [world.award_amount("9" * 5000), world.award_amount("-" + "9" * 5000)]


@row("XP12")
def award_again(world: World) -> Iterable[Request]:
    assert world.award()().status_code == 201
    return [world.award(), world.award(lessonId=str(world.lessons[0].pk))]


@row("XP14")
def award_and_mark(world: World) -> Iterable[Request]:
    complete_lesson(world.ada, world.lessons[0])
    return [world.award(), world.mark("PUT", world.lessons[0].pk)]


@row("XP15")
def award_for_a_quiz(world: World) -> Iterable[Request]:
    Lesson.objects.filter(slug="lesson-1").update(completion="BY_PASSING", kind="QUIZ")
    return [world.award()]


@row("XP16")
def award_for_the_hidden(world: World) -> Iterable[Request]:
    make_lesson(world.course.modules.get(slug="on"), "draft", status="DRAFT")
    make_course("archived", status=Course.Status.ARCHIVED)
    make_course("unborn", status=Course.Status.DRAFT)
    make_course("deleted", deleted_at=now())
    closed = [world.award(courseId=slug) for slug in ("archived", "unborn", "deleted")]
    return [world.award(lessonId="draft"), *closed]


@row("XP17")
def award_in_the_wrong_course(world: World) -> Iterable[Request]:
    other = make_course("other")
    Enrollment.objects.create(user=world.ada, course=other)
    elsewhere = make_lesson(other.modules.get(slug="on"), "elsewhere")
    return [
        world.award(lessonId="elsewhere"),
        world.award(lessonId=str(elsewhere.pk)),
        world.award(courseId="other", lessonId=str(world.lessons[0].pk)),
    ]


@row("XP18")
def award_after_opening_again(world: World) -> Iterable[Request]:
    assert world.award()().status_code == 201
    assert world.mark("DELETE", world.lessons[0].pk)().status_code == 200
    return [world.award()]


@row("XP22")
def fault_in_the_middle(world: World) -> Iterable[Request]:
    def fail(*args: object, **kwargs: object) -> None:
        raise DatabaseError("injected")

    world.monkeypatch.setattr("gamification.ledger.update_standing", fail)
    return [world.award(), world.mark("PUT", world.lessons[0].pk)]


@row("TG02")
def no_such_lesson(world: World) -> Iterable[Request]:
    return [world.mark(m, key) for m in ("PUT", "DELETE") for key in (uuid7(), world.course.pk)]


@row("TG03")
def over_and_over(world: World) -> Iterable[Request]:
    return [world.mark(m, world.lessons[0].pk) for m in ("PUT", "DELETE") * 4]


@row("TG05")
def odd_lesson_ids(world: World) -> Iterable[Request]:
    return [world.mark("PUT", key) for key in ("1", "-1", "lesson-1", "..", "%2e%2e", "x" * 500)]


@row("TG06")
def by_hand(world: World) -> Iterable[Request]:
    for lesson, kind in zip(world.lessons[:2], ("QUIZ", "ASSIGNMENT"), strict=True):
        Lesson.objects.filter(pk=lesson.pk).update(completion="BY_PASSING", kind=kind)
    return [world.mark(m, x.pk) for m in ("PUT", "DELETE") for x in world.lessons[:2]]


@row("TG07")
def as_a_stranger_to_the_course(world: World) -> Iterable[Request]:
    return [world.mark(m, world.lessons[0].pk, world.bob) for m in ("PUT", "DELETE")]


@row("TG10")
def gone_since(world: World) -> Iterable[Request]:
    for lesson in world.lessons[:2]:
        complete_lesson(world.ada, lesson)
    Lesson.objects.filter(pk=world.lessons[0].pk).update(deleted_at=now())
    Lesson.objects.filter(pk=world.lessons[1].pk).update(status="DRAFT")
    return [world.mark(m, x.pk) for m in ("PUT", "DELETE") for x in world.lessons[:2]]
