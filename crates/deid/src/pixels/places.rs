//! Where text is known to stand, by device (`data/burned-in.tsv`, made by `scripts/burned-in.py`).

use super::Area;
use dicom::{DataSet, Tag, dictionary, tags};
use std::sync::LazyLock;

static TABLE: &str = include_str!("../../data/burned-in.tsv");

static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| TABLE.lines().filter_map(parse_line).collect());

/// A box of more than one part in so many of a picture takes in what is measured, not text alone.
const LARGEST_STRIP: usize = 6;

/// A kind of image and where its devices write.
struct Rule {
    conditions: Vec<Condition>,
    areas: Vec<Area>,
}

/// An attribute has one of these texts.
struct Condition {
    tag: Tag,
    is_whole: bool,
    texts: Vec<String>,
}

/// `Modality~us;Rows=768 <TAB> 0,0,1024,60 0,70,100,20` (left, top, width, height).
fn parse_line(line: &str) -> Option<Rule> {
    let (conditions, areas) = line.split_once('\t').filter(|_| !line.starts_with('#'))?;
    let conditions = conditions.split(';').map(|condition| {
        let at = condition.find(['~', '='])?;
        let texts = condition[at + 1..].split('|').map(str::to_owned).collect();
        Some(Condition {
            tag: dictionary::parse_tag(&condition[..at])?,
            is_whole: condition.as_bytes()[at] == b'=',
            texts,
        })
    });
    let areas = areas.split(' ').map(|area| {
        let numbers: Vec<usize> = area.split(',').filter_map(|n| n.parse().ok()).collect();
        let [left, top, width, height] = numbers[..] else { return None };
        Some(Area { left, top, right: left + width, bottom: top + height })
    });
    Some(Rule { conditions: conditions.collect::<Option<_>>()?, areas: areas.collect::<Option<_>>()? })
}

impl Condition {
    fn holds(&self, data_set: &DataSet) -> bool {
        let number = || data_set.int(self.tag).map(|number| number.to_string());
        let Some(text) = number().or_else(|| data_set.text(self.tag)) else { return false };
        let text = text.trim().to_lowercase();
        self.texts.iter().any(|wanted| if self.is_whole { text == *wanted } else { text.contains(wanted) })
    }
}

/// What is known of an image's places.
#[derive(Debug, Default)]
pub(super) struct Places {
    /// Boxes in which its device writes.
    pub written: Vec<Area>,
}

impl Places {
    pub(super) fn of(data_set: &DataSet) -> Self {
        let rules = RULES.iter().filter(|rule| rule.conditions.iter().all(|one| one.holds(data_set)));
        let number = |tag| data_set.int(tag).and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
        let size = (number(tags::COLUMNS), number(tags::ROWS));
        let is_strip =
            |area: &Area| area.padded(0, size.0, size.1).pixels() * LARGEST_STRIP <= size.0 * size.1;
        Self { written: rules.flat_map(|rule| rule.areas.iter().copied()).filter(is_strip).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_is_a_rule() {
        let lines = TABLE.lines().filter(|line| !line.starts_with('#')).count();
        assert!(lines > 50 && RULES.len() == lines, "{lines} lines, {} rules", RULES.len());
    }

    #[test]
    fn devices_are_known_by_what_they_say() {
        let mut set = DataSet::new();
        set.put_text(tags::MODALITY, "US");
        set.put_text(tags::MANUFACTURER, "ACUSON");
        set.put_text(tags::MANUFACTURER_MODEL_NAME, "SEQUOIA");
        set.put_u16(tags::ROWS, 480);
        set.put_u16(tags::COLUMNS, 640);
        let banner = Area { left: 0, top: 0, right: 640, bottom: 30 };
        assert_eq!(Places::of(&set).written, [banner]);
        set.put_u16(tags::ROWS, 481);
        assert!(Places::of(&set).written.is_empty());
    }
}
