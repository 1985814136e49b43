"""What a certificate says is never told differently."""

from typing import ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation

# The name may go, with the person; nothing else may change, and no certificate may vanish.
CREATE = """
CREATE FUNCTION certificate_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE'
    OR (OLD.code, OLD.user_id, OLD.course_id, OLD.issued_at)
      IS DISTINCT FROM (NEW.code, NEW.user_id, NEW.course_id, NEW.issued_at)
    OR OLD.snapshot <> NEW.snapshot
    OR NEW.holder NOT IN (OLD.holder, '')
    OR NEW.credential NOT IN (OLD.credential, '') AND OLD.credential <> ''
    OR OLD.revoked_at IS NOT NULL AND NEW.revoked_at IS DISTINCT FROM OLD.revoked_at
    OR OLD.superseded_by_id IS NOT NULL AND NEW.superseded_by_id IS DISTINCT FROM OLD.superseded_by_id
  THEN
    RAISE EXCEPTION 'A certificate is not changed: issue another one.'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER certificate_is_frozen BEFORE UPDATE OR DELETE ON certificates_certificate
  FOR EACH ROW EXECUTE FUNCTION certificate_is_frozen();
"""
DROP = """
DROP TRIGGER certificate_is_frozen ON certificates_certificate;
DROP FUNCTION certificate_is_frozen();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [("certificates", "0001_initial")]
    operations: ClassVar[list[Operation]] = [migrations.RunSQL(CREATE, DROP)]
