from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("opinions", "0008_number_opinions_as_they_go_in")]

    operations = [
        migrations.AddIndex(
            model_name="opinion",
            index=models.Index(
                fields=["jurisdiction", "state", "due_on"], include=("visibility", "accused_unit", "id"), name="opinions_counts"
            ),
        ),
    ]
