//! The wall's free text against texts with labels from elsewhere: how much of each class of identifier is gone, and how
//! many of the other words stay. People the wall knows of are named to it as it would learn them from the record;
//! others it has never heard of.
#![expect(clippy::print_stdout, reason = "figures are what it is for")]

use deid::policy::ready;
use deid::{Document, Known, ProjectKey, Wall};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// A text, and its identifiers by class.
struct Note {
    text: String,
    marked: Vec<(String, String)>,
}

#[derive(Default)]
struct Count {
    gone: u32,
    all: u32,
}

fn wall() -> Wall {
    let policy =
        ready::policy("public-sharing").and_then(Document::compile).expect("the ready policy is sound");
    Wall::new(policy, ProjectKey::from_bytes(&[7; 32]))
}

/// Which labels name the people a record knows.
fn is_of_person(class: &str) -> bool {
    class == "PERSON"
}

fn score(notes: &[Note], knows: bool) -> (BTreeMap<String, Count>, f64) {
    let (wall, mut counts) = (wall(), BTreeMap::<String, Count>::new());
    let (mut kept, mut plain) = (0_u32, 0_u32);
    for note in notes {
        let mut known = Known::default();
        let people = note.marked.iter().filter(|(class, _)| knows && is_of_person(class));
        people.for_each(|(_, name)| known.add_name(name));
        let clean = wall.narrative(&note.text, &known, "S-1");
        for (class, value) in &note.marked {
            let count = counts.entry(class.clone()).or_default();
            count.all += 1;
            count.gone += u32::from(!clean.contains(value.as_str()));
        }
        let identifying = |word: &str| note.marked.iter().any(|(_, value)| value.contains(word));
        for word in note.text.split_whitespace().filter(|word| !identifying(word)) {
            plain += 1;
            kept += u32::from(clean.contains(word));
        }
    }
    (counts, f64::from(kept) / f64::from(plain.max(1)))
}

fn told(name: &str, notes: &[Note]) -> f64 {
    for knows in [true, false] {
        let (counts, kept) = score(notes, knows);
        println!(
            "{name}, people {}: {:.3} of other words stay",
            if knows { "known" } else { "unknown" },
            kept
        );
        for (class, count) in &counts {
            let share = f64::from(count.gone) / f64::from(count.all);
            println!("  {class:20} {:4} of {:4} gone ({share:.3})", count.gone, count.all);
        }
    }
    let (counts, _) = score(notes, true);
    let people = counts.iter().filter(|(class, _)| is_of_person(class));
    let (gone, all) = people.fold((0, 0), |sum, (_, count)| (sum.0 + count.gone, sum.1 + count.all));
    f64::from(gone) / f64::from(all.max(1))
}

/// A file of the sample data, if it is here.
fn shared(path: &str) -> Option<String> {
    let root = std::env::var_os("ISOCENTER_SHARED").map(PathBuf::from);
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let text = std::fs::read_to_string(root.unwrap_or(beside).join("data").join(path)).ok();
    if text.is_none() {
        eprintln!("skipped: there is no ../shared/data/{path}");
    }
    text
}

#[test]
fn invented_sentences_lose_the_people_that_are_known() {
    let Some(text) = shared("deid-text/presidio_synth.jsonl") else { return };
    let notes: Vec<Note> = text
        .lines()
        .map(|line| {
            let note: Value = serde_json::from_str(line).expect("a line is JSON");
            let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            let spans = note["spans"].as_array().into_iter().flatten();
            let marked = spans.map(|span| (word(&span["entity_type"]), word(&span["entity_value"])));
            Note { text: word(&note["full_text"]), marked: marked.collect() }
        })
        .collect();
    let people = told("sentences", &notes);
    assert!(people >= 0.98, "{people:.3} of the known people are gone");
}
