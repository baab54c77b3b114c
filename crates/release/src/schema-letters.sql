-- What recipients are told by letter. `about`: ready, recalled, withdrawn; `subjects`: whom they are to delete. `state`:
-- waiting, sent, failed. `why` names no address.
CREATE TABLE release_letter (
    id {id},
    release {text} NOT NULL,
    withdrawal {text} NOT NULL,
    about {text} NOT NULL,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    subjects TEXT NOT NULL,
    written_at BIGINT NOT NULL,
    state {text} NOT NULL DEFAULT 'waiting',
    attempts BIGINT NOT NULL DEFAULT 0,
    again_at BIGINT NOT NULL DEFAULT 0,
    sent_at BIGINT NOT NULL DEFAULT 0,
    why TEXT NOT NULL DEFAULT ''
);
CREATE INDEX release_letter_release ON release_letter (release, id);
CREATE INDEX release_letter_withdrawal ON release_letter (withdrawal, id);
CREATE INDEX release_letter_state ON release_letter (state, again_at);
