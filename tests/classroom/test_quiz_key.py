"""The key of a quiz leaves the server when it may, and not before: every page is searched for it.

Right answers, explanations, feedback, the model answer and accepted texts are words that stand
nowhere else. A learner follows every link from the classroom, asks the API and saves by htmx,
before, during and after an attempt; no answer, in body or header, may hold one of the words.
"""

import re
from collections import deque

import pytest
from django.core import mail
from django.test import Client

from accounts.tokens import create_token
from assessments.attempts import finish_attempt, start_attempt
from assessments.models import Attempt, Option, Question, Quiz
from enrollments.models import Enrollment
from tests.assessments.builders import ask, make_quiz, rows
from tests.classroom.quiz_pages import Page, filled

Kind = Question.Kind
HTMX = {"HX-Request": "true"}
EXPLANATIONS = ["whyzebra", "whyyak", "whyxerus", "whywombat", "whyvole"]
# What is never shown while answers are hidden, wherever one looks.
SECRETS = {
    *EXPLANATIONS, "feedbackquokka", "modelmarmot", "acceptocelot", "acceptpuma", "31415.92",
    "0.777",
}  # fmt: skip
RIGHT = {"rightlemur", "rightgecko", "rightheron"}
WRONG = {"wrongtapir", "wrongbison", "wrongotter", "wrongegret"}
TELLING = re.compile(
    r"is[_-]?correct|isCorrect|data-(?:correct|right|answer)|model[_-]?answer|explanation|"
    r"tolerance|\baccept(?:ed)?[\"'=:]",
    re.IGNORECASE,
)
LEAVES = re.compile(r"^/(?:static|admin|accounts/logout|media)/")


@pytest.fixture
def quiz(lessons) -> Quiz:
    quiz = make_quiz(lessons[0].module, questions=False, max_attempts=2, time_limit=30)
    ask(
        quiz, Kind.SINGLE, "Which single beast?",
        right=["rightlemur"], wrong=["wrongtapir", "wrongbison"],
    )  # fmt: skip
    ask(
        quiz, Kind.MULTI, "Which beasts?",
        right=["rightgecko", "rightheron"], wrong=["wrongotter", "wrongegret"],
    )  # fmt: skip
    ask(quiz, Kind.TEXT, "Name a beast.", accept=["acceptocelot", "acceptpuma"])
    ask(quiz, Kind.NUMERIC, "How many beasts?", accept=["31415.92"], tolerance="0.777")
    ask(quiz, Kind.OPEN, "Why beasts?", points=0, model_answer="modelmarmot")
    Option.objects.update(feedback="feedbackquokka", feedback_html="<p>feedbackquokka</p>")
    for question, word in zip(quiz.questions.all(), EXPLANATIONS, strict=True):
        question.explanation, question.explanation_html = word, f"<p>{word}</p>"
        question.save()
    return quiz


def everything_in(answer):
    """Body and headers, but for what every page of the site has."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    headers = "\n".join(f"{name}: {value}" for name, value in answer.items())
    return f"{headers}\n{answer.cookies.output()}\n{body.decode(errors='replace')}"


class Search:
    """A learner who looks everywhere, with a browser and with a program of their own."""

    def __init__(self, user, quiz):
        self.browser, self.program = Client(), Client()
        self.browser.force_login(user)
        _, secret = create_token(user, "Search")
        self.bearer = {"Authorization": f"Bearer {secret}"}
        self.quiz = quiz
        self.seen: dict[str, str] = {}

    def starts(self):
        course = self.quiz.lesson.course
        quiz, api = f"/quizzes/{self.quiz.pk}/", "/api"
        yield from (
            "/", "/classroom/", "/courses/", "/progress/", "/progress/history/", "/help/", quiz,
            "/courses/?q=beast", "/courses/?q=rightlemu", "/courses/?q=check",
            f"/courses/{course.slug}/", self.quiz.lesson.get_absolute_url(),
            f"{api}/courses", f"{api}/courses?q=rightlemu", f"{api}/courses/{course.slug}",
            f"{api}/courses/{course.pk}", f"{api}/courses/{course.pk}/progress",
            f"{api}/courses/{course.slug}/progress", f"{api}/enrollments", f"{api}/me",
            f"{api}{quiz}".rstrip("/"), f"{api}{quiz}attempts", f"{api}/openapi.json",
        )  # fmt: skip
        for question in self.quiz.questions.all():
            yield f"/questions/{question.pk}/reports/"
        for attempt in Attempt.objects.filter(quiz=self.quiz):
            own = f"/attempts/{attempt.pk}/"
            yield from (own, f"{own}summary/", f"{own}clock/", f"{own}review/", f"{api}{own}"[:-1],
                        f"{api}{own}review")  # fmt: skip
            yield from (f"{own}questions/{number}/" for number in range(1, 7))

    def everywhere(self):
        """Return every address that was answered, with all that the answer held."""
        queue = deque(self.starts())
        self.seen = {}
        while queue:
            address = queue.popleft().partition("#")[0]
            if address in self.seen or not address.startswith("/") or LEAVES.match(address):
                continue
            assert len(self.seen) < 400, "the crawl does not end"
            answer = self.get(address)
            assert answer.status_code < 500, address
            self.seen[address] = everything_in(answer)
            if answer.get("Location", "").startswith("/"):
                queue.append(answer["Location"])
            if answer.get("Content-Type", "").startswith("text/html"):
                queue.extend(sorted(Page(self.seen[address]).links))
        return self.seen

    def get(self, address):
        if address.startswith("/api/"):
            return self.program.get(address, headers=self.bearer)
        page = self.browser.get(address)
        if page.status_code == 200 and not address.startswith("/settings/"):
            part = everything_in(self.browser.get(address, headers=HTMX))
            self.seen[f"{address} as a part"] = part
        return page

    def save(self, attempt, *, right):
        """Answer everything by htmx, by the plain form and by the API; return what was said."""
        said = []
        for row in rows(attempt):
            address = f"/attempts/{attempt.pk}/answers/"
            for version in (0, 7):
                body = {"questionId": str(row.question_id), "version": version, "text": "x",
                        "optionIds": []}  # fmt: skip
                said.append(
                    self.program.post(
                        f"/api{address}"[:-1], body, content_type="application/json",
                        headers=self.bearer,
                    )
                )  # fmt: skip
            # What one types oneself stands on the page again; nobody types an accepted text here.
            typed = {f"a-{row.question_id}": "99"}
            given = filled(row, right=right) if row.question.has_options else typed
            data = {"q": str(row.question_id), **given, "tab": "a", "step": "1"}
            wrong = {**data, f"a-{row.question_id}": "00000000-0000-4000-8000-000000000000"}
            for sent in (data, wrong, {**data, "tab": "b", f"a-{row.question_id}": ""}):
                said += [self.browser.post(address, sent, headers=one) for one in ({}, HTMX)]
        return {f"saving {number}": everything_in(answer) for number, answer in enumerate(said)}


def told(found, words):
    return {(address, word) for address, text in found.items() for word in words if word in text}


def without_key(found):
    assert told(found, SECRETS) == set()
    own_pages = {
        address: text for address, text in found.items()
        if "openapi" not in address and ("/attempts/" in address or "/quizzes/" in address
                                         or address.startswith("saving"))
    }  # fmt: skip
    assert {address for address, text in own_pages.items() if TELLING.search(text)} == set()


def test_before_during_and_after_an_attempt_no_answer_holds_the_key(ada, quiz):
    search = Search(ada, quiz)
    before = search.everywhere()
    assert len(before) > 25
    without_key(before)
    assert told(before, RIGHT | WRONG) == set()

    attempt, _ = start_attempt(ada, quiz)
    without_key(search.everywhere())
    without_key(search.save(attempt, right=True))
    during = search.everywhere()
    without_key(during)
    holders = {address for address, _ in told(during, RIGHT)}
    assert holders
    assert all("/attempts/" in address for address in holders)

    finished = finish_attempt(attempt).attempt
    after = search.everywhere()
    without_key(after)
    # Programs may read again what was asked: right ones and wrong ones alike.
    assert {address for address, _ in told(after, RIGHT | WRONG)} == {
        f"/api/attempts/{finished.pk}"
    }
    assert f"/attempts/{finished.pk}/review/" in after

    practice_or_second, _ = start_attempt(ada, quiz)
    without_key(search.save(practice_or_second, right=False))
    without_key(search.everywhere())
    assert not any(word in one.body for one in mail.outbox for word in SECRETS | RIGHT)

    finish_attempt(practice_or_second)
    at_last = search.everywhere()
    assert {word for _, word in told(at_last, SECRETS)} == SECRETS


def test_anothers_end_does_not_open_my_key(ada, bob, quiz):
    """The release is each person's own; bob's used-up attempts show ada nothing, nor bob to her."""
    Enrollment.objects.create(user=bob, course=quiz.lesson.course)
    for _ in range(2):
        his = finish_attempt(start_attempt(bob, quiz)[0]).attempt
    start_attempt(ada, quiz)
    search = Search(ada, quiz)
    without_key(search.everywhere())
    for address in (f"/attempts/{his.pk}/review/", f"/api/attempts/{his.pk}/review"):
        assert search.get(address).status_code == 404


def test_a_guest_finds_neither_questions_nor_options(client, ada, quiz):
    start_attempt(ada, quiz)
    for address in Search(ada, quiz).starts():
        text = everything_in(client.get(address))
        assert not told({address: text}, SECRETS | RIGHT | WRONG | {"Which single beast?"})


def test_what_is_never_shown_is_not_shown_at_the_very_end(ada, quiz):
    Quiz.objects.update(review="NEVER")
    search = Search(ada, quiz)
    for _ in range(2):
        attempt, _ = start_attempt(ada, quiz)
        search.save(attempt, right=True)
        finish_attempt(attempt)
    without_key(search.everywhere())


def labels_of(page):
    """The markup of each option, without its key, its text and its number."""
    found = {}
    for label in re.findall(r'<label class="opt">.*?</label>', page, re.DOTALL):
        word = re.search(r"(right|wrong)[a-z]+", label).group()
        bare = re.sub(
            r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|data-key=.\d.|>\d<|(right|wrong)[a-z]+",
            "",
            label,
        )
        found[word] = " ".join(bare.split()).replace(" >", ">")
    return found


@pytest.mark.parametrize("layout", Quiz.Layout.values)
def test_right_and_wrong_options_look_alike(ada, quiz, layout):
    Quiz.objects.update(layout=layout)
    attempt, _ = start_attempt(ada, quiz)
    browser = Search(ada, quiz).browser
    for number in (1, 2):
        page = browser.get(f"/attempts/{attempt.pk}/questions/{number}/").content.decode()
        labels = labels_of(page)
        assert set(labels) & RIGHT
        assert set(labels) & WRONG
        for kind in ("radio", "checkbox"):
            assert len({text for text in labels.values() if kind in text}) <= 1


def test_neither_place_nor_key_of_an_option_hints_at_the_right_one(ada, lessons):
    """The right option is written first. On the page it stands anywhere, and so does its key
    among the sorted keys: by keys in the order of their making it would be the first each time.
    """
    quiz = make_quiz(lessons[0].module, questions=False)
    for number in range(40):
        ask(quiz, Kind.SINGLE, f"Question {number}", right=["yes"], wrong=["a", "b", "c"])
    answers = rows(start_attempt(ada, quiz)[0])
    right = set(Option.objects.filter(is_correct=True).values_list("pk", flat=True))
    for order in (list, sorted):
        places = [
            next(place for place, key in enumerate(order(row.option_order)) if key in right)
            for row in answers
        ]
        assert set(places) == {0, 1, 2, 3}
        assert max(map(places.count, range(4))) < 25


def test_the_order_stays_while_an_attempt_lasts(ada, quiz):
    """Drawn once: orders that differ from reading to reading could be averaged."""
    attempt, _ = start_attempt(ada, quiz)
    browser = Search(ada, quiz).browser
    address = f"/attempts/{attempt.pk}/questions/2/"
    pages = {
        tuple(re.findall(r'value="([0-9a-f-]{36})"', browser.get(address).content.decode()))
        for _ in range(4)
    }
    assert len(pages) == 1
