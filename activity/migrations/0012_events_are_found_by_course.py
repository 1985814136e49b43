"""What a course shows of its people is found by course and time, newest first. Nobody waits."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Case, F, Q, When
from django.db.models.fields.json import KT
from django.db.models.functions import Substr

SHOWN = (
    "LESSON_COMPLETED",
    "QUIZ_PASSED",
    "ASSIGNMENT_PASSED",
    "CHALLENGE_FINISHED",
    "COURSE_COMPLETED",
)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("activity", "0011_words_go_with_their_person"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="event",
            index=models.Index(
                Case(
                    When(subject__startswith="course:", then=Substr("subject", 8)),
                    default=KT("data__course"),
                    output_field=models.TextField(),
                ),
                F("created_at").desc(),
                F("id").desc(),
                condition=Q(kind__in=SHOWN),
                name="event_of_course",
            ),
        ),
    ]
