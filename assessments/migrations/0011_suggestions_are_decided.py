"""A person decides about a draft's message and figures too. Nothing that is there changes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0010_questions_about_quizzes"),
    ]

    operations = [
        migrations.AddField(
            model_name="attemptanalysis",
            name="text_accepted",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="submissionanalysis",
            name="figures_accepted",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="submissionanalysis",
            name="text_accepted",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
