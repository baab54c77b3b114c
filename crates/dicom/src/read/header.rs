//! The start of an element: tag, VR, length (PS3.5 §7.1).

use crate::{Tag, TransferSyntax, Vr, dictionary};

/// How elements are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Encoding {
    pub explicit: bool,
    pub big_endian: bool,
}

impl Encoding {
    pub(crate) const IMPLICIT: Self = Self { explicit: false, big_endian: false };
    pub(crate) const EXPLICIT: Self = Self { explicit: true, big_endian: false };

    pub(crate) const fn of(ts: &TransferSyntax) -> Self {
        Self { explicit: ts.explicit_vr(), big_endian: ts.big_endian() }
    }

    pub(crate) const fn tag(self, b: [u8; 4]) -> Tag {
        Tag(self.u16([b[0], b[1]]), self.u16([b[2], b[3]]))
    }

    const fn u16(self, b: [u8; 2]) -> u16 {
        if self.big_endian { u16::from_be_bytes(b) } else { u16::from_le_bytes(b) }
    }

    const fn u32(self, b: [u8; 4]) -> u32 {
        if self.big_endian { u32::from_be_bytes(b) } else { u32::from_le_bytes(b) }
    }
}

/// The start of an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ElementHeader {
    pub tag: Tag,
    /// `None` where none is written: implicit VR, items and delimiters.
    pub vr: Option<Vr>,
    /// `None` if undefined.
    pub length: Option<u32>,
    /// Bytes of the header itself.
    pub size: usize,
}

/// Reads the start of an element, or says how many bytes it needs.
#[inline]
pub(crate) fn element_header(bytes: &[u8], encoding: Encoding) -> Result<ElementHeader, usize> {
    let Some((head, _)) = bytes.split_first_chunk::<8>() else {
        return Err(8);
    };
    let [t0, t1, t2, t3, v0, v1, l0, l1] = *head;
    let tag = encoding.tag([t0, t1, t2, t3]);
    // Some writers forget the VR now and then: what is no VR is read as part of a 32-bit length.
    if !encoding.explicit || tag.0 == 0xFFFE || !(v0.is_ascii_uppercase() && v1.is_ascii_uppercase()) {
        let length = encoding.u32([v0, v1, l0, l1]);
        return Ok(ElementHeader { tag, vr: None, length: defined(length), size: 8 });
    }
    let vr = parse_vr([v0, v1]);
    if vr.is_some_and(has_short_length) {
        let length = encoding.u16([l0, l1]).into();
        return Ok(ElementHeader { tag, vr, length: Some(length), size: 8 });
    }
    long_header(bytes, encoding, tag, vr, [l0, l1])
}

/// All VRs but the oldest have a 32-bit length after two reserved bytes, and future ones will too
/// (PS3.5 §7.1.2). An unknown VR is taken at its word if those two bytes are zero.
fn long_header(
    bytes: &[u8],
    encoding: Encoding,
    tag: Tag,
    vr: Option<Vr>,
    reserved: [u8; 2],
) -> Result<ElementHeader, usize> {
    let known = vr.unwrap_or_else(|| known_vr(tag));
    if vr.is_none() && reserved != [0, 0] {
        let length = encoding.u16(reserved).into();
        return Ok(ElementHeader { tag, vr: Some(known), length: Some(length), size: 8 });
    }
    let Some(&[l0, l1, l2, l3]) = bytes.get(8..12) else {
        return Err(12);
    };
    Ok(ElementHeader { tag, vr: Some(known), length: defined(encoding.u32([l0, l1, l2, l3])), size: 12 })
}

/// What stands under a VR nobody knows is read by the dictionary if that is text, else left as it is.
fn known_vr(tag: Tag) -> Vr {
    match dictionary::implicit_vr(tag, false) {
        Vr::SQ => Vr::UN,
        vr => vr,
    }
}

const fn defined(length: u32) -> Option<u32> {
    if length == u32::MAX { None } else { Some(length) }
}

/// VRs with a 16-bit length (PS3.5 Table 7.1-2).
pub(crate) const fn has_short_length(vr: Vr) -> bool {
    use Vr::{AE, AS, AT, CS, DA, DS, DT, FD, FL, IS, LO, LT, PN, SH, SL, SS, ST, TM, UI, UL, US};
    matches!(
        vr,
        AE | AS
            | AT
            | CS
            | DA
            | DS
            | DT
            | FD
            | FL
            | IS
            | LO
            | LT
            | PN
            | SH
            | SL
            | SS
            | ST
            | TM
            | UI
            | UL
            | US
    )
}

#[inline]
pub(crate) const fn parse_vr(letters: [u8; 2]) -> Option<Vr> {
    Some(match &letters {
        b"AE" => Vr::AE,
        b"AS" => Vr::AS,
        b"AT" => Vr::AT,
        b"CS" => Vr::CS,
        b"DA" => Vr::DA,
        b"DS" => Vr::DS,
        b"DT" => Vr::DT,
        b"FL" => Vr::FL,
        b"FD" => Vr::FD,
        b"IS" => Vr::IS,
        b"LO" => Vr::LO,
        b"LT" => Vr::LT,
        b"OB" => Vr::OB,
        b"OD" => Vr::OD,
        b"OF" => Vr::OF,
        b"OL" => Vr::OL,
        b"OV" => Vr::OV,
        b"OW" => Vr::OW,
        b"PN" => Vr::PN,
        b"SH" => Vr::SH,
        b"SL" => Vr::SL,
        b"SQ" => Vr::SQ,
        b"SS" => Vr::SS,
        b"ST" => Vr::ST,
        b"SV" => Vr::SV,
        b"TM" => Vr::TM,
        b"UC" => Vr::UC,
        b"UI" => Vr::UI,
        b"UL" => Vr::UL,
        b"UN" => Vr::UN,
        b"UR" => Vr::UR,
        b"US" => Vr::US,
        b"UT" => Vr::UT,
        b"UV" => Vr::UV,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_long_and_implicit_forms() {
        let short = element_header(b"\x10\0\x10\0PN\x04\0", Encoding::EXPLICIT);
        assert_eq!(
            short,
            Ok(ElementHeader { tag: Tag(0x10, 0x10), vr: Some(Vr::PN), length: Some(4), size: 8 })
        );
        let long = element_header(b"\xe0\x7f\x10\0OW\0\0\xff\xff\xff\xff", Encoding::EXPLICIT);
        assert_eq!(
            long,
            Ok(ElementHeader { tag: Tag(0x7FE0, 0x10), vr: Some(Vr::OW), length: None, size: 12 })
        );
        let implicit = element_header(b"\x10\0\x10\0\x04\0\0\0", Encoding::IMPLICIT);
        assert_eq!(implicit.map(|h| (h.vr, h.length)), Ok((None, Some(4))));
        assert_eq!(element_header(b"\x10\0\x10\0OB\0\0", Encoding::EXPLICIT), Err(12));
    }

    #[test]
    fn a_missing_vr_in_an_explicit_data_set_is_tolerated() {
        let header = element_header(b"\x10\0\x10\0\x04\0\0\0", Encoding::EXPLICIT);
        assert_eq!(header.map(|h| (h.vr, h.length)), Ok((None, Some(4))));
    }
}
