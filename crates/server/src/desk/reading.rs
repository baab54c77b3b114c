//! Everybody's work on an exam, as it is now and as it was.

use super::App;
use archive::HeaderError;
use catalog::{Located, Scope, WorkVersion};
use futures::stream::{self, StreamExt, TryStreamExt};
use measure::others::ForeignReport;
use measure::{Entry, MEASUREMENTS, Work};
use model::StudyInstanceUid;
use std::collections::{BTreeMap, BTreeSet};

/// Reports of other programs that are read for one exam.
const MOST_REPORTS: usize = 200;
/// A report larger than this measures no images.
const LARGEST_REPORT: u64 = 16 << 20;
/// Documents read at the same time.
const AT_ONCE: usize = 8;

/// One person's work.
pub(crate) struct Authored {
    pub(crate) account: String,
    pub(crate) work: Work,
}

/// A report another program made.
pub(crate) struct Reported {
    pub(crate) located: Located,
    pub(crate) report: ForeignReport,
}

/// A version that was.
pub(crate) struct Past {
    pub(crate) account: String,
    pub(crate) instance: String,
    pub(crate) entry: Entry,
}

impl App {
    /// Everybody's measurements of an exam, each person's in the newest version.
    pub(crate) async fn work_on(&self, study: &StudyInstanceUid) -> Result<Vec<Authored>, super::Failed> {
        let newest = self.catalog.newest_work(study).await?;
        let mut all = BTreeMap::new();
        for version in newest.iter().filter(|version| version.kind == MEASUREMENTS && !version.deleted) {
            if let Some(work) = self.read_work(&version.located).await? {
                all.insert(version.account.clone(), work);
            }
        }
        // What was kept a moment ago may not be indexed yet.
        for (account, slot) in self.desk.of_exam(study) {
            if let Some(chain) = slot.lock().await.as_ref() {
                all.insert(account, chain.work.clone());
            }
        }
        let authored = all.into_iter().map(|(account, work)| Authored { account, work });
        Ok(authored.filter(|authored| !authored.work.entries.is_empty()).collect())
    }

    /// Reports of measurements that other programs made of an exam.
    pub(crate) async fn reports_on(&self, study: &StudyInstanceUid) -> Result<Vec<Reported>, super::Failed> {
        let ours: BTreeSet<String> = self.catalog.work_versions(study).await?.into_iter().map(sop).collect();
        let located = self.catalog.locate(&Scope::Study(study.clone())).await?;
        let series: BTreeMap<&str, &str> =
            located.iter().map(|one| (one.sop.as_str(), one.series.as_str())).collect();
        let mut reports = located.clone();
        reports.retain(|one| dicom::sr::is_report(&one.sop_class) && !ours.contains(&one.sop));
        reports.retain(|one| one.locator.length <= LARGEST_REPORT);
        reports.truncate(MOST_REPORTS);
        let read = stream::iter(reports).map(|located| self.read_report(located)).buffered(AT_ONCE);
        let read: Vec<Option<Reported>> = read.try_collect().await?;
        let mut read: Vec<Reported> = read.into_iter().flatten().collect();
        for report in &mut read {
            for place in report.report.measurements.iter_mut().flat_map(|m| &mut m.regions) {
                if let Some(image) = &mut place.image {
                    image.series = series.get(image.sop.as_str()).copied().unwrap_or_default().to_owned();
                }
            }
        }
        Ok(read)
    }

    async fn read_report(&self, located: Located) -> Result<Option<Reported>, HeaderError> {
        let header = match self.archive.header(&located.locator).await {
            Ok(header) => header,
            // What can't be read as a report is an instance all the same.
            Err(HeaderError::Dicom(_)) => return Ok(None),
            Err(error) => return Err(error),
        };
        let report = measure::others::read(&header.data_set);
        Ok((!report.measurements.is_empty()).then_some(Reported { located, report }))
    }

    /// The versions there were, the newest first: of one measurement or of all.
    pub(crate) async fn past_work(
        &self,
        study: &StudyInstanceUid,
        tracking_uid: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Past>, super::Failed> {
        self.catch_up().await?;
        let mut versions = self.catalog.work_versions(study).await?;
        let wanted = |uid: &String| tracking_uid.is_none_or(|wanted| wanted == uid);
        versions.retain(|version| version.kind == MEASUREMENTS && version.changed.iter().any(wanted));
        versions.sort_by_key(|version| std::cmp::Reverse((version.made_at, version.number)));
        versions.truncate(limit);
        let read = stream::iter(versions).map(|version| self.read_past(version, tracking_uid));
        let read: Vec<Vec<Past>> = read.buffered(AT_ONCE).try_collect().await?;
        Ok(read.into_iter().flatten().collect())
    }

    async fn read_past(
        &self,
        version: WorkVersion,
        tracking_uid: Option<&str>,
    ) -> Result<Vec<Past>, super::Failed> {
        let Some(work) = self.read_work(&version.located).await? else { return Ok(Vec::new()) };
        let changed = version.changed.iter().filter(|uid| tracking_uid.is_none_or(|wanted| wanted == *uid));
        let past = changed.filter_map(|uid| work.entry(uid)).map(|entry| Past {
            account: version.account.clone(),
            instance: version.located.sop.clone(),
            entry: entry.clone(),
        });
        Ok(past.collect())
    }

    async fn read_work(&self, located: &Located) -> Result<Option<Work>, HeaderError> {
        let header = self.archive.header(&located.locator).await?;
        Ok(measure::report::work_of(&header.data_set))
    }
}

fn sop(version: WorkVersion) -> String {
    version.located.sop
}
