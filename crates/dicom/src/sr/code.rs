//! Coded concepts (PS3.3 §8): a value, the scheme it is of, and its meaning in words.

use crate::{DataSet, tags};
use std::borrow::Cow;

/// A coded concept. Two are the same when value and scheme are; the meaning is for people.
#[derive(Debug, Clone, Eq)]
pub struct Code {
    /// (0008,0100), or the long or URN form where a writer used those.
    pub value: Cow<'static, str>,
    /// (0008,0102), such as `DCM`, `SCT`, `UCUM`.
    pub scheme: Cow<'static, str>,
    /// (0008,0104)
    pub meaning: Cow<'static, str>,
}

impl PartialEq for Code {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value && self.scheme == other.scheme
    }
}

impl Code {
    /// A concept known when this was written.
    #[must_use]
    pub const fn known(value: &'static str, scheme: &'static str, meaning: &'static str) -> Self {
        Self { value: Cow::Borrowed(value), scheme: Cow::Borrowed(scheme), meaning: Cow::Borrowed(meaning) }
    }

    /// A unit of UCUM by its code (PS3.16 §7.2.2).
    #[must_use]
    pub fn unit(code: &str, meaning: &str) -> Self {
        let owned = |text: &str| Cow::Owned(text.to_owned());
        Self { value: owned(code), scheme: Cow::Borrowed("UCUM"), meaning: owned(meaning) }
    }

    /// As an item of a code sequence.
    #[must_use]
    pub fn to_item(&self) -> DataSet {
        let mut item = DataSet::new();
        item.put_text(tags::CODE_VALUE, &self.value);
        item.put_text(tags::CODING_SCHEME_DESIGNATOR, &self.scheme);
        item.put_text(tags::CODE_MEANING, &self.meaning);
        item
    }

    /// From an item of a code sequence. Some writers leave the value out: the meaning says it then.
    #[must_use]
    pub fn of(item: &DataSet) -> Self {
        let text = |tag| item.text(tag).filter(|text| !text.is_empty());
        let value = text(tags::CODE_VALUE)
            .or_else(|| text(tags::LONG_CODE_VALUE))
            .or_else(|| text(tags::URN_CODE_VALUE));
        let owned = |text: Option<String>| Cow::Owned(text.unwrap_or_default());
        Self {
            value: owned(value),
            scheme: owned(text(tags::CODING_SCHEME_DESIGNATOR)),
            meaning: owned(text(tags::CODE_MEANING)),
        }
    }

    /// Whether it is this concept, or says the same words without a usable code.
    #[must_use]
    pub fn means(&self, known: &Self) -> bool {
        self == known || (self.meaning.eq_ignore_ascii_case(&known.meaning) && self.scheme != known.scheme)
    }
}

/// Concepts of PS3.16 Annex D and of SNOMED CT that reports of measurements are made of.
pub mod concepts {
    use super::Code;

    macro_rules! concepts {
        ($($(#[$doc:meta])* $name:ident = $value:literal $scheme:literal $meaning:literal;)*) => {
            $($(#[$doc])* pub const $name: Code = Code::known($value, $scheme, $meaning);)*
        };
    }

    concepts! {
        /// The report's title (TID 1500).
        REPORT = "126000" "DCM" "Imaging Measurement Report";
        /// TID 1204.
        LANGUAGE = "121049" "DCM" "Language of Content Item and Descendants";
        /// Of text we write.
        ENGLISH = "en-US" "RFC5646" "English (United States)";
        /// TID 1002.
        OBSERVER_TYPE = "121005" "DCM" "Observer Type";
        /// A person observed.
        PERSON = "121006" "DCM" "Person";
        /// A device observed.
        DEVICE = "121007" "DCM" "Device";
        /// TID 1003.
        PERSON_NAME = "121008" "DCM" "Person Observer Name";
        /// TID 1003.
        LOGIN_NAME = "128774" "DCM" "Person Observer's Login Name";
        /// TID 1004.
        DEVICE_UID = "121012" "DCM" "Device Observer UID";
        /// TID 1004.
        DEVICE_NAME = "121013" "DCM" "Device Observer Name";
        /// What was done to get the images (TID 1500).
        PROCEDURE = "121058" "DCM" "Procedure Reported";
        /// Where nothing more is known of the procedure.
        IMAGING = "363679005" "SCT" "Imaging procedure";
        /// TID 1600.
        LIBRARY = "111028" "DCM" "Image Library";
        /// TID 1600.
        LIBRARY_GROUP = "126200" "DCM" "Image Library Group";
        /// TID 1500.
        MEASUREMENTS = "126010" "DCM" "Imaging Measurements";
        /// TID 1501, 1410, 1411.
        GROUP = "125007" "DCM" "Measurement Group";
        /// TID 4108.
        TRACKING_IDENTIFIER = "112039" "DCM" "Tracking Identifier";
        /// TID 4108.
        TRACKING_UID = "112040" "DCM" "Tracking Unique Identifier";
        /// What it is (TID 1501).
        FINDING = "121071" "DCM" "Finding";
        /// Where it is (TID 1501).
        FINDING_SITE = "363698007" "SCT" "Finding Site";
        /// On which side it is (TID 1501, CID 244).
        LATERALITY = "272741003" "SCT" "Laterality";
        /// CID 244.
        RIGHT = "24028007" "SCT" "Right";
        /// CID 244.
        LEFT = "7771000" "SCT" "Left";
        /// CID 244.
        BILATERAL = "51440002" "SCT" "Right and left";
        /// TID 4019.
        ALGORITHM_NAME = "111001" "DCM" "Algorithm Name";
        /// TID 4019.
        ALGORITHM_VERSION = "111003" "DCM" "Algorithm Version";
        /// The series that was segmented (TID 1411).
        SOURCE_SERIES = "121232" "DCM" "Source series for segmentation";
        /// Of the person, not of images (TID 1007).
        PATIENT_CHARACTERISTICS = "121118" "DCM" "Patient Characteristics";
        /// Words of the observer.
        COMMENT = "121106" "DCM" "Comment";
        /// A region measured (TID 1410).
        IMAGE_REGION = "111030" "DCM" "Image Region";
        /// The image a region was drawn on (TID 1410).
        SOURCE_IMAGE = "121233" "DCM" "Source image for segmentation";
        /// How a value was made of many (TID 1419).
        DERIVATION = "121401" "DCM" "Derivation";
        /// A distance.
        LENGTH = "410668003" "SCT" "Length";
        /// The longer of two diameters.
        LONG_AXIS = "103339001" "SCT" "Long Axis";
        /// The shorter one across.
        SHORT_AXIS = "103340004" "SCT" "Short Axis";
        /// Across something.
        DIAMETER = "81827009" "SCT" "Diameter";
        /// An angle.
        ANGLE = "1483009" "SCT" "Angle";
        /// The angle between two lines that do not meet.
        COBB_ANGLE = "285285000" "SCT" "Cobb angle";
        /// The area of a region.
        AREA = "42798000" "SCT" "Area";
        /// The length of a region's border.
        PERIMETER = "131191004" "SCT" "Perimeter";
        /// Half a circle's diameter.
        RADIUS = "131190003" "SCT" "Radius";
        /// A volume.
        VOLUME = "118565006" "SCT" "Volume";
        /// Mean of many.
        MEAN = "373098007" "SCT" "Mean";
        /// Standard deviation of many.
        DEVIATION = "386136009" "SCT" "Standard Deviation";
        /// Least of many.
        MINIMUM = "255605001" "SCT" "Minimum";
        /// Greatest of many.
        MAXIMUM = "56851009" "SCT" "Maximum";
        /// Middle of many.
        MEDIAN = "373099004" "SCT" "Median";
        /// What a CT's pixels say, in Hounsfield units.
        ATTENUATION = "112031" "DCM" "Attenuation Coefficient";
        /// What a PET's pixels say, once divided by dose and weight.
        UPTAKE = "126400" "DCM" "Standardized Uptake Value";
        /// What other pixels say, after the modality's rescaling.
        PIXEL_VALUE = "pixel-value" "99ISOCENTER" "Pixel value";
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_go_there_and_back_and_meanings_do_not_count() {
        let code = Code::unit("mm", "millimetre");
        assert_eq!(Code::of(&code.to_item()), code);
        assert_eq!(code, Code::unit("mm", "mm"));
        assert_ne!(code, Code::unit("cm", "mm"));
    }

    #[test]
    fn words_count_where_the_code_is_not_the_usual_one() {
        let old = Code::known("", "", "Tracking Unique Identifier");
        assert!(old.means(&concepts::TRACKING_UID));
        assert!(!old.means(&concepts::TRACKING_IDENTIFIER));
    }
}
