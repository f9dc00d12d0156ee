//! PIV cards (NIST SP 800-73-4), YubiKeys among them: what is on them, and how their keys sign. What
//! is Yubico's own is kept apart, and other cards are used by the standard alone.
//!
//! The exchange of APDUs is kept here, over the crate `pcsc`, since an act of signing needs what the
//! crate `yubikey` does not give: PIN and signature in one transaction, the card's own status words,
//! Ed25519, and a PIN that is wiped; and setting up a YubiKey needs AES management keys, which it has
//! only in a release candidate (0.9), while the block ciphers are in the tree already. That crate says what the slots are, and whether the management key
//! is still the factory's.
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
//! | Which PIN, PUK and key are too weak to be set? | [`strength`] |
//! | How is a YubiKey set up for signing? | [`setup`] |
//! | How is the management key proven and replaced? | [`management_key`] |
//! | Where on the card is it kept, protected by the PIN? | [`kept_management_key`] |
//! | How is a certificate made that a key signs for itself? | [`self_signed`] |
//! | What can go wrong, and what to do then? | [`crate::error::piv`] |

pub mod apdu;
pub mod applet;
pub mod card;
pub mod card_id;
pub mod kept_management_key;
pub mod management_key;
pub mod pin;
pub mod self_signed;
pub mod setup;
pub mod signer;
pub mod standard;
pub mod strength;
pub mod token;
pub mod yubico;
pub mod yubikey;
