"""Somebody in the middle of a school, who has done a little of everything there is to do."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from allauth.account.models import EmailAddress
from django.conf import settings
from django.utils.timezone import now

from accounts.models import Profile, User
from accounts.tokens import create_token
from activity.sharing import share
from activity.words import SHARED
from assessments import analysing
from assessments.attempts import start_attempt
from assessments.drafts import save_draft
from assessments.models import Assignment, Attempt, Quiz, Review, Submission
from assessments.past import bring_in_code
from assessments.reviewing.past_reviews import bring_in_review
from assessments.reviewing.review_words import Words
from assessments.running import run_cases
from certificates.credentials import sign_unsigned
from certificates.models import Certificate
from courses.models import Course, Lesson
from enrollments.actions import enroll, enroll_in_language
from gamification import boards, challenges, goals, seasons
from gamification.challenge_making import Plan, make_challenge, publish_challenge
from gamification.models import BoardChoice
from gamification.referrals import link_of
from notifications import announcing
from notifications.models import Notification
from progress.actions import complete_lesson, record_view
from studio.demo_quizzes import take_quiz
from studio.importing.apply import import_course
from studio.importing.formats import read_course

DAY = timedelta(days=1)
REAL_COURSE = "javascript-in-the-browser"  # with quizzes, assignments and files
STUDIED, FINISHED = "scale-course-0001", "scale-course-0002"
FEW = 6  # lessons: as far as the median of those who learn


@dataclass(frozen=True)
class Somebody:
    """`things`: what stands in the gaps of addresses. `lessons` are done by hand, and are not."""

    user: User
    things: dict[str, str]
    lessons: list[str]
    attempt: Attempt


def settle_in() -> Somebody:
    """Bring in a real course, seasons and challenges, and live in the school for a while."""
    import_course(read_course(Path(settings.BASE_DIR) / "demo" / REAL_COURSE), publish=True)
    course = Course.objects.select_related("language").get(slug=REAL_COURSE)
    lessons = list(course.lessons.select_related("course", "module").in_outline_order())
    author = User.objects.create_superuser("author@example.org", name="Kim Larsen")
    things = contests(course, lessons)
    user = newcomer()
    enroll_in_language(user, course.language)
    enroll(user, course)
    learn(user)
    attempts = quizzes(user, lessons)
    submission = code(user, lessons, author)
    things |= motivation(user, things) | told(author, course)
    things |= {
        "course": REAL_COURSE, "language": course.language.slug, "handle": "middle",
        "asset": "assets/dom-tree.svg", "studied": STUDIED, "finished": FINISHED,
        "lesson": "lesson-3", "quiz": str(attempts[1].quiz_id), "review": str(attempts[0].pk),
        "attempt": str(attempts[1].pk), "submission": str(submission.pk),
        "question": str(attempts[0].answers.values_list("question", flat=True)[0]),
        "assignment": str(submission.assignment_id),
    }  # fmt: skip
    sign_unsigned()
    things["certificate"] = Certificate.objects.values_list("code", flat=True).get(user=user)
    rows = Notification.objects.filter(user=user, kind="ANNOUNCEMENT")
    things["notification"] = str(rows.values_list("pk", flat=True)[0])
    ahead = Lesson.objects.filter(course__slug=STUDIED, position__gt=FEW).order_by("position")
    return Somebody(user, things, [str(key) for key in ahead.values_list("pk", flat=True)],
                    attempts[1])  # fmt: skip


def newcomer() -> User:
    joined = now() - 100 * DAY
    user = User.objects.create_user("middle@example.org", name="Mid Way", date_joined=joined)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    Profile.objects.filter(user=user).update(handle="middle", is_public=True)
    create_token(user, "bench")
    return user


def learn(user: User) -> None:
    """Some lessons of one course, day by day, and all of another."""
    for slug, many in ((STUDIED, FEW), (FINISHED, 10_000)):
        course = Course.objects.get(slug=slug)
        enroll(user, course)
        for number, lesson in enumerate(course.lessons.in_outline_order()[:many]):
            at = now() - max(1, many - number if many == FEW else 1) * DAY
            record_view(user, lesson, at)
            complete_lesson(user, lesson, at=at)


def quizzes(user: User, lessons: list[Lesson]) -> tuple[Attempt, Attempt]:
    """One that is closed; one that is open for as long as the school takes to grow."""
    some = [one for one in lessons if one.kind == Lesson.Kind.QUIZ]
    take_quiz(user, some[0], now() - DAY, surely=True)
    Quiz.objects.filter(lesson=some[1]).update(time_limit=None)
    opened, _ = start_attempt(user, Quiz.objects.get(lesson=some[1]))
    return Attempt.objects.get(user=user, quiz__lesson=some[0]), opened


def code(user: User, lessons: list[Lesson], reviewer: User) -> Submission:
    """Handed in twice, the second time well; analysed and reviewed."""
    lesson = next(one for one in lessons if one.kind == Lesson.Kind.ASSIGNMENT)
    assignment = Assignment.objects.select_related("lesson__course").get(lesson=lesson)
    cases = list(assignment.cases.live().in_order())
    for hours, source in ((30, assignment.starter), (28, assignment.solution)):
        at = now() - timedelta(hours=hours)
        ran = cases, run_cases(assignment, source, cases)
        submission = bring_in_code(user, assignment, source, ran, at).submission
        analysing.analyse(submission.pk)
    words = Words("Well done.", 4, 4, 4, 4)
    bring_in_review(submission, reviewer, Review.Decision.ACCEPTED, words, now() - DAY)
    save_draft(user, assignment, assignment.starter, 0)
    return submission


def contests(course: Course, lessons: list[Lesson]) -> dict[str, str]:
    """A season that is over and one that runs; two challenges likewise."""
    midnight = now().replace(hour=0, minute=0, second=0, microsecond=0)
    for slug, first, last in (("past", 80, 20), ("now", 13, -50)):
        seasons.make_season(
            slug=slug, title=slug, starts_at=midnight - first * DAY, ends_at=midnight - last * DAY
        )
    tasks = [one for one in lessons if one.kind == Lesson.Kind.ASSIGNMENT]
    for slug, opened, closed in (("race-past", 24, 17), ("race-now", 3, -11)):
        plan = Plan(slug, slug, course, midnight - opened * DAY, midnight - closed * DAY, tasks[:3])
        publish_challenge(make_challenge(plan), at=plan.opens_at)
    return {"season": "now", "past_season": "past", "challenge": "race-now",
            "past_challenge": "race-past"}  # fmt: skip


def motivation(user: User, things: dict[str, str]) -> dict[str, str]:
    share(user, is_on=True, shown=SHARED)
    boards.choose(user, BoardChoice.Shown.NAME)
    goals.set_goal(user, 5)
    rows = seasons.Season.objects
    seasons.set_goal(user, rows.get(slug=things["season"]), 24)
    challenges.start(user, challenges.Challenge.objects.get(slug=things["challenge"]))
    return {"invitation": link_of(user).code}


def told(author: User, course: Course) -> dict[str, str]:
    words = announcing.Words(course, "A break", "No lessons in May.")
    row = announcing.write(author, words, uuid4())
    announcing.carry_on(announcing.send(row, row.version).pk)
    return {"announcement": str(row.pk)}
