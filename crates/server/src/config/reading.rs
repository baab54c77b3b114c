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
    /// A text model beside the rules: a folder with model.onnx, vocab.txt and labels.json, as docs/READING.md explains. It
    /// says of each finding in its sentence whether it is there; where it says something else than the rules, both are
    /// shown, and the rules' word holds until a person decides. It is run by the libonnxruntime.so of deid.detector.
    /// Reports that are there already get its word by `isocenter read-reports --again`.
    pub model: Option<PathBuf>,
}
