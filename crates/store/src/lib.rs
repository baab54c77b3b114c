//! `store` — The machinery of the floor: the relational ledger, blobs, outbox and jobs.
