"""Exports of what is known of somebody, what they agreed to, and who was erased."""

import django.db.models.deletion
import django.utils.timezone
import uuid6
from django.conf import settings
from django.db import migrations, models

# Consent is proven by its row: none is changed, and none goes but with a sign-up that nobody
# finished.
KEEP = """
CREATE FUNCTION consent_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND EXISTS (
    SELECT FROM accounts_user WHERE id = OLD.user_id AND last_login IS NULL AND deleted_at IS NULL)
  THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
    USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER append_only_rows BEFORE UPDATE OR DELETE ON accounts_consent
  FOR EACH ROW EXECUTE FUNCTION consent_is_kept();
"""
LET_GO = """
DROP TRIGGER append_only_rows ON accounts_consent;
DROP FUNCTION consent_is_kept();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_tokens_for_reading"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="Consent",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid6.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("AGE", "Being old enough, or a parent's consent"),
                            ("VISITS", "Visits counted under one's name"),
                        ],
                        max_length=8,
                    ),
                ),
                ("is_given", models.BooleanField()),
                ("text", models.CharField(max_length=500)),
                ("at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                "ordering": ["at"],
            },
        ),
        migrations.CreateModel(
            name="PersonExport",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid6.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("claimed_until", models.DateTimeField(null=True)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("ready_at", models.DateTimeField(null=True)),
                ("failed_at", models.DateTimeField(null=True)),
                ("file", models.FileField(blank=True, max_length=120, upload_to="exports/")),
                ("size", models.PositiveBigIntegerField(default=0)),
            ],
            options={
                "ordering": ["-asked_at"],
            },
        ),
        migrations.AddField(
            model_name="consent",
            name="user",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="consents",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="personexport",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="exports",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="consent",
            index=models.Index(fields=["user", "kind", "-at"], name="consent_of_person"),
        ),
        migrations.AddConstraint(
            model_name="personexport",
            constraint=models.UniqueConstraint(
                condition=models.Q(("failed_at", None), ("ready_at", None)),
                fields=("user",),
                name="person_export_one_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="personexport",
            constraint=models.CheckConstraint(
                condition=models.Q(("file", ""), ("ready_at__isnull", False), _connector="OR"),
                name="person_export_ready_at_a_time",
            ),
        ),
        migrations.AddField(
            model_name="school",
            name="minimum_age",
            field=models.SmallIntegerField(blank=True, null=True),
        ),
        migrations.RunSQL(KEEP, LET_GO),
    ]
