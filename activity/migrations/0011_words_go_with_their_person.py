"""Events stay append-only; of an erased person's, words that staff wrote to them may go."""

from typing import ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation

# One change is allowed, and only once the owner is erased: the snapshot without these two keys.
CREATE = """
CREATE FUNCTION event_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE'
    AND (NEW.id, NEW.user_id, NEW.kind, NEW.subject, NEW.created_at)
      IS NOT DISTINCT FROM (OLD.id, OLD.user_id, OLD.kind, OLD.subject, OLD.created_at)
    AND NEW.data = OLD.data - ARRAY['reply', 'reason']
    AND EXISTS (SELECT FROM accounts_user WHERE id = OLD.user_id AND deleted_at IS NOT NULL)
  THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
    USING ERRCODE = 'restrict_violation';
END $$;
DROP TRIGGER append_only_rows ON activity_event;
CREATE TRIGGER append_only_rows BEFORE UPDATE OR DELETE ON activity_event
  FOR EACH ROW EXECUTE FUNCTION event_is_kept();
"""
DROP = """
DROP TRIGGER append_only_rows ON activity_event;
CREATE TRIGGER append_only_rows BEFORE UPDATE OR DELETE ON activity_event
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
DROP FUNCTION event_is_kept();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [
        ("activity", "0010_say_took_part_in_a_season"),
        ("accounts", "0008_people_can_leave"),
    ]
    operations: ClassVar[list[Operation]] = [migrations.RunSQL(CREATE, DROP)]
