from django.db import migrations

# The open matters of a place are few: the index names them, and their words are compared on the rows. Asking it for any of
# eighty words as well cost thirty times as much. As before, the function belongs to the search role.
SIMILAR = r"""
CREATE OR REPLACE FUNCTION opinions_similar(
    words text[], filters tsquery, most integer
) RETURNS TABLE (jurisdiction varchar, id uuid, shared integer, terms integer)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp SET enable_seqscan = off SET enable_indexscan = off SET jit = off
SET plan_cache_mode = force_custom_plan AS $$
#variable_conflict use_column
DECLARE
    reach tsquery := opinions_scope() && !!'vlocked'::tsquery && filters;
BEGIN
    IF reach IS NULL OR words = '{}' THEN
        RETURN;
    END IF;
    RETURN QUERY
        WITH near AS MATERIALIZED (
            SELECT o.jurisdiction, o.id, o.raised_at, o.terms FROM opinions_opinion o
             WHERE o.marks @@ filters AND ts_match_vq(o.marks, reach) ORDER BY o.raised_at DESC LIMIT 500
        ), scored AS (
            SELECT near.jurisdiction, near.id, near.raised_at, length(near.terms) AS terms,
                   length(near.terms) - length(ts_delete(near.terms, words)) AS shared
              FROM near
        )
        SELECT scored.jurisdiction, scored.id, scored.shared, scored.terms FROM scored
         WHERE scored.shared > 0 ORDER BY scored.shared DESC, scored.raised_at DESC LIMIT most;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("opinions", "0016_stamp_messages_once_they_left")]

    operations = [migrations.RunSQL(SIMILAR)]
