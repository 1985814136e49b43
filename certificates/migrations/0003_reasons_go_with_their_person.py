"""Why a certificate was revoked goes with the name of whom it was for."""

from typing import ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation

CREATE = """
CREATE OR REPLACE FUNCTION certificate_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
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
      AND NOT (NEW.holder = '' AND OLD.reason <> '' AND NEW.reason = '–'
        AND (OLD.revoked_at, OLD.revoked_by_id)
          IS NOT DISTINCT FROM (NEW.revoked_at, NEW.revoked_by_id))
    OR OLD.superseded_by_id IS NOT NULL AND NEW.superseded_by_id IS DISTINCT FROM OLD.superseded_by_id
  THEN
    RAISE EXCEPTION 'A certificate is not changed: issue another one.'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
"""
DROP = """
CREATE OR REPLACE FUNCTION certificate_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
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
"""


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [("certificates", "0002_frozen")]
    operations: ClassVar[list[Operation]] = [migrations.RunSQL(CREATE, DROP)]
