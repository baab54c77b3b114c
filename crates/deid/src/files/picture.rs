//! PNG and JPEG: what makes the picture stays byte for byte, everything said of it goes.

use super::Refused;

/// Chunks that make the picture (PNG, third edition, §11).
const CHUNKS: &[&[u8]] =
    &[b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"bKGD", b"pHYs"];

pub(super) fn png(bytes: &[u8]) -> Result<Vec<u8>, Refused> {
    const UNREADABLE: Refused = Refused("it can't be read as PNG");
    let (signature, mut rest) = bytes.split_at_checked(8).ok_or(UNREADABLE)?;
    let mut out = signature.to_vec();
    loop {
        let length: [u8; 4] = rest.get(..4).and_then(|four| four.try_into().ok()).ok_or(UNREADABLE)?;
        let length = usize::try_from(u32::from_be_bytes(length)).map_err(|_| UNREADABLE)?;
        let end = length.checked_add(12).ok_or(UNREADABLE)?;
        let (chunk, behind) = rest.split_at_checked(end).ok_or(UNREADABLE)?;
        let kind = &chunk[4..8];
        if CHUNKS.contains(&kind) && (length <= 1024 || kind == b"IDAT") {
            out.extend_from_slice(chunk);
        }
        // What stands behind the end is no part of the picture.
        if kind == b"IEND" {
            return Ok(out);
        }
        rest = behind;
    }
}

pub(super) fn jpeg(bytes: &[u8]) -> Result<Vec<u8>, Refused> {
    const UNREADABLE: Refused = Refused("it can't be read as JPEG");
    let (mut out, mut at) = (vec![0xFF, 0xD8], 2);
    loop {
        if bytes.get(at) != Some(&0xFF) {
            return Err(UNREADABLE);
        }
        while bytes.get(at + 1) == Some(&0xFF) {
            at += 1;
        }
        let marker = *bytes.get(at + 1).ok_or(UNREADABLE)?;
        if marker == 0xD9 {
            out.extend([0xFF, 0xD9]);
            return Ok(out);
        }
        let length = bytes.get(at + 2..at + 4).ok_or(UNREADABLE)?;
        let end = at + 2 + usize::from(u16::from_be_bytes([length[0], length[1]]));
        let segment = bytes.get(at + 4..end).ok_or(UNREADABLE)?;
        if makes_the_picture(marker, segment) {
            out.extend_from_slice(&bytes[at..end]);
        }
        at = end;
        if marker == 0xDA {
            let scan = bytes[at..]
                .windows(2)
                .position(|two| two[0] == 0xFF && !matches!(two[1], 0x00 | 0xFF | 0xD0..=0xD7));
            let length = scan.ok_or(Refused("it is cut short"))?;
            out.extend_from_slice(&bytes[at..at + length]);
            at += length;
        }
    }
}

/// Tables, frames, scans (ITU-T T.81 §B); of the applications' segments only what tells the colours.
fn makes_the_picture(marker: u8, segment: &[u8]) -> bool {
    match marker {
        0xC0..=0xCF | 0xDA..=0xDD => marker != 0xC8,
        0xE0 => segment.starts_with(b"JFIF\0") && segment.len() == 14,
        0xEE => segment.starts_with(b"Adobe") && segment.len() == 12,
        _ => false,
    }
}
