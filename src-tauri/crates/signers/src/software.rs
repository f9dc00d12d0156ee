//! Keys in memory: Ed25519 and HMAC-SHA-256, as the reference takes them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use countersign_envelope::public_key::PublicKey;
use countersign_envelope::signature::{Algorithm, SignedPayload, SignerType};
use countersign_envelope::verification::{hmac_of, verify_raw};
use ed25519_dalek::Signer as _;
use hmac::Mac as _;
use secrecy::{ExposeSecret as _, SecretSlice, SecretString};
use zeroize::Zeroizing;

use crate::error::SignerError;
use crate::signer::{Attend, Payload, Signer};

/// An Ed25519 key (RFC 8032) in memory, wiped when dropped. A clone signs on another thread.
#[derive(Clone)]
pub struct Ed25519Signer {
    key: ed25519_dalek::SigningKey,
    public: PublicKey,
}

/// A shared HMAC-SHA-256 key (RFC 2104) in memory, wiped when dropped.
pub struct HmacSigner {
    key: SecretSlice<u8>,
}

impl Ed25519Signer {
    /// From the 32 bytes of the private key (RFC 8032 section 5.1.5).
    ///
    /// # Errors
    /// Fails if the public key that belongs to it is unsafe, which no honest key is.
    pub fn from_seed(seed: &[u8; 32]) -> Result<Self, SignerError> {
        let key = ed25519_dalek::SigningKey::from_bytes(seed);
        let public = PublicKey::ed25519(key.verifying_key().as_bytes())?;
        Ok(Self { key, public })
    }

    /// From base64 of the 32 bytes, the reference's form of key. White space around it is ignored.
    ///
    /// # Errors
    /// Fails if the text is not that.
    pub fn from_base64(text: &SecretString) -> Result<Self, SignerError> {
        let bytes = decode(text)?;
        let seed: Zeroizing<[u8; 32]> = match bytes.as_slice().try_into() {
            Ok(seed) => Zeroizing::new(seed),
            Err(_) => return Err(SignerError::Length(bytes.len())),
        };
        Self::from_seed(&seed)
    }
}

impl Signer for Ed25519Signer {
    fn signer_type(&self) -> SignerType {
        SignerType::Software
    }

    fn algorithm(&self) -> Algorithm {
        Algorithm::Ed25519
    }

    fn payloads(&self) -> &[SignedPayload] {
        SignedPayload::ALL
    }

    fn public_key(&self) -> Option<&PublicKey> {
        Some(&self.public)
    }

    fn sign(&mut self, payload: &Payload<'_>, _: &dyn Attend) -> Result<Vec<u8>, SignerError> {
        Ok(self.key.sign(&payload.message()).to_bytes().to_vec())
    }

    fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        verify_raw(&self.public, Algorithm::Ed25519, message, signature).is_ok()
    }
}

impl HmacSigner {
    /// From a shared key.
    pub fn new(key: SecretSlice<u8>) -> Self {
        Self { key }
    }

    /// The shared key, for judging what was signed with it.
    pub fn key(&self) -> &SecretSlice<u8> {
        &self.key
    }

    /// From base64, the reference's form of key. White space around it is ignored.
    ///
    /// # Errors
    /// Fails if the text is not base64, or empty.
    pub fn from_base64(text: &SecretString) -> Result<Self, SignerError> {
        let bytes = decode(text)?;
        Ok(Self::new(SecretSlice::from(bytes.to_vec())))
    }
}

impl Signer for HmacSigner {
    fn signer_type(&self) -> SignerType {
        SignerType::Software
    }

    fn algorithm(&self) -> Algorithm {
        Algorithm::HmacSha256
    }

    fn payloads(&self) -> &[SignedPayload] {
        SignedPayload::ALL
    }

    fn public_key(&self) -> Option<&PublicKey> {
        None
    }

    fn sign(&mut self, payload: &Payload<'_>, _: &dyn Attend) -> Result<Vec<u8>, SignerError> {
        Ok(hmac_of(self.key.expose_secret(), &payload.message()).finalize().into_bytes().to_vec())
    }

    fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        hmac_of(self.key.expose_secret(), message).verify_slice(signature).is_ok()
    }
}

fn decode(text: &SecretString) -> Result<Zeroizing<Vec<u8>>, SignerError> {
    let text = text.expose_secret().trim_start_matches('\u{feff}').trim();
    let bytes = Zeroizing::new(BASE64.decode(text).map_err(|_| SignerError::Form)?);
    if bytes.is_empty() { Err(SignerError::Empty) } else { Ok(bytes) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signer::Unattended;

    /// RFC 8032 section 7.1, test 2.
    #[test]
    fn ed25519_signs_as_the_rfc_does() {
        let seed = "TM0Imyj/ltqdtsNG7BFOD1uKMZ81q6Yk2oz27U+4pvs=";
        let mut signer =
            Ed25519Signer::from_base64(&SecretString::from(format!(" {seed}\n"))).unwrap();
        let public = signer.public_key().unwrap().to_text();
        assert_eq!(public, "PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=");
        let payload = Payload::new(&[0x72], SignedPayload::CanonicalJson);
        let signature = signer.sign(&payload, &Unattended).unwrap();
        assert_eq!(
            BASE64.encode(&signature),
            "kqAJqfDUyrhyDoILX2QlQKKye1QWUD+Ps3YiI+vbadoIWsHkPhWZbkWPNhPQ8R2MOHsurrQwKu6wDSkWErsMAA=="
        );
        assert!(signer.verifies(&[0x72], &signature));
        assert!(!signer.verifies(&[0x73], &signature));
    }

    #[test]
    fn text_that_is_not_a_key_is_refused_and_not_shown() {
        let error = Ed25519Signer::from_base64(&SecretString::from("c2hvcnQ=")).err().unwrap();
        assert_eq!(error.to_string(), "an Ed25519 key is base64 of 32 bytes; this one has 5");
        let error = HmacSigner::from_base64(&SecretString::from("not base64!")).err().unwrap();
        assert!(!error.to_string().contains("base64!"));
        assert!(matches!(
            HmacSigner::from_base64(&SecretString::from("")),
            Err(SignerError::Empty)
        ));
    }
}
