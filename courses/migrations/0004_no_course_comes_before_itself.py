"""A course does not wait for itself: nobody could ever enrol in it."""

from django.db import migrations, models
from django.db.models import F, Q

MEND = "UPDATE courses_course SET prerequisite_id = NULL WHERE prerequisite_id = id"


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0003_remember_what_was_imported"),
    ]

    operations = [
        migrations.RunSQL(MEND, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="course",
            constraint=models.CheckConstraint(
                condition=~Q(prerequisite=F("id")), name="course_not_its_own_prerequisite"
            ),
        ),
    ]
