//! PIV cards (NIST SP 800-73-4), YubiKeys among them: what is on them, and how their keys sign. What
//! is Yubico's own is kept apart, and other cards are used by the standard alone.
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
//! | Which commands did Yubico add? | [`yubico`] |
//! | Which card is it, and which keys are on it? | [`token`] |
//! | What makes a card a YubiKey, and what does it say of its keys? | [`yubikey`] |
//! | What does any other card say? | [`standard`] |
//! | What distinguishes one of those from another? | [`card_id`] |
//! | What may a PIN be, and how is it changed or unblocked? | [`pin`] |
//! | How does a key on a card sign? | [`signer`] |
//! | What can go wrong, and what to do then? | [`crate::error::piv`] |

pub mod apdu;
pub mod applet;
pub mod card;
pub mod card_id;
pub mod pin;
pub mod signer;
pub mod standard;
pub mod token;
pub mod yubico;
pub mod yubikey;
