import django.db.models.deletion
import jiazhan.kernel.ids
import jiazhan.kernel.jurisdiction
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("suggestions", "0004_search_narrowly"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="meetingquestion",
            name="prepared",
            field=models.TextField(blank=True, verbose_name="准备的答复"),
        ),
        migrations.AddField(
            model_name="officialmeeting",
            name="coming",
            field=models.CharField(blank=True, max_length=120, verbose_name="拟到场负责人"),
        ),
        migrations.CreateModel(
            name="PromiseWord",
            fields=[
                ("jurisdiction", jiazhan.kernel.jurisdiction.JurisdictionField()),
                (
                    "id",
                    models.UUIDField(
                        default=jiazhan.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("explained", "承办单位说明"), ("added", "补充意见"), ("answered", "再次答复")],
                        max_length=10,
                    ),
                ),
                ("text", models.TextField(verbose_name="说明")),
                ("said_at", models.DateTimeField()),
                (
                    "promise",
                    jiazhan.kernel.jurisdiction.JurisdictionForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="words", to="suggestions.promise"
                    ),
                ),
                (
                    "said_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "承诺的说明",
                "indexes": [
                    models.Index(fields=["jurisdiction", "promise", "said_at"], name="suggestions_promise_words")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="suggestions_promise_word"
                    )
                ],
            },
        ),
    ]
