import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.conf import settings
from django.db import migrations, models

# The role that every installation makes beside the owner and the application (opinions 0005).
SEARCH = "jiazhan_search"
READS = "jurisdiction, id, congress_area, state, kind, number, year, category_id, host_id, terms, headline"

# Row-level security keeps `@@` off the index. These functions read past the policies, take the scope from the transaction
# and give ids only, which are then read under the policies again.
#
# find: a word in many proposals fills the page from the newest few hundred, checked on the row; one that does not is rare
# enough to be gathered from the index. similar: who shares words of the title, rare words counting more; of the likest,
# who shares words of the text too.
FUNCTIONS = r"""
CREATE FUNCTION suggestions_find(
    words tsquery, area text, states text[], only_kind text, only_year integer, only_category text, only_host uuid,
    numbered text, cursor_year integer, cursor_id uuid, most integer
) RETURNS TABLE (jurisdiction varchar, id uuid, year smallint)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp SET enable_seqscan = off SET jit = off SET plan_cache_mode = force_custom_plan AS $$
#variable_conflict use_column
DECLARE
    reach text[] := string_to_array(current_setting('jiazhan.scope', true), ',');
    walked constant integer := 600;
    got integer;
    last record;
BEGIN
    RETURN QUERY
        SELECT o.jurisdiction, o.id, o.year FROM (
            SELECT p.jurisdiction, p.id, p.year, p.state, p.kind, p.category_id, p.host_id, p.number, p.terms
              FROM suggestions_proposal p
             WHERE p.jurisdiction = left(area, 6) AND p.congress_area = area AND p.jurisdiction = ANY (reach)
               AND (cursor_id IS NULL OR (p.year, p.id) < (cursor_year, cursor_id))
             ORDER BY p.year DESC, p.id DESC LIMIT CASE WHEN words IS NULL THEN NULL ELSE walked END
        ) AS o
         WHERE (words IS NULL OR ts_match_vq(o.terms, words)) AND o.state = ANY (states)
           AND (only_kind IS NULL OR o.kind = only_kind) AND (only_year IS NULL OR o.year = only_year)
           AND (only_category IS NULL OR o.category_id = only_category) AND (only_host IS NULL OR o.host_id = only_host)
           AND (numbered IS NULL OR o.number LIKE numbered)
         ORDER BY o.year DESC, o.id DESC LIMIT most;
    GET DIAGNOSTICS got = ROW_COUNT;
    IF got >= most OR words IS NULL THEN
        RETURN;
    END IF;
    SELECT p.year, p.id INTO last FROM suggestions_proposal p
     WHERE p.jurisdiction = left(area, 6) AND p.congress_area = area AND p.jurisdiction = ANY (reach)
       AND (cursor_id IS NULL OR (p.year, p.id) < (cursor_year, cursor_id))
     ORDER BY p.year DESC, p.id DESC OFFSET walked - 1 LIMIT 1;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    RETURN QUERY
        WITH hit AS MATERIALIZED (
            SELECT o.jurisdiction, o.id, o.year FROM suggestions_proposal o
             WHERE o.terms @@ words AND o.congress_area = area AND o.jurisdiction = ANY (reach) AND o.state = ANY (states)
               AND ((o.year, o.id) < (last.year, last.id)) IS TRUE
               AND (only_kind IS NULL OR o.kind = only_kind) AND (only_year IS NULL OR o.year = only_year)
               AND (only_category IS NULL OR o.category_id = only_category)
               AND (only_host IS NULL OR o.host_id = only_host) AND (numbered IS NULL OR o.number LIKE numbered)
        ) SELECT * FROM hit ORDER BY hit.year DESC, hit.id DESC LIMIT most - got;
END $$;

CREATE FUNCTION suggestions_similar(
    heads text[], body text[], area text, states text[], without uuid, most integer
) RETURNS TABLE (jurisdiction varchar, id uuid, head_share real, body_share real)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp SET enable_seqscan = off SET enable_indexscan = off SET jit = off
SET plan_cache_mode = force_custom_plan AS $$
#variable_conflict use_column
DECLARE
    reach text[] := string_to_array(current_setting('jiazhan.scope', true), ',');
    any_word tsquery := (SELECT string_agg(quote_literal(word), '|')::tsquery FROM unnest(heads) AS word);
BEGIN
    IF reach IS NULL OR any_word IS NULL THEN
        RETURN;
    END IF;
    RETURN QUERY
        WITH near AS MATERIALIZED (
            SELECT o.jurisdiction, o.id, o.headline FROM suggestions_proposal o
             WHERE o.headline @@ any_word AND o.congress_area = area AND o.jurisdiction = ANY (reach)
               AND o.state = ANY (states) AND (without IS NULL OR o.id <> without)
        ), held AS MATERIALIZED (
            SELECT near.jurisdiction, near.id, word FROM near, unnest(tsvector_to_array(near.headline)) AS word
             WHERE word = ANY (heads)
        ), weights AS MATERIALIZED (
            SELECT word, coalesce(counted.weight, ln(1.0 + (SELECT count(*) FROM near)))::real AS weight
              FROM unnest(heads) AS word LEFT JOIN (
                  SELECT word, ln(1.0 + (SELECT count(*) FROM near)::numeric / count(*)) AS weight FROM held GROUP BY word
              ) AS counted USING (word)
        ), likest AS MATERIALIZED (
            SELECT held.jurisdiction, held.id, (sum(weight) / (SELECT sum(weight) FROM weights))::real AS share
              FROM held JOIN weights USING (word) GROUP BY held.jurisdiction, held.id ORDER BY share DESC, held.id DESC LIMIT 40
        )
        SELECT likest.jurisdiction, likest.id, likest.share, (
                   SELECT count(*)::real / greatest(1, cardinality(body)) FROM unnest(tsvector_to_array(o.terms)) AS term
                    WHERE term = ANY (body)
               )::real AS body_share
          FROM likest JOIN suggestions_proposal o ON o.jurisdiction = likest.jurisdiction AND o.id = likest.id
         ORDER BY likest.share DESC, body_share DESC, likest.id DESC LIMIT most;
END $$;
"""
DROP = """
DROP FUNCTION suggestions_similar(text[], text[], text, text[], uuid, integer);
DROP FUNCTION suggestions_find(tsquery, text, text[], text, integer, text, uuid, text, integer, uuid, integer);
"""
PAST = [
    "suggestions_find(tsquery, text, text[], text, integer, text, uuid, text, integer, uuid, integer)",
    "suggestions_similar(text[], text[], text, text[], uuid, integer)",
]


def give_to_search(apps, schema_editor):
    """The functions run as the search role, which reads the columns that they need and nothing else."""
    search = schema_editor.quote_name(SEARCH)
    application = schema_editor.quote_name(settings.DATABASES["default"]["USER"])
    schema_editor.execute(f"CREATE POLICY search ON suggestions_proposal FOR SELECT TO {search} USING (true)")
    schema_editor.execute(f"GRANT SELECT ({READS}) ON suggestions_proposal TO {search}")
    schema_editor.execute(f"GRANT CREATE ON SCHEMA public TO {search}")
    for function in PAST:
        schema_editor.execute(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC")
        schema_editor.execute(f"GRANT EXECUTE ON FUNCTION {function} TO {application}")
        schema_editor.execute(f"ALTER FUNCTION {function} OWNER TO {search}")
    schema_editor.execute(f"REVOKE CREATE ON SCHEMA public FROM {search}")


def take_from_search(apps, schema_editor):
    search = schema_editor.quote_name(SEARCH)
    schema_editor.execute("DROP POLICY search ON suggestions_proposal")
    schema_editor.execute(f"REVOKE ALL ({READS}) ON suggestions_proposal FROM {search}")


class Migration(migrations.Migration):
    dependencies = [("suggestions", "0002_keep_texts_that_were_signed"), ("opinions", "0005_search_past_the_policies")]

    operations = [
        migrations.AddField(
            model_name="proposal",
            name="headline",
            field=django.contrib.postgres.search.SearchVectorField(editable=False, null=True),
        ),
        migrations.AddIndex(
            model_name="proposal",
            index=models.Index(
                fields=["jurisdiction", "congress_area", "-year", "-id"], name="suggestions_by_congress"
            ),
        ),
        migrations.AddIndex(
            model_name="proposal",
            index=django.contrib.postgres.indexes.GinIndex(fields=["headline"], name="suggestions_headline"),
        ),
        migrations.RunSQL(FUNCTIONS, DROP),
        migrations.RunPython(give_to_search, take_from_search),
    ]
