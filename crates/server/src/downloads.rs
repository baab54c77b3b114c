//! Downloads: packages of exams that are made in the background, survive a restart, and are kept for a
//! while for whoever asked. Each has a row that tells how far it is, and at the end a file.
//! Read in this order: this file, [`table`], [`make`], [`work`].

mod make;
mod table;
mod work;

pub(crate) use table::{Download, EndError, begin, end, list, migrate, one};
pub(crate) use work::{file, work};

use model::{SeriesInstanceUid, StudyInstanceUid};
use serde::{Deserialize, Serialize};

/// What a package holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Form {
    /// The instances as they were received.
    Dicom,
    /// Their volumes.
    Nifti,
    /// A table of their attributes.
    Csv,
}

/// What a row of a table is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Level {
    /// An exam, told by its first instance.
    Exam,
    /// A series, told by its first instance.
    Series,
    /// An instance.
    #[default]
    Instance,
}

impl From<Level> for view::attributes::Level {
    fn from(level: Level) -> Self {
        match level {
            Level::Exam => Self::Exam,
            Level::Series => Self::Series,
            Level::Instance => Self::Instance,
        }
    }
}

/// An exam, or a series of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Part {
    pub study_instance_uid: String,
    /// One series of it; left out: all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub series_instance_uid: Option<String>,
}

impl Part {
    /// The scope it names.
    ///
    /// # Errors
    /// [`model::UidError`].
    pub fn scope(&self) -> Result<catalog::Scope, model::UidError> {
        let study = StudyInstanceUid::parse(&self.study_instance_uid)?;
        Ok(match &self.series_instance_uid {
            Some(series) => catalog::Scope::Series(study, SeriesInstanceUid::parse(series)?),
            None => catalog::Scope::Study(study),
        })
    }
}

/// What is asked for.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Wanted {
    pub form: Form,
    pub parts: Vec<Part>,
    /// Of a table: what a row is; an instance unless said.
    #[serde(default)]
    pub level: Level,
    /// Of a table: keywords or tags of the columns; none: a sensible set; `["all"]`: everything there is.
    #[serde(default)]
    pub columns: Vec<String>,
    /// Of a table: begin with a byte order mark, which spreadsheets need to read UTF-8.
    #[serde(default)]
    pub byte_order_mark: bool,
}

impl Wanted {
    /// The exam, where all parts are of one.
    pub fn only_exam(&self) -> Option<&str> {
        let first = self.parts.first()?.study_instance_uid.as_str();
        self.parts.iter().all(|part| part.study_instance_uid == first).then_some(first)
    }
}
