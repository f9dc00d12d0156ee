//! The public area of an object in a TPM (TPMT_PUBLIC): its key, its attributes and its name.
//!
//! Numbers of sections are those of TCG, "Trusted Platform Module Library, Part 2: Structures"
//! (family 2.0).

use countersign_envelope::public_key::PublicKey;
use countersign_problem::{Words, words};
use rsa::BoxedUint;
use sha2::{Digest as _, Sha256, Sha384, Sha512};
use tpm2_protocol::data::{
    TpmAlgId, TpmEccCurve, TpmaObject, TpmtPublic, TpmuPublicId, TpmuPublicParms,
};
use tpm2_protocol::{TpmError, TpmUnmarshal};

use super::endorsement::Endorsement;
use super::error::{AttestationError, TpmProblem};

/// RSA's usual exponent, which a TPM writes as 0 (part 2 section 12.2.3.5).
const USUAL_EXPONENT: u32 = 65_537;

/// The public area of an attestation key, as a person trusts it: key, attributes and policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TpmArea {
    area: Vec<u8>,
    key: PublicKey,
    endorsement: Option<Box<Endorsement>>,
}

impl TpmArea {
    /// Reads a TPM2B_PUBLIC or TPMT_PUBLIC, as `tpm2_createak` and `tpm2_readpublic` write them.
    ///
    /// # Errors
    /// Fails if the bytes are not the public area of a key that attests.
    pub fn read(bytes: &[u8]) -> Result<Self, AttestationError> {
        let public = Public::read(bytes, "the public area")?;
        public.check_attests()?;
        Ok(Self { area: public.area, key: public.key, endorsement: None })
    }

    /// The same, with what its TPM proved to a station.
    #[must_use]
    pub fn endorsed_by(self, endorsement: Endorsement) -> Self {
        Self { endorsement: Some(Box::new(endorsement)), ..self }
    }

    /// The same, as whoever saw nothing of its TPM knows it.
    #[must_use]
    pub fn not_endorsed(self) -> Self {
        Self { endorsement: None, ..self }
    }

    /// What its TPM proved to the station that trusts it; `None` if a person compared it.
    pub fn endorsement(&self) -> Option<&Endorsement> {
        self.endorsement.as_deref()
    }

    /// The TPMT_PUBLIC. Its SHA-256 is the digest in the key's name.
    pub fn bytes(&self) -> &[u8] {
        &self.area
    }

    /// The attestation key.
    pub fn key(&self) -> &PublicKey {
        &self.key
    }
}

/// An object's public area.
pub(super) struct Public {
    name_alg: TpmAlgId,
    attributes: TpmaObject,
    pub key: PublicKey,
    /// Whether AES encrypts what is brought in under it.
    ciphers: bool,
    /// The TPMT_PUBLIC.
    pub area: Vec<u8>,
}

impl Public {
    pub fn read(bytes: &[u8], field: &'static str) -> Result<Self, AttestationError> {
        let area = without_size(bytes);
        let public = whole::<TpmtPublic>(area)
            .map_err(|error| malformed(field, Words::text(error.to_string())))?;
        let key = key_of(&public)
            .ok_or_else(|| not_accepted(Words::text(field), words!("tpm-key-kind")))?;
        let (name_alg, attributes) = (public.name_alg, public.object_attributes);
        let symmetric = match &public.parameters {
            TpmuPublicParms::Ecc(ecc) => ecc.symmetric.algorithm,
            TpmuPublicParms::Rsa(rsa) => rsa.symmetric.algorithm,
            _ => TpmAlgId::Null,
        };
        let ciphers = symmetric == TpmAlgId::Aes;
        Ok(Self { name_alg, attributes, key, ciphers, area: area.to_vec() })
    }

    /// Its name: nameAlg and the digest of the TPMT_PUBLIC (part 1 section 16).
    pub fn name(&self, field: &'static str) -> Result<Vec<u8>, AttestationError> {
        let digest = hash(self.name_alg, &self.area).ok_or_else(|| {
            not_accepted(Words::text(field), words!("tpm-name-hash", hash = %self.name_alg))
        })?;
        Ok([&self.name_alg.value().to_be_bytes(), digest.as_slice()].concat())
    }

    fn has(&self, attribute: TpmaObject) -> bool {
        self.attributes.contains(attribute)
    }

    /// The first attribute missing of those that bind a key to one TPM.
    fn loose(&self) -> Option<&'static str> {
        match () {
            () if !self.has(TpmaObject::FIXED_TPM) => Some("fixedTPM"),
            () if !self.has(TpmaObject::FIXED_PARENT) => Some("fixedParent"),
            () => None,
        }
    }

    pub fn check_attests(&self) -> Result<(), TpmProblem> {
        let restricted = self.has(TpmaObject::RESTRICTED) && self.has(TpmaObject::SIGN_ENCRYPT);
        if !restricted || self.has(TpmaObject::DECRYPT) {
            return Err(TpmProblem::NotRestricted);
        }
        let made_inside = self.has(TpmaObject::SENSITIVE_DATA_ORIGIN);
        match self.loose().or((!made_inside).then_some("sensitiveDataOrigin")) {
            Some(missing) => Err(TpmProblem::LooseAttestationKey(missing)),
            None => Ok(()),
        }
    }

    /// Whether a secret can be encrypted for it that only its TPM gives back, and only for a key that is
    /// in the same TPM: a storage key, with a cipher for what goes in.
    pub fn check_endorses(&self) -> Result<(), TpmProblem> {
        let restricted = self.has(TpmaObject::RESTRICTED) && self.has(TpmaObject::DECRYPT);
        match restricted && !self.has(TpmaObject::SIGN_ENCRYPT) && self.ciphers {
            true => Ok(()),
            false => Err(TpmProblem::NotEndorsing),
        }
    }

    pub fn check_signs(&self) -> Result<(), TpmProblem> {
        if !self.has(TpmaObject::SENSITIVE_DATA_ORIGIN) {
            return Err(TpmProblem::Imported);
        }
        if let Some(missing) = self.loose() {
            return Err(TpmProblem::Loose(missing));
        }
        if !self.has(TpmaObject::SIGN_ENCRYPT) {
            return Err(TpmProblem::NotSigning);
        }
        Ok(())
    }
}

/// Reads a structure with nothing after it.
pub(super) fn whole<T: TpmUnmarshal>(bytes: &[u8]) -> Result<T, TpmError> {
    let (read, rest) = T::unmarshal(bytes)?;
    match rest.len() {
        0 => Ok(read),
        actual => Err(TpmError::TrailingData { offset: bytes.len() - actual, actual }),
    }
}

/// What is well-formed, and not accepted: another may be.
pub(super) fn not_accepted(subject: Words, problem: Words) -> AttestationError {
    AttestationError::NotProcessed { subject, problem }
}

pub(super) fn malformed(field: &'static str, why: Words) -> AttestationError {
    AttestationError::Malformed(words!("attestation-field", field, why))
}

/// A TPM2B_PUBLIC, as tpm2-tools write it unless they are asked for a TPMT_PUBLIC, without its
/// size. No TPMT_PUBLIC begins with its own length: it begins with the type of the key.
fn without_size(bytes: &[u8]) -> &[u8] {
    match bytes {
        [high, low, rest @ ..] if usize::from(u16::from_be_bytes([*high, *low])) == rest.len() => {
            rest
        }
        _ => bytes,
    }
}

fn key_of(public: &TpmtPublic) -> Option<PublicKey> {
    match (&public.parameters, &public.unique) {
        (TpmuPublicParms::Ecc(parameters), TpmuPublicId::Ecc(point)) => {
            let size = match parameters.curve_id {
                TpmEccCurve::NistP256 => 32,
                TpmEccCurve::NistP384 => 48,
                _ => return None,
            };
            let sec1 = [&[4][..], &padded(&point.x, size)?, &padded(&point.y, size)?].concat();
            match size {
                32 => p256::ecdsa::VerifyingKey::from_sec1_bytes(&sec1)
                    .ok()
                    .map(|key| PublicKey::P256(Box::new(key))),
                _ => p384::ecdsa::VerifyingKey::from_sec1_bytes(&sec1)
                    .ok()
                    .map(|key| PublicKey::P384(Box::new(key))),
            }
        }
        (TpmuPublicParms::Rsa(parameters), TpmuPublicId::Rsa(modulus)) => {
            let exponent = match parameters.exponent.value() {
                0 => USUAL_EXPONENT,
                other => other,
            };
            let modulus = BoxedUint::from_be_slice_vartime(modulus);
            let key = rsa::PublicKey::new(modulus, BoxedUint::from(exponent)).ok()?;
            // By way of its DER, so that no size is taken here that is refused elsewhere.
            PublicKey::from_der(&PublicKey::Rsa(Box::new(key)).to_der()).ok()
        }
        _ => None,
    }
}

/// A number in as many bytes as its field has: TPMs may leave out zeros in front.
pub(super) fn padded(number: &[u8], size: usize) -> Option<Vec<u8>> {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    let digits = &number[zeros..];
    let missing = size.checked_sub(digits.len())?;
    Some([vec![0; missing].as_slice(), digits].concat())
}

pub(super) fn hash(algorithm: TpmAlgId, bytes: &[u8]) -> Option<Vec<u8>> {
    match algorithm {
        TpmAlgId::Sha256 => Some(Sha256::digest(bytes).to_vec()),
        TpmAlgId::Sha384 => Some(Sha384::digest(bytes).to_vec()),
        TpmAlgId::Sha512 => Some(Sha512::digest(bytes).to_vec()),
        _ => None,
    }
}
