//! Variants per subject: VCF 4.x (<https://samtools.github.io/hts-specs/VCFv4.3.pdf>), plain or gzipped.
//!
//! Each variant that a sample has becomes an Observation by the profile `variant` of FHIR Genomics Reporting. A
//! sample's name is its patient's identifier within the scope.

mod header;
mod line;
mod observation;

use crate::{Count, TableError};
use clinical::{Part, Said, Statement};
use flate2::bufread::MultiGzDecoder;
use header::Header;
use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read};

/// No line is longer.
const LONGEST: u64 = 64 << 20;

/// Reads a VCF; gives the parts of each line.
pub struct Vcf {
    input: Box<dyn BufRead>,
    header: Header,
    scope: String,
    line: u64,
    waiting: VecDeque<Part>,
    count: Count,
    done: bool,
}

impl Vcf {
    /// Reads the header; `scope` says who named the samples.
    ///
    /// # Errors
    /// [`TableError::Vcf`] when there is no header, [`TableError::Io`].
    pub fn open(input: Box<dyn Read>, scope: &str) -> Result<Self, TableError> {
        let mut input = BufReader::with_capacity(64 << 10, input);
        let zipped = input.fill_buf()?.starts_with(&[0x1F, 0x8B]);
        let mut input: Box<dyn BufRead> =
            if zipped { Box::new(BufReader::new(MultiGzDecoder::new(input))) } else { Box::new(input) };
        let mut header = Header::default();
        let mut line = 0;
        loop {
            let text = next_line(&mut input)?.ok_or(TableError::Vcf("not a VCF: no line #CHROM"))?;
            line += 1;
            if line == 1 && !text.starts_with("##fileformat=VCFv4") {
                return Err(TableError::Vcf("not a VCF 4: the first line doesn't say so"));
            }
            if header.take(&text)? {
                break;
            }
        }
        let scope = scope.trim_end_matches('/').to_owned();
        let count = Count::of("VCF");
        Ok(Self { input, header, scope, line, waiting: VecDeque::new(), count, done: false })
    }

    /// What became of the lines so far.
    #[must_use]
    pub const fn counted(&self) -> &Count {
        &self.count
    }

    fn take(&mut self, text: &str) {
        let place = format!("line {}", self.line);
        let variant = match line::Line::parse(text, &self.header) {
            Ok(variant) => variant,
            Err(why) => {
                self.count.refused();
                return self.waiting.push_back(Part::refused(place, why));
            }
        };
        let records = observation::records(&variant, &self.header, &self.scope);
        if records.is_empty() {
            self.count.kept();
            return self.waiting.push_back(Part::kept(place, "no sample has this variant"));
        }
        self.count.read();
        let said = records.into_iter().map(|(sample, record)| {
            let place = format!("{place}.sample[{sample}]");
            Part::Said(Statement { said: Said::Record(Box::new(record)), at: None, place })
        });
        self.waiting.extend(said);
    }

    fn fill(&mut self) -> Result<bool, TableError> {
        let Some(text) = next_line(&mut self.input)? else { return Ok(false) };
        self.line += 1;
        if !text.is_empty() {
            self.take(&text);
        }
        Ok(true)
    }
}

/// A line without its end; what is not UTF-8 in it is replaced.
fn next_line(input: &mut Box<dyn BufRead>) -> Result<Option<String>, TableError> {
    let mut line = Vec::new();
    input.by_ref().take(LONGEST).read_until(b'\n', &mut line)?;
    if line.len() as u64 == LONGEST {
        return Err(TableError::Vcf("a line of more than 64 MiB"));
    }
    let text = String::from_utf8_lossy(&line);
    Ok((!line.is_empty()).then(|| text.trim_end_matches(['\n', '\r']).to_owned()))
}

impl Iterator for Vcf {
    type Item = Result<Part, TableError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(part) = self.waiting.pop_front() {
                return Some(Ok(part));
            }
            if self.done {
                return None;
            }
            match self.fill() {
                Ok(true) => {}
                Ok(false) => self.done = true,
                Err(error) => {
                    self.done = true;
                    return Some(Err(error));
                }
            }
        }
    }
}
