"""Certificates, and the keys they are signed with."""

import django.db.models.deletion
import django.utils.timezone
import uuid6
from django.conf import settings
from django.db import migrations, models

import certificates.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("courses", "0011_when_drafts_are_shown"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SigningKey",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid6.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("public", models.BinaryField(max_length=32)),
                ("private", models.BinaryField(max_length=200)),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("retired_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("retired_at",),
                        name="signing_key_in_use_is_one",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Certificate",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid6.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        default=certificates.models.new_code,
                        editable=False,
                        max_length=32,
                        unique=True,
                    ),
                ),
                ("holder", models.CharField(blank=True, max_length=120)),
                ("snapshot", models.JSONField()),
                ("issued_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "is_private",
                    models.BooleanField(
                        default=False,
                        help_text="Checked only by somebody who knows the name as well.",
                    ),
                ),
                (
                    "credential",
                    models.TextField(blank=True, help_text="The signed Open Badges credential."),
                ),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, max_length=300)),
                (
                    "course",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="courses.course",
                    ),
                ),
                (
                    "issued_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        help_text=(
                            "Who issued it by hand or put the name right. Nobody: the course itself."
                        ),
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "revoked_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "superseded_by",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="supersedes",
                        to="certificates.certificate",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificates",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "key",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="certificates.signingkey",
                    ),
                ),
            ],
            options={
                "ordering": ["-issued_at"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_by", None)),
                        fields=("user", "course"),
                        name="certificate_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reason", ""), ("revoked_at", None), ("revoked_by", None)),
                            models.Q(
                                ("revoked_at__isnull", False),
                                ("revoked_by__isnull", False),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="certificate_revoked_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("credential", ""), ("key", None)),
                            models.Q(
                                models.Q(("credential", ""), _negated=True), ("key__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="certificate_signed_with_a_key",
                    ),
                ],
                "indexes": [
                    models.Index(fields=["user", "course"], name="certificate_chain"),
                    models.Index(
                        condition=models.Q(
                            ("credential", ""), models.Q(("holder", ""), _negated=True)
                        ),
                        fields=["id"],
                        name="certificate_unsigned",
                    ),
                    models.Index(
                        condition=models.Q(("revoked_at__isnull", False)),
                        fields=["revoked_at"],
                        name="certificate_revoked",
                    ),
                ],
            },
        ),
    ]
