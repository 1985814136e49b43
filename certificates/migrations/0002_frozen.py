"""What a certificate says is never told differently."""

from typing import ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation

# What may happen to a row: the name goes with the person, and the signature with the name; it is
# signed once, revoked once while it is current, replaced once; it is private or public. Nothing
# else changes, and no certificate vanishes. The tests switch the second trigger off, to empty the
# tables.
CREATE = """
CREATE FUNCTION certificate_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE'
    OR (OLD.id, OLD.code, OLD.user_id, OLD.course_id, OLD.snapshot, OLD.issued_at, OLD.issued_by_id)
      IS DISTINCT FROM
      (NEW.id, NEW.code, NEW.user_id, NEW.course_id, NEW.snapshot, NEW.issued_at, NEW.issued_by_id)
    OR NEW.holder NOT IN (OLD.holder, '')
    OR NEW.holder = '' AND NEW.credential <> ''
    OR (OLD.credential, OLD.key_id) IS DISTINCT FROM (NEW.credential, NEW.key_id)
      AND NOT (OLD.credential = '' AND NEW.holder <> '')
      AND NOT (NEW.credential = '' AND NEW.holder = '')
    OR (OLD.revoked_at, OLD.revoked_by_id, OLD.reason)
      IS DISTINCT FROM (NEW.revoked_at, NEW.revoked_by_id, NEW.reason)
      AND (OLD.revoked_at IS NOT NULL OR OLD.superseded_by_id IS NOT NULL)
    OR OLD.superseded_by_id IS NOT NULL AND NEW.superseded_by_id IS DISTINCT FROM OLD.superseded_by_id
  THEN
    RAISE EXCEPTION 'A certificate is not changed: issue another one.'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER certificate_is_frozen BEFORE UPDATE OR DELETE ON certificates_certificate
  FOR EACH ROW EXECUTE FUNCTION certificate_is_frozen();
CREATE TRIGGER append_only_table BEFORE TRUNCATE ON certificates_certificate
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
DROP = """
DROP TRIGGER append_only_table ON certificates_certificate;
DROP TRIGGER certificate_is_frozen ON certificates_certificate;
DROP FUNCTION certificate_is_frozen();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [
        ("certificates", "0001_initial"),
        ("activity", "0002_append_only"),
    ]
    operations: ClassVar[list[Operation]] = [migrations.RunSQL(CREATE, DROP)]
