//! Settings for pages and programs elsewhere that show our images.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Pages and programs elsewhere that show our images.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Links {
    /// Origins whose pages may show the viewer in a frame, e.g. ["https://portal.example.org"].
    /// Without any, nobody may. What they show is opened by a token for one exam, never by a person's session.
    #[schemars(with = "Vec<String>")]
    pub embed_origins: Vec<Origin>,
    /// Other viewers offered for an exam: what each is called and the address that opens it. In the address,
    /// {study} stands for the Study Instance UID, {dicomweb} for our DICOMweb address and {token} for a token
    /// that reads this exam for an hour, e.g. Slicer =
    /// "slicer://viewer/?studyUID={study}&dicomwebEndpoint={dicomweb}&access_token={token}".
    #[schemars(with = "BTreeMap<String, String>")]
    pub viewers: BTreeMap<String, ViewerAddress>,
}

/// A web origin: scheme, host and perhaps a port, as a page's address begins (RFC 6454 §6.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Origin(String);

/// The text is no origin.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not an origin; write https://host or https://host:port, without a path or a `*`")]
pub struct OriginError(String);

impl Origin {
    /// As it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Origin {
    type Error = OriginError;

    fn try_from(text: String) -> Result<Self, OriginError> {
        let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        // It goes into a header's list: nothing that could end the list or widen it.
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
        match rest {
            Some(host) if !host.is_empty() && host.chars().all(plain) => Ok(Self(text)),
            _ => Err(OriginError(text)),
        }
    }
}

impl From<Origin> for String {
    fn from(origin: Origin) -> Self {
        origin.0
    }
}

/// The address that opens an exam in another viewer, with places to be filled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ViewerAddress(String);

/// The text can't open a viewer.
#[derive(Debug, thiserror::Error)]
pub enum ViewerAddressError {
    /// It names no exam.
    #[error("`{0}` names no exam; write {{study}} where its Study Instance UID goes")]
    NoExam(String),
    /// It would run as a script in our own pages.
    #[error("`{0}` does not begin with a scheme such as https:, weasis: or slicer:")]
    Scheme(String),
}

impl ViewerAddress {
    /// As it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for ViewerAddress {
    type Error = ViewerAddressError;

    fn try_from(text: String) -> Result<Self, ViewerAddressError> {
        if !text.contains("{study}") {
            return Err(ViewerAddressError::NoExam(text));
        }
        let scheme = text.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase()).unwrap_or_default();
        let named = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
        match named && !["javascript", "data", "vbscript", "blob"].contains(&scheme.as_str()) {
            true => Ok(Self(text)),
            false => Err(ViewerAddressError::Scheme(text)),
        }
    }
}

impl From<ViewerAddress> for String {
    fn from(address: ViewerAddress) -> Self {
        address.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_can_not_widen_who_may_frame() {
        for good in ["https://portal.example.org", "http://127.0.0.1:8080"] {
            assert!(Origin::try_from(good.to_owned()).is_ok(), "{good}");
        }
        for bad in
            ["*", "https://*", "https://a; script-src *", "https://a b", "portal.example.org", "https://"]
        {
            assert!(Origin::try_from(bad.to_owned()).is_err(), "{bad}");
        }
    }

    #[test]
    fn another_viewers_address_names_the_exam_and_runs_no_script_here() {
        for good in ["weasis://?$dicom:rs --url {dicomweb} {study}", "https://ohif.example/viewer?s={study}"]
        {
            assert!(ViewerAddress::try_from(good.to_owned()).is_ok(), "{good}");
        }
        for bad in
            ["https://ohif.example/viewer", "javascript:alert('{study}')", "JavaScript:{study}", "{study}"]
        {
            assert!(ViewerAddress::try_from(bad.to_owned()).is_err(), "{bad}");
        }
    }
}
