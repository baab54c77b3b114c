//! The lines before the variants.

use crate::TableError;

/// What the header says that is needed.
#[derive(Debug, Default)]
pub(super) struct Header {
    /// The genome's assembly, as far as the file says.
    pub assembly: Option<&'static str>,
    /// The parts of VEP's annotations, in their order.
    pub csq: Vec<String>,
    pub samples: Vec<String>,
}

impl Header {
    /// Takes a line; true when it was the last of the header.
    pub(super) fn take(&mut self, line: &str) -> Result<bool, TableError> {
        if let Some(columns) = line.strip_prefix("#CHROM\t") {
            let columns: Vec<&str> = columns.split('\t').collect();
            if columns.len() < 7 || columns[..4] != ["POS", "ID", "REF", "ALT"] {
                return Err(TableError::Vcf("the line #CHROM lacks columns"));
            }
            self.samples = columns.iter().skip(8).map(|name| (*name).trim().to_owned()).collect();
            return Ok(true);
        }
        if !line.starts_with("##") {
            return Err(TableError::Vcf("not a VCF: no line #CHROM"));
        }
        if line.starts_with("##reference") || line.starts_with("##contig") {
            self.assembly = self.assembly.or_else(|| assembly(line));
        }
        if line.starts_with("##INFO=<ID=CSQ")
            && let Some((_, format)) = line.split_once("Format: ")
        {
            let format = format.trim_end_matches(['"', '>', ' ']);
            self.csq = format.split('|').map(str::to_owned).collect();
        }
        Ok(false)
    }
}

fn assembly(line: &str) -> Option<&'static str> {
    const NAMES: [(&str, &str); 5] = [
        ("grch38", "GRCh38"),
        ("hg38", "GRCh38"),
        ("grch37", "GRCh37"),
        ("hg19", "GRCh37"),
        ("b37", "GRCh37"),
    ];
    let line = line.to_ascii_lowercase();
    NAMES.into_iter().find(|(written, _)| line.contains(written)).map(|(_, name)| name)
}
