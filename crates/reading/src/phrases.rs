//! All phrases in one tree over word numbers: one walk over a text finds every phrase of every kind.

use crate::words::{Shape, Token, UNKNOWN, Vocabulary, WordId, speaks};
use rustc_hash::FxHashMap;

/// What a phrase may mean. Phrases of one layer don't overlap: the longest that starts first counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Meaning {
    /// A finding, by its number in the lexicon.
    Finding(u32),
    /// A place in the body, by its number.
    Place(u32),
    /// A subject that has a state (`heart size`), by the number of the statement.
    Subject(u32),
    /// A state (`enlarged`), by its number.
    State(u32),
    /// A cue of the context, by the number of its rule.
    Cue(u32),
    /// What ends scopes, by the number of its rule and of its group: groups don't hide each other.
    Stop(u32, u8),
    /// A side of the body.
    Side(crate::reading::Laterality),
    /// How severe.
    Severity(crate::reading::Severity),
    /// The title of a section, by its number.
    Header(u32),
    /// A kind of examination (`CT`, `mammogram`).
    Exam(ExamWord),
    /// A unit, by its number.
    Unit(u32),
    /// A system of categories, by its number.
    System(u32),
    /// Words that mean a category: the numbers of its system and of its value.
    Described(u32, u32),
    /// A word that rules of the program ask for.
    Word(Word),
}

/// What words of examinations do in a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum ExamWord {
    /// Names the examination (`CT`).
    Head,
    /// Stands before or after it (`low dose`, `with contrast`).
    Beside,
}

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident = $key:literal),* $(,)?) => {
        /// Groups of words that the program's rules ask for, kept as data under these names.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub(crate) enum Word { $($(#[$doc])* $name),* }

        impl Word {
            pub(crate) const ALL: &'static [(Self, &'static str)] = &[$((Self::$name, $key)),*];
        }
    };
}

words! {
    /// Asks for something to be done.
    Recommend = "recommend",
    /// Doing nothing more.
    NoFollowUp = "no-follow-up",
    /// Intervals that are one word (`annual`).
    Yearly = "yearly",
    Daily = "daily",
    Weekly = "weekly",
    Monthly = "monthly",
    Biennial = "biennial",
    SemiAnnual = "semiannual",
    Hours = "hours",
    Days = "days",
    Weeks = "weeks",
    Months = "months",
    Years = "years",
    Series = "series",
    Image = "image",
    Month = "month-names",
    /// Told to somebody.
    Told = "told",
    /// Urgent results.
    Critical = "critical",
    Clinician = "clinician",
    PatientPerson = "patient-person",
    NotTold = "not-told",
    /// Speaks of a size.
    Earlier = "earlier",
    /// Of a thing that was measured as a whole.
    Part = "part",
    /// Spoken of in an earlier report.
    Mentioned = "mentioned",
    /// Of an earlier size, where another size stands beside it.
    Then = "then",
    From = "from",
    Now = "now",
    AtMost = "at-most",
    AtLeast = "at-least",
    Approximately = "approximately",
    By = "by",
    To = "to",
    Distance = "distance",
    Dose = "dose",
    Ratio = "ratio",
    Slices = "slices",
    /// A thing already named.
    Again = "again",
    Title = "titles",
    Abbreviation = "abbreviations",
    /// What opens a clause of its own.
    Opener = "openers",
    Verb = "verbs",
    Pronoun = "pronouns",
    /// Verbs that tell what an examination found.
    Reporting = "reporting",
    /// Directions of a size.
    Dimension = "dimensions",
    Article = "articles",
    Or = "or",
    And = "and",
    With = "with",
    Category = "category-words",
    Version = "version-words",
    Modifier = "modifier-words",
    Density = "density",
    Edition = "edition-words",
    Spelled = "spelled-numbers",
}

impl Meaning {
    /// The layer it lies in.
    fn layer(self) -> usize {
        match self {
            Self::Finding(_) => 0,
            Self::Place(_) => 1,
            Self::Subject(_) => 2,
            Self::State(_) => 3,
            Self::Cue(_) => 4,
            Self::Side(_) => 5,
            Self::Severity(_) => 6,
            Self::Header(_) => 7,
            Self::Exam(_) => 8,
            Self::Unit(_) => 9,
            Self::System(_) => 10,
            Self::Described(..) => 11,
            Self::Stop(_, group) => 12 + group as usize % STOPS,
            Self::Word(word) => 12 + STOPS + word as usize,
        }
    }
}

/// How many groups of terminators have a layer of their own.
const STOPS: usize = 12;

/// How many layers there are.
const LAYERS: usize = 12 + STOPS + Word::ALL.len();

/// A phrase that was found.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Match {
    pub meaning: Meaning,
    /// The first token.
    pub start: usize,
    /// One after the last token.
    pub end: usize,
}

/// The tree.
#[derive(Debug, Default)]
pub(crate) struct Phrases {
    /// The node after a word, by node and word.
    next: FxHashMap<(u32, WordId), u32>,
    /// What the words up to a node mean.
    meanings: Vec<Vec<Meaning>>,
    /// The node after a first word, by word: most walks end here.
    first: Vec<u32>,
}

impl Phrases {
    /// Adds a phrase; the same meaning twice counts once.
    pub(crate) fn add(&mut self, words: &[WordId], meaning: Meaning) {
        if self.meanings.is_empty() {
            self.meanings.push(Vec::new());
        }
        let mut node = 0;
        for word in words {
            let new = self.meanings.len() as u32;
            node = *self.next.entry((node, *word)).or_insert(new);
            if node == new {
                self.meanings.push(Vec::new());
            }
        }
        let meanings = &mut self.meanings[node as usize];
        if node != 0 && !meanings.contains(&meaning) {
            meanings.push(meaning);
        }
    }

    /// To be called after the last phrase was added.
    pub(crate) fn finish(&mut self, vocabulary: &Vocabulary) {
        self.first = vec![0; vocabulary.len() + 1];
        for ((node, word), next) in &self.next {
            if *node == 0 {
                self.first[*word as usize] = *next;
            }
        }
    }

    /// All phrases in these tokens, by where they start; words for which `hidden` holds are passed by.
    pub(crate) fn find(&self, tokens: &[Token], hidden: impl Fn(usize) -> bool) -> Vec<Match> {
        let mut found = Vec::with_capacity(tokens.len());
        let mut taken = [0_usize; LAYERS];
        for start in 0..tokens.len() {
            let word = tokens[start].word;
            if word != UNKNOWN && self.first[word as usize] != 0 && !hidden(start) {
                let from = found.len();
                self.walk(tokens, start, &hidden, &mut found);
                keep_longest(&mut found, from, &mut taken);
            }
        }
        found
    }

    /// Adds what starts here, the longest last.
    fn walk(&self, tokens: &[Token], start: usize, hidden: &impl Fn(usize) -> bool, found: &mut Vec<Match>) {
        let mut node = self.first[tokens[start].word as usize];
        let mut at = start;
        loop {
            let meanings = &self.meanings[node as usize];
            found.extend(meanings.iter().map(|meaning| Match { meaning: *meaning, start, end: at + 1 }));
            let Some(next) = next_word(tokens, at + 1) else { return };
            if hidden(next) {
                return;
            }
            let Some(after) = self.next.get(&(node, tokens[next].word)) else { return };
            (node, at) = (*after, next);
        }
    }
}

/// The next word of a phrase: hyphens, slashes, apostrophes and stops inside it are passed over, commas are not.
fn next_word(tokens: &[Token], at: usize) -> Option<usize> {
    let token = tokens.get(at)?;
    if token.lines > 1 {
        return None;
    }
    match token.shape {
        Shape::Mark('-' | '‐' | '‑' | '–' | '/' | '\'')
            if tokens.get(at + 1)?.lines == 0 || token.is('-') =>
        {
            let next = tokens.get(at + 1)?;
            (next.lines < 2 && !matches!(next.shape, Shape::Mark(_))).then_some(at + 1)
        }
        // `h.o.`, `vs. `
        Shape::Mark('.') if !token.spaced && !tokens.get(at + 1)?.spaced => Some(at + 1),
        Shape::Mark(mark) => speaks(mark).then_some(at),
        _ => Some(at),
    }
}

/// Of those that start at one token, the longest of each layer, unless an earlier one covers it.
fn keep_longest(found: &mut Vec<Match>, from: usize, taken: &mut [usize; LAYERS]) {
    let mut kept = from;
    for at in from..found.len() {
        let this = found[at];
        let layer = this.meaning.layer();
        let longer =
            found[at + 1..].iter().any(|other| other.meaning.layer() == layer && other.end > this.end);
        if !longer && this.start >= taken[layer] {
            found[kept] = this;
            kept += 1;
        }
    }
    found.truncate(kept);
    for this in &found[from..] {
        taken[this.meaning.layer()] = this.end;
    }
}
