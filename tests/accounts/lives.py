"""Somebody of whom every room of the house keeps something, and all of it says so."""

from datetime import timedelta
from io import BytesIO
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils.timezone import now
from PIL import Image

from accounts import audit, avatars
from accounts.models import User
from accounts.own_data import Consent
from accounts.tokens import create_token
from activity.actions import record
from activity.models import AnalyticsEvent, Event, Sharing
from assessments.attempts import finish_attempt, start_attempt
from assessments.models import (
    Accommodation,
    AttemptAnalysis,
    Draft,
    HelpRequest,
    ModelRun,
    QuestionReport,
    Remark,
    RemarkRating,
    Reply,
    Review,
    Run,
    Snippet,
    SubmissionAnalysis,
    TestResult,
)  # fmt: skip
from billing.models import Grant
from certificates.actions import revoke
from courses.models import Course
from gamification import ledger
from gamification.days import note_day
from gamification.models import BoardChoice, Referral, ReferralLink, XPTransaction
from notifications.models import (
    Contact,
    Delivery,
    EmailLog,
    Mute,
    Notification,
    PhoneCode,
    Preference,
    PushSubscription,
)  # fmt: skip
from progress.actions import complete_lesson
from progress.models import AttentionMark, AttentionNaming
from tests.assessments.builders import make_quiz
from tests.assessments.code_builders import make_assignment
from tests.assessments.review_builders import hand_in
from tests.billing import rows as paid
from tests.certificates.builders import certify
from tests.conftest import make_person

# Part of everything that is theirs, and of nothing else.
MARK = "zebrafish"
# Tables of which this life has no row: others make it, or what they hold is of a moment.
WITHOUT = {
    "account.emailconfirmation", "accounts.user_groups", "accounts.user_user_permissions",
    "enrollments.dueenrollment", "gamification.achievementsdue", "gamification.award",
    "gamification.challengerestart", "usersessions.usersession", "accounts.personexport",
    "gamification.referral",
}  # fmt: skip
EMAIL, NAME = f"quentin@{MARK}.example", "Quentin Zebrafish"


def make_life(course: Course, staff: User) -> User:
    user = make_person(EMAIL, NAME)
    course.enrollments.create(user=user)
    of_accounts(user, staff)
    of_learning(user, course, staff)
    of_code(user, course, staff)
    of_quizzes(user, course, staff)
    of_motivation(user, staff)
    of_money(user, staff)
    of_messages(user)
    return user


def of_accounts(user: User, staff: User) -> None:
    profile = user.profile
    profile.handle, profile.is_public, profile.bio = f"{MARK}-q", True, f"I am {MARK}"
    for name in ("location", "occupation", "company", "phone", "address"):
        setattr(profile, name, f"{MARK}"[:30])
    profile.website, profile.socials = f"https://{MARK}.example/", {"github": f"https://x/{MARK}"}
    profile.save()
    picture = BytesIO()
    Image.new("RGB", (9, 9)).save(picture, "PNG")
    picture.seek(0)
    avatars.set_avatar(profile, picture)
    create_token(user, MARK)
    user.emailaddress_set.create(email=f"other@{MARK}.example", verified=False)
    social = SocialAccount.objects.create(
        user=user, provider="github", uid=MARK, extra_data={"login": MARK}
    )
    SocialToken.objects.create(account=social, token=MARK)
    Authenticator.objects.create(user=user, type="recovery_codes", data={"seed": MARK})
    Consent.objects.create(user=user, kind="VISITS", is_given=True, text="Count my visits.")
    kind = ContentType.objects.get_for_model(User)
    LogEntry.objects.create(
        user=staff, content_type=kind, object_id=user.pk, object_repr=NAME, action_flag=CHANGE,
        change_message="Deactivated.",
    )  # fmt: skip

    audit.note("LOOK_BEGAN", user, by=staff, reason=f"{NAME} called")
    audit.note("PASSWORD_CHANGED", user, by=user)
    own = ContentType.objects.get_for_model(type(staff))
    LogEntry.objects.create(
        user=user, content_type=own, object_id=staff.pk, object_repr="Root", action_flag=CHANGE,
    )  # fmt: skip


def of_learning(user: User, course: Course, staff: User) -> None:
    for lesson in course.lessons.select_related("module", "course"):
        complete_lesson(user, lesson)
    certificate = certify(user, course)
    revoke(certificate, staff, f"{NAME} asked for another")
    Sharing.objects.create(user=user, is_on=True)
    look = {"name": "page_view", "view": "home", "visitor": b"1" * 16}
    AnalyticsEvent.objects.create(user=user, **look)
    AttentionMark.objects.create(user=user, course=course, kind="CONTACTED", by=staff)
    AttentionNaming.objects.create(user=user, course=course, named_at=now())


def of_code(user: User, course: Course, staff: User) -> None:
    assignment = make_assignment(course.modules.get(slug="start"), slug="adding")
    done = hand_in(user, assignment, f"# {MARK}\n", compile_output=MARK)
    hand_in(user, assignment, f"# {MARK} again\n", status="PENDING", percent=None, points=None,
            finished_at=None)  # fmt: skip
    record(user, Event.Kind.REVIEW_GIVEN, "review:1", {
        "title": "Adding", "url": "/", "course_title": course.title, "course": str(course.pk),
        "assignment": True, "decision": "ACCEPTED", "by": str(staff.pk),
    })  # fmt: skip
    TestResult.objects.create(
        submission=done, case=assignment.cases.first(), outcome="PASSED", position=1, points=1,
        was_visible=True, stdout=MARK, stderr=MARK, got=MARK,
    )  # fmt: skip
    Run.objects.create(user=user, lesson=assignment.lesson, language="python", source=MARK)
    Draft.objects.create(user=user, assignment=assignment, source=MARK, saved_at=now())
    said = SubmissionAnalysis.objects.create(
        submission=done, kind="HYBRID", text=f"Well done, {MARK}", form=MARK, drafted={"a": MARK}
    )
    remark = Remark.objects.create(
        analysis=said, section="WEAKNESS", text=MARK, drafted=MARK, verdict="EDITED", position=1,
        for_alike=True,
    )  # fmt: skip
    RemarkRating.objects.create(remark=remark, user=user, is_helpful=True)
    Reply.objects.create(analysis=said, author=user, text=MARK)
    Reply.objects.create(analysis=said, author=staff, text=f"Dear {MARK}")
    HelpRequest.objects.create(submission=done, text=MARK)
    Review.objects.create(
        submission=done, reason="HELP", waiting_since=now(), note=MARK, earlier={"by": MARK}
    )
    ModelRun.objects.create(
        submission=done, status="PASSED", finished_at=now(), prompt=MARK, answer=MARK
    )
    Snippet.objects.create(owner=user, title=MARK, text=MARK)


def of_quizzes(user: User, course: Course, staff: User) -> None:
    quiz = make_quiz(course.modules.get(slug="start"))
    attempt, _ = start_attempt(user, quiz)
    attempt.answers.update(text=MARK)
    finish_attempt(attempt)
    AttemptAnalysis.objects.create(attempt=attempt, kind="AI", text=MARK, drafted={"a": MARK})
    Accommodation.objects.create(user=user, extra_time=125)
    question = quiz.questions.first()
    QuestionReport.objects.create(question=question, user=user, text=MARK)
    QuestionReport.objects.create(
        question=question, user=user, text=MARK, status="DECLINED", reply=f"No, {MARK}",
        replied_by=staff, replied_at=now(),
    )  # fmt: skip
    data = {
        "title": "Quiz", "url": "/", "question": "Why?", "accepted": False,
        "reply": f"No, {MARK}", "course_title": course.title,
    }  # fmt: skip
    record(user, Event.Kind.REPORT_ANSWERED, "report:1", data)


def of_motivation(user: User, staff: User) -> None:
    for days in range(4):
        note_day(user, now() - timedelta(days=days))
    BoardChoice.objects.create(user=user, shown="NICKNAME", nickname=MARK, reading=MARK)
    ReferralLink.objects.create(user=user, code=MARK)
    brought = make_person("late@example.org", "Late")
    Referral.objects.create(referee=brought, referrer=user, network="other")
    ledger.reverse(
        XPTransaction.objects.filter(user=user).first(), by=staff, reason=f"{NAME} did not"
    )


def of_money(user: User, staff: User) -> None:
    paid.make_subscription(user)
    customer = user.customer
    type(customer).objects.filter(pk=customer.pk).update(told_email=EMAIL)
    paid.make_move(paid.make_invoice(user))
    paid.make_method(user)
    seats = paid.make_seats(staff)
    paid.seated(seats, user)
    paid.promised(seats, f"other@{MARK}.example")
    Grant.objects.create(
        user=user, plan=seats.price.plan, reason=f"{NAME} helped", given_by=staff, starts_at=now()
    )


def of_messages(user: User) -> None:
    told = Notification.objects.create(user=user, kind="X", subject="x:1", data={"title": MARK})
    EmailLog.objects.create(user=user, kind="account", to=EMAIL, subject=MARK)
    EmailLog.objects.create(kind="account", to=EMAIL, subject="Come", state="BOUNCED")
    Preference.objects.create(user=user, topic="reviews", channel="EMAIL", is_on=True)
    Mute.objects.create(user=user, about=f"course:{MARK}", title=MARK)
    Contact.objects.create(user=user, phone="+4366012345")
    PhoneCode.objects.create(user=user, digest=MARK, expires_at=now())
    browser = PushSubscription.objects.create(
        user=user, endpoint=f"https://push/{MARK}", p256dh=MARK, auth=MARK, label=MARK
    )
    Delivery.objects.create(user=user, notification=told, channel="PUSH", push_subscription=browser)


def dump(but: tuple[str, ...] = ()) -> dict[str, Any]:
    """Every row of every table, as `pg_dump --data-only` would write it, by table."""
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
        found = {}
        for name in sorted({*names} - {*but}):
            cursor.execute(f'SELECT t::text FROM "{name}" t')
            found[name] = sorted(text for (text,) in cursor.fetchall())
    return found


def said_in(found: dict[str, Any], *words: str) -> list[str]:
    """Tables in which one of the words stands."""
    return [
        name for name, texts in found.items()
        if any(word.lower() in text.lower() for text in texts for word in words)
    ]  # fmt: skip


def sessions() -> int:
    return Session.objects.count()
