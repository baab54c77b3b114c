//! What becomes of one value.

use super::dummy;
use super::outcome::{Outcome, Withheld};
use super::run::{Left, Place, Run, empty};
use crate::builtin;
use crate::dates::{DateRule, capped_age};
use crate::registry::is_registered;
use crate::table::ProfileAction;
use crate::text::Depth;
use bytes::Bytes;
use dicom::{DataSet, Element, Value, Vr, dictionary};

/// VRs whose text people write.
const fn is_written(vr: Vr) -> bool {
    matches!(vr, Vr::LO | Vr::SH | Vr::ST | Vr::LT | Vr::UT | Vr::UC | Vr::UR | Vr::PN | Vr::AE)
}

/// The most characters of a value (PS3.5 Table 6.2-1).
const fn longest(vr: Vr) -> usize {
    match vr {
        Vr::SH | Vr::CS | Vr::AE => 16,
        Vr::LO => 64,
        Vr::ST => 1024,
        Vr::LT => 10_240,
        _ => usize::MAX,
    }
}

impl Run<'_> {
    /// Kept, if it is what its VR demands; without identifiers that are known.
    pub(super) fn keep(&mut self, set: &DataSet, element: &Element, place: Place) -> Result<Left, Withheld> {
        let bytes = match &element.value {
            Value::Items(items) => {
                return Ok((Some(self.items(element.tag, items, place.strict)?), Outcome::Kept));
            }
            Value::Fragments(_) => return Ok((Some(element.clone()), Outcome::Kept)),
            Value::Bytes(bytes) if bytes.is_empty() => return Ok((Some(element.clone()), Outcome::Kept)),
            Value::Bytes(bytes) => bytes,
        };
        if is_written(element.vr) || element.vr == Vr::CS {
            return self.keep_text(set, element, bytes, place);
        }
        let private = !element.tag.0.is_multiple_of(2);
        let kept = match element.vr {
            Vr::DA | Vr::DT | Vr::TM if private => return self.private_date(set, element, place),
            Vr::DA | Vr::DT | Vr::TM => self.date(DateRule::Keep, element, bytes),
            Vr::AS => self.age(element, bytes),
            Vr::UI if private => return self.uids(set, element, place),
            Vr::UI => only(bytes, b"0123456789. \\\0").then(|| element.clone()),
            Vr::DS | Vr::IS => only(bytes, b"0123456789+-.eE \\\0").then(|| element.clone()),
            Vr::UN if !private => None,
            Vr::UN | Vr::OB | Vr::OW if private => self.unread(set, element, bytes),
            _ if expects_characters(element) => None,
            _ => Some(element.clone()),
        };
        let Some(kept) = kept else { return self.profile(set, element, ProfileAction::Xzd, place) };
        let outcome = if kept == *element { Outcome::Kept } else { Outcome::Shifted };
        Ok((Some(kept), outcome))
    }

    fn keep_text(
        &mut self,
        set: &DataSet,
        element: &Element,
        bytes: &Bytes,
        place: Place,
    ) -> Result<Left, Withheld> {
        if place.strict && is_written(element.vr) && !builtin::is_code(element.tag) {
            return self.profile(set, element, ProfileAction::Xzd, place);
        }
        let is_number = only(bytes, b"0123456789+-.eE \\\0");
        let is_due = expects_text(element) || element.vr == Vr::CS || !element.tag.0.is_multiple_of(2);
        if !is_due && !is_number {
            return self.profile(set, element, ProfileAction::Xzd, place);
        }
        if element.vr != Vr::CS {
            return Ok(self.swept(set, element, bytes, Depth::Known, place));
        }
        if self.is_term(&set.charset().decode_in(bytes, Vr::CS), bytes) {
            Ok((Some(element.clone()), Outcome::Kept))
        } else {
            self.profile(set, element, ProfileAction::Xzd, place)
        }
    }

    /// A code of the form that the standard asks for; or small letters as well, if they are words.
    fn is_term(&self, text: &str, bytes: &[u8]) -> bool {
        let is_code = bytes.iter().all(|b| is_code_byte(*b));
        let is_said = || crate::text::are_words(text) && self.sweep.text(text, Depth::Patterns).is_none();
        (is_code || is_said()) && !self.sweep.names_someone(text)
    }

    /// Bytes of makers that nobody can read as a whole: kept if no text in them names or numbers anyone.
    fn unread(&self, set: &DataSet, element: &Element, bytes: &Bytes) -> Option<Element> {
        let text = set.charset().decode_in(bytes, Vr::UT);
        let is_text = bytes.iter().all(|b| !b.is_ascii_control() || matches!(b, b'\r' | b'\n' | b'\t' | 0));
        let telling = match is_text {
            // What makers write is not always in the character set of the object.
            true => [Some(&*text), std::str::from_utf8(bytes).ok()]
                .into_iter()
                .flatten()
                .any(|text| self.sweep.text(text, Depth::Patterns).is_some()),
            false => crate::text::runs(bytes).any(|run| self.sweep.knows(run)),
        };
        (!telling).then(|| element.clone())
    }

    /// Cleaned by its VR, or `None` where that can't be done.
    pub(super) fn clean(
        &mut self,
        set: &DataSet,
        element: &Element,
        place: Place,
    ) -> Result<Option<Left>, Withheld> {
        let bytes = match &element.value {
            Value::Items(items) => {
                return Ok(Some((Some(self.items(element.tag, items, place.strict)?), Outcome::Kept)));
            }
            Value::Fragments(_) => return Ok(None),
            Value::Bytes(bytes) if bytes.is_empty() => {
                return Ok(Some((Some(element.clone()), Outcome::Kept)));
            }
            Value::Bytes(bytes) => bytes,
        };
        let shifted = |element: Element| (Some(element), Outcome::Shifted);
        Ok(match element.vr {
            Vr::DA | Vr::DT | Vr::TM => self
                .dates
                .and_then(|rule| self.date(rule, element, bytes))
                .map(|changed| self.told(element, changed)),
            Vr::AS => self.age(element, bytes).map(shifted),
            Vr::UI => Some(self.uids(set, element, place)?),
            Vr::PN => None,
            vr if is_written(vr) && !place.strict => {
                let depth = if builtin::is_technical(element.tag) { Depth::Known } else { Depth::Patterns };
                Some(self.swept(set, element, bytes, depth, place))
            }
            Vr::CS
            | Vr::DS
            | Vr::IS
            | Vr::US
            | Vr::SS
            | Vr::UL
            | Vr::SL
            | Vr::FL
            | Vr::FD
            | Vr::UV
            | Vr::SV
            | Vr::AT => Some(self.keep(set, element, place)?),
            Vr::UN | Vr::OB | Vr::OW if !element.tag.0.is_multiple_of(2) => {
                Some(self.keep(set, element, place)?)
            }
            _ => None,
        })
    }

    fn told(&self, before: &Element, after: Element) -> Left {
        let outcome = if after == *before { Outcome::Kept } else { Outcome::Shifted };
        (Some(after), outcome)
    }

    /// Dates of private attributes move as all others do.
    fn private_date(&mut self, set: &DataSet, element: &Element, place: Place) -> Result<Left, Withheld> {
        let cleaned = self.clean(set, element, place)?;
        Ok(cleaned.unwrap_or((None, Outcome::Removed)))
    }

    fn swept(&mut self, set: &DataSet, element: &Element, bytes: &Bytes, depth: Depth, place: Place) -> Left {
        let text = set.charset().decode_in(bytes, element.vr);
        let single = matches!(element.vr, Vr::LT | Vr::ST | Vr::UT | Vr::UR);
        let clean = if single || !text.contains('\\') {
            self.sweep.text(&text, depth)
        } else {
            let values: Vec<_> = text.split('\\').map(|v| (v, self.sweep.text(v, depth))).collect();
            let changed = values.iter().any(|(_, clean)| clean.is_some());
            let joined = values.into_iter().map(|(v, clean)| clean.unwrap_or_else(|| v.to_owned()));
            changed.then(|| joined.collect::<Vec<_>>().join("\\"))
        };
        let Some(clean) = clean else { return (Some(element.clone()), Outcome::Kept) };
        let tag = element.tag;
        if !clean.contains(char::is_alphanumeric) && self.iod.need(place.parent, tag).of_value() {
            return (Some(self.dummy_value(set, element)), Outcome::Dummy);
        }
        let shortest = longest(element.vr).max(text.chars().count());
        let clean: String = if single { clean } else { clean.chars().take(shortest).collect() };
        (Some(Element::text(tag, element.vr, &clean, set.charset())), Outcome::Cleaned)
    }

    fn date(&self, rule: DateRule, element: &Element, bytes: &Bytes) -> Option<Element> {
        let text = std::str::from_utf8(bytes).ok()?.trim_matches([' ', '\0']);
        let changed = match element.vr {
            Vr::DA => rule.date(text),
            Vr::DT => rule.date_time(text),
            _ => rule.time(text),
        }?;
        Some(ascii(element, text, &changed))
    }

    fn age(&self, element: &Element, bytes: &Bytes) -> Option<Element> {
        let text = std::str::from_utf8(bytes).ok()?.trim_matches([' ', '\0']);
        let cap = if self.age_cap == 0 { u16::MAX - 1 } else { self.age_cap };
        Some(ascii(element, text, &capped_age(text, cap)?))
    }

    /// Every UID that is not the standard's own is replaced, in sequences too.
    pub(super) fn uids(&mut self, set: &DataSet, element: &Element, place: Place) -> Result<Left, Withheld> {
        let bytes = match &element.value {
            Value::Items(items) => {
                return Ok((Some(self.items(element.tag, items, place.strict)?), Outcome::Kept));
            }
            Value::Fragments(_) => return Ok((None, Outcome::Removed)),
            Value::Bytes(bytes) => bytes,
        };
        if element.vr != Vr::UI {
            return self.profile(set, element, ProfileAction::Xzd, place);
        }
        let text = String::from_utf8_lossy(bytes);
        let replaced = |uid: &str| match uid.trim_matches([' ', '\0']) {
            uid if uid.is_empty() || is_registered(uid) => uid.to_owned(),
            uid => self.wall.uid(uid),
        };
        let new: Vec<_> = text.split('\\').map(replaced).collect();
        let new = new.join("\\");
        if new == text.trim_matches([' ', '\0']) {
            return Ok((Some(element.clone()), Outcome::Kept));
        }
        Ok((Some(Element::text(element.tag, Vr::UI, &new, set.charset())), Outcome::UidReplaced))
    }

    /// The code of the patient: of the one the object belongs to, or of another one that it names.
    pub(super) fn coded(&self, set: &DataSet, element: &Element, place: Place) -> Left {
        let other =
            set.text(dicom::tags::PATIENT_ID).map(|id| id.trim().to_owned()).filter(|id| !id.is_empty());
        let code = match other {
            Some(id) if place.parent.is_some() => self.wall.code(&format!("patient {id}")),
            _ => self.code().to_owned(),
        };
        let vr = if is_written(element.vr) { element.vr } else { Vr::LO };
        (Some(Element::text(element.tag, vr, &code, set.charset())), Outcome::Coded)
    }

    pub(super) fn emptied(&self, set: &DataSet, element: &Element, place: Place) -> Left {
        if self.iod.need(place.parent, element.tag).of_value() {
            return (Some(self.dummy_value(set, element)), Outcome::Dummy);
        }
        (Some(empty(element)), Outcome::Emptied)
    }

    /// A value that says nothing. Of a sequence: its items, in which all text goes.
    pub(super) fn dummy(&mut self, set: &DataSet, element: &Element) -> Result<Left, Withheld> {
        match &element.value {
            Value::Items(items) => Ok((Some(self.items(element.tag, items, true)?), Outcome::Dummy)),
            _ if element.vr == Vr::UI => self.uids(set, element, Place { parent: None, strict: false }),
            _ => Ok((Some(self.dummy_value(set, element)), Outcome::Dummy)),
        }
    }

    fn dummy_value(&self, set: &DataSet, element: &Element) -> Element {
        let vr = match element.vr {
            Vr::UN => dictionary::implicit_vr(element.tag, false),
            vr => vr,
        };
        match dummy::text(vr) {
            Some(text) => Element::text(element.tag, vr, text, set.charset()),
            None if vr == Vr::SQ => empty(&Element { value: Value::Items(vec![]), vr, ..element.clone() }),
            None => {
                Element { vr, value: Value::Bytes(Bytes::from_static(dummy::zeros(vr))), ..element.clone() }
            }
        }
    }
}

/// The element with another value in ASCII; as it is where the value is the same.
fn ascii(element: &Element, before: &str, after: &str) -> Element {
    if before == after {
        return element.clone();
    }
    Element::text(element.tag, element.vr, after, &dicom::Charset::DEFAULT)
}

fn only(bytes: &[u8], allowed: &[u8]) -> bool {
    bytes.iter().all(|byte| allowed.contains(byte))
}

const fn is_code_byte(byte: u8) -> bool {
    byte.is_ascii_uppercase() || byte.is_ascii_digit() || matches!(byte, b' ' | b'_' | b'\\' | 0 | b'-')
}

/// Whether the dictionary has characters here, so that bytes are something else.
fn expects_characters(element: &Element) -> bool {
    let vr = dictionary::implicit_vr(element.tag, false);
    let in_characters = matches!(vr, Vr::CS | Vr::DS | Vr::IS | Vr::AS | Vr::DA | Vr::DT | Vr::TM | Vr::UI);
    element.tag.0.is_multiple_of(2) && (in_characters || is_written(vr))
}

/// Whether the dictionary has text here, whatever the file says.
fn expects_text(element: &Element) -> bool {
    let even = element.tag.0.is_multiple_of(2);
    even && is_written(dictionary::implicit_vr(element.tag, false))
}
