//! Yubico's own commands: those that it added to the PIV application, and those of its management
//! and OTP applications. No other card is sent them, unless it answers as a YubiKey does.

use countersign_envelope::public_key::PublicKey;
use countersign_envelope::yubikey_policy::{PinPolicy, TouchPolicy};
use countersign_problem::words;
use spki::EncodePublicKey as _;
use yubikey::Version;
use yubikey::piv::SlotId;

use super::apdu::{self, Answer, DONE, Transmit};
use super::applet::{Applet, KeyKind, MANAGEMENT, SELECT, objects, reading, value_of};
use crate::error::piv::CardError;

/// Yubico's OTP application, which knows the serial of a YubiKey 4.
const OTP: &[u8] = &[0xA0, 0x00, 0x00, 0x05, 0x27, 0x20, 0x01];

/// Which applications there are over USB, in READ CONFIG.
const SUPPORTED: u8 = 0x01;

/// The management key as a key reference.
pub const MANAGEMENT_KEY: u8 = 0x9B;

/// The answers to GET METADATA that say that there is nothing to tell (ISO/IEC 7816-4 section 5.1.3):
/// nothing of this name, or no such reference or command.
const NOTHING: [u16; 7] = [0x6A88, 0x6A82, 0x6A80, 0x6A81, 0x6A86, 0x6B00, 0x6D00];

/// Where a key was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// On the device; it has never been anywhere else.
    Generated,
    /// Elsewhere; it was brought in.
    Imported,
}

/// What GET METADATA says of a key, a PIN or a PUK (firmware 5.3 and later).
#[derive(Debug, Clone, Default)]
pub struct Metadata {
    /// Its algorithm, by the number that the card has for it.
    pub algorithm: Option<u8>,
    /// Which key it is.
    pub kind: Option<KeyKind>,
    /// When it asks for the PIN.
    pub pin_policy: Option<PinPolicy>,
    /// When it wants to be touched.
    pub touch_policy: Option<TouchPolicy>,
    /// Where it was made.
    pub origin: Option<Origin>,
    /// Its public key.
    pub public_key: Option<PublicKey>,
    /// Whether PIN, PUK or management key are the factory's.
    pub default: Option<bool>,
    /// How many attempts are left, and of how many.
    pub tries: Option<(u8, u8)>,
}

/// The model, as the management application says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Model {
    /// What it looks like, by Yubico's number, without its high bits.
    pub form: Option<u8>,
    /// Whether it is one of the FIPS series.
    pub fips: bool,
    /// Whether it can be used over NFC.
    pub nfc: bool,
    /// Its serial.
    pub serial: Option<u32>,
}

impl Model {
    /// As it is sold.
    pub fn name(&self) -> String {
        let form = match self.form {
            Some(1) if self.nfc => "YubiKey 5 NFC",
            Some(1) => "YubiKey 5A",
            Some(2) => "YubiKey 5 Nano",
            Some(3) if self.nfc => "YubiKey 5C NFC",
            Some(3) => "YubiKey 5C",
            Some(4) => "YubiKey 5C Nano",
            Some(5) => "YubiKey 5Ci",
            Some(6) => "YubiKey Bio",
            Some(7) => "YubiKey C Bio",
            _ => "YubiKey",
        };
        if self.fips { format!("{form} FIPS") } else { form.to_owned() }
    }
}

impl Applet<'_> {
    /// GET VERSION (Yubico): the firmware. Other cards do not know the command.
    ///
    /// # Errors
    /// Fails if the card refuses or cannot be reached.
    pub fn version(self) -> Result<Version, CardError> {
        let data = apdu::done(self.card, reading("GET VERSION", 0xFD, 0, 0), &[])?;
        match *data.as_slice() {
            [major, minor, patch] => Ok(Version { major, minor, patch }),
            _ => Err(CardError::Garbage(words!("card-answer-firmware"))),
        }
    }

    /// GET SERIAL (Yubico, firmware 5.0.3 and later); `None` if the card does not tell it.
    ///
    /// # Errors
    /// Fails if the card refuses or cannot be reached.
    pub fn serial(self) -> Result<Option<u32>, CardError> {
        serial(&apdu::done(self.card, reading("GET SERIAL", 0xF8, 0, 0), &[])?)
    }

    /// GET METADATA (Yubico, firmware 5.3 and later) of a slot, the PIN, the PUK or the management
    /// key; `None` if there is nothing, or the card does not know the command.
    ///
    /// # Errors
    /// Fails if the card refuses for another reason, which says nothing of what is there, or cannot be
    /// reached.
    pub fn metadata(self, reference: u8) -> Result<Option<Metadata>, CardError> {
        let get = reading("GET METADATA", 0xF7, 0, reference);
        let answer = apdu::exchange(self.card, get, &[])?;
        match answer.status {
            DONE => Ok(Some(read_metadata(&answer.data))),
            status if NOTHING.contains(&status) => Ok(None),
            status => Err(CardError::Status { command: get.name, status }),
        }
    }

    /// ATTEST (Yubico, firmware 4.3 and later): a certificate that the key in a slot was generated
    /// on this device. `None` if it was not, or the slot is empty.
    ///
    /// # Errors
    /// Fails if the card cannot be reached.
    pub fn attest(self, slot: SlotId) -> Result<Option<Vec<u8>>, CardError> {
        let attest = reading("ATTEST", 0xF9, slot.into(), 0);
        let answer = apdu::exchange(self.card, attest, &[])?;
        match answer.status {
            DONE if !answer.data.is_empty() => Ok(Some(answer.data.to_vec())),
            // Whatever the reason, there is none.
            _ => Ok(None),
        }
    }
}

/// Yubico's management application, and the model that it tells (READ CONFIG, firmware 4.1 and later).
/// `None` if the card does not have the application.
///
/// # Errors
/// Fails if the card cannot be reached.
pub fn management(card: &dyn Transmit) -> Result<Option<Option<Model>>, CardError> {
    if apdu::exchange(card, SELECT, MANAGEMENT)?.status != DONE {
        return Ok(None);
    }
    let Answer { data, status } = apdu::exchange(card, reading("READ CONFIG", 0x1D, 0, 0), &[])?;
    if status != DONE {
        return Ok(Some(None));
    }
    // A byte of length, then data objects.
    let objects = objects(data.get(1..).unwrap_or_default());
    // What can be switched on and off is always among them.
    if !objects.iter().any(|(tag, _)| *tag == SUPPORTED) {
        return Ok(Some(None));
    }
    let mut model = Model::default();
    for (tag, value) in objects {
        match (tag, value) {
            (0x02, value) => model.serial = serial(value).ok().flatten(),
            (0x04, [form]) => {
                model.form = Some(form & 0x0F);
                model.fips = form & 0x80 != 0;
            }
            (0x0D, value) => model.nfc = value.iter().any(|byte| *byte != 0),
            _ => {}
        }
    }
    Ok(Some(Some(model)))
}

/// The serial of a YubiKey 4, from its OTP application. `None` if that is switched off, or the serial hidden.
///
/// # Errors
/// Fails if the card cannot be reached.
pub fn otp_serial(card: &dyn Transmit) -> Result<Option<u32>, CardError> {
    if apdu::exchange(card, SELECT, OTP)?.status != DONE {
        return Ok(None);
    }
    let answer = apdu::exchange(card, reading("OTP SERIAL", 0x01, 0x10, 0), &[])?;
    Ok(if answer.status == DONE { serial(&answer.data).ok().flatten() } else { None })
}

/// No YubiKey has the serial 0: it stands for one that is hidden, or that there is none.
fn serial(data: &[u8]) -> Result<Option<u32>, CardError> {
    let bytes = data.try_into().map_err(|_| CardError::Garbage(words!("card-answer-serial")))?;
    Ok(Some(u32::from_be_bytes(bytes)).filter(|serial| *serial != 0))
}

fn read_metadata(data: &[u8]) -> Metadata {
    let mut metadata = Metadata::default();
    for (tag, value) in objects(data) {
        match (tag, value) {
            (1, [id]) => {
                metadata.algorithm = Some(*id);
                metadata.kind = Some(KeyKind::of(*id));
            }
            (2, [pin, touch]) => {
                metadata.pin_policy = PinPolicy::of(*pin).known();
                metadata.touch_policy = TouchPolicy::of(*touch).known();
            }
            (3, [1]) => metadata.origin = Some(Origin::Generated),
            (3, [2]) => metadata.origin = Some(Origin::Imported),
            (4, value) => {
                metadata.public_key = metadata.kind.and_then(|kind| read_public_key(kind, value));
            }
            (5, [default]) => metadata.default = Some(*default == 1),
            (6, [of, left, ..]) => metadata.tries = Some((*left, *of)),
            _ => {}
        }
    }
    metadata
}

/// A public key as the card writes it (SP 800-73-4 part 2 table 11). `None` if it is damaged, or of
/// a kind that signs nothing here.
pub(super) fn read_public_key(kind: KeyKind, data: &[u8]) -> Option<PublicKey> {
    let part = |tag| value_of(data, tag);
    match kind {
        KeyKind::P256 => {
            let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(part(0x86)?).ok()?;
            Some(PublicKey::P256(Box::new(key)))
        }
        KeyKind::P384 => {
            let key = p384::ecdsa::VerifyingKey::from_sec1_bytes(part(0x86)?).ok()?;
            Some(PublicKey::P384(Box::new(key)))
        }
        KeyKind::Ed25519 => PublicKey::ed25519(&part(0x86)?.try_into().ok()?).ok(),
        KeyKind::Rsa(2048..=4096) => {
            let number = rsa::BoxedUint::from_be_slice_vartime;
            let key = rsa::PublicKey::new(number(part(0x81)?), number(part(0x82)?)).ok()?;
            PublicKey::from_der(key.to_public_key_der().ok()?.as_bytes()).ok()
        }
        _ => None,
    }
}
