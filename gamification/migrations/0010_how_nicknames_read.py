"""What a name on boards reads as, so that none passes for another one.

Payments read choices, so nothing is held for longer than a moment: each statement stands alone. One
that was interrupted may be run again.
"""

from typing import Any
from uuid import UUID

from django.db import migrations, models

from accounts.names import reading_of

BATCH = 1_000
FILL = """
    UPDATE gamification_boardchoice choice SET reading = read.reading
    FROM unnest(%s::uuid[], %s::text[]) AS read (user_id, reading)
    WHERE choice.user_id = read.user_id AND choice.reading <> read.reading
"""


def read_all(apps: Any, editor: Any) -> None:
    """Of two that read alike by now the older keeps the reading, and both their nicknames."""
    choices = apps.get_model("gamification", "BoardChoice").objects.using(editor.connection.alias)
    rows = choices.order_by("pk").values_list("pk", "shown", "nickname", "user__name")
    taken: set[str] = set()
    last = UUID(int=0)
    while batch := list(rows.filter(pk__gt=last)[:BATCH]):
        read = {key: reading_in(taken, *row) for key, *row in batch}
        with editor.connection.cursor() as cursor:
            cursor.execute(FILL, [list(read), list(read.values())])
        last = batch[-1][0]


def reading_in(taken: set[str], shown: str, nickname: str, name: str) -> str:
    """What is kept for a choice: nothing for a nickname that reads as one that is taken."""
    if shown != "NICKNAME":
        return reading_of(name)[:120]
    reading = reading_of(nickname)[:120]
    if reading in taken:
        return ""
    taken.add(reading)
    return reading


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("gamification", "0009_what_counts_on_no_board"),
    ]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE gamification_boardchoice"
            " ADD COLUMN IF NOT EXISTS reading varchar(120) DEFAULT '' NOT NULL",
            "ALTER TABLE gamification_boardchoice DROP COLUMN reading",
            state_operations=[
                migrations.AddField(
                    model_name="boardchoice",
                    name="reading",
                    field=models.CharField(
                        db_default="", default="", editable=False, max_length=120
                    ),
                )
            ],
        ),
        migrations.RunPython(read_all, migrations.RunPython.noop),
        migrations.RunSQL(
            "CREATE INDEX IF NOT EXISTS board_choice_reading ON gamification_boardchoice (reading)",
            "DROP INDEX board_choice_reading",
            state_operations=[
                migrations.AddIndex(
                    model_name="boardchoice",
                    index=models.Index(fields=["reading"], name="board_choice_reading"),
                )
            ],
        ),
        migrations.RunSQL(
            "CREATE UNIQUE INDEX IF NOT EXISTS board_choice_reading_once"
            " ON gamification_boardchoice (reading)"
            " WHERE shown = 'NICKNAME' AND NOT (reading = '')",
            "DROP INDEX board_choice_reading_once",
            state_operations=[
                migrations.AddConstraint(
                    model_name="boardchoice",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(
                            ("shown", "NICKNAME"), models.Q(("reading", ""), _negated=True)
                        ),
                        fields=("reading",),
                        name="board_choice_reading_once",
                    ),
                )
            ],
        ),
    ]
