//! `archive` — The shelves: originals in append-only segments, fixity, tiers, tombstones.
