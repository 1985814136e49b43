"""A school full of marks: whoever sees one that is not meant for them has found a leak."""

from dataclasses import dataclass, field
from uuid import uuid4

from accounts.models import User
from assessments.attempts import finish_attempt, start_attempt
from assessments.models import Assignment, Attempt, Question, Quiz, Submission, TestResult
from assessments.rendering import render_question
from courses.models import Course, Lesson
from enrollments.actions import enroll
from notifications import announcing
from notifications.announcing import Words
from progress.actions import complete_lesson
from studio.student_verbs import write_to
from tests.assessments.builders import ask, make_quiz
from tests.assessments.code_builders import add_case, make_assignment
from tests.assessments.review_builders import hand_in
from tests.certificates.builders import certify
from tests.classroom.feedback_rows import say, sent_by
from tests.conftest import make_course, make_lesson, make_person, make_reviewer

# What only escaping keeps from being a tag. It stands in everything that people can write.
TAG = "<xss-mark>"
KEYS = {
    "an accepted answer": "kiwi-accepted",
    "an explanation": "plum-explained",
    "a model answer": "fig-modelled",
    "what an option says of itself": "pear-told",
    "the key itself": "is_correct",
}
HIDDEN = {
    "a hidden input": "7741852963",
    "a hidden output": "8852963741",
    "what a hidden test printed": "lime-printed",
    "the solution": "date_solved",
}
DRAFTS = {"a draft": "quince-drafted"}


@dataclass
class Planted:
    """Who is in it, what each of them has written, and what exists."""

    ada: User
    bob: User
    kim: User  # reviews
    root: User
    course: Course
    private: dict[str, str] = field(default_factory=dict)  # mark by email
    keys: dict[str, object] = field(default_factory=dict)  # ids, by their name in the API

    @property
    def people(self) -> list[User]:
        return [self.ada, self.bob, self.kim, self.root]


def plant() -> Planted:
    course = make_course("tea", f"Tea {TAG}")
    ada = make_person("ada@planted.example", f"Ada {TAG}")
    bob = make_person("bob@planted.example", f"Bob {TAG}")
    kim = make_reviewer("kim@planted.example", f"Kim {TAG}")
    root = make_person("root@planted.example", "Root", role=User.Role.ADMIN, is_superuser=True)
    planted = Planted(ada, bob, kim, root, course)
    quiz, assignment = plant_quiz(course), plant_assignment(course.modules.first())
    for person in (ada, bob):
        mark = f"secret-of-{person.email.partition('@')[0]}"
        planted.private[person.email] = mark
        enroll(person, course)
        complete_lesson(person, course.lessons.get(slug="lesson-1"))
        plant_profile(person)
        attempt = plant_attempts(person, quiz, mark)
        submission = plant_code(person, kim, assignment, mark)
        if person == ada:
            planted.keys = {
                "quiz_id": quiz.pk, "assignment_id": assignment.pk, "attempt_id": attempt.pk,
                "submission_id": submission.pk, "course_key": course.slug,
            }  # fmt: skip
    certify(ada, course)
    plant_drafts(course)
    announcement = announcing.write(root, Words(course, f"News {TAG}", TAG), uuid4())
    announcing.send(announcement, announcement.version)
    write_to(course, [ada], root, f"For Ada alone {TAG} {planted.private[ada.email]}", uuid4())
    return planted


def plant_quiz(course: Course) -> Quiz:
    """Its answers are shown to nobody, so no learner may ever meet its key."""
    quiz = make_quiz(course.modules.first(), "check", questions=False, review=Quiz.Review.NEVER)
    ask(quiz, "SINGLE", f"Green? {TAG}", right=["Yes"], wrong=["No"])
    ask(quiz, "TEXT", "Which fruit?", accept=[KEYS["an accepted answer"]])
    ask(quiz, "OPEN", "Why?", model_answer=KEYS["a model answer"], points=0)
    for question in quiz.questions.all():
        options = list(question.options.all())
        question.explanation = KEYS["an explanation"]
        for option in options:
            option.feedback = KEYS["what an option says of itself"]
        render_question(question, options)
        for row in (question, *options):
            row.save()
    return quiz


def plant_assignment(module):
    solution = f"def add(a, b):\n    {HIDDEN['the solution']} = a + b\n    return date_solved\n"
    assignment = make_assignment(module, "brew", solution=solution)
    number, total = HIDDEN["a hidden input"], HIDDEN["a hidden output"]
    add_case(assignment, "planted", args=[int(number), 1], expected=int(total), name="a hidden one")
    return assignment


def plant_profile(person: User) -> None:
    """Open to all, so that what is written in it is shown."""
    profile = person.profile
    profile.handle, profile.is_public = person.email.partition("@")[0], True
    profile.bio = profile.occupation = profile.location = f"Likes {TAG}"
    profile.save()


def plant_attempts(person: User, quiz: Quiz, mark: str) -> Attempt:
    """One that is closed, and one that is open, in which they have written something."""
    closed, _ = start_attempt(person, quiz)
    finish_attempt(closed)
    attempt, _ = start_attempt(person, quiz)
    attempt.answers.filter(question__kind=Question.Kind.OPEN).update(text=f"{mark} {TAG}")
    return attempt


def plant_code(person: User, reviewer: User, assignment, mark: str) -> Submission:
    """Judged: a hidden case failed, and a reviewer has said something."""
    code = f"# {mark} {TAG}\nreturn 1\n"
    submission = hand_in(person, assignment, code, outcome="WRONG")
    for position, case in enumerate(assignment.cases.live().in_order(), 1):
        told = TAG if case.is_visible else HIDDEN["what a hidden test printed"]
        expected = "3" if case.is_visible else HIDDEN["a hidden output"]
        TestResult.objects.create(
            submission=submission, case=case, outcome="WRONG", was_visible=case.is_visible,
            position=position, expected=expected, got=told, stdout=told, stderr=told,
        )  # fmt: skip
    sent_by(reviewer, submission, "CHANGES")
    say(submission, f"Not yet {TAG}", f"Look at {TAG}")
    return submission


def plant_drafts(course: Course) -> None:
    draft = DRAFTS["a draft"]
    make_course("draft", draft, status=Course.Status.DRAFT)
    module = course.modules.first()
    make_lesson(module, "unfinished", title=draft, status=Lesson.Status.DRAFT, position=80)


def crowd(planted: Planted, size: int = 5) -> None:
    """So many of everything that what is asked once for each of a list is seen."""
    quiz, assignment = Quiz.objects.get(), Assignment.objects.get()
    courses = [make_course(f"course-{number}", lessons=size) for number in range(size)]
    people = [make_person(f"p{number}@planted.example", f"P{number}") for number in range(size)]
    for person in (planted.ada, planted.bob, *people):
        for course in courses:
            enroll(person, course)
            complete_lesson(person, course.lessons.get(slug="lesson-1"))
    for person in people:
        enroll(person, planted.course)
        plant_profile(person)
        plant_attempts(person, quiz, "told")
        plant_code(person, planted.kim, assignment, "told")
    for number in range(size):
        hand_in(planted.ada, assignment, f"return {number}\n", outcome="WRONG")
