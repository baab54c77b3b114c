//! What holds for any input.

use crate::support::{omop, split};
use proptest::prelude::*;
use std::io::Cursor;
use tables::mapped::{Mapped, Mapping};
use tables::vcf::Vcf;

const PERSON: (&str, &str) = ("person.csv", "person_id,year_of_birth\n1,1970\n");

fn any_cell() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        (0..4).prop_map(|number: i32| number.to_string()),
        Just("2020-01-01".into()),
        Just("2020-01-01 10:00:00".into()),
        "[a-z,\"\n]{0,5}".prop_map(|text: String| format!("\"{}\"", text.replace('"', "\"\""))),
    ]
}

proptest! {
    /// Whatever stands in a table, each row is read or refused, once.
    #[test]
    fn rows_reconcile(rows in prop::collection::vec(prop::collection::vec(any_cell(), 4..6), 0..20)) {
        let text: String = rows.iter().map(|row| row.join(",") + "\n").collect();
        for (table, header) in [
            ("measurement.csv", "measurement_id,person_id,measurement_date,value_as_number,measurement_source_value\n"),
            ("visit_detail.csv", "visit_detail_id,person_id,visit_detail_start_date,visit_detail_end_date,visit_occurrence_id\n"),
        ] {
            let mut omop = omop(&[PERSON, (table, &format!("{header}{text}"))]);
            let (said, left) = split(omop.by_ref());
            let count = omop.counts().last().unwrap();
            prop_assert_eq!(count.rows, rows.len() as u64);
            prop_assert_eq!(count.read + count.refused, count.rows);
            prop_assert_eq!((said.len() as u64 - 1, left.len() as u64), (count.read, count.refused));
        }
    }

    /// Any bytes at all are read or refused.
    #[test]
    fn no_input_breaks_it(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let mapping = Mapping::parse("record = \"Condition\"\n[columns]\na = \"patient\"\n").unwrap();
        for start in ["a,b\n", ""] {
            let table = [start.as_bytes(), &bytes].concat();
            if let Ok(mapped) = Mapped::open(Box::new(Cursor::new(table)), &mapping, "s") {
                prop_assert!(mapped.count() < 500);
            }
        }
        let start = b"##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS\n";
        let file = [start.as_slice(), &bytes].concat();
        prop_assert!(Vcf::open(Box::new(Cursor::new(file)), "s").unwrap().count() < 500);
    }
}
