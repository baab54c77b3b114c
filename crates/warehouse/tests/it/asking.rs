//! Questions whose answers are plain.

use crate::filled::{Event, definition, event, exams, filled, patients};
use records::vocabulary::Vocabulary;
use serde_json::{Value, json};
use warehouse::rows::Cell;

/// Three patients: 1 has cancer, then a chest CT with a nodule of 9 mm, then another CT; 2 has the CT before the
/// diagnosis; 3 has a nodule of 5 mm and no second CT.
fn hospital() -> Vec<Event> {
    let ct = |patient, id, day| {
        event("exam", patient, id, day)
            .with("modalities", Cell::list(["CT", "SR"]))
            .with("body_part", "CHEST")
    };
    let nodule = |patient, id, day, exam, size: f64| {
        event("finding", patient, id, day)
            .of_exam(exam)
            .with("finding", "nodule")
            .with("kinds", Cell::list(["nodule", "lesion"]))
            .with("assertion", "present")
            .with("size", size)
    };
    let cancer = |patient, id, day| event("condition", patient, id, day).with("code", "C34.1");
    vec![
        cancer(1, 1, 100),
        ct(1, 11, 150),
        nodule(1, 1001, 150, 11, 9.0),
        ct(1, 12, 300),
        cancer(2, 2, 200),
        ct(2, 21, 150),
        nodule(2, 1002, 150, 21, 12.0),
        ct(2, 22, 400),
        cancer(3, 3, 100),
        ct(3, 31, 120),
        nodule(3, 1003, 120, 31, 5.0),
        event("exam", 3, 32, 130).with("modalities", Cell::list(["MR"])),
    ]
}

const PEOPLE: [(i64, &str); 4] = [(1, "female"), (2, "male"), (3, "female"), (4, "male")];

fn chest_ct(around: &Value) -> Value {
    json!({"of": "exam", "label": "ct", "tests": [{"field": "modalities", "anyOf": ["CT"]},
        {"field": "body_part", "anyOf": ["CHEST"]}], "around": around})
}

fn whole_question() -> Value {
    let nodule = json!({"of": "finding", "tests": [{"field": "kinds", "anyOf": ["nodule"]},
        {"field": "assertion", "anyOf": ["present"]}, {"field": "size", "min": 8}]});
    let follow =
        json!({"of": "exam", "label": "follow", "tests": [{"field": "modalities", "anyOf": ["CT"]}]});
    let ct = chest_ct(&json!([{"near": "sameExam", "has": nodule},
        {"near": {"days": {"from": 1, "to": 365}}, "has": follow}]));
    let cancer = json!({"of": "condition", "pick": "first", "tests": [{"field": "code", "startsWith": ["C34"]}],
        "around": [{"near": {"days": {"from": 0, "to": 90}}, "has": ct}]});
    json!({"language": 1, "patients": {"has": cancer}})
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scan_after_a_diagnosis_with_a_finding_and_a_second_scan() {
    let session = filled(&PEOPLE, &hospital()).await;
    let all = definition(whole_question());
    assert_eq!(patients(&session, &all).await, [1]);
    assert_eq!(exams(&session, &all).await, ["2.25.11", "2.25.12"]);
    let mut first = whole_question();
    first["exams"] = json!("ct");
    assert_eq!(exams(&session, &definition(first)).await, ["2.25.11"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_is_meant_where_nothing_is_asked() {
    let session = filled(&PEOPLE, &hospital()).await;
    let all = definition(json!({"language": 1, "patients": {"all": []}}));
    assert_eq!(patients(&session, &all).await, [1, 2, 3, 4]);
    assert_eq!(exams(&session, &all).await.len(), 6);
    let none = definition(json!({"language": 1, "patients": {"any": []}}));
    assert!(patients(&session, &none).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn groups_negation_and_sex() {
    let session = filled(&PEOPLE, &hospital()).await;
    let women = json!({"has": {"of": "patient", "tests": [{"field": "sex", "anyOf": ["female"]}]}});
    let mr = json!({"has": {"of": "exam", "tests": [{"field": "modalities", "anyOf": ["MR"]}]}});
    let asked = |patients: Value| definition(json!({"language": 1, "patients": patients}));
    assert_eq!(patients(&session, &asked(json!({"all": [women, {"not": mr}]}))).await, [1]);
    let men = json!({"not": women});
    assert_eq!(patients(&session, &asked(json!({"any": [men, mr]}))).await, [2, 3, 4]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_known_passes_only_the_other_way_round() {
    let session = filled(&PEOPLE, &hospital()).await;
    let body = |test: Value| {
        definition(json!({"language": 1, "patients": {"has": {"of": "exam", "tests": [test]}}}))
    };
    let chest = json!({"field": "body_part", "anyOf": ["CHEST"]});
    assert_eq!(patients(&session, &body(chest)).await, [1, 2, 3]);
    let not = json!({"field": "body_part", "anyOf": ["CHEST"], "not": true});
    assert_eq!(patients(&session, &body(not)).await, [3]);
    assert_eq!(patients(&session, &body(json!({"field": "body_part", "known": false}))).await, [3]);
}

#[tokio::test(flavor = "multi_thread")]
async fn so_many_and_the_nth() {
    let session = filled(&PEOPLE, &hospital()).await;
    let asked = |criterion: Value| definition(json!({"language": 1, "patients": {"has": criterion}}));
    let twice = json!({"of": "exam", "atLeast": 2, "tests": [{"field": "modalities", "anyOf": ["CT"]}]});
    assert_eq!(patients(&session, &asked(twice)).await, [1, 2]);
    let near = json!([{"near": {"days": {"from": 1, "to": 20}}, "has": {"of": "exam"}}]);
    let first = json!({"of": "exam", "pick": "first", "around": near});
    assert_eq!(patients(&session, &asked(first)).await, [3]);
    let last = json!({"of": "exam", "pick": "last", "around": near});
    assert!(patients(&session, &asked(last)).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_a_kind_between_two() {
    let mut events = hospital();
    events.push(event("procedure", 1, 77, 200).with("code", "0BTC0ZZ"));
    let session = filled(&PEOPLE, &events).await;
    let pair = |without: Value| {
        let mut around = json!({"near": {"days": {"from": 60, "to": 400}}, "has": {"of": "exam"}});
        if !without.is_null() {
            around["without"] = without;
        }
        definition(json!({"language": 1, "patients": {"has": {"of": "exam", "around": [around]}}}))
    };
    assert_eq!(patients(&session, &pair(Value::Null)).await, [1, 2]);
    assert_eq!(patients(&session, &pair(json!({"of": "procedure"}))).await, [2]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sample_is_the_same_every_time() {
    let people: Vec<(i64, &str)> = (1..200).map(|patient| (patient, "female")).collect();
    let session = filled(&people, &[]).await;
    let asked = |seed: u32| {
        definition(json!({"language": 1, "patients": {"all": []}, "sample": {"patients": 20, "seed": seed}}))
    };
    let one = patients(&session, &asked(1)).await;
    assert_eq!(one.len(), 20);
    assert_eq!(patients(&session, &asked(1)).await, one);
    assert_ne!(patients(&session, &asked(2)).await, one);
}

#[tokio::test(flavor = "multi_thread")]
async fn quotes_and_wildcards_are_only_letters() {
    let events = [
        event("exam", 1, 1, 1).with("description", "O'Neill 50%_\\ done"),
        event("exam", 2, 2, 1).with("description", "O'Neill 50x_ done"),
    ];
    let session = filled(&PEOPLE, &events).await;
    let asked = |test: Value| {
        definition(json!({"language": 1, "patients": {"has": {"of": "exam", "tests": [test]}}}))
    };
    for part in ["50%_\\", "o'neill 50%", "%_"] {
        assert_eq!(
            patients(&session, &asked(json!({"field": "description", "contains": part}))).await,
            [1],
            "{part}"
        );
    }
    let start = json!({"field": "description", "startsWith": ["O'Neill 50%"]});
    assert_eq!(patients(&session, &asked(start)).await, [1]);
    let exact = json!({"field": "description", "anyOf": ["' OR 1=1 --", "O'Neill 50x_ done"]});
    assert_eq!(patients(&session, &asked(exact)).await, [2]);
}

/// 1 is said to have ground glass a month after an exam; of 2 it is said in other words; of 3 both words, apart.
fn reported() -> Vec<Event> {
    let report = |patient, day, words: &'static str, findings: &[&'static str]| {
        event("report", patient, patient, day).with("words", words).with("findings", Cell::list(findings))
    };
    vec![
        event("exam", 1, 11, 10),
        report(1, 40, " no nodule _ ground glass _ lobe ", &["ground_glass", "nodule"]),
        report(2, 40, " hazy _ opacity ", &["ground_glass"]),
        report(3, 40, " ground _ glass nodules ", &[]),
        event("report", 4, 4, 40),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn words_and_phrases_of_reports_their_beginnings_and_synonyms() {
    let session = filled(&PEOPLE, &reported()).await;
    let asked = |mut test: Value| {
        test["field"] = "words".into();
        definition(json!({"language": 1, "patients": {"has": {"of": "report", "tests": [test]}}}))
    };
    let cases = [
        (json!({"says": ["Ground-Glass"]}), vec![1]),
        (json!({"says": ["glass"]}), vec![1, 3]),
        (json!({"says": ["ground glass", "hazy"]}), vec![1, 2]),
        (json!({"says": ["ground glass"], "orFindings": ["ground_glass"]}), vec![1, 2]),
        (json!({"orFindings": ["ground_glass"]}), vec![1, 2]),
        (json!({"says": ["nodule"]}), vec![1]),
        (json!({"says": ["nodul*"]}), vec![1, 3]),
        (json!({"says": ["glass nodul*"]}), vec![3]),
        (json!({"says": ["odule"]}), vec![]),
        (json!({"says": ["nodul*"], "not": true}), vec![2, 4]),
        (json!({"known": false}), vec![4]),
    ];
    for (test, wanted) in cases {
        assert_eq!(patients(&session, &asked(test.clone())).await, wanted, "{test}");
    }
    // In time, as every other criterion.
    let says = json!({"of": "report", "tests": [{"field": "words", "says": ["ground glass"]}]});
    let near = |to: i32| {
        definition(json!({"language": 1, "patients": {"has": {"of": "exam",
            "around": [{"near": {"days": {"from": 0, "to": to}}, "has": says}]}}}))
    };
    assert_eq!(patients(&session, &near(30)).await, [1]);
    assert!(patients(&session, &near(29)).await.is_empty());
}

#[test]
fn words_that_the_lexicon_has_not_are_refused_without_being_repeated() {
    let vocabulary = Vocabulary::of(&reading::Lexicon::builtin().expect("a lexicon"));
    let asked = |said: &str| {
        let has = json!({"of": "report", "tests": [{"field": "words", "says": ["nodule", said]}]});
        let near = json!([{"near": "anyTime", "has": has}]);
        definition(json!({"language": 1, "patients": {"all": [{"has": {"of": "exam", "around": near}}]}}))
    };
    assert_eq!(asked("ground glass").check_words(&vocabulary), Ok(()));
    for (said, word) in
        [("nodule Featherstonehaugh", "word 2"), ("4711", "word 1"), ("Feathersto*", "word 1")]
    {
        let text = asked(said).check_words(&vocabulary).expect_err("no word of the lexicon").to_string();
        assert!(text.starts_with("patients.all[0].has.around[0].has.tests[0].says[1]: "), "{text}");
        assert!(
            text.contains(word) && !text.to_lowercase().contains("feather") && !text.contains("4711"),
            "{text}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn attributes_of_a_series_by_keyword() {
    let attributes =
        |kvp: &str| Cell::Map(vec![("KVP".into(), kvp.into()), ("Exposure's".into(), "1".into())]);
    let events = [
        event("exam", 1, 1, 1),
        event("series", 1, 5, 1).of_exam(1).with("attributes", attributes("120")),
        event("series", 2, 6, 1).of_exam(2).with("attributes", attributes("80")),
    ];
    let session = filled(&PEOPLE, &events).await;
    let asked = |test: Value| {
        definition(json!({"language": 1, "patients": {"has": {"of": "series", "tests": [test]}}}))
    };
    assert_eq!(patients(&session, &asked(json!({"field": "attributes.KVP", "anyOf": ["120"]}))).await, [1]);
    assert_eq!(patients(&session, &asked(json!({"field": "attributes.KVP", "max": 100}))).await, [2]);
    assert_eq!(patients(&session, &asked(json!({"field": "attributes.KVP", "known": true}))).await, [1, 2]);
}

#[test]
fn mistakes_are_told_with_their_place() {
    let wrong = |json: Value| {
        let definition: warehouse::definition::Definition = serde_json::from_value(json).expect("readable");
        definition.check().expect_err("a mistake").to_string()
    };
    let asked = |criterion: Value| json!({"language": 1, "patients": {"all": [{"has": criterion}]}});
    assert!(wrong(json!({"language": 2, "patients": {"all": []}})).starts_with("language"));
    let text = wrong(asked(json!({"of": "exams"})));
    assert!(
        text.starts_with("patients.all[0].has: there is no table \"exams\"; there are patient, exam"),
        "{text}"
    );
    let text = wrong(asked(json!({"of": "exam", "tests": [{"field": "modality", "anyOf": ["CT"]}]})));
    assert!(text.contains("tests[0]") && text.contains("modalities"), "{text}");
    assert!(wrong(asked(json!({"of": "exam", "tests": [{"field": "age"}]}))).contains("tests nothing"));
    let text = wrong(asked(json!({"of": "exam", "tests": [{"field": "age", "min": "young"}]})));
    assert!(text.contains("a bound is a number"), "{text}");
    let text = wrong(asked(json!({"of": "report", "tests": [{"field": "title", "says": ["CT"]}]})));
    assert!(text.contains("for the words of a report"), "{text}");
    let words = |mut test: Value| {
        test["field"] = "words".into();
        wrong(asked(json!({"of": "report", "tests": [test]})))
    };
    assert!(words(json!({"contains": "nodule"})).contains("says, orFindings or known"));
    assert!(words(json!({"says": ["no*"]})).contains("at least 3 letters"));
    assert!(words(json!({"says": [" - "]})).contains("no word in it"));
    assert!(words(json!({"orFindings": ["%' OR 1"]})).contains("a key of the lexicon"));
    let days =
        json!({"of": "exam", "around": [{"near": {"days": {"from": 5, "to": 1}}, "has": {"of": "exam"}}]});
    assert!(wrong(asked(days)).contains("exchange"));
    assert!(
        serde_json::from_value::<warehouse::definition::Definition>(json!({"language": 1, "patient": {}}))
            .is_err()
    );
}
