//! Frames, coded as asked (PS3.18 §10.4.1.1.6, §8.7.3.3).

use std::sync::Arc;

use bytes::Bytes;
use dicom::pixel::{can_decode, can_encode, encode_frame, is_native};
use futures::stream::{self, Stream, StreamExt};

use crate::media::{self, EXPLICIT, OCTETS};
use crate::multipart::Part;
use crate::{Accepted, Instance, MediaRange, View, ViewError};

/// How the frames of an instance are given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrameForm {
    /// The transfer syntax they are given in.
    pub transfer_syntax: String,
    /// Their media type, with the transfer syntax.
    pub media_type: String,
    /// The media type alone.
    pub root: &'static str,
    /// In `multipart/related`, not alone.
    pub multipart: bool,
}

/// Chooses how frames are given. The default is uncompressed (PS3.18 §8.7.3.3.1).
///
/// # Errors
/// [`ViewError::NotAcceptable`] telling what could be had; as [`Instance::description`].
pub fn select(accepted: &Accepted, instance: &Instance, single: bool) -> Result<FrameForm, ViewError> {
    let own = instance.transfer_syntax()?;
    let found = accepted.0.iter().find_map(|range| Some((range, form(range, own)?)));
    let Some((range, (root, transfer_syntax))) = found else {
        return Err(ViewError::NotAcceptable(offer(own)));
    };
    let media_type = media::frame_type(root, &transfer_syntax);
    let multipart = range.multipart || range.is_any() || !single;
    Ok(FrameForm { transfer_syntax, media_type, root, multipart })
}

fn offer(own: &str) -> String {
    let mut offers = vec![media::frame_type(media::of_transfer_syntax(own), own)];
    if can_decode(own) {
        offers.push(media::frame_type(OCTETS, EXPLICIT));
        offers.extend(
            ["image/jls", "image/dicom-rle"]
                .iter()
                .filter_map(|kind| Some(media::frame_type(kind, media::encodable(kind)?))),
        );
    }
    format!("multipart/related of {}", offers.join(", "))
}

/// The media type and transfer syntax a range can be served with.
fn form(range: &MediaRange, own: &str) -> Option<(&'static str, String)> {
    let kind = media::of_transfer_syntax(own);
    let decodable = can_decode(own);
    let keep =
        || Some((if range.takes(OCTETS) && !range.takes(kind) { OCTETS } else { kind }, own.to_owned()));
    let encode = |uid: &str| {
        let root = media::of_transfer_syntax(uid);
        let given = if range.takes(root) { root } else { OCTETS };
        (decodable && can_encode(uid) && range.takes(given)).then(|| (given, uid.to_owned()))
    };
    match range.transfer_syntax.as_deref() {
        Some("*") if range.takes(kind) || range.takes(OCTETS) => keep(),
        Some("*") => media::encodable(&range.kind).and_then(encode),
        Some(uid) if uid == own && (range.takes(kind) || range.takes(OCTETS)) => keep(),
        Some(uid) if is_native(uid) && range.takes(OCTETS) => encode(EXPLICIT),
        Some(uid) => encode(uid),
        None if range.takes(OCTETS) && decodable => Some((OCTETS, EXPLICIT.to_owned())),
        None if range.takes(kind) => keep(),
        None => media::encodable(&range.kind).and_then(encode),
    }
}

impl View {
    /// One frame counted from 0 in a form.
    ///
    /// # Errors
    /// As [`View::coded_frame`]; [`ViewError::Pixel`] where it can't be decoded or encoded.
    pub async fn frame(
        &self,
        instance: &Arc<Instance>,
        frame: u32,
        form: &FrameForm,
    ) -> Result<Bytes, ViewError> {
        let own = instance.transfer_syntax()?;
        if own == form.transfer_syntax || (is_native(own) && is_native(&form.transfer_syntax)) {
            return self.coded_frame(instance, frame).await;
        }
        let decoded = self.decoded_frame(instance, frame).await?;
        let to = form.transfer_syntax.clone();
        self.work(move || Ok(encode_frame(&decoded, &to)?)).await
    }

    /// Frames counted from 0 as parts.
    pub fn frame_parts(
        &self,
        instance: &Arc<Instance>,
        frames: Vec<u32>,
        form: &FrameForm,
        address: &str,
    ) -> impl Stream<Item = Result<Part, ViewError>> + Send + 'static {
        let (view, instance, form, address) =
            (self.clone(), instance.clone(), form.clone(), address.to_owned());
        stream::iter(frames)
            .map(move |frame| {
                let (view, instance, form) = (view.clone(), instance.clone(), form.clone());
                let location = format!("{address}/frames/{}", frame.saturating_add(1));
                async move {
                    let content = view.frame(&instance, frame, &form).await?;
                    Ok(Part::whole(form.media_type, Some(location), content))
                }
            })
            .buffered(2)
    }
}

/// Reads a list of frame numbers counted from 1, such as `1,3,5`, to indices from 0.
#[must_use]
pub fn parse_list(text: &str) -> Option<Vec<u32>> {
    text.split(',').map(|part| part.trim().parse::<u32>().ok()?.checked_sub(1)).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const JPEG_LS: &str = "1.2.840.10008.1.2.4.80";
    const J2K: &str = "1.2.840.10008.1.2.4.90";

    fn choose(accept: &str, own: &str) -> Option<(&'static str, String)> {
        Accepted::parse(None, std::iter::once(accept)).0.iter().find_map(|range| form(range, own))
    }

    #[test]
    fn any_transfer_syntax_keeps_the_own() {
        let accept = r#"multipart/related; type="application/octet-stream"; transfer-syntax=*"#;
        assert_eq!(choose(accept, J2K).unwrap(), (OCTETS, J2K.to_owned()));
        assert_eq!(choose("image/jp2; transfer-syntax=*", J2K).unwrap(), ("image/jp2", J2K.to_owned()));
    }

    #[test]
    fn without_a_transfer_syntax_frames_are_uncompressed() {
        let accept = r#"multipart/related; type="application/octet-stream""#;
        assert_eq!(choose(accept, J2K).unwrap(), (OCTETS, EXPLICIT.to_owned()));
        assert_eq!(choose("*/*", J2K).unwrap(), (OCTETS, EXPLICIT.to_owned()));
    }

    #[test]
    fn what_can_be_encoded_is() {
        assert_eq!(choose("image/jls", EXPLICIT).unwrap(), ("image/jls", JPEG_LS.to_owned()));
        assert_eq!(choose("image/jp2", EXPLICIT), None);
    }

    #[test]
    fn video_stays_video() {
        let video = "1.2.840.10008.1.2.4.102";
        assert_eq!(choose("video/mp4", video).unwrap(), ("video/mp4", video.to_owned()));
        assert_eq!(
            choose(
                r#"multipart/related; type="application/octet-stream"; transfer-syntax=1.2.840.10008.1.2.1"#,
                video
            ),
            None
        );
    }

    #[test]
    fn lists_count_from_one() {
        assert_eq!(parse_list("1,3"), Some(vec![0, 2]));
        assert_eq!(parse_list("0"), None);
        assert_eq!(parse_list("1,x"), None);
    }
}
