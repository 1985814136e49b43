"""Who wrote last at a desk, and what others had written before. Whoever is at one wrote there."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F


def note_who_is_at_it(apps, schema_editor):
    reviews = apps.get_model("assessments", "Review").objects
    reviews.filter(reviewer__isnull=False).update(writer=F("reviewer"))


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("assessments", "0011_suggestions_are_decided"),
    ]

    operations = [
        migrations.AddField(
            model_name="review",
            name="earlier",
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name="review",
            name="writer",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunPython(note_who_is_at_it, migrations.RunPython.noop),
    ]
