//! `isocenter` — the one binary.

fn main() {}
