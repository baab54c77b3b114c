//! Ellipsoids, rounded boxes and tubes.

use super::Tissue;

/// x, y, z in mm.
pub type Point = [f32; 3];

/// How far out a point lies in an ellipsoid: below 1 within, 1 on its surface.
pub(super) fn ellipsoid([x, y, z]: Point, centre: Point, radii: Point) -> f32 {
    let square = |value: f32, centre: f32, radius: f32| ((value - centre) / radius).powi(2);
    (square(x, centre[0], radii[0]) + square(y, centre[1], radii[1]) + square(z, centre[2], radii[2])).sqrt()
}

/// How far out a point lies in an ellipse with straighter sides (a superellipse with exponent 2.5).
pub(super) fn rounded(x: f32, y: f32, half_width: f32, half_depth: f32) -> f32 {
    // x^2.5 as x²·√x: this is asked for every pixel.
    let power = |value: f32| value * value * value.abs().sqrt();
    (power(x / half_width) + power(y / half_depth)).powf(0.4)
}

/// 0 below `from`, 1 above `to`, smooth between.
pub(super) fn ramp(value: f32, from: f32, to: f32) -> f32 {
    let part = ((value - from) / (to - from)).clamp(0.0, 1.0);
    part * part * (3.0 - 2.0 * part)
}

/// A straight piece of a vessel, an airway or a bone, thinner at one end.
#[derive(Debug, Clone)]
pub struct Tube {
    from: Point,
    to: Point,
    radius_from: f32,
    radius_to: f32,
    inside: Tissue,
    wall: Option<(Tissue, f32)>,
    pub(super) only_in: Option<Tissue>,
}

impl Tube {
    /// A tube of one tissue and one radius in mm.
    pub(super) const fn new(from: Point, to: Point, radius: f32, inside: Tissue) -> Self {
        Self { from, to, radius_from: radius, radius_to: radius, inside, wall: None, only_in: None }
    }

    pub(super) const fn thinning_to(mut self, radius: f32) -> Self {
        self.radius_to = radius;
        self
    }

    /// With a wall of so many mm.
    pub(super) const fn with_wall(mut self, tissue: Tissue, thickness: f32) -> Self {
        self.wall = Some((tissue, thickness));
        self
    }

    /// Only where this tissue was.
    pub(super) const fn only_in(mut self, tissue: Tissue) -> Self {
        self.only_in = Some(tissue);
        self
    }

    fn widest(&self) -> f32 {
        self.radius_from.max(self.radius_to)
    }

    /// Whether it may touch the plane at `z`.
    pub(super) fn reaches(&self, z: f32) -> bool {
        let wide = self.widest();
        z >= self.from[2].min(self.to[2]) - wide && z <= self.from[2].max(self.to[2]) + wide
    }

    /// The box around it in x and y.
    pub(super) fn bounds(&self) -> ([f32; 2], [f32; 2]) {
        let wide = self.widest();
        let low = |axis: usize| self.from[axis].min(self.to[axis]) - wide;
        let high = |axis: usize| self.from[axis].max(self.to[axis]) + wide;
        ([low(0), low(1)], [high(0), high(1)])
    }

    /// What of it is at a point.
    pub(super) fn at(&self, point: Point) -> Option<Tissue> {
        let along = |axis: usize| self.to[axis] - self.from[axis];
        let offset = |axis: usize| point[axis] - self.from[axis];
        let dot =
            |a: &dyn Fn(usize) -> f32, b: &dyn Fn(usize) -> f32| (0..3).map(|i| a(i) * b(i)).sum::<f32>();
        let length = dot(&along, &along).max(1e-6);
        let part = (dot(&offset, &along) / length).clamp(0.0, 1.0);
        let away = |axis: usize| offset(axis) - part * along(axis);
        let distance = dot(&away, &away).sqrt();
        let radius = self.radius_from + part * (self.radius_to - self.radius_from);
        if distance > radius {
            return None;
        }
        let in_wall = self.wall.filter(|(_, thickness)| distance > radius - thickness);
        Some(in_wall.map_or(self.inside, |(tissue, _)| tissue))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tube_has_its_radius_and_its_wall() {
        let tube = Tube::new([0.0; 3], [0.0, 0.0, 10.0], 4.0, Tissue::Blood).with_wall(Tissue::Soft, 1.0);
        assert_eq!(tube.at([2.0, 0.0, 5.0]), Some(Tissue::Blood));
        assert_eq!(tube.at([3.5, 0.0, 5.0]), Some(Tissue::Soft));
        assert_eq!(tube.at([4.5, 0.0, 5.0]), None);
        assert!(tube.reaches(13.0) && !tube.reaches(15.0));
    }
}
