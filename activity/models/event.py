"""What happened. Rows are added and never changed: the database itself refuses."""

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, When
from django.db.models.fields.json import KT
from django.db.models.functions import Substr
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from accounts.keys import uuid7

# What courses show of their people (`words.SHARED`), by the course it belongs to.
SHOWN_IN_COURSES = (
    "LESSON_COMPLETED", "QUIZ_PASSED", "ASSIGNMENT_PASSED", "CHALLENGE_FINISHED",
    "COURSE_COMPLETED",
)  # fmt: skip
COURSE_OF_EVENT = Case(
    When(subject__startswith="course:", then=Substr("subject", 8)),
    default=KT("data__course"),
    output_field=models.TextField(),
)


class Event(models.Model):
    """One thing that happened to one person, recorded once.

    `subject` names the thing (`lesson:<uuid>`); `data` is a snapshot of what a reader needs to
    speak of it later: title, link, XP.
    """

    class Kind(models.TextChoices):
        SIGNED_UP = "SIGNED_UP", _("signed up")
        ENROLLED = "ENROLLED", _("enrolled")
        LEFT_COURSE = "LEFT_COURSE", _("left a course")
        CAME_BACK = "CAME_BACK", _("came back to a course")
        ENROLLED_IN_LANGUAGE = "ENROLLED_IN_LANGUAGE", _("enrolled in a language")
        LESSON_COMPLETED = "LESSON_COMPLETED", _("completed a lesson")
        ATTEMPT_FINISHED = "ATTEMPT_FINISHED", _("finished a quiz")
        QUIZ_PASSED = "QUIZ_PASSED", _("passed a quiz")
        ATTEMPT_REGRADED = "ATTEMPT_REGRADED", _("had a quiz marked again")
        REPORT_ANSWERED = "REPORT_ANSWERED", _("got an answer about a question")
        SUBMISSION_JUDGED = "SUBMISSION_JUDGED", _("handed in code")
        ASSIGNMENT_PASSED = "ASSIGNMENT_PASSED", _("passed an assignment")
        SUBMISSION_REJUDGED = "SUBMISSION_REJUDGED", _("had code judged again")
        HELP_GIVEN = "HELP_GIVEN", _("got help with code")
        REVIEW_GIVEN = "REVIEW_GIVEN", _("got a review")
        REPLY_GIVEN = "REPLY_GIVEN", _("got an answer about feedback")
        COURSE_COMPLETED = "COURSE_COMPLETED", _("completed a course")
        LEVEL_REACHED = "LEVEL_REACHED", _("reached a level")
        ACHIEVEMENT_EARNED = "ACHIEVEMENT_EARNED", _("earned a badge")
        STREAK_REACHED = "STREAK_REACHED", _("learned so many days in a row")
        CHALLENGE_FINISHED = "CHALLENGE_FINISHED", _("finished a challenge")
        SEASON_ENDED = "SEASON_ENDED", _("took part in a season")
        REFERRAL_QUALIFIED = "REFERRAL_QUALIFIED", _("brought somebody who learns")
        XP_CORRECTED = "XP_CORRECTED", _("had XP given or taken back by staff")
        CERTIFICATE_ISSUED = "CERTIFICATE_ISSUED", _("got a certificate")
        CERTIFICATE_REVOKED = "CERTIFICATE_REVOKED", _("had a certificate revoked")
        COURSE_PUBLISHED = "COURSE_PUBLISHED", _("published a course")
        SUBSCRIPTION_STARTED = "SUBSCRIPTION_STARTED", _("began a subscription")
        SUBSCRIPTION_ENDED = "SUBSCRIPTION_ENDED", _("has a subscription that ended")
        INVOICE_PAID = "INVOICE_PAID", _("paid an invoice")
        PAYMENT_FAILED = "PAYMENT_FAILED", _("had a payment that failed")
        SEAT_TAKEN = "SEAT_TAKEN", _("took a seat that somebody pays for")
        PLAN_GRANTED = "PLAN_GRANTED", _("was given a plan by staff")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="events",
        db_index=False,
        help_text="Nobody: the school itself.",
    )
    kind = models.CharField(max_length=32, choices=Kind)
    subject = models.CharField(max_length=80)
    data = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["user", "-created_at"], name="event_of_user"),
            models.Index(
                COURSE_OF_EVENT,
                F("created_at").desc(),
                F("id").desc(),
                condition=Q(kind__in=SHOWN_IN_COURSES),
                name="event_of_course",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind", "subject"], nulls_distinct=False, name="event_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"
