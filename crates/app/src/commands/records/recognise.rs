//! What a file is, by its content.

use flate2::read::MultiGzDecoder;
use intake::Format;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// Enough to tell.
const LOOKED_AT: u64 = 64 << 10;

/// What a file is; or why it can't be read, in words.
pub(super) fn recognise(path: &Path, with_mapping: bool) -> io::Result<Result<Format, &'static str>> {
    let mut start = Vec::new();
    File::open(path)?.take(LOOKED_AT).read_to_end(&mut start)?;
    let zipped = start.starts_with(&[0x1F, 0x8B]);
    if zipped {
        let mut plain = Vec::new();
        // A look at a part of it ends in an error, behind what is looked for.
        let _cut = MultiGzDecoder::new(&start[..]).take(LOOKED_AT).read_to_end(&mut plain);
        start = plain;
    }
    Ok(match of(&start, with_mapping) {
        Ok(format) if zipped && format != Format::Vcf => Err("compressed; unpack it first"),
        told => told,
    })
}

fn of(start: &[u8], with_mapping: bool) -> Result<Format, &'static str> {
    let text = start.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(start);
    let text = text.trim_ascii_start();
    let text = text.strip_prefix(b"\x0B").unwrap_or(text);
    if text.is_empty() {
        return Err("the file is empty");
    }
    if text.starts_with(b"PAR1") {
        return if with_mapping {
            Ok(Format::Table)
        } else {
            Err("a Parquet table; say what its columns are by --mapping")
        };
    }
    if start.get(128..132) == Some(b"DICM") {
        return Err("DICOM; `isocenter import` takes it");
    }
    if is_hl7(text) {
        return Ok(Format::Hl7v2);
    }
    if text.starts_with(b"##fileformat=VCF") {
        return Ok(Format::Vcf);
    }
    match text[0] {
        b'{' if holds(text, b"\"resourceType\"") => {
            Ok(if is_lines(text) { Format::FhirNdjson } else { Format::Fhir })
        }
        b'{' | b'[' => Err("JSON, but not FHIR: no resourceType"),
        b'<' => Err("XML; FHIR is read as JSON or NDJSON"),
        _ if with_mapping => Ok(Format::Table),
        // Messages behind some words about them.
        _ if text.split(|byte| matches!(byte, b'\r' | b'\n')).any(is_hl7) => Ok(Format::Hl7v2),
        _ if start.contains(&0) => Err("not a format that is known"),
        _ => Err("perhaps a table; say what its columns are by --mapping"),
    }
}

/// A segment that begins a message or a batch, with its field separator (v2.9 §2.5.4).
fn is_hl7(text: &[u8]) -> bool {
    let begins = [b"MSH", b"FHS", b"BHS"].iter().any(|name| text.starts_with(*name));
    begins && text.get(3).is_some_and(u8::is_ascii_punctuation)
}

fn holds(text: &[u8], wanted: &[u8]) -> bool {
    text.windows(wanted.len()).any(|part| part == wanted)
}

/// More than one line, each an object.
fn is_lines(text: &[u8]) -> bool {
    let mut lines = text.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty());
    let first = lines.next().unwrap_or_default();
    first.len() > 1 && first.ends_with(b"}") && lines.next().is_some_and(|line| line.starts_with(b"{"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_tells_what_a_file_is() {
        assert_eq!(of(b"\x0BMSH|^~\\&|", false), Ok(Format::Hl7v2));
        assert_eq!(of(b"FHS#^~\\&#", false), Ok(Format::Hl7v2));
        assert_eq!(of(b"/* Samples\n*/\nMSH|^~\\&|", false), Ok(Format::Hl7v2));
        assert_eq!(of(b"##fileformat=VCFv4.2\n", false), Ok(Format::Vcf));
        assert_eq!(of(b"\xEF\xBB\xBF{\n \"resourceType\": \"Patient\"\n}", false), Ok(Format::Fhir));
        assert_eq!(
            of(b"{\"resourceType\":\"A\"}\n{\"resourceType\":\"B\"}\n", false),
            Ok(Format::FhirNdjson)
        );
        assert_eq!(of(b"a,b\n1,2\n", true), Ok(Format::Table));
        assert_eq!(of(b"PAR1\x15\0", true), Ok(Format::Table));
        assert_eq!(of(b"PAR1\x15\0", false), Err("a Parquet table; say what its columns are by --mapping"));
        for text in [&b"a,b\n"[..], b"<Patient/>", b"{}", b"", b"\x01\0"] {
            assert!(of(text, false).is_err());
        }
    }
}
