//! Which exams a rule is about.

use super::Conditions;
use crate::App;
use catalog::{ExamSummary, Level, Query, SeriesSummary, SourceSummary};
use dicom::{dictionary, tags};
use model::StudyInstanceUid;
use std::collections::BTreeMap;

/// Says what is wrong with keys.
pub(super) fn check(keys: &BTreeMap<String, String>) -> Result<(), String> {
    for (keyword, value) in keys {
        if dictionary::parse_tag(keyword).is_none() {
            return Err(format!("{keyword:?} is neither a keyword of DICOM nor a tag, such as StationName."));
        }
        if value.trim().is_empty() {
            return Err(format!("{keyword} needs a value to match, such as CT1*."));
        }
    }
    Ok(())
}

/// An exam, as rules look at it.
pub(crate) struct Candidate {
    pub study: StudyInstanceUid,
    exam: ExamSummary,
    series: Vec<SeriesSummary>,
    pub sources: Vec<SourceSummary>,
}

impl Candidate {
    /// Reads it; `None` if it isn't held any more.
    pub async fn read(app: &App, study: &StudyInstanceUid) -> Result<Option<Self>, sqlx::Error> {
        let Some(exam) = app.catalog.exam(study).await? else { return Ok(None) };
        let series = app.catalog.series_of(study).await?;
        let sources = app.catalog.sources(study).await?;
        Ok(Some(Self { study: study.clone(), exam, series, sources }))
    }

    /// Whether all conditions hold.
    pub async fn matches(&self, app: &App, conditions: &Conditions) -> Result<bool, sqlx::Error> {
        Ok(self.is_told(conditions) && self.has_keys(app, &conditions.keys).await?)
    }

    fn is_told(&self, conditions: &Conditions) -> bool {
        let Conditions { doors, senders, modalities, body_parts, words, newer_than_days, .. } = conditions;
        let any_series = |among: &[String], of: fn(&SeriesSummary) -> &str| {
            among.is_empty() || self.series.iter().any(|series| has(among, of(series)))
        };
        (doors.is_empty() || self.sources.iter().any(|source| has(doors, &source.door)))
            && (senders.is_empty() || self.sources.iter().any(|source| is_sender(senders, source)))
            && any_series(modalities, |series| &series.modality)
            && any_series(body_parts, |series| &series.body_part)
            && self.says(words)
            && newer_than_days.is_none_or(|days| self.is_newer(days))
    }

    /// Whether every word stands in its descriptions.
    fn says(&self, words: &str) -> bool {
        let series = self.series.iter().map(|series| series.description.as_str());
        let said =
            std::iter::once(self.exam.description.as_str()).chain(series).collect::<Vec<_>>().join("\n");
        let said = catalog::fold::fold(&said);
        catalog::fold::fold(words).split_whitespace().all(|word| said.contains(word))
    }

    /// Whether it was made within so many days before it arrived.
    fn is_newer(&self, days: u32) -> bool {
        const DAY_MICROS: i64 = 86_400_000_000;
        let Some(date) = self.exam.date else { return false };
        let day = format!("{:04}-{:02}-{:02}T00:00:00Z", date / 10_000, date / 100 % 100, date % 100);
        let Some(made) = model::Timestamp::parse(&day) else { return false };
        let last = self.sources.iter().map(|source| source.last_at).max();
        // The day in the exam is of its own zone: a day more is given.
        last.is_some_and(|last| last.as_micros() - made.as_micros() <= (i64::from(days) + 2) * DAY_MICROS)
    }

    /// Whether one of its series has all the keys, as C-FIND matches them.
    async fn has_keys(&self, app: &App, keys: &BTreeMap<String, String>) -> Result<bool, sqlx::Error> {
        if keys.is_empty() {
            return Ok(true);
        }
        let mut query = Query::all(Level::Series).with(tags::STUDY_INSTANCE_UID, self.study.as_str());
        for (keyword, value) in keys {
            let Some(tag) = dictionary::parse_tag(keyword) else { return Ok(false) };
            query = query.with(tag, value);
        }
        query.limit = Some(1);
        Ok(!app.catalog.query(&query).await?.rows.is_empty())
    }

    /// Whether all of it came from this peer: it is not sent back.
    pub fn is_only_from(&self, peer: &str) -> bool {
        !self.sources.is_empty() && self.sources.iter().all(|source| source.account == peer)
    }
}

fn has(among: &[String], value: &str) -> bool {
    among.iter().any(|one| one.trim().eq_ignore_ascii_case(value.trim()))
}

/// By its account or entry, or by the title it called with.
fn is_sender(senders: &[String], source: &SourceSummary) -> bool {
    let title = source.peer.split('@').next().unwrap_or_default();
    has(senders, &source.account) || (!title.is_empty() && has(senders, title))
}
