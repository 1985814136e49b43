"""Titles are one line, authors and tags are lists of lines, slugs are in small letters."""

from django.db import migrations, models
from django.db.models.functions import Lower
from django.db.models.lookups import Exact

from courses.texts import SMALL_LETTERS, validate_line, validate_lines, validate_small_letters

LISTS = """
UPDATE courses_course SET {name} = '[]' WHERE jsonb_typeof({name}) <> 'array';
UPDATE courses_course SET {name} = (
  SELECT coalesce(jsonb_agg(one), '[]') FROM jsonb_array_elements({name}) AS one
  WHERE jsonb_typeof(one) = 'string'
) WHERE jsonb_path_exists({name}, '$[*] ? (@.type() <> "string")');
"""
# Where a row with the small letters is there already, the end of the key makes the difference.
SLUGS = """
UPDATE {table} AS row SET slug = CASE
  WHEN EXISTS (
    SELECT FROM {table} AS other
    WHERE lower(other.slug) = lower(row.slug) AND other.id <> row.id {within}
  ) THEN left(lower(row.slug), {room}) || '-' || right(row.id::text, 8)
  ELSE lower(row.slug) END
WHERE row.slug <> lower(row.slug);
"""
WITHIN = "AND other.course_id = row.course_id"
MEND = "".join(
    [
        LISTS.format(name="authors"),
        LISTS.format(name="tags"),
        SLUGS.format(table="courses_programminglanguage", room=51, within=""),
        SLUGS.format(table="courses_course", room=71, within=""),
        SLUGS.format(table="courses_module", room=71, within=WITHIN),
        SLUGS.format(table="courses_lesson", room=71, within=WITHIN),
    ]
)


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0005_quizzes_are_done_by_passing"),
    ]

    operations = [
        migrations.RunSQL(MEND, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="course",
            name="authors",
            field=models.JSONField(
                blank=True, default=list, help_text="Names only.", validators=[validate_lines]
            ),
        ),
        migrations.AlterField(
            model_name="course",
            name="licence",
            field=models.CharField(blank=True, max_length=60, validators=[validate_line]),
        ),
        migrations.AlterField(
            model_name="course",
            name="slug",
            field=models.SlugField(max_length=80, unique=True, validators=[validate_small_letters]),
        ),
        migrations.AlterField(
            model_name="course",
            name="summary",
            field=models.CharField(blank=True, max_length=240, validators=[validate_line]),
        ),
        migrations.AlterField(
            model_name="course",
            name="tags",
            field=models.JSONField(blank=True, default=list, validators=[validate_lines]),
        ),
        migrations.AlterField(
            model_name="course",
            name="title",
            field=models.CharField(max_length=120, validators=[validate_line]),
        ),
        migrations.AlterField(
            model_name="lesson",
            name="slug",
            field=models.SlugField(max_length=80, validators=[validate_small_letters]),
        ),
        migrations.AlterField(
            model_name="lesson",
            name="summary",
            field=models.CharField(blank=True, max_length=240, validators=[validate_line]),
        ),
        migrations.AlterField(
            model_name="lesson",
            name="title",
            field=models.CharField(max_length=120, validators=[validate_line]),
        ),
        migrations.AlterField(
            model_name="module",
            name="description",
            field=models.CharField(blank=True, max_length=400, validators=[validate_line]),
        ),
        migrations.AlterField(
            model_name="module",
            name="slug",
            field=models.SlugField(max_length=80, validators=[validate_small_letters]),
        ),
        migrations.AlterField(
            model_name="module",
            name="title",
            field=models.CharField(max_length=120, validators=[validate_line]),
        ),
        migrations.AlterField(
            model_name="programminglanguage",
            name="name",
            field=models.CharField(max_length=60, validators=[validate_line]),
        ),
        migrations.AlterField(
            model_name="programminglanguage",
            name="slug",
            field=models.SlugField(max_length=60, unique=True, validators=[validate_small_letters]),
        ),
        migrations.AddConstraint(
            model_name="course",
            constraint=models.CheckConstraint(
                condition=models.Q(("slug", Lower("slug"))),
                name="course_slug_in_small_letters",
                violation_error_message=SMALL_LETTERS,
            ),
        ),
        migrations.AddConstraint(
            model_name="course",
            constraint=models.CheckConstraint(
                condition=Exact(
                    models.Func(
                        models.F("authors"),
                        function="jsonb_typeof",
                        output_field=models.TextField(),
                    ),
                    models.Value("array"),
                ),
                name="course_authors_are_a_list",
                violation_error_message="Give a list of texts.",
            ),
        ),
        migrations.AddConstraint(
            model_name="course",
            constraint=models.CheckConstraint(
                condition=Exact(
                    models.Func(
                        models.F("tags"), function="jsonb_typeof", output_field=models.TextField()
                    ),
                    models.Value("array"),
                ),
                name="course_tags_are_a_list",
                violation_error_message="Give a list of texts.",
            ),
        ),
        migrations.AddConstraint(
            model_name="lesson",
            constraint=models.CheckConstraint(
                condition=models.Q(("slug", Lower("slug"))),
                name="lesson_slug_in_small_letters",
                violation_error_message=SMALL_LETTERS,
            ),
        ),
        migrations.AddConstraint(
            model_name="module",
            constraint=models.CheckConstraint(
                condition=models.Q(("slug", Lower("slug"))),
                name="module_slug_in_small_letters",
                violation_error_message=SMALL_LETTERS,
            ),
        ),
        migrations.AddConstraint(
            model_name="programminglanguage",
            constraint=models.CheckConstraint(
                condition=models.Q(("slug", Lower("slug"))),
                name="language_slug_in_small_letters",
                violation_error_message=SMALL_LETTERS,
            ),
        ),
    ]
