"""How often the facts behind a streak changed: who waited for its lock knows whether to look again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("gamification", "0011_what_else_pays"),
    ]

    operations = [
        migrations.AddField(
            model_name="streak",
            name="version",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
    ]
