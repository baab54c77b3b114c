//! What is looked at before data leaves: whether people stand out in it. Pure functions over rows.

use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use utoipa::ToSchema;

/// How much something weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = ReleaseSeverity)]
pub enum Severity {
    /// It does not leave like this.
    Stop,
    /// Who approves must know.
    Warn,
    /// Nothing.
    Ok,
}

/// Something that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ReleaseCheck)]
pub struct Check {
    /// small-groups, rare-values, dates, residual, policy
    pub kind: String,
    /// How much it weighs.
    pub severity: Severity,
    /// What was found, in words that identify nobody.
    pub says: String,
    /// How many.
    pub count: u64,
}

impl Check {
    /// A finding, or none.
    #[must_use]
    pub fn new(kind: &str, severity: Severity, says: impl Into<String>, count: u64) -> Self {
        Self { kind: kind.to_owned(), severity, says: says.into(), count }
    }

    /// Whether it forbids that anything leaves.
    #[must_use]
    pub fn stops(&self) -> bool {
        self.severity == Severity::Stop
    }
}

/// Puts a check in the place of an earlier one of its kind.
pub fn put(checks: &mut Vec<Check>, check: Check) {
    match checks.iter_mut().find(|one| one.kind == check.kind) {
        Some(one) => *one = check,
        None => checks.push(check),
    }
}

/// What others may know of a person without the data.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Looks {
    /// Age at the first event, in decades; none: not known.
    pub decade: Option<i64>,
    /// Sex.
    pub sex: String,
    /// The year of the first event.
    pub year: Option<i64>,
}

/// People in groups that look alike by decade of age, sex and year, smaller than `least`.
#[must_use]
pub fn small_groups(people: &[Looks], least: u64) -> Check {
    let mut groups: BTreeMap<&Looks, u64> = BTreeMap::new();
    for looks in people {
        *groups.entry(looks).or_default() += 1;
    }
    let small: Vec<u64> = groups.values().copied().filter(|size| *size < least).collect();
    let count: u64 = small.iter().sum();
    if count == 0 {
        let says = format!("Everybody looks like at least {least} people by decade of age, sex and year.");
        return Check::new("small-groups", Severity::Ok, says, 0);
    }
    let says = format!(
        "{count} of {} people are in {} groups of fewer than {least} by decade of age, sex and year: who knows these of \
         somebody may find them.",
        people.len(),
        small.len()
    );
    Check::new("small-groups", Severity::Warn, says, count)
}

/// Which people have a value of a column: column, value, person.
pub type Holders = BTreeMap<(&'static str, &'static str), BTreeMap<String, BTreeSet<i64>>>;

/// Values that fewer than `least` people have.
#[must_use]
pub fn rare_values(holders: &Holders, least: u64) -> Check {
    let rare = |values: &BTreeMap<String, BTreeSet<i64>>| {
        values.values().filter(|people| (people.len() as u64) < least).count() as u64
    };
    let by_column: Vec<(String, u64)> = holders
        .iter()
        .map(|((table, column), values)| (format!("{table}.{column}"), rare(values)))
        .filter(|(_, count)| *count > 0)
        .collect();
    let count: u64 = by_column.iter().map(|(_, count)| count).sum();
    if count == 0 {
        let says = format!("Every value is that of at least {least} people.");
        return Check::new("rare-values", Severity::Ok, says, 0);
    }
    let columns: Vec<String> = by_column.iter().map(|(name, count)| format!("{name} ({count})")).collect();
    let says = format!("{count} values are those of fewer than {least} people: {}.", columns.join(", "));
    Check::new("rare-values", Severity::Warn, says, count)
}

/// What became of dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dates {
    /// They stay by the policy.
    Kept,
    /// They move by some days for each person.
    Moved,
    /// Only years stay.
    Years,
    /// None stay.
    Gone,
}

/// Whether days that should have moved did not, of how many.
#[must_use]
pub fn dates(what: Dates, (unmoved, all): (u64, u64)) -> Check {
    let ok = |says: String| Check::new("dates", Severity::Ok, says, all);
    match what {
        Dates::Kept => Check::new(
            "dates",
            Severity::Warn,
            "The policy keeps dates as they are: they tell when somebody was seen.",
            all,
        ),
        Dates::Moved if unmoved > 0 => {
            Check::new("dates", Severity::Stop, format!("{unmoved} of {all} dates did not move."), unmoved)
        }
        Dates::Moved => ok(format!("All {all} dates moved with their person.")),
        Dates::Years => ok("Only years are told.".into()),
        Dates::Gone => ok("No dates are told.".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn looks(decade: i64, sex: &str) -> Looks {
        Looks { decade: Some(decade), sex: sex.into(), year: Some(2024) }
    }

    #[test]
    fn people_who_look_like_few_others_are_counted() {
        let mut people = vec![looks(5, "female"); 5];
        assert_eq!(small_groups(&people, 5).severity, Severity::Ok);
        people.extend(vec![looks(6, "male"); 4]);
        let told = small_groups(&people, 5);
        assert_eq!((told.severity, told.count), (Severity::Warn, 4));
    }

    #[test]
    fn values_of_few_are_counted_by_column() {
        let mut holders = Holders::new();
        let values = holders.entry(("condition", "code")).or_default();
        values.insert("C34".into(), (1..=5).collect());
        values.insert("E75.2".into(), [3].into());
        let told = rare_values(&holders, 5);
        assert_eq!((told.count, told.severity), (1, Severity::Warn));
        assert!(told.says.contains("condition.code (1)") && !told.says.contains("E75"), "{}", told.says);
        assert_eq!(rare_values(&holders, 1).severity, Severity::Ok);
    }

    #[test]
    fn a_date_that_did_not_move_stops() {
        assert_eq!(dates(Dates::Moved, (0, 2)).severity, Severity::Ok);
        let told = dates(Dates::Moved, (1, 2));
        assert!(told.stops() && told.count == 1);
        assert_eq!(dates(Dates::Kept, (1, 1)).severity, Severity::Warn);
    }

    #[test]
    fn a_check_takes_the_place_of_one_of_its_kind() {
        let mut checks = vec![Check::new("policy", Severity::Ok, "", 0)];
        put(&mut checks, Check::new("policy", Severity::Stop, "changed", 1));
        put(&mut checks, Check::new("residual", Severity::Ok, "", 0));
        assert_eq!(checks.iter().map(Check::stops).collect::<Vec<_>>(), [true, false]);
    }
}
