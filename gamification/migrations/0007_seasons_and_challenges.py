"""One season at a time, results that stay as they were, and new starts with a reason."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.utils.timezone
import uuid6
from django.conf import settings
from django.db import migrations, models

FREEZE = """
CREATE TRIGGER results_stay BEFORE UPDATE OR DELETE ON gamification_seasonresult
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE FUNCTION refuse_late_results() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM gamification_season season
    WHERE season.closed_at IS NOT NULL AND season.id IN (SELECT season_id FROM added)
  ) THEN
    RAISE EXCEPTION 'the season is closed: % of a result refused', TG_OP
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER results_are_complete AFTER INSERT ON gamification_seasonresult
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION refuse_late_results();

CREATE TRIGGER closed_season_stays BEFORE UPDATE ON gamification_season FOR EACH ROW
  WHEN (OLD.closed_at IS NOT NULL
    AND (NEW.id, NEW.starts_at, NEW.ends_at, NEW.closed_at)
      IS DISTINCT FROM (OLD.id, OLD.starts_at, OLD.ends_at, OLD.closed_at))
  EXECUTE FUNCTION refuse_change();
"""
THAW = """
DROP TRIGGER closed_season_stays ON gamification_season;
DROP TRIGGER results_are_complete ON gamification_seasonresult;
DROP FUNCTION refuse_late_results();
DROP TRIGGER results_stay ON gamification_seasonresult;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("gamification", "0004_who_is_listed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ChallengeRestart",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid6.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("reason", models.CharField(max_length=300)),
                ("started_at", models.DateTimeField()),
                ("deadline", models.DateTimeField()),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
            ],
            options={
                "ordering": ["created_at"],
            },
        ),
        migrations.AddField(
            model_name="season",
            name="told_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AlterField(
            model_name="seasonresult",
            name="season",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="results",
                to="gamification.season",
            ),
        ),
        migrations.AddIndex(
            model_name="challengeentry",
            index=models.Index(
                condition=models.Q(("finished_at", None)),
                fields=["deadline"],
                name="challenge_entry_going_on",
            ),
        ),
        migrations.AddIndex(
            model_name="seasonresult",
            index=models.Index(fields=["season", "rank"], name="season_result_places"),
        ),
        migrations.AddConstraint(
            model_name="season",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    (
                        models.Func(
                            "starts_at",
                            "ends_at",
                            function="tstzrange",
                            output_field=django.contrib.postgres.fields.ranges.DateTimeRangeField(),
                        ),
                        "&&",
                    )
                ],
                name="seasons_apart",
                violation_error_message="Another season lies in these weeks.",
            ),
        ),
        migrations.AddField(
            model_name="challengerestart",
            name="entry",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="restarts",
                to="gamification.challengeentry",
            ),
        ),
        migrations.AddField(
            model_name="challengerestart",
            name="given_by",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="challengerestart",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True),
                name="challenge_restart_has_a_reason",
            ),
        ),
        migrations.RunSQL(FREEZE, THAW),
    ]
