//! What every de-identified object says of itself (PS3.15 §E.1.1, PS3.3 §C.7.1.1, §C.12.1).

use crate::pixels::Searched;
use crate::policy::{Action, Policy};
use crate::table::ProfileOption;
use dicom::{Charset, DataSet, Element, Tag, Vr, tags};

pub(super) const STAMPED: &[Tag] = &[
    tags::PATIENT_IDENTITY_REMOVED,
    tags::DEIDENTIFICATION_METHOD,
    tags::DEIDENTIFICATION_METHOD_CODE_SEQUENCE,
    tags::LONGITUDINAL_TEMPORAL_INFORMATION_MODIFIED,
];

/// What a policy puts into every object, made once.
pub(super) struct Stamp {
    method: String,
    codes: Vec<DataSet>,
    codes_with_pixels: Vec<DataSet>,
    /// In ASCII, whatever the character set of the object.
    plain: [Element; 2],
}

impl Stamp {
    pub(super) fn new(policy: &Policy) -> Self {
        let digest = &policy.digest()[..16];
        let plain = |tag, text| Element::text(tag, Vr::CS, text, &Charset::DEFAULT);
        Self {
            method: format!("{}\\policy sha256 {digest}", short(&policy.label())),
            codes: codes(policy, false),
            codes_with_pixels: codes(policy, true),
            plain: [
                plain(tags::PATIENT_IDENTITY_REMOVED, "YES"),
                plain(tags::LONGITUDINAL_TEMPORAL_INFORMATION_MODIFIED, dates(policy)),
            ],
        }
    }

    /// Puts the method, its codes and the subject's code.
    pub(super) fn put(&self, clean: &mut DataSet, policy: &Policy, code: &str, pixels: &Searched) {
        for element in &self.plain {
            clean.insert(element.clone());
        }
        clean.put_text(tags::DEIDENTIFICATION_METHOD, &self.method);
        let is_searched = *pixels != Searched::No;
        let codes = if is_searched { &self.codes_with_pixels } else { &self.codes };
        clean.put_items(tags::DEIDENTIFICATION_METHOD_CODE_SEQUENCE, codes.clone());
        if is_searched {
            clean.put_text(tags::BURNED_IN_ANNOTATION, "NO");
        }
        for tag in [tags::PATIENT_NAME, tags::PATIENT_ID] {
            if !clean.contains(tag) && policy.rule(tag).action == Action::Code {
                clean.put_text(tag, code);
            }
        }
    }
}

/// At most 64 characters (PS3.5 §6.2, VR LO).
fn short(label: &str) -> String {
    label.chars().take(64).collect()
}

fn codes(policy: &Policy, searched: bool) -> Vec<DataSet> {
    let basic = ("113100", "Basic Application Confidentiality Profile");
    let options = policy.document().options.iter().map(|option| option.code());
    let pixels = searched.then_some(("113101", "Clean Pixel Data Option"));
    std::iter::once(basic).chain(pixels).chain(options).map(|(value, meaning)| item(value, meaning)).collect()
}

fn item(value: &str, meaning: &str) -> DataSet {
    let mut item = DataSet::new();
    item.put_text(tags::CODE_VALUE, value);
    item.put_text(tags::CODING_SCHEME_DESIGNATOR, "DCM");
    item.put_text(tags::CODE_MEANING, meaning);
    item
}

fn dates(policy: &Policy) -> &'static str {
    if policy.has(ProfileOption::RetainFullDates) {
        "UNMODIFIED"
    } else if policy.has(ProfileOption::RetainModifiedDates) {
        "MODIFIED"
    } else {
        "REMOVED"
    }
}
