-- Trigrams of an exam's name, id, accession number and description; and terms of `fact` rows.
CREATE VIRTUAL TABLE study_text USING fts5(
    text, content='', contentless_delete=1, detail=none, tokenize='trigram case_sensitive 1');
-- The name_key of exams that are live, with positions: a piece of a name is found without looking at exams.
CREATE VIRTUAL TABLE study_name USING fts5(
    name, content='', contentless_delete=1, detail=full, tokenize='trigram case_sensitive 1');
CREATE VIRTUAL TABLE fact_text USING fts5(
    terms, content='', contentless_delete=1, detail=none, tokenize='ascii');
CREATE VIRTUAL TABLE fact_term USING fts5vocab('fact_text', 'row');
