//! People of an invented population, as the demo hospital would have them: exams with pictures, messages, and a record.

use crate::exam::Exam;
use crate::messages::Message;
use crate::patients::{Kind, Patient, Visit};
use jiff::ToSpan;
use jiff::civil::Date;

/// A person as the population has them. Days are counted from 1970-01-01.
#[derive(Debug)]
pub struct Person {
    /// From 1 on.
    pub number: i64,
    /// Another population has other people under the same numbers.
    pub seed: u64,
    /// `female` or `male`.
    pub sex: &'static str,
    /// Day of birth.
    pub birth: i64,
    /// Exams, oldest first: the day and what is done.
    pub visits: Vec<(i64, Kind)>,
    /// Conditions: the day, the code in ICD-10-CM, its words.
    pub conditions: Vec<Said>,
    /// Medicines: the day, the code in RxNorm, its words.
    pub medicines: Vec<Said>,
}

/// Something with a code, since a day.
pub type Said = (i64, &'static str, &'static str);

const FAMILY: [&str; 10] = [
    "Ahlgren",
    "Bertani",
    "Castellan",
    "Dvorak",
    "Eriksen",
    "Fontaine",
    "Grabowski",
    "Hashimoto",
    "Ivers",
    "Jansen",
];
const WOMEN: [&str; 7] = ["Ada", "Beatriz", "Clara", "Dagny", "Esther", "Fumiko", "Greta"];
const MEN: [&str; 7] = ["Anton", "Bruno", "Cornelis", "David", "Emil", "Farid", "Gustav"];

impl Person {
    /// The patient's identifier at the demo hospital.
    #[must_use]
    pub fn id(&self) -> String {
        match self.seed {
            0 => format!("POP-{:05}", self.number),
            seed => format!("POP{seed}-{:05}", self.number),
        }
    }

    /// The exams, each with what other systems say of it; the first brings the person's record.
    #[must_use]
    pub fn exams(&self) -> Vec<(Exam, Vec<Message>)> {
        let patient = self.patient();
        let mut exams: Vec<(Exam, Vec<Message>)> = Exam::of(patient)
            .map(|exam| {
                let messages = exam.messages();
                (exam, messages)
            })
            .collect();
        if let Some((_, messages)) = exams.first_mut() {
            messages.push(self.record());
        }
        exams
    }

    /// Lives as long as the program: a few people are made, once.
    fn patient(&self) -> &'static Patient {
        let names = if self.sex == "female" { &WOMEN } else { &MEN };
        let one = |of: &[&'static str]| of[self.number.unsigned_abs() as usize % of.len()];
        let visit = |(day, kind): &(i64, Kind)| Visit { date: date(*day), minute: 540, kind: *kind };
        Box::leak(Box::new(Patient {
            id: self.id().leak(),
            name: format!("{}^{}^{}", one(&FAMILY), one(names), self.number).leak(),
            sex: if self.sex == "female" { "F" } else { "M" },
            born: date(self.birth),
            weight: 60.0 + (self.number % 40) as f64,
            height: 1.58 + (self.number % 30) as f64 / 100.0,
            visits: self.visits.iter().map(visit).collect::<Vec<_>>().leak(),
        }))
    }

    /// Conditions and medicines as a FHIR Bundle.
    fn record(&self) -> Message {
        let (id, key) = (self.id(), self.id().to_lowercase());
        let subject = format!(r#"{{"reference": "Patient/{key}"}}"#);
        let mut entries = vec![format!(
            r#"{{"resourceType": "Patient", "id": "{key}", "identifier": [{{"type": {{"coding": [{{"system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "MR"}}]}}, "system": "DEMO", "value": "{id}"}}], "gender": "{}", "birthDate": "{}"}}"#,
            self.sex,
            date(self.birth)
        )];
        entries.extend((0..).zip(&self.conditions).map(|(n, (day, code, words))| {
            format!(
                r#"{{"resourceType": "Condition", "id": "{key}-c{n}", "clinicalStatus": {{"coding": [{{"system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": "active"}}]}}, "code": {{"coding": [{{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "{code}", "display": "{words}"}}]}}, "subject": {subject}, "onsetDateTime": "{}"}}"#,
                date(*day)
            )
        }));
        entries.extend((0..).zip(&self.medicines).map(|(n, (day, code, words))| {
            format!(
                r#"{{"resourceType": "MedicationStatement", "id": "{key}-m{n}", "status": "active", "medicationCodeableConcept": {{"coding": [{{"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "{code}"}}], "text": "{words}"}}, "subject": {subject}, "effectivePeriod": {{"start": "{}"}}}}"#,
                date(*day)
            )
        }));
        let entries: Vec<String> =
            entries.iter().map(|resource| format!(r#"{{"resource": {resource}}}"#)).collect();
        let text = format!(
            r#"{{"resourceType": "Bundle", "type": "collection", "entry": [{}]}}"#,
            entries.join(", ")
        );
        Message { name: format!("{id}-record.json"), format: "fhir", text }
    }
}

/// The day so many days after 1970-01-01.
fn date(day: i64) -> Date {
    Date::constant(1970, 1, 1).saturating_add(day.days())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invented_person_brings_exams_messages_and_one_record() {
        let visits =
            vec![(19_000, Kind::ChestSurvey { nodule: 12.0 }), (19_100, Kind::ChestSurvey { nodule: 9.0 })];
        let conditions = vec![(18_990, "C34.11", "Malignant neoplasm of upper lobe, right bronchus or lung")];
        let person = Person {
            number: 3,
            seed: 0,
            sex: "female",
            birth: -3_000,
            visits,
            conditions,
            medicines: Vec::new(),
        };
        let exams = person.exams();
        assert_eq!(exams.len(), 2);
        let records = exams.iter().flat_map(|(_, messages)| messages).filter(|one| one.format == "fhir");
        assert_eq!(records.map(|one| one.text.contains("2021-12-29")).collect::<Vec<_>>(), [true]);
        let report = exams[1].1.iter().find(|one| one.name.contains("report")).map(|one| one.text.as_str());
        assert!(report.is_some_and(|text| text.contains("measures 9 mm") && text.contains("POP-00003")));
    }
}
