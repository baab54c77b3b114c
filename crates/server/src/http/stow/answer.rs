//! The Store Instances Response (PS3.18 §10.5.3, Annex I): what was stored, what was not, and why.

use super::batch::Told;
use crate::http::Problem;
use axum::{
    body::Body,
    http::{HeaderMap, StatusCode, header},
    response::Response,
};
use dicom::json::{BulkOptions, to_json};
use dicom::xml::to_xml;
use dicom::{DataSet, Tag, tags};
use govern::Resource;
use govern::audit::Entry;
use intake::{Identity, Outcome};
use model::StudyInstanceUid;
use std::collections::BTreeSet;

/// Other Failures Sequence (PS3.18 Table I.1-1).
const OTHER_FAILURES: Tag = Tag(0x0008, 0x119A);

/// Exams named in one audit entry; a request with more names these and their number.
const EXAMS_AUDITED: usize = 200;

/// How the answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Json,
    Xml,
}

impl Form {
    /// What the caller accepts; JSON where it does not say or both are as good (PS3.18 §8.7.4).
    pub(super) fn of(headers: &HeaderMap) -> Result<Self, Problem> {
        let accepted = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
        let accepted: Vec<_> = accepted.flat_map(|value| value.split(',')).collect();
        if accepted.is_empty() {
            return Ok(Self::Json);
        }
        let best = |names: &[&str]| accepted.iter().filter_map(|range| weight(range, names)).max();
        let json = best(&["application/dicom+json", "application/json", "application/*", "*/*"]);
        let xml = best(&["application/dicom+xml"]);
        match (json.unwrap_or(0), xml.unwrap_or(0)) {
            (0, 0) => Err(Problem::new(
                StatusCode::NOT_ACCEPTABLE,
                "not-acceptable",
                "The answer can be application/dicom+json or application/dicom+xml.",
            )),
            (json, xml) if xml > json => Ok(Self::Xml),
            _ => Ok(Self::Json),
        }
    }

    const fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/dicom+json",
            Self::Xml => "application/dicom+xml",
        }
    }

    fn write(self, data_set: &DataSet) -> String {
        match self {
            // One object, not an array of one: so the clients in use read it.
            Self::Json => to_json(data_set, &BulkOptions::INLINE),
            Self::Xml => to_xml(data_set, &BulkOptions::INLINE),
        }
    }
}

/// The weight of a media range in thousandths, if it names one of these types (RFC 9110 §12.4.2).
fn weight(range: &str, names: &[&str]) -> Option<u16> {
    let kind = intake::multipart::media_type(range);
    let kind = match kind.as_str() {
        "multipart/related" => intake::multipart::parameter(range, "type")?,
        _ => kind,
    };
    if !names.contains(&kind.as_str()) {
        return None;
    }
    let quality = intake::multipart::parameter(range, "q").and_then(|q| q.parse::<f32>().ok());
    Some((quality.unwrap_or(1.0).clamp(0.0, 1.0) * 1000.0) as u16)
}

/// What became of a request.
pub(super) struct Answer {
    told: Vec<Told>,
}

impl Answer {
    pub(super) const fn of(told: Vec<Told>) -> Self {
        Self { told }
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.told.is_empty()
    }

    /// 200 when all is well, 202 when something is to be read, 409 when nothing was stored,
    /// 507 when that is because the disk is full.
    pub(super) fn status(&self) -> StatusCode {
        let held = self.told.iter().filter(|told| matches!(told, Told::Held { .. })).count();
        let warned = self.told.iter().any(|told| matches!(told, Told::Held { warning: Some(_), .. }));
        let full = self.told.iter().any(|told| matches!(told, Told::Failed { full: true, .. }));
        match held {
            0 if full => StatusCode::INSUFFICIENT_STORAGE,
            0 => StatusCode::CONFLICT,
            held if held == self.told.len() && !warned => StatusCode::OK,
            _ => StatusCode::ACCEPTED,
        }
    }

    pub(super) fn respond(&self, form: Form, base: &str) -> Response {
        let mut response = Response::new(Body::from(form.write(&self.data_set(base))));
        *response.status_mut() = self.status();
        let media_type = header::HeaderValue::from_static(form.media_type());
        response.headers_mut().insert(header::CONTENT_TYPE, media_type);
        response
    }

    /// Adds what was done, without who was imaged.
    pub(super) fn audited(&self, entry: Entry) -> Entry {
        let studies = self.studies();
        let count =
            |wanted: fn(&Outcome) -> bool| self.identified().filter(|(outcome, ..)| wanted(outcome)).count();
        let entry = entry
            .with("stored", count(|outcome| matches!(outcome, Outcome::Stored(_))))
            .with("alreadyHeld", count(|outcome| matches!(outcome, Outcome::AlreadyHeld(_))))
            .with("conflicts", count(|outcome| matches!(outcome, Outcome::Conflict(_))))
            .with("failed", self.told.len() - self.identified().count())
            .with("exams", studies.len());
        let named = studies.into_iter().take(EXAMS_AUDITED);
        named.fold(entry, |entry, study| entry.of(&Resource::Exam(study)))
    }

    fn data_set(&self, base: &str) -> DataSet {
        let mut answer = DataSet::new();
        let studies = self.studies();
        if let (1, Some(study)) = (studies.len(), studies.first()) {
            answer.put_text(tags::RETRIEVE_URL, &format!("{base}/dicom-web/studies/{study}"));
        }
        let held = self.identified().map(|(_, identity, warning)| referenced(identity, warning, base));
        put_items(&mut answer, tags::REFERENCED_SOP_SEQUENCE, held.collect());
        let named = self.failures().filter_map(|(class, instance, reason)| {
            let (class, instance) = (class?, instance?);
            Some(failed(Some((class.as_str(), instance.as_str())), reason))
        });
        put_items(&mut answer, tags::FAILED_SOP_SEQUENCE, named.collect());
        let others = self.failures().filter(|(class, instance, _)| class.is_none() || instance.is_none());
        let others = others.map(|(.., reason)| failed(None, reason));
        put_items(&mut answer, OTHER_FAILURES, others.collect());
        answer
    }

    fn identified(&self) -> impl Iterator<Item = (&Outcome, &Identity, Option<u16>)> {
        self.told.iter().filter_map(|told| match told {
            Told::Held { outcome, warning } => {
                outcome.placed().map(|placed| (outcome, &placed.identity, *warning))
            }
            Told::Failed { .. } => None,
        })
    }

    fn failures(
        &self,
    ) -> impl Iterator<Item = (Option<&model::SopClassUid>, Option<&model::SopInstanceUid>, u16)> {
        self.told.iter().filter_map(|told| match told {
            Told::Failed { sop_class, instance, reason, .. } => {
                Some((sop_class.as_ref(), instance.as_ref(), *reason))
            }
            Told::Held { .. } => None,
        })
    }

    fn studies(&self) -> BTreeSet<StudyInstanceUid> {
        self.identified().map(|(_, identity, _)| identity.study.clone()).collect()
    }
}

fn put_items(answer: &mut DataSet, tag: Tag, items: Vec<DataSet>) {
    if !items.is_empty() {
        answer.put_items(tag, items);
    }
}

fn referenced(identity: &Identity, warning: Option<u16>, base: &str) -> DataSet {
    let Identity { study, series, instance, sop_class, .. } = identity;
    let mut item = DataSet::new();
    item.put_text(tags::REFERENCED_SOP_CLASS_UID, sop_class.as_str());
    item.put_text(tags::REFERENCED_SOP_INSTANCE_UID, instance.as_str());
    let url = format!("{base}/dicom-web/studies/{study}/series/{series}/instances/{instance}");
    item.put_text(tags::RETRIEVE_URL, &url);
    if let Some(warning) = warning {
        item.put_u16(tags::WARNING_REASON, warning);
    }
    item
}

fn failed(name: Option<(&str, &str)>, reason: u16) -> DataSet {
    let mut item = DataSet::new();
    if let Some((class, instance)) = name {
        item.put_text(tags::REFERENCED_SOP_CLASS_UID, class);
        item.put_text(tags::REFERENCED_SOP_INSTANCE_UID, instance);
    }
    item.put_u16(tags::FAILURE_REASON, reason);
    item
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn form(accept: &'static str) -> Option<Form> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, HeaderValue::from_static(accept));
        Form::of(&headers).ok()
    }

    #[test]
    fn the_answer_is_what_the_caller_accepts() {
        assert_eq!(Form::of(&HeaderMap::new()).ok(), Some(Form::Json));
        assert_eq!(form("*/*"), Some(Form::Json));
        assert_eq!(form("application/dicom+xml"), Some(Form::Xml));
        assert_eq!(form("application/dicom+xml;q=0.5, application/json"), Some(Form::Json));
        assert_eq!(form("application/dicom+json; q=0.1, application/dicom+xml"), Some(Form::Xml));
        assert_eq!(form("text/html"), None);
    }

    #[test]
    fn the_status_says_how_much_was_stored() {
        let failed = |full| Told::Failed { sop_class: None, instance: None, reason: 0xA700, full };
        assert_eq!(Answer::of(vec![failed(false)]).status(), StatusCode::CONFLICT);
        assert_eq!(Answer::of(vec![failed(true)]).status(), StatusCode::INSUFFICIENT_STORAGE);
    }
}
