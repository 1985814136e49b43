"""Modules and their lessons."""

from typing import Self

from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.keys import uuid7
from courses.keys import new_key
from courses.models.course import MAX_TEXT, Course, has_key
from courses.models.language import small_letters
from courses.texts import validate_line, validate_small_letters


class Module(models.Model):
    """A chapter of a course.

    `key` is its identity in the course's folder. What has an `imported_hash` came from there;
    what has none, and is not deleted, was written on the site.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="modules")
    title = models.CharField(max_length=120, validators=[validate_line])
    slug = models.SlugField(max_length=80, validators=[validate_small_letters])
    key = models.CharField(max_length=120, default=new_key, editable=False)
    description = models.CharField(max_length=400, blank=True, validators=[validate_line])
    source = models.CharField(max_length=300, blank=True, editable=False)
    syllabus = models.TextField(blank=True, validators=[MaxLengthValidator(MAX_TEXT)])
    position = models.PositiveIntegerField(default=0)
    imported_hash = models.CharField(max_length=64, blank=True, editable=False)
    deleted_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["course", "slug"], condition=Q(deleted_at=None), name="module_slug_unique"
            ),
            models.UniqueConstraint(fields=["course", "key"], name="module_key_unique"),
            has_key("module"),
            small_letters("module"),
        ]

    def __str__(self) -> str:
        return self.title


class LessonQuerySet(models.QuerySet["Lesson"]):
    def live(self) -> Self:
        """Published lessons of modules and courses that are not deleted, in no course's draft."""
        return self.filter(
            status=Lesson.Status.PUBLISHED,
            deleted_at=None,
            module__deleted_at=None,
            module__course__status=Course.Status.PUBLISHED,
            module__course__deleted_at=None,
        )

    def shown(self) -> Self:
        """What learners see in a course of whatever status: published, nothing deleted."""
        return self.filter(status=Lesson.Status.PUBLISHED, deleted_at=None, module__deleted_at=None)

    def with_drafts(self) -> Self:
        """Every lesson that is not deleted, whatever its or its course's status."""
        return self.filter(
            deleted_at=None, module__deleted_at=None, module__course__deleted_at=None
        )

    def in_outline_order(self) -> Self:
        return self.order_by("module__position", "module_id", "position", "id")


class Lesson(models.Model):
    """The one unit that carries order, progress and XP."""

    class Kind(models.TextChoices):
        VIDEO = "VIDEO", _("Video")
        ARTICLE = "ARTICLE", _("Article")
        CODE_EXAMPLE = "CODE_EXAMPLE", _("Code example")
        INTERACTIVE = "INTERACTIVE", _("Interactive")
        QUIZ = "QUIZ", _("Quiz")
        ASSIGNMENT = "ASSIGNMENT", _("Assignment")

    class Status(models.TextChoices):
        DRAFT = "DRAFT", _("Draft")
        PUBLISHED = "PUBLISHED", _("Published")

    class Completion(models.TextChoices):
        BY_HAND = "BY_HAND", _("The learner marks it")
        BY_PASSING = "BY_PASSING", _("Passing its quiz or assignment")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    module = models.ForeignKey(Module, on_delete=models.CASCADE, related_name="lessons")
    # The course stands in the row too, for the unique slug and key; a composite key keeps it true.
    course = models.ForeignKey(
        Course, on_delete=models.CASCADE, related_name="lessons", editable=False
    )
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.ARTICLE)
    title = models.CharField(max_length=120, validators=[validate_line])
    slug = models.SlugField(max_length=80, validators=[validate_small_letters])
    key = models.CharField(max_length=200, default=new_key, editable=False)
    # Its file in the course's folder: what links between lessons mean.
    source = models.CharField(max_length=300, blank=True, editable=False)
    summary = models.CharField(max_length=240, blank=True, validators=[validate_line])
    content = models.TextField(blank=True, validators=[MaxLengthValidator(MAX_TEXT)])
    content_html = models.TextField(blank=True, editable=False)
    rendering = models.PositiveSmallIntegerField(default=0, editable=False)
    video_url = models.CharField(_("video address"), max_length=300, blank=True)
    captions = models.CharField(max_length=300, blank=True)
    poster = models.CharField(max_length=300, blank=True)
    widget = models.TextField(
        blank=True,
        validators=[MaxLengthValidator(MAX_TEXT)],
        help_text=_(
            "One self-contained HTML page. It runs in a sandbox, without access to the site."
        ),
    )
    widget_height = models.PositiveSmallIntegerField(
        default=420, validators=[MinValueValidator(120), MaxValueValidator(1600)]
    )
    minutes = models.PositiveSmallIntegerField(default=5, validators=[MaxValueValidator(600)])
    xp_reward = models.PositiveSmallIntegerField(
        "XP", default=10, validators=[MinValueValidator(1), MaxValueValidator(1000)]
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    position = models.PositiveIntegerField(default=0)
    completion = models.CharField(max_length=10, choices=Completion, default=Completion.BY_HAND)
    is_required = models.BooleanField("required", default=True)
    is_preview = models.BooleanField(_("free preview"), default=False)
    imported_hash = models.CharField(max_length=64, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    deleted_at = models.DateTimeField(null=True, editable=False)

    objects = LessonQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["course", "slug"], condition=Q(deleted_at=None), name="lesson_slug_unique"
            ),
            models.UniqueConstraint(fields=["course", "key"], name="lesson_key_unique"),
            has_key("lesson"),
            models.CheckConstraint(
                condition=Q(xp_reward__gte=1, xp_reward__lte=1000), name="lesson_xp_in_bounds"
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["QUIZ", "ASSIGNMENT"]) | Q(completion="BY_PASSING"),
                name="lesson_judged_is_done_by_passing",
                violation_error_message="Quizzes and assignments are done by passing them.",
            ),
            small_letters("lesson"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("classroom:lesson", args=[self.course.slug, self.slug])

    @property
    def is_live(self) -> bool:
        """What `live()` asks the database, of a row that came with its module and course."""
        shown = self.status == self.Status.PUBLISHED and self.deleted_at is None
        return shown and self.module.deleted_at is None and self.course.is_published
