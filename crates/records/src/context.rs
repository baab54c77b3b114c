//! What surrounds an exam: the care it was part of, what came before and after, what was asked for and what came.

use crate::Records;
use model::Timestamp;
use serde::Serialize;
use serde_json::Value;
use sqlx::Row as _;
use std::collections::BTreeMap;
use utoipa::ToSchema;

const DAY: i64 = 24 * 3_600_000_000;

/// What surrounds an exam. Days are whole days from what is named to the exam; negative: after it.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Context {
    /// The person, where known.
    pub person: Option<i64>,
    /// `IMP`, `AMB`, `EMER` … of the encounter it was made in (v3 ActCode).
    pub class: Option<String>,
    /// Days since that began.
    pub days_since_admission: Option<i64>,
    /// Conditions, the first time each was recorded.
    pub conditions: Vec<Since>,
    /// Procedures that are no imaging, each time.
    pub procedures: Vec<Since>,
    /// First dose or order of each medicine.
    pub medications: Vec<Since>,
    /// Exams of the same region before, the nearest first.
    pub prior: Vec<Other>,
    /// And after.
    pub next: Vec<Other>,
}

/// Something else, and how long before the exam.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Since {
    /// The record.
    pub record: i64,
    /// A line for people.
    pub title: String,
    /// Days from it to the exam.
    pub days: i64,
}

/// Another exam of the same person.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Other {
    /// (0020,000D)
    pub study: String,
    /// A line for people.
    pub title: String,
    /// Days between them.
    pub days: i64,
}

/// What was asked for and announced, and what came.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Completeness {
    /// Where its orders stand: by what was said, and performed or reported where that is seen.
    pub orders: Vec<String>,
    /// Series that others say there are.
    pub announced_series: Option<i64>,
    /// Instances that others say there are.
    pub announced_instances: Option<i64>,
    /// Series in the archive.
    pub arrived_series: i64,
    /// Instances in the archive.
    pub arrived_instances: i64,
    /// The status of its reports.
    pub reports: Vec<String>,
    /// `complete`, `missing` (fewer came than were announced), `more` (more came), `not-announced`.
    pub verdict: String,
}

struct Place {
    person: i64,
    begins: i64,
    words: String,
    modalities: String,
}

impl Records {
    /// What surrounds an exam; what isn't known is left out.
    ///
    /// # Errors
    /// The engine's.
    pub async fn context(&self, study: &str) -> Result<Context, sqlx::Error> {
        let Some(place) = self.place(study).await? else { return Ok(Context::default()) };
        let mut context = Context { person: Some(place.person), ..Context::default() };
        self.encounter(study, &place, &mut context).await?;
        for (kind, list) in [
            ("Condition", &mut context.conditions),
            ("Procedure", &mut context.procedures),
            ("Medication%", &mut context.medications),
        ] {
            *list = self.since(kind, &place).await?;
        }
        self.others(study, &place, &mut context).await?;
        Ok(context)
    }

    async fn place(&self, study: &str) -> Result<Option<Place>, sqlx::Error> {
        let row = sqlx::query(
            "SELECT p.person, e.begins, e.words, e.modalities FROM record_exam e \
             JOIN person_identifier p ON p.id = e.holder WHERE e.study = $1 AND e.begins IS NOT NULL",
        )
        .bind(study)
        .fetch_optional(self.ledger().pool())
        .await?;
        row.map(|row| {
            let (words, modalities) = (row.try_get(2)?, row.try_get(3)?);
            Ok(Place { person: row.try_get(0)?, begins: row.try_get(1)?, words, modalities })
        })
        .transpose()
    }

    async fn encounter(&self, study: &str, place: &Place, context: &mut Context) -> Result<(), sqlx::Error> {
        let row = sqlx::query(
            "SELECT r.content, r.begins FROM record_link l JOIN record r ON r.id = l.record \
             WHERE l.study = $1 AND l.state = 'linked' AND r.kind = 'Encounter' ORDER BY l.confidence DESC, r.id LIMIT 1",
        )
        .bind(study)
        .fetch_optional(self.ledger().pool())
        .await?;
        let Some(row) = row else { return Ok(()) };
        let content: Value = serde_json::from_str(&row.try_get::<String, _>(0)?).unwrap_or(Value::Null);
        context.class = content["class"]["code"].as_str().map(Into::into);
        let begins: Option<i64> = row.try_get(1)?;
        context.days_since_admission = begins.map(|begins| days(begins, place.begins));
        Ok(())
    }

    /// The first time of each by title; of procedures every time.
    async fn since(&self, kind: &str, place: &Place) -> Result<Vec<Since>, sqlx::Error> {
        let rows = sqlx::query(
            "SELECT r.id, r.title, r.begins FROM record r WHERE r.kind LIKE $2 AND r.begins IS NOT NULL \
             AND r.status NOT IN ('entered-in-error', 'cancelled', 'not-done') \
             AND r.holder IN (SELECT id FROM person_identifier WHERE person = $1) ORDER BY r.begins, r.id LIMIT 5000",
        )
        .bind(place.person)
        .bind(kind)
        .fetch_all(self.ledger().pool())
        .await?;
        let mut seen = BTreeMap::new();
        let mut list = Vec::new();
        for row in rows {
            let since = Since {
                record: row.try_get(0)?,
                title: row.try_get(1)?,
                days: days(row.try_get(2)?, place.begins),
            };
            if kind == "Procedure" || seen.insert(since.title.clone(), ()).is_none() {
                list.push(since);
            }
        }
        Ok(list)
    }

    async fn others(&self, study: &str, place: &Place, context: &mut Context) -> Result<(), sqlx::Error> {
        let rows = sqlx::query(
            "SELECT e.study, e.title, e.begins, e.words, e.modalities FROM record_exam e WHERE e.begins IS NOT NULL \
             AND e.study <> $2 AND e.holder IN (SELECT id FROM person_identifier WHERE person = $1) \
             ORDER BY e.begins, e.study LIMIT 2000",
        )
        .bind(place.person)
        .bind(study)
        .fetch_all(self.ledger().pool())
        .await?;
        for row in rows {
            let (words, modalities): (String, String) = (row.try_get(3)?, row.try_get(4)?);
            if !same_region(place, &words, &modalities) {
                continue;
            }
            let begins: i64 = row.try_get(2)?;
            let other = Other {
                study: row.try_get(0)?,
                title: row.try_get(1)?,
                days: days(begins, place.begins).abs(),
            };
            if begins <= place.begins { context.prior.push(other) } else { context.next.push(other) }
        }
        context.prior.reverse();
        Ok(())
    }

    /// What was asked for and announced of an exam, and what came. Nothing is guessed by time.
    ///
    /// # Errors
    /// The engine's.
    pub async fn completeness(&self, study: &str) -> Result<Completeness, sqlx::Error> {
        let mut told = Completeness::default();
        let arrived = sqlx::query("SELECT series, instances FROM record_exam WHERE study = $1")
            .bind(study)
            .fetch_optional(self.ledger().pool())
            .await?;
        if let Some(row) = arrived {
            (told.arrived_series, told.arrived_instances) = (row.try_get(0)?, row.try_get(1)?);
        }
        let rows = sqlx::query(
            "SELECT r.kind, r.status, r.state, r.content FROM record_link l JOIN record r ON r.id = l.record \
             WHERE l.study = $1 AND l.state = 'linked' ORDER BY r.id",
        )
        .bind(study)
        .fetch_all(self.ledger().pool())
        .await?;
        for row in rows {
            let (kind, status, state): (String, String, String) =
                (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
            let content: Value = serde_json::from_str(&row.try_get::<String, _>(3)?).unwrap_or(Value::Null);
            match kind.as_str() {
                "ServiceRequest" => told.orders.push(state),
                "DiagnosticReport" => told.reports.push(status),
                "ImagingStudy" => {
                    told.announced_series = told.announced_series.max(content["numberOfSeries"].as_i64());
                    told.announced_instances =
                        told.announced_instances.max(content["numberOfInstances"].as_i64());
                }
                _ => {}
            }
        }
        settle(&mut told);
        Ok(told)
    }
}

/// Orders go on where it is seen that they did; and the verdict.
fn settle(told: &mut Completeness) {
    let reported = told
        .reports
        .iter()
        .any(|status| matches!(status.as_str(), "final" | "amended" | "corrected" | "appended"));
    for state in &mut told.orders {
        let open = matches!(state.as_str(), "" | "requested" | "scheduled" | "arrived" | "performed");
        if open && reported {
            *state = "reported".into();
        } else if open && told.arrived_instances > 0 {
            *state = "performed".into();
        }
    }
    let pairs =
        [(told.announced_instances, told.arrived_instances), (told.announced_series, told.arrived_series)];
    let announced = pairs.iter().filter_map(|(announced, arrived)| announced.map(|n| n.cmp(arrived)));
    told.verdict = match announced.max() {
        None => "not-announced",
        Some(std::cmp::Ordering::Greater) => "missing",
        Some(std::cmp::Ordering::Equal) => "complete",
        Some(std::cmp::Ordering::Less) => "more",
    }
    .into();
}

fn days(from: i64, to: i64) -> i64 {
    to.div_euclid(DAY) - from.div_euclid(DAY)
}

/// The same words but for modality names, or, where nothing is said, the same modality.
fn same_region(place: &Place, words: &str, modalities: &str) -> bool {
    const REGIONS: [&str; 22] = [
        "abdomen", "ankle", "arm", "brain", "breast", "cardiac", "chest", "elbow", "foot", "hand", "head",
        "heart", "hip", "knee", "liver", "lung", "neck", "pelvis", "prostate", "shoulder", "spine", "thorax",
    ];
    let of =
        |text: &str| REGIONS.iter().filter(|region| text.contains(**region)).copied().collect::<Vec<_>>();
    let (mine, theirs) = (of(&place.words), of(words));
    if mine.is_empty() || theirs.is_empty() {
        place.modalities == modalities
    } else {
        mine.iter().any(|one| theirs.contains(one))
    }
}

/// A moment as RFC 3339.
pub(crate) fn moment(micros: i64) -> String {
    Timestamp::from_micros(micros).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_is_reported_when_its_report_is_final() {
        let mut told = Completeness {
            orders: vec!["scheduled".into(), "cancelled".into()],
            reports: vec!["final".into()],
            announced_instances: Some(3),
            arrived_instances: 2,
            ..Completeness::default()
        };
        settle(&mut told);
        assert_eq!(
            (told.orders, told.verdict.as_str()),
            (vec!["reported".to_owned(), "cancelled".into()], "missing")
        );
    }
}
