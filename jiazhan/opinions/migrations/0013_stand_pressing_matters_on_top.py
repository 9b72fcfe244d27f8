from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("opinions", "0012_search_by_blocks_of_days")]

    operations = [
        migrations.AddIndex(
            model_name="opinion",
            index=models.Index(
                fields=["jurisdiction", "state", "-raised_at"],
                condition=models.Q(urgency="critical"),
                name="opinions_pressing",
            ),
        ),
    ]
