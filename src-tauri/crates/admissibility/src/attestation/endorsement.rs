//! What the makers of TPMs certify: endorsement keys (EK), and what a certificate says of its TPM (TCG, "EK
//! Credential Profile for TPM Family 2.0").
//!
//! An endorsement key signs nothing, so that no statement leads to its certificate. What binds an
//! attestation key to it is an act: whoever wants to know encrypts a secret for the endorsement key and the
//! name of the attestation key (TPM2_MakeCredential), and only a TPM that holds both gives it back
//! (TPM2_ActivateCredential). Nobody else can check that afterwards; it is the word of the station that
//! did it, which keeps it with the attestation key that it trusts.

use countersign_envelope::instant::Instant;
use countersign_problem::visible::visible_short;
use countersign_problem::{Words, words};
use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::der::oid::ObjectIdentifier;
use x509_cert::ext::pkix::SubjectAltName;
use x509_cert::ext::pkix::name::GeneralName;

use super::certificate::Certificate;
use super::error::{AttestationError, TpmProblem};
use super::public_area::{Public, TpmArea};
use super::roots::{self, AttestationRoots};

/// tcg-kp-EKCertificate: what the certificate of an endorsement key is for.
const EK_CERTIFICATE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.23.133.8.1");

const MANUFACTURER: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.23.133.2.1");
const MODEL: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.23.133.2.2");
const VERSION: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.23.133.2.3");

/// What a certificate calls a TPM, in its subject alternative name (section 3.2.9).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TpmName {
    /// Who made it: four letters such as `IFX`, or the digits if they are none.
    pub manufacturer: String,
    /// What it is called.
    pub model: String,
    /// The version of its firmware, as its maker writes it.
    pub version: String,
}

impl TpmName {
    /// Of a certificate; `None` if it does not say all three.
    pub(super) fn of(certificate: &Certificate) -> Option<Self> {
        let (_, SubjectAltName(names)) = certificate.decoded::<SubjectAltName>().ok()??;
        let mut parts: Vec<AttributeTypeAndValue> = Vec::new();
        for name in &names {
            if let GeneralName::DirectoryName(name) = name {
                parts.extend(name.iter().cloned());
            }
        }
        let text = |id| {
            let mut found = parts.iter().filter(|part| part.oid == id);
            let (part, None) = (found.next()?, found.next()) else { return None };
            Some(visible_short(std::str::from_utf8(part.value.value()).ok()?, 40))
        };
        let manufacturer = text(MANUFACTURER)?;
        let manufacturer = letters(&manufacturer).unwrap_or(manufacturer);
        Some(Self { manufacturer, model: text(MODEL)?, version: text(VERSION)? })
    }

    /// In words.
    pub fn words(&self) -> Words {
        let Self { manufacturer, model, version } = self;
        words!("tpm-called", %manufacturer, %model, %version)
    }
}

/// The letters of a manufacturer that is written as `id:` and eight hex digits.
fn letters(text: &str) -> Option<String> {
    let digits = text.strip_prefix("id:").filter(|digits| digits.len() == 8)?;
    let bytes = u32::from_str_radix(digits, 16).ok()?.to_be_bytes();
    let letters = bytes.iter().map(|byte| char::from(*byte));
    let letters: String = letters.filter(|letter| !matches!(letter, '\0' | ' ')).collect();
    let is_text = !letters.is_empty() && letters.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_text.then_some(letters)
}

/// That a TPM proved to a station that it holds an endorsement key beside an attestation key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endorsement {
    /// The certificate of the endorsement key.
    pub certificate: Certificate,
    /// When it did.
    pub at: Instant,
}

impl Endorsement {
    /// In words: which TPM, who certified it, and when that was seen.
    pub fn words(&self) -> Words {
        let issuer = self.certificate.issuer();
        let tpm = TpmName::of(&self.certificate).map(|name| name.words());
        let tpm = tpm.unwrap_or_else(|| words!("tpm-not-called"));
        words!("tpm-endorsed", tpm, issuer, at = %self.at)
    }
}

/// A TPM that is to prove what it holds.
#[derive(Debug)]
pub struct Candidate {
    /// The attestation key.
    pub area: TpmArea,
    /// Its name, for which the secret is encrypted.
    pub name: Vec<u8>,
    /// The certificate of the endorsement key, for which it is encrypted.
    pub certificate: Certificate,
}

impl Candidate {
    /// Whether the certificate is that of the endorsement key and leads to a trusted root, and the
    /// attestation key is one that only a TPM can hold. Nothing yet says that they are in one TPM.
    ///
    /// # Errors
    /// [`AttestationError`] says in which way it fails.
    pub fn check(
        certificate: &[u8],
        (ek_public, ak_public): (&[u8], &[u8]),
        trusted: &AttestationRoots,
        at: Instant,
    ) -> Result<Self, AttestationError> {
        let certificate = roots::read(certificate, "certificate")?;
        let key = Public::read(ek_public, "ek_public")?;
        if certificate.key().is_none_or(|one| one.fingerprint() != key.key.fingerprint()) {
            return Err(TpmProblem::OtherEndorsement(certificate.subject()).into());
        }
        if !certificate.is_for_encryption(EK_CERTIFICATE) {
            return Err(TpmProblem::EndorsementKind(certificate.subject()).into());
        }
        key.check_endorses()?;
        certificate.check_critical()?;
        trusted.path_of_leaf_at(&certificate, EK_CERTIFICATE, at).map_err(|error| match error {
            AttestationError::UnknownRoot { issuer } => {
                TpmProblem::UnknownEndorsement { issuer }.into()
            }
            other => other,
        })?;
        let area = TpmArea::read(ak_public)?;
        let name = Public::read(ak_public, "ak_public")?.name("ak_public")?;
        Ok(Self { area, name, certificate })
    }

    /// The attestation key, once its TPM has given the secret back.
    pub fn proven(self, at: Instant) -> TpmArea {
        // In whole seconds, as it is kept.
        let at = Instant::from_unix(at.unix()).unwrap_or(at);
        self.area.endorsed_by(Endorsement { certificate: self.certificate, at })
    }
}
