//! A sample's variant as an Observation (FHIR Genomics Reporting, `variant`).

use super::header::Header;
use super::line::Line;
use clinical::{Identifier, Record, Told};
use serde_json::{Value, json};

const LOINC: &str = "http://loinc.org";

/// The records of each sample that has one of the alternatives.
pub(super) fn records(line: &Line<'_>, header: &Header, scope: &str) -> Vec<(usize, Record)> {
    let mut made = Vec::new();
    for (sample, genotype) in line.genotypes.iter().enumerate() {
        let Some(genotype) = genotype else { continue };
        let alleles: Vec<&str> = genotype.split(['/', '|']).collect();
        for (at, alternative) in line.alternatives.iter().enumerate() {
            let number = (at + 1).to_string();
            if alleles.contains(&number.as_str()) && !["*", "."].contains(alternative) {
                let found = Found { line, header, alternative, state: zygosity(&alleles, &number) };
                made.extend(found.record(scope, &header.samples[sample]).map(|one| (sample, one)));
            }
        }
    }
    made
}

/// LOINC's answer for how many of the sample's alleles these are.
fn zygosity(alleles: &[&str], number: &str) -> Option<(&'static str, &'static str)> {
    if alleles.contains(&".") {
        return None;
    }
    let same = alleles.iter().all(|one| *one == number);
    Some(match (alleles.len(), same) {
        (1, _) => ("LA6707-9", "Hemizygous"),
        (_, true) => ("LA6705-3", "Homozygous"),
        (_, false) => ("LA6706-1", "Heterozygous"),
    })
}

/// An alternative that a sample has.
struct Found<'a> {
    line: &'a Line<'a>,
    header: &'a Header,
    alternative: &'a str,
    state: Option<(&'static str, &'static str)>,
}

impl Found<'_> {
    fn change(&self) -> String {
        let Line { chromosome, position, reference, .. } = self.line;
        format!("{chromosome}:{position}:{reference}>{}", self.alternative)
    }

    fn record(&self, scope: &str, sample: &str) -> Option<Record> {
        let patient = Identifier::new(scope, sample, None)?;
        let name = format!("{sample}|{}|{}", self.header.assembly.unwrap_or_default(), self.change());
        let key = Identifier::new(&format!("{scope}/Variant"), &name, None)?;
        let content = json!({
            "resourceType": "Observation",
            "identifier": [key.to_json()],
            "status": "final",
            "category": [{"coding": [{
                "system": "http://terminology.hl7.org/CodeSystem/observation-category",
                "code": "laboratory",
            }]}],
            "code": coded("69548-6", "Genetic variant assessment"),
            "subject": patient.refer("Patient"),
            "valueCodeableConcept": coded("LA9633-4", "Present"),
            "component": self.components(),
        });
        let (keys, patient) = (vec![key], vec![patient]);
        Some(Record { kind: "Observation".into(), keys, patient, content, told: Told::Whole, state: None })
    }

    fn components(&self) -> Vec<Value> {
        let known = self.line.annotation(self.alternative, self.header);
        let change = self.change();
        let dna = known.coding.as_deref().unwrap_or(&change);
        let texts = [
            ("48018-6", "Gene studied [ID]", known.gene.as_deref()),
            ("48004-6", "DNA change (c.HGVS)", Some(dna)),
            ("81290-9", "Genomic DNA change (gHGVS)", Some(&change)),
            ("48005-3", "Amino acid change (pHGVS)", known.protein.as_deref()),
            ("62374-4", "Human reference sequence assembly version", self.header.assembly),
            ("48000-4", "Chromosome", Some(self.line.chromosome)),
        ];
        let text = |(code, display, value): (&str, &str, Option<&str>)| {
            Some(json!({"code": coded(code, display), "valueCodeableConcept": {"text": value?}}))
        };
        let mut all: Vec<_> = texts.into_iter().filter_map(text).collect();
        all.extend(self.state.map(|(code, word)| {
            json!({"code": coded("53034-5", "Allelic state"), "valueCodeableConcept": coded(code, word)})
        }));
        for (code, display, value) in [
            ("69547-8", "Genomic ref allele [ID]", self.line.reference),
            ("69551-0", "Genomic alt allele [ID]", self.alternative),
        ] {
            all.push(json!({"code": coded(code, display), "valueString": value}));
        }
        all.extend(self.call());
        all
    }

    /// How sure the caller was.
    fn call(&self) -> impl Iterator<Item = Value> {
        let own = |name: &str| json!({"text": name});
        let filter = self.line.filter.map(|filter| json!({"code": own("FILTER"), "valueString": filter}));
        let quality = self.line.quality.filter(|quality| quality.is_finite());
        let quality = quality.map(|value| json!({"code": own("QUAL"), "valueQuantity": {"value": value}}));
        filter.into_iter().chain(quality)
    }
}

fn coded(code: &str, display: &str) -> Value {
    json!({"coding": [{"system": LOINC, "code": code, "display": display}]})
}
