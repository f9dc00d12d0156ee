//! The keys that sign, behind one trait.
//!
//! | question | module |
//! |---|---|
//! | What can any signer do? | [`Signer`] |
//! | What can go wrong with a key of any kind? | [`SignerError`] |
//! | How does a key in memory sign? | [`software`] |
//! | How does a key that makes companions of signatures sign? | [`ml_dsa_key`] |
//! | How does a key sign together with one that makes companions? | [`accompanied`] |
//! | How is a key of our own kept on disk? | [`key_file`] |
//! | How does a key behind a command sign? | [`external`] |
//! | How does a key on a YubiKey sign? | [`piv`] |
//! | How does a key on a PKCS#11 token sign? | [`pkcs11`] |
//! | What is shown of a certificate beside a key? | [`certificate`] |
//! | How does a key in an SSH agent sign? | [`ssh_agent`] |
//! | How does a TPM say that it holds a key? | [`tpm2_tools`] |
//! | Which form has an ECDSA signature? | `ecdsa` |
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

pub mod accompanied;
pub mod certificate;
pub mod devices;
mod ecdsa;
pub mod environment;
pub mod error;
pub mod external;
pub mod key_file;
pub mod lifetime;
pub mod ml_dsa_key;
pub mod piv;
pub mod pkcs11;
mod process_group;
pub mod reader;
mod redaction;
mod signer;
pub mod software;
pub mod ssh_agent;
pub mod tpm2_tools;

pub use error::SignerError;
pub use signer::{Attend, Key, KnownKey, LockedKey, Payload, Secret, Signer, Unattended, Waiting};
