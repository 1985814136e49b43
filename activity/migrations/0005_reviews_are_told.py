from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("activity", "0004_assignments"),
    ]

    operations = [
        migrations.AlterField(
            model_name="event",
            name="kind",
            field=models.CharField(
                choices=[
                    ("SIGNED_UP", "signed up"),
                    ("ENROLLED", "enrolled"),
                    ("LEFT_COURSE", "left a course"),
                    ("ENROLLED_IN_LANGUAGE", "enrolled in a language"),
                    ("LESSON_COMPLETED", "completed a lesson"),
                    ("ATTEMPT_FINISHED", "finished a quiz"),
                    ("QUIZ_PASSED", "passed a quiz"),
                    ("ATTEMPT_REGRADED", "had a quiz marked again"),
                    ("REPORT_ANSWERED", "got an answer about a question"),
                    ("SUBMISSION_JUDGED", "handed in code"),
                    ("ASSIGNMENT_PASSED", "passed an assignment"),
                    ("SUBMISSION_REJUDGED", "had code judged again"),
                    ("HELP_GIVEN", "got help with code"),
                    ("REVIEW_GIVEN", "got a review"),
                    ("REPLY_GIVEN", "got an answer about feedback"),
                    ("COURSE_COMPLETED", "completed a course"),
                    ("LEVEL_REACHED", "reached a level"),
                    ("COURSE_PUBLISHED", "published a course"),
                ],
                max_length=32,
            ),
        ),
    ]
