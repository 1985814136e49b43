"""What a learner has done."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.keys import uuid7
from courses.models import Course, Lesson
from progress.attention_rows import (  # noqa: F401 (Django looks for models here)
    AttentionMark,
    AttentionNaming,
)


class LessonProgress(models.Model):
    """The row exists: the person has completed the lesson."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="lesson_progress",
        db_index=False,
    )
    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="progress")
    completed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "lesson progress"
        constraints = [
            models.UniqueConstraint(fields=["user", "lesson"], name="lesson_progress_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} completed {self.lesson_id}"


class LessonView(models.Model):
    """How often and when a person opened a lesson; feeds "resume"."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="lesson_views",
        db_index=False,
    )
    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="views")
    view_count = models.PositiveIntegerField(default=1)
    first_viewed_at = models.DateTimeField(default=timezone.now)
    last_viewed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "lesson"], name="lesson_view_once"),
        ]
        indexes = [models.Index(fields=["user", "-last_viewed_at"], name="lesson_view_recent")]

    def __str__(self) -> str:
        return f"{self.user_id} saw {self.lesson_id}"


class CourseProgress(models.Model):
    """A cache per person and course over LessonProgress and the course's lessons.

    `done` of `total` are recounted, never added to; `structure_rev` says for which shape of the
    course. `completed_at` is sticky: a fact about a moment, not a cache. No row: nothing done yet.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="course_progress",
        db_index=False,
    )
    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="progress")
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    structure_rev = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField(default=timezone.now)
    last_active_at = models.DateTimeField(default=timezone.now)
    completed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "course progress"
        constraints = [
            models.UniqueConstraint(fields=["user", "course"], name="course_progress_once"),
            models.CheckConstraint(
                condition=Q(done__lte=F("total")), name="course_progress_bounds"
            ),
        ]
        indexes = [
            # Nearly always empty: those whose last missing lesson was taken out of the course.
            models.Index(
                fields=["id"],
                condition=Q(done=F("total"), total__gt=0, completed_at=None),
                name="course_progress_finish_due",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.done} of {self.total}"


class InsightCount(models.Model):
    """When the numbers of a course for its insight pages were counted; without a course, of all.

    A cache: `insights.replace_counts` writes it with its days and lessons as one, from a recount.
    `active` and `active_before` are people of the last seven days, and of the seven before.
    `stuck` are the lessons where most get stuck, with the numbers that say so; `attention` is how
    many students of the course showed signs to look at, None where that was not counted.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    course = models.ForeignKey(
        Course, on_delete=models.CASCADE, null=True, related_name="+", db_index=False
    )
    counted_at = models.DateTimeField()
    active = models.PositiveIntegerField(default=0)
    active_before = models.PositiveIntegerField(default=0)
    stuck = models.JSONField(default=list)
    attention = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["course"], nulls_distinct=False, name="insight_count_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.course_id or 'all courses'} counted at {self.counted_at}"


class InsightDay(models.Model):
    """Of those who enrolled in a course on one day: how many reached each stage, and how late.

    `halfway`, `finished` and `certified` count those too who were slow at first. `..._after` hold a
    number a person: tenths of a day from enrolling. `weeks`: how many were active in each since.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    course = models.ForeignKey(
        Course, on_delete=models.CASCADE, related_name="insight_days", db_index=False
    )
    day = models.DateField()
    enrolled = models.PositiveIntegerField()
    halfway = models.PositiveIntegerField(db_default=0)
    finished = models.PositiveIntegerField()
    certified = models.PositiveIntegerField(db_default=0)
    started_after = ArrayField(models.IntegerField(), default=list)
    activated_after = ArrayField(models.IntegerField(), default=list)
    half_after = ArrayField(models.IntegerField(), default=list)
    completed_after = ArrayField(models.IntegerField(), default=list)
    certified_after = ArrayField(models.IntegerField(), default=list)
    weeks = ArrayField(models.IntegerField(), default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["course", "day"], name="insight_day_once")]

    def __str__(self) -> str:
        return f"{self.enrolled} who enrolled in {self.course_id} on {self.day}"


class InsightLesson(models.Model):
    """What those who enrolled on one day have done in one lesson, as counts of people.

    `idle` stopped here: it is the last lesson they opened, and nothing has happened for two weeks;
    `ripe` opened it two weeks ago or earlier. `passed_over` opened a later lesson and never
    completed this one, `unopened` of them never opened it. `days` sums the days on which each was
    here. `minutes` are the active minutes that occur, `people` how many have each. `tried` and
    `stuck` are of assignments.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    course = models.ForeignKey(
        Course, on_delete=models.CASCADE, related_name="insight_lessons", db_index=False
    )
    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="insight_lessons")
    day = models.DateField()
    opened = models.PositiveIntegerField()
    completed = models.PositiveIntegerField()
    ripe = models.PositiveIntegerField()
    idle = models.PositiveIntegerField()
    passed_over = models.PositiveIntegerField()
    unopened = models.PositiveIntegerField()
    days = models.PositiveIntegerField()
    tried = models.PositiveIntegerField()
    stuck = models.PositiveIntegerField()
    minutes = ArrayField(models.IntegerField(), default=list)
    people = ArrayField(models.IntegerField(), default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["course", "day", "lesson"], name="insight_lesson_once")
        ]

    def __str__(self) -> str:
        return f"{self.opened} opened {self.lesson_id}, of those who enrolled on {self.day}"


class InsightAssignment(models.Model):
    """What those who enrolled on one day have done in one assignment, as counts of people.

    `failing` have run something that failed; `failing_all` of them passed no test in their last.
    `submissions` and `minutes` hold a number for each who passed: what they handed in until then,
    and the time since they first opened the lesson. `cases` fail first, `blamed` for how many.
    `errors` are lists of an error's kind, its message, the place in the code, how many had it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    course = models.ForeignKey(
        Course, on_delete=models.CASCADE, related_name="insight_assignments", db_index=False
    )
    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    handed_in = models.PositiveIntegerField()
    first_passed = models.PositiveIntegerField()
    failing = models.PositiveIntegerField()
    failing_all = models.PositiveIntegerField(db_default=0)
    submissions = ArrayField(models.IntegerField(), default=list)
    minutes = ArrayField(models.IntegerField(), default=list)
    cases = ArrayField(models.UUIDField(), default=list)
    blamed = ArrayField(models.IntegerField(), default=list)
    errors = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["course", "day", "lesson"], name="insight_assignment_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.handed_in} handed in {self.lesson_id}, of those who enrolled on {self.day}"


class InsightQuiz(models.Model):
    """How those who enrolled on one day fared at their first attempt at one quiz.

    `percents`, in ten-thousandths, and `seconds` hold one number an attempt. `alike` of the
    attempts were asked what most were asked: of them `sums` and `squares`, of percents, of totals
    and of the marks on each question.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    course = models.ForeignKey(
        Course, on_delete=models.CASCADE, related_name="insight_quizzes", db_index=False
    )
    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    attempts = models.PositiveIntegerField()
    passed = models.PositiveIntegerField()
    percents = ArrayField(models.IntegerField(), default=list)
    seconds = ArrayField(models.IntegerField(), default=list)
    alike = models.PositiveIntegerField()
    sums = ArrayField(models.DecimalField(max_digits=40, decimal_places=0), default=list)
    squares = ArrayField(models.DecimalField(max_digits=40, decimal_places=0), default=list)

    class Meta:
        verbose_name_plural = "insight quizzes"
        constraints = [
            models.UniqueConstraint(fields=["course", "day", "lesson"], name="insight_quiz_once")
        ]

    def __str__(self) -> str:
        return f"{self.attempts} attempts at {self.lesson_id}, of those of {self.day}"
