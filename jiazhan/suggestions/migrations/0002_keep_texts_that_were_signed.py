import django.db.models.deletion
from django.db import migrations, models

import jiazhan.kernel.ids
import jiazhan.kernel.jurisdiction


class Migration(migrations.Migration):
    dependencies = [("suggestions", "0001_proposals")]

    operations = [
        migrations.CreateModel(
            name="ProposalText",
            fields=[
                ("jurisdiction", jiazhan.kernel.jurisdiction.JurisdictionField()),
                (
                    "id",
                    models.UUIDField(
                        default=jiazhan.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("version", models.PositiveIntegerField()),
                ("title", models.CharField(blank=True, max_length=120, verbose_name="标题")),
                ("facts", models.TextField(blank=True, verbose_name="核实与调研情况")),
                ("cause", models.TextField(blank=True, verbose_name="问题成因")),
                ("request", models.TextField(blank=True, verbose_name="具体建议")),
                ("kept_at", models.DateTimeField()),
                (
                    "proposal",
                    jiazhan.kernel.jurisdiction.JurisdictionForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="texts",
                        to="suggestions.proposal",
                    ),
                ),
            ],
            options={"verbose_name": "联名时的文本"},
        ),
        migrations.AddConstraint(
            model_name="proposaltext",
            constraint=models.UniqueConstraint(
                fields=("jurisdiction", "proposal", "version"), name="suggestions_text_version"
            ),
        ),
    ]
