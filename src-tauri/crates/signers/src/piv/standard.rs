//! A PIV card that is used by the standard alone (SP 800-73-4): whoever made it, and whatever else it
//! may know. Its keys are those that it has certificates for; what the standard does not have, such
//! as a touch, where a key was made, or an attestation, is not assumed.

use countersign_envelope::yubikey_policy::PinPolicy;
use yubikey::piv::SlotId;

use super::apdu::Transmit;
use super::applet::{Applet, KeyKind, PinReference};
use super::card_id::CardId;
use super::token::{Make, SlotKey, Token, key_of, slots};
use crate::certificate::{CertificateFacts, DeviceCertificate};
use crate::error::piv::CardError;

/// What a PIV card says of itself.
#[derive(Debug, Clone)]
pub struct StandardCard {
    /// Which card it is, if it has something that says so.
    pub id: Option<CardId>,
    /// Which PIN opens its keys.
    pub pin: PinReference,
}

impl StandardCard {
    /// Whether the card in a reader is this one. Of two cards without an identifier that is not known.
    pub(super) fn is_in(&self, applet: Applet<'_>) -> Result<bool, CardError> {
        Ok(CardId::read(applet)? == self.id)
    }
}

/// Reads a card.
pub(super) fn read(card: &dyn Transmit, reader: &str) -> Result<Token, CardError> {
    let applet = Applet::select(card)?;
    let pin = applet.pin_reference()?;
    let applet = applet.with_pin(pin);
    let id = CardId::read(applet)?;
    let pin_tries = applet.pin_state()?.left();
    let mut keys = Vec::new();
    for slot in slots() {
        keys.extend(read_slot(applet, slot)?);
    }
    let make = Make::Standard(StandardCard { id, pin });
    Ok(Token { reader: reader.to_owned(), make, pin_tries, keys })
}

/// The key in a slot: the one that the certificate in it names. Without a certificate it is not known
/// which key it is, nor whether there is one.
pub(super) fn read_slot(applet: Applet<'_>, slot: SlotId) -> Result<Option<SlotKey>, CardError> {
    let certificate = applet.certificate(slot)?;
    let certificate = certificate.and_then(DeviceCertificate::read);
    let Some(certificate) = certificate else { return Ok(None) };
    let public_key = key_of(&certificate.parsed);
    Ok(Some(SlotKey {
        slot,
        kind: public_key.as_ref().map_or(KeyKind::Unknown(0), KeyKind::of_public),
        public_key,
        pin_policy: Some(pin_policy(slot)),
        touch_policy: None,
        origin: None,
        certificate: Some(CertificateFacts::of(&certificate, &[])),
        attestation: None,
    }))
}

/// When the standard has a slot ask for the PIN (SP 800-73-4 part 1 table 4).
fn pin_policy(slot: SlotId) -> PinPolicy {
    match slot {
        SlotId::Signature => PinPolicy::Always,
        SlotId::CardAuthentication => PinPolicy::Never,
        _ => PinPolicy::Once,
    }
}
