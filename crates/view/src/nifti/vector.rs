//! The little geometry this needs.

pub(super) type Vec3 = [f64; 3];

pub(super) fn dot(a: Vec3, b: Vec3) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

pub(super) fn cross(a: Vec3, b: Vec3) -> Vec3 {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

pub(super) fn add(a: Vec3, b: Vec3) -> Vec3 {
    [a[0] + b[0], a[1] + b[1], a[2] + b[2]]
}

pub(super) fn sub(a: Vec3, b: Vec3) -> Vec3 {
    add(a, scaled(b, -1.0))
}

pub(super) fn scaled(a: Vec3, by: f64) -> Vec3 {
    a.map(|x| x * by)
}

pub(super) fn length(a: Vec3) -> f64 {
    dot(a, a).sqrt()
}

/// The same direction with length 1; `None` where there is no direction.
pub(super) fn unit(a: Vec3) -> Option<Vec3> {
    let length = length(a);
    (length.is_finite() && length > 1e-6).then(|| scaled(a, 1.0 / length))
}

/// Whether two vectors differ by no more than `within` in any part.
pub(super) fn close(a: Vec3, b: Vec3, within: f64) -> bool {
    a.iter().zip(b).all(|(x, y)| (x - y).abs() <= within)
}
