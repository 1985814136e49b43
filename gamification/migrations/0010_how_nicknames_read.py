"""What a name on boards reads as, so that none passes for another one."""

from typing import Any

from django.db import migrations, models

from accounts.names import reading_of


def read_all(apps: Any, editor: Any) -> None:
    """Of two that read alike by now the older keeps the reading, and both their nicknames."""
    choices = apps.get_model("gamification", "BoardChoice").objects.using(editor.connection.alias)
    taken: set[str] = set()
    for choice in choices.select_related("user").order_by("pk").iterator():
        is_nickname = choice.shown == "NICKNAME"
        choice.reading = reading_of(choice.nickname if is_nickname else choice.user.name)[:120]
        if is_nickname and choice.reading in taken:
            continue
        if is_nickname:
            taken.add(choice.reading)
        choice.save(update_fields=["reading"])


class Migration(migrations.Migration):
    dependencies = [
        ("gamification", "0009_what_counts_on_no_board"),
    ]

    operations = [
        migrations.AddField(
            model_name="boardchoice",
            name="reading",
            field=models.CharField(db_default="", default="", editable=False, max_length=120),
        ),
        migrations.RunPython(read_all, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="boardchoice",
            index=models.Index(fields=["reading"], name="board_choice_reading"),
        ),
        migrations.AddConstraint(
            model_name="boardchoice",
            constraint=models.UniqueConstraint(
                condition=models.Q(("shown", "NICKNAME"), models.Q(("reading", ""), _negated=True)),
                fields=("reading",),
                name="board_choice_reading_once",
            ),
        ),
    ]
