"""Work of a learner that waits for a person, and what that person decided."""

from collections.abc import Sequence
from datetime import datetime
from typing import Self
from uuid import UUID

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Case, F, Min, Q, Value, When, Window
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts.keys import uuid7
from accounts.models import User
from assessments.models.attempt import CLOCK, Attempt
from assessments.models.feedback import MAX_WORDS
from assessments.models.submission import Submission
from courses.models import Course, Lesson

# What one learner has handed in for the same.
SAME = ("submission__user", "submission__assignment", "attempt__user", "attempt__quiz")


class ReviewQuerySet(models.QuerySet["Review"]):
    def waiting(self) -> Self:
        return self.filter(waiting_since__isnull=False)

    def help_for(self, people: Sequence[UUID], course: Course) -> dict[tuple[UUID, datetime], UUID]:
        """Which one each waits for who asked for help in a course, by who asked and when."""
        code = Q(submission__user__in=people, submission__assignment__lesson__course=course)
        answers = Q(attempt__user__in=people, attempt__quiz__lesson__course=course)
        asked = [f"{work}__help_request__created_at" for work in ("submission", "attempt")]
        rows = self.waiting().filter(code | answers, reason="HELP")
        whose = Coalesce("submission__user", "attempt__user")
        found = rows.values_list(whose, Coalesce(*asked, "waiting_since"), "pk")
        return {(asker, asked_at): pk for asker, asked_at, pk in found}

    def in_order(self) -> Self:
        """Who asks for help first, then who has waited longest.

        What one learner has handed in for the same stands together, where the first of it does.
        """
        asks = Case(When(reason="HELP", then=Value(0)), default=Value(1))
        whose = [F(name) for name in SAME]
        firsts = (Window(Min(one), partition_by=whose) for one in (asks, F("waiting_since")))
        return self.order_by(*firsts, *SAME, asks, "waiting_since", "pk")

    def claimed(self) -> Self:
        """Those that somebody is at."""
        return self.filter(claimed_until__gt=CLOCK)

    def sent(self) -> Self:
        """Those whose time to take it back is over, so that learners read them."""
        return self.filter(sent_at__lte=CLOCK)

    def with_moment(self) -> Self:
        """Each says in `moment` what the database's clock showed when it was read."""
        return self.annotate(moment=CLOCK)


class Review(models.Model):
    """A submission or an attempt in the reviewers' hands: once each, reopened by a reply.

    It is in the queue while `waiting_since` is set. Who has claimed it is at it until
    `claimed_until`. Learners read what was decided from `sent_at` on; until then it can be taken
    back. `version` counts what was saved at the desk; `told_at`: the learner has been told.

    `first_reason` is what had brought it here, once a reply to what was decided has reopened it.
    `chosen` is the decision as it is chosen at the desk, until it is sent. `writer` wrote last
    there. `earlier` is what others had written of it before somebody else went on, for reviewers to
    read until it is sent.
    """

    class Reason(models.TextChoices):
        HELP = "HELP", _("Asks for help")
        DRAFT = "DRAFT", _("A draft to read")
        HELD = "HELD", _("A draft was held back")
        NO_DRAFT = "NO_DRAFT", _("No draft came")
        REPLY = "REPLY", _("Replied to feedback")
        STAFF = "STAFF", _("Taken up by a reviewer")

    class Decision(models.TextChoices):
        ACCEPTED = "ACCEPTED", _("Accepted")
        CHANGES = "CHANGES", _("Changes asked for")
        RETURNED = "RETURNED", _("Returned without grade")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    submission = models.OneToOneField(
        Submission, on_delete=models.CASCADE, null=True, related_name="review"
    )
    attempt = models.OneToOneField(
        Attempt, on_delete=models.CASCADE, null=True, related_name="review"
    )
    reason = models.CharField(max_length=8, choices=Reason)
    first_reason = models.CharField(max_length=8, choices=Reason, blank=True, db_default="")
    waiting_since = models.DateTimeField(null=True)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="reviews"
    )
    claimed_at = models.DateTimeField(null=True)
    claimed_until = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=0)
    note = models.TextField(
        blank=True, validators=[MaxLengthValidator(MAX_WORDS)], help_text="For reviewers only."
    )
    writer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )
    earlier = models.JSONField(null=True)
    chosen = models.CharField(max_length=8, choices=Decision, blank=True, db_default="")
    decision = models.CharField(max_length=8, choices=Decision, blank=True)
    decided_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=CLOCK)

    moment: datetime

    objects = ReviewQuerySet.as_manager()

    class Meta:
        permissions = [("give_review", _("Can review learners' work"))]
        constraints = [
            models.CheckConstraint(
                condition=Q(submission__isnull=False, attempt=None)
                | Q(submission=None, attempt__isnull=False),
                name="review_of_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(decision="", decided_at=None, sent_at=None, told_at=None)
                | ~Q(decision="")
                & Q(
                    decided_at__isnull=False,
                    sent_at__gte=F("decided_at"),
                    reviewer__isnull=False,
                ),
                name="review_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(claimed_until=None, claimed_at=None)
                | Q(claimed_until__isnull=False, claimed_at__isnull=False, reviewer__isnull=False),
                name="review_claimed_by_somebody",
            ),
        ]
        indexes = [
            models.Index(
                fields=["waiting_since"],
                condition=Q(waiting_since__isnull=False),
                name="review_waiting",
            ),
            models.Index(
                fields=["sent_at"],
                condition=Q(sent_at__isnull=False, told_at=None),
                name="review_to_tell",
            ),
            models.Index(
                fields=["decided_at"],
                condition=Q(decided_at__isnull=False),
                name="review_decided",
            ),
            models.Index(fields=["created_at"], name="review_came"),
        ]

    def __str__(self) -> str:
        return f"Review of {self.subject}"

    @property
    def subject(self) -> Submission | Attempt:
        """What is reviewed."""
        subject = self.submission or self.attempt
        assert subject is not None  # noqa: S101 - the database holds that it is one of them
        return subject

    @property
    def learner(self) -> User:
        return self.subject.user

    @property
    def lesson(self) -> Lesson:
        """Where its work stands in the course."""
        subject = self.subject
        holder = subject.quiz if isinstance(subject, Attempt) else subject.assignment
        return holder.lesson

    @property
    def is_sent(self) -> bool:
        """Whether learners can read it, as of when it was read."""
        return self.sent_at is not None and self.sent_at <= self.moment


class Snippet(models.Model):
    """Words that reviewers use again."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    title = models.CharField(max_length=80)
    text = models.TextField(validators=[MaxLengthValidator(MAX_WORDS)])
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="snippets"
    )
    is_shared = models.BooleanField(_("for all reviewers"), default=False)

    class Meta:
        ordering = ["title", "pk"]

    def __str__(self) -> str:
        return self.title
