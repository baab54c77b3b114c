-- Terms of `fact` rows, and each distinct term once.
ALTER TABLE fact ADD COLUMN terms TEXT[] NOT NULL DEFAULT '{}';
CREATE INDEX fact_by_term ON fact USING gin (terms);
CREATE TABLE fact_term (term TEXT COLLATE "C" PRIMARY KEY);
-- Trigrams of an exam's words, where the extension is there; without it searches read all exams. A database has it
-- once, and catalogs that are parts of it look for nothing outside their own schema.
DO $$ DECLARE place TEXT; BEGIN
    CREATE EXTENSION IF NOT EXISTS pg_trgm;
    SELECT n.nspname INTO place FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
        WHERE e.extname = 'pg_trgm';
    EXECUTE format('CREATE INDEX study_by_trigram ON study USING gin (search %I.gin_trgm_ops)', place);
EXCEPTION WHEN OTHERS THEN RAISE NOTICE 'pg_trgm is not available';
END $$;
