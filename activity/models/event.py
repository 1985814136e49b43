"""What happened. Rows are added and never changed: the database itself refuses."""

from django.conf import settings
from django.db import models
from django.utils.timezone import now

from accounts.keys import uuid7


class Event(models.Model):
    """One thing that happened to one person, recorded once.

    `subject` names the thing (`lesson:<uuid>`); `data` is a snapshot of what a reader needs to
    speak of it later: title, link, XP.
    """

    class Kind(models.TextChoices):
        SIGNED_UP = "SIGNED_UP", "signed up"
        ENROLLED = "ENROLLED", "enrolled"
        LEFT_COURSE = "LEFT_COURSE", "left a course"
        ENROLLED_IN_LANGUAGE = "ENROLLED_IN_LANGUAGE", "enrolled in a language"
        LESSON_COMPLETED = "LESSON_COMPLETED", "completed a lesson"
        ATTEMPT_FINISHED = "ATTEMPT_FINISHED", "finished a quiz"
        QUIZ_PASSED = "QUIZ_PASSED", "passed a quiz"
        ATTEMPT_REGRADED = "ATTEMPT_REGRADED", "had a quiz marked again"
        REPORT_ANSWERED = "REPORT_ANSWERED", "got an answer about a question"
        SUBMISSION_JUDGED = "SUBMISSION_JUDGED", "handed in code"
        ASSIGNMENT_PASSED = "ASSIGNMENT_PASSED", "passed an assignment"
        SUBMISSION_REJUDGED = "SUBMISSION_REJUDGED", "had code judged again"
        HELP_GIVEN = "HELP_GIVEN", "got help with code"
        REVIEW_GIVEN = "REVIEW_GIVEN", "got a review"
        REPLY_GIVEN = "REPLY_GIVEN", "got an answer about feedback"
        COURSE_COMPLETED = "COURSE_COMPLETED", "completed a course"
        LEVEL_REACHED = "LEVEL_REACHED", "reached a level"
        ACHIEVEMENT_EARNED = "ACHIEVEMENT_EARNED", "earned a badge"
        STREAK_REACHED = "STREAK_REACHED", "learned so many days in a row"
        CHALLENGE_FINISHED = "CHALLENGE_FINISHED", "finished a challenge"
        SEASON_ENDED = "SEASON_ENDED", "took part in a season"
        REFERRAL_QUALIFIED = "REFERRAL_QUALIFIED", "brought somebody who learns"
        XP_CORRECTED = "XP_CORRECTED", "had XP given or taken back by staff"
        CERTIFICATE_ISSUED = "CERTIFICATE_ISSUED", "got a certificate"
        CERTIFICATE_REVOKED = "CERTIFICATE_REVOKED", "had a certificate revoked"
        COURSE_PUBLISHED = "COURSE_PUBLISHED", "published a course"
        SUBSCRIPTION_STARTED = "SUBSCRIPTION_STARTED", "began a subscription"
        SUBSCRIPTION_ENDED = "SUBSCRIPTION_ENDED", "has a subscription that ended"
        INVOICE_PAID = "INVOICE_PAID", "paid an invoice"
        PAYMENT_FAILED = "PAYMENT_FAILED", "had a payment that failed"
        SEAT_TAKEN = "SEAT_TAKEN", "took a seat that somebody pays for"
        PLAN_GRANTED = "PLAN_GRANTED", "was given a plan by staff"

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
        indexes = [models.Index(fields=["user", "-created_at"], name="event_of_user")]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind", "subject"], nulls_distinct=False, name="event_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"
