from django.conf import settings
from django.db import migrations

SEARCH = "jiazhan_search"
BEFORE = "opinions_find(tsquery, tsquery, tsquery, boolean, integer, integer, timestamptz, uuid, integer)"
NOW = "opinions_find(tsquery, tsquery, tsquery, tsquery, boolean, integer, integer, timestamptz, uuid, integer)"

# The index is asked for the words, the days and what narrows most (`narrow`); scope and all filters are then checked on
# the row. Asking the index for each of them cost more than reading the rows: docs/decisions tells how much.
FIND = r"""
CREATE FUNCTION opinions_find(
    words tsquery, also tsquery, narrow tsquery, filters tsquery, with_locked boolean, since integer, beyond integer,
    cursor_at timestamptz, cursor_id uuid, most integer
) RETURNS TABLE (jurisdiction varchar, id uuid, raised_at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp SET enable_seqscan = off SET enable_indexscan = off SET jit = off
SET plan_cache_mode = force_custom_plan AS $$
#variable_conflict use_column
DECLARE
    reach tsquery := opinions_scope();
    near tsquery;
    today integer := opinions_day(now());
    upper_day integer;
    lower_day integer;
    wide integer := 2;
    covered integer := 0;
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
    -- Nothing is raised in the future, but a clock may be wrong.
    upper_day := least(coalesce(beyond, today + 400), coalesce(opinions_day(cursor_at) + 1, today + 400));
    lower_day := greatest(least(upper_day, today + 1) - wide, coalesce(since, 0));
    LOOP
        -- Beyond some eleven years there is one last window.
        IF covered > 4000 THEN
            lower_day := coalesce(since, 0);
        END IF;
        near := opinions_days(lower_day, upper_day);
        IF narrow IS NOT NULL THEN
            near := near && narrow;
        END IF;
        -- `ts_match_vq` is `@@` kept away from the index.
        RETURN QUERY
            SELECT o.jurisdiction, o.id, o.raised_at FROM opinions_opinion o
             WHERE (words IS NULL OR o.terms @@ words) AND o.marks @@ near
               AND ts_match_vq(o.marks, reach) AND (also IS NULL OR ts_match_vq(o.terms, also))
               AND (cursor_at IS NULL OR (o.raised_at, o.id) < (cursor_at, cursor_id))
             ORDER BY o.raised_at DESC, o.id DESC LIMIT most - got;
        GET DIAGNOSTICS fresh = ROW_COUNT;
        got := got + fresh;
        EXIT WHEN got >= most OR lower_day <= coalesce(since, 0);
        covered := covered + wide;
        wide := CASE WHEN got = 0 THEN wide * 8
                     ELSE least(wide * 8, greatest(2, (most - got) * covered * 3 / (2 * got))) END;
        upper_day := lower_day;
        lower_day := greatest(upper_day - wide, coalesce(since, 0));
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
    dependencies = [("opinions", "0006_seed_categories")]

    operations = [migrations.RunPython(replace)]
