//! WordPiece as BERT's models want it (Wu et al. 2016; Devlin et al. 2019): text to numbers of a vocabulary.

use super::Asked;
use rustc_hash::FxHashMap;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// A longer word is unknown.
const LONGEST_WORD: usize = 100;

/// A vocabulary, and how texts are cut for it.
#[derive(Debug, Clone)]
pub struct WordPiece {
    numbers: FxHashMap<Box<str>, i64>,
    /// Whether capitals and accents count for nothing.
    lowercase: bool,
    special: Special,
    /// What stands before and after the finding's words.
    marks: [i64; 2],
    /// Numbers a model takes at once.
    most: usize,
}

#[derive(Debug, Clone, Copy)]
struct Special {
    begin: i64,
    end: i64,
    unknown: i64,
    padding: i64,
}

/// What is wrong with a vocabulary.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VocabularyError {
    /// A word the model can't do without is not in it.
    #[error("the vocabulary has no line `{0}`")]
    Without(String),
    /// The model can't take so many numbers, or so few.
    #[error("`max_tokens` is {0}; it must be from 16 to 512")]
    Length(usize),
}

/// Sentences as rows of numbers, all of one length.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Encoded {
    /// How many sentences.
    pub rows: usize,
    /// Numbers in each.
    pub width: usize,
    /// The numbers, row by row.
    pub ids: Vec<i64>,
    /// 1 for a number that counts, 0 for one that fills up.
    pub mask: Vec<i64>,
}

impl WordPiece {
    /// The words of a `vocab.txt`, one a line, the first has number 0.
    ///
    /// # Errors
    /// [`VocabularyError`].
    pub fn new(
        vocabulary: &str,
        lowercase: bool,
        marks: [&str; 2],
        most: usize,
    ) -> Result<Self, VocabularyError> {
        if !(16..=512).contains(&most) {
            return Err(VocabularyError::Length(most));
        }
        let numbers: FxHashMap<Box<str>, i64> =
            vocabulary.lines().zip(0..).map(|(word, number)| (word.trim_end().into(), number)).collect();
        let of = |word: &str| numbers.get(word).copied().ok_or(VocabularyError::Without(word.into()));
        let special =
            Special { begin: of("[CLS]")?, end: of("[SEP]")?, unknown: of("[UNK]")?, padding: of("[PAD]")? };
        let marks = [of(marks[0])?, of(marks[1])?];
        Ok(Self { numbers, lowercase, special, marks, most })
    }

    /// Sentences in the form a model is asked with: `[CLS] before [E] words [/E] after [SEP]`. A sentence that is too
    /// long loses what is farthest from the finding.
    #[must_use]
    pub fn encode(&self, asked: &[Asked<'_>]) -> Encoded {
        let rows: Vec<Vec<i64>> = asked.iter().map(|one| self.row(one)).collect();
        let width = rows.iter().map(Vec::len).max().unwrap_or_default();
        let mut encoded = Encoded { rows: rows.len(), width, ids: Vec::new(), mask: Vec::new() };
        for row in rows {
            let filled = width - row.len();
            encoded.mask.extend(std::iter::repeat_n(1, row.len()));
            encoded.mask.extend(std::iter::repeat_n(0, filled));
            encoded.ids.extend(row);
            encoded.ids.extend(std::iter::repeat_n(self.special.padding, filled));
        }
        encoded
    }

    fn row(&self, asked: &Asked<'_>) -> Vec<i64> {
        let [before, mut words, after] = [asked.before, asked.words, asked.after].map(|text| self.cut(text));
        // Begin, end and the two marks.
        let room = self.most - 4;
        words.truncate(room);
        let left = room - words.len();
        let behind = after.len().min(left - before.len().min(left / 2));
        let ahead = before.len().min(left - behind);
        let mut row = vec![self.special.begin];
        row.extend(&before[before.len() - ahead..]);
        row.push(self.marks[0]);
        row.extend(words);
        row.push(self.marks[1]);
        row.extend(&after[..behind]);
        row.push(self.special.end);
        row
    }

    /// The numbers of a text's pieces.
    fn cut(&self, text: &str) -> Vec<i64> {
        let mut numbers = Vec::new();
        let mut word = String::new();
        for letter in self.plain(text) {
            if letter.is_whitespace() || stands_alone(letter) {
                self.pieces(&std::mem::take(&mut word), &mut numbers);
            }
            match letter {
                letter if letter.is_whitespace() => {}
                letter if stands_alone(letter) => self.pieces(letter.encode_utf8(&mut [0; 4]), &mut numbers),
                letter => word.push(letter),
            }
        }
        self.pieces(&word, &mut numbers);
        numbers
    }

    fn plain(&self, text: &str) -> Vec<char> {
        let kept = text.chars().filter(|letter| letter.is_whitespace() || !letter.is_control());
        if !self.lowercase {
            return kept.collect();
        }
        let lower: String = kept.flat_map(char::to_lowercase).collect();
        lower.nfd().filter(|letter| !is_combining_mark(*letter)).collect()
    }

    /// The longest known beginning, then the longest known part that goes on, and so forth; one that is not known makes
    /// the word unknown.
    fn pieces(&self, word: &str, numbers: &mut Vec<i64>) {
        if word.is_empty() {
            return;
        }
        let first = numbers.len();
        let mut rest = word;
        while !rest.is_empty() {
            let Some((length, number)) = self.longest(rest, rest.len() < word.len()) else { break };
            numbers.push(number);
            rest = &rest[length..];
        }
        if !rest.is_empty() || word.chars().count() > LONGEST_WORD {
            numbers.truncate(first);
            numbers.push(self.special.unknown);
        }
    }

    fn longest(&self, rest: &str, goes_on: bool) -> Option<(usize, i64)> {
        let ends = rest.char_indices().map(|(at, letter)| at + letter.len_utf8()).take(LONGEST_WORD);
        let known = |end: usize| match goes_on {
            true => self.numbers.get(format!("##{}", &rest[..end]).as_str()),
            false => self.numbers.get(&rest[..end]),
        };
        ends.collect::<Vec<_>>().into_iter().rev().find_map(|end| Some((end, *known(end)?)))
    }
}

/// Marks, and the signs of Chinese and Japanese, are words of their own.
fn stands_alone(letter: char) -> bool {
    let code = u32::from(letter);
    letter.is_ascii_punctuation()
        || matches!(letter, '¡' | '§' | '«' | '¶' | '·' | '»' | '¿')
        || matches!(code, 0x2010..=0x2027 | 0x2030..=0x205e | 0x3001..=0x3003 | 0x3008..=0x3011 | 0xff01..=0xff0f)
        || matches!(code, 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xf900..=0xfaff | 0x2_0000..=0x2_ceaf)
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: &str =
        "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[E]\n[/E]\nno\npleural\neffusion\n##s\n.\nun\n##aff\n##able\nder";

    fn model(most: usize) -> WordPiece {
        WordPiece::new(WORDS, true, ["[E]", "[/E]"], most).expect("a vocabulary")
    }

    fn asked<'a>(before: &'a str, words: &'a str, after: &'a str) -> Asked<'a> {
        Asked { finding: 0, before, words, after }
    }

    #[test]
    fn words_are_cut_as_in_the_literature() {
        // The example of BERT's own tests.
        assert_eq!(model(64).cut("Unaffable"), [11, 12, 13]);
        assert_eq!(model(64).cut("UNAFF\u{e4}ble unaffabel"), [11, 12, 13, 1], "accents count for nothing");
        assert_eq!(model(64).cut("no effusions."), [6, 8, 9, 10]);
        assert_eq!(model(64).cut(&"un".repeat(51)), [1], "too long");
    }

    #[test]
    fn the_finding_is_marked_and_rows_are_of_one_length() {
        let told = model(64).encode(&[asked("No ", "pleural effusion", "."), asked("", "effusion", "")]);
        assert_eq!((told.rows, told.width), (2, 8));
        assert_eq!(told.ids, [2, 6, 4, 7, 8, 5, 10, 3, 2, 4, 8, 5, 3, 0, 0, 0]);
        assert_eq!(told.mask, [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0]);
    }

    #[test]
    fn a_long_sentence_keeps_what_is_near() {
        let (before, after) = ("der ".repeat(40) + "no ", " . ".to_owned() + &"der ".repeat(40));
        let row = model(16).row(&asked(&before, "effusion", &after));
        assert_eq!(row.len(), 16);
        let at = row.iter().position(|number| *number == 4).expect("the mark");
        assert_eq!((row[at - 1], row[at + 1], row[at + 3]), (6, 8, 10));
        let short = model(16).row(&asked("no ", &"pleural ".repeat(60), "."));
        assert_eq!(short.len(), 16);
    }

    #[test]
    fn a_vocabulary_without_the_marks_is_named() {
        let wrong = WordPiece::new(WORDS, true, ["[entity]", "[entity]"], 64).expect_err("not there");
        assert_eq!(wrong.to_string(), "the vocabulary has no line `[entity]`");
        assert!(WordPiece::new(WORDS, true, ["[E]", "[/E]"], 4).is_err());
    }
}
