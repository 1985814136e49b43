from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("enrollments", "0003_say_by_choice"),
    ]

    operations = [
        migrations.AddField(
            model_name="enrollment",
            name="taken_out_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
    ]
