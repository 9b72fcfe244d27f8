import django.db.models.deletion
from django.db import migrations, models

FILL = """
UPDATE opinions_publication p SET station_id = o.station_id FROM opinions_opinion o
 WHERE o.jurisdiction = p.jurisdiction AND o.id = p.opinion_id;
SET CONSTRAINTS ALL IMMEDIATE;
"""


def station(*, null):
    return models.ForeignKey(
        db_index=False, null=null, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.station"
    )


class Migration(migrations.Migration):
    dependencies = [
        ("opinions", "0013_stand_pressing_matters_on_top"),
        ("places", "0001_places"),
    ]

    operations = [
        migrations.AddField(model_name="publication", name="station", field=station(null=True)),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AlterField(model_name="publication", name="station", field=station(null=False)),
        migrations.AddIndex(
            model_name="publication",
            index=models.Index(
                models.F("jurisdiction"),
                models.F("station"),
                models.OrderBy(models.F("reviewed_at"), descending=True),
                condition=models.Q(("state", "published")),
                name="opinions_publication_station",
            ),
        ),
    ]
