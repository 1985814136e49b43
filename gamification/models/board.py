"""Leaderboards: totals of a period within a scope, and how many hold each number of points."""

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, When
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.keys import uuid7
from courses.models import Course


class Board(models.Model):
    """One list: a week, a season or all time, in the school, a course or a language.

    `period` is `all`, an ISO week (`2026-W47`) or `season:<uuid>`; `scope` is `school`,
    `course:<uuid>` or `language:<uuid>`. A frozen board is never counted again.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    period = models.CharField(max_length=48)
    scope = models.CharField(max_length=48)
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    frozen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["period", "scope"], name="board_once"),
            models.CheckConstraint(
                condition=Q(period="all", starts_at=None, ends_at=None)
                | ~Q(period="all") & Q(starts_at__isnull=False, ends_at__gt=F("starts_at")),
                name="board_window",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period} {self.scope}"


class BoardRow(models.Model):
    """A cache: what one person's ledger comes to on a board. Hidden people have no rank.

    `shown` is what others may see. `counted` is by which number `BoardCount` counts the row: where
    the two differ, the row has changed since the counts were last brought up to date. An index
    that migration 0004 makes, `board_row_changed`, holds these rows alone.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="rows", db_index=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="board_rows"
    )
    points = models.IntegerField()
    reached_at = models.DateTimeField()
    is_listed = models.BooleanField(default=False)
    shown = models.GeneratedField(
        expression=Case(When(is_listed=True, points__gt=0, then=F("points"))),
        output_field=models.IntegerField(null=True),
        db_persist=True,
    )
    counted = models.IntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(
                F("board"),
                F("shown").desc(),
                F("reached_at"),
                F("user"),
                condition=Q(shown__isnull=False),
                name="board_row_order",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["board", "user"], name="board_row_once"),
        ]

    def __str__(self) -> str:
        return f"{self.board_id} {self.user_id}: {self.points}"


class BoardCount(models.Model):
    """How many listed people held exactly this many points when the row was last counted."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    board = models.ForeignKey(
        Board, on_delete=models.CASCADE, related_name="counts", db_index=False
    )
    points = models.IntegerField()
    people = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["board", "points"], include=["people"], name="board_count_once"
            ),
            models.CheckConstraint(condition=Q(people__gte=0), name="board_count_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.board_id} {self.points}: {self.people}"


class CountedCourse(models.Model):
    """In which language boards count a course. The course says another once it was changed."""

    course = models.OneToOneField(
        Course, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    # No foreign key: of a language that is gone it says that there was one.
    language = models.UUIDField(null=True)
    # Since when its people are being counted by that language; None: all of them are.
    moving_since = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.course_id}: {self.language}"


class BoardChoice(models.Model):
    """Whether and how a person stands on boards. No row: they never asked to, and do not.

    `is_listed` is a cache of `boards.MAY_BE_LISTED`: besides their wish it takes a verified email,
    three days of learning, points in sight, and somebody neither staff nor a minor nor gone.
    """

    class Shown(models.TextChoices):
        OFF = "OFF", _("Not at all")
        NICKNAME = "NICKNAME", _("With a nickname")
        NAME = "NAME", _("With my name")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="board_choice",
    )
    shown = models.CharField(max_length=8, choices=Shown, default=Shown.OFF)
    nickname = models.CharField(max_length=40, blank=True)
    # What the name or nickname read as when it was chosen: see `accounts.names.reading_of`.
    reading = models.CharField(max_length=120, default="", db_default="", editable=False)
    is_listed = models.BooleanField(default=False, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("nickname"),
                condition=Q(shown="NICKNAME"),
                name="board_choice_nickname_once",
            ),
            models.UniqueConstraint(
                fields=["reading"],
                condition=Q(shown="NICKNAME") & ~Q(reading=""),
                name="board_choice_reading_once",
            ),
            models.CheckConstraint(
                condition=Q(is_listed=False) | ~Q(shown="OFF"), name="board_choice_listed_by_wish"
            ),
            models.CheckConstraint(
                condition=~Q(shown="NICKNAME") | ~Q(nickname=""), name="board_choice_nickname"
            ),
        ]
        indexes = [models.Index(fields=["reading"], name="board_choice_reading")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.shown}"
