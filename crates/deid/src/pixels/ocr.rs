//! Reading text in pictures: what an engine must do, and what can go wrong with it.

/// A small picture with at most one line of dark text on white; or a page of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Crop {
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// Brightness, row by row.
    pub data: Vec<u8>,
}

/// A word that was read. It may identify.
#[derive(Clone, PartialEq)]
pub struct Word {
    /// What it says.
    pub text: String,
    /// How sure the engine is, from 0 to 100.
    pub confidence: f32,
}

/// An engine that reads text.
pub trait Ocr: Send + Sync + std::fmt::Debug {
    /// Reads each crop; the answers stand in the order of the crops.
    ///
    /// # Errors
    /// [`OcrError`]; whatever was to be searched is then not known to be clean.
    fn read(&self, crops: &[Crop]) -> Result<Vec<Vec<Word>>, OcrError>;

    /// Reads a whole picture of dark text on a light ground, wherever in it text stands; as one line, by an engine that
    /// knows no pages.
    ///
    /// # Errors
    /// As [`Ocr::read`].
    fn read_page(&self, page: &Crop) -> Result<Vec<Word>, OcrError> {
        Ok(self.read(std::slice::from_ref(page))?.into_iter().flatten().collect())
    }
}

/// Why pictures could not be read. Every one of them withholds the image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OcrError {
    /// There is no engine.
    #[error(
        "no OCR engine was found: install tesseract-ocr with its English data (Debian: apt install tesseract-ocr)"
    )]
    Absent,
    /// It ended with an error.
    #[error(
        "the OCR engine failed: check that tesseract-ocr and its English data (tesseract-ocr-eng) are installed"
    )]
    Crashed,
    /// It took too long and was ended.
    #[error("the OCR engine took too long and was ended")]
    TimedOut,
    /// Its answer is not one.
    #[error("the OCR engine's answer can't be read: tesseract 4 or 5 is needed")]
    Unreadable,
}
