from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("opinions", "0003_mark_opinions_for_search")]

    operations = [
        migrations.AddField(model_name="opinion", name="flags", field=models.JSONField(blank=True, default=list)),
    ]
