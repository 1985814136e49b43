"""In which language the boards count each course: as it stands now."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0011_when_drafts_are_shown"),
        ("gamification", "0012_streaks_have_versions"),
    ]

    operations = [
        migrations.CreateModel(
            name="CountedCourse",
            fields=[
                (
                    "course",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="courses.course",
                    ),
                ),
                ("language", models.UUIDField(null=True)),
            ],
        ),
        migrations.RunSQL(
            "INSERT INTO gamification_countedcourse (course_id, language)"
            " SELECT id, language_id FROM courses_course",
            migrations.RunSQL.noop,
        ),
    ]
