from django.conf import settings
from django.db import migrations

SEARCH = "jiazhan_search"
FIND = "suggestions_find(tsquery, text, text[], text, integer, text, uuid, text, integer, uuid, integer)"
SIMILAR = "suggestions_similar(text[], text[], text, text[], uuid, integer)"

# Every condition but the one that the index is for stands as `IS TRUE`, which no index serves: asked for both, the planner
# joins a rare word with all rows of the congress. The newest are walked with bitmaps and sorts off, the words are gathered
# with walks off; what a function sets here ends with it.
FUNCTIONS = r"""
CREATE INDEX suggestions_by_count ON suggestions_proposal (congress_area, substring(number from '第([0-9]+)号'));

CREATE FUNCTION suggestions_find(
    words tsquery, area text, states text[], only_kind text, only_year integer, only_category text, only_host uuid,
    counted text, cursor_year integer, cursor_id uuid, most integer
) RETURNS TABLE (jurisdiction varchar, id uuid, year smallint)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp SET enable_seqscan = off SET enable_sort = off SET enable_bitmapscan = off
SET enable_indexscan = on SET jit = off SET plan_cache_mode = force_custom_plan AS $$
#variable_conflict use_column
DECLARE
    reach text[] := string_to_array(current_setting('jiazhan.scope', true), ',');
    walked constant integer := 400;
    got integer;
    last record;
BEGIN
    IF reach IS NULL OR NOT left(area, 6) = ANY (reach) THEN
        RETURN;
    END IF;
    IF counted IS NOT NULL THEN
        RETURN QUERY
            SELECT o.jurisdiction, o.id, o.year FROM suggestions_proposal o
             WHERE o.congress_area = area AND substring(o.number from '第([0-9]+)号') = counted
               AND (o.jurisdiction = left(area, 6)) IS TRUE AND (o.state = ANY (states)) IS TRUE
               AND (only_kind IS NULL OR o.kind = only_kind) AND (only_year IS NULL OR o.year = only_year)
               AND (only_category IS NULL OR o.category_id = only_category)
               AND (only_host IS NULL OR o.host_id = only_host)
               AND (cursor_id IS NULL OR ((o.year, o.id) < (cursor_year, cursor_id)) IS TRUE)
             ORDER BY o.year DESC, o.id DESC LIMIT most;
        RETURN;
    END IF;
    RETURN QUERY
        SELECT o.jurisdiction, o.id, o.year FROM (
            SELECT p.jurisdiction, p.id, p.year, p.state, p.kind, p.category_id, p.host_id, p.terms
              FROM suggestions_proposal p
             WHERE p.jurisdiction = left(area, 6) AND p.congress_area = area
               AND (cursor_id IS NULL OR (p.year, p.id) < (cursor_year, cursor_id))
             ORDER BY p.year DESC, p.id DESC LIMIT CASE WHEN words IS NULL THEN NULL ELSE walked END
        ) AS o
         WHERE (words IS NULL OR ts_match_vq(o.terms, words)) AND o.state = ANY (states)
           AND (only_kind IS NULL OR o.kind = only_kind) AND (only_year IS NULL OR o.year = only_year)
           AND (only_category IS NULL OR o.category_id = only_category) AND (only_host IS NULL OR o.host_id = only_host)
         LIMIT most;
    GET DIAGNOSTICS got = ROW_COUNT;
    IF got >= most OR words IS NULL THEN
        RETURN;
    END IF;
    SELECT p.year, p.id INTO last FROM suggestions_proposal p
     WHERE p.jurisdiction = left(area, 6) AND p.congress_area = area
       AND (cursor_id IS NULL OR (p.year, p.id) < (cursor_year, cursor_id))
     ORDER BY p.year DESC, p.id DESC OFFSET walked - 1 LIMIT 1;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    PERFORM set_config('enable_bitmapscan', 'on', true), set_config('enable_indexscan', 'off', true);
    RETURN QUERY
        WITH hit AS MATERIALIZED (
            SELECT o.jurisdiction, o.id, o.year FROM suggestions_proposal o
             WHERE o.terms @@ words AND (o.congress_area = area) IS TRUE AND (o.jurisdiction = left(area, 6)) IS TRUE
               AND (o.state = ANY (states)) IS TRUE AND ((o.year, o.id) < (last.year, last.id)) IS TRUE
               AND (only_kind IS NULL OR o.kind = only_kind) AND (only_year IS NULL OR o.year = only_year)
               AND (only_category IS NULL OR o.category_id = only_category)
               AND (only_host IS NULL OR o.host_id = only_host)
        ) SELECT * FROM hit ORDER BY hit.year DESC, hit.id DESC LIMIT most - got;
END $$;

CREATE FUNCTION suggestions_similar(
    heads text[], body text[], area text, states text[], without uuid, most integer
) RETURNS TABLE (jurisdiction varchar, id uuid, head_share real, body_share real)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp SET enable_seqscan = off SET enable_sort = off SET enable_bitmapscan = off
SET enable_indexscan = on SET jit = off SET plan_cache_mode = force_custom_plan AS $$
#variable_conflict use_column
DECLARE
    reach text[] := string_to_array(current_setting('jiazhan.scope', true), ',');
    sampled constant integer := 300;
    words text[];
    numbers integer[];
    weights real[];
    weight_of_all real;
    total integer;
    many numeric := 0;
    any_word tsquery;
BEGIN
    IF reach IS NULL OR NOT left(area, 6) = ANY (reach) THEN
        RETURN;
    END IF;
    -- How common each word is, the newest titles tell: a rare one counts more.
    WITH tried AS MATERIALIZED (
        SELECT p.headline FROM suggestions_proposal p WHERE p.jurisdiction = left(area, 6) AND p.congress_area = area
         ORDER BY p.year DESC, p.id DESC LIMIT sampled
    ), counted AS (
        SELECT word, count(*)::integer AS number FROM tried, unnest(tsvector_to_array(tried.headline)) AS word
         WHERE word = ANY (heads) GROUP BY word
    ), ranked AS (
        SELECT word, place, coalesce(number, 0) AS number
          FROM unnest(heads) WITH ORDINALITY AS head(word, place) LEFT JOIN counted USING (word)
    )
    SELECT array_agg(word ORDER BY number, place), array_agg(number ORDER BY number, place), (SELECT count(*) FROM tried)
      INTO words, numbers, total FROM ranked;
    IF words IS NULL THEN
        RETURN;
    END IF;
    SELECT array_agg(ln(1.0 + (total + 2.0) / (number + 2))::real ORDER BY place), sum(ln(1.0 + (total + 2.0) / (number + 2)))
      INTO weights, weight_of_all FROM unnest(numbers) WITH ORDINALITY AS counted(number, place);
    -- The index is asked for the rarest words, as many as name some twenty-fifth of the titles; all words then weigh.
    FOR place IN 1 .. cardinality(words) LOOP
        many := many + numbers[place];
        EXIT WHEN place > 3 AND total = sampled AND many > 0.04 * total;
        any_word := CASE WHEN any_word IS NULL THEN quote_literal(words[place])::tsquery
                         ELSE any_word || quote_literal(words[place])::tsquery END;
    END LOOP;
    PERFORM set_config('enable_bitmapscan', 'on', true), set_config('enable_indexscan', 'off', true);
    RETURN QUERY
        -- Without positions the rank is the share of the words that a title holds.
        WITH near AS MATERIALIZED (
            SELECT o.jurisdiction, o.id, o.year, o.headline, ts_rank(o.headline, any_word) AS rank
              FROM suggestions_proposal o
             WHERE o.headline @@ any_word AND (o.congress_area = area) IS TRUE
               AND (o.jurisdiction = left(area, 6)) IS TRUE AND (o.state = ANY (states)) IS TRUE
               AND (without IS NULL OR (o.id <> without) IS TRUE)
        ), nearest AS MATERIALIZED (
            SELECT near.jurisdiction, near.id, near.headline FROM near
             ORDER BY near.rank DESC, near.year DESC, near.id DESC LIMIT 200
        ), likest AS MATERIALIZED (
            SELECT nearest.jurisdiction, nearest.id, (
                       SELECT sum(weight) FROM unnest(words, weights) AS head(word, weight)
                        WHERE word = ANY (tsvector_to_array(nearest.headline))
                   ) / weight_of_all AS share
              FROM nearest ORDER BY share DESC, nearest.id DESC LIMIT 20
        )
        SELECT likest.jurisdiction, likest.id, likest.share::real, (
                   SELECT count(*)::real / greatest(1, cardinality(body)) FROM unnest(tsvector_to_array(o.terms)) AS term
                    WHERE term = ANY (body)
               )::real AS body_share
          FROM likest JOIN suggestions_proposal o ON o.jurisdiction = likest.jurisdiction AND o.id = likest.id
         ORDER BY likest.share DESC, body_share DESC, likest.id DESC LIMIT most;
END $$;
"""


def replace(apps, schema_editor):
    """As in 0003: the functions run as the search role, and only the application may call them."""
    search = schema_editor.quote_name(SEARCH)
    application = schema_editor.quote_name(settings.DATABASES["default"]["USER"])
    schema_editor.execute(f"DROP FUNCTION {FIND}")
    schema_editor.execute(f"DROP FUNCTION {SIMILAR}")
    schema_editor.execute(FUNCTIONS)
    schema_editor.execute(f"GRANT CREATE ON SCHEMA public TO {search}")
    for function in (FIND, SIMILAR):
        schema_editor.execute(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC")
        schema_editor.execute(f"GRANT EXECUTE ON FUNCTION {function} TO {application}")
        schema_editor.execute(f"ALTER FUNCTION {function} OWNER TO {search}")
    schema_editor.execute(f"REVOKE CREATE ON SCHEMA public FROM {search}")


class Migration(migrations.Migration):
    dependencies = [("suggestions", "0003_search_proposals")]

    operations = [migrations.RunPython(replace)]
