from django.conf import settings
from django.db import migrations

# The chain is closed by a deferred trigger: the head's row is locked only while the transaction commits, so acts of one
# jurisdiction wait for each other as briefly as can be. jiazhan.audit.verification builds the same text. pg_temp stands
# last, or a temporary table of the application's would take the place of the chain.
SEAL = r"""
CREATE FUNCTION audit_seal_entry() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    last audit_head%ROWTYPE;
    next_digest text;
BEGIN
    INSERT INTO audit_head (jurisdiction, id, number, digest)
    VALUES (NEW.jurisdiction, gen_random_uuid(), 0, repeat('0', 64))
    ON CONFLICT (jurisdiction) DO NOTHING;
    SELECT * INTO last FROM audit_head WHERE jurisdiction = NEW.jurisdiction FOR UPDATE;
    next_digest := encode(sha256(convert_to(last.digest || concat_ws(E'\x1f',
        NEW.jurisdiction, NEW.id::text, NEW.action, NEW.subject_label, NEW.subject_id, NEW.actor_kind, NEW.actor_id,
        NEW.actor_name, (extract(epoch FROM NEW.at) * 1000000)::bigint::text, NEW.detail::text), 'UTF8')), 'hex');
    INSERT INTO audit_seal (jurisdiction, id, number, entry_id, digest)
    VALUES (NEW.jurisdiction, gen_random_uuid(), last.number + 1, NEW.id, next_digest);
    UPDATE audit_head SET number = last.number + 1, digest = next_digest WHERE jurisdiction = NEW.jurisdiction;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER audit_entry_sealed AFTER INSERT ON audit_entry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_seal_entry();

CREATE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the record is append-only';
END $$;

CREATE TRIGGER audit_entry_kept BEFORE UPDATE OR DELETE ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();
"""
UNSEAL = """
DROP TRIGGER audit_entry_kept ON audit_entry;
DROP TRIGGER audit_entry_sealed ON audit_entry;
DROP FUNCTION audit_refuse_change;
DROP FUNCTION audit_seal_entry;
"""


def take_back_writing(apps, schema_editor):
    """The application appends entries; seals and heads are the trigger's alone."""
    role = schema_editor.quote_name(settings.DATABASES["default"]["USER"])
    schema_editor.execute(f"REVOKE UPDATE, DELETE ON audit_entry FROM {role}")
    schema_editor.execute(f"REVOKE INSERT, UPDATE, DELETE ON audit_seal, audit_head FROM {role}")


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_record")]

    operations = [
        migrations.RunSQL(SEAL, UNSEAL),
        migrations.RunPython(take_back_writing, migrations.RunPython.noop),
    ]
