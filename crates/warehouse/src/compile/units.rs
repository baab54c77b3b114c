//! Values of observations in the unit a criterion names: they are compared in the usual unit of the code, so that 7 mmol/L
//! of glucose finds 130 mg/dL. Where nothing is known of the code, values are compared that came in the unit named. What was
//! measured on images is compared in the one unit of its kind, whatever its code.

use super::tests_sql::{Dialect, test};
use crate::definition::{Bound, Test};
use crate::schema::Table;
use clinical::measures::comparable;
use clinical::units::ucum;
use clinical::usual::usual;
use std::collections::BTreeMap;

/// The tests of a criterion as SQL.
pub(super) fn tests(table: &Table, tests: &[Test], dialect: Dialect) -> Vec<String> {
    let plain = |one: &Test| test(table, one, dialect);
    let Some(named) = Named::of(table, tests) else { return tests.iter().map(plain).collect() };
    let others = tests.iter().filter(|one| !named.is_part(one)).map(plain);
    let as_received: Vec<String> = named.values.iter().copied().chain([named.unit_test]).map(plain).collect();
    let mut ways = named.usual(table, dialect);
    ways.push(as_received.join(" AND "));
    let ways: Vec<String> = ways.into_iter().map(|way| format!("({way})")).collect();
    others.chain([format!("({})", ways.join(" OR "))]).collect()
}

/// A criterion that asks for values in one unit.
struct Named<'a> {
    unit: &'a str,
    unit_test: &'a Test,
    values: Vec<&'a Test>,
    codes: Vec<&'a String>,
}

impl<'a> Named<'a> {
    fn of(table: &Table, tests: &'a [Test]) -> Option<Self> {
        table.column("usual_value")?;
        let unit_test = tests.iter().find(|one| one.field == "unit" && is_one_word(one))?;
        let values: Vec<&Test> = tests.iter().filter(|one| is_of_values(one)).collect();
        let named = tests.iter().filter(|one| one.field == "code" || one.field == "standard_code");
        let codes = named.filter(|one| !one.not).flat_map(|one| &one.any_of).collect();
        (!values.is_empty()).then_some(Self { unit: &unit_test.any_of[0], unit_test, values, codes })
    }

    fn is_part(&self, one: &Test) -> bool {
        std::ptr::eq(one, self.unit_test) || self.values.iter().any(|value| std::ptr::eq(*value, one))
    }

    /// What each usual unit of the codes asks for; codes that ask for the same stand together.
    fn usual(&self, table: &Table, dialect: Dialect) -> Vec<String> {
        if table.name == "image_measurement" {
            let (_, unit) = comparable(1.0, self.unit);
            let values = self.values.iter().map(|one| in_kind(one, self.unit)).collect::<Option<Vec<_>>>();
            return values.iter().map(|values| usual_sql(table, values, unit, &[], dialect)).collect();
        }
        if self.codes.is_empty() {
            let unit = ucum(self.unit).unwrap_or(self.unit);
            let same = |one: &&Test| Test { field: "usual_value".into(), ..(*one).clone() };
            let values: Vec<Test> = self.values.iter().map(same).collect();
            return vec![usual_sql(table, &values, unit, &[], dialect)];
        }
        let mut ways: BTreeMap<String, (Vec<Test>, &'static str, Vec<String>)> = BTreeMap::new();
        for code in &self.codes {
            let converted = self.values.iter().map(|one| converted(one, code, self.unit));
            let Some(converted) = converted.collect::<Option<Vec<_>>>() else { continue };
            let Some((_, unit)) = converted.first() else { continue };
            let unit = *unit;
            let values: Vec<Test> = converted.into_iter().map(|(one, _)| one).collect();
            let key = usual_sql(table, &values, unit, &[], dialect);
            ways.entry(key).or_insert_with(|| (values, unit, Vec::new())).2.push((*code).clone());
        }
        ways.into_values()
            .map(|(values, unit, codes)| usual_sql(table, &values, unit, &codes, dialect))
            .collect()
    }
}

fn usual_sql(table: &Table, values: &[Test], unit: &str, codes: &[String], dialect: Dialect) -> String {
    let of = |field: &str, any_of: Vec<String>| Test { field: field.into(), any_of, ..Test::default() };
    let mut all = Vec::new();
    if !codes.is_empty() {
        all.push(test(table, &of("code", codes.to_vec()), dialect));
    }
    all.push(test(table, &of("usual_unit", vec![unit.into()]), dialect));
    all.extend(values.iter().map(|one| test(table, one, dialect)));
    all.join(" AND ")
}

/// A test of a value measured on images, in the unit of its kind.
fn in_kind(one: &Test, unit: &str) -> Option<Test> {
    as_usual(one, |value| Some(comparable(value, unit).0))
}

/// A test of the value as one of the usual value.
fn converted(one: &Test, code: &str, unit: &str) -> Option<(Test, &'static str)> {
    let mut to = None;
    let made = as_usual(one, |value| {
        let usual = usual(code, value, unit).ok()?;
        to = Some(usual.unit);
        Some(usual.value)
    })?;
    Some((made, to?))
}

fn as_usual(one: &Test, mut convert: impl FnMut(f64) -> Option<f64>) -> Option<Test> {
    let mut made = Test { field: "usual_value".into(), ..one.clone() };
    for bound in [&mut made.min, &mut made.max].into_iter().flatten() {
        let Bound::Number(value) = bound else { return None };
        *value = convert(*value)?;
    }
    for value in &mut made.any_of {
        *value = convert(value.parse().ok()?)?.to_string();
    }
    Some(made)
}

fn is_one_word(one: &Test) -> bool {
    let more = one.not || one.known.is_some() || one.contains.is_some() || !one.starts_with.is_empty();
    one.any_of.len() == 1 && !more && one.min.is_none() && one.max.is_none()
}

fn is_of_values(one: &Test) -> bool {
    let says = one.min.is_some() || one.max.is_some() || !one.any_of.is_empty();
    one.field == "value" && says && !one.not && one.known.is_none()
}

#[cfg(test)]
mod unit_tests {
    use super::*;
    use crate::schema::table;
    use serde_json::{Value, json};

    fn sql(asked: Value) -> Vec<String> {
        let asked: Vec<Test> = serde_json::from_value(asked).expect("tests");
        tests(table("observation").expect("a table"), &asked, Dialect::Ansi)
    }

    #[test]
    fn a_bound_is_compared_in_the_usual_unit_of_its_codes() {
        let code = json!({"field": "code", "anyOf": ["2345-7", "14749-6", "X"]});
        let all = sql(json!([code, {"field": "value", "min": 7}, {"field": "unit", "anyOf": ["mmol/l"]}]));
        assert_eq!(all.len(), 2, "{all:?}");
        assert!(
            all[1].contains("t.\"usual_unit\" = 'mg/dL' AND t.\"usual_value\" >= 126.1092"),
            "{}",
            all[1]
        );
        assert!(
            all[1].contains("t.\"value\" >= 7") && all[1].contains("t.\"unit\" = 'mmol/l'"),
            "{}",
            all[1]
        );
        assert!(!all[1].contains("'X'"), "nothing is known of it: {}", all[1]);
    }

    #[test]
    fn what_was_measured_on_images_is_compared_in_the_unit_of_its_kind() {
        let asked = json!([{"field": "value", "min": 1.2, "max": 3}, {"field": "unit", "anyOf": ["cm"]}]);
        let asked: Vec<Test> = serde_json::from_value(asked).expect("tests");
        let all = tests(table("image_measurement").expect("a table"), &asked, Dialect::Ansi);
        assert!(
            all[0]
                .contains("t.\"usual_unit\" = 'mm' AND t.\"usual_value\" >= 12 AND t.\"usual_value\" <= 30"),
            "{all:?}"
        );
    }

    #[test]
    fn without_a_unit_values_are_compared_as_they_came() {
        let all = sql(json!([{"field": "value", "min": 7}, {"field": "code", "anyOf": ["2345-7"]}]));
        assert!(all.iter().all(|one| !one.contains("usual")), "{all:?}");
    }
}
