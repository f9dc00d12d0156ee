//! What can go wrong with a module, a token or a PIN, and what to do then.

use std::path::Path;

use countersign_envelope::signature::Algorithm;
use countersign_envelope::visible::visible;
use countersign_pkcs11_calls::CallError;
use countersign_pkcs11_calls::sys::{
    CKR_DEVICE_REMOVED, CKR_SESSION_CLOSED, CKR_SESSION_HANDLE_INVALID, CKR_SLOT_ID_INVALID,
    CKR_TOKEN_NOT_PRESENT,
};
use serde::{Deserialize, Serialize};

use super::token::Unlocking;

/// A module or a token could not be used. Nothing was signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{module}: {fault}{}", last(.said))]
pub struct ModuleError {
    /// The module's file, safe to show.
    pub module: String,
    /// What went wrong.
    pub fault: Fault,
    /// What the module said on standard error, where that may be the reason; else empty.
    pub said: String,
}

impl ModuleError {
    pub(super) fn of(module: &Path, fault: Fault) -> Self {
        Self { module: visible(&module.to_string_lossy()), fault, said: String::new() }
    }

    /// What went wrong, where the module's file stands beside it.
    pub fn without_module(&self) -> String {
        format!("{}{}", self.fault, last(&self.said))
    }
}

fn last(said: &str) -> String {
    if said.is_empty() { String::new() } else { format!(". It said: {said}") }
}

/// What went wrong with a module or a token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Fault {
    /// There is no such file.
    #[error("there is no such file; install the module, or give its full path")]
    NoFile,
    /// It is a directory or a device.
    #[error("this is no file; give the path of the module itself")]
    NotAFile,
    /// It cannot be read.
    #[error("it cannot be read ({why}); check its permissions")]
    Unreadable {
        /// What the operating system said.
        why: String,
    },
    /// It is no shared library at all.
    #[error(
        "this is no shared library; give the path of a PKCS#11 module, usually a file in …/pkcs11/ that ends in .so"
    )]
    NotALibrary,
    /// It is for another machine.
    #[error("it is built for {is}, and this program for {wanted}; install the module for {wanted}")]
    Architecture {
        /// What it is built for.
        is: String,
        /// What this program is built for.
        wanted: String,
    },
    /// A library that it needs is missing.
    #[error("the library {library} that it needs is not there; install the package that has it")]
    MissingLibrary {
        /// Its name.
        library: String,
    },
    /// It cannot be loaded.
    #[error("it cannot be loaded ({why}); install it again, with all that it needs")]
    Load {
        /// What the operating system said.
        why: String,
    },
    /// It is a library, and no module.
    #[error(
        "this is a shared library and no PKCS#11 module (it has no C_GetFunctionList); give the path of a module"
    )]
    NoFunctionList,
    /// The process for it cannot be started.
    #[error("the process that it runs in cannot be started ({why}); try again")]
    Start {
        /// What the operating system said.
        why: String,
    },
    /// It crashed.
    #[error(
        "the module crashed ({how}); nothing was written, and the station goes on. Try again, and tell its maker if it stays so"
    )]
    Crashed {
        /// By which signal or with which code its process ended.
        how: String,
    },
    /// It gave no answer.
    #[error(
        "the module gave no answer within {seconds} s and was ended; nothing was written. Try again, or give it more time with --module-timeout"
    )]
    Silent {
        /// The time it had.
        seconds: u64,
    },
    /// Its process answered with something that is no answer.
    #[error(
        "the module wrote over what its process answers, and was ended; nothing was written. Do not rely on it, and tell its maker"
    )]
    Garbage,
    /// A function failed.
    #[error("{function} failed with {code}; nothing was written. {}", remedy(.function, .code))]
    Function {
        /// Which.
        function: String,
        /// How: `CKR_…`.
        code: String,
    },
    /// The token was pulled out.
    #[error(
        "the token is gone ({code} at {function}); nothing was written. Insert it and begin again"
    )]
    Removed {
        /// Which function found out.
        function: String,
        /// What it gave: `CKR_…`.
        code: String,
    },
    /// The token is not there.
    #[error("{token} is not there any more; insert it and begin again")]
    NoToken {
        /// Which.
        token: String,
    },
    /// Several tokens look the same, and the slot that the token was in does not tell them apart.
    #[error("several tokens are {token}, and it is not in its slot; pull out all but one")]
    SeveralTokens {
        /// What they are called.
        token: String,
    },
    /// The key is not there.
    #[error("{token} has no private key {key}; {}", has(.there))]
    NoKey {
        /// On which token.
        token: String,
        /// Which key.
        key: String,
        /// Those that are there.
        there: String,
    },
    /// Several keys are meant.
    #[error("{token} has several keys {key}; {}", tell_apart(*alike))]
    SeveralKeys {
        /// On which token.
        token: String,
        /// Which key.
        key: String,
        /// Whether label and id of all of them are the same.
        alike: bool,
    },
    /// The token cannot sign so.
    #[error(
        "the token offers no mechanism for {algorithm} with this key; choose another algorithm or key"
    )]
    NoMechanism {
        /// How it was to sign.
        algorithm: Algorithm,
    },
    /// The token offers no mechanism for keys of this kind.
    #[error(
        "through this module the token offers no mechanism that signs with {key} ({wanted}); use another module for this token, or another key"
    )]
    NoneOffered {
        /// Which key, and of which kind.
        key: String,
        /// The mechanisms that would do.
        wanted: String,
    },
    /// The key of a YubiKey's slot f9.
    #[error("{key} attests the other keys and signs nothing else; choose another key")]
    AttestsOnly {
        /// Which key.
        key: String,
    },
    /// The key may not sign.
    #[error("the token does not let {key} sign (CKA_SIGN is false); choose another key")]
    NotForSigning {
        /// Which key.
        key: String,
    },
    /// Nothing tells the key's public half.
    #[error(
        "the token does not show the public half of {key}, under which its signatures are verified; give it with --public-key, or store its certificate on the token"
    )]
    NoPublicHalf {
        /// Which key.
        key: String,
    },
    /// The token's key has another public half than was given.
    #[error(
        "the public key that was given is not that of {key} on the token; give the right one, or leave it out"
    )]
    OtherPublicHalf {
        /// Which key.
        key: String,
    },
    /// The signature has a form that no signature of the algorithm has.
    #[error(
        "what it gave for a signature has {length} bytes, which no {algorithm} signature has; nothing was written. Tell the module's maker"
    )]
    Form {
        /// How it was to sign.
        algorithm: Algorithm,
        /// How long it is.
        length: usize,
    },
}

impl Fault {
    /// A call's error. What means that the token has gone is told as that.
    pub(super) fn of(error: CallError) -> Self {
        let (function, code) = (error.function.to_owned(), error.code());
        match error.rv {
            CKR_DEVICE_REMOVED
            | CKR_TOKEN_NOT_PRESENT
            | CKR_SESSION_HANDLE_INVALID
            | CKR_SESSION_CLOSED
            | CKR_SLOT_ID_INVALID => Self::Removed { function, code },
            _ => Self::Function { function, code },
        }
    }
}

fn has(there: &str) -> String {
    match there.is_empty() {
        true => "it shows no key at all. Choose another token".to_owned(),
        false => format!("it has {there}. Name the key by its label and id there"),
    }
}

/// What to do about several keys that are meant.
pub const fn tell_apart(alike: bool) -> &'static str {
    match alike {
        true => {
            "nothing tells them apart, since they have the same label and id. Give one of them another id (pkcs11-tool --set-id)"
        }
        false => "name the key by more of its label and id (countersign devices shows both)",
    }
}

fn remedy(function: &str, code: &str) -> &'static str {
    match (function, code) {
        ("C_Initialize" | "C_GetFunctionList", _) => {
            "Check what the module needs: its configuration, its service, its device"
        }
        ("C_GetSlotList", _) => {
            "Check that the service that it needs runs (for smart cards: systemctl start pcscd.socket)"
        }
        (_, "CKR_USER_NOT_LOGGED_IN") => "The token wants its PIN again; begin again",
        (_, "CKR_KEY_FUNCTION_NOT_PERMITTED") => "The key may not sign; choose another",
        (_, "CKR_DEVICE_ERROR" | "CKR_DEVICE_MEMORY") => {
            "Pull the token out, insert it and begin again"
        }
        _ => "Begin again; if it stays so, try the token with pkcs11-tool",
    }
}

/// Why a token did not take a PIN. It is sent once and never again by the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LoginError {
    /// Wrong.
    #[error("the PIN is wrong; this cost a try, and the token does not tell how many are left")]
    Wrong,
    /// Wrong, and one try is left.
    #[error("the PIN is wrong; 1 try is left")]
    OneLeft,
    /// Locked.
    #[error("the PIN of the token is locked, since it was wrong too often; {}", .0.remedy())]
    Locked(Unlocking),
    /// Fewer tries are left than the person was told.
    #[error(
        "only 1 try of the PIN is left, which was not shown; it was not sent. Look again before you type it"
    )]
    FewerTries,
    /// None is set.
    #[error("the token has no PIN yet; have one set (pkcs11-tool --init-pin)")]
    NotSet,
    /// It has to be changed.
    #[error(
        "the PIN has to be changed before it can be used; change it (pkcs11-tool --change-pin)"
    )]
    Expired,
    /// Not one that this token could have.
    #[error(
        "a PIN of this token has {least} to {most} characters; it was not sent, so that no try is lost"
    )]
    Length {
        /// Fewest bytes.
        least: u64,
        /// Most bytes.
        most: u64,
    },
    /// Refused for its form.
    #[error("the token takes this for no PIN at all; type it again")]
    Refused,
    /// Broken off on the token's own pad.
    #[error("broken off on the token's own pad; nothing was signed")]
    BrokenOff,
}

impl LoginError {
    /// How many tries are left, where that came out.
    pub const fn tries_left(self) -> Option<u8> {
        match self {
            Self::OneLeft | Self::FewerTries => Some(1),
            Self::Locked(_) => Some(0),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn errors_have_the_names_of_the_standard() {
        let fault = Fault::of(CallError { function: "C_GetSlotList", rv: 0x190 });
        let (function, code) =
            ("C_GetSlotList".to_owned(), "CKR_CRYPTOKI_NOT_INITIALIZED".to_owned());
        assert_eq!(fault, Fault::Function { function, code });
        let fault = Fault::of(CallError { function: "C_Sign", rv: CKR_DEVICE_REMOVED });
        assert!(matches!(fault, Fault::Removed { .. }));
    }
}
