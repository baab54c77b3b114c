//! What the demo hospital's other systems say: admissions, orders, laboratory values and reports as HL7 v2, and the
//! patients' conditions and medicines as FHIR. Invented like everything here.

use crate::exam::Exam;
use crate::patients::{Kind, Patient};
use jiff::ToSpan;
use jiff::civil::DateTime;

/// A message or file about a patient.
#[derive(Debug, PartialEq, Eq)]
pub struct Message {
    /// A file name.
    pub name: String,
    /// `hl7v2` or `fhir`.
    pub format: &'static str,
    /// Its text, in UTF-8.
    pub text: String,
}

impl Exam {
    /// What other systems said of this exam: admission, order, laboratory, report. The first exam of a patient
    /// brings the patient's conditions and medicines with it.
    #[must_use]
    pub fn messages(&self) -> Vec<Message> {
        let accession = self.accession_number();
        let mut messages = vec![
            self.hl7(&format!("{accession}-adt"), "ADT^A04^ADT_A01", self.begins(), &self.admission()),
            self.hl7(&format!("{accession}-order"), "OMI^O23^OMI_O23", self.asked(), &self.order()),
        ];
        if let Some(laboratory) = self.laboratory() {
            messages.push(self.hl7(
                &format!("{accession}-lab"),
                "ORU^R01^ORU_R01",
                self.begins(),
                &laboratory,
            ));
        }
        for (number, (status, text)) in self.reports().into_iter().enumerate() {
            let hours = 2 + 20 * number as i64;
            let at = self.begins().saturating_add(hours.hours());
            let name = format!("{accession}-report{}", number + 1);
            messages.push(self.hl7(&name, "ORU^R01^ORU_R01", at, &self.report(status, at, &text)));
        }
        if self.patient.visits.first().is_some_and(|first| std::ptr::eq(first, self.visit)) {
            messages.extend(record(self.patient));
        }
        messages
    }

    fn begins(&self) -> DateTime {
        self.visit.date.at(0, 0, 0, 0).saturating_add(i64::from(self.visit.minute).minutes())
    }

    /// Emergencies are asked for at once, the rest a few days before.
    fn asked(&self) -> DateTime {
        let before = if self.is_emergency() { 1.hours() } else { 72.hours() };
        self.begins().saturating_sub(before)
    }

    fn is_emergency(&self) -> bool {
        matches!(self.visit.kind, Kind::HeadCt)
    }

    fn hl7(&self, name: &str, kind: &str, at: DateTime, segments: &[String]) -> Message {
        let at = stamp(at);
        let header =
            format!("MSH|^~\\&|RIS|DEMO|ISOCENTER|DEMO|{at}||{kind}|{name}|P|2.5.1|||AL|NE||UNICODE UTF-8");
        let lines: Vec<&str> =
            [header.as_str()].into_iter().chain(segments.iter().map(String::as_str)).collect();
        Message { name: format!("{name}.hl7"), format: "hl7v2", text: lines.join("\r") + "\r" }
    }

    fn patient_segment(&self) -> String {
        let Patient { id, name, sex, born, .. } = self.patient;
        let name = name.split('=').next().unwrap_or_default();
        format!("PID|1||{id}^^^DEMO^MR||{name}||{}|{sex}", born.strftime("%Y%m%d"))
    }

    fn visit_segment(&self) -> String {
        let class = if self.is_emergency() { 'E' } else { 'O' };
        let (begins, ends) = (
            stamp(self.begins().saturating_sub(30.minutes())),
            stamp(self.begins().saturating_add(3.hours())),
        );
        format!(
            "PV1|1|{class}|RAD^^^DEMO||||||||||||||||V{}^^^DEMO^VN{}{begins}|{ends}",
            self.accession_number(),
            "|".repeat(25)
        )
    }

    fn admission(&self) -> Vec<String> {
        vec![format!("EVN|A04|{}", stamp(self.begins())), self.patient_segment(), self.visit_segment()]
    }

    fn modality(&self) -> &'static str {
        match self.visit.kind {
            Kind::ChestCt { .. } | Kind::ChestSurvey { .. } | Kind::HeadCt => "CT",
            Kind::HeadMr { .. } => "MR",
            Kind::ChestCr { .. } => "CR",
            Kind::Echo { .. } => "US",
            Kind::PetCt { .. } => "PT",
        }
    }

    fn request(&self) -> String {
        let accession = self.accession_number();
        let code = format!("{}^{}^L", self.modality(), self.description());
        format!("OBR|1|P{accession}^DEMO|F{accession}^RIS|{code}")
    }

    fn order(&self) -> Vec<String> {
        let accession = self.accession_number();
        let priority = if self.is_emergency() { 'S' } else { 'R' };
        vec![
            self.patient_segment(),
            self.visit_segment(),
            format!("ORC|NW|P{accession}^DEMO|F{accession}^RIS||SC||||{}", stamp(self.asked())),
            format!("TQ1|1||||||{}||{priority}", stamp(self.begins())),
            self.request(),
            format!(
                "IPC|{accession}|RP{accession}|{}|SP{accession}|{}",
                self.study_instance_uid(),
                self.modality()
            ),
        ]
    }

    /// A value measured before the exam, with its LOINC code and its unit in UCUM.
    fn laboratory(&self) -> Option<Vec<String>> {
        let (code, name, value, unit, normal) = match self.visit.kind {
            Kind::ChestCt { contrast: true, .. } => {
                ("2160-0", "Creatinine", 0.7 + f64::from(self.age()) / 200.0, "mg/dL", "0.5-1.2")
            }
            Kind::ChestSurvey { .. } => ("2160-0", "Creatinine", 1.0, "mg/dL", "0.5-1.2"),
            Kind::Echo { ejection } => {
                ("33762-6", "NT-proBNP", (60.0 / f64::from(ejection).powi(3)).round(), "pg/mL", "0-125")
            }
            Kind::PetCt { .. } => ("2345-7", "Glucose", 88.0 + f64::from(self.age() % 20), "mg/dL", "70-110"),
            _ => return None,
        };
        let drawn = stamp(self.begins().saturating_sub(1.hours()));
        let accession = self.accession_number();
        Some(vec![
            self.patient_segment(),
            format!("OBR|1||L{accession}^LAB|{code}^{name}^LN|||{drawn}|||||||||||||||{drawn}||LAB|F"),
            format!("OBX|1|NM|{code}^{name}^LN||{value:.1}|{unit}^^UCUM|{normal}||||F|||{drawn}"),
        ])
    }

    fn report(&self, status: char, at: DateTime, text: &str) -> Vec<String> {
        let accession = self.accession_number();
        let request = format!(
            "{}|||{}|||||||||||{accession}||||{}||{}|{status}",
            self.request(),
            stamp(self.begins()),
            stamp(at),
            self.modality()
        );
        let lines = text.lines().enumerate().map(|(number, line)| {
            format!("OBX|{n}|TX|18748-4^Diagnostic imaging study^LN|{n}|{line}||||||{status}", n = number + 1)
        });
        [self.patient_segment(), request].into_iter().chain(lines).collect()
    }

    /// The reports of an exam with their status: most have one, some are corrected.
    fn reports(&self) -> Vec<(char, String)> {
        let text = self.words();
        match self.visit.kind {
            Kind::ChestCt { nodule, .. } if nodule > 12.0 => vec![
                (
                    'P',
                    format!(
                        "{}\nIMPRESSION: Nodule in the right upper lobe. Final reading follows.",
                        self.head()
                    ),
                ),
                ('F', text),
            ],
            _ => vec![('F', text)],
        }
    }

    fn head(&self) -> String {
        let indication = match self.visit.kind {
            Kind::ChestCt { .. } | Kind::ChestSurvey { .. } => "Nodule on radiograph.",
            Kind::HeadCt => "Fall with head injury.",
            Kind::HeadMr { .. } => "Known white matter disease, follow-up.",
            Kind::ChestCr { .. } => "Cough.",
            Kind::Echo { .. } => "Dyspnea on exertion.",
            Kind::PetCt { .. } => "Staging.",
        };
        format!("EXAM: {}\nINDICATION: {indication}", self.description())
    }

    fn words(&self) -> String {
        let findings = match self.visit.kind {
            Kind::ChestCt { nodule, .. } => chest_ct(nodule),
            Kind::ChestSurvey { nodule } => survey(nodule),
            Kind::HeadCt => "FINDINGS: No intracranial hemorrhage. No mass effect. No skull fracture.\nIMPRESSION: No acute intracranial abnormality.".into(),
            Kind::HeadMr { lesions } => head_mr(lesions),
            Kind::ChestCr { nodule, heart } => chest_cr(nodule, heart),
            Kind::Echo { ejection } => echo(ejection),
            Kind::PetCt { nodule, uptake } => pet(nodule, uptake),
        };
        format!("{}\n{findings}", self.head())
    }
}

fn stamp(at: DateTime) -> String {
    at.strftime("%Y%m%d%H%M%S").to_string()
}

fn chest_ct(nodule: f32) -> String {
    let rest = "No pleural effusion. No pneumothorax. No lymphadenopathy.";
    match nodule {
        0.0 => format!(
            "FINDINGS: The lungs are clear. No pulmonary nodule. {rest}\nIMPRESSION: No acute abnormality of the chest."
        ),
        small if small < 6.0 => format!(
            "FINDINGS: Solid nodule in the right upper lobe measures {small:.0} mm, unchanged. {rest}\nIMPRESSION: Stable small pulmonary nodule. Lung-RADS 2."
        ),
        large => format!(
            "FINDINGS: Solid nodule in the right upper lobe measures {large:.0} mm. {rest}\nIMPRESSION: Right upper lobe nodule, suspicious for malignancy. Lung-RADS 4B. Recommend PET/CT in 1 week."
        ),
    }
}

/// The category of a solid nodule at first sight (Lung-RADS 2022).
fn survey(nodule: f32) -> String {
    let category = match nodule {
        small if small < 6.0 => "2",
        middle if middle < 8.0 => "3",
        large if large < 15.0 => "4A",
        _ => "4B",
    };
    format!(
        "FINDINGS: Solid nodule in the right upper lobe measures {nodule:.0} mm. No pleural effusion. No pneumothorax. No lymphadenopathy.\nIMPRESSION: Pulmonary nodule of the right upper lobe. Lung-RADS {category}."
    )
}

fn head_mr(lesions: u8) -> String {
    match lesions {
        0 => "FINDINGS: Normal signal of the white matter. No acute infarct. No hemorrhage.\nIMPRESSION: Normal MRI of the brain.".into(),
        few => format!("FINDINGS: {few} T2 hyperintense lesions in the periventricular white matter. No acute infarct. No mass.\nIMPRESSION: White matter lesions consistent with demyelination."),
    }
}

fn chest_cr(nodule: f32, heart: f32) -> String {
    let size = if heart > 1.1 { "Cardiomegaly." } else { "The heart size is normal." };
    let lungs =
        if nodule > 0.0 { "Nodular opacity in the right upper lung zone." } else { "The lungs are clear." };
    let conclusion = match (nodule > 0.0, heart > 1.1) {
        (true, _) => "Possible nodule of the right upper lobe. Recommend CT of the chest.",
        (false, true) => "Cardiomegaly without pulmonary edema.",
        _ => "No acute cardiopulmonary abnormality.",
    };
    format!("FINDINGS: {size} {lungs} No pleural effusion or pneumothorax.\nIMPRESSION: {conclusion}")
}

fn echo(ejection: f32) -> String {
    let percent = ejection * 100.0;
    let word = match percent {
        low if low < 40.0 => "Severely reduced",
        low if low < 50.0 => "Mildly reduced",
        _ => "Normal",
    };
    format!(
        "FINDINGS: Left ventricular ejection fraction {percent:.0} %. No pericardial effusion.\nIMPRESSION: {word} systolic function of the left ventricle."
    )
}

fn pet(nodule: f32, uptake: f32) -> String {
    if nodule == 0.0 {
        return "FINDINGS: No FDG avid lesion.\nIMPRESSION: No evidence of metabolically active disease."
            .into();
    }
    format!(
        "FINDINGS: {nodule:.0} mm nodule in the right upper lobe with SUVmax {uptake:.1}. No FDG avid lymphadenopathy.\nIMPRESSION: FDG avid right upper lobe nodule."
    )
}

/// A patient's conditions and medicines, as a FHIR Bundle; none for the healthy.
fn record(patient: &Patient) -> Option<Message> {
    let (condition, snomed, medicine, rxnorm) = match patient.id {
        "DEMO-0001" | "DEMO-0007" => {
            ("Malignant neoplasm of upper lobe of lung", "254626006", "pembrolizumab", "1547545")
        }
        "DEMO-0002" | "DEMO-0006" | "DEMO-0011" => ("Heart failure", "84114007", "bisoprolol", "19484"),
        "DEMO-0003" | "DEMO-0008" => ("Multiple sclerosis", "24700007", "ocrelizumab", "1876366"),
        _ => return None,
    };
    let first = patient.visits.first()?.date;
    let (onset, dose) = (first.saturating_add(14.days()), first.saturating_add(30.days()));
    let id = patient.id.to_lowercase();
    let subject = format!(r#"{{"reference": "Patient/{id}"}}"#);
    let entries = [
        format!(
            r#"{{"resourceType": "Patient", "id": "{id}", "identifier": [{{"type": {{"coding": [{{"system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "MR"}}]}}, "system": "DEMO", "value": "{}"}}], "birthDate": "{}"}}"#,
            patient.id, patient.born
        ),
        format!(
            r#"{{"resourceType": "Condition", "id": "{id}-c", "clinicalStatus": {{"coding": [{{"system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": "active"}}]}}, "code": {{"coding": [{{"system": "http://snomed.info/sct", "code": "{snomed}"}}], "text": "{condition}"}}, "subject": {subject}, "onsetDateTime": "{onset}"}}"#
        ),
        format!(
            r#"{{"resourceType": "MedicationStatement", "id": "{id}-m", "status": "active", "medicationCodeableConcept": {{"coding": [{{"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "{rxnorm}"}}], "text": "{medicine}"}}, "subject": {subject}, "effectivePeriod": {{"start": "{dose}"}}}}"#
        ),
    ];
    let entries: Vec<String> =
        entries.iter().map(|resource| format!(r#"{{"resource": {resource}}}"#)).collect();
    let text =
        format!(r#"{{"resourceType": "Bundle", "type": "collection", "entry": [{}]}}"#, entries.join(", "));
    Some(Message { name: format!("{}-record.json", patient.id), format: "fhir", text })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_exam_was_asked_for_and_reported() {
        for exam in crate::exams() {
            let messages = exam.messages();
            let accession = exam.accession_number();
            let order = messages.iter().find(|message| message.name.ends_with("-order.hl7"));
            assert!(order.is_some_and(|order| order.text.contains(&exam.study_instance_uid())));
            let report = messages.iter().find(|message| message.name == format!("{accession}-report1.hl7"));
            assert!(report.is_some_and(|report| report.text.contains("IMPRESSION")), "{accession}");
        }
    }

    #[test]
    fn the_messages_are_the_same_every_time() {
        let all = || crate::exams().iter().flat_map(Exam::messages).collect::<Vec<_>>();
        assert_eq!(all(), all());
        let names: std::collections::BTreeSet<_> = all().into_iter().map(|message| message.name).collect();
        assert_eq!(names.len(), all().len(), "each has a name of its own");
    }
}
