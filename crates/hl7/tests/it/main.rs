//! What messages say, kind by kind; laws over damaged ones; the sample data, where it is at hand.
#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]

extern crate isocenter_hl7 as hl7;

mod documents;
mod laws;
mod medicines;
mod orders;
mod patients;
mod read;
mod reports;
mod results;
mod samples;
mod schedules;
