//! Public keys: as signature files and keyrings write them ([`PublicKey::parse`]), and in any form
//! that a person may have one in ([`PublicKey::read`]).

mod forms;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use countersign_problem::Problem;
use rsa::traits::PublicKeyParts as _;
use spki::{DecodePublicKey as _, EncodePublicKey as _};

use crate::digest::Digest;
use crate::ml_dsa_key::MlDsaKey;
use crate::signature::Algorithm;

/// A public key that can verify signatures of one or more algorithms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PublicKey {
    /// Ed25519.
    Ed25519(Box<ed25519_dalek::VerifyingKey>),
    /// ECDSA on P-256.
    P256(Box<p256::ecdsa::VerifyingKey>),
    /// ECDSA on P-384.
    P384(Box<p384::ecdsa::VerifyingKey>),
    /// RSA of 2048 to 4096 bits.
    Rsa(Box<rsa::PublicKey>),
    /// ML-DSA-65, of companions alone.
    MlDsa65(Box<MlDsaKey>),
}

/// Why text is not a public key that can be used here.
#[derive(Debug, Clone, PartialEq, Eq, Problem)]
#[non_exhaustive]
pub enum PublicKeyError {
    /// Neither base64 of 32 bytes nor PEM.
    Form,
    /// A key of a kind that is not used here, or a broken key.
    Kind,
    /// None of the forms that [`PublicKey::read`] reads.
    Unknown,
    /// A private key without a public one beside it.
    Private,
    /// Different keys, and none is preferred.
    Several(usize),
    /// The form of `ssh-keygen -e`.
    Ssh2,
    /// A JSON Web Key.
    Jwk,
    /// A form of another program, or something that is not a public key.
    Other {
        /// Which, as its texts choose by it.
        form: &'static str,
    },
    /// A line of OpenSSH that says not to use the key as it is.
    Option {
        /// What the line says.
        option: &'static str,
        /// What follows from that, as its text chooses by it.
        why: &'static str,
    },
    /// An Ed25519 key that is not a point of the curve, or written in a form that RFC 8032 forbids.
    Point,
    /// An Ed25519 key of small order: anyone could sign under it.
    SmallOrder,
    /// An RSA key of a size that is not allowed.
    RsaSize(usize),
}

impl PublicKey {
    /// Reads base64 of a raw Ed25519 key, or a PEM SubjectPublicKeyInfo (RFC 5280, RFC 7468).
    ///
    /// # Errors
    /// Fails if the text is neither, or the key is unsafe.
    pub fn parse(text: &str) -> Result<Self, PublicKeyError> {
        let text = text.trim();
        if !text.starts_with("-----BEGIN") {
            let raw = BASE64.decode(text).map_err(|_| PublicKeyError::Form)?;
            return Self::ed25519(&raw.try_into().map_err(|_| PublicKeyError::Form)?);
        }
        let (label, der) = spki::Document::from_pem(text).map_err(|_| PublicKeyError::Kind)?;
        match label {
            "PUBLIC KEY" => Self::from_der(der.as_bytes()),
            _ => Err(PublicKeyError::Kind),
        }
    }

    /// Reads a DER SubjectPublicKeyInfo, as certificates hold them too.
    ///
    /// # Errors
    /// Fails if it is not a key that can be used here, or one that is unsafe.
    pub fn from_der(der: &[u8]) -> Result<Self, PublicKeyError> {
        if let Ok(key) = ed25519_dalek::VerifyingKey::from_public_key_der(der) {
            return Self::ed25519(key.as_bytes());
        }
        if let Ok(key) = p256::ecdsa::VerifyingKey::from_public_key_der(der) {
            return Ok(Self::P256(Box::new(key)));
        }
        if let Ok(key) = p384::ecdsa::VerifyingKey::from_public_key_der(der) {
            return Ok(Self::P384(Box::new(key)));
        }
        if let Some(key) = MlDsaKey::from_der(der) {
            return Ok(Self::MlDsa65(Box::new(key)));
        }
        Self::of_rsa(rsa::PublicKey::from_public_key_der(der).map_err(|_| PublicKeyError::Kind)?)
    }

    fn of_rsa(key: rsa::PublicKey) -> Result<Self, PublicKeyError> {
        let bits = key.n().bit_width() as usize;
        if !(2048..=4096).contains(&bits) {
            return Err(PublicKeyError::RsaSize(bits));
        }
        Ok(Self::Rsa(Box::new(key)))
    }

    /// An Ed25519 key from its 32 bytes.
    ///
    /// # Errors
    /// Fails if they are not the canonical encoding of a point, or the point has small order.
    pub fn ed25519(raw: &[u8; 32]) -> Result<Self, PublicKeyError> {
        if !is_canonical_point(raw) {
            return Err(PublicKeyError::Point);
        }
        let key =
            ed25519_dalek::VerifyingKey::from_bytes(raw).map_err(|_| PublicKeyError::Point)?;
        if key.is_weak() {
            return Err(PublicKeyError::SmallOrder);
        }
        Ok(Self::Ed25519(Box::new(key)))
    }

    /// Whether signatures of an algorithm can be verified with this key.
    pub fn fits(&self, algorithm: Algorithm) -> bool {
        use Algorithm as A;
        match self {
            Self::Ed25519(_) => algorithm == A::Ed25519,
            Self::P256(_) => algorithm == A::EcdsaP256Sha256,
            Self::P384(_) => algorithm == A::EcdsaP384Sha384,
            Self::Rsa(_) => matches!(algorithm, A::RsaPkcs1v15Sha256 | A::RsaPssSha256),
            Self::MlDsa65(_) => algorithm == A::MlDsa65,
        }
    }

    /// Whether it only verifies companions of signatures, and never signatures of their own.
    pub fn is_of_companions(&self) -> bool {
        matches!(self, Self::MlDsa65(_))
    }

    /// The algorithms that this key can verify.
    pub fn algorithms(&self) -> impl Iterator<Item = Algorithm> {
        Algorithm::ALL.iter().copied().filter(|algorithm| self.fits(*algorithm))
    }

    /// The DER SubjectPublicKeyInfo.
    pub fn to_der(&self) -> Vec<u8> {
        let der = |document: spki::Result<spki::Document>| document.map(spki::Document::into_vec);
        let document = match self {
            Self::Ed25519(key) => der(key.to_public_key_der()),
            Self::P256(key) => der(key.to_public_key_der()),
            Self::P384(key) => der(key.to_public_key_der()),
            Self::Rsa(key) => der(key.to_public_key_der()),
            Self::MlDsa65(key) => key.to_der(),
        };
        // Encoding a key that was decoded fails only where memory does.
        document.unwrap_or_default()
    }

    /// As signature files write it: raw base64 for Ed25519, else PEM.
    pub fn to_text(&self) -> String {
        match self {
            Self::Ed25519(key) => BASE64.encode(key.as_bytes()),
            _ => self.to_pem(),
        }
    }

    /// As OpenSSL reads it, whatever the key: PEM SubjectPublicKeyInfo.
    pub fn to_pem(&self) -> String {
        let document = spki::Document::try_from(self.to_der());
        let pem = document.and_then(|der| der.to_pem("PUBLIC KEY", spki::der::pem::LineEnding::LF));
        pem.unwrap_or_default()
    }

    /// What tells one key from another, however it was written: the digest of its DER.
    pub fn fingerprint(&self) -> Digest {
        match self {
            // The common case, without a detour over DER.
            Self::Ed25519(key) => Digest::of_parts(&[b"ed25519", key.as_bytes()]),
            other => Digest::of(&other.to_der()),
        }
    }
}

/// Whether the y coordinate of an encoded point is below p = 2^255 - 19. RFC 8032 section 5.1.3
/// has decoding fail otherwise, so that each point has one encoding.
pub(crate) fn is_canonical_point(encoded: &[u8; 32]) -> bool {
    let top = encoded[31] & 0x7f;
    !(top == 0x7f && encoded[1..31].iter().all(|b| *b == 0xff) && encoded[0] >= 0xed)
}
