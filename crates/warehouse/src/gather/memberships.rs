//! Rows of who is in which project.

use super::{Desk, EXAMS};
use crate::members::{Members, Membership};
use std::collections::BTreeMap;

/// Rows of one patient, of the numbers that rows have.
const MOST: i64 = 1 << 12;

/// Patient, project, and the exam where only that is enrolled.
type Key = (i64, String, Option<String>);

impl Desk {
    /// Rows of the people whose exams are known by now.
    pub(super) async fn memberships(&mut self, members: &Members) -> Result<(), sqlx::Error> {
        let studies: Vec<String> = self.whose.keys().cloned().collect();
        let mut found: BTreeMap<Key, Membership> = BTreeMap::new();
        for part in studies.chunks(EXAMS) {
            for one in members.of_exams(&part.iter().collect::<Vec<_>>()).await? {
                self.take_membership(&mut found, one);
            }
        }
        let mut last = (0, 0);
        for ((patient, ..), one) in found {
            last = if last.0 == patient { (patient, last.1 + 1) } else { (patient, 0) };
            self.membership(patient, patient * MOST + last.1 % MOST, one);
        }
        Ok(())
    }

    fn take_membership(&self, found: &mut BTreeMap<Key, Membership>, one: Membership) {
        let Some(patient) = self.whose.get(&one.member.study).copied() else { return };
        let only = Some(&one.member.study).filter(|_| one.member.only_this).cloned();
        match found.entry((patient, one.project.clone(), only)) {
            std::collections::btree_map::Entry::Vacant(empty) => drop(empty.insert(one)),
            // One person under two Patient IDs is in as long as one of them is.
            std::collections::btree_map::Entry::Occupied(mut other) => {
                if other.get().member.left && !one.member.left {
                    other.insert(one);
                }
            }
        }
    }

    fn membership(&mut self, patient: i64, id: i64, Membership { project, title, member }: Membership) {
        let only = Some(member.study).filter(|_| member.only_this);
        let cells = vec![
            ("project", project.into()),
            ("title", title.into()),
            ("state", if member.left { "left".into() } else { "in".into() }),
            ("end_day", member.until.into()),
            ("consent", member.consent.into()),
            ("study_uid", only.into()),
        ];
        self.event("membership", patient, id, Some(member.since), cells);
    }
}
