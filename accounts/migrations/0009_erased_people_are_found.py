"""Who was erased is found without looking at everybody."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("accounts", "0008_people_can_leave")]
    operations = [
        AddIndexConcurrently(
            model_name="user",
            index=models.Index(
                condition=models.Q(("deleted_at", None), _negated=True),
                fields=["id"],
                name="user_is_erased",
            ),
        ),
    ]
