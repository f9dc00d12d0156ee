//! The commands of the PIV application (SP 800-73-4 part 2 section 3) and of Yubico's extensions to
//! it, as far as a signing station needs them: it reads, takes a PIN, and signs.

use std::io::Read as _;

use countersign_envelope::public_key::PublicKey;
use countersign_envelope::signature::Algorithm;
use countersign_envelope::yubikey_policy::{PinPolicy, TouchPolicy};
use countersign_problem::{Words, words};
use flexiber::{Decoder, Encodable as _, SimpleTag, TagLike as _, TaggedSlice};
use sha2::{Digest as _, Sha256, Sha384};
use spki::EncodePublicKey as _;
use yubikey::Version;
use yubikey::piv::SlotId;
use zeroize::Zeroizing;

use super::apdu::{self, Answer, Command, DONE, Transmit};
use crate::error::piv::CardError;

/// The application identifier of PIV with its version (SP 800-73-4 part 1 section 2.2).
const PIV: [u8; 11] = [0xA0, 0x00, 0x00, 0x03, 0x08, 0x00, 0x00, 0x10, 0x00, 0x01, 0x00];
/// How many bytes of it a card is selected by: the standard's right-truncated form (part 2 section
/// 3.1.1), the whole, and the provider alone, which some older cards want.
const SELECTED_BY: [usize; 3] = [9, 11, 5];
/// Yubico's management application, which knows model and serial.
const MANAGEMENT: &[u8] = &[0xA0, 0x00, 0x00, 0x05, 0x27, 0x47, 0x11, 0x17];
/// Yubico's OTP application, which knows the serial of a YubiKey 4.
const OTP: &[u8] = &[0xA0, 0x00, 0x00, 0x05, 0x27, 0x20, 0x01];

/// The PIN as a key reference (SP 800-73-4 part 1 table 4).
pub const PIN: u8 = 0x80;
/// The PIN unblocking key as a key reference.
pub const PUK: u8 = 0x81;
/// The management key as a key reference.
pub const MANAGEMENT_KEY: u8 = 0x9B;
/// How many bytes a PIN or PUK is sent as, filled up with FF.
pub const PADDED: usize = 8;
/// A PIN or PUK as it is sent. Behind a pointer, so that handing it on leaves no copy behind.
pub type Padded = Zeroizing<Vec<u8>>;

/// Largest certificate that is unpacked, in bytes.
const MAX_CERTIFICATE: u64 = 64 * 1024;

/// Which key it is, by the algorithm identifiers of SP 800-78-5 table 9 and of Yubico.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyKind {
    /// RSA of so many bits.
    Rsa(u16),
    /// ECDSA on P-256.
    P256,
    /// ECDSA on P-384.
    P384,
    /// Ed25519.
    Ed25519,
    /// X25519, which cannot sign.
    X25519,
    /// Something newer.
    Unknown(u8),
}

impl KeyKind {
    /// By its identifier on the card.
    pub const fn of(id: u8) -> Self {
        match id {
            0x05 => Self::Rsa(3072),
            0x06 => Self::Rsa(1024),
            0x07 => Self::Rsa(2048),
            0x16 => Self::Rsa(4096),
            0x11 => Self::P256,
            0x14 => Self::P384,
            0xE0 => Self::Ed25519,
            0xE1 => Self::X25519,
            other => Self::Unknown(other),
        }
    }

    /// Its identifier on the card; `None` if it cannot sign.
    pub const fn id(self) -> Option<u8> {
        match self {
            Self::Rsa(3072) => Some(0x05),
            Self::Rsa(2048) => Some(0x07),
            Self::Rsa(4096) => Some(0x16),
            Self::P256 => Some(0x11),
            Self::P384 => Some(0x14),
            Self::Ed25519 => Some(0xE0),
            Self::Rsa(_) | Self::X25519 | Self::Unknown(_) => None,
        }
    }

    /// How it signs here; `None` if it cannot.
    pub fn algorithm(self) -> Option<Algorithm> {
        self.id()?;
        match self {
            Self::P256 => Some(Algorithm::EcdsaP256Sha256),
            Self::P384 => Some(Algorithm::EcdsaP384Sha384),
            Self::Ed25519 => Some(Algorithm::Ed25519),
            Self::Rsa(_) => Some(Algorithm::RsaPkcs1v15Sha256),
            Self::X25519 | Self::Unknown(_) => None,
        }
    }

    /// What a public key is.
    pub fn of_public(key: &PublicKey) -> Self {
        use rsa::traits::PublicKeyParts as _;
        match key {
            PublicKey::Ed25519(_) => Self::Ed25519,
            PublicKey::P256(_) => Self::P256,
            PublicKey::P384(_) => Self::P384,
            PublicKey::Rsa(key) => {
                Self::Rsa(u16::try_from(key.n().bit_width()).unwrap_or(u16::MAX))
            }
        }
    }
}

impl KeyKind {
    /// In words.
    pub fn words(self) -> Words {
        match self {
            Self::Rsa(bits) => Words::text(format!("RSA {bits}")),
            Self::P256 => Words::text("ECC P-256"),
            Self::P384 => Words::text("ECC P-384"),
            Self::Ed25519 => Words::text("Ed25519"),
            Self::X25519 => Words::text("X25519"),
            Self::Unknown(0) => words!("key-kind-unknown"),
            Self::Unknown(id) => words!("key-kind-unknown-number", number = format!("{id:02X}")),
        }
    }
}

/// In English.
impl std::fmt::Display for KeyKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.words().fmt(f)
    }
}

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

/// What an empty VERIFY says (SP 800-73-4 part 2 section 3.2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PinState {
    /// So many attempts are left.
    Left(u8),
    /// None is left.
    Blocked,
    /// The PIN is verified at this moment; the number of attempts left is not known.
    Verified,
}

impl PinState {
    /// How many attempts are left; `None` if the card does not say.
    pub const fn left(self) -> Option<u8> {
        match self {
            Self::Left(left) => Some(left),
            Self::Blocked => Some(0),
            Self::Verified => None,
        }
    }
}

/// The outcome of a PIN or PUK that was sent. The card has counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PinAnswer {
    /// It was right.
    Right,
    /// It was wrong; so many attempts are left.
    Wrong(u8),
    /// It was wrong or not looked at: no try is left.
    Blocked,
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

/// The PIV application of a card, in a transaction.
#[derive(Clone, Copy)]
pub struct Applet<'c>(&'c dyn Transmit);

impl<'c> Applet<'c> {
    /// Selects the application.
    ///
    /// # Errors
    /// Fails if the card has none, or cannot be reached.
    pub fn select(card: &'c dyn Transmit) -> Result<Self, CardError> {
        let mut refused = CardError::Garbage(words!("card-answer-not-piv"));
        for length in SELECTED_BY {
            match apdu::done(card, select(), PIV.get(..length).unwrap_or(&PIV)) {
                Ok(_) => return Ok(Self(card)),
                Err(error @ CardError::Status { .. }) => refused = error,
                Err(error) => return Err(error),
            }
        }
        Err(refused)
    }

    /// GET VERSION (Yubico): the firmware. Other cards do not know the command.
    ///
    /// # Errors
    /// Fails if the card refuses or cannot be reached.
    pub fn version(self) -> Result<Version, CardError> {
        let data = apdu::done(self.0, command("GET VERSION", 0xFD, 0, 0), &[])?;
        match *data.as_slice() {
            [major, minor, patch] => Ok(Version { major, minor, patch }),
            _ => Err(CardError::Garbage(words!("card-answer-firmware"))),
        }
    }

    /// GET SERIAL (Yubico, firmware 5.0.3 and later).
    ///
    /// # Errors
    /// Fails if the card refuses or cannot be reached.
    pub fn serial(self) -> Result<u32, CardError> {
        serial(&apdu::done(self.0, command("GET SERIAL", 0xF8, 0, 0), &[])?)
    }

    /// How many attempts of the PIN are left. Costs none.
    ///
    /// # Errors
    /// Fails if the card answers otherwise or cannot be reached.
    pub fn pin_state(self) -> Result<PinState, CardError> {
        let verify = command("VERIFY", 0x20, 0, PIN);
        match apdu::exchange(self.0, verify, &[])?.status {
            DONE => Ok(PinState::Verified),
            0x6983 => Ok(PinState::Blocked),
            status if status & 0xFFF0 == 0x63C0 => Ok(match status & 0xF {
                0 => PinState::Blocked,
                left => PinState::Left(left.to_be_bytes()[1]),
            }),
            status => Err(CardError::Status { command: verify.name, status }),
        }
    }

    /// VERIFY (SP 800-73-4 part 2 section 3.2.1): sends the PIN, once.
    ///
    /// # Errors
    /// Fails if the card answers otherwise or cannot be reached.
    pub fn verify(self, pin: &Padded) -> Result<PinAnswer, CardError> {
        let verify = command("VERIFY", 0x20, 0, PIN);
        pin_answer(verify, apdu::exchange(self.0, verify, pin)?.status)
    }

    /// CHANGE REFERENCE DATA (section 3.2.2): another PIN or PUK, by the one before.
    ///
    /// # Errors
    /// Fails if the card answers otherwise or cannot be reached.
    pub fn change(
        self,
        reference: u8,
        current: &Padded,
        new: &Padded,
    ) -> Result<PinAnswer, CardError> {
        let change = command("CHANGE REFERENCE DATA", 0x24, 0, reference);
        pin_answer(change, apdu::exchange(self.0, change, &both(current, new))?.status)
    }

    /// RESET RETRY COUNTER (section 3.2.3): another PIN, by the PUK.
    ///
    /// # Errors
    /// Fails if the card answers otherwise or cannot be reached.
    pub fn unblock(self, puk: &Padded, new: &Padded) -> Result<PinAnswer, CardError> {
        let reset = command("RESET RETRY COUNTER", 0x2C, 0, PIN);
        pin_answer(reset, apdu::exchange(self.0, reset, &both(puk, new))?.status)
    }

    /// GET METADATA (Yubico, firmware 5.3 and later) of a slot, the PIN, the PUK or the management
    /// key; `None` if there is nothing.
    ///
    /// # Errors
    /// Fails if the answer cannot be read or the card cannot be reached.
    pub fn metadata(self, reference: u8) -> Result<Option<Metadata>, CardError> {
        let get = command("GET METADATA", 0xF7, 0, reference);
        let answer = apdu::exchange(self.0, get, &[])?;
        match answer.status {
            DONE => Ok(Some(read_metadata(&answer.data))),
            // Nothing there, or, on a card that only plays a YubiKey, not known at all: either way
            // there is nothing to go by.
            _ => Ok(None),
        }
    }

    /// The certificate in a slot, DER; `None` if there is none (SP 800-73-4 part 1 table 3).
    ///
    /// # Errors
    /// Fails if the object cannot be read or the card cannot be reached.
    pub fn certificate(self, slot: SlotId) -> Result<Option<Vec<u8>>, CardError> {
        let Some(object) = object_of(slot) else { return Ok(None) };
        let get = command("GET DATA", 0xCB, 0x3F, 0xFF);
        let answer = apdu::exchange(self.0, get, &[&[0x5C, 3], object.as_slice()].concat())?;
        match answer.status {
            // An unreadable certificate counts as none: the key beside it may be fine.
            DONE => Ok(read_certificate(&answer.data)),
            _ => Ok(None),
        }
    }

    /// ATTEST (Yubico, firmware 4.3 and later): a certificate that the key in a slot was generated
    /// on this device. `None` if it was not, or the slot is empty.
    ///
    /// # Errors
    /// Fails if the card cannot be reached.
    pub fn attest(self, slot: SlotId) -> Result<Option<Vec<u8>>, CardError> {
        let attest = command("ATTEST", 0xF9, slot.into(), 0);
        let answer = apdu::exchange(self.0, attest, &[])?;
        match answer.status {
            DONE if !answer.data.is_empty() => Ok(Some(answer.data.to_vec())),
            // Whatever the reason, there is none.
            _ => Ok(None),
        }
    }

    /// GENERAL AUTHENTICATE (SP 800-73-4 part 2 section 3.2.4): signs the input, which is already
    /// in the form of the algorithm. Gives the status word where the card did not sign.
    ///
    /// # Errors
    /// Fails if the answer cannot be read or the card cannot be reached.
    pub fn sign(
        self,
        algorithm: u8,
        slot: SlotId,
        input: &[u8],
    ) -> Result<Result<Vec<u8>, u16>, CardError> {
        // An empty response to be filled in, and the challenge.
        let template = object(0x7C, &[object(0x82, &[])?, object(0x81, input)?].concat())?;
        let sign = command("GENERAL AUTHENTICATE", 0x87, algorithm, slot.into());
        let answer = apdu::exchange(self.0, sign, &template)?;
        if answer.status != DONE {
            return Ok(Err(answer.status));
        }
        match value_of(&answer.data, 0x7C).and_then(|template| value_of(template, 0x82)) {
            Some(signature) => Ok(Ok(signature.to_vec())),
            None => Err(CardError::Garbage(words!("card-answer-no-signature"))),
        }
    }
}

/// Leaves the PIV application, which makes the card forget that the PIN was verified (SP 800-73-4
/// part 2 section 3.1.1).
///
/// # Errors
/// Fails if the card cannot be reached. A missing application is not an error.
pub fn leave(card: &dyn Transmit) -> Result<(), CardError> {
    apdu::exchange(card, select(), MANAGEMENT).map(drop)
}

/// The model, from Yubico's management application (READ CONFIG). `None` if the card does not have it.
///
/// # Errors
/// Fails if the card cannot be reached.
pub fn model(card: &dyn Transmit) -> Result<Option<Model>, CardError> {
    if apdu::exchange(card, select(), MANAGEMENT)?.status != DONE {
        return Ok(None);
    }
    let Answer { data, status } = apdu::exchange(card, command("READ CONFIG", 0x1D, 0, 0), &[])?;
    if status != DONE {
        return Ok(None);
    }
    let mut model = Model::default();
    // A byte of length, then data objects.
    for (tag, value) in objects(data.get(1..).unwrap_or_default()) {
        match (tag, value) {
            (0x02, value) if value.len() == 4 => model.serial = serial(value).ok(),
            (0x04, [form]) => {
                model.form = Some(form & 0x0F);
                model.fips = form & 0x80 != 0;
            }
            (0x0D, value) => model.nfc = value.iter().any(|byte| *byte != 0),
            _ => {}
        }
    }
    Ok(Some(model))
}

/// The serial of a YubiKey 4, from its OTP application. `None` if that is switched off.
///
/// # Errors
/// Fails if the card cannot be reached.
pub fn otp_serial(card: &dyn Transmit) -> Result<Option<u32>, CardError> {
    if apdu::exchange(card, select(), OTP)?.status != DONE {
        return Ok(None);
    }
    let answer = apdu::exchange(card, command("OTP SERIAL", 0x01, 0x10, 0), &[])?;
    Ok(if answer.status == DONE { serial(&answer.data).ok() } else { None })
}

/// Two secrets one after the other, in memory that is wiped and nowhere else.
fn both(known: &Padded, new: &Padded) -> Zeroizing<Vec<u8>> {
    let mut both = Zeroizing::new(Vec::with_capacity(2 * PADDED));
    both.extend_from_slice(known);
    both.extend_from_slice(new);
    both
}

const fn command(name: &'static str, ins: u8, p1: u8, p2: u8) -> Command {
    Command { name, ins, p1, p2 }
}

const fn select() -> Command {
    command("SELECT", 0xA4, 4, 0)
}

fn serial(data: &[u8]) -> Result<u32, CardError> {
    let bytes = data.try_into().map_err(|_| CardError::Garbage(words!("card-answer-serial")))?;
    Ok(u32::from_be_bytes(bytes))
}

fn pin_answer(command: Command, status: u16) -> Result<PinAnswer, CardError> {
    match status {
        DONE => Ok(PinAnswer::Right),
        0x6983 | 0x63C0 => Ok(PinAnswer::Blocked),
        status if status & 0xFFF0 == 0x63C0 => {
            Ok(PinAnswer::Wrong((status & 0xF).to_be_bytes()[1]))
        }
        status => Err(CardError::Status { command: command.name, status }),
    }
}

/// The object that holds the certificate of a slot.
fn object_of(slot: SlotId) -> Option<[u8; 3]> {
    let last = match slot {
        SlotId::Authentication => 0x05,
        SlotId::Signature => 0x0A,
        SlotId::KeyManagement => 0x0B,
        SlotId::CardAuthentication => 0x01,
        // Retired key management 82 to 95 have the objects 5FC10D to 5FC120.
        SlotId::Retired(retired) => u8::from(retired).checked_sub(0x82)?.checked_add(0x0D)?,
        SlotId::Attestation => return Some([0x5F, 0xFF, 0x01]),
        SlotId::Management(_) => return None,
    };
    Some([0x5F, 0xC1, last])
}

/// A data object: a tag of one byte, a length, a value (SP 800-73-4 part 2 section 3.3).
fn object(tag: u8, value: &[u8]) -> Result<Vec<u8>, CardError> {
    SimpleTag::try_from(tag)
        .and_then(|tag| TaggedSlice::from(tag, value)?.to_vec())
        .map_err(|_| CardError::Garbage(words!("card-answer-too-long")))
}

/// The data objects in some bytes, up to the first unreadable one: newer firmware may say more than is known
/// here, and says it after the rest.
fn objects(bytes: &[u8]) -> Vec<(u8, &[u8])> {
    let mut decoder = Decoder::new(bytes);
    let mut found = Vec::new();
    while !decoder.is_finished() {
        let object: Result<TaggedSlice<'_, SimpleTag>, _> = decoder.decode();
        let Ok(object) = object else { break };
        let tag = u8::try_from(object.tag().embedding().number);
        found.push((tag.unwrap_or_default(), object.as_bytes()));
    }
    found
}

/// The value of the first data object with a tag.
fn value_of(bytes: &[u8], tag: u8) -> Option<&[u8]> {
    objects(bytes).into_iter().find(|(found, _)| *found == tag).map(|(_, value)| value)
}

fn read_metadata(data: &[u8]) -> Metadata {
    let mut metadata = Metadata::default();
    for (tag, value) in objects(data) {
        match (tag, value) {
            (1, [id]) => metadata.kind = Some(KeyKind::of(*id)),
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
fn read_public_key(kind: KeyKind, data: &[u8]) -> Option<PublicKey> {
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

/// The certificate in a data object: `53 { 70 certificate, 71 information, FE }`.
fn read_certificate(data: &[u8]) -> Option<Vec<u8>> {
    let inner = value_of(data, 0x53)?;
    let certificate = value_of(inner, 0x70).filter(|certificate| !certificate.is_empty())?;
    // Bit 0 of the information: packed by gzip (SP 800-73-4 part 1 appendix A).
    let packed = value_of(inner, 0x71).and_then(<[u8]>::first).is_some_and(|info| info & 1 == 1);
    if !packed {
        return Some(certificate.to_vec());
    }
    let mut unpacked = Vec::new();
    let packed = flate2::read::GzDecoder::new(certificate);
    packed.take(MAX_CERTIFICATE).read_to_end(&mut unpacked).ok()?;
    Some(unpacked)
}

/// What a card is given to sign a message: the digest for ECDSA (FIPS 186-5 section 6.4), the
/// encoded message for RSA (RFC 8017 section 9.2), the message itself for Ed25519.
pub fn input_of(kind: KeyKind, message: &[u8]) -> Option<Vec<u8>> {
    match kind {
        KeyKind::P256 => Some(Sha256::digest(message).to_vec()),
        KeyKind::P384 => Some(Sha384::digest(message).to_vec()),
        KeyKind::Ed25519 => Some(message.to_vec()),
        KeyKind::Rsa(bits) => {
            let scheme = rsa::pkcs1v15::Pkcs1v15Sign::new::<Sha256>();
            let info = [&scheme.prefix, Sha256::digest(message).as_slice()].concat();
            let filling = usize::from(bits / 8).checked_sub(info.len() + 3)?;
            Some([&[0, 1], vec![0xFF; filling].as_slice(), &[0], &info].concat())
        }
        KeyKind::X25519 | KeyKind::Unknown(_) => None,
    }
}
