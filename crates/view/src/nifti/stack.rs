//! Slices to volumes: those that look alike and lie behind one another at one distance are a volume,
//! and several such at the same places a volume in time.

use super::slice::{Kind, Place, Raster, Slice};
use super::vector::{Vec3, add, close, dot, length, scaled, sub};

/// Slices nearer to each other than this many mm lie at the same place.
const SAME_PLACE: f64 = 0.005;
/// How far a slice may lie from its even place: a share of the distance of slices, and in mm, since
/// positions are often rounded to a tenth.
const UNEVEN_SHARE: f64 = 0.1;
const UNEVEN_MM: f64 = 0.05;
/// Beyond this many mm the deviation is told.
const TOLD_MM: f64 = 0.01;
/// Slices that follow each other at more than this angle (in degrees) from their normal are tilted.
const TILT_DEGREES: f64 = 0.1;

/// A volume, or one in time.
#[derive(Debug, Clone)]
pub(super) struct Stack {
    /// Time after time, and of each from the first slice to the last.
    pub slices: Vec<Slice>,
    /// Slices of one time.
    pub depth: usize,
    /// How many times.
    pub times: usize,
    /// From one slice to the next, in the patient.
    pub step: Vec3,
    /// Whether slices follow each other along their normal.
    pub upright: bool,
    /// What whoever uses it should know.
    pub notes: Vec<String>,
}

impl Stack {
    pub fn first(&self) -> Option<&Slice> {
        self.slices.first()
    }
}

/// Puts slices together; says of those that are no volume why.
pub(super) fn stacks(slices: Vec<Slice>) -> (Vec<Stack>, Vec<(usize, String)>) {
    let (mut stacks, mut refused) = (Vec::new(), Vec::new());
    for group in alike(slices) {
        let count = group.len();
        match in_time(group) {
            Ok(made) => stacks.extend(made),
            Err(reason) => refused.push((count, reason)),
        }
    }
    (stacks, refused)
}

fn alike(slices: Vec<Slice>) -> Vec<Vec<Slice>> {
    let mut groups: Vec<Vec<Slice>> = Vec::new();
    for slice in slices {
        match groups.iter_mut().find(|group| group.first().is_some_and(|first| belongs(first, &slice))) {
            Some(group) => group.push(slice),
            None => groups.push(vec![slice]),
        }
    }
    groups
}

fn belongs(a: &Slice, b: &Slice) -> bool {
    let key = |s: &Slice| -> (Raster, Kind) { (s.raster, s.kind.clone()) };
    let (p, q): (&Place, &Place) = (&a.place, &b.place);
    let spacing = |p: &Place| [p.spacing[0], p.spacing[1], 0.0];
    key(a) == key(b)
        && close(p.along_row, q.along_row, 1e-3)
        && close(p.along_column, q.along_column, 1e-3)
        && close(spacing(p), spacing(q), 1e-3)
}

/// Slices at one distance along the normal, the earliest first.
struct Level {
    at: f64,
    slices: Vec<Slice>,
}

fn levels(mut slices: Vec<Slice>) -> Vec<Level> {
    let Some(normal) = slices.first().map(|slice| slice.place.normal()) else { return Vec::new() };
    let at = |slice: &Slice| dot(slice.place.origin, normal);
    slices.sort_by(|a, b| at(a).total_cmp(&at(b)));
    let mut levels: Vec<Level> = Vec::new();
    for slice in slices {
        let here = at(&slice);
        match levels.last_mut() {
            Some(level) if here - level.at <= SAME_PLACE => level.slices.push(slice),
            _ => levels.push(Level { at: here, slices: vec![slice] }),
        }
    }
    for level in &mut levels {
        level.slices.sort_by(|a, b| {
            let pairs = a.order.iter().zip(&b.order).map(|(x, y)| x.total_cmp(y));
            pairs.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then)
        });
    }
    levels
}

fn in_time(slices: Vec<Slice>) -> Result<Vec<Stack>, String> {
    let mut levels = levels(slices);
    let times = levels.iter().map(|level| level.slices.len()).min().unwrap_or(0);
    let beyond: usize = levels.iter().map(|level| level.slices.len() - times).sum();
    let mut notes = Vec::new();
    if beyond >= levels.len() {
        let most = levels.iter().map(|level| level.slices.len()).max().unwrap_or(0);
        return Err(format!(
            "some of its places have {times} slices and others {most}: not one volume in time"
        ));
    }
    if beyond > 0 {
        levels.iter_mut().for_each(|level| level.slices.truncate(times));
        notes.push(format!("The last time is not complete: its {beyond} slices are left out."));
    }
    let runs = runs(levels)?;
    let several = runs.len() > 1;
    let made = runs.into_iter().map(|(levels, gap)| {
        let mut notes = notes.clone();
        if several {
            notes
                .push(format!("Slices are missing ({gap}): the parts around them are volumes of their own."));
        }
        even(levels, times, notes)
    });
    made.collect()
}

/// Cuts where whole slices are missing: where a distance is a multiple of the usual one.
fn runs(levels: Vec<Level>) -> Result<Vec<(Vec<Level>, String)>, String> {
    let mut gaps: Vec<f64> = levels.windows(2).map(|pair| pair[1].at - pair[0].at).collect();
    let all = gaps.clone();
    gaps.sort_by(f64::total_cmp);
    let Some(usual) = gaps.get(gaps.len() / 2).copied() else { return Ok(vec![(levels, String::new())]) };
    let mut runs = vec![Vec::new()];
    let mut missing = 0.0;
    for (n, level) in levels.into_iter().enumerate() {
        let gap = n.checked_sub(1).and_then(|before| all.get(before)).copied().unwrap_or(usual);
        let times = (gap / usual).round();
        if times > 1.5 && (gap - times * usual).abs() <= (UNEVEN_SHARE * usual).max(UNEVEN_MM) {
            missing += times - 1.0;
            runs.push(Vec::new());
        }
        if let Some(run) = runs.last_mut() {
            run.push(level);
        }
    }
    let parts = runs.len();
    // Every second slice gone here and there is not a volume with a gap.
    if parts > 8 {
        return Err(format!("slices are missing in {} places", parts - 1));
    }
    let told = format!("{missing} in {} places", parts - 1);
    Ok(runs.into_iter().map(|run| (run, told.clone())).collect())
}

fn even(levels: Vec<Level>, times: usize, mut notes: Vec<String>) -> Result<Stack, String> {
    let depth = levels.len();
    let (Some(first), Some(last)) = (levels.first(), levels.last()) else {
        return Err("it has no slices".into());
    };
    let place = first.slices[0].place;
    let step = match depth {
        1 => scaled(place.normal(), place.thickness),
        _ => scaled(sub(last.slices[0].place.origin, place.origin), 1.0 / (depth - 1) as f64),
    };
    let off = farthest(&levels, place.origin, step);
    if off > (UNEVEN_SHARE * length(step)).max(UNEVEN_MM) {
        let gaps = levels.windows(2).map(|pair| pair[1].at - pair[0].at);
        let (least, most) = gaps.fold((f64::MAX, 0.0f64), |(a, b), gap| (a.min(gap), b.max(gap)));
        return Err(format!(
            "its slices are not at one distance from each other (from {least:.3} to {most:.3} mm, \
             {off:.3} mm off a line), which NIfTI can't say"
        ));
    }
    if off > TOLD_MM {
        notes.push(format!("Slices lie up to {off:.3} mm beside their even places."));
    }
    let cosine = dot(step, place.normal()) / length(step);
    let tilt = cosine.clamp(-1.0, 1.0).acos().to_degrees();
    let upright = tilt <= TILT_DEGREES;
    if !upright {
        notes.push(format!(
            "The gantry is tilted by {tilt:.2}°: the sform is sheared and exact, and there is no qform."
        ));
    }
    let mut slices = Vec::with_capacity(depth * times);
    let mut columns: Vec<_> = levels.into_iter().map(|level| level.slices.into_iter()).collect();
    for _ in 0..times {
        slices.extend(columns.iter_mut().filter_map(Iterator::next));
    }
    Ok(Stack { slices, depth, times, step, upright, notes })
}

/// How far the farthest slice lies from its even place, in mm.
fn farthest(levels: &[Level], origin: Vec3, step: Vec3) -> f64 {
    let even = |n: usize| add(origin, scaled(step, n as f64));
    let off = levels.iter().enumerate().flat_map(|(n, level)| {
        level.slices.iter().map(move |slice| length(sub(slice.place.origin, even(n))))
    });
    off.fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::super::slice::Scale;
    use super::*;
    use dicom::pixel::SampleKind;

    fn slice(z: f64, number: f64) -> Slice {
        let place = Place {
            origin: [-10.0, -20.0, z],
            along_row: [1.0, 0.0, 0.0],
            along_column: [0.0, 1.0, 0.0],
            spacing: [0.5, 0.5],
            thickness: 3.0,
        };
        let raster = Raster {
            columns: 4,
            rows: 4,
            samples: 1,
            bits_allocated: 16,
            bits_stored: 16,
            signed: true,
            kind: SampleKind::Integer,
        };
        let kind = Kind { words: String::new(), echo: None, stack: String::new() };
        let scale = Some(Scale { slope: 1.0, intercept: 0.0 });
        let order = vec![number];
        Slice { instance: 0, frame: 0, tile: None, place, raster, scale, kind, order, diffusion: None }
    }

    fn at(places: &[f64]) -> Vec<Slice> {
        places.iter().enumerate().map(|(n, z)| slice(*z, n as f64)).collect()
    }

    #[test]
    fn slices_in_any_order_are_one_volume() {
        let (stacks, refused) = stacks(at(&[6.0, 0.0, 3.0]));
        assert!(refused.is_empty());
        assert_eq!((stacks.len(), stacks[0].depth, stacks[0].times), (1, 3, 1));
        assert_eq!(stacks[0].step, [0.0, 0.0, 3.0]);
        let z: Vec<_> = stacks[0].slices.iter().map(|s| s.place.origin[2]).collect();
        assert_eq!(z, [0.0, 3.0, 6.0]);
    }

    #[test]
    fn the_same_places_again_are_another_time() {
        let (stacks, _) = stacks(at(&[0.0, 3.0, 0.0, 3.0, 0.0, 3.0]));
        assert_eq!((stacks[0].depth, stacks[0].times), (2, 3));
        let order: Vec<_> = stacks[0].slices.iter().map(|s| s.order[0]).collect();
        assert_eq!(order, [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]);
    }

    #[test]
    fn a_time_that_broke_off_is_left_out_and_told() {
        let (stacks, _) = stacks(at(&[0.0, 3.0, 6.0, 0.0, 3.0, 6.0, 0.0, 3.0]));
        assert_eq!((stacks[0].depth, stacks[0].times), (3, 2));
        assert!(stacks[0].notes[0].contains("2 slices"));
    }

    #[test]
    fn missing_slices_cut_the_volume_and_are_told() {
        let (stacks, refused) = stacks(at(&[0.0, 3.0, 6.0, 15.0, 18.0]));
        assert!(refused.is_empty());
        assert_eq!(stacks.iter().map(|s| s.depth).collect::<Vec<_>>(), [3, 2]);
        assert!(stacks[0].notes[0].contains("2 in 1 places"), "{:?}", stacks[0].notes);
    }

    #[test]
    fn uneven_slices_are_refused() {
        let (stacks, refused) = stacks(at(&[0.0, 3.0, 7.0, 9.0, 14.0]));
        assert!(stacks.is_empty());
        assert!(refused[0].1.contains("not at one distance"), "{refused:?}");
    }

    #[test]
    fn a_tilted_gantry_is_told() {
        let mut tilted = at(&[0.0, 3.0, 6.0]);
        for (n, slice) in tilted.iter_mut().enumerate() {
            slice.place.origin[1] += n as f64;
        }
        let (stacks, _) = stacks(tilted);
        assert!(!stacks[0].upright && stacks[0].notes[0].contains("18.43°"));
    }

    #[test]
    fn other_orientations_are_other_volumes() {
        let mut slices = at(&[0.0, 3.0]);
        slices[1].place.along_column = [0.0, 0.0, -1.0];
        assert_eq!(stacks(slices).0.len(), 2);
    }
}
