from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("enrollments", "0005_who_was_taken_out_is_found"),
    ]

    operations = [
        AddConstraintNotValid(
            model_name="enrollment",
            constraint=models.CheckConstraint(
                condition=models.Q(("taken_out_at", None), ("status", "DROPPED"), _connector="OR"),
                name="enrollment_taken_out_has_left",
            ),
        ),
    ]
