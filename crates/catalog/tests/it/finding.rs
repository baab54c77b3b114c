use crate::making::{Made, catalog, event, indexed, made, other};
use catalog::index::DELETED;
use catalog::{Anything, Catalog};
use dicom::{Tag, tags};
use intake::Kind;
use model::StudyInstanceUid;
use serde_json::json;
use store::Ledger;

const TODAY: i64 = 20_260_301;

fn ward() -> Vec<Made> {
    vec![
        made("MRN-100", 1, 1, 1).with(tags::PATIENT_NAME, "Müller^Jörg").with(tags::STUDY_DATE, "20260103"),
        made("MRN-100", 2, 2, 1).with(tags::PATIENT_NAME, "Müller^Jörg").with(tags::STUDY_DATE, "20260301"),
        made("mr77", 3, 1, 1)
            .with(tags::PATIENT_NAME, "Mullerova^Jana")
            .with(tags::PROTOCOL_NAME, "Knie links T1")
            .with(tags::INSTITUTION_NAME, "Inselspital"),
        made("88", 4, 2, 1)
            .with(tags::PATIENT_NAME, "O'Neil-Schmuller^Amelie")
            .with(Tag(0x0018, 0x0015), "WRIST")
            .with(tags::ACCESSION_NUMBER, "MULLER"),
    ]
}

async fn find(catalog: &Catalog, text: &str) -> Anything {
    catalog.find_anything(text, TODAY, 5).await.unwrap()
}

fn people(found: &Anything) -> Vec<&str> {
    found.patients.iter().map(|patient| patient.patient_id.as_str()).collect()
}

fn exams(found: &Anything) -> Vec<&str> {
    found.exams.iter().map(|exam| exam.study.as_str()).collect()
}

async fn people_are_found_by_name_in_any_order_and_by_id(ledger: Ledger) {
    let catalog = catalog(ledger).await;
    indexed(&catalog, &ward()).await;
    for typed in ["Müller, Jörg", "jorg muller", "MUELLER^J", "MRN-100", "mrn-1"] {
        let found = find(&catalog, typed).await;
        let expected: &[&str] = if typed.starts_with("MUE") { &[] } else { &["MRN-100"] };
        assert_eq!(people(&found), expected, "{typed}");
    }
    let found = find(&catalog, "mrn-100").await;
    assert_eq!((found.patients[0].exams, found.patients[0].key.as_str()), (2, "1.2.1"));
    assert_eq!(people(&find(&catalog, "o'neil amelie").await), ["88"]);
}

async fn the_same_comes_before_a_beginning_and_that_before_a_piece(ledger: Ledger) {
    let catalog = catalog(ledger).await;
    indexed(&catalog, &ward()).await;
    let found = find(&catalog, "muller").await;
    assert_eq!(people(&found), ["MRN-100", "mr77", "88"]);
    // The accession number is the same, as two names are; a beginning is behind them.
    assert_eq!(exams(&found), ["1.2.2", "1.2.4", "1.2.1", "1.2.3"]);
}

async fn days_and_modalities_narrow_what_is_found(ledger: Ledger) {
    let catalog = catalog(ledger).await;
    indexed(&catalog, &ward()).await;
    for typed in ["today", "1 Mar 2026", "2026-03-01 muller", "ct today"] {
        assert_eq!(exams(&find(&catalog, typed).await), ["1.2.2"], "{typed}");
    }
    assert_eq!(find(&catalog, "today").await.days, Some((TODAY, TODAY)));
    assert!(find(&catalog, "").await.exams.is_empty());
}

async fn uids_lead_to_their_exam(ledger: Ledger) {
    let catalog = catalog(ledger).await;
    indexed(&catalog, &ward()).await;
    let places = find(&catalog, "1.2.3").await.places;
    assert_eq!((places[0].uid(), places[0].exam.study.as_str()), ("1.2.3", "1.2.3"));
    assert_eq!((places[1].uid(), places[2].uid()), ("1.2.3.1", "1.2.3.1.1"));
    assert_eq!(places[2].about, "MR · image 1 · Series 1");
    let places = find(&catalog, "1.2.3.1.1").await.places;
    assert_eq!(places[0].sop.as_deref(), Some("1.2.3.1.1"));
}

async fn exams_are_found_by_protocol_body_part_and_institution(ledger: Ledger) {
    let catalog = catalog(ledger).await;
    indexed(&catalog, &ward()).await;
    let found = find(&catalog, "knie inselspital").await;
    assert_eq!(found.by_value.len(), 1);
    let (one, exam) = (&found.by_value[0], &found.by_value[0].exam);
    assert_eq!((one.field, one.value.as_str(), exam.study.as_str()), ("Protocol", "Knie links T1", "1.2.3"));
    assert_eq!(find(&catalog, "wrist").await.by_value[0].exam.study, "1.2.4");
    assert!(find(&catalog, "wrist inselspital").await.by_value.is_empty());
    assert!(find(&catalog, "\" OR 1=1 -- %_").await.by_value.is_empty());
}

async fn attached_files_are_found_by_name_and_deleted_exams_are_not(ledger: Ledger) {
    let catalog = catalog(ledger).await;
    indexed(&catalog, &ward()).await;
    let file = json!({"id": "f1", "subject": "exam", "subjectId": "1.2.1", "fileName": "Befund Jörg.pdf"});
    let gone = event("events/d.json", 900_000, DELETED, &json!({"studyInstanceUid": "1.2.3"}));
    catalog.index(&[other(Kind::Attachment, "f1", 5, file), gone], None).await.unwrap();
    assert_eq!(find(&catalog, "befund jorg").await.attachments[0].id, "f1");
    let found = find(&catalog, "1.2.3").await;
    assert!(found.places.is_empty());
    assert_eq!(people(&find(&catalog, "jana").await), [""; 0]);
    assert!(find(&catalog, "inselspital").await.by_value.is_empty());
}

async fn a_patient_has_all_exams_and_every_way_they_name_it(ledger: Ledger) {
    let catalog = catalog(ledger).await;
    let born = Tag(0x0010, 0x0030);
    let other_issuer = made("MRN-100", 9, 1, 1).with(Tag(0x0010, 0x0021), "ELSEWHERE");
    let misnamed = made("MRN-100", 5, 1, 1).with(tags::PATIENT_NAME, "Muller^Jurgen").with(born, "19700101");
    indexed(&catalog, &ward()).await;
    indexed(&catalog, &[other_issuer, misnamed]).await;
    let of = async |uid: &str| catalog.patient_of(&StudyInstanceUid::parse(uid).unwrap()).await.unwrap();
    let patient = of("1.2.2").await.unwrap();
    assert_eq!(patient.summary.key, "1.2.1");
    let studies: Vec<_> = patient.exams.iter().map(|exam| exam.study.as_str()).collect();
    assert_eq!(studies.len(), 3);
    assert_eq!((studies[0], studies.contains(&"1.2.9")), ("1.2.2", false));
    let told: Vec<_> = patient.identities.iter().map(|one| (one.name.as_str(), one.exams.len())).collect();
    assert_eq!(told, [("Müller^Jörg", 2), ("Muller^Jurgen", 1)]);
    assert_eq!(patient.namesakes[0].issuer, "ELSEWHERE");
    assert!(of("1.2.99").await.is_none());
}

store::each_ledger!(
    people_are_found_by_name_in_any_order_and_by_id,
    the_same_comes_before_a_beginning_and_that_before_a_piece,
    days_and_modalities_narrow_what_is_found,
    uids_lead_to_their_exam,
    exams_are_found_by_protocol_body_part_and_institution,
    attached_files_are_found_by_name_and_deleted_exams_are_not,
    a_patient_has_all_exams_and_every_way_they_name_it,
);
