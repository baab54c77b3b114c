//! The text model beside the rules: a folder of somebody else's with `model.onnx`, `vocab.txt` and `labels.json`, run by the
//! library that runs the text detector (ADR 83). Whatever is wrong with it, reports are read by rules all the same.

use crate::Config;
use onnx::{Input, LIBRARY, OpenError, RunError};
use reading::opinion::{Asked, Encoded, Judged, Label, LabelError, Model, VocabularyError, WordPiece};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// Sentences that are asked about at once.
const AT_ONCE: usize = 32;
/// The files, in the order in which they are hashed.
const FILES: [&str; 3] = ["model.onnx", "vocab.txt", "labels.json"];

/// Why the text model can't be used.
#[derive(Debug, thiserror::Error)]
pub enum TextModelError {
    /// A file is not there.
    #[error("the text model's {0} can't be read")]
    Read(&'static str, #[source] io::Error),
    /// `labels.json` is not as it should be.
    #[error(
        "the text model's labels.json is not right: it needs `name`, `labels` and, if they are others, `marks`, `lowercase` and \
         `max_tokens`"
    )]
    Settings(#[source] serde_json::Error),
    /// A label is none.
    #[error("the text model's labels.json is not right")]
    Label(#[from] LabelError),
    /// The vocabulary lacks something.
    #[error("the text model's vocab.txt does not fit labels.json")]
    Vocabulary(#[from] VocabularyError),
    /// ONNX Runtime or the model can't be loaded.
    #[error("the text model can't be opened with {0}")]
    Open(PathBuf, #[source] OpenError),
    /// It wants something else than sentences.
    #[error("the text model asks for `{0}`: it can be given input_ids, attention_mask and token_type_ids")]
    Input(String),
    /// It ended with an error.
    #[error("the text model gave no answer")]
    Run(#[from] RunError),
    /// Its answer is something else than a number for each label.
    #[error(
        "the text model answers with {answer} numbers for each sentence, labels.json names {labels} labels"
    )]
    Answer {
        /// Numbers for each sentence.
        answer: usize,
        /// Labels in `labels.json`.
        labels: usize,
    },
    /// Its answer holds something that is no number.
    #[error("the text model's answer holds something that is no number")]
    NoNumber,
}

/// `labels.json`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    name: String,
    labels: Vec<String>,
    #[serde(default = "marks")]
    marks: [String; 2],
    #[serde(default = "yes")]
    lowercase: bool,
    #[serde(default = "length")]
    max_tokens: usize,
}

fn marks() -> [String; 2] {
    ["[E]".into(), "[/E]".into()]
}

const fn yes() -> bool {
    true
}

const fn length() -> usize {
    128
}

/// A model that says of findings whether they are there.
pub struct TextModel {
    /// What its makers call it.
    pub name: String,
    /// The SHA-256 of its three files.
    pub digest: String,
    words: WordPiece,
    labels: Vec<Label>,
    model: Mutex<onnx::Model>,
}

impl std::fmt::Debug for TextModel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "TextModel({} {})", self.name, self.digest)
    }
}

impl TextModel {
    /// The model that the settings name, if they name one. It has answered once then.
    ///
    /// # Errors
    /// [`TextModelError`] says what of it is wrong.
    pub fn of(config: &Config) -> Result<Option<Self>, TextModelError> {
        let library = config.deid.detector.clone().unwrap_or_else(onnx::beside_the_program).join(LIBRARY);
        config.reading.model.as_deref().map(|folder| Self::open(folder, &library)).transpose()
    }

    fn open(folder: &Path, library: &Path) -> Result<Self, TextModelError> {
        let text = |name: &'static str| {
            std::fs::read_to_string(folder.join(name)).map_err(|error| TextModelError::Read(name, error))
        };
        let settings: Settings =
            serde_json::from_str(&text("labels.json")?).map_err(TextModelError::Settings)?;
        let labels = settings.labels.iter().map(|label| Label::parse(label)).collect::<Result<_, _>>()?;
        let [before, after] = &settings.marks;
        let words =
            WordPiece::new(&text("vocab.txt")?, settings.lowercase, [before, after], settings.max_tokens)?;
        let digest = digest(folder)?;
        let model = onnx::Model::open(library, &folder.join("model.onnx"))
            .map_err(|error| TextModelError::Open(library.to_owned(), error))?;
        let known =
            |name: &&String| !matches!(name.as_str(), "input_ids" | "attention_mask" | "token_type_ids");
        if let Some(unknown) = model.inputs().iter().find(known) {
            return Err(TextModelError::Input(unknown.chars().take(60).collect()));
        }
        let opened = Self { name: settings.name, digest, words, labels, model: Mutex::new(model) };
        let sentence = Asked { finding: 0, before: "There is no ", words: "nodule", after: "." };
        opened.judge(&[sentence, sentence])?;
        Ok(opened)
    }

    /// A number for each label of each sentence.
    fn answer(&self, told: &Encoded) -> Result<Vec<f32>, TextModelError> {
        let mut model = self.model.lock().unwrap_or_else(PoisonError::into_inner);
        let shape = [told.rows, told.width];
        let types = vec![0; told.ids.len()];
        let input = |name: &String| match name.as_str() {
            "input_ids" => Input::Integers(&shape, &told.ids),
            "attention_mask" => Input::Integers(&shape, &told.mask),
            _ => Input::Integers(&shape, &types),
        };
        let inputs: Vec<Input<'_>> = model.inputs().iter().map(input).collect();
        let output = model.run(&inputs)?;
        let labels = self.labels.len();
        if output.shape != [told.rows, labels] {
            let answer = output.data.len() / told.rows.max(1);
            return Err(TextModelError::Answer { answer, labels });
        }
        if output.data.iter().all(|value| value.is_finite()) {
            Ok(output.data)
        } else {
            Err(TextModelError::NoNumber)
        }
    }
}

impl Model for TextModel {
    type Error = TextModelError;

    fn judge(&self, asked: &[Asked<'_>]) -> Result<Vec<Judged>, TextModelError> {
        let mut judged = Vec::with_capacity(asked.len());
        for some in asked.chunks(AT_ONCE) {
            let answer = self.answer(&self.words.encode(some))?;
            judged.extend(answer.chunks(self.labels.len().max(1)).map(|row| best(row, &self.labels)));
        }
        Ok(judged)
    }
}

/// The label with the largest number, and its share by softmax.
fn best(row: &[f32], labels: &[Label]) -> Judged {
    let mut best = 0;
    for (at, value) in row.iter().enumerate() {
        if *value > row[best] {
            best = at;
        }
    }
    let sum: f32 = row.iter().map(|value| (value - row[best]).exp()).sum();
    Judged { label: labels[best], sure: 1.0 / sum }
}

fn digest(folder: &Path) -> Result<String, TextModelError> {
    let mut hash = Sha256::new();
    for name in FILES {
        let failed = |error| TextModelError::Read(name, error);
        let mut file = std::fs::File::open(folder.join(name)).map_err(failed)?;
        let length = file.metadata().map_err(failed)?.len();
        // With its length in front no two sets of files run together the same.
        hash.update(length.to_be_bytes());
        let mut buffer = vec![0; 1 << 20];
        loop {
            match io::Read::read(&mut file, &mut buffer).map_err(failed)? {
                0 => break,
                read => hash.update(&buffer[..read]),
            }
        }
    }
    Ok(model::Sha256Digest(hash.finalize().into()).to_hex())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(labels: &str, vocabulary: &str) -> String {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("labels.json"), labels).expect("written");
        std::fs::write(folder.path().join("vocab.txt"), vocabulary).expect("written");
        let error = TextModel::open(folder.path(), Path::new("/nowhere")).expect_err("broken");
        let cause = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
        format!("{error}: {cause}")
    }

    #[test]
    fn what_is_wrong_is_told() {
        let good = r#"{"name": "m", "labels": ["present", "absent"]}"#;
        assert!(reason("{}", "").contains("it needs `name`"));
        assert!(reason(r#"{"name": "m", "labels": ["maybe"]}"#, "").contains("`maybe`"));
        assert!(reason(good, "[PAD]\n[UNK]\n[CLS]\n[SEP]").contains("no line `[E]`"));
        assert!(reason(good, "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[E]\n[/E]").contains("model.onnx can't be read"));
    }

    #[test]
    fn the_largest_number_counts() {
        let labels = ["present", "absent"].map(|label| Label::parse(label).expect("a label"));
        let judged = best(&[0.0, 2.0], &labels);
        assert_eq!(judged.label, labels[1]);
        assert!((judged.sure - 0.880_797).abs() < 1e-5, "softmax of 0 and 2");
    }
}
