"""A number that ends all sessions of a person; one owner per verified email in any letter case."""

from typing import ClassVar

from django.db import migrations, models
from django.db.migrations.operations.base import Operation

# allauth's own constraint compares letter by letter; what is stored is in small letters, and this
# holds it to that.
ONE_OWNER = """
CREATE UNIQUE INDEX account_emailaddress_verified_lower
ON account_emailaddress (lower(email)) WHERE verified
"""


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [
        ("account", "0009_emailaddress_unique_primary_email"),
        ("accounts", "0002_uuid7_in_sql"),
    ]
    operations: ClassVar[list[Operation]] = [
        migrations.AddField(
            "user", "session_epoch", models.PositiveIntegerField(default=0, editable=False)
        ),
        migrations.AlterField("user", "email", models.EmailField("email address", max_length=254)),
        migrations.RunSQL(ONE_OWNER, "DROP INDEX account_emailaddress_verified_lower"),
    ]
