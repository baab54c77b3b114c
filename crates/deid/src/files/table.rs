//! Tables of values separated by commas or tabs: each column by its declared role.

use super::Refused;
use crate::dates::parse_date;
use crate::text::{Depth, Known};
use crate::wall::{Wall, subject_of};
use std::collections::BTreeMap;

/// What a column is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Patient ID: becomes the code that the patient's images get.
    PatientId,
    /// A person: empty afterwards.
    Name,
    /// A date, with or without a time: moves as the patient's images do.
    Date,
    /// A DICOM UID: becomes the one that images get.
    Uid,
    /// An accession number: empty afterwards, as in images.
    Accession,
    /// Words: swept for what is known of the patient and for what looks like an identifier.
    FreeText,
    /// Stays, but for what is known of the patient.
    Keep,
    /// The column goes.
    Remove,
}

/// Roles by the name of the column. Columns that are not named go.
#[derive(Debug, Clone, Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Roles {
    columns: BTreeMap<String, Role>,
}

/// Why roles can't be read.
#[derive(Debug, thiserror::Error)]
#[error("the roles of columns are not valid")]
pub struct RolesError(#[source] Box<toml::de::Error>);

impl Roles {
    /// Reads `[columns]` with a role for each: `"Patient ID" = "patient-id"`.
    ///
    /// # Errors
    /// [`RolesError`] if it is something else.
    pub fn parse(text: &str) -> Result<Self, RolesError> {
        toml::from_str(text).map_err(|error| RolesError(Box::new(error)))
    }
}

/// A value as it was written.
struct Field {
    text: String,
    quoted: bool,
}

const UNREADABLE: Refused = Refused("it can't be read as a table in UTF-8");

/// The table without what identifies. `known` gives what is known of a subject, by [`subject_of`].
///
/// # Errors
/// [`Refused`] with the reason; nothing of the file then leaves.
pub fn clean(
    bytes: &[u8],
    roles: &Roles,
    wall: &Wall,
    known: &dyn Fn(&str) -> Known,
) -> Result<Vec<u8>, Refused> {
    let text = std::str::from_utf8(bytes).map_err(|_| UNREADABLE)?;
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let first = text.lines().next().unwrap_or_default();
    let comma = [b'\t', b';', b','].into_iter().max_by_key(|c| first.bytes().filter(|b| b == c).count());
    let comma = char::from(comma.unwrap_or(b','));
    let rows = rows(text, comma)?;
    let (head, rows) = rows.split_first().ok_or(UNREADABLE)?;
    let columns: Vec<_> = head
        .iter()
        .map(|field| roles.columns.get(field.text.trim()).copied().unwrap_or(Role::Remove))
        .collect();
    if rows.iter().any(|row| row.len() != head.len()) {
        return Err(Refused("its rows have not as many values as its head"));
    }
    if columns.iter().all(|role| *role == Role::Remove) {
        return Err(Refused("none of its columns has a role"));
    }
    let ids: Vec<_> = columns.iter().filter(|role| **role == Role::PatientId).collect();
    if ids.len() > 1 {
        return Err(Refused("two of its columns are Patient IDs"));
    }
    let mut people = People { wall, known, seen: BTreeMap::new() };
    for row in rows {
        people.learn(row, &columns);
    }
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut out = written(head.iter().map(|field| field.text.clone()), head, &columns, comma) + end;
    for row in rows {
        let values = people.row(row, &columns);
        out.push_str(&written(values.into_iter(), row, &columns, comma));
        out.push_str(end);
    }
    Ok(out.into_bytes())
}

/// What the rows say of each subject.
struct People<'a> {
    wall: &'a Wall,
    known: &'a dyn Fn(&str) -> Known,
    seen: BTreeMap<String, Known>,
}

fn subject(row: &[Field], columns: &[Role]) -> Option<String> {
    let id = row.iter().zip(columns).find(|(_, role)| **role == Role::PatientId)?.0;
    subject_of(&id.text, "").map(|subject| subject.reveal().clone())
}

impl People<'_> {
    fn learn(&mut self, row: &[Field], columns: &[Role]) {
        let subject = subject(row, columns).unwrap_or_default();
        let known = self.seen.entry(subject).or_insert_with_key(|subject| (self.known)(subject));
        for (field, role) in row.iter().zip(columns) {
            match role {
                Role::Name => known.add_name(&as_dicom(&field.text)),
                Role::PatientId | Role::Accession => known.add_id(&field.text),
                _ => {}
            }
        }
    }

    fn row(&self, row: &[Field], columns: &[Role]) -> Vec<String> {
        let subject = subject(row, columns);
        let nothing = Known::default();
        let known = self.seen.get(subject.as_deref().unwrap_or_default()).unwrap_or(&nothing);
        let sweep = self.wall.sweep(known);
        let swept = |text: &str, depth| sweep.text(text, depth).unwrap_or_else(|| text.to_owned());
        let value = |(field, role): (&Field, &Role)| match role {
            Role::PatientId => subject.as_deref().map(|subject| self.wall.code(subject)).unwrap_or_default(),
            Role::Name | Role::Accession | Role::Remove => String::new(),
            Role::Date => self.date(subject.as_deref(), field.text.trim()).unwrap_or_default(),
            Role::Uid if field.text.trim().is_empty() => String::new(),
            Role::Uid => self.wall.new_uid(field.text.trim()),
            Role::FreeText => swept(&field.text, Depth::Patterns),
            Role::Keep => swept(&field.text, Depth::Known),
        };
        row.iter().zip(columns).map(value).collect()
    }

    /// As it was written: `20240131`, `2024-01-31`, either with a time behind it.
    fn date(&self, subject: Option<&str>, text: &str) -> Option<String> {
        let rule = self.wall.date_rule(subject?)?;
        let dashed = text.as_bytes().get(4) == Some(&b'-');
        let (date, rest) = text.split_at_checked(if dashed { 10 } else { 8 })?;
        let is_time = rest.bytes().all(|b| b.is_ascii_digit() || b" T:.+-Z".contains(&b));
        parse_date(date).filter(|_| is_time)?;
        let moved = rule.date(&date.replace('-', ""))?;
        let rest = if rule == crate::dates::DateRule::Year { "" } else { rest };
        Some(match dashed {
            true => format!("{}-{}-{}{rest}", &moved[..4], &moved[4..6], &moved[6..8]),
            false => moved + rest,
        })
    }
}

/// `Doe, Jane` and `Jane Doe` with their parts apart.
fn as_dicom(name: &str) -> String {
    match name.split_once(',') {
        Some((family, given)) => format!("{}^{}", family.trim(), given.trim()),
        None => name.split_whitespace().rev().collect::<Vec<_>>().join("^"),
    }
}

fn rows(text: &str, comma: char) -> Result<Vec<Vec<Field>>, Refused> {
    let mut rows = vec![Vec::new()];
    let mut field = Field { text: String::new(), quoted: false };
    let mut inside = false;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '"' if inside && rest.peek() == Some(&'"') => {
                rest.next();
                field.text.push('"');
            }
            '"' if inside => inside = false,
            '"' if field.text.is_empty() && !field.quoted => (inside, field.quoted) = (true, true),
            _ if inside => field.text.push(c),
            '"' => return Err(UNREADABLE),
            '\r' if rest.peek() == Some(&'\n') => {}
            c if c == comma || c == '\n' => {
                let done = std::mem::replace(&mut field, Field { text: String::new(), quoted: false });
                rows.last_mut().ok_or(UNREADABLE)?.push(done);
                if c == '\n' {
                    rows.push(Vec::new());
                }
            }
            c if !field.quoted => field.text.push(c),
            _ => return Err(UNREADABLE),
        }
    }
    if inside {
        return Err(Refused("it is cut short"));
    }
    let last = rows.last_mut().ok_or(UNREADABLE)?;
    if !last.is_empty() || !field.text.is_empty() || field.quoted {
        last.push(field);
    }
    rows.retain(|row| row.iter().any(|field| row.len() > 1 || !field.text.is_empty()));
    Ok(rows)
}

/// A row without the columns that go; what was in quotes is so again.
fn written(values: impl Iterator<Item = String>, before: &[Field], columns: &[Role], comma: char) -> String {
    let kept = values.zip(before).zip(columns).filter(|(_, role)| **role != Role::Remove);
    let one = |((value, field), _): ((String, &Field), &Role)| {
        let must = value.contains([comma, '"', '\n', '\r']);
        if field.quoted || must { format!("\"{}\"", value.replace('"', "\"\"")) } else { value }
    };
    kept.map(one).collect::<Vec<_>>().join(&comma.to_string())
}
