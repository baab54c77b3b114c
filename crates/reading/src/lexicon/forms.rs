//! Other forms of a term: plurals and British spelling, so that data names a word once.

use std::collections::BTreeMap;

/// How words change.
pub(super) struct Forms<'a> {
    /// Irregular plurals by singular.
    pub plural: &'a BTreeMap<String, String>,
    /// British parts of words by American ones.
    pub spelling: &'a BTreeMap<String, String>,
}

impl Forms<'_> {
    /// The term, its plural, and both in British spelling.
    pub(super) fn of(&self, term: &str) -> Vec<String> {
        let mut forms = vec![term.to_owned()];
        forms.extend(self.plural_of(term));
        let british: Vec<String> = forms.iter().filter_map(|form| self.british(form)).collect();
        forms.extend(british);
        forms
    }

    /// The term and its British spelling.
    pub(super) fn spelled(&self, term: &str) -> Vec<String> {
        let british = self.british(term);
        std::iter::once(term.to_owned()).chain(british).collect()
    }

    /// Of `embolus in the artery` the first word would be meant; terms are written so that the last one is.
    fn plural_of(&self, term: &str) -> Option<String> {
        let (head, last) = term.rsplit_once([' ', '-']).map_or(("", term), |(head, last)| (head, last));
        let mark = &term[..term.len() - last.len()];
        debug_assert!(mark.starts_with(head));
        let plural = match self.plural.get(last) {
            Some(plural) => plural.clone(),
            None => regular(last)?,
        };
        Some(format!("{mark}{plural}"))
    }

    fn british(&self, term: &str) -> Option<String> {
        let changed = self.spelling.iter().fold(term.to_owned(), |term, (us, gb)| replace(&term, us, gb));
        (changed != term).then_some(changed)
    }
}

/// Replaces where the part does not stand already in the British form.
fn replace(term: &str, us: &str, gb: &str) -> String {
    if term.contains(gb) { term.to_owned() } else { term.replace(us, gb) }
}

/// Words that end like an adjective, or are no word of letters, have no plural.
fn regular(word: &str) -> Option<String> {
    const NO_NOUN: &[&str] = &["ed", "al", "ic", "ous", "ing", "ive", "ary", "ss", "able", "ible", "ar"];
    if word.len() < 3 || !word.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return None;
    }
    if NO_NOUN.iter().any(|end| word.ends_with(end)) && !matches!(word, "mass" | "abscess" | "canal" | "scar")
    {
        return (word == "swelling").then(|| "swellings".to_owned());
    }
    let stem = |cut: usize, end: &str| Some(format!("{}{end}", &word[..word.len() - cut]));
    let vowel_before_y = word.len() > 1 && word[..word.len() - 1].ends_with(['a', 'e', 'o', 'u']);
    match word {
        _ if word.ends_with("sis") => stem(2, "es"),
        _ if word.ends_with('y') && !vowel_before_y => stem(1, "ies"),
        _ if word.ends_with(['x', 's']) || word.ends_with("ch") || word.ends_with("sh") => stem(0, "es"),
        _ => stem(0, "s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plurals_and_british_spelling_are_made() {
        let plural = BTreeMap::from([("embolus".to_owned(), "emboli".to_owned())]);
        let spelling = BTreeMap::from([("hemorrhag".to_owned(), "haemorrhag".to_owned())]);
        let forms = Forms { plural: &plural, spelling: &spelling };
        assert_eq!(forms.of("pulmonary embolus"), ["pulmonary embolus", "pulmonary emboli"]);
        assert_eq!(forms.of("opacity"), ["opacity", "opacities"]);
        assert_eq!(forms.of("metastasis"), ["metastasis", "metastases"]);
        assert_eq!(forms.of("enlarged"), ["enlarged"]);
        assert_eq!(forms.of("hemorrhage"), ["hemorrhage", "hemorrhages", "haemorrhage", "haemorrhages"]);
    }
}
