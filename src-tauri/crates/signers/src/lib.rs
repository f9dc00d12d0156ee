//! The keys that sign, behind one trait.
//!
//! | question | module |
//! |---|---|
//! | What can any signer do? | [`Signer`] |
//! | How does a key in memory sign? | [`software`] |
//! | How is a key of our own kept on disk? | [`key_file`] |
//! | How does a key behind a command sign? | [`external`] |
//! | How does a key on a YubiKey sign? | [`piv`] |
//! | How does a key on a PKCS#11 token sign? | [`pkcs11`] |
//! | How does a TPM say that it holds a key? | [`tpm2_tools`] |
//! | How is a secret kept out of what programs print? | `redaction` |
//! | Which names can variables of the environment have? | [`environment`] |
//! | Which readers are software? | [`reader`] |
//! | How is a command ended with all that it started? | `process_group` |
//! | What must not outlive this program, or get what it was given? | [`lifetime`] |
//! | What is plugged in, and when does that change? | [`devices`] |

//!
//! Signing with a key in memory, and verifying:
//!
//! ```
//! use countersign_envelope::signature::SignedPayload;
//! use countersign_signers::software::Ed25519Signer;
//! use countersign_signers::{Payload, Signer as _, Unattended};
//!
//! let mut signer = Ed25519Signer::from_seed(&[7; 32])?;
//! let payload = Payload::new(b"{\"a\":1}", SignedPayload::CanonicalJson);
//! let signature = signer.sign(&payload, &Unattended)?;
//!
//! assert!(signer.verifies(&payload.message(), &signature));
//! assert!(!signer.verifies(b"{\"a\":2}", &signature));
//! # Ok::<(), countersign_signers::SignerError>(())
//! ```

pub mod devices;
pub mod environment;
pub mod external;
pub mod key_file;
pub mod lifetime;
pub mod piv;
pub mod pkcs11;
mod process_group;
pub mod reader;
mod redaction;
pub mod software;
pub mod tpm2_tools;

use countersign_problem::Problem;
use std::borrow::Cow;

use countersign_envelope::digest::Digest;
use countersign_envelope::key_attestation::KeyAttestation;
use countersign_envelope::public_key::PublicKey;
use countersign_envelope::signature::{Algorithm, SignedPayload, SignerType};
use countersign_envelope::verification::{payload_bytes, verify_raw};
use secrecy::SecretString;

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
    fn name(&self) -> String;

    /// What is known of the key without the secret; `None` if only the secret shows which key it is.
    /// With it a refusal is found before the secret is asked for, which may cost an attempt.
    fn known(&self) -> Option<KnownKey> {
        None
    }

    /// How many wrong secrets it accepts before it locks; `None` if it never does.
    fn tries_left(&self) -> Option<u8> {
        None
    }

    /// What to say if no attempt is left, with what to do.
    fn blocked(&self) -> String {
        "its PIN is blocked; unblock it with the PUK (countersign pin unblock)".to_owned()
    }

    /// What a wrong secret does if one attempt is left.
    fn risk(&self) -> &'static str {
        "a wrong one blocks it"
    }

    /// The rule for a secret, in words, if it is known before the secret is tried.
    fn rule(&self) -> Option<String> {
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

/// Why a key could not be opened or used.
#[derive(Debug, Problem)]
#[non_exhaustive]
pub enum SignerError {
    /// Neither of the forms of key that are read.
    Form,
    /// A key of another length than the algorithm has.
    Length(usize),
    /// No key at all.
    Empty,
    /// The key file is encrypted, and no passphrase came with it.
    PassphraseNeeded,
    /// The passphrase is wrong, or the file is damaged; the two cannot be told apart.
    Passphrase,
    /// A key file of another algorithm than Ed25519.
    Kind(String),
    /// A key file that is encrypted by an algorithm that is not read here. The passphrase may be
    /// right.
    Cipher(String),
    /// PEM whose content cannot be read.
    Damaged,
    /// The file has the public key of another private key.
    OtherPublicKey,
    /// Different private keys in one file.
    Several(usize),
    /// A form of another program, or something that is not a private key.
    Other {
        /// What it is.
        what: &'static str,
        /// What to do instead.
        instead: &'static str,
    },
    /// A private key in DER.
    Der,
    /// A PKCS#12 container.
    Pkcs12,
    /// A file that is not text.
    Binary,
    /// The public key that belongs to it is unsafe.
    PublicKey(#[from] countersign_envelope::public_key::PublicKeyError),
    /// The operating system gave no random bytes.
    Random,
    /// A new key could not be written in its form.
    Encryption,
    /// The person cancelled while the key was used.
    Cancelled,
    /// A PIN or PUK was not accepted.
    #[problem(transparent)]
    Pin(#[from] piv::pin::PinError),
    /// Nobody touched the token in time.
    NotTouched(String),
    /// Something went wrong with the token before, and it is not asked again.
    Spent(String),
    /// The token could not be used.
    #[problem(transparent)]
    Token(#[from] piv::signer::TokenError),
    /// The PIN of a PKCS#11 token was not accepted.
    #[problem(transparent)]
    Login(#[from] pkcs11::error::LoginError),
    /// No key of this name, or several.
    NoSuchKey(String),
    /// A PKCS#11 module, or a token of it, could not be used.
    #[problem(transparent)]
    Module(Box<pkcs11::error::ModuleError>),
    /// A key that signs nothing here.
    #[arg(known = !kind.starts_with("unknown"))]
    NotSigning {
        /// Which kind it is.
        kind: String,
    },
    /// More than the token takes at once.
    TooLong {
        /// How many there are.
        bytes: usize,
        /// How many it takes.
        most: usize,
    },
    /// It signs another form of the payload than was asked for; asked for that, it gives what it has
    /// made.
    OtherForm(SignedPayload),
    /// What tpm2-tools wrote could not be read.
    TpmFiles(std::io::Error),
    /// The object to certify, or the one that certifies, cannot be found by the name given.
    TpmObject {
        /// What was given.
        object: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// One of tpm2-tools failed.
    TpmTool(String),
    /// The TPM has no room for another object.
    TpmFull(String),
    /// A command gave no good signature.
    #[problem(transparent)]
    External(Box<external::ExternalError>),
}

impl From<pkcs11::error::ModuleError> for SignerError {
    fn from(error: pkcs11::error::ModuleError) -> Self {
        Self::Module(Box::new(error))
    }
}

impl From<external::ExternalError> for SignerError {
    fn from(error: external::ExternalError) -> Self {
        Self::External(Box::new(error))
    }
}
