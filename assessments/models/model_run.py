"""Asking a language model for drafts: what was sent, what came back, its cost, and pauses."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.keys import uuid7
from assessments.models.attempt import CLOCK, Attempt
from assessments.models.submission import Submission
from assessments.models.work import Work, WorkQuerySet


class ModelRun(Work):
    """One draft that was asked for, once for each submission or attempt. It touches no grade.

    PASSED: there is a draft. FAILED: there is none, and `outcome` says why. `prompt` and `answer`
    are the words of the last try; tokens and cost (in the currency of the prices) are of all tries.
    """

    class Outcome(models.TextChoices):
        DRAFTED = "DRAFTED", _("Drafted")
        HELD = "HELD", _("Held back")
        REFUSED = "REFUSED", _("The model refused")
        UNREADABLE = "UNREADABLE", _("The answer could not be read")
        TOO_LONG = "TOO_LONG", _("The answer was too long")
        TIMED_OUT = "TIMED_OUT", _("No answer in time")
        BUSY = "BUSY", _("Too many requests")
        AWAY = "AWAY", _("Not reachable")
        FAULT = "FAULT", _("The endpoint reported a fault")
        SPENT = "SPENT", _("A limit of ours is used up")
        REPLACED = "REPLACED", _("A newer one was handed in")
        PERSON = "PERSON", _("A person was first")
        OFF = "OFF", _("Drafts were turned off")
        PAUSED = "PAUSED", _("Drafts were paused")

    # Nobody needs one: these are no failures, and no person reads the work in its place.
    NEEDLESS = (Outcome.SPENT, Outcome.REPLACED, Outcome.PERSON, Outcome.OFF)
    # In a pause a person reads the work, though nothing failed.
    NOT_ASKED = (*NEEDLESS, Outcome.PAUSED)

    submission = models.OneToOneField(
        Submission, on_delete=models.CASCADE, null=True, related_name="model_run"
    )
    attempt = models.OneToOneField(
        Attempt, on_delete=models.CASCADE, null=True, related_name="model_run"
    )
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    model = models.CharField(max_length=100, blank=True)
    prompt_version = models.CharField(max_length=20, blank=True)
    prompt = models.TextField(blank=True)
    answer = models.TextField(blank=True)
    tokens_in = models.PositiveIntegerField(default=0)
    tokens_out = models.PositiveIntegerField(default=0)
    cost = models.DecimalField(
        max_digits=12, decimal_places=6, default=0, validators=[MinValueValidator(0)]
    )
    seconds = models.FloatField(null=True)

    objects = WorkQuerySet["ModelRun"].as_manager()

    class Meta(Work.Meta):
        ordering = ["-created_at"]
        constraints = [
            *Work.Meta.constraints,
            models.CheckConstraint(
                condition=Q(submission__isnull=False, attempt=None)
                | Q(submission=None, attempt__isnull=False),
                name="model_run_of_one_thing",
            ),
        ]
        indexes = [
            *Work.Meta.indexes,
            models.Index(fields=["-created_at"], name="model_run_latest"),
        ]

    def __str__(self) -> str:
        return f"Draft for {self.submission or self.attempt}"


class DraftPause(models.Model):
    """A time without drafts of code, because reviewers decided otherwise than they suggested.

    `overridden` of the last `suggested` brought it. Staff end it, nothing else does.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    suggested = models.PositiveSmallIntegerField()
    overridden = models.PositiveSmallIntegerField()
    began_at = models.DateTimeField(db_default=CLOCK)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ended_at"], nulls_distinct=False, name="draft_pause_open_once"
            ),
        ]

    def __str__(self) -> str:
        return f"Pause of drafts since {self.began_at:%Y-%m-%d}"
