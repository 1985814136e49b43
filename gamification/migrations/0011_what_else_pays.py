"""What pays besides lessons, where a school says so: words alone, no column changes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("gamification", "0010_how_nicknames_read"),
    ]

    operations = [
        migrations.AlterField(
            model_name="policy",
            name="bonuses_pay",
            field=models.BooleanField(
                default=False,
                help_text="On: badges, streaks, completed courses, better scores in quizzes, changes that were accepted and quizzes passed again after two weeks pay XP of their own.",
            ),
        ),
        migrations.AlterField(
            model_name="xptransaction",
            name="source_type",
            field=models.CharField(
                choices=[
                    ("LESSON", "Lesson completed"),
                    ("COURSE_COMPLETED", "Course completed"),
                    ("QUIZ_IMPROVED", "Better score"),
                    ("REVIEW_RESOLVED", "Changes that were accepted"),
                    ("RECALL_PASSED", "Still know it"),
                    ("STREAK", "Streak"),
                    ("ACHIEVEMENT", "Achievement"),
                    ("CHALLENGE", "Task of a challenge"),
                    ("SEASON_GOAL", "Goal of a season"),
                    ("REFERRAL", "Somebody you brought"),
                    ("GRANT", "Given by staff"),
                    ("REVERSAL", "Taken back by staff"),
                ],
                max_length=16,
            ),
        ),
    ]
