from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("opinions", "0010_drop_when_a_message_was_read_and_word_choices")]

    operations = [
        migrations.AddIndex(
            model_name="publication",
            index=models.Index(
                models.F("reviewed_at").desc(),
                models.F("id").desc(),
                condition=models.Q(state="published"),
                name="opinions_publication_in_view",
            ),
        ),
    ]
