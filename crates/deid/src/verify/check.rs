//! Whether one check holds.

use super::{Asked, Check, pixels};
use crate::ProjectKey;
use crate::dates::parse_date;
use bytes::Bytes;
use dicom::read::parse;
use dicom::{DataSet, ReadOptions, Tag, TransferSyntax, Value, Vr, open_file, tags};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// An output that was read.
struct Output {
    bytes: Bytes,
    data_set: DataSet,
    transfer_syntax: TransferSyntax,
}

pub(super) struct Scorer<'a> {
    key: &'a ProjectKey,
    outputs: HashMap<&'a str, Output>,
    /// Which patient an original belongs to.
    patients: HashMap<String, String>,
    /// By how many days dates of a patient moved.
    shifts: HashMap<String, BTreeSet<i32>>,
    /// What old UIDs and patient ids became.
    became: HashMap<(Asked, String), BTreeSet<String>>,
}

impl<'a> Scorer<'a> {
    pub(super) fn new(outputs: &'a BTreeMap<String, Bytes>, key: &'a ProjectKey) -> Self {
        let read = outputs.iter().filter_map(|(uid, bytes)| Some((uid.as_str(), Output::read(bytes)?)));
        Self {
            key,
            outputs: read.collect(),
            patients: HashMap::new(),
            shifts: HashMap::new(),
            became: HashMap::new(),
        }
    }

    /// Takes in what checks across files need.
    pub(super) fn learn(&mut self, check: &Check) {
        if check.path == "(0010,0020)" && !check.value.is_empty() {
            self.patients.insert(check.sop_instance.clone(), check.value.clone());
        }
        let Some(new) = self.output(check).and_then(|output| output.text(&check.path)) else { return };
        match check.action {
            Asked::DateShifted => {
                let patient = self.patient(check);
                if let Some(days) = days_between(&check.value, &new) {
                    self.shifts.entry(patient).or_default().insert(days);
                }
            }
            Asked::UidConsistent | Asked::PatientIdConsistent => {
                self.became.entry((check.action, check.value.clone())).or_default().insert(new);
            }
            _ => {}
        }
    }

    /// `None` if there is no output to look at.
    pub(super) fn holds(&self, check: &Check) -> Option<bool> {
        let output = self.output(check)?;
        let text = output.text(&check.path);
        let has = |needle: &str| text.as_deref().is_some_and(|text| contains(text, needle));
        Some(match check.action {
            Asked::TagRetained => output.find(&check.path).is_some(),
            Asked::TextNotNull => text.is_some_and(|text| !text.trim().is_empty()),
            Asked::TextRetained => has(&check.text),
            Asked::TextRemoved => !has(&check.text),
            Asked::DateShifted => !has(&check.value) && self.moved_together(check, text.as_deref()),
            Asked::UidChanged => !output.has_bytes(&check.value),
            Asked::UidConsistent | Asked::PatientIdConsistent => {
                let new = self.became.get(&(check.action, check.value.clone()));
                text.is_some_and(|text| !text.is_empty()) && new.is_some_and(|new| new.len() == 1)
            }
            Asked::PixelsHidden => pixels::hidden(&output.data_set, &output.transfer_syntax, &check.text),
            Asked::PixelsRetained => pixels::digest(&output.data_set) == check.text,
            Asked::Note => true,
        })
    }

    /// The output of an original; with retained UIDs it has its old one.
    fn output(&self, check: &Check) -> Option<&Output> {
        let new = self.key.uid(&check.sop_instance);
        self.outputs.get(new.as_str()).or_else(|| self.outputs.get(check.sop_instance.as_str()))
    }

    fn patient(&self, check: &Check) -> String {
        self.patients.get(&check.sop_instance).cloned().unwrap_or_default()
    }

    /// A date that is gone has not moved apart from the others.
    fn moved_together(&self, check: &Check, now: Option<&str>) -> bool {
        let one_shift = self.shifts.get(&self.patient(check)).is_none_or(|shifts| shifts.len() <= 1);
        one_shift || now.is_none_or(str::is_empty)
    }
}

impl Output {
    fn read(bytes: &Bytes) -> Option<Self> {
        let file = open_file(bytes).ok()?;
        let rest = bytes.slice(usize::try_from(file.data_set_at).ok()?..);
        let parsed = parse(&rest, &file.transfer_syntax, &ReadOptions::default()).ok()?;
        Some(Self { bytes: bytes.clone(), data_set: parsed.data_set, transfer_syntax: file.transfer_syntax })
    }

    fn text(&self, path: &str) -> Option<String> {
        let (set, tag) = self.find(path)?;
        set.text(tag).or_else(|| set.get(tag)?.value.bytes().map(|b| String::from_utf8_lossy(b).into_owned()))
    }

    fn find(&self, path: &str) -> Option<(&DataSet, Tag)> {
        let mut set = &self.data_set;
        let mut parts = path.split('.').peekable();
        while let Some(part) = parts.next() {
            let (tag, index) = part.split_once('[').map_or((part, None), |(tag, rest)| (tag, Some(rest)));
            let tag = crate::table::parse_tag(&tag.replace(['(', ')', ','], ""))?;
            set.get(tag)?;
            if parts.peek().is_none() {
                return Some((set, tag));
            }
            let index = index?.trim_end_matches(']').parse::<usize>().ok()?;
            let Some(Value::Items(items)) = set.get(tag).map(|element| &element.value) else { return None };
            set = items.get(index)?;
        }
        None
    }

    fn has_bytes(&self, needle: &str) -> bool {
        let pixels = self.data_set.get(tags::PIXEL_DATA).filter(|element| element.vr != Vr::UN);
        let pixels = pixels.and_then(|element| element.value.bytes()).map_or(0, Bytes::len);
        // What lies before pixels and what lies behind them; native pixels are numbers.
        let head = self.bytes.len().saturating_sub(pixels);
        memchr::memmem::find(&self.bytes[..head], needle.as_bytes()).is_some()
    }
}

fn contains(text: &str, needle: &str) -> bool {
    !needle.is_empty() && text.contains(needle)
}

fn days_between(before: &str, after: &str) -> Option<i32> {
    let date = |text: &str| parse_date(text.get(..8)?);
    date(before)?.until(date(after)?).ok().map(|span| span.get_days())
}
