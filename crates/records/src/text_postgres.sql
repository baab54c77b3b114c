CREATE TABLE report_text (record BIGINT PRIMARY KEY, words TSVECTOR NOT NULL);
CREATE INDEX report_text_words ON report_text USING GIN (words);
