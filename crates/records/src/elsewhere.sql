-- Whose the exams are that peers hold: found as for our own. What we hold ourselves stands in `record_exam`.
CREATE TABLE record_elsewhere (
    study {text} PRIMARY KEY,
    holder BIGINT
);
CREATE INDEX record_elsewhere_by_holder ON record_elsewhere (holder);
