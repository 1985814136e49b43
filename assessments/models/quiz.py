"""What is asked. The key stands here and leaves the server only when `history` says so."""

from decimal import Decimal
from typing import Self
from uuid import uuid4

from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.keys import uuid7
from courses.keys import new_key
from courses.models import Lesson
from courses.models.course import has_key
from courses.texts import validate_line, validate_lines

LONGEST_PROMPT = 20_000
LONGEST_OPTION = 2_000


def markdown_field(longest: int = LONGEST_PROMPT) -> models.TextField:  # type: ignore[type-arg]
    return models.TextField(blank=True, validators=[MaxLengthValidator(longest)])


def html_field() -> models.TextField:  # type: ignore[type-arg]
    """The same text rendered, when it was saved."""
    return models.TextField(blank=True, editable=False)


class Quiz(models.Model):
    """The rules of a quiz. Its title, text, minutes and XP are its lesson's."""

    class Layout(models.TextChoices):
        ONE = "ONE", _("One question a page")
        ALL = "ALL", _("All on one page")

    class Review(models.TextChoices):
        EACH = "EACH", _("After every attempt")
        LAST = "LAST", _("After the last attempt, or once passed where attempts are not limited")
        NEVER = "NEVER", _("Never")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    lesson = models.OneToOneField(Lesson, on_delete=models.CASCADE, related_name="quiz")
    pass_percent = models.PositiveSmallIntegerField(
        _("passing score"),
        default=70,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_("Percent of the points."),
    )
    time_limit = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(600)],
        help_text=_("Minutes. Empty: no clock."),
    )
    max_attempts = models.PositiveSmallIntegerField(
        "attempts",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_("Empty: as many as one likes."),
    )
    wait = models.PositiveSmallIntegerField(
        default=0,
        validators=[MaxValueValidator(10_080)],
        help_text=_("Minutes between two attempts."),
    )
    layout = models.CharField(max_length=3, choices=Layout, default=Layout.ONE)
    shuffle = models.BooleanField(
        _("shuffle questions"), default=False, help_text=_("Another order in each attempt.")
    )
    review = models.CharField(
        _("answers are shown"), max_length=5, choices=Review, default=Review.LAST
    )

    class Meta:
        verbose_name_plural = "quizzes"
        constraints = [
            models.CheckConstraint(
                condition=Q(pass_percent__gte=1, pass_percent__lte=100),
                name="quiz_pass_percent_in_bounds",
            ),
            models.CheckConstraint(
                condition=Q(time_limit=None) | Q(time_limit__gte=1),
                name="quiz_time_limit_in_bounds",
            ),
            models.CheckConstraint(
                condition=Q(max_attempts=None) | Q(max_attempts__gte=1),
                name="quiz_attempts_in_bounds",
            ),
        ]

    def __str__(self) -> str:
        return self.lesson.title

    def get_absolute_url(self) -> str:
        return reverse("classroom:quiz", args=[self.pk])


class Bank(models.Model):
    """Questions of which an attempt is asked some: `pick` of them, drawn by lot."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    quiz = models.ForeignKey(Quiz, on_delete=models.CASCADE, related_name="banks")
    name = models.CharField(max_length=60, validators=[validate_line])
    pick = models.PositiveSmallIntegerField(
        default=1, validators=[MinValueValidator(1), MaxValueValidator(200)]
    )

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["quiz", "name"], name="bank_name_unique"),
            models.CheckConstraint(condition=Q(pick__gte=1), name="bank_picks_some"),
        ]

    def __str__(self) -> str:
        return self.name


class QuestionQuerySet(models.QuerySet["Question"]):
    def live(self) -> Self:
        """Questions that a new attempt may be asked."""
        return self.filter(deleted_at=None)

    def in_order(self) -> Self:
        return self.order_by("position", "id")


class Question(models.Model):
    """A question with its key: options that are correct, or `accept`ed answers.

    `accept` is a list of texts (TEXT), or of numbers written as texts (NUMERIC), which share the
    `tolerance`: "" for none, "0.01" absolute, "1%" of the number. `key` is the question's identity
    in its file. A question that attempts have been asked is archived, never deleted.
    """

    class Kind(models.TextChoices):
        SINGLE = "SINGLE", _("Single choice")
        MULTI = "MULTI", _("Multiple choice")
        TEXT = "TEXT", _("Text")
        NUMERIC = "NUMERIC", pgettext_lazy("kind of question", "Number")
        OPEN = "OPEN", _("Open, with a model answer")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    quiz = models.ForeignKey(Quiz, on_delete=models.CASCADE, related_name="questions")
    bank = models.ForeignKey(
        Bank, on_delete=models.SET_NULL, null=True, blank=True, related_name="questions"
    )
    key = models.CharField(max_length=80, default=new_key, editable=False)
    kind = models.CharField(max_length=7, choices=Kind, default=Kind.SINGLE)
    prompt = models.TextField(validators=[MaxLengthValidator(LONGEST_PROMPT)])
    prompt_html = html_field()
    explanation = markdown_field()
    explanation_html = html_field()
    model_answer = markdown_field()
    model_answer_html = html_field()
    accept = models.JSONField(default=list, blank=True)
    tolerance = models.CharField(max_length=20, blank=True)
    match_case = models.BooleanField(_("capitals count"), default=False)
    points = models.DecimalField(
        max_digits=5,
        decimal_places=2,
        default=Decimal(1),
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))],
    )
    shuffle = models.BooleanField(_("shuffle options"), default=True)
    topics = models.JSONField(default=list, blank=True, validators=[validate_lines])
    taught_in = models.ForeignKey(
        Lesson, on_delete=models.SET_NULL, null=True, blank=True, related_name="+",
        help_text=_("The lesson to study again."),
    )  # fmt: skip
    position = models.PositiveIntegerField(default=0)
    rendering = models.PositiveSmallIntegerField(default=0, editable=False)
    imported_hash = models.CharField(max_length=64, blank=True, editable=False)
    deleted_at = models.DateTimeField(null=True, editable=False)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["quiz", "key"], name="question_key_unique"),
            has_key("question"),
            models.CheckConstraint(
                condition=Q(points__gte=0, points__lte=100), name="question_points_in_bounds"
            ),
            models.CheckConstraint(
                condition=~Q(kind="OPEN") | Q(points=0),
                name="question_open_pays_nothing",
                violation_error_message="Open questions pay no points.",
            ),
        ]

    def __str__(self) -> str:
        return " ".join(self.prompt.split())[:80]

    @property
    def has_options(self) -> bool:
        return self.kind in (self.Kind.SINGLE, self.Kind.MULTI)


class Option(models.Model):
    """An answer to choose. One that was chosen before is archived, never deleted.

    Its id stands in the page of an attempt. Ids that lie in the order of their making would
    tell the author's order, in which the right one often comes first. Where it came from is
    asked of its question, whose hash counts its options in.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="options")
    key = models.CharField(max_length=80, default=new_key, editable=False)
    text = models.TextField(validators=[MaxLengthValidator(LONGEST_OPTION)])
    text_html = html_field()
    is_correct = models.BooleanField("correct", default=False)
    feedback = markdown_field(LONGEST_OPTION)
    feedback_html = html_field()
    position = models.PositiveIntegerField(default=0)
    deleted_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["question", "key"], name="option_key_unique"),
            has_key("option"),
        ]

    def __str__(self) -> str:
        return " ".join(self.text.split())[:80]
