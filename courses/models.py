"""What is taught: languages, courses, modules, lessons, and the files that lessons show."""

import re
from typing import Any, Self

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import (
    SearchQuery,
    SearchRank,
    SearchVector,
    SearchVectorField,
    TrigramWordSimilarity,
)
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.urls import reverse

from accounts.keys import uuid7
from courses.outline import Outline, outline_from

MAX_TEXT = 200_000
MAX_SEARCH = 200
# Who writes "this" or -that means it exactly.
SEARCH_OPERATORS = re.compile(r'"|(?:^|\s)-\w')


class Difficulty(models.TextChoices):
    BEGINNER = "BEGINNER", "Beginner"
    INTERMEDIATE = "INTERMEDIATE", "Intermediate"
    ADVANCED = "ADVANCED", "Advanced"


class ProgrammingLanguage(models.Model):
    """A language (or tool) that courses teach."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=60)
    slug = models.SlugField(max_length=60, unique=True)
    description = models.TextField(blank=True)
    icon = models.CharField(
        max_length=40, blank=True, help_text="Name of a symbol of the icon sprite."
    )
    difficulty = models.CharField(max_length=12, choices=Difficulty, default=Difficulty.BEGINNER)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("classroom:language", args=[self.slug])


class CourseQuerySet(models.QuerySet["Course"]):
    def published(self) -> Self:
        """Courses that learners can find and enrol in."""
        return self.filter(status=Course.Status.PUBLISHED, deleted_at=None)

    def with_language(self) -> Self:
        return self.select_related("language")

    def in_language(self, slug: str) -> Self:
        return self.filter(language__slug=slug)

    def of_difficulty(self, difficulty: str) -> Self:
        return self.filter(difficulty=difficulty)

    def search(self, text: str) -> Self:
        """Courses that match any words a person types, best first; all of them for none.

        Full text, parts of titles, and titles that are nearly so: "pyhton" finds Python.
        """
        text = text.replace("\0", " ")[:MAX_SEARCH].strip()
        if not text:
            return self
        query = SearchQuery(text, search_type="websearch", config="english")
        relevance: Any = SearchRank(F("search"), query)
        found, rows = Q(search=query), self
        if not SEARCH_OPERATORS.search(text):
            rows = rows.alias(nearness=TrigramWordSimilarity(text, "title"))
            relevance += F("nearness")
            found |= Q(title__icontains=text) | Q(nearness__gte=0.4)
        rows = rows.alias(relevance=relevance).filter(found)
        return rows.order_by("-relevance", "title", "id")

    def open_to_all(self) -> Self:
        """Published courses in which whoever signs up is enrolled at once."""
        return self.published().filter(opens_to_all=True)


class Course(models.Model):
    """A course. Its three counts are caches over its lessons: see `actions.structure_changed`."""

    class Status(models.TextChoices):
        DRAFT = "DRAFT", "Draft"
        PUBLISHED = "PUBLISHED", "Published"
        ARCHIVED = "ARCHIVED", "Archived"

    class Plan(models.TextChoices):
        FREE = "FREE", "Free"
        PRO = "PRO", "Pro"
        ENTERPRISE = "ENTERPRISE", "Enterprise"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    language = models.ForeignKey(
        ProgrammingLanguage,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="courses",
    )
    title = models.CharField(max_length=120)
    slug = models.SlugField(max_length=80, unique=True)
    summary = models.CharField(max_length=240, blank=True)
    description = models.TextField(blank=True, validators=[MaxLengthValidator(MAX_TEXT)])
    description_html = models.TextField(blank=True, editable=False)
    rendering = models.PositiveSmallIntegerField(default=0, editable=False)
    difficulty = models.CharField(max_length=12, choices=Difficulty, default=Difficulty.BEGINNER)
    cover = models.ForeignKey(
        "Asset", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    authors = models.JSONField(default=list, blank=True, help_text="Names only.")
    tags = models.JSONField(default=list, blank=True)
    licence = models.CharField(max_length=60, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    opens_to_all = models.BooleanField(
        "open to all", default=True, help_text="Whoever signs up is enrolled at once."
    )
    required_plan = models.CharField(max_length=10, choices=Plan, default=Plan.FREE)
    prerequisite = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="opens",
        help_text="A course to finish before enrolling in this one.",
    )
    structure_rev = models.PositiveIntegerField(default=1, editable=False)
    lesson_count = models.PositiveIntegerField(default=0, editable=False)
    required_count = models.PositiveIntegerField(default=0, editable=False)
    minutes = models.PositiveIntegerField(default=0, editable=False)
    imported_hash = models.CharField(max_length=64, blank=True, editable=False)
    published_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    deleted_at = models.DateTimeField(null=True, editable=False)
    search = models.GeneratedField(
        expression=SearchVector("title", weight="A", config="english")
        + SearchVector("summary", weight="B", config="english")
        + SearchVector("description", weight="C", config="english"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = CourseQuerySet.as_manager()

    class Meta:
        ordering = ["title"]
        indexes = [
            GinIndex(fields=["search"], name="course_search"),
            GinIndex(OpClass(Upper("title"), name="gin_trgm_ops"), name="course_title_trigrams"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("classroom:course", args=[self.slug])

    @property
    def is_published(self) -> bool:
        return self.status == self.Status.PUBLISHED and self.deleted_at is None

    def outline(self, *, with_drafts: bool = False) -> Outline:
        """What is taught, in order, after one query. With drafts it is the authors' view."""
        lessons = self.lessons.with_drafts() if with_drafts else self.lessons.live()
        return outline_from(lessons.in_outline_order().values(*Lesson.OUTLINE))


class Module(models.Model):
    """A chapter of a course. `key` is its identity in the course's folder."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="modules")
    title = models.CharField(max_length=120)
    slug = models.SlugField(max_length=80)
    key = models.CharField(max_length=120, blank=True, editable=False)
    description = models.CharField(max_length=400, blank=True)
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
            models.UniqueConstraint(
                fields=["course", "key"], condition=~Q(key=""), name="module_key_unique"
            ),
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

    def counted(self) -> Self:
        """The set over which percentages are taken: live and required."""
        return self.live().filter(is_required=True)

    def in_outline_order(self) -> Self:
        return self.order_by("module__position", "module_id", "position", "id")


class Lesson(models.Model):
    """The one unit that carries order, progress and XP."""

    class Kind(models.TextChoices):
        VIDEO = "VIDEO", "Video"
        ARTICLE = "ARTICLE", "Article"
        CODE_EXAMPLE = "CODE_EXAMPLE", "Code example"
        INTERACTIVE = "INTERACTIVE", "Interactive"
        QUIZ = "QUIZ", "Quiz"
        ASSIGNMENT = "ASSIGNMENT", "Assignment"

    class Status(models.TextChoices):
        DRAFT = "DRAFT", "Draft"
        PUBLISHED = "PUBLISHED", "Published"

    class Completion(models.TextChoices):
        BY_HAND = "BY_HAND", "The learner marks it"
        BY_PASSING = "BY_PASSING", "Passing its quiz or assignment"

    OUTLINE = (
        "id",
        "slug",
        "title",
        "kind",
        "minutes",
        "xp_reward",
        "is_required",
        "is_preview",
        "completion",
        "status",
        "module_id",
        "module__title",
        "module__description",
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    module = models.ForeignKey(Module, on_delete=models.CASCADE, related_name="lessons")
    # The course stands in the row too, for the unique slug and key; a composite key keeps it true.
    course = models.ForeignKey(
        Course, on_delete=models.CASCADE, related_name="lessons", editable=False
    )
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.ARTICLE)
    title = models.CharField(max_length=120)
    slug = models.SlugField(max_length=80)
    key = models.CharField(max_length=200, blank=True, editable=False)
    # Its file in the course's folder: what links between lessons mean.
    source = models.CharField(max_length=300, blank=True, editable=False)
    summary = models.CharField(max_length=240, blank=True)
    content = models.TextField(blank=True, validators=[MaxLengthValidator(MAX_TEXT)])
    content_html = models.TextField(blank=True, editable=False)
    rendering = models.PositiveSmallIntegerField(default=0, editable=False)
    video_url = models.CharField("video address", max_length=300, blank=True)
    captions = models.CharField(max_length=300, blank=True)
    poster = models.CharField(max_length=300, blank=True)
    widget = models.TextField(
        blank=True,
        validators=[MaxLengthValidator(MAX_TEXT)],
        help_text="One self-contained HTML page. It runs in a sandbox, without access to the site.",
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
    is_preview = models.BooleanField("free preview", default=False)
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
            models.UniqueConstraint(
                fields=["course", "key"], condition=~Q(key=""), name="lesson_key_unique"
            ),
            models.CheckConstraint(
                condition=Q(xp_reward__gte=1, xp_reward__lte=1000), name="lesson_xp_in_bounds"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("classroom:lesson", args=[self.course.slug, self.slug])


class Asset(models.Model):
    """A file of a course, kept once under the hash of its bytes."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="assets")
    path = models.CharField(max_length=300)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    file = models.FileField(upload_to="assets/")

    class Meta:
        ordering = ["path"]
        constraints = [
            models.UniqueConstraint(fields=["course", "path"], name="asset_path_unique"),
        ]

    def __str__(self) -> str:
        return self.path

    def get_absolute_url(self) -> str:
        return reverse("classroom:asset", args=[self.course.slug, self.path])
