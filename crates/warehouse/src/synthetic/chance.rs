//! Chance that is the same every time.

/// A source of chance of one patient.
#[derive(Debug, Clone)]
pub(crate) struct Chance(u64);

impl Chance {
    /// The chance of a patient of the population with this seed.
    pub(crate) const fn of(seed: u64, number: i64) -> Self {
        let own = number.cast_unsigned().wrapping_mul(0x9E37_79B9_7F4A_7C15);
        Self(own ^ 0xD1B5_4A32_D192_ED03 ^ seed.wrapping_mul(0xA24B_AED4_963E_E407))
    }

    /// SplitMix64 (Steele, Lea and Flood 2014).
    const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A number from `from` up to, not with, `to`.
    pub(crate) fn within(&mut self, from: i64, to: i64) -> i64 {
        from + (self.next() % (to - from).max(1).cast_unsigned()).cast_signed()
    }

    /// Whether something of so many in a thousand happens.
    pub(crate) fn happens(&mut self, per_mille: u64) -> bool {
        self.next() % 1000 < per_mille
    }

    /// A number around a mean, never below zero, with a long tail.
    pub(crate) fn about(&mut self, mean: i64) -> i64 {
        (-(1.0 - self.unit()).ln() * mean as f64) as i64
    }

    /// One of them; the first ones far more often.
    pub(crate) fn favoured<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        let at = (of.len() as f64).powf(self.unit()) - 1.0;
        &of[(at as usize).min(of.len() - 1)]
    }

    /// One of them, each as often.
    pub(crate) fn any<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[(self.next() % of.len() as u64) as usize]
    }
}
