//! Frames: the length as four bytes, the most significant first, and as many bytes. A request or a
//! reply is one frame of JSON; a PIN or a message to sign follows its request as a frame of its own,
//! so that neither is ever written as JSON.

use std::io::{self, Read, Write};

use countersign_envelope::signature::Algorithm;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::token::{Token, TokenKey};
use crate::error::pkcs11::Fault;

/// Longest frame, in bytes: a run of the largest size, and some more.
const LONGEST: usize = 80 << 20;

/// A frame's bytes. They are wiped, since they may be a PIN.
pub(super) type Frame = Zeroizing<Vec<u8>>;

/// What the station asks of the process with the module.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "snake_case")]
pub(super) enum Request {
    /// The first of all: to load the module, with what it is configured by (`pReserved`).
    Start { init: Option<String> },
    /// What there is: every token with its keys, as far as they are seen without a PIN.
    Inspect,
    /// To wait until a token comes or goes.
    WaitForEvent,
    /// To open a session with a token, for one of its keys.
    Open { token: Box<Token>, key: Box<TokenKey> },
    /// To log in. The PIN is the next frame; `None` if the token has its own pad.
    LogIn { with_pin: bool, last_try: bool },
    /// To sign. The message is the next frame.
    Sign { algorithm: Algorithm },
}

/// What it answers.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub(super) enum Reply {
    Inspected {
        library: Library,
        tokens: Vec<Token>,
    },
    /// A token came or went.
    Event,
    /// The module cannot wait for that.
    NoEvents,
    /// The token as it is now, and what is visible of the key without a PIN.
    Opened {
        token: Box<Token>,
        key: Box<TokenKey>,
    },
    /// What is visible of the key with the PIN.
    LoggedIn {
        key: Box<TokenKey>,
    },
    /// The PIN was not taken.
    NotLoggedIn {
        why: PinAnswer,
    },
    /// The signature is the next frame.
    Signed,
    Failed {
        fault: Fault,
    },
}

/// What a module calls itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Library {
    /// Its description.
    pub description: String,
    /// Who made it.
    pub manufacturer: String,
    /// Its version.
    pub version: String,
}

/// Why a PIN was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum PinAnswer {
    /// It was wrong, and the number of attempts left is not known.
    Wrong,
    /// It was wrong, and one try is left.
    WrongOneLeft,
    /// It is locked.
    Locked,
    /// One attempt is left, which the person was not told; it was not sent.
    FewerTries,
    /// None is set.
    NotSet,
    /// It must be changed first.
    Expired,
    /// No PIN of the token is so long; it was not sent.
    Length { least: u64, most: u64 },
    /// The token took it for one that no PIN can be.
    Refused,
    /// Cancelled on the token's PIN pad.
    BrokenOff,
}

/// How many replies there are in some bytes, up to the first thing that is none. The station reads them
/// one by one.
pub fn replies_in(mut bytes: &[u8]) -> usize {
    let mut reply = || {
        let frame = read_frame(&mut bytes).ok()??;
        serde_json::from_slice::<Reply>(&frame).ok()
    };
    std::iter::from_fn(&mut reply).count()
}

/// Writes a frame.
///
/// # Errors
/// Fails if the other side has gone.
pub(super) fn write_frame(to: &mut dyn Write, bytes: &[u8]) -> io::Result<()> {
    let length = u32::try_from(bytes.len()).map_err(|_| io::ErrorKind::InvalidInput)?;
    to.write_all(&length.to_be_bytes())?;
    to.write_all(bytes)?;
    to.flush()
}

/// Reads a frame; `None` at the end.
///
/// # Errors
/// Fails if it is cut off, or too long.
pub(super) fn read_frame(from: &mut dyn Read) -> io::Result<Option<Frame>> {
    let mut length = [0; 4];
    let mut read = 0;
    while let Some(rest) = length.get_mut(read..).filter(|rest| !rest.is_empty()) {
        match from.read(rest) {
            Ok(0) if read == 0 => return Ok(None),
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(count) => read += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    let length = usize::try_from(u32::from_be_bytes(length)).unwrap_or(usize::MAX);
    if length > LONGEST {
        return Err(io::ErrorKind::InvalidData.into());
    }
    // Grown only while it is read, and never more than once: what it leaves behind would not be
    // wiped. A length that is not kept costs nothing but address space.
    let mut bytes = Zeroizing::new(vec![0; length]);
    from.read_exact(&mut bytes)?;
    Ok(Some(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_comes_out_as_it_went_in() {
        let mut pipe = Vec::new();
        write_frame(&mut pipe, b"one").unwrap();
        write_frame(&mut pipe, b"").unwrap();
        let mut pipe = pipe.as_slice();
        assert_eq!(read_frame(&mut pipe).unwrap().unwrap().as_slice(), b"one");
        assert_eq!(read_frame(&mut pipe).unwrap().unwrap().as_slice(), b"");
        assert!(read_frame(&mut pipe).unwrap().is_none());
    }

    #[test]
    fn bytes_that_are_not_a_frame_give_an_error() {
        assert!(read_frame(&mut b"HTTP/1.1 200 OK".as_slice()).is_err(), "too long");
        assert!(read_frame(&mut b"\0\0".as_slice()).is_err(), "no length");
        assert!(read_frame(&mut b"\0\0\0\x05abc".as_slice()).is_err(), "cut off");
    }
}
