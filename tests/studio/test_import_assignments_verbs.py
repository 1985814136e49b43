"""The verbs that write assignments, for the desk and the importer alike."""

import math

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from assessments.assignments import (
    AssignmentRefused,
    create_assignment,
    problems_of_assignments,
    refuse,
    refuse_unfair_assignments,
)
from assessments.authoring import save_assignment, save_assignments
from assessments.fairness import (
    LAST_CASE,
    NO_CASE,
    NO_SOLUTION,
    doubts_about,
    fault_of_value,
    faults_of,
    faults_of_case,
    faults_of_cases,
    faults_of_rules,
)
from assessments.models import Assignment, TestCase, Trial
from courses.errors import NotReady
from courses.models import Course, Lesson
from tests.assessments.code_builders import make_lesson_for
from tests.conftest import make_lesson

pytestmark = pytest.mark.django_db
SOLUTION = "def add(a, b):\n    return a + b\n"


@pytest.fixture
def assignment(lessons):
    row = make_lesson(
        lessons[0].module, "sum", title="Sum", kind=Lesson.Kind.ASSIGNMENT,
        completion="BY_PASSING", position=95,
    )  # fmt: skip
    made = create_assignment(row)
    assert create_assignment(row) == made
    made.function, made.compare, made.solution = "add", "exact", SOLUTION
    made.save()
    for number in (1, 2):
        call(made, key=f"n{number}", args=[number, 1], expected=number + 1).save()
    return made


def call(assignment, **fields):
    usual = {"name": "adds", "is_visible": True, "args": [1, 2], "expected": 3}
    return TestCase(assignment=assignment, **{**usual, **fields})


def first():
    return TestCase.objects.get(key="n1")


def set_case(assignment, **fields):
    cases = list(assignment.cases.in_order())
    case = next(one for one in cases if one.key == "n1")
    for name, value in fields.items():
        setattr(case, name, value)
    save_assignment(assignment, cases)


def test_what_a_verdict_hangs_on_raises_the_revision_once_and_is_tried(assignment):
    set_case(assignment, points=4)
    assert (assignment.revision, Assignment.objects.get().revision) == (2, 2)
    assert Trial.objects.get().revision == 2
    set_case(assignment, points=4)
    assert Assignment.objects.get().revision == 2
    assignment.solution = "add = sum"
    save_assignment(assignment, [])
    assert list(Trial.objects.values_list("revision", flat=True)) == [3, 2]


@pytest.mark.parametrize("value", [True, 2.0, "2", [2], None])
def test_a_value_of_another_type_is_another_value(assignment, value):
    assert first().expected == 2
    set_case(assignment, expected=value)
    assert assignment.revision == 2
    assert type(first().expected) is type(value)


def test_names_hints_and_order_change_no_verdict(assignment):
    set_case(assignment, name="adds one", hint="Think.", position=9)
    assignment.hints = ["Use plus."]
    save_assignment(assignment, list(assignment.cases.order_by("-key")))
    assert Assignment.objects.get().hints == ["Use plus."]
    assert [case.key for case in assignment.cases.in_order()] == ["n2", "n1"]
    assert assignment.revision == 1
    assert not Trial.objects.exists()


def test_archived_and_restored_cases_make_revisions(assignment):
    set_case(assignment, deleted_at=now())
    assert assignment.revision == 2
    set_case(assignment, deleted_at=now())
    assert assignment.revision == 2
    set_case(assignment, deleted_at=None)
    assert assignment.revision == 3


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"args": 1}, "args"), ({"kwargs": [1]}, "kwargs"), ({"stdin": "x"}, "stdin"),
     ({"raises": "no error", "expected": None}, "raises"), ({"raises": "*"}, "raises"),
     ({"function": "a b"}, "function"), ({"expected": "\x00"}, "expected"),
     ({"args": [float("nan")]}, "args")],
)  # fmt: skip
def test_calls_that_cannot_be_judged_are_faulted_by_field(assignment, fields, field):
    assert [name for name, _ in faults_of_case(assignment, call(assignment, **fields))] == [field]


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"args": [1]}, "args"), ({"expected": 1}, "expected"), ({"raises": "*"}, "raises"),
     ({"stdin": "x" * 70_000}, "stdin"), ({"expected_stdout": "(a|b)*"}, "expected_stdout")],
)  # fmt: skip
def test_runs_of_programs_that_cannot_be_judged_are_faulted_by_field(fields, field):
    program = Assignment(compare="pattern")
    assert [name for name, _ in faults_of_case(program, TestCase(name="x", **fields))] == [field]


def test_rules_that_cannot_be_kept_are_faulted_by_field():
    rules = Assignment(language="java", function="a b", compare="tokens", starter="#" * 70_000)
    assert [name for name, _ in faults_of_rules(rules)] == [
        "function", "function", "compare", "starter",
    ]  # fmt: skip


def test_an_assignment_has_a_bounded_number_of_cases(assignment):
    cases = [call(assignment, name=f"n {n}") for n in range(101)]
    assert faults_of_cases(assignment, cases[:100]) == []
    assert faults_of_cases(assignment, cases) == [("cases", "An assignment has at most 100 cases.")]


def test_a_refusal_says_all_faults_in_one_sentence_each():
    with pytest.raises(AssignmentRefused, match=r"^One\. Two\.$") as refusal:
        refuse([("args", "One."), ("expected", "Two.")])
    assert refusal.value.faults == [("args", "One."), ("expected", "Two.")]


@pytest.mark.parametrize(
    ("fields", "before", "after"),
    [("args", [{"b": 1, "a": 2}], [{"a": 2, "b": 1}]),
     ("kwargs", {"b": 1, "a": 2}, {"a": 2, "b": 1}),
     ("expected", {"x": {"b": 1, "a": 2}}, {"x": {"a": 2, "b": 1}})],
)  # fmt: skip
def test_another_order_of_names_is_another_value(assignment, fields, before, after):
    set_case(assignment, **{fields: before})
    assert assignment.revision == 2
    set_case(assignment, **{fields: after})
    assert assignment.revision == 3
    assert str(getattr(first(), fields)) == str(after)
    set_case(assignment, **{fields: after})
    assert assignment.revision == 3


def test_nothing_is_changed_by_what_is_refused(assignment):
    assignment.solution = "add = sum"
    with pytest.raises(AssignmentRefused, match=r"^adds: Arguments are a list of values\.$"):
        set_case(assignment, points=9, args=1)
    assert (Assignment.objects.get().revision, first().points) == (1, 1)
    assert Assignment.objects.get().solution == SOLUTION


def test_what_is_as_it_was_is_not_written(assignment):
    def cases():
        return list(TestCase.objects.in_order())

    save_assignment(assignment, cases())
    with CaptureQueriesContext(connection) as queries:
        assert save_assignments({assignment: cases()}) == []
    assert [q["sql"] for q in queries if q["sql"].startswith(("INSERT", "UPDATE"))] == []
    assignment.hints = ["Use plus."]
    with CaptureQueriesContext(connection) as queries:
        assert save_assignments({assignment: cases()}) == []
    written = [q["sql"] for q in queries if q["sql"].startswith(("INSERT", "UPDATE"))]
    assert [sql.split()[1] for sql in written] == ['"assessments_assignment"']


def test_many_are_saved_in_as_many_statements_as_one(assignment, django_assert_num_queries):
    module = assignment.lesson.module
    others = [
        Assignment(
            lesson=make_lesson_for(module, f"sum-{n}"),
            function="add", compare="exact", solution=SOLUTION,
        )
        for n in range(3)
    ]  # fmt: skip
    wanted = {one: [call(one, key=key) for key in "ab"] for one in others}
    with CaptureQueriesContext(connection) as queries:
        assert save_assignments(wanted) == others
    written = [q["sql"] for q in queries if q["sql"].startswith(("INSERT", "UPDATE"))]
    assert sum('"assessments_trial"' not in sql for sql in written) == 2
    assert TestCase.objects.filter(assignment__in=others).count() == 6
    assert {trial.revision for trial in Trial.objects.filter(assignment__in=others)} == {1}
    with django_assert_num_queries(4):
        assert save_assignments(wanted) == []


def test_an_assignment_that_learners_have_keeps_a_case(assignment):
    gone = [call(assignment, key=f"n{n}", deleted_at=now()) for n in (1, 2)]
    for case, row in zip(gone, assignment.cases.in_order(), strict=True):
        case.pk = row.pk
    with pytest.raises(AssignmentRefused) as refusal:
        save_assignment(assignment, gone)
    assert refusal.value.faults == [("cases", LAST_CASE)]
    assert assignment.cases.live().count() == 2
    Lesson.objects.filter(pk=assignment.lesson_id).update(status="DRAFT")
    save_assignment(assignment, gone)
    assert assignment.cases.live().count() == 0


def test_faults_say_what_is_missing(assignment):
    assert faults_of(assignment, TestCase.objects.all()) == []
    assert faults_of(Assignment(), []) == [NO_SOLUTION, NO_CASE]
    gone = [call(assignment, deleted_at=now())]
    assert faults_of(assignment, gone) == [NO_CASE]
    hidden = call(assignment, is_visible=False)
    assert len(doubts_about([hidden])) == 2
    assert doubts_about([hidden, call(assignment)])[0].startswith("The case “adds” is hidden")


def test_values_are_bounded():
    deep = []
    for _ in range(30):
        deep = [deep]
    assert fault_of_value(deep) == "The values are nested too deeply."
    assert fault_of_value("x" * 70_000) == "This value has more than 65,536 characters."
    assert fault_of_value({"a": (1,)}) == "tuple is no type of JSON."
    assert fault_of_value({"\x00": 1}) == "A text cannot hold NUL or half a character."
    assert fault_of_value([1, None, True, "é", {"a": 1.5}, 1e300]) == ""
    assert fault_of_value([-math.inf]).startswith("Infinity and what is no number")


def test_what_is_unfair_keeps_the_course_from_being_published(assignment):
    lessons = Lesson.objects.filter(kind="ASSIGNMENT")
    assert problems_of_assignments(lessons) == []
    Assignment.objects.update(solution="")
    TestCase.objects.update(is_visible=False)
    found = problems_of_assignments(lessons)
    assert [problem.is_error for problem in found] == [True, False, False, False]
    course = Course.objects.get(pk=assignment.lesson.course_id)
    refuse_unfair_assignments(course)
    Course.objects.update(status="DRAFT")
    course.refresh_from_db()
    with pytest.raises(NotReady):
        refuse_unfair_assignments(course)
    Assignment.objects.all().delete()
    (problem,) = problems_of_assignments(lessons)
    assert problem.is_error
