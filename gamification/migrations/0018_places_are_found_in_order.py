"""The first places of a season are found in their order, however many share one. Nobody waits."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("gamification", "0017_reasons_go_with_their_person"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="seasonresult",
            index=models.Index(fields=["season", "rank", "id"], name="season_result_in_order"),
        ),
        RemoveIndexConcurrently(model_name="seasonresult", name="season_result_places"),
    ]
