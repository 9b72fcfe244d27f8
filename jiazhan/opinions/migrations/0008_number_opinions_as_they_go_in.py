from django.db import migrations

import jiazhan.opinions.models.opinion

# As jiazhan.kernel.numbering, but within the INSERT: the counter's row is then locked for that statement and the commit
# alone, and not while the program prepares the row.
NUMBER = """
CREATE FUNCTION opinions_number(county text, called text, prefix text) RETURNS text LANGUAGE sql VOLATILE AS $$
    INSERT INTO kernel_counter (jurisdiction, id, series, last) VALUES (county, gen_random_uuid(), called, 1)
    ON CONFLICT (jurisdiction, series) DO UPDATE SET last = kernel_counter.last + 1
    RETURNING prefix || lpad(last::text, greatest(6, length(last::text)), '0')
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("opinions", "0007_search_narrowly")]

    operations = [
        migrations.RunSQL(NUMBER, "DROP FUNCTION opinions_number(text, text, text)"),
        migrations.AlterField(
            model_name="opinion",
            name="number",
            field=jiazhan.opinions.models.opinion.NumberField(max_length=40, verbose_name="编号"),
        ),
    ]
