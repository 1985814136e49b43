"""Nodes remember the hash of their last import, and texts by which version they were rendered."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0002_lesson_stays_in_its_course"),
    ]

    operations = [
        migrations.AddField(
            model_name="course",
            name="imported_hash",
            field=models.CharField(blank=True, editable=False, max_length=64),
        ),
        migrations.AddField(
            model_name="course",
            name="rendering",
            field=models.PositiveSmallIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name="lesson",
            name="imported_hash",
            field=models.CharField(blank=True, editable=False, max_length=64),
        ),
        migrations.AddField(
            model_name="lesson",
            name="rendering",
            field=models.PositiveSmallIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name="module",
            name="imported_hash",
            field=models.CharField(blank=True, editable=False, max_length=64),
        ),
        migrations.AddField(
            model_name="lesson",
            name="source",
            field=models.CharField(blank=True, editable=False, max_length=300),
        ),
        migrations.AddField(
            model_name="module",
            name="source",
            field=models.CharField(blank=True, editable=False, max_length=300),
        ),
    ]
