//! Values that say nothing, one for each VR: valid, and the same for everyone.

use dicom::Vr;

/// The value as text, or `None` for binary VRs and sequences.
pub(super) const fn text(vr: Vr) -> Option<&'static str> {
    Some(match vr {
        Vr::AE => "REMOVED",
        Vr::AS => "000Y",
        Vr::CS => "REMOVED",
        Vr::DA => "19000101",
        Vr::DS | Vr::IS => "0",
        Vr::DT => "19000101000000",
        Vr::TM => "000000",
        Vr::PN | Vr::LO | Vr::SH | Vr::ST | Vr::LT | Vr::UT | Vr::UC => "Removed",
        Vr::UR => "about:blank",
        _ => return None,
    })
}

/// The value in bytes, of VRs without text: zeros enough for one number.
pub(super) const fn zeros(vr: Vr) -> &'static [u8] {
    match vr {
        Vr::FD | Vr::SV | Vr::UV | Vr::OD | Vr::OV => &[0; 8],
        Vr::FL | Vr::SL | Vr::UL | Vr::AT | Vr::OF | Vr::OL => &[0; 4],
        _ => &[0; 2],
    }
}
