"""Kinds of events about what motivates."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("activity", "0005_reviews_are_told"),
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
                    ("ACHIEVEMENT_EARNED", "earned a badge"),
                    ("STREAK_REACHED", "learned so many days in a row"),
                    ("CHALLENGE_FINISHED", "finished a challenge"),
                    ("SEASON_ENDED", "has the result of a season"),
                    ("REFERRAL_QUALIFIED", "brought somebody who learns"),
                    ("XP_CORRECTED", "had XP given or taken back by staff"),
                    ("CERTIFICATE_ISSUED", "got a certificate"),
                    ("CERTIFICATE_REVOKED", "had a certificate revoked"),
                    ("COURSE_PUBLISHED", "published a course"),
                ],
                max_length=32,
            ),
        ),
    ]
