//! Our private key for SMART Backend Services: ES384 or RS384 (SMART App Launch 2.2 §"Asymmetric authentication").

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::rand::SystemRandom;
use ring::rsa::PublicKeyComponents;
use ring::signature::{
    ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, RSA_PKCS1_SHA384, RsaKeyPair,
};
use rustls_pki_types::PrivateKeyDer;
use rustls_pki_types::pem::PemObject as _;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::io::Write as _;
use std::path::Path;

/// Why a key can't be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file.
    #[error("the key file can't be read as a PEM file with a private key")]
    File,
    /// The key.
    #[error("the key is neither a P-384 key nor an RSA key of 2048 bits and more, in PKCS #8")]
    Kind,
    /// The system's random numbers, or the signature.
    #[error("the key could not be used")]
    Use,
    /// The file to be made.
    #[error("the key file can't be written, or is there already")]
    Write(#[source] std::io::Error),
}

enum Pair {
    Ec(Box<EcdsaKeyPair>),
    Rsa(Box<RsaKeyPair>),
}

/// A key that signs. Its private part is never shown.
pub(crate) struct Key {
    pair: Pair,
    id: String,
}

impl Key {
    /// Reads a PEM file; `id` is the key's, else its thumbprint.
    pub(crate) fn read(path: &Path, id: Option<&str>) -> Result<Self, KeyError> {
        let der = PrivateKeyDer::from_pem_file(path).map_err(|_| KeyError::File)?;
        let pair = match &der {
            PrivateKeyDer::Pkcs8(der) => {
                let der = der.secret_pkcs8_der();
                let ec =
                    EcdsaKeyPair::from_pkcs8(&ECDSA_P384_SHA384_FIXED_SIGNING, der, &SystemRandom::new());
                match ec {
                    Ok(pair) => Pair::Ec(Box::new(pair)),
                    Err(_) => Pair::Rsa(Box::new(RsaKeyPair::from_pkcs8(der).map_err(|_| KeyError::Kind)?)),
                }
            }
            PrivateKeyDer::Pkcs1(der) => {
                Pair::Rsa(Box::new(RsaKeyPair::from_der(der.secret_pkcs1_der()).map_err(|_| KeyError::Kind)?))
            }
            _ => return Err(KeyError::Kind),
        };
        let mut key = Self { pair, id: String::new() };
        key.id = id.map_or_else(|| key.thumbprint(), str::to_owned);
        Ok(key)
    }

    /// Its id (`kid`).
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// `ES384` or `RS384`.
    pub(crate) const fn algorithm(&self) -> &'static str {
        match self.pair {
            Pair::Ec(_) => "ES384",
            Pair::Rsa(_) => "RS384",
        }
    }

    /// The public part (RFC 7518 §6), its members in the order RFC 7638 wants.
    fn public(&self) -> Value {
        match &self.pair {
            Pair::Ec(pair) => {
                // An uncompressed point: 4, then both coordinates of 48 bytes (SEC 1 §2.3.3).
                let point = pair.public_key().as_ref();
                let (x, y) = (&point[1..49], &point[49..97]);
                json!({"crv": "P-384", "kty": "EC", "x": URL_SAFE_NO_PAD.encode(x), "y": URL_SAFE_NO_PAD.encode(y)})
            }
            Pair::Rsa(pair) => {
                let parts: PublicKeyComponents<Vec<u8>> = pair.public().into();
                let (e, n) = (URL_SAFE_NO_PAD.encode(&parts.e), URL_SAFE_NO_PAD.encode(&parts.n));
                json!({"e": e, "kty": "RSA", "n": n})
            }
        }
    }

    /// RFC 7638.
    fn thumbprint(&self) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(self.public().to_string()))
    }

    /// The public key as a JWK.
    pub(crate) fn jwk(&self) -> Value {
        let mut made = self.public();
        made["kid"] = self.id.as_str().into();
        made["alg"] = self.algorithm().into();
        made["use"] = "sig".into();
        made["key_ops"] = json!(["verify"]);
        made
    }

    /// A signed JWT (RFC 7515 §3.1) with these claims.
    pub(crate) fn sign(&self, claims: &Value) -> Result<String, KeyError> {
        let header = json!({"alg": self.algorithm(), "kid": self.id, "typ": "JWT"});
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(&header), part(claims));
        let random = SystemRandom::new();
        let signature = match &self.pair {
            Pair::Ec(pair) => {
                pair.sign(&random, signed.as_bytes()).map_err(|_| KeyError::Use)?.as_ref().to_vec()
            }
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(&RSA_PKCS1_SHA384, &random, signed.as_bytes(), &mut signature)
                    .map_err(|_| KeyError::Use)?;
                signature
            }
        };
        Ok(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }
}

/// Makes a P-384 key in a new file that only its owner can read; gives its public part as a JWK.
///
/// # Errors
/// [`KeyError`]; a file that is there is left as it is.
pub fn make_key(path: &Path) -> Result<Value, KeyError> {
    let der = EcdsaKeyPair::generate_pkcs8(&ECDSA_P384_SHA384_FIXED_SIGNING, &SystemRandom::new())
        .map_err(|_| KeyError::Use)?;
    let lines: Vec<_> = STANDARD.encode(der.as_ref()).into_bytes().chunks(64).map(<[u8]>::to_vec).collect();
    let body = lines.join(&b'\n');
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(KeyError::Write)?;
    let pem = [&b"-----BEGIN PRIVATE KEY-----\n"[..], &body, b"\n-----END PRIVATE KEY-----\n"].concat();
    file.write_all(&pem).and_then(|()| file.sync_all()).map_err(KeyError::Write)?;
    Ok(Key::read(path, None)?.jwk())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use ring::signature::{ECDSA_P384_SHA384_FIXED, UnparsedPublicKey};

    #[test]
    fn a_key_that_was_made_signs_what_its_public_part_verifies() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key.pem");
        let jwk = make_key(&path).unwrap();
        let key = Key::read(&path, None).unwrap();
        assert_eq!(jwk, key.jwk());
        assert_eq!((jwk["kid"].as_str().unwrap(), jwk["alg"].as_str()), (key.id(), Some("ES384")));
        let jwt = key.sign(&json!({"iss": "us"})).unwrap();
        let (signed, signature) = jwt.rsplit_once('.').unwrap();
        let decode = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap();
        let point =
            [vec![4], decode(jwk["x"].as_str().unwrap()), decode(jwk["y"].as_str().unwrap())].concat();
        let public = UnparsedPublicKey::new(&ECDSA_P384_SHA384_FIXED, point);
        public.verify(signed.as_bytes(), &decode(signature)).unwrap();
        assert!(matches!(make_key(&path), Err(KeyError::Write(_))), "a key is never overwritten");
    }

    #[test]
    fn what_is_no_key_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key.pem");
        std::fs::write(&path, "no key").unwrap();
        assert!(matches!(Key::read(&path, None), Err(KeyError::File)));
        assert!(matches!(Key::read(&folder.path().join("none"), None), Err(KeyError::File)));
    }
}
