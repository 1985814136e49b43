"""What a learner answered, and when. The clock is the database's."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Self
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Func, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.keys import uuid7
from accounts.models import User
from assessments.analysis import Analysis, Item, analyse
from assessments.models.quiz import Question, Quiz

# The one clock that deadlines go by.
CLOCK = Func(function="clock_timestamp", output_field=models.DateTimeField())
# Of a course: no attempt needs them.
LONG_TEXTS = ("description", "description_html", "search")


class AttemptQuerySet(models.QuerySet["Attempt"]):
    def of(self, user: User) -> Self:
        return self.filter(user=user)

    def open(self) -> Self:
        return self.filter(status=Attempt.Status.OPEN)

    def running(self) -> Self:
        """Open ones whose clock has not run out, or that have none."""
        return self.open().filter(Q(deadline=None) | Q(deadline__gt=CLOCK))

    def overdue(self, grace: timedelta) -> Self:
        """Those whose clock has run out, and the grace after it."""
        return self.filter(deadline__lt=CLOCK - grace)

    def with_quiz(self) -> Self:
        """Each with its person, and its quiz in its place in the course, whose texts stay away."""
        rows = self.select_related("user", "quiz__lesson__module", "quiz__lesson__course__language")
        return rows.defer(*(f"quiz__lesson__course__{name}" for name in LONG_TEXTS))

    def closed(self) -> Self:
        return self.exclude(status=Attempt.Status.OPEN)

    def counted(self) -> Self:
        """Attempts that count: practice does not."""
        return self.filter(is_practice=False)

    def of_learners(self) -> Self:
        """Finished ones that count, of people who are not staff."""
        return self.closed().counted().exclude(user__role=User.Role.ADMIN)

    def with_moment(self) -> Self:
        """Each says in `moment` what the database's clock showed when it was read."""
        return self.annotate(moment=CLOCK)

    def locked(self, key: UUID) -> "Attempt":
        """Lock one attempt for a change of it or of its answers."""
        return self.select_for_update(of=("self",), no_key=True).with_moment().get(pk=key)


class Attempt(models.Model):
    """One go at a quiz: begun on the server with number and deadline, closed once.

    `percent` is whole, rounded down, of the points that the drawn questions pay.
    """

    class Status(models.TextChoices):
        OPEN = "OPEN", _("In progress")
        SUBMITTED = "SUBMITTED", _("Submitted")
        EXPIRED = "EXPIRED", _("Closed by the clock")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="attempts", db_index=False
    )
    quiz = models.ForeignKey(Quiz, on_delete=models.PROTECT, related_name="attempts")
    number = models.PositiveIntegerField()
    is_practice = models.BooleanField("practice", default=False)
    status = models.CharField(max_length=9, choices=Status, default=Status.OPEN)
    started_at = models.DateTimeField()
    time_limit = models.PositiveSmallIntegerField(
        null=True, help_text="The quiz's minutes when it began, without extra time."
    )
    deadline = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    is_late = models.BooleanField(_("within the grace"), default=False)
    score = models.DecimalField(max_digits=9, decimal_places=3, null=True)
    out_of = models.DecimalField(max_digits=9, decimal_places=3, null=True)
    percent = models.PositiveSmallIntegerField(null=True, validators=[MaxValueValidator(100)])
    passed = models.BooleanField(null=True)

    moment: datetime

    objects = AttemptQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "quiz", "is_practice", "number"], name="attempt_number_once"
            ),
            models.UniqueConstraint(
                fields=["user", "quiz", "is_practice"],
                condition=Q(status="OPEN"),
                name="attempt_open_once",
            ),
            models.CheckConstraint(
                condition=Q(
                    status="OPEN", closed_at=None, score=None, out_of=None, percent=None,
                    passed=None,
                )
                | (
                    ~Q(status="OPEN")
                    & Q(
                        closed_at__isnull=False, score__isnull=False, out_of__isnull=False,
                        percent__isnull=False, passed__isnull=False,
                    )
                ),
                name="attempt_closed_is_scored",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(closed_at__gte=F("started_at")),
                name="attempt_closed_after_it_began",
            ),
            models.CheckConstraint(
                condition=Q(percent=None) | Q(percent__lte=100), name="attempt_percent_in_bounds"
            ),
            models.CheckConstraint(
                condition=Q(score=None) | Q(score__gte=0, score__lte=F("out_of")),
                name="attempt_score_in_bounds",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["deadline"], condition=Q(status="OPEN"), name="attempt_due"),
            models.Index(fields=["closed_at"], name="attempt_closed"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {'practice ' if self.is_practice else ''}{self.number}"

    def get_absolute_url(self) -> str:
        return reverse("classroom:attempt", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.status == self.Status.OPEN

    @property
    def is_out_of_time(self) -> bool:
        """Whether the clock had run out when the attempt was read."""
        return self.deadline is not None and self.moment >= self.deadline

    @property
    def ended_at(self) -> datetime | None:
        """When it ended for its learner: nobody may have looked for a while after the deadline."""
        times = [one for one in (self.closed_at, self.deadline) if one is not None]
        return min(times) if self.closed_at else None

    @property
    def seconds_left(self) -> float:
        """How long the clock had to run when the attempt was read. Only where there is one."""
        if self.deadline is None:
            raise ValueError("This attempt has no clock.")
        return max(0.0, round((self.deadline - self.moment).total_seconds(), 1))

    @property
    def seconds_used(self) -> int:
        """How long a closed one was open, at most until its deadline."""
        if self.ended_at is None:
            raise ValueError("This attempt is open.")
        return round((self.ended_at - self.started_at).total_seconds())

    @property
    def seconds_given(self) -> int | None:
        """The whole time on the clock; None: there is none."""
        if self.deadline is None:
            return None
        return round((self.deadline - self.started_at).total_seconds())

    def analysed(self, answers: Iterable["Answer"]) -> Analysis:
        """What a closed one shows, by its answers with their questions."""
        return analyse(
            [answer.as_item() for answer in answers],
            used=self.seconds_used,
            limit=self.seconds_given,
            expired=self.status == self.Status.EXPIRED,
            passed=bool(self.passed),
        )


class Answer(models.Model):
    """One drawn question of an attempt, made when it began, with what was answered so far.

    `option_order` is what was shown, so a choice of anything else cannot be stored. `version`
    counts changes; `tab` and `step` say which page made the last one, and its how-many-eth.
    """

    class SelfCheck(models.TextChoices):
        YES = "YES", _("I had this")
        PARTLY = "PARTLY", _("Partly")
        NO = "NO", _("Not yet")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    attempt = models.ForeignKey(
        Attempt, on_delete=models.CASCADE, related_name="answers", db_index=False
    )
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="answers")
    position = models.PositiveSmallIntegerField()
    option_order = ArrayField(models.UUIDField(), default=list)
    chosen = ArrayField(models.UUIDField(), default=list)
    text = models.TextField(blank=True)
    is_flagged = models.BooleanField(_("come back to this"), default=False)
    version = models.PositiveIntegerField(default=0)
    tab = models.CharField(max_length=40, blank=True)
    step = models.PositiveIntegerField(default=0)
    seconds = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(null=True)
    mark = models.DecimalField(max_digits=8, decimal_places=4, null=True)
    # What the question paid when it was marked: it may pay something else today.
    points = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    self_check = models.CharField(max_length=6, choices=SelfCheck, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["attempt", "position"], name="answer_place_once"),
            models.UniqueConstraint(fields=["attempt", "question"], name="answer_question_once"),
            models.CheckConstraint(
                condition=Q(chosen__contained_by=F("option_order")),
                name="answer_was_offered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}"

    @property
    def is_answered(self) -> bool:
        return bool(self.chosen or self.text)

    def as_item(self) -> Item:
        return Item(
            number=self.position,
            topics=self.question.topics,
            mark=self.mark or Decimal(0),
            points=self.points or Decimal(0),
            seconds=self.seconds,
            is_answered=self.is_answered,
            lesson=self.question.taught_in_id,
        )
