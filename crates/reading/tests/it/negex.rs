//! The NegEx kit: sentences of clinical notes with a marked concept, labelled by people. Its notes have odd numbers.
//! What goes wrong is looked at in one half of the notes only.

use crate::score::{Board, Count, bootstrap_f1};
use crate::shared::{reader, sample};
use reading::{Assertion, Reader, Span, Temporality};

/// A labelled concept.
struct Row {
    note: u32,
    concept: String,
    sentence: String,
    negated: bool,
    historical: bool,
    family: bool,
}

fn rows() -> Option<Vec<Row>> {
    let text = sample("nlp/negex/context.tsv")?;
    let row = |line: &str| {
        let mut cells = line.split('\t').skip(1).map(str::to_owned);
        let mut next = || cells.next().expect("a row has seven cells");
        let (note, concept, sentence) = (next(), next(), next());
        let (negation, time, experiencer) = (next(), next(), next());
        Row {
            note: note.parse().expect("a note has a number"),
            concept,
            sentence,
            negated: negation == "Negated",
            historical: time == "Historical",
            family: experiencer == "Other",
        }
    };
    Some(text.lines().skip(1).map(row).collect())
}

/// The concept is written in capitals in its sentence, spaces aside. Where it stands several times, the first in
/// capitals is meant.
fn place(row: &Row) -> Option<Span> {
    let letters = |text: &str| -> Vec<(usize, char)> {
        text.char_indices().filter(|(_, c)| !c.is_whitespace()).collect()
    };
    let sentence = letters(&row.sentence);
    let concept: Vec<char> = letters(&row.concept).into_iter().map(|(_, c)| c).collect();
    let same = |at: &usize, exact: bool| {
        concept
            .iter()
            .zip(&sentence[*at..])
            .all(|(c, (_, s))| if exact { c.to_ascii_uppercase() == *s } else { c.eq_ignore_ascii_case(s) })
    };
    let starts = || 0..(sentence.len() + 1).saturating_sub(concept.len());
    let at = starts().find(|at| same(at, true)).or_else(|| starts().find(|at| same(at, false)))?;
    let (last, c) = sentence[at + concept.len() - 1];
    Some(Span { start: sentence[at].0, end: last + c.len_utf8() })
}

/// What a system says of one thing, as a case for the bootstrap.
fn case(expected: bool, read: bool) -> Count {
    Count {
        right: u32::from(expected && read),
        wrong: u32::from(!expected && read),
        missed: u32::from(expected && !read),
    }
}

fn score(reader: &Reader, rows: &[&Row], name: &str) -> (f64, f64) {
    let mut board = Board::default();
    let mut cases = [Vec::new(), Vec::new()];
    for row in rows {
        // Four concepts run over the end of their sentence: what is left of them is the sentence.
        let span = place(row).unwrap_or(Span { start: 0, end: row.sentence.len() });
        let read = reader.assess(&row.sentence, span).expect("the concept has a word");
        let (negated, historical) =
            (read.assertion == Assertion::Absent, read.temporality == Temporality::Historical);
        for (class, expected, read) in [
            ("negated", row.negated, negated),
            ("historical", row.historical, historical),
            ("not the patient's", row.family, read.experiencer != reading::Experiencer::Patient),
        ] {
            let whence = format!("{} [{}] {}", row.note, row.concept, row.sentence);
            board.compare(class, &whence, Some(&true).filter(|_| expected), Some(&true).filter(|_| read));
        }
        cases[0].push(case(row.negated, negated));
        cases[1].push(case(row.historical, historical));
    }
    println!("NegEx kit, {name}: {} concepts\n{}", rows.len(), board.table());
    for (class, cases) in ["negated", "historical"].iter().zip(&cases) {
        let (low, high) = bootstrap_f1(cases);
        println!("{class:12} F1 {:.3} ({low:.3}-{high:.3})", board.get(class).f1());
    }
    if std::env::var("FAULTS").is_ok_and(|half| half == name) {
        board.faults.iter().for_each(|fault| println!("  {fault}"));
    }
    (board.get("negated").f1(), board.get("historical").f1())
}

#[test]
fn negation_and_history_reach_their_targets() {
    let Some(rows) = rows() else { return };
    let reader = reader();
    let (seen, other): (Vec<&Row>, Vec<&Row>) = rows.iter().partition(|row| row.note % 4 == 1);
    score(&reader, &seen, "seen");
    score(&reader, &other, "held out");
    let all: Vec<&Row> = rows.iter().collect();
    let (negated, historical) = score(&reader, &all, "whole");
    assert!(negated >= 0.96, "negation F1 {negated:.3}");
    assert!(historical >= 0.75, "historical F1 {historical:.3}");
}
