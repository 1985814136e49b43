"""Words that would like to be a script, wherever people can leave words: none of them runs."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from playwright.sync_api import Page

from accounts.models import User
from assessments.models import TestResult
from assessments.rendering import render_question
from courses.markdown import render
from courses.models import Asset, Course
from enrollments.actions import enroll
from notifications import announcing
from notifications.announcing import Words
from studio.student_verbs import write_to
from tests.assessments.builders import ask, make_quiz
from tests.assessments.code_builders import make_assignment
from tests.assessments.review_builders import hand_in
from tests.classroom.feedback_rows import reply_by, say, sent_by
from tests.conftest import make_course, make_person
from tests.courses.test_markdown import VECTORS

RUN = "window.__xss=1"
# Every way in of the table of hostile Markdown, with something to do once it is in.
HOSTILE = [
    one.replace("alert(1)", RUN).replace("=x", f"={RUN}").replace("'x'", f"'{RUN}'")
    for one in VECTORS
    if "\0" not in one and "\ud800" not in one
]
IMG = f"<img src=x onerror={RUN}>"
BREAKOUT = f"\"'></textarea></script><svg onload={RUN}>"
NAME = f"{IMG}{{{{7*7}}}}"
ALL = "\n\n".join(HOSTILE)
TELL = """
window.__refused = [];
addEventListener("securitypolicyviolation", (event) => window.__refused.push(
  `${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
"""


@pytest.fixture
def hostile(transactional_db: Any, settings: Any) -> dict[str, list[str]]:
    """Who looks at what. Each text stands where people have written it."""
    settings.DEMO_SCHOOL = True
    course = make_course("tea", IMG, description=ALL, description_html=render(ALL))
    root = make_person("root@example.org", NAME, role=User.Role.ADMIN, is_superuser=True)
    ada = make_person("ada@example.org", NAME)
    enroll(ada, course)
    lesson = course.lessons.get(slug="lesson-1")
    lesson.title, lesson.summary, lesson.content = BREAKOUT, IMG, ALL
    # Each by itself as well: what one leaves open may swallow the next.
    lesson.content_html = "".join(map(render, HOSTILE)) + render(ALL)
    lesson.save()
    profile = ada.profile
    profile.handle, profile.is_public, profile.bio = "ada", True, ALL[:1000]
    profile.occupation = profile.location = BREAKOUT[:60]
    profile.save()
    announcement = announcing.send(announcing.write(root, Words(course, IMG, ALL), uuid4()), 1)
    announcing.carry_on(announcement.pk)
    write_to(course, [ada], root, BREAKOUT + IMG, uuid4())
    submission = plant_work(course, ada, root)
    quiz = plant_quiz(course)
    Asset.objects.create(
        course=course, path=f"{IMG}.png", sha256="0" * 64, size=1,
        file=ContentFile(b"x", "x.png"),
    )  # fmt: skip
    return {
        "ada": [
            lesson.get_absolute_url(), "/people/ada/", "/settings/profile/", "/courses/tea/",
            "/classroom/", f"/announcements/{announcement.pk}/", "/notifications/", "/feedback/",
            submission.get_absolute_url(), submission.assignment.get_absolute_url(),
            quiz.get_absolute_url(), "/activity/",
        ],
        "root": [
            "/studio/courses/", f"/studio/students/{ada.pk}/",
            f"/studio/reviews/{submission.review.pk}/", f"/studio/quizzes/{quiz.pk}/",
            f"/studio/announcements/{announcement.pk}/", "/admin/", "/admin/accounts/user/",
            f"/admin/accounts/user/{ada.pk}/change/", "/admin/courses/asset/",
            f"/admin/courses/course/{course.pk}/change/", "/admin/assessments/submission/",
        ],
    }  # fmt: skip


def plant_work(course: Course, ada: User, root: User) -> Any:
    """Code, what it printed, what was said of it, and what was answered."""
    assignment = make_assignment(course.modules.first(), hints=[IMG])
    submission = hand_in(ada, assignment, BREAKOUT, outcome="WRONG", compile_output=IMG)
    for position, case in enumerate(assignment.cases.visible(), 1):
        TestResult.objects.create(
            submission=submission, case=case, outcome="WRONG", was_visible=True,
            position=position, expected="3", got=IMG, stdout=BREAKOUT, stderr=IMG,
        )  # fmt: skip
    sent_by(root, submission, "CHANGES")
    reply_by(ada, say(submission, ALL[:2000], IMG, BREAKOUT), BREAKOUT + IMG)
    return submission


def plant_quiz(course: Course) -> Any:
    quiz = make_quiz(course.modules.first(), questions=False)
    question = ask(quiz, "SINGLE", ALL, right=[IMG], wrong=[BREAKOUT])
    options = list(question.options.all())
    render_question(question, options)
    for row in (question, *options):
        row.save()
    return quiz


def test_no_word_of_anybody_runs(open_page: Any, watch: Any, hostile: dict[str, list[str]]) -> None:
    for email, addresses in hostile.items():
        page: Page = open_page(User.objects.get(email=f"{email}@example.org"))
        page.context.add_init_script(TELL)
        for address in addresses:
            answer = page.goto(address)
            assert answer, address
            assert answer.status == 200, (address, answer.status)
            assert page.evaluate("window.__xss") is None, address
            assert page.evaluate("window.__refused") == [], address
    page.evaluate("""() => {
        const script = document.createElement("script");
        script.textContent = "window.__xss = 1";
        document.body.append(script);
        document.body.insertAdjacentHTML("beforeend", "<img src=x onerror='window.__xss=1'>");
    }""")
    page.wait_for_function("window.__refused.length > 1")
    assert page.evaluate("window.__xss") is None
    watch.meant += ["CSP refused", "Content Security Policy", "violates the following"]
