//! Tables with a mapping.

use crate::support::split;
use clinical::{Left, Record};
use serde_json::json;
use tables::mapped::{Mapped, Mapping};

const LABS: &str = r#"
record = "Observation"
system = "https://lab.example"
charset = "windows-1252"
decimal = ","
dates = ["%d.%m.%Y %H:%M", "%d.%m.%Y"]

[columns]
PatNr = { role = "patient", system = "urn:oid:1.2.3" }
Nr = "key"
Test = { role = "code", system = "http://loinc.org" }
Bezeichnung = "display"
Wert = "value"
Einheit = "unit"
Zeit = "date"
Befund = { role = "status", values = { E = "final", V = "preliminary" } }
"#;

fn read(mapping: &str, table: &[u8]) -> (Vec<(String, Record)>, Vec<Left>) {
    let mapping = Mapping::parse(mapping).unwrap();
    split(Mapped::open(Box::new(std::io::Cursor::new(table.to_vec())), &mapping, "http://s").unwrap())
}

fn why(mapping: &str, table: &str) -> String {
    let made = Mapping::parse(mapping).and_then(|mapping| {
        Mapped::open(Box::new(std::io::Cursor::new(table.to_owned())), &mapping, "s").map(drop)
    });
    made.map_or_else(|error| error.to_string(), |()| "read".into())
}

#[test]
fn a_laboratorys_table() {
    let table = b"PatNr;Nr;Test;Bezeichnung;Wert;Einheit;Zeit;Befund;Ort\n\
        7;1;2345-7;Glukose n\xFCchtern;1.048,5;mg/dL;29.02.2024 08:30;E;A\n\
        7;2;2345-7;Glukose;<0,5;mg/dL;01.03.2024;V;A\n\
        7;3;2345-7;Glukose;positiv;;1.3.24 x;E;A\n";
    let (said, left) = read(LABS, table);
    let first = &said[0].1;
    assert_eq!(first.content["valueQuantity"]["value"], json!(1048.5));
    assert_eq!(first.content["effectiveDateTime"], "2024-02-29T08:30:00");
    assert_eq!(first.content["code"]["text"], "Glukose nüchtern");
    assert_eq!((first.patient[0].system.as_str(), first.patient[0].value.as_str()), ("urn:oid:1.2.3", "7"));
    assert_eq!(
        (first.keys[0].system.as_str(), first.keys[0].value.as_str()),
        ("https://lab.example/Observation", "1")
    );
    let second = &said[1].1.content;
    assert_eq!(
        (&second["valueQuantity"]["comparator"], &second["status"]),
        (&json!("<"), &json!("preliminary"))
    );
    assert_eq!(left[0].why, "columns without a role: Ort");
    assert_eq!((left[1].place.as_str(), left[1].refused), ("line 4", true));
    assert!(!left[1].why.contains("1.3.24"), "an error tells no value");
}

#[test]
fn mistakes_are_named_with_a_hint() {
    let labs = LABS.replace("PatNr", "paient_id");
    let table = "patient_id;Nr;Test;Bezeichnung;Wert;Einheit;Zeit;Befund\n";
    assert_eq!(
        why(&labs, table),
        "unknown column `paient_id`: the table has none of this name; did you mean `patient_id`?"
    );
    assert!(why(&LABS.replace("Observation", "Observaton"), "").ends_with("did you mean `Observation`?"));
    assert!(why(&LABS.replace("\"patient\"", "\"note\""), "").contains("none has the role `patient`"));
    assert!(why(&LABS.replace("\"unit\"", "\"units\""), "").contains("Einheit = \"units\""));
    assert!(why(&LABS.replace("decimal", "decmal"), "").contains("decmal"));
    assert!(why(&LABS.replace("windows-1252", "latin-99"), "a\n").contains("latin-99"));
}

#[test]
fn patients_reports_orders_and_drugs() {
    let (said, left) = read(
        "record = \"Patient\"\n[columns]\nid = \"patient\"\nauth = \"authority\"\nlast = \"family\"\nfirst = \"given\"\nborn = { role = \"birth\", format = \"%m/%d/%Y\" }\nsex = \"gender\"\n",
        b"id,auth,last,first,born,sex\n1,A,Doe,Jane Q,04/12/1967,F\n2,A,Doe,Jo,,x\n",
    );
    let patient = &said[0].1.content;
    assert_eq!(patient["name"], json!([{"family": "Doe", "given": ["Jane", "Q"]}]));
    assert_eq!((&patient["birthDate"], &patient["gender"]), (&json!("1967-04-12"), &json!("female")));
    assert_eq!((said[0].1.keys[0].system.as_str(), left.len()), ("A", 1));
    let (said, left) = read(
        "record = \"DiagnosticReport\"\n[columns]\nmrn = \"patient\"\nacc = \"accession\"\ndate = \"date\"\ntext = \"text\"\n",
        b"mrn\tacc\tdate\ttext\n1\tA9\t2024-01-01\tNo nodule.\n1\tA10\t2024-01-01\t\n",
    );
    let report = &said[0].1;
    assert_eq!(report.content["presentedForm"][0]["data"], "Tm8gbm9kdWxlLg==");
    assert_eq!(report.keys[0].value, "http://s|1|2024-01-01||A9|");
    assert!(report.content["identifier"][1]["type"]["coding"][0]["code"] == "ACSN");
    assert_eq!(left[0].why, "a report without text");
    let (said, _) = read(
        "record = \"ServiceRequest\"\n[columns]\nmrn = \"patient\"\norder = \"order\"\nexam = \"display\"\n",
        b"mrn|order|exam\n1|PO1|CT\n",
    );
    assert_eq!(said[0].1.keys[1].kind.as_deref(), Some("PLAC"));
    let (said, _) = read(
        "record = \"MedicationStatement\"\n[columns]\nmrn = \"patient\"\ndrug = \"display\"\ndose = \"value\"\nunit = \"unit\"\nfrom = \"date\"\nto = \"end\"\n",
        b"mrn,drug,dose,unit,from,to\n1,aspirin,100,mg,2024,2025\n",
    );
    assert_eq!(said[0].1.content["dosage"][0]["text"], "100 mg");
    assert_eq!(said[0].1.content["effectivePeriod"], json!({"start": "2024", "end": "2025"}));
}

#[test]
fn the_example_of_the_documentation_is_read() {
    let page = include_str!("../../../../docs/RECORDS.md");
    let block = |kind: &str| {
        let (_, rest) = page.split_once(&format!("```{kind}\n")).unwrap();
        rest.split_once("```").unwrap().0
    };
    let (said, left) = read(block("toml"), block("csv").as_bytes());
    assert_eq!((said.len(), left.iter().filter(|one| one.refused).count()), (2, 0), "{left:?}");
}
