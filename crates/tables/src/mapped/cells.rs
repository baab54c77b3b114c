//! A row's cells, read by their roles.

use super::mapping::{Column, Mapping, Role};
use crate::sheet::Row;
use crate::values::{self, UCUM};
use clinical::When;
use jiff::fmt::strtime;
use serde_json::{Value, json};

/// A row and its mapping.
#[derive(Clone, Copy)]
pub(super) struct Cells<'a> {
    pub mapping: &'a Mapping,
    pub row: &'a Row,
}

impl<'a> Cells<'a> {
    /// What stands in the first column of a role that isn't empty, in the mapping's words.
    pub(super) fn get(self, role: Role) -> Option<&'a str> {
        self.found(role).map(|(text, _)| text)
    }

    pub(super) fn found(self, role: Role) -> Option<(&'a str, &'a Column)> {
        self.mapping.all(role).find_map(|(name, column)| {
            let text = self.row.get(&name.to_ascii_lowercase())?;
            Some((column.values.get(text).map_or(text, String::as_str), column))
        })
    }

    /// A date or time of this role.
    pub(super) fn date(self, role: Role) -> Result<Option<String>, String> {
        let Some((text, column)) = self.found(role) else { return Ok(None) };
        if self.is_typed(role) && by_type(text).is_some() {
            return Ok(by_type(text));
        }
        let formats = column.format.iter().chain(&self.mapping.dates);
        let mut formats = formats.peekable();
        let made = if formats.peek().is_some() {
            formats.find_map(|format| by_format(format, text))
        } else {
            by_type(text)
        };
        made.map(Some)
            .ok_or_else(|| format!("a date that is not written as the mapping says ({})", word(role)))
    }

    /// Whether what was found for a role is a number or a moment by its type.
    fn is_typed(self, role: Role) -> bool {
        let mut names = self.mapping.all(role).map(|(name, _)| name.to_ascii_lowercase());
        names.find(|name| self.row.get(name).is_some()).is_some_and(|name| self.row.is_typed(&name))
    }

    /// What a row is about.
    pub(super) fn code(self) -> Option<Value> {
        let mut codings = Vec::new();
        let other = self.get(Role::CodeSystem);
        let display = self.get(Role::Display);
        for (name, column) in self.mapping.all(Role::Code) {
            let Some(text) = self.row.get(&name.to_ascii_lowercase()) else { continue };
            let code = column.values.get(text).map_or(text, String::as_str);
            let mut coding = json!({});
            if let Some(system) = other.or(column.system.as_deref()) {
                coding["system"] = system.into();
            }
            coding["code"] = code.into();
            if let Some(display) = display {
                coding["display"] = display.into();
            }
            codings.push(coding);
        }
        let text = display.or_else(|| self.get(Role::Code))?;
        let mut made = json!({"text": text});
        if !codings.is_empty() {
            made["coding"] = codings.into();
        }
        Some(made)
    }

    /// A result: a quantity where it is a number (`<0,5` too), else words.
    pub(super) fn value(self) -> Option<(&'static str, Value)> {
        let text = self.get(Role::Value)?;
        let (comparator, rest) = ["<=", ">=", "<", ">"]
            .into_iter()
            .find_map(|sign| text.strip_prefix(sign).map(|rest| (Some(sign), rest.trim())))
            .unwrap_or((None, text));
        let written = if self.is_typed(Role::Value) { rest.into() } else { self.point(rest) };
        let Some(number) = values::number(&written) else {
            return Some(("valueString", text.into()));
        };
        let mut made = json!({"value": number});
        if let Some(comparator) = comparator {
            made["comparator"] = comparator.into();
        }
        if let Some((unit, column)) = self.found(Role::Unit) {
            made["unit"] = unit.into();
            made["system"] = column.system.as_deref().unwrap_or(UCUM).into();
            made["code"] = unit.into();
        }
        Some(("valueQuantity", made))
    }

    /// A decimal with a point, whatever the table writes; groups of three may be set apart.
    fn point(self, text: &str) -> String {
        let decimal = self.mapping.decimal;
        let group = if decimal == ',' { '.' } else { ',' };
        let whole = text.split(decimal).next().unwrap_or_default();
        let grouped = whole.contains(group) && whole.split(group).skip(1).all(|part| part.len() == 3);
        let text = if grouped { text.replacen(group, "", usize::MAX) } else { text.into() };
        if decimal == '.' { text } else { text.replace(group, "!").replace(decimal, ".") }
    }
}

fn by_type(text: &str) -> Option<String> {
    let plain = || When::parse(text).ok().map(String::from);
    values::moment(None, Some(text)).ok().flatten().or_else(plain)
}

fn by_format(format: &str, text: &str) -> Option<String> {
    let read = strtime::parse(format, text).ok()?;
    let date = read.to_date().ok();
    let made = match (date, read.hour()) {
        (Some(_), Some(_)) => {
            let moment = read.to_datetime().ok()?;
            match read.offset() {
                Some(offset) => offset.to_timestamp(moment).ok()?.to_string(),
                None => format!("{}", moment.strftime("%Y-%m-%dT%H:%M:%S")),
            }
        }
        (Some(date), None) => date.to_string(),
        (None, _) => match (read.year(), read.month()) {
            (Some(year), Some(month)) => format!("{year:04}-{month:02}"),
            (Some(year), None) => format!("{year:04}"),
            _ => return None,
        },
    };
    When::parse(&made).ok().map(String::from)
}

fn word(role: Role) -> &'static str {
    match role {
        Role::Birth => "birth",
        Role::End => "end",
        _ => "date",
    }
}
