"""Five hundred learners save and hand in a quiz at once, against a bare page of each of them."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from accounts.models import User
from assessments.answering import Given, save_answers
from assessments.attempts import start_attempt
from assessments.models import Answer, Attempt, Option, Question, Quiz
from bench.figures import Figure
from bench.stage import Stage
from bench.web import Browser, Server
from courses.models import Course, Lesson
from gamification.models import XPTransaction
from studio.scale import School, people

LEARNERS, QUESTIONS, BROWSERS, WARMING = 500, 10, 16, 4
SAVES = 3  # of each learner: fifty in ten seconds are allowed
Request = tuple[str, str, dict[str, str] | None]


@dataclass
class Crowd:
    """What a crowd came to: its requests a second, the server's CPU for each, and failures."""

    rate: float
    cpu: float
    failed: int
    seconds: float


def run(stage: Stage) -> Iterator[Figure]:
    number = stage.scaled(LEARNERS, 8)
    stage.school("quiz", School(number + WARMING, 1))
    quiz = make_quiz()
    stage.say(f"beginning {number + WARMING:,} attempts")
    learners = list(people().order_by("pk")[: number + WARMING])
    mine = [(stage.cookies(one), begin(one, quiz)) for one in learners]
    stage.databases.settle("quiz")
    warming, mine = mine[:WARMING], mine[WARMING:]
    with Server(stage, "quiz") as server:
        for requests in (pages(warming), saves(warming, 1), finishes(warming)):
            send(server, requests)
        bare = send(server, pages(mine))
        # One after the other: what overtakes a newer answer of the same page is refused.
        saved = [send(server, saves(mine, step)) for step in range(1, SAVES + 1)]
        finished = send(server, finishes(mine))
    check(quiz, number)
    failed = bare.failed + sum(one.failed for one in saved) + finished.failed
    yield Figure("requests that failed", failed, "requests", "allowed", 0, "<= 0")
    yield from figures(number, bare, min(saved, key=lambda one: one.cpu), finished)


def figures(number: int, bare: Crowd, saved: Crowd, finished: Crowd) -> Iterator[Figure]:
    yield Figure(
        f"{number} learners handing in, until the last was told", finished.seconds, "s",
        "a minute", 60, "<= 1",
    )  # fmt: skip
    for name, crowd, aim in (("saving an answer", saved, "<= 3"), ("handing in", finished, "<= 5")):
        yield Figure(
            name, 1000 * crowd.cpu, "ms CPU", "bare page", 1000 * bare.cpu, aim
        )  # fmt: skip
        yield Figure(f"{name}, a second", crowd.rate, "/s", "bare pages", bare.rate)


def make_quiz(course: Course | None = None) -> Quiz:
    """Ten questions in a lesson of its own, which nobody has done."""
    course = course or Course.objects.get()
    module = course.modules.get(position=1)
    lesson = Lesson.objects.create(
        course=course, module=module, title="Check yourself", slug="check-yourself",
        key="check-yourself", position=9_999, kind=Lesson.Kind.QUIZ,
        completion=Lesson.Completion.BY_PASSING, status=Lesson.Status.PUBLISHED, xp_reward=20,
    )  # fmt: skip
    quiz = Quiz.objects.create(lesson=lesson, time_limit=60)
    for number in range(1, QUESTIONS):
        question = Question.objects.create(quiz=quiz, prompt=f"Which is {number}?", position=number)
        Option.objects.bulk_create(
            Option(question=question, text=str(one), is_correct=one == number, position=one)
            for one in range(number, number + 4)
        )
    Question.objects.create(
        quiz=quiz, kind="TEXT", prompt="Which word begins a loop?", accept=["for"],
        position=QUESTIONS,
    )  # fmt: skip
    return quiz


def begin(user: User, quiz: Quiz) -> Attempt:
    """An open attempt in which all but the last question is answered, and right."""
    attempt, _ = start_attempt(user, quiz)
    right = dict(
        Option.objects.filter(question__quiz=quiz, is_correct=True).values_list("question", "pk")
    )
    save_answers(attempt, [Given(question, chosen=(key,)) for question, key in right.items()])
    return attempt


def pages(mine: Sequence[tuple[str, Attempt]]) -> list[Request]:
    return [(cookies, "/bench/bare", None) for cookies, _ in mine]


def saves(mine: Sequence[tuple[str, Attempt]], step: int) -> list[Request]:
    """Everybody types, and the page saves by itself: the last word is the right one."""
    texts = dict(Answer.objects.filter(question__kind="TEXT").values_list("attempt", "question"))
    return [
        (cookies, f"{attempt.get_absolute_url()}answers/", typed(str(texts[attempt.pk]), step))
        for cookies, attempt in mine
    ]


def typed(question: str, step: int) -> dict[str, str]:
    word = "for"[:step]
    return {"q": question, f"a-{question}": word, f"v-{question}": "0", "tab": "a",
            "step": str(step)}  # fmt: skip


def finishes(mine: Sequence[tuple[str, Attempt]]) -> list[Request]:
    return [(cookies, f"{attempt.get_absolute_url()}submission/", {}) for cookies, attempt in mine]


def send(server: Server, requests: list[Request]) -> Crowd:
    browser = Browser(server)
    asked = {"port": server.port, "browsers": BROWSERS, "requests": requests}
    began, first = browser.clock(), browser.clock()
    done = subprocess.run(
        [sys.executable, "-m", "bench.hand_in"], input=json.dumps(asked), text=True,
        check=True, capture_output=True,
    )  # fmt: skip
    used = browser.clock() - first - (first - began)
    came = json.loads(done.stdout)
    right = came["statuses"].get("200", 0) + came["statuses"].get("303", 0)
    return Crowd(
        len(requests) / came["seconds"], used / len(requests), len(requests) - right,
        came["seconds"],
    )  # fmt: skip


def check(quiz: Quiz, number: int) -> None:
    """Each attempt is closed once, is right throughout, and has paid once."""
    closed = quiz.attempts.filter(status="SUBMITTED", percent=100).count()
    paid = XPTransaction.objects.filter(source_key=f"lesson:{quiz.lesson_id}", amount=20).count()
    # Those who warmed the server typed one letter: nine of ten is a pass as well.
    if (closed, paid) != (number, number + WARMING):
        raise RuntimeError(f"{number} attempts, of which {closed} are closed and {paid} paid")
