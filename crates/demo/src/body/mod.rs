//! Anatomy as geometry: which tissue is where.
//!
//! Millimetres in the patient's frame: x to the patient's left, y to the back, z to the head
//! (PS3.3 §C.7.6.2.1.1). Each body has its own origin.

mod chest;
mod head;
mod shape;

pub use chest::Chest;
pub use head::{Head, Load};
pub use shape::{Point, Tube};

/// What a point is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tissue {
    /// Around the body, and in its cavities.
    Air,
    /// The scanner's couch.
    Couch,
    /// Air-filled lung.
    Lung,
    /// Fat under the skin and between organs.
    Fat,
    /// Skin.
    Skin,
    /// Muscle.
    Muscle,
    /// Soft tissue of no particular organ.
    Soft,
    /// Blood in vessels and in the chambers of the heart.
    Blood,
    /// The heart's muscle.
    Myocardium,
    /// Liver.
    Liver,
    /// Spleen.
    Spleen,
    /// Dense bone.
    Cortical,
    /// Spongy bone.
    Marrow,
    /// Cartilage and discs.
    Cartilage,
    /// A growth in the lung.
    Nodule,
    /// Fluid around and in the brain.
    Csf,
    /// Grey matter.
    Grey,
    /// White matter.
    White,
    /// A lesion of the white matter.
    Lesion,
}

/// A body that scanners can ask.
pub trait Body: Sync {
    /// The tissue at a point, without tubes.
    fn tissue(&self, point: Point) -> Tissue;

    /// Vessels, ribs and airways: thin, long and many. Later ones lie over earlier ones.
    fn tubes(&self) -> &[Tube];

    /// Whether a tube shows where this tissue is.
    fn shows(&self, tube: &Tube, over: Tissue) -> bool {
        tube.only_in.is_none_or(|tissue| tissue == over)
    }
}

/// Tissues of an axial slice at `z`, row by row from the front, each row from the patient's right.
///
/// `spacing` is the distance between centres in mm; the slice is centred on the origin.
pub fn slice(body: &dyn Body, z: f32, columns: usize, rows: usize, spacing: f32) -> Vec<Tissue> {
    let x_of = |column: usize| (column as f32 - (columns - 1) as f32 / 2.0) * spacing;
    let y_of = |row: usize| (row as f32 - (rows - 1) as f32 / 2.0) * spacing;
    let points = (0..rows).flat_map(|row| (0..columns).map(move |column| (column, row)));
    let mut tissues: Vec<Tissue> =
        points.map(|(column, row)| body.tissue([x_of(column), y_of(row), z])).collect();
    for tube in body.tubes().iter().filter(|tube| tube.reaches(z)) {
        let ([left, front], [right, back]) = tube.bounds();
        let columns_hit = index(left, columns, spacing)..=index(right, columns, spacing);
        for row in index(front, rows, spacing)..=index(back, rows, spacing) {
            for column in columns_hit.clone() {
                let place = &mut tissues[row * columns + column];
                if let Some(tissue) = tube.at([x_of(column), y_of(row), z])
                    && body.shows(tube, *place)
                {
                    *place = tissue;
                }
            }
        }
    }
    tissues
}

/// The pixel nearest to a coordinate, within the picture.
fn index(coordinate: f32, count: usize, spacing: f32) -> usize {
    let at = (coordinate / spacing + (count - 1) as f32 / 2.0).round();
    (at.max(0.0) as usize).min(count - 1)
}
