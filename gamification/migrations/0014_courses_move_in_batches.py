"""A course that got another language is counted in batches: which are not through yet."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("gamification", "0013_languages_of_counted_courses"),
    ]

    operations = [
        migrations.AddField(
            model_name="countedcourse",
            name="moving_since",
            field=models.DateTimeField(null=True),
        ),
    ]
