//! Categories of reporting systems: `BI-RADS 4A`, `Lung-RADS: 3`, `TR4`, `LR-5`.

use crate::context::View;
use crate::lexicon::System;
use crate::phrases::{Meaning, Word};
use crate::reading::Category;
use crate::words::{Shape, Token};

/// The categories of one sentence.
pub(crate) fn read(view: &View<'_>, sentence: usize) -> Vec<Category> {
    let mut found: Vec<Category> = Vec::new();
    for (at, name) in view.matches.iter().enumerate() {
        let Meaning::System(number) = name.meaning else { continue };
        let system = &view.lexicon.data.systems[number as usize];
        let next_name = view.matches[at + 1..].iter().find(|next| {
            matches!(next.meaning, Meaning::System(other) if view.lexicon.data.systems[other as usize].key != system.key)
        });
        let end = next_name.map_or(view.range.end, |next| next.start.max(name.end));
        let read = Reader { view, system, end };
        for category in read.categories(name.start, name.end, sentence) {
            let same = |one: &Category| one.span.overlaps(category.span);
            if !found.iter().any(same) {
                found.push(category);
            }
        }
    }
    for words in view.matches {
        let Meaning::Described(system, value) = words.meaning else { continue };
        let system = &view.lexicon.data.systems[system as usize].key;
        let named = found.iter().any(|one| one.system == *system);
        if !named {
            let value = view.lexicon.data.described[value as usize].clone();
            let span = view.span(words.start, words.end);
            let (category, modifiers, system) = (value.clone(), Vec::new(), system.clone());
            found.push(Category { system, value, category, modifiers, earlier: false, span, sentence });
        }
    }
    found
}

struct Reader<'a> {
    view: &'a View<'a>,
    system: &'a System,
    /// Where the next system is named.
    end: usize,
}

/// How many tokens may stand between the name and the value.
const BETWEEN: usize = 9;

impl Reader<'_> {
    /// The category, and those of other sides after it (`right breast 2, left breast 4`).
    fn categories(&self, start: usize, name_end: usize, sentence: usize) -> Vec<Category> {
        let first = self
            .glued(start, name_end)
            .or_else(|| self.after(name_end))
            .or_else(|| self.before(start, name_end));
        let Some((value, end)) = first else { return Vec::new() };
        let (category, mut end) = self.category((start, end), value, sentence);
        let mut all = vec![category];
        while let Some((value, from, to)) = self.other_side(end) {
            let (category, next) = self.category((from, to), value, sentence);
            all.push(category);
            end = next;
        }
        all
    }

    /// The value of another side: `, left breast 4`, `and 4 on the left` stay apart by the word for the side.
    fn other_side(&self, from: usize) -> Option<(String, usize, usize)> {
        let mut sided = false;
        for at in from..self.end.min(from + BETWEEN) {
            if let Some((value, end)) = self.value(at).filter(|_| sided) {
                return (!self.is_edition(end)).then_some((value, at, end));
            }
            let side = ["left", "right"].iter().any(|side| self.view.reads(at, side));
            sided |= side;
            if !(side || self.view.is(at, Word::And) || self.may_stand_between(at)) {
                return None;
            }
        }
        None
    }

    fn category(
        &self,
        (start, mut end): (usize, usize),
        value: String,
        sentence: usize,
    ) -> (Category, usize) {
        let mut modifiers = Vec::new();
        let mut category = value;
        while let Some((modifier, next)) = self.modifier_at(end, &category) {
            modifiers.push(modifier);
            end = next;
        }
        modifiers
            .extend(self.modifiers_further(end).filter(|more| !modifiers.contains(more)).collect::<Vec<_>>());
        if let Some(bare) = category.strip_prefix(&self.system.strip) {
            category = bare.to_owned();
        }
        let value = format!("{category}{}", modifiers.concat());
        let earlier = (self.view.range.start..start).rev().take(4).any(|at| self.view.is(at, Word::Earlier));
        let span = self.view.span(start, end);
        let system = self.system.key.clone();
        (Category { system, value, category, modifiers, earlier, span, sentence }, end)
    }

    /// `TR4`: the value is in the name's own last word.
    fn glued(&self, start: usize, end: usize) -> Option<(String, usize)> {
        if !self.system.glued {
            return None;
        }
        let name = self.view.span(start, end).of(self.view.text).to_uppercase();
        let value = self.system.values.iter().find(|value| name.ends_with(value.as_str()))?;
        Some((value.clone(), end))
    }

    /// `Category 3 (BI-RADS)`
    fn before(&self, start: usize, name_end: usize) -> Option<(String, usize)> {
        let bracket = start
            .checked_sub(1)
            .filter(|at| self.view.range.contains(at) && self.view.tokens[*at].is('('))?;
        let value_at =
            (1..3).filter_map(|back| bracket.checked_sub(back)).filter(|at| self.view.range.contains(at));
        let named = |at: &usize| *at > self.view.range.start && self.view.is(at - 1, Word::Category);
        let value_at = value_at.into_iter().find(named)?;
        let (value, end) = self.value(value_at)?;
        (end == bracket).then_some((value, name_end))
    }

    /// The value after the name: `: category 4`, `assessment 2`.
    fn after(&self, from: usize) -> Option<(String, usize)> {
        let mut at = from;
        let last = self.end.min(from + BETWEEN);
        while at < last {
            if let Some(past) = self.version(at) {
                at = past;
                continue;
            }
            if let Some((value, end)) = self.value(at) {
                return (!self.is_edition(end)).then_some((value, end));
            }
            if !self.may_stand_between(at) || self.system.glued && at > from {
                return None;
            }
            at += 1;
        }
        None
    }

    fn may_stand_between(&self, at: usize) -> bool {
        let token = &self.view.tokens[at];
        let words = [Word::Category, Word::Verb, Word::Article];
        let marks = matches!(
            token.shape,
            Shape::Mark(':' | '-' | '–' | '—' | '=' | '(' | ')' | '#' | '*' | ',' | '®' | '™')
        );
        marks || words.iter().any(|word| self.view.is(at, *word))
    }

    /// `v2.1`, `version 1.1`, `2022`, `(R)`
    fn version(&self, at: usize) -> Option<usize> {
        let token = &self.view.tokens[at];
        if self.view.is(at, Word::Version) {
            let number = self.view.tokens.get(at + 1).is_some_and(|next| next.shape == Shape::Number);
            return Some(at + 1 + usize::from(number));
        }
        let text = self.text(token);
        let year = token.shape == Shape::Number && text.len() == 4;
        let version = token.is_word()
            && text.len() > 1
            && text.starts_with(['v', 'V'])
            && text[1..].bytes().all(|b| b.is_ascii_digit());
        if version {
            // `v2.1` is cut into `v2` and `.1`.
            let rest =
                self.view.tokens.get(at + 1).filter(|next| !next.spaced && self.text(next).starts_with('.'));
            let digits = rest.map_or(0, |rest| 1 + usize::from(rest.is('.')));
            return Some(at + 1 + digits);
        }
        year.then_some(at + 1)
    }

    /// `BI-RADS 5th edition` is no category.
    fn is_edition(&self, end: usize) -> bool {
        let next = self.view.tokens.get(end).filter(|_| end < self.view.range.end);
        next.is_some_and(|next| {
            let ordinal = !next.spaced && ["th", "nd", "rd", "st"].contains(&self.text(next));
            let decimal = !next.spaced && next.shape == Shape::Number;
            ordinal || decimal || self.view.is(end, Word::Edition)
        })
    }

    fn text(&self, token: &Token) -> &str {
        token.span().of(self.view.text)
    }

    /// A value of the system here: `4`, `4A`, `4 A`, `IV`, `M`.
    fn value(&self, at: usize) -> Option<(String, usize)> {
        let token = &self.view.tokens[at];
        let written = self.text(token).to_uppercase();
        let joined =
            self.view.tokens.get(at + 1).filter(|next| next.is_word() && at + 1 < self.view.range.end);
        if let (Shape::Number, Some(next)) = (token.shape, joined) {
            let both = format!("{written}{}", self.text(next).to_uppercase());
            let together = !next.spaced
                || self.text(next).len() == 1
                    && next.capital
                    && !self.is_modifier(&self.text(next).to_uppercase());
            if together && self.system.values.contains(&both) {
                return Some((both, at + 2));
            }
        }
        let roman = roman(&written).filter(|_| token.is_word());
        let value = roman.map_or(written, str::to_owned);
        let plain = token.shape == Shape::Number || token.capital;
        (plain && self.system.values.contains(&value)).then_some((value, at + 1))
    }

    fn is_modifier(&self, word: &str) -> bool {
        self.system.modifiers.iter().any(|modifier| modifier == word)
    }

    /// A modifier right after the value, and where it ends: `3S`, `4B-S`, `2 (S)`.
    fn modifier_at(&self, at: usize, value: &str) -> Option<(String, usize)> {
        let mark = |at: usize, marks: &[char]| {
            at < self.end && marks.iter().any(|mark| self.view.tokens[at].is(*mark))
        };
        let bracket = mark(at, &['(']) && mark(at + 2, &[')']);
        let word = at + usize::from(bracket || mark(at, &['-', '/', '+']));
        let token = self.view.tokens.get(word).filter(|_| word < self.end && !value.is_empty())?;
        let written = self.text(token);
        let right = token.is_word() && token.capital && self.is_modifier(written);
        right.then(|| (written.to_owned(), word + 1 + usize::from(bracket)))
    }

    /// `(S modifier)`, `modifier S`, `2/S` further on in the sentence.
    fn modifiers_further(&self, from: usize) -> impl Iterator<Item = String> {
        let range = from..self.end;
        range
            .filter(|at| {
                let token = &self.view.tokens[*at];
                token.is_word()
                    && token.capital
                    && self.is_modifier(self.text(token))
                    && self.is_called_modifier(*at)
            })
            .map(|at| self.text(&self.view.tokens[at]).to_owned())
    }

    fn is_called_modifier(&self, at: usize) -> bool {
        let slash = at > 0 && self.view.tokens[at - 1].is('/') && !self.view.tokens[at].spaced;
        let word = |at: usize| self.view.is(at, Word::Modifier);
        slash || word(at + 1) || at > 0 && word(at - 1) || at > 1 && word(at - 2)
    }
}

fn roman(written: &str) -> Option<&'static str> {
    Some(match written {
        "I" => "1",
        "II" => "2",
        "III" => "3",
        "IV" => "4",
        "V" => "5",
        "VI" => "6",
        _ => return None,
    })
}

/// Modifiers that stand in another sentence (`2. Moderate calcification (S modifier).`), by what has room for them.
pub(crate) fn add_modifiers(view: &View<'_>, categories: &mut [Category]) {
    for at in view.range.clone() {
        if !view.is(at, Word::Modifier) {
            continue;
        }
        let from = at.saturating_sub(2).max(view.range.start);
        for near in from..view.range.end.min(at + 3) {
            let token = &view.tokens[near];
            let written = token.span().of(view.text);
            if token.is_word() && token.capital && near != at {
                add_modifier(view, categories, written);
            }
        }
    }
}

fn add_modifier(view: &View<'_>, categories: &mut [Category], written: &str) {
    let known = |category: &Category| {
        let system = view.lexicon.data.systems.iter().find(|system| system.key == category.system);
        system.is_some_and(|system| system.modifiers.iter().any(|modifier| modifier == written))
    };
    let room = categories.iter_mut().rev().find(|category| !category.earlier && known(category));
    if let Some(category) = room.filter(|category| !category.modifiers.iter().any(|one| one == written)) {
        category.modifiers.push(written.to_owned());
        category.value.push_str(written);
    }
}
