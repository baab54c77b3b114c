//! Prints data sets of files as DICOM JSON, one line each: `to_json FILE…`.
//! A file that can't be read gives a line with the reason.

use bytes::Bytes;
use isocenter_dicom::{BulkOptions, ReadOptions, json, open_file, read};
use std::io::{self, Write as _};

fn main() -> io::Result<()> {
    let mut out = io::stdout().lock();
    for path in std::env::args_os().skip(1) {
        let bytes = Bytes::from(std::fs::read(&path)?);
        let parsed = open_file(&bytes).and_then(|file| {
            let data_set = bytes.slice(file.data_set_at as usize..);
            read::parse(&data_set, &file.transfer_syntax, &ReadOptions::default())
        });
        match parsed {
            Ok(parsed) => writeln!(out, "{}", json::to_json(&parsed.data_set, &BulkOptions::INLINE))?,
            Err(error) => writeln!(out, "{:?}", error.to_string())?,
        }
    }
    Ok(())
}
