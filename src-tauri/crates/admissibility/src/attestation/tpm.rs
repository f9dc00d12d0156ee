//! What a TPM 2.0 says of a key that it holds: TPM2_Certify, by an attestation key (AK) that signs
//! nothing from outside which looks like a statement of the TPM.
//!
//! Names and numbers are those of TCG, "Trusted Platform Module Library, Part 2: Structures"
//! (family 2.0): TPMS_ATTEST in section 10.12.12, TPMS_CERTIFY_INFO in 10.12.3, TPMT_SIGNATURE in
//! 11.3.4, TPMT_PUBLIC in 12.2.4, TPMA_OBJECT in 8.3; names of objects in part 1, section 16.

use countersign_problem::Problem;
use std::fmt;
use std::sync::Arc;

use countersign_envelope::digest::Digest;
use countersign_envelope::key_attestation::Tpm2Certify;
use countersign_envelope::public_key::PublicKey;
use p256::ecdsa::signature::Verifier as _;
use p256::ecdsa::signature::hazmat::PrehashVerifier as _;
use rsa::BoxedUint;
use sha2::{Digest as _, Sha256, Sha384, Sha512};
use tpm2_protocol::data::{
    Tpm2bEccParameter, TpmAlgId, TpmEccCurve, TpmSt, TpmaObject, TpmsAttest, TpmtPublic,
    TpmtSignature, TpmuAttest, TpmuPublicId, TpmuPublicParms, TpmuSignature,
};
use tpm2_protocol::{TpmError, TpmUnmarshal};
use x509_cert::der::oid::ObjectIdentifier;

use super::certificate::{self, Certificate};
use super::roots::{AttestationRoots, Outcome, Trusted};
use super::{AttestationError, Bearing, Proven, Statement};

/// tcg-kp-AIKCertificate (TCG, "EK Credential Profile"): what the certificate of an attestation key
/// is for. Without it, anyone with any certificate of a trusted issuer could speak as a TPM.
const AIK_CERTIFICATE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.23.133.8.3");

/// RSA's usual exponent, which a TPM writes as 0 (part 2 section 12.2.3.5).
const USUAL_EXPONENT: u32 = 65_537;

/// What a verified statement of a TPM says of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TpmStatement {
    /// SHA-256 of the DER of the attestation key.
    pub attestation_key: Digest,
    /// The root that its certificate leads to; `None` if the key itself is trusted.
    pub root: Option<String>,
    /// Whether its public area is trusted, which says that it is restricted and bound to its TPM.
    /// Otherwise that is stated by whoever trusted or certified its key.
    pub is_bound: bool,
}

/// Why a TPM's statement proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, Problem)]
#[non_exhaustive]
pub enum TpmProblem {
    /// The statement was made outside a TPM.
    NotGenerated,
    /// It says something else than that a key is in the TPM.
    OtherType(String),
    /// The attestation key did not sign it.
    Signature,
    /// The statement is about an object with another name.
    OtherName,
    /// The attestation key would sign anything.
    NotRestricted,
    /// The attestation key is not bound to one TPM.
    LooseAttestationKey(&'static str),
    /// The key was made elsewhere.
    Imported,
    /// The key may leave the TPM.
    Loose(&'static str),
    /// The key signs nothing.
    NotSigning,
    /// The public area of the attestation key is not the one that is trusted.
    OtherArea,
    /// The certificate is about another attestation key.
    OtherCertificate,
    /// The certificate is for something else.
    CertificateKind(String),
    /// Nobody here trusts the attestation key.
    UnknownAttestationKey {
        /// SHA-256 of the DER of the attestation key.
        sha256: String,
        /// Who issued its certificate.
        issuer: Option<String>,
    },
}

impl TpmProblem {
    /// As [`AttestationError::bearing`].
    pub(super) fn bearing(&self) -> Bearing {
        match self {
            Self::Signature | Self::OtherName => Bearing::Contradicts,
            Self::NotGenerated | Self::OtherType(_) => Bearing::Unusable,
            _ => Bearing::NotJudged,
        }
    }
}

impl fmt::Display for TpmStatement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "made in a TPM that does not let it out, says its attestation key ")?;
        write!(f, "{}…", &self.attestation_key.hex()[..16])
    }
}

impl TpmStatement {
    /// As [`Statement::details`].
    pub(super) fn details(&self) -> String {
        let key = format!("attestation key SHA-256 {}", self.attestation_key.hex());
        match &self.root {
            Some(root) => format!("{key}, trusted by {root}"),
            None if self.is_bound => format!("{key}, trusted itself with its attributes"),
            None => format!(
                "{key}, trusted itself; that it is restricted and bound to its TPM is the word of whoever trusted it"
            ),
        }
    }
}

/// Verifies everything but the time.
pub(super) fn prove(
    evidence: &Tpm2Certify,
    public_key: &PublicKey,
    roots: &AttestationRoots,
) -> Outcome {
    let key = Public::read(&evidence.key_public, "key_public")?;
    if key.key.fingerprint() != public_key.fingerprint() {
        return Err(AttestationError::OtherKey);
    }
    let attestation_key = Public::read(&evidence.ak_public, "ak_public")?;
    let signature = whole::<TpmtSignature>(&evidence.signature)
        .map_err(|error| malformed("signature", error))?;
    // First of all, since what the attestation key did not sign needs no other fault.
    if !is_signed(&attestation_key.key, &evidence.attest, &signature)? {
        return Err(TpmProblem::Signature.into());
    }
    let attest = match whole::<TpmsAttest>(&evidence.attest) {
        Err(TpmError::InvalidMagicNumber { .. }) => return Err(TpmProblem::NotGenerated.into()),
        other => other.map_err(|error| malformed("attest", error))?,
    };
    let TpmuAttest::Certify(certified) = &attest.attested else {
        return Err(TpmProblem::OtherType(kind(attest.attest_type)).into());
    };
    let key_name = key.name("key_public")?;
    if *certified.name != *key_name {
        return Err(TpmProblem::OtherName.into());
    }
    attestation_key.check_attests()?;
    key.check_signs()?;
    let (root, validity) = trust(&attestation_key, evidence.ak_certificate.as_deref(), roots)?;
    let statement = TpmStatement {
        attestation_key: spki_digest(&attestation_key.key),
        is_bound: roots.area_of(&attestation_key.key).is_some(),
        root,
    };
    Ok(Arc::new(Proven { statement: Statement::Tpm(statement), validity }))
}

/// What a person compares an attestation key by: the SHA-256 of its DER.
fn spki_digest(key: &PublicKey) -> Digest {
    Digest::of(&key.to_der())
}

/// The public area of an attestation key, as a person trusts it: key, attributes and policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TpmArea {
    area: Vec<u8>,
    key: PublicKey,
}

impl TpmArea {
    /// Reads a TPM2B_PUBLIC or TPMT_PUBLIC, as `tpm2_createak` and `tpm2_readpublic` write them.
    ///
    /// # Errors
    /// Fails if the bytes are not the public area of a key that attests.
    pub fn read(bytes: &[u8]) -> Result<Self, AttestationError> {
        let public = Public::read(bytes, "the public area")?;
        public.check_attests()?;
        Ok(Self { area: public.area, key: public.key })
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
struct Public {
    name_alg: TpmAlgId,
    attributes: TpmaObject,
    key: PublicKey,
    /// The TPMT_PUBLIC.
    area: Vec<u8>,
}

impl Public {
    fn read(bytes: &[u8], field: &'static str) -> Result<Self, AttestationError> {
        let area = without_size(bytes);
        let public = whole::<TpmtPublic>(area).map_err(|error| malformed(field, error))?;
        let key = key_of(&public).ok_or_else(|| {
            not_accepted(
                field,
                "has another kind of key than ECC P-256, P-384 and RSA 2048 to 4096",
            )
        })?;
        let (name_alg, attributes) = (public.name_alg, public.object_attributes);
        Ok(Self { name_alg, attributes, key, area: area.to_vec() })
    }

    /// Its name: nameAlg and the digest of the TPMT_PUBLIC (part 1 section 16).
    fn name(&self, field: &'static str) -> Result<Vec<u8>, AttestationError> {
        let digest = hash(self.name_alg, &self.area).ok_or_else(|| {
            not_accepted(field, format!("has a name by {}, which is not accepted", self.name_alg))
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

    fn check_attests(&self) -> Result<(), TpmProblem> {
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

    fn check_signs(&self) -> Result<(), TpmProblem> {
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

/// Who vouches for the attestation key: a person who has put it into the trust folder, or a root
/// there that its certificate leads to.
fn trust(
    attestation_key: &Public,
    certificate: Option<&[u8]>,
    roots: &AttestationRoots,
) -> Result<Trusted, AttestationError> {
    let key = &attestation_key.key;
    // Anyone who can write the evidence can edit the attributes in it. A public area that is trusted
    // covers them; a key or a certificate does not.
    match roots.area_of(key) {
        Some(trusted) if *trusted == attestation_key.area => return Ok((None, Vec::new())),
        Some(_) => return Err(TpmProblem::OtherArea.into()),
        None if roots.trusts_key(key) => return Ok((None, Vec::new())),
        None => {}
    }
    let unknown =
        |issuer| TpmProblem::UnknownAttestationKey { sha256: spki_digest(key).hex(), issuer };
    let Some(der) = certificate else { return Err(unknown(None).into()) };
    let certificate = Certificate::from_der(der)
        .map_err(|error| AttestationError::Malformed(format!("ak_certificate: {error}")))?;
    if certificate.key().is_none_or(|certified| certified.fingerprint() != key.fingerprint()) {
        return Err(TpmProblem::OtherCertificate.into());
    }
    if !certificate.signs_for(AIK_CERTIFICATE) {
        return Err(TpmProblem::CertificateKind(certificate.subject()).into());
    }
    certificate.check_critical()?;
    let path = roots.path_of_leaf(&certificate, AIK_CERTIFICATE).map_err(|error| match error {
        AttestationError::UnknownRoot { issuer } => unknown(Some(issuer)).into(),
        other => other,
    })?;
    let root = path.last().copied().unwrap_or(&certificate).subject();
    let chain = std::iter::once(&certificate).chain(path);
    let validity = chain.map(|one| (one.subject(), one.not_before(), one.not_after()));
    Ok((Some(root), validity.collect()))
}

/// Reads a structure with nothing after it.
fn whole<T: TpmUnmarshal>(bytes: &[u8]) -> Result<T, TpmError> {
    let (read, rest) = T::unmarshal(bytes)?;
    match rest.len() {
        0 => Ok(read),
        actual => Err(TpmError::TrailingData { offset: bytes.len() - actual, actual }),
    }
}

/// What is well-formed, and not accepted: another may be.
fn not_accepted(field: &str, problem: impl Into<String>) -> AttestationError {
    AttestationError::NotProcessed { subject: field.to_owned(), problem: problem.into() }
}

fn malformed(field: &'static str, error: TpmError) -> AttestationError {
    AttestationError::Malformed(format!("{field}: {error}"))
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

/// The types of statements as part 2 section 6.9 names them.
fn kind(tag: TpmSt) -> String {
    match tag {
        TpmSt::AttestQuote => "TPM_ST_ATTEST_QUOTE".to_owned(),
        TpmSt::AttestCreation => "TPM_ST_ATTEST_CREATION".to_owned(),
        TpmSt::AttestNv => "TPM_ST_ATTEST_NV".to_owned(),
        TpmSt::AttestTime => "TPM_ST_ATTEST_TIME".to_owned(),
        other => format!("0x{:04x}", other.value()),
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
fn padded(number: &[u8], size: usize) -> Option<Vec<u8>> {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    let digits = &number[zeros..];
    let missing = size.checked_sub(digits.len())?;
    Some([vec![0; missing].as_slice(), digits].concat())
}

fn hash(algorithm: TpmAlgId, bytes: &[u8]) -> Option<Vec<u8>> {
    match algorithm {
        TpmAlgId::Sha256 => Some(Sha256::digest(bytes).to_vec()),
        TpmAlgId::Sha384 => Some(Sha384::digest(bytes).to_vec()),
        TpmAlgId::Sha512 => Some(Sha512::digest(bytes).to_vec()),
        _ => None,
    }
}

/// Whether a TPM's signature over a message is by a key.
fn is_signed(
    key: &PublicKey,
    message: &[u8],
    signature: &TpmtSignature,
) -> Result<bool, AttestationError> {
    let refused = |what: String| not_accepted("the TPM's signature", what);
    match (&signature.signature, key) {
        (TpmuSignature::Ecdsa(signature), PublicKey::P256(_) | PublicKey::P384(_)) => {
            let digest = hash(signature.hash, message).ok_or_else(|| {
                refused(format!("is by {}, which is not accepted", signature.hash))
            })?;
            Ok(ecdsa(key, &digest, &signature.signature_r, &signature.signature_s).is_some())
        }
        (TpmuSignature::Rsassa(signature), PublicKey::Rsa(key)) => match signature.hash {
            TpmAlgId::Sha256 => Ok(certificate::rsa::<Sha256>(key, message, &signature.sig)),
            TpmAlgId::Sha384 => Ok(certificate::rsa::<Sha384>(key, message, &signature.sig)),
            TpmAlgId::Sha512 => Ok(certificate::rsa::<Sha512>(key, message, &signature.sig)),
            other => Err(refused(format!("is by {other}, which is not accepted"))),
        },
        (TpmuSignature::Rsapss(signature), PublicKey::Rsa(key)) => match signature.hash {
            TpmAlgId::Sha256 => Ok(pss::<Sha256>(key, message, &signature.sig)),
            TpmAlgId::Sha384 => Ok(pss::<Sha384>(key, message, &signature.sig)),
            TpmAlgId::Sha512 => Ok(pss::<Sha512>(key, message, &signature.sig)),
            other => Err(refused(format!("is by {other}, which is not accepted"))),
        },
        _ => Err(refused(format!(
            "is {}, and the attestation key is of another kind",
            signature.sig_alg
        ))),
    }
}

fn ecdsa(
    key: &PublicKey,
    digest: &[u8],
    r: &Tpm2bEccParameter,
    s: &Tpm2bEccParameter,
) -> Option<()> {
    let pair = |size| Some([padded(r, size)?, padded(s, size)?].concat());
    match key {
        PublicKey::P256(key) => {
            let signature = p256::ecdsa::Signature::from_slice(&pair(32)?).ok()?;
            key.verify_prehash(digest, &signature).ok()
        }
        PublicKey::P384(key) => {
            let signature = p384::ecdsa::Signature::from_slice(&pair(48)?).ok()?;
            key.verify_prehash(digest, &signature).ok()
        }
        _ => None,
    }
}

/// TPMs take as much salt as there is room for, or as much as the digest has (part 1 section B.7).
fn pss<H: sha2::digest::Digest + sha2::digest::FixedOutputReset>(
    key: &rsa::PublicKey,
    message: &[u8],
    signature: &[u8],
) -> bool {
    let verifier = rsa::pss::VerifyingKey::<H>::new_with_auto_salt_len(key.clone());
    let signature = rsa::pss::Signature::try_from(signature);
    signature.is_ok_and(|signature| verifier.verify(message, &signature).is_ok())
}
