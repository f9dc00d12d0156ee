//! The commands of the PIV application (SP 800-73-4 part 2 section 3), as far as a signing station
//! needs them: it reads, takes a PIN, signs, and stores a certificate.

use std::io::Read as _;

use countersign_envelope::public_key::PublicKey;
use countersign_envelope::signature::Algorithm;
use countersign_problem::{Words, words};
use flexiber::{Decoder, Encodable as _, SimpleTag, Tag, TagLike as _, TaggedSlice};
use sha2::{Digest as _, Sha256, Sha384};
use yubikey::piv::SlotId;
use zeroize::Zeroizing;

use super::apdu::{self, Command, DONE, Transmit};
use crate::error::piv::CardError;

/// The application identifier of PIV with its version (SP 800-73-4 part 1 section 2.2).
const PIV: [u8; 11] = [0xA0, 0x00, 0x00, 0x03, 0x08, 0x00, 0x00, 0x10, 0x00, 0x01, 0x00];
/// How many bytes of it a card is selected by: the standard's right-truncated form (part 2 section
/// 3.1.1), the whole, and the provider alone, which some older cards want.
const SELECTED_BY: [usize; 3] = [9, 11, 5];
/// Yubico's management application. Cards of other makes do not have it.
pub(super) const MANAGEMENT: &[u8] = &[0xA0, 0x00, 0x00, 0x05, 0x27, 0x47, 0x11, 0x17];

/// The PIN of the application as a key reference (SP 800-73-4 part 1 table 4).
pub const PIN: u8 = PinReference::Application as u8;
/// The PIN unblocking key as a key reference.
pub const PUK: u8 = 0x81;
/// How many bytes a PIN or PUK is sent as, filled up with FF.
pub const PADDED: usize = 8;
/// A PIN or PUK as it is sent. Behind a pointer, so that handing it on leaves no copy behind.
pub type Padded = Zeroizing<Vec<u8>>;

/// The discovery object (SP 800-73-4 part 1 table 3).
const DISCOVERY: u8 = 0x7E;
/// What the content of every other data object is wrapped in (SP 800-73-4 part 2 section 3.1.2).
const DATA: u8 = 0x53;
/// The status word of a data object that is not there.
const NOT_FOUND: u16 = 0x6A82;
/// What gzip begins with (RFC 1952 section 2.3.1).
const GZIP: &[u8] = &[0x1F, 0x8B];
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
            // No card has one.
            PublicKey::MlDsa65(_) => Self::Unknown(0),
        }
    }

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

/// Which PIN opens the keys, as a key reference (SP 800-73-4 part 1 table 4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PinReference {
    /// That of the PIV application.
    #[default]
    Application = 0x80,
    /// That of the whole card.
    Global = 0x00,
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
    /// The card does not say.
    Unknown,
}

impl PinState {
    /// How many attempts are left; `None` if the card does not say.
    pub const fn left(self) -> Option<u8> {
        match self {
            Self::Left(left) => Some(left),
            Self::Blocked => Some(0),
            Self::Verified | Self::Unknown => None,
        }
    }
}

/// The outcome of a PIN or PUK that was sent. The card has counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PinAnswer {
    /// It was right.
    Right,
    /// It was wrong; so many attempts are left, if the card says so.
    Wrong(Option<u8>),
    /// It was wrong or not looked at: no try is left.
    Blocked,
}

/// The PIV application of a card, in a transaction.
#[derive(Clone, Copy)]
pub struct Applet<'c> {
    pub(super) card: &'c dyn Transmit,
    /// Which PIN it asks for and sends.
    pin: PinReference,
}

impl<'c> Applet<'c> {
    /// Selects the application.
    ///
    /// # Errors
    /// Fails if the card has none, or cannot be reached.
    pub fn select(card: &'c dyn Transmit) -> Result<Self, CardError> {
        let mut refused = CardError::Garbage(words!("card-answer-not-piv"));
        for length in SELECTED_BY {
            match apdu::done(card, SELECT, PIV.get(..length).unwrap_or(&PIV)) {
                Ok(_) => return Ok(Self { card, pin: PinReference::default() }),
                Err(error @ CardError::Status { .. }) => refused = error,
                Err(error) => return Err(error),
            }
        }
        Err(refused)
    }

    /// The same application, asking for this PIN.
    #[must_use]
    pub const fn with_pin(self, pin: PinReference) -> Self {
        Self { pin, ..self }
    }

    /// How many attempts of the PIN are left. Costs none.
    ///
    /// # Errors
    /// Fails if the card cannot be reached.
    pub fn pin_state(self) -> Result<PinState, CardError> {
        Ok(match apdu::exchange(self.card, verify(0, self.pin), &[])?.status {
            DONE => PinState::Verified,
            0x6983 => PinState::Blocked,
            status if status & 0xFFF0 == 0x63C0 => match status & 0xF {
                0 => PinState::Blocked,
                left => PinState::Left(left.to_be_bytes()[1]),
            },
            // Not every card tells it without a PIN, or before one is set.
            _ => PinState::Unknown,
        })
    }

    /// VERIFY (SP 800-73-4 part 2 section 3.2.1): sends the PIN, once.
    ///
    /// # Errors
    /// Fails if the card answers otherwise or cannot be reached.
    pub fn verify(self, pin: &Padded) -> Result<PinAnswer, CardError> {
        let verify = verify(0, self.pin);
        match apdu::exchange(self.card, verify, pin)?.status {
            // Wrong, and not counted in the answer (ISO/IEC 7816-4 section 5.1.3).
            0x6300 => Ok(match self.pin_state()? {
                PinState::Blocked => PinAnswer::Blocked,
                state => PinAnswer::Wrong(state.left()),
            }),
            status => pin_answer(verify, status),
        }
    }

    /// VERIFY with P1 FF: the card is to forget that the PIN was verified. Not every card can.
    ///
    /// # Errors
    /// Fails if the card cannot be reached.
    pub fn forget_pin(self) -> Result<(), CardError> {
        apdu::exchange(self.card, verify(0xFF, self.pin), &[]).map(drop)
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
        pin_answer(change, apdu::exchange(self.card, change, &both(current, new))?.status)
    }

    /// RESET RETRY COUNTER (section 3.2.3): another PIN, by the PUK.
    ///
    /// # Errors
    /// Fails if the card answers otherwise or cannot be reached.
    pub fn unblock(self, puk: &Padded, new: &Padded) -> Result<PinAnswer, CardError> {
        let reset = command("RESET RETRY COUNTER", 0x2C, 0, PIN);
        pin_answer(reset, apdu::exchange(self.card, reset, &both(puk, new))?.status)
    }

    /// GET DATA (SP 800-73-4 part 2 section 3.1.2): a data object by its tag, with what it is wrapped
    /// in; `None` if there is none that can be read.
    ///
    /// # Errors
    /// Fails if the card cannot be reached.
    pub fn data(self, tag: &[u8]) -> Result<Option<Zeroizing<Vec<u8>>>, CardError> {
        let get = reading("GET DATA", 0xCB, 0x3F, 0xFF);
        let answer = apdu::exchange(self.card, get, &object(0x5C, tag)?)?;
        Ok((answer.status == DONE).then_some(answer.data))
    }

    /// The content of a data object, without what it is wrapped in; `None` if there is none, or it is
    /// empty.
    ///
    /// # Errors
    /// Fails if the card refuses to tell, or cannot be reached.
    pub fn content(self, tag: [u8; 3]) -> Result<Option<Zeroizing<Vec<u8>>>, CardError> {
        let get = reading("GET DATA", 0xCB, 0x3F, 0xFF);
        let answer = apdu::exchange(self.card, get, &object(0x5C, &tag)?)?;
        match answer.status {
            DONE => {
                let content = value_of(&answer.data, DATA).filter(|content| !content.is_empty());
                Ok(content.map(|content| Zeroizing::new(content.to_vec())))
            }
            NOT_FOUND => Ok(None),
            status => Err(CardError::Status { command: get.name, status }),
        }
    }

    /// PUT DATA (SP 800-73-4 part 2 section 3.3.1): the content of a data object. Needs the management
    /// key.
    ///
    /// # Errors
    /// Fails if the card refuses or cannot be reached.
    pub fn put_content(self, tag: [u8; 3], content: &[u8]) -> Result<(), CardError> {
        let mut data = Zeroizing::new(object(0x5C, &tag)?);
        let wrapped = Zeroizing::new(object(DATA, content)?);
        // As long as it will be from the start: growing would leave a copy of a key behind.
        let mut whole = Zeroizing::new(Vec::with_capacity(data.len() + wrapped.len()));
        whole.append(&mut data);
        whole.extend_from_slice(&wrapped);
        apdu::done(self.card, command("PUT DATA", 0xDB, 0x3F, 0xFF), &whole).map(drop)
    }

    /// The certificate in a slot, DER; `None` if there is none (SP 800-73-4 part 1 table 3).
    ///
    /// # Errors
    /// Fails if the card cannot be reached.
    pub fn certificate(self, slot: SlotId) -> Result<Option<Vec<u8>>, CardError> {
        let Some(object) = object_of(slot) else { return Ok(None) };
        // An unreadable certificate counts as none: the key beside it may be fine.
        Ok(self.data(&object)?.and_then(|data| read_certificate(&data)))
    }

    /// Which PIN opens the keys: the PIN usage policy of the discovery object (SP 800-73-4 part 1
    /// section 3.3.2). Without that object it is the application's.
    ///
    /// # Errors
    /// Fails if the card cannot be reached.
    pub fn pin_reference(self) -> Result<PinReference, CardError> {
        let discovery = self.data(&[DISCOVERY])?;
        Ok(discovery.and_then(|data| read_pin_usage(&data)).unwrap_or_default())
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
        let sign = reading("GENERAL AUTHENTICATE", 0x87, algorithm, slot.into());
        let answer = apdu::exchange(self.card, sign, &template)?;
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
/// part 2 section 3.1.1). A card without another application stays in it.
///
/// # Errors
/// Fails if the card cannot be reached. A missing application is not an error.
pub fn leave(card: &dyn Transmit) -> Result<(), CardError> {
    apdu::exchange(card, SELECT, MANAGEMENT).map(drop)
}

/// Two secrets one after the other, in memory that is wiped and nowhere else.
fn both(known: &Padded, new: &Padded) -> Zeroizing<Vec<u8>> {
    let mut both = Zeroizing::new(Vec::with_capacity(2 * PADDED));
    both.extend_from_slice(known);
    both.extend_from_slice(new);
    both
}

pub(super) const SELECT: Command = reading("SELECT", 0xA4, 4, 0);

/// A command that asks for no data.
pub(super) const fn command(name: &'static str, ins: u8, p1: u8, p2: u8) -> Command {
    Command { name, ins, p1, p2, reads: false }
}

/// A command that asks for data.
pub(super) const fn reading(name: &'static str, ins: u8, p1: u8, p2: u8) -> Command {
    Command { name, ins, p1, p2, reads: true }
}

const fn verify(p1: u8, pin: PinReference) -> Command {
    command("VERIFY", 0x20, p1, pin as u8)
}

fn pin_answer(command: Command, status: u16) -> Result<PinAnswer, CardError> {
    match status {
        DONE => Ok(PinAnswer::Right),
        0x6983 | 0x63C0 => Ok(PinAnswer::Blocked),
        status if status & 0xFFF0 == 0x63C0 => {
            Ok(PinAnswer::Wrong(Some((status & 0xF).to_be_bytes()[1])))
        }
        status => Err(CardError::Status { command: command.name, status }),
    }
}

/// The object that holds the certificate of a slot.
pub(super) fn object_of(slot: SlotId) -> Option<[u8; 3]> {
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
pub(super) fn object(tag: u8, value: &[u8]) -> Result<Vec<u8>, CardError> {
    SimpleTag::try_from(tag)
        .and_then(|tag| TaggedSlice::from(tag, value)?.to_vec())
        .map_err(|_| CardError::Garbage(words!("card-answer-too-long")))
}

/// The data objects in some bytes, up to the first unreadable one: newer firmware may say more than is known
/// here, and says it after the rest.
pub(super) fn objects(bytes: &[u8]) -> Vec<(u8, &[u8])> {
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
pub(super) fn value_of(bytes: &[u8], tag: u8) -> Option<&[u8]> {
    objects(bytes).into_iter().find(|(found, _)| *found == tag).map(|(_, value)| value)
}

/// The certificate in a data object: `53 { 70 certificate, 71 information, FE }`.
fn read_certificate(data: &[u8]) -> Option<Vec<u8>> {
    let inner = value_of(data, DATA)?;
    let certificate = value_of(inner, 0x70).filter(|certificate| !certificate.is_empty())?;
    // The information says so too (SP 800-73-4 part 1 appendix A), but not on every card; what is not
    // packed begins as DER does.
    if !certificate.starts_with(GZIP) {
        return Some(certificate.to_vec());
    }
    let mut unpacked = Vec::new();
    let packed = flate2::read::GzDecoder::new(certificate);
    packed.take(MAX_CERTIFICATE).read_to_end(&mut unpacked).ok()?;
    Some(unpacked)
}

/// The PIN in a discovery object: `7E { 4F identifier, 5F2F PIN usage policy }`.
fn read_pin_usage(data: &[u8]) -> Option<PinReference> {
    let mut decoder = Decoder::new(value_of(data, DISCOVERY)?);
    while !decoder.is_finished() {
        let object: TaggedSlice<'_, Tag> = decoder.decode().ok()?;
        if object.tag() != Tag::application(0x2F) {
            continue;
        }
        // Which PINs there are, then which is preferred if there are both.
        let [there, preferred] = object.as_bytes() else { return None };
        let (application, global) = (there & 0x40 != 0, there & 0x20 != 0);
        return Some(match global && (*preferred == 0x20 || !application) {
            true => PinReference::Global,
            false => PinReference::Application,
        });
    }
    None
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

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    #[test]
    fn the_discovery_object_says_which_pin() {
        let policy = |bytes: [u8; 2]| {
            let inner =
                [object(0x4F, &PIV).unwrap(), vec![0x5F, 0x2F, 2], vec![bytes[0], bytes[1]]]
                    .concat();
            read_pin_usage(&object(DISCOVERY, &inner).unwrap())
        };
        for (bytes, reference) in [
            ([0x40, 0x00], PinReference::Application),
            ([0x60, 0x10], PinReference::Application),
            ([0x60, 0x20], PinReference::Global),
            // It prefers a PIN that it does not have.
            ([0x40, 0x20], PinReference::Application),
            ([0x20, 0x00], PinReference::Global),
            // With on-card comparison of fingerprints, secure messaging and a pairing code.
            ([0x78, 0x20], PinReference::Global),
        ] {
            assert_eq!(policy(bytes), Some(reference), "{bytes:02X?}");
        }
        for nothing in
            [&[][..], &[0x7E, 0], &[0x7E, 3, 0x5F, 0x2F, 0], &[0x7E, 4, 0x5F, 0x2F, 1, 0]]
        {
            assert_eq!(read_pin_usage(nothing), None, "{nothing:02X?}");
        }
    }

    #[test]
    fn certificates_are_read_packed_or_not_with_or_without_a_check() {
        let der = vec![0x30; 600];
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        gzip.write_all(&der).unwrap();
        let packed = gzip.finish().unwrap();
        for (certificate, rest) in [
            (&der, &[0x71, 1, 0, 0xFE, 0][..]),
            (&der, &[]),
            (&der, &[0x71, 1, 0]),
            (&packed, &[0x71, 1, 1, 0xFE, 0]),
            (&packed, &[]),
        ] {
            let inner = [object(0x70, certificate).unwrap(), rest.to_vec()].concat();
            let data = object(0x53, &inner).unwrap();
            assert_eq!(read_certificate(&data).as_deref(), Some(der.as_slice()), "{rest:02X?}");
        }
        // Longer in its length than it has to be.
        let long = [&[0x53, 0x82, 0, 9, 0x70, 0x82, 0, 2, 0x30, 0][..], &[0x71, 1, 0]].concat();
        assert_eq!(read_certificate(&long).as_deref(), Some(&[0x30, 0][..]));
        for nothing in [&[][..], &[0x53, 0], &[0x53, 2, 0x70, 0]] {
            assert_eq!(read_certificate(nothing), None);
        }
    }
}
