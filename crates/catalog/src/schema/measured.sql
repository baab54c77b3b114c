-- What reports (DICOM SR) measured, as they were read once: made again from the archive wherever it is missing.
-- `form` is the way they were read, `content` JSON.
CREATE TABLE measured (
    instance BIGINT PRIMARY KEY,
    form BIGINT NOT NULL,
    content TEXT NOT NULL
);
