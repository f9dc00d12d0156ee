//! What a TPM 2.0 says of a key that it holds: TPM2_Certify, by an attestation key (AK) that signs
//! nothing from outside which looks like a statement of the TPM.
//!
//! Names and numbers are those of TCG, "Trusted Platform Module Library, Part 2: Structures"
//! (family 2.0): TPMS_ATTEST in section 10.12.12, TPMS_CERTIFY_INFO in 10.12.3, TPMT_SIGNATURE in
//! 11.3.4, TPMT_PUBLIC in 12.2.4, TPMA_OBJECT in 8.3; names of objects in part 1, section 16.

use countersign_problem::{Words, words};
use std::sync::Arc;

use countersign_envelope::digest::Digest;
use countersign_envelope::instant::Instant;
use countersign_envelope::key_attestation::Tpm2Certify;
use countersign_envelope::public_key::PublicKey;
use p256::ecdsa::signature::Verifier as _;
use p256::ecdsa::signature::hazmat::PrehashVerifier as _;
use sha2::{Sha256, Sha384, Sha512};
use tpm2_protocol::TpmError;
use tpm2_protocol::data::{
    Tpm2bEccParameter, TpmAlgId, TpmSt, TpmsAttest, TpmtSignature, TpmuAttest, TpmuSignature,
};
use x509_cert::der::oid::ObjectIdentifier;

use super::certificate::{self, Certificate};
use super::endorsement::TpmName;
use super::error::{AttestationError, TpmProblem};
use super::facts::KeyType;
use super::public_area::{Public, TpmArea, hash, malformed, not_accepted, padded, whole};
use super::roots::{AttestationRoots, Outcome};
use super::statement::{Proven, Statement, TpmStatement};

/// tcg-kp-AIKCertificate (TCG, "EK Credential Profile"): what the certificate of an attestation key
/// is for. Without it, anyone with any certificate of a trusted issuer could speak as a TPM.
const AIK_CERTIFICATE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.23.133.8.3");

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
        .map_err(|error| malformed("signature", Words::text(error.to_string())))?;
    // First of all, since what the attestation key did not sign needs no other fault.
    if !is_signed(&attestation_key.key, &evidence.attest, &signature)? {
        return Err(TpmProblem::Signature.into());
    }
    let attest = match whole::<TpmsAttest>(&evidence.attest) {
        Err(TpmError::InvalidMagicNumber { .. }) => return Err(TpmProblem::NotGenerated.into()),
        other => other.map_err(|error| malformed("attest", Words::text(error.to_string())))?,
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
    let Vouching { root, named, validity } =
        trust(&attestation_key, evidence.ak_certificate.as_deref(), roots)?;
    let area = roots.area_of(&attestation_key.key);
    let statement = TpmStatement {
        attestation_key: spki_digest(&attestation_key.key),
        is_bound: area.is_some(),
        endorsement: area.and_then(TpmArea::endorsement).cloned().map(Box::new),
        root,
        named,
        key: KeyType::of(&key.key),
    };
    Ok(Arc::new(Proven { statement: Statement::Tpm(statement), validity }))
}

/// What a person compares an attestation key by: the SHA-256 of its DER.
fn spki_digest(key: &PublicKey) -> Digest {
    Digest::of(&key.to_der())
}

/// What vouches for an attestation key.
#[derive(Default)]
struct Vouching {
    /// The root that its certificate leads to; `None` if the key itself is trusted.
    root: Option<String>,
    /// What its certificate calls the TPM.
    named: Option<TpmName>,
    /// The subject and validity of each certificate.
    validity: Vec<(String, Instant, Instant)>,
}

/// Who vouches for the attestation key: a person who has put it into the trust folder, or a root
/// there that its certificate leads to.
fn trust(
    attestation_key: &Public,
    certificate: Option<&[u8]>,
    roots: &AttestationRoots,
) -> Result<Vouching, AttestationError> {
    let key = &attestation_key.key;
    // Anyone who can write the evidence can edit the attributes in it. A public area that is trusted
    // covers them; a key or a certificate does not.
    match roots.area_of(key) {
        Some(trusted) if trusted.bytes() == attestation_key.area => return Ok(Vouching::default()),
        Some(_) => return Err(TpmProblem::OtherArea.into()),
        None if roots.trusts_key(key) => return Ok(Vouching::default()),
        None => {}
    }
    let unknown =
        |issuer| TpmProblem::UnknownAttestationKey { sha256: spki_digest(key).hex(), issuer };
    let Some(der) = certificate else { return Err(unknown(None).into()) };
    let certificate =
        Certificate::from_der(der).map_err(|error| malformed("ak_certificate", error.into()))?;
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
    let (named, validity) = (TpmName::of(&certificate), validity.collect());
    Ok(Vouching { root: Some(root), named, validity })
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

/// Whether a TPM's signature over a message is by a key.
fn is_signed(
    key: &PublicKey,
    message: &[u8],
    signature: &TpmtSignature,
) -> Result<bool, AttestationError> {
    let refused = |what: Words| not_accepted(words!("tpm-signature"), what);
    let by_hash = |hash: TpmAlgId| refused(words!("tpm-hash", %hash));
    match (&signature.signature, key) {
        (TpmuSignature::Ecdsa(signature), PublicKey::P256(_) | PublicKey::P384(_)) => {
            let digest = hash(signature.hash, message).ok_or_else(|| by_hash(signature.hash))?;
            Ok(ecdsa(key, &digest, &signature.signature_r, &signature.signature_s).is_some())
        }
        (TpmuSignature::Rsassa(signature), PublicKey::Rsa(key)) => match signature.hash {
            TpmAlgId::Sha256 => Ok(certificate::rsa::<Sha256>(key, message, &signature.sig)),
            TpmAlgId::Sha384 => Ok(certificate::rsa::<Sha384>(key, message, &signature.sig)),
            TpmAlgId::Sha512 => Ok(certificate::rsa::<Sha512>(key, message, &signature.sig)),
            other => Err(by_hash(other)),
        },
        (TpmuSignature::Rsapss(signature), PublicKey::Rsa(key)) => match signature.hash {
            TpmAlgId::Sha256 => Ok(pss::<Sha256>(key, message, &signature.sig)),
            TpmAlgId::Sha384 => Ok(pss::<Sha384>(key, message, &signature.sig)),
            TpmAlgId::Sha512 => Ok(pss::<Sha512>(key, message, &signature.sig)),
            other => Err(by_hash(other)),
        },
        _ => Err(refused(words!("tpm-other-kind", algorithm = %signature.sig_alg))),
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
