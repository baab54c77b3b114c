//! Reports that others labelled.

use crate::score::Board;
use crate::shared::{reader, sample};
use reading::Assertion;

/// Labels of the `CheXpert` labeler by the findings that are meant.
const CHEXPERT: &[(&str, &str)] = &[
    ("Cardiomegaly", "cardiomegaly"),
    ("Lung Opacity", "lung_opacity"),
    ("Edema", "edema"),
    ("Consolidation", "consolidation"),
    ("Pneumonia", "pneumonia"),
    ("Atelectasis", "atelectasis"),
    ("Pneumothorax", "pneumothorax"),
    ("Pleural Effusion", "pleural_effusion"),
    ("Fracture", "fracture"),
];

/// Rows of a table with quotes.
fn rows(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    for c in text.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(std::mem::take(&mut cell)),
            '\n' if !quoted => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            _ => cell.push(c),
        }
    }
    rows
}

#[test]
fn chexpert_samples_are_read_as_its_authors_label_them() {
    let Some(text) = sample("nlp/chexpert-labeler/labeled_reports.csv") else { return };
    let (rows, reader, mut board) = (rows(&text), reader(), Board::default());
    for row in &rows[1..] {
        let summary = reader.read(&row[0]).summary();
        for (label, finding) in CHEXPERT {
            let column = rows[0].iter().position(|name| name == label).expect("the label is there");
            let expected = match row[column].as_str() {
                "1.0" => Assertion::Present,
                "0.0" => Assertion::Absent,
                "-1.0" => Assertion::Possible,
                _ => continue,
            };
            let read = summary.findings.get(*finding).map(|conclusion| conclusion.assertion);
            board.compare(label, &row[0], Some(&expected), read.as_ref());
        }
    }
    println!("{}", board.table());
    assert!(board.faults.is_empty(), "{:#?}", board.faults);
}
