import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations, models

import jiazhan.opinions.models.opinion

# Lexemes that stand for place, holders, state and day, so that one index finds words and all filters together.
# Days count from 1970 in China's time zone; blocks of 8, 64 and 512 days let any period be named by a few lexemes.
MARKS = """
CREATE FUNCTION opinions_day(moment timestamptz) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN floor((extract(epoch FROM moment) + 28800) / 86400)::integer;

CREATE FUNCTION opinions_marks(
    jurisdiction text, street text, community text, station uuid, category text, unit uuid, deputy uuid, state text,
    track text, urgency text, visibility text, raised_at timestamptz
) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN array_to_tsvector(array_remove(ARRAY[
    'j' || jurisdiction, 't' || street, 'c' || nullif(community, ''), 'p' || station::text,
    'k' || left(category, 2), 'k' || category, 'u' || unit::text, 'd' || deputy::text,
    's' || state, 'w' || nullif(track, ''), 'g' || urgency, 'v' || visibility,
    'D' || opinions_day(raised_at), 'E' || (opinions_day(raised_at) >> 3),
    'F' || (opinions_day(raised_at) >> 6), 'G' || (opinions_day(raised_at) >> 9)
], NULL));
"""
UNMARK = """
DROP FUNCTION opinions_marks(text, text, text, uuid, text, uuid, uuid, text, text, text, text, timestamptz);
DROP FUNCTION opinions_day(timestamptz);
"""


class Migration(migrations.Migration):
    dependencies = [("opinions", "0002_let_authors_of_merged_matters_rate")]

    operations = [
        migrations.AlterModelOptions(
            name="opinion", options={"base_manager_name": "objects", "verbose_name": "社情民意"}
        ),
        migrations.RunSQL(MARKS, UNMARK),
        migrations.RemoveIndex(model_name="opinion", name="opinions_terms"),
        migrations.AddField(
            model_name="opinion",
            name="marks",
            field=models.GeneratedField(
                db_persist=True,
                expression=jiazhan.opinions.models.opinion.Marks(),
                output_field=django.contrib.postgres.search.SearchVectorField(),
            ),
        ),
        migrations.AddIndex(
            model_name="opinion",
            index=django.contrib.postgres.indexes.GinIndex(
                fastupdate=True, fields=["terms", "marks"], gin_pending_list_limit=512, name="opinions_search"
            ),
        ),
    ]
