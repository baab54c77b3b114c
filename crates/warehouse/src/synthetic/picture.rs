//! The stories of the chosen few whose images are made: every exam of them is one that can be pictured.

use super::chance::Chance;
use super::life::lung_rads;
use super::story::{Life, Said, Story, Value, there};
use super::words::{CHEST_CR, CHEST_CT, PET_CT};

/// Every fifth of them has one thing less than the others, so that a question can miss them.
const TURNS: i64 = 5;

const DENIED: [&str; 3] = ["pleural_effusion", "pneumothorax", "lymphadenopathy"];

impl Story {
    /// The story of a patient with images: lung cancer, a CT within 90 days, and a CT again. Of five, the fourth
    /// comes back too late, and the fifth has a nodule of 5 mm.
    #[must_use]
    pub fn pictured(seed: u64, number: i64) -> Self {
        let mut chance = Chance::of(seed ^ 0x5049_4354, number);
        let birth = chance.within(-12_000, 0);
        let sex = if chance.happens(500) { "female" } else { "male" };
        let mut life = Life { story: Self::new(number, birth, sex), chance };
        life.pictured();
        life.story
    }
}

impl Life {
    fn pictured(&mut self) {
        let turn = self.story.number % TURNS;
        let day = self.chance.within(18_300, 19_500);
        self.condition(day, "C34.11", "Malignant neoplasm of upper lobe, right bronchus or lung");
        let size = if turn == 0 { 5 } else { self.chance.within(9, 24) };
        let staged = day + self.chance.within(3, 80);
        self.shown(staged - 9, &CHEST_CR, vec![Said { assertion: "possible", ..nodule(None) }]);
        self.seen(staged, size);
        // A PET comes with a CT of the chest: who is to come back too late must not have come back for that.
        if turn != 4 && self.chance.happens(300) {
            self.shown(staged + 12, &PET_CT, vec![nodule(Some(size as f64))]);
        }
        let again = if turn == 4 { self.chance.within(420, 600) } else { self.chance.within(60, 350) };
        self.seen(staged + again, if turn == 0 { 5 } else { (size - 3).max(8) });
        let given = day + 35;
        self.medicine(given, 360, "1547545", "pembrolizumab");
    }

    /// A chest CT; its report says what the pictures show.
    fn seen(&mut self, day: i64, size: i64) {
        let (code, words, unit) = ("2160-0", "Creatinine", "mg/dL");
        self.story.values.push(Value { day, code, words, value: 1.0, unit });
        let absent = DENIED.map(|finding| Said { finding, assertion: "absent", side: "", size: None });
        let findings = [nodule(Some(size as f64))].into_iter().chain(absent).collect();
        self.shown(day, &CHEST_CT, findings);
        if let Some(visit) = self.story.visits.last_mut() {
            visit.category = Some(("Lung-RADS", lung_rads(size as f64)));
        }
    }

    fn shown(&mut self, day: i64, kind: &'static super::words::Kind, findings: Vec<Said>) {
        self.visit(day, kind, findings, None);
        if let Some(visit) = self.story.visits.last_mut() {
            visit.device = ("Isocenter", "Phantom");
        }
    }
}

const fn nodule(size: Option<f64>) -> Said {
    there("nodule", "right", size)
}
