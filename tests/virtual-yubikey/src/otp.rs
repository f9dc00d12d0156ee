//! The OTP application, as far as it tells the serial number, which is where clients ask a YubiKey 4
//! for it.

use crate::apdu::{Answer, Command, Status};
use crate::options::Options;

/// The application's identifier; most clients leave out the last byte.
pub const AID: &[u8] = &[0xa0, 0x00, 0x00, 0x05, 0x27, 0x20, 0x01, 0x01];

/// The status, which is also the answer to SELECT: firmware, and nothing programmed.
pub fn status(options: &Options) -> Vec<u8> {
    let [major, minor, patch] = options.firmware.bytes();
    vec![major, minor, patch, 0, 0, 0]
}

/// Does what the command says.
pub fn run(options: &Options, command: &Command) -> Answer {
    match (command.ins, command.p1) {
        (0x01, 0x10) => Ok(options.told_serial().to_vec()),
        (0x03, _) => Ok(status(options)),
        _ => Err(Status::INSTRUCTION),
    }
}
