"""What the owner says of the school. One that has an admin already counts as set up."""

import django.contrib.postgres.fields
import uuid6
from django.db import migrations, models
from django.utils.timezone import now

import accounts.models


def leave_known_schools_alone(apps, schema_editor):
    if apps.get_model("accounts", "User").objects.filter(role="ADMIN").exists():
        apps.get_model("accounts", "School").objects.create(set_up_at=now())


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_staff_and_names_are_found"),
    ]

    operations = [
        migrations.CreateModel(
            name="School",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid6.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("is_the_one", models.BooleanField(default=True, editable=False)),
                ("name", models.CharField(blank=True, max_length=60)),
                ("hue", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "timezone",
                    models.CharField(default="UTC", max_length=64, verbose_name="time zone"),
                ),
                (
                    "joining",
                    models.CharField(
                        choices=[
                            ("OPEN", "Everybody"),
                            ("INVITED", "Whoever has the link of invitation"),
                            ("DOMAIN", "Whoever has an address of ours, or the link of invitation"),
                        ],
                        default="OPEN",
                        max_length=8,
                    ),
                ),
                (
                    "domains",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=253), blank=True, default=list
                    ),
                ),
                (
                    "invitation",
                    models.CharField(
                        default=accounts.models.new_invitation, editable=False, max_length=32
                    ),
                ),
                (
                    "set_aside",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), default=list, editable=False
                    ),
                ),
                ("set_up_at", models.DateTimeField(editable=False, null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("is_the_one",), name="school_is_one"),
                    models.CheckConstraint(
                        condition=models.Q(("is_the_one", True)), name="school_is_the_one"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("hue", None), ("hue__lt", 360), _connector="OR"),
                        name="school_hue_is_an_angle",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("joining", "DOMAIN"), _negated=True),
                            ("domains__len__gt", 0),
                            _connector="OR",
                        ),
                        name="school_domain_is_named",
                    ),
                ],
            },
        ),
        migrations.RunPython(leave_known_schools_alone, migrations.RunPython.noop),
    ]
