//! Companions: a second signature by the same person, with an algorithm that does not rest on elliptic
//! curves or factoring (EVIDENCE.md section 7). It covers what the signature covers, and its claim.
//!
//! A companion is never a signature of its own: nobody counts as a person by one. The claim names its
//! key, and the keyring the owner of that key.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use countersign_problem::Problem;
use countersign_problem::visible::visible_short;

use crate::canonical::Canonical;
use crate::claim::Claim;
use crate::digest::Digest;
use crate::dsse::{DsseEnvelope, pae};
use crate::json::{Object, Value};
use crate::ml_dsa_key::SIGNATURE;
use crate::public_key::{PublicKey, PublicKeyError};
use crate::signature::{Algorithm, SignedPayload};
use crate::verification::{VerificationError, payload_bytes, signed_bytes, verify_companion};

/// The field of a signature that holds its companion.
pub const COMPANION: &str = "companion";

/// The longest public key that is read, in characters: twice what an ML-DSA-65 key takes in PEM.
const MAX_PUBLIC_KEY: usize = 6 << 10;

/// The companion of a signature, whose signatures are for others to verify.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Companion {
    /// The key, one for companions.
    pub public_key: PublicKey,
    /// Which bytes both signatures are over, given the canonical bytes and the claim's PAE bytes.
    pub signed_payload: SignedPayload,
    /// The raw signature over the artifact.
    pub signature: Vec<u8>,
    /// The raw signature over the claim.
    pub claim_signature: Vec<u8>,
}

/// Why a companion cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Problem)]
#[non_exhaustive]
pub enum CompanionError {
    /// Not an object.
    Form,
    /// An algorithm that is not known here.
    Algorithm(String),
    /// A field is missing, or is not what it should be.
    Field(&'static str),
    /// The public key is none.
    PublicKey(PublicKeyError),
    /// The public key is for another algorithm.
    OtherKey,
}

impl Companion {
    /// Reads a companion.
    ///
    /// # Errors
    /// [`CompanionError`] says what is wrong with it.
    pub fn parse(value: &Value) -> Result<Self, CompanionError> {
        let object = value.as_object().ok_or(CompanionError::Form)?;
        let text = |field| object.text(field).ok_or(CompanionError::Field(field));
        match text("algorithm")? {
            known if Algorithm::parse(known) == Some(Algorithm::MlDsa65) => {}
            other => return Err(CompanionError::Algorithm(visible_short(other, 60))),
        }
        let signed_payload = match object.get("signed_payload") {
            None | Some(Value::Null) => Some(SignedPayload::CanonicalJson),
            Some(form) => form.as_str().and_then(SignedPayload::parse),
        };
        let signature = |field| {
            let text = text(field)?;
            let fits = text.len() == SIGNATURE.div_ceil(3) * 4;
            let raw = Some(text).filter(|_| fits).and_then(|text| BASE64.decode(text).ok());
            raw.filter(|raw| raw.len() == SIGNATURE).ok_or(CompanionError::Field(field))
        };
        let public_key = text("public_key")?;
        if public_key.len() > MAX_PUBLIC_KEY {
            return Err(CompanionError::Field("public_key"));
        }
        let public_key = PublicKey::parse(public_key).map_err(CompanionError::PublicKey)?;
        if !public_key.is_of_companions() {
            return Err(CompanionError::OtherKey);
        }
        Ok(Self {
            public_key,
            signed_payload: signed_payload.ok_or(CompanionError::Field("signed_payload"))?,
            signature: signature("signature")?,
            claim_signature: signature("claim_signature")?,
        })
    }

    /// As the files write it.
    pub fn to_object(&self) -> Object {
        Object::from([
            ("algorithm", Algorithm::MlDsa65.as_str().to_owned()),
            ("public_key", self.public_key.to_text()),
            ("signed_payload", self.signed_payload.as_str().to_owned()),
            ("signature", BASE64.encode(&self.signature)),
            ("claim_signature", BASE64.encode(&self.claim_signature)),
        ])
    }

    /// The SHA-256 of the key's DER SubjectPublicKeyInfo, by which the claim names it.
    pub fn key_sha256(&self) -> Digest {
        Digest::of(&self.public_key.to_der())
    }

    /// Whether a claim names its key. Whether the claim holds is another question.
    pub fn is_named_by(&self, claim: &DsseEnvelope) -> bool {
        let named = Claim::parse(claim).ok().and_then(|claim| claim.companion_key_sha256);
        named == Some(self.key_sha256())
    }

    /// Verifies its signature over an artifact.
    ///
    /// # Errors
    /// [`VerificationError`] says in which way it fails.
    pub fn verify_artifact(&self, canonical: &Canonical) -> Result<(), VerificationError> {
        let message = signed_bytes(canonical, self.signed_payload);
        verify_companion(&self.public_key, &message, &self.signature)
    }

    /// Verifies its signature over a claim. Whether the signature's own key signed the claim is
    /// another question.
    ///
    /// # Errors
    /// [`VerificationError`] says in which way it fails.
    pub fn verify_claim(&self, claim: &DsseEnvelope) -> Result<(), VerificationError> {
        verify_companion(&self.public_key, &self.claim_message(claim), &self.claim_signature)
    }

    /// The bytes that its signature over a claim is over.
    pub fn claim_message(&self, claim: &DsseEnvelope) -> Vec<u8> {
        let bytes = pae(&claim.payload_type, &claim.payload);
        payload_bytes(&bytes, &Digest::of(&bytes), self.signed_payload).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ml_dsa_key::{MlDsaKey, PUBLIC_KEY};

    fn companion() -> Companion {
        let key = MlDsaKey::from_bytes(&[7; PUBLIC_KEY]).unwrap();
        Companion {
            public_key: PublicKey::MlDsa65(Box::new(key)),
            signed_payload: SignedPayload::Sha256,
            signature: vec![1; SIGNATURE],
            claim_signature: vec![2; SIGNATURE],
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        assert_eq!(Companion::parse(&companion().to_object().into()), Ok(companion()));
    }

    #[test]
    fn what_cannot_be_a_companion_is_refused() {
        let with = |field: &str, value: Value| {
            let mut object = companion().to_object();
            object.set(field, value);
            Companion::parse(&object.into()).unwrap_err()
        };
        let ed25519 = "PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=";
        assert_eq!(Companion::parse(&"x".into()), Err(CompanionError::Form));
        assert_eq!(
            with("algorithm", "ml-dsa-87".into()),
            CompanionError::Algorithm("ml-dsa-87".to_owned())
        );
        assert_eq!(with("algorithm", Value::Null), CompanionError::Field("algorithm"));
        assert_eq!(with("public_key", ed25519.into()), CompanionError::OtherKey);
        assert_eq!(
            with("public_key", "x".repeat(1 << 20).into()),
            CompanionError::Field("public_key")
        );
        assert!(matches!(with("public_key", "x".into()), CompanionError::PublicKey(_)));
        assert_eq!(with("signed_payload", "sha1".into()), CompanionError::Field("signed_payload"));
        let field = "claim_signature";
        for text in ["", "AQID", &"A".repeat(4416), &"A".repeat(1 << 20)] {
            assert_eq!(with(field, text.into()), CompanionError::Field(field), "{}", text.len());
        }
    }
}
