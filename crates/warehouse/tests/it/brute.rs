//! Random small hospitals and random questions, answered a second time by walking through everybody.

use crate::filled::{Event, event, filled, patients};
use proptest::prelude::*;
use proptest::strategy::BoxedStrategy;
use warehouse::definition::{Around, Condition, Criterion, Definition, LANGUAGE, Near, Pick, Test};
use warehouse::rows::Cell;

const TABLES: [&str; 3] = ["exam", "finding", "condition"];
const PEOPLE: [(i64, &str); 5] = [(1, "female"), (2, "male"), (3, "female"), (4, "male"), (5, "female")];

fn events() -> impl Strategy<Value = Vec<Event>> {
    let one = (0..3_usize, 1..6_i64, 0..30_i64, 0..3_usize, prop::option::of(0..4_i64));
    prop::collection::vec(one, 0..40).prop_map(|all| {
        let made = all.into_iter().enumerate().map(|(n, (table, patient, day, value, exam))| {
            let id = n as i64 + 1;
            let value = ["A", "B", "C"][value];
            match TABLES[table] {
                "exam" => event("exam", patient, id, day).with("body_part", value),
                "finding" => {
                    let mut made = event("finding", patient, id, day).with("finding", value);
                    // An exam of the same patient, or none.
                    made.exam = exam.map(|exam| patient * 100 + exam);
                    made
                }
                _ => event("condition", patient, id, day).with("code", value),
            }
        });
        let mut made: Vec<Event> = made.collect();
        // Exams that findings can be of.
        let mut places: [i64; 6] = [0; 6];
        for exam in made.iter_mut().filter(|event| event.of == "exam") {
            let place = &mut places[exam.patient as usize];
            exam.exam = Some(exam.patient * 100 + *place);
            *place += 1;
        }
        made
    })
}

fn field(of: &str) -> &'static str {
    match of {
        "exam" => "body_part",
        "finding" => "finding",
        _ => "code",
    }
}

fn criterion(depth: u32) -> BoxedStrategy<Criterion> {
    let pick = prop_oneof![
        3 => Just(None),
        1 => prop_oneof![Just(Some(Pick::First)), Just(Some(Pick::Last)), Just(Some(Pick::Nth(2)))]
    ];
    let values = prop::collection::btree_set(prop::sample::select(vec!["A", "B", "C"]), 0..3);
    let around = if depth == 0 {
        Just(Vec::new()).boxed()
    } else {
        prop::collection::vec(around(depth - 1), 0..3).boxed()
    };
    (0..3_usize, values, any::<bool>(), pick, 1..3_u32, around)
        .prop_map(|(table, values, not, pick, least, around)| {
            let of = TABLES[table];
            let any_of: Vec<String> = values.into_iter().map(Into::into).collect();
            let tests = if any_of.is_empty() {
                Vec::new()
            } else {
                vec![Test { field: field(of).into(), any_of, not, ..Test::default() }]
            };
            let mut around: Vec<Around> = around;
            for one in &mut around {
                let exams = of != "condition" && one.has.of != "condition";
                if one.near == Near::SameExam && !exams {
                    one.near = Near::AnyTime;
                }
                if one.near == Near::SameExam || one.absent {
                    one.without = None;
                }
            }
            Criterion {
                of: of.into(),
                label: None,
                tests,
                pick,
                at_least: (least > 1).then_some(least),
                around,
            }
        })
        .boxed()
}

fn around(depth: u32) -> BoxedStrategy<Around> {
    let near = prop_oneof![
        Just(Near::SameExam),
        Just(Near::AnyTime),
        (-9..5_i32, 0..12_i32)
            .prop_map(|(from, more)| Near::Days { from: Some(from), to: Some(from + more) }),
        (-9..9_i32).prop_map(|from| Near::Days { from: Some(from), to: None }),
    ];
    let without = prop_oneof![2 => Just(None).boxed(), 1 => criterion(0).prop_map(Some).boxed()];
    (near, criterion(depth), any::<bool>(), without)
        .prop_map(|(near, has, absent, without)| Around {
            near,
            has: Box::new(has),
            absent,
            without: without.map(Box::new),
        })
        .boxed()
}

fn condition() -> BoxedStrategy<Condition> {
    let leaf = criterion(2).prop_map(|criterion| Condition::Has(Box::new(criterion)));
    leaf.prop_recursive(2, 6, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Condition::All),
            prop::collection::vec(inner.clone(), 0..3).prop_map(Condition::Any),
            inner.prop_map(|one| Condition::Not(Box::new(one))),
        ]
    })
    .boxed()
}

/// A definition as its text says it, for one patient.
struct Walk<'a> {
    events: Vec<&'a Event>,
}

impl<'a> Walk<'a> {
    fn holds(&self, condition: &Condition) -> bool {
        match condition {
            Condition::All(parts) => parts.iter().all(|part| self.holds(part)),
            Condition::Any(parts) => parts.iter().any(|part| self.holds(part)),
            Condition::Not(part) => !self.holds(part),
            Condition::Has(criterion) => self.rows(criterion).len() >= least(criterion),
        }
    }

    fn rows(&self, criterion: &Criterion) -> Vec<&'a Event> {
        let own = self.events.iter().filter(|event| event.of == criterion.of);
        let mut rows: Vec<&Event> =
            own.copied().filter(|event| criterion.tests.iter().all(|test| passes(event, test))).collect();
        let (same, near): (Vec<&Around>, Vec<&Around>) =
            criterion.around.iter().partition(|around| around.near == Near::SameExam);
        rows.retain(|row| same.iter().all(|around| self.is_around(row, around)));
        rows.sort_by_key(|row| (row.day, row.id));
        match criterion.pick {
            Some(Pick::First) => rows.truncate(1),
            Some(Pick::Last) => rows = rows.pop().into_iter().collect(),
            Some(Pick::Nth(n)) => rows = rows.get(n as usize - 1).copied().into_iter().collect(),
            None => {}
        }
        rows.retain(|row| near.iter().all(|around| self.is_around(row, around)));
        rows
    }

    fn is_around(&self, row: &Event, around: &Around) -> bool {
        let found = self.rows(&around.has);
        let found = found.iter().filter(|other| is_near(row, other, around.near)).filter(|other| {
            around.without.as_ref().is_none_or(|without| {
                let (one, two) = (row.day.min(other.day), row.day.max(other.day));
                !self.rows(without).iter().any(|between| between.day > one && between.day < two)
            })
        });
        (found.count() >= least(&around.has)) != around.absent
    }
}

fn least(criterion: &Criterion) -> usize {
    criterion.at_least.unwrap_or(1) as usize
}

fn passes(event: &Event, test: &Test) -> bool {
    let Some(Cell::Text(value)) = event.cells.get(test.field.as_str()) else { return test.not };
    test.any_of.iter().any(|one| one == value) != test.not
}

fn is_near(row: &Event, other: &Event, near: Near) -> bool {
    if row.of == other.of && row.id == other.id {
        return false;
    }
    let days = other.day.unwrap_or_default() - row.day.unwrap_or_default();
    match near {
        Near::SameExam => row.exam.is_some() && row.exam == other.exam,
        Near::AnyTime => true,
        Near::Days { from, to } => {
            from.is_none_or(|from| days >= i64::from(from)) && to.is_none_or(|to| days <= i64::from(to))
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, ..ProptestConfig::default() })]

    #[test]
    fn the_engine_and_a_walk_through_everybody_agree(
        events in events(),
        conditions in prop::collection::vec(condition(), 6),
    ) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
        let session = runtime.block_on(filled(&PEOPLE, &events));
        for patients_asked in conditions {
            let definition = Definition { language: LANGUAGE, patients: patients_asked, exams: None, sample: None, controls: None };
            prop_assert_eq!(definition.check(), Ok(()));
            let walked = PEOPLE.iter().map(|(patient, _)| *patient).filter(|patient| {
                let own = events.iter().filter(|event| event.patient == *patient).collect();
                Walk { events: own }.holds(&definition.patients)
            });
            let walked: Vec<i64> = walked.collect();
            let answered = runtime.block_on(patients(&session, &definition));
            prop_assert_eq!(answered, walked, "{}", serde_json::to_string(&definition).unwrap_or_default());
        }
    }
}
