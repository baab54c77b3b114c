//! The tests of the room: properties, samples at hand, and scores by class.
#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]

extern crate isocenter_reading as reading;

mod authored;
mod labels;
mod laws;
mod lexicons;
mod negex;
mod peers;
mod recommended;
mod score;
mod shared;
