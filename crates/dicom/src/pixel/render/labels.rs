//! Text in the corners of a picture (PS3.18 §8.3.5.1.1): who is shown, and how it was made.

use dicom_dictionary_std::tags;
use font8x8::{BASIC_FONTS, GREEK_FONTS, LATIN_FONTS, UnicodeFonts};

use super::Picture;
use crate::{DataSet, Tag};

/// Rows and columns of a letter, before it is made larger for a large picture.
const CELL: u32 = 8;
/// Rows from one line to the next.
const LINE: u32 = 10;

/// What is asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Annotation {
    /// The patient's name, id, date of birth and sex.
    pub patient: bool,
    /// Modality, date, and which series, instance and frame it is.
    pub technique: bool,
}

/// Lines of text for a picture. Identified, if the patient was asked for.
#[derive(Clone, Default)]
pub struct Labels {
    top: Vec<String>,
    bottom: Vec<String>,
}

impl Labels {
    /// Whether there is nothing to draw.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.top.iter().chain(&self.bottom).next().is_none()
    }

    /// Reads them from the header of an instance, for a frame counted from 0.
    #[must_use]
    pub fn of(data_set: &DataSet, frame: u32, asked: Annotation) -> Self {
        let text = |tag: Tag| data_set.text(tag).unwrap_or_default().trim().to_owned();
        let mut labels = Self::default();
        if asked.patient {
            let born_and_sex = [text(tags::PATIENT_BIRTH_DATE), text(tags::PATIENT_SEX)];
            labels.top = vec![name(&text(tags::PATIENT_NAME)), text(tags::PATIENT_ID), joined(&born_and_sex)];
        }
        if asked.technique {
            let when = [text(tags::MODALITY), text(tags::STUDY_DATE), text(tags::STUDY_TIME)];
            let numbered = |word: &str, number: String| match number.as_str() {
                "" => String::new(),
                number => format!("{word} {number}"),
            };
            let which = [
                numbered("Se", text(tags::SERIES_NUMBER)),
                numbered("Im", text(tags::INSTANCE_NUMBER)),
                numbered("Fr", (frame + 1).to_string()),
            ];
            labels.bottom = vec![joined(&when), joined(&which)];
        }
        labels.top.retain(|line| !line.is_empty());
        labels.bottom.retain(|line| !line.is_empty());
        labels
    }

    /// Draws them, white on a black edge, as large as the picture bears.
    pub(super) fn draw(&self, picture: &mut Picture) {
        let scale = (picture.width.min(picture.height) / 256).clamp(1, 8);
        for (number, line) in self.top.iter().enumerate() {
            draw_line(picture, line, (CELL / 2 + LINE * number as u32) * scale, scale);
        }
        let height = LINE * scale * self.bottom.len() as u32 + CELL * scale / 2;
        let start = picture.height.saturating_sub(height);
        for (number, line) in self.bottom.iter().enumerate() {
            draw_line(picture, line, start + LINE * scale * number as u32, scale);
        }
    }
}

/// The first group of a name that can be written here, its parts in the order they have.
fn name(text: &str) -> String {
    let groups: Vec<&str> = text.split('=').filter(|group| !group.trim().is_empty()).collect();
    let writable = |group: &&&str| group.chars().all(|c| c == '^' || glyph(c).is_some());
    let group = groups.iter().find(writable).or(groups.first()).copied().unwrap_or_default();
    group.split('^').filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

fn joined(parts: &[String]) -> String {
    parts.iter().filter(|part| !part.is_empty()).map(String::as_str).collect::<Vec<_>>().join(" ")
}

/// Eight rows of eight pixels, the lowest bit leftmost; none for letters beyond Latin and Greek.
fn glyph(letter: char) -> Option<[u8; 8]> {
    BASIC_FONTS.get(letter).or_else(|| LATIN_FONTS.get(letter)).or_else(|| GREEK_FONTS.get(letter))
}

fn draw_line(picture: &mut Picture, line: &str, top: u32, scale: u32) {
    let missing = glyph('?').unwrap_or([0xFF; 8]);
    for (shade, shift) in [(0, scale.div_ceil(2)), (255, 0)] {
        for (number, letter) in line.chars().enumerate() {
            let left = CELL * scale / 2 + CELL * scale * number as u32;
            let rows = glyph(letter).unwrap_or(missing);
            for (row, column) in lit(rows) {
                block(picture, left + column * scale + shift, top + row * scale + shift, scale, shade);
            }
        }
    }
}

/// The pixels of a letter that are set: row and column.
fn lit(rows: [u8; 8]) -> impl Iterator<Item = (u32, u32)> {
    (0..64).filter(move |at| rows[at / 8] >> (at % 8) & 1 == 1).map(|at| ((at / 8) as u32, (at % 8) as u32))
}

/// A square of one shade; what lies beyond the picture's edge is left out.
fn block(picture: &mut Picture, left: u32, top: u32, size: u32, shade: u8) {
    let channels = usize::from(picture.channels);
    let right = (left + size).min(picture.width);
    for row in top..(top + size).min(picture.height) {
        let at = |column: u32| (row as usize * picture.width as usize + column as usize) * channels;
        if left < right {
            picture.data[at(left)..at(right)].fill(shade);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labelled(name: &str, width: u32, height: u32) -> Picture {
        let mut set = DataSet::new();
        set.put_text(tags::PATIENT_NAME, name);
        set.put_text(tags::PATIENT_ID, "P-1");
        set.put_text(tags::MODALITY, "CT");
        let data = vec![100; width as usize * height as usize];
        let mut picture = Picture { width, height, channels: 1, data };
        Labels::of(&set, 0, Annotation { patient: true, technique: true }).draw(&mut picture);
        picture
    }

    #[test]
    fn text_stands_in_its_corners_and_nowhere_else() {
        let picture = labelled("Doe^Jane", 200, 120);
        let row = |row: usize| &picture.data[row * 200..][..200];
        let written = |rows: std::ops::Range<usize>| rows.clone().any(|at| row(at).contains(&255));
        assert!(written(0..30) && written(90..120));
        assert!((35..90).all(|at| row(at).iter().all(|shade| *shade == 100)));
        assert!((0..120).all(|at| row(at)[150..].iter().all(|shade| *shade == 100)));
    }

    #[test]
    fn other_patients_look_different_and_small_pictures_are_not_left() {
        assert_ne!(labelled("Doe^Jane", 200, 120), labelled("Doe^John", 200, 120));
        for (width, height) in [(1, 1), (5, 300), (300, 5)] {
            assert_eq!(labelled("Doe^Jane", width, height).data.len() as u32, width * height);
        }
    }

    #[test]
    fn the_group_of_a_name_that_can_be_written_is() {
        assert_eq!(name("Yamada^Tarou=山田^太郎"), "Yamada Tarou");
        assert_eq!(name("山田^太郎=M\u{fc}ller^J\u{f6}rg"), "M\u{fc}ller J\u{f6}rg");
        assert_eq!(name("Люкceмбypг"), "Люкceмбypг");
    }
}
