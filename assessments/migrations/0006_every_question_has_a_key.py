"""Questions, options and cases have a key from their making; the others get a random word."""

from django.db import migrations, models

from courses.keys import new_key

FILL = """
UPDATE {table} SET key = 'k' || left(replace(gen_random_uuid()::text, '-', ''), 11) WHERE key = '';
"""
TABLES = ("assessments_question", "assessments_option", "assessments_testcase")


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0005_find_what_was_finished"),
        ("courses", "0007_every_node_has_a_key"),
    ]

    operations = [
        migrations.RunSQL(
            "".join(FILL.format(table=table) for table in TABLES), migrations.RunSQL.noop
        ),
        migrations.RemoveConstraint(model_name="option", name="option_key_unique"),
        migrations.RemoveConstraint(model_name="question", name="question_key_unique"),
        migrations.AlterField(
            model_name="option",
            name="key",
            field=models.CharField(default=new_key, editable=False, max_length=80),
        ),
        migrations.AlterField(
            model_name="question",
            name="key",
            field=models.CharField(default=new_key, editable=False, max_length=80),
        ),
        migrations.AlterField(
            model_name="testcase",
            name="key",
            field=models.CharField(default=new_key, editable=False, max_length=120),
        ),
        migrations.AddConstraint(
            model_name="option",
            constraint=models.UniqueConstraint(
                fields=("question", "key"), name="option_key_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="option",
            constraint=models.CheckConstraint(condition=~models.Q(key=""), name="option_has_a_key"),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.UniqueConstraint(fields=("quiz", "key"), name="question_key_unique"),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=~models.Q(key=""), name="question_has_a_key"
            ),
        ),
        migrations.AddConstraint(
            model_name="testcase",
            constraint=models.CheckConstraint(
                condition=~models.Q(key=""), name="test_case_has_a_key"
            ),
        ),
    ]
