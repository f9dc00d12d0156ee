//! The management application: what kind of YubiKey it is.

use crate::apdu::{Answer, Command, Status};
use crate::attestation::form_factor;
use crate::options::Options;
use crate::tlv;

/// The application's identifier.
pub const AID: &[u8] = &[0xa0, 0x00, 0x00, 0x05, 0x27, 0x47, 0x11, 0x17];

/// The OTP and PIV applications, the only ones there are.
const APPLICATIONS: u8 = 0x01 | 0x10;

/// The answer to SELECT.
pub fn select(options: &Options) -> Vec<u8> {
    format!("Virtual mgr - FW version {}", options.firmware).into_bytes()
}

/// Does what the command says; READ CONFIG is the only one there is.
pub fn run(options: &Options, command: &Command) -> Answer {
    match (command.ins, command.p1) {
        (0x1d, _) if !options.firmware.has_device_information() => Err(Status::INSTRUCTION),
        (0x1d, 0) => Ok(device_information(options)),
        (0x1d, _) => Err(Status::WRONG_P1P2),
        _ => Err(Status::INSTRUCTION),
    }
}

fn device_information(options: &Options) -> Vec<u8> {
    let serial = tlv::object(0x02, &options.told_serial());
    let objects = if options.firmware.0 >= 5 {
        [
            tlv::object(0x01, &[0x00, APPLICATIONS]),
            serial,
            tlv::object(0x03, &[0x00, APPLICATIONS]),
            tlv::object(0x04, &[form_factor(options)]),
            tlv::object(0x05, &options.firmware.bytes()),
            tlv::object(0x06, &[0x00, 0x00]),
            tlv::object(0x07, &[0x0f]),
            tlv::object(0x08, &[0x00]),
            tlv::object(0x0a, &[0x00]),
        ]
        .concat()
    } else {
        [tlv::object(0x01, &[APPLICATIONS]), serial, tlv::object(0x03, &[APPLICATIONS])].concat()
    };
    let length = u8::try_from(objects.len()).unwrap_or_default();
    [vec![length], objects].concat()
}
