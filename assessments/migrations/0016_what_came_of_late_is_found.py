"""Indexes: reviews and replies of the last days, for how long learners wait."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("assessments", "0015_trouble_is_found")]

    operations = [
        AddIndexConcurrently(model, models.Index(fields=["created_at"], name=name))
        for model, name in (("review", "review_came"), ("reply", "reply_said"))
    ]
