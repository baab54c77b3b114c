//! A CDM of synthetic patients: every row of every table is accounted for.

use crate::support::split;
use std::collections::HashMap;
use std::fs::File;
use std::path::PathBuf;
use tables::omop::{Omop, Table, table_of};

fn tables() -> Vec<(PathBuf, Table<'static>)> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared");
    let root = std::env::var_os("ISOCENTER_SHARED").map_or_else(|| beside.into(), PathBuf::from);
    let listed = std::fs::read_dir(root.join("data/omop/synthea27nj")).into_iter().flatten().flatten();
    let table = |path: PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let own = path.clone();
        (path, Table { name, open: Box::new(move || Ok(Box::new(File::open(&own)?))) })
    };
    let found: Vec<_> = listed.map(|entry| table(entry.path())).collect();
    if found.is_empty() {
        eprintln!("skipped: there is no ../shared/data/omop");
    }
    found
}

#[test]
fn every_row_of_every_table_is_read_kept_or_refused() {
    let found = tables();
    if found.is_empty() {
        return;
    }
    let mut expected = HashMap::new();
    for (path, table) in &found {
        let rows = csv::Reader::from_path(path).unwrap().records().count() as u64;
        expected.insert(table_of(&table.name).unwrap(), rows);
    }
    let mut omop = Omop::open(found.into_iter().map(|(_, table)| table).collect(), "http://cdm").unwrap();
    let (said, left) = split(omop.by_ref());
    let counts: HashMap<_, _> = omop.counts().iter().map(|one| (one.table.as_str(), one)).collect();
    for (table, rows) in &expected {
        let count = counts[table];
        assert_eq!((count.rows, count.read + count.kept + count.refused), (*rows, *rows), "{table}");
    }
    let refused: Vec<_> = left.iter().filter(|one| one.refused).collect();
    let read: u64 = counts.values().map(|one| one.read).sum();
    assert_eq!((said.len() as u64, refused.len()), (read, 0), "{:?}", refused.first());
    let of = |kind: &str| said.iter().filter(|(_, one)| one.kind == kind).count();
    assert_eq!((of("Encounter"), of("Condition"), of("Procedure")), (919 + 919, 229, 811));
    assert_eq!((of("Observation"), of("MedicationDispense"), of("Practitioner")), (5698 + 4008, 488, 67));
    assert_eq!(of("Patient"), 14 + 2);
}
