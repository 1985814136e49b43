"""Code that learners hand in or try out, what came of it, and what was said about it."""

from typing import Self

from django.conf import settings
from django.core.validators import MaxLengthValidator, MaxValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.keys import uuid7
from accounts.models import User
from assessments.models.assignment import MAX_INPUT, Assignment, TestCase, code_field
from assessments.models.work import Work, WorkQuerySet
from courses.models import Lesson

# What our side did not get through with, at once or at all: next to nothing of all there is.
IN_TROUBLE = Q(status="ERROR") | ~Q(fault="")


class Outcome(models.TextChoices):
    """How one case ended, and the worst of them for the whole."""

    PASSED = "PASSED", _("Passes")
    WRONG = "WRONG", _("Fails")
    RUNTIME_ERROR = "RUNTIME_ERROR", _("Error in the code")
    COMPILE_ERROR = "COMPILE_ERROR", _("Does not start")
    TIME_LIMIT = "TIME_LIMIT", _("Stopped for time")
    MEMORY_LIMIT = "MEMORY_LIMIT", _("Stopped for memory")
    OUTPUT_LIMIT = "OUTPUT_LIMIT", _("Stopped for output")


class SubmissionQuerySet(WorkQuerySet["Submission"]):
    def of(self, user: User) -> Self:
        return self.filter(user=user)

    def graded(self) -> Self:
        """Handed in for a grade, not tried out."""
        return self.filter(is_graded=True)

    def standing(self) -> Self:
        """Those that have an outcome or will have one, and did not break."""
        return self.exclude(status=Work.Status.ERROR)

    def of_learners(self) -> Self:
        """Graded ones with an outcome, of people who are not staff."""
        return (
            self.graded()
            .exclude(status__in=["PENDING", "RUNNING", "ERROR"])
            .exclude(user__role=User.Role.ADMIN)
        )

    def whole(self) -> Self:
        return self.with_assignment()

    def with_assignment(self) -> Self:
        """Each with its person, and with its assignment in its place in the course."""
        return self.select_related(
            "user", "assignment__lesson__module", "assignment__lesson__course__language"
        )


class Submission(Work):
    """Code against the cases of an assignment. Not graded: a run against those that are visible.

    `points` of `out_of`; `percent` is whole, rounded down. `outcome` is the first that is not
    PASSED, in the order of the cases. `revision` is the assignment's when it was judged.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="submissions",
        db_index=False,
    )
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="submissions")
    is_graded = models.BooleanField("graded")
    number = models.PositiveIntegerField(null=True)
    source = code_field()
    outcome = models.CharField(max_length=13, choices=Outcome, blank=True)
    points = models.PositiveIntegerField(null=True)
    out_of = models.PositiveIntegerField(null=True)
    percent = models.PositiveSmallIntegerField(null=True, validators=[MaxValueValidator(100)])
    revision = models.PositiveIntegerField(null=True)
    compile_output = models.TextField(blank=True)
    engine = models.CharField(max_length=200, blank=True)
    runtime = models.CharField(max_length=100, blank=True)

    objects = SubmissionQuerySet.as_manager()

    class Meta(Work.Meta):
        ordering = ["-created_at"]
        constraints = [
            *Work.Meta.constraints,
            models.UniqueConstraint(
                fields=["user", "assignment", "number"], name="submission_number_once"
            ),
            models.CheckConstraint(
                condition=Q(is_graded=True, number__isnull=False) | Q(is_graded=False, number=None),
                name="submission_graded_has_a_number",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["PASSED", "FAILED"], percent__isnull=False, revision__gt=0)
                | ~Q(status__in=["PASSED", "FAILED"]) & Q(percent=None, points=None),
                name="submission_judged_is_scored",
            ),
        ]
        indexes = [
            *Work.Meta.indexes,
            models.Index(fields=["user", "assignment", "-created_at"], name="submission_of_person"),
            models.Index(fields=["finished_at"], name="submission_finished"),
            models.Index(fields=["created_at"], condition=IN_TROUBLE, name="submission_trouble"),
        ]

    def __str__(self) -> str:
        return f"{self.assignment}, {f'submission {self.number}' if self.is_graded else 'run'}"

    def get_absolute_url(self) -> str:
        return reverse("classroom:submission", args=[self.pk])

    @property
    def stands(self) -> bool:
        return self.status != Work.Status.ERROR

    @property
    def is_judged(self) -> bool:
        return self.percent is not None

    @property
    def is_passed(self) -> bool:
        return self.status == Work.Status.PASSED


class TestResult(models.Model):
    """What came of one case. Texts are cut; of a hidden case only staff may read them."""

    __test__ = False

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="results")
    case = models.ForeignKey(TestCase, on_delete=models.CASCADE, related_name="results")
    outcome = models.CharField(max_length=13, choices=Outcome)
    points = models.PositiveSmallIntegerField(default=0)
    was_visible = models.BooleanField()
    position = models.PositiveSmallIntegerField()
    expected = models.TextField(blank=True)
    got = models.TextField(blank=True)
    where = models.CharField(max_length=60, blank=True)
    stdout = models.TextField(blank=True)
    stderr = models.TextField(blank=True)
    is_cut = models.BooleanField(default=False)
    seconds = models.FloatField(null=True)
    memory = models.BigIntegerField(null=True)
    fuel = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "case"], name="test_result_once")
        ]

    def __str__(self) -> str:
        return f"{self.case}: {self.get_outcome_display()}"

    @property
    def is_passed(self) -> bool:
        return self.outcome == Outcome.PASSED


class RunQuerySet(WorkQuerySet["Run"]):
    def of(self, user: User | None) -> Self:
        """Those of one person; of guests, if it is nobody."""
        return self.filter(user=user)


class Run(Work):
    """A program of a lesson, run as it is with some input: an example, or one's own try."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="runs"
    )
    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="runs")
    language = models.CharField(max_length=10, choices=Assignment.Language)
    source = code_field()
    stdin = models.TextField(blank=True, validators=[MaxLengthValidator(MAX_INPUT)])
    outcome = models.CharField(max_length=13, choices=Outcome, blank=True)
    stdout = models.TextField(blank=True)
    stderr = models.TextField(blank=True)
    is_cut = models.BooleanField(default=False)
    seconds = models.FloatField(null=True)

    objects = RunQuerySet.as_manager()

    class Meta(Work.Meta):
        ordering = ["-created_at"]
        indexes = [
            *Work.Meta.indexes,
            models.Index(fields=["created_at"], condition=IN_TROUBLE, name="run_trouble"),
        ]

    def __str__(self) -> str:
        return f"Run in {self.lesson}"

    def get_absolute_url(self) -> str:
        return reverse("classroom:run", args=[self.pk])


class Draft(models.Model):
    """What somebody has typed and not handed in. `version` tells two windows apart."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts", db_index=False
    )
    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="drafts")
    source = code_field()
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "assignment"], name="draft_once")]

    def __str__(self) -> str:
        return f"Draft of {self.assignment}"
