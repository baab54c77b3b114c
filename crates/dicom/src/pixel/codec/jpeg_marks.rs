//! The marker segments of JPEG and JPEG-LS that tell what follows, read without decoding.

/// What the head of a JPEG or JPEG-LS stream says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Head {
    /// The second byte of the start-of-frame marker: 0xC0 baseline … 0xF7 JPEG-LS.
    pub frame: u8,
    /// Bits of a sample.
    pub precision: u8,
    /// Rows; 0 where a DNL marker tells later.
    pub height: u16,
    /// Columns.
    pub width: u16,
    /// Identifier of each component.
    pub components: Vec<u8>,
    /// An APP0 JFIF segment is there.
    pub jfif: bool,
    /// The colour transform of an APP14 Adobe segment.
    pub adobe: Option<u8>,
    /// JPEG-LS: components in the first scan.
    pub scan_components: u8,
    /// JPEG-LS: the near-lossless bound of the first scan.
    pub near: u8,
    /// JPEG-LS: interleave mode of the first scan (0 by plane, 1 by line, 2 by sample).
    pub interleave: u8,
}

/// Reads up to the first start of scan; `None` where the stream is not one.
pub(crate) fn head(data: &[u8]) -> Option<Head> {
    let mut head = Head::default();
    let mut rest = data.strip_prefix(&[0xFF, 0xD8])?;
    loop {
        let (mark, segment, after) = segment(rest)?;
        rest = after;
        match mark {
            0xE0 if segment.starts_with(b"JFIF\0") => head.jfif = true,
            0xEE if segment.starts_with(b"Adobe") => head.adobe = segment.get(11).copied(),
            0xC0..=0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF | 0xF7 => {
                start_of_frame(&mut head, mark, segment)?;
            }
            0xDA => return start_of_scan(head, segment),
            _ => {}
        }
    }
}

/// The next marker with its segment's content, and what follows.
pub(crate) fn segment(data: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let start = data.iter().position(|b| *b != 0xFF)?;
    let mark = data[start];
    if start == 0 {
        return None;
    }
    let rest = &data[start + 1..];
    if matches!(mark, 0x01 | 0xD0..=0xD9) {
        return Some((mark, &[], rest));
    }
    let length = usize::from(u16::from_be_bytes([*rest.first()?, *rest.get(1)?]));
    Some((mark, rest.get(2..length)?, &rest[length..]))
}

fn start_of_frame(head: &mut Head, mark: u8, segment: &[u8]) -> Option<()> {
    let (fixed, components) = segment.split_at_checked(6)?;
    head.frame = mark;
    head.precision = fixed[0];
    head.height = u16::from_be_bytes([fixed[1], fixed[2]]);
    head.width = u16::from_be_bytes([fixed[3], fixed[4]]);
    head.components = components.chunks_exact(3).take(usize::from(fixed[5])).map(|c| c[0]).collect();
    Some(())
}

fn start_of_scan(mut head: Head, segment: &[u8]) -> Option<Head> {
    head.scan_components = *segment.first()?;
    let after = 1 + 2 * usize::from(head.scan_components);
    head.near = segment.get(after).copied().unwrap_or(0);
    head.interleave = segment.get(after + 1).copied().unwrap_or(0);
    (head.frame != 0).then_some(head)
}
