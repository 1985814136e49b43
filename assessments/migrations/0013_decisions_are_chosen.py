"""What is chosen at a desk as the decision is kept with the words, until it is sent."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0012_who_wrote_at_the_desk"),
    ]

    operations = [
        migrations.AddField(
            model_name="review",
            name="chosen",
            field=models.CharField(
                blank=True,
                choices=[
                    ("ACCEPTED", "Accepted"),
                    ("CHANGES", "Changes asked for"),
                    ("RETURNED", "Returned without grade"),
                ],
                db_default="",
                max_length=8,
            ),
        ),
    ]
