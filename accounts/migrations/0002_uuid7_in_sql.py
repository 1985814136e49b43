"""UUIDv7 made by the database, for rows inserted by one statement over many people."""

from typing import ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation

# PostgreSQL 18 has uuidv7() built in; before, the 48 bits of milliseconds are laid over a random
# UUID and the version is set to 7 (RFC 9562, section 5.7).
CREATE = """
DO $do$ BEGIN
IF current_setting('server_version_num')::int >= 180000 THEN
  CREATE FUNCTION waymark_uuid7() RETURNS uuid LANGUAGE sql VOLATILE PARALLEL SAFE
  AS 'SELECT uuidv7()';
ELSE
  CREATE FUNCTION waymark_uuid7() RETURNS uuid LANGUAGE sql VOLATILE PARALLEL SAFE AS $f$
    SELECT encode(
      set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
        PLACING substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3)
        FROM 1 FOR 6), 52, 1), 53, 1), 'hex')::uuid
  $f$;
END IF;
END $do$
"""


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [("accounts", "0001_initial")]
    operations: ClassVar[list[Operation]] = [
        migrations.RunSQL(CREATE, "DROP FUNCTION waymark_uuid7()")
    ]
