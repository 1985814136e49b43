"""Files say whether an import brought them in."""

from django.db import migrations, models
from django.db.models import F


def tell_imported(apps, schema_editor):
    """What lies in a folder came from one: files that are added on the site have plain names.

    What cannot be told is taken for the site's own, which no import deletes.
    """
    imported = apps.get_model("courses", "Course").objects.exclude(imported_hash="")
    files = apps.get_model("courses", "Asset").objects.filter(course__in=imported)
    files.filter(path__contains="/").update(imported_hash=F("sha256"))


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0009_originals_of_pictures"),
    ]

    operations = [
        migrations.AddField(
            model_name="asset",
            name="imported_hash",
            field=models.CharField(blank=True, default="", editable=False, max_length=64),
            preserve_default=False,
        ),
        migrations.RunPython(tell_imported, migrations.RunPython.noop),
    ]
