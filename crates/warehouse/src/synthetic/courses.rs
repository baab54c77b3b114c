//! Courses of diseases: a diagnosis, what led to it and what followed, in the order of a real one.

use super::life::lung_rads;
use super::story::{END, Life, there};
use super::words::{
    BRAIN_MR, BREAST_MG, CHEST_CR, CHEST_CT, HEAD_CT, LABORATORY, MEDICINES, PET_CT, PROSTATE_MR,
};

const CREATININE: usize = 0;
const A1C: usize = 2;
const PSA: usize = 6;
const DIMER: usize = 7;

/// What happens to somebody who has a disease.
type Course = fn(&mut Life);

/// Has diseases befall somebody, each as often as it does.
pub(super) fn befall(life: &mut Life) {
    let sex = life.story.sex;
    let each: [(u64, Course); 9] = [
        (40, lung_cancer),
        (110, diabetes),
        (if sex == "female" { 35 } else { 0 }, breast_cancer),
        (if sex == "male" { 35 } else { 0 }, prostate_cancer),
        (4, multiple_sclerosis),
        (12, pulmonary_embolism),
        (15, stroke),
        (30, pneumonia),
        (25, screening),
    ];
    for (per_mille, course) in each {
        if life.chance.happens(per_mille) {
            course(life);
        }
    }
}

fn laboratory(life: &mut Life, which: usize, day: i64, value: f64) {
    let (code, words, unit, ..) = LABORATORY[which];
    life.value(day, (code, words, unit), value);
}

fn prescribed(life: &mut Life, which: usize, day: i64, days: i64) {
    let (code, words) = MEDICINES[which];
    life.medicine(day, days, code, words);
}

/// A chest CT with a nodule, and the kidneys looked at before.
fn nodule(life: &mut Life, day: i64, size: f64, side: &'static str) {
    laboratory(life, CREATININE, day - 3, 1.0);
    let findings = life.also(&CHEST_CT, vec![there("nodule", side, Some(size))]);
    life.visit(day, &CHEST_CT, findings, Some(("Lung-RADS", lung_rads(size))));
}

fn lung_cancer(life: &mut Life) {
    let Some(day) = life.day_from(48) else { return };
    let kinds = [
        ("C34.11", "Malignant neoplasm of upper lobe, right bronchus or lung", "right"),
        ("C34.12", "Malignant neoplasm of upper lobe, left bronchus or lung", "left"),
        ("C34.31", "Malignant neoplasm of lower lobe, right bronchus or lung", "right"),
        ("C34.90", "Malignant neoplasm of unspecified part of bronchus or lung", "left"),
    ];
    let (code, words, side) = *life.chance.favoured(&kinds);
    if life.chance.happens(750) {
        let before = life.chance.within(200, 3_000);
        life.condition(day - before, "F17.210", "Nicotine dependence, cigarettes, uncomplicated");
    }
    life.condition(day, code, words);
    let staged = day + life.chance.within(-25, 100);
    let mut size = 5.0 + life.chance.about(16).min(60) as f64;
    if life.chance.happens(880) {
        nodule(life, staged, size, side);
    } else {
        let findings = life.also(&CHEST_CT, vec![there("lymphadenopathy", side, None)]);
        life.visit(staged, &CHEST_CT, findings, None);
    }
    if life.chance.happens(600) {
        let after = life.chance.within(5, 30);
        life.visit(staged + after, &PET_CT, vec![there("nodule", side, Some(size))], None);
    }
    let taken = staged + life.chance.within(3, 25);
    life.procedure(taken, "78603008", "Needle biopsy of lung");
    treated(life, day);
    let mut follow = staged;
    for _ in 0..life.chance.about(3).min(8) {
        follow += life.chance.within(55, 200);
        size = (size + life.chance.within(-6, 6) as f64).max(2.0);
        nodule(life, follow, size, side);
        life.condition(follow, code, words);
    }
    if life.chance.happens(450) {
        let after = life.chance.within(60, 1_800);
        life.story.death = Some(day + after).filter(|death| *death < END);
    }
}

fn treated(life: &mut Life, day: i64) {
    if life.chance.happens(150) {
        life.story.variants.push(((day + 14).min(END - 1), "EGFR", "p.Leu858Arg"));
        prescribed(life, 15, day + 30, 300);
        return;
    }
    if life.chance.happens(600) {
        prescribed(life, 12, day + 21, 120);
    }
    if life.chance.happens(450) {
        prescribed(life, 13, day + 35, 360);
    }
}

fn diabetes(life: &mut Life) {
    let Some(day) = life.day_from(30) else { return };
    let mut seen = day;
    for _ in 0..2 + life.chance.about(8).min(30) {
        life.condition(seen, "E11.9", "Type 2 diabetes mellitus without complications");
        let value = 6.4 + life.chance.about(10) as f64 / 8.0;
        laboratory(life, A1C, seen, value);
        seen += life.chance.within(80, 250);
    }
    prescribed(life, 2, day + 2, 1_200);
    if life.chance.happens(250) {
        let after = life.chance.within(300, 2_500);
        life.condition(day + after, "N18.3", "Chronic kidney disease, stage 3");
        laboratory(life, CREATININE, day + after, 1.8);
    }
}

fn breast_cancer(life: &mut Life) {
    let Some(day) = life.day_from(40) else { return };
    let size = 6.0 + life.chance.about(12).min(50) as f64;
    let before = life.chance.within(2, 40);
    life.visit(day - before, &BREAST_MG, vec![there("mass", "right", Some(size))], Some(("BI-RADS", "5")));
    life.procedure(day - 1, "122548005", "Biopsy of breast");
    life.condition(day, "C50.911", "Malignant neoplasm of right female breast");
    if life.chance.happens(200) {
        prescribed(life, 14, day + 40, 365);
    }
    for year in 1..=life.chance.within(0, 6) {
        life.visit(day + 365 * year, &BREAST_MG, Vec::new(), Some(("BI-RADS", "2")));
    }
}

fn prostate_cancer(life: &mut Life) {
    let Some(day) = life.day_from(50) else { return };
    let value = 5.0 + life.chance.about(8) as f64;
    laboratory(life, PSA, day - 40, value);
    let findings = vec![there("prostate_lesion", "left", Some(8.0 + life.chance.about(8).min(40) as f64))];
    life.visit(day - 20, &PROSTATE_MR, findings, Some(("PI-RADS", "5")));
    life.condition(day, "C61", "Malignant neoplasm of prostate");
    for again in 1..=life.chance.within(0, 8) {
        laboratory(life, PSA, day + 180 * again, 0.4);
    }
}

fn multiple_sclerosis(life: &mut Life) {
    let Some(day) = life.day_from(18) else { return };
    life.condition(day, "G35", "Multiple sclerosis");
    for year in 0..=life.chance.within(1, 10) {
        let findings = life.also(&BRAIN_MR, vec![there("demyelination", "bilateral", None)]);
        life.visit(day + 365 * year, &BRAIN_MR, findings, None);
    }
}

fn pulmonary_embolism(life: &mut Life) {
    let Some(day) = life.day_from(25) else { return };
    laboratory(life, DIMER, day, 2_400.0);
    let findings = life.also(&CHEST_CT, vec![there("pulmonary_embolism", "bilateral", None)]);
    life.visit(day, &CHEST_CT, findings, None);
    life.condition(day, "I26.99", "Pulmonary embolism without acute cor pulmonale");
    life.stay(day, 6, "IMP");
    prescribed(life, 9, day + 1, 180);
}

fn stroke(life: &mut Life) {
    let Some(day) = life.day_from(45) else { return };
    life.visit(day, &HEAD_CT, vec![there("infarct", "left", None)], None);
    life.visit(day + 2, &BRAIN_MR, vec![there("infarct", "left", Some(18.0))], None);
    life.condition(day, "I63.9", "Cerebral infarction, unspecified");
    life.stay(day, 9, "IMP");
}

fn pneumonia(life: &mut Life) {
    let Some(day) = life.day_from(0) else { return };
    life.visit(day, &CHEST_CR, vec![there("consolidation", "right", None)], None);
    life.condition(day, "J18.9", "Pneumonia, unspecified organism");
    life.visit(day + 30, &CHEST_CR, Vec::new(), None);
}

/// Chest CTs year by year, the first with a small nodule.
fn screening(life: &mut Life) {
    let Some(day) = life.day_from(50) else { return };
    let size = 3.0 + life.chance.within(0, 8) as f64;
    for year in 0..=life.chance.within(1, 4) {
        nodule(life, day + 365 * year, size, "right");
    }
}
