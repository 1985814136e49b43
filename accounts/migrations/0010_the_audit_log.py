"""The audit log: rows are added, kept as they are, and go only once their time is over."""

import django.db.models.deletion
import django.utils.timezone
import uuid6
from django.conf import settings
from django.db import migrations, models

# Of an erased person's notes staff's words may go: a dash stands where there was a reason.
# A row trigger does not see TRUNCATE; a statement trigger does. The owner of the table can switch
# them off with ALTER TABLE … DISABLE TRIGGER: the tests do so for TRUNCATE, to empty the tables.
TRIGGERS = """
CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD.keep_until <= now() THEN RETURN OLD; END IF;
  ELSIF TG_OP = 'UPDATE' THEN
    IF OLD.reason <> '' AND NEW.reason = '–'
      AND to_jsonb(NEW) - 'reason' = to_jsonb(OLD) - 'reason'
      AND EXISTS (SELECT FROM accounts_user WHERE id = OLD.person_id AND deleted_at IS NOT NULL)
    THEN RETURN NEW; END IF;
  END IF;
  RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
    USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER append_only_rows BEFORE UPDATE OR DELETE ON accounts_auditentry
  FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();
CREATE TRIGGER append_only_table BEFORE TRUNCATE ON accounts_auditentry
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
"""
NO_TRIGGERS = """
DROP TRIGGER append_only_table ON accounts_auditentry;
DROP TRIGGER append_only_rows ON accounts_auditentry;
DROP FUNCTION refuse_audit_change();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0009_erased_people_are_found"),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid6.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="when"),
                ),
                ("kind", models.CharField(max_length=40, verbose_name="what")),
                ("target", models.CharField(blank=True, max_length=100)),
                ("title", models.CharField(blank=True, max_length=200)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("data", models.JSONField(default=dict)),
                ("ip", models.GenericIPAddressField(null=True, verbose_name="address")),
                ("request_id", models.CharField(blank=True, max_length=32, verbose_name="request")),
                ("keep_until", models.DateTimeField()),
                (
                    "actor",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "audit entry",
                "verbose_name_plural": "audit entries",
                "ordering": ["-created_at", "-id"],
                "indexes": [
                    models.Index(fields=["-created_at", "-id"], name="audit_by_time"),
                    models.Index(fields=["kind", "-created_at", "-id"], name="audit_by_kind"),
                    models.Index(fields=["actor", "-created_at", "-id"], name="audit_by_actor"),
                    models.Index(fields=["person", "-created_at", "-id"], name="audit_by_person"),
                    models.Index(fields=["target", "-created_at", "-id"], name="audit_by_target"),
                    models.Index(fields=["keep_until"], name="audit_by_end"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind", ""), _negated=True), name="auditentry_says_what"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("keep_until__gt", models.F("created_at"))),
                        name="auditentry_is_kept",
                    ),
                ],
            },
        ),
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
    ]
