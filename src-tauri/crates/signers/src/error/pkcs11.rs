//! What can go wrong with a module, a token or a PIN, and what to do then.

use countersign_problem::{Explain as _, Problem, Words, list};
use std::path::Path;

use countersign_envelope::signature::Algorithm;
use countersign_pkcs11_calls::CallError;
use countersign_pkcs11_calls::sys::{
    CKR_DEVICE_REMOVED, CKR_SESSION_CLOSED, CKR_SESSION_HANDLE_INVALID, CKR_SLOT_ID_INVALID,
    CKR_TOKEN_NOT_PRESENT,
};
use countersign_problem::visible::visible;
use serde::{Deserialize, Serialize};

use crate::pkcs11::name::Name;

/// A module or a token could not be used. Nothing was signed.
#[derive(Debug, Clone, PartialEq, Eq, Problem)]
#[arg(said = (!said.is_empty()).then_some(said))]
pub struct ModuleError {
    /// The module's file, safe to show.
    pub module: String,
    /// What went wrong.
    pub fault: Box<Fault>,
    /// What the module said on standard error, where that may be the reason; else empty.
    pub said: String,
}

impl ModuleError {
    pub(crate) fn of(module: &Path, fault: Fault) -> Self {
        let (module, fault) = (visible(&module.to_string_lossy()), Box::new(fault));
        Self { module, fault, said: String::new() }
    }

    /// What went wrong, for a place where the module's file stands beside it.
    pub fn without_module(&self) -> ModuleFault {
        let said = Some(self.said.clone()).filter(|said| !said.is_empty());
        ModuleFault { fault: self.fault.clone(), said }
    }
}

/// What went wrong with a module that is named elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Problem)]
#[problem(code = "module")]
pub struct ModuleFault {
    fault: Box<Fault>,
    said: Option<String>,
}

/// What went wrong with a module or a token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Problem)]
#[problem(area = "module")]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Fault {
    /// There is no such file.
    NoFile,
    /// It is a directory or a device.
    NotAFile,
    /// It cannot be read.
    Unreadable {
        /// The operating system's error.
        why: String,
    },
    /// It is not a shared library.
    NotALibrary,
    /// It is for another machine.
    Architecture {
        /// What it is built for.
        is: String,
        /// What this program is built for.
        wanted: String,
    },
    /// A library that it needs is missing.
    MissingLibrary {
        /// Its name.
        library: String,
    },
    /// It cannot be loaded.
    Load {
        /// The operating system's error.
        why: String,
    },
    /// It is a library, but not a module.
    NoFunctionList,
    /// The process for it cannot be started.
    Start {
        /// The operating system's error.
        why: String,
    },
    /// It crashed.
    Crashed {
        /// By which signal or with which code its process ended.
        how: String,
    },
    /// It gave no answer.
    Silent {
        /// The time it had.
        seconds: u64,
    },
    /// Its process answered with something that cannot be read.
    Garbage,
    /// A function failed.
    Function {
        /// Which.
        function: String,
        /// How: `CKR_…`.
        code: String,
    },
    /// The token was pulled out.
    Removed {
        /// Which function found out.
        function: String,
        /// What it gave: `CKR_…`.
        code: String,
    },
    /// The token is not there.
    NoToken {
        /// Which.
        token: Name,
    },
    /// Several tokens look the same, and the slot that the token was in does not tell them apart.
    SeveralTokens {
        /// What they are called.
        token: Name,
    },
    /// The key is not there.
    #[arg(has_keys = !there.is_empty(), there = named(there))]
    NoKey {
        /// On which token.
        token: Name,
        /// Which key.
        key: Name,
        /// Those that are there.
        there: Vec<Name>,
    },
    /// Several keys are meant.
    SeveralKeys {
        /// On which token.
        token: Name,
        /// Which key.
        key: Name,
        /// Whether label and id of all of them are the same.
        alike: bool,
    },
    /// The token cannot sign so.
    NoMechanism {
        /// The algorithm that was asked for.
        algorithm: Algorithm,
    },
    /// The token offers no mechanism for keys of this kind.
    NoneOffered {
        /// Which key.
        key: Name,
        /// Of which kind.
        kind: String,
        /// The mechanisms that would do.
        wanted: String,
    },
    /// The key of a YubiKey's slot f9.
    AttestsOnly {
        /// Which key.
        key: Name,
    },
    /// The key may not sign.
    NotForSigning {
        /// Which key.
        key: Name,
    },
    /// Nothing tells the key's public half.
    NoPublicHalf {
        /// Which key.
        key: Name,
    },
    /// The token's key has another public half than was given.
    OtherPublicHalf {
        /// Which key.
        key: Name,
    },
    /// The signature has a form that no signature of the algorithm has.
    Form {
        /// The algorithm that was asked for.
        algorithm: Algorithm,
        /// How long it is.
        length: usize,
    },
}

/// Keys in a row.
fn named(keys: &[Name]) -> Words {
    list::row(keys.iter().map(Name::words)).unwrap_or_default()
}

impl Fault {
    /// A call's error. Errors that mean that the token has gone become that.
    pub(crate) fn of(error: CallError) -> Self {
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

/// What to do about several keys that are meant; `alike` if nothing tells them apart.
pub fn tell_apart(alike: bool) -> Words {
    let fault = Fault::SeveralKeys { token: Name::Nameless, key: Name::Nameless, alike };
    fault.problem().hint_words().unwrap_or_default()
}

/// Why a token did not take a PIN. It is sent once and never again by the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Problem)]
#[non_exhaustive]
pub enum LoginError {
    /// Wrong.
    Wrong,
    /// Wrong, and one try is left.
    OneLeft,
    /// Locked.
    Locked(Unlocking),
    /// Fewer attempts are left than the person was told.
    FewerTries,
    /// None is set.
    NotSet,
    /// It must be changed.
    Expired,
    /// Not one that this token could have.
    Length {
        /// Fewest bytes.
        least: u64,
        /// Most bytes.
        most: u64,
    },
    /// Refused for its form.
    Refused,
    /// Cancelled on the token's PIN pad.
    BrokenOff,
}

impl LoginError {
    /// How many attempts are left, if that is known.
    pub const fn tries_left(self) -> Option<u8> {
        match self {
            Self::OneLeft | Self::FewerTries => Some(1),
            Self::Locked(_) => Some(0),
            _ => None,
        }
    }
}

/// How a locked PIN is set again, by what the token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::Display)]
#[strum(serialize_all = "lowercase")]
pub enum Unlocking {
    /// With the PUK, by OpenSC's program.
    Puk,
    /// With the PUK, here.
    YubiKey,
    /// By its security officer, who has a PIN of their own.
    SecurityOfficer,
}

impl Unlocking {
    /// What to do, in words.
    pub fn remedy(self) -> Words {
        LoginError::Locked(self).problem().hint_words().unwrap_or_default()
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
