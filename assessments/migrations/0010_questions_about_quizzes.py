"""A quiz can be asked about, its words rated and answered. Nothing that is there changes."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0009_remarks_are_rows"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="attemptanalysis",
            name="is_helpful",
            field=models.BooleanField(null=True),
        ),
        migrations.AddField(
            model_name="attemptanalysis",
            name="rated_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="helprequest",
            name="attempt",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="help_request",
                to="assessments.attempt",
            ),
        ),
        migrations.AddField(
            model_name="reply",
            name="attempt_analysis",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="replies",
                to="assessments.attemptanalysis",
            ),
        ),
        migrations.AlterField(
            model_name="helprequest",
            name="submission",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="help_request",
                to="assessments.submission",
            ),
        ),
        migrations.AlterField(
            model_name="reply",
            name="analysis",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="replies",
                to="assessments.submissionanalysis",
            ),
        ),
        migrations.AddConstraint(
            model_name="attemptanalysis",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("is_helpful", None), ("rated_at", None)),
                    models.Q(("is_helpful__isnull", False), ("rated_at__isnull", False)),
                    _connector="OR",
                ),
                name="attempt_analysis_rated_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="helprequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("attempt", None), ("submission__isnull", False)),
                    models.Q(("attempt__isnull", False), ("submission", None)),
                    _connector="OR",
                ),
                name="help_request_about_one_thing",
            ),
        ),
        migrations.AddConstraint(
            model_name="reply",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("analysis__isnull", False), ("attempt_analysis", None)),
                    models.Q(
                        ("analysis", None), ("attempt_analysis__isnull", False), ("remark", None)
                    ),
                    _connector="OR",
                ),
                name="reply_to_one_thing",
            ),
        ),
    ]
