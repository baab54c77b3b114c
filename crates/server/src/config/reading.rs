//! Settings of reading reports.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// What reports are read with.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Reading {
    /// Words of your own: a folder with *.toml files, or one such file, as docs/READING.md explains. Reports are read
    /// again with them after the next start; what was read before is kept beside it.
    pub lexicon: Option<PathBuf>,
}
