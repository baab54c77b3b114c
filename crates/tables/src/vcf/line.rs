//! A variant's line.

use super::header::Header;

/// One line: a place in the genome, what stands there, and what each sample has.
#[derive(Debug)]
pub(super) struct Line<'a> {
    pub chromosome: &'a str,
    pub position: u64,
    pub reference: &'a str,
    pub alternatives: Vec<&'a str>,
    pub quality: Option<f64>,
    pub filter: Option<&'a str>,
    info: &'a str,
    /// The genotype of each sample, as written.
    pub genotypes: Vec<Option<&'a str>>,
}

/// What is known of an alternative.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Annotation {
    pub gene: Option<String>,
    /// The change of the coding sequence, by HGVS.
    pub coding: Option<String>,
    /// The change of the protein, by HGVS.
    pub protein: Option<String>,
}

impl<'a> Line<'a> {
    pub(super) fn parse(text: &'a str, header: &Header) -> Result<Self, &'static str> {
        let cells: Vec<&str> = text.split('\t').collect();
        let expected = if header.samples.is_empty() { 8 } else { 9 + header.samples.len() };
        if cells.len() < expected {
            return Err("fewer cells than the header");
        }
        let position = cells[1].parse().map_err(|_| "a position that is no number")?;
        let reference = cells[3];
        let sequence = !reference.is_empty() && reference.bytes().all(|base| base.is_ascii_alphabetic());
        if cells[0].is_empty() || !sequence {
            return Err("a reference that is no sequence");
        }
        let at = cells.get(8).and_then(|format| format.split(':').position(|key| key == "GT"));
        let genotype = |sample: &'a str| at.and_then(|at| sample.split(':').nth(at));
        Ok(Self {
            chromosome: cells[0],
            position,
            reference,
            alternatives: cells[4].split(',').collect(),
            quality: known(cells[5]).and_then(|text| text.parse().ok()),
            filter: known(cells[6]),
            info: cells[7],
            genotypes: cells.iter().skip(9).take(header.samples.len()).map(|cell| genotype(cell)).collect(),
        })
    }

    fn info(&self, key: &str) -> Option<&'a str> {
        self.info.split(';').find_map(|part| part.strip_prefix(key)?.strip_prefix('='))
    }

    /// What SnpEff (ANN), VEP (CSQ) or ClinVar (GENEINFO) say of an alternative.
    pub(super) fn annotation(&self, alternative: &str, header: &Header) -> Annotation {
        let take = |text: Option<&str>| text.filter(|text| !text.is_empty()).map(str::to_owned);
        if let Some(all) = self.info("ANN") {
            let parts = chosen(all, alternative);
            let at = |column: usize| take(parts.get(column).copied());
            return Annotation { gene: at(3), coding: at(9), protein: at(10) };
        }
        if let Some(all) = self.info("CSQ").filter(|_| !header.csq.is_empty()) {
            let parts = chosen(all, alternative);
            let at = |name: &str| {
                let column = header.csq.iter().position(|one| one.eq_ignore_ascii_case(name))?;
                take(parts.get(column).copied())
            };
            return Annotation { gene: at("SYMBOL"), coding: at("HGVSc"), protein: at("HGVSp") };
        }
        let gene = self.info("GENEINFO").and_then(|text| text.split([':', '|']).next());
        Annotation { gene: take(gene.or_else(|| self.info("GENE"))), ..Annotation::default() }
    }
}

fn known(text: &str) -> Option<&str> {
    (text != "." && !text.is_empty()).then_some(text)
}

/// The first annotation of this alternative, else the first of all.
fn chosen<'a>(all: &'a str, alternative: &str) -> Vec<&'a str> {
    let own = all.split(',').find(|one| one.split('|').next() == Some(alternative));
    own.or_else(|| all.split(',').next()).unwrap_or_default().split('|').collect()
}
