"""Made-up work at one assignment and one quiz; put into tables, and counted by the formulas."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from math import sqrt
from statistics import fmean, median, stdev

from hypothesis import strategies as st

from accounts.models import User
from assessments.models import Answer, Attempt, Submission, TestResult
from enrollments.models import Enrollment
from progress.models import LessonView
from tests.studio.insights.histories import MINUTES, SOON, ago, half_up, least_median

OUTCOMES = ("PASSED", "WRONG", "RUNTIME_ERROR", "COMPILE_ERROR", "TIME_LIMIT")
TRACE = 'Traceback (most recent call last):\n  File "main.py", line 40, in g\n    f()\n'
# What a program may leave behind, with the error that it is.
SAID = {
    "": None,
    f'{TRACE}  File "main.py", line 6, in f\n    y\nNameError: name \'y\' is not defined\n': (
        "NameError", "name … is not defined", 2
    ),
    f'{TRACE}  File "main.py", line 10, in f\n    why\nNameError: name \'why\' is not defined\n': (
        "NameError", "name … is not defined", 2
    ),
    f'{TRACE}  File "main.py", line 11, in f\n    y\nNameError: name \'y\' is not defined\n': (
        "NameError", "name … is not defined", 3
    ),
    f"{TRACE}IndexError: list index out of range\n": ("IndexError", "list index out of range", 8),
    f"{TRACE}MemoryError\n": ("MemoryError", "", 8),
    "ValueError: mine\nUncaught TypeError: can't read 3.5 of \"a\"\n    at f (main.js:5:2)\n"
    "    at <eval> (main.js:9:1)\n": ("TypeError", "can't read N of …", 1),
    "main.py defines no function g.\n": (None, "main.py defines no function g.", 0),
    "Uncaught Error: 7 of `a`\n    at main.js:1:1\n": ("Error", "N of …", 1),
    "main.js:2\nlet x = ;\n        ^\nSyntaxError: unexpected token: ';'\n": (
        "SyntaxError", "unexpected token: …", 1
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Try:
    """`cases` are the outcomes of its cases, with what each left behind; times are minutes ago."""

    at: int
    graded: bool
    cases: tuple[tuple[str, str], ...]

    @property
    def passed(self) -> bool:
        return all(outcome == "PASSED" for outcome, _ in self.cases)


@dataclass(frozen=True)
class Go:
    """An attempt: `marks` by the place of the question, None where it was not asked."""

    began: int
    closed: int | None
    practice: bool
    clock: int | None  # minutes
    marks: tuple[int | None, ...]  # in quarters of a point


@dataclass(frozen=True)
class Worker:
    number: int
    staff: bool
    enrolled: int
    first: int
    tries: tuple[Try, ...]
    gos: tuple[Go, ...]


CASE = st.tuples(st.sampled_from(OUTCOMES), st.sampled_from(list(SAID)))
GOOD = st.just((("PASSED", ""),) * 3)


@st.composite
def tries(draw, first):
    cases = st.one_of(GOOD, st.tuples(CASE, CASE, CASE))
    number = draw(st.sampled_from([0, 1, 2, 4]))
    later = sorted(draw(st.lists(st.integers(0, first), min_size=number, max_size=number)))
    return tuple(Try(at, draw(st.booleans()), draw(cases)) for at in reversed(later))


@st.composite
def gos(draw):
    found = []
    for _ in range(draw(st.sampled_from([0, 1, 1, 2]))):
        began = draw(MINUTES)
        marks = draw(st.tuples(*[st.integers(0, 4)] * 4))
        marks = draw(st.sampled_from([marks, marks, (*marks[:3], None), (None,) * 4]))
        closed = draw(st.one_of(SOON, SOON, st.none()))
        found.append(Go(
            began, None if closed is None else max(0, began - closed),
            draw(st.sampled_from([False, False, True])),
            draw(st.one_of(st.none(), st.integers(1, 20))), marks,
        ))  # fmt: skip
    # Nobody has two open at once.
    return tuple(one for n, one in enumerate(found) if one.closed is not None or n == 0)


@st.composite
def workers(draw):
    first = draw(MINUTES)
    return Worker(
        number=draw(st.sampled_from([1, 1, 2, 11, 21])),
        staff=draw(st.sampled_from([False, False, False, True])),
        enrolled=draw(MINUTES),
        first=first,
        tries=draw(tries(first)),
        gos=draw(gos()),
    )


@st.composite
def takers(draw):
    """Somebody who has finished an attempt, mostly at what all were asked."""
    marks = draw(st.tuples(*[st.integers(0, 4)] * 4))
    began = draw(MINUTES)
    first = Go(
        began, max(0, began - draw(SOON)), False, draw(st.one_of(st.none(), st.integers(1, 20))),
        draw(st.sampled_from([marks] * 5 + [(*marks[:3], None)])),
    )  # fmt: skip
    number, enrolled = draw(st.sampled_from([1, 4, 9])), draw(MINUTES)
    return Worker(
        number, draw(st.sampled_from([False] * 5 + [True])), enrolled, began, (), (first,)
    )


HISTORIES = st.lists(workers(), max_size=5)
CROWDS = st.lists(st.one_of(takers(), takers(), workers()), min_size=8, max_size=14)


def store(history, course, assignment, quiz) -> None:
    rows = defaultdict(list)
    cases, questions = list(assignment.cases.all()), list(quiz.questions.all())
    for place, worker in enumerate(history):
        role = "ADMIN" if worker.staff else "USER"
        for number in range(worker.number):
            user = User(email=f"w{place}-{number}@example.org", name="W", role=role)
            rows[User].append(user)
            at = ago(worker.enrolled)
            rows[Enrollment].append(Enrollment(user=user, course=course, enrolled_at=at))
            at = ago(worker.first)
            rows[LessonView].append(LessonView(
                user=user, lesson=assignment.lesson, first_viewed_at=at, last_viewed_at=at
            ))  # fmt: skip
            for row in tried(worker, user, assignment, cases):
                rows[type(row)].append(row)
            for row in gone(worker, user, quiz, questions):
                rows[type(row)].append(row)
    for table in (User, Enrollment, LessonView, Submission, TestResult, Attempt, Answer):
        table.objects.bulk_create(rows[table])


def tried(worker, user, assignment, cases):
    number = 0
    for one in worker.tries:
        number += one.graded
        submission = Submission(
            user=user, assignment=assignment, is_graded=one.graded, revision=1, percent=50,
            number=number if one.graded else None, created_at=ago(one.at), finished_at=ago(one.at),
            status="PASSED" if one.passed else "FAILED",
        )  # fmt: skip
        yield submission
        for place, ((outcome, said), case) in enumerate(zip(one.cases, cases, strict=True)):
            yield TestResult(
                submission=submission, case=case, outcome=outcome, stderr=said, position=place,
                was_visible=case.is_visible,
            )  # fmt: skip


def gone(worker, user, quiz, questions):
    numbers = Counter()
    for one in worker.gos:
        numbers[one.practice] += 1
        asked = [mark for mark in one.marks if mark is not None]
        closed = {} if one.closed is None else {
            "status": "SUBMITTED", "closed_at": ago(one.closed), "out_of": len(asked),
            "score": Decimal(sum(asked)) / 4, "passed": score(one) >= 70,
            "percent": int(score(one)),
        }  # fmt: skip
        deadline = None if one.clock is None else ago(one.began) + timedelta(minutes=one.clock)
        attempt = Attempt(
            user=user, quiz=quiz, number=numbers[one.practice], is_practice=one.practice,
            started_at=ago(one.began), deadline=deadline, **closed,
        )  # fmt: skip
        yield attempt
        for place, (mark, question) in enumerate(zip(one.marks, questions, strict=True)):
            if mark is not None:
                yield Answer(
                    attempt=attempt, question=question, position=place, points=1,
                    mark=None if one.closed is None else Decimal(mark) / 4,
                )  # fmt: skip


def score(go) -> float:
    asked = [mark for mark in go.marks if mark is not None]
    return 100 * sum(asked) / (4 * len(asked)) if asked else 0.0


class BruteWork:
    """The formulas of an assignment, over a list of people."""

    def __init__(self, people) -> None:
        self.people = people

    def passed_with(self, worker):
        handed_in = [one for one in worker.tries if one.graded]
        return next((n for n, one in enumerate(handed_in) if one.passed), None)

    def counts(self):
        tried = [one for one in self.people if one.tries]
        handed_in = [one for one in tried if any(x.graded for x in one.tries)]
        return {
            "tried": len(tried),
            "passed": sum(self.passed_with(one) is not None for one in tried),
            "handed_in": len(handed_in),
            "first_passed": sum(self.passed_with(one) == 0 for one in handed_in),
            "failing": sum(any(not x.passed for x in one.tries) for one in tried),
        }

    def failing_all(self):
        """Of how many the last run that failed passed no test."""
        last = [[x for x in one.tries if not x.passed][-1:] for one in self.people]
        return sum(all(x[0] != "PASSED" for x in run.cases) for runs in last for run in runs)

    def times(self):
        tries, minutes = [], []
        for worker in self.people:
            place = self.passed_with(worker)
            if place is not None:
                tries.append(place + 1)
                at = [one for one in worker.tries if one.graded][place].at
                minutes.append(half_up(worker.first - at))
        share = 0.75
        return [(least_median(x), least_median(x, share)) for x in (tries, minutes)]

    def heat(self):
        """How many fail first in each case, in the last of theirs that failed."""
        found = Counter()
        for worker in self.people:
            failed = [one for one in worker.tries if not one.passed]
            if failed:
                found[next(n for n, x in enumerate(failed[-1].cases) if x[0] != "PASSED")] += 1
        return found

    def errors(self):
        found = Counter()
        for worker in self.people:
            found.update({self.error_of(one) for one in worker.tries if not one.passed} - {None})
        return found

    def error_of(self, one):
        first = next((x for x in one.cases if x[0] not in ("PASSED", "WRONG")), None)
        if first is None:
            return None
        outcome, said = first
        if outcome == "TIME_LIMIT":
            return outcome, "", 0
        return SAID[said] and (SAID[said][0] or outcome, *SAID[said][1:])


class BruteQuiz:
    """The formulas of a quiz, over first finished attempts. `usual`: what most were asked."""

    def __init__(self, people, everybody, pass_percent) -> None:
        self.gos = [one for one in map(self.first_of, people) if one]
        self.pass_percent = pass_percent
        kinds = Counter(self.asked(one) for one in map(self.first_of, everybody) if one)
        most = max(kinds.values(), default=0)
        self.usual = [kind for kind, count in kinds.items() if count == most]

    def first_of(self, worker):
        first = next((one for one in worker.gos if not one.practice), None)
        return first if first and first.closed is not None else None

    def asked(self, go):
        return tuple(mark is not None for mark in go.marks)

    def seconds(self, go) -> int:
        spent = go.began - go.closed
        return 60 * (spent if go.clock is None else min(spent, go.clock))

    def whole(self):
        scores = [round(score(one), 4) for one in self.gos]
        return {
            "mean": fmean(scores), "median": median(scores), "deviation": stdev(scores),
            "pass_rate": fmean(score(one) >= 70 for one in self.gos),
            "seconds": median(map(self.seconds, self.gos)),
        }  # fmt: skip

    def reliability(self):
        """Alpha, the error, and the share within one error of the mark; or nothing."""
        alike = [one for one in self.gos if self.asked(one) == self.usual[0]]
        rows = [[mark for mark in one.marks if mark is not None] for one in alike]
        if len(alike) < 10 or len(rows[0]) < 2 or len({sum(row) for row in rows}) == 1:
            return None, None, None
        k = len(rows[0])
        own = sum(stdev(column) ** 2 for column in zip(*rows, strict=True))
        alpha = k / (k - 1) * (1 - own / stdev([sum(row) for row in rows]) ** 2)
        error = stdev([score(one) for one in alike]) * sqrt(max(0.0, 1 - alpha))
        near = fmean(abs(score(one) - self.pass_percent) <= error for one in self.gos)
        return alpha, error, near
