//! What a caller accepts (RFC 9110 §12.5.1, PS3.18 §8.3.3, §8.7).

/// One media range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaRange {
    /// Type and subtype in lower case; for `multipart/related` that of its parts.
    pub kind: String,
    /// Asked for as `multipart/related`.
    pub multipart: bool,
    /// The `transfer-syntax` parameter: a UID or `*`.
    pub transfer_syntax: Option<String>,
    /// Weight in thousandths.
    pub weight: u16,
}

impl MediaRange {
    /// Whether a media type is within the range.
    #[must_use]
    pub fn takes(&self, media_type: &str) -> bool {
        match self.kind.strip_suffix("/*") {
            Some("*") => true,
            Some(family) => media_type.split('/').next() == Some(family),
            None => self.kind == media_type,
        }
    }

    /// Whether it names nothing in particular.
    #[must_use]
    pub fn is_any(&self) -> bool {
        self.kind == "*/*"
    }
}

/// All ranges, the most wanted first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted(pub Vec<MediaRange>);

impl Accepted {
    /// Reads Accept headers and the `accept` query parameter, which comes first (PS3.18 §8.3.3.1).
    /// With none of them anything is accepted.
    #[must_use]
    pub fn parse<'a>(query: Option<&'a str>, headers: impl Iterator<Item = &'a str>) -> Self {
        let mut ranges: Vec<MediaRange> = query
            .into_iter()
            .chain(headers)
            .flat_map(|value| split(value, ','))
            .filter_map(range)
            .filter(|range| range.weight > 0)
            .collect();
        if ranges.is_empty() {
            ranges.extend(range("*/*"));
        }
        ranges.sort_by_key(|range| std::cmp::Reverse(range.weight));
        Self(ranges)
    }

    /// The first range that takes one of the offers, and the offer.
    #[must_use]
    pub fn best<'a>(&self, offers: &[&'a str]) -> Option<(&MediaRange, &'a str)> {
        self.0.iter().find_map(|range| Some((range, *offers.iter().find(|offer| range.takes(offer))?)))
    }
}

/// Splits outside of quoted strings.
fn split(text: &str, separator: char) -> Vec<&str> {
    let mut quoted = false;
    text.split(move |c| {
        quoted ^= c == '"';
        c == separator && !quoted
    })
    .collect()
}

fn range(text: &str) -> Option<MediaRange> {
    let mut parts = split(text, ';').into_iter();
    let mut kind = parts.next()?.trim().to_ascii_lowercase();
    let (mut root, mut transfer_syntax, mut weight) = (None, None, 1000);
    for (name, value) in parts.filter_map(|part| part.split_once('=')) {
        let value = value.trim().trim_matches('"');
        match name.trim().to_ascii_lowercase().as_str() {
            "type" => root = Some(value.to_ascii_lowercase()),
            "transfer-syntax" => transfer_syntax = Some(value.to_owned()),
            "q" => weight = (value.parse::<f32>().ok()?.clamp(0.0, 1.0) * 1000.0).round() as u16,
            _ => {}
        }
    }
    let multipart = kind == "multipart/related" || kind == "multipart/*";
    if multipart {
        kind = root.unwrap_or_else(|| "*/*".to_owned());
    }
    kind.contains('/').then_some(MediaRange { kind, multipart, transfer_syntax, weight })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Vec<MediaRange> {
        Accepted::parse(None, std::iter::once(text)).0
    }

    #[test]
    fn the_weight_orders() {
        let ranges = parse("image/png;q=0.5, image/jpeg");
        assert_eq!(ranges.iter().map(|r| r.kind.as_str()).collect::<Vec<_>>(), ["image/jpeg", "image/png"]);
    }

    #[test]
    fn a_quoted_root_may_hold_separators() {
        let ranges =
            parse(r#"multipart/related; type="application/dicom"; transfer-syntax=*, text/html;q=0"#);
        assert_eq!(ranges.len(), 1);
        assert!(ranges[0].multipart && ranges[0].takes("application/dicom"));
        assert_eq!(ranges[0].transfer_syntax.as_deref(), Some("*"));
    }

    #[test]
    fn nothing_said_accepts_anything() {
        assert!(Accepted::parse(None, std::iter::empty()).0[0].is_any());
    }

    #[test]
    fn a_family_takes_its_members() {
        let accepted = Accepted::parse(None, std::iter::once("image/*"));
        assert_eq!(accepted.best(&["text/html", "image/png"]).unwrap().1, "image/png");
    }

    #[test]
    fn the_query_comes_before_the_header() {
        let accepted = Accepted::parse(Some("image/png"), std::iter::once("image/jpeg"));
        assert_eq!(accepted.best(&["image/jpeg", "image/png"]).unwrap().1, "image/png");
    }
}
