-- The number that a name was given, for ever: of an identifier of a person (`kind` is empty), of a key of a record.
-- Unlike the rest it is not made again from messages: it is written to the archive too, and read back from there.
-- `number`: the least of those that records were given that turned out to be one; `first`: its own. `kept`: whether it was
-- written.
CREATE TABLE record_number (
    kind {text} NOT NULL,
    value {text} NOT NULL,
    system {text} NOT NULL,
    variant {text} NOT NULL,
    number BIGINT NOT NULL,
    first BIGINT NOT NULL,
    kept BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (kind, value, system, variant)
) {clustered};
CREATE INDEX record_number_by_number ON record_number (number);
CREATE INDEX record_number_by_first ON record_number (first);
CREATE INDEX record_number_to_keep ON record_number (kept) WHERE kept = 0;
INSERT INTO record_number (kind, value, system, variant, number, first)
    SELECT '', value, system, variant, id, id FROM person_identifier;
INSERT INTO record_number (kind, value, system, variant, number, first)
    SELECT kind, value, system, '', record, record FROM record_key;

-- The FHIR id that follows from the name alone.
ALTER TABLE person_identifier ADD COLUMN fhir TEXT NOT NULL DEFAULT '';
ALTER TABLE record_key ADD COLUMN fhir TEXT NOT NULL DEFAULT '';
CREATE INDEX person_identifier_by_fhir ON person_identifier (fhir);
CREATE INDEX record_key_by_fhir ON record_key (fhir);
