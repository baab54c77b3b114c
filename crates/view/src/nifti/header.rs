//! The header of a NIfTI-1 file: 348 bytes and four for "no extensions"
//! (<https://nifti.nimh.nih.gov/pub/dist/src/niftilib/nifti1.h>).

use bytes::{BufMut, Bytes, BytesMut};
use dicom::pixel::SampleKind;

use super::slice::{Raster, Scale};
use super::stack::Stack;
use super::vector::{Vec3, add, length, scaled, unit};

/// Where the voxels begin.
const VOXELS_AT: f32 = 352.0;
/// Millimetres and seconds.
const MM_AND_SECONDS: u8 = 2 | 8;
/// The scanner's own coordinates.
const SCANNER: i16 = 1;

/// A type of voxel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct VoxelType {
    /// The number NIfTI has for it.
    pub code: i16,
    pub bits: i16,
    pub name: &'static str,
}

const fn voxel(code: i16, bits: i16, name: &'static str) -> VoxelType {
    VoxelType { code, bits, name }
}

pub(super) const FLOAT: VoxelType = voxel(16, 32, "float32");
pub(super) const RGB: VoxelType = voxel(128, 24, "rgb24");

/// The type samples are kept in as they are; `None` for a layout without one.
pub(super) fn type_of(raster: &Raster) -> Option<VoxelType> {
    if raster.samples == 3 {
        return Some(RGB);
    }
    Some(match (raster.kind, raster.bits_allocated, raster.signed) {
        (SampleKind::Float, ..) => FLOAT,
        (SampleKind::Double, ..) => voxel(64, 64, "float64"),
        (SampleKind::Integer, 1 | 8, false) => voxel(2, 8, "uint8"),
        (SampleKind::Integer, 8, true) => voxel(256, 8, "int8"),
        (SampleKind::Integer, 16, true) => voxel(4, 16, "int16"),
        (SampleKind::Integer, 16, false) => voxel(512, 16, "uint16"),
        (SampleKind::Integer, 32, true) => voxel(8, 32, "int32"),
        (SampleKind::Integer, 32, false) => voxel(768, 32, "uint32"),
        _ => return None,
    })
}

/// Voxel (column, row from below, slice) to mm of the patient's right, front, head: three rows.
/// Rows are written from the last to the first, so that the determinant is negative as in most files.
pub(super) fn affine(stack: &Stack) -> Option<[[f64; 4]; 3]> {
    let slice = stack.first()?;
    let (place, raster) = (&slice.place, &slice.raster);
    let across = scaled(place.along_row, place.spacing[0]);
    let down = scaled(place.along_column, place.spacing[1]);
    let corner = add(place.origin, scaled(down, raster.rows as f64 - 1.0));
    let up = scaled(down, -1.0);
    // The patient's left and back count in DICOM, right and front in NIfTI.
    let sign = [-1.0, -1.0, 1.0];
    let row = |i: usize| [across[i], up[i], stack.step[i], corner[i]].map(|n| n * sign[i]);
    Some([row(0), row(1), row(2)])
}

/// What the header tells beside the geometry.
pub(super) struct About<'a> {
    pub voxel: VoxelType,
    pub scale: Scale,
    /// Seconds from one time to the next; 0 when that is not known.
    pub repetition: f64,
    /// At most 79 ASCII characters, nothing of the patient.
    pub description: &'a str,
    /// Frequency, phase and slice axis, 1 to 3; 0: not known.
    pub axes: [u8; 3],
}

/// Writes the header. `None` where a size is more than NIfTI-1 can say.
pub(super) fn write(stack: &Stack, about: &About<'_>) -> Option<Bytes> {
    let slice = stack.first()?;
    let rows = affine(stack)?;
    let column = |j: usize| -> Vec3 { [rows[0][j], rows[1][j], rows[2][j]] };
    let mut out = BytesMut::with_capacity(352);
    out.put_i32_le(348);
    out.put_bytes(0, 35);
    out.put_u8(about.axes[0] | about.axes[1] << 2 | about.axes[2] << 4);
    let sizes = [slice.raster.columns, slice.raster.rows, stack.depth, stack.times];
    out.put_i16_le(if stack.times > 1 { 4 } else { 3 });
    for size in sizes {
        out.put_i16_le(i16::try_from(size).ok()?);
    }
    (0..3).for_each(|_| out.put_i16_le(1));
    out.put_bytes(0, 14);
    out.put_i16_le(about.voxel.code);
    out.put_i16_le(about.voxel.bits);
    out.put_i16_le(0);
    let quaternion = stack.upright.then(|| quaternion([column(0), column(1), column(2)])).flatten();
    out.put_f32_le(quaternion.map_or(1.0, |q| q.1) as f32);
    for j in 0..3 {
        out.put_f32_le(length(column(j)) as f32);
    }
    out.put_f32_le(about.repetition as f32);
    out.put_bytes(0, 12);
    out.put_f32_le(VOXELS_AT);
    out.put_f32_le(about.scale.slope as f32);
    out.put_f32_le(about.scale.intercept as f32);
    out.put_bytes(0, 3);
    out.put_u8(MM_AND_SECONDS);
    out.put_bytes(0, 24);
    put_text(&mut out, about.description, 80);
    out.put_bytes(0, 24);
    out.put_i16_le(if quaternion.is_some() { SCANNER } else { 0 });
    out.put_i16_le(SCANNER);
    let [b, c, d] = quaternion.map_or([0.0; 3], |q| q.0);
    let offset = if quaternion.is_some() { column(3) } else { [0.0; 3] };
    [b, c, d].iter().chain(&offset).for_each(|n| out.put_f32_le(*n as f32));
    rows.iter().flatten().for_each(|n| out.put_f32_le(*n as f32));
    out.put_bytes(0, 16);
    out.put_slice(b"n+1\0\0\0\0\0");
    Some(out.freeze())
}

fn put_text(out: &mut BytesMut, text: &str, room: usize) {
    let plain = text.bytes().filter(u8::is_ascii).take(room - 1).collect::<Vec<_>>();
    out.put_slice(&plain);
    out.put_bytes(0, room - plain.len());
}

/// The rotation as a quaternion's (b, c, d), and whether the last axis is turned round (-1) or not (1).
fn quaternion(columns: [Vec3; 3]) -> Option<(Vec3, f64)> {
    let [x, y, mut z] = [unit(columns[0])?, unit(columns[1])?, unit(columns[2])?];
    let determinant = super::vector::dot(super::vector::cross(x, y), z);
    let turned = if determinant < 0.0 { -1.0 } else { 1.0 };
    z = scaled(z, turned);
    let r = |i: usize, j: usize| [x, y, z][j][i];
    let a = 1.0 + r(0, 0) + r(1, 1) + r(2, 2);
    if a > 0.5 {
        let a = 0.5 * a.sqrt();
        let part = |p: f64| 0.25 * p / a;
        return Some(([part(r(2, 1) - r(1, 2)), part(r(0, 2) - r(2, 0)), part(r(1, 0) - r(0, 1))], turned));
    }
    let xd = 1.0 + r(0, 0) - (r(1, 1) + r(2, 2));
    let yd = 1.0 + r(1, 1) - (r(0, 0) + r(2, 2));
    let zd = 1.0 + r(2, 2) - (r(0, 0) + r(1, 1));
    let (b, c, d, a);
    if xd > 1.0 {
        b = 0.5 * xd.sqrt();
        (c, d, a) =
            (0.25 * (r(0, 1) + r(1, 0)) / b, 0.25 * (r(0, 2) + r(2, 0)) / b, 0.25 * (r(2, 1) - r(1, 2)) / b);
    } else if yd > 1.0 {
        c = 0.5 * yd.sqrt();
        (b, d, a) =
            (0.25 * (r(0, 1) + r(1, 0)) / c, 0.25 * (r(1, 2) + r(2, 1)) / c, 0.25 * (r(0, 2) - r(2, 0)) / c);
    } else {
        d = 0.5 * zd.max(0.0).sqrt();
        if d == 0.0 {
            return None;
        }
        (b, c, a) =
            (0.25 * (r(0, 2) + r(2, 0)) / d, 0.25 * (r(1, 2) + r(2, 1)) / d, 0.25 * (r(1, 0) - r(0, 1)) / d);
    }
    let sign = if a < 0.0 { -1.0 } else { 1.0 };
    Some(([b * sign, c * sign, d * sign], turned))
}
