"""Events are added and never changed: not by the app, the admin, or a typed statement."""

from typing import ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation

# A row trigger does not see TRUNCATE; a statement trigger does. The owner of the table can switch
# them off with ALTER TABLE … DISABLE TRIGGER: the tests do so for TRUNCATE, to empty the tables.
CREATE = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
    USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER append_only_rows BEFORE UPDATE OR DELETE ON activity_event
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_table BEFORE TRUNCATE ON activity_event
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
DROP = """
DROP TRIGGER append_only_table ON activity_event;
DROP TRIGGER append_only_rows ON activity_event;
DROP FUNCTION refuse_change();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [("activity", "0001_initial")]
    operations: ClassVar[list[Operation]] = [migrations.RunSQL(CREATE, DROP)]
