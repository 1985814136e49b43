"""Numbers on the editors' pages: none is missing, none is written for a machine."""

import pytest

from assessments.models import Question, Quiz
from courses.models import Lesson
from studio.outline import add_lesson, new_course
from tests.studio.authoring import page
from tests.studio.test_assignment_pages import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def quiz():
    lesson = add_lesson(new_course({"title": "Loops"}).modules.get(), "Check", "QUIZ")
    return Quiz.objects.get(lesson=lesson)


@pytest.mark.parametrize(
    ("points", "said"),
    [((), "0 points"), ((1,), "1 point"), ((0.5, 1), "1.5 points"), ((60, 40), "100 points")],
)
def test_a_quiz_says_its_points_whatever_they_are(desk, quiz, points, said):
    for place, one in enumerate(points):
        Question.objects.create(
            quiz=quiz, kind="TEXT", prompt="So?", accept=["a"], points=one, key=str(place)
        )
    html = text(desk.get(f"/studio/quizzes/{quiz.pk}/edit/"))
    assert f"<span>{said}</span>" in html


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(10, "about 10 min"), (60, "about 1 h"), (724, "about 12 h 4 min"), (0, "")],
)
def test_long_courses_take_hours(desk, quiz, minutes, said):
    Lesson.objects.update(minutes=minutes)
    html = text(desk.get(page(quiz.lesson.course)))
    assert f"<span>{said}</span>" in html if said else "about" not in html
