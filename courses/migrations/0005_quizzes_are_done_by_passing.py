"""A quiz or an assignment is done by passing it, never by hand."""

from django.db import migrations, models

MEND = """
UPDATE courses_lesson SET completion = 'BY_PASSING' WHERE kind IN ('QUIZ', 'ASSIGNMENT');
"""


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0004_no_course_comes_before_itself"),
    ]

    operations = [
        migrations.RunSQL(MEND, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="lesson",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind__in", ["QUIZ", "ASSIGNMENT"]), _negated=True),
                    ("completion", "BY_PASSING"),
                    _connector="OR",
                ),
                name="lesson_judged_is_done_by_passing",
                violation_error_message="Quizzes and assignments are done by passing them.",
            ),
        ),
    ]
