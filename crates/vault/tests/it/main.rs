//! The vault, on a database of its own.

mod laws;
