//! Questions as they come: identifiers of C-FIND, parameters of QIDO-RS.

use super::{Include, Key, Level, Matching, Query};
use crate::facts;
use crate::moment;
use dicom::{DataSet, Element, Tag, Value, Vr, dictionary, tags};

/// The question can't be understood. Never repeats a value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QueryError {
    /// Neither a keyword nor a tag.
    #[error("`{0}` is not an attribute: use a keyword such as PatientID or a tag such as 00100020")]
    Attribute(String),
    /// `limit` or `offset` isn't a number.
    #[error("`{0}` must be a number")]
    Number(&'static str),
    /// Query/Retrieve Level is missing or unknown.
    #[error("the query level must be PATIENT, STUDY, SERIES or IMAGE")]
    Level,
}

impl Level {
    /// The value of Query/Retrieve Level (0008,0052).
    ///
    /// # Errors
    /// [`QueryError::Level`].
    pub fn parse(text: &str) -> Result<Self, QueryError> {
        match text.trim() {
            "PATIENT" => Ok(Self::Patient),
            "STUDY" => Ok(Self::Study),
            "SERIES" => Ok(Self::Series),
            "IMAGE" => Ok(Self::Instance),
            _ => Err(QueryError::Level),
        }
    }
}

impl Query {
    /// The identifier of a C-FIND request (PS3.4 §C.4.1.1.3). Each of its attributes is a key; the
    /// answer has just those.
    ///
    /// # Errors
    /// [`QueryError::Level`].
    pub fn from_identifier(identifier: &DataSet) -> Result<Self, QueryError> {
        let level = identifier.text(tags::QUERY_RETRIEVE_LEVEL).ok_or(QueryError::Level)?;
        let mut query = Self::all(Level::parse(&level)?);
        query.keys = identifier.iter().filter_map(|element| key(identifier, element)).collect();
        Ok(query)
    }

    /// The parameters of a QIDO-RS request (PS3.18 §8.3.4, §10.6), decoded. Parameters that don't
    /// concern the catalog (`accept`, `charset`) are passed over.
    ///
    /// # Errors
    /// [`QueryError`] for an unknown attribute or a number that is none.
    pub fn from_parameters<'a>(
        level: Level,
        parameters: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, QueryError> {
        let mut query = Self::all(level);
        query.include = Include { defaults: true, ..Include::default() };
        query.combined_date_time = true;
        for (name, value) in parameters {
            query.parameter(name, value)?;
        }
        query.name_creators();
        Ok(query)
    }

    /// `00990010=ACME` says whose `00991001` is meant, as it does in a data set (PS3.5 §7.8.1).
    fn name_creators(&mut self) {
        let (creators, mut keys): (Vec<_>, Vec<_>) = std::mem::take(&mut self.keys)
            .into_iter()
            .partition(|key| dictionary::is_private_creator(key.tag));
        for creator in creators {
            let of_block = |key: &&mut Key| key.tag.0 == creator.tag.0 && key.tag.1 >> 8 == creator.tag.1;
            let block: Vec<_> = keys.iter_mut().filter(of_block).collect();
            match &creator.matching {
                Matching::Values(names) if names.len() == 1 && !block.is_empty() => {
                    block.into_iter().for_each(|key| key.creator = names.first().cloned());
                }
                _ => keys.push(creator),
            }
        }
        self.keys = keys;
    }

    fn parameter(&mut self, name: &str, value: &str) -> Result<(), QueryError> {
        match name.to_ascii_lowercase().as_str() {
            "limit" => self.limit = Some(value.trim().parse().map_err(|_| QueryError::Number("limit"))?),
            "offset" => self.offset = value.trim().parse().map_err(|_| QueryError::Number("offset"))?,
            "fuzzymatching" => self.fuzzy = value.eq_ignore_ascii_case("true"),
            "includefield" => {
                for field in value.split(',').map(str::trim).filter(|field| !field.is_empty()) {
                    self.include_field(field)?;
                }
            }
            "accept" | "charset" | "emptyvaluematching" | "multiplevaluematching" => {}
            _ => self.attribute(name, value)?,
        }
        Ok(())
    }

    fn include_field(&mut self, field: &str) -> Result<(), QueryError> {
        if field.eq_ignore_ascii_case("all") {
            self.include.all = true;
            return Ok(());
        }
        let outermost = field.split('.').next().unwrap_or(field);
        let tag = parse_tag(outermost)?;
        self.include.tags.push(tag);
        Ok(())
    }

    /// `RequestAttributesSequence.RequestedProcedureID=…`: the path's steps from the outside in.
    fn attribute(&mut self, name: &str, value: &str) -> Result<(), QueryError> {
        let path = name.split('.').map(parse_tag).collect::<Result<Vec<_>, _>>()?;
        let Some((innermost, outer)) = path.split_last() else { return Ok(()) };
        let mut key = Key { tag: *innermost, creator: None, matching: matching(*innermost, value) };
        for tag in outer.iter().rev() {
            key = Key { tag: *tag, creator: None, matching: Matching::Items(vec![key]) };
        }
        add(&mut self.keys, key);
        Ok(())
    }
}

/// Keys into the same sequence must match in the same item, however deep.
fn add(keys: &mut Vec<Key>, key: Key) {
    let same = keys.iter_mut().find(|known| known.tag == key.tag && known.creator == key.creator);
    match (same.map(|known| &mut known.matching), key.matching) {
        (Some(Matching::Items(known)), Matching::Items(more)) => {
            more.into_iter().for_each(|key| add(known, key));
        }
        (_, matching) => keys.push(Key { matching, ..key }),
    }
}

fn parse_tag(text: &str) -> Result<Tag, QueryError> {
    dictionary::parse_tag(text).ok_or_else(|| QueryError::Attribute(text.chars().take(64).collect()))
}

/// An attribute of an identifier as a key; none for those that describe the request itself.
fn key(set: &DataSet, element: &Element) -> Option<Key> {
    let tag = element.tag;
    let about_request = matches!(tag, tags::SPECIFIC_CHARACTER_SET | tags::QUERY_RETRIEVE_LEVEL);
    if about_request || tag.1 == 0 || dictionary::is_private_creator(tag) {
        return None;
    }
    let matching = match &element.value {
        _ if tag == tags::TIMEZONE_OFFSET_FROM_UTC => Matching::Universal,
        Value::Items(items) => match items.first() {
            Some(item) => Matching::Items(item.iter().filter_map(|inner| key(item, inner)).collect()),
            None => Matching::Universal,
        },
        _ => matching_as(element.vr, &facts::texts(set, element).join("\\")),
    };
    Some(Key { tag, creator: set.private_creator(tag), matching })
}

/// What a value asks for, by the VR the dictionary gives its attribute. A time zone says how the other
/// values are meant, not what must match.
pub(super) fn matching(tag: Tag, text: &str) -> Matching {
    if tag == tags::TIMEZONE_OFFSET_FROM_UTC {
        return Matching::Universal;
    }
    matching_as(dictionary::implicit_vr(tag, false), text)
}

fn matching_as(vr: Vr, text: &str) -> Matching {
    let text = text.trim_matches([' ', '\0']);
    match text {
        "" => return Matching::Universal,
        "\"\"" => return Matching::Empty,
        // Not a wildcard for every VR, but no value of any: whoever sends it means all.
        stars if stars.bytes().all(|b| b == b'*') => return Matching::Universal,
        _ => {}
    }
    match vr {
        Vr::DA | Vr::TM if text.contains('-') && moment::date(text).is_none() => {
            let (from, to) = text.split_once('-').unwrap_or((text, ""));
            Matching::Range(from.trim().to_owned(), to.trim().to_owned())
        }
        Vr::DT => date_time(text),
        Vr::UI => values(text, &['\\', ',']),
        _ => values(text, &['\\']),
    }
}

fn values(text: &str, separators: &[char]) -> Matching {
    let values = text.split(separators).map(str::trim).filter(|value| !value.is_empty());
    Matching::Values(values.map(str::to_owned).collect())
}

/// A hyphen is a range unless all it can be is an offset from UTC (PS3.4 §C.2.2.2.5.3).
fn date_time(text: &str) -> Matching {
    let range = |from: &str, to: &str| Matching::Range(from.to_owned(), to.to_owned());
    if let Some(to) = text.strip_prefix('-') {
        return range("", to);
    }
    if let Some(from) = text.strip_suffix('-') {
        return range(from, "");
    }
    let is_moment = |part: &str| moment::date_time_span(part).is_some();
    let parts = text.match_indices('-').map(|(at, _)| (&text[..at], &text[at + 1..]));
    let mut ranges = parts.filter(|(from, to)| is_moment(from) && is_moment(to));
    match ranges.find(|(from, to)| to.len() != 4 || from.len() == 4) {
        Some((from, to)) => range(from, to),
        None => Matching::Values(vec![text.to_owned()]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_say_how_they_match() {
        assert_eq!(matching(tags::PATIENT_NAME, ""), Matching::Universal);
        assert_eq!(matching(tags::PATIENT_NAME, "*"), Matching::Universal);
        for tag in [tags::STUDY_INSTANCE_UID, tags::STUDY_DATE, tags::ROWS, tags::TIMEZONE_OFFSET_FROM_UTC] {
            assert_eq!(matching(tag, "*"), Matching::Universal);
        }
        assert_eq!(matching(tags::PATIENT_NAME, "\"\""), Matching::Empty);
        let range = |from: &str, to: &str| Matching::Range(from.into(), to.into());
        assert_eq!(matching(tags::STUDY_DATE, "20260101-"), range("20260101", ""));
        assert_eq!(matching(tags::STUDY_TIME, "-1200"), range("", "1200"));
        let uids = Matching::Values(vec!["1.2".into(), "1.3".into()]);
        assert_eq!(matching(tags::STUDY_INSTANCE_UID, "1.2,1.3"), uids);
        assert_eq!(matching(tags::STUDY_INSTANCE_UID, "1.2\\1.3"), uids);
    }

    #[test]
    fn an_offset_from_utc_is_no_range() {
        let range = |from: &str, to: &str| Matching::Range(from.into(), to.into());
        assert_eq!(date_time("20260101-20260201"), range("20260101", "20260201"));
        assert_eq!(date_time("2025-2026"), range("2025", "2026"));
        assert_eq!(date_time("20260101120000-0500"), Matching::Values(vec!["20260101120000-0500".into()]));
        assert_eq!(date_time("20260101120000-0500-20260102"), range("20260101120000-0500", "20260102"));
    }

    #[test]
    fn parameters_make_a_query() {
        let parameters = [
            ("PatientName", "Doe*"),
            ("RequestAttributesSequence.RequestedProcedureID", "7"),
            ("00400275.ScheduledProcedureStepID", "8"),
            ("includefield", "StudyDescription,00081030"),
            ("limit", "10"),
        ];
        let query = Query::from_parameters(Level::Study, parameters).expect("a query");
        assert_eq!((query.keys.len(), query.limit, query.include.tags.len()), (2, Some(10), 2));
        assert!(matches!(&query.keys[1].matching, Matching::Items(keys) if keys.len() == 2));
        let deep = [("00400275.00081110.00081150", "1"), ("00400275.00081110.00081155", "2")];
        let query = Query::from_parameters(Level::Series, deep).expect("a query");
        let Matching::Items(outer) = &query.keys[0].matching else { panic!("{query:?}") };
        assert!(matches!(&outer[..], [Key { matching: Matching::Items(inner), .. }] if inner.len() == 2));
        let unknown = Query::from_parameters(Level::Study, [("PatientNam", "x")]);
        assert_eq!(unknown, Err(QueryError::Attribute("PatientNam".into())));
    }

    #[test]
    fn a_private_creator_says_whose_attribute_is_meant() {
        let parameters = [("00991001", "x"), ("00991101", "y"), ("00990010", "ACME")];
        let query = Query::from_parameters(Level::Study, parameters).expect("a query");
        let creators: Vec<_> = query.keys.iter().map(|key| key.creator.as_deref()).collect();
        assert_eq!(creators, [Some("ACME"), None]);
    }

    #[test]
    fn an_identifier_makes_a_query() {
        let mut set = DataSet::new();
        set.put_text(tags::QUERY_RETRIEVE_LEVEL, "SERIES");
        set.put_text(tags::MODALITY, "CT\\MR");
        set.put_text(tags::SERIES_DESCRIPTION, "");
        let query = Query::from_identifier(&set).expect("a query");
        assert_eq!(query.level, Level::Series);
        assert_eq!(query.keys.len(), 2);
        set.put_text(tags::QUERY_RETRIEVE_LEVEL, "FRAME");
        assert_eq!(Query::from_identifier(&set), Err(QueryError::Level));
    }
}
