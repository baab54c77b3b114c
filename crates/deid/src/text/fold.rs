//! Words as they are compared: small letters, without accents.

use std::ops::Range;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// A word of a text: where it is, and folded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word {
    pub at: Range<usize>,
    pub folded: String,
}

/// The words: runs of letters and digits.
pub(crate) fn words(text: &str) -> Vec<Word> {
    let mut found = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices() {
        // A combining mark belongs to the letter before it.
        if c.is_alphanumeric() || is_combining_mark(c) {
            start.get_or_insert(at);
        } else if let Some(from) = start.take() {
            found.push(word(text, from..at));
        }
    }
    if let Some(from) = start {
        found.push(word(text, from..text.len()));
    }
    found
}

fn word(text: &str, at: Range<usize>) -> Word {
    Word { folded: fold(&text[at.clone()]), at }
}

/// Whether words of the script stand without spaces between them, so that a name is a part of a run of letters.
pub(crate) fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{0E00}'..='\u{0E7F}' | '\u{1100}'..='\u{11FF}' | '\u{3040}'..='\u{30FF}' | '\u{3130}'..='\u{318F}'
        | '\u{3400}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7AF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF66}'..='\u{FF9D}' | '\u{20000}'..='\u{3FFFF}')
}

/// Where in `text` the folded `part` stands, for each time it does.
pub(crate) fn places(text: &str, part: &str) -> Vec<Range<usize>> {
    let mut folded = String::with_capacity(text.len());
    let mut starts = Vec::new();
    for (at, c) in text.char_indices() {
        starts.push((folded.len(), at));
        folded.push_str(&fold(c.encode_utf8(&mut [0; 4])));
    }
    starts.push((folded.len(), text.len()));
    let source =
        |at: usize| starts.iter().rev().find(|(folded_at, _)| *folded_at <= at).map_or(0, |(_, at)| *at);
    let ends =
        |at: usize| starts.iter().find(|(folded_at, _)| *folded_at >= at).map_or(text.len(), |(_, at)| *at);
    folded.match_indices(part).map(|(at, _)| source(at)..ends(at + part.len())).collect()
}

/// Small letters without accents; letters that have none of their own in the Latin alphabet as two.
pub(crate) fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let plain = text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase);
    plain.fold(String::with_capacity(text.len()), |mut out, c| {
        match c {
            'ß' => out.push_str("ss"),
            'ø' => out.push('o'),
            'æ' => out.push_str("ae"),
            'œ' => out.push_str("oe"),
            'đ' | 'ð' => out.push('d'),
            'ł' => out.push('l'),
            'þ' => out.push_str("th"),
            'ı' => out.push('i'),
            other => out.push(other),
        }
        out
    })
}

/// As passports write what has no letter: `ä` as `ae`, `ø` as `oe`, `å` as `aa`.
pub(crate) fn spelled_out(text: &str) -> String {
    let spelled: String = text.nfc().flat_map(char::to_lowercase).fold(String::new(), |mut out, c| {
        match c {
            'ä' | 'æ' => out.push_str("ae"),
            'ö' | 'ø' | 'œ' => out.push_str("oe"),
            'ü' => out.push_str("ue"),
            'å' => out.push_str("aa"),
            other => out.push(other),
        }
        out
    });
    fold(&spelled)
}

/// Letters and digits alone, folded.
pub(crate) fn compact(text: &str) -> String {
    let joined: String = text.chars().filter(|c| c.is_alphanumeric() || is_combining_mark(*c)).collect();
    fold(&joined)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_and_case_do_not_count() {
        assert_eq!(fold("MÄRTA"), "marta");
        assert_eq!(fold("Ma\u{308}rta"), "marta");
        assert_eq!(spelled_out("Märta Åse"), "maerta aase");
        assert_eq!(compact("(415) 555-0142"), "4155550142");
    }

    #[test]
    fn parts_are_found_where_they_stand() {
        let text = "山田太郎様の胸部";
        let found: Vec<_> = places(text, "太郎").into_iter().map(|at| text[at].to_owned()).collect();
        assert_eq!(found, ["太郎"]);
        let half = "ﾔﾏﾀﾞﾀﾛｳ";
        let found: Vec<_> = places(half, &fold("ﾔﾏﾀﾞ")).into_iter().map(|at| half[at].to_owned()).collect();
        assert_eq!(found, ["ﾔﾏﾀ"], "what marks a sound is no letter");
    }

    #[test]
    fn words_know_where_they_are() {
        let text = "Pt. O'Brien_2";
        let found: Vec<_> = words(text).into_iter().map(|w| text[w.at].to_owned()).collect();
        assert_eq!(found, ["Pt", "O", "Brien", "2"]);
    }
}
