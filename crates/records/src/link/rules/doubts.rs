//! Numbers that agree and yet don't decide: given twice, or contradicted by another number. What is in doubt waits.

use super::{DAY, Exam, Found, HOLDS, Item, Link, Role, Same, To, named, same, shared_words};
use serde_json::json;
use std::collections::BTreeSet;

/// Puts a doubt beside the links by number that others speak against.
pub(super) fn doubt(items: &[Item], exams: &[Exam], found: &mut Found) {
    let by_number = Numbers { items, exams, held: found.holding().cloned().collect() };
    for link in &by_number.held {
        let Some((why, confidence)) = by_number.against(link) else { continue };
        let mut link = link.clone();
        link.confidence = confidence;
        link.evidence.insert("doubt".into(), json!(why));
        found.put(link);
    }
}

struct Numbers<'a> {
    items: &'a [Item],
    exams: &'a [Exam],
    held: Vec<Link>,
}

impl Numbers<'_> {
    /// Why a link is in doubt, and what is left of its confidence.
    fn against(&self, link: &Link) -> Option<(&'static str, f64)> {
        let To::Exam(study) = &link.to else { return None };
        let item = self.items.iter().find(|item| item.id == link.record)?;
        let exam = self.exams.iter().find(|exam| exam.study == *study)?;
        if link.rule == "study-uid" {
            return self.contradicted(item, exam).then_some(("accession-of-another-exam", 0.8));
        }
        if self.names_another(item, exam) {
            return Some(("study-of-another-exam", 0.7));
        }
        if item.cancelled && self.rivals(item, exam).any(|other| !other.cancelled) {
            return Some(("cancelled-and-ordered-again", 0.6));
        }
        if self.issued_twice(item, exam) {
            return Some(("number-of-two-issuers", 0.7));
        }
        self.rather_others(item, exam).then_some(("fits-another-better", 0.75))
    }

    fn exam(&self, study: &str) -> Option<&Exam> {
        self.exams.iter().find(|exam| exam.study == study)
    }

    /// Whether the item's accession number is another exam's of the patient, and not this one's.
    fn contradicted(&self, item: &Item, exam: &Exam) -> bool {
        let names = |exam: &Exam| named(item, "accession").any(|mark| mark.value == exam.accession);
        !exam.accession.is_empty()
            && named(item, "accession").next().is_some()
            && !names(exam)
            && self.exams.iter().any(|other| names(other) && same(item.person, other.person) == Same::Yes)
    }

    /// Whether the item names another study that is here: under another accession number, or with another item for
    /// this one.
    fn names_another(&self, item: &Item, exam: &Exam) -> bool {
        let mut others = named(item, "study").filter_map(|mark| self.exam(&mark.value)).peekable();
        if others.peek().is_none() {
            return false;
        }
        let elsewhere = others.any(|other| other.accession != exam.accession);
        let anothers =
            self.rivals(item, exam).any(|other| named(other, "study").any(|mark| mark.value == exam.study));
        elsewhere || anothers
    }

    /// Others of the same role and patient that are linked to the exam by number.
    fn rivals<'s>(&'s self, item: &'s Item, exam: &'s Exam) -> impl Iterator<Item = &'s Item> {
        self.items.iter().filter(move |other| {
            other.id != item.id
                && other.role == item.role
                && same(item.person, other.person) == Same::Yes
                && self.linked(other, exam)
        })
    }

    fn linked(&self, item: &Item, exam: &Exam) -> bool {
        self.held
            .iter()
            .any(|link| link.record == item.id && matches!(&link.to, To::Exam(study) if *study == exam.study))
    }

    /// Whether two issuers gave this number, and time doesn't tell whose the exam's is.
    fn issued_twice(&self, item: &Item, exam: &Exam) -> bool {
        let issuers = |item: &Item| -> BTreeSet<String> {
            let own = named(item, "accession").filter(|mark| mark.value == exam.accession);
            own.map(|mark| mark.system.clone()).filter(|system| !system.is_empty()).collect()
        };
        let own = issuers(item);
        let strange = |other: &&Item| {
            let theirs = issuers(other);
            !own.is_empty() && !theirs.is_empty() && own.is_disjoint(&theirs)
        };
        let near = |item: &Item| item.begins.zip(exam.begins).is_some_and(|(a, b)| (a - b).abs() <= 2 * DAY);
        let mut strangers = self.rivals(item, exam).filter(strange).peekable();
        strangers.peek().is_some() && (!near(item) || strangers.any(near))
    }

    /// One number for several orders and several exams: what has words in common with another of them, and none with
    /// this one, is rather that one's.
    fn rather_others(&self, item: &Item, exam: &Exam) -> bool {
        if item.role == Role::Study || self.rivals(item, exam).next().is_none() {
            return false;
        }
        let likeness = |item: &Item, exam: &Exam| {
            let modality = item.modalities.iter().any(|one| exam.modalities.contains(one));
            shared_words(&item.words, &exam.words).len() + usize::from(modality)
        };
        let own = likeness(item, exam);
        let mut others =
            self.exams.iter().filter(|other| other.study != exam.study && self.linked(item, other));
        others.any(|other| likeness(item, other) > own)
    }
}

impl Found {
    /// Puts a link in the place of what was found for its ends.
    fn put(&mut self, link: Link) {
        debug_assert!(link.confidence < HOLDS, "a doubt holds nothing");
        self.0.insert((link.record, link.to.clone()), link);
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{exam, held, item, mark};
    use super::super::*;

    fn waiting(items: &[Item], exams: &[Exam]) -> Vec<(i64, String)> {
        let found = links(items, exams).into_iter().filter(|link| link.confidence < HOLDS);
        found
            .filter_map(|link| match link.to {
                To::Exam(study) => Some((link.record, study)),
                To::Record(_) => None,
            })
            .collect()
    }

    #[test]
    fn a_study_that_contradicts_the_accession_waits_on_both_sides() {
        let order = item(1, Role::Order, vec![mark("study", "1.2"), mark("accession", "B")]);
        let exams = [exam("1.2", "A"), exam("1.3", "B")];
        assert!(held(std::slice::from_ref(&order), &exams).is_empty());
        assert_eq!(waiting(std::slice::from_ref(&order), &exams).len(), 2);
        assert_eq!(held(&[order], &exams[..1]).len(), 1, "a number nobody else has speaks against nothing");
    }

    #[test]
    fn an_order_of_two_exams_under_one_number_has_both() {
        let order = item(1, Role::Order, vec![mark("accession", "A")]);
        assert_eq!(held(&[order], &[exam("1.2", "A"), exam("1.3", "A")]).len(), 2);
    }

    #[test]
    fn two_orders_that_name_their_studies_dont_share_a_number() {
        let one = item(1, Role::Order, vec![mark("accession", "A"), mark("study", "1.2")]);
        let other = item(2, Role::Order, vec![mark("accession", "A"), mark("study", "1.3")]);
        let held = held(&[one, other], &[exam("1.2", "A"), exam("1.3", "A")]);
        let held: Vec<_> = held.into_iter().map(|(id, to, _)| (id, to)).collect();
        assert_eq!(held, [(1, To::Exam("1.2".into())), (2, To::Exam("1.3".into()))]);
    }

    #[test]
    fn two_orders_and_two_exams_under_one_number_go_by_their_words() {
        let chest = item(1, Role::Order, vec![mark("accession", "A")]);
        let mut head = item(2, Role::Order, vec![mark("accession", "A")]);
        head.words = "ct head".into();
        let mut skull = exam("1.3", "A");
        skull.words = "head".into();
        let held = held(&[chest, head], &[exam("1.2", "A"), skull]);
        let held: Vec<_> = held.into_iter().map(|(id, to, _)| (id, to)).collect();
        assert_eq!(held, [(1, To::Exam("1.2".into())), (2, To::Exam("1.3".into()))]);
    }

    #[test]
    fn what_was_cancelled_and_ordered_again_waits() {
        let mut cancelled = item(1, Role::Order, vec![mark("accession", "A")]);
        cancelled.cancelled = true;
        let again = item(2, Role::Order, vec![mark("accession", "A")]);
        let exams = [exam("1.2", "A")];
        assert_eq!(held(&[cancelled.clone(), again], &exams).len(), 1);
        assert_eq!(held(std::slice::from_ref(&cancelled), &exams).len(), 1, "made all the same");
        cancelled.marks.clear();
        assert!(links(&[cancelled], &[exam("1.2", "")]).is_empty(), "never by time alone");
    }

    #[test]
    fn a_number_of_two_issuers_is_told_apart_by_time() {
        let of = |id, issuer: &str, begins| {
            let mut order = item(id, Role::Order, Vec::new());
            order.marks = vec![Mark { role: "accession", system: issuer.into(), value: "A".into() }];
            order.begins = Some(begins);
            order
        };
        let exams = [exam("1.2", "A")];
        let far = held(&[of(1, "NGH", 10 * DAY), of(2, "SGH", 90 * DAY)], &exams);
        assert_eq!(far.len(), 1);
        assert_eq!(far[0].0, 1);
        assert!(held(&[of(1, "NGH", 10 * DAY), of(2, "SGH", 10 * DAY)], &exams).is_empty());
    }
}
