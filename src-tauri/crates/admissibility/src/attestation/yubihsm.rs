//! What a YubiHSM 2 says of a key that it holds: the extensions of the attestation certificate that it
//! makes (Yubico, "YubiHSM 2 User Guide", attestation; values as its own tools read them).
//!
//! The factory's attestation key signs such certificates for any key in the device, whatever its origin
//! and whoever may take it out, so what counts is what they say. An owner can also have another key of
//! the device sign them; such a key signs anything else too, and is no authority.

use std::sync::Arc;

use countersign_envelope::instant::Instant;
use countersign_envelope::key_attestation::{KeyAttestation, YubiHsm2};
use countersign_envelope::public_key::PublicKey;
use countersign_problem::visible::visible_short;
use countersign_problem::{Words, words};
use x509_cert::der::asn1::{BitStringRef, OctetStringRef, Utf8StringRef};
use x509_cert::der::oid::ObjectIdentifier;
use x509_cert::der::{Decode, Error};

use super::certificate::{Certificate, SignatureProblem};
use super::error::{AttestationError, HsmProblem};
use super::facts::KeyType;
use super::roots::{self, AttestationRoots, Outcome};
use super::statement::{Proven, Statement, YubiHsmStatement};

const FIRMWARE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.41482.4.1");
const SERIAL: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.41482.4.2");
const ORIGIN: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.41482.4.3");
const DOMAINS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.41482.4.4");
const CAPABILITIES: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.41482.4.5");
const OBJECT: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.41482.4.6");
const LABEL: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.41482.4.9");
const FIPS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.41482.4.12");

/// The extensions that are about a key, and not about the device alone.
const OF_KEYS: [ObjectIdentifier; 5] = [ORIGIN, DOMAINS, CAPABILITIES, OBJECT, LABEL];

/// The origin of a key that was generated in the device and never was anywhere else.
const GENERATED: u64 = 0x01;
/// A bit of the origin: it came in under a wrap key.
const WRAPPED: u64 = 0x10;

/// The capability of a key that a wrap key may take out.
const EXPORTABLE: u64 = 1 << 16;

/// The capabilities that a key to sign with can have, by their bits.
const NAMES: [(u32, &str); 10] = [
    (5, "sign-pkcs"),
    (6, "sign-pss"),
    (7, "sign-ecdsa"),
    (8, "sign-eddsa"),
    (9, "decrypt-pkcs"),
    (10, "decrypt-oaep"),
    (11, "derive-ecdh"),
    (16, "exportable-under-wrap"),
    (25, "sign-ssh-certificate"),
    (34, "sign-attestation-certificate"),
];

/// Whether an extension is one of those above.
pub(super) fn is_own(id: ObjectIdentifier) -> bool {
    [FIRMWARE, SERIAL, FIPS].contains(&id) || OF_KEYS.contains(&id)
}

/// Refuses a certificate that a YubiHSM made for one of its keys as an issuer. Such a key signs
/// whatever its holder likes.
///
/// # Errors
/// Fails with [`HsmProblem::KeyAsIssuer`] if it is one.
pub(super) fn check_not_of_key(issuer: &Certificate) -> Result<(), AttestationError> {
    match OF_KEYS.iter().any(|id| issuer.extension(*id).is_some()) {
        true => Err(HsmProblem::KeyAsIssuer { subject: issuer.subject() }.into()),
        false => Ok(()),
    }
}

/// The certificates of keys among some, each with the one that issued it and with those above it.
///
/// # Errors
/// Fails with the first whose issuer is not among them.
pub(super) fn chains(certificates: &[Certificate]) -> Result<Vec<KeyAttestation>, String> {
    let is_of_key = |one: &&Certificate| one.extension(ORIGIN).is_some();
    let mut chains = Vec::new();
    for certificate in certificates.iter().filter(is_of_key) {
        let device = certificate.issuer_among(certificates)?;
        let (mut issuers, mut top) = (Vec::new(), device);
        while issuers.len() < certificates.len()
            && !top.is_self_issued()
            && let Ok(issuer) = top.issuer_among(certificates)
            && !issuer.is_self_issued()
        {
            issuers.push(issuer.der().to_vec());
            top = issuer;
        }
        chains.push(KeyAttestation::YubiHsm2(YubiHsm2 {
            certificate: certificate.der().to_vec(),
            device: device.der().to_vec(),
            issuers,
        }));
    }
    chains.dedup();
    Ok(chains)
}

/// Verifies everything but the time; at a time only to choose among certificates by one name and key.
pub(super) fn prove(
    evidence: &YubiHsm2,
    public_key: &PublicKey,
    trusted: &AttestationRoots,
    at: Instant,
) -> Outcome {
    let certificate = roots::read(&evidence.certificate, "certificate")?;
    let device = roots::read(&evidence.device, "device")?;
    if certificate.key().is_none_or(|key| key.fingerprint() != public_key.fingerprint()) {
        return Err(AttestationError::OtherKey);
    }
    let said = Said::of(&certificate).map_err(AttestationError::Malformed)?;
    check_signed(&certificate, &device)?;
    roots::check_not_of_key(&device)?;
    said.check()?;
    let serial = read::<u64>(&device, SERIAL).map_err(AttestationError::Malformed)?;
    if serial.is_some_and(|serial| serial != said.serial) {
        return Err(HsmProblem::OtherDevice { subject: device.subject() }.into());
    }
    let issuers = evidence.issuers.iter().map(|der| roots::read(der, "issuer"));
    let helped = trusted.helped_by(&issuers.collect::<Result<Vec<_>, _>>()?).preferring(at);
    let path = helped.path_of_device(&certificate, &device).map_err(|error| match error {
        AttestationError::UnknownRoot { issuer } => HsmProblem::UnknownRoot { issuer }.into(),
        AttestationError::KeyReplaced { subject } => {
            HsmProblem::UnknownRoot { issuer: subject }.into()
        }
        other => other,
    })?;
    // Yubico's roots certify other devices too; each has a name of its own kind.
    let is_yubicos = path.last().is_some_and(|root| helped.is_yubicos(root));
    let name = format!("YubiHSM Attestation ({})", said.serial);
    if is_yubicos && (device.common_name() != name || serial.is_none()) {
        return Err(HsmProblem::NotDevice { subject: device.subject() }.into());
    }
    let root = path.last().copied().unwrap_or(&device).subject();
    let chain = [&certificate, &device].into_iter().chain(path);
    let validity = chain.map(|one| (one.subject(), one.not_before(), one.not_after())).collect();
    let statement = said.statement(KeyType::of(public_key), root);
    Ok(Arc::new(Proven { statement: Statement::YubiHsm(statement), validity }))
}

/// Whether the device's certificate issued that of the key.
fn check_signed(certificate: &Certificate, device: &Certificate) -> Result<(), AttestationError> {
    let (subject, issuer) = (certificate.subject(), device.subject());
    match certificate.verify_issued_by(device) {
        Ok(()) => {}
        Err(SignatureProblem::Wrong) => return Err(AttestationError::Forged { subject, issuer }),
        Err(SignatureProblem::NotAccepted(problem)) => {
            let subject = Words::text(subject);
            return Err(AttestationError::NotProcessed { subject, problem });
        }
    }
    let broken = |subject, problem| Err(AttestationError::BrokenChain { subject, problem });
    if !certificate.is_issued_by(device) {
        let named = certificate.issuer();
        return broken(subject, words!("cert-issuer-named", named, issuer));
    }
    certificate.check_critical()?;
    device.check_critical()?;
    match device.authority() {
        Ok(Some(_)) => Ok(()),
        Ok(None) => broken(issuer, words!("cert-no-authority")),
        Err(problem) => broken(issuer, problem),
    }
}

/// What the certificate of a key says.
struct Said {
    firmware: [u8; 3],
    serial: u64,
    origin: u64,
    capabilities: u64,
    domains: u64,
    object: u16,
    label: String,
    fips: Option<bool>,
}

impl Said {
    /// # Errors
    /// What is missing or has another form. A YubiHSM states all but whether it is in FIPS mode.
    fn of(certificate: &Certificate) -> Result<Self, Words> {
        let missing = |id: ObjectIdentifier| words!("hsm-missing", %id);
        let firmware =
            read::<&OctetStringRef>(certificate, FIRMWARE)?.ok_or_else(|| missing(FIRMWARE))?;
        let label = read::<Utf8StringRef<'_>>(certificate, LABEL)?.ok_or_else(|| missing(LABEL))?;
        let bits = |id| bits(certificate, id)?.ok_or_else(|| missing(id));
        Ok(Self {
            firmware: firmware
                .as_bytes()
                .try_into()
                .map_err(|_| words!("attestation-firmware-bytes"))?,
            serial: read(certificate, SERIAL)?.ok_or_else(|| missing(SERIAL))?,
            origin: bits(ORIGIN)?,
            capabilities: bits(CAPABILITIES)?,
            domains: bits(DOMAINS)?,
            object: read(certificate, OBJECT)?.ok_or_else(|| missing(OBJECT))?,
            label: visible_short(label.as_str(), 40),
            fips: read(certificate, FIPS)?,
        })
    }

    /// Whether the key was generated in the device and stays there.
    fn check(&self) -> Result<(), HsmProblem> {
        if self.origin != GENERATED {
            let wrapped = self.origin & WRAPPED != 0;
            return Err(HsmProblem::NotGenerated { origin: hex(self.origin), wrapped });
        }
        match self.capabilities & EXPORTABLE {
            0 => Ok(()),
            _ => Err(HsmProblem::Exportable),
        }
    }

    fn statement(self, key: KeyType, root: String) -> YubiHsmStatement {
        let named = NAMES.iter().filter(|(bit, _)| self.capabilities & (1 << bit) != 0);
        let mut capabilities: Vec<String> =
            named.clone().map(|(_, name)| (*name).to_owned()).collect();
        let others = named.fold(self.capabilities, |rest, (bit, _)| rest & !(1 << bit));
        if others != 0 {
            capabilities.push(hex(others));
        }
        YubiHsmStatement {
            serial: self.serial,
            firmware: self.firmware,
            object: self.object,
            label: self.label,
            capabilities,
            domains: (1..=16).filter(|domain| self.domains & (1 << (domain - 1)) != 0).collect(),
            fips: self.fips,
            key,
            root,
        }
    }
}

fn hex(bits: u64) -> String {
    format!("0x{bits:x}")
}

/// The value of an extension, DER within; `None` if it is not there.
fn read<'a, T: Decode<'a, Error = Error>>(
    certificate: &'a Certificate,
    id: ObjectIdentifier,
) -> Result<Option<T>, Words> {
    let value = certificate.extension(id).map(T::from_der).transpose();
    value.map_err(|why| words!("hsm-extension", %id, why = %why))
}

/// A bit string as a number, its last bit the lowest.
fn bits(certificate: &Certificate, id: ObjectIdentifier) -> Result<Option<u64>, Words> {
    let Some(found) = read::<BitStringRef<'_>>(certificate, id)? else { return Ok(None) };
    match found.as_bytes() {
        Some(bytes) if bytes.len() <= 8 => {
            Ok(Some(bytes.iter().fold(0, |all, byte| (all << 8) | u64::from(*byte))))
        }
        _ => Err(words!("hsm-bits", %id)),
    }
}
