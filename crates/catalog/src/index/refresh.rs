//! What follows from changed series: counts of exams, their modalities, where they are filed by day,
//! and whether a patient has anything left.

use rustc_hash::FxHashMap;
use serde_json::{Value, json};
use sqlx::Row;
use std::collections::{BTreeMap, BTreeSet};
use store::{Engine, Statement, WriteTx};

/// Rows that may have changed, by id.
#[derive(Debug, Default)]
pub(crate) struct Touched {
    pub exams: BTreeSet<i64>,
    pub patients: BTreeSet<i64>,
    pub series: BTreeSet<i64>,
    /// Exams of which something was deleted, restored or purged, by Study Instance UID.
    pub decided: BTreeSet<String>,
}

const EXAM_COUNTS: Statement = Statement(
    "UPDATE study SET series_count = c.n, instance_count = c.m, \
     live = CASE WHEN c.m > 0 THEN 1 ELSE 0 END FROM \
     (SELECT s.id AS id, COUNT(r.id) AS n, COALESCE(SUM(r.instance_count), 0) AS m FROM {rows} \
     CROSS JOIN study s LEFT JOIN series r ON r.study = s.id AND r.live = 1 \
     WHERE s.id = CAST(value->>0 AS BIGINT) GROUP BY s.id) AS c WHERE study.id = c.id",
);

const EXAMS: Statement = Statement(
    "SELECT s.id, s.live, s.study_date, s.filed, s.modalities FROM {rows} CROSS JOIN study s \
     WHERE s.id = CAST(value->>0 AS BIGINT)",
);

const MODALITIES: Statement = Statement(
    "SELECT r.study, r.modality FROM {rows} CROSS JOIN series r \
     WHERE r.study = CAST(value->>0 AS BIGINT) AND r.live = 1 AND r.modality <> '' \
     GROUP BY r.study, r.modality ORDER BY r.study, r.modality",
);

const FILE: Statement = Statement(
    "UPDATE study SET modalities = value->>1, filed = CAST(value->>2 AS BIGINT) FROM {rows} \
     WHERE study.id = CAST(value->>0 AS BIGINT)",
);

const UNFILE_DAYS: Statement = Statement(
    "DELETE FROM study_day WHERE (modality, study_date, study) IN (SELECT value->>0, \
     CAST(value->>1 AS BIGINT), CAST(value->>2 AS BIGINT) FROM {rows})",
);

const FILE_DAYS: Statement = Statement(
    "INSERT INTO study_day (modality, study_date, study) SELECT value->>0, CAST(value->>1 AS BIGINT), \
     CAST(value->>2 AS BIGINT) FROM {rows} WHERE true",
);

const DAY_COUNTS: Statement = Statement(
    "INSERT INTO day_count (modality, study_date, studies) SELECT value->>0, CAST(value->>1 AS BIGINT), \
     CAST(value->>2 AS BIGINT) FROM {rows} WHERE true ON CONFLICT (modality, study_date) \
     DO UPDATE SET studies = day_count.studies + excluded.studies",
);

pub(super) const FORGET_NAMES: Statement =
    Statement("DELETE FROM study_name WHERE rowid IN (SELECT value->>0 FROM {rows})");

const NAMES: Statement = Statement(
    "INSERT INTO study_name (rowid, name) SELECT s.id, s.name_key FROM {rows} CROSS JOIN study s \
     WHERE s.id = value->>0",
);

const PATIENTS: Statement = Statement(
    "UPDATE patient SET live = CASE WHEN EXISTS (SELECT 1 FROM study s WHERE s.patient = patient.id \
     AND s.live = 1) THEN 1 ELSE 0 END WHERE id IN (SELECT CAST(value->>0 AS BIGINT) FROM {rows})",
);

/// Brings what depends on series up to date.
pub(crate) async fn refresh(engine: Engine, tx: &mut WriteTx, touched: &Touched) -> Result<(), sqlx::Error> {
    if touched.exams.is_empty() {
        return Ok(());
    }
    let exams: Vec<Value> = touched.exams.iter().map(|id| json!([id])).collect();
    EXAM_COUNTS.run(engine, tx, exams.clone()).await?;
    file(engine, tx, exams).await?;
    PATIENTS.run(engine, tx, touched.patients.iter().map(|id| json!([id])).collect()).await?;
    Ok(())
}

/// Changes of `study_day` and `day_count`.
#[derive(Default)]
struct Filing {
    remove: Vec<Value>,
    add: Vec<Value>,
    counts: BTreeMap<(String, i64), i64>,
    exams: Vec<Value>,
    /// Exams that became live, and those that are no more.
    come: Vec<Value>,
    gone: Vec<Value>,
}

async fn file(engine: Engine, tx: &mut WriteTx, exams: Vec<Value>) -> Result<(), sqlx::Error> {
    let mut modalities: FxHashMap<i64, Vec<String>> = FxHashMap::default();
    for row in MODALITIES.fetch(engine, tx, exams.clone()).await? {
        modalities.entry(row.try_get(0)?).or_default().push(row.try_get(1)?);
    }
    let mut filing = Filing::default();
    for row in EXAMS.fetch(engine, tx, exams).await? {
        let (id, live): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
        let (date, filed): (i64, i64) = (row.try_get(2)?, row.try_get(3)?);
        let before: String = row.try_get(4)?;
        let now = modalities.remove(&id).unwrap_or_default().join("\\");
        filing.exam(id, (filed, &before), (if live == 1 { date } else { -1 }, &now));
    }
    FILE.run(engine, tx, filing.exams).await?;
    UNFILE_DAYS.run(engine, tx, filing.remove).await?;
    FILE_DAYS.run(engine, tx, filing.add).await?;
    let changed = filing.counts.into_iter().filter(|(_, change)| *change != 0);
    let counts = changed.map(|((modality, date), change)| json!([modality, date, change])).collect();
    DAY_COUNTS.run(engine, tx, counts).await?;
    if engine == Engine::Sqlite {
        FORGET_NAMES.run(engine, tx, filing.gone).await?;
        NAMES.run(engine, tx, filing.come).await?;
    }
    Ok(())
}

impl Filing {
    fn exam(&mut self, id: i64, before: (i64, &str), now: (i64, &str)) {
        if before == now {
            return;
        }
        let (old, new) = (places(before), places(now));
        for (modality, date) in old.difference(&new) {
            self.remove.push(json!([modality, date, id]));
            *self.counts.entry(((*modality).to_owned(), *date)).or_default() -= 1;
        }
        for (modality, date) in new.difference(&old) {
            self.add.push(json!([modality, date, id]));
            *self.counts.entry(((*modality).to_owned(), *date)).or_default() += 1;
        }
        match (before.0 >= 0, now.0 >= 0) {
            (false, true) => self.come.push(json!([id])),
            (true, false) => self.gone.push(json!([id])),
            _ => {}
        }
        self.exams.push(json!([id, now.1, now.0]));
    }
}

/// Where an exam is filed: under each of its modalities and under '' for all.
fn places((date, modalities): (i64, &str)) -> BTreeSet<(&str, i64)> {
    if date < 0 {
        return BTreeSet::new();
    }
    let each = modalities.split('\\').filter(|modality| !modality.is_empty());
    each.chain([""]).map(|modality| (modality, date)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exam_is_filed_once_per_modality_and_once_for_all() {
        let mut filing = Filing::default();
        filing.exam(7, (-1, ""), (20_260_131, "CT\\PT"));
        assert_eq!(filing.add.len(), 3);
        assert!(filing.remove.is_empty());
        assert_eq!((filing.come.len(), filing.gone.len()), (1, 0));
        assert_eq!(filing.counts.get(&("CT".into(), 20_260_131)), Some(&1));
    }

    #[test]
    fn a_deleted_exam_is_filed_nowhere() {
        let mut filing = Filing::default();
        filing.exam(7, (20_260_131, "CT"), (-1, ""));
        assert_eq!(filing.remove.len(), 2);
        assert_eq!((filing.come.len(), filing.gone.len()), (0, 1));
        assert_eq!(filing.counts.get(&(String::new(), 20_260_131)), Some(&-1));
    }
}
