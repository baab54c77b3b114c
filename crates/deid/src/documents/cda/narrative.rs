//! All text of a document as one: names may be split over elements.

use super::super::Cleaning;
use super::tree::{Content, Node};
use crate::text::{Depth, Found};
use std::ops::Range;

/// The text, one line for each piece.
pub(super) fn text(root: &Node) -> String {
    let mut all = String::new();
    gather(root, &mut all);
    all
}

fn gather(node: &Node, all: &mut String) {
    for content in &node.content {
        match content {
            Content::Element(node) => gather(node, all),
            Content::Text(text) => {
                all.push_str(text);
                all.push('\n');
            }
        }
    }
}

/// Takes out of every piece what was found in the whole.
pub(super) fn sweep(root: &mut Node, cleaning: &Cleaning<'_>) {
    let mut hits = cleaning.sweep.hits(&text(root), Depth::Patterns);
    hits.sort_by_key(|(range, _)| (range.start, std::cmp::Reverse(range.end)));
    let mut at = 0;
    replace(root, &hits, &mut at, cleaning);
}

fn replace(node: &mut Node, hits: &[(Range<usize>, Found)], at: &mut usize, cleaning: &Cleaning<'_>) {
    for content in &mut node.content {
        match content {
            Content::Element(node) => replace(node, hits, at, cleaning),
            Content::Text(text) => {
                let (start, end) = (*at, *at + text.len());
                *at = end + 1;
                let here = hits.iter().filter(|(range, _)| range.start < end && range.end > start);
                *text = without(text, start, here, cleaning);
            }
        }
    }
}

/// The piece that starts at `start` of the whole; labels stand where a hit begins.
fn without<'a>(
    text: &str,
    start: usize,
    hits: impl Iterator<Item = &'a (Range<usize>, Found)>,
    cleaning: &Cleaning<'_>,
) -> String {
    let (mut out, mut done) = (String::with_capacity(text.len()), 0);
    for (range, found) in hits {
        let from = range.start.saturating_sub(start).max(done);
        let to = (range.end - start).min(text.len());
        if to <= done {
            continue;
        }
        out.push_str(text.get(done..from).unwrap_or_default());
        if range.start >= start + done || done == 0 && range.start >= start {
            out.push_str(cleaning.label(*found));
        }
        done = to;
    }
    out.push_str(text.get(done..).unwrap_or_default());
    out
}
