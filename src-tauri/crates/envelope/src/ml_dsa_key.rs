//! ML-DSA-65 public keys (FIPS 204), which verify companions of signatures: pure, with an empty
//! context, so that `openssl pkeyutl` and every library check the same.

use ml_dsa::{MlDsa65, Signature, VerifyingKey};
use spki::der::asn1::BitStringRef;
use spki::der::{Decode as _, Encode as _};
use spki::{AlgorithmIdentifierRef, ObjectIdentifier, SubjectPublicKeyInfoRef};

use crate::signature::Algorithm;
use crate::verification::VerificationError;

/// `id-ml-dsa-65` (RFC 9881 section 2).
pub const OID: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.3.18");

/// How long a public key is, in bytes (FIPS 204 table 2).
pub const PUBLIC_KEY: usize = 1952;

/// How long a signature is, in bytes (FIPS 204 table 2).
pub const SIGNATURE: usize = 3309;

/// An ML-DSA-65 public key as it is written; it is expanded to verify.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MlDsaKey([u8; PUBLIC_KEY]);

impl MlDsaKey {
    /// From its bytes. All of this length are the encoding of a key (FIPS 204 algorithm 23).
    /// Returns `None` if they are of another length.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// Its bytes.
    pub fn as_bytes(&self) -> &[u8; PUBLIC_KEY] {
        &self.0
    }

    /// From a DER SubjectPublicKeyInfo (RFC 9881 section 4): without parameters. Returns `None` for
    /// anything else.
    pub(crate) fn from_der(der: &[u8]) -> Option<Self> {
        let info = SubjectPublicKeyInfoRef::from_der(der).ok()?;
        let is_it = info.algorithm.oid == OID && info.algorithm.parameters.is_none();
        is_it.then(|| Self::from_bytes(info.subject_public_key.as_bytes()?)).flatten()
    }

    /// The DER SubjectPublicKeyInfo.
    pub(crate) fn to_der(&self) -> Result<Vec<u8>, spki::Error> {
        let algorithm = AlgorithmIdentifierRef { oid: OID, parameters: None };
        let subject_public_key = BitStringRef::from_bytes(&self.0)?;
        Ok(SubjectPublicKeyInfoRef { algorithm, subject_public_key }.to_der()?)
    }

    /// Verifies a raw signature over a message (FIPS 204 algorithm 3).
    ///
    /// # Errors
    /// [`VerificationError`] says in which way it fails.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), VerificationError> {
        let signature = Signature::<MlDsa65>::try_from(signature)
            .map_err(|_| VerificationError::Malformed(Algorithm::MlDsa65))?;
        let key = VerifyingKey::<MlDsa65>::decode(&self.0.into());
        match key.verify_with_context(message, &[], &signature) {
            true => Ok(()),
            false => Err(VerificationError::Mismatch),
        }
    }
}
