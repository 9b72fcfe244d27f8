from django.conf import settings
from django.db import migrations

# The role that every installation makes beside the owner and the application.
SEARCH = "jiazhan_search"

# Row-level security keeps `@@` off the index, because it is not leakproof. These functions belong to a role of their own
# that reads past the policies; each takes the scope from the transaction and gives ids only, which are then read under
# the policies again. Windows of days are tried newest first, each as wide as the hits so far suggest, so that a word in
# every tenth matter costs no more than a rare one.
FUNCTIONS = r"""
CREATE FUNCTION opinions_scope() RETURNS tsquery LANGUAGE sql STABLE
RETURN (
    SELECT string_agg(quote_literal('j' || code), '|')::tsquery
      FROM unnest(string_to_array(current_setting('jiazhan.scope', true), ',')) AS code WHERE code <> ''
);

CREATE FUNCTION opinions_days(first integer, beyond integer) RETURNS tsquery LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    blocks text[] := '{}';
    day integer := first;
BEGIN
    WHILE day < beyond LOOP
        IF day & 511 = 0 AND day + 512 <= beyond THEN
            blocks := blocks || ('G' || (day >> 9)); day := day + 512;
        ELSIF day & 63 = 0 AND day + 64 <= beyond THEN
            blocks := blocks || ('F' || (day >> 6)); day := day + 64;
        ELSIF day & 7 = 0 AND day + 8 <= beyond THEN
            blocks := blocks || ('E' || (day >> 3)); day := day + 8;
        ELSE
            blocks := blocks || ('D' || day); day := day + 1;
        END IF;
    END LOOP;
    RETURN array_to_string(blocks, '|')::tsquery;
END $$;

CREATE FUNCTION opinions_find(
    words tsquery, also tsquery, filters tsquery, with_locked boolean, since integer, beyond integer,
    cursor_at timestamptz, cursor_id uuid, most integer
) RETURNS TABLE (jurisdiction varchar, id uuid, raised_at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp SET enable_seqscan = off SET enable_indexscan = off SET jit = off
SET plan_cache_mode = force_custom_plan AS $$
#variable_conflict use_column
DECLARE
    reach tsquery := opinions_scope();
    period tsquery;
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
        period := opinions_days(lower_day, upper_day);
        RETURN QUERY
            SELECT o.jurisdiction, o.id, o.raised_at FROM opinions_opinion o
             WHERE (words IS NULL OR o.terms @@ words) AND o.marks @@ (reach && period)
               AND (also IS NULL OR ts_match_vq(o.terms, also))
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

CREATE FUNCTION opinions_similar(
    words text[], filters tsquery, most integer
) RETURNS TABLE (jurisdiction varchar, id uuid, shared integer, terms integer)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp SET enable_seqscan = off SET enable_indexscan = off SET jit = off
SET plan_cache_mode = force_custom_plan AS $$
#variable_conflict use_column
DECLARE
    reach tsquery := opinions_scope() && !!'vlocked'::tsquery && filters;
    any_word tsquery := (SELECT string_agg(quote_literal(word), '|')::tsquery FROM unnest(words) AS word);
BEGIN
    IF reach IS NULL OR any_word IS NULL THEN
        RETURN;
    END IF;
    RETURN QUERY
        WITH near AS MATERIALIZED (
            SELECT o.jurisdiction, o.id, o.raised_at, o.terms FROM opinions_opinion o
             WHERE o.terms @@ any_word AND o.marks @@ reach ORDER BY o.raised_at DESC LIMIT 200
        ), scored AS (
            SELECT near.jurisdiction, near.id, near.raised_at, length(near.terms) AS terms,
                   (SELECT count(*) FROM unnest(tsvector_to_array(near.terms)) AS term WHERE term = ANY (words))::integer AS shared
              FROM near
        )
        SELECT scored.jurisdiction, scored.id, scored.shared, scored.terms FROM scored
         ORDER BY scored.shared DESC, scored.raised_at DESC LIMIT most;
END $$;
"""
DROP = """
DROP FUNCTION opinions_similar(text[], tsquery, integer);
DROP FUNCTION opinions_find(tsquery, tsquery, tsquery, boolean, integer, integer, timestamptz, uuid, integer);
DROP FUNCTION opinions_days(integer, integer);
DROP FUNCTION opinions_scope();
"""
PAST = [
    "opinions_find(tsquery, tsquery, tsquery, boolean, integer, integer, timestamptz, uuid, integer)",
    "opinions_similar(text[], tsquery, integer)",
]


def give_to_search(apps, schema_editor):
    """The functions run as the search role, which reads the columns that they need and nothing else."""
    search = schema_editor.quote_name(SEARCH)
    application = schema_editor.quote_name(settings.DATABASES["default"]["USER"])
    schema_editor.execute(f"CREATE POLICY search ON opinions_opinion FOR SELECT TO {search} USING (true)")
    schema_editor.execute(f"GRANT SELECT (jurisdiction, id, raised_at, terms, marks) ON opinions_opinion TO {search}")
    schema_editor.execute(f"GRANT CREATE ON SCHEMA public TO {search}")
    for function in PAST:
        schema_editor.execute(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC")
        schema_editor.execute(f"GRANT EXECUTE ON FUNCTION {function} TO {application}")
        schema_editor.execute(f"ALTER FUNCTION {function} OWNER TO {search}")
    schema_editor.execute(f"REVOKE CREATE ON SCHEMA public FROM {search}")


def take_from_search(apps, schema_editor):
    search = schema_editor.quote_name(SEARCH)
    schema_editor.execute("DROP POLICY search ON opinions_opinion")
    schema_editor.execute(f"REVOKE ALL (jurisdiction, id, raised_at, terms, marks) ON opinions_opinion FROM {search}")


class Migration(migrations.Migration):
    dependencies = [("opinions", "0004_flag_what_a_person_should_look_at")]

    operations = [
        migrations.RunSQL(FUNCTIONS, DROP),
        migrations.RunPython(give_to_search, take_from_search),
    ]
