//! Figures by class, with Wilson's intervals.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// What was counted of one class.
#[derive(Clone, Copy, Debug, Default)]
pub struct Count {
    pub right: u32,
    /// Said, and not so.
    pub wrong: u32,
    /// So, and not said.
    pub missed: u32,
}

impl Count {
    pub fn precision(self) -> f64 {
        share(self.right, self.right + self.wrong)
    }

    pub fn recall(self) -> f64 {
        share(self.right, self.right + self.missed)
    }

    pub fn f1(self) -> f64 {
        share(2 * self.right, 2 * self.right + self.wrong + self.missed)
    }

    fn add(&mut self, other: Self) {
        self.right += other.right;
        self.wrong += other.wrong;
        self.missed += other.missed;
    }
}

fn share(part: u32, whole: u32) -> f64 {
    if whole == 0 { 1.0 } else { f64::from(part) / f64::from(whole) }
}

/// Wilson's interval at 95 % for `part` of `whole`.
pub fn wilson(part: u32, whole: u32) -> (f64, f64) {
    if whole == 0 {
        return (0.0, 1.0);
    }
    let (z, n) = (1.959_964_f64, f64::from(whole));
    let p = f64::from(part) / n;
    let middle = p + z * z / (2.0 * n);
    let half = z * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
    let whole = 1.0 + z * z / n;
    ((middle - half) / whole, (middle + half) / whole)
}

/// The interval of F1, from the 2.5th to the 97.5th hundredth of samples drawn again from `cases`, each right, wrong or
/// missed. The generator has a fixed seed: the figures are the same each time.
pub fn bootstrap_f1(cases: &[Count]) -> (f64, f64) {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut draw = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below as u64) as usize
    };
    let mut scores: Vec<f64> = (0..1000)
        .map(|_| {
            let mut sum = Count::default();
            (0..cases.len()).for_each(|_| sum.add(cases[draw(cases.len())]));
            sum.f1()
        })
        .collect();
    scores.sort_by(f64::total_cmp);
    (scores[25], scores[974])
}

/// Counts by class.
#[derive(Debug, Default)]
pub struct Board {
    pub classes: BTreeMap<String, Count>,
    /// What went wrong, to look at.
    pub faults: Vec<String>,
}

impl Board {
    /// Counts one label: expected, and what was read; `None` is nothing.
    pub fn compare<T: PartialEq + std::fmt::Debug>(
        &mut self,
        class: &str,
        whence: &str,
        expected: Option<&T>,
        read: Option<&T>,
    ) {
        let count = self.classes.entry(class.to_owned()).or_default();
        if expected == read {
            count.right += u32::from(expected.is_some());
            return;
        }
        count.missed += u32::from(expected.is_some());
        count.wrong += u32::from(read.is_some());
        self.faults.push(format!("{whence}: {class}: expected {expected:?}, read {read:?}"));
    }

    pub fn get(&self, class: &str) -> Count {
        self.classes.get(class).copied().unwrap_or_default()
    }

    pub fn table(&self) -> String {
        let mut table = format!(
            "{:34} {:>5} {:>5} {:>6}  {:>9} {:>6} {:>5}  recall interval\n",
            "class", "right", "wrong", "missed", "precision", "recall", "F1"
        );
        for (class, count) in &self.classes {
            let (low, high) = wilson(count.right, count.right + count.missed);
            let _ = writeln!(
                table,
                "{class:34} {:5} {:5} {:6}  {:9.3} {:6.3} {:5.3}  {low:.3}-{high:.3}",
                count.right,
                count.wrong,
                count.missed,
                count.precision(),
                count.recall(),
                count.f1()
            );
        }
        table
    }
}

#[test]
fn wilson_is_as_in_the_literature() {
    // Newcombe 1998, table I: 81 of 263, and 0 of 20.
    let (low, high) = wilson(81, 263);
    assert!((low - 0.2553).abs() < 5e-4 && (high - 0.3662).abs() < 5e-4);
    assert!((wilson(0, 20).1 - 0.1611).abs() < 5e-4);
}
