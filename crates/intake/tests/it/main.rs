//! Intake through its public doors, in front of a shelf in memory.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

extern crate isocenter_intake as intake;

mod attachments;
mod corpus;
mod hostile;
mod import;
mod law;
mod memory_shelf;
mod objects;
mod quarantine;
