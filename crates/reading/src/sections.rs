//! Sections by their titles, in whatever style, and sentences within them.

use crate::lexicon::Lexicon;
use crate::phrases::{ExamWord, Match, Meaning, Word};
use crate::reading::{Section, SectionKind, Sentence};
use crate::sentences::Lines;
use crate::words::{Shape, Span, Token};
use std::ops::Range;

/// A report cut up: sections, and sentences with the range of their tokens.
pub(crate) struct Layout {
    pub sections: Vec<Section>,
    pub sentences: Vec<(Sentence, Range<usize>)>,
}

/// Cuts up a report.
pub(crate) fn layout(lexicon: &Lexicon, lines: &Lines<'_>, matches: &[Match]) -> Layout {
    let mut cutter = Cutter {
        lexicon,
        lines,
        matches,
        next_match: 0,
        open: None,
        layout: Layout { sections: Vec::new(), sentences: Vec::new() },
    };
    cutter.run();
    cutter.end_sentence(lines.tokens.len());
    cutter.free_report();
    cutter.close_sections();
    cutter.layout
}

struct Cutter<'a> {
    lexicon: &'a Lexicon,
    lines: &'a Lines<'a>,
    matches: &'a [Match],
    /// Matches before this one lie to the left.
    next_match: usize,
    /// The first token of the sentence that is open.
    open: Option<usize>,
    layout: Layout,
}

/// No sentence has more words and marks than this.
const LONGEST: usize = 400;

/// A title that was recognised.
struct Title {
    kind: SectionKind,
    /// One after its last token, its colon included.
    end: usize,
}

impl Cutter<'_> {
    fn run(&mut self) {
        let mut at = 0;
        // Right after a title another one may follow, on the same line.
        let mut after_title = false;
        while at < self.lines.tokens.len() {
            if !(after_title || self.lines.begins(at) || self.is_too_long(at)) {
                at += 1;
                continue;
            }
            self.end_sentence(at);
            at = self.skip_bullets(at);
            after_title = false;
            if let Some(title) = self.title(at) {
                self.begin_section(title.kind, Some((at, title.end)));
                at = title.end;
                after_title = true;
                continue;
            }
            if let Some(colon) = self.exam_label(at) {
                self.begin_untitled(SectionKind::Exam, at);
                self.open = Some(at);
                self.end_sentence(colon + 1);
                (at, after_title) = (colon + 1, true);
                continue;
            }
            self.without_title(at);
            self.open = Some(at);
            at += 1;
        }
    }

    /// A sentence without end is cut, at a comma if there is one, so that the work grows with the length of a text and
    /// not faster.
    fn is_too_long(&self, at: usize) -> bool {
        let length = self.open.map_or(0, |open| at - open);
        length >= LONGEST || length >= LONGEST / 2 && self.lines.tokens[at - 1].is(',')
    }

    fn skip_bullets(&self, mut at: usize) -> usize {
        while at < self.lines.tokens.len() {
            let marks = self.lines.bullet(at);
            if marks == 0 || at + marks >= self.lines.tokens.len() {
                return at;
            }
            at += marks;
        }
        at
    }

    fn kind(&self) -> Option<SectionKind> {
        self.layout.sections.last().map(|section| section.kind)
    }

    fn begin_section(&mut self, kind: SectionKind, title: Option<(usize, usize)>) {
        let tokens = self.lines.tokens;
        let start =
            title.and_then(|(from, _)| tokens.get(from)).map_or(self.lines.text.len(), |token| token.start);
        let title = title.map(|(from, to)| Span { start: tokens[from].start, end: tokens[to - 1].end });
        self.layout.sections.push(Section { kind, span: Span { start, end: start }, title });
    }

    /// A sentence begins with no title: it may still not belong to the section before.
    fn without_title(&mut self, at: usize) {
        let kind = match self.kind() {
            None if self.names_exam(at) => SectionKind::Exam,
            None => SectionKind::Body,
            Some(SectionKind::Exam) if self.untitled() && !self.names_exam(at) => SectionKind::Body,
            Some(kind) if !kind.is_result() && self.is_organ_label(at) => SectionKind::Findings,
            Some(kind) if kind_ends_with_paragraph(kind) && self.new_paragraph(at) => SectionKind::Body,
            Some(kind) if kind_ends_with_line(kind) && self.states(at) => SectionKind::Body,
            Some(_) => return,
        };
        self.begin_untitled(kind, at);
    }

    fn begin_untitled(&mut self, kind: SectionKind, at: usize) {
        let start = self.lines.tokens[at].start;
        self.layout.sections.push(Section { kind, span: Span { start, end: start }, title: None });
    }

    fn untitled(&self) -> bool {
        self.layout.sections.last().is_some_and(|section| section.title.is_none())
    }

    /// A paragraph after one that had text.
    fn new_paragraph(&self, at: usize) -> bool {
        let number = self.layout.sections.len().wrapping_sub(1);
        let has_text = self.layout.sentences.last().is_some_and(|(sentence, _)| sentence.section == number);
        self.lines.tokens[at].lines > 1 && has_text
    }

    /// A line that states something (`There is a tear …`, `The liver is …`) after one that had text.
    fn states(&self, at: usize) -> bool {
        let tokens = self.lines.tokens.len();
        let verb_within = |words: usize| (at..tokens.min(at + words)).any(|at| self.lines.is(at, Word::Verb));
        let there = self.lines.tokens[at].span().of(self.lines.text).eq_ignore_ascii_case("there");
        let named = |found: &Match| matches!(found.meaning, Meaning::Place(_) | Meaning::Subject(_));
        let of_body = self.lines.is(at, Word::Article) && self.within(at, tokens.min(at + 5)).any(named);
        self.lines.tokens[at].lines > 0 && (there && verb_within(3) || of_body && verb_within(12))
    }

    /// `LUNGS:`, `L4-L5:` after a technique: what follows are findings.
    fn is_organ_label(&self, at: usize) -> bool {
        let Some(colon) = self.lines.label(at) else { return false };
        self.within(at, colon).any(|found| matches!(found.meaning, Meaning::Place(_) | Meaning::Subject(_)))
    }

    /// Matches from one token to another.
    fn within(&self, from: usize, to: usize) -> impl Iterator<Item = &Match> {
        let first = self.matches.partition_point(|found| found.start < from);
        self.matches[first..]
            .iter()
            .take_while(move |found| found.start < to)
            .filter(move |found| found.end <= to)
    }

    /// `CT HEAD WITHOUT CONTRAST`: a line that names an examination and says nothing.
    fn names_exam(&self, at: usize) -> bool {
        let rest = self.lines.tokens.iter().enumerate().skip(at + 1).take(24);
        let end = rest.map(|(next, _)| next).find(|next| self.lines.begins(*next));
        let end = end.unwrap_or(self.lines.tokens.len().min(at + 24));
        // `CTA CHEST FOR PE`
        let asks =
            (at..end).any(|at| self.lines.tokens[at].span().of(self.lines.text).eq_ignore_ascii_case("for"));
        let says = |found: &Match| match found.meaning {
            Meaning::Word(Word::Verb | Word::Pronoun | Word::Recommend) => true,
            // `MRI of the shoulder` has one further on.
            Meaning::Word(Word::Article) => found.start == at,
            Meaning::Finding(_) => !asks,
            _ => false,
        };
        let exam = |found: &Match| matches!(found.meaning, Meaning::Exam(_));
        self.within(at, end).any(exam) && !self.within(at, end).any(says)
    }

    /// The title that begins here.
    fn title(&mut self, at: usize) -> Option<Title> {
        let headers = self.matches[self.next_match..].partition_point(|found| found.start < at);
        self.next_match += headers;
        if let Some(colon) = self.lines.label(at) {
            return self.label_title(at, colon);
        }
        let header = self.header(at, self.lines.tokens.len())?;
        let (from, to) = (header.0, header.1);
        let next = self.lines.tokens.get(to);
        let capitals = self.lines.in_capitals(from, to);
        let begins_line = at == 0 || self.lines.tokens[at].lines > 0;
        let own_line = next.is_none_or(|next| next.lines > 0) && begins_line;
        let dashed =
            next.is_some_and(|next| matches!(next.shape, Shape::Mark('-' | '–' | '—')) && next.spaced);
        let alone = next.is_some_and(Token::is_word) && capitals && !self.line_in_capitals(at);
        let end = to + usize::from(dashed && capitals);
        let title = from == at && (own_line || dashed && capitals || alone && begins_line);
        title.then_some(Title { kind: header.2, end })
    }

    /// Whether the label up to the colon is a title.
    fn label_title(&self, at: usize, colon: usize) -> Option<Title> {
        let (from, to, kind) = self.header(at, colon).filter(|_| !self.names_system(at, colon))?;
        let whole = from == at && to == colon;
        let tail = self
            .lines
            .tokens
            .get(to)
            .is_some_and(|next| matches!(next.shape, Shape::Mark('(' | '/' | '&' | '*' | '-')));
        let fits = whole || from == at && tail || self.lines.in_capitals(at, colon);
        let own = fits && !(kind == SectionKind::Findings && self.is_organ_label(at) && from != at && !whole);
        let rich = self.lines.tokens.get(colon + 1).is_some_and(|next| next.is('*'));
        own.then_some(Title { kind, end: colon + 1 + if rich { self.stars(colon + 1) } else { 0 } })
    }

    /// Where the exam's name at the very beginning ends: `AAA SCREENING ULTRASOUND: …`.
    fn exam_label(&self, at: usize) -> Option<usize> {
        let first = self.layout.sections.is_empty() && self.layout.sentences.is_empty();
        let colon = self.lines.label(at).filter(|_| first)?;
        let head = |found: &Match| found.meaning == Meaning::Exam(ExamWord::Head);
        (self.within(at, colon).any(head) && !self.names_system(at, colon)).then_some(colon)
    }

    /// `BI-RADS ASSESSMENT: 4` is no title: what follows is the value of the category.
    fn names_system(&self, at: usize, colon: usize) -> bool {
        self.within(at, colon).any(|found| matches!(found.meaning, Meaning::System(_)))
    }

    fn stars(&self, from: usize) -> usize {
        self.lines.tokens[from..].iter().take_while(|token| token.is('*') && token.lines == 0).count()
    }

    /// The first title among the tokens: from, to, kind.
    fn header(&self, at: usize, end: usize) -> Option<(usize, usize, SectionKind)> {
        self.within(at, end.min(at + 12)).find_map(|found| match found.meaning {
            Meaning::Header(number) => {
                Some((found.start, found.end, self.lexicon.data.headers[number as usize]))
            }
            _ => None,
        })
    }

    fn line_in_capitals(&self, at: usize) -> bool {
        let tokens = &self.lines.tokens[at + 1..];
        let length = tokens.iter().position(|token| token.lines > 0).unwrap_or(tokens.len());
        self.lines.in_capitals(at, at + 1 + length)
    }

    fn end_sentence(&mut self, end: usize) {
        let Some(start) = self.open.take() else { return };
        if start >= end {
            return;
        }
        let tokens = self.lines.tokens;
        let span = Span { start: tokens[start].start, end: tokens[end - 1].end };
        let section = self.layout.sections.len().saturating_sub(1);
        self.layout.sentences.push((Sentence { span, section }, start..end));
    }

    /// `HISTORY: Fall. There is a fracture …`: where nothing else is the report, it begins after the first sentence of
    /// what was asked.
    fn free_report(&mut self) {
        use SectionKind::{Comparison, Indication, Technique};
        let layout = &mut self.layout;
        let last = layout.sections.len().saturating_sub(1);
        let asked =
            layout.sections.last().is_some_and(|one| matches!(one.kind, Indication | Comparison | Technique));
        let told = layout.sections[..last].iter().any(|one| one.kind.is_result() && one.title.is_some());
        let first = layout.sentences.iter().position(|(sentence, _)| sentence.section == last);
        let Some(next) = first.map(|first| first + 1).filter(|_| asked && !told) else { return };
        let Some(start) = layout.sentences.get(next).map(|(sentence, _)| sentence.span.start) else { return };
        let span = Span { start, end: start };
        layout.sections.push(Section { kind: SectionKind::Body, span, title: None });
        for (sentence, _) in &mut layout.sentences[next..] {
            sentence.section = last + 1;
        }
    }

    fn close_sections(&mut self) {
        let mut end = self.lines.text.len();
        for section in self.layout.sections.iter_mut().rev() {
            section.span.end = end;
            end = section.span.start;
        }
        if let Some(first) = self.layout.sections.first_mut() {
            first.span.start = 0;
        }
    }
}

/// Sections of one paragraph: what follows an empty line under no title is the report itself.
fn kind_ends_with_paragraph(kind: SectionKind) -> bool {
    use SectionKind::{Comparison, Exam, Indication, Technique};
    matches!(kind, Exam | Indication | Technique | Comparison)
}

/// Sections of few words: a line after them that states something is the report itself.
fn kind_ends_with_line(kind: SectionKind) -> bool {
    matches!(kind, SectionKind::Exam | SectionKind::Indication | SectionKind::Comparison)
}
