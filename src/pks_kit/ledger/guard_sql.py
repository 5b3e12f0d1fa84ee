"""The guards of the table of events, as schema 0002 made them: an event is never changed.

What stands here is in every ledger, so it is never edited: another guard is another version of the
schema, with statements of its own. On SQLite ``INSERT OR REPLACE`` would remove a row without
asking the trigger on DELETE; the trigger on INSERT therefore looks for the unique values itself.
"""

from __future__ import annotations

SQLITE = (
    """
    CREATE TRIGGER pks_peristiwa_tolak_ubah BEFORE UPDATE ON pks_peristiwa
    BEGIN SELECT RAISE(ABORT, 'pks_peristiwa is append-only'); END
    """,
    """
    CREATE TRIGGER pks_peristiwa_tolak_hapus BEFORE DELETE ON pks_peristiwa
    BEGIN SELECT RAISE(ABORT, 'pks_peristiwa is append-only'); END
    """,
    """
    CREATE TRIGGER pks_peristiwa_sambung BEFORE INSERT ON pks_peristiwa
    BEGIN
        SELECT RAISE(ABORT, 'pks_peristiwa: the chain is not continued')
        WHERE NEW.nomor IS NOT (SELECT COALESCE(MAX(nomor), 0) + 1 FROM pks_peristiwa)
           OR NEW.hash_sebelum IS NOT COALESCE(
                (SELECT hash FROM pks_peristiwa ORDER BY nomor DESC LIMIT 1),
                '0000000000000000000000000000000000000000000000000000000000000000')
           OR EXISTS (SELECT 1 FROM pks_peristiwa WHERE unik = NEW.unik)
           OR EXISTS (SELECT 1 FROM pks_peristiwa WHERE hash = NEW.hash);
    END
    """,
)

POSTGRESQL = (
    """
    CREATE FUNCTION pks_peristiwa_tolak() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'pks_peristiwa is append-only';
    END $$
    """,
    """
    CREATE FUNCTION pks_peristiwa_sambung() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        terakhir_nomor bigint;
        terakhir_hash text;
    BEGIN
        SELECT nomor, hash INTO terakhir_nomor, terakhir_hash
        FROM pks_peristiwa ORDER BY nomor DESC LIMIT 1;
        IF NEW.nomor IS DISTINCT FROM COALESCE(terakhir_nomor, 0) + 1
           OR NEW.hash_sebelum IS DISTINCT FROM COALESCE(terakhir_hash, repeat('0', 64))
        THEN
            RAISE EXCEPTION 'pks_peristiwa: the chain is not continued';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER pks_peristiwa_tolak_ubah BEFORE UPDATE ON pks_peristiwa
    FOR EACH ROW EXECUTE FUNCTION pks_peristiwa_tolak()
    """,
    """
    CREATE TRIGGER pks_peristiwa_tolak_hapus BEFORE DELETE ON pks_peristiwa
    FOR EACH ROW EXECUTE FUNCTION pks_peristiwa_tolak()
    """,
    """
    CREATE TRIGGER pks_peristiwa_tolak_kosongkan BEFORE TRUNCATE ON pks_peristiwa
    FOR EACH STATEMENT EXECUTE FUNCTION pks_peristiwa_tolak()
    """,
    """
    CREATE TRIGGER pks_peristiwa_sambung BEFORE INSERT ON pks_peristiwa
    FOR EACH ROW EXECUTE FUNCTION pks_peristiwa_sambung()
    """,
)
