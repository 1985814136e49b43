"""When learners see what a language model drafted."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0010_files_know_where_they_come_from"),
    ]

    operations = [
        migrations.AddField(
            model_name="course",
            name="ai_drafts",
            field=models.CharField(
                choices=[
                    ("AFTER_REVIEW", "After a person has published them"),
                    ("AT_ONCE", "At once, marked as a model's words"),
                    ("OFF", "Never: no model is asked"),
                ],
                default="AFTER_REVIEW",
                help_text="When learners see feedback that a language model drafted.",
                max_length=12,
                verbose_name="drafts of a model",
            ),
        ),
    ]
