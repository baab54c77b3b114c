-- Exams that peers said they hold, told without a pixel. They are not made from the archive, so a rebuild leaves them;
-- what we hold ourselves stands in `study`. Days are numbers like 20260131 (0: not told), moments microseconds.
CREATE TABLE elsewhere_exam (
    id {id},
    study {text} NOT NULL,
    peer {text} NOT NULL,
    patient_id {text} NOT NULL,
    issuer {text} NOT NULL,
    patient_name {text} NOT NULL,
    birth_date BIGINT NOT NULL,
    sex {text} NOT NULL,
    study_date BIGINT NOT NULL,
    study_time BIGINT,
    accession {text} NOT NULL,
    description {text} NOT NULL,
    modalities {text} NOT NULL,
    series BIGINT NOT NULL,
    instances BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    UNIQUE (study, peer)
);
CREATE INDEX elsewhere_exam_by_day ON elsewhere_exam (peer, study_date);
