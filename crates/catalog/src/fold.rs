//! Text as it is compared: without case, accents and superfluous spaces; words and how they sound.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Lower case, accents off, inner white space as one space, none around.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    if text.is_ascii() {
        folded.extend(text.chars().map(|c| c.to_ascii_lowercase()));
    } else {
        for c in text.nfkd().filter(|c| !is_combining_mark(*c)) {
            push_plain(&mut folded, c);
        }
    }
    squeeze(&folded)
}

/// Letters that no decomposition takes apart, as they are commonly written without them.
fn push_plain(folded: &mut String, c: char) {
    match c {
        'ß' | 'ẞ' => folded.push_str("ss"),
        'æ' | 'Æ' => folded.push_str("ae"),
        'œ' | 'Œ' => folded.push_str("oe"),
        'ø' | 'Ø' => folded.push('o'),
        'ł' | 'Ł' => folded.push('l'),
        'đ' | 'Đ' | 'ð' | 'Ð' => folded.push('d'),
        'þ' | 'Þ' => folded.push_str("th"),
        'ı' => folded.push('i'),
        _ => folded.extend(c.to_lowercase()),
    }
}

fn squeeze(text: &str) -> String {
    if !text.contains("  ") && !text.starts_with(' ') && !text.ends_with(' ') {
        return text.to_owned();
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A person name (PS3.5 §6.2.1) as it is compared: each component folded, empty ones at the end
/// dropped. The first group alone, and the other groups joined by `=`.
#[must_use]
pub fn person_name(name: &str) -> (String, String) {
    let mut groups = name.split('=').map(name_group);
    let first = groups.next().unwrap_or_default();
    let others: Vec<_> = groups.filter(|group| !group.is_empty()).collect();
    (first, others.join("="))
}

/// One group of a person name, folded.
#[must_use]
pub fn name_group(group: &str) -> String {
    let components: Vec<_> = group.split('^').map(fold).collect();
    components.join("^").trim_end_matches('^').to_owned()
}

/// The words of a folded text.
pub fn words(folded: &str) -> impl Iterator<Item = &str> {
    folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// How a folded word sounds: American Soundex (one letter, three digits); `None` unless it is all
/// Latin letters and at least two.
#[must_use]
pub fn sound(word: &str) -> Option<String> {
    if word.len() < 2 || !word.bytes().all(|b| b.is_ascii_lowercase()) {
        return None;
    }
    let first = word.chars().next()?;
    let mut code = String::from(first);
    let mut last = digit(first);
    for letter in word.chars().skip(1) {
        let digit = digit(letter);
        match digit {
            Some(d) if digit != last => code.push(d),
            _ => {}
        }
        // h and w don't part equal sounds, vowels do.
        if !matches!(letter, 'h' | 'w') {
            last = digit;
        }
    }
    Some(format!("{code:0<4.4}"))
}

fn digit(letter: char) -> Option<char> {
    match letter {
        'b' | 'f' | 'p' | 'v' => Some('1'),
        'c' | 'g' | 'j' | 'k' | 'q' | 's' | 'x' | 'z' => Some('2'),
        'd' | 't' => Some('3'),
        'l' => Some('4'),
        'm' | 'n' => Some('5'),
        'r' => Some('6'),
        _ => None,
    }
}

/// The smallest text greater than every text that starts with `prefix`; `None` if there is none.
#[must_use]
pub fn after_prefix(prefix: &str) -> Option<String> {
    let mut chars: Vec<char> = prefix.chars().collect();
    while let Some(last) = chars.pop() {
        // The characters that can't follow are the surrogates, which are no characters.
        let next = match last {
            '\u{d7ff}' => Some('\u{e000}'),
            other => char::from_u32(other as u32 + 1),
        };
        if let Some(next) = next {
            chars.push(next);
            return Some(chars.into_iter().collect());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_accents_do_not_count() {
        assert_eq!(fold("  MÜLLER  Łukasz "), "muller lukasz");
        assert_eq!(fold("Große"), "grosse");
        assert_eq!(fold("ＳＭＩＴＨ"), "smith");
    }

    #[test]
    fn a_name_has_groups_and_components() {
        let (first, others) = person_name("Yamada^Tarou^^=山田^太郎=やまだ^たろう");
        assert_eq!((first.as_str(), others.as_str()), ("yamada^tarou", "山田^太郎=やまた^たろう"));
        assert_eq!(person_name("Doe ^ Jane^"), ("doe^jane".into(), String::new()));
    }

    #[test]
    fn soundex_is_the_published_one() {
        let sounds = |word: &str| sound(word).unwrap_or_default();
        assert_eq!(sounds("robert"), sounds("rupert"));
        assert_eq!((sounds("rubin"), sounds("ashcraft")), ("r150".into(), "a261".into()));
        assert_eq!((sounds("tymczak"), sounds("pfister")), ("t522".into(), "p236".into()));
        assert_eq!(sounds("mueller"), sounds("muller"));
        assert_eq!(sound("山田"), None);
    }

    #[test]
    fn a_prefix_has_an_end() {
        assert_eq!(after_prefix("smi").as_deref(), Some("smj"));
        assert_eq!(after_prefix("\u{10ffff}"), None);
    }
}
