from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0003_codes_that_confirm_a_telephone"),
    ]

    operations = [
        migrations.AddField(
            model_name="delivery",
            name="stuck_since",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="emaillog",
            name="stuck_since",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
