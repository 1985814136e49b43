"""Courses, and the files that lessons show."""

from typing import Any, Self
from uuid import UUID

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import (
    SearchQuery,
    SearchRank,
    SearchVector,
    SearchVectorField,
    TrigramWordSimilarity,
)
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.fields.files import FieldFile
from django.db.models.functions import Upper
from django.db.models.lookups import Exact
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.keys import uuid7
from accounts.prepared import Prepared
from courses.models.language import Difficulty, ProgrammingLanguage, Tier, small_letters
from courses.outline import COLUMNS, Outline, outline_from
from courses.search import Words
from courses.texts import (
    validate_line,
    validate_lines,
    validate_small_letters,
)

MAX_TEXT = 200_000


def has_key(model: str) -> models.CheckConstraint:
    """Every node can be named in a folder."""
    return models.CheckConstraint(condition=~Q(key=""), name=f"{model}_has_a_key")


def a_list(field: str) -> models.CheckConstraint:
    kind: Any = models.Func(F(field), function="jsonb_typeof", output_field=models.TextField())
    return models.CheckConstraint(
        condition=Exact(kind, Value("array")),
        name=f"course_{field}_are_a_list",
        violation_error_message="Give a list of texts.",
    )


def opened_by(plan: Tier, way: str = "") -> Q:
    """The courses that a plan opens, as a condition. `way`: how a row comes to its course."""
    plans = plan.covered()
    no_language, its_plan = f"{way}language", f"{way}language__required_plan__in"
    language = Q(**{no_language: None}) | Q(**{its_plan: plans})
    return language & Q(**{f"{way}required_plan__in": plans})


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
        words = Words.of(text)
        if not words.text:
            return self
        query = SearchQuery(words.text, search_type="websearch", config="english")
        relevance: Any = SearchRank(F("search"), query)
        rows, found = self, Q(search=query) | Q(title__icontains=words.text)
        if words.are_plain:
            rows = rows.alias(nearness=TrigramWordSimilarity(words.text, "title"))
            relevance += F("nearness")
            found |= Q(nearness__gte=0.4)
        for swapped in words.swapped:
            found |= Q(title__icontains=swapped)
        return rows.alias(relevance=relevance).filter(found).order_by("-relevance", "title", "id")

    def within(self, plan: Tier) -> Self:
        """Courses that this plan opens."""
        return self.filter(opened_by(plan))

    def open_to_all(self) -> Self:
        """Published courses in which whoever signs up is enrolled at once."""
        return self.published().filter(opens_to_all=True)


class Course(models.Model):
    """A course. Its three counts are caches over its lessons: see `actions.structure_changed`."""

    class Status(models.TextChoices):
        DRAFT = "DRAFT", _("Draft")
        PUBLISHED = "PUBLISHED", _("Published")
        ARCHIVED = "ARCHIVED", _("Archived")

    Plan = Tier

    class Drafts(models.TextChoices):
        AFTER_REVIEW = "AFTER_REVIEW", _("After a person has published them")
        AT_ONCE = "AT_ONCE", _("At once, marked as a model's words")
        OFF = "OFF", _("Never: no model is asked")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    language = models.ForeignKey(
        ProgrammingLanguage,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="courses",
    )
    title = models.CharField(max_length=120, validators=[validate_line])
    slug = models.SlugField(max_length=80, unique=True, validators=[validate_small_letters])
    summary = models.CharField(max_length=240, blank=True, validators=[validate_line])
    description = models.TextField(blank=True, validators=[MaxLengthValidator(MAX_TEXT)])
    description_html = models.TextField(blank=True, editable=False)
    rendering = models.PositiveSmallIntegerField(default=0, editable=False)
    difficulty = models.CharField(max_length=12, choices=Difficulty, default=Difficulty.BEGINNER)
    cover = models.ForeignKey(
        "Asset", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    authors = models.JSONField(
        default=list, blank=True, validators=[validate_lines], help_text="Names only."
    )
    tags = models.JSONField(default=list, blank=True, validators=[validate_lines])
    licence = models.CharField(max_length=60, blank=True, validators=[validate_line])
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    opens_to_all = models.BooleanField(
        _("open to all"), default=True, help_text=_("Whoever signs up is enrolled at once.")
    )
    required_plan = models.CharField(max_length=10, choices=Plan, default=Plan.FREE)
    ai_drafts = models.CharField(
        _("drafts of a model"),
        max_length=12,
        choices=Drafts,
        default=Drafts.AFTER_REVIEW,
        help_text=_("When learners see feedback that a language model drafted."),
    )
    prerequisite = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="opens",
        help_text=_("A course to finish before enrolling in this one."),
    )
    structure_rev = models.PositiveIntegerField(default=1, editable=False)
    lesson_count = models.PositiveIntegerField(default=0, editable=False)
    required_count = models.PositiveIntegerField(default=0, editable=False)
    minutes = models.PositiveIntegerField(default=0, editable=False)
    imported_hash = models.CharField(max_length=64, blank=True, editable=False)
    # What the links in its texts could mean when an import last rendered all of them.
    links_hash = models.CharField(max_length=64, blank=True, editable=False)
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
        constraints = [
            models.CheckConstraint(
                condition=~Q(prerequisite=F("id")), name="course_not_its_own_prerequisite"
            ),
            small_letters("course"),
            a_list("authors"),
            a_list("tags"),
        ]
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

    @property
    def needed_plan(self) -> Tier:
        """The higher of its own plan and its language's. Doors join the language for it."""
        plans = [Tier(self.required_plan)]
        if self.language is not None:
            plans.append(Tier(self.language.required_plan))
        return max(plans, key=lambda plan: plan.rank)

    def comes_after(self, other: Self) -> bool:
        """Whether the other is to be finished before this one can be begun. A query a step."""
        seen, step = {self.pk}, self.prerequisite
        while step is not None and step.pk not in seen:
            if step.pk == other.pk:
                return True
            seen.add(step.pk)
            step = step.prerequisite
        return False

    def outline(self, *, with_drafts: bool = False) -> Outline:
        """What is taught, in order, after one query. With drafts it is the authors' view."""
        return outline_from((DRAFTED if with_drafts else LIVE)(self.pk))


LIVE, DRAFTED = (
    Prepared(lambda key: Course(pk=key).lessons.live().in_outline_order().values(*COLUMNS), UUID),
    Prepared(
        lambda key: Course(pk=key).lessons.with_drafts().in_outline_order().values(*COLUMNS), UUID
    ),
)


class Asset(models.Model):
    """A file of a course, kept once under the hash of its bytes.

    Pictures are drawn anew before they are served: `file`, of `size` bytes, is what is served,
    `original` what was brought in, empty where that is the same. `sha256` is of what was brought
    in, so that another version of what draws makes no difference. `imported_hash` is what it was
    at the last import, empty for what was added on the site.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="assets")
    path = models.CharField(max_length=300)
    sha256 = models.CharField(max_length=64)
    imported_hash = models.CharField(max_length=64, blank=True, editable=False)
    size = models.PositiveIntegerField()
    file = models.FileField(upload_to="assets/")
    original = models.FileField(upload_to="originals/", blank=True, default="", editable=False)

    class Meta:
        ordering = ["path"]
        constraints = [
            models.UniqueConstraint(fields=["course", "path"], name="asset_path_unique"),
        ]

    def __str__(self) -> str:
        return self.path

    def get_absolute_url(self) -> str:
        return reverse("classroom:asset", args=[self.course.slug, self.path])

    @property
    def source_file(self) -> FieldFile:
        """The file as it was brought in: what an export gives back."""
        return self.original or self.file
