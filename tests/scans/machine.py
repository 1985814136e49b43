"""Two learners, a staff member and Stripe do things in any order; a small model says what is true.

Each step asks by HTTP and compares the status with the model's verdict; after each step the rows
are what the model says, and the sum of the ledger is what the pages show.
"""

import json
import uuid
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.models import Sum
from django.http import HttpResponse
from django.test import Client
from hypothesis import assume
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from assessments import grading
from assessments.models import Attempt, Submission
from billing.models import WebhookDelivery
from courses.models import CourseImport
from enrollments.models import Enrollment
from gamification.models import Standing, XPTransaction
from progress.models import LessonProgress
from tests.billing.seeing import deliver, event
from tests.scans.model import Learner, World, first, fits, malformed, unreadable
from tests.studio.uploading import archive

JUNK = some.one_of(
    some.integers(-2, 4), some.booleans(), some.none(), some.floats(), some.text(max_size=3),
    some.lists(some.integers(), max_size=2), some.just(2**63),
)  # fmt: skip
WHO = some.sampled_from(["ada", "bob"])
RIGHT, WRONG = "answer = 'right'\n", "answer = 'wrong'\n"
MOST_WAITING = 2
UPLOADS = {"whole": archive(), "cut": archive()[:-9], "empty": b"", "an end": b"PK\x05\x06"}


def mostly(*values: Any) -> some.SearchStrategy[Any]:
    """Sensible three times of four, or nothing would ever happen.

    Drawn in two steps: kinds of junk that stand beside the sensible would outnumber it.
    """
    sensible = some.sampled_from(values)
    return some.integers(0, 3).flatmap(lambda one: sensible if one else JUNK)


class TwoLearners(RuleBasedStateMachine):
    """The rules. `world` is set by the test that runs it."""

    world: World

    @initialize()
    def begin(self) -> None:
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.people = {"ada": Learner(), "bob": Learner()}
        self.client = Client(raise_request_exception=False)
        self.deliveries, self.imports = 0, set[str]()
        self.heard: list[dict[str, Any]] = []

    def teardown(self) -> None:
        if hasattr(self, "undo"):
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)

    def ask(self, who: str, method: str, path: str, body: Any = None) -> HttpResponse:
        headers = {"Authorization": f"Bearer {self.world.tokens[who]}"}
        raw = b"" if body is None else json.dumps(body).encode()
        path = f"/api/{path}"
        return self.client.generic(method, path, raw, "application/json", headers=headers)

    def says(self, answer: HttpResponse, verdict: int) -> dict[str, Any]:
        """Hold the answer against the verdict; give its body back."""
        assert answer.status_code == verdict, (answer.status_code, verdict, answer.content[:200])
        is_json = answer.content and answer["Content-Type"].startswith("application/json")
        return json.loads(answer.content) if is_json else {}

    @rule(who=WHO, whom=mostly("self", "other"), course=mostly("tea", "tea", "nope"))
    def enrol(self, who: str, whom: Any, course: Any) -> None:
        body = {"userId": self.named(who, whom), "courseId": course}
        model = self.people[who]
        verdict = first(
            unreadable(body), malformed(body["userId"]), malformed(course),
            whom != "self" and 403, course != "tea" and 404, model.place and 409,
        ) or 201  # fmt: skip
        said = self.says(self.ask(who, "POST", "enrollments", body), verdict)
        if verdict == 201:
            model.place = said["id"]

    @rule(who=WHO, other=some.booleans())
    def leave(self, who: str, other: bool) -> None:
        """Work that is under way is for tests of its own."""
        model = self.people[who]
        assume(not model.waiting and not model.is_open)
        theirs = self.people["bob" if who == "ada" else "ada"].place
        place = theirs if other else model.place
        verdict = 204 if model.place and not other else 404
        self.says(self.ask(who, "DELETE", f"enrollments/{place or uuid.uuid4()}"), verdict)
        if verdict == 204:
            model.place = ""

    @rule(
        who=WHO,
        whom=mostly("self", "self", "other"),
        lesson=mostly("lesson-1", "lesson-2", "lesson-3", "extra", "check", "adding", "nope"),
        amount=mostly(10, 10, 999),
    )
    def award(self, who: str, whom: Any, lesson: Any, amount: Any) -> None:
        body = {
            "userId": self.named(who, whom), "courseId": "tea", "lessonId": lesson,
            "xpAmount": amount,
        }  # fmt: skip
        model = self.people[who]
        is_amount = type(amount) is int and 1 <= amount <= 1000
        verdict = first(
            unreadable(body), malformed(body["userId"]), malformed(lesson), not is_amount and 422,
            whom != "self" and 403, str(lesson) not in self.world.lessons and 404,
        )  # fmt: skip
        verdict = verdict or self.why_not(model, lesson) or (amount != 10 and 409) or 201
        said = self.says(self.ask(who, "POST", "xp/award", body), verdict)
        if verdict == 201:
            assert said["xpAwarded"] == (0 if lesson in model.paid else 10)
            self.complete(model, lesson)

    @rule(who=WHO, lesson=some.sampled_from(["lesson-1", "lesson-2", "extra", "check", "adding"]))
    def mark(self, who: str, lesson: str) -> None:
        model = self.people[who]
        is_done = model.place and lesson in model.done
        verdict = 200 if is_done else self.why_not(model, lesson) or 201
        key = self.world.lessons[lesson].pk
        self.says(self.ask(who, "PUT", f"lessons/{key}/completion"), verdict)
        if verdict == 201:
            self.complete(model, lesson)

    @rule(who=WHO, lesson=some.sampled_from(["lesson-1", "lesson-2", "extra"]))
    def unmark(self, who: str, lesson: str) -> None:
        model = self.people[who]
        key = self.world.lessons[lesson].pk
        verdict = 200 if model.place else 403
        self.says(self.ask(who, "DELETE", f"lessons/{key}/completion"), verdict)
        if model.place:
            model.done.discard(lesson)

    @rule(who=WHO)
    def start(self, who: str) -> None:
        model = self.people[who]
        verdict = first(not model.place and 403, model.is_open and 200) or 201
        path = f"quizzes/{self.world.quiz.pk}/attempts"
        said = self.says(self.ask(who, "POST", path, {}), verdict)
        if verdict == 201:
            model.attempt, model.is_open = said["id"], True
            model.attempts, model.chosen, model.version = model.attempts + 1, "", 0

    @rule(
        who=WHO, of_other=some.sampled_from([False, False, False, True]),
        option=some.sampled_from(["right", "right", "wrong", "unknown"]),
        version=some.sampled_from([0, 0, 0, 1, 7]) | JUNK,
    )  # fmt: skip
    def save(self, who: str, of_other: bool, option: str, version: Any) -> None:
        """`version` counts from the one that was shown, so that most of them are right."""
        model = self.people[who]
        whose = self.people["bob" if who == "ada" else "ada"] if of_other else model
        assume(whose.attempt)
        question = self.world.quiz.questions.get()
        is_count = type(version) is int and 0 <= version < 2**31
        named = model.version + version if is_count else version
        body = {
            "questionId": str(question.pk), "version": named, "optionIds": [self.option(option)],
        }  # fmt: skip
        is_same = option == model.chosen
        verdict = first(
            unreadable(body), not is_count and 422, of_other and 404, not model.is_open and 409,
            option == "unknown" and 422, not is_same and named != model.version and 409,
        ) or 200  # fmt: skip
        said = self.says(self.ask(who, "POST", f"attempts/{whose.attempt}/answers", body), verdict)
        if verdict == 200:
            model.chosen, model.version = option, said["version"]

    @rule(who=WHO, of_other=some.sampled_from([False, False, False, True]))
    def finish(self, who: str, of_other: bool) -> None:
        model = self.people[who]
        whose = self.people["bob" if who == "ada" else "ada"] if of_other else model
        assume(whose.attempt)
        verdict = first(of_other and 404, not model.is_open and 409) or 200
        path = f"attempts/{whose.attempt}/submission"
        said = self.says(self.ask(who, "POST", path, {}), verdict)
        if verdict == 200:
            model.is_open = False
            assert said["passed"] is (model.chosen == "right")
            if said["passed"]:
                self.complete(model, "check")

    @rule(who=WHO, source=some.sampled_from([RIGHT, RIGHT, WRONG]) | JUNK)
    def hand_in(self, who: str, source: Any) -> None:
        model, path = self.people[who], f"assignments/{self.world.assignment.pk}/submissions"
        is_code = isinstance(source, str) and "\0" not in source and source.strip()
        verdict = first(
            unreadable({"source": source}), not is_code and 422,
            len(model.waiting) >= MOST_WAITING and 429, not model.place and 403,
        ) or 202  # fmt: skip
        said = self.says(self.ask(who, "POST", path, {"source": source}), verdict)
        if verdict == 202:
            model.waiting.append((uuid.UUID(said["id"]), source))
            model.handed_in += 1

    @rule(who=WHO)
    def judge(self, who: str) -> None:
        """A worker comes by; the test's runner passes what says so of itself."""
        model = self.people[who]
        assume(model.waiting)
        key, source = model.waiting.pop(0)
        graded = grading.grade(key)
        assert graded
        assert graded.submission.is_passed is (source == RIGHT)
        if source == RIGHT:
            self.complete(model, "adding")

    @rule(name=some.sampled_from(["id", "type", "created", "livemode", "data", "extra"]), junk=JUNK,
          secret=some.sampled_from(["", "", "whsec_another"]), again=some.booleans())  # fmt: skip
    def webhook(self, name: str, junk: Any, secret: str, again: bool) -> None:
        """Only what is signed and of the right form is taken, and each once."""
        is_known = name in {"data", "extra"}
        what = event(**({name: junk} if name != "data" else {}))
        if name == "data":
            what["data"] = junk
        if again and self.heard:
            what, is_known = self.heard[-1], True
        fitting = is_known or fits(name, junk)
        verdict = 200 if fitting and not secret else 400
        answer = deliver(self.client, what, **({"secret": secret} if secret else {}))
        self.says(answer, verdict)
        if verdict == 200 and what not in self.heard:
            self.heard.append(what)
            self.deliveries += 1

    @rule(
        data=some.sampled_from(list(UPLOADS)) | some.binary(max_size=9),
        name=some.sampled_from(["tea.zip", "../\u202e.zip", "x"]),
    )
    def bring_in(self, data: str | bytes, name: str) -> None:
        """The same upload twice is one import, and what cannot be read is none."""
        file = SimpleUploadedFile(name, UPLOADS[data] if isinstance(data, str) else data)
        answer = self.world.desk.post("/studio/imports/", {"file": file, "slug": "", "title": ""})
        verdict = (303,) if (data, name) == ("whole", "tea.zip") else (303, 422)
        assert answer.status_code in (verdict if data == "whole" else (422,)), answer.status_code
        if answer.status_code == 303:
            self.imports.add(answer["Location"])

    @invariant()
    def the_rows_are_what_the_model_says(self) -> None:
        if not hasattr(self, "people"):
            return
        for name, model in self.people.items():
            user = self.world.people[name]
            total = XPTransaction.objects.filter(user=user).aggregate(sum=Sum("amount"))["sum"] or 0
            standing = Standing.objects.filter(user=user).first()
            assert total == sum(model.paid.values()) == (standing.total_xp if standing else 0)
            assert Enrollment.objects.of(user).current().count() == bool(model.place)
            done = LessonProgress.objects.filter(user=user).values_list("lesson__slug", flat=True)
            assert sorted(done) == sorted(model.done)
            assert Attempt.objects.filter(user=user).count() == model.attempts
            assert Submission.objects.filter(user=user).count() == model.handed_in
        assert WebhookDelivery.objects.count() == self.deliveries
        assert CourseImport.objects.count() == len(self.imports)

    def why_not(self, model: Learner, lesson: str) -> int | None:
        """Why a lesson is not completed by hand now."""
        by_passing = lesson in {"check", "adding"}
        return first(not model.place and 403, lesson in model.done and 409, by_passing and 409)

    def complete(self, model: Learner, lesson: str) -> None:
        model.done.add(lesson)
        model.paid.setdefault(lesson, self.world.lessons[lesson].xp_reward)

    def named(self, who: str, whom: Any) -> Any:
        """The email of one of them, or junk."""
        if whom == "self":
            return self.world.people[who].email
        if whom == "other":
            return self.world.people["bob" if who == "ada" else "ada"].email
        return whom

    def option(self, which: str) -> str:
        if which == "unknown":
            return str(uuid.uuid4())
        return str(self.world.quiz.questions.get().options.get(is_correct=which == "right").pk)
