//! Whose keys count: the keyring's file, the trust folder, and how keys are added to them. Every
//! change is journalled before it is made.
//!
//! | question | module |
//! |---|---|
//! | Where is the keyring? Who adds and revokes keys? | [`keyring_file`] |
//! | Which logs and witnesses are known? | [`log_policy`] |
//! | Which signed keyring has a station adopted? | [`adopted`] |
//! | Which roots of attestations are trusted? | [`attestation_roots`] |
//! | Which roots of time-stamping authorities are trusted? | [`tsa_roots`] |
//! | Which roots prove names? What have their authorities revoked? | [`name_roots`], [`revocation_lists`] |
//! | What do the folders that have certificates alone share? | [`certificate_folder`] |
//! | Where does a public key come from, and who holds it? | [`enrolment`] |
//!
//! Enrolling the key of the person who signed a file, and reading the keyring again:
//!
//! ```
//! use countersign_envelope::instant::Instant;
//! use countersign_envelope::signature::SignerType;
//! use countersign_journal::NoRecord;
//! use countersign_trust::enrolment::{self, Holder, Selection};
//! use countersign_trust::keyring_file;
//!
//! # let source = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../tests/fixtures/conformance/runs/good_multisig/RUN-c64edda3_20260506T070809Z.json.sig.json");
//! # let directory = tempfile::tempdir()?;
//! # let keyring = directory.path().join("keyring.json");
//! let now = Instant::parse("2026-06-01T00:00:00Z").ok_or("no time")?;
//! let first = Selection { index: Some(0), ..Selection::default() };
//! let found = enrolment::find(source, &first)?;
//! let holder = Holder::default().or_found(&found);
//! let key = holder.entry(Some(&found.public_key), SignerType::Software, now)?;
//! // A station passes the recorder of its journal.
//! keyring_file::add(&keyring, key, &NoRecord)?;
//!
//! assert_eq!(keyring_file::read(&keyring)?.keys().len(), 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod adopted;
pub mod attestation_roots;
pub mod certificate_folder;
pub mod enrolment;
pub mod keyring_file;
pub mod log_policy;
pub mod name_roots;
pub mod revocation_lists;
pub mod tsa_roots;
