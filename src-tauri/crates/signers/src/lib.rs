//! The keys that sign, behind one trait.
//!
//! | question | module |
//! |---|---|
//! | What can any signer do? | [`Signer`] |
//! | How does a key in memory sign? | [`software`] |
//! | How is a key of our own kept on disk? | [`key_file`] |

pub mod key_file;
pub mod software;

use countersign_envelope::public_key::PublicKey;
use countersign_envelope::signature::{Algorithm, SignedPayload, SignerType};

/// Something that holds a key and signs with it.
pub trait Signer {
    /// What holds the key.
    fn signer_type(&self) -> SignerType;

    /// How it signs.
    fn algorithm(&self) -> Algorithm;

    /// Over which forms of the payload it can sign, the preferred one first.
    fn payloads(&self) -> &[SignedPayload];

    /// The key that verifies; none for a shared HMAC key.
    fn public_key(&self) -> Option<&PublicKey>;

    /// Signs a message: the raw signature, in the form of the algorithm.
    ///
    /// # Errors
    /// Where the key could not be used; nothing was signed then.
    fn sign(&mut self, message: &[u8]) -> Result<Vec<u8>, SignerError>;

    /// Whether a raw signature is this key's over a message. What was made is checked with it
    /// before it is written.
    fn verifies(&self, message: &[u8], signature: &[u8]) -> bool;
}

/// Why a key could not be opened or used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SignerError {
    /// Neither of the forms of key that are read.
    #[error(
        "not a key: give base64 of the key, a PEM private key, or a file made by `countersign keys generate`"
    )]
    Form,
    /// A key of another length than the algorithm has.
    #[error("an Ed25519 key is base64 of 32 bytes; this one has {0}")]
    Length(usize),
    /// No key at all.
    #[error("the key is empty")]
    Empty,
    /// The key file is encrypted, and no passphrase came with it.
    #[error("the key file is encrypted; give its passphrase")]
    PassphraseNeeded,
    /// The passphrase is wrong, or the file is damaged; the two cannot be told apart.
    #[error("the passphrase is wrong or the key file is damaged; nothing was signed")]
    Passphrase,
    /// A PEM key of another algorithm than Ed25519.
    #[error("the private key is damaged, or no Ed25519 key; only those are read from PEM")]
    Kind,
    /// The public key that belongs to it is unsafe.
    #[error("the key is unusable: {0}")]
    PublicKey(#[from] countersign_envelope::public_key::PublicKeyError),
    /// The operating system gave no random bytes.
    #[error("the operating system gave no random bytes for a new key")]
    Random,
    /// A new key could not be written in its form.
    #[error("the new key could not be encrypted")]
    Encryption,
}
