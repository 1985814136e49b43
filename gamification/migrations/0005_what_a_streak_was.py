"""How the last run ended, and which streaks are at their end."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("gamification", "0006_badges_are_due_again_and_again"),
    ]

    operations = [
        migrations.AddField(
            model_name="streak",
            name="froze_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="streak",
            name="ended_length",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddIndex(
            model_name="streak",
            index=models.Index(
                condition=models.Q(("alive_until__isnull", False)),
                fields=["alive_until"],
                name="streak_at_its_end",
            ),
        ),
    ]
