//! How envelopes leave a station and come back.
//!
//! | question | module |
//! |---|---|
//! | How are copies that were signed apart united? | [`merge`] |
//! | How do envelopes come from one station to another? | [`carry`] |
//! | What is given to an auditor? | [`pack`] |
//! | What does an auditor print of their finding? | [`finding_page`] |
//!
//! Merging a copy that other people have signed into a directory of one's own:
//!
//! ```
//! use countersign_admissibility::keyring::Keyring;
//! use countersign_exchange::merge::{self, MergedBy};
//! use countersign_journal::NoRecord;
//!
//! # let signed = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../tests/fixtures/conformance/runs/good_multisig"));
//! # let directory = tempfile::tempdir()?;
//! # let own = directory.path();
//! let run = "RUN-c64edda3_20260506T070809Z.json";
//! std::fs::copy(signed.join(run), own.join(run))?;
//!
//! // A station passes its keyring, and the recorder of its journal.
//! let keyring = Keyring::default();
//! let by = MergedBy { keyring: &keyring, memory: None };
//! let report = merge::merge(own, &[signed.to_owned()], by, &NoRecord)?;
//! let merged = report.envelopes.into_iter().next().ok_or("no envelope")??;
//! assert_eq!(merged.added.len(), 2);
//! assert_eq!(merged.written, [format!("{run}.sig.json")]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod carry;
pub mod finding_page;
pub mod merge;
pub mod pack;
