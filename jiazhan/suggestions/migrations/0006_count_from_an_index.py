from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("suggestions", "0005_keep_words_on_promises")]

    operations = [
        migrations.AddIndex(
            model_name="promise",
            index=models.Index(
                fields=["jurisdiction", "proposal"], include=("state",), name="suggestions_promise_figures"
            ),
        ),
        migrations.AddIndex(
            model_name="proposal",
            index=models.Index(
                fields=["jurisdiction", "congress_area", "kind", "year"],
                include=(
                    "id", "state", "session", "is_in_session", "host", "category", "assigned_at", "replied_at",
                    "first_grade", "is_on_time", "was_contacted", "is_resolved", "outcome", "round", "returns_count",
                    "repeats",
                ),
                name="suggestions_figures",
            ),
        ),
    ]  # fmt: skip
