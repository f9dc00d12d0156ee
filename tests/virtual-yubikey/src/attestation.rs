//! Attestation in Yubico's form: the card's key f9 certifies the key of a slot, and its own
//! certificate chains to a root, here one made for tests.
//!
//! Up to firmware 5.7.3 the root certifies f9 itself; from 5.7.4 there are an intermediate and a PIV
//! issuer between them, which the card does not hold.

use x509_cert::Certificate;
use x509_cert::der::{Decode as _, Encode as _};

use crate::certificate::{self, Extra, Statement, to_pem};
use crate::error::Error;
use crate::key::{Algorithm, PrivateKey};
use crate::options::{Options, PinPolicy, TouchPolicy};

const ROOT: &str = "CN=Countersign Test Attestation Root 1";
const OLD_ROOT: &str = "CN=Countersign Test PIV Root CA Serial 1";
const UNKNOWN_ROOT: &str = "CN=Unknown Test Attestation Root 1";
const INTERMEDIATE: &str = "CN=Countersign Test Attestation Intermediate B 1";
const PIV_ISSUER: &str = "CN=Countersign Test PIV Attestation B 1";
const FIRST_ROOT: &str = "CN=Countersign Test U2F Root CA Serial 1";
const DEVICE: &str = "CN=Yubico PIV Attestation";

/// Yubico's arc for PIV attestation.
const ARC: &str = "1.3.6.1.4.1.41482.3";

/// The year RFC 5280, section 4.1.2.5, uses for "does not expire".
const NEVER: u16 = 9999;
const EXPIRED: u16 = 2020;

/// By whom the attestation key f9 was certified, and what is wrong with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Issuer {
    /// The test root, as from the factory.
    #[default]
    TestRoot,
    /// The root of the first firmware that attests: it allows no authority below it, and the
    /// attestation does not state the serial number.
    FirstRoot,
    /// A root nobody knows.
    UnknownRoot,
    /// The owner replaced f9 by a key of their own, with a self-signed certificate.
    Replaced,
    /// f9 certifies another key than the slot's.
    OtherKey,
    /// The certificate of f9 is expired.
    ExpiredDevice,
    /// All is well on the card, but the certificate of the PIV issuer that goes with it is expired.
    ExpiredIntermediate,
    /// The certificate of f9 has no basicConstraints, as some of Yubico's old ones.
    NoBasicConstraints,
    /// The signature of f9 over the slot's certificate is not right.
    BadSignature,
    /// f9 is empty.
    Absent,
}

impl Issuer {
    /// The certificates between the root and f9 that go with this issuer, in PEM. They matter from
    /// firmware 5.7.4 only.
    ///
    /// # Errors
    ///
    /// When one cannot be made.
    pub fn intermediates_pem(self) -> Result<String, Error> {
        let to = if self == Self::ExpiredIntermediate { EXPIRED } else { NEVER };
        Ok(to_pem(&intermediate()?) + &to_pem(&piv_issuer(to)?))
    }
}

/// The test root for firmware 5.7.4 and later, in PEM.
///
/// # Errors
///
/// When it cannot be made.
pub fn test_root_pem() -> Result<String, Error> {
    root(ROOT, include_str!("../fixtures/root.pem"), 3).map(|der| to_pem(&der))
}

/// The test root for firmware before 5.7.4, in PEM.
///
/// # Errors
///
/// When it cannot be made.
pub fn test_old_root_pem() -> Result<String, Error> {
    root(OLD_ROOT, include_str!("../fixtures/old-root.pem"), 1).map(|der| to_pem(&der))
}

/// The test root of the first firmware that attests, in PEM.
///
/// # Errors
///
/// When it cannot be made.
pub fn test_first_root_pem() -> Result<String, Error> {
    let key = first_root_key()?;
    let extensions = vec![Extra::authority(0), Extra::signs_certificates()];
    let statement =
        Statement { subject: FIRST_ROOT, issuer: FIRST_ROOT, serial: 1, to: NEVER, extensions };
    let der = statement.sign(certificate::public_key_info(FIRST_ROOT, &key)?, &key)?;
    Ok(to_pem(&der))
}

fn first_root_key() -> Result<PrivateKey, Error> {
    PrivateKey::from_seed(Algorithm::P256, 0x457)
        .map_err(|reason| Error::Certificate { subject: FIRST_ROOT.to_owned(), reason })
}

/// Both test roots in PEM, the newer first.
///
/// # Errors
///
/// When one cannot be made.
pub fn test_roots_pem() -> Result<String, Error> {
    Ok(test_root_pem()? + &test_old_root_pem()?)
}

/// The certificates between the test root and the cards of firmware 5.7.4 and later, in PEM.
///
/// # Errors
///
/// When one cannot be made.
pub fn test_intermediates_pem() -> Result<String, Error> {
    Issuer::TestRoot.intermediates_pem()
}

fn root(subject: &str, pem: &str, path_length: u8) -> Result<Vec<u8>, Error> {
    let extensions = vec![Extra::authority(path_length), Extra::signs_certificates()];
    let statement = Statement { subject, issuer: subject, serial: 1, to: NEVER, extensions };
    let key = fixture(subject, pem)?;
    statement.sign(certificate::public_key_info(subject, &key)?, &key)
}

fn intermediate() -> Result<Vec<u8>, Error> {
    let key = fixture(INTERMEDIATE, include_str!("../fixtures/intermediate.pem"))?;
    let signer = fixture(ROOT, include_str!("../fixtures/root.pem"))?;
    let extensions = vec![Extra::authority(2), Extra::signs_certificates()];
    Statement { subject: INTERMEDIATE, issuer: ROOT, serial: 2, to: NEVER, extensions }
        .sign(certificate::public_key_info(INTERMEDIATE, &key)?, &signer)
}

fn piv_issuer(to: u16) -> Result<Vec<u8>, Error> {
    let key = fixture(PIV_ISSUER, include_str!("../fixtures/piv-issuer.pem"))?;
    let signer = fixture(INTERMEDIATE, include_str!("../fixtures/intermediate.pem"))?;
    let extensions = vec![Extra::authority(1), Extra::signs_certificates()];
    Statement { subject: PIV_ISSUER, issuer: INTERMEDIATE, serial: 3, to, extensions }
        .sign(certificate::public_key_info(PIV_ISSUER, &key)?, &signer)
}

fn fixture(subject: &str, pem: &str) -> Result<PrivateKey, Error> {
    PrivateKey::from_pem(pem)
        .map_err(|reason| Error::Certificate { subject: subject.to_owned(), reason })
}

/// The attestation key the card comes with and its certificate, unless f9 is empty.
pub fn device(options: &Options) -> Result<Option<(PrivateKey, Vec<u8>)>, Error> {
    let issuer = options.attestation;
    if issuer == Issuer::Absent || !options.firmware.has_attestation() {
        return Ok(None);
    }
    let seeded = |seed| {
        PrivateKey::from_seed(Algorithm::P256, seed)
            .map_err(|reason| Error::Certificate { subject: DEVICE.to_owned(), reason })
    };
    if issuer == Issuer::Replaced {
        let key = seeded(0xf9)?;
        let certificate = certificate::self_signed("Attestation key of the owner", NEVER, &key)?;
        return Ok(Some((key, certificate)));
    }
    let (name, signer) = match issuer {
        Issuer::UnknownRoot => (UNKNOWN_ROOT, seeded(0)?),
        Issuer::FirstRoot => (FIRST_ROOT, first_root_key()?),
        _ if options.firmware.has_new_chain() => {
            (PIV_ISSUER, fixture(PIV_ISSUER, include_str!("../fixtures/piv-issuer.pem"))?)
        }
        _ => (OLD_ROOT, fixture(OLD_ROOT, include_str!("../fixtures/old-root.pem"))?),
    };
    let mut extensions = vec![yubico(3, options.firmware.bytes().to_vec())];
    if issuer != Issuer::NoBasicConstraints {
        extensions.push(Extra::authority(0));
    }
    if options.fips {
        extensions.push(yubico(10, vec![1]));
    }
    let key = fixture(DEVICE, include_str!("../fixtures/attestation-key.pem"))?;
    let to = if issuer == Issuer::ExpiredDevice { EXPIRED } else { NEVER };
    let statement =
        Statement { subject: DEVICE, issuer: name, serial: options.serial, to, extensions };
    let certificate = statement.sign(certificate::public_key_info(DEVICE, &key)?, &signer)?;
    Ok(Some((key, certificate)))
}

/// What the card attests of a key.
pub struct Facts<'a> {
    pub slot: u8,
    pub key: &'a PrivateKey,
    pub pin_policy: PinPolicy,
    pub touch_policy: TouchPolicy,
}

/// The attestation certificate of a slot, signed by f9, whose certificate names the issuer.
pub fn attest(
    options: &Options,
    facts: &Facts<'_>,
    device: &PrivateKey,
    device_certificate: &[u8],
) -> Result<Vec<u8>, Error> {
    let subject = format!("CN=YubiKey PIV Attestation {:02x}", facts.slot);
    let wrong = |error: x509_cert::der::Error| Error::Certificate {
        subject: subject.clone(),
        reason: error.to_string(),
    };
    let issuer = Certificate::from_der(device_certificate).map_err(wrong)?;
    let issuer = issuer.tbs_certificate().subject().to_string();
    let mut extensions = vec![
        yubico(3, options.firmware.bytes().to_vec()),
        yubico(8, vec![facts.pin_policy as u8, facts.touch_policy as u8]),
    ];
    if options.attestation != Issuer::FirstRoot {
        extensions.push(yubico(7, options.serial.to_der().map_err(wrong)?));
    }
    if options.firmware.0 >= 5 {
        extensions.push(yubico(9, vec![form_factor(options)]));
    }
    let attested = match options.attestation {
        Issuer::OtherKey => &PrivateKey::from_seed(Algorithm::P256, 1)
            .map_err(|reason| Error::Certificate { subject: subject.clone(), reason })?,
        _ => facts.key,
    };
    let serial = u32::from(facts.slot);
    let statement = Statement { subject: &subject, issuer: &issuer, serial, to: NEVER, extensions };
    let mut der = statement.sign(certificate::public_key_info(&subject, attested)?, device)?;
    if options.attestation == Issuer::BadSignature
        && let Some(last) = der.last_mut()
    {
        *last ^= 1;
    }
    Ok(der)
}

/// The form factor with the mark of the FIPS series, as in the extension and the management
/// application.
pub fn form_factor(options: &Options) -> u8 {
    options.form_factor as u8 | if options.fips { 0x80 } else { 0 }
}

fn yubico(number: u8, value: Vec<u8>) -> Extra {
    Extra { oid: format!("{ARC}.{number}"), critical: false, value }
}
