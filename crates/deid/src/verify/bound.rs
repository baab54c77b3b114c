//! What a sample without leaks says of everything that was not looked at.

/// The exact upper bound (Clopper and Pearson, 1934), one-sided at 95 %, of the share of leaking checks, where
/// `leaks` of `checked` leaked. With no checks nothing is known: 1.
#[must_use]
pub fn upper_bound(leaks: u64, checked: u64) -> f64 {
    const ALPHA: f64 = 0.05;
    if checked == 0 || leaks >= checked {
        return 1.0;
    }
    let (mut low, mut high) = (leaks as f64 / checked as f64, 1.0);
    // Halving the interval 60 times leaves less than a double can tell apart.
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if at_most(leaks, checked, middle) > ALPHA { low = middle } else { high = middle }
    }
    high
}

/// The probability of `leaks` or fewer in `checked` independent checks that leak with probability `share`.
fn at_most(leaks: u64, checked: u64, share: f64) -> f64 {
    let (n, odds) = (checked as f64, (share / (1.0 - share)).ln());
    // Logarithms, as the first term alone underflows for large samples.
    let mut term = n * (1.0 - share).ln();
    let mut sum = term.exp();
    for k in 1..=leaks {
        term += ((n - k as f64 + 1.0) / k as f64).ln() + odds;
        sum += term.exp();
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_those_of_the_tables() {
        let near = |a: f64, b: f64| (a - b).abs() < 5e-6;
        assert!(near(upper_bound(0, 100), 0.029_513), "{}", upper_bound(0, 100));
        assert!(near(upper_bound(1, 100), 0.046_560), "{}", upper_bound(1, 100));
        assert!(near(upper_bound(5, 20), 0.455_582), "{}", upper_bound(5, 20));
        assert!((upper_bound(0, 1_000_000) - 2.995_7e-6).abs() < 1e-9);
        assert!(near(upper_bound(0, 0), 1.0) && near(upper_bound(3, 3), 1.0));
    }
}
