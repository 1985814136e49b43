"""What is said about finished work, by rules, a model or a person. No grade hangs on it."""

from typing import Self, TypeVar

from django.conf import settings
from django.core.validators import MaxLengthValidator, MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.keys import uuid7
from assessments.models.attempt import CLOCK, Attempt
from assessments.models.submission import Submission

Row = TypeVar("Row", bound=models.Model)

MAX_WORDS = 4_000


class AnalysisQuerySet(models.QuerySet[Row]):
    def rules(self) -> Self:
        return self.filter(kind=Analysis.Kind.RULES)

    def feedback(self) -> Self:
        """What a model or a person said."""
        return self.exclude(kind=Analysis.Kind.RULES)


class Analysis(models.Model):
    """What can be said about finished work besides its grade, which it never touches.

    `overall` goes from 0 to 100. `drafted` is what a model said, as it said it, and stays when a
    person changes the words; `text_accepted`: a person takes its text as it is. A draft that
    learners may read at once has `published_at`; words of a person are shown from `sent_at` of the
    review on.
    """

    class Kind(models.TextChoices):
        RULES = "RULES", _("Built-in rules")
        AI = "AI", _("AI")
        MANUAL = "MANUAL", _("A person")
        HYBRID = "HYBRID", _("AI, corrected by a person")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=6, choices=Kind, default=Kind.RULES)
    overall = models.PositiveSmallIntegerField(null=True, validators=[MaxValueValidator(100)])
    text = models.TextField(blank=True, validators=[MaxLengthValidator(MAX_WORDS)])
    engine = models.CharField(max_length=200, blank=True)
    drafted = models.JSONField(null=True)
    text_accepted = models.BooleanField(default=False, db_default=False)
    published_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True

    @property
    def is_by_rules(self) -> bool:
        return self.kind == self.Kind.RULES


class SubmissionAnalysis(Analysis):
    """Of code: figures from 0 to 10, and remarks. None: nothing to judge by.

    `figures_accepted`: a person takes those of a model that stand here.

    `form` is the same for texts that differ in nothing but names, comments and spaces, "" where
    there is none; `form_places` says for each line of this one which token is its first.
    """

    submission = models.ForeignKey(
        Submission, on_delete=models.CASCADE, related_name="analyses", db_index=False
    )
    readability = models.PositiveSmallIntegerField(null=True, validators=[MaxValueValidator(10)])
    efficiency = models.PositiveSmallIntegerField(null=True, validators=[MaxValueValidator(10)])
    best_practices = models.PositiveSmallIntegerField(null=True, validators=[MaxValueValidator(10)])
    figures_accepted = models.BooleanField(default=False, db_default=False)
    form = models.CharField(max_length=64, blank=True)
    form_places = models.JSONField(default=list, blank=True)

    objects = AnalysisQuerySet["SubmissionAnalysis"].as_manager()

    class Meta:
        verbose_name_plural = _("submission analyses")
        constraints = [
            models.UniqueConstraint(
                "submission",
                models.Case(models.When(kind="RULES", then=True), default=False),
                name="analysis_by_rules_and_other_once",
            ),
        ]
        indexes = [models.Index(fields=["form"], condition=~Q(form=""), name="analysis_of_form")]

    def __str__(self) -> str:
        return f"Analysis of {self.submission}"

    @property
    def subject(self) -> Submission:
        return self.submission


class AttemptAnalysis(Analysis):
    """Of a quiz, on top of what is computed from its answers when the page is shown.

    It is one text, so whether that helped its learner stands beside it. A rating of before
    `sent_at` of the review was for the words of the model.
    """

    attempt = models.OneToOneField(Attempt, on_delete=models.CASCADE, related_name="analysis")
    is_helpful = models.BooleanField(null=True)
    rated_at = models.DateTimeField(null=True)

    objects = AnalysisQuerySet["AttemptAnalysis"].as_manager()

    class Meta:
        verbose_name_plural = _("attempt analyses")
        constraints = [
            models.CheckConstraint(
                condition=Q(is_helpful=None, rated_at=None)
                | Q(is_helpful__isnull=False, rated_at__isnull=False),
                name="attempt_analysis_rated_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"Analysis of {self.attempt}"

    @property
    def subject(self) -> Attempt:
        return self.attempt


class Remark(models.Model):
    """One thing said about code, at a line or about the whole.

    `drafted` is what a model wrote, and `verdict` what a person made of it; of words that come
    from elsewhere it is empty. `held` says why a model's words may not be shown as they are.
    """

    class Section(models.TextChoices):
        STRENGTH = "STRENGTH", _("Done well")
        WEAKNESS = "WEAKNESS", _("Could be better")
        SUGGESTION = "SUGGESTION", _("What to try")

    class Verdict(models.TextChoices):
        UNDECIDED = "UNDECIDED", _("Not decided")
        ACCEPTED = "ACCEPTED", _("Accepted")
        EDITED = "EDITED", _("Edited")
        DISCARDED = "DISCARDED", _("Discarded")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    analysis = models.ForeignKey(
        SubmissionAnalysis, on_delete=models.CASCADE, related_name="remarks"
    )
    section = models.CharField(max_length=10, choices=Section)
    text = models.TextField(validators=[MaxLengthValidator(MAX_WORDS)])
    line = models.PositiveIntegerField(null=True)
    rule = models.CharField(max_length=60, blank=True)
    position = models.PositiveSmallIntegerField()
    drafted = models.TextField(blank=True)
    verdict = models.CharField(max_length=9, choices=Verdict, default=Verdict.UNDECIDED)
    held = models.CharField(max_length=100, blank=True)
    for_alike = models.BooleanField(
        default=False, help_text="Also shown to learners whose code has the same form."
    )

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(drafted="") | Q(verdict="UNDECIDED"), name="remark_verdict_of_a_draft"
            )
        ]

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def is_undecided(self) -> bool:
        """Whether a model wrote it, and nobody has said what becomes of it."""
        return bool(self.drafted) and self.verdict == self.Verdict.UNDECIDED

    @property
    def is_sent(self) -> bool:
        """Whether it goes out with a person's review: of a draft what was accepted or edited."""
        kept = (self.Verdict.ACCEPTED, self.Verdict.EDITED)
        return not self.drafted or self.verdict in kept


class RemarkRating(models.Model):
    """Whether a remark helped somebody."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    remark = models.ForeignKey(
        Remark, on_delete=models.CASCADE, related_name="ratings", db_index=False
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="remark_ratings"
    )
    is_helpful = models.BooleanField()
    created_at = models.DateTimeField(db_default=CLOCK)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["remark", "user"], name="remark_rated_once")]

    def __str__(self) -> str:
        return "helpful" if self.is_helpful else "not helpful"


class Reply(models.Model):
    """What a learner answers to feedback on code or on a quiz, and a reviewer to that."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    analysis = models.ForeignKey(
        SubmissionAnalysis, on_delete=models.CASCADE, null=True, related_name="replies"
    )
    attempt_analysis = models.ForeignKey(
        AttemptAnalysis, on_delete=models.CASCADE, null=True, related_name="replies"
    )
    remark = models.ForeignKey(
        Remark, on_delete=models.CASCADE, null=True, related_name="replies", db_index=False
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="replies"
    )
    text = models.TextField(validators=[MaxLengthValidator(MAX_WORDS)])
    created_at = models.DateTimeField(db_default=CLOCK)

    class Meta:
        ordering = ["created_at"]
        verbose_name_plural = "replies"
        constraints = [
            models.CheckConstraint(
                condition=Q(analysis__isnull=False, attempt_analysis=None)
                | Q(analysis=None, attempt_analysis__isnull=False, remark=None),
                name="reply_to_one_thing",
            )
        ]
        indexes = [models.Index(fields=["created_at"], name="reply_said")]

    def __str__(self) -> str:
        return self.text[:60]


class HelpRequest(models.Model):
    """A learner asks a person about a submission or an attempt; the answer is its review."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    submission = models.OneToOneField(
        Submission, on_delete=models.CASCADE, null=True, related_name="help_request"
    )
    attempt = models.OneToOneField(
        Attempt, on_delete=models.CASCADE, null=True, related_name="help_request"
    )
    text = models.CharField(max_length=1000)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(submission__isnull=False, attempt=None)
                | Q(submission=None, attempt__isnull=False),
                name="help_request_about_one_thing",
            )
        ]
        indexes = [models.Index(fields=["created_at"], name="help_asked")]

    def __str__(self) -> str:
        return f"Question about {self.subject}"

    @property
    def subject(self) -> Submission | Attempt:
        """What is asked about."""
        subject = self.submission or self.attempt
        assert subject is not None  # noqa: S101 - the database holds that it is one of them
        return subject
