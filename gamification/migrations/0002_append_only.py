"""The ledger is added to and never changed."""

from typing import ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation

CREATE = """
CREATE TRIGGER append_only_rows BEFORE UPDATE OR DELETE ON gamification_xptransaction
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_table BEFORE TRUNCATE ON gamification_xptransaction
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
DROP = """
DROP TRIGGER append_only_table ON gamification_xptransaction;
DROP TRIGGER append_only_rows ON gamification_xptransaction;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [
        ("gamification", "0001_initial"),
        ("activity", "0002_append_only"),
    ]
    operations: ClassVar[list[Operation]] = [migrations.RunSQL(CREATE, DROP)]
