"""What entries to challenges and due achievements are called in the admin."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("gamification", "0015_names_read_fours_and_sevens"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="achievementsdue", options={"verbose_name_plural": "achievements due"}
        ),
        migrations.AlterModelOptions(
            name="challengeentry", options={"verbose_name_plural": "challenge entries"}
        ),
    ]
