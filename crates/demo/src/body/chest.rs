//! A chest: lungs with their vessels, heart and great vessels, spine, ribs, and what lies under the
//! diaphragm. The origin is in the middle of the thorax; z runs from -160 (liver) to 160 (apices).

use super::shape::{Point, Tube, ellipsoid, ramp, rounded};
use super::{Body, Tissue};
use crate::noise::{bumps, uniform};

/// One person's chest.
pub struct Chest {
    seed: u64,
    /// Thickness of the fat under the skin, mm.
    fat: f32,
    /// How large this person is; 1 is the average.
    size: f32,
    /// How far the heart is enlarged; 1 is normal.
    heart: f32,
    nodule: Option<(Point, f32)>,
    tubes: Vec<Tube>,
}

const SPINE: Point = [0.0, 60.0, 0.0];
/// From one vertebra to the next, mm.
const VERTEBRA: f32 = 24.0;

impl Chest {
    /// The chest of the person with this seed. `nodule_mm` is the diameter of a growth in the right
    /// upper lobe, 0 for none; `heart` is the heart's size, 1 for a normal one.
    #[must_use]
    pub fn new(seed: u64, nodule_mm: f32, heart: f32) -> Self {
        let varied = |which, least: f32, most: f32| least + (most - least) * uniform(seed, which);
        let place = [-62.0 - 14.0 * uniform(seed, 21), -14.0 + 30.0 * uniform(seed, 22), 58.0];
        let nodule = (nodule_mm > 0.0).then_some((place, nodule_mm / 2.0));
        let size = varied(1, 0.92, 1.08);
        let mut chest = Self { seed, fat: varied(2, 7.0, 20.0), size, heart, nodule, tubes: Vec::new() };
        chest.tubes = chest.grow();
        chest
    }

    /// Half width and half depth of the thoracic cavity at a height.
    fn cavity(z: f32) -> (f32, f32) {
        let narrowing = ramp(z, 40.0, 165.0);
        (130.0 - 72.0 * narrowing, 86.0 - 36.0 * narrowing)
    }

    /// Where the lung ends and the diaphragm begins.
    fn diaphragm(x: f32, y: f32) -> f32 {
        let (base, middle) = if x < 0.0 { (-74.0, -66.0) } else { (-86.0, 66.0) };
        let dome = 1.0 - ((x - middle) / 78.0).powi(2) - ((y - 2.0) / 92.0).powi(2);
        base - 40.0 + 44.0 * dome.max(-2.0)
    }

    /// Half width of what lies between the lungs.
    fn mediastinum(y: f32, z: f32) -> f32 {
        let behind = ramp(y, 20.0, 60.0);
        23.0 + 5.0 * behind + 12.0 * ramp(z, 90.0, 160.0) + 8.0 * ramp(-y, 30.0, 80.0) * ramp(-z, -70.0, 20.0)
    }

    fn heart_at(&self, point: Point) -> Option<Tissue> {
        let s = self.heart;
        // The long axis points to the left, to the front and down.
        let [x, y, z] = [point[0] - 22.0, point[1] + 20.0, point[2] + 38.0];
        let long = 0.62 * x - 0.45 * y - 0.64 * z;
        let wide = 0.59 * x + 0.81 * y;
        let high = 0.52 * x - 0.38 * y + 0.77 * z;
        let p = [long, wide, high];
        let outer = ellipsoid(p, [0.0; 3], [66.0 * s, 47.0 * s, 48.0 * s]);
        if outer > 1.06 {
            return None;
        }
        if outer > 0.97 {
            return Some(Tissue::Fat);
        }
        let left = ellipsoid(p, [18.0 * s, 12.0 * s, -4.0], [38.0 * s, 19.0 * s, 20.0 * s]);
        let right = ellipsoid(p, [12.0 * s, -26.0 * s, 0.0], [40.0 * s, 13.0 * s, 26.0 * s]);
        let atria = ellipsoid(p, [-38.0 * s, 0.0, 6.0], [21.0 * s, 36.0 * s, 28.0 * s]);
        let septum = (wide - 0.2 * long).abs() < 2.0;
        let chamber = left < 1.0 || right < 1.0 || (atria < 1.0 && !septum);
        Some(if chamber { Tissue::Blood } else { Tissue::Myocardium })
    }

    fn spine_at([x, y, z]: Point) -> Option<Tissue> {
        let (dx, dy) = (x - SPINE[0], y - SPINE[1]);
        let level = (z / VERTEBRA).rem_euclid(1.0);
        let waist = 1.0 - 0.12 * (level * std::f32::consts::TAU).cos().max(-0.5);
        let body = rounded(dx, dy, 19.0 * waist, 15.0 * waist);
        if body < 1.0 {
            let disc = !(0.1..0.9).contains(&level);
            let shell = body > 0.9 || !(0.16..0.84).contains(&level);
            return Some(match (disc, shell) {
                (true, _) => Tissue::Cartilage,
                (_, true) => Tissue::Cortical,
                _ => Tissue::Marrow,
            });
        }
        let canal = rounded(dx, dy - 24.0, 11.0, 9.0);
        if canal < 0.5 {
            return Some(Tissue::Soft);
        }
        if canal < 1.0 {
            return Some(Tissue::Csf);
        }
        let arch = (0.15..0.75).contains(&level);
        if arch && canal < 1.4 {
            return Some(Tissue::Cortical);
        }
        let process = dx.abs() < 3.2 && (33.0..58.0 - 16.0 * level).contains(&dy) && level > 0.25;
        let transverse =
            (dy - 22.0).abs() < 4.5 && (14.0..36.0).contains(&dx.abs()) && (0.3..0.62).contains(&level);
        (process || transverse).then_some(if level > 0.5 { Tissue::Marrow } else { Tissue::Cortical })
    }

    fn wall_at(&self, point: Point) -> Tissue {
        let [x, y, z] = point;
        let (_, depth) = Self::cavity(z.min(60.0));
        if (-46.0..84.0).contains(&z) && x.abs() < 17.0 && (y + depth + 9.0).abs() < 5.0 {
            let shell = (y + depth + 9.0).abs() > 3.4 || x.abs() > 15.0;
            return if shell { Tissue::Cortical } else { Tissue::Marrow };
        }
        if self.shoulder_blade(point) {
            return Tissue::Cortical;
        }
        // Sheets of fat between the muscles.
        let sheet = bumps(point, 34.0, self.seed).abs() < 0.06;
        if sheet { Tissue::Fat } else { Tissue::Muscle }
    }

    fn shoulder_blade(&self, [x, y, z]: Point) -> bool {
        let (dx, dy, dz) = (x.abs() - 92.0, y - 74.0, z - 62.0);
        let out = 0.55 * dx + 0.83 * dy;
        let along = 0.83 * dx - 0.55 * dy;
        out.abs() < 2.6 && along.abs() < 34.0 - 0.22 * (dz + 50.0) && (-58.0..56.0).contains(&dz)
    }

    fn abdomen_at(&self, point: Point) -> Tissue {
        let [x, y, z] = point;
        if ellipsoid(point, [30.0, -38.0, -128.0], [40.0, 30.0, 34.0]) < 1.0 {
            let gas = y < -44.0 + 3.0 * (x * 0.2).sin();
            return if gas { Tissue::Air } else { Tissue::Soft };
        }
        if ellipsoid(point, [88.0, 34.0, -118.0], [32.0, 42.0, 42.0]) < 1.0 {
            return Tissue::Spleen;
        }
        let edge = 38.0 - 0.25 * y + 0.4 * (z + 100.0).min(0.0);
        if x < edge && bumps(point, 60.0, self.seed + 3) < 0.85 { Tissue::Liver } else { Tissue::Fat }
    }

    fn cavity_at(&self, point: Point) -> Tissue {
        let [x, y, z] = point;
        if z < Self::diaphragm(x, y) {
            let cover = z > Self::diaphragm(x, y) - 3.0;
            return if cover { Tissue::Muscle } else { self.abdomen_at(point) };
        }
        if let Some(tissue) = self.heart_at(point) {
            return tissue;
        }
        if x.abs() < Self::mediastinum(y, z) {
            let loose = bumps(point, 26.0, self.seed + 5) > -0.25;
            return if loose { Tissue::Fat } else { Tissue::Soft };
        }
        if self.nodule_at(point) { Tissue::Nodule } else { Tissue::Lung }
    }

    /// A growth with an uneven edge.
    fn nodule_at(&self, point: Point) -> bool {
        self.nodule.is_some_and(|(centre, radius)| {
            let uneven = 1.0 + 0.16 * bumps(point, 5.0, self.seed + 9);
            ellipsoid(point, centre, [radius; 3]) < uneven
        })
    }

    fn grow(&self) -> Vec<Tube> {
        let mut tubes = Vec::new();
        ribs(&mut tubes);
        self.lung_vessels(&mut tubes);
        great_vessels(&mut tubes);
        airways(&mut tubes);
        tubes
    }

    fn lung_vessels(&self, tubes: &mut Vec<Tube>) {
        for (side, hilum) in [(-1.0, [-34.0, 2.0, 14.0]), (1.0, [36.0, 10.0, 20.0])] {
            let starts = [
                [0.5, -0.35, 0.85],
                [0.75, 0.45, 0.5],
                [0.95, -0.35, 0.1],
                [0.85, 0.4, -0.25],
                [0.6, -0.3, -0.75],
                [0.5, 0.6, -0.8],
                [0.35, 0.1, 0.95],
                [0.9, 0.05, -0.5],
            ];
            for (number, start) in starts.into_iter().enumerate() {
                let seed =
                    self.seed.wrapping_mul(31).wrapping_add(number as u64 + if side < 0.0 { 100 } else { 0 });
                let direction = [start[0] * side, start[1], start[2]];
                Branch { from: hilum, direction, length: 34.0, radius: 4.6, left: 6, seed }.grow(tubes);
            }
        }
    }
}

impl Body for Chest {
    fn tissue(&self, [x, y, z]: Point) -> Tissue {
        let [x, y] = [x / self.size, y / self.size];
        let shoulders = ramp(z, 70.0, 165.0);
        let (width, depth) = (166.0 + 26.0 * shoulders, 116.0 - 20.0 * shoulders);
        let out = rounded(x, y, width, depth);
        if out > 1.0 {
            return couch(y * self.size, x * self.size);
        }
        let under = (1.0 - out) * depth;
        let fat = self.fat * (1.0 + 0.35 * (-y / depth) + 0.3 * (x.abs() / width));
        if under < 2.0 {
            return Tissue::Skin;
        }
        if under < fat {
            return Tissue::Fat;
        }
        let point = [x, y, z];
        if let Some(bone) = Self::spine_at(point) {
            return bone;
        }
        let (half_width, half_depth) = Self::cavity(z);
        if rounded(x, y + 2.0, half_width, half_depth) < 1.0 {
            return self.cavity_at(point);
        }
        self.wall_at(point)
    }

    fn tubes(&self) -> &[Tube] {
        &self.tubes
    }
}

/// The couch the person lies on: a shallow trough behind the back.
fn couch(y: f32, x: f32) -> Tissue {
    let surface = 132.0 - 22.0 * (x / 220.0).powi(2);
    let shell = x.abs() < 215.0 && ((y - surface).abs() < 1.6 || (y - surface - 16.0).abs() < 1.6);
    if shell { Tissue::Couch } else { Tissue::Air }
}

/// Twelve pairs, each a chain of short pieces around the cavity, falling to the front.
fn ribs(tubes: &mut Vec<Tube>) {
    for number in 0..12 {
        let top = 142.0 - VERTEBRA * number as f32;
        let reach = if number < 8 { 2.55 } else { 2.55 - 0.34 * (number - 7) as f32 };
        for side in [-1.0, 1.0] {
            let point = |angle: f32| {
                let z = top - 62.0 * ramp(angle, 0.2, 2.7);
                let (width, depth) = Chest::cavity(z.max(-60.0));
                [side * (width + 5.0) * angle.sin(), -2.0 + (depth + 5.0) * angle.cos(), z]
            };
            let step = 0.13;
            let pieces = ((reach - 0.28) / step) as usize;
            tubes.extend((0..pieces).map(|piece| {
                let angle = 0.28 + step * piece as f32;
                let bone = Tube::new(point(angle), point(angle + step), 5.2, Tissue::Marrow);
                bone.with_wall(Tissue::Cortical, 1.6)
            }));
            if number < 7 {
                let tip = [side * 14.0, -94.0 + 2.0 * number as f32, top - 66.0 + 5.0 * number as f32];
                tubes.push(Tube::new(point(0.28 + step * pieces as f32), tip, 4.6, Tissue::Cartilage));
            }
        }
    }
    for side in [-1.0, 1.0] {
        let collar =
            Tube::new([side * 18.0, -66.0, 104.0], [side * 150.0, -24.0, 138.0], 6.0, Tissue::Marrow);
        tubes.push(collar.with_wall(Tissue::Cortical, 2.0));
    }
}

fn great_vessels(tubes: &mut Vec<Tube>) {
    let mut vessel = |points: &[Point], radius: f32| {
        for pair in points.windows(2) {
            let tube = Tube::new(pair[0], pair[1], radius, Tissue::Blood);
            tubes.push(tube.with_wall(Tissue::Soft, 1.4));
        }
    };
    // Aorta: up, over the left main bronchus, down beside the spine.
    vessel(&[[6.0, -12.0, -12.0], [-6.0, -24.0, 22.0], [-2.0, -26.0, 46.0]], 15.0);
    vessel(
        &[
            [-2.0, -26.0, 46.0],
            [8.0, -14.0, 62.0],
            [18.0, 10.0, 65.0],
            [26.0, 34.0, 54.0],
            [29.0, 44.0, 36.0],
        ],
        13.5,
    );
    vessel(&[[29.0, 44.0, 36.0], [28.0, 46.0, -40.0], [16.0, 44.0, -160.0]], 12.0);
    // Pulmonary trunk and arteries.
    vessel(&[[20.0, -36.0, -8.0], [18.0, -22.0, 22.0], [40.0, 6.0, 26.0]], 12.0);
    vessel(&[[18.0, -16.0, 22.0], [-14.0, -4.0, 20.0], [-38.0, 2.0, 14.0]], 10.0);
    // Superior vena cava and the vessels to the head.
    vessel(&[[-28.0, -16.0, 96.0], [-26.0, -12.0, 4.0]], 9.5);
    vessel(&[[-2.0, -10.0, 66.0], [-16.0, -8.0, 150.0]], 6.0);
    vessel(&[[10.0, -2.0, 66.0], [14.0, -4.0, 150.0]], 4.5);
    vessel(&[[20.0, 10.0, 66.0], [32.0, 4.0, 140.0]], 5.0);
}

fn airways(tubes: &mut Vec<Tube>) {
    let mut airway = |from: Point, to: Point, radius: f32, end: f32| {
        tubes.push(Tube::new(from, to, radius, Tissue::Air).thinning_to(end).with_wall(Tissue::Soft, 1.5));
    };
    airway([0.0, 12.0, 165.0], [0.0, 18.0, 38.0], 9.5, 9.0);
    airway([0.0, 18.0, 40.0], [-36.0, 18.0, 12.0], 7.5, 5.5);
    airway([0.0, 18.0, 40.0], [42.0, 24.0, 6.0], 7.0, 5.0);
    airway([-36.0, 18.0, 12.0], [-62.0, 6.0, 44.0], 4.5, 2.5);
    airway([-36.0, 18.0, 12.0], [-58.0, 34.0, -44.0], 5.0, 2.5);
    airway([42.0, 24.0, 6.0], [66.0, 2.0, 36.0], 4.5, 2.5);
    airway([42.0, 24.0, 6.0], [64.0, 42.0, -48.0], 4.8, 2.5);
}

/// A vessel that divides in two until it is too thin.
struct Branch {
    from: Point,
    direction: Point,
    length: f32,
    radius: f32,
    left: u32,
    seed: u64,
}

impl Branch {
    fn grow(self, tubes: &mut Vec<Tube>) {
        let to = [0, 1, 2].map(|axis| self.from[axis] + self.direction[axis] * self.length);
        let vessel = Tube::new(self.from, to, self.radius, Tissue::Blood);
        tubes.push(vessel.thinning_to(self.radius * 0.8).only_in(Tissue::Lung));
        if self.left == 0 {
            return;
        }
        for child in 0..2 {
            let seed = self.seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(child + 1);
            let bend = |axis: u64| (uniform(seed, axis) - 0.5) * 1.5;
            let [x, y, z] = [0, 1, 2].map(|axis| self.direction[axis as usize] + bend(axis));
            let length = (x * x + y * y + z * z).sqrt().max(0.2);
            Self {
                from: to,
                direction: [x / length, y / length, z / length],
                length: self.length * (0.62 + 0.3 * uniform(seed, 7)),
                radius: self.radius * (0.62 + 0.14 * uniform(seed, 8)),
                left: self.left - 1,
                seed,
            }
            .grow(tubes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::body::slice;

    #[test]
    fn organs_are_where_they_belong() {
        let chest = Chest::new(1, 0.0, 1.0);
        assert_eq!(chest.tissue([0.0, -300.0, 0.0]), Tissue::Air);
        assert_eq!(chest.tissue([-80.0, 10.0, 60.0]), Tissue::Lung);
        assert_eq!(chest.tissue([80.0, 10.0, 60.0]), Tissue::Lung);
        assert_eq!(chest.tissue([-60.0, 0.0, -120.0]), Tissue::Liver);
        assert!(matches!(chest.tissue([40.0, -25.0, -50.0]), Tissue::Blood | Tissue::Myocardium));
        assert!(matches!(chest.tissue([0.0, 60.0, 12.0]), Tissue::Marrow | Tissue::Cortical));
    }

    #[test]
    fn a_nodule_has_the_diameter_it_was_given() {
        let area = |diameter| {
            let chest = Chest::new(4, diameter, 1.0);
            slice(&chest, 58.0, 400, 400, 1.0).iter().filter(|tissue| **tissue == Tissue::Nodule).count()
                as f32
        };
        for diameter in [8.0, 14.0, 22.0_f32] {
            let expected = std::f32::consts::PI * (diameter / 2.0).powi(2);
            // Vessels that run into it and its uneven edge take or give a little.
            assert!(
                (area(diameter) / expected - 1.0).abs() < 0.35,
                "{diameter}: {} {expected}",
                area(diameter)
            );
        }
    }
}
