//! The characters that cut a message into parts (v2.9 §2.5.4): whatever MSH-1 and MSH-2 say.

/// The delimiters of one message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Delimiters {
    /// Between fields: MSH-1, nearly always `|`.
    pub field: char,
    /// Between components, `^`.
    pub component: char,
    /// Between repetitions of a field, `~`.
    pub repetition: Option<char>,
    /// Around escapes, `\`.
    pub escape: Option<char>,
    /// Between subcomponents, `&`.
    pub subcomponent: Option<char>,
    /// Marks a value that was cut short, `#` (since v2.7).
    pub truncation: Option<char>,
}

impl Default for Delimiters {
    fn default() -> Self {
        Self {
            field: '|',
            component: '^',
            repetition: Some('~'),
            escape: Some('\\'),
            subcomponent: Some('&'),
            truncation: None,
        }
    }
}

impl Delimiters {
    /// Reads those of a header, from its line as text (`MSH|^~\&|…`). None when they can't be told apart from words.
    #[must_use]
    pub fn of_header(line: &str) -> Option<Self> {
        let mut rest = line.get(3..)?.chars();
        let field = rest.next().filter(|mark| is_mark(*mark))?;
        let named: Vec<char> = rest.take_while(|mark| *mark != field && !mark.is_control()).take(6).collect();
        if named.len() > 5 || !named.iter().all(|mark| is_mark(*mark)) {
            return None;
        }
        let mut named = named.into_iter();
        let component = named.next()?;
        let (repetition, escape) = (named.next(), named.next());
        // Senders that escape the header's own escape character write it twice: `^~\\&`.
        let subcomponent = match named.next() {
            twice if twice.is_some() && twice == escape => named.next(),
            once => once,
        };
        Some(Self { field, component, repetition, escape, subcomponent, truncation: named.next() })
    }

    /// MSH-2, as it is written in a header.
    #[must_use]
    pub fn encoding_characters(&self) -> String {
        let named = [
            Some(self.component),
            self.repetition,
            self.escape,
            self.subcomponent,
            self.subcomponent.and(self.truncation),
        ];
        named.into_iter().flatten().collect()
    }
}

/// Letters, digits, spaces and controls can't cut anything.
fn is_mark(mark: char) -> bool {
    !mark.is_alphanumeric() && !mark.is_control() && !mark.is_whitespace() && mark != '"'
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn any_delimiters_are_taken() {
        let usual = Delimiters::of_header("MSH|^~\\&|A|B").unwrap();
        assert_eq!(usual, Delimiters::default());
        let own = Delimiters::of_header("MSH$%~\\&$RIS").unwrap();
        assert_eq!((own.field, own.component, own.subcomponent), ('$', '%', Some('&')));
        let newest = Delimiters::of_header("MSH|^~\\&#|A").unwrap();
        assert_eq!(newest.truncation, Some('#'));
        assert_eq!(newest.encoding_characters(), "^~\\&#");
    }

    #[test]
    fn few_and_doubled_ones_are_taken() {
        let few = Delimiters::of_header("MSH|^~}|A").unwrap();
        assert_eq!((few.escape, few.subcomponent), (Some('}'), None));
        let doubled = Delimiters::of_header("MSH|^~\\\\&|A").unwrap();
        assert_eq!((doubled.escape, doubled.subcomponent), (Some('\\'), Some('&')));
    }

    #[test]
    fn what_cuts_nothing_is_refused() {
        for header in ["MSH", "MSHA^~\\&", "MSH|", "MSH||", "MSH|ab|", "MSH ^~\\&", "MSH|^~\\&#$%|"] {
            assert_eq!(Delimiters::of_header(header), None, "{header}");
        }
    }
}
