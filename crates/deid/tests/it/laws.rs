//! Laws that hold for every object and key.

use crate::objects::{PUBLIC, ct, file, read, through, wall_with};
use crate::profile::contains;
use deid::{Wall, policy::ready};
use dicom::{DataSet, Tag, Value, Vr, tags};
use jiff::civil::Date;
use proptest::prelude::*;
use std::collections::BTreeSet;

const POLICIES: &[&str] = &["basic", PUBLIC, "hipaa-safe-harbor", "limited-data-set"];

fn any_name() -> impl Strategy<Value = String> {
    "[A-Z][a-zà-ÿ]{5,9}\\^[A-Z][a-zà-ÿ]{4,8}"
}

fn any_uid() -> impl Strategy<Value = String> {
    "1\\.2\\.[1-9][0-9]{9,14}\\.[1-9][0-9]{6,12}"
}

fn any_date() -> impl Strategy<Value = String> {
    (1950..2026, 1..13, 1..29).prop_map(|(y, m, d)| format!("{y:04}{m:02}{d:02}"))
}

/// An image of some patient, with identifiers in text and in a nested item.
fn any_object() -> impl Strategy<Value = DataSet> {
    (any_name(), "[A-Z]{2}[0-9]{6,8}", any_uid(), any_uid(), any_date(), any_date(), "[a-z]{0,12}").prop_map(
        |(name, id, study, instance, first, second, word)| {
            let mut set = ct();
            let family = name.split('^').next().unwrap_or_default();
            set.put_text(tags::PATIENT_NAME, &name);
            set.put_text(tags::PATIENT_ID, &id);
            set.put_text(tags::STUDY_INSTANCE_UID, &study);
            set.put_text(tags::SOP_INSTANCE_UID, &instance);
            set.put_text(tags::STUDY_DATE, &first);
            set.put_text(tags::SERIES_DATE, &second);
            set.put_text(tags::SERIES_DESCRIPTION, &format!("{word} {} {id}", family.to_uppercase()));
            set.put_text(tags::IMAGE_COMMENTS, &format!("{name}/{family}, {id}; {first} {instance}"));
            let mut item = DataSet::new();
            item.put_text(tags::PATIENT_COMMENTS, &name);
            item.put_text(tags::REFERENCED_SOP_INSTANCE_UID, &instance);
            item.put_text(tags::TEXT_VALUE, &format!("of {family}"));
            set.put_items(tags::CONTENT_SEQUENCE, vec![item]);
            set
        },
    )
}

fn walls(key: u8) -> impl Iterator<Item = Wall> {
    POLICIES.iter().map(move |policy| wall_with(policy, key))
}

/// All attributes with the depth they are at.
fn shape(set: &DataSet) -> BTreeSet<(usize, Tag)> {
    fn add(set: &DataSet, depth: usize, into: &mut BTreeSet<(usize, Tag)>) {
        for element in set {
            into.insert((depth, element.tag));
            if let Value::Items(items) = &element.value {
                items.iter().for_each(|item| add(item, depth + 1, into));
            }
        }
    }
    let mut found = BTreeSet::new();
    add(set, 0, &mut found);
    found
}

/// Every UID that is not the standard's own, and every date.
fn values(set: &DataSet, vrs: &[Vr]) -> BTreeSet<String> {
    let own = set.iter().filter(|e| vrs.contains(&e.vr)).flat_map(|e| set.texts_of(e));
    let nested = set.iter().filter_map(|e| match &e.value {
        Value::Items(items) => Some(items.iter().flat_map(|item| values(item, vrs))),
        _ => None,
    });
    let all = own.chain(nested.flatten()).filter(|value| !value.is_empty());
    all.filter(|value| !deid::registry::is_registered(value)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn the_same_original_policy_and_key_give_the_same_bytes(set in any_object()) {
        let (once, again) = (walls(3), walls(3));
        for (a, b) in once.zip(again) {
            prop_assert_eq!(through(&a, &set).unwrap().to_bytes(), through(&b, &set).unwrap().to_bytes());
        }
    }

    #[test]
    fn nothing_of_the_original_is_in_the_result(set in any_object()) {
        for wall in walls(4) {
            let bytes = through(&wall, &set).unwrap().to_bytes();
            let text = String::from_utf8_lossy(&bytes).to_lowercase();
            let name = set.text(tags::PATIENT_NAME).unwrap();
            for part in name.split('^') {
                prop_assert!(!text.contains(&part.to_lowercase()));
                let latin: Vec<u8> = part.chars().map(|c| c as u8).collect();
                prop_assert!(!bytes.windows(latin.len()).any(|window| window == latin));
            }
            for tag in [tags::PATIENT_ID, tags::STUDY_INSTANCE_UID, tags::SOP_INSTANCE_UID] {
                prop_assert!(!contains(&bytes, &set.text(tag).unwrap()), "{}", tag);
            }
        }
    }

    #[test]
    fn twice_has_the_same_shape_as_once(set in any_object()) {
        for wall in walls(5) {
            let once = read(&through(&wall, &set).unwrap()).data_set;
            let mut whole = once.clone();
            whole.put_bytes(tags::PIXEL_DATA, Vr::OW, vec![0; 8]);
            let twice = read(&through(&wall, &whole).unwrap()).data_set;
            prop_assert_eq!(shape(&once), shape(&twice));
        }
    }

    #[test]
    fn another_key_shares_no_code_and_no_uid(set in any_object()) {
        let result = |key| read(&through(&wall_with(PUBLIC, key), &set).unwrap()).data_set;
        let (one, other) = (result(1), result(2));
        prop_assert_ne!(one.text(tags::PATIENT_ID), other.text(tags::PATIENT_ID));
        prop_assert!(values(&one, &[Vr::UI]).is_disjoint(&values(&other, &[Vr::UI])));
    }

    #[test]
    fn intervals_of_a_patient_survive(id in "[A-Z]{3}[0-9]{5}", dates in prop::collection::vec(any_date(), 2..8)) {
        let wall = wall_with(PUBLIC, 9);
        let moved: Vec<_> = dates.iter().map(|date| {
            let mut set = ct();
            set.put_text(tags::PATIENT_ID, &id);
            set.put_text(tags::STUDY_DATE, date);
            read(&through(&wall, &set).unwrap()).data_set.text(tags::STUDY_DATE).unwrap()
        }).collect();
        let days = |text: &str| text.parse::<Date>().unwrap();
        let shifts: BTreeSet<_> = dates.iter().zip(&moved).map(|(before, after)| {
            days(before).until(days(after)).unwrap().get_days()
        }).collect();
        prop_assert_eq!(shifts.len(), 1);
        prop_assert!(!shifts.contains(&0));
    }
}

#[test]
fn another_policy_version_has_another_digest_and_layout_does_not_count() {
    let text = ready::text("basic").unwrap();
    let digest = |text: &str| deid::Document::parse(text).unwrap().compile().unwrap().digest().to_owned();
    assert_eq!(digest(text), digest(&format!("# more\n\n{text}")));
    assert_ne!(digest(text), digest(&text.replace("version = 1", "version = 2")));
}

#[test]
fn what_other_objects_of_the_patient_say_is_swept_too() {
    let wall = wall_with(PUBLIC, 1);
    let mut other = ct();
    other.put_text(tags::OPERATORS_NAME, "Zimmermann^Ute");
    let known = wall.survey(&dicom::read_header(&file(&other)).unwrap()).known;
    let mut set = ct();
    set.put_text(tags::SERIES_DESCRIPTION, "LUNG zimmermann");
    let alone = read(&through(&wall, &set).unwrap()).data_set;
    assert_eq!(alone.text(tags::SERIES_DESCRIPTION).as_deref(), Some("LUNG zimmermann"));
    let done = wall.deidentify(&file(&set), &known).unwrap();
    assert_eq!(read(&done).data_set.text(tags::SERIES_DESCRIPTION).as_deref(), Some("LUNG [name]"));
}
