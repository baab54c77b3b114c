-- What the newest reading of a report's newest version says, to be searched.
CREATE TABLE report_term (
    finding {text} NOT NULL,
    record BIGINT NOT NULL,
    assertion {text} NOT NULL,
    PRIMARY KEY (finding, record, assertion)
) {clustered};
CREATE INDEX report_term_by_record ON report_term (record);
