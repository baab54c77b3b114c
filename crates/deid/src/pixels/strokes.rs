//! Where a plane has thin bright strokes: what is brighter than its surroundings and narrower than [`WIDEST`].

use super::plane::Plane;

/// Pixels; wider strokes are found in a smaller picture.
pub(super) const WIDEST: usize = 15;
/// The least contrast that can be read.
pub(super) const FAINTEST: u8 = 14;

/// The plane less its opening by a square of [`WIDEST`] pixels.
pub(super) fn top_hat(plane: &Plane) -> Vec<u8> {
    let (width, height) = (plane.width, plane.height);
    let mut eroded = windows(&plane.data, width, &[1, 2, 4, 7], u8::min, true);
    // Only squares that lie in the picture count.
    for (y, row) in eroded.chunks_exact_mut(width).enumerate() {
        let whole = if y + WIDEST <= height { width - WIDEST + 1 } else { 0 };
        row[whole..].fill(0);
    }
    let opened = windows(&eroded, width, &[1, 2, 4, 7], u8::max, false);
    plane.data.iter().zip(opened).map(|(value, under)| value.saturating_sub(under)).collect()
}

/// The least or greatest value in a square that begins (or ends) at each pixel. `steps` double the size of
/// the square, the last one fills it up.
fn windows(data: &[u8], width: usize, steps: &[usize], choose: fn(u8, u8) -> u8, begins: bool) -> Vec<u8> {
    let mut now = data.to_vec();
    let mut next = now.clone();
    for step in steps {
        for (out, row) in next.chunks_exact_mut(width).zip(now.chunks_exact(width)) {
            combine(out, row, *step, choose, begins);
        }
        std::mem::swap(&mut now, &mut next);
    }
    for step in steps {
        combine(&mut next, &now, step * width, choose, begins);
        std::mem::swap(&mut now, &mut next);
    }
    now
}

fn combine(out: &mut [u8], row: &[u8], step: usize, choose: fn(u8, u8) -> u8, begins: bool) {
    let step = step.min(row.len());
    let (near, far) = (&row[..row.len() - step], &row[step..]);
    let length = near.len();
    let target = if begins { &mut out[..length] } else { &mut out[step..] };
    // Written out so that each is one vector instruction.
    if choose(0, 1) == 0 {
        target.iter_mut().zip(near.iter().zip(far)).for_each(|(o, (a, b))| *o = *a.min(b));
    } else {
        target.iter_mut().zip(near.iter().zip(far)).for_each(|(o, (a, b))| *o = *a.max(b));
    }
    if begins {
        out[length..].copy_from_slice(&row[length..]);
    } else {
        out[..step].copy_from_slice(&row[..step]);
    }
}
