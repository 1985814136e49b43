"""A four reads as an a and a seven as a t: also in the nicknames that are there.

Each stands alone, so nobody waits; one that was interrupted may be run again.
"""

from typing import Any

from django.db import migrations

READS_AS = str.maketrans("47", "at")


def read_again(apps: Any, editor: Any) -> None:
    """Of two nicknames that read alike by now both stay, and the second keeps its old reading."""
    choices = apps.get_model("gamification", "BoardChoice").objects.using(editor.connection.alias)
    nicknames = choices.filter(shown="NICKNAME")
    for choice in choices.filter(reading__regex="[47]").order_by("pk").iterator():
        choice.reading = choice.reading.translate(READS_AS)
        is_nickname = choice.shown == "NICKNAME"
        if not (is_nickname and nicknames.filter(reading=choice.reading).exists()):
            choice.save(update_fields=["reading"])


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("gamification", "0014_courses_move_in_batches"),
    ]

    operations = [migrations.RunPython(read_again, migrations.RunPython.noop)]
