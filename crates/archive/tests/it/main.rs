//! What the archive promises, from outside.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

use isocenter_archive as archive;

mod appending;
mod common;
mod container;
mod disks;
mod exporting;
mod following;
mod keeping;
mod purging;
mod real;
mod recovery;
mod safety;
mod sharing;
mod verifying;
