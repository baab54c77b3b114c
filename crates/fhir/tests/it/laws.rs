//! What holds for any input.

use crate::support::{parts, split};
use proptest::prelude::*;
use serde_json::{Value, json};

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        "(Patient|Condition|urn:uuid:|#|http://a/)?/?[a-z0-9]{0,6}".prop_map(Value::from),
    ];
    let key = prop_oneof![
        Just("reference"),
        Just("identifier"),
        Just("subject"),
        Just("coding"),
        Just("concept"),
        Just("class"),
        Just("reason"),
        Just("medication"),
        Just("basedOn"),
        Just("status"),
        Just("link"),
        Just("provision"),
    ];
    leaf.prop_recursive(4, 40, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(key.clone(), inner, 0..4)
                .prop_map(|map| map.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()),
        ]
    })
}

fn any_resource() -> impl Strategy<Value = Value> {
    let kinds = [
        "Patient",
        "Encounter",
        "Consent",
        "ServiceRequest",
        "MedicationStatement",
        "ImagingStudy",
        "DocumentReference",
        "Condition",
        "Procedure",
        "Thing",
    ];
    (prop::sample::select(kinds.to_vec()), any_value()).prop_map(|(kind, value)| {
        let mut resource = json!({"id": "1"});
        if let Value::Object(more) = value {
            resource.as_object_mut().unwrap().extend(more);
        }
        resource["resourceType"] = kind.into();
        resource
    })
}

proptest! {
    /// Each entry is told of, in order, and never twice differently.
    #[test]
    fn every_entry_is_accounted_for(list in prop::collection::vec(any_resource(), 0..5)) {
        let entries: Vec<_> = list.iter().map(|one| json!({"resource": one})).collect();
        let bundle = json!({"resourceType": "Bundle", "type": "collection", "entry": entries}).to_string();
        let all = parts(bundle.as_bytes(), Some("http://s")).unwrap();
        for at in 0..list.len() {
            let place = format!("entry[{at}]");
            prop_assert!(all.iter().any(|part| part.place() == place));
        }
        prop_assert_eq!(all, parts(bundle.as_bytes(), Some("http://s")).unwrap());
    }

    /// Lines say what the same resources say in a Bundle of the same server.
    #[test]
    fn lines_and_bundles_say_the_same(list in prop::collection::vec(any_resource(), 2..5)) {
        let lines: String = list.iter().map(|one| format!("{one}\n")).collect();
        let (said, left) = split(parts(lines.as_bytes(), Some("http://s")).unwrap());
        let total = list.len();
        let told = said.iter().map(|one| &one.place).chain(left.iter().map(|one| &one.place));
        let lines: std::collections::HashSet<_> = told.filter(|place| !place.contains('.')).collect();
        prop_assert_eq!(lines.len(), total);
    }

    /// Any bytes at all are read or refused.
    #[test]
    fn no_input_breaks_it(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = parts(&bytes, None);
    }
}
