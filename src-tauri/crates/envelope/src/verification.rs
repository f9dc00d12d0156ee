//! Verifying a detached signature: strict, so that for one message and key there is no second spelling of
//! a signature that would pass elsewhere but not here, or here but not elsewhere.

use countersign_problem::Problem;
use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use ed25519_dalek::Verifier as _;
use hmac::{KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::canonical::Canonical;
use crate::digest::Digest;
use crate::public_key::{PublicKey, is_canonical_point};
use crate::signature::{Algorithm, SignedPayload};

/// Why a signature does not verify.
#[derive(Debug, Clone, PartialEq, Eq, Problem)]
#[non_exhaustive]
pub enum VerificationError {
    /// The signature field is not base64.
    NotBase64,
    /// The bytes do not have the form of the algorithm: length, DER, range of numbers.
    Malformed(Algorithm),
    /// The algorithm is that of companions, and a companion is not a signature of its own.
    CompanionOnly,
    /// The key is for another algorithm.
    WrongKey(Algorithm),
    /// RSA-PSS with a salt of another length than the digest.
    SaltLength,
    /// The signature is well-formed and wrong.
    Mismatch,
}

/// The bytes that a signature over an artifact is made over.
pub fn signed_bytes(canonical: &Canonical, form: SignedPayload) -> Cow<'_, [u8]> {
    match form {
        SignedPayload::CanonicalJson => canonical.bytes(),
        digest => Cow::Owned(payload_bytes(&[], &canonical.digest(), digest).into_owned()),
    }
}

/// The bytes that a signature is made over, from canonical bytes and their digest.
pub fn payload_bytes<'a>(
    canonical: &'a [u8],
    digest: &Digest,
    form: SignedPayload,
) -> Cow<'a, [u8]> {
    match form {
        SignedPayload::CanonicalJson => Cow::Borrowed(canonical),
        SignedPayload::Sha256 => Cow::Owned(digest.as_bytes().to_vec()),
        SignedPayload::Sha256Hex => Cow::Owned(digest.hex().into_bytes()),
        // 64 hex digits are always base64 of 48 bytes.
        SignedPayload::Sha256HexBase64 => {
            Cow::Owned(BASE64.decode(digest.hex()).unwrap_or_default())
        }
    }
}

/// Verifies a base64 signature over a message with a public key.
///
/// # Errors
/// [`VerificationError`] says in which way it fails.
pub fn verify(
    key: &PublicKey,
    algorithm: Algorithm,
    message: &[u8],
    signature: &str,
) -> Result<(), VerificationError> {
    verify_raw(key, algorithm, message, &decode(signature)?)
}

/// Verifies a raw signature over a message with a public key.
///
/// # Errors
/// [`VerificationError`] says in which way it fails.
pub fn verify_raw(
    key: &PublicKey,
    algorithm: Algorithm,
    message: &[u8],
    signature: &[u8],
) -> Result<(), VerificationError> {
    use VerificationError::{Malformed, Mismatch, SaltLength, WrongKey};
    let malformed = |_| Malformed(algorithm);
    let mismatch = |_| Mismatch;
    match (key, algorithm) {
        (PublicKey::Ed25519(key), Algorithm::Ed25519) => {
            let signature = ed25519_dalek::Signature::from_slice(signature).map_err(malformed)?;
            // RFC 8032 section 5.1.7: R and S out of range are refused, not reduced.
            if !is_canonical_point(signature.r_bytes()) {
                return Err(Malformed(algorithm));
            }
            key.verify_strict(message, &signature).map_err(mismatch)
        }
        (PublicKey::P256(key), Algorithm::EcdsaP256Sha256) => {
            let signature = p256::ecdsa::Signature::from_der(signature).map_err(malformed)?;
            key.verify(message, &signature).map_err(mismatch)
        }
        (PublicKey::P384(key), Algorithm::EcdsaP384Sha384) => {
            let signature = p384::ecdsa::Signature::from_der(signature).map_err(malformed)?;
            key.verify(message, &signature).map_err(mismatch)
        }
        (PublicKey::Rsa(key), Algorithm::RsaPkcs1v15Sha256) => {
            let signature = rsa::pkcs1v15::Signature::try_from(signature).map_err(malformed)?;
            let key = rsa::pkcs1v15::VerifyingKey::<Sha256>::new((**key).clone());
            key.verify(message, &signature).map_err(mismatch)
        }
        (PublicKey::Rsa(key), Algorithm::RsaPssSha256) => {
            let signature = rsa::pss::Signature::try_from(signature).map_err(malformed)?;
            // The salt is as long as the digest, as RFC 8446 section 4.2.3 and HSMs have it.
            let strict = rsa::pss::VerifyingKey::<Sha256>::new((**key).clone());
            strict.verify(message, &signature).map_err(|_| {
                let any = rsa::pss::VerifyingKey::<Sha256>::new_with_auto_salt_len((**key).clone());
                if any.verify(message, &signature).is_ok() { SaltLength } else { Mismatch }
            })
        }
        // Whatever is verified here counts as a person's act, and a companion never does.
        (PublicKey::MlDsa65(_), _) | (_, Algorithm::MlDsa65) => {
            Err(VerificationError::CompanionOnly)
        }
        _ => Err(WrongKey(algorithm)),
    }
}

/// Verifies a raw signature of a companion over a message. No other key makes one, so that a
/// companion holds whatever happens to the algorithms of signatures.
///
/// # Errors
/// [`VerificationError`] says in which way it fails.
pub fn verify_companion(
    key: &PublicKey,
    message: &[u8],
    signature: &[u8],
) -> Result<(), VerificationError> {
    match key {
        PublicKey::MlDsa65(key) => key.verify(message, signature),
        _ => Err(VerificationError::WrongKey(Algorithm::MlDsa65)),
    }
}

/// Verifies an HMAC-SHA-256 (RFC 2104), in constant time.
///
/// # Errors
/// [`VerificationError`] says in which way it fails.
pub fn verify_hmac(key: &[u8], message: &[u8], signature: &str) -> Result<(), VerificationError> {
    verify_hmac_raw(key, message, &decode(signature)?)
}

/// Verifies a raw HMAC-SHA-256, in constant time.
///
/// # Errors
/// [`VerificationError`] says in which way it fails.
pub fn verify_hmac_raw(
    key: &[u8],
    message: &[u8],
    signature: &[u8],
) -> Result<(), VerificationError> {
    if signature.len() != 32 {
        return Err(VerificationError::Malformed(Algorithm::HmacSha256));
    }
    hmac_of(key, message).verify_slice(signature).map_err(|_| VerificationError::Mismatch)
}

/// The HMAC-SHA-256 of a message under a shared key of any length.
pub fn hmac_of(key: &[u8], message: &[u8]) -> hmac::Hmac<Sha256> {
    // HMAC takes keys of any length; the constructor cannot fail for it.
    let mut mac = hmac::Hmac::<Sha256>::new_from_slice(key)
        .unwrap_or_else(|_| hmac::Hmac::<Sha256>::new(&Default::default()));
    mac.update(message);
    mac
}

fn decode(signature: &str) -> Result<Vec<u8>, VerificationError> {
    BASE64.decode(signature.trim()).map_err(|_| VerificationError::NotBase64)
}
