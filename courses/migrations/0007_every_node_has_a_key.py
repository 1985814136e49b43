"""Modules and lessons have a key from their making; those without one get a random word."""

from django.db import migrations, models

from courses.keys import new_key

FILL = """
UPDATE {table} SET key = 'k' || left(replace(gen_random_uuid()::text, '-', ''), 11) WHERE key = '';
"""


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0006_titles_are_lines_and_slugs_small"),
    ]

    operations = [
        migrations.RunSQL(
            FILL.format(table="courses_module") + FILL.format(table="courses_lesson"),
            migrations.RunSQL.noop,
        ),
        migrations.RemoveConstraint(model_name="lesson", name="lesson_key_unique"),
        migrations.RemoveConstraint(model_name="module", name="module_key_unique"),
        migrations.AlterField(
            model_name="lesson",
            name="key",
            field=models.CharField(default=new_key, editable=False, max_length=200),
        ),
        migrations.AlterField(
            model_name="module",
            name="key",
            field=models.CharField(default=new_key, editable=False, max_length=120),
        ),
        migrations.AddConstraint(
            model_name="lesson",
            constraint=models.UniqueConstraint(fields=("course", "key"), name="lesson_key_unique"),
        ),
        migrations.AddConstraint(
            model_name="lesson",
            constraint=models.CheckConstraint(condition=~models.Q(key=""), name="lesson_has_a_key"),
        ),
        migrations.AddConstraint(
            model_name="module",
            constraint=models.UniqueConstraint(fields=("course", "key"), name="module_key_unique"),
        ),
        migrations.AddConstraint(
            model_name="module",
            constraint=models.CheckConstraint(condition=~models.Q(key=""), name="module_has_a_key"),
        ),
    ]
