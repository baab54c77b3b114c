use crate::making::{Made, catalog, indexed, made};
use async_trait::async_trait;
use catalog::{Catalog, Found, Headers, Level, Located, Query, Row};
use dicom::{DataSet, Tag, Vr, tags};
use std::collections::HashMap;
use std::sync::Arc;
use store::Ledger;

/// Headers of the made instances, as the archive would read them.
struct Kept(HashMap<String, DataSet>);

#[async_trait]
impl Headers for Kept {
    async fn header(&self, instance: &Located) -> Option<DataSet> {
        self.0.get(&instance.sop).cloned()
    }
}

async fn hospital(ledger: Ledger, instances: &[Made]) -> Catalog {
    let catalog = catalog(ledger).await;
    indexed(&catalog, instances).await;
    let headers =
        instances.iter().map(|made| (made.set.uid(tags::SOP_INSTANCE_UID).unwrap(), made.set.clone()));
    catalog.with_headers(Arc::new(Kept(headers.collect())))
}

fn ward() -> Vec<Made> {
    let mut all = vec![
        made("100", 1, 1, 1).with(tags::PATIENT_NAME, "Müller^Jörg"),
        made("101", 2, 2, 1).with(tags::PATIENT_NAME, "Doe^Jane"),
        made("102", 3, 1, 1).with(tags::PATIENT_NAME, "Yamada^Tarou=山田^太郎=やまだ^たろう"),
        made("103", 4, 2, 1).with(tags::PATIENT_NAME, "DOE^JOHN").with(tags::STUDY_DESCRIPTION, "[x] 100%"),
    ];
    all.push(made("101", 2, 1, 1).with(tags::PATIENT_NAME, "Doe^Jane"));
    all.extend((2..=30).map(|n| made("101", 2, 1, n).with(tags::PATIENT_NAME, "Doe^Jane")));
    all
}

fn uids(found: &Found) -> Vec<String> {
    let uid = |row: &Row| row.sop.clone().or(row.series.clone()).or(row.study.clone()).unwrap_or_default();
    let mut uids: Vec<_> = found.rows.iter().map(uid).collect();
    uids.sort_unstable();
    uids
}

async fn find(catalog: &Catalog, level: Level, keys: &[(Tag, &str)]) -> Vec<String> {
    let query = keys.iter().fold(Query::all(level), |query, (tag, value)| query.with(*tag, value));
    uids(&catalog.query(&query).await.unwrap())
}

async fn parameters(catalog: &Catalog, level: Level, parameters: &[(&str, &str)]) -> Vec<String> {
    let query = Query::from_parameters(level, parameters.iter().copied()).unwrap();
    uids(&catalog.query(&query).await.unwrap())
}

async fn names_match_without_case_and_accents(ledger: Ledger) {
    let catalog = hospital(ledger, &ward()).await;
    let by_name = async |name| find(&catalog, Level::Study, &[(tags::PATIENT_NAME, name)]).await;
    assert_eq!(by_name("muller^jorg").await, ["1.2.1"]);
    assert_eq!(by_name("MÜLLER*").await, ["1.2.1"]);
    assert_eq!(by_name("doe*").await, ["1.2.2", "1.2.4"]);
    assert_eq!(by_name("*oe^j?ne").await, ["1.2.2"]);
    assert_eq!(by_name("*ulle*").await, ["1.2.1"]);
    assert_eq!(by_name("山田*").await, ["1.2.3"]);
    assert_eq!(by_name("Yamada*=山田*").await, ["1.2.3"]);
    assert_eq!(by_name("doe").await, [""; 0]);
    assert_eq!(by_name("*").await.len(), 4);
}

async fn fuzzy_names_match_by_word_and_sound(ledger: Ledger) {
    let catalog = hospital(ledger, &ward()).await;
    let fuzzy = async |name: &str| {
        parameters(&catalog, Level::Study, &[("PatientName", name), ("fuzzymatching", "true")]).await
    };
    // Jane sounds like John.
    assert_eq!(fuzzy("Jane Doe").await, ["1.2.2", "1.2.4"]);
    assert_eq!(fuzzy("Mueller").await, ["1.2.1"]);
    assert_eq!(fuzzy("jo").await, ["1.2.1", "1.2.4"]);
    assert_eq!(fuzzy("smith").await, [""; 0]);
}

async fn keys_of_every_level_match(ledger: Ledger) {
    let catalog = hospital(ledger, &ward()).await;
    let study = async |keys: &[(Tag, &str)]| find(&catalog, Level::Study, keys).await;
    assert_eq!(study(&[(tags::PATIENT_ID, "101")]).await, ["1.2.2"]);
    assert_eq!(study(&[(tags::PATIENT_ID, "10?")]).await.len(), 4);
    assert_eq!(study(&[(tags::ACCESSION_NUMBER, "A3")]).await, ["1.2.3"]);
    assert_eq!(study(&[(tags::STUDY_INSTANCE_UID, "1.2.1\\1.2.3\\9.9")]).await, ["1.2.1", "1.2.3"]);
    assert_eq!(study(&[(tags::MODALITIES_IN_STUDY, "CT")]).await, ["1.2.2", "1.2.4"]);
    assert_eq!(study(&[(tags::MODALITIES_IN_STUDY, "CT\\MR")]).await.len(), 4);
    assert_eq!(study(&[(tags::MODALITIES_IN_STUDY, "M?")]).await, ["1.2.1", "1.2.2", "1.2.3"]);
    assert_eq!(study(&[(tags::MODALITY, "CT"), (tags::SERIES_NUMBER, "2")]).await, ["1.2.2", "1.2.4"]);
    assert_eq!(study(&[(tags::MODALITY, "CT"), (tags::SERIES_NUMBER, "1")]).await, [""; 0]);
    assert_eq!(study(&[(tags::SOP_INSTANCE_UID, "1.2.2.1.7")]).await, ["1.2.2"]);
    assert_eq!(study(&[(tags::STUDY_DESCRIPTION, "[x] 100%")]).await, ["1.2.4"]);
    assert_eq!(study(&[(tags::STUDY_DESCRIPTION, "[x]*%")]).await, ["1.2.4"]);
    assert_eq!(study(&[(tags::STUDY_DESCRIPTION, "chest*")]).await, [""; 0]);
    let series = async |keys: &[(Tag, &str)]| find(&catalog, Level::Series, keys).await;
    assert_eq!(series(&[(tags::STUDY_INSTANCE_UID, "1.2.2")]).await, ["1.2.2.1", "1.2.2.2"]);
    assert_eq!(series(&[(tags::PATIENT_NAME, "doe*"), (tags::MODALITY, "CT")]).await, ["1.2.2.2", "1.2.4.2"]);
    // What a series is called is no text of its exam.
    let name = tags::SERIES_DESCRIPTION;
    assert_eq!(series(&[(name, "Series 2")]).await, ["1.2.2.2", "1.2.4.2"]);
    assert_eq!(series(&[(name, "*eries ?"), (tags::PATIENT_ID, "103")]).await, ["1.2.4.2"]);
    assert_eq!(study(&[(name, "Series 2")]).await, ["1.2.2", "1.2.4"]);
    assert_eq!(find(&catalog, Level::Instance, &[(name, "*ries 1")]).await.len(), 32);
    let named = Query::all(Level::Patient).with(name, "Series 2");
    assert_eq!(catalog.query(&named).await.unwrap().rows.len(), 2);
    let instance = async |keys: &[(Tag, &str)]| find(&catalog, Level::Instance, keys).await;
    assert_eq!(instance(&[(tags::INSTANCE_NUMBER, "7")]).await, ["1.2.2.1.7"]);
    assert_eq!(instance(&[(tags::SERIES_INSTANCE_UID, "1.2.2.1")]).await.len(), 30);
    let patients = Query::all(Level::Patient).with(tags::PATIENT_NAME, "doe*").with(tags::MODALITY, "MR");
    let found = catalog.query(&patients).await.unwrap();
    assert_eq!(found.rows[0].data_set.text(tags::PATIENT_NAME).as_deref(), Some("Doe^Jane"));
    assert_eq!(found.rows.len(), 1);
    let inner = Query::all(Level::Patient).with(tags::PATIENT_NAME, "*ulle*");
    assert_eq!(catalog.query(&inner).await.unwrap().rows.len(), 1);
}

async fn dates_and_times_match_ranges(ledger: Ledger) {
    let at =
        |study, date, time| made("p", study, 1, 1).with(tags::STUDY_DATE, date).with(tags::STUDY_TIME, time);
    let instances =
        [at(1, "20260101", "0830"), at(2, "20260102", "120000.5"), at(3, "20260103", ""), at(4, "", "")];
    let catalog = hospital(ledger, &instances).await;
    let study = async |keys: &[(&str, &str)]| parameters(&catalog, Level::Study, keys).await;
    assert_eq!(study(&[("StudyDate", "20260102")]).await, ["1.2.2"]);
    assert_eq!(study(&[("StudyDate", "20260102-")]).await, ["1.2.2", "1.2.3"]);
    assert_eq!(study(&[("StudyDate", "-20260102")]).await, ["1.2.1", "1.2.2"]);
    assert_eq!(study(&[("StudyDate", "20260101\\20260103")]).await, ["1.2.1", "1.2.3"]);
    assert_eq!(study(&[("StudyDate", "\"\"")]).await, ["1.2.4"]);
    assert_eq!(study(&[("StudyDate", "nonsense")]).await, [""; 0]);
    assert_eq!(study(&[("StudyTime", "12")]).await, ["1.2.2"]);
    assert_eq!(study(&[("StudyTime", "08-09")]).await, ["1.2.1"]);
    // One range of moments: from the 1st at nine to the 2nd at noon and a minute.
    assert_eq!(study(&[("StudyDate", "20260101-20260102"), ("StudyTime", "0900-1200")]).await, ["1.2.2"]);
    assert_eq!(study(&[("StudyDate", "20260101-20260102"), ("StudyTime", "0800-1159")]).await, ["1.2.1"]);
}

async fn corner_kinds_of_matching_are_as_the_standard_says(ledger: Ledger) {
    let with_sequence = |n: u32, codes: &[(&str, &str)]| {
        let inner = codes.iter().map(|(value, scheme)| {
            let mut code = DataSet::new();
            code.put_text(tags::CODE_VALUE, value);
            code.put_text(tags::CODING_SCHEME_DESIGNATOR, scheme);
            code
        });
        let mut item = DataSet::new();
        item.put_items(tags::SCHEDULED_PROTOCOL_CODE_SEQUENCE, inner.collect());
        let mut one = made("p", n, 1, 1)
            .with(tags::SERIES_DATE, &format!("2026010{n}"))
            .with(tags::SERIES_TIME, "1000")
            .with(tags::PERFORMED_PROCEDURE_STEP_START_DATE, &format!("2026010{n}"))
            .with(tags::PERFORMED_PROCEDURE_STEP_START_TIME, "1000")
            .with(tags::ACQUISITION_DATE_TIME, &format!("2026010{n}120000+0200"));
        one.set.put_items(tags::REQUEST_ATTRIBUTES_SEQUENCE, vec![item]);
        one
    };
    let names = "Wang^Xiao=王^小东=";
    let instances = [
        with_sequence(1, &[("C1", "99X"), ("C2", "99Y")])
            .with(tags::PERFORMING_PHYSICIAN_NAME, names)
            .with(tags::REFERRING_PHYSICIAN_NAME, names),
        with_sequence(2, &[("C1", "99Y"), ("C2", "99X")]).with(tags::PERFORMING_PHYSICIAN_NAME, "Wang^Xiao"),
        with_sequence(3, &[]).with(tags::PERFORMING_PHYSICIAN_NAME, "Doe^A\\Roe^B"),
    ];
    let catalog = hospital(ledger, &instances).await;
    let study = async |keys: &[(&str, &str)]| parameters(&catalog, Level::Study, keys).await;
    // Two sequences deep, the keys must match in one item (PS3.4 §C.2.2.2.6).
    let deep =
        |value, scheme| [("00400275.00400008.00080100", value), ("00400275.00400008.00080102", scheme)];
    assert_eq!(study(&deep("C1", "99X")).await, ["1.2.1"]);
    assert_eq!(study(&deep("C1", "99Y")).await, ["1.2.2"]);
    assert_eq!(study(&deep("C3", "99Y")).await, [""; 0]);
    // A date and the time beside it are one range of moments, with a column or without.
    for (date, time) in
        [("SeriesDate", "SeriesTime"), ("PerformedProcedureStepStartDate", "PerformedProcedureStepStartTime")]
    {
        let asked = |dates, times| [(date, dates), (time, times)];
        assert_eq!(study(&asked("20260101-20260103", "1100-0900")).await, ["1.2.2"], "{date}");
        assert_eq!(study(&asked("20260101-20260103", "1000-1000")).await.len(), 3, "{date}");
        assert_eq!(study(&asked("20260102-", "1001-")).await, ["1.2.3"], "{date}");
        assert_eq!(study(&asked("-20260102", "-0959")).await, ["1.2.1"], "{date}");
    }
    // Without that agreement (C-FIND), each for itself.
    let mut apart = Query::all(Level::Study).with(tags::SERIES_DATE, "20260101-20260103");
    apart = apart.with(tags::SERIES_TIME, "1100-0900");
    assert_eq!(uids(&catalog.query(&apart).await.unwrap()), [""; 0]);
    // An offset from UTC is taken off, on both sides of a range (PS3.4 §C.2.2.2.5.3).
    let acquired = async |range| study(&[("AcquisitionDateTime", range)]).await;
    assert_eq!(acquired("20260101100000+0000-20260101100000+0000").await, ["1.2.1"]);
    assert_eq!(acquired("20260101050000-0500-20260101050000-0500").await, ["1.2.1"]);
    assert_eq!(acquired("20260101120001+0200-20260102120000+0200").await, ["1.2.2"]);
    assert_eq!(acquired("20260102100001+0000-").await, ["1.2.3"]);
    assert_eq!(acquired("-20260101100000+0000").await, ["1.2.1"]);
    // Groups of a name, in a column's attribute and in another's; each value of several.
    for attribute in ["PerformingPhysicianName", "ReferringPhysicianName"] {
        for value in ["王^小东", "王*", "=王^小东", "wang^xiao=王*", "*小*"] {
            assert_eq!(study(&[(attribute, value)]).await, ["1.2.1"], "{attribute} {value}");
        }
        for value in ["小*", "=wang*", "wang*=李*", "==王*"] {
            assert_eq!(study(&[(attribute, value)]).await, [""; 0], "{attribute} {value}");
        }
    }
    assert_eq!(study(&[("PerformingPhysicianName", "roe^*")]).await, ["1.2.3"]);
    // Wildcards are for text: in another VR they are no value. A star alone is universal.
    assert_eq!(study(&[("StudyInstanceUID", "1.2.*")]).await, [""; 0]);
    assert_eq!(study(&[("StudyDate", "2026*")]).await, [""; 0]);
    assert_eq!(study(&[("Rows", "5?2")]).await, [""; 0]);
    for key in ["StudyInstanceUID", "StudyDate", "Rows", "PatientName"] {
        assert_eq!(study(&[(key, "*")]).await.len(), 3, "{key}");
        assert_eq!(study(&[(key, "")]).await.len(), 3, "{key}");
    }
    // Thousands of UIDs, in one key.
    let mut list: Vec<String> = (0..5000).map(|n| format!("1.2.9.{n}")).collect();
    list[4000] = "1.2.3".into();
    assert_eq!(study(&[("StudyInstanceUID", &list.join(","))]).await, ["1.2.3"]);
    assert_eq!(study(&[("StudyInstanceUID", &list.join("\\"))]).await, ["1.2.3"]);
    list[4000] = "1.2.2.1.1".into();
    assert_eq!(study(&[("SOPInstanceUID", &list.join(","))]).await, ["1.2.2"]);
    // A time zone is no key.
    assert_eq!(study(&[("TimezoneOffsetFromUTC", "+0100")]).await.len(), 3);
}

async fn any_attribute_is_a_key(ledger: Ledger) {
    let mut instances = ward();
    let mut item = DataSet::new();
    item.put_text(tags::REQUESTED_PROCEDURE_ID, "RP7");
    item.put_text(tags::SCHEDULED_PROCEDURE_STEP_ID, "SPS1");
    instances[0].set.put_items(tags::REQUEST_ATTRIBUTES_SEQUENCE, vec![item]);
    instances[0].set.put_bytes(Tag(0x0019, 0x0010), Vr::LO, "GEMS_ACQU_01");
    instances[0].set.put_bytes(Tag(0x0019, 0x1023), Vr::DS, "2.50");
    instances[1].set.put_text(tags::INSTITUTION_NAME, "St. Elsewhere");
    instances[1].set.put_text(tags::ACQUISITION_DATE_TIME, "20260201101500");
    let catalog = hospital(ledger, &instances).await;
    let study = async |keys: &[(&str, &str)]| parameters(&catalog, Level::Study, keys).await;
    assert_eq!(study(&[("InstitutionName", "St. Elsewhere")]).await, ["1.2.2"]);
    assert_eq!(study(&[("InstitutionName", "St.*")]).await, ["1.2.2"]);
    assert_eq!(study(&[("InstitutionName", "*where")]).await, ["1.2.2"]);
    assert_eq!(study(&[("InstitutionName", "st. elsewhere")]).await, [""; 0]);
    assert_eq!(study(&[("Manufacturer", "Maker"), ("PatientID", "101")]).await, ["1.2.2"]);
    assert_eq!(study(&[("AcquisitionDateTime", "20260201-20260202")]).await, ["1.2.2"]);
    assert_eq!(study(&[("RequestAttributesSequence.RequestedProcedureID", "RP7")]).await, ["1.2.1"]);
    let both = [("00400275.00401001", "RP7"), ("RequestAttributesSequence.ScheduledProcedureStepID", "SPS1")];
    assert_eq!(study(&both).await, ["1.2.1"]);
    assert_eq!(study(&[both[0], ("00400275.00400009", "SPS2")]).await, [""; 0]);
    assert_eq!(study(&[("00191023", "2.5")]).await, ["1.2.1"]);
    // It varies within the series: only the instances know.
    assert_eq!(study(&[("SliceLocation", "17.5")]).await, ["1.2.2"]);
    assert_eq!(study(&[("SliceLocation", "99.5")]).await, [""; 0]);
    let instance = async |keys: &[(&str, &str)]| parameters(&catalog, Level::Instance, keys).await;
    assert_eq!(instance(&[("SliceLocation", "17.5")]).await, ["1.2.2.1.17"]);
    let series = async |keys: &[(&str, &str)]| parameters(&catalog, Level::Series, keys).await;
    assert_eq!(series(&[("InstitutionName", "\"\""), ("StudyInstanceUID", "1.2.2")]).await, ["1.2.2.1"]);
}

async fn a_private_key_names_its_creator(ledger: Ledger) {
    let mut instances = ward();
    instances[0].set.put_bytes(Tag(0x0019, 0x0011), Vr::LO, "GEMS_ACQU_01");
    instances[0].set.put_bytes(Tag(0x0019, 0x1123), Vr::LO, "ab");
    let catalog = hospital(ledger, &instances).await;
    let mut identifier = DataSet::new();
    identifier.put_text(tags::QUERY_RETRIEVE_LEVEL, "STUDY");
    identifier.put_bytes(Tag(0x0019, 0x0010), Vr::LO, "GEMS_ACQU_01");
    identifier.put_bytes(Tag(0x0019, 0x1023), Vr::LO, "ab");
    let query = Query::from_identifier(&identifier).unwrap();
    assert_eq!(uids(&catalog.query(&query).await.unwrap()), ["1.2.1"]);
}

async fn pages_are_whole_and_in_order(ledger: Ledger) {
    let instances: Vec<_> = (1..=1500).map(|study| made("p", study, study % 2, 1)).collect();
    let catalog = catalog(ledger).await;
    for part in instances.chunks(500) {
        indexed(&catalog, part).await;
    }
    for keys in [vec![], vec![(tags::MODALITY, "CT")], vec![(tags::PATIENT_NAME, "na*")]] {
        let whole = keys.iter().fold(Query::all(Level::Study), |query, (tag, value)| query.with(*tag, value));
        let all = catalog.query(&whole).await.unwrap();
        assert!(!all.more);
        for offset in [0, 3, 511, 513, 700] {
            let page = Query { limit: Some(20), offset, ..whole.clone() };
            let found = catalog.query(&page).await.unwrap();
            assert_eq!(found.rows, all.rows[offset..offset + 20]);
            assert!(found.more);
        }
        let beyond = Query { limit: Some(5), offset: 5000, ..whole.clone() };
        assert_eq!(catalog.query(&beyond).await.unwrap(), Found::default());
    }
}

async fn answers_have_what_was_asked(ledger: Ledger) {
    let catalog = hospital(ledger, &ward()).await;
    let ask = async |level, parameters: &[(&str, &str)]| {
        let query = Query::from_parameters(level, parameters.iter().copied()).unwrap();
        catalog.query(&query).await.unwrap().rows.remove(0).data_set
    };
    let study = ask(Level::Study, &[("StudyInstanceUID", "1.2.2")]).await;
    assert_eq!(study.text(tags::MODALITIES_IN_STUDY).as_deref(), Some("CT\\MR"));
    assert_eq!(study.int(tags::NUMBER_OF_STUDY_RELATED_INSTANCES), Some(31));
    assert_eq!(study.int(tags::NUMBER_OF_STUDY_RELATED_SERIES), Some(2));
    assert_eq!(study.text(tags::PATIENT_NAME).as_deref(), Some("Doe^Jane"));
    assert!(!study.contains(tags::MANUFACTURER));
    let accented = ask(Level::Study, &[("StudyInstanceUID", "1.2.1")]).await;
    assert_eq!(accented.text(tags::PATIENT_NAME).as_deref(), Some("Müller^Jörg"));
    assert_eq!(accented.text(tags::SPECIFIC_CHARACTER_SET).as_deref(), Some("ISO_IR 192"));
    let series =
        ask(Level::Series, &[("SeriesInstanceUID", "1.2.2.1"), ("includefield", "Manufacturer")]).await;
    assert_eq!(series.text(tags::MANUFACTURER).as_deref(), Some("Maker"));
    assert_eq!(series.int(tags::NUMBER_OF_SERIES_RELATED_INSTANCES), Some(30));
    let instance =
        ask(Level::Instance, &[("SOPInstanceUID", "1.2.2.1.9"), ("includefield", "SliceLocation")]).await;
    assert_eq!(instance.text(tags::SLICE_LOCATION).as_deref(), Some("9.5"));
    assert_eq!((instance.int(tags::ROWS), instance.int(tags::COLUMNS)), (Some(512), Some(256)));
    let patient = ask(Level::Patient, &[("PatientID", "101"), ("NumberOfPatientRelatedInstances", "")]).await;
    assert_eq!(patient.int(tags::NUMBER_OF_PATIENT_RELATED_INSTANCES), Some(31));
    let unknown = ask(Level::Study, &[("StudyInstanceUID", "1.2.2"), ("PatientComments", "")]).await;
    assert!(unknown.get(tags::PATIENT_COMMENTS).unwrap().value.is_empty());
}

store::each_ledger!(
    names_match_without_case_and_accents,
    fuzzy_names_match_by_word_and_sound,
    keys_of_every_level_match,
    dates_and_times_match_ranges,
    corner_kinds_of_matching_are_as_the_standard_says,
    any_attribute_is_a_key,
    a_private_key_names_its_creator,
    pages_are_whole_and_in_order,
    answers_have_what_was_asked,
);
