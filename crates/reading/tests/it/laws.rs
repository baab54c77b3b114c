//! What holds of any text at all.

use crate::shared::reader;
use proptest::prelude::*;
use reading::{Reader, Reading, Span};
use std::sync::LazyLock;

static READER: LazyLock<Reader> = LazyLock::new(reader);

/// Parts of which reports are made, and parts that make trouble.
const PARTS: &[&str] = &[
    "FINDINGS:",
    "IMPRESSION:",
    "1.",
    "(2)",
    "-",
    "•",
    "\n",
    "\n\n",
    "\r\n",
    " ",
    "\t",
    "No",
    "no evidence of",
    "possible",
    "nodule",
    "nodules",
    "pleural effusion",
    "5",
    "mm",
    "x",
    "11x9mm",
    "3.2",
    ".",
    "..",
    ",",
    ";",
    ":",
    "?",
    "(",
    ")",
    "BI-RADS",
    "Lung-RADS",
    "4A",
    "TR5",
    "LR-5",
    "recommend",
    "CT",
    "in",
    "6-12",
    "months",
    "Dr.",
    "A.",
    "discussed with",
    "14:32",
    "previously",
    "from",
    "to",
    "left",
    "kidney",
    "history of",
    "mother",
    "unchanged",
    "é",
    "ß",
    "日本",
    "\u{a0}",
    "\u{200b}",
    "’s",
    "n't",
    "µm",
    "🫁",
    "½",
    "İ",
    "ŉ",
    "%",
    "<",
    "≥",
    "series",
    "image",
    "ratio",
    "heart",
    "is",
    "not",
    "enlarged",
    "normal",
    "L4-L5",
    "T2",
    "/",
    "**",
    "#",
    "\u{0}",
    "1,4",
    "1,200",
    "99999999999999999999",
    "1/2/2020",
    "addendum",
    "v2.1",
];

fn any_report() -> impl Strategy<Value = String> {
    let part = prop::sample::select(PARTS).prop_map(str::to_owned);
    let glue = prop::sample::select(&[" ", "", " ", "\n"][..]);
    prop::collection::vec((part, glue), 0..60)
        .prop_map(|all| all.into_iter().map(|(part, glue)| part + glue).collect())
}

fn spans(reading: &Reading) -> Vec<Span> {
    let mut all: Vec<Span> =
        reading.sections.iter().flat_map(|one| [Some(one.span), one.title]).flatten().collect();
    all.extend(reading.sentences.iter().map(|one| one.span));
    for finding in &reading.findings {
        all.push(finding.span);
        all.extend(finding.evidence.iter().map(|why| why.span));
    }
    for one in &reading.measurements {
        all.push(one.span);
        all.extend(one.prior.iter().map(|prior| prior.span));
    }
    all.extend(reading.categories.iter().map(|one| one.span));
    for one in &reading.recommendations {
        all.push(one.span);
        all.extend(one.interval.iter().map(|interval| interval.span));
    }
    for one in &reading.communications {
        all.extend([Some(one.span), one.to, one.time].into_iter().flatten());
    }
    all
}

fn holds(text: &str) {
    let reading = READER.read(text);
    for span in spans(&reading) {
        assert!(text.get(span.range()).is_some(), "{span:?} is no part of the text");
        assert!(
            span.start < span.end || text.is_empty() || reading.sections.iter().any(|one| one.span == span)
        );
    }
    for pair in reading.sentences.windows(2) {
        assert!(pair[0].span.end <= pair[1].span.start, "sentences overlap");
    }
    for finding in &reading.findings {
        let sentence = reading.sentences[finding.sentence].span;
        assert!(sentence.start <= finding.span.start && finding.span.end <= sentence.end);
        assert_eq!(&*finding.lexicon, READER.lexicon().version());
    }
    for one in &reading.measurements {
        assert!(one.finding.is_none_or(|number| number < reading.findings.len()));
        assert!((1..=3).contains(&one.values.len()) && one.values.iter().all(|value| value.is_finite()));
    }
    assert_eq!(READER.read(text), reading, "read twice, it is the same");
    let _summary = reading.summary();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn anything_made_of_reports_is_read(text in any_report()) {
        holds(&text);
    }

    #[test]
    fn any_text_is_read(text in "\\PC{0,200}") {
        holds(&text);
    }

    #[test]
    fn any_stretch_can_be_asked_for(text in any_report(), from in 0_usize..300, length in 0_usize..60) {
        let span = Span { start: from, end: from + length };
        if let Some(finding) = READER.assess(&text, span) {
            prop_assert!(text.get(finding.span.range()).is_some());
        }
    }
}

#[test]
fn sections_cover_the_text() {
    let text = "CT CHEST\nINDICATION: Cough.\nFINDINGS: Clear lungs.\nIMPRESSION: Normal.";
    let reading = READER.read(text);
    assert_eq!(reading.sections.first().map(|one| one.span.start), Some(0));
    assert_eq!(reading.sections.last().map(|one| one.span.end), Some(text.len()));
    assert!(reading.sections.windows(2).all(|pair| pair[0].span.end == pair[1].span.start));
}

#[test]
fn time_grows_with_length_not_faster() {
    // Not timed: counted by what one sentence of many thousand words gives.
    let long = "no effusion, ".repeat(4000);
    assert_eq!(READER.read(&long).findings.len(), 4000);
}
