use measure::{Expected, Measurement, Stale, Work};
use model::Timestamp;
use proptest::prelude::*;

fn measurement(uid: u32, state: u32) -> Measurement {
    let drawn = serde_json::json!({
        "trackingUid": format!("2.25.{uid}"), "tool": "Length", "state": state,
        "image": {"series": "1.2.3", "sop": "1.2.3.4"},
        "shapes": [{"graphic": "polyline", "points": [1.0, 2.0, 3.0, 4.0]}],
    });
    serde_json::from_value(drawn).unwrap()
}

#[derive(Debug, Clone)]
enum Step {
    Put(u32, u32, u32),
    Remove(u32, u32),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let put = (1..4u32, 0..3u32, 0..5u32).prop_map(|(uid, state, seen)| Step::Put(uid, state, seen));
    let remove = (1..4u32, 0..5u32).prop_map(|(uid, seen)| Step::Remove(uid, seen));
    proptest::collection::vec(prop_oneof![3 => put, 1 => remove], 0..60)
}

fn expected(seen: u32) -> Expected {
    if seen == 0 { Expected::Nothing } else { Expected::Version(seen) }
}

proptest! {
    /// Whatever is asked, a version is only ever replaced by somebody who has seen it.
    #[test]
    fn no_version_is_replaced_unseen(steps in steps()) {
        let mut work = Work::of("ann");
        for (at, step) in steps.into_iter().enumerate() {
            let before = work.clone();
            let now = Timestamp::from_micros(at as i64);
            let (uid, seen, done) = match step {
                Step::Put(uid, state, seen) => (uid, seen, work.put(measurement(uid, state), expected(seen), now)),
                Step::Remove(uid, seen) => (uid, seen, work.remove(&format!("2.25.{uid}"), expected(seen), now)),
            };
            let old = before.entry(&format!("2.25.{uid}")).map_or(0, |entry| entry.version);
            match done {
                Ok((version, true)) => prop_assert_eq!((version, seen), (old + 1, old)),
                Ok((version, false)) => {
                    prop_assert_eq!(version, old);
                    prop_assert_eq!(work.clone(), before);
                }
                Err(Stale::Newer(entry)) => {
                    prop_assert_eq!(entry.version, old);
                    prop_assert_eq!(work.clone(), before);
                }
                Err(Stale::Missing | Stale::Full) => prop_assert_eq!(work.clone(), before),
            }
        }
    }
}
