"""Files keep what was brought in beside what is served, courses what their links meant."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0008_an_import_is_planned_and_applied"),
    ]

    operations = [
        migrations.AddField(
            model_name="asset",
            name="original",
            field=models.FileField(blank=True, default="", editable=False, upload_to="originals/"),
        ),
        migrations.AddField(
            model_name="course",
            name="links_hash",
            field=models.CharField(blank=True, default="", editable=False, max_length=64),
            preserve_default=False,
        ),
    ]
