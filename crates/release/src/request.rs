//! What somebody asks for.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A form in which data leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = ReleaseForm)]
pub enum Form {
    /// De-identified DICOM files.
    Dicom,
    /// Volumes as NIfTI, named by BIDS.
    Nifti,
    /// The facts as Parquet and CSV.
    Tables,
    /// The text of reports without what identifies people, and a table of them.
    Reports,
    /// Nothing is copied: the project's DICOMweb service shows the exams, statements (SQL) ask the facts.
    InPlace,
}

impl Form {
    /// Its word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Dicom => "dicom",
            Self::Nifti => "nifti",
            Self::Tables => "tables",
            Self::Reports => "reports",
            Self::InPlace => "in-place",
        }
    }
}

/// Somebody who is to receive the data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = ReleaseRecipient)]
pub struct Recipient {
    /// Their name.
    pub name: String,
    /// Their address; the name of their account here counts as one.
    pub email: String,
    /// Where they work.
    #[serde(default)]
    pub institution: String,
}

impl Recipient {
    /// Whether an account of this name is theirs.
    #[must_use]
    pub fn is(&self, account: &str) -> bool {
        self.email.eq_ignore_ascii_case(account) || self.name.eq_ignore_ascii_case(account)
    }
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReleaseRequest {
    /// The frozen cohort.
    pub frozen: String,
    /// The project in whose terms the data leaves.
    pub project: String,
    /// Its name for people.
    pub title: String,
    /// What the data is for.
    pub purpose: String,
    /// Who is to receive it.
    pub recipients: Vec<Recipient>,
    /// Whether who asks accepts the project's terms of use.
    pub terms: bool,
    /// The last day on which it can be received, as 2026-01-31.
    pub expires: String,
    /// What the ethics committee's vote is known by.
    #[serde(default)]
    pub ethics: String,
    /// The forms.
    pub forms: Vec<Form>,
}

/// The longest title, in characters.
const TITLE: usize = 200;
/// The longest text, in bytes.
const TEXT: usize = 20_000;
/// The most recipients.
const RECIPIENTS: usize = 100;

impl ReleaseRequest {
    /// Looks whether it makes sense on a day.
    ///
    /// # Errors
    /// What is wrong, with what to do.
    pub fn check(&self, today: &str) -> Result<(), String> {
        let told = |text: &str| !text.trim().is_empty();
        if !(1..=TITLE).contains(&self.title.trim().chars().count()) {
            return Err(format!("A release needs a title of 1 to {TITLE} characters."));
        }
        if !told(&self.purpose) || self.purpose.len() > TEXT || self.ethics.len() > TEXT {
            return Err(format!("Say what the data is for, in at most {TEXT} bytes."));
        }
        if !self.terms {
            return Err("Whoever asks accepts the project's terms of use: terms must be true.".into());
        }
        if !(1..=RECIPIENTS).contains(&self.recipients.len()) {
            return Err(format!("Name 1 to {RECIPIENTS} recipients."));
        }
        if !self.recipients.iter().all(|one| told(&one.name) && told(&one.email) && one.email.len() <= 320) {
            return Err("Each recipient needs a name and an e-mail address.".into());
        }
        if !is_day(&self.expires) || self.expires.as_str() < today {
            return Err("The last day is written as 2026-01-31 and is not in the past.".into());
        }
        if self.forms.is_empty() {
            return Err("Name at least one form: dicom, nifti, tables, reports or in-place.".into());
        }
        Ok(())
    }

    /// Whether a form is asked for.
    #[must_use]
    pub fn wants(&self, form: Form) -> bool {
        self.forms.contains(&form)
    }
}

fn is_day(text: &str) -> bool {
    text.len() == 10 && model::Timestamp::parse(&format!("{text}T00:00:00Z")).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn good() -> ReleaseRequest {
        let recipient =
            Recipient { name: "Rita".into(), email: "rita@uni.example".into(), institution: String::new() };
        ReleaseRequest {
            frozen: "0011".into(),
            project: "lung".into(),
            title: "Nodules".into(),
            purpose: "To learn".into(),
            recipients: vec![recipient],
            terms: true,
            expires: "2030-01-31".into(),
            ethics: String::new(),
            forms: vec![Form::Dicom],
        }
    }

    #[test]
    fn a_request_says_all_that_is_needed() {
        assert_eq!(good().check("2030-01-31"), Ok(()));
        for wrong in [
            ReleaseRequest { title: " ".into(), ..good() },
            ReleaseRequest { purpose: String::new(), ..good() },
            ReleaseRequest { recipients: Vec::new(), ..good() },
            ReleaseRequest { terms: false, ..good() },
            ReleaseRequest { expires: "31.1.2030".into(), ..good() },
            ReleaseRequest { expires: "2030-01-30".into(), ..good() },
            ReleaseRequest { forms: Vec::new(), ..good() },
        ] {
            assert!(wrong.check("2030-01-31").is_err(), "{wrong:?}");
        }
    }
}
