-- Terms of `fact` rows, and each distinct term once.
ALTER TABLE fact ADD COLUMN terms TEXT[] NOT NULL DEFAULT '{}';
CREATE INDEX fact_by_term ON fact USING gin (terms);
CREATE TABLE fact_term (term TEXT COLLATE "C" PRIMARY KEY);
-- Trigrams of an exam's words, where the extension is there; without it searches read all exams.
DO $$ BEGIN
    CREATE EXTENSION IF NOT EXISTS pg_trgm;
    CREATE INDEX study_by_trigram ON study USING gin (search gin_trgm_ops);
EXCEPTION WHEN OTHERS THEN RAISE NOTICE 'pg_trgm is not available';
END $$;
