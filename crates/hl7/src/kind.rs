//! What kind of message it is: MSH-9, and what a header must have.

use crate::{Message, Problem, Refusal};

/// The kinds of messages that are read, by table 0076.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// ADT: patients and visits.
    Patient,
    /// ORM, OMG, OMI, OML: orders.
    Order,
    /// RDE, RDS, RAS, OMP: medicines that are asked for, handed out, given.
    Medicine,
    /// ORU, OUL: results and reports.
    Result,
    /// MDM: documents.
    Document,
    /// SIU: appointments.
    Schedule,
    /// Any other about a patient: kept, not read.
    Other,
}

impl Message {
    /// Type and trigger: `("ADT", "A01")`, from MSH-9, the trigger else from EVN-1.
    #[must_use]
    pub fn kind_and_trigger(&self) -> (String, String) {
        let said = self.header().field(9);
        let kind = said.component(1).first().unwrap_or_default().to_ascii_uppercase();
        let event = || self.segments().find(|segment| segment.id() == "EVN").and_then(|event| event.first(1));
        let trigger = said.component(2).first().or_else(event).unwrap_or_default();
        (kind, trigger.to_ascii_uppercase())
    }

    /// What kind it is.
    ///
    /// # Errors
    /// [`Refusal`] without type or control id, for versions other than 2.x, and for types we can read nothing from.
    pub fn kind(&self) -> Result<Kind, Refusal> {
        let header = self.header();
        if header.first(10).is_none() {
            return Err(Refusal::at("MSH-10", Problem::Missing));
        }
        if header.first(12).is_some_and(|version| !version.starts_with("2.")) {
            return Err(Refusal::at("MSH-12", Problem::Version));
        }
        let (kind, trigger) = self.kind_and_trigger();
        match (kind.as_str(), trigger.as_str()) {
            ("", _) => Err(Refusal::at("MSH-9", Problem::Missing)),
            ("ADT", trigger) if is_patient_trigger(trigger) => Ok(Kind::Patient),
            ("ORM" | "OMG" | "OMI" | "OML", _) => Ok(Kind::Order),
            ("RDE" | "RDS" | "RAS" | "OMP", _) => Ok(Kind::Medicine),
            ("ORU" | "OUL", _) => Ok(Kind::Result),
            ("MDM", _) => Ok(Kind::Document),
            ("SIU", _) => Ok(Kind::Schedule),
            _ if self.names_a_patient() => Ok(Kind::Other),
            _ => Err(Refusal::at("MSH-9", Problem::Type)),
        }
    }

    fn names_a_patient(&self) -> bool {
        let patients = self.segments().filter(|segment| segment.id() == "PID");
        patients.into_iter().any(|pid| pid.first(3).or_else(|| pid.first(2)).is_some())
    }
}

/// A01 to A62, table 0003.
fn is_patient_trigger(trigger: &str) -> bool {
    let number = trigger.strip_prefix('A').and_then(|number| number.parse::<u8>().ok());
    number.is_some_and(|number| (1..=62).contains(&number) && number != 19)
}
