"""A task to be solved in code, and the cases that a solution is run with."""

import json
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.keys import uuid7
from assessments.models.quiz import markdown_field
from courses.keys import new_key
from courses.models import Lesson
from courses.models.course import has_key
from courses.texts import validate_line
from sandbox.job import MAX_SOURCE

MAX_INPUT = 64 * 1024
MOST_HINTS, LONGEST_HINT = 10, 4_000


def code_field() -> models.TextField:  # type: ignore[type-arg]
    return models.TextField(blank=True, validators=[MaxLengthValidator(MAX_SOURCE)])


class ValueField(models.JSONField):
    """A JSON value as it was written: jsonb would sort the keys, and programs see their order."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "text"

    def get_db_prep_value(
        self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False
    ) -> Any:
        return value if value is None else json.dumps(value, ensure_ascii=False)


class Assignment(models.Model):
    """What is run and how it is judged. Its title, task, minutes and XP are its lesson's.

    `revision` is raised by every change that a verdict may hang on. `fuel` and `seconds` are what
    the reference solution used at most, measured; None until then.
    """

    class Language(models.TextChoices):
        PYTHON = "python", _("Python")
        JAVASCRIPT = "javascript", _("JavaScript")
        JAVA = "java", _("Java")

    class Compare(models.TextChoices):
        EXACT = "exact", _("Exactly")
        TRIM = "trim", _("Line by line, without spaces at their ends")
        TOKENS = "tokens", _("Word by word")
        APPROX = "approx", _("Numbers within the tolerance")
        UNORDERED = "unordered", _("In any order")
        PATTERN = "pattern", _("By a pattern for each line")
        VALUE = "value", _("By value: 800 is 800.0, a tuple is a list")

    FOR_PROGRAMS = (
        Compare.TOKENS, Compare.EXACT, Compare.TRIM, Compare.APPROX, Compare.UNORDERED,
        Compare.PATTERN,
    )  # fmt: skip
    FOR_FUNCTIONS = (Compare.EXACT, Compare.VALUE, Compare.APPROX, Compare.UNORDERED)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    lesson = models.OneToOneField(Lesson, on_delete=models.CASCADE, related_name="assignment")
    language = models.CharField(max_length=10, choices=Language, default=Language.PYTHON)
    function = models.CharField(
        max_length=80,
        blank=True,
        validators=[validate_line],
        help_text=_("The function that is called. Empty: a program that reads and prints."),
    )
    starter = code_field()
    solution = code_field()
    hints = ArrayField(markdown_field(LONGEST_HINT), default=list, blank=True, size=MOST_HINTS)
    compare = models.CharField(max_length=9, choices=Compare, default=Compare.TOKENS)
    tolerance = models.FloatField(
        default=1e-6, validators=[MinValueValidator(0.0), MaxValueValidator(1e6)]
    )
    pass_percent = models.PositiveSmallIntegerField(
        _("passing score"),
        default=100,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_("Percent of the points."),
    )
    cpu_seconds = models.FloatField(
        "seconds",
        default=2.0,
        validators=[MinValueValidator(0.1), MaxValueValidator(20.0)],
        help_text=_("Time that one case may take."),
    )
    memory = models.PositiveSmallIntegerField(
        default=128,
        validators=[MinValueValidator(32), MaxValueValidator(1024)],
        help_text=_("Megabytes that one case may take."),
    )
    fuel = models.BigIntegerField(null=True, editable=False)
    seconds = models.FloatField(null=True, editable=False)
    revision = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(pass_percent__gte=1, pass_percent__lte=100),
                name="assignment_pass_percent_in_bounds",
            ),
            models.CheckConstraint(
                condition=Q(cpu_seconds__gt=0, cpu_seconds__lte=20, memory__gte=32),
                name="assignment_limits_in_bounds",
            ),
            models.CheckConstraint(
                condition=(Q(function="") & ~Q(compare="value"))
                | (~Q(function="") & Q(compare__in=["exact", "value", "approx", "unordered"])),
                name="assignment_compared_by_its_mode",
                violation_error_message=(
                    "Functions are compared exactly, by value, within a tolerance or in any "
                    "order; programs by what they print."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.lesson.title

    def get_absolute_url(self) -> str:
        return reverse("classroom:assignment", args=[self.pk])


class TestCaseQuerySet(models.QuerySet["TestCase"]):
    def live(self) -> Self:
        return self.filter(deleted_at=None)

    def visible(self) -> Self:
        """Those that learners see whole and may run as often as they like."""
        return self.filter(is_visible=True)

    def in_order(self) -> Self:
        return self.order_by("position", "id")


class TestCase(models.Model):
    """One run of the code: what goes in, and what must come out of it, which never goes in.

    A function is called with `args` and `kwargs` and gives `expected` back, or raises `raises`
    (ANY: whatever is no sign of broken code). A program reads `stdin` and prints `expected_stdout`.
    """

    # Not a class of tests, whatever a collector of tests makes of its name.
    __test__ = False

    ANY = "*"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="cases")
    key = models.CharField(max_length=120, default=new_key, editable=False)
    name = models.CharField(max_length=200, validators=[validate_line])
    is_visible = models.BooleanField("visible", default=False)
    points = models.PositiveSmallIntegerField(
        default=1, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    hint = models.CharField(max_length=400, blank=True, validators=[validate_line])
    function = models.CharField(max_length=80, blank=True, validators=[validate_line])
    args = ValueField(default=list, blank=True)
    kwargs = ValueField(default=dict, blank=True)
    expected = ValueField(null=True, blank=True)
    raises = models.CharField(max_length=80, blank=True, validators=[validate_line])
    stdin = models.TextField(blank=True, validators=[MaxLengthValidator(MAX_INPUT)])
    expected_stdout = models.TextField(blank=True, validators=[MaxLengthValidator(MAX_INPUT)])
    position = models.PositiveIntegerField(default=0)
    deleted_at = models.DateTimeField(null=True, editable=False)

    objects = TestCaseQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["assignment", "key"], name="test_case_key_unique"),
            has_key("test_case"),
            models.CheckConstraint(condition=Q(points__gte=1), name="test_case_pays_something"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def compared(self) -> dict[str, Any]:
        """All that makes it this case, in a form that its file gives as well."""
        return {name: getattr(self, name) for name in COMPARED}


COMPARED = (
    "name", "is_visible", "points", "hint", "function", "args", "kwargs", "expected", "raises",
    "stdin", "expected_stdout",
)  # fmt: skip
