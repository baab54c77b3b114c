//! Secrets that stand for a person: made at random, kept only as a hash, compared in constant time.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use model::Sha256Digest;
use sha2::{Digest as _, Sha256};
use std::fmt;

/// A secret of 256 random bits in 43 URL-safe characters, perhaps after a prefix.
/// Shown once to whom it is for; what is stored is its [`hash`](Secret::hash).
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// Makes one from the operating system's random source.
    #[must_use]
    pub fn random(prefix: &str) -> Self {
        let bits: [u8; 32] = rand::random();
        Self(format!("{prefix}{}", URL_SAFE_NO_PAD.encode(bits)))
    }

    /// Takes what a caller presented.
    #[must_use]
    pub fn presented(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The text, to hand to whom it is for.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The SHA-256 under which it is stored and looked up. 256 random bits need no salt or stretching.
    #[must_use]
    pub fn hash(&self) -> Sha256Digest {
        digest(&[self.0.as_bytes()])
    }

    /// Another secret that follows from this one for a purpose, without giving this one away.
    #[must_use]
    pub fn derive(&self, purpose: &str) -> Self {
        Self(URL_SAFE_NO_PAD.encode(digest(&[purpose.as_bytes(), b"\0", self.0.as_bytes()]).0))
    }

    /// Compares in time that doesn't depend on where they differ.
    #[must_use]
    pub fn matches(&self, presented: &str) -> bool {
        same(&self.hash().0, &Self::presented(presented).hash().0)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

pub(crate) fn digest(parts: &[&[u8]]) -> Sha256Digest {
    let mut sha = Sha256::new();
    for part in parts {
        sha.update(part);
    }
    Sha256Digest(sha.finalize().into())
}

fn same(a: &[u8; 32], b: &[u8; 32]) -> bool {
    a.iter().zip(b).fold(0, |difference, (x, y)| difference | (x ^ y)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_matches_itself_only() {
        let secret = Secret::random("iso_");
        assert!(secret.reveal().starts_with("iso_") && secret.reveal().len() == 47);
        assert!(secret.matches(secret.reveal()));
        assert!(!secret.matches(Secret::random("iso_").reveal()));
        assert!(!secret.derive("csrf").matches(secret.reveal()));
        assert_eq!(format!("{secret:?}"), "Secret(…)");
    }
}
