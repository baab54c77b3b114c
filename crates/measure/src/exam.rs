//! What an object made of someone's work has to say of its exam, and of itself.

use dicom::{DataSet, tags};
use jiff::tz::TimeZone;
use model::Timestamp;
use std::collections::BTreeMap;

/// The exam that was worked on.
#[derive(Debug, Clone, Default)]
pub struct Exam {
    /// Attributes of patient and exam, as one of its instances has them.
    pub head: DataSet,
    /// Its images, by SOP Instance UID.
    pub images: BTreeMap<String, Image>,
}

/// An image of the exam.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// Its series.
    pub series: String,
    /// Its kind.
    pub sop_class: String,
}

/// Which object of a chain is made.
#[derive(Debug, Clone)]
pub struct Version {
    /// The chain's series.
    pub series: String,
    /// The object's own UID.
    pub sop: String,
    /// 1 for the first, one more for each later one.
    pub number: u32,
    /// The UID of the version before.
    pub replaces: Option<String>,
    /// The tracking UIDs of what changed.
    pub changed: Vec<String>,
    /// When.
    pub at: Timestamp,
}

impl Exam {
    /// An empty object of this exam: patient, exam, series, and what made it.
    #[must_use]
    pub fn object(&self, version: &Version, sop_class: &str, modality: &str, description: &str) -> DataSet {
        let mut set = dicom::made::beside(&self.head);
        let (date, time) = day_and_time(version.at);
        for (tag, text) in [
            (tags::SOP_CLASS_UID, sop_class),
            (tags::SOP_INSTANCE_UID, version.sop.as_str()),
            (tags::SERIES_INSTANCE_UID, version.series.as_str()),
            (tags::MODALITY, modality),
            (tags::SERIES_DESCRIPTION, description),
            (tags::INSTANCE_NUMBER, &version.number.to_string()),
            (tags::MANUFACTURER, "Isocenter"),
            (tags::MANUFACTURER_MODEL_NAME, "Isocenter"),
            (tags::SOFTWARE_VERSIONS, env!("CARGO_PKG_VERSION")),
            (tags::DEVICE_SERIAL_NUMBER, dicom::IMPLEMENTATION_CLASS_UID),
            (tags::INSTANCE_CREATION_DATE, &date),
            (tags::INSTANCE_CREATION_TIME, &time),
            (tags::CONTENT_DATE, &date),
            (tags::CONTENT_TIME, &time),
            (tags::SERIES_DATE, &date),
            (tags::SERIES_TIME, &time),
        ] {
            set.put_text(tag, text);
        }
        set
    }
}

/// Date and time (VR DA and TM) where the server stands, as scanners write theirs.
fn day_and_time(at: Timestamp) -> (String, String) {
    let moment = local(at);
    (moment.strftime("%Y%m%d").to_string(), moment.strftime("%H%M%S.%6f").to_string())
}

/// VR DT, with its offset from UTC.
pub(crate) fn date_time(at: Timestamp) -> String {
    local(at).strftime("%Y%m%d%H%M%S.%6f%z").to_string()
}

fn local(at: Timestamp) -> jiff::Zoned {
    let moment = jiff::Timestamp::from_microsecond(at.as_micros()).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    moment.to_zoned(TimeZone::system())
}
