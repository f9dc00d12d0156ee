//! PIN and PUK: compared, counted, blocked, changed.

use crate::apdu::{Answer, Command, Status};
use crate::options::{Make, Options};
use crate::tlv;

use super::{FACTORY_PIN, FACTORY_PUK, Piv};

/// The key references of PIN and PUK (SP 800-73-4, part 1, table 4).
pub(super) const PIN: u8 = 0x80;
pub(super) const PUK: u8 = 0x81;
const GLOBAL_PIN: u8 = 0x00;

/// A PIN or PUK.
pub struct Reference {
    value: [u8; 8],
    tries: u8,
    pub left: u8,
}

impl Reference {
    pub(super) fn new(value: &str, tries: u8) -> Self {
        let mut padded = [0xff; 8];
        for (to, from) in padded.iter_mut().zip(value.bytes()) {
            *to = from;
        }
        Self { value: padded, tries, left: tries }
    }

    /// Costs a try if it is wrong.
    pub(super) fn check(&mut self, offered: &[u8]) -> Result<(), Status> {
        if self.left == 0 {
            return Err(Status::BLOCKED);
        }
        if offered == self.value {
            self.left = self.tries;
            return Ok(());
        }
        self.left -= 1;
        Err(Status::tries(self.left))
    }

    pub(super) fn set(&mut self, value: [u8; 8]) {
        self.value = value;
        self.left = self.tries;
    }

    pub(super) fn is(&self, value: &str) -> bool {
        self.value == Self::new(value, 0).value
    }

    pub(super) fn metadata(&self, factory: &str) -> Vec<u8> {
        let default = self.is(factory);
        [
            tlv::object(0x01, &[0xff]),
            tlv::object(0x05, &[u8::from(default)]),
            tlv::object(0x06, &[self.tries, self.left]),
        ]
        .concat()
    }
}

impl Piv {
    /// VERIFY (SP 800-73-4, part 2, section 3.2.1).
    pub(super) fn verify(&mut self, options: &Options, command: &Command) -> Answer {
        let reference = match command.p2 {
            PIN => Some(&mut self.pin),
            GLOBAL_PIN => self.global_pin.as_mut(),
            _ => None,
        };
        let reference = reference.ok_or(Status::REFERENCE_NOT_FOUND)?;
        match (command.p1, command.data.as_slice()) {
            (0x00, []) if self.pin_verified => Ok(Vec::new()),
            (0x00, []) if !options.standard.tells_tries => Err(Status::SECURITY_STATUS),
            (0x00, []) if reference.left == 0 => Err(Status::BLOCKED),
            (0x00, []) => Err(Status::tries(reference.left)),
            // SP 800-73-4 has this; older firmware knows only SP 800-73-3.
            (0xff, []) if options.make != Make::Yubico || options.firmware.has_metadata() => {
                self.pin_verified = false;
                Ok(Vec::new())
            }
            (0x00, offered) if offered.len() == 8 => {
                self.pin_verified = false;
                reference.check(offered)?;
                self.pin_verified = true;
                self.pin_fresh = true;
                Ok(Vec::new())
            }
            (0x00, _) => Err(Status::WRONG_DATA),
            _ => Err(Status::WRONG_P1P2),
        }
    }

    /// CHANGE REFERENCE DATA (section 3.2.2).
    pub(super) fn change_reference_data(&mut self, command: &Command) -> Answer {
        let (old, new) = two_references(command)?;
        let reference = match command.p2 {
            PIN => &mut self.pin,
            PUK => &mut self.puk,
            _ => return Err(Status::REFERENCE_NOT_FOUND),
        };
        reference.check(old)?;
        reference.set(valid_reference(new)?);
        Ok(Vec::new())
    }

    /// RESET RETRY COUNTER (section 3.2.3).
    pub(super) fn reset_retry_counter(&mut self, command: &Command) -> Answer {
        let (puk, new) = two_references(command)?;
        if command.p2 != PIN {
            return Err(Status::REFERENCE_NOT_FOUND);
        }
        self.puk.check(puk)?;
        self.pin.set(valid_reference(new)?);
        Ok(Vec::new())
    }

    /// SET PIN RETRIES, which makes PIN and PUK those of the factory.
    pub(super) fn set_pin_retries(&mut self, command: &Command) -> Answer {
        if !self.management_verified || !self.pin_verified {
            return Err(Status::SECURITY_STATUS);
        }
        if command.p1 == 0 || command.p2 == 0 {
            return Err(Status::WRONG_DATA);
        }
        self.pin = Reference::new(FACTORY_PIN, command.p1);
        self.puk = Reference::new(FACTORY_PUK, command.p2);
        self.pin_verified = false;
        Ok(Vec::new())
    }
}

/// The two values of CHANGE REFERENCE DATA and RESET RETRY COUNTER.
fn two_references(command: &Command) -> Result<(&[u8], &[u8]), Status> {
    match (command.p1, command.data.split_at_checked(8)) {
        (0x00, Some((old, new))) if new.len() == 8 => Ok((old, new)),
        (0x00, _) => Err(Status::WRONG_DATA),
        _ => Err(Status::WRONG_P1P2),
    }
}

/// A new PIN or PUK has six to eight bytes and is padded with FF. It is looked at only after the old
/// one was right.
fn valid_reference(new: &[u8]) -> Result<[u8; 8], Status> {
    let length = new.iter().take_while(|byte| **byte != 0xff).count();
    let padded = new.iter().skip(length).all(|byte| *byte == 0xff);
    if length < 6 || !padded {
        return Err(Status::WRONG_DATA);
    }
    new.try_into().map_err(|_| Status::WRONG_DATA)
}
