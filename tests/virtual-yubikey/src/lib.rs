//! A virtual YubiKey: a PIV card in software that real clients take for a YubiKey.
//!
//! It speaks to `pcscd` through the `vpcd` driver of vsmartcard, and answers as the PIV, management
//! and OTP applications of a YubiKey of a chosen firmware do (NIST SP 800-73-4 and Yubico's
//! extensions to it). It can be told to misbehave in the ways a token does: to be pulled out in the
//! middle, to fall silent, to answer nonsense, to wait for a touch that does not come.
//!
//! ```no_run
//! use virtual_yubikey::{Algorithm, Card, Options, Pcscd, SlotOptions};
//!
//! # fn main() -> Result<(), virtual_yubikey::Error> {
//! let pcscd = Pcscd::start()?;
//! let slots = vec![SlotOptions::new(0x9c, Algorithm::P256)];
//! let plug = Card::new(Options { slots, ..Options::default() }).plug(pcscd.port(0))?;
//! // A client with PCSCLITE_CSOCK_NAME set to pcscd.socket() now sees a YubiKey.
//! let card = plug.pull();
//! # Ok(())
//! # }
//! ```
//!
//! It is for tests and demonstrations only: its keys are known to everyone.

mod apdu;
mod attestation;
mod card;
mod certificate;
mod error;
mod firmware;
mod key;
mod management;
mod management_key;
mod options;
mod otp;
mod pcscd;
mod piv;
mod plug;
mod tlv;

pub use attestation::{
    Issuer, test_first_root_pem, test_intermediates_pem, test_old_root_pem, test_root_pem,
    test_roots_pem,
};
pub use card::{Apdu, State};
pub use error::Error;
pub use firmware::{Firmware, FormFactor};
pub use key::Algorithm;
pub use management_key::{ManagementAlgorithm, ManagementKey};
pub use options::{
    Act, At, Certificate, Fault, Identity, KeySource, Make, Options, Origin, PinPolicy,
    SlotOptions, Standard, Touch, TouchPolicy,
};
pub use pcscd::Pcscd;
pub use plug::{Card, Event, Plug};
