"""What learners of the synthetic course did in its quizzes and assignments: attempts, submissions.

The seeding of `studio.scale` leaves marks alone, for lessons of text. Here a tenth of the lessons
becomes quizzes and a tenth assignments, with the work that led to those marks, and that of whoever
came as far and did not pass.
"""

from dataclasses import dataclass

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from assessments.models import (
    Answer,
    Assignment,
    Attempt,
    Option,
    Question,
    Quiz,
    Submission,
    TestCase,
    TestResult,
)
from courses.models import Course, Lesson
from progress.models import LessonView
from studio.scale_rows import insert

QUESTIONS, OPTIONS, CASES = 10, 4, 5
# Of every ten lessons.
QUIZ_AT, ASSIGNMENT_AT = 5, 0
# Who came to a lesson: those who completed it, and one in two of those for whom it was the next.
COMERS = """
    CREATE TEMP TABLE bench_comer AS
    SELECT mark.user_id, mark.lesson_id, lesson.kind, mark.completed_at AS at, true AS is_done
    FROM progress_lessonprogress mark JOIN courses_lesson lesson ON lesson.id = mark.lesson_id
    WHERE lesson.course_id = %(course)s AND lesson.kind IN ('QUIZ', 'ASSIGNMENT')
    UNION ALL
    SELECT last.user_id, lesson.id, lesson.kind, last.at + interval '5 hours', false
    FROM (SELECT user_id, count(*) AS done, max(completed_at) AS at FROM progress_lessonprogress
      JOIN courses_lesson lesson ON lesson.id = lesson_id WHERE lesson.course_id = %(course)s
      GROUP BY user_id) AS last
    JOIN courses_lesson lesson ON lesson.course_id = %(course)s
      AND lesson.kind IN ('QUIZ', 'ASSIGNMENT') AND lesson.position = last.done + 1
    WHERE abs(hashtext(last.user_id::text)) %% 2 = 0
"""
# Two attempts of one in three; those who did not get further failed in theirs.
ATTEMPTS = """
    CREATE TEMP TABLE bench_attempt AS
    SELECT waymark_uuid7() AS id, user_id, quiz_id, number,
      is_last AND is_done AS passed,
      at - interval '1 hour' * (last - number) - interval '10 minutes' AS began,
      at - interval '1 hour' * (last - number) AS closed
    FROM (SELECT comer.*, quiz.id AS quiz_id, last, number, number = last AS is_last
      FROM bench_comer comer JOIN assessments_quiz quiz USING (lesson_id)
      CROSS JOIN LATERAL (
        SELECT 1 + (abs(hashtext(user_id::text || quiz.id)) %% 3 = 0)::int AS last) AS tries
      CROSS JOIN LATERAL generate_series(1, last) AS number) AS gone
"""
ANSWERS = """
    CREATE TEMP TABLE bench_answer AS
    SELECT attempt.id AS attempt_id, question.id AS question_id, question.position, began,
      options, 1 + abs(hashtext(attempt.id::text || question.id)) %% 100
        > CASE WHEN passed THEN 10 ELSE 45 END + 2 * question.position AS is_right
    FROM bench_attempt attempt JOIN assessments_question question USING (quiz_id)
    JOIN (SELECT question_id, array_agg(id ORDER BY position) AS options FROM assessments_option
      GROUP BY question_id) AS shown ON shown.question_id = question.id
"""
TRIES = """
    CREATE TEMP TABLE bench_try AS
    SELECT waymark_uuid7() AS id, user_id, assignment_id, number,
      number = last AND is_done AS passed,
      at - interval '10 minutes' * (last - number) AS at, chance / 7 + number AS chance
    FROM (SELECT comer.*, task.id AS assignment_id, chance, last, number
      FROM bench_comer comer JOIN assessments_assignment task USING (lesson_id)
      CROSS JOIN LATERAL (SELECT abs(hashtext(user_id::text || task.id)) AS chance) AS luck
      CROSS JOIN LATERAL (SELECT 1 + chance %% 7 AS last) AS tries
      CROSS JOIN LATERAL generate_series(1, last) AS number) AS gone
"""
TRACE = """
    CASE WHEN outcome = 'RUNTIME_ERROR' THEN
      E'Traceback (most recent call last):\\n  File "main.py", line ' || 1 + mod(chance, 20)
      || E', in <module>\\n    f()\\n' || (ARRAY['NameError: name ''x' || mod(chance, 9)
        || ''' is not defined', 'IndexError: list index out of range',
        'TypeError: can only concatenate str (not "int") to str',
        'ZeroDivisionError: division by zero'])[1 + mod(chance, 4)] || E'\\n'
      ELSE '' END
"""
RESULTS = """
    CREATE TEMP TABLE bench_result AS
    SELECT try.id AS submission_id, test.id AS case_id, test.position, test.is_visible, chance,
      CASE WHEN passed OR test.position < 1 + chance %% 5 THEN 'PASSED'
        WHEN chance %% 3 = 0 THEN 'RUNTIME_ERROR' ELSE 'WRONG' END AS outcome
    FROM bench_try try JOIN assessments_testcase test USING (assignment_id)
"""


@dataclass(frozen=True)
class Work:
    """How much there is."""

    attempts: int
    submissions: int


def add_work(course: Course) -> Work:
    """Turn some lessons into quizzes and assignments, and fill them."""
    with transaction.atomic(), connection.cursor() as cursor:
        for lesson in course.lessons.all():
            if lesson.position % 10 == QUIZ_AT:
                make_quiz(lesson)
            elif lesson.position % 10 == ASSIGNMENT_AT:
                make_assignment(lesson)
        for statement in (COMERS, ATTEMPTS, ANSWERS, TRIES, RESULTS):
            cursor.execute(statement, {"course": course.pk})
        fill(cursor)
        cursor.execute(
            "DROP TABLE bench_comer, bench_attempt, bench_answer, bench_try, bench_result"
        )
    return Work(Attempt.objects.count(), Submission.objects.count())


def make_quiz(lesson: Lesson) -> None:
    become(lesson, Lesson.Kind.QUIZ)
    quiz = Quiz.objects.create(lesson=lesson)
    for place in range(1, QUESTIONS + 1):
        question = Question.objects.create(
            quiz=quiz, kind=Question.Kind.SINGLE, prompt=f"Question {place}", position=place
        )
        Option.objects.bulk_create(
            Option(question=question, text=f"{n}", is_correct=n == 1, position=n)
            for n in range(1, OPTIONS + 1)
        )


def make_assignment(lesson: Lesson) -> None:
    become(lesson, Lesson.Kind.ASSIGNMENT)
    task = Assignment.objects.create(lesson=lesson)
    for place in range(1, CASES + 1):
        TestCase.objects.create(
            assignment=task, name=f"Case {place}", position=place, is_visible=place <= CASES // 2
        )


def become(lesson: Lesson, kind: str) -> None:
    lesson.kind, lesson.completion = kind, Lesson.Completion.BY_PASSING
    lesson.save(update_fields=["kind", "completion"])


def fill(cursor: CursorWrapper) -> None:
    """The rows, from what was made up."""
    insert(cursor, LessonView, "bench_comer WHERE NOT is_done", user="user_id",
           lesson="lesson_id", first_viewed_at="at - interval '3 hours'",
           last_viewed_at="at")  # fmt: skip
    scored = """(SELECT one.*, score FROM bench_attempt one JOIN (SELECT attempt_id,
        count(*) FILTER (WHERE is_right) AS score FROM bench_answer GROUP BY attempt_id) AS sum
        ON sum.attempt_id = one.id) AS scored"""
    insert(
        cursor, Attempt, scored, id="id", user="user_id", quiz="quiz_id", number="number",
        status="'SUBMITTED'", started_at="began", closed_at="closed", score="score",
        out_of=str(QUESTIONS), percent=f"100 * score / {QUESTIONS}", passed="passed",
    )  # fmt: skip
    insert(
        cursor, Answer, "bench_answer", attempt="attempt_id", question="question_id",
        position="position", option_order="options",
        chosen="ARRAY[options[CASE WHEN is_right THEN 1 ELSE 2 + mod(position, 3) END]]",
        seconds="30 + position", saved_at="began + interval '1 minute' * position",
        mark="is_right::int", points="1",
    )  # fmt: skip
    insert(
        cursor, Submission, "bench_try", id="id", user="user_id", assignment="assignment_id",
        is_graded="true", number="number", source="'print(1)'", percent="passed::int * 100",
        points=f"passed::int * {CASES}", out_of=str(CASES), revision="1",
        status="CASE WHEN passed THEN 'PASSED' ELSE 'FAILED' END", outcome="''",
        created_at="at", due_at="at", finished_at="at + interval '1 second'",
    )  # fmt: skip
    insert(
        cursor, TestResult, "bench_result", submission="submission_id", case="case_id",
        outcome="outcome", was_visible="is_visible", position="position", stderr=TRACE,
    )  # fmt: skip
