"""Keys of options that lie in no order: those in use told in which order they were written."""

import uuid

from django.db import migrations, models

RENEW = """
    CREATE TEMPORARY TABLE renewed ON COMMIT DROP AS
      SELECT id AS old, gen_random_uuid() AS new FROM assessments_option;
    UPDATE assessments_answer answer
    SET option_order = ARRAY(
          SELECT coalesce(renewed.new, shown.id)
          FROM unnest(answer.option_order) WITH ORDINALITY AS shown (id, place)
          LEFT JOIN renewed ON renewed.old = shown.id ORDER BY shown.place),
        chosen = ARRAY(
          SELECT coalesce(renewed.new, picked.id)
          FROM unnest(answer.chosen) WITH ORDINALITY AS picked (id, place)
          LEFT JOIN renewed ON renewed.old = picked.id ORDER BY picked.place)
    WHERE cardinality(answer.option_order) > 0;
    UPDATE assessments_option SET id = renewed.new FROM renewed WHERE id = renewed.old;
"""


class Migration(migrations.Migration):
    dependencies = [("assessments", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="option",
            name="id",
            field=models.UUIDField(
                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
            ),
        ),
        migrations.RunSQL(RENEW, migrations.RunSQL.noop),
    ]
