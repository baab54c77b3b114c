//! The warehouse, asked as the server asks it.

#![allow(clippy::unwrap_used, missing_docs)]

extern crate isocenter_warehouse as warehouse;

mod asking;
mod brute;
mod cluster;
mod controls;
mod elsewhere;
mod feeding;
mod filled;
mod populated;
mod shelving;
