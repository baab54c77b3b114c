//! What a report says besides findings: numbers, categories, what should be done, who was told.

use super::{Laterality, SectionKind};
use crate::words::Span;
use serde::Serialize;
use std::sync::Arc;

/// A number with its unit.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Measurement {
    /// One to three values, as written, in `unit`; of a range the two ends.
    pub values: Vec<f64>,
    /// UCUM.
    pub unit: Arc<str>,
    /// What the values are.
    pub quantity: Quantity,
    /// Whether the values are the two ends of a range (`3-4 mm`).
    pub range: bool,
    /// `<`, `>` or `~`, where the report says so.
    pub comparator: Option<char>,
    /// The number of the finding in this reading it belongs to.
    pub finding: Option<usize>,
    /// The key of the finding or of the place that was measured.
    pub subject: Option<Arc<str>>,
    /// Keys of places.
    pub location: Vec<Arc<str>>,
    /// On which side.
    pub laterality: Option<Laterality>,
    /// The series it was measured in.
    pub series: Option<String>,
    /// The images it was measured on.
    pub images: Vec<String>,
    /// The value before, and when.
    pub prior: Option<Prior>,
    /// Whether it is an earlier value, and no present one is given.
    pub earlier: bool,
    /// Where it stands.
    pub span: Span,
    /// The number of its sentence.
    pub sentence: usize,
    /// What its section is for.
    pub section: SectionKind,
}

/// What was measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quantity {
    /// A size.
    Length,
    /// How far from something.
    Distance,
    /// An area.
    Area,
    /// A volume.
    Volume,
    /// Attenuation.
    Attenuation,
    /// A share in percent.
    Percent,
    /// An angle.
    Angle,
    /// A speed of blood or of sound.
    Velocity,
    /// A pressure.
    Pressure,
    /// Uptake.
    Uptake,
    /// A ratio.
    Ratio,
    /// A concentration.
    Concentration,
}

/// An earlier value.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Prior {
    /// One to three values in `unit`.
    pub values: Vec<f64>,
    /// UCUM.
    pub unit: Arc<str>,
    /// The date as written, where there is one.
    pub date: Option<String>,
    /// Where it stands.
    pub span: Span,
}

/// A category of a reporting system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Category {
    /// The key of the system (`birads`).
    pub system: Arc<str>,
    /// The category with its modifiers (`4A`, `3S`).
    pub value: String,
    /// The category alone.
    pub category: String,
    /// Modifiers (`S`).
    pub modifiers: Vec<String>,
    /// Whether it is that of an earlier exam.
    pub earlier: bool,
    /// Where it stands.
    pub span: Span,
    /// The number of its sentence.
    pub sentence: usize,
}

/// What should be done.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Recommendation {
    /// The exam as written in small letters but for abbreviations, without `follow-up`.
    pub test: Option<String>,
    /// When.
    pub interval: Option<Interval>,
    /// Whether the report says that nothing more is needed.
    pub none_needed: bool,
    /// Where it stands.
    pub span: Span,
    /// The number of its sentence.
    pub sentence: usize,
}

/// After how long.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Interval {
    /// As people say it: `6 weeks`, `6-12 months`.
    pub text: String,
    /// The shortest.
    pub from: f64,
    /// The longest.
    pub to: f64,
    /// UCUM: `h`, `d`, `wk`, `mo`, `a`.
    pub unit: &'static str,
    /// Where it stands.
    pub span: Span,
}

/// That somebody was told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Communication {
    /// Whether a clinician was told, or the report calls it critical.
    pub critical: bool,
    /// Who was told, as written.
    pub to: Option<Span>,
    /// When, as written.
    pub time: Option<Span>,
    /// Where it stands.
    pub span: Span,
    /// The number of its sentence.
    pub sentence: usize,
}
