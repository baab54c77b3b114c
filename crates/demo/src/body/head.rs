//! A head: scalp, skull, folded brain, ventricles, nuclei, cerebellum and brain stem, eyes.
//! The origin is in the middle of the brain.

use super::shape::{Point, Tube, ellipsoid, ramp};
use super::{Body, Tissue};
use crate::noise::{bumps, uniform};

/// How much disease of the white matter there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Load(pub u8);

/// One person's head.
pub struct Head {
    seed: u64,
    /// Width of the ventricles; they widen with age.
    ventricles: f32,
    lesions: Vec<(Point, Point)>,
}

impl Head {
    /// The head of the person with this seed at this age in years, with so many lesions.
    #[must_use]
    pub fn new(seed: u64, age: u8, load: Load) -> Self {
        let ventricles = 0.8 + 0.55 * ramp(f32::from(age), 40.0, 90.0) + 0.15 * uniform(seed, 1);
        let lesions = (0..u64::from(load.0)).map(|number| lesion(seed, number)).collect();
        Self { seed, ventricles, lesions }
    }

    /// How far out of the head a point is: 1 on the skin.
    fn outline([x, y, z]: Point) -> f32 {
        let height = if z > 0.0 { 102.0 } else { 170.0 };
        let narrow = 1.0 - 0.12 * ramp(-z, 20.0, 90.0);
        // Narrower in front than behind.
        let front = 1.0 - 0.1 * ramp(-y, 20.0, 95.0);
        ellipsoid([x, y, z], [0.0; 3], [79.0 * narrow * front, 99.0, height])
    }

    fn brain_at(&self, point: Point, out: f32) -> Tissue {
        let [x, y, z] = point;
        // The falx between the halves.
        if x.abs() < 1.3 && (z > 18.0 || !(-30.0..=40.0).contains(&y)) {
            return Tissue::Csf;
        }
        if let Some(inner) = self.nuclei_at(point) {
            return inner;
        }
        // Depth under the surface of the brain, mm, roughly.
        let depth = (BRAIN - out) * 85.0;
        let folds = bumps([x.abs(), y, z], 15.0, self.seed + u64::from(x > 0.0));
        let reach = 21.0;
        if depth < reach {
            let sulcus = 0.13 * (1.0 - depth / reach) + 0.035;
            if folds.abs() < sulcus || depth < 0.8 {
                return Tissue::Csf;
            }
            if folds.abs() < sulcus + 0.24 || depth < 4.0 {
                return Tissue::Grey;
            }
        }
        if self.lesions.iter().any(|(centre, radii)| ellipsoid(point, *centre, *radii) < 1.0) {
            return Tissue::Lesion;
        }
        Tissue::White
    }

    fn nuclei_at(&self, [x, y, z]: Point) -> Option<Tissue> {
        let side = [x.abs(), y, z];
        let v = self.ventricles;
        let lift = 12.0 + 0.004 * (y - 5.0).powi(2);
        let body = ellipsoid(side, [9.0 + 0.0035 * y * y, 2.0, lift], [5.5 * v, 42.0, 7.5 * v]) < 1.0;
        let horn = ellipsoid(side, [22.0, 38.0, 2.0], [6.0 * v, 20.0, 7.0 * v]) < 1.0;
        let third = x.abs() < 2.2 * v && (-14.0..18.0).contains(&y) && (-14.0..6.0).contains(&z);
        if body || horn || third {
            return Some(Tissue::Csf);
        }
        let nuclei = [
            ([16.0, -18.0, 10.0], [6.0, 13.0, 13.0]),
            ([11.0, 10.0, 3.0], [9.0, 14.0, 10.0]),
            ([26.0, -4.0, 3.0], [6.5, 18.0, 12.0]),
        ];
        nuclei.iter().any(|&(centre, radii)| ellipsoid(side, centre, radii) < 1.0).then_some(Tissue::Grey)
    }

    /// What lies under the brain: cerebellum, brain stem, and the base of the skull around them.
    fn below_at(&self, point: Point) -> Option<Tissue> {
        let [x, y, z] = point;
        if z > -24.0 {
            return None;
        }
        if ellipsoid(point, [0.0, 10.0, -48.0], [13.0, 13.0, 60.0]) < 1.0 {
            return Some(Tissue::White);
        }
        let cerebellum = ellipsoid(point, [0.0, 44.0, -48.0], [52.0, 33.0, 30.0]);
        if cerebellum < 1.0 {
            let leaves = (0.9 * (z + 0.35 * y) + 1.5 * (x * 0.05).cos()).sin();
            return Some(match (cerebellum, leaves) {
                (depth, _) if depth < 0.45 => Tissue::White,
                (_, leaf) if leaf > 0.8 => Tissue::Csf,
                (_, leaf) if leaf < -0.55 => Tissue::White,
                _ => Tissue::Grey,
            });
        }
        (cerebellum < 1.12).then_some(Tissue::Csf)
    }

    fn face_at(&self, point: Point) -> Option<Tissue> {
        let [x, y, z] = point;
        if y > -38.0 || z > -14.0 {
            return None;
        }
        let side = [x.abs(), y, z];
        let eye = ellipsoid(side, [31.0, -76.0, -34.0], [12.0; 3]);
        if eye < 1.0 {
            let lens = ellipsoid(side, [31.0, -86.0, -34.0], [5.0, 2.2, 5.0]) < 1.0;
            return Some(if lens { Tissue::Soft } else { Tissue::Csf });
        }
        if ellipsoid(side, [27.0, -62.0, -34.0], [19.0, 26.0, 17.0]) < 1.0 {
            let muscle = (bumps(point, 16.0, self.seed)).abs() < 0.14;
            return Some(if muscle { Tissue::Muscle } else { Tissue::Fat });
        }
        let sinus = ellipsoid(side, [8.0, -58.0, -40.0], [7.0, 24.0, 16.0]);
        if sinus < 1.0 {
            return Some(if sinus > 0.86 { Tissue::Soft } else { Tissue::Air });
        }
        (z < -26.0).then_some(Tissue::Muscle)
    }
}

/// The fractions of the outline at which the layers begin.
const SCALP: f32 = 0.955;
const SKULL: f32 = 0.885;
const BRAIN: f32 = 0.868;

impl Body for Head {
    fn tissue(&self, point: Point) -> Tissue {
        let out = Self::outline(point);
        if out > 1.0 {
            return Tissue::Air;
        }
        if out > 0.985 {
            return Tissue::Skin;
        }
        if let Some(face) = self.face_at(point) {
            return face;
        }
        if out > SCALP {
            return Tissue::Fat;
        }
        if out > SKULL {
            let spongy = (SKULL + 0.022..SCALP - 0.022).contains(&out);
            return if spongy { Tissue::Marrow } else { Tissue::Cortical };
        }
        if let Some(below) = self.below_at(point) {
            return below;
        }
        let [_, y, z] = point;
        // The floor of the skull rises to the front.
        let floor = -26.0 + 14.0 * ramp(-y, 0.0, 40.0);
        if z < floor - 12.0 {
            return if z < floor - 16.0 { Tissue::Muscle } else { Tissue::Cortical };
        }
        if out > BRAIN { Tissue::Csf } else { self.brain_at(point, out) }
    }

    fn tubes(&self) -> &[Tube] {
        &[]
    }
}

/// A spot beside a ventricle. Those of a smaller load are there in a larger one too.
fn lesion(seed: u64, number: u64) -> (Point, Point) {
    let part = |which: u64| uniform(seed + 77, number * 10 + which);
    let side = if part(0) < 0.5 { -1.0 } else { 1.0 };
    let centre = [side * (17.0 + 16.0 * part(1)), -40.0 + 85.0 * part(2), 10.0 + 26.0 * part(3)];
    let radius = 2.2 + 3.6 * part(4);
    (centre, [radius * 0.8, radius * (1.0 + 0.6 * part(5)), radius])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::body::slice;

    #[test]
    fn layers_follow_each_other_from_outside() {
        let head = Head::new(1, 50, Load(0));
        let along = |x: f32| head.tissue([x, 0.0, 20.0]);
        assert_eq!(along(-90.0), Tissue::Air);
        assert_eq!(along(-74.5), Tissue::Fat);
        assert_eq!(along(-70.0), Tissue::Marrow);
        assert!(matches!(along(-30.0), Tissue::White | Tissue::Grey));
    }

    #[test]
    fn a_larger_load_has_more_lesion() {
        let area = |load| {
            let head = Head::new(3, 40, Load(load));
            let spots = |z| slice(&head, z, 200, 200, 1.0).iter().filter(|t| **t == Tissue::Lesion).count();
            (5..40).map(|z| spots(z as f32)).sum::<usize>()
        };
        assert!(area(0) == 0 && area(4) > 0 && area(12) > area(4));
    }
}
