//! `server` — The shell: HTTP, DIMSE and the workers that carry events between rooms.
