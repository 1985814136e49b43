"""Drafts of a model, reviews by people, and remarks as rows that can be rated and answered."""

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import uuid6
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0006_every_question_has_a_key"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AttemptAnalysis",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid6.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("RULES", "Built-in rules"),
                            ("AI", "AI"),
                            ("MANUAL", "A person"),
                            ("HYBRID", "AI, corrected by a person"),
                        ],
                        default="RULES",
                        max_length=6,
                    ),
                ),
                (
                    "overall",
                    models.PositiveSmallIntegerField(
                        null=True, validators=[django.core.validators.MaxValueValidator(100)]
                    ),
                ),
                (
                    "text",
                    models.TextField(
                        blank=True, validators=[django.core.validators.MaxLengthValidator(4000)]
                    ),
                ),
                ("engine", models.CharField(blank=True, max_length=200)),
                ("drafted", models.JSONField(null=True)),
                ("published_at", models.DateTimeField(null=True)),
                ("read_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name_plural": "attempt analyses",
            },
        ),
        migrations.CreateModel(
            name="ModelRun",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid6.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("PENDING", "Waiting"),
                            ("RUNNING", "Running"),
                            ("PASSED", "Passed"),
                            ("FAILED", "Not passed"),
                            ("ERROR", "Our fault"),
                        ],
                        default="PENDING",
                        max_length=7,
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "due_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("claim", models.UUIDField(null=True)),
                ("leased_until", models.DateTimeField(null=True)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("fault", models.TextField(blank=True)),
                ("started_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("DRAFTED", "Drafted"),
                            ("HELD", "Held back"),
                            ("REFUSED", "The model refused"),
                            ("UNREADABLE", "The answer could not be read"),
                            ("TOO_LONG", "The answer was too long"),
                            ("TIMED_OUT", "No answer in time"),
                            ("BUSY", "Too many requests"),
                            ("AWAY", "Not reachable"),
                            ("FAULT", "The endpoint reported a fault"),
                            ("SPENT", "A limit of ours is used up"),
                            ("REPLACED", "A newer one was handed in"),
                            ("PERSON", "A person was first"),
                            ("OFF", "Drafts were turned off"),
                        ],
                        max_length=10,
                    ),
                ),
                ("model", models.CharField(blank=True, max_length=100)),
                ("prompt_version", models.CharField(blank=True, max_length=20)),
                ("prompt", models.TextField(blank=True)),
                ("answer", models.TextField(blank=True)),
                ("tokens_in", models.PositiveIntegerField(default=0)),
                ("tokens_out", models.PositiveIntegerField(default=0)),
                (
                    "cost",
                    models.DecimalField(
                        decimal_places=6,
                        default=0,
                        max_digits=12,
                        validators=[django.core.validators.MinValueValidator(0)],
                    ),
                ),
                ("seconds", models.FloatField(null=True)),
            ],
            options={
                "ordering": ["-created_at"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Remark",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid6.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "section",
                    models.CharField(
                        choices=[
                            ("STRENGTH", "Done well"),
                            ("WEAKNESS", "Could be better"),
                            ("SUGGESTION", "What to try"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "text",
                    models.TextField(validators=[django.core.validators.MaxLengthValidator(4000)]),
                ),
                ("line", models.PositiveIntegerField(null=True)),
                ("rule", models.CharField(blank=True, max_length=60)),
                ("position", models.PositiveSmallIntegerField()),
                ("drafted", models.TextField(blank=True)),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("UNDECIDED", "Not decided"),
                            ("ACCEPTED", "Accepted"),
                            ("EDITED", "Edited"),
                            ("DISCARDED", "Discarded"),
                        ],
                        default="UNDECIDED",
                        max_length=9,
                    ),
                ),
                ("held", models.CharField(blank=True, max_length=100)),
                (
                    "for_alike",
                    models.BooleanField(
                        default=False,
                        help_text="Also shown to learners whose code has the same form.",
                    ),
                ),
            ],
            options={
                "ordering": ["position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="RemarkRating",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid6.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("is_helpful", models.BooleanField()),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=models.Func(
                            function="clock_timestamp", output_field=models.DateTimeField()
                        )
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Reply",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid6.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "text",
                    models.TextField(validators=[django.core.validators.MaxLengthValidator(4000)]),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=models.Func(
                            function="clock_timestamp", output_field=models.DateTimeField()
                        )
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "replies",
                "ordering": ["created_at"],
            },
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid6.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("HELP", "Asks for help"),
                            ("DRAFT", "A draft to read"),
                            ("HELD", "A draft was held back"),
                            ("NO_DRAFT", "No draft came"),
                            ("REPLY", "Replied to feedback"),
                            ("STAFF", "Taken up by a reviewer"),
                        ],
                        max_length=8,
                    ),
                ),
                ("waiting_since", models.DateTimeField(null=True)),
                ("claimed_at", models.DateTimeField(null=True)),
                ("claimed_until", models.DateTimeField(null=True)),
                ("version", models.PositiveIntegerField(default=0)),
                (
                    "note",
                    models.TextField(
                        blank=True,
                        help_text="For reviewers only.",
                        validators=[django.core.validators.MaxLengthValidator(4000)],
                    ),
                ),
                (
                    "decision",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("ACCEPTED", "Accepted"),
                            ("CHANGES", "Changes asked for"),
                            ("RETURNED", "Returned without grade"),
                        ],
                        max_length=8,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("sent_at", models.DateTimeField(null=True)),
                ("told_at", models.DateTimeField(null=True)),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=models.Func(
                            function="clock_timestamp", output_field=models.DateTimeField()
                        )
                    ),
                ),
            ],
            options={
                "permissions": [("give_review", "Can review learners' work")],
            },
        ),
        migrations.CreateModel(
            name="Snippet",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid6.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("title", models.CharField(max_length=80)),
                (
                    "text",
                    models.TextField(validators=[django.core.validators.MaxLengthValidator(4000)]),
                ),
                ("is_shared", models.BooleanField(default=False, verbose_name="for all reviewers")),
            ],
            options={
                "ordering": ["title", "pk"],
            },
        ),
        migrations.AddField(
            model_name="submissionanalysis",
            name="drafted",
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name="submissionanalysis",
            name="form",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name="submissionanalysis",
            name="form_places",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name="submissionanalysis",
            name="published_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="submissionanalysis",
            name="read_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name="submissionanalysis",
            name="submission",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="analyses",
                to="assessments.submission",
            ),
        ),
        migrations.AlterField(
            model_name="submissionanalysis",
            name="text",
            field=models.TextField(
                blank=True, validators=[django.core.validators.MaxLengthValidator(4000)]
            ),
        ),
        migrations.AddIndex(
            model_name="submissionanalysis",
            index=models.Index(
                condition=models.Q(("form", ""), _negated=True),
                fields=["form"],
                name="analysis_of_form",
            ),
        ),
        migrations.AddConstraint(
            model_name="submissionanalysis",
            constraint=models.UniqueConstraint(
                models.F("submission"),
                models.Case(models.When(kind="RULES", then=True), default=False),
                name="analysis_by_rules_and_other_once",
            ),
        ),
        migrations.AddField(
            model_name="attemptanalysis",
            name="attempt",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="analysis",
                to="assessments.attempt",
            ),
        ),
        migrations.AddField(
            model_name="modelrun",
            name="attempt",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="model_run",
                to="assessments.attempt",
            ),
        ),
        migrations.AddField(
            model_name="modelrun",
            name="submission",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="model_run",
                to="assessments.submission",
            ),
        ),
        migrations.AddField(
            model_name="remark",
            name="analysis",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="remarks",
                to="assessments.submissionanalysis",
            ),
        ),
        migrations.AddField(
            model_name="remarkrating",
            name="remark",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="ratings",
                to="assessments.remark",
            ),
        ),
        migrations.AddField(
            model_name="remarkrating",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="remark_ratings",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="reply",
            name="analysis",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="replies",
                to="assessments.submissionanalysis",
            ),
        ),
        migrations.AddField(
            model_name="reply",
            name="author",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="replies",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="reply",
            name="remark",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="replies",
                to="assessments.remark",
            ),
        ),
        migrations.AddField(
            model_name="review",
            name="attempt",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="review",
                to="assessments.attempt",
            ),
        ),
        migrations.AddField(
            model_name="review",
            name="reviewer",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reviews",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="review",
            name="submission",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="review",
                to="assessments.submission",
            ),
        ),
        migrations.AddField(
            model_name="snippet",
            name="owner",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="snippets",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="modelrun",
            index=models.Index(
                condition=models.Q(("status__in", ("PENDING", "RUNNING"))),
                fields=["due_at"],
                name="modelrun_open",
            ),
        ),
        migrations.AddIndex(
            model_name="modelrun",
            index=models.Index(fields=["-created_at"], name="model_run_latest"),
        ),
        migrations.AddConstraint(
            model_name="modelrun",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("claim__isnull", False),
                        ("leased_until__isnull", False),
                        ("status", "RUNNING"),
                    ),
                    models.Q(
                        models.Q(("status", "RUNNING"), _negated=True),
                        ("claim", None),
                        ("leased_until", None),
                    ),
                    _connector="OR",
                ),
                name="modelrun_running_is_claimed",
            ),
        ),
        migrations.AddConstraint(
            model_name="modelrun",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("finished_at", None), ("status__in", ("PENDING", "RUNNING"))),
                    models.Q(
                        models.Q(("status__in", ("PENDING", "RUNNING")), _negated=True),
                        ("finished_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="modelrun_outcome_has_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="modelrun",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("attempt", None), ("submission__isnull", False)),
                    models.Q(("attempt__isnull", False), ("submission", None)),
                    _connector="OR",
                ),
                name="model_run_of_one_thing",
            ),
        ),
        migrations.AddConstraint(
            model_name="remark",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("drafted", ""), _negated=True),
                    ("verdict", "UNDECIDED"),
                    _connector="OR",
                ),
                name="remark_verdict_of_a_draft",
            ),
        ),
        migrations.AddConstraint(
            model_name="remarkrating",
            constraint=models.UniqueConstraint(fields=("remark", "user"), name="remark_rated_once"),
        ),
        migrations.AddIndex(
            model_name="attempt",
            index=models.Index(fields=["closed_at"], name="attempt_closed"),
        ),
        migrations.AddIndex(
            model_name="review",
            index=models.Index(
                condition=models.Q(("waiting_since__isnull", False)),
                fields=["waiting_since"],
                name="review_waiting",
            ),
        ),
        migrations.AddIndex(
            model_name="review",
            index=models.Index(
                condition=models.Q(("sent_at__isnull", False), ("told_at", None)),
                fields=["sent_at"],
                name="review_to_tell",
            ),
        ),
        migrations.AddIndex(
            model_name="review",
            index=models.Index(
                condition=models.Q(("decided_at__isnull", False)),
                fields=["decided_at"],
                name="review_decided",
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("attempt", None), ("submission__isnull", False)),
                    models.Q(("attempt__isnull", False), ("submission", None)),
                    _connector="OR",
                ),
                name="review_of_one_thing",
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("decided_at", None), ("decision", ""), ("sent_at", None), ("told_at", None)
                    ),
                    models.Q(
                        models.Q(("decision", ""), _negated=True),
                        ("decided_at__isnull", False),
                        ("reviewer__isnull", False),
                        ("sent_at__gte", models.F("decided_at")),
                    ),
                    _connector="OR",
                ),
                name="review_decided_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("claimed_at", None), ("claimed_until", None)),
                    models.Q(
                        ("claimed_at__isnull", False),
                        ("claimed_until__isnull", False),
                        ("reviewer__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="review_claimed_by_somebody",
            ),
        ),
    ]
