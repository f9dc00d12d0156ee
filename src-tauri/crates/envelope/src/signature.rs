//! One detached signature, whether it is a whole signature block (v1) or one of a multi-signature
//! envelope (v1), and the closed vocabularies of its fields.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use crate::claim::CLAIM;
use crate::companion::{COMPANION, Companion, CompanionError};
use crate::digest::Digest;
use crate::dsse::{DsseEnvelope, DsseError};
use crate::instant::Instant;
use crate::json::{Object, Value};
use crate::key_attestation::{KeyAttestation, KeyAttestationError};

/// The field of a signature that holds the attestation of its key.
pub const KEY_ATTESTATION: &str = "key_attestation";

/// A closed vocabulary: an enum whose values the files write as fixed words.
#[macro_export]
macro_rules! vocabulary {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[derive(serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "typescript", derive(specta::Type))]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $text)] $variant,)+ }

        impl $name {
            /// Every value, in the order of the format.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// As the files write it.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }

            /// Reads what the files write; `None` for anything else.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$variant),)+ _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, String> {
                Self::parse(text).ok_or_else(|| {
                    let words: Vec<_> = Self::ALL.iter().map(|value| value.as_str()).collect();
                    format!("{text:?} is none of {}", words.join(", "))
                })
            }
        }
    };
}

vocabulary! {
    /// How a signature is made.
    Algorithm {
        /// Ed25519, pure (RFC 8032 section 5.1).
        Ed25519 = "ed25519",
        /// HMAC with SHA-256 (RFC 2104); both sides hold the key.
        HmacSha256 = "hmac-sha256",
        /// ECDSA on P-256 with SHA-256, the signature in DER (FIPS 186-5, RFC 3279).
        EcdsaP256Sha256 = "ecdsa-p256-sha256",
        /// ECDSA on P-384 with SHA-384, the signature in DER.
        EcdsaP384Sha384 = "ecdsa-p384-sha384",
        /// RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017 section 8.2), 2048 to 4096 bits.
        RsaPkcs1v15Sha256 = "rsa-pkcs1v15-sha256",
        /// RSASSA-PSS with SHA-256, MGF1-SHA-256 and a salt of 32 bytes (RFC 8017 section 8.1), 2048
        /// to 4096 bits.
        RsaPssSha256 = "rsa-pss-sha256",
        /// ML-DSA-65, pure, with an empty context (FIPS 204): of companions alone.
        MlDsa65 = "ml-dsa-65",
    }
}

impl Algorithm {
    /// The algorithms of signatures of their own.
    pub fn of_signatures() -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(|algorithm| !algorithm.is_of_companions())
    }

    /// Whether it only makes companions of signatures, which never count as signatures of their own.
    pub const fn is_of_companions(self) -> bool {
        matches!(self, Self::MlDsa65)
    }
}

vocabulary! {
    /// Which bytes a signature is made over, given the canonical bytes of the artifact.
    SignedPayload {
        /// The canonical bytes.
        CanonicalJson = "canonical_json",
        /// The 32 raw bytes of their SHA-256.
        Sha256 = "sha256",
        /// The 64 ASCII hex characters of their SHA-256.
        Sha256Hex = "sha256_hex",
        /// The 48 bytes that come of reading those 64 characters as base64, as AWS CLI v2 does.
        Sha256HexBase64 = "sha256_hex_base64",
    }
}

vocabulary! {
    /// In which role a signature is given.
    Role {
        /// Runs the pipeline.
        Operator = "operator",
        /// Reviewed the decision.
        Reviewer = "reviewer",
        /// Saw it sealed.
        Witness = "witness",
        /// Audits afterwards.
        Auditor = "auditor",
    }
}

vocabulary! {
    /// What holds the key.
    SignerType {
        /// A key in memory or in a file.
        Software = "software",
        /// A key that a token holds.
        Hardware = "hardware",
        /// A key behind an external command.
        External = "external",
    }
}

vocabulary! {
    /// What a signature block is about.
    PayloadType {
        /// A sealed run.
        SealedRun = "sealed_run",
        /// A manifest.
        Manifest = "manifest",
    }
}

/// One signature, read from its JSON object.
#[derive(Debug, Clone, Copy)]
pub struct Signature<'a>(pub &'a Object);

impl<'a> Signature<'a> {
    /// The algorithm as written, known here or not.
    pub fn algorithm_text(&self) -> &'a str {
        self.0.text("algorithm").unwrap_or("")
    }

    /// The algorithm, if it is known here.
    pub fn algorithm(&self) -> Option<Algorithm> {
        Algorithm::parse(self.algorithm_text())
    }

    /// Which bytes were signed: `canonical_json` if nothing is written, `None` if the
    /// written word is not known.
    pub fn signed_payload(&self) -> Option<SignedPayload> {
        match self.0.get("signed_payload") {
            None | Some(Value::Null) => Some(SignedPayload::CanonicalJson),
            Some(value) => SignedPayload::parse(value.as_str()?),
        }
    }

    /// The id of the key.
    pub fn key_id(&self) -> &'a str {
        self.0.text("signing_key_id").unwrap_or("")
    }

    /// Who signed; the key id where nobody is named, as the reference has it.
    pub fn signer_id(&self) -> &'a str {
        self.0.text("signer_id").filter(|id| !id.is_empty()).unwrap_or_else(|| self.key_id())
    }

    /// The role, if it is one of the four.
    pub fn role(&self) -> Option<Role> {
        Role::parse(self.0.text("role")?)
    }

    /// What the file claims to hold the key. Not covered by the signature.
    pub fn signer_type(&self) -> Option<SignerType> {
        SignerType::parse(self.0.text("signer_type")?)
    }

    /// When it was signed, as the file claims. Not covered by the signature.
    pub fn signed_at(&self) -> Option<Instant> {
        Instant::parse(self.0.text("signed_at")?)
    }

    /// The public key as written: base64 of 32 bytes for Ed25519, else PEM.
    pub fn public_key(&self) -> Option<&'a str> {
        self.0.text("public_key").filter(|key| !key.is_empty())
    }

    /// The signature, base64.
    pub fn signature(&self) -> &'a str {
        self.0.text("signature").unwrap_or("")
    }

    /// What makes this signature the same one however it is written and labelled: see
    /// [`signature_value`].
    pub fn value(&self) -> Option<Digest> {
        signature_value(self.signature())
    }

    /// Its raw bytes, which time stamps cover; `None` if it is not base64.
    pub fn raw(&self) -> Option<Vec<u8>> {
        raw(self.signature())
    }

    /// The SHA-256 of its raw bytes, by which claims refer to it; `None` if it is not base64.
    pub fn raw_digest(&self) -> Option<Digest> {
        raw_digest(self.signature())
    }

    /// Its claim, if one comes with it. Whether the claim is its key's is for others to verify.
    pub fn claim(&self) -> Option<Result<DsseEnvelope, DsseError>> {
        self.0.get(CLAIM).filter(|claim| **claim != Value::Null).map(DsseEnvelope::parse)
    }

    /// Its companion, if one comes with it, unverified.
    pub fn companion(&self) -> Option<Result<Companion, CompanionError>> {
        self.0.get(COMPANION).filter(|one| **one != Value::Null).map(Companion::parse)
    }

    /// Whether the reference's tools know how it was made.
    pub fn is_known_to_reference(&self) -> bool {
        matches!(self.algorithm(), Some(Algorithm::Ed25519 | Algorithm::HmacSha256))
            && self.signed_payload() == Some(SignedPayload::CanonicalJson)
    }

    /// The attestation of the key, if one comes with it.
    pub fn attestation(&self) -> Option<Result<KeyAttestation, KeyAttestationError>> {
        match self.0.get(KEY_ATTESTATION)? {
            Value::Null => None,
            Value::Object(object) => Some(KeyAttestation::parse(object)),
            _ => Some(Err(KeyAttestationError::Form)),
        }
    }
}

/// The SHA-256 of the raw bytes of a signature in base64; `None` if it is not base64.
pub fn raw_digest(signature: &str) -> Option<Digest> {
    Some(Digest::of(&raw(signature)?))
}

fn raw(signature: &str) -> Option<Vec<u8>> {
    BASE64.decode(signature.trim()).ok().filter(|raw| !raw.is_empty())
}

/// What makes a signature the same one however it is written: the SHA-256 of its raw bytes. Of the two
/// values of an ECDSA signature (s and n-s), which anyone can turn into each other, the one with the
/// low s stands for both. `None` if the text is not base64.
pub fn signature_value(signature: &str) -> Option<Digest> {
    let raw = raw(signature)?;
    // By the bytes alone: the algorithm written beside them may be another one's word.
    let p256 = || Some(p256::ecdsa::Signature::from_der(&raw).ok()?.normalize_s().to_vec());
    let p384 = || Some(p384::ecdsa::Signature::from_der(&raw).ok()?.normalize_s().to_vec());
    Some(Digest::of(&p256().or_else(p384).unwrap_or_else(|| raw.clone())))
}
