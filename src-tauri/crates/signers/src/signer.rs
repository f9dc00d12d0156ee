//! What every kind of key can do, and who attends while it does.

use std::borrow::Cow;

use countersign_envelope::digest::Digest;
use countersign_envelope::key_attestation::KeyAttestation;
use countersign_envelope::public_key::PublicKey;
use countersign_envelope::signature::{Algorithm, SignedPayload, SignerType};
use countersign_envelope::verification::{payload_bytes, verify_raw};
use countersign_problem::{Words, words};
use secrecy::SecretString;

use crate::error::SignerError;
use crate::pkcs11::pin_source::PinSource;

/// Something that holds a key and signs with it.
pub trait Signer {
    /// What holds the key.
    fn signer_type(&self) -> SignerType;

    /// How it signs.
    fn algorithm(&self) -> Algorithm;

    /// Over which forms of the payload it can sign, the preferred one first.
    fn payloads(&self) -> &[SignedPayload];

    /// The key that verifies; `None` for a shared HMAC key.
    fn public_key(&self) -> Option<&PublicKey>;

    /// What decides whether it may sign something.
    fn known(&self) -> KnownKey {
        KnownKey {
            signer_type: self.signer_type(),
            algorithm: self.algorithm(),
            public_key: self.public_key().cloned(),
        }
    }

    /// What proves that a device holds the key, where the device says so itself.
    fn attestation(&self) -> Option<&KeyAttestation> {
        None
    }

    /// If a person claims something else about what holds the key than the device: what is claimed,
    /// and what the device says.
    fn claim(&self) -> Option<String> {
        None
    }

    /// What proves that a device holds the key and made the signature over this payload, once it
    /// has; if it differs from one signature to the next.
    ///
    /// # Errors
    /// Fails if evidence was expected and could not be obtained.
    fn evidence(
        &mut self,
        _payload: &Payload<'_>,
        _attend: &dyn Attend,
    ) -> Result<Option<KeyAttestation>, SignerError> {
        Ok(None)
    }

    /// Signs a payload: the raw signature, in the form of the algorithm.
    ///
    /// # Errors
    /// Fails if the key could not be used, or the person cancelled; then nothing was signed.
    fn sign(&mut self, payload: &Payload<'_>, attend: &dyn Attend) -> Result<Vec<u8>, SignerError>;

    /// Whether a raw signature is this key's over a message. A new signature is checked with it
    /// before it is written.
    fn verifies(&self, message: &[u8], signature: &[u8]) -> bool;

    /// The public half of the key that makes companions of its signatures; `None` if none does.
    fn companion_key(&self) -> Option<&PublicKey> {
        None
    }

    /// The key that makes companions of its signatures; `None` if none does.
    fn companion(&mut self) -> Option<&mut (dyn Signer + Send)> {
        None
    }
}

/// What is known of a key that need not be open: enough to say whether it may sign something.
#[derive(Debug, Clone)]
pub struct KnownKey {
    /// What holds the key, as far as that is known.
    pub signer_type: SignerType,
    /// How it signs.
    pub algorithm: Algorithm,
    /// The key that verifies; `None` for a shared HMAC key.
    pub public_key: Option<PublicKey>,
}

impl KnownKey {
    /// Whether a raw signature is this key's over a message. A shared key tells nothing until it is
    /// open.
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        let public = self.public_key.as_ref();
        public.is_some_and(|key| verify_raw(key, self.algorithm, message, signature).is_ok())
    }
}

/// A key as a person brings it: ready, or asking for a secret first.
pub enum Key {
    /// Ready to sign.
    Ready(Box<dyn Signer + Send>),
    /// Asks for a secret before it signs.
    Locked(Box<dyn LockedKey>),
}

/// A key that asks for a secret before it signs.
pub trait LockedKey: Send {
    /// What it asks for.
    fn secret(&self) -> Secret;

    /// What a person calls the thing that asks: a file, a token.
    fn name(&self) -> Words;

    /// What is known of the key without the secret; `None` if only the secret shows which key it is.
    /// With it a refusal is found before the secret is asked for, which may cost an attempt.
    fn known(&self) -> Option<KnownKey> {
        None
    }

    /// How many wrong secrets it accepts before it locks; `None` if it never does.
    fn tries_left(&self) -> Option<u8> {
        None
    }

    /// Whether the secret was wrong since it was last right, where the key tells.
    fn was_wrong(&self) -> bool {
        false
    }

    /// Where the secret is kept for use without a person; `None` if a person gives it.
    fn pin_source(&self) -> Option<&PinSource> {
        None
    }

    /// What to say if no attempt is left, with what to do.
    fn blocked(&self) -> Words {
        words!("pin-of-key-blocked")
    }

    /// What a wrong secret does if one attempt is left.
    fn risk(&self) -> &'static str {
        "a wrong one blocks it"
    }

    /// The rule for a secret, in words, if it is known before the secret is tried.
    fn rule(&self) -> Option<Words> {
        None
    }

    /// The public half of the key that makes companions of its signatures; `None` if none does.
    fn companion_key(&self) -> Option<&PublicKey> {
        None
    }

    /// Opens the key. The secret is tried once.
    ///
    /// # Errors
    /// Fails if the secret is wrong, or the key cannot be opened at all.
    fn unlock(&mut self, secret: &SecretString) -> Result<Box<dyn Signer + Send>, SignerError>;
}

/// What a locked key asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Secret {
    /// The passphrase of a key file.
    Passphrase,
    /// The PIN of a token.
    Pin,
}

impl Secret {
    /// As a person calls it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Passphrase => "passphrase",
            Self::Pin => "PIN",
        }
    }
}

/// What is signed: canonical bytes, in one of the forms that a signature may be over.
#[derive(Debug, Clone, Copy)]
pub struct Payload<'a> {
    /// The canonical bytes of the artifact.
    pub canonical: &'a [u8],
    /// Their SHA-256 digest.
    pub digest: Digest,
    /// Which bytes the signature is over.
    pub form: SignedPayload,
}

impl<'a> Payload<'a> {
    /// The payload of canonical bytes.
    pub fn new(canonical: &'a [u8], form: SignedPayload) -> Self {
        Self { canonical, digest: Digest::of(canonical), form }
    }

    /// The bytes that the signature is over.
    pub fn message(&self) -> Cow<'a, [u8]> {
        payload_bytes(self.canonical, &self.digest, self.form)
    }
}

/// What a key waits for while it signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waiting {
    /// A touch.
    Touch {
        /// Within how many seconds.
        seconds: u32,
    },
    /// A token behind a module, which does not tell what the token waits for.
    Token {
        /// Timeout in seconds.
        seconds: u32,
        /// Whether it may blink and wait for a touch.
        blinks: bool,
    },
    /// The PIN, on the token's own pad.
    OwnPad {
        /// Within how many seconds.
        seconds: u32,
    },
    /// A command.
    Command {
        /// Timeout in seconds.
        seconds: u32,
    },
    /// An SSH agent, which may ask a person whether the key may be used.
    Agent {
        /// Timeout in seconds.
        seconds: u32,
    },
    /// Nothing: it has been touched, and signs.
    Nothing,
}

/// Who attends while a key is used: says whether to cancel, and learns what the key waits for.
pub trait Attend: Sync {
    /// Whether the person has cancelled.
    fn is_cancelled(&self) -> bool {
        false
    }

    /// The key waits for something.
    fn waiting(&self, _what: Waiting) {}

    /// A command wrote something on standard error, and succeeded. It is safe to
    /// show.
    fn heard(&self, _command: &str, _said: &str) {}
}

/// Nobody attends: nothing is cancelled.
#[derive(Debug, Clone, Copy)]
pub struct Unattended;

impl Attend for Unattended {}
