//! PS3.15 Table E.1-1 as data: what the Basic profile does with an attribute, and what each option changes.
//! `scripts/confidentiality.py` makes `data/profile.tsv` from the standard.

use dicom::Tag;
use std::collections::HashMap;
use std::sync::LazyLock;

static TABLE: &str = include_str!("../data/profile.tsv");

static ROWS: LazyLock<HashMap<Tag, Row>> = LazyLock::new(|| TABLE.lines().filter_map(parse_line).collect());

/// What the Basic profile asks for (PS3.15 Table E.1-1a). Pairs are settled by the type the attribute has in
/// the object's IOD.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProfileAction {
    /// Remove.
    X,
    /// Zero length.
    Z,
    /// A dummy value.
    D,
    /// A replaced UID.
    U,
    /// Remove unless it must be there, possibly empty.
    Xz,
    /// Remove unless it must have a value.
    Xd,
    /// Remove unless it must be there; empty unless it must have a value.
    Xzd,
    /// Empty unless it must have a value.
    Zd,
    /// Remove unless it must be there; then its UIDs are replaced.
    Xzu,
}

/// What an option asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OptionAction {
    /// Keep the value.
    Keep,
    /// Replace what identifies in it, keep the rest.
    Clean,
}

macro_rules! options {
    ($($(#[$doc:meta])* $variant:ident $name:literal $code:literal $meaning:literal,)*) => {
        /// An option of the Basic profile (PS3.15 §E.3).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        pub enum ProfileOption {
            $($(#[$doc])* #[serde(rename = $name)] $variant,)*
        }

        impl ProfileOption {
            /// All of them, as the columns of the table stand.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The name in a policy.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            /// Code Value and Code Meaning of CID 7050, scheme DCM (PS3.16).
            #[must_use]
            pub const fn code(self) -> (&'static str, &'static str) {
                match self { $(Self::$variant => ($code, $meaning)),* }
            }
        }
    };
}

options! {
    /// §E.3.10
    RetainSafePrivate "retain-safe-private" "113111" "Retain Safe Private Option",
    /// §E.3.9
    RetainUids "retain-uids" "113110" "Retain UIDs Option",
    /// §E.3.8
    RetainDeviceIdentity "retain-device-identity" "113109" "Retain Device Identity Option",
    /// §E.3.11
    RetainInstitutionIdentity "retain-institution-identity" "113112" "Retain Institution Identity Option",
    /// §E.3.7
    RetainPatientCharacteristics "retain-patient-characteristics" "113108" "Retain Patient Characteristics Option",
    /// §E.3.6
    RetainFullDates "retain-longitudinal-full-dates" "113106" "Retain Longitudinal Temporal Information Full Dates Option",
    /// §E.3.6
    RetainModifiedDates "retain-longitudinal-modified-dates" "113107" "Retain Longitudinal Temporal Information Modified Dates Option",
    /// §E.3.5
    CleanDescriptors "clean-descriptors" "113105" "Clean Descriptors Option",
    /// §E.3.4
    CleanStructuredContent "clean-structured-content" "113104" "Clean Structured Content Option",
    /// §E.3.3
    CleanGraphics "clean-graphics" "113103" "Clean Graphics Option",
}

impl std::fmt::Display for ProfileOption {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// A row of the table.
#[derive(Debug, Clone)]
pub struct Row {
    /// What the Basic profile does.
    pub basic: ProfileAction,
    /// What options do instead.
    pub options: Vec<(ProfileOption, OptionAction)>,
}

/// The row of an attribute; of a repeating group by its first tag.
#[must_use]
pub fn row(tag: Tag) -> Option<&'static Row> {
    ROWS.get(&tag)
}

/// All rows.
pub fn rows() -> impl Iterator<Item = (Tag, &'static Row)> {
    ROWS.iter().map(|(tag, row)| (*tag, row))
}

/// `6002,3000` is looked up as `6000,3000`; everything in curves (50xx) as one row.
#[must_use]
pub const fn row_tag(tag: Tag) -> Tag {
    match tag {
        Tag(0x5001..=0x50FF, element) => Tag(0x5000, element),
        Tag(0x6001..=0x60FF, element) => Tag(0x6000, element),
        other => other,
    }
}

/// Whether it belongs to a curve (PS3.3-2004 §C.10.2, retired), which the table names as a whole.
#[must_use]
pub const fn is_curve(tag: Tag) -> bool {
    tag.0 >> 8 == 0x50 && tag.0.is_multiple_of(2)
}

fn parse_line(line: &str) -> Option<(Tag, Row)> {
    let mut fields = line.split('\t');
    let tag = parse_tag(fields.next()?)?;
    let basic = match fields.next()? {
        "X" => ProfileAction::X,
        "Z" => ProfileAction::Z,
        "D" => ProfileAction::D,
        "U" => ProfileAction::U,
        "X/Z" => ProfileAction::Xz,
        "X/D" => ProfileAction::Xd,
        "X/Z/D" => ProfileAction::Xzd,
        "Z/D" => ProfileAction::Zd,
        "X/Z/U*" => ProfileAction::Xzu,
        _ => return None,
    };
    let options = fields.next()?.split(',').filter_map(parse_option).collect();
    Some((tag, Row { basic, options }))
}

fn parse_option(text: &str) -> Option<(ProfileOption, OptionAction)> {
    let (name, action) = text.split_once('=')?;
    let option = ProfileOption::ALL.iter().find(|option| option.name() == name)?;
    let action = match action {
        "K" => OptionAction::Keep,
        "C" => OptionAction::Clean,
        _ => return None,
    };
    Some((*option, action))
}

/// Eight hexadecimal digits; `X` marks a repeating group.
pub(crate) fn parse_tag(text: &str) -> Option<Tag> {
    let number = u32::from_str_radix(&text.replace(['X', 'x'], "0"), 16).ok()?;
    Some(Tag((number >> 16) as u16, number as u16))
}

#[cfg(test)]
mod tests {
    use super::*;
    use dicom::tags;

    #[test]
    fn every_line_of_the_table_is_read() {
        assert_eq!(ROWS.len(), TABLE.lines().count());
        let options: usize = TABLE.matches('=').count();
        assert_eq!(ROWS.values().map(|row| row.options.len()).sum::<usize>(), options);
    }

    #[test]
    fn rows_say_what_the_standard_says() {
        let study_date = row(tags::STUDY_DATE).map(|row| (row.basic, row.options.clone()));
        let options = vec![
            (ProfileOption::RetainFullDates, OptionAction::Keep),
            (ProfileOption::RetainModifiedDates, OptionAction::Clean),
        ];
        assert_eq!(study_date, Some((ProfileAction::Z, options)));
        assert!(row(tags::ROWS).is_none());
        assert!(row(row_tag(Tag(0x6004, 0x3000))).is_some_and(|row| row.basic == ProfileAction::X));
    }
}
