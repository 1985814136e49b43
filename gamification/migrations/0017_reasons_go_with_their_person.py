"""The ledger stays append-only; of an erased person's entries, staff's words may go."""

from typing import ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation

# One change is allowed, and only once the owner is erased: a dash where there was a reason. By
# name, so that a column that is added later is held as well.
CREATE = """
CREATE FUNCTION entry_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE'
    AND OLD.reason <> '' AND NEW.reason = '–'
    AND to_jsonb(NEW) - 'reason' = to_jsonb(OLD) - 'reason'
    AND EXISTS (SELECT FROM accounts_user WHERE id = OLD.user_id AND deleted_at IS NOT NULL)
  THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
    USING ERRCODE = 'restrict_violation';
END $$;
DROP TRIGGER append_only_rows ON gamification_xptransaction;
CREATE TRIGGER append_only_rows BEFORE UPDATE OR DELETE ON gamification_xptransaction
  FOR EACH ROW EXECUTE FUNCTION entry_is_kept();
"""
DROP = """
DROP TRIGGER append_only_rows ON gamification_xptransaction;
CREATE TRIGGER append_only_rows BEFORE UPDATE OR DELETE ON gamification_xptransaction
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
DROP FUNCTION entry_is_kept();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [
        ("gamification", "0016_what_many_are_called"),
        ("accounts", "0008_people_can_leave"),
    ]
    operations: ClassVar[list[Operation]] = [migrations.RunSQL(CREATE, DROP)]
