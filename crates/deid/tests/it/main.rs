//! The wall as a whole: laws over made objects, and the faults it must close on.
#![allow(clippy::unwrap_used)]

extern crate isocenter_deid as deid;

mod alike;
mod decisions;
mod documents;
mod faults;
mod free_text;
mod laws;
mod objects;
mod pictures;
mod pixels;
mod profile;

mod samples;
