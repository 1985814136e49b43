"""Who is listed on boards, nicknames held by one person, and the rows that wait to be counted."""

import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

CREATE = """
CREATE INDEX board_row_changed ON gamification_boardrow (board_id) INCLUDE (shown, counted)
  WHERE counted IS DISTINCT FROM shown;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("gamification", "0003_what_motivates"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="boardchoice",
            name="is_listed",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddConstraint(
            model_name="boardchoice",
            constraint=models.UniqueConstraint(
                django.db.models.functions.text.Lower("nickname"),
                condition=models.Q(("shown", "NICKNAME")),
                name="board_choice_nickname_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="boardchoice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_listed", False), models.Q(("shown", "OFF"), _negated=True), _connector="OR"
                ),
                name="board_choice_listed_by_wish",
            ),
        ),
        migrations.RunSQL(CREATE, "DROP INDEX board_row_changed"),
    ]
