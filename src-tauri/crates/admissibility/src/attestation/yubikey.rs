//! What a YubiKey says of a key that it generated in a PIV slot: the extensions of the slot's
//! attestation certificate (Yubico, "PIV attestation").

use std::fmt;

use countersign_envelope::key_attestation::KeyAttestation;
use x509_cert::der::Decode as _;
use x509_cert::der::oid::ObjectIdentifier;

use super::AttestationError;
use super::certificate::Certificate;

/// Firmware: 3 raw bytes.
pub(super) const FIRMWARE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.41482.3.3");
/// Serial number: a DER INTEGER.
pub(super) const SERIAL: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.41482.3.7");
/// PIN and touch policy: 2 raw bytes.
pub(super) const POLICY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.41482.3.8");
/// Form factor: 1 raw byte; may be missing.
pub(super) const FORM_FACTOR: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.3.6.1.4.1.41482.3.9");
/// Certified by FIPS; only on the certificate of slot f9 as it left the factory.
pub(super) const FIPS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.41482.3.10");
/// Certified by CSPN; likewise.
pub(super) const CSPN: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.41482.3.11");

/// Whether an extension is one of those above.
pub(super) fn is_own(id: ObjectIdentifier) -> bool {
    [FIRMWARE, SERIAL, POLICY, FORM_FACTOR, FIPS, CSPN].contains(&id)
}

/// What the subject of every slot's attestation begins with; the slot follows, two hex digits.
const SUBJECT: &str = "YubiKey PIV Attestation ";

/// The subject of slot f9's certificate as it left the factory.
const DEVICE: &str = "Yubico PIV Attestation";

/// Whether a certificate has the name that Yubico gives those of slot f9.
pub(super) fn is_device(certificate: &Certificate) -> bool {
    certificate.common_name() == DEVICE
}

/// Refuses a certificate that a YubiKey made for the key in a slot as an issuer. Such a key signs
/// whatever its holder likes.
///
/// # Errors
/// Fails with [`AttestationError::SlotAsIssuer`] if it is one.
pub(super) fn check_not_of_slot(issuer: &Certificate) -> Result<(), AttestationError> {
    let name = issuer.common_name().to_lowercase();
    let is_named = name.starts_with(SUBJECT.trim_end().to_lowercase().as_str());
    match is_named || issuer.extension(POLICY).is_some() {
        true => Err(AttestationError::SlotAsIssuer { subject: issuer.subject() }),
        false => Ok(()),
    }
}

/// Whether a chain is that of the first firmware that attests: its root allows no authority below
/// itself (path length 0) and issued the certificate of slot f9 all the same.
pub(super) fn is_first_attesting(below: &[&Certificate], path: &[&Certificate]) -> bool {
    let (&[device, slot], &[root]) = (below, path) else { return false };
    let firmware = slot.extension(FIRMWARE);
    is_device(device)
        && firmware.is_some_and(|firmware| firmware.starts_with(&FIRST_ATTESTING))
        && root.path_length() == Some(0)
}

/// The first firmware that attests: 4.3.
const FIRST_ATTESTING: [u8; 2] = [4, 3];

/// What a verified attestation says of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YubikeyStatement {
    /// The slot, such as 0x9c.
    pub slot: u8,
    /// The device's serial number; `None` if it does not state one, as firmware 4.3.
    pub serial: Option<u64>,
    /// The device's firmware: major, minor, patch.
    pub firmware: [u8; 3],
    /// When the device asks for its PIN.
    pub pin: PinPolicy,
    /// When the device asks to be touched.
    pub touch: TouchPolicy,
    /// What it looks like, if it says so.
    pub form_factor: Option<FormFactor>,
    /// Whether the device was certified by FIPS when it left the factory.
    pub fips: bool,
    /// Whether the device was certified by CSPN when it left the factory.
    pub cspn: bool,
    /// Whether the certificate of slot f9 leaves out that it may issue others, as some do from the
    /// factory.
    pub lacks_constraints: bool,
    /// Whether the root issued the certificate of slot f9 although its path length is 0, as that of
    /// firmware 4.3 did.
    pub exceeds_path_length: bool,
    /// The subject of the trusted root.
    pub root: String,
}

/// When a YubiKey asks for its PIN.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PinPolicy {
    /// Never.
    Never,
    /// Once a session.
    Once,
    /// For every signature.
    Always,
    /// Once a session, a finger will do (YubiKey Bio).
    MatchOnce,
    /// For every signature, a finger will do (YubiKey Bio).
    MatchAlways,
    /// A number that is not known here.
    Other(u8),
}

/// When a YubiKey asks to be touched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TouchPolicy {
    /// Never.
    Never,
    /// For every signature.
    Always,
    /// Unless it was touched in the last 15 seconds.
    Cached,
    /// A number that is not known here.
    Other(u8),
}

/// What a YubiKey looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FormFactor(u8);

impl FormFactor {
    /// Whether it is of the FIPS series.
    pub fn is_fips(self) -> bool {
        self.0 & 0x80 != 0
    }
}

impl fmt::Display for PinPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Never => f.write_str("never"),
            Self::Once => f.write_str("once"),
            Self::Always => f.write_str("always"),
            Self::MatchOnce => f.write_str("match once"),
            Self::MatchAlways => f.write_str("match always"),
            Self::Other(number) => write!(f, "policy {number}"),
        }
    }
}

impl fmt::Display for TouchPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Never => f.write_str("never"),
            Self::Always => f.write_str("always"),
            Self::Cached => f.write_str("cached"),
            Self::Other(number) => write!(f, "policy {number}"),
        }
    }
}

impl fmt::Display for FormFactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The two high bits tell the series (ykman, `core/__init__.py`).
        match self.0 & 0x3f {
            1 => f.write_str("USB-A keychain"),
            2 => f.write_str("USB-A nano"),
            3 => f.write_str("USB-C keychain"),
            4 => f.write_str("USB-C nano"),
            5 => f.write_str("USB-C and Lightning"),
            6 => f.write_str("USB-A with fingerprint sensor"),
            7 => f.write_str("USB-C with fingerprint sensor"),
            other => write!(f, "form factor {other}"),
        }?;
        if self.is_fips() { f.write_str(", FIPS series") } else { Ok(()) }
    }
}

impl fmt::Display for YubikeyStatement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { serial, firmware: [major, minor, patch], pin, touch, .. } = self;
        match serial {
            Some(serial) => write!(f, "generated on YubiKey {serial}, ")?,
            None => f.write_str("generated on a YubiKey (serial number not stated), ")?,
        }
        write!(f, "firmware {major}.{minor}.{patch}, ")?;
        write!(f, "PIN {pin}, touch {touch}")
    }
}

impl YubikeyStatement {
    /// What is known beside the words of [`Display`](fmt::Display): slot, form, certifications,
    /// root.
    pub(super) fn details(&self) -> String {
        let mut details = vec![format!("slot {:02x}", self.slot)];
        details.extend(self.form_factor.map(|form| form.to_string()));
        details.extend(self.fips.then(|| "FIPS certified".to_owned()));
        details.extend(self.cspn.then(|| "CSPN certified".to_owned()));
        details.push(format!("trusted by {}", self.root));
        if self.lacks_constraints {
            details.push("the certificate in slot f9 has no basicConstraints".to_owned());
        }
        if self.exceeds_path_length {
            details.push(
                "its root allows no authority below it (path length 0), tolerated for firmware 4.3"
                    .to_owned(),
            );
        }
        details.join(", ")
    }
}

/// The slot that a certificate is about, by its subject.
pub(super) fn slot_of(certificate: &Certificate) -> Option<u8> {
    let name = certificate.common_name();
    parse_slot(name.strip_prefix(SUBJECT)?)
}

/// A slot that holds a key to sign with: 9a, 9c, 9d, 9e or 82 to 95 (SP 800-73-4 part 1, table 4b).
pub(super) fn parse_slot(text: &str) -> Option<u8> {
    let is_hex = text.len() == 2 && text.bytes().all(|b| b.is_ascii_hexdigit());
    let slot = u8::from_str_radix(text, 16).ok().filter(|_| is_hex)?;
    matches!(slot, 0x9a | 0x9c | 0x9d | 0x9e | 0x82..=0x95).then_some(slot)
}

/// The attestations in a number of certificates, in any order: those of slots, each with the one
/// that issued it, as `yubico-piv-tool` writes them. Other certificates are passed over.
///
/// # Errors
/// Fails with the first slot's certificate whose issuer is not among them, or without one if there
/// is not a certificate of a slot.
pub fn pairs(certificates: &[Certificate]) -> Result<Vec<KeyAttestation>, Option<String>> {
    let of_slot = |one: &&Certificate| slot_of(one).is_some();
    let mut pairs = Vec::new();
    for certificate in certificates.iter().filter(of_slot) {
        let issuers = || certificates.iter().filter(|one| certificate.is_issued_by(one));
        let signed = issuers().find(|one| certificate.verify_issued_by(one).is_ok());
        let Some(issuer) = signed.or_else(|| issuers().next()) else {
            return Err(Some(certificate.subject()));
        };
        let slot = slot_of(certificate).map(|slot| format!("{slot:02x}")).unwrap_or_default();
        let attestation = KeyAttestation::YubikeyPiv {
            slot,
            certificate: certificate.der().to_vec(),
            intermediate: issuer.der().to_vec(),
        };
        if !pairs.contains(&attestation) {
            pairs.push(attestation);
        }
    }
    if pairs.is_empty() { Err(None) } else { Ok(pairs) }
}

/// Reads the extensions of a slot's certificate.
///
/// # Errors
/// What is missing or has another form.
pub(super) fn statement(
    slot: u8,
    certificate: &Certificate,
    intermediate: &Certificate,
    lacks_constraints: bool,
    path: &[&Certificate],
) -> Result<YubikeyStatement, &'static str> {
    let firmware = certificate.extension(FIRMWARE).ok_or("the firmware is missing")?;
    let serial = certificate.extension(SERIAL).map(u64::from_der).transpose();
    let policy = certificate.extension(POLICY).ok_or("the PIN and touch policy is missing")?;
    let &[pin, touch] = policy else { return Err("the PIN and touch policy is not two bytes") };
    let form_factor = match certificate.extension(FORM_FACTOR) {
        None => None,
        Some(&[form]) => Some(FormFactor(form)),
        Some(_) => return Err("the form factor is not one byte"),
    };
    Ok(YubikeyStatement {
        slot,
        serial: serial.map_err(|_| "the serial number is not a DER integer")?,
        firmware: firmware.try_into().map_err(|_| "the firmware is not three bytes")?,
        pin: match pin {
            1 => PinPolicy::Never,
            2 => PinPolicy::Once,
            3 => PinPolicy::Always,
            4 => PinPolicy::MatchOnce,
            5 => PinPolicy::MatchAlways,
            other => PinPolicy::Other(other),
        },
        touch: match touch {
            1 => TouchPolicy::Never,
            2 => TouchPolicy::Always,
            3 => TouchPolicy::Cached,
            other => TouchPolicy::Other(other),
        },
        form_factor,
        fips: intermediate.extension(FIPS).is_some(),
        cspn: intermediate.extension(CSPN).is_some(),
        lacks_constraints,
        exceeds_path_length: is_first_attesting(&[intermediate, certificate], path),
        root: path.last().copied().unwrap_or(intermediate).subject(),
    })
}
