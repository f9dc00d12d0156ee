//! The card management key, slot 9b: it is proven by challenge and response with 3DES or AES (SP
//! 800-73-4 part 2 section 3.2.4 and appendix A.1), and opens what changes keys and data objects. It
//! has no counter of attempts.

use cipher::{Array, BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use countersign_envelope::public_key::PublicKey;
use countersign_envelope::yubikey_policy::{PinPolicy, TouchPolicy};
use countersign_problem::words;
use secrecy::{ExposeSecret as _, SecretString};
use yubikey::piv::SlotId;
use zeroize::Zeroizing;

use super::apdu::{self, DONE};
use super::applet::{Applet, KeyKind, command, object, reading, value_of};
use super::yubico::{MANAGEMENT_KEY, read_public_key};
use crate::error::SignerError;
use crate::error::piv::CardError;
use crate::error::setup::SetupFault;

/// What every YubiKey leaves the factory with.
const FACTORY: [u8; 24] = [1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8];

/// The objects in a dynamic authentication template (SP 800-73-4 part 2 table 7).
const TEMPLATE: u8 = 0x7C;
const WITNESS: u8 = 0x80;
const CHALLENGE: u8 = 0x81;
const RESPONSE: u8 = 0x82;

/// What the card says to a proof that is wrong, or to one of another algorithm than the key has.
const NOT_PROVEN: [u16; 3] = [0x6982, 0x6A80, 0x6300];

/// The algorithm of a management key, by the numbers of SP 800-78-5 table 9.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ManagementAlgorithm {
    /// Triple DES with three keys.
    TripleDes = 0x03,
    /// AES-128.
    Aes128 = 0x08,
    /// AES-192.
    Aes192 = 0x0A,
    /// AES-256.
    Aes256 = 0x0C,
}

impl ManagementAlgorithm {
    /// By its number; `None` if that is not known here.
    pub const fn of(number: u8) -> Option<Self> {
        match number {
            0x03 => Some(Self::TripleDes),
            0x08 => Some(Self::Aes128),
            0x0A => Some(Self::Aes192),
            0x0C => Some(Self::Aes256),
            _ => None,
        }
    }

    /// How many bytes a key has.
    pub const fn key_length(self) -> usize {
        match self {
            Self::Aes128 => 16,
            Self::TripleDes | Self::Aes192 => 24,
            Self::Aes256 => 32,
        }
    }

    /// How many bytes a block has.
    const fn block_length(self) -> usize {
        match self {
            Self::TripleDes => 8,
            Self::Aes128 | Self::Aes192 | Self::Aes256 => 16,
        }
    }

    /// As people call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::TripleDes => "3DES",
            Self::Aes128 => "AES-128",
            Self::Aes192 => "AES-192",
            Self::Aes256 => "AES-256",
        }
    }
}

/// A management key, wiped when dropped.
#[derive(Clone)]
pub struct ManagementKey {
    algorithm: ManagementAlgorithm,
    bytes: Zeroizing<Vec<u8>>,
}

impl ManagementKey {
    /// The factory's, as a key of an algorithm; `None` if that has keys of another length.
    pub fn factory(algorithm: ManagementAlgorithm) -> Option<Self> {
        Self::of(algorithm, &FACTORY)
    }

    /// From its bytes; `None` if they are too many or too few.
    pub fn of(algorithm: ManagementAlgorithm, bytes: &[u8]) -> Option<Self> {
        let fits = bytes.len() == algorithm.key_length();
        fits.then(|| Self { algorithm, bytes: Zeroizing::new(bytes.to_vec()) })
    }

    /// A random one.
    ///
    /// # Errors
    /// Fails if the operating system gives no random bytes.
    pub fn random(algorithm: ManagementAlgorithm) -> Result<Self, SignerError> {
        let mut bytes = Zeroizing::new(vec![0; algorithm.key_length()]);
        getrandom::fill(&mut bytes).map_err(|_| SignerError::Random)?;
        Ok(Self { algorithm, bytes })
    }

    /// As a person types it: hex digits, with spaces or colons between them or not.
    ///
    /// # Errors
    /// Fails if it is no key of this algorithm.
    pub fn parse(algorithm: ManagementAlgorithm, typed: &SecretString) -> Result<Self, SetupFault> {
        let length = algorithm.key_length();
        let wrong =
            || SetupFault::ManagementKeyForm { digits: 2 * length, algorithm: algorithm.name() };
        let mut bytes = Zeroizing::new(Vec::with_capacity(length));
        let mut high = None;
        for digit in typed.expose_secret().chars().filter(|one| !matches!(one, ' ' | ':')) {
            let digit = digit.to_digit(16).and_then(|digit| u8::try_from(digit).ok());
            let digit = digit.filter(|_| bytes.len() < length).ok_or_else(wrong)?;
            high = match high {
                None => Some(digit << 4),
                Some(high) => {
                    bytes.push(high | digit);
                    None
                }
            };
        }
        match high {
            None => Self::of(algorithm, &bytes).ok_or_else(wrong),
            Some(_) => Err(wrong()),
        }
    }

    /// Its algorithm.
    pub const fn algorithm(&self) -> ManagementAlgorithm {
        self.algorithm
    }

    /// Its bytes.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// One block encrypted; `None` if it has another length.
    fn encrypt(&self, block: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        match self.algorithm {
            ManagementAlgorithm::TripleDes => encrypt::<des::TdesEde3>(&self.bytes, block),
            ManagementAlgorithm::Aes128 => encrypt::<aes::Aes128>(&self.bytes, block),
            ManagementAlgorithm::Aes192 => encrypt::<aes::Aes192>(&self.bytes, block),
            ManagementAlgorithm::Aes256 => encrypt::<aes::Aes256>(&self.bytes, block),
        }
    }

    /// One block decrypted; `None` if it has another length.
    fn decrypt(&self, block: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        match self.algorithm {
            ManagementAlgorithm::TripleDes => decrypt::<des::TdesEde3>(&self.bytes, block),
            ManagementAlgorithm::Aes128 => decrypt::<aes::Aes128>(&self.bytes, block),
            ManagementAlgorithm::Aes192 => decrypt::<aes::Aes192>(&self.bytes, block),
            ManagementAlgorithm::Aes256 => decrypt::<aes::Aes256>(&self.bytes, block),
        }
    }
}

impl std::fmt::Debug for ManagementKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ManagementKey").field("algorithm", &self.algorithm).finish_non_exhaustive()
    }
}

fn encrypt<C: KeyInit + BlockCipherEncrypt>(
    key: &[u8],
    block: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    let mut block = Array::try_from(block).ok()?;
    C::new_from_slice(key).ok()?.encrypt_block(&mut block);
    Some(Zeroizing::new(block.to_vec()))
}

fn decrypt<C: KeyInit + BlockCipherDecrypt>(
    key: &[u8],
    block: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    let mut block = Array::try_from(block).ok()?;
    C::new_from_slice(key).ok()?.decrypt_block(&mut block);
    Some(Zeroizing::new(block.to_vec()))
}

impl Applet<'_> {
    /// GENERAL AUTHENTICATE with slot 9b: both sides prove that they have the management key. Returns
    /// whether the card took it.
    ///
    /// # Errors
    /// Fails if the card does not prove it, gives an answer that cannot be read, or cannot be reached; or
    /// if the operating system gives no random bytes.
    pub fn authenticate(self, key: &ManagementKey) -> Result<bool, SetupFault> {
        let authenticate =
            reading("GENERAL AUTHENTICATE", 0x87, key.algorithm as u8, MANAGEMENT_KEY);
        let unreadable = || CardError::Garbage(words!("card-answer-no-witness"));
        let refused = |status| CardError::Status { command: authenticate.name, status };
        let ask = object(TEMPLATE, &object(WITNESS, &[])?)?;
        let answer = apdu::exchange(self.card, authenticate, &ask)?;
        match answer.status {
            DONE => {}
            status if NOT_PROVEN.contains(&status) => return Ok(false),
            status => return Err(refused(status).into()),
        }
        let witness = value_of(&answer.data, TEMPLATE).and_then(|data| value_of(data, WITNESS));
        let witness = witness.and_then(|witness| key.decrypt(witness)).ok_or_else(unreadable)?;
        let mut challenge = vec![0; key.algorithm.block_length()];
        getrandom::fill(&mut challenge).map_err(|_| SignerError::Random)?;
        let proof = [object(WITNESS, &witness)?, object(CHALLENGE, &challenge)?].concat();
        let answer = apdu::exchange(self.card, authenticate, &object(TEMPLATE, &proof)?)?;
        match answer.status {
            DONE => {}
            status if NOT_PROVEN.contains(&status) => return Ok(false),
            status => return Err(refused(status).into()),
        }
        let response = value_of(&answer.data, TEMPLATE).and_then(|data| value_of(data, RESPONSE));
        let expected = key.encrypt(&challenge).ok_or_else(unreadable)?;
        if response != Some(expected.as_slice()) {
            return Err(CardError::Garbage(words!("card-answer-wrong-proof")).into());
        }
        Ok(true)
    }

    /// SET MANAGEMENT KEY (Yubico), which is asked for without a touch from then on. Needs the one
    /// before.
    ///
    /// # Errors
    /// Fails if the card refuses or cannot be reached.
    pub fn set_management_key(self, key: &ManagementKey) -> Result<(), CardError> {
        let wrapped = Zeroizing::new(object(MANAGEMENT_KEY, &key.bytes)?);
        let mut data = Zeroizing::new(Vec::with_capacity(1 + wrapped.len()));
        data.push(key.algorithm as u8);
        data.extend_from_slice(&wrapped);
        apdu::done(self.card, command("SET MANAGEMENT KEY", 0xFF, 0xFF, 0xFF), &data).map(drop)
    }

    /// GENERATE ASYMMETRIC KEY PAIR (SP 800-73-4 part 2 section 3.3.2), with Yubico's policies. A key
    /// that was in the slot is lost. Needs the management key.
    ///
    /// # Errors
    /// Fails if the card refuses, gives a key that cannot be read, or cannot be reached.
    pub fn generate(
        self,
        slot: SlotId,
        kind: KeyKind,
        policies: (PinPolicy, TouchPolicy),
    ) -> Result<PublicKey, CardError> {
        let unreadable = || CardError::Garbage(words!("card-answer-no-key"));
        let algorithm = kind.id().ok_or_else(unreadable)?;
        let (pin, touch) = policies;
        let wanted = [
            object(0x80, &[algorithm])?,
            object(0xAA, &[pin.number()])?,
            object(0xAB, &[touch.number()])?,
        ]
        .concat();
        let generate = reading("GENERATE ASYMMETRIC KEY PAIR", 0x47, 0, slot.into());
        let answer = apdu::done(self.card, generate, &object(0xAC, &wanted)?)?;
        // 7F49 is a tag of two bytes (ISO/IEC 7816-8), before the length.
        let key = tagged(&answer, [0x7F, 0x49]).ok_or_else(unreadable)?;
        read_public_key(kind, key).ok_or_else(unreadable)
    }
}

/// The value of the data object that bytes are, by its tag of two bytes.
fn tagged(bytes: &[u8], tag: [u8; 2]) -> Option<&[u8]> {
    use flexiber::{Decoder, Tag, TaggedSlice};
    let number = u16::from(tag[1] & 0x7F);
    let object: TaggedSlice<'_, Tag> = Decoder::new(bytes).decode().ok()?;
    let wanted = Tag::application(number).constructed();
    (object.tag() == wanted).then(|| object.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(text: &str) -> Vec<u8> {
        let pairs = text.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).unwrap());
        pairs.map(|pair| u8::from_str_radix(pair, 16).unwrap()).collect()
    }

    /// FIPS 197 appendix C, and NIST SP 800-20 table A.1 (a variable plaintext, all keys the same).
    #[test]
    fn blocks_are_those_of_the_standards() {
        let plain = hex("00112233445566778899aabbccddeeff");
        let key = hex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
        for (algorithm, cipher) in [
            (ManagementAlgorithm::Aes128, "69c4e0d86a7b0430d8cdb78070b4c55a"),
            (ManagementAlgorithm::Aes192, "dda97ca4864cdfe06eaf70a0ec0d7191"),
            (ManagementAlgorithm::Aes256, "8ea2b7ca516745bfeafc49904b496089"),
        ] {
            let key = ManagementKey::of(algorithm, &key[..algorithm.key_length()]).unwrap();
            assert_eq!(key.encrypt(&plain).unwrap().as_slice(), hex(cipher));
            assert_eq!(key.decrypt(&hex(cipher)).unwrap().as_slice(), plain);
        }
        let key = ManagementKey::of(ManagementAlgorithm::TripleDes, &[1; 24]).unwrap();
        let (plain, cipher) = (hex("8000000000000000"), hex("95f8a5e5dd31d900"));
        assert_eq!(key.encrypt(&plain).unwrap().as_slice(), cipher);
        assert_eq!(key.decrypt(&cipher).unwrap().as_slice(), plain);
    }

    #[test]
    fn a_key_is_typed_in_hex_and_no_other_length_is_taken() {
        let aes = ManagementAlgorithm::Aes192;
        let parse = |typed: &str| ManagementKey::parse(aes, &typed.into()).ok();
        let factory = "010203040506070801020304050607080102030405060708";
        assert_eq!(parse(factory).unwrap().bytes(), FACTORY);
        let spaced = factory.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).unwrap());
        assert_eq!(parse(&spaced.collect::<Vec<_>>().join(":")).unwrap().bytes(), FACTORY);
        for wrong in
            ["", "0102", &factory[1..], &format!("{factory}00"), &factory.replace('8', "g")]
        {
            assert!(parse(wrong).is_none(), "{wrong}");
        }
    }
}
