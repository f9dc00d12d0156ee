//! What is on a PIV card: attempts left, and the keys in its slots with their policies. A YubiKey says
//! more of itself than the standard has; any other card is used by the standard alone.

use countersign_envelope::key_attestation::KeyAttestation;
use countersign_envelope::public_key::PublicKey;
use countersign_envelope::yubikey_policy::{PinPolicy, TouchPolicy};
use countersign_problem::visible::visible;
use countersign_problem::{Words, words};
use spki::der::Encode as _;
use x509_cert::Certificate;
use yubikey::piv::RetiredSlotId;

pub use yubikey::piv::SlotId;

use super::apdu::Transmit;
use super::applet::{Applet, KeyKind};
use super::card::Connection;
use super::card_id::CardId;
use super::standard::{self, StandardCard};
use super::yubico::Origin;
use super::yubikey::{YubiKey, attestation};
use crate::certificate::CertificateFacts;
use crate::error::piv::{CardError, PinError};

/// How often to read a card again that was reset while it was read.
const READ_AGAIN: usize = 3;

/// A card with a PIV application.
#[derive(Debug, Clone)]
pub struct Token {
    /// The PC/SC reader that it is, or is in.
    pub reader: String,
    /// What it is, and says of itself.
    pub make: Make,
    /// How many attempts of the PIN are left, if known.
    pub pin_tries: Option<u8>,
    /// The keys, 9c first.
    pub keys: Vec<SlotKey>,
}

/// What a PIV card is.
#[derive(Debug, Clone)]
pub enum Make {
    /// A YubiKey.
    YubiKey(YubiKey),
    /// A card of any other make, used by the standard alone.
    Standard(StandardCard),
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

impl Token {
    /// As a person calls it.
    pub fn name(&self) -> Words {
        let reader = || visible(&self.reader);
        match &self.make {
            Make::YubiKey(YubiKey { serial: Some(serial), .. }) => {
                words!("token-yubikey", serial = serial.to_string())
            }
            Make::YubiKey(_) => words!("token-yubikey-in", reader = reader()),
            Make::Standard(StandardCard { id: Some(id), .. }) => {
                words!("token-card", id = id.short())
            }
            Make::Standard(_) => words!("token-card-in", reader = reader()),
        }
    }

    /// The YubiKey, if it is one.
    pub const fn yubikey(&self) -> Option<&YubiKey> {
        match &self.make {
            Make::YubiKey(yubikey) => Some(yubikey),
            Make::Standard(_) => None,
        }
    }

    /// The serial of a YubiKey, if it tells it.
    pub fn serial(&self) -> Option<u32> {
        self.yubikey()?.serial
    }

    /// What identifies a card that tells no serial, if it has something that does.
    pub const fn card_id(&self) -> Option<&CardId> {
        match &self.make {
            Make::YubiKey(yubikey) => yubikey.id.as_ref(),
            Make::Standard(card) => card.id.as_ref(),
        }
    }

    /// Whether it can be told from every other card.
    pub fn is_identified(&self) -> bool {
        self.serial().is_some() || self.card_id().is_some()
    }

    /// Checks that it can be, so that no secret of this one is sent to another, and nothing that is
    /// begun on this one is continued on another.
    pub(super) fn check_identified(&self) -> Result<(), CardError> {
        match self.is_identified() {
            true => Ok(()),
            false => Err(CardError::Unidentified),
        }
    }

    /// How many attempts of the PUK are left, if known.
    pub fn puk_tries(&self) -> Option<u8> {
        self.yubikey()?.puk_tries
    }

    /// That no attempt at the PIN is left, and what to do about it.
    pub(super) fn pin_blocked(&self) -> PinError {
        match &self.make {
            Make::YubiKey(yubikey) => PinError::blocked("PIN", Some(0), yubikey.puk_tries),
            Make::Standard(_) => PinError::BlockedOnCard,
        }
    }

    /// Reads a card; of a YubiKey, all but its attestations. `begun` is called when the card
    /// is available, which it is not while another program has a transaction with it. `None` if it
    /// has no PIV application.
    ///
    /// # Errors
    /// Fails if the card cannot be read.
    pub fn read(reader: &str, begun: impl FnOnce()) -> Result<Option<Self>, CardError> {
        let mut connection = Connection::open(reader)?;
        let mut read = connection.transaction(|card| {
            begun();
            Self::read_in(card, reader)
        });
        // The service resets the card after a program that ended within its transaction, and that
        // may be in the midst of ours. Reading changes nothing, so that it can begin again.
        for _ in 0..READ_AGAIN {
            if !matches!(read, Err(CardError::Reset)) {
                break;
            }
            read = connection.transaction(|card| Self::read_in(card, reader));
        }
        let mut token = read?;
        if let Some(Self { make: Make::YubiKey(yubikey), .. }) = &mut token {
            yubikey.look_at_management_key(reader);
        }
        Ok(token)
    }

    /// As [`Self::read`], within a transaction.
    ///
    /// # Errors
    /// Fails if the card cannot be read.
    pub fn read_in(card: &dyn Transmit, reader: &str) -> Result<Option<Self>, CardError> {
        match Applet::select(card) {
            Ok(_) => {}
            Err(CardError::Status { .. }) => return Ok(None),
            Err(error) => return Err(error),
        }
        match super::yubikey::read(card, reader)? {
            Some(token) => Ok(Some(token)),
            None => standard::read(card, reader).map(Some),
        }
    }

    /// Reads the attestations of the keys that have none yet. Only YubiKeys attest.
    ///
    /// # Errors
    /// Fails if the card cannot be read.
    pub fn read_attestations(mut self) -> Result<Self, CardError> {
        let attests = self.yubikey().is_some_and(YubiKey::attests);
        if attests && self.keys.iter().any(SlotKey::may_attest) {
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
    match &token.make {
        Make::YubiKey(yubikey) if yubikey.is_in(card, applet)? => Applet::select(card),
        Make::Standard(known) if known.is_in(applet)? => Ok(applet.with_pin(known.pin)),
        Make::YubiKey(_) | Make::Standard(_) => Err(CardError::OtherCard),
    }
}

pub(super) fn key_of(certificate: &Certificate) -> Option<PublicKey> {
    let spki = certificate.tbs_certificate().subject_public_key_info().to_der().ok()?;
    PublicKey::from_der(&spki).ok()
}
