//! Which images may have text burned into their pixels. Whatever is not known to be free of it may.

use crate::policy::BurnedIn;
use dicom::{DataSet, Tag, tags, uids};

/// Modalities whose scanners write what they measure into pixels, nothing else.
const MEASURED: &[&str] = &["CT", "MR", "PT", "NM", "SEG", "RTDOSE", "REG", "SM", "OPT", "OCT"];

/// Values of Image Type (0008,0008) that say: a picture of a screen or a page.
const PICTURES: &[&str] =
    &["SCREEN", "CAPTURE", "DOSE", "REPORT", "PROTOCOL", "SUMMARY", "SECONDARY CAPTURE", "PATIENT", "CARD"];

/// Values of Image Type of whole-slide images that may show the label of the slide.
const LABELS: &[&str] = &["LABEL", "OVERVIEW", "LOCALIZER"];

/// Why an image may have text in its pixels, or `None` if it has none or the policy does not ask.
#[must_use]
pub fn burned_in_risk(data_set: &DataSet, rule: BurnedIn) -> Option<&'static str> {
    if !has_pixels(data_set) {
        return None;
    }
    // A label says whose the slide is: nobody vouches for all labels at once.
    if is_slide_label(data_set) {
        return Some("it may show the label of a slide");
    }
    if rule == BurnedIn::Accept {
        return None;
    }
    let says = data_set.text(tags::BURNED_IN_ANNOTATION).unwrap_or_default();
    match (says.trim(), rule) {
        ("YES", _) => Some("Burned In Annotation says YES"),
        ("NO", BurnedIn::TrustAttribute) => None,
        _ => by_kind(data_set),
    }
}

/// Whether there are samples in it.
#[must_use]
pub fn has_pixels(data_set: &DataSet) -> bool {
    [Tag(0x7FE0, 0x0008), Tag(0x7FE0, 0x0009), tags::PIXEL_DATA].iter().any(|tag| data_set.contains(*tag))
}

/// Scanners of these modalities make pictures that a person could have written on.
pub(super) fn is_scan(data_set: &DataSet) -> bool {
    let modality = data_set.text(tags::MODALITY).unwrap_or_default();
    matches!(modality.trim(), "CT" | "MR" | "PT" | "NM" | "OPT" | "OCT")
}

/// Whether it shows the label of a slide, which says whose it is.
pub(super) fn is_slide_label(data_set: &DataSet) -> bool {
    let class = data_set.uid(tags::SOP_CLASS_UID).unwrap_or_default();
    let image_type = data_set.texts(tags::IMAGE_TYPE);
    let is_label = image_type.iter().any(|value| LABELS.iter().any(|word| value.contains(word)));
    class == uids::VL_WHOLE_SLIDE_MICROSCOPY_IMAGE_STORAGE && is_label
}

fn by_kind(data_set: &DataSet) -> Option<&'static str> {
    let class = data_set.uid(tags::SOP_CLASS_UID).unwrap_or_default();
    let modality = data_set.text(tags::MODALITY).unwrap_or_default();
    let image_type = data_set.texts(tags::IMAGE_TYPE);
    let is = |words: &[&str]| image_type.iter().any(|value| words.iter().any(|word| value.contains(word)));
    let is_slide = class == uids::VL_WHOLE_SLIDE_MICROSCOPY_IMAGE_STORAGE;
    if class.starts_with("1.2.840.10008.5.1.4.1.1.7") && !is_slide {
        return Some("it is a secondary capture");
    }
    if data_set.text(tags::CONVERSION_TYPE).is_some_and(|kind| !kind.trim().is_empty()) {
        return Some("it was converted from something else (Conversion Type)");
    }
    if is(PICTURES) {
        return Some("Image Type says it shows a screen or a page");
    }
    if is_slide {
        return None;
    }
    if !MEASURED.contains(&modality.trim()) {
        return Some("images of this modality often have text in their pixels");
    }
    let colours = data_set.int(tags::SAMPLES_PER_PIXEL).unwrap_or(1);
    let is_measured_in_grey = matches!(modality.trim(), "CT" | "MR" | "PT" | "NM");
    (is_measured_in_grey && colours > 1)
        .then_some("it is in colour, which scanners of this modality do not measure")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image(modality: &str, image_type: &str, says: &str) -> DataSet {
        let mut set = DataSet::new();
        set.put_text(tags::SOP_CLASS_UID, uids::CT_IMAGE_STORAGE);
        set.put_text(tags::MODALITY, modality);
        set.put_text(tags::IMAGE_TYPE, image_type);
        set.put_text(tags::BURNED_IN_ANNOTATION, says);
        set.put_bytes(tags::PIXEL_DATA, dicom::Vr::OW, vec![0; 4]);
        set
    }

    #[test]
    fn only_what_scanners_measure_passes() {
        let risk = |m, t, s| burned_in_risk(&image(m, t, s), BurnedIn::Quarantine).is_some();
        assert!(!risk("CT", "ORIGINAL\\PRIMARY\\AXIAL", ""));
        assert!(!risk("MR", "DERIVED\\SECONDARY\\ADC", "NO"));
        assert!(risk("CT", "DERIVED\\SECONDARY\\SCREEN SAVE", "NO"));
        assert!(risk("CT", "ORIGINAL\\PRIMARY\\AXIAL", "YES"));
        assert!(risk("US", "ORIGINAL\\PRIMARY", "NO"), "NO is often wrong");
        assert!(risk("", "", ""));
    }

    #[test]
    fn labels_of_slides_never_pass_and_their_levels_do() {
        let slide = |image_type| {
            let mut set = image("SM", image_type, "NO");
            set.put_text(tags::SOP_CLASS_UID, uids::VL_WHOLE_SLIDE_MICROSCOPY_IMAGE_STORAGE);
            set
        };
        for rule in [BurnedIn::Quarantine, BurnedIn::TrustAttribute, BurnedIn::Accept] {
            assert!(burned_in_risk(&slide("ORIGINAL\\PRIMARY\\LABEL\\NONE"), rule).is_some());
            assert!(burned_in_risk(&slide("ORIGINAL\\PRIMARY\\OVERVIEW\\NONE"), rule).is_some());
            assert!(burned_in_risk(&slide("DERIVED\\PRIMARY\\VOLUME\\RESAMPLED"), rule).is_none());
        }
    }

    #[test]
    fn a_policy_may_believe_or_vouch() {
        let us = image("US", "ORIGINAL\\PRIMARY", "NO");
        assert!(burned_in_risk(&us, BurnedIn::TrustAttribute).is_none());
        let marked = image("US", "ORIGINAL\\PRIMARY", "YES");
        assert!(burned_in_risk(&marked, BurnedIn::TrustAttribute).is_some());
        assert!(burned_in_risk(&marked, BurnedIn::Accept).is_none());
    }
}
