//! Decodes files and prints one line for each: SHA-256 of all frames' native little-endian bytes,
//! the layout after decoding and the milliseconds it took; with `--raw FILE` the bytes themselves.
//! For comparing with other decoders.
#![expect(clippy::print_stdout, reason = "printing is what it is for")]

use std::io::Write;
use std::time::Instant;

use bytes::Bytes;
use isocenter_dicom::pixel::{Image, Limits, PixelError};
use sha2::{Digest, Sha256};

fn main() -> std::io::Result<()> {
    if std::env::args().nth(1).as_deref() == Some("--raw") {
        return raw(&std::env::args().nth(2).unwrap_or_default());
    }
    for path in std::env::args().skip(1) {
        let started = Instant::now();
        let outcome = std::fs::read(&path)
            .map_err(|e| e.to_string())
            .and_then(|bytes| decode(&Bytes::from(bytes)).map_err(|e| e.to_string()));
        let ms = started.elapsed().as_secs_f64() * 1e3;
        println!("{path}\t{}\t{ms:.1}", outcome.unwrap_or_else(|e| format!("error: {e}")));
    }
    Ok(())
}

/// Writes the bytes themselves.
fn raw(path: &str) -> std::io::Result<()> {
    let (_, image) =
        Image::open(&std::fs::read(path)?.into(), &Limits::default()).map_err(std::io::Error::other)?;
    let mut out = std::io::stdout().lock();
    for frame in 0..image.frames.count() {
        out.write_all(&image.decode(frame).map_err(std::io::Error::other)?.data)?;
    }
    Ok(())
}

fn decode(file: &Bytes) -> Result<String, PixelError> {
    let (_, image) = Image::open(file, &Limits::default())?;
    let mut hash = Sha256::new();
    let mut layout = String::new();
    for frame in 0..image.frames.count() {
        let decoded = image.decode(frame)?;
        let d = &decoded.description;
        layout = format!("{}\tplanar={}", d.photometric.name(), u8::from(d.by_plane));
        hash.update(&decoded.data);
    }
    let hex: String = hash.finalize().iter().map(|b| format!("{b:02x}")).collect();
    Ok(format!("{hex}\t{layout}"))
}
