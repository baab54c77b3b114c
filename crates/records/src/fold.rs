//! What holds, of all that was said about one record. Pure: the same statements in any order give the same.

use clinical::{OrderState, Told};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// One thing said about a record, as far as folding needs it.
#[derive(Debug, Clone)]
pub struct Word {
    /// Who said it: a sending application, a server. Each has its own whole account of a record.
    pub speaker: String,
    /// When, in microseconds.
    pub said_at: i64,
    /// Breaks ties: where it stands, in a way that doesn't depend on the order of arrival.
    pub place: (String, i64),
    /// How completely.
    pub told: Told,
    /// Of an order, where it stands.
    pub state: Option<OrderState>,
    /// The resource.
    pub content: Value,
}

/// What holds.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Folded {
    /// The resource.
    pub content: Value,
    /// Of an order, where it stands.
    pub state: Option<OrderState>,
}

/// Folds what was said. Later words win; a speaker's whole account replaces what that speaker said before; what
/// several speakers say is laid over each other, the latest on top.
#[must_use]
pub fn fold(mut words: Vec<Word>) -> Folded {
    words.sort_by(|a, b| (a.said_at, &a.place).cmp(&(b.said_at, &b.place)));
    let mut accounts = Accounts::default();
    for word in words {
        accounts.say(word);
    }
    accounts.folded()
}

/// What each speaker has said so far, word after word in the order they were said.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Accounts {
    /// By speaker: the place of their last word, and their account.
    of: BTreeMap<String, (usize, Map<String, Value>)>,
    state: Option<OrderState>,
    words: usize,
}

impl Accounts {
    /// Puts a word on top; it was said behind all that are in here.
    pub fn say(&mut self, word: Word) {
        self.state = advanced(self.state, word.state);
        let account = self.of.entry(word.speaker).or_default();
        account.0 = self.words;
        self.words += 1;
        let Value::Object(said) = word.content else { return };
        match word.told {
            Told::Whole => account.1 = said,
            Told::Change => lay_over(&mut account.1, said),
            Told::Added => add_behind(&mut account.1, said),
        }
    }

    /// What holds of them.
    #[must_use]
    pub fn folded(&self) -> Folded {
        let mut accounts: Vec<_> = self.of.values().collect();
        accounts.sort_by_key(|(last, _)| *last);
        let mut content = Map::new();
        for (_, account) in accounts {
            lay_over(&mut content, account.clone());
        }
        Folded { content: content.into(), state: self.state }
    }
}

/// An order goes forward; taken back it stays so until somebody speaks of it as going on.
fn advanced(before: Option<OrderState>, said: Option<OrderState>) -> Option<OrderState> {
    use OrderState::{Cancelled, Discontinued};
    match (before, said) {
        (before, None) => before,
        (Some(Cancelled | Discontinued) | None, said) | (_, said @ Some(Cancelled | Discontinued)) => said,
        (before, said) => before.max(said),
    }
}

fn lay_over(account: &mut Map<String, Value>, said: Map<String, Value>) {
    for (name, value) in said {
        match (account.get_mut(&name), value) {
            (_, Value::Null) => drop(account.shift_remove(&name)),
            (Some(Value::Array(known)), Value::Array(said)) if is_a_set(&name) => {
                let unknown: Vec<_> =
                    said.into_iter().filter(|one| !known.iter().any(|other| same(one, other))).collect();
                known.extend(unknown);
            }
            (_, value) => drop(account.insert(name, value)),
        }
    }
}

/// Lists that grow: nobody repeats all of them.
fn is_a_set(name: &str) -> bool {
    matches!(name, "identifier" | "basedOn" | "imagingStudy" | "link")
}

/// The same identifier or reference, whatever else is said of it.
fn same(one: &Value, other: &Value) -> bool {
    let core = |value: &Value| {
        let value = if value["identifier"].is_object() { &value["identifier"] } else { value };
        (value["system"].clone(), value["value"].clone(), value["type"]["coding"][0]["code"].clone())
    };
    one == other || (one["value"].is_string() || one["identifier"].is_object()) && core(one) == core(other)
}

/// Puts an addendum behind what is there.
fn add_behind(account: &mut Map<String, Value>, said: Map<String, Value>) {
    for (name, value) in said {
        match (account.get_mut(&name), value) {
            (Some(Value::Array(known)), Value::Array(said)) => known.extend(said),
            (Some(Value::String(known)), Value::String(said)) if name == "conclusion" => {
                known.push_str("\n\n");
                known.push_str(&said);
            }
            (_, value) => drop(account.insert(name, value)),
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn word(speaker: &str, at: i64, told: Told, content: Value) -> Word {
        Word { speaker: speaker.into(), said_at: at, place: (String::new(), at), told, state: None, content }
    }

    #[test]
    fn an_older_message_that_comes_late_changes_nothing_newer() {
        let new = word("RIS", 2, Told::Change, json!({"status": "final", "note": null}));
        let old = word("RIS", 1, Told::Change, json!({"status": "preliminary", "note": "x", "code": 1}));
        let folded = fold(vec![new, old]);
        assert_eq!(folded.content, json!({"status": "final", "code": 1}));
    }

    #[test]
    fn one_speakers_whole_account_leaves_anothers_alone() {
        let hl7 = word("RIS", 1, Told::Change, json!({"category": "CT", "status": "active"}));
        let fhir = word("EHR", 2, Told::Whole, json!({"status": "completed", "code": 1}));
        let later = word("EHR", 3, Told::Whole, json!({"status": "completed"}));
        let folded = fold(vec![fhir, later, hl7]);
        assert_eq!(folded.content, json!({"category": "CT", "status": "completed"}));
    }

    #[test]
    fn a_cancelled_order_stays_so_until_it_goes_on() {
        use OrderState::{Cancelled, Performed, Requested, Scheduled};
        let at =
            |states: &[OrderState]| states.iter().fold(None, |before, said| advanced(before, Some(*said)));
        assert_eq!(at(&[Requested, Performed, Scheduled]), Some(Performed));
        assert_eq!(at(&[Requested, Scheduled, Cancelled]), Some(Cancelled));
        assert_eq!(at(&[Cancelled, Requested]), Some(Requested));
    }

    #[test]
    fn an_addendum_stands_behind_the_report() {
        let report =
            word("RIS", 1, Told::Change, json!({"status": "final", "presentedForm": [1], "conclusion": "a"}));
        let more = word(
            "RIS",
            2,
            Told::Added,
            json!({"status": "appended", "presentedForm": [2], "conclusion": "b"}),
        );
        let folded = fold(vec![more, report]);
        assert_eq!(
            folded.content,
            json!({"status": "appended", "presentedForm": [1, 2], "conclusion": "a\n\nb"})
        );
    }

    proptest! {
        #[test]
        fn the_order_of_arrival_does_not_matter(seed in proptest::collection::vec((0..4i64, 0..3u8, 0..3u8), 1..8), turn in 0..8usize) {
            let words: Vec<_> = seed.iter().enumerate().map(|(i, (at, told, name))| {
                let told = [Told::Whole, Told::Change, Told::Added][*told as usize];
                let mut word = word(["a", "b", "c"][*name as usize], *at, told, json!({"x": i, "identifier": [{"value": i.to_string()}]}));
                word.place = (i.to_string(), 0);
                word
            }).collect();
            let mut turned = words.clone();
            turned.rotate_left(turn % words.len());
            prop_assert_eq!(fold(words.clone()), fold(turned));
            // Folded in parts, with what was kept in between written down, it is the same.
            let mut sorted = words.clone();
            sorted.sort_by(|a, b| (a.said_at, &a.place).cmp(&(b.said_at, &b.place)));
            let mut accounts = Accounts::default();
            for word in sorted {
                accounts.say(word);
                accounts = serde_json::from_str(&serde_json::to_string(&accounts).unwrap()).unwrap();
            }
            prop_assert_eq!(fold(words), accounts.folded());
        }
    }
}
