//! The files of one sealed-run envelope, as bytes in memory.
//!
//! Everything here is pure: no file system, no clock, no device. Bytes come in, models and digests
//! come out, and what is written back keeps every field that this program does not know.
//!
//! | question | module |
//! |---|---|
//! | How is JSON read, and what counts as JSON? | [`json`] |
//! | Which bytes are hashed and signed? | [`canonical`] |
//! | How is a digest written? | [`digest`] |
//! | When is a string a time, and which one? | [`instant`] |
//! | What was read from an artifact file? | [`artifact`] |
//! | What is in a sealed run, in its manifest? | [`sealed_run`], [`manifest`] |
//! | What is in a `.sig.json`? | [`signature`], [`signature_file`] |
//! | How are copies united that were signed apart? | [`union`] |
//! | What does the key of a signature say about it? | [`claim`], a [`statement`] in a [`dsse`] envelope |
//! | Which second signature outlives elliptic curves? | [`companion`] |
//! | Who does not sign a run, and why? | [`refusal`] |
//! | What does the reviewer of a pack conclude? | [`finding`] |
//! | Which files of this program do several people vouch for? | [`release`] |
//! | What comes with a signature to prove where its key lives? | [`key_attestation`] |
//! | Which tokens vouch for the time of a signature, and which for that of a run? | [`time_stamp`], [`run_time_stamp`] |
//! | Does a signature verify under a key? | [`public_key`] (for companions [`ml_dsa_key`]), [`verification`] |
//! | How does someone without Countersign verify one? | [`instructions`] |
//! | How do the logs chain? | [`chain`], [`transparency_log`], [`authority_ledger`] |
//! | What bounds an authority: objectives, tools, data? | [`authority_boundary`] |
//! | What is the head of a log, for anchoring it elsewhere? | [`log_head`] |
//! | How is it proved that a run is in the log? | [`inclusion`] |
//! | How are the input commitments computed? | [`merkle`] |
//! | Which files was a run made from? | [`hash_scope`] |
//! | How is one input shown without the run? | [`disclosure`] |
//! | Which file belongs to which run? | [`file_name`] |
//! | Who is the same person, however their name is written? | [`person`] |
//! | How is hostile text shown? | [`countersign_problem::visible`] |
//! | When does a key on a YubiKey ask for its PIN or a touch? | [`yubikey_policy`] |
//! | How is a number of things written? | [`count`] |

//!
//! Reading a run and verifying its signatures:
//!
//! ```
//! use countersign_envelope::public_key::PublicKey;
//! use countersign_envelope::sealed_run::SealedRun;
//! use countersign_envelope::signature_file::SignatureFile;
//! use countersign_envelope::verification::{signed_bytes, verify};
//!
//! # let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../tests/fixtures/conformance/runs/good_ed25519");
//! # let read = |name: &str| std::fs::read(format!("{directory}/{name}"));
//! # let name = "RUN-9f5c12bc_20260506T070809Z.json";
//! let run = SealedRun::parse(&read(name)?)?;
//! let signatures = SignatureFile::parse(&read(&format!("{name}.sig.json"))?)?;
//!
//! // Was the content changed after it was sealed?
//! let recorded = run.recorded_hash().ok_or("the run records no hash")?;
//! assert!(run.content_hash().is_some_and(|computed| computed.is(recorded)));
//!
//! for signature in signatures.signatures() {
//!     let form = signature.signed_payload().ok_or("unknown payload")?;
//!     let algorithm = signature.algorithm().ok_or("unknown algorithm")?;
//!     let key = PublicKey::parse(signature.public_key().ok_or("no key")?)?;
//!     let message = signed_bytes(run.artifact().canonical(), form);
//!     verify(&key, algorithm, &message, signature.signature())?;
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod artifact;
pub mod authority_boundary;
pub mod authority_ledger;
pub mod canonical;
pub mod chain;
pub mod claim;
pub mod companion;
pub mod count;
pub mod digest;
pub mod disclosure;
pub mod dsse;
pub mod file_name;
pub mod finding;
pub mod hash_scope;
pub mod inclusion;
pub mod instant;
pub mod instructions;
pub mod json;
pub mod key_attestation;
pub mod log_head;
pub mod manifest;
pub mod merkle;
pub mod ml_dsa_key;
mod new_signature;
pub mod person;
pub mod public_key;
pub mod refusal;
pub mod release;
pub mod run_time_stamp;
pub mod sealed_run;
pub mod signature;
pub mod signature_file;
pub mod signed_keyring;
pub mod statement;
pub mod time_stamp;
pub mod transparency_log;
pub mod union;
pub mod verification;
pub mod yubikey_policy;
