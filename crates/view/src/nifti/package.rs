//! The volumes of a series as files beside each other, with what they were acquired with and what
//! could not be converted.

use bytes::Bytes;
use futures::stream::{self, StreamExt};
use serde_json::json;

use super::{Conversion, Diffusion, Volume};
use crate::zip::Member;
use crate::{ByteStream, View};

impl View {
    /// The files of a conversion, in a folder (`""`: none), none of them begun.
    #[must_use]
    pub fn nifti_members(&self, conversion: &Conversion, folder: &str) -> Vec<Member> {
        let mut members = Vec::new();
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let mut put =
            |name: String, content| members.push(Member { name: format!("{prefix}{name}"), content });
        for (n, volume) in conversion.volumes.iter().enumerate() {
            let name = format!("volume-{}", n + 1);
            put(format!("{name}.nii.gz"), self.nifti_file(volume));
            put(format!("{name}.json"), whole(pretty(&volume.sidecar)));
            if let Some(diffusion) = &volume.diffusion {
                put(format!("{name}.bval"), whole(b_values(diffusion)));
                put(format!("{name}.bvec"), whole(b_vectors(diffusion)));
            }
        }
        put("conversion.json".into(), whole(pretty(&report(conversion))));
        members
    }
}

/// What became of a series.
fn report(conversion: &Conversion) -> serde_json::Value {
    let volume = |(n, volume): (usize, &Volume)| {
        json!({
            "file": format!("volume-{}.nii.gz", n + 1),
            "shape": volume.shape,
            "spacingMm": volume.spacing,
            "voxel": volume.voxel,
            "images": volume.images(),
            "notes": volume.notes,
        })
    };
    let refused = |refused: &super::Refused| json!({ "images": refused.images, "reason": refused.reason });
    json!({
        "volumes": conversion.volumes.iter().enumerate().map(volume).collect::<Vec<_>>(),
        "notConverted": conversion.refused.iter().map(refused).collect::<Vec<_>>(),
    })
}

fn pretty(value: &serde_json::Value) -> Bytes {
    // Of plain data, which can always be written.
    serde_json::to_vec_pretty(value).unwrap_or_default().into()
}

/// One line, as FSL reads it.
fn b_values(diffusion: &Diffusion) -> Bytes {
    let line: Vec<_> = diffusion.b_values.iter().map(ToString::to_string).collect();
    format!("{}\n", line.join(" ")).into()
}

/// Three lines: along columns, rows and slices.
fn b_vectors(diffusion: &Diffusion) -> Bytes {
    let line = |axis: usize| {
        let parts: Vec<_> = diffusion.directions.iter().map(|d| format!("{:.6}", d[axis])).collect();
        format!("{}\n", parts.join(" "))
    };
    format!("{}{}{}", line(0), line(1), line(2)).into()
}

fn whole(bytes: Bytes) -> ByteStream {
    stream::once(async { Ok(bytes) }).boxed()
}
