from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("opinions", "0001_opinions")]

    operations = [
        migrations.RemoveConstraint(model_name="rating", name="opinions_rating_author_once"),
        migrations.AddConstraint(
            model_name="rating",
            constraint=models.UniqueConstraint(
                condition=models.Q(supporter=None),
                fields=("jurisdiction", "opinion", "reply"),
                name="opinions_rating_author_once",
            ),
        ),
    ]
