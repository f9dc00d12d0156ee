//! A key on offer: what a person learns of a key before they choose it, whatever holds it.

use countersign_admissibility::keyring::{Key as KeyringKey, Keyring};
use countersign_envelope::key_attestation::KeyAttestation;
use countersign_envelope::public_key::PublicKey;
use countersign_envelope::signature::{Algorithm, SignerType};
use countersign_envelope::vocabulary;
use countersign_problem::{Problem, Words};
use countersign_signers::Key;
use countersign_signers::certificate::CertificateFacts;
use countersign_signers::{piv, pkcs11};

use crate::key_ref::KeyRef;

vocabulary! {
    /// What a key asks a person for before it signs.
    Asks {
        /// Nothing.
        Nothing = "nothing",
        /// The passphrase of its file.
        Passphrase = "passphrase",
        /// The PIN of its token.
        Pin = "PIN",
        /// The PIN, on the token's own PIN pad.
        PinOnPad = "PIN on the PIN pad",
        /// A touch of the token.
        Touch = "touch",
        /// The PIN and a touch.
        PinAndTouch = "PIN and touch",
        /// The PIN, and perhaps a touch: the token does not say.
        PinAndPerhapsTouch = "PIN, and a touch if it blinks",
    }
}

vocabulary! {
    /// Where a key was made, by what its holder says.
    KeyOrigin {
        /// There, and it never was outside.
        Generated = "generated",
        /// There, but it was readable or could leave at some time.
        GeneratedExposed = "generated, was not always kept in",
        /// Elsewhere.
        Imported = "imported",
    }
}

impl From<piv::yubico::Origin> for KeyOrigin {
    fn from(origin: piv::yubico::Origin) -> Self {
        match origin {
            piv::yubico::Origin::Generated => Self::Generated,
            piv::yubico::Origin::Imported => Self::Imported,
        }
    }
}

impl From<pkcs11::token::Origin> for KeyOrigin {
    fn from(origin: pkcs11::token::Origin) -> Self {
        match origin {
            pkcs11::token::Origin::Generated => Self::Generated,
            pkcs11::token::Origin::GeneratedExposed => Self::GeneratedExposed,
            pkcs11::token::Origin::Imported => Self::Imported,
        }
    }
}

/// A key that a person can choose. Implemented once for each kind of thing that holds keys.
pub trait KeyOnOffer: Send + Sync {
    /// Which key it is.
    fn key_ref(&self) -> KeyRef;

    /// As a person calls it; no two on offer are called the same.
    fn label(&self) -> Words;

    /// One line about it.
    fn about(&self) -> Words;

    /// What holds it, as far as that is known before it is open. `known` is its entry in the keyring.
    fn kind(&self, known: Option<&KeyringKey>) -> SignerType;

    /// How it signs.
    fn algorithm(&self) -> Algorithm;

    /// Its public key, if that shows before it is open.
    fn public_key(&self) -> Option<PublicKey>;

    /// Its id in signatures if no keyring has it.
    fn key_id(&self) -> String;

    /// Who signs with it if no keyring says so.
    fn owner(&self) -> Option<&str> {
        None
    }

    /// What it asks for.
    fn asks(&self) -> Asks;

    /// How many attempts its PIN has left, if that is counted and shows.
    fn attempts_left(&self) -> Option<u8> {
        None
    }

    /// What should be known of it and of what holds it, as sentences. `known` is its entry in the
    /// keyring.
    fn warnings(&self, _known: Option<&KeyringKey>) -> Vec<Words> {
        Vec::new()
    }

    /// The holder's own statement about it.
    fn attestation(&self) -> Option<&KeyAttestation> {
        None
    }

    /// The certificate that its holder keeps beside it.
    fn certificate(&self) -> Option<&CertificateFacts> {
        None
    }

    /// Whether software plays what holds it.
    fn is_virtual(&self) -> bool {
        false
    }

    /// Whether signing with it may use something that is plugged in.
    fn may_use_device(&self) -> bool {
        true
    }

    /// Whether it could sign now, as far as that is seen without using it.
    ///
    /// # Errors
    /// Why not.
    fn check_ready(&self) -> Result<(), Problem> {
        Ok(())
    }

    /// Opens it: reads again what is known of it. The key that comes may still ask for its secret.
    ///
    /// # Errors
    /// If what holds it is not there any more, or it cannot be used.
    fn open(&self) -> Result<Key, Problem>;

    /// Its entry in a keyring: by its public key.
    fn entry<'k>(&self, keyring: &'k Keyring) -> Option<&'k KeyringKey> {
        keyring.find(Some(&self.public_key()?), "")
    }
}
