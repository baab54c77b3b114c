//! Attributes of many instances as one table: CSV (RFC 4180), a row at a time.

use bytes::Bytes;
use catalog::Located;
use dicom::{DataSet, Element, Tag, Value, dictionary, tags};
use futures::stream::{self, StreamExt, TryStreamExt};

use crate::{ByteStream, View, ViewError};

/// The media type.
pub const CSV: &str = "text/csv; charset=utf-8";

/// Headers read at once.
const AHEAD: usize = 4;
/// The most columns a table of everything gets.
const MOST_COLUMNS: usize = 4_000;

/// What a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Level {
    /// One exam, told by its first instance.
    Exam,
    /// One series, told by its first instance.
    Series,
    /// One instance.
    #[default]
    Instance,
}

/// What a person most often wants to know of an exam, a series and an instance.
const EXAM: &[Tag] = &[
    tags::STUDY_INSTANCE_UID,
    tags::PATIENT_ID,
    tags::PATIENT_NAME,
    tags::PATIENT_BIRTH_DATE,
    tags::PATIENT_SEX,
    tags::ACCESSION_NUMBER,
    tags::STUDY_DATE,
    tags::STUDY_TIME,
    tags::STUDY_DESCRIPTION,
];
const SERIES: &[Tag] = &[
    tags::SERIES_INSTANCE_UID,
    tags::SERIES_NUMBER,
    tags::MODALITY,
    tags::SERIES_DESCRIPTION,
    tags::BODY_PART_EXAMINED,
    tags::PROTOCOL_NAME,
    tags::MANUFACTURER,
    tags::MANUFACTURER_MODEL_NAME,
    tags::SLICE_THICKNESS,
    tags::PIXEL_SPACING,
    tags::KVP,
    tags::CONVOLUTION_KERNEL,
    tags::REPETITION_TIME,
    tags::ECHO_TIME,
    tags::FLIP_ANGLE,
    tags::MAGNETIC_FIELD_STRENGTH,
];
const INSTANCE: &[Tag] = &[
    tags::SOP_INSTANCE_UID,
    tags::SOP_CLASS_UID,
    tags::INSTANCE_NUMBER,
    tags::NUMBER_OF_FRAMES,
    tags::ROWS,
    tags::COLUMNS,
    tags::IMAGE_TYPE,
    tags::IMAGE_POSITION_PATIENT,
    tags::IMAGE_ORIENTATION_PATIENT,
    tags::SLICE_LOCATION,
    tags::ACQUISITION_DATE,
    tags::ACQUISITION_TIME,
];

/// Which columns a table has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Columns {
    /// These.
    These(Vec<Tag>),
    /// Whatever there is in any of the instances, by ascending tag.
    All,
}

impl Columns {
    /// Reads what was asked for: keywords or tags, nothing for a sensible set, `all`.
    ///
    /// # Errors
    /// The word that is neither a keyword nor a tag.
    pub fn parse(words: &[String], level: Level) -> Result<Self, String> {
        match words {
            [] => Ok(Self::These(sensible(level))),
            [all] if all == "all" => Ok(Self::All),
            words => {
                let tag = |word: &String| dictionary::parse_tag(word.trim()).ok_or_else(|| word.clone());
                Ok(Self::These(words.iter().map(tag).collect::<Result<_, _>>()?))
            }
        }
    }
}

fn sensible(level: Level) -> Vec<Tag> {
    match level {
        Level::Exam => EXAM.to_vec(),
        Level::Series => [EXAM, SERIES].concat(),
        Level::Instance => [EXAM, SERIES, INSTANCE].concat(),
    }
}

/// The instances that stand for the rows of a level; they come in order of series.
#[must_use]
pub fn rows(mut instances: Vec<Located>, level: Level) -> Vec<Located> {
    match level {
        Level::Instance => {}
        Level::Series => instances.dedup_by(|next, first| next.series == first.series),
        Level::Exam => instances.dedup_by(|next, first| next.study == first.study),
    }
    instances
}

impl View {
    /// The table as a stream. `told` is called after each row.
    ///
    /// # Errors
    /// [`ViewError::Archive`], [`ViewError::DataSet`] while the columns are looked for.
    pub async fn table(
        &self,
        rows: Vec<Located>,
        columns: &Columns,
        byte_order_mark: bool,
        told: impl Fn() + Send + Sync + 'static,
    ) -> Result<ByteStream, ViewError> {
        let columns = match columns {
            Columns::These(tags) => tags.clone(),
            Columns::All => self.every_column(&rows).await?,
        };
        let mut head = if byte_order_mark { "\u{feff}".to_owned() } else { String::new() };
        put_row(&mut head, columns.iter().map(|tag| title(*tag)));
        let view = self.clone();
        let lines = stream::iter(rows).map(move |located| {
            let view = view.clone();
            async move { Ok::<_, ViewError>(view.header(&located).await?.data_set) }
        });
        let lines = lines.buffered(AHEAD).map_ok(move |data_set| {
            let mut line = String::new();
            put_row(&mut line, columns.iter().map(|tag| cell(&data_set, *tag)));
            told();
            Bytes::from(line)
        });
        Ok(stream::once(async { Ok(Bytes::from(head)) }).chain(lines).boxed())
    }

    async fn every_column(&self, rows: &[Located]) -> Result<Vec<Tag>, ViewError> {
        let mut found = std::collections::BTreeSet::new();
        for located in rows {
            let data_set = self.header(located).await?.data_set;
            let plain = data_set.iter().filter(|e| e.value.bytes().is_some() && e.tag != tags::PIXEL_DATA);
            found.extend(plain.map(|element| element.tag));
        }
        Ok(found.into_iter().take(MOST_COLUMNS).collect())
    }
}

fn title(tag: Tag) -> String {
    dictionary::keyword(tag).map_or_else(|| format!("{:04X}{:04X}", tag.0, tag.1), ToOwned::to_owned)
}

fn cell(data_set: &DataSet, tag: Tag) -> String {
    data_set.get(tag).map(|element| shown(data_set, element)).unwrap_or_default()
}

fn shown(data_set: &DataSet, element: &Element) -> String {
    if let Some(text) = data_set.text_of(element) {
        return text;
    }
    match &element.value {
        Value::Items(items) => format!("[{} items]", items.len()),
        Value::Bytes(bytes) => format!("[{} bytes]", bytes.len()),
        Value::Fragments(_) => "[pixels]".into(),
    }
}

fn put_row(out: &mut String, cells: impl Iterator<Item = String>) {
    for (n, text) in cells.enumerate() {
        if n > 0 {
            out.push(',');
        }
        put_cell(out, &text);
    }
    out.push_str("\r\n");
}

/// Quotes what needs it. What a spreadsheet would take for a formula gets an apostrophe in front;
/// numbers, negative ones too, stay numbers.
fn put_cell(out: &mut String, text: &str) {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']) && text.parse::<f64>().is_err();
    let quoted = text.contains([',', '"', '\r', '\n']) || text.starts_with(' ') || text.ends_with(' ');
    if quoted {
        out.push('"');
    }
    if formula {
        out.push('\'');
    }
    match quoted {
        true => out.push_str(&text.replace('"', "\"\"")),
        false => out.push_str(text),
    }
    if quoted {
        out.push('"');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(cells: &[&str]) -> String {
        let mut out = String::new();
        put_row(&mut out, cells.iter().map(|cell| (*cell).to_owned()));
        out
    }

    #[test]
    fn cells_are_quoted_as_rfc_4180_says() {
        assert_eq!(row(&["a", "b,c", "d\"e", "f\r\ng", ""]), "a,\"b,c\",\"d\"\"e\",\"f\r\ng\",\r\n");
    }

    #[test]
    fn no_cell_is_a_formula_and_numbers_stay_numbers() {
        assert_eq!(
            row(&["=1+1", "@x", "-5", "-1.5e3", "-x", "+1,2"]),
            "'=1+1,'@x,-5,-1.5e3,'-x,\"'+1,2\"\r\n"
        );
    }

    #[test]
    fn columns_are_keywords_or_tags() {
        let words = ["PatientID".to_owned(), "00080060".to_owned()];
        let columns = Columns::parse(&words, Level::Instance);
        assert_eq!(columns, Ok(Columns::These(vec![tags::PATIENT_ID, tags::MODALITY])));
        assert_eq!(Columns::parse(&["Nonsense".to_owned()], Level::Exam), Err("Nonsense".to_owned()));
    }
}
