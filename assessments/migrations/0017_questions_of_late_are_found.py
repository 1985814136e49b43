"""An index: the questions of the last days, for what came to the reviewers."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("assessments", "0016_what_came_of_late_is_found")]

    operations = [
        AddIndexConcurrently("helprequest", models.Index(fields=["created_at"], name="help_asked")),
    ]
