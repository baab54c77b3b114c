-- Of a record of which much was said, what was folded of it up to a place, so that what comes behind is put on top.
CREATE TABLE record_base (
    record BIGINT PRIMARY KEY,
    said_at BIGINT NOT NULL,
    source {text} NOT NULL,
    seq BIGINT NOT NULL,
    content {text} NOT NULL
);
