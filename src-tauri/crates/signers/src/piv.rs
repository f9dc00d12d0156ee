//! A YubiKey's PIV application (NIST SP 800-73-4, with Yubico's extensions): what is on it, and how
//! its keys sign.
//!
//! The exchange of APDUs is kept here, over the crate `pcsc`, since an act of signing needs what the
//! crate `yubikey` does not give: PIN and signature in one transaction, the card's own status words,
//! Ed25519, and a PIN that is wiped. That crate says what the slots are, and whether the management
//! key is still the factory's.
//!
//! | question | module |
//! |---|---|
//! | How is a card connected to, and kept from others meanwhile? | [`card`] |
//! | How are bytes exchanged with it? | [`apdu`] |
//! | Which commands does the application know? | [`applet`] |
//! | Which keys are in a YubiKey, with which policies? | [`token`] |
//! | What may a PIN be, and how is it changed or unblocked? | [`pin`] |
//! | How does a key on a YubiKey sign? | [`signer`] |
//! | What can go wrong, and what to do then? | [`crate::error::piv`] |

pub mod apdu;
pub mod applet;
pub mod card;
pub mod pin;
pub mod signer;
pub mod token;
