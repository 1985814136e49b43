"""What stands in rows of its own by now."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("assessments", "0008_what_was_said_before")]

    operations = [
        migrations.RemoveConstraint(
            model_name="helprequest",
            name="help_request_replied_by_somebody",
        ),
        migrations.RemoveField(
            model_name="submissionanalysis",
            name="strengths",
        ),
        migrations.RemoveField(
            model_name="submissionanalysis",
            name="suggestions",
        ),
        migrations.RemoveField(
            model_name="submissionanalysis",
            name="weaknesses",
        ),
        migrations.RemoveField(
            model_name="helprequest",
            name="replied_at",
        ),
        migrations.RemoveField(
            model_name="helprequest",
            name="replied_by",
        ),
        migrations.RemoveField(
            model_name="helprequest",
            name="reply",
        ),
    ]
