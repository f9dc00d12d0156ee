//! GENERAL AUTHENTICATE: signatures and shared secrets with the keys of the slots, and the proof of
//! the management key (SP 800-73-4, part 2, section 3.2.4 and appendix A).

use std::time::Instant;

use rand_chacha::rand_core::Rng as _;

use crate::apdu::{Answer, Command, Status};
use crate::management_key::{ManagementAlgorithm, ManagementKey};
use crate::options::Options;
use crate::tlv;

use super::keys::Key;
use super::{ATTESTATION, MANAGEMENT, Piv};

/// What the card waits for in the authentication with the management key.
pub enum Challenge {
    /// Its witness, decrypted.
    Witness(Vec<u8>),
    /// Its challenge, encrypted.
    Single(Vec<u8>),
}

impl Piv {
    /// GENERAL AUTHENTICATE (section 3.2.4).
    pub(super) fn general_authenticate(
        &mut self,
        options: &Options,
        command: &Command,
        fresh: bool,
        touched: bool,
    ) -> Answer {
        let template = tlv::find(&command.data, 0x7c).ok_or(Status::WRONG_DATA)?;
        if command.p2 == MANAGEMENT {
            return self.authenticate_management(command.p1, template, touched);
        }
        let (pin_verified, pin_fresh) = (self.pin_verified, fresh);
        let key = self.key_to_use(command)?;
        if !key.pin_policy.is_met(pin_verified, pin_fresh) {
            return Err(Status::SECURITY_STATUS);
        }
        let input = Input::of(template).ok_or(Status::WRONG_DATA)?;
        if let Input::Challenge(data) = input
            && !key.private.takes(data)
        {
            return Err(Status::WRONG_DATA);
        }
        if key.needs_touch(options) && !touched {
            return Err(Status::SECURITY_STATUS);
        }
        let output = match input {
            Input::Challenge(data) => key.private.sign(data)?,
            Input::Point(point) => key.private.agree(point)?,
        };
        if touched {
            self.remember_touch(command.p2);
        }
        Ok(tlv::object(0x7c, &tlv::object(0x82, &output)))
    }

    pub(super) fn key_to_use(&self, command: &Command) -> Result<&Key, Status> {
        let key = self.keys.get(&command.p2).filter(|_| command.p2 != ATTESTATION);
        let key = key.filter(|key| key.algorithm as u8 == command.p1);
        key.ok_or(Status::WRONG_DATA)
    }

    pub(super) fn remember_touch(&mut self, slot: u8) {
        if let Some(key) = self.keys.get_mut(&slot) {
            key.touched = Some(Instant::now());
        }
    }

    /// Whether the card would blink before it does this: everything else has to be in order.
    pub fn wants_touch(&self, options: &Options, command: &Command) -> bool {
        if command.ins != 0x87 {
            return false;
        }
        let Some(template) = tlv::find(&command.data, 0x7c) else { return false };
        if command.p2 == MANAGEMENT {
            let response = tlv::find(template, 0x82).is_some_and(|value| !value.is_empty());
            let witness = tlv::find(template, 0x80).is_some_and(|value| !value.is_empty());
            return self.management_key.touch && (response || witness);
        }
        let Ok(key) = self.key_to_use(command) else { return false };
        let takes = match Input::of(template) {
            Some(Input::Challenge(data)) => key.private.takes(data),
            Some(Input::Point(_)) => true,
            None => false,
        };
        takes
            && key.pin_policy.is_met(self.pin_verified, self.pin_fresh)
            && key.needs_touch(options)
    }

    /// The management key, by mutual authentication (both sides prove it) or a single one.
    pub(super) fn authenticate_management(
        &mut self,
        id: u8,
        template: &[u8],
        touched: bool,
    ) -> Answer {
        let challenge = self.challenge.take();
        let key = &self.management_key;
        if ManagementAlgorithm::from_id(id) != Some(key.algorithm) {
            return Err(Status::WRONG_DATA);
        }
        let value = |tag| tlv::find(template, tag);
        let full = |tag| value(tag).filter(|value| !value.is_empty());
        let answer = |tag, value: &[u8]| Ok(tlv::object(0x7c, &tlv::object(tag, value)));
        let mut block = vec![0; key.algorithm.block_length()];
        self.rng.fill_bytes(&mut block);
        let encrypted = key.encrypt(&block).ok_or(Status::MEMORY_FAILURE)?;

        match (full(0x80), full(0x82), challenge) {
            (Some(witness), None, Some(Challenge::Witness(expected))) => {
                let proof = full(0x81).and_then(|challenge| key.encrypt(challenge));
                let proof = proof.ok_or(Status::WRONG_DATA)?;
                self.finish_management(witness == expected, touched)?;
                answer(0x82, &proof)
            }
            (None, Some(response), Some(Challenge::Single(expected))) => {
                self.finish_management(response == expected, touched)?;
                Ok(Vec::new())
            }
            (None, None, _) if value(0x80).is_some() => {
                self.challenge = Some(Challenge::Witness(block));
                answer(0x80, &encrypted)
            }
            (None, None, _) if value(0x81).is_some() => {
                self.challenge = Some(Challenge::Single(encrypted));
                answer(0x81, &block)
            }
            _ => Err(Status::WRONG_DATA),
        }
    }

    pub(super) fn finish_management(&mut self, right: bool, touched: bool) -> Result<(), Status> {
        self.management_verified = right && (touched || !self.management_key.touch);
        if self.management_verified { Ok(()) } else { Err(Status::SECURITY_STATUS) }
    }

    /// SET MANAGEMENT KEY.
    pub(super) fn set_management_key(&mut self, options: &Options, command: &Command) -> Answer {
        if !self.management_verified {
            return Err(Status::SECURITY_STATUS);
        }
        let touch = match (command.p1, command.p2) {
            (0xff, 0xff) => false,
            (0xff, 0xfe) => true,
            _ => return Err(Status::WRONG_P1P2),
        };
        let (&id, object) = command.data.split_first().ok_or(Status::WRONG_DATA)?;
        let algorithm = ManagementAlgorithm::from_id(id).ok_or(Status::WRONG_DATA)?;
        if algorithm != ManagementAlgorithm::TripleDes && !options.firmware.has_aes_management_key()
        {
            return Err(Status::WRONG_DATA);
        }
        let key = tlv::find(object, MANAGEMENT).ok_or(Status::WRONG_DATA)?;
        if key.len() != algorithm.key_length() {
            return Err(Status::WRONG_DATA);
        }
        self.management_key = ManagementKey { algorithm, key: key.to_vec(), touch };
        Ok(Vec::new())
    }
}

/// What GENERAL AUTHENTICATE is asked to work on.
#[derive(Clone, Copy)]
enum Input<'a> {
    /// To sign, or for RSA to decrypt.
    Challenge(&'a [u8]),
    /// The other party's point.
    Point(&'a [u8]),
}

impl<'a> Input<'a> {
    fn of(template: &'a [u8]) -> Option<Self> {
        // The empty response asks for one.
        tlv::find(template, 0x82).filter(|response| response.is_empty())?;
        let challenge = tlv::find(template, 0x81).map(Self::Challenge);
        challenge.or_else(|| tlv::find(template, 0x85).map(Self::Point))
    }
}
