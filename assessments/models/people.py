"""What belongs to a person: more time, and what they said about a question."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.keys import uuid7
from assessments.models.quiz import Question


class Accommodation(models.Model):
    """More time for one person, set once by staff, in every quiz they take."""

    class ExtraTime(models.IntegerChoices):
        """Percent of the limit; none at all takes the clock away."""

        QUARTER = 125, _("A quarter more (×1.25)")
        HALF = 150, _("Half as much again (×1.5)")
        DOUBLE = 200, _("Twice the time (×2)")
        NO_CLOCK = 0, _("No clock")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="accommodation",
    )
    extra_time = models.PositiveSmallIntegerField(choices=ExtraTime)

    class Meta:
        verbose_name = verbose_name_plural = _("extra time")

    def __str__(self) -> str:
        return self.get_extra_time_display()


class QuestionReport(models.Model):
    """ "This question is wrong", said by a learner, and what staff answered."""

    class Status(models.TextChoices):
        OPEN = "OPEN", _("Waiting for an answer")
        ACCEPTED = "ACCEPTED", _("The question was mended")
        DECLINED = "DECLINED", _("The question stays as it is")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="reports")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="question_reports"
    )
    text = models.CharField(max_length=1000)
    status = models.CharField(max_length=8, choices=Status, default=Status.OPEN)
    reply = models.CharField(max_length=1000, blank=True)
    replied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    replied_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "question"], condition=Q(status="OPEN"), name="report_open_once"
            ),
            models.CheckConstraint(
                condition=Q(status="OPEN", replied_at=None)
                | (~Q(status="OPEN") & Q(replied_at__isnull=False)),
                name="report_closed_is_answered",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80]
