//! Which card it is: what the issuer of a PIV card wrote on it for that, or the attestation certificate
//! of a YubiKey that hides its serial.

use std::fmt;

use countersign_envelope::digest::Digest;
use yubikey::piv::SlotId;

use super::applet::{Applet, value_of};
use crate::error::piv::CardError;

/// The card holder unique identifier (SP 800-73-4 part 1 table 3).
const CHUID: &[u8] = &[0x5F, 0xC1, 0x02];
/// The card capability container (same table).
const CCC: &[u8] = &[0x5F, 0xC1, 0x07];
/// The agency code of a FASC-N that identifies nothing: the GUID does (SP 800-73-4 part 1 section
/// 3.1.2).
const NO_AGENCY: &str = "9999";

/// Distinguishes one PIV card from another. It is the word of whoever can write the card, and proves
/// nothing about its keys.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum CardId {
    /// The GUID of the card holder unique identifier, a UUID (RFC 4122).
    Guid([u8; 16]),
    /// The FASC-N of the card holder unique identifier: agency code, system code, credential number,
    /// credential series and individual credential issue, in decimal digits.
    FascN(String),
    /// The card identifier of the card capability container.
    Capability(Vec<u8>),
    /// Of a YubiKey that hides its serial: SHA-256 of the certificate of its attestation key, which the
    /// factory made for it alone, and of what else says which card it is.
    YubiKey(Digest),
}

impl CardId {
    /// Reads it from a card; `None` if the card does not have one.
    ///
    /// # Errors
    /// Fails if the card cannot be reached.
    pub(super) fn read(applet: Applet<'_>) -> Result<Option<Self>, CardError> {
        let chuid = applet.data(CHUID)?;
        if let Some(id) = chuid.as_ref().and_then(|data| Self::of_chuid(value_of(data, 0x53)?)) {
            return Ok(Some(id));
        }
        let ccc = applet.data(CCC)?;
        Ok(ccc.as_ref().and_then(|data| Self::of_ccc(value_of(data, 0x53)?)))
    }

    /// What tells a YubiKey that hides its serial from others; `None` if it has nothing that does.
    ///
    /// The certificate in f9 (firmware 4.3 and later) is the word of whoever has the management key, as
    /// a GUID is. An organisation may have put one of its own into all of its YubiKeys, so that an
    /// identifier beside it counts too.
    ///
    /// # Errors
    /// Fails if the card cannot be reached.
    pub(super) fn of_yubikey(applet: Applet<'_>) -> Result<Option<Self>, CardError> {
        let Some(mut told) = applet.certificate(SlotId::Attestation)? else {
            return Self::read(applet);
        };
        told.extend(Self::read(applet)?.map(|id| id.to_string()).unwrap_or_default().bytes());
        Ok(Some(Self::YubiKey(Digest::of(&told))))
    }

    /// The GUID, or else the FASC-N.
    fn of_chuid(chuid: &[u8]) -> Option<Self> {
        let guid = value_of(chuid, 0x34).filter(|guid| !is_filling(guid));
        if let Some(guid) = guid.and_then(|guid| guid.try_into().ok()) {
            return Some(Self::Guid(guid));
        }
        fasc_n(value_of(chuid, 0x30)?).map(Self::FascN)
    }

    fn of_ccc(ccc: &[u8]) -> Option<Self> {
        // Provider (5 bytes), maker, type, then what differs from card to card (GSC-IS section 7).
        let id = value_of(ccc, 0xF0).filter(|id| id.len() == 21 && !is_filling(&id[7..]))?;
        Some(Self::Capability(id.to_vec()))
    }

    /// A part that is enough for a person to tell one card from another: of bytes, the last four.
    pub fn short(&self) -> String {
        let last = |bytes: &[u8]| bytes.last_chunk::<4>().map(|last| hex(last)).unwrap_or_default();
        match self {
            Self::Guid(guid) => last(guid),
            Self::FascN(digits) => digits.clone(),
            Self::Capability(id) => last(id),
            Self::YubiKey(digest) => last(digest.as_bytes()),
        }
    }
}

impl fmt::Display for CardId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Guid(guid) => {
                let parts = [&guid[..4], &guid[4..6], &guid[6..8], &guid[8..10], &guid[10..]];
                f.write_str(&parts.map(hex).join("-"))
            }
            Self::FascN(digits) => f.write_str(digits),
            Self::Capability(id) => f.write_str(&hex(id)),
            Self::YubiKey(digest) => f.write_str(&digest.hex()),
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether every byte is the same, as on a card that was never given an identifier.
fn is_filling(bytes: &[u8]) -> bool {
    bytes.windows(2).all(|pair| pair[0] == pair[1])
}

/// The fields of a FASC-N that identify a card, from 40 characters of five bits each: four bits of a
/// decimal digit, lowest first, and odd parity (Technical Implementation Guidance: Smart Card Enabled
/// Physical Access Control Systems, version 2.3, section 6).
fn fasc_n(bytes: &[u8]) -> Option<String> {
    const START: u8 = 0b1011;
    const SEPARATOR: u8 = 0b1101;
    if bytes.len() != 25 {
        return None;
    }
    let bit = |index: usize| bytes.get(index / 8).map_or(0, |byte| byte >> (7 - index % 8) & 1);
    let character = |index: usize| {
        let bits: [u8; 5] = std::array::from_fn(|at| bit(index * 5 + at));
        let is_sound = bits.iter().sum::<u8>() % 2 == 1;
        is_sound.then_some(bits[0] | bits[1] << 1 | bits[2] << 2 | bits[3] << 3)
    };
    let mut at = 0;
    let mut fields = Vec::new();
    // Each field after one separator, the first after the start.
    for (separator, digits) in
        [(START, 4), (SEPARATOR, 4), (SEPARATOR, 6), (SEPARATOR, 1), (SEPARATOR, 1)]
    {
        if character(at) != Some(separator) {
            return None;
        }
        let field = (at + 1..=at + digits).map(|index| {
            let digit = character(index).filter(|digit| *digit < 10)?;
            Some(char::from(b'0' + digit))
        });
        fields.push(field.collect::<Option<String>>()?);
        at += digits + 1;
    }
    let identifies = |field: &String| field.bytes().any(|digit| digit != b'0');
    let known = fields.first().is_some_and(|agency| agency != NO_AGENCY && identifies(agency));
    (known && fields.get(2).is_some_and(identifies)).then(|| fields.join("-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Agency, system, credential, series and issue as the characters of a FASC-N.
    fn encoded(text: &str) -> Vec<u8> {
        let mut bits = Vec::new();
        for letter in text.chars() {
            let value = match letter {
                '[' => 0b1011,
                '|' => 0b1101,
                ']' => 0b1111,
                digit => digit.to_digit(16).unwrap(),
            };
            let four: Vec<u32> = (0..4).map(|at| value >> at & 1).collect();
            bits.extend(&four);
            bits.push(1 - four.iter().sum::<u32>() % 2);
        }
        bits.chunks(8).map(|byte| byte.iter().fold(0, |byte, bit| byte << 1 | *bit as u8)).collect()
    }

    fn objects(of: &[(u8, &[u8])]) -> Vec<u8> {
        let object = |(tag, value): &(u8, &[u8])| [&[*tag, value.len() as u8], *value].concat();
        of.iter().flat_map(object).collect()
    }

    #[test]
    fn a_fasc_n_is_read() {
        let own = encoded("[1234|0001|987654|1|2|0000000000100001]0");
        assert_eq!(fasc_n(&own).as_deref(), Some("1234-0001-987654-1-2"));
        // What every test card and many others have.
        let of_tests = [
            0xD4, 0xE7, 0x39, 0xDA, 0x73, 0x9C, 0xED, 0x39, 0xCE, 0x73, 0x9D, 0x83, 0x68, 0x58,
            0x21, 0x08, 0x42, 0x10, 0x84, 0x21, 0xC8, 0x42, 0x10, 0xC3, 0xEB,
        ];
        assert_eq!(fasc_n(&of_tests), None);
        for wrong in [vec![0; 25], vec![0xFF; 25], own[..24].to_vec(), Vec::new()] {
            assert_eq!(fasc_n(&wrong), None);
        }
        let mut damaged = own;
        damaged[2] ^= 1;
        assert_eq!(fasc_n(&damaged), None, "its parity is wrong");
    }

    #[test]
    fn the_best_of_what_a_card_has_identifies_it() {
        let fasc_n = encoded("[1234|0001|987654|1|2|0000000000100001]0");
        let guid: [u8; 16] = std::array::from_fn(|at| at as u8 + 0x10);
        let chuid = objects(&[(0x30, &fasc_n), (0x34, &guid), (0x35, b"20500101"), (0xFE, &[])]);
        let id = CardId::of_chuid(&chuid).unwrap();
        assert_eq!(id.to_string(), "10111213-1415-1617-1819-1a1b1c1d1e1f");
        assert_eq!(id.short(), "1c1d1e1f");
        let without = objects(&[(0x30, &fasc_n), (0x34, &[0; 16])]);
        assert_eq!(CardId::of_chuid(&without).unwrap().to_string(), "1234-0001-987654-1-2");
        for nothing in [objects(&[(0x30, &[0; 25]), (0x34, &[0xFF; 16])]), vec![0x34], Vec::new()] {
            assert_eq!(CardId::of_chuid(&nothing), None);
        }
        let capability = [&[0xA0, 0, 0, 1, 0x16, 0xFF, 2][..], &guid[..14]].concat();
        let id = CardId::of_ccc(&objects(&[(0xF0, &capability)])).unwrap();
        assert_eq!(id.short(), "1a1b1c1d");
        let none = [&[0xA0, 0, 0, 1, 0x16, 0xFF, 2][..], &[0; 14]].concat();
        assert_eq!(CardId::of_ccc(&objects(&[(0xF0, &none)])), None);
        assert_eq!(CardId::of_ccc(&objects(&[(0xF0, &[])])), None);
    }
}
