//! The catalog's rows as files.

use crate::making::{catalog, indexed, made, other};
use dicom::tags;
use intake::Kind;
use serde_json::{Value, json};
use store::Ledger;

/// Every table is a file, its schema says which columns each row has, on every engine the same.
async fn tables_are_written_with_their_schema(ledger: Ledger) {
    let catalog = catalog(ledger).await;
    indexed(&catalog, &[made("100", 1, 1, 1).with(tags::PATIENT_NAME, "Müller^Jörg")]).await;
    let about = json!({ "id": "q1", "reason": "no-uids" });
    catalog.index(&[other(Kind::Quarantine, "quarantine/q", 5, about)], None).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let rows = catalog.dump(folder.path()).await.unwrap();
    let text = std::fs::read_to_string(folder.path().join("schema.json")).unwrap();
    let schema: Value = serde_json::from_str(&text).unwrap();
    let tables = schema["tables"].as_object().unwrap();
    let mut counted = 0;
    for (table, about) in tables {
        let names: Vec<_> =
            about["columns"].as_array().unwrap().iter().map(|column| &column["name"]).collect();
        let lines = std::fs::read_to_string(folder.path().join(format!("{table}.jsonl"))).unwrap();
        assert_eq!(about["rows"], lines.lines().count());
        for line in lines.lines() {
            let row: Value = serde_json::from_str(line).unwrap();
            let row = row.as_object().unwrap();
            assert!(
                row.len() == names.len() && names.iter().all(|name| row.contains_key(name.as_str().unwrap()))
            );
            counted += 1;
        }
    }
    assert_eq!(counted, rows);
    for table in ["patient", "study", "series", "instance", "fact", "exam_source", "quarantine"] {
        assert!(tables[table]["rows"].as_u64() > Some(0), "{table}");
    }
}

store::each_ledger!(tables_are_written_with_their_schema);
