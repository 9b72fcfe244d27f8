from django.conf import settings
from django.db import migrations

SEARCH = "jiazhan_search"
BEFORE = "opinions_find(tsquery, tsquery, tsquery, tsquery, boolean, integer, integer, timestamptz, uuid, integer)"
NOW = "opinions_find(tsquery, tsquery[], tsquery, tsquery, integer, boolean, integer, integer, timestamptz, uuid, integer)"

# Each look takes in one block of days, as one lexeme: asking the index for either of several costs ten times as much. How
# wide the next block is, the hits so far tell. What a word begins with (`beginnings`; a single character is one) is looked
# for in the index where that is rare, and else read on the rows, newest first, until the page is full.
FIND = r"""
CREATE FUNCTION opinions_find(
    words tsquery, beginnings tsquery[], narrow tsquery, filters tsquery, first_bits integer, with_locked boolean,
    since integer, beyond integer, cursor_at timestamptz, cursor_id uuid, most integer
) RETURNS TABLE (jurisdiction varchar, id uuid, raised_at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp SET enable_seqscan = off SET enable_indexscan = off SET jit = off
SET plan_cache_mode = force_custom_plan AS $$
#variable_conflict use_column
DECLARE
    reach tsquery := opinions_scope();
    today integer := opinions_day(now());
    sampled_pages constant numeric := 80;
    ahead integer := ((today >> 9) + 2) << 9;
    first integer := coalesce(since, 0);
    on_row tsquery;
    rare tsquery;
    pages bigint;
    near tsquery;
    upper_day integer;
    lower_day integer;
    from_day integer;
    bits integer;
    small integer;
    wanted bigint;
    got integer := 0;
    fresh integer;
BEGIN
    IF reach IS NULL THEN
        RETURN;
    END IF;
    IF NOT with_locked THEN
        reach := reach && !!'vlocked'::tsquery;
    END IF;
    IF filters IS NOT NULL THEN
        reach := reach && filters;
    END IF;
    IF beginnings <> '{}' THEN
        SELECT string_agg('(' || each::text || ')', '&')::tsquery INTO on_row FROM unnest(beginnings) AS each;
        IF words IS NULL THEN
            -- The index gathers whatever begins so, at some 2 µs each: only for the rarest, and only where that is less than
            -- looking at the words of as many rows as fill the page, at 6 µs. A few pages tell the shares: the same ones
            -- each time, so they stay in memory.
            pages := greatest(1, pg_relation_size('opinions_opinion') / current_setting('block_size')::integer);
            SELECT tried.each INTO rare
              FROM (SELECT each, count(*) AS rows, count(*) FILTER (WHERE ts_match_vq(o.terms, each)) AS hits,
                           count(*) FILTER (WHERE ts_match_vq(o.terms, each) AND ts_match_vq(o.terms, on_row)) AS all_hit
                      FROM opinions_opinion o TABLESAMPLE SYSTEM (least(100, 100.0 * sampled_pages / pages)) REPEATABLE (1),
                           unnest(beginnings) AS each GROUP BY each) AS tried
             WHERE hits * greatest(all_hit, 0.5) * greatest(1, pages / sampled_pages) <= 3.0 * most * rows
             ORDER BY hits LIMIT 1;
            IF rare IS NOT NULL THEN
                words := rare;
                first_bits := 31;
            END IF;
        END IF;
    END IF;
    -- Nothing is raised in the future, but a clock may be wrong.
    upper_day := least(coalesce(beyond, ahead), coalesce(opinions_day(cursor_at) + 1, ahead));
    from_day := least(upper_day, today + 1);
    lower_day := CASE WHEN first_bits IS NULL THEN from_day - 2
                      WHEN first_bits < 31 THEN (from_day - 1) >> first_bits << first_bits ELSE first END;
    lower_day := greatest(lower_day, first);
    near := CASE WHEN first_bits = 31 THEN NULL
                 WHEN first_bits = 6 AND upper_day <= from_day THEN ('F' || ((upper_day - 1) >> 6))::tsquery
                 ELSE opinions_days(lower_day, upper_day) END;
    -- Without words every row of a block is read, so rather several small ones.
    small := CASE WHEN words IS NOT NULL THEN 12 WHEN narrow IS NOT NULL THEN 48 ELSE 200 END;
    LOOP
        near := CASE WHEN near IS NULL THEN narrow WHEN narrow IS NULL THEN near ELSE near && narrow END;
        -- `ts_match_vq` is `@@` kept away from the index, and so are the times by `IS TRUE`.
        RETURN QUERY
            SELECT found.jurisdiction, found.id, found.raised_at
              FROM (SELECT o.jurisdiction, o.id, o.raised_at, o.terms FROM opinions_opinion o
                     WHERE (words IS NULL OR o.terms @@ words) AND (near IS NULL OR o.marks @@ near)
                       AND ts_match_vq(o.marks, reach)
                       AND (o.raised_at < to_timestamp(upper_day * 86400.0 - 28800)) IS TRUE
                       AND (o.raised_at >= to_timestamp(lower_day * 86400.0 - 28800)) IS TRUE
                       AND (cursor_at IS NULL OR ((o.raised_at, o.id) < (cursor_at, cursor_id)) IS TRUE)
                     ORDER BY o.raised_at DESC, o.id DESC OFFSET 0) AS found
             WHERE on_row IS NULL OR ts_match_vq(found.terms, on_row)
             LIMIT most - got;
        GET DIAGNOSTICS fresh = ROW_COUNT;
        got := got + fresh;
        EXIT WHEN got >= most OR lower_day <= first;
        upper_day := lower_day;
        -- So many days more, as dense as those so far, would fill the page.
        wanted := CASE WHEN got = 0 THEN 16 * (from_day - lower_day)
                       ELSE (most - got)::bigint * (from_day - lower_day) / got END;
        bits := CASE WHEN wanted <= small THEN 3 WHEN wanted <= 128 THEN 6 WHEN wanted <= 1500 THEN 9 END;
        IF bits IS NULL THEN
            lower_day := first;
            near := CASE WHEN words IS NULL AND narrow IS NULL THEN opinions_days(first, upper_day) END;
        ELSE
            lower_day := greatest((upper_day - 1) >> bits << bits, first);
            near := (CASE bits WHEN 3 THEN 'E' WHEN 6 THEN 'F' ELSE 'G' END || ((upper_day - 1) >> bits))::tsquery;
        END IF;
    END LOOP;
END $$;
"""


def replace(apps, schema_editor):
    """As in 0005: the function runs as the search role, and only the application may call it."""
    search = schema_editor.quote_name(SEARCH)
    application = schema_editor.quote_name(settings.DATABASES["default"]["USER"])
    schema_editor.execute(f"DROP FUNCTION {BEFORE}")
    schema_editor.execute(FIND)
    schema_editor.execute(f"REVOKE ALL ON FUNCTION {NOW} FROM PUBLIC")
    schema_editor.execute(f"GRANT EXECUTE ON FUNCTION {NOW} TO {application}")
    schema_editor.execute(f"GRANT CREATE ON SCHEMA public TO {search}")
    schema_editor.execute(f"ALTER FUNCTION {NOW} OWNER TO {search}")
    schema_editor.execute(f"REVOKE CREATE ON SCHEMA public FROM {search}")


class Migration(migrations.Migration):
    dependencies = [("opinions", "0011_walk_public_pages_newest_first")]

    operations = [migrations.RunPython(replace)]
