//! Where the images lie on which something was marked.

use dicom::{DataSet, Tag, tags};
use serde::{Deserialize, Serialize};

/// An image, or a frame of one, as a segmentation refers to it. Numbers stand as their header has them
/// (VR DS), so that they come back unchanged.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Place {
    /// Series Instance UID.
    pub series: String,
    /// SOP Class UID.
    pub sop_class: String,
    /// Rows and columns.
    pub size: (u16, u16),
    /// Frame of Reference UID; empty where there is none.
    #[serde(default)]
    pub frame_of_reference: String,
    /// Image Position (Patient): mm; empty where there is none.
    #[serde(default)]
    pub position: String,
    /// Image Orientation (Patient); empty where there is none.
    #[serde(default)]
    pub orientation: String,
    /// Pixel Spacing: mm between rows, then columns; empty where there is none.
    #[serde(default)]
    pub spacing: String,
    /// Slice Thickness: mm; empty where there is none.
    #[serde(default)]
    pub thickness: String,
}

/// Reads it from the image's header; in images of many frames from the frame's own groups of attributes or
/// from those all frames share (PS3.3 §C.7.6.16).
#[must_use]
pub fn of(header: &DataSet, frame: Option<u32>) -> Place {
    let side = |tag| header.int(tag).and_then(|side| u16::try_from(side).ok()).unwrap_or(0);
    let text = |group: Tag, tag: Tag| {
        let within =
            groups(header, frame).find_map(|groups| groups.items(group).first()?.get(tag).map(|_| groups));
        let set = within.and_then(|groups| groups.items(group).first()).unwrap_or(header);
        set.texts(tag).join("\\")
    };
    Place {
        series: header.uid(tags::SERIES_INSTANCE_UID).unwrap_or_default(),
        sop_class: header.uid(tags::SOP_CLASS_UID).unwrap_or_default(),
        size: (side(tags::ROWS), side(tags::COLUMNS)),
        frame_of_reference: header.uid(tags::FRAME_OF_REFERENCE_UID).unwrap_or_default(),
        position: text(tags::PLANE_POSITION_SEQUENCE, tags::IMAGE_POSITION_PATIENT),
        orientation: text(tags::PLANE_ORIENTATION_SEQUENCE, tags::IMAGE_ORIENTATION_PATIENT),
        spacing: text(tags::PIXEL_MEASURES_SEQUENCE, tags::PIXEL_SPACING),
        thickness: text(tags::PIXEL_MEASURES_SEQUENCE, tags::SLICE_THICKNESS),
    }
}

fn groups(header: &DataSet, frame: Option<u32>) -> impl Iterator<Item = &DataSet> {
    let at = frame.map_or(0, |frame| frame.saturating_sub(1)) as usize;
    let own = header.items(tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE).get(at);
    own.into_iter().chain(header.items(tags::SHARED_FUNCTIONAL_GROUPS_SEQUENCE))
}

impl Place {
    /// Whether it is known where in the patient it lies.
    #[must_use]
    pub fn is_in_space(&self) -> bool {
        ![&self.position, &self.orientation, &self.spacing, &self.frame_of_reference]
            .iter()
            .any(|t| t.is_empty())
    }
}
