//! Linking again what was touched: all of the persons concerned, and whatever shares a number with them.
//! Read in this order: this file, [`near`], [`known`], [`rules`].

mod known;
mod near;
pub mod rules;

use crate::desk::{Db, Desk};
use known::Known;
use near::{Near, Pool};
use rules::{Exam, Item, Link, To};
use std::collections::BTreeSet;

/// What was touched.
#[derive(Debug, Default)]
pub(crate) struct Focus {
    pub persons: BTreeSet<i64>,
    pub records: BTreeSet<i64>,
    pub exams: BTreeSet<String>,
}

/// Works out the links again of what was touched at a desk, all of it written, and of these exams.
pub(crate) async fn refresh(desk: &mut Desk<'_>, exams: BTreeSet<String>) -> Result<(), sqlx::Error> {
    let (persons, records) = desk.concerned().await?;
    let focus = Focus { persons, records, exams };
    if focus.persons.is_empty() && focus.records.is_empty() && focus.exams.is_empty() {
        return Ok(());
    }
    again(&mut desk.db, focus).await
}

/// Person by person, for what is of one person has nothing to do with another's but the numbers they share.
async fn again(db: &mut Db<'_>, mut focus: Focus) -> Result<(), sqlx::Error> {
    let pool = Pool::read(db, &mut focus).await?;
    let mut known = Known::read(db, &pool, &focus).await?;
    for person in &focus.persons {
        relink(&pool, &pool.of_person(*person), &mut known);
    }
    // Somebody's was linked with the person's.
    let strange = |person: Option<i64>| person.is_none_or(|person| !focus.persons.contains(&person));
    for near in focus.records.iter().map(|record| pool.of_record(*record)) {
        if near.items.iter().any(|id| pool.item(*id).is_some_and(|item| strange(item.person))) {
            relink(&pool, &near, &mut known);
        }
    }
    for near in focus.exams.iter().map(|study| pool.of_exam(study)) {
        if near.exams.iter().any(|study| pool.exam(study).is_some_and(|exam| strange(exam.person))) {
            relink(&pool, &near, &mut known);
        }
    }
    known.write(db).await
}

fn relink(pool: &Pool, own: &Near, known: &mut Known) {
    let near = pool.around(own);
    let items: Vec<Item> = near.items.iter().filter_map(|id| pool.item(*id)).cloned().collect();
    let exams: Vec<Exam> = near.exams.iter().filter_map(|study| pool.exam(study)).cloned().collect();
    let concerns = |link: &Link| {
        own.items.contains(&link.record)
            || match &link.to {
                To::Exam(study) => own.exams.contains(study),
                To::Record(other) => own.items.contains(other),
            }
    };
    let found: Vec<Link> = rules::links(&items, &exams).into_iter().filter(concerns).collect();
    known.replace(own, &found);
}
