//! A series as NIfTI-1 volumes: which there are, and each as a stream.
//!
//! Slices are put together by where they lie, not by their numbers; what can't be a volume is told
//! with its reason. Voxels keep the stored integers with slope and intercept beside them, unless these
//! differ from slice to slice (PET): then they are 32-bit floats. One frame is in memory at a time.
//! Read in this order: this file, [`slice`], [`stack`], [`header`], [`voxels`], [`sidecar`], `package`.

mod header;
mod mosaic;
mod package;
mod sidecar;
mod slice;
mod stack;
mod vector;
mod voxels;

use std::io::Write as _;
use std::sync::Arc;

use bytes::Bytes;
use catalog::Located;
use dicom::tags;
use flate2::Compression;
use flate2::write::GzEncoder;
use futures::stream::{self, StreamExt, TryStreamExt};
use serde_json::Value;

use crate::{ByteStream, View, ViewError};
use header::{About, VoxelType};
use slice::{Raster, Scale, Slice};
use stack::Stack;

/// The media type of a compressed volume.
pub const GZIP: &str = "application/gzip";

/// Headers read at once.
const HEADERS: usize = 4;
/// Images decoded ahead of the one that is written.
const AHEAD: usize = 2;

/// What a series gives.
#[derive(Debug, Default)]
pub struct Conversion {
    /// Its volumes.
    pub volumes: Vec<Volume>,
    /// What of it is none, and why.
    pub refused: Vec<Refused>,
}

/// Images that can't be a volume.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// How many.
    pub images: usize,
    /// Why, in words.
    pub reason: String,
}

/// One volume, or one in time.
#[derive(Debug, Clone)]
pub struct Volume {
    /// Columns, rows, slices, times.
    pub shape: [usize; 4],
    /// Distance of columns, rows and slices in mm.
    pub spacing: [f64; 3],
    /// The type of a voxel.
    pub voxel: &'static str,
    /// Voxel to mm of the patient's right, front and head.
    pub affine: [[f64; 4]; 3],
    /// What whoever uses it should know.
    pub notes: Vec<String>,
    /// What it was acquired with; nothing of the patient.
    pub sidecar: Value,
    /// b-values (s/mm²) and gradient directions along the volume's axes, for each time.
    pub diffusion: Option<Diffusion>,
    stack: Stack,
    head: Bytes,
    kept: Kept,
    instances: Arc<Vec<Located>>,
}

/// The diffusion weighting of a volume's times.
#[derive(Debug, Clone, PartialEq)]
pub struct Diffusion {
    /// s/mm².
    pub b_values: Vec<f64>,
    /// Along columns, rows (as written) and slices; zeros without a gradient.
    pub directions: Vec<[f64; 3]>,
}

/// How samples are kept.
#[derive(Debug, Clone, Copy)]
struct Kept {
    raster: Raster,
    voxel: VoxelType,
    /// Samples are turned into what they stand for, slice by slice.
    scaled: bool,
}

impl Volume {
    /// Bytes of it before compression.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        let voxels: u64 = self.shape.iter().map(|n| *n as u64).product();
        self.head.len() as u64 + voxels * (self.kept.voxel.bits as u64 / 8)
    }

    /// Images it is made of.
    #[must_use]
    pub fn images(&self) -> usize {
        self.stack.slices.len()
    }
}

impl View {
    /// Finds the volumes of a series: reads its headers, no pixels.
    ///
    /// # Errors
    /// [`ViewError::Archive`], [`ViewError::DataSet`].
    pub async fn nifti(&self, instances: Vec<Located>) -> Result<Conversion, ViewError> {
        let instances = Arc::new(instances);
        let mut conversion = Conversion::default();
        let mut slices: Vec<Slice> = Vec::new();
        let read = stream::iter(0..instances.len())
            .map(|n| {
                let (view, instances) = (self.clone(), instances.clone());
                async move { Ok::<_, ViewError>(slice::read(n, &view.header(&instances[n]).await?.data_set)) }
            })
            .buffered(HEADERS);
        let mut read = std::pin::pin!(read);
        while let Some(found) = read.try_next().await? {
            match found {
                Ok(found) => slices.extend(found),
                Err(reason) => conversion.refuse(1, reason),
            }
        }
        let (stacks, refused) = stack::stacks(slices);
        refused.into_iter().for_each(|(images, reason)| conversion.refuse(images, reason));
        for stack in stacks {
            let images = stack.slices.len();
            let Some(n) = stack.first().map(|slice| slice.instance) else { continue };
            let header = self.header(&instances[n]).await?.data_set;
            match volume(stack, &header, instances.clone()) {
                Ok(volume) => conversion.volumes.push(volume),
                Err(reason) => conversion.refuse(images, reason),
            }
        }
        Ok(conversion)
    }

    /// A volume as a `.nii.gz` file. Equal bytes each time.
    #[must_use]
    pub fn nifti_file(&self, volume: &Volume) -> ByteStream {
        let (view, kept, instances) = (self.clone(), volume.kept, volume.instances.clone());
        let voxels = stream::iter(volume.stack.slices.clone())
            .map(move |slice| {
                let (view, instances) = (view.clone(), instances.clone());
                async move { view.voxels(&instances[slice.instance], &slice, kept).await }
            })
            .buffered(AHEAD);
        let head = volume.head.clone();
        self.compressed(stream::once(async { Ok(head) }).chain(voxels).boxed())
    }

    async fn voxels(&self, located: &Located, slice: &Slice, kept: Kept) -> Result<Bytes, ViewError> {
        let instance = self.open(located).await?;
        let frame = self.decoded_frame(&instance, slice.frame).await?;
        let (tile, scale, number) = (slice.tile, slice.scale, slice.frame);
        self.work(move || {
            let table = || dicom::pixel::render::Presentation::of(&instance.data_set, number).modality;
            let meaning = match (kept.scaled, scale) {
                (false, _) => voxels::Meaning::Stored,
                (true, Some(scale)) => voxels::Meaning::Scaled(scale),
                (true, None) => voxels::Meaning::Table(table()),
            };
            Ok(voxels::of(&frame, &kept.raster, tile, &meaning)?)
        })
        .await
    }

    fn compressed(&self, raw: ByteStream) -> ByteStream {
        let view = self.clone();
        let begun = (raw, Some(GzEncoder::new(Vec::new(), Compression::new(4))));
        let chunks = stream::try_unfold(begun, move |(mut raw, encoder)| {
            let view = view.clone();
            async move {
                let Some(mut encoder) = encoder else { return Ok::<_, ViewError>(None) };
                let next = raw.try_next().await?;
                let (out, encoder) = view
                    .work(move || {
                        // Writing to memory does not fail.
                        let failed = |_| ViewError::Stopped;
                        let Some(chunk) = next else { return Ok((encoder.finish().map_err(failed)?, None)) };
                        encoder.write_all(&chunk).map_err(failed)?;
                        Ok((std::mem::take(encoder.get_mut()), Some(encoder)))
                    })
                    .await?;
                Ok(Some((Bytes::from(out), (raw, encoder))))
            }
        });
        chunks.try_filter(|chunk| std::future::ready(!chunk.is_empty())).boxed()
    }
}

impl Conversion {
    fn refuse(&mut self, images: usize, reason: String) {
        match self.refused.iter_mut().find(|refused| refused.reason == reason) {
            Some(refused) => refused.images += images,
            None => self.refused.push(Refused { images, reason }),
        }
    }
}

fn volume(mut stack: Stack, header: &dicom::DataSet, instances: Arc<Vec<Located>>) -> Result<Volume, String> {
    let first = stack.first().ok_or("it has no slices")?;
    let (raster, echo) = (first.raster, first.kind.echo);
    let scale = first.scale.filter(|scale| stack.slices.iter().all(|slice| slice.scale == Some(*scale)));
    let own = header::type_of(&raster).ok_or("NIfTI has no type for samples like its own")?;
    let scaled = scale.is_none() && raster.samples == 1;
    let voxel = if scaled { header::FLOAT } else { own };
    if scaled {
        let note = "Values are written as 32-bit floats: what a stored number stands for differs by slice.";
        stack.notes.push(note.into());
    }
    let none = Scale { slope: 1.0, intercept: 0.0 };
    let seconds = header.float(tags::REPETITION_TIME).filter(|ms| ms.is_finite() && *ms > 0.0);
    let about = About {
        voxel,
        scale: scale.filter(|_| raster.samples == 1).unwrap_or(none),
        repetition: if stack.times > 1 { seconds.unwrap_or(0.0) / 1000.0 } else { 0.0 },
        description: &format!("Isocenter {}", env!("CARGO_PKG_VERSION")),
        axes: axes(header),
    };
    let head = header::write(&stack, &about).ok_or("it is larger than NIfTI-1 can say")?;
    let affine = header::affine(&stack).ok_or("it has no slices")?;
    let length = |j: usize| vector::length([affine[0][j], affine[1][j], affine[2][j]]);
    Ok(Volume {
        shape: [raster.columns, raster.rows, stack.depth, stack.times],
        spacing: [length(0), length(1), length(2)],
        voxel: voxel.name,
        affine,
        notes: stack.notes.clone(),
        sidecar: sidecar::of(header, echo, &stack.notes),
        diffusion: diffusion(&stack),
        kept: Kept { raster, voxel, scaled },
        stack,
        head,
        instances,
    })
}

/// Frequency, phase and slice axis.
fn axes(header: &dicom::DataSet) -> [u8; 3] {
    match header.text(tags::IN_PLANE_PHASE_ENCODING_DIRECTION).as_deref() {
        Some("ROW") => [2, 1, 3],
        Some("COL" | "COLUMN") => [1, 2, 3],
        _ => [0; 3],
    }
}

/// Where every time has a b-value; directions turned into the volume's axes.
fn diffusion(stack: &Stack) -> Option<Diffusion> {
    let place = stack.first()?.place;
    let firsts = stack.slices.iter().step_by(stack.depth);
    let weighted: Vec<_> = firsts.map(|slice| slice.diffusion).collect::<Option<_>>()?;
    let along = [place.along_row, vector::scaled(place.along_column, -1.0), place.normal()];
    let turned =
        |d: &slice::Diffusion| d.direction.map_or([0.0; 3], |g| along.map(|axis| vector::dot(g, axis)));
    (stack.times > 1).then(|| Diffusion {
        b_values: weighted.iter().map(|d| d.b_value).collect(),
        directions: weighted.iter().map(turned).collect(),
    })
}
