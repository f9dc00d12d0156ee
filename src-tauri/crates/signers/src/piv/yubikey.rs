//! What is on a YubiKey: model, firmware, attempts left, and the keys in its slots with their policies
//! and attestations.

use countersign_envelope::key_attestation::KeyAttestation;
use countersign_envelope::yubikey_policy::{PinPolicy, TouchPolicy};
use spki::der::{self, Decode as _};
use x509_cert::Certificate;
use yubikey::piv::SlotId;
use yubikey::{MgmKey, Serial};

pub use yubikey::Version;

use super::apdu::Transmit;
use super::applet::{Applet, KeyKind, PIN, PUK, leave};
use super::card::Connection;
use super::card_id::CardId;
use super::token::{Make, SlotKey, Token, key_of, slot_name, slots};
use super::yubico::{self, MANAGEMENT_KEY, Metadata, Model, Origin, otp_serial};
use crate::certificate::{CertificateFacts, DeviceCertificate};
use crate::error::piv::CardError;

/// What a YubiKey says of itself, beyond what every PIV card says.
#[derive(Debug, Clone)]
pub struct YubiKey {
    /// As it is sold.
    pub model: String,
    /// Its serial; `None` if the owner has hidden it.
    pub serial: Option<u32>,
    /// What tells it from others if its serial is hidden; `None` if nothing does, or nothing has to.
    pub id: Option<CardId>,
    /// Its firmware.
    pub version: Version,
    /// How many attempts of the PUK are left, if known.
    pub puk_tries: Option<u8>,
    /// Which of its secrets are the factory's.
    pub defaults: Defaults,
}

/// Whether secrets are the factory's; `None` if that is not known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Defaults {
    /// The PIN (123456).
    pub pin: Option<bool>,
    /// The PUK (12345678).
    pub puk: Option<bool>,
    /// The management key.
    pub management_key: Option<bool>,
}

impl YubiKey {
    /// Whether the firmware reports keys and attempts (5.3 and later).
    pub fn has_metadata(&self) -> bool {
        has_metadata(self.version)
    }

    /// Whether the firmware attests keys (4.3 and later).
    pub(super) fn attests(&self) -> bool {
        attests(self.version)
    }

    /// Whether the YubiKey in a reader is this one. Its PIV application is left.
    pub(super) fn is_in(&self, card: &dyn Transmit, applet: Applet<'_>) -> Result<bool, CardError> {
        let version = applet.version()?;
        if version != self.version {
            return Ok(false);
        }
        let serial = match serial_of(card, applet, version)? {
            Some(serial) => Some(serial),
            None => yubico::management(card)?.and_then(|told| told?.serial),
        };
        Ok(serial == self.serial && id_of(card, serial)? == self.id)
    }

    /// Firmware without metadata does not say whether the management key is the factory's; it
    /// takes it or it does not. That key has no counter that runs out.
    pub(super) fn look_at_management_key(&mut self, reader: &str) {
        if let Some(serial) = self.serial.filter(|_| !self.has_metadata()) {
            self.defaults.management_key = has_default_management_key(reader, serial);
        }
    }
}

/// What makes a card a YubiKey.
struct Recognised {
    version: Version,
    serial: Option<u32>,
    model: Model,
}

/// Reads a card if it is a YubiKey. The PIV application of the card is selected, and may be left.
pub(super) fn read(card: &dyn Transmit, reader: &str) -> Result<Option<Token>, CardError> {
    let Some(Recognised { version, serial, model }) = recognise(card)? else {
        return Ok(None);
    };
    let id = id_of(card, serial)?;
    let applet = Applet::select(card)?;
    let mut defaults = Defaults::default();
    let (mut pin_tries, mut puk_tries) = (None, None);
    if has_metadata(version) {
        let of = |reference| applet.metadata(reference).map(Option::unwrap_or_default);
        let (pin, puk, management) = (of(PIN)?, of(PUK)?, of(MANAGEMENT_KEY)?);
        pin_tries = pin.tries.map(|(left, _)| left);
        puk_tries = puk.tries.map(|(left, _)| left);
        defaults =
            Defaults { pin: pin.default, puk: puk.default, management_key: management.default };
    }
    if pin_tries.is_none() {
        pin_tries = applet.pin_state()?.left();
    }
    let mut keys = Vec::new();
    for slot in slots() {
        keys.extend(read_slot(applet, version, slot)?);
    }
    let yubikey = YubiKey { model: model.name(), serial, id, version, puk_tries, defaults };
    Ok(Some(Token { reader: reader.to_owned(), make: Make::YubiKey(yubikey), pin_tries, keys }))
}

/// Whether a card is a YubiKey: it has Yubico's management application and tells its firmware. Its
/// answer to reset proves nothing, since other cards have the same; nor do firmware and serial alone,
/// since free applets play the commands that Yubico added to PIV. Other cards are not sent them.
fn recognise(card: &dyn Transmit) -> Result<Option<Recognised>, CardError> {
    let Some(told) = yubico::management(card)? else { return Ok(None) };
    let applet = Applet::select(card)?;
    let version = match applet.version() {
        Ok(version) => version,
        Err(error) if error.is_answer() => return Ok(None),
        Err(error) => return Err(error),
    };
    let serial = match serial_of(card, applet, version) {
        Err(error) if error.is_answer() => None,
        serial => serial?,
    };
    let model = match told {
        Some(model) => model,
        // Before 4.1 the management application does not tell the model.
        None if (version.major, version.minor) < (4, 1) && serial.is_some() => Model::default(),
        None => return Ok(None),
    };
    let serial = serial.or(model.serial);
    Ok(Some(Recognised { version, serial, model }))
}

/// The key in a slot, from metadata where the firmware has them, else from what the certificate in
/// the slot and the attestation say.
pub(super) fn read_slot(
    applet: Applet<'_>,
    version: Version,
    slot: SlotId,
) -> Result<Option<SlotKey>, CardError> {
    let metadata = match has_metadata(version) {
        true => applet.metadata(u8::from(slot))?,
        false => None,
    };
    // Without a key there is nothing to sign with, whatever certificate may be there.
    if has_metadata(version) && metadata.is_none() && version.major < 6 {
        return Ok(None);
    }
    let certificate = applet.certificate(slot)?;
    let certificate = certificate.and_then(DeviceCertificate::read);
    let parsed = certificate.as_ref().map(|one| &one.parsed);
    let mut attestation = None;
    if metadata.is_none() && attests(version) {
        attestation = self::attestation(applet, slot)?;
    }
    let attested = match &attestation {
        Some(KeyAttestation::YubikeyPiv { certificate, .. }) => {
            Certificate::from_der(certificate).ok()
        }
        _ => None,
    };
    let Metadata { kind, pin_policy, touch_policy, origin, public_key, .. } = match metadata {
        Some(metadata) => metadata,
        None => match (attested.as_ref(), parsed) {
            (Some(certificate), _) => attested_metadata(certificate),
            (None, Some(certificate)) => {
                // Not attested though the firmware could: it was brought in.
                let origin = attests(version).then_some(Origin::Imported);
                Metadata { origin, public_key: key_of(certificate), ..Metadata::default() }
            }
            (None, None) => return Ok(None),
        },
    };
    let kind = kind.or_else(|| public_key.as_ref().map(KeyKind::of_public));
    if kind.is_none() && parsed.is_none() {
        // An answer about a slot in which there is nothing.
        return Ok(None);
    }
    Ok(Some(SlotKey {
        slot,
        kind: kind.unwrap_or(KeyKind::Unknown(0)),
        public_key,
        pin_policy,
        touch_policy,
        origin,
        certificate: certificate.as_ref().map(|one| CertificateFacts::of(one, &[])),
        attestation,
    }))
}

/// The attestation of the key in a slot, with that of the attestation key.
pub(super) fn attestation(
    applet: Applet<'_>,
    slot: SlotId,
) -> Result<Option<KeyAttestation>, CardError> {
    let Some(certificate) = applet.attest(slot)? else { return Ok(None) };
    let intermediate = applet.certificate(SlotId::Attestation)?;
    let of = |intermediate| KeyAttestation::YubikeyPiv {
        slot: slot_name(slot),
        certificate,
        intermediate,
    };
    Ok(intermediate.map(of))
}

/// What an attestation says of a key: Yubico's extension .8 has PIN and touch policy.
pub(super) fn attested_metadata(certificate: &Certificate) -> Metadata {
    const POLICY: der::asn1::ObjectIdentifier =
        der::asn1::ObjectIdentifier::new_unwrap("1.3.6.1.4.1.41482.3.8");
    let extensions = certificate.tbs_certificate().extensions().map(Vec::as_slice);
    let policy = extensions.unwrap_or_default().iter().find(|one| one.extn_id == POLICY);
    let policy = policy.map(|one| one.extn_value.as_bytes());
    let (pin_policy, touch_policy) = match policy {
        Some([pin, touch]) => (PinPolicy::of(*pin).known(), TouchPolicy::of(*touch).known()),
        _ => (None, None),
    };
    Metadata {
        pin_policy,
        touch_policy,
        origin: Some(Origin::Generated),
        public_key: key_of(certificate),
        ..Metadata::default()
    }
}

fn serial_of(
    card: &dyn Transmit,
    applet: Applet<'_>,
    version: Version,
) -> Result<Option<u32>, CardError> {
    if at_least(version, [5, 0, 3]) {
        match applet.serial() {
            Ok(None) | Err(CardError::Status { .. }) => {}
            serial => return serial,
        }
    }
    otp_serial(card)
}

/// What tells a YubiKey from others if its serial does not.
fn id_of(card: &dyn Transmit, serial: Option<u32>) -> Result<Option<CardId>, CardError> {
    match serial {
        Some(_) => Ok(None),
        None => CardId::of_yubikey(Applet::select(card)?),
    }
}

/// Whether a YubiKey takes the factory's management key; `None` if it cannot be asked. It is left
/// as it was found, neither reset nor authenticated.
fn has_default_management_key(reader: &str, serial: u32) -> Option<bool> {
    let mut context = yubikey::reader::Context::open().ok()?;
    let readers = context.iter().ok()?;
    let mut yubikey = readers.into_iter().find(|one| one.name() == reader)?.open().ok()?;
    let asked = yubikey.serial() == Serial(serial);
    let taken = asked.then(|| yubikey.authenticate(MgmKey::default()).is_ok());
    // Where either fails the card has gone, and its state with it.
    let _ = yubikey.disconnect(pcsc::Disposition::LeaveCard);
    let _ = Connection::open(reader).and_then(|mut connection| connection.transaction(leave));
    taken
}

fn has_metadata(version: Version) -> bool {
    at_least(version, [5, 3, 0])
}

fn attests(version: Version) -> bool {
    at_least(version, [4, 3, 0])
}

pub(super) fn at_least(version: Version, least: [u8; 3]) -> bool {
    [version.major, version.minor, version.patch] >= least
}
