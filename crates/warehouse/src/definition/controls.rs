//! Controls in a definition: of whom, how many, and what they have in common with their case.

use super::{Check, Condition, Definition, Wrong, wrong};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Controls of one case at most.
const MOST: u32 = 20;
/// Widest difference, in years.
const WIDEST: u32 = 20;

/// People to compare the patients with. A case is compared by its first exam that is meant; a control by one of those
/// that are meant of it. Nobody is a control twice, and no case is one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Controls {
    /// Who may be one.
    #[schema(no_recursion)]
    pub patients: Condition,
    /// The label of the criteria whose exams are meant of them; none: as in a definition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exams: Option<String>,
    /// How many of each case; 1 to 20.
    pub ratio: u32,
    /// What is alike; what is not known is like nothing.
    #[serde(rename = "match")]
    pub alike: Vec<Alike>,
    /// Another number gives another choice among those that are equally near.
    #[serde(default)]
    pub seed: u32,
}

/// What a control has in common with its case, at the exams they are compared by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Alike {
    /// What.
    pub on: On,
    /// Of age and year, how many years they may be apart; none: 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<u32>,
}

/// What can be alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum On {
    /// The age at the exam, in whole years.
    Age,
    /// The patient's sex.
    Sex,
    /// The manufacturer of the scanner.
    Manufacturer,
    /// The model of the scanner.
    Model,
    /// The year of the exam.
    Year,
}

impl Controls {
    /// How far they may be apart in something; none: it is not asked for.
    #[must_use]
    pub fn within(&self, on: On) -> Option<u32> {
        self.alike.iter().find(|alike| alike.on == on).map(|alike| alike.within.unwrap_or(0))
    }

    /// Who may be a control of the patients of a definition, before any are chosen: a definition of its own.
    #[must_use]
    pub(crate) fn pool(&self, of: &Definition) -> Definition {
        let patients =
            Condition::All(vec![self.patients.clone(), Condition::Not(Box::new(of.patients.clone()))]);
        Definition {
            language: of.language,
            patients,
            exams: self.exams.clone(),
            sample: None,
            controls: None,
        }
    }

    pub(super) fn check(&self) -> Result<(), Wrong> {
        if !(1..=MOST).contains(&self.ratio) {
            return wrong("controls.ratio", format!("1 to {MOST} controls of each case"));
        }
        if self.alike.is_empty() {
            return wrong(
                "controls.match",
                "say what is alike: age, sex, manufacturer, model or year; for people by chance, use `sample`".into(),
            );
        }
        for (n, alike) in self.alike.iter().enumerate() {
            let place = format!("controls.match[{n}]");
            if self.alike[..n].iter().any(|before| before.on == alike.on) {
                return wrong(&place, "it is said twice: leave one out".into());
            }
            match (alike.on, alike.within) {
                (On::Age | On::Year, Some(within)) if within > WIDEST => {
                    return wrong(&place, format!("at most {WIDEST} years apart"));
                }
                (On::Sex | On::Manufacturer | On::Model, Some(_)) => {
                    return wrong(&place, "only age and year are within some years".into());
                }
                _ => {}
            }
        }
        let mut check = Check::default();
        check.condition(&self.patients, "controls.patients", 0)?;
        match &self.exams {
            Some(label) if !check.labels.contains(label.as_str()) => wrong(
                "controls.exams",
                format!("no criterion of exams of the controls is labelled {label:?}"),
            ),
            _ => Ok(()),
        }
    }
}
