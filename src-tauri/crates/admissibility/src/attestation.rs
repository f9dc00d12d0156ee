//! Whether an attestation proves where a key lives: from the bytes in a signature file or a keyring
//! to what they prove, or why they prove nothing.
//!
//! A YubiKey's or a YubiHSM's leads from the certificate of its key over that of the device, and over
//! intermediates that the trust folder has or that come with it, to a root that a person has trusted. That of an HSM of Marvell leads to two
//! roots, of its maker and of its owner. A TPM's leads over the signature of its
//! attestation key to that key, which a person has trusted itself or by a root above its certificate.
//! A cloud's leads nowhere: it is only compared with the signature, for contradictions.
//!
//! Certificates are checked at the time of signing, as the signature claims it, since a signature
//! does not become worse with age; at the present time if there is no such time. That goes for every
//! one, the root too. The claim is not covered by the signature: whoever holds an expired device
//! could backdate it. What stops a lost device is revocation in the keyring.

mod certificate;
mod cloud_kms;
mod constraints;
mod endorsement;
mod error;
mod facts;
mod known;
mod liquidsecurity;
mod public_area;
mod roots;
mod statement;
mod tpm;
mod yubico;
mod yubihsm;
mod yubikey;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use countersign_envelope::digest::Digest;
use countersign_envelope::instant::Instant;
use countersign_envelope::key_attestation::KeyAttestation;
use countersign_envelope::public_key::PublicKey;
use countersign_envelope::vocabulary;
use countersign_problem::{Explain as _, Words, words};

use certificate::SignatureProblem;
use statement::Proven;

pub use certificate::{Certificate, CertificateError, fingerprint};
pub(crate) use certificate::{SignatureProblem as IssuerProblem, verify_signed};
pub use cloud_kms::Call;
pub(crate) use constraints::{allows_documents, text_of};
pub use endorsement::{Candidate, Endorsement, TpmName};
pub use error::{AttestationError, Bearing, CloudProblem, HsmProblem, MarvellProblem, TpmProblem};
pub use facts::{Facts, Firmware, Form, FormFactor, KeyType, Model, NoFirmware};
pub use liquidsecurity::{is_compressed, liquidsecurity};
pub use public_area::TpmArea;
pub use roots::AttestationRoots;
pub(crate) use roots::check_valid;
pub use statement::{
    CloudStatement, LiquidSecurityStatement, Statement, TpmStatement, YubiHsmStatement,
    YubikeyStatement,
};

vocabulary! {
    /// Whether an attestation holds, in one word.
    AttestationStanding {
        /// It proves that hardware holds the key.
        Verified = "verified",
        /// It contradicts nothing, and only whoever copied it vouches for it.
        Vouched = "vouched",
        /// It leads to a root that is not trusted.
        UnknownRoot = "unknown_root",
        /// It does not hold.
        Failed = "failed",
        /// There is none, or it cannot be judged here.
        None = "none",
    }
}

vocabulary! {
    /// Where an attestation was found.
    AttestationSource {
        /// It came with the signature.
        Signature = "signature",
        /// The keyring has kept it since the key was enrolled.
        Keyring = "keyring",
    }
}

/// One attestation of a signature's key, judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttestationFinding {
    /// Where it was found.
    pub source: AttestationSource,
    /// What it proves, or why it proves nothing.
    pub outcome: Result<Statement, AttestationError>,
}

impl AttestationFinding {
    /// Whether it proves that hardware holds the key.
    pub fn is_proof(&self) -> bool {
        self.outcome.as_ref().is_ok_and(Statement::is_proof)
    }

    /// What it proves of key and device; `None` if it proves nothing.
    pub fn facts(&self) -> Option<Facts> {
        self.outcome.as_ref().ok().and_then(Statement::facts)
    }

    /// In one word.
    pub fn standing(&self) -> AttestationStanding {
        match &self.outcome {
            Ok(statement) if statement.is_proof() => AttestationStanding::Verified,
            Ok(_) => AttestationStanding::Vouched,
            Err(error) if error.lacks_trust() => AttestationStanding::UnknownRoot,
            Err(
                AttestationError::NotVerified(_)
                | AttestationError::NotProcessed { .. }
                | AttestationError::Cloud(CloudProblem::Provider(_))
                // Whoever copied the statement left certificates out: that says nothing against it.
                | AttestationError::Marvell(MarvellProblem::NoChain(_)),
            ) => AttestationStanding::None,
            Err(_) => AttestationStanding::Failed,
        }
    }

    /// In one sentence: `generated on YubiKey 12345678, firmware 5.7.4, PIN once, touch always`, or
    /// what is wrong.
    pub fn words(&self) -> Words {
        match &self.outcome {
            Ok(statement) => statement.words(),
            Err(error) => error.problem().into(),
        }
    }
}

/// Verifies that an attestation is about a key, leads to something trusted, and was valid at a time.
///
/// # Errors
/// [`AttestationError`] says in which way it fails.
pub fn verify(
    attestation: &KeyAttestation,
    public_key: Option<&PublicKey>,
    roots: &AttestationRoots,
    at: Instant,
) -> Result<Statement, AttestationError> {
    verify_one(attestation, public_key, None, roots, at)
}

/// As [`verify`], for one that came with a signature: a log must be about this very signature.
///
/// # Errors
/// [`AttestationError`] says in which way it fails.
pub fn verify_with_signature(
    attestation: &KeyAttestation,
    public_key: Option<&PublicKey>,
    call: Call<'_>,
    roots: &AttestationRoots,
) -> Result<Statement, AttestationError> {
    verify_one(attestation, public_key, Some(call), roots, call.at)
}

/// The attestations in a number of certificates, in any order, as the tools of YubiKeys and YubiHSMs
/// write them: those of keys, each with the one that issued it. Others are passed over.
///
/// # Errors
/// Fails with the first of a key whose issuer is not among them, or without one if there is none of a
/// key.
pub fn pairs(certificates: &[Certificate]) -> Result<Vec<KeyAttestation>, Option<String>> {
    let mut pairs = yubikey::pairs(certificates)?;
    pairs.extend(yubihsm::chains(certificates)?);
    if pairs.is_empty() { Err(None) } else { Ok(pairs) }
}

/// The evidence to write beside a signature: of a cloud's log, only the entry of its call.
///
/// # Errors
/// Fails if no entry of the log is about the signature, or several are.
pub fn narrowed(
    attestation: &KeyAttestation,
    public_key: Option<&PublicKey>,
    call: Call<'_>,
) -> Result<KeyAttestation, AttestationError> {
    match (attestation, public_key) {
        (KeyAttestation::CloudKms(evidence), Some(key)) => {
            cloud_kms::narrowed(evidence, key, call).map(KeyAttestation::CloudKms)
        }
        _ => Ok(attestation.clone()),
    }
}

fn verify_one(
    attestation: &KeyAttestation,
    public_key: Option<&PublicKey>,
    call: Option<Call<'_>>,
    roots: &AttestationRoots,
    at: Instant,
) -> Result<Statement, AttestationError> {
    let key = || public_key.ok_or(AttestationError::OtherKey);
    let remember = |parts_of: &[&[u8]], prove: &dyn Fn(&PublicKey) -> roots::Outcome| {
        let key = key()?;
        let kind = attestation.type_name().as_bytes();
        // Which way to a root is taken depends on which certificates are valid at the time.
        let valid = roots.valid_at(enclosed(attestation), at);
        let parts = [kind, valid.as_slice()];
        let parts = parts.iter().chain(parts_of);
        let parts = parts.map(|part| Digest::of(part)).chain([key.fingerprint()]);
        let parts: Vec<Digest> = parts.collect();
        let parts: Vec<&[u8]> = parts.iter().map(|part| part.as_bytes().as_slice()).collect();
        roots.remember(Digest::of_parts(&parts), || prove(key))
    };
    let proven = match attestation {
        KeyAttestation::YubikeyPiv { slot, certificate, intermediate } => {
            let parts = [slot.as_bytes(), certificate.as_slice(), intermediate.as_slice()];
            remember(&parts, &|key| {
                prove(slot, certificate, intermediate, key, &roots.preferring(at))
            })?
        }
        KeyAttestation::YubiHsm2(evidence) => {
            let parts = [&evidence.certificate, &evidence.device];
            let parts: Vec<&[u8]> =
                parts.into_iter().chain(&evidence.issuers).map(Vec::as_slice).collect();
            remember(&parts, &|key| yubihsm::prove(evidence, key, roots, at))?
        }
        KeyAttestation::Tpm2Certify(evidence) => {
            let certificate = evidence.ak_certificate.as_deref().unwrap_or_default();
            let parts: [&[u8]; 5] = [
                &evidence.attest,
                &evidence.signature,
                &evidence.ak_public,
                &evidence.key_public,
                certificate,
            ];
            remember(&parts, &|key| tpm::prove(evidence, key, &roots.preferring(at)))?
        }
        KeyAttestation::LiquidSecurity(evidence) => {
            let parts = [&evidence.statement];
            let parts: Vec<&[u8]> =
                parts.into_iter().chain(&evidence.certificates).map(Vec::as_slice).collect();
            remember(&parts, &|key| liquidsecurity::prove(evidence, key, roots, at))?
        }
        KeyAttestation::CloudKms(evidence) => {
            return cloud_kms::verify(evidence, key()?, call).map(Statement::Cloud);
        }
        KeyAttestation::Other { attestation_type, .. } => {
            return Err(AttestationError::NotVerified(attestation_type.clone()));
        }
    };
    for (subject, from, until) in &proven.validity {
        roots::check_validity(|| subject.clone(), (*from, *until), at)?;
    }
    Ok(proven.statement.clone())
}

/// The certificates of an attestation that help to reach a root.
fn enclosed(attestation: &KeyAttestation) -> &[Vec<u8>] {
    match attestation {
        KeyAttestation::YubiHsm2(evidence) => &evidence.issuers,
        KeyAttestation::LiquidSecurity(evidence) => &evidence.certificates,
        _ => &[],
    }
}

/// Verifies everything but the time of a YubiKey's.
fn prove(
    slot: &str,
    certificate: &[u8],
    intermediate: &[u8],
    public_key: &PublicKey,
    roots: &AttestationRoots,
) -> roots::Outcome {
    let certificate = roots::read(certificate, "certificate")?;
    let intermediate = roots::read(intermediate, "intermediate")?;
    if certificate.key().is_none_or(|key| key.fingerprint() != public_key.fingerprint()) {
        return Err(AttestationError::OtherKey);
    }
    let certified = yubikey::slot_of(&certificate).ok_or_else(|| {
        let subject = certificate.subject();
        AttestationError::Malformed(words!("attestation-no-slot", subject))
    })?;
    if yubikey::parse_slot(slot) != Some(certified) {
        return Err(AttestationError::WrongSlot { claimed: slot.to_owned(), certified });
    }
    let lacks_constraints = check_device(&certificate, &intermediate)?;
    let path = roots.path(&certificate, &intermediate)?;
    let statement = yubikey::statement(
        (certified, public_key),
        &certificate,
        &intermediate,
        lacks_constraints,
        &path,
    )
    .map_err(AttestationError::Malformed)?;
    let chain = [&certificate, &intermediate].into_iter().chain(path);
    let validity = chain.map(|one| (one.subject(), one.not_before(), one.not_after()));
    let statement = Statement::Yubikey(statement);
    Ok(Arc::new(Proven { statement, validity: validity.collect() }))
}

/// Whether the certificate of slot f9 issued that of the slot; and whether it leaves out that it
/// may, which is tolerated here and nowhere else.
fn check_device(
    certificate: &Certificate,
    intermediate: &Certificate,
) -> Result<bool, AttestationError> {
    let broken = |at: &Certificate, problem: Words| {
        Err(AttestationError::BrokenChain { subject: at.subject(), problem })
    };
    let (subject, issuer) = (certificate.subject(), intermediate.subject());
    match certificate.verify_issued_by(intermediate) {
        Ok(()) => {}
        Err(SignatureProblem::Wrong) => return Err(AttestationError::Forged { subject, issuer }),
        Err(SignatureProblem::NotAccepted(problem)) => {
            let subject = Words::text(subject);
            return Err(AttestationError::NotProcessed { subject, problem });
        }
    }
    if !certificate.is_issued_by(intermediate) {
        let named = certificate.issuer();
        return broken(certificate, words!("cert-other-issuer", named, issuer));
    }
    roots::check_not_of_key(intermediate)?;
    certificate.check_critical()?;
    intermediate.check_critical()?;
    match intermediate.authority() {
        Ok(Some(_)) => Ok(false),
        // A root of one's own is judged as such.
        Ok(None) if yubikey::is_device(intermediate) || intermediate.is_root() => Ok(true),
        Ok(None) => broken(intermediate, words!("cert-no-authority")),
        Err(problem) => broken(intermediate, problem),
    }
}
