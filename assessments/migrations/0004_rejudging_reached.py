"""What a rejudging has looked at, and one open one of a kind."""

from django.conf import settings
from django.db import migrations, models
from django.db.models import Q
from django.utils.timezone import now

OPEN = ("PENDING", "RUNNING")
KEPT = ("submission", "number", "before", "after", "stays")


def tidy(apps, schema_editor):
    """Of a change its submission is kept, not whose it is; what was asked for twice is ended.

    Each row is written once: a second time would leave checks pending, and no index could be made.
    """
    rejudgings = apps.get_model("assessments", "Rejudging").objects
    seen, moment = set(), now()
    for row in rejudgings.order_by("created_at"):
        row.changes = [{**{name: one[name] for name in KEPT}, "fault": ""} for one in row.changes]
        kind = (row.assignment_id, row.is_preview)
        if row.status in OPEN and kind in seen:
            row.status, row.claim, row.leased_until = "ERROR", None, None
            row.finished_at, row.fault = moment, "It was asked for twice."
        elif row.status in OPEN:
            seen.add(kind)
            # It begins anew: what is written is looked at no more, all else is again.
            row.changes = [x for x in row.changes if not row.is_preview and not x["stays"]]
            row.looked_at = len(row.changes)
        row.save()


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0003_runner_check"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="rejudging",
            name="reached",
            field=models.UUIDField(null=True),
        ),
        migrations.RunPython(tidy, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="rejudging",
            constraint=models.UniqueConstraint(
                condition=Q(status__in=OPEN),
                fields=("assignment", "is_preview"),
                name="rejudging_one_open",
            ),
        ),
    ]
