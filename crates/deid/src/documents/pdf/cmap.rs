//! Maps of codes to Unicode (ISO 32000-1 §9.10.3): only the parts that map are read.

use std::collections::HashMap;

/// Codes with their length in bytes, and what they say in UTF-16.
#[derive(Default)]
pub(super) struct Map(HashMap<(usize, u32), Vec<u16>>);

/// More than a font of two bytes has.
const MOST: usize = 1 << 17;

enum Token<'a> {
    Hex(Vec<u8>),
    Open,
    Close,
    Word(&'a [u8]),
}

impl Map {
    /// Reads a map; nothing if it maps nothing.
    pub(super) fn parse(content: &[u8]) -> Option<Self> {
        let (mut map, mut section) = (Self::default(), None);
        let mut waiting: Vec<Vec<u8>> = Vec::new();
        let mut list: Option<Vec<Vec<u8>>> = None;
        for token in tokens(content) {
            match token {
                Token::Word(b"beginbfchar") => section = Some(2),
                Token::Word(b"beginbfrange") => section = Some(3),
                Token::Word(b"endbfchar" | b"endbfrange") => {
                    section = None;
                    waiting.clear();
                }
                Token::Open => list = Some(Vec::new()),
                Token::Close => {
                    let targets = list.take().unwrap_or_default();
                    if let (Some(3), [low, _]) = (section, waiting.as_slice()) {
                        map.put_each(low, &targets);
                    }
                    waiting.clear();
                }
                Token::Hex(bytes) => match (&mut list, section) {
                    (Some(list), _) => list.push(bytes),
                    (None, Some(arity)) => {
                        waiting.push(bytes);
                        if waiting.len() == arity {
                            map.put(&waiting);
                            waiting.clear();
                        }
                    }
                    (None, None) => {}
                },
                Token::Word(_) => {}
            }
        }
        (!map.0.is_empty()).then_some(map)
    }

    fn put(&mut self, parts: &[Vec<u8>]) {
        match parts {
            [code, target] => self.insert(code.len(), number(code), units(target)),
            [low, high, target] => {
                let (first, last, target) = (number(low), number(high), units(target));
                for code in first..=last.min(first.saturating_add(0xFFFF)) {
                    let mut target = target.clone();
                    if let Some(unit) = target.last_mut() {
                        *unit = unit.wrapping_add((code - first) as u16);
                    }
                    self.insert(low.len(), code, target);
                }
            }
            _ => {}
        }
    }

    fn put_each(&mut self, low: &[u8], targets: &[Vec<u8>]) {
        for (code, target) in (number(low)..).zip(targets) {
            self.insert(low.len(), code, units(target));
        }
    }

    fn insert(&mut self, length: usize, code: u32, target: Vec<u16>) {
        if self.0.len() < MOST {
            self.0.insert((length, code), target);
        }
    }

    /// What a code says, of two bytes or one.
    pub(super) fn get(&self, code: u32, lengths: [usize; 2]) -> Option<String> {
        let units = lengths.iter().find_map(|length| self.0.get(&(*length, code)))?;
        String::from_utf16(units).ok()
    }
}

fn number(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |number, byte| number << 8 | u32::from(*byte))
}

fn units(bytes: &[u8]) -> Vec<u16> {
    bytes.chunks(2).map(|unit| number(unit) as u16).collect()
}

fn tokens(content: &[u8]) -> Vec<Token<'_>> {
    let (mut found, mut at) = (Vec::new(), 0);
    while let Some(byte) = content.get(at) {
        at += 1;
        match byte {
            b'[' => found.push(Token::Open),
            b']' => found.push(Token::Close),
            b'%' => at += content[at..].iter().take_while(|b| !matches!(b, b'\r' | b'\n')).count(),
            b'<' if content.get(at) != Some(&b'<') => {
                let length = content[at..].iter().take_while(|b| **b != b'>').count();
                found.push(Token::Hex(hex(&content[at..at + length])));
                at += length + 1;
            }
            byte if byte.is_ascii_alphanumeric() => {
                let length = content[at..].iter().take_while(|b| b.is_ascii_alphanumeric()).count();
                found.push(Token::Word(&content[at - 1..at + length]));
                at += length;
            }
            _ => {}
        }
    }
    found
}

fn hex(digits: &[u8]) -> Vec<u8> {
    let digits: Vec<_> = digits.iter().filter_map(|digit| char::from(*digit).to_digit(16)).collect();
    digits.chunks(2).map(|pair| (pair[0] << 4 | pair.get(1).copied().unwrap_or(0)) as u8).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_ranges_and_lists_are_read() {
        let map = Map::parse(
            b"/CMapName /X def 1 begincodespacerange <0000> <FFFF> endcodespacerange % <0001> <0058>\n\
              2 beginbfchar\n<0003><0041>\n<04> <00660066> endbfchar\n\
              2 beginbfrange <0010> <0012> <0061> <0020> <0021> [<0078> <0079>] endbfrange",
        )
        .expect("a map");
        let said: Vec<_> = [3, 4, 0x12, 0x21].iter().filter_map(|code| map.get(*code, [2, 1])).collect();
        assert_eq!(said, ["A", "ff", "c", "y"]);
        assert!(map.get(1, [2, 1]).is_none(), "a comment says nothing");
        assert!(Map::parse(b"begincmap endcmap").is_none());
    }
}
