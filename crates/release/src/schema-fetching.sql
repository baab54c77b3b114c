-- What of a release's exams was still in a PACS when it was approved, and how far fetching it is.
ALTER TABLE release ADD COLUMN fetching TEXT NOT NULL DEFAULT '';
-- Who said that it is made without what is not here.
ALTER TABLE release ADD COLUMN without_by TEXT NOT NULL DEFAULT '';
-- `state`: waiting, running, here, short (it ended, and not all came), left (the patient withdrew). `told`: instances the
-- peer told of, 0: not told. `why` names no value. A row goes to `again_at` before it is tried again.
CREATE TABLE release_fetch (
    release {text} NOT NULL,
    study {text} NOT NULL,
    patient BIGINT NOT NULL,
    peer {text} NOT NULL,
    told BIGINT NOT NULL,
    transfer BIGINT,
    state {text} NOT NULL,
    why TEXT NOT NULL DEFAULT '',
    again_at BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (release, study)
);
CREATE INDEX release_fetch_running ON release_fetch (peer, state);
