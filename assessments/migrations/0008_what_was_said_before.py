"""What was said before: remarks of the rules as rows, answers to questions as reviews.

Reviewers are a group with a right of its own, which is here from the beginning.
"""

from typing import Any

from django.db import migrations

REMARKS = """
INSERT INTO assessments_remark
    (id, analysis_id, section, text, line, rule, position, drafted, verdict, held, for_alike)
SELECT gen_random_uuid(), analysis.id, kind.section, one.value ->> 'text',
       nullif(one.value ->> 'line', '')::integer, coalesce(one.value ->> 'rule', ''),
       kind.place + one.ordinality, '', 'UNDECIDED', '', false
FROM assessments_submissionanalysis AS analysis
CROSS JOIN LATERAL (VALUES
    ('STRENGTH', 0, analysis.strengths),
    ('WEAKNESS', 100, analysis.weaknesses),
    ('SUGGESTION', 200, analysis.suggestions)
) AS kind (section, place, told)
CROSS JOIN LATERAL jsonb_array_elements(kind.told) WITH ORDINALITY AS one
"""

REVIEWS = """
INSERT INTO assessments_review
    (id, submission_id, reason, waiting_since, reviewer_id, version, note, decision, decided_at,
     sent_at, told_at, created_at)
SELECT gen_random_uuid(), submission_id, 'HELP',
       CASE WHEN replied_at IS NULL THEN created_at END, replied_by_id, 0, '',
       CASE WHEN replied_at IS NULL THEN '' ELSE 'RETURNED' END, replied_at, replied_at,
       replied_at, created_at
FROM assessments_helprequest
"""

# Their learners have read them long ago.
ANSWERS = """
INSERT INTO assessments_submissionanalysis
    (id, submission_id, kind, text, engine, created_at, read_at, form, form_places,
     strengths, weaknesses, suggestions)
SELECT gen_random_uuid(), submission_id, 'MANUAL', reply, '', replied_at, replied_at, '', '[]',
       '[]', '[]', '[]'
FROM assessments_helprequest WHERE replied_at IS NOT NULL
"""

GROUP = "reviewers"


def give_the_right(apps: Any, schema_editor: Any) -> None:
    kinds, rights = (
        apps.get_model("contenttypes", "ContentType"),
        apps.get_model("auth", "Permission"),
    )
    kind, _ = kinds.objects.get_or_create(app_label="assessments", model="review")
    right, _ = rights.objects.get_or_create(
        content_type=kind,
        codename="give_review",
        defaults={"name": "Can review learners' work"},
    )
    group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=GROUP)
    group.permissions.add(right)


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0007_feedback_of_models_and_people"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.RunSQL(REMARKS + ";" + REVIEWS + ";" + ANSWERS, migrations.RunSQL.noop),
        migrations.RunPython(give_the_right, migrations.RunPython.noop),
    ]
