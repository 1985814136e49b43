"""Indexes: code that our side did not get through with, for the page of the runner."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

IN_TROUBLE = models.Q(status="ERROR") | ~models.Q(fault="")


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("assessments", "0014_what_first_brought_a_review")]

    operations = [
        AddIndexConcurrently(
            name,
            models.Index(fields=["created_at"], condition=IN_TROUBLE, name=f"{name}_trouble"),
        )
        for name in ("submission", "run")
    ]
