//! What holds under every policy, beside Table E.1-1.

use dicom::{Tag, tags};

/// Encrypted originals and signatures over bytes that are no longer there: nobody can read or check them,
/// and the first carry exactly what is to be removed.
pub(crate) const ALWAYS_REMOVED: &[Tag] =
    &[tags::ENCRYPTED_ATTRIBUTES_SEQUENCE, tags::MAC_PARAMETERS_SEQUENCE, tags::DIGITAL_SIGNATURES_SEQUENCE];

/// UIDs of these attributes name a kind of thing, not a thing; private kinds are kinds too.
pub(crate) fn names_a_kind(tag: Tag) -> bool {
    matches!(
        tag,
        tags::SOP_CLASS_UID
            | tags::REFERENCED_SOP_CLASS_UID
            | tags::RELATED_GENERAL_SOP_CLASS_UID
            | tags::ORIGINAL_SPECIALIZED_SOP_CLASS_UID
            | tags::TRANSFER_SYNTAX_UID
            | tags::AVAILABLE_TRANSFER_SYNTAX_UID
            | tags::CODING_SCHEME_UID
            | tags::CONTEXT_UID
            | tags::MAPPING_RESOURCE_UID
            | tags::SOP_CLASSES_SUPPORTED
            | tags::SOP_CLASSES_IN_STUDY
    )
}

/// The parts of a code (PS3.3 §8.8): words of a terminology, not of a person. They are still searched for
/// the identifiers that are known.
pub(crate) const fn is_code(tag: Tag) -> bool {
    matches!(
        tag,
        tags::CODE_VALUE
            | tags::LONG_CODE_VALUE
            | tags::URN_CODE_VALUE
            | tags::CODE_MEANING
            | tags::CODING_SCHEME_DESIGNATOR
            | tags::CODING_SCHEME_VERSION
            | tags::MAPPING_RESOURCE
            | tags::MAPPING_RESOURCE_NAME
            | tags::CONTEXT_IDENTIFIER
            | tags::TEMPLATE_IDENTIFIER
    )
}

/// What makers write of their devices and scans: no patterns are searched in it, as versions look like addresses
/// and dates. It is still searched for the identifiers that are known.
pub(crate) const fn is_technical(tag: Tag) -> bool {
    matches!(
        tag,
        tags::MANUFACTURER
            | tags::MANUFACTURER_MODEL_NAME
            | tags::SOFTWARE_VERSIONS
            | tags::SEQUENCE_NAME
            | tags::PULSE_SEQUENCE_NAME
            | tags::CONVOLUTION_KERNEL
            | tags::RECEIVE_COIL_NAME
            | tags::TRANSMIT_COIL_NAME
            | tags::FILTER_TYPE
            | tags::TIMEZONE_OFFSET_FROM_UTC
    )
}

/// Concepts of structured content (PS3.16, scheme DCM) whose text is an identity as a whole: of observers,
/// subjects, organisations, devices, orders.
pub(crate) fn identifies(scheme: &str, concept: &str) -> bool {
    scheme == "DCM"
        && matches!(
            concept,
            "121008"
                | "121009"
                | "121013"
                | "121016"
                | "121017"
                | "121022"
                | "121029"
                | "121030"
                | "121152"
                | "121193"
                | "121196"
                | "121197"
                | "128774"
                | "113870"
                | "113871"
                | "113872"
                | "113873"
                | "113877"
                | "113880"
                | "121040"
                | "121041"
                | "121043"
                | "111700"
                | "111705"
                | "111706"
                | "111724"
                | "121148"
        )
}
