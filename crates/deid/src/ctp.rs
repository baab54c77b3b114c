//! CTP anonymizer scripts, read into a policy as far as it can carry them, with a list of what it can't.

use crate::policy::document::{AttributeRule, Document, RuleAction};
use crate::table::ProfileOption;
use dicom::{Tag, Vr, dictionary};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// What came of a script.
#[derive(Debug)]
pub struct Imported {
    /// The policy: the Basic profile with the script's rules before it.
    pub policy: Document,
    /// What it does not carry, in the script's order.
    pub left_out: Vec<LeftOut>,
}

/// Something that was not carried over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// The element of the script.
    pub element: String,
    /// What it asked for.
    pub script: String,
    /// What happens instead, and why.
    pub instead: String,
}

/// Why a text is no anonymizer script.
#[derive(Debug, thiserror::Error)]
pub enum CtpError {
    /// It is no XML.
    #[error("it is no XML that can be read")]
    Xml(#[source] Box<quick_xml::Error>),
    /// It is XML of another kind.
    #[error("it is no CTP anonymizer script: its outermost element must be <script>")]
    NoScript,
    /// The policy that came of it can't be.
    #[error("the script gives no valid policy")]
    Policy(#[from] crate::DocumentError),
}

/// One `<e>`, `<r>`, `<k>` or `<p>` of the script.
#[derive(Default)]
struct Line {
    kind: Vec<u8>,
    enabled: bool,
    target: String,
    name: String,
    script: String,
}

/// Reads a script.
///
/// # Errors
/// [`CtpError`] if it is none.
pub fn import(xml: &str, id: &str) -> Result<Imported, CtpError> {
    let mut importer = Importer::default();
    lines(xml)?.into_iter().for_each(|line| importer.add(&line));
    let mut options = importer.options;
    options.sort_unstable();
    options.dedup();
    let document = Document {
        format: 1,
        id: id.into(),
        version: 1,
        title: "Imported from a CTP anonymizer script".into(),
        description: "The Basic profile, with the rules of the script before it.".into(),
        options,
        subjects: Default::default(),
        dates: Default::default(),
        text: Default::default(),
        private: Default::default(),
        pixels: Default::default(),
        rules: importer.rules,
    };
    let policy = Document::parse(&document.to_toml())?;
    Ok(Imported { policy, left_out: importer.left_out })
}

fn lines(xml: &str) -> Result<Vec<Line>, CtpError> {
    let mut reader = Reader::from_str(xml);
    let (mut lines, mut open, mut depth): (Vec<Line>, Option<Line>, u32) = (Vec::new(), None, 0);
    loop {
        match reader.read_event().map_err(|error| CtpError::Xml(Box::new(error)))? {
            Event::Start(start) if depth == 0 => {
                if start.name().as_ref() != b"script" {
                    return Err(CtpError::NoScript);
                }
                depth = 1;
            }
            Event::Start(start) => {
                depth += 1;
                open = Some(line(&start));
            }
            Event::Empty(start) if depth > 0 => lines.push(line(&start)),
            Event::Text(text) => {
                if let Some(line) = &mut open {
                    line.script.push_str(&text.decode().unwrap_or_default());
                }
            }
            Event::GeneralRef(name) => {
                if let Some(line) = &mut open {
                    line.script.push_str(entity(&name));
                }
            }
            Event::End(_) => {
                depth = depth.saturating_sub(1);
                lines.extend(open.take());
            }
            Event::Eof if lines.is_empty() && depth == 0 && open.is_none() && !xml.contains("<script") => {
                return Err(CtpError::NoScript);
            }
            Event::Eof => return Ok(lines),
            _ => {}
        }
    }
}

fn entity(name: &[u8]) -> &'static str {
    match name {
        b"quot" => "\"",
        b"apos" => "'",
        b"amp" => "&",
        b"lt" => "<",
        b"gt" => ">",
        _ => "",
    }
}

fn line(start: &BytesStart<'_>) -> Line {
    let mut line = Line { kind: start.name().as_ref().to_vec(), enabled: true, ..Line::default() };
    for attribute in start.attributes().flatten() {
        let value = String::from_utf8_lossy(&attribute.value).into_owned();
        match attribute.key.as_ref() {
            b"en" => line.enabled = value == "T",
            b"t" => line.target = value,
            b"n" => line.name = value,
            _ => {}
        }
    }
    line
}

#[derive(Default)]
struct Importer {
    rules: Vec<AttributeRule>,
    options: Vec<ProfileOption>,
    left_out: Vec<LeftOut>,
}

impl Importer {
    fn add(&mut self, line: &Line) {
        match (line.kind.as_slice(), line.enabled) {
            (b"e", true) => self.element(line),
            (b"e", false) => self.note(line, "a disabled element; the profile decides"),
            (b"k", true) => self.note(line, "whole groups are not kept: attributes need rules of their own"),
            (b"r", false) if line.target == "privategroups" => {
                self.note(line, "private attributes go unless private.keep lists them");
            }
            (b"r", false) => self.note(line, "it is removed all the same: what no rule names does not pass"),
            (b"p", _) if line.target == "DATEINC" => {
                self.note(line, "dates move by a number of days of each subject's own; see dates.shift-days");
            }
            (b"p", _) => self.note(line, "codes and UIDs follow from the project key, not from parameters"),
            _ => {}
        }
    }

    fn element(&mut self, line: &Line) {
        let digits = line.target.replace(['(', ')', ',', '[', ']'], "");
        let Some(tag) = dictionary::parse_tag(&digits).filter(|tag| tag.0 % 2 == 0) else {
            return self.note(line, "a private or unknown attribute: it goes unless private.keep lists it");
        };
        if tag.0 == 2 {
            return self.note(line, "file meta information is always made anew");
        }
        let script = line.script.trim();
        let Some(action) = self.action(tag, script, line) else { return };
        let attribute = dictionary::keyword(tag).map_or(digits, Into::into);
        let because = Some(format!("CTP script: {script}")).filter(|_| script.len() < 120);
        self.rules.push(AttributeRule { attribute, action, because });
    }

    /// What the script's first function is here.
    fn action(&mut self, tag: Tag, script: &str, line: &Line) -> Option<RuleAction> {
        let function = script.strip_prefix('@').map(|rest| rest.split('(').next().unwrap_or_default());
        let is_date = matches!(dictionary::implicit_vr(tag, false), Vr::DA | Vr::DT | Vr::TM);
        Some(match function {
            Some("keep") => RuleAction::Keep,
            Some("remove") => RuleAction::Remove,
            Some("empty" | "blank") => RuleAction::Empty,
            None if script.is_empty() => RuleAction::Empty,
            Some("hashuid") => RuleAction::Uid,
            Some("hashptid" | "integer" | "initials") if is_patient(tag) => RuleAction::Code,
            Some("incrementdate" | "modifydate" | "hashdate") if is_date => {
                self.options.push(ProfileOption::RetainModifiedDates);
                self.note(line, "it moves by the subject's own number of days");
                RuleAction::Clean
            }
            Some("require") => {
                self.note(line, "a missing attribute is not made; the profile decides where there is one");
                return None;
            }
            Some("lookup" | "param" | "hash" | "hashname") if is_patient(tag) => {
                self.note(line, "the subject's code, which follows from the project key");
                RuleAction::Code
            }
            Some("if" | "select" | "process" | "call") => {
                self.note(line, "conditions are not carried over: the attribute is removed");
                RuleAction::Remove
            }
            Some(_) => {
                self.note(line, "a function without counterpart: the attribute is removed");
                RuleAction::Remove
            }
            None => {
                self.note(line, "a constant: a value that says nothing stands in its place");
                RuleAction::Dummy
            }
        })
    }

    fn note(&mut self, line: &Line, instead: &str) {
        let name = if line.name.is_empty() { &line.target } else { &line.name };
        let kind = String::from_utf8_lossy(&line.kind);
        self.left_out.push(LeftOut {
            element: format!("<{kind}> {name}"),
            script: line.script.trim().chars().take(120).collect(),
            instead: instead.into(),
        });
    }
}

const fn is_patient(tag: Tag) -> bool {
    matches!(tag, Tag(0x0010, 0x0010 | 0x0020) | Tag(0x0012, 0x0040))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCRIPT: &str = r#"<script>
      <p t="DATEINC">-3650</p>
      <e en="T" t="00080005" n="SpecificCharacterSet">@keep()</e>
      <e en="T" t="00080018" n="SOPInstanceUID">@hashuid(@UIDROOT,this)</e>
      <e en="T" t="00080020" n="StudyDate">@incrementdate(this,@DATEINC)</e>
      <e en="T" t="00080080" n="InstitutionName">@remove()</e>
      <e en="T" t="00080090" n="ReferringPhysicianName">@empty()</e>
      <e en="T" t="00100010" n="PatientName">@lookup(this,ptname)</e>
      <e en="T" t="00081030" n="StudyDescription">@if(this,contains,"x &gt; y"){@keep()}{@remove()}</e>
      <e en="F" t="00081070" n="OperatorName">@remove()</e>
      <e en="T" t="00190010" n="Private">@keep()</e>
      <k en="T" t="0018">Keep group 0018</k>
      <r en="T" t="privategroups">Remove private groups</r>
      <r en="F" t="unspecifiedelements">Remove unchecked elements</r>
    </script>"#;

    #[test]
    fn a_script_becomes_a_policy_and_a_list_of_what_is_left_out() {
        let imported = import(SCRIPT, "site").expect("a script");
        let rules: Vec<_> = imported.policy.rules.iter().map(|r| (r.attribute.as_str(), r.action)).collect();
        assert_eq!(
            rules,
            [
                ("SpecificCharacterSet", RuleAction::Keep),
                ("SOPInstanceUID", RuleAction::Uid),
                ("StudyDate", RuleAction::Clean),
                ("InstitutionName", RuleAction::Remove),
                ("ReferringPhysicianName", RuleAction::Empty),
                ("PatientName", RuleAction::Code),
                ("StudyDescription", RuleAction::Remove),
            ]
        );
        assert_eq!(imported.policy.options, [ProfileOption::RetainModifiedDates]);
        let left: Vec<_> = imported.left_out.iter().map(|l| l.element.as_str()).collect();
        assert_eq!(
            left,
            [
                "<p> DATEINC",
                "<e> StudyDate",
                "<e> PatientName",
                "<e> StudyDescription",
                "<e> OperatorName",
                "<e> Private",
                "<k> 0018",
                "<r> unspecifiedelements",
            ]
        );
        assert!(imported.policy.compile().is_ok());
    }

    #[test]
    fn what_is_no_script_is_refused() {
        assert!(matches!(import("<html></html>", "a"), Err(CtpError::NoScript)));
        assert!(import("not xml", "a").is_err());
        assert!(import("<script><e", "a").is_err());
    }
}
