//! What was read, as lines of JSON or as a table.

use super::input::Report;
use reading::{Finding, Reader, Reading, Span, Summary};
use serde::Serialize;
use std::io::Write as _;

/// How it is told.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Everything, a line of JSON each.
    Lines,
    /// What each report says in the end, a line of JSON each.
    Summary,
    /// A line with tabs for everything that was found.
    Table,
}

/// Writes what was read.
pub struct Output {
    pub form: Form,
}

/// A line of JSON.
#[derive(Serialize)]
struct Line<'a> {
    source: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<Summary>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reading: Option<Reading>,
    #[serde(skip_serializing_if = "Option::is_none")]
    concept: Option<&'a str>,
    /// What the text says of the concept; null where it is not in the text.
    #[serde(skip_serializing_if = "Option::is_none")]
    assessed: Option<Option<Finding>>,
}

impl Output {
    /// The first line of a table.
    pub fn header(&self) -> &'static str {
        match self.form {
            Form::Table => {
                "source\tline\tid\tkind\twhat\tvalue\tunit\tassertion\ttemporality\texperiencer\tlaterality\tlocation\tseverity\tsection\tstart\tend\twords\n"
            }
            _ => "",
        }
    }

    /// Reads a report and adds its lines.
    pub fn add(&self, reader: &Reader, report: &Report, out: &mut Vec<u8>) {
        if let Some(concept) = &report.concept {
            let assessed = place(&report.text, concept).and_then(|span| reader.assess(&report.text, span));
            match self.form {
                Form::Table => {
                    assessed
                        .iter()
                        .for_each(|finding| Row::of(report, "concept").finding(report, finding).write(out));
                }
                _ => Self::line(
                    &Line { concept: Some(concept), assessed: Some(assessed), ..line(report) },
                    out,
                ),
            }
            return;
        }
        let reading = reader.read(&report.text);
        match self.form {
            Form::Table => table(report, &reading, out),
            Form::Summary => Self::line(&Line { summary: Some(reading.summary()), ..line(report) }, out),
            Form::Lines => {
                let summary = Some(reading.summary());
                Self::line(&Line { summary, reading: Some(reading), ..line(report) }, out);
            }
        }
    }

    fn line(line: &Line<'_>, out: &mut Vec<u8>) {
        // Plain data into memory: neither can fail.
        let _ = serde_json::to_writer(&mut *out, line);
        out.push(b'\n');
    }
}

fn line(report: &Report) -> Line<'_> {
    Line {
        source: &report.source,
        line: report.line,
        id: report.id.as_deref(),
        summary: None,
        reading: None,
        concept: None,
        assessed: None,
    }
}

/// Where the words stand, spaces and capitals aside; where they stand in capitals before where they don't.
fn place(text: &str, words: &str) -> Option<Span> {
    let letters = |text: &str| -> Vec<(usize, char)> {
        text.char_indices().filter(|(_, letter)| !letter.is_whitespace()).collect()
    };
    let (text, words) = (letters(text), letters(words));
    let last = text.len().checked_sub(words.len()).filter(|_| !words.is_empty())?;
    let same = |at: usize, capitals: bool| {
        words.iter().zip(&text[at..]).all(|((_, word), (_, letter))| {
            if capitals { word.to_ascii_uppercase() == *letter } else { word.eq_ignore_ascii_case(letter) }
        })
    };
    let at = (0..=last).find(|at| same(*at, true)).or_else(|| (0..=last).find(|at| same(*at, false)))?;
    let (end, letter) = text[at + words.len() - 1];
    Some(Span { start: text[at].0, end: end + letter.len_utf8() })
}

/// A line of the table.
#[derive(Default)]
struct Row([String; 17]);

impl Row {
    fn of(report: &Report, kind: &str) -> Self {
        let mut row = Self::default();
        row.0[0] = report.source.to_string();
        row.0[1] = report.line.map(|line| line.to_string()).unwrap_or_default();
        row.0[2] = report.id.clone().unwrap_or_default();
        row.0[3] = kind.to_owned();
        row
    }

    fn set(mut self, column: usize, value: impl Into<String>) -> Self {
        self.0[column] = value.into();
        self
    }

    /// A value by the name it has in JSON.
    fn named(self, column: usize, value: &impl Serialize) -> Self {
        let value = serde_json::to_value(value).unwrap_or_default();
        self.set(column, value.as_str().unwrap_or_default())
    }

    fn span(self, report: &Report, span: Span) -> Self {
        let words = span.of(&report.text).split_whitespace().collect::<Vec<_>>().join(" ");
        self.set(14, span.start.to_string()).set(15, span.end.to_string()).set(16, words)
    }

    fn finding(self, report: &Report, finding: &Finding) -> Self {
        self.set(4, &*finding.finding)
            .named(7, &finding.assertion)
            .named(8, &finding.temporality)
            .named(9, &finding.experiencer)
            .named(10, &finding.laterality)
            .set(11, finding.location.join(" "))
            .named(12, &finding.severity)
            .named(13, &finding.section)
            .span(report, finding.span)
    }

    fn write(&self, out: &mut Vec<u8>) {
        let plain = |cell: &String| cell.replace(['\t', '\n', '\r'], " ");
        let cells: Vec<String> = self.0.iter().map(plain).collect();
        let _ = writeln!(out, "{}", cells.join("\t"));
    }
}

fn table(report: &Report, reading: &Reading, out: &mut Vec<u8>) {
    reading
        .findings
        .iter()
        .for_each(|finding| Row::of(report, "finding").finding(report, finding).write(out));
    for measured in &reading.measurements {
        let values: Vec<String> = measured.values.iter().map(ToString::to_string).collect();
        Row::of(report, "measurement")
            .set(4, measured.subject.as_deref().unwrap_or_default())
            .set(5, values.join(if measured.range { "-" } else { " x " }))
            .set(6, &*measured.unit)
            .named(10, &measured.laterality)
            .set(11, measured.location.join(" "))
            .named(13, &measured.section)
            .span(report, measured.span)
            .write(out);
    }
    for category in &reading.categories {
        let row = Row::of(report, "category").set(4, &*category.system).set(5, &*category.value);
        row.span(report, category.span).write(out);
    }
    for asked in &reading.recommendations {
        let interval = asked.interval.as_ref().map(|interval| interval.text.clone());
        let what = if asked.none_needed { Some("none needed".to_owned()) } else { asked.test.clone() };
        let row = Row::of(report, "recommendation").set(4, what.unwrap_or_default());
        row.set(5, interval.unwrap_or_default()).span(report, asked.span).write(out);
    }
    for told in &reading.communications {
        let row = Row::of(report, "communication").set(4, if told.critical { "critical" } else { "told" });
        row.span(report, told.span).write(out);
    }
}
