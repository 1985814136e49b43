"""Points that count on boards, days, badges, seasons, challenges, multipliers, referrals."""

import datetime
from decimal import Decimal

import django.core.validators
import django.db.models.constraints
import django.db.models.deletion
import django.db.models.expressions
import django.utils.timezone
import uuid6
from django.conf import settings
from django.db import migrations, models

# What was paid until now was paid as it stands, and for lessons alone.
FILL = """
ALTER TABLE gamification_xptransaction DISABLE TRIGGER append_only_rows;
UPDATE gamification_xptransaction SET base = abs(amount),
  board_points = CASE WHEN source_type = 'LESSON' THEN amount ELSE 0 END;
ALTER TABLE gamification_xptransaction ENABLE TRIGGER append_only_rows;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_end_sessions_and_one_owner_per_email"),
        ("courses", "0011_when_drafts_are_shown"),
        ("gamification", "0002_append_only"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AchievementsDue",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("since", models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name="ActiveDay",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid6.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("date", models.DateField()),
                ("zone", models.CharField(max_length=64)),
                ("first_at", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
                ("events", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ["date"],
            },
        ),
        migrations.CreateModel(
            name="Award",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid6.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("key", models.CharField(max_length=40)),
                ("tier", models.PositiveSmallIntegerField(default=1)),
                ("earned_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, max_length=300)),
            ],
            options={
                "ordering": ["-earned_at", "key"],
            },
        ),
        migrations.CreateModel(
            name="Board",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid6.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("period", models.CharField(max_length=48)),
                ("scope", models.CharField(max_length=48)),
                ("starts_at", models.DateTimeField(null=True)),
                ("ends_at", models.DateTimeField(null=True)),
                ("frozen_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="BoardChoice",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="board_choice",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "shown",
                    models.CharField(
                        choices=[
                            ("OFF", "Not at all"),
                            ("NICKNAME", "With a nickname"),
                            ("NAME", "With my name"),
                        ],
                        default="OFF",
                        max_length=8,
                    ),
                ),
                ("nickname", models.CharField(blank=True, max_length=40)),
            ],
        ),
        migrations.CreateModel(
            name="BoardCount",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid6.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("points", models.IntegerField()),
                ("people", models.IntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="BoardRow",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid6.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("points", models.IntegerField()),
                ("reached_at", models.DateTimeField()),
                ("is_listed", models.BooleanField(default=False)),
                (
                    "shown",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Case(
                            models.When(is_listed=True, points__gt=0, then=models.F("points"))
                        ),
                        output_field=models.IntegerField(null=True),
                    ),
                ),
                ("counted", models.IntegerField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Challenge",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid6.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("slug", models.SlugField(max_length=60, unique=True)),
                ("title", models.CharField(max_length=80)),
                ("rules", models.TextField(blank=True, max_length=2000)),
                ("opens_at", models.DateTimeField()),
                (
                    "closes_at",
                    models.DateTimeField(help_text="Who has started may finish after it."),
                ),
                ("minutes", models.PositiveSmallIntegerField(default=45)),
                ("is_published", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ["-opens_at"],
            },
        ),
        migrations.CreateModel(
            name="ChallengeEntry",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid6.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("started_at", models.DateTimeField()),
                ("deadline", models.DateTimeField()),
                ("has_extra_time", models.BooleanField(default=False)),
                ("finished_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="ChallengeSolve",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid6.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("solved_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="ChallengeTask",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid6.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
            ],
            options={
                "ordering": ["position"],
            },
        ),
        migrations.CreateModel(
            name="Multiplier",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid6.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("title", models.CharField(max_length=80)),
                (
                    "factor",
                    models.DecimalField(
                        decimal_places=2,
                        max_digits=3,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("1.01")),
                            django.core.validators.MaxValueValidator(Decimal("2")),
                        ],
                    ),
                ),
                (
                    "announced_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-starts_at"],
            },
        ),
        migrations.CreateModel(
            name="Pause",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid6.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("first", models.DateField()),
                ("last", models.DateField()),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
            ],
            options={
                "ordering": ["first"],
            },
        ),
        migrations.CreateModel(
            name="Policy",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid6.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("is_the_one", models.BooleanField(default=True, editable=False)),
                (
                    "show_points",
                    models.BooleanField(
                        default=True,
                        help_text="Off: points, streaks, badges and boards are hidden for everybody.",
                    ),
                ),
                (
                    "boards",
                    models.BooleanField(
                        default=True,
                        help_text="Off: nobody sees leaderboards; people's choices are kept.",
                    ),
                ),
                (
                    "bonuses_pay",
                    models.BooleanField(
                        default=False,
                        help_text="On: badges and streaks pay XP of their own.",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "policy",
            },
        ),
        migrations.CreateModel(
            name="Referral",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid6.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("SIGNED_UP", "signed up"),
                            ("QUALIFIED", "learns; the reward is held back for a week"),
                            ("REWARDED", "rewarded"),
                            ("REJECTED", "not qualified"),
                            ("EXPIRED", "ran out"),
                        ],
                        default="SIGNED_UP",
                        max_length=10,
                    ),
                ),
                ("signed_up_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("qualified_at", models.DateTimeField(null=True)),
                ("settled_at", models.DateTimeField(null=True)),
                ("flags", models.JSONField(default=list)),
                ("network", models.CharField(blank=True, editable=False, max_length=64)),
                ("reason", models.CharField(blank=True, max_length=300)),
            ],
            options={
                "ordering": ["-signed_up_at"],
            },
        ),
        migrations.CreateModel(
            name="ReferralLink",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="referral_link",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("code", models.CharField(max_length=24, unique=True)),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Repair",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid6.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("ended_on", models.DateField()),
                ("date", models.DateField()),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
            ],
            options={
                "ordering": ["date"],
            },
        ),
        migrations.CreateModel(
            name="RestRule",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid6.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("from_date", models.DateField()),
                ("weekdays", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "ordering": ["from_date"],
            },
        ),
        migrations.CreateModel(
            name="Season",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid6.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("slug", models.SlugField(max_length=60, unique=True)),
                ("title", models.CharField(max_length=80)),
                ("theme", models.CharField(blank=True, max_length=300)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                (
                    "goal_days",
                    models.PositiveSmallIntegerField(
                        default=24, help_text="Days of learning that are offered as a goal."
                    ),
                ),
                ("closed_at", models.DateTimeField(blank=True, editable=False, null=True)),
            ],
            options={
                "ordering": ["-starts_at"],
            },
        ),
        migrations.CreateModel(
            name="SeasonGoal",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid6.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("days", models.PositiveSmallIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="SeasonResult",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid6.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("points", models.IntegerField()),
                ("rank", models.PositiveIntegerField(null=True)),
                ("is_top", models.BooleanField(default=False)),
                ("active_days", models.PositiveSmallIntegerField()),
                ("goal", models.PositiveSmallIntegerField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Streak",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="streak",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("length", models.PositiveIntegerField(default=0)),
                ("best", models.PositiveIntegerField(default=0)),
                ("freezes", models.PositiveSmallIntegerField(default=1)),
                ("days", models.PositiveIntegerField(default=0)),
                ("last_date", models.DateField(null=True)),
                ("alive_until", models.DateField(null=True)),
                ("ended_on", models.DateField(null=True)),
                ("settled_on", models.DateField()),
            ],
        ),
        migrations.CreateModel(
            name="WeeklyGoal",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid6.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("from_week", models.DateField()),
                ("lessons", models.PositiveSmallIntegerField()),
            ],
            options={
                "ordering": ["from_week"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="xptransaction",
            name="xp_amount_in_bounds",
        ),
        migrations.AddField(
            model_name="xptransaction",
            name="base",
            field=models.IntegerField(default=1),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="xptransaction",
            name="board_points",
            field=models.IntegerField(default=0),
        ),
        migrations.AddField(
            model_name="xptransaction",
            name="factor",
            field=models.DecimalField(decimal_places=2, default=Decimal("1"), max_digits=3),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="xptransaction",
            name="source_type",
            field=models.CharField(
                choices=[
                    ("LESSON", "Lesson completed"),
                    ("STREAK", "Streak"),
                    ("ACHIEVEMENT", "Achievement"),
                    ("CHALLENGE", "Task of a challenge"),
                    ("SEASON_GOAL", "Goal of a season"),
                    ("REFERRAL", "Somebody you brought"),
                    ("GRANT", "Given by staff"),
                    ("REVERSAL", "Taken back by staff"),
                ],
                max_length=16,
            ),
        ),
        migrations.AddConstraint(
            model_name="xptransaction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("amount__lt", 0),
                        ("reverses__isnull", False),
                        ("source_type", "REVERSAL"),
                        models.Q(("reason", ""), _negated=True),
                        ("actor__isnull", False),
                    ),
                    models.Q(
                        models.Q(("source_type", "REVERSAL"), _negated=True),
                        ("amount__gte", 1),
                        ("amount__lte", 2000),
                        ("reverses", None),
                    ),
                    _connector="OR",
                ),
                name="xp_amount_in_bounds",
            ),
        ),
        migrations.AddConstraint(
            model_name="xptransaction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("source_type", "GRANT"), _negated=True),
                    models.Q(("actor__isnull", False), models.Q(("reason", ""), _negated=True)),
                    _connector="OR",
                ),
                name="xp_grant_has_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="xptransaction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("board_points", 0), ("source_type", "REVERSAL")),
                    models.Q(
                        ("amount__gte", models.F("base")),
                        (
                            "amount__lte",
                            django.db.models.expressions.CombinedExpression(
                                models.F("base"), "*", models.Value(2)
                            ),
                        ),
                        ("base__gte", 1),
                        ("base__lte", 1000),
                        ("board_points__gte", 0),
                        ("board_points__lte", models.F("base")),
                        ("factor__gte", 1),
                        ("factor__lte", 2),
                    ),
                    _connector="OR",
                ),
                name="xp_base_and_board",
            ),
        ),
        migrations.AddField(
            model_name="activeday",
            name="user",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="active_days",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="award",
            name="revoked_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="award",
            name="user",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="awards",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="board",
            constraint=models.UniqueConstraint(fields=("period", "scope"), name="board_once"),
        ),
        migrations.AddConstraint(
            model_name="board",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ends_at", None), ("period", "all"), ("starts_at", None)),
                    models.Q(
                        models.Q(("period", "all"), _negated=True),
                        ("ends_at__gt", models.F("starts_at")),
                        ("starts_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="board_window",
            ),
        ),
        migrations.AddConstraint(
            model_name="boardchoice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("shown", "NICKNAME"), _negated=True),
                    models.Q(("nickname", ""), _negated=True),
                    _connector="OR",
                ),
                name="board_choice_nickname",
            ),
        ),
        migrations.AddField(
            model_name="boardcount",
            name="board",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="counts",
                to="gamification.board",
            ),
        ),
        migrations.AddField(
            model_name="boardrow",
            name="board",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="rows",
                to="gamification.board",
            ),
        ),
        migrations.AddField(
            model_name="boardrow",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="board_rows",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="challenge",
            name="course",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="courses.course",
            ),
        ),
        migrations.AddField(
            model_name="challengeentry",
            name="challenge",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="entries",
                to="gamification.challenge",
            ),
        ),
        migrations.AddField(
            model_name="challengeentry",
            name="user",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="challengesolve",
            name="entry",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="solves",
                to="gamification.challengeentry",
            ),
        ),
        migrations.AddField(
            model_name="challengesolve",
            name="user",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="challengetask",
            name="challenge",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="tasks",
                to="gamification.challenge",
            ),
        ),
        migrations.AddField(
            model_name="challengetask",
            name="lesson",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="courses.lesson"
            ),
        ),
        migrations.AddField(
            model_name="challengesolve",
            name="task",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="solves",
                to="gamification.challengetask",
            ),
        ),
        migrations.AddField(
            model_name="multiplier",
            name="course",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="courses.course",
            ),
        ),
        migrations.AddField(
            model_name="multiplier",
            name="made_by",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="pause",
            name="given_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="pause",
            name="user",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="policy",
            constraint=models.UniqueConstraint(fields=("is_the_one",), name="policy_is_one"),
        ),
        migrations.AddConstraint(
            model_name="policy",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_the_one", True)), name="policy_is_the_one"
            ),
        ),
        migrations.AddField(
            model_name="referral",
            name="decided_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="referral",
            name="referee",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="referral",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="referral",
            name="referrer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="referrals",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="repair",
            name="user",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="restrule",
            name="user",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="season",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="season_in_order"
            ),
        ),
        migrations.AddConstraint(
            model_name="season",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("closed_at", None), ("closed_at__gte", models.F("ends_at")), _connector="OR"
                ),
                name="season_closed_after_its_end",
            ),
        ),
        migrations.AddField(
            model_name="seasongoal",
            name="season",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="goals",
                to="gamification.season",
            ),
        ),
        migrations.AddField(
            model_name="seasongoal",
            name="user",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="seasonresult",
            name="season",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="results",
                to="gamification.season",
            ),
        ),
        migrations.AddField(
            model_name="seasonresult",
            name="user",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="season_results",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="streak",
            constraint=models.CheckConstraint(
                condition=models.Q(("best__gte", models.F("length")), ("freezes__lte", 2)),
                name="streak_in_bounds",
            ),
        ),
        migrations.AddField(
            model_name="weeklygoal",
            name="user",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="activeday",
            constraint=models.UniqueConstraint(fields=("user", "date"), name="active_day_once"),
        ),
        migrations.AddConstraint(
            model_name="activeday",
            constraint=models.CheckConstraint(
                condition=models.Q(("events__gte", 1), ("last_at__gte", models.F("first_at"))),
                name="active_day_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="award",
            constraint=models.UniqueConstraint(fields=("user", "key", "tier"), name="award_once"),
        ),
        migrations.AddConstraint(
            model_name="award",
            constraint=models.CheckConstraint(
                condition=models.Q(("tier__gte", 1), ("tier__lte", 4)), name="award_tier_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="award",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reason", ""), ("revoked_at", None), ("revoked_by", None)),
                    models.Q(
                        ("revoked_at__isnull", False),
                        ("revoked_by__isnull", False),
                        models.Q(("reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="award_revoked_with_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="boardcount",
            constraint=models.UniqueConstraint(
                fields=("board", "points"), include=("people",), name="board_count_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="boardcount",
            constraint=models.CheckConstraint(
                condition=models.Q(("people__gte", 0)), name="board_count_not_negative"
            ),
        ),
        migrations.AddIndex(
            model_name="boardrow",
            index=models.Index(
                models.F("board"),
                models.OrderBy(models.F("shown"), descending=True),
                models.F("reached_at"),
                models.F("user"),
                condition=models.Q(("shown__isnull", False)),
                name="board_row_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="boardrow",
            constraint=models.UniqueConstraint(fields=("board", "user"), name="board_row_once"),
        ),
        migrations.AddConstraint(
            model_name="challenge",
            constraint=models.CheckConstraint(
                condition=models.Q(("closes_at__gt", models.F("opens_at"))),
                name="challenge_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="challenge",
            constraint=models.CheckConstraint(
                condition=models.Q(("minutes__gte", 5), ("minutes__lte", 480)),
                name="challenge_minutes_in_bounds",
            ),
        ),
        migrations.AddConstraint(
            model_name="challengeentry",
            constraint=models.UniqueConstraint(
                fields=("user", "challenge"), name="challenge_entry_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="challengeentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("deadline__gt", models.F("started_at"))),
                name="challenge_entry_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="challengetask",
            constraint=models.UniqueConstraint(
                fields=("challenge", "lesson"), name="challenge_task_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="challengetask",
            constraint=models.UniqueConstraint(
                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                fields=("challenge", "position"),
                name="challenge_task_position",
            ),
        ),
        migrations.AddConstraint(
            model_name="challengesolve",
            constraint=models.UniqueConstraint(
                fields=("user", "task", "entry"), name="challenge_solve_once", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            model_name="multiplier",
            constraint=models.CheckConstraint(
                condition=models.Q(("factor__gt", 1), ("factor__lte", 2)),
                name="multiplier_factor_in_bounds",
            ),
        ),
        migrations.AddConstraint(
            model_name="multiplier",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "starts_at__gte",
                        django.db.models.expressions.CombinedExpression(
                            models.F("announced_at"), "+", models.Value(datetime.timedelta(days=2))
                        ),
                    )
                ),
                name="multiplier_is_announced",
            ),
        ),
        migrations.AddConstraint(
            model_name="multiplier",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "ends_at__gte",
                        django.db.models.expressions.CombinedExpression(
                            models.F("starts_at"), "+", models.Value(datetime.timedelta(days=2))
                        ),
                    )
                ),
                name="multiplier_is_long_enough",
            ),
        ),
        migrations.AddConstraint(
            model_name="pause",
            constraint=models.UniqueConstraint(fields=("user", "first"), name="pause_once"),
        ),
        migrations.AddConstraint(
            model_name="pause",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("last__gte", models.F("first")),
                    (
                        "last__lt",
                        django.db.models.expressions.CombinedExpression(
                            models.F("first"), "+", models.Value(30)
                        ),
                    ),
                ),
                name="pause_length",
            ),
        ),
        migrations.AddIndex(
            model_name="referral",
            index=models.Index(fields=["state", "qualified_at"], name="referral_to_settle"),
        ),
        migrations.AddConstraint(
            model_name="referral",
            constraint=models.CheckConstraint(
                condition=models.Q(("referee", models.F("referrer")), _negated=True),
                name="referral_not_of_oneself",
            ),
        ),
        migrations.AddConstraint(
            model_name="referral",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("qualified_at", None), ("state", "SIGNED_UP")),
                    models.Q(
                        ("qualified_at__isnull", False), ("state__in", ["QUALIFIED", "REWARDED"])
                    ),
                    ("state__in", ["REJECTED", "EXPIRED"]),
                    _connector="OR",
                ),
                name="referral_state_fits",
            ),
        ),
        migrations.AddConstraint(
            model_name="repair",
            constraint=models.UniqueConstraint(fields=("user", "ended_on"), name="repair_once"),
        ),
        migrations.AddConstraint(
            model_name="repair",
            constraint=models.CheckConstraint(
                condition=models.Q(("date__gte", models.F("ended_on"))), name="repair_in_order"
            ),
        ),
        migrations.AddConstraint(
            model_name="restrule",
            constraint=models.UniqueConstraint(fields=("user", "from_date"), name="rest_rule_once"),
        ),
        migrations.AddConstraint(
            model_name="restrule",
            constraint=models.CheckConstraint(
                condition=models.Q(("weekdays__lt", 128)), name="rest_rule_is_a_week"
            ),
        ),
        migrations.AddConstraint(
            model_name="seasongoal",
            constraint=models.UniqueConstraint(fields=("user", "season"), name="season_goal_once"),
        ),
        migrations.AddConstraint(
            model_name="seasongoal",
            constraint=models.CheckConstraint(
                condition=models.Q(("days__gte", 1), ("days__lte", 366)),
                name="season_goal_in_bounds",
            ),
        ),
        migrations.AddConstraint(
            model_name="seasonresult",
            constraint=models.UniqueConstraint(
                fields=("user", "season"), name="season_result_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="weeklygoal",
            constraint=models.UniqueConstraint(
                fields=("user", "from_week"), name="weekly_goal_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="weeklygoal",
            constraint=models.CheckConstraint(
                condition=models.Q(("lessons__lte", 100)), name="weekly_goal_in_bounds"
            ),
        ),
    ]
