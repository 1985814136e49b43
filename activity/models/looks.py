"""What was looked at: counts of visits that name nobody, unless somebody agreed to it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from accounts.keys import uuid7

MOST_WORDS = 60


class AnalyticsEvent(models.Model):
    """One look of one visitor, who is known for a day and by a hash alone.

    `view` is the name of the page's address pattern: what stands in an address is not kept.
    `weight`: how many looks it stands for, where only some visitors are counted.
    """

    class Name(models.TextChoices):
        PAGE_VIEW = "page_view", _("page view")
        COURSE_VIEW = "course_view", _("course view")
        SEARCH = "search", _("search")
        WEB_VITAL = "web_vital", _("web vital")

    class Metric(models.TextChoices):
        LCP = "LCP", _("Largest Contentful Paint (ms)")
        INP = "INP", _("Interaction to Next Paint (ms)")
        CLS = "CLS", _("Cumulative Layout Shift")
        TTFB = "TTFB", _("Time to First Byte (ms)")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=12, choices=Name)
    view = models.CharField(max_length=80)
    metric = models.CharField(max_length=4, choices=Metric, blank=True)
    value = models.FloatField(null=True)
    words = models.CharField(max_length=MOST_WORDS, blank=True)
    # No foreign key: a count outlasts what was counted.
    course = models.UUIDField(null=True)
    visitor = models.BinaryField(max_length=16)
    weight = models.FloatField(default=1.0)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="looks",
        help_text="Only of those who agreed, and as long as they do.",
    )  # fmt: skip
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(name__in=["page_view", "course_view", "search", "web_vital"]),
                name="look_is_of_a_known_kind",
            ),
            models.CheckConstraint(
                condition=Q(name="web_vital", metric__gt="", value__gte=0)
                | (~Q(name="web_vital") & Q(metric="", value=None)),
                name="look_measures_vitals_alone",
            ),
            # What somebody looked for may say who they are: it is never kept beside a name.
            models.CheckConstraint(
                condition=Q(words="") | Q(name="search", user=None),
                name="look_for_words_is_nobodys",
            ),
            models.CheckConstraint(
                condition=Q(name="course_view", course__isnull=False)
                | (~Q(name="course_view") & Q(course=None)),
                name="look_at_a_course_says_which",
            ),
            models.CheckConstraint(condition=Q(weight__gte=1), name="look_stands_for_one_or_more"),
        ]
        indexes = [
            models.Index(fields=["created_at"], name="look_by_time"),
            models.Index(
                fields=["course", "created_at"],
                condition=Q(name="course_view"),
                name="look_at_course",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.view}"


class DailySalt(models.Model):
    """The secret of a day, by which its visitors are told apart. Without it nobody is found."""

    day = models.DateField(primary_key=True)
    secret = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return f"{self.day}"
