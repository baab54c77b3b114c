//! Lives: what everybody has now and then, and the courses of diseases that follow their own order in time.

use super::chance::Chance;
use super::courses;
use super::story::{BEGIN, END, Life, Said, Story};
use super::words::{
    BREAST_MG, CHEST_CT, CONDITIONS, EVERYDAY, Kind, LABORATORY, MEDICINES, medicine_for, sex_of,
};

impl Story {
    /// The life of a patient: the same for the same seed and number, whoever else there is.
    #[must_use]
    pub fn of(seed: u64, number: i64) -> Self {
        let mut chance = Chance::of(seed, number);
        let birth = chance.within(-14_600, 16_000);
        let sex = if chance.happens(515) { "female" } else { "male" };
        let mut life = Life { story: Self::new(number, birth, sex), chance };
        life.everyday();
        courses::befall(&mut life);
        life.ends();
        life.story.end_with_death();
        life.story.visits.sort_by_key(|visit| visit.day);
        life.story
    }
}

impl Life {
    fn everyday(&mut self) {
        let illness = 1 + (END - self.story.birth) / 9_000;
        for _ in 0..self.chance.about(13 * illness) {
            self.falls_ill();
        }
        for _ in 0..self.chance.about(2 * illness) {
            let class = *self.chance.favoured(&["AMB", "EMER", "IMP"]);
            let days = if class == "IMP" { self.chance.within(1, 14) } else { 0 };
            if let Some(day) = self.day_from(0) {
                self.stay(day, days, class);
            }
        }
        for _ in 0..self.chance.about(3 * illness) {
            let (code, words, unit, mean, spread) = *self.chance.favoured(&LABORATORY);
            let value = mean + (self.chance.within(-1000, 1500) as f64 / 1000.0) * spread;
            let sex = if code == "2857-1" { "male" } else { "" };
            if let Some(day) = self.day_from(1).filter(|_| sex.is_empty() || sex == self.story.sex) {
                self.value(day, (code, words, unit), value);
            }
        }
        for _ in 0..self.chance.about(1 + 2 * illness).min(40) {
            self.is_examined();
        }
    }

    /// A condition, most often with the medicine that is given for it.
    fn falls_ill(&mut self) {
        let (code, words) = *self.chance.favoured(&CONDITIONS);
        let sex = sex_of(code);
        let cancer = code.starts_with('C');
        // Cancers have courses of their own.
        if cancer && !self.chance.happens(80) || !sex.is_empty() && sex != self.story.sex {
            return;
        }
        let Some(day) = self.day_from(if cancer { 35 } else { 0 }) else { return };
        self.condition(day, code, words);
        if let Some(medicine) = medicine_for(code).filter(|_| self.chance.happens(350)) {
            let (code, words) = MEDICINES[medicine];
            let (after, days) = (self.chance.within(0, 5), self.chance.within(5, 400));
            self.medicine(day + after, days, code, words);
        }
    }

    fn is_examined(&mut self) {
        let kind = *self.chance.favoured(&EVERYDAY);
        let youngest = if std::ptr::eq(kind, &raw const BREAST_MG) { 40 } else { 0 };
        if !kind.sex.is_empty() && kind.sex != self.story.sex {
            return;
        }
        let Some(day) = self.day_from(youngest) else { return };
        if self.chance.happens(40) {
            let became = *self.chance.any(&["cancelled", "requested", "scheduled", "discontinued"]);
            self.story.unmade.push((day, kind, became));
            return;
        }
        let findings = self.also(kind, Vec::new());
        let category = category(kind, &findings);
        self.visit(day, kind, findings, category);
    }

    /// The old die; so do the very ill, by their course.
    fn ends(&mut self) {
        let oldest = self.story.at_age(70 + self.chance.within(0, 35));
        if oldest < END {
            let death = oldest.max(BEGIN + self.chance.within(100, 4_000));
            if death < END {
                self.story.death = Some(self.story.death.map_or(death, |course| course.min(death)));
            }
        }
    }
}

/// The category that goes with what was found.
fn category(kind: &'static Kind, findings: &[Said]) -> Option<(&'static str, &'static str)> {
    let worst = findings.iter().filter(|said| said.assertion == "present");
    if std::ptr::eq(kind, &raw const BREAST_MG) {
        let mass = worst.into_iter().any(|said| said.finding == "mass");
        return Some(("BI-RADS", if mass { "4" } else { "2" }));
    }
    if std::ptr::eq(kind, &raw const CHEST_CT) {
        let size = worst.into_iter().filter(|said| said.finding == "nodule").find_map(|said| said.size)?;
        return Some(("Lung-RADS", lung_rads(size)));
    }
    None
}

/// By the size of a solid nodule at first sight, mm (Lung-RADS 2022).
pub(super) const fn lung_rads(size: f64) -> &'static str {
    match size {
        small if small < 6.0 => "2",
        middle if middle < 8.0 => "3",
        large if large < 15.0 => "4A",
        _ => "4B",
    }
}
