//! The reports of a release: a file of text for each, cleaned as the project's own view of it, and named by the number
//! that its row has in the table of reports.

use super::keep::Of;
use super::make::{MakeError, Making, Subject};
use deid::Known;
use deid::verify::residual::Identifiers;
use model::Timestamp;
use std::sync::Arc;

/// Their form, and their folder in the package.
pub(super) const REPORTS: &str = "reports";

/// Whose reports they are.
pub(super) struct Whose<'a> {
    pub subject: &'a Subject,
    /// What is known of the people in them.
    pub known: &'a Known,
    /// Whom their dates move with.
    pub person: &'a str,
    pub identifiers: &'a Arc<Identifiers>,
}

/// Writes reports, each by its record and its row, as they were known when the cohort was frozen.
pub(super) async fn write(
    making: &mut Making<'_>,
    whose: &Whose<'_>,
    rows: &[(i64, i64)],
) -> Result<(), MakeError> {
    let frozen = Timestamp::parse(&making.frozen.made_at).unwrap_or_else(Timestamp::now);
    let code = &whose.subject.code;
    for (record, row) in rows {
        making.tell(0, "reports are written").await?;
        let text = making.leaving.report(*record, frozen, whose.known, whose.person).await?;
        let Some(text) = text else {
            making.lacks("report as text", "its text is not held", 1);
            continue;
        };
        let of = Of { form: REPORTS, subject: code, study: "" };
        let path = format!("{REPORTS}/{code}/{row}.txt");
        // Never an earlier try's: rows are counted anew, so its file may be another report's.
        making.keep(&path, text.into(), whose.identifiers, of).await?;
    }
    Ok(())
}
