//! What a search asks (R4 §3.1.1), as what records understand.

use super::types::{self, By, INCLUDES, Type};
use crate::App;
use crate::http::Problem;
use axum::http::StatusCode;
use clinical::When;
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use records::find::{Compare, Find, Span, Token};
use serde_json::Value;

/// On a page, unless asked otherwise; and at most.
const PAGE: usize = 50;
const MOST: usize = 1000;

/// A search that is understood.
#[derive(Debug, Default)]
pub(super) struct Search {
    pub find: Find,
    /// Exams: theirs are UIDs.
    pub studies: Option<Vec<String>>,
    /// Elements that must have one of some codes.
    pub elements: Vec<(&'static str, Vec<Token>)>,
    /// Elements whose references are followed.
    pub include: Vec<&'static str>,
    pub count: usize,
    /// Only how many there are.
    pub only_count: bool,
    /// Whether to say how many there are.
    pub total: bool,
    pub format: Option<String>,
    /// Only these types, of `$everything`.
    pub kinds: Vec<String>,
    /// Where the page begins.
    pub cursor: String,
    /// What was asked, without identifiers.
    said: Vec<(String, String)>,
}

/// `a=1&b=2` as pairs.
pub(super) fn pairs(text: &str) -> Vec<(String, String)> {
    let decode = |part: &str| percent_decode_str(&part.replace('+', " ")).decode_utf8_lossy().into_owned();
    let each = text.split('&').filter(|part| !part.is_empty());
    each.map(|part| part.split_once('=').unwrap_or((part, ""))).map(|(a, b)| (decode(a), decode(b))).collect()
}

impl Search {
    /// Understands a search of a type; of all types for `$everything`.
    pub(super) async fn understand(
        app: &App,
        kind: Option<&Type>,
        pairs: Vec<(String, String)>,
    ) -> Result<Self, Problem> {
        let mut search = Self { count: PAGE, ..Self::default() };
        for (name, value) in pairs.into_iter().filter(|(_, value)| !value.is_empty()) {
            if !search.general(&name, &value)? {
                let kind = kind.ok_or_else(|| unknown(&name))?;
                search.own(app, kind, &name, &value).await?;
            }
        }
        Ok(search)
    }

    /// Parameters about the answer. False when it is none of them.
    fn general(&mut self, name: &str, value: &str) -> Result<bool, Problem> {
        match name {
            "_format" => self.format = Some(value.into()),
            // About the form of the answer, which stays as it is.
            "_pretty" | "_sort" | "_elements" | "_contained" | "_totalMethod" => return Ok(true),
            "_count" => {
                let count: usize = value.parse().map_err(|_| wrong(name))?;
                (self.count, self.only_count) = (count.min(MOST), count == 0);
            }
            "_summary" if value == "count" => self.only_count = true,
            "_summary" if value == "false" => {}
            "_total" => self.total = value != "none",
            "_cursor" => self.cursor = value.into(),
            "_include" => self.include.extend(included(value)?),
            "_type" => self.kinds.extend(value.split(',').map(str::to_owned)),
            "_since" => self.find.known.push(span(&format!("ge{value}")).ok_or_else(|| wrong(name))?),
            _ => return Ok(false),
        }
        if name != "_cursor" {
            self.said.push((name.into(), value.into()));
        }
        Ok(true)
    }

    async fn own(&mut self, app: &App, kind: &Type, name: &str, value: &str) -> Result<(), Problem> {
        let bare = name.split([':', '.']).next().unwrap_or_default();
        let by = types::parameter(kind, bare).ok_or_else(|| unknown(name))?;
        let plain = name == bare;
        match by {
            By::Patient => return self.patient(app, name, value).await,
            By::Identifier if plain && kind.0 == "Patient" => {
                return self.of_persons(persons(app, value).await?, "_id");
            }
            _ if !plain => return Err(unknown(name)),
            By::Id => {
                self.find.ids = Some(meant(app, kind.0, value).await?);
                self.studies = Some(value.split(',').map(str::to_owned).collect());
            }
            By::Known => self.find.known.push(span(value).ok_or_else(|| wrong(name))?),
            By::Time => self.find.times.push(span(value).ok_or_else(|| wrong(name))?),
            By::Status => self.find.status.extend(tokens(value).into_iter().map(|token| token.value)),
            By::Code => {
                for token in tokens(value) {
                    self.find.codes.extend(mapped_to(app, &token).await?);
                    self.find.codes.push(token);
                }
            }
            By::Element(element) => self.elements.push((element, tokens(value))),
            By::Identifier => {
                self.find.names.extend(tokens(value));
                return Ok(());
            }
        }
        self.said.push((name.into(), value.into()));
        Ok(())
    }

    /// `patient=7`, `patient=Patient/7`, `patient.identifier=…`, `subject:Patient.identifier=…`.
    async fn patient(&mut self, app: &App, name: &str, value: &str) -> Result<(), Problem> {
        let (bare, rest) = name.split_once(['.', ':']).unwrap_or((name, ""));
        match rest {
            "" | "Patient" => {
                let found = meant(app, "Patient", value).await?;
                self.of_persons(found, bare)
            }
            "identifier" | "Patient.identifier" => {
                let found = persons(app, value).await?;
                self.of_persons(found, bare)
            }
            _ => Err(unknown(name)),
        }
    }

    /// Remembered by their numbers: links hold no identifiers.
    fn of_persons(&mut self, found: Vec<i64>, name: &str) -> Result<(), Problem> {
        let ids = found.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
        // Of nobody: a number that nobody has.
        self.said.push((name.into(), if ids.is_empty() { "0".into() } else { ids }));
        match (&mut self.find.persons, name) {
            (_, "_id") => self.find.ids = Some(found),
            (Some(before), _) => before.retain(|one| found.contains(one)),
            (none, _) => *none = Some(found),
        }
        Ok(())
    }

    /// Identifiers are replaced in links by the records they were found to name.
    pub(super) fn names_are(&mut self, ids: &[String]) {
        if !self.find.names.is_empty() {
            self.said.retain(|(name, _)| name != "_id");
            self.said.push(("_id".into(), if ids.is_empty() { "0".into() } else { ids.join(",") }));
        }
    }

    /// The query of a link to a page.
    pub(super) fn query(&self, cursor: Option<&str>) -> String {
        let cursor = cursor.map(|cursor| ("_cursor".to_owned(), cursor.to_owned()));
        let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        let each = self.said.iter().cloned().chain(cursor);
        each.map(|(name, value)| format!("{}={}", name.replace(' ', ""), encode(&value)))
            .collect::<Vec<_>>()
            .join("&")
    }

    /// True when a resource has the elements that are asked for.
    pub(super) fn fits(&self, content: &Value) -> bool {
        self.elements.iter().all(|(name, tokens)| {
            let codes = codes_of(&content[*name]);
            tokens.iter().any(|token| {
                let same = |system: &str| token.system.as_deref().is_none_or(|wanted| wanted == system);
                codes.iter().any(|(system, code)| *code == token.value && same(system))
            })
        })
    }
}

/// System and code of everything coded in an element.
fn codes_of(value: &Value) -> Vec<(&str, &str)> {
    match value {
        Value::Array(list) => list.iter().flat_map(codes_of).collect(),
        Value::String(code) => vec![("", code)],
        Value::Object(object) if object.contains_key("coding") => codes_of(&object["coding"]),
        one => {
            let code = one["code"].as_str();
            code.map(|code| (one["system"].as_str().unwrap_or_default(), code)).into_iter().collect()
        }
    }
}

async fn persons(app: &App, value: &str) -> Result<Vec<i64>, Problem> {
    let mut found = Vec::new();
    for token in tokens(value) {
        found.extend(app.records.persons_by_identifier(token.system.as_deref(), &token.value).await?);
    }
    Ok(found)
}

/// The numbers that ids mean, with or without their type in front.
async fn meant(app: &App, kind: &str, value: &str) -> Result<Vec<i64>, Problem> {
    let mut found = Vec::new();
    for id in value.split(',').map(|one| one.rsplit('/').next().unwrap_or_default()) {
        found.extend(match kind {
            "Patient" => app.records.person_of_name(id).await?,
            _ => app.records.record_of(kind, id).await?,
        });
    }
    Ok(found)
}

/// The codes that mean this one by the site's tables.
async fn mapped_to(app: &App, token: &Token) -> Result<Vec<Token>, Problem> {
    let codes = app.records.mapped_to(token.system.as_deref(), &token.value).await?;
    let of = |code: clinical::codes::Code| Token {
        system: Some(code.system).filter(|system| !system.is_empty()),
        value: code.code,
    };
    Ok(codes.into_iter().map(of).collect())
}

/// `a,http://b|c,|d` (R4 §3.1.1.4.10).
fn tokens(value: &str) -> Vec<Token> {
    let one = |part: &str| match part.split_once('|') {
        Some((system, value)) => Token { system: Some(system.into()), value: value.into() },
        None => Token { system: None, value: part.into() },
    };
    value.split(',').filter(|part| !part.is_empty()).map(one).collect()
}

/// `ge2024-01` as a span of time.
fn span(value: &str) -> Option<Span> {
    let known = [
        ("eq", Compare::Equal),
        ("ne", Compare::NotEqual),
        ("gt", Compare::Greater),
        ("lt", Compare::Less),
        ("ge", Compare::GreaterOrEqual),
        ("le", Compare::LessOrEqual),
        ("sa", Compare::After),
        ("eb", Compare::Before),
        ("ap", Compare::About),
    ];
    let prefixed = known.iter().find_map(|(prefix, compare)| Some((*compare, value.strip_prefix(prefix)?)));
    let (compare, text) = prefixed.unwrap_or((Compare::Equal, value));
    let when = When::parse(text).ok()?;
    Some(Span { compare, first: when.earliest().as_micros(), end: when.end().as_micros() })
}

/// `DiagnosticReport:result` as the elements it means.
fn included(value: &str) -> Result<&'static [&'static str], Problem> {
    let name = value.split(':').nth(1).unwrap_or_default();
    let found = INCLUDES.iter().find(|(own, _)| *own == name).map(|(_, elements)| *elements);
    found.ok_or_else(|| Problem::bad_request("There is nothing of this name to be included."))
}

fn unknown(name: &str) -> Problem {
    let known: String =
        name.chars().filter(|c| c.is_ascii_alphanumeric() || "_-.:".contains(*c)).take(60).collect();
    let detail = format!(
        "`{known}` is no parameter that can be searched by here; /fhir/metadata lists those that can."
    );
    Problem::new(StatusCode::BAD_REQUEST, "unknown-parameter", detail)
}

fn wrong(name: &str) -> Problem {
    Problem::bad_request(format!("The value of `{name}` can't be understood."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn dates_have_prefixes() {
        let of = |text| span(text).map(|span| (span.compare, (span.end - span.first) / 3_600_000_000));
        assert_eq!(of("2024-02-29"), Some((Compare::Equal, 24)));
        assert_eq!(of("ge2024"), Some((Compare::GreaterOrEqual, 366 * 24)));
        assert_eq!(of("soon"), None);
    }

    #[test]
    fn elements_are_compared_by_system_and_code() {
        let search = Search { elements: vec![("category", tokens("http://a|x"))], ..Search::default() };
        assert!(search.fits(&json!({"category": [{"coding": [{"system": "http://a", "code": "x"}]}]})));
        assert!(!search.fits(&json!({"category": [{"coding": [{"system": "http://b", "code": "x"}]}]})));
        let search = Search { elements: vec![("class", tokens("IMP"))], ..Search::default() };
        assert!(search.fits(&json!({"class": {"system": "http://a", "code": "IMP"}})));
    }

    #[test]
    fn queries_are_decoded() {
        let expected = vec![("a b".to_owned(), "x|y".to_owned()), ("c".to_owned(), String::new())];
        assert_eq!(pairs("a+b=x%7Cy&c"), expected);
    }
}
