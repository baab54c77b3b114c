//! Each table, by its words.

use crate::support::{folder, omop, split};
use clinical::{Record, Told};
use serde_json::json;
use tables::omop::{Omop, table_of};

const PERSON: (&str, &str) = (
    "person.csv",
    "person_id,gender_concept_id,year_of_birth,month_of_birth,day_of_birth,person_source_value\n1,8532,1967,4,12,M1\n2,0,1970,,,\n",
);
const CONCEPT: (&str, &str) = (
    "CONCEPT.csv",
    "concept_id\tconcept_name\tvocabulary_id\tconcept_code\n10\tPneumonia\tSNOMED\t233604007\n11\tPneumonia, u.\tICD10CM\tJ18.9\n12\tmg/dL\tUCUM\tmg/dL\n13\tGlucose\tLOINC\t2345-7\n14\tPositive\tSNOMED\t10828004\n15\tRadiology Note\tLOINC\t18726-0\n",
);

fn one(table: (&str, &str)) -> Record {
    let (said, left) = split(omop(&[PERSON, CONCEPT, table]));
    assert!(left.iter().all(|one| !one.refused), "{left:?}");
    said.into_iter().find(|(place, _)| !place.starts_with("PERSON")).unwrap().1
}

#[test]
fn a_person() {
    let (said, _) = split(omop(&[PERSON]));
    let (place, first) = &said[0];
    assert_eq!((place.as_str(), first.keys[0].system.as_str()), ("PERSON:2", "http://cdm/PERSON"));
    assert_eq!((first.keys[1].value.as_str(), &first.patient), ("M1", &first.keys));
    assert_eq!(first.content["birthDate"], "1967-04-12");
    assert_eq!(first.content["gender"], "female");
    assert_eq!(
        (&said[1].1.content["birthDate"], &said[1].1.content["gender"]),
        (&json!("1970"), &json!("unknown"))
    );
}

#[test]
fn a_death_changes_the_patient_and_nothing_else_of_them() {
    let death = one(("death.csv", "person_id,death_date,death_datetime\n1,2020-01-02,\n"));
    assert_eq!((death.kind.as_str(), death.told), ("Patient", Told::Change));
    assert_eq!(death.content, json!({"resourceType": "Patient", "deceasedDateTime": "2020-01-02"}));
}

#[test]
fn a_condition_has_the_codes_of_the_standard_and_of_the_source() {
    let made = one((
        "condition_occurrence.csv",
        "condition_occurrence_id,person_id,condition_concept_id,condition_start_date,condition_end_date,visit_occurrence_id,condition_source_value,condition_source_concept_id\n7,1,10,2020-01-01,,5,J18.9,11\n",
    ));
    let codes: Vec<_> =
        made.content["code"]["coding"].as_array().unwrap().iter().map(|c| &c["code"]).collect();
    assert_eq!(codes, ["233604007", "J18.9"]);
    assert_eq!(made.content["code"]["coding"][1]["system"], "http://hl7.org/fhir/sid/icd-10-cm");
    assert_eq!(made.content["clinicalStatus"]["coding"][0]["code"], "active");
    assert_eq!(made.content["encounter"]["identifier"]["system"], "http://cdm/VISIT_OCCURRENCE");
    assert_eq!(
        (made.keys[0].system.as_str(), made.keys[0].value.as_str()),
        ("http://cdm/CONDITION_OCCURRENCE", "7")
    );
}

#[test]
fn a_measurement_has_its_unit_in_ucum() {
    let made = one((
        "measurement.csv",
        "measurement_id,person_id,measurement_concept_id,measurement_date,measurement_datetime,operator_concept_id,value_as_number,value_as_concept_id,unit_concept_id,range_low,range_high,unit_source_value\n1,1,13,2020-01-01,2020-01-01 08:30:00,4171756,48.10,0,12,40,,mg/dl\n",
    ));
    let quantity = json!({"value": 48.1, "unit": "mg/dl", "system": "http://unitsofmeasure.org", "code": "mg/dL", "comparator": "<"});
    assert_eq!(made.content["valueQuantity"], quantity);
    assert_eq!(made.content["effectiveDateTime"], "2020-01-01T08:30:00");
    assert_eq!(made.content["referenceRange"][0]["low"]["value"], 40);
    assert_eq!(made.content["code"]["coding"][0]["system"], "http://loinc.org");
}

#[test]
fn an_observation_says_a_concept_or_words() {
    let header = "observation_id,person_id,observation_concept_id,observation_date,value_as_number,value_as_string,value_as_concept_id\n";
    let coded = one(("observation.csv", &format!("{header}1,1,13,2020-01-01,,,14\n")));
    assert_eq!(coded.content["valueCodeableConcept"]["text"], "Positive");
    let words = one(("observation.csv", &format!("{header}1,1,999,2020-01-01,,yes,0\n")));
    assert_eq!(words.content["valueString"], "yes");
    assert_eq!(
        words.content["code"]["coding"][0],
        json!({"system": "https://fhir-terminology.ohdsi.org", "code": "999"})
    );
}

#[test]
fn drugs_are_what_their_type_says() {
    let of = |kind: u32| {
        one((
            "drug_exposure.csv",
            &format!(
                "drug_exposure_id,person_id,drug_concept_id,drug_exposure_start_date,drug_exposure_end_date,drug_type_concept_id,quantity,days_supply,drug_source_value\n1,1,10,2020-01-01,2020-01-15,{kind},0,14,X\n"
            ),
        ))
        .kind
    };
    let kinds = [32_838, 32_869, 32_818, 32_865].map(of);
    let expected =
        ["MedicationRequest", "MedicationDispense", "MedicationAdministration", "MedicationStatement"];
    assert_eq!(kinds, expected);
}

#[test]
fn a_radiology_note_is_a_report_and_others_are_documents() {
    let header = "note_id,person_id,note_date,note_class_concept_id,note_title,note_text\n";
    let report = one(("note.csv", &format!("{header}1,1,2020-01-01,15,CT,\"No nodule, none.\"\n")));
    assert_eq!(report.kind, "DiagnosticReport");
    assert_eq!(report.content["presentedForm"][0]["data"], "Tm8gbm9kdWxlLCBub25lLg==");
    let document = one(("note.csv", &format!("{header}1,1,2020-01-01,13,,x\n")));
    assert_eq!(document.kind, "DocumentReference");
}

#[test]
fn visits_images_specimens_and_devices() {
    let visit = one((
        "visit_occurrence.csv",
        "visit_occurrence_id,person_id,visit_concept_id,visit_start_date,visit_end_date\n5,1,9201,2020-01-01,2020-01-03\n",
    ));
    assert_eq!(visit.content["class"]["code"], "IMP");
    assert_eq!(visit.content["period"], json!({"start": "2020-01-01", "end": "2020-01-03"}));
    let image = one((
        "image_occurrence.csv",
        "image_occurrence_id,person_id,image_occurrence_date,image_study_UID,image_series_UID,wadors_uri\n1,1,2020-01-01,1.2.3,1.2.3.4,http://p/studies/1.2.3\n",
    ));
    assert_eq!(image.content["identifier"][1]["value"], "urn:oid:1.2.3");
    assert_eq!(image.keys.len(), 1);
    let specimen =
        one(("specimen.csv", "specimen_id,person_id,specimen_concept_id,specimen_date\n1,1,10,2020-01-01\n"));
    assert_eq!(specimen.content["collection"]["collectedDateTime"], "2020-01-01");
    let device = one((
        "device_exposure.csv",
        "device_exposure_id,person_id,device_concept_id,device_exposure_start_date\n1,1,10,2020-01-01\n",
    ));
    assert_eq!(device.content["device"], json!({"reference": "#device"}));
}

#[test]
fn bad_rows_are_refused_with_table_line_and_reason_and_others_go_on() {
    let table = "procedure_occurrence_id,person_id,procedure_concept_id,procedure_date\n\
        1,1,10,2020-01-01\n2,9,10,2020-01-01\n3,,10,2020-01-01\n4,1,10,2020-02-30\n1,1,10,2020-01-01\n5,1,10\nx,1,10,2020-01-01\n6,1,10,2020-01-01\n";
    let mut omop = omop(&[
        PERSON,
        ("Procedure_Occurrence.CSV", table),
        ("cost.csv", "cost_id\n1\n2\n"),
        ("x.csv", "a\n"),
    ]);
    let (said, left) = split(omop.by_ref());
    assert_eq!(said.len(), 2 + 2);
    let told: Vec<_> =
        left.iter().filter(|one| one.refused).map(|one| format!("{} {}", one.place, one.why)).collect();
    assert_eq!(
        told,
        [
            "PROCEDURE_OCCURRENCE:3 a person_id that PERSON hasn't",
            "PROCEDURE_OCCURRENCE:4 no person_id",
            "PROCEDURE_OCCURRENCE:5 a date that is none",
            "PROCEDURE_OCCURRENCE:6 a primary key that an earlier row has",
            "PROCEDURE_OCCURRENCE:7 it has more or fewer cells than the header",
            "PROCEDURE_OCCURRENCE:8 a primary key that is no integer",
        ]
    );
    let kept: Vec<_> = left.iter().filter(|one| !one.refused).map(|one| one.place.as_str()).collect();
    assert_eq!(kept, ["x.csv", "COST"]);
    let count = omop.counts().iter().find(|one| one.table == "PROCEDURE_OCCURRENCE").unwrap();
    assert_eq!((count.rows, count.read, count.kept, count.refused), (8, 2, 0, 6));
}

#[test]
fn a_folder_without_persons_is_refused_and_a_table_without_its_key_is_left() {
    assert!(Omop::open(folder(&[("note.csv", "note_id\n")]), "s").is_err());
    let (_, left) = split(omop(&[PERSON, ("note.csv", "note,person_id\n1,1\n"), ("drug_exposure.csv", "")]));
    assert_eq!(left.iter().filter(|one| one.refused).count(), 2, "{left:?}");
    assert_eq!(table_of("2024/Person.CSV"), Some("PERSON"));
    assert_eq!((table_of("person.zip"), table_of("people.csv")), (None, None));
}
