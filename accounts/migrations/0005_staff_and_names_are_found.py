"""Who is staff, and who is called how, without looking at everybody. Nobody waits for it."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models.functions import Upper


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("accounts", "0004_who_is_a_minor"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="user",
            index=models.Index(
                condition=models.Q(("role", "ADMIN")), fields=["id"], name="user_is_admin"
            ),
        ),
        AddIndexConcurrently(
            model_name="user",
            index=models.Index(Upper("name"), name="user_by_name"),
        ),
    ]
