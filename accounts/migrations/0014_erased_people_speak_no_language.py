"""Who was erased before kept a language, and whether they were a minor.

Each stands alone, so nobody waits; one that was interrupted may be run again.
"""

from typing import Any

from django.db import migrations


def clear(apps: Any, editor: Any) -> None:
    people = apps.get_model("accounts", "User").objects.using(editor.connection.alias)
    erased = people.exclude(deleted_at=None).exclude(language="", is_minor=False)
    for key in erased.order_by("pk").values_list("pk", flat=True):
        people.filter(pk=key).update(language="", is_minor=False)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("accounts", "0013_people_are_found_by_address")]
    operations = [migrations.RunPython(clear, migrations.RunPython.noop)]
