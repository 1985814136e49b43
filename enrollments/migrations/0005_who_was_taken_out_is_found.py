from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # An index that is built while people go on writing.
    atomic = False

    dependencies = [
        ("enrollments", "0004_who_was_taken_out"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="enrollment",
            index=models.Index(
                fields=["course", "-taken_out_at"],
                condition=models.Q(taken_out_at__isnull=False),
                name="enrollment_taken_out",
            ),
        ),
    ]
