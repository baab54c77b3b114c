//! Sealing: ChaCha20-Poly1305 (RFC 8439) with random nonces, bound to what the entry is; and the keyed hashes
//! by which an entry is found without being opened.

use crate::VaultError;
use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::hmac;
use ring::rand::{SecureRandom as _, SystemRandom};

/// Bytes of a key.
pub(crate) const KEY_BYTES: usize = 32;

/// A key that seals.
pub(crate) struct Seal {
    key: LessSafeKey,
    look_up: hmac::Key,
}

/// Random bytes for a key.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], VaultError> {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).map_err(|_| VaultError::Random)?;
    Ok(bytes)
}

impl Seal {
    pub(crate) fn new(bytes: &[u8; KEY_BYTES]) -> Self {
        #[expect(clippy::expect_used, reason = "the algorithm's keys are of this length")]
        let key = UnboundKey::new(&CHACHA20_POLY1305, bytes).expect("32 bytes are a key");
        // Sealing and finding use keys of their own, both made of this one.
        let look_up = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, bytes), b"isocenter vault look-up");
        Self { key: LessSafeKey::new(key), look_up: hmac::Key::new(hmac::HMAC_SHA256, look_up.as_ref()) }
    }

    /// Seals a value as the entry it is: it can't be opened as another one.
    pub(crate) fn seal(&self, entry: &str, value: &[u8]) -> Result<String, VaultError> {
        let nonce: [u8; NONCE_LEN] = random()?;
        let mut bytes = value.to_vec();
        let sealed = self.key.seal_in_place_append_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(entry.as_bytes()),
            &mut bytes,
        );
        sealed.map_err(|_| VaultError::Damaged)?;
        Ok(STANDARD_NO_PAD.encode([&nonce[..], &bytes].concat()))
    }

    /// Opens a value sealed as this entry.
    pub(crate) fn open(&self, entry: &str, sealed: &str) -> Result<Vec<u8>, VaultError> {
        let mut bytes = STANDARD_NO_PAD.decode(sealed).map_err(|_| VaultError::Damaged)?;
        if bytes.len() < NONCE_LEN {
            return Err(VaultError::Damaged);
        }
        let mut rest = bytes.split_off(NONCE_LEN);
        let nonce = Nonce::try_assume_unique_for_key(&bytes).map_err(|_| VaultError::Damaged)?;
        let opened = self.key.open_in_place(nonce, Aad::from(entry.as_bytes()), &mut rest);
        let length = opened.map_err(|_| VaultError::Damaged)?.len();
        rest.truncate(length);
        Ok(rest)
    }

    /// What a value is found by: the same for the same value, and nothing without the key.
    pub(crate) fn look_up(&self, entry: &str, value: &str) -> String {
        let mut context = hmac::Context::with_key(&self.look_up);
        context.update(entry.as_bytes());
        context.update(&[0]);
        context.update(value.as_bytes());
        STANDARD_NO_PAD.encode(context.sign().as_ref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_as_the_same_entry_under_the_same_key_alone() {
        let seal = Seal::new(&[7; KEY_BYTES]);
        let sealed = seal.seal("subject a", b"MRN-1").expect("sealed");
        assert_eq!(seal.open("subject a", &sealed).expect("opens"), b"MRN-1");
        assert!(seal.open("subject b", &sealed).is_err());
        assert!(Seal::new(&[8; KEY_BYTES]).open("subject a", &sealed).is_err());
        assert!(seal.open("subject a", "").is_err());
        let mut changed = sealed.clone().into_bytes();
        changed[20] = if changed[20] == b'A' { b'B' } else { b'A' };
        assert!(seal.open("subject a", &String::from_utf8(changed).expect("text")).is_err());
        assert_ne!(sealed, seal.seal("subject a", b"MRN-1").expect("sealed"), "nonces differ");
    }

    #[test]
    fn a_value_is_found_by_the_same_hash_and_by_another_under_another_key() {
        let hash = |key: u8, entry: &str| Seal::new(&[key; KEY_BYTES]).look_up(entry, "MRN-1");
        assert_eq!(hash(7, "a"), hash(7, "a"));
        assert_ne!(hash(7, "a"), hash(7, "b"));
        assert_ne!(hash(7, "a"), hash(8, "a"));
    }
}
