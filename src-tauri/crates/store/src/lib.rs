//! The disk: everything between the pure core and the files of a person.
//!
//! | question | module |
//! |---|---|
//! | How is a file read without being led astray? | [`reading`] |
//! | Has a file changed? | [`stamp`] |
//! | Which runs are in a directory? | [`directory`] |
//! | What changes in it? | [`watch`] |
//! | How is a file written so that nothing is ever lost? | [`safe_write`] |
//! | Who may write what this station trusts? | [`ownership`] |
//! | What may be written over a file that a person names? | [`overwrite`] |
//! | Where are the station's own files? | [`places`] |
//! | Which files make one envelope, which logs belong to it? | [`envelope_files`], [`logs`] |
//! | Was a log cut or written again since it was seen last? | [`log_memory`] |
//! | What is beside a log: its head, second versions of it? | [`log_head_file`], [`log_copies`] |
//! | How is a log a tree, with tiles and a checkpoint beside it? | [`log_tree`], [`checkpoint_file`] |
//! | Which trees has this station signed? | [`tree_heads`] |
//! | How is what is on the disk judged, on all cores? | [`judgement`] |
//! | What proof of a key's place does a person bring? | [`evidence`] |
//! | Are the files that a run was made from here? | [`inputs`] |
//! | How are files carried together, as a folder or a zip? | [`archive`] |
//!
//! Finding the runs of a directory, and judging each with the logs beside it:
//!
//! ```
//! use countersign_admissibility::Judge;
//! use countersign_admissibility::attestation::AttestationRoots;
//! use countersign_admissibility::keyring::Keyring;
//! use countersign_admissibility::level::Level;
//! use countersign_admissibility::policy::{Policy, Trust};
//! use countersign_admissibility::certificate_names::NameTrust;
//! use countersign_admissibility::time_stamp::TsaRoots;
//! use countersign_envelope::instant::Instant;
//! use countersign_store::{directory, judgement, logs::LogBook};
//!
//! # let root = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../tests/fixtures/conformance/runs/good_multisig"));
//! let judge = Judge {
//!     policy: &Policy { trust: Trust::Embedded, ..Policy::default() },
//!     keyring: &Keyring::default(),
//!     roots: &AttestationRoots::default(),
//!     tsa_roots: &TsaRoots::default(),
//!     names: &NameTrust::default(),
//!     hmac_key: None,
//!     now: Instant::parse("2026-06-01T00:00:00Z").ok_or("no time")?,
//! };
//! let logs = LogBook::default();
//! for run in directory::find(root)?.runs {
//!     let (files, verdict) = judgement::judge_file(&root.join(run), root, &judge, &logs);
//!     assert!(files.run.is_ok());
//!     assert_eq!(verdict.level, Some(Level::L5));
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod archive;
pub mod chain_lines;
pub mod checkpoint_file;
pub mod companions;
pub mod directory;
pub mod envelope_files;
pub mod evidence;
pub mod inputs;
pub mod judgement;
pub mod large;
pub mod log_copies;
pub mod log_head_file;
pub mod log_memory;
pub mod log_tree;
pub mod logs;
pub mod overwrite;
pub mod ownership;
pub mod places;
pub mod reading;
pub mod safe_write;
pub mod signed_files;
pub mod stamp;
pub mod tree_heads;
pub mod watch;
