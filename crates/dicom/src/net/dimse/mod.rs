//! DIMSE messages (PS3.7): command sets and what they say. Data sets stay bytes here.

mod command;
mod status;

pub use command::{Command, CommandError, Field, SubOperations, element};
pub use status::{Status, StatusClass};
