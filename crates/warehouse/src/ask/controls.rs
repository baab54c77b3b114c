//! Cases with their controls: looked up, paired, and told.

use super::pairing::{Compared, Pair, pair};
use super::{Cohort, Sight, facets, id, mark, opt};
use crate::Warehouse;
use crate::ask::lookup::Lookup;
use crate::definition::{Controls, Definition};
use crate::engine::{AskError, Session};
use crate::keep::{FrozenRow, PairRole};
use crate::protect::{Count, Counted, Protection};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;
use utoipa::ToSchema;

/// Exams that are compared at once.
const MOST_EXAMS: usize = 3_000_000;
/// Cases and controls that are paired at once.
const MOST_PAIRED: usize = 100_000;

/// How many cases and controls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PairCount {
    /// Cases that have at least one control. Others are not in the cohort.
    pub cases: Count,
    /// Their controls.
    pub controls: Count,
    /// Cases that have fewer controls than were asked for, and at least one.
    pub incomplete: Count,
    /// Cases that found no control; none of a frozen cohort, whose list has not got them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub without_control: Option<Count>,
}

/// A cohort's cases and controls.
pub(super) struct Paired {
    /// Everybody the definition means, before they were paired.
    pub(super) cases: Lookup,
    pairs: Vec<Pair>,
    ratio: u32,
}

impl Paired {
    /// Pairs the cases; gives those who are left and their controls as a lookup of its own.
    pub(super) async fn of(
        session: &Arc<Session>,
        definition: &Definition,
        controls: &Controls,
        cases: Lookup,
    ) -> Result<(Lookup, Self), AskError> {
        let pool = Lookup::of(session.clone(), &controls.pool(definition)).await?;
        let (ours, theirs) = (compared(session, &cases).await?, compared(session, &pool).await?);
        let controls = controls.clone();
        let ratio = controls.ratio;
        let pairs = tokio::task::spawn_blocking(move || pair(&ours, &theirs, &controls)).await;
        let mut pairs = pairs.map_err(|error| AskError::Engine(error_of(error)))?;
        let everybody = all(session, &cases).await?;
        // Who has no exam to be compared by found nobody either.
        let known: HashSet<i64> = pairs.iter().map(|pair| pair.case).collect();
        let others = everybody.into_iter().filter(|case| !known.contains(case));
        pairs.extend(others.map(|case| Pair { case, controls: Vec::new() }));
        pairs.sort_by_key(|pair| pair.case);
        let paired = Self { cases, pairs, ratio };
        let found = Lookup::chosen(session.clone(), &paired.patients()?, &paired.exams().await?).await?;
        Ok((found, paired))
    }

    fn matched(&self) -> impl Iterator<Item = &Pair> {
        self.pairs.iter().filter(|pair| !pair.controls.is_empty())
    }

    fn patients(&self) -> Result<String, AskError> {
        let own = |pair: &Pair| {
            [pair.case]
                .into_iter()
                .chain(pair.controls.iter().map(|(control, _)| *control))
                .collect::<Vec<_>>()
        };
        let patients: Vec<i64> = self.matched().flat_map(own).collect();
        if patients.len() > MOST_PAIRED {
            return Err(AskError::TooMany(patients.len(), MOST_PAIRED));
        }
        Ok(format!("SELECT p.patient FROM patient p WHERE {}", is_one_of("p.patient", &patients)))
    }

    /// All exams that are meant of the cases, and of each control the one it is compared by.
    async fn exams(&self) -> Result<String, AskError> {
        let cases: Vec<i64> = self.matched().map(|pair| pair.case).collect();
        let exams: Vec<i64> = self.matched().flat_map(|pair| &pair.controls).map(|(_, exam)| *exam).collect();
        Ok(format!(
            "SELECT k.patient, k.exam FROM {} k WHERE {} UNION ALL SELECT t.patient, t.exam FROM exam t WHERE {}",
            self.cases.exams().await?,
            is_one_of("k.patient", &cases),
            is_one_of("t.exam", &exams)
        ))
    }

    /// Says of members which they are, and puts those of a pair beside each other.
    pub(super) fn name(&self, members: &mut [FrozenRow]) {
        let mut places: HashMap<i64, (PairRole, u32)> = HashMap::new();
        for (number, pair) in (1..).zip(self.matched()) {
            places.insert(pair.case, (PairRole::Case, number));
            places.extend(pair.controls.iter().map(|(control, _)| (*control, (PairRole::Control, number))));
        }
        for member in members.iter_mut() {
            let place = places.get(&member.patient);
            (member.role, member.pair) = (place.map(|place| place.0), place.map(|place| place.1));
        }
        members.sort_by(|a, b| {
            (a.pair, a.role, a.patient, &a.study).cmp(&(b.pair, b.role, b.patient, &b.study))
        });
    }

    fn tally(&self) -> Tally {
        let without = self.pairs.iter().filter(|pair| pair.controls.is_empty()).map(|pair| pair.case);
        let own: Vec<(i64, usize)> = self.matched().map(|pair| (pair.case, pair.controls.len())).collect();
        Tally { without: Some(counted(without)), ..Tally::of(&own, self.ratio) }
    }
}

/// What is told of pairs.
struct Tally {
    cases: Counted,
    controls: u64,
    incomplete: Counted,
    without: Option<Counted>,
    ratio: u32,
}

impl Tally {
    /// Of cases and how many controls each has.
    fn of(cases: &[(i64, usize)], ratio: u32) -> Self {
        let fewer = cases.iter().filter(|(_, controls)| *controls < ratio as usize);
        Self {
            cases: counted(cases.iter().map(|(case, _)| *case)),
            controls: cases.iter().map(|(_, controls)| *controls as u64).sum(),
            incomplete: counted(fewer.map(|(case, _)| *case)),
            without: None,
            ratio,
        }
    }

    /// Of members of a frozen cohort.
    fn of_members(members: &[FrozenRow], ratio: u32) -> Self {
        let mut pairs: BTreeMap<u32, (Option<i64>, BTreeSet<i64>)> = BTreeMap::new();
        for member in members {
            let Some(number) = member.pair else { continue };
            let (case, controls) = pairs.entry(number).or_default();
            if member.role == Some(PairRole::Case) {
                *case = Some(member.patient);
            } else {
                controls.insert(member.patient);
            }
        }
        // A case that withdrew leaves its controls.
        let cases: Vec<(i64, usize)> =
            pairs.values().filter_map(|(case, controls)| Some(((*case)?, controls.len()))).collect();
        let controls = pairs.values().map(|(_, controls)| controls.len() as u64).sum();
        Self { controls, ..Self::of(&cases, ratio) }
    }

    /// A count that follows from the number of cases: it is hidden where that is, moved as that is, and rounded so much
    /// more as there are controls of each case, so that it tells no more of a case than their number does.
    fn follows(&self, count: u64, sight: Sight) -> (Counted, Sight) {
        let sight = match sight {
            Sight::Rows => sight,
            Sight::Counts(how) => {
                Sight::Counts(Protection { step: how.step * (u64::from(self.ratio) + 1), ..how })
            }
        };
        (Counted { count, ..self.cases }, sight)
    }
}

impl Warehouse {
    /// How many cases and controls are in a cohort, where it has controls.
    #[must_use]
    pub fn pairs(&self, cohort: &Cohort, sight: Sight) -> Option<PairCount> {
        cohort.paired.as_ref().map(|paired| self.pairs_told(&paired.tally(), sight))
    }

    /// The same of members of a frozen cohort.
    #[must_use]
    pub fn pairs_of(&self, members: &[FrozenRow], controls: &Controls, sight: Sight) -> PairCount {
        self.pairs_told(&Tally::of_members(members, controls.ratio), sight)
    }

    fn pairs_told(&self, tally: &Tally, sight: Sight) -> PairCount {
        let (controls, wide) = tally.follows(tally.controls, sight);
        PairCount {
            cases: self.told(tally.cases, sight),
            controls: self.told(controls, wide),
            incomplete: self.told(tally.incomplete, sight),
            without_control: tally.without.map(|without| self.told(without, sight)),
        }
    }

    /// Patients and exams of a cohort with controls.
    pub(super) fn paired_told(
        &self,
        paired: &Paired,
        patients: u64,
        exams: u64,
        sight: Sight,
    ) -> (Count, Count) {
        self.following(&paired.tally(), patients, exams, sight)
    }

    /// Patients and exams of a frozen cohort with controls.
    #[must_use]
    pub fn frozen_told(&self, members: &[FrozenRow], controls: &Controls, sight: Sight) -> (Count, Count) {
        let patients: HashSet<i64> = members.iter().map(|member| member.patient).collect();
        let exams = members.iter().filter(|member| member.study.is_some()).count() as u64;
        self.following(&Tally::of_members(members, controls.ratio), patients.len() as u64, exams, sight)
    }

    fn following(&self, tally: &Tally, patients: u64, exams: u64, sight: Sight) -> (Count, Count) {
        let told = |count: u64| {
            let (counted, sight) = tally.follows(count, sight);
            self.told(counted, sight)
        };
        (told(patients), told(exams))
    }
}

/// Patients, counted with the mark that stands for them.
fn counted(patients: impl Iterator<Item = i64>) -> Counted {
    let least =
        |least: Option<i64>, patient| Some(least.map_or(mark(patient), |least| least.min(mark(patient))));
    let (count, least) =
        patients.fold((0, None), |(count, found), patient| (count + 1, least(found, patient)));
    Counted { patients: count, count, mark: least.unwrap_or_default() }
}

/// The exams by which patients of a lookup are compared.
async fn compared(session: &Session, lookup: &Lookup) -> Result<Vec<Compared>, AskError> {
    let sql = format!(
        "SELECT e.patient, e.exam, CAST(e.day AS BIGINT), CAST(e.age AS BIGINT), CAST(e.year AS BIGINT), p.sex, \
         e.manufacturer, e.model FROM {} k JOIN exam e ON e.exam = k.exam JOIN patient p ON p.patient = e.patient LIMIT {}",
        lookup.exams().await?,
        MOST_EXAMS + 1
    );
    let mut all = Vec::new();
    for batch in session.ask(&sql).await? {
        for row in 0..batch.num_rows() {
            all.push(Compared {
                patient: id(&batch, 0, row),
                exam: id(&batch, 1, row),
                day: opt(&batch, 2, row),
                age: opt(&batch, 3, row),
                year: opt(&batch, 4, row),
                sex: facets::text(&batch, 5, row),
                manufacturer: facets::text(&batch, 6, row),
                model: facets::text(&batch, 7, row),
            });
        }
    }
    if all.len() > MOST_EXAMS { Err(AskError::TooMany(all.len(), MOST_EXAMS)) } else { Ok(all) }
}

async fn all(session: &Session, lookup: &Lookup) -> Result<Vec<i64>, AskError> {
    let batches = session.ask(&format!("SELECT patient FROM {}", lookup.patients())).await?;
    Ok(batches.iter().flat_map(|batch| super::ids(batch, 0)).collect())
}

fn is_one_of(column: &str, ids: &[i64]) -> String {
    if ids.is_empty() {
        return "FALSE".into();
    }
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    format!("{column} IN ({})", ids.join(", "))
}

fn error_of(error: tokio::task::JoinError) -> datafusion::error::DataFusionError {
    datafusion::error::DataFusionError::External(Box::new(error))
}
