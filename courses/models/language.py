"""Languages that courses teach, and the scales that both know: difficulty, and plans."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.keys import uuid7
from courses.texts import SMALL_LETTERS, validate_line, validate_small_letters


def small_letters(model: str) -> models.CheckConstraint:
    """Together with the unique slug: no two addresses differ in capitals alone."""
    return models.CheckConstraint(
        condition=Q(slug=Lower("slug")),
        name=f"{model}_slug_in_small_letters",
        violation_error_message=SMALL_LETTERS,
    )


class Difficulty(models.TextChoices):
    BEGINNER = "BEGINNER", _("Beginner")
    INTERMEDIATE = "INTERMEDIATE", _("Intermediate")
    ADVANCED = "ADVANCED", _("Advanced")


class Tier(models.TextChoices):
    """What somebody's plan may be, the lowest first."""

    FREE = "FREE", _("Free")
    PRO = "PRO", _("Pro")
    ENTERPRISE = "ENTERPRISE", _("Enterprise")

    @property
    def rank(self) -> int:
        """How much it opens: each opens what those before it do."""
        return list(Tier).index(self)

    def covered(self) -> list[Self]:
        """This one and those below it: what whoever holds it may open."""
        return [tier for tier in type(self) if tier.rank <= self.rank]


class ProgrammingLanguage(models.Model):
    """A language (or tool) that courses teach."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=60, validators=[validate_line])
    slug = models.SlugField(max_length=60, unique=True, validators=[validate_small_letters])
    description = models.TextField(blank=True)
    icon = models.CharField(
        max_length=40, blank=True, help_text="Name of a symbol of the icon sprite."
    )
    difficulty = models.CharField(max_length=12, choices=Difficulty, default=Difficulty.BEGINNER)
    is_active = models.BooleanField(default=True)
    required_plan = models.CharField(
        max_length=10,
        choices=Tier,
        default=Tier.FREE,
        help_text="What all its courses need at least.",
    )

    class Meta:
        ordering = ["name"]
        constraints = [small_letters("language")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("classroom:language", args=[self.slug])
