"""What is said about handed-in code, by rules or by people. No verdict hangs on it."""

from django.conf import settings
from django.core.validators import MaxLengthValidator, MaxValueValidator
from django.db import models
from django.db.models import Q

from accounts.keys import uuid7
from assessments.models.submission import Submission


class SubmissionAnalysis(models.Model):
    """What can be said about graded code besides its verdict, which it never touches.

    `strengths`, `weaknesses` and `suggestions` are lists of `{"text", "line", "rule"}`; figures go
    from 0 to 10, `overall` from 0 to 100. None: the code could not be read.
    """

    class Kind(models.TextChoices):
        RULES = "RULES", "Built-in rules"
        AI = "AI", "AI"
        MANUAL = "MANUAL", "A person"
        HYBRID = "HYBRID", "AI, corrected by a person"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    submission = models.OneToOneField(Submission, on_delete=models.CASCADE, related_name="analysis")
    kind = models.CharField(max_length=6, choices=Kind, default=Kind.RULES)
    overall = models.PositiveSmallIntegerField(null=True, validators=[MaxValueValidator(100)])
    readability = models.PositiveSmallIntegerField(null=True, validators=[MaxValueValidator(10)])
    efficiency = models.PositiveSmallIntegerField(null=True, validators=[MaxValueValidator(10)])
    best_practices = models.PositiveSmallIntegerField(null=True, validators=[MaxValueValidator(10)])
    strengths = models.JSONField(default=list)
    weaknesses = models.JSONField(default=list)
    suggestions = models.JSONField(default=list)
    text = models.TextField(blank=True)
    engine = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "submission analyses"

    def __str__(self) -> str:
        return f"Analysis of {self.submission}"


class HelpRequest(models.Model):
    """A learner asks a person about a submission, and what that person answered."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    submission = models.OneToOneField(
        Submission, on_delete=models.CASCADE, related_name="help_request"
    )
    text = models.CharField(max_length=1000)
    reply = models.TextField(blank=True, validators=[MaxLengthValidator(4000)])
    replied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    replied_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(replied_at=None, reply="", replied_by=None)
                | (Q(replied_at__isnull=False, replied_by__isnull=False) & ~Q(reply="")),
                name="help_request_replied_by_somebody",
            )
        ]

    def __str__(self) -> str:
        return f"Question about {self.submission}"

    @property
    def is_open(self) -> bool:
        return self.replied_at is None
