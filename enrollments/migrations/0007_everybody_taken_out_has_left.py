from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    # Of its own, so that the rows are read after the table is free again.
    dependencies = [
        ("enrollments", "0006_who_was_taken_out_has_left"),
    ]

    operations = [
        ValidateConstraint(model_name="enrollment", name="enrollment_taken_out_has_left"),
    ]
