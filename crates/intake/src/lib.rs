//! `intake` — Every front door: bytes become durable, or are refused for a stated reason.
