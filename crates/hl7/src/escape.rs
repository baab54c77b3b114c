//! Escapes within text (v2.9 §2.7): delimiters, bytes, and the commands of formatted text.

use crate::{Delimiters, charset::Charset};
use std::borrow::Cow;

/// Text without escapes. What is no escape of the standard stays as it is (`C:\temp\new`); local ones (`\Z…\`),
/// highlighting and switches of sets are taken out; commands that begin a new line become line ends.
#[must_use]
pub fn unescape<'t>(text: &'t str, delimiters: &Delimiters, charset: Charset) -> Cow<'t, str> {
    let Some(mark) = delimiters.escape.filter(|mark| text.contains(*mark)) else {
        return Cow::Borrowed(text);
    };
    let mut made = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(mark) {
        made.push_str(&rest[..at]);
        let inside = &rest[at + mark.len_utf8()..];
        let meant = inside.find(mark).and_then(|end| {
            let meaning = meaning(&inside[..end], delimiters, charset)?;
            Some((meaning, end + mark.len_utf8()))
        });
        match meant {
            Some((meaning, end)) => {
                made.push_str(&meaning);
                rest = &inside[end..];
            }
            None => {
                made.push(mark);
                rest = inside;
            }
        }
    }
    made.push_str(rest);
    Cow::Owned(made)
}

/// What stands for an escape, without the marks around it; none when it is none.
fn meaning(escape: &str, delimiters: &Delimiters, charset: Charset) -> Option<Cow<'static, str>> {
    let one = |mark: Option<char>| mark.map(|mark| Cow::Owned(mark.to_string()));
    match escape {
        "F" => one(Some(delimiters.field)),
        "S" => one(Some(delimiters.component)),
        "R" => one(delimiters.repetition),
        "E" => one(delimiters.escape),
        "T" => one(delimiters.subcomponent),
        "P" => one(delimiters.truncation),
        "H" | "N" => Some("".into()),
        _ => longer(escape, charset),
    }
}

fn longer(escape: &str, charset: Charset) -> Option<Cow<'static, str>> {
    let (first, rest) = escape.split_at_checked(1)?;
    match first {
        "X" => bytes_of(rest).map(|bytes| Cow::Owned(charset.decode(&bytes, None).0)),
        "." => command(rest),
        "C" | "M" if matches!(rest.len(), 4 | 6) && bytes_of(rest).is_some() => Some("".into()),
        "Z" if rest.len() <= 40 && !rest.contains(char::is_whitespace) => Some("".into()),
        _ => None,
    }
}

fn bytes_of(digits: &str) -> Option<Vec<u8>> {
    if digits.is_empty() || !digits.len().is_multiple_of(2) || !digits.is_ascii() {
        return None;
    }
    (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(&digits[at..at + 2], 16).ok()).collect()
}

/// A command of formatted text (FT): `.br`, `.sp3`, `.in+4`, `.ti-2`, `.sk5`, `.fi`, `.nf`, `.ce`.
fn command(text: &str) -> Option<Cow<'static, str>> {
    let (name, number) = text.split_at_checked(2)?;
    let count = match number.trim() {
        "" => 1,
        number => number.trim_start_matches(['+', '-']).parse::<usize>().ok()?.min(80),
    };
    match name {
        "br" | "BR" | "ce" => Some("\n".into()),
        "sp" => Some("\n".repeat(count).into()),
        "sk" => Some(" ".repeat(count).into()),
        "in" | "ti" | "fi" | "nf" => Some("".into()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        unescape(text, &Delimiters::default(), Charset::UTF_8).into_owned()
    }

    #[test]
    fn delimiters_and_bytes() {
        assert_eq!(read("a\\F\\b\\S\\c\\T\\d\\R\\e\\E\\f"), "a|b^c&d~e\\f");
        assert_eq!(read("\\XC3A9\\\\X41\\"), "éA");
        assert_eq!(read("no escapes"), "no escapes");
    }

    #[test]
    fn formatted_text() {
        assert_eq!(read("A\\.br\\B\\.sp2\\C\\.in+4\\D\\.sk3\\E\\.ce\\F"), "A\nB\n\nCD   E\nF");
        assert_eq!(read("\\H\\bold\\N\\ \\Z1\\x"), "bold x");
    }

    #[test]
    fn what_is_no_escape_stays() {
        for text in
            ["C:\\temp\\new", "50\\", "\\", "\\Q\\", "\\X4\\", "\\.br", "\\.sp9999999999999999999999\\"]
        {
            assert_eq!(read(text), text);
        }
    }
}
