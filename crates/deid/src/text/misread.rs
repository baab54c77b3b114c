//! Identifiers in text that a machine has read off a picture: a letter or two may be wrong.

use super::Known;
use super::fold::compact;

/// The least characters of an identifier that is looked for with errors.
const LEAST: usize = 4;

/// Whether a known identifier, or something that could be one misread, is in the text.
pub(crate) fn reads_like(known: &Known, text: &str) -> bool {
    let read = alike(&compact(text));
    known.iter().any(|(identifier, _)| is_misread(&read, identifier, LEAST))
}

/// The one of these identifiers, folded and of at least so many characters, that may have been misread as a text.
pub(crate) fn misread<'a, T>(
    text: &str,
    mut identifiers: impl Iterator<Item = (&'a str, T)>,
    least: usize,
) -> Option<T> {
    let read = alike(&compact(text));
    identifiers.find(|(identifier, _)| is_misread(&read, identifier, least)).map(|(_, kind)| kind)
}

fn is_misread(read: &str, identifier: &str, least: usize) -> bool {
    let wanted = alike(identifier);
    let length = wanted.chars().count();
    length >= least && is_in(read, &wanted, length / 5)
}

/// Letters and digits that look the same are the same.
fn alike(text: &str) -> String {
    let same = |c| match c {
        'o' | 'q' | 'd' => '0',
        'i' | 'l' | 'j' | '|' => '1',
        'z' => '2',
        's' => '5',
        'b' => '8',
        'g' => '9',
        other => other,
    };
    text.chars().map(same).collect()
}

/// Whether some part of `read` is `wanted` with at most `errors` letters changed, lost or added.
fn is_in(read: &str, wanted: &str, errors: usize) -> bool {
    let wanted: Vec<char> = wanted.chars().collect();
    // Sellers' algorithm: a column of edit distances that may begin anywhere in the text.
    let mut column: Vec<usize> = (0..=wanted.len()).collect();
    for c in read.chars() {
        let mut corner = 0;
        for (row, letter) in wanted.iter().enumerate() {
            let above = column[row];
            let changed = corner + usize::from(*letter != c);
            corner = column[row + 1];
            column[row + 1] = changed.min(corner + 1).min(above + 1);
        }
        if column[wanted.len()] <= errors {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn misread_identifiers_are_found() {
        let mut known = Known::default();
        known.add_name("Okonkwo^Thandiwe");
        known.add_id("MRN5500381");
        for text in ["0K0NKW0, T.", "ID: MRN55OO38I", "Thandlwe"] {
            assert!(reads_like(&known, text), "{text}");
        }
        for text in ["LYMPH NODE", "TIS<0.4 MI=0.8", "CINE 0118", ""] {
            assert!(!reads_like(&known, text), "{text}");
        }
    }
}
