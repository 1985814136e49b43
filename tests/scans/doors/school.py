"""A school in which every gap of every address names something that is there."""

from typing import Any
from uuid import uuid4

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.timezone import localdate, now

from accounts.joining import invitation
from accounts.models import ApiToken, User
from accounts.own_data import PersonExport
from assessments.attempts import start_attempt
from assessments.models import (
    Assignment,
    Attempt,
    QuestionReport,
    Quiz,
    Run,
    Snippet,
    TestCase,
)  # fmt: skip
from billing.models import Seat
from certificates.keys import signer
from courses.models import Asset, Course, CourseImport, ProgrammingLanguage
from gamification.models import Pause, Referral, ReferralLink, XPTransaction
from notifications import announcing
from notifications.announcing import Words
from notifications.models import Mute, Notification, PushSubscription
from notifications.telling import tell
from notifications.unsubscribing import token_of
from studio.insights.counting import count_course
from tests.accounts.bad_sign_in import second_factor
from tests.accounts.lives import make_life
from tests.assessments.builders import make_quiz
from tests.assessments.review_builders import hand_in
from tests.billing.rows import promised
from tests.certificates.builders import certify
from tests.classroom.feedback_rows import add, review_of, say, sent_by
from tests.conftest import make_course, make_person, make_reviewer
from tests.gamification.board_people import make_multiplier
from tests.gamification.contest_builders import make_entry, make_open_challenge, make_open_season

ROLES = ("guest", "learner", "other", "reviewer", "admin")
# What stands before a gap and the gap's name, and what fills it.
Things = dict[str, str]


class School:
    """Who knocks. The learner is enrolled, and most of what is there is theirs."""

    def __init__(self) -> None:
        self.admin = make_person(
            "root@doors.example", "Root", role=User.Role.ADMIN, is_superuser=True
        )
        self.reviewer = make_reviewer("kim@doors.example", "Kim")
        for one in (self.admin, self.reviewer):
            second_factor(one)
        self.other = make_person("bob@doors.example", "Bob")
        self.course = make_course("tea", "Tea")
        self.learner = make_life(self.course, self.admin)
        Authenticator.objects.filter(user=self.learner).delete()
        self.things = things_of(self.course, self.learner, self.reviewer, self.admin)

    def who(self, role: str) -> User | None:
        return getattr(self, role, None)


def things_of(course: Course, learner: User, reviewer: User, admin: User) -> Things:
    found = {
        **of_lessons(course, learner, admin),
        **of_quizzes(learner, reviewer),
        **of_code(learner, reviewer),
        **of_contests(course, learner, admin),
        **of_staff(course, learner, admin),
        **of_the_account(learner),
        **of_money(learner),
    }
    return {place: str(getattr(thing, "pk", thing)) for place, thing in found.items()}


def of_lessons(course: Course, learner: User, admin: User) -> dict[str, Any]:
    language = ProgrammingLanguage.objects.create(name="Python", slug="python")
    picture = ContentFile(b"<svg/>", "one.svg")
    Asset.objects.create(course=course, path="one.svg", file=picture, size=6, sha256="0" * 64)
    other = make_course("coffee", "Coffee")
    lesson = course.lessons.get(slug="lesson-2")
    lesson.widget = "<p>Hello"
    lesson.save()
    announcement = announcing.write(admin, Words(course, "News", "News."), uuid4())
    announcing.send(announcement, announcement.version)
    announcing.carry_on(announcement.pk)
    return {
        "courses/slug": course.slug, "courses/course_id": course.slug, "files/path": "one.svg",
        "languages/slug": language.slug, "lessons/lesson_slug": lesson.slug, "lessons/pk": lesson,
        "lessons/lesson_id": lesson, "lesson": lesson, "modules/pk": lesson.module_id,
        "announcements/pk": announcement, "keys/pk": signer()[0],
        "enrollments/enrollment_id": learner.enrollments.get(course=course),
        "certificates/code": certify(learner, other).code,
    }  # fmt: skip


def of_quizzes(learner: User, reviewer: User) -> dict[str, Any]:
    closed = Attempt.objects.get()
    Quiz.objects.update(review=Quiz.Review.EACH)
    sent_by(reviewer, closed)
    quiz = make_quiz(closed.quiz.lesson.module, "later", lesson={"position": 91})
    attempt, _ = start_attempt(learner, quiz)
    question = quiz.questions.get(position=1)
    return {
        "quizzes/pk": quiz, "quizzes/quiz_id": quiz, "attempts/pk": attempt,
        "attempts/attempt_id": attempt, "closed/pk": closed, "closed/attempt_id": closed,
        "questions/pk": question, "questions/number": 1, "question": question,
        "reports/pk": QuestionReport.objects.filter(status="OPEN").first(),
    }  # fmt: skip


def of_code(learner: User, reviewer: User) -> dict[str, Any]:
    assignment, run = Assignment.objects.get(), Run.objects.get()
    review = review_of(hand_in(learner, assignment))
    submission = hand_in(learner, assignment)
    remark = add(say(submission, "Not yet."), "Look here.")
    sent_by(reviewer, submission, "CHANGES")
    return {
        "assignments/pk": assignment, "assignments/assignment_id": assignment,
        "submissions/pk": submission, "submissions/submission_id": submission, "runs/pk": run,
        "remarks/pk": remark, "remark": remark, "reviews/pk": review, "help/pk": review,
        "cases/pk": TestCase.objects.filter(assignment=assignment).first(),
        "snippets/pk": Snippet.objects.create(owner=reviewer, title="Names", text="Whole words."),
    }  # fmt: skip


def of_contests(course: Course, learner: User, admin: User) -> dict[str, Any]:
    challenge = make_open_challenge(course)
    today = localdate()
    return {
        "seasons/slug": make_open_season().slug, "challenges/slug": challenge.slug,
        "starts/slug": challenge.slug, "starts/pk": make_entry(challenge, learner, []),
        "pause/pk": Pause.objects.create(user=learner, first=today, last=today),
        "multipliers/pk": make_multiplier(admin), "referrals/pk": Referral.objects.get(),
        "r/code": ReferralLink.objects.get(user=learner).code,
        "entries/pk": XPTransaction.objects.filter(user=learner, reverses=None).last(),
        "people/pk": learner,
    }  # fmt: skip


def of_staff(course: Course, learner: User, admin: User) -> dict[str, Any]:
    count_course(course, now())
    upload = CourseImport.objects.create(by=admin, name="a.zip", size=1, sha256="")
    return {
        "insights/tab": "lessons", "students/pk": learner, "imports/pk": upload,
        "export/name": "zip", "impersonation/pk": learner, "do/verb": "archive",
        "steps/key": "school", "object_id": course, "anything": "nothing", "url": "nothing",
        "mail/key": "nothing", "email": learner.email, "course": course.slug,
        "r/content_type_id": ContentType.objects.get_for_model(Course).pk,
        "admin/app_label": "courses",
    }  # fmt: skip


def of_the_account(learner: User) -> dict[str, Any]:
    said = {"title": "Tea", "url": "/courses/", "course": "c", "course_title": "Tea"}
    tell([learner.pk], "REVIEW_GIVEN", "review:1", said, "course:c")
    told = Notification.objects.get(user=learner, subject="review:1")
    file = default_storage.save("exports/one.zip", ContentFile(b"PK"))
    export = PersonExport.objects.create(user=learner, ready_at=now(), file=file, size=2)
    return {
        "notifications/pk": told, "mutes/pk": Mute.objects.get(),
        "browsers/pk": PushSubscription.objects.get(), "exports/export_id": export,
        "tokens/token_id": ApiToken.objects.get(), "people/handle": learner.profile.handle,
        "avatars/name": learner.profile.avatar.name.rpartition("/")[2],
        "unsubscribe/token": token_of(learner.pk, "review", learner.email),
        "join/invitation": invitation(), "key/uidb36": user_pk_to_url_str(learner),
        "key": default_token_generator.make_token(learner),
    }  # fmt: skip


def of_money(learner: User) -> dict[str, Any]:
    seat = Seat.objects.get(user=learner)
    invitation = promised(seat.subscription).invitation
    return {
        "seats/seat_id": seat, "seats/invitation": invitation, "seat": invitation,
        "invoices/number": learner.customer.invoices.get().number,
    }  # fmt: skip
