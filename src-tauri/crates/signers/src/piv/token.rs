//! What is on a YubiKey: model, firmware, attempts left, and the keys in its slots with their policies.

use countersign_envelope::key_attestation::KeyAttestation;
use countersign_envelope::public_key::PublicKey;
use countersign_envelope::yubikey_policy::{PinPolicy, TouchPolicy};
use spki::der::{self, Decode as _, Encode as _};
use x509_cert::Certificate;
use yubikey::piv::{RetiredSlotId, SlotId};
use yubikey::{MgmKey, Serial, Version};

use super::apdu::Transmit;
use super::applet::{
    Applet, KeyKind, MANAGEMENT_KEY, Metadata, Origin, PIN, PUK, leave, model, otp_serial,
};
use super::card::Connection;
use crate::certificate::CertificateFacts;
use crate::error::piv::{CardError, PinError};

/// The text that stands in a YubiKey's answer to reset, whatever its model.
const ATR_MARK: &[u8] = b"yubikey";

/// How often to read a card again that was reset while it was read.
const READ_AGAIN: usize = 3;

/// A YubiKey with a PIV application.
#[derive(Debug, Clone)]
pub struct Token {
    /// The PC/SC reader that it is, or is in.
    pub reader: String,
    /// As it is sold.
    pub model: String,
    /// Its serial; `None` if the owner has hidden it.
    pub serial: Option<u32>,
    /// Its firmware.
    pub version: Version,
    /// How many attempts of the PIN are left, if known.
    pub pin_tries: Option<u8>,
    /// How many attempts of the PUK are left, if known.
    pub puk_tries: Option<u8>,
    /// Which of its secrets are the factory's.
    pub defaults: Defaults,
    /// The keys, 9c first.
    pub keys: Vec<SlotKey>,
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

/// A key in a slot.
#[derive(Debug, Clone)]
pub struct SlotKey {
    /// Which slot.
    pub slot: SlotId,
    /// Which key it is.
    pub kind: KeyKind,
    /// Its public key; `None` if it is of a kind that signs nothing here.
    pub public_key: Option<PublicKey>,
    /// When it asks for the PIN, if known.
    pub pin_policy: Option<PinPolicy>,
    /// When it wants to be touched, where known.
    pub touch_policy: Option<TouchPolicy>,
    /// Where it was made, if known.
    pub origin: Option<Origin>,
    /// The certificate in the slot.
    pub certificate: Option<CertificateFacts>,
    /// The device's word that it was generated here.
    pub attestation: Option<KeyAttestation>,
}

/// What a card turned out to be.
#[derive(Debug)]
pub enum Seen {
    /// A YubiKey with PIV.
    YubiKey(Box<Token>),
    /// A PIV card of another make.
    OtherPiv,
    /// No PIV card.
    NotPiv,
}

impl Token {
    /// As a person calls it.
    pub fn name(&self) -> String {
        match self.serial {
            Some(serial) => format!("YubiKey {serial}"),
            None => format!("YubiKey in {}", self.reader),
        }
    }

    /// Whether the firmware reports keys and attempts (5.3 and later).
    pub fn has_metadata(&self) -> bool {
        has_metadata(self.version)
    }

    /// That no attempt at the PIN is left, and what to do about it.
    pub(super) const fn pin_blocked(&self) -> PinError {
        PinError::blocked("PIN", Some(0), self.puk_tries)
    }

    /// The key in a slot.
    pub fn key(&self, slot: SlotId) -> Option<&SlotKey> {
        self.keys.iter().find(|key| key.slot == slot)
    }

    /// Reads a card; of a YubiKey, all but its attestations. `begun` is called when the card
    /// is available, which it is not while another program has a transaction with it.
    ///
    /// # Errors
    /// Fails if the card cannot be read.
    pub fn read(reader: &str, atr: &[u8], begun: impl FnOnce()) -> Result<Seen, CardError> {
        let mut connection = Connection::open(reader)?;
        let mut seen = connection.transaction(|card| {
            begun();
            read(card, reader, atr)
        });
        // The service resets the card after a program that ended within its transaction, and that
        // may be in the midst of ours. Reading changes nothing, so that it can begin again.
        for _ in 0..READ_AGAIN {
            if !matches!(seen, Err(CardError::Reset)) {
                break;
            }
            seen = connection.transaction(|card| read(card, reader, atr));
        }
        let seen = seen?;
        Ok(match seen {
            Seen::YubiKey(token) => Seen::YubiKey(Box::new(token.look_at_management_key())),
            other => other,
        })
    }

    /// Reads the attestations of the keys that have none yet.
    ///
    /// # Errors
    /// Fails if the card cannot be read.
    pub fn read_attestations(mut self) -> Result<Self, CardError> {
        if self.keys.iter().any(SlotKey::may_attest) && attests(self.version) {
            let mut keys = std::mem::take(&mut self.keys);
            Connection::open(&self.reader)?.transaction(|card| {
                let applet = applet_of(card, &self)?;
                for key in keys.iter_mut().filter(|key| key.may_attest()) {
                    key.attestation = attestation(applet, key.slot)?;
                }
                Ok::<_, CardError>(())
            })?;
            self.keys = keys;
        }
        Ok(self)
    }

    /// Firmware without metadata does not say whether the management key is the factory's; it
    /// takes it or it does not. That key has no counter that runs out.
    fn look_at_management_key(mut self) -> Self {
        let Some(serial) = self.serial.filter(|_| !self.has_metadata()) else { return self };
        self.defaults.management_key = has_default_management_key(&self.reader, serial);
        self
    }
}

impl SlotKey {
    fn may_attest(&self) -> bool {
        self.origin != Some(Origin::Imported) && self.attestation.is_none()
    }

    /// Whether it asks for the PIN; if that is not known, it usually does.
    pub fn wants_pin(&self) -> bool {
        self.pin_policy != Some(PinPolicy::Never)
            && !(self.pin_policy.is_none() && self.slot == SlotId::CardAuthentication)
    }
}

/// The slots that may hold a signing key, 9c first, since that is the one for signatures.
pub fn slots() -> impl Iterator<Item = SlotId> {
    let first = [
        SlotId::Signature,
        SlotId::Authentication,
        SlotId::KeyManagement,
        SlotId::CardAuthentication,
    ];
    let retired = (0x82..=0x95).filter_map(|slot| RetiredSlotId::try_from(slot).ok());
    first.into_iter().chain(retired.map(SlotId::Retired))
}

/// A slot as it is written: `9c`.
pub fn slot_name(slot: SlotId) -> String {
    format!("{:02x}", u8::from(slot))
}

/// A slot from how it is written.
pub fn parse_slot(text: &str) -> Option<SlotId> {
    let number = u8::from_str_radix(text, 16).ok()?;
    slots().find(|slot| u8::from(*slot) == number)
}

/// The PIV application of the card in a token's reader, if that is still the same token.
///
/// # Errors
/// Fails if another is in its reader, or the card cannot be reached.
pub(super) fn applet_of<'c>(
    card: &'c dyn Transmit,
    token: &Token,
) -> Result<Applet<'c>, CardError> {
    let applet = Applet::select(card)?;
    let version = applet.version()?;
    let serial = serial_of(card, applet, version)?;
    if version != token.version || serial != token.serial {
        return Err(CardError::OtherCard);
    }
    // Where the serial is another application's, that one is selected now.
    Applet::select(card)
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

fn at_least(version: Version, least: [u8; 3]) -> bool {
    [version.major, version.minor, version.patch] >= least
}

fn serial_of(
    card: &dyn Transmit,
    applet: Applet<'_>,
    version: Version,
) -> Result<Option<u32>, CardError> {
    if at_least(version, [5, 0, 3]) {
        match applet.serial() {
            // No YubiKey has the serial 0: it stands for a card that has none.
            Ok(0) => {}
            Ok(serial) => return Ok(Some(serial)),
            Err(CardError::Status { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(otp_serial(card)?.filter(|serial| *serial != 0))
}

fn read(card: &dyn Transmit, reader: &str, atr: &[u8]) -> Result<Seen, CardError> {
    let applet = match Applet::select(card) {
        Ok(applet) => applet,
        Err(CardError::Status { .. }) => return Ok(Seen::NotPiv),
        Err(error) => return Err(error),
    };
    let marked = atr.to_ascii_lowercase().windows(ATR_MARK.len()).any(|text| text == ATR_MARK);
    let version = match applet.version() {
        Ok(version) => version,
        // Whatever its answer to reset says: a YubiKey knows the command.
        Err(CardError::Status { status: 0x6D00 | 0x6E00 | 0x6A81, .. }) => {
            return Ok(Seen::OtherPiv);
        }
        Err(error) if !marked && error.is_answer() => return Ok(Seen::OtherPiv),
        Err(error) => return Err(error),
    };
    let mut serial = serial_of(card, applet, version)?;
    let model = model(card)?;
    serial = serial.or(model.as_ref().and_then(|model| model.serial));
    // Other cards play some of a YubiKey's commands. Without its management application and without
    // a serial it is none, whatever its answer to reset says; one that is not marked needs both.
    let (has_serial, has_model) = (serial.is_some(), model.is_some());
    let genuine = if marked { has_serial || has_model } else { has_serial && has_model };
    if !genuine {
        return Ok(Seen::OtherPiv);
    }
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
    Ok(Seen::YubiKey(Box::new(Token {
        reader: reader.to_owned(),
        model: model.unwrap_or_default().name(),
        serial,
        version,
        pin_tries,
        puk_tries,
        defaults,
        keys,
    })))
}

/// The key in a slot, from metadata where the firmware has them, else from what the certificate in
/// the slot and the attestation say.
fn read_slot(
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
    let parsed = certificate.as_deref().and_then(|der| Certificate::from_der(der).ok());
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
        None => match (attested.as_ref(), parsed.as_ref()) {
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
        certificate: parsed.as_ref().map(CertificateFacts::of),
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
fn attested_metadata(certificate: &Certificate) -> Metadata {
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

fn key_of(certificate: &Certificate) -> Option<PublicKey> {
    let spki = certificate.tbs_certificate().subject_public_key_info().to_der().ok()?;
    PublicKey::from_der(&spki).ok()
}
