//! The text of a policy: reading it, saying where it is wrong, and numbering it.

use deid::{Document, DocumentError, Policy};

/// Characters a document may have.
const LONGEST: usize = 256 * 1024;

/// What is wrong with a document, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// From 1, where it is known.
    pub line: Option<usize>,
    /// From 1.
    pub column: Option<usize>,
    /// The key, such as `dates.shift-days`.
    pub place: Option<String>,
    /// What is wrong, and what would be right.
    pub message: String,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}: ")?;
        }
        if let Some(place) = &self.place {
            write!(f, "{place}: ")?;
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for Fault {}

fn fault(place: &str, message: &str) -> Fault {
    Fault { line: None, column: None, place: Some(place.into()), message: message.into() }
}

/// Reads, checks and compiles a document.
pub(crate) fn read(text: &str) -> Result<(Document, Policy), Fault> {
    if text.len() > LONGEST {
        return Err(fault("document", "it is longer than 256 KiB"));
    }
    let told = |error: DocumentError| told(text, &error);
    let document = Document::parse(text).map_err(told)?;
    let policy = document.clone().compile().map_err(told)?;
    Ok((document, policy))
}

/// The document of JSON with the same keys, in its plain form.
pub(crate) fn plain(document: serde_json::Value) -> Result<String, Fault> {
    let document: Document =
        serde_json::from_value(document).map_err(|error| fault("document", &error.to_string()))?;
    Ok(document.to_toml())
}

/// Names of our own leave `+` to the ready-made ones with options, and fit into an address.
pub(crate) fn check_id(id: &str) -> Result<(), Fault> {
    if id.len() > 64 {
        return Err(fault("id", "at most 64 characters"));
    }
    if id.contains('+') || id.starts_with('.') || id == "new" {
        return Err(fault(
            "id",
            "small letters, digits, - and . only, not beginning with a dot, and not “new”",
        ));
    }
    Ok(())
}

fn told(text: &str, error: &DocumentError) -> Fault {
    match error {
        DocumentError::Toml(error) => {
            let start = error.span().map(|span| span.start);
            let (line, column) = start.map(|at| place_of(text, at)).unzip();
            Fault { line, column, place: None, message: error.message().to_owned() }
        }
        DocumentError::Content { place, problem } => {
            Fault { line: line_of(text, place), ..fault(place, problem) }
        }
        DocumentError::Unknown { .. } => fault("document", &error.to_string()),
    }
}

fn place_of(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    (before.matches('\n').count() + 1, before[start..].chars().count() + 1)
}

/// The line of a key as the engine names it: `dates.shift-days`, `rules, number 2: attribute`.
fn line_of(text: &str, place: &str) -> Option<usize> {
    let (key, rest) = place.split_once(", number ").unwrap_or((place, ""));
    let number: usize = rest.split(':').next().and_then(|digits| digits.parse().ok()).unwrap_or(1);
    let heading = format!("[[{key}]]");
    let of_list = lines(text).filter(|(_, line)| *line == heading).nth(number.saturating_sub(1));
    if let Some((at, _)) = of_list {
        let inner = rest.split(": ").nth(1).and_then(|inner| {
            lines(text).find(|(line, text)| *line > at && starts_with_key(text, inner)).map(|(line, _)| line)
        });
        return Some(inner.unwrap_or(at));
    }
    let (table, name) = key.rsplit_once('.').map_or(("", key), |(table, name)| (table, name));
    let mut section = String::new();
    for (at, line) in lines(text) {
        if let Some(heading) = line.strip_prefix('[') {
            section = heading.trim_matches(['[', ']']).to_owned();
        } else if section == table && starts_with_key(line, name) || starts_with_key(line, key) {
            return Some(at);
        }
    }
    None
}

fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().map(|(at, line)| (at + 1, line.trim()))
}

fn starts_with_key(line: &str, key: &str) -> bool {
    line.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with('='))
}

/// The same document under an id and a version. What people wrote beside it, such as comments, stays where it can.
pub(crate) fn numbered(text: &str, id: &str, version: u32) -> Result<String, Fault> {
    let (mut document, _) = read(text)?;
    id.clone_into(&mut document.id);
    document.version = version;
    let mut is_top = true;
    let written: Vec<String> = text
        .lines()
        .map(|line| {
            is_top &= !line.trim_start().starts_with('[');
            match line.trim_start() {
                key if is_top && starts_with_key(key, "id") => format!("id = \"{id}\""),
                key if is_top && starts_with_key(key, "version") => format!("version = {version}"),
                _ => line.to_owned(),
            }
        })
        .collect();
    let written = written.join("\n") + "\n";
    let is_same = Document::parse(&written).is_ok_and(|written| written == document);
    Ok(if is_same { written } else { document.to_toml() })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEAST: &str = "# ours\nformat = 1\nid = \"a\"\nversion = 1 # the first\ntitle = \"A\"\n";

    fn fault_of(more: &str) -> Fault {
        read(&format!("{LEAST}{more}")).map(|_| ()).expect_err("refused")
    }

    #[test]
    fn a_fault_has_its_line_wherever_it_is() {
        assert_eq!(fault_of("option = []").line, Some(6));
        assert_eq!(fault_of("[dates]\nage-cap = 90\nshift-days = [5, -5]").line, Some(8));
        assert_eq!(fault_of("dates.shift-days = [5, -5]").line, Some(6));
        let rule = |attribute: &str| format!("[[rules]]\naction = \"keep\"\nattribute = \"{attribute}\"\n");
        let fault = fault_of(&format!("{}{}", rule("StudyID"), rule("PatientNames")));
        assert_eq!(fault.line, Some(11), "{fault}");
        assert!(fault.message.contains("did you mean PatientName?"), "{fault}");
        assert_eq!(fault_of("options = [\"retain-uid\"]").line, Some(6));
    }

    #[test]
    fn a_document_is_numbered_and_keeps_its_comments() {
        let text = numbered(LEAST, "b", 7).expect("valid");
        assert_eq!(text, "# ours\nformat = 1\nid = \"b\"\nversion = 7\ntitle = \"A\"\n");
        let inside =
            "format = 1\nid = \"a\"\nversion = 1\ntitle = \"A\"\ndescription = \"\"\"\nversion = 3\n\"\"\"\n";
        let document = Document::parse(&numbered(inside, "a", 2).expect("valid")).expect("valid");
        assert_eq!((document.version, document.description.as_str()), (2, "version = 3\n"));
    }
}
