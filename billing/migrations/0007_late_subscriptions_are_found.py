"""Which subscriptions are late, without looking at all of them. Nobody waits for it."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("billing", "0006_seats_say_who_took_them_back")]

    operations = [
        AddIndexConcurrently(
            "subscription",
            models.Index(
                condition=models.Q(("status", "past_due")),
                fields=["past_due_since"],
                name="subscription_late",
            ),
        ),
    ]
