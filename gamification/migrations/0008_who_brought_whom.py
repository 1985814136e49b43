"""A referral is of somebody newer, its times fit its state, and a decision has a reason."""

from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [
        ("gamification", "0005_what_a_streak_was"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="referral", name="referral_not_of_oneself"),
        migrations.RemoveConstraint(model_name="referral", name="referral_state_fits"),
        migrations.AlterField(
            model_name="referral",
            name="flags",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AlterField(
            model_name="referral",
            name="state",
            field=models.CharField(
                choices=[
                    ("SIGNED_UP", "signed up"),
                    ("QUALIFIED", "on hold"),
                    ("REWARDED", "rewarded"),
                    ("REJECTED", "not qualified"),
                    ("EXPIRED", "ran out"),
                ],
                default="SIGNED_UP",
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="referral",
            constraint=models.CheckConstraint(
                condition=Q(referee__gt=F("referrer")), name="referral_of_somebody_newer"
            ),
        ),
        migrations.AddConstraint(
            model_name="referral",
            constraint=models.CheckConstraint(
                condition=Q(state="SIGNED_UP", qualified_at=None, settled_at=None)
                | Q(state="QUALIFIED", qualified_at__isnull=False, settled_at=None)
                | Q(state="REWARDED", qualified_at__isnull=False, settled_at__isnull=False)
                | Q(state__in=["REJECTED", "EXPIRED"], settled_at__isnull=False),
                name="referral_state_fits",
            ),
        ),
        migrations.AddConstraint(
            model_name="referral",
            constraint=models.CheckConstraint(
                condition=Q(decided_by=None, reason="")
                | Q(decided_by__isnull=False) & ~Q(reason=""),
                name="referral_decided_with_reason",
            ),
        ),
    ]
