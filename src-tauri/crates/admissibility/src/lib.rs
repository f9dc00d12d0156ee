//! The judgement of one envelope: which checks hold, which level L0 to L7 they give, and what the
//! next level needs.
//!
//! Pure: the files come in as [`Evidence`], what is trusted and the time as [`Judge`].
//!
//! | question | module |
//! |---|---|
//! | What do the levels mean? | [`level`] |
//! | Which checks are there, and which outcomes? | [`check`] |
//! | What is asked for: trust, threshold, roles, assurance? | [`policy`] |
//! | Whose keys are known? | [`keyring`]; by a keyring that administrators sign, [`signed_keyring`] |
//! | What is an envelope judged by? | [`judge`] |
//! | Which files are judged, and what is remembered of them? | [`evidence`] |
//! | Do run and manifest belong together, and is each of its kind? | [`agreement`] |
//! | Where does a key live, as its attestation proves? | [`attestation`] |
//! | Whose names does the certificate beside a key prove? | [`certificate_names`] |
//! | What does policy require of a key by its attestation, and what is missing? | [`attested`] |
//! | Which time does an authority vouch for? | [`time_stamp`]; of the run itself, [`run_time`] |
//! | Was a run made deterministically, and is nothing random in it? | [`determinism`] |
//! | Does an authority boundary hold, and does the run lie inside it? | [`boundary`] |
//! | Does one signature count, and why not? | [`signatures`], judged by [`signature_checks`] |
//! | Does the key of a signature say what the file says, and what did the signer see? | [`claims`] |
//! | Does the companion of a signature hold, which outlives elliptic curves? | [`companions`] |
//! | Do log and ledger continue what the signers saw? | [`continuation`] |
//! | Who refused to sign, or withdrew a signature? | [`refusals`] |
//! | Is a reviewer's finding signed, about this pack, and by whose key? | [`finding`] |
//! | Are the files that a run was made from at hand, and the same? | [`inputs`] |
//! | Does what is shown of a run lead to a root that somebody signed? | [`disclosure`] |
//! | Who counts toward L4, in which role? | [`quorum`] |
//! | What does the signature file ask for, and did it ask for more before? | [`terms`] |
//! | Which signatures count when a station signs or merges a file? | [`acceptance`] |
//! | What is the verdict on the whole? | [`verdict`] |
//! | What does an envelope need next, in one word? | [`need`] |
//! | How do a level, a slot and the whole stand: the six states? | [`state`] |
//! | What is the verdict in one sentence? | [`sentence`] |
//! | What would one more signature change? | [`foresight`] |
//!
//! The checks of each level are in `run_checks` (L0, L1, L5), `manifest_checks` (L2), `log_checks`
//! (L3), `quorum_checks` (L4), `key_checks` (L6) and `authority_checks` (L7); warnings about dates and
//! about how files are written in `dates` and `text_checks`.

//!
//! Judging an envelope:
//!
//! ```
//! use countersign_admissibility::attestation::AttestationRoots;
//! use countersign_admissibility::certificate_names::NameTrust;
//! use countersign_admissibility::keyring::Keyring;
//! use countersign_admissibility::level::Level;
//! use countersign_admissibility::need::Need;
//! use countersign_admissibility::policy::{Policy, Trust};
//! use countersign_admissibility::time_stamp::TsaRoots;
//! use countersign_admissibility::{Evidence, Judge, Part};
//! use countersign_envelope::instant::Instant;
//! use countersign_envelope::manifest::Manifest;
//! use countersign_envelope::sealed_run::SealedRun;
//! use countersign_envelope::signature_file::SignatureFile;
//!
//! # let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../tests/fixtures/conformance/runs/good_multisig");
//! # let read = |name: String| std::fs::read(format!("{directory}/{name}"));
//! # let stem = "RUN-c64edda3_20260506T070809Z";
//! let run = SealedRun::parse(&read(format!("{stem}.json"))?)?;
//! let run_signatures = SignatureFile::parse(&read(format!("{stem}.json.sig.json"))?)?;
//! let manifest = Manifest::parse(&read(format!("{stem}.manifest.json"))?)?;
//! let manifest_signatures =
//!     SignatureFile::parse(&read(format!("{stem}.manifest.json.sig.json"))?)?;
//!
//! let judge = Judge {
//!     // Any key that verifies counts: a station would pin the keys in its keyring.
//!     policy: &Policy { trust: Trust::Embedded, ..Policy::default() },
//!     keyring: &Keyring::default(),
//!     roots: &AttestationRoots::default(),
//!     tsa_roots: &TsaRoots::default(),
//!     names: &NameTrust::default(),
//!     hmac_key: None,
//!     now: Instant::parse("2026-06-01T00:00:00Z").ok_or("no time")?,
//! };
//! let name = format!("{stem}.json");
//! let verdict = judge.judge(&Evidence {
//!     run_signatures: Part::Read(Ok(&run_signatures)),
//!     manifest: Part::Read(Ok(&manifest)),
//!     manifest_signatures: Part::Read(Ok(&manifest_signatures)),
//!     ..Evidence::of(&name, Ok(&run))
//! });
//!
//! assert_eq!(verdict.level, Some(Level::L2));
//! assert_eq!(verdict.need(), Need::Log);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod acceptance;
pub mod agreement;
pub mod attestation;
pub mod attested;
pub mod boundary;
pub mod certificate_names;
pub mod check;
pub mod claims;
pub mod companions;
pub mod continuation;
pub mod determinism;
pub mod disclosure;
pub mod evidence;
pub mod finding;
pub mod foresight;
pub mod inputs;
pub mod judge;
pub mod keyring;
pub mod level;
pub mod need;
pub mod policy;
pub mod quorum;
pub mod refusals;
pub mod release;
pub mod run_time;
pub mod sentence;
pub mod signature_checks;
pub mod signatures;
pub mod signed_keyring;
pub mod state;
pub mod terms;
pub mod time_stamp;
pub mod verdict;

mod authority_checks;
mod dates;
#[cfg(test)]
mod fixture;
mod key_checks;
mod log_checks;
mod manifest_checks;
mod quorum_checks;
mod run_checks;
mod text_checks;
mod witness_checks;

pub use evidence::{BesideLog, ChainStanding, Continuity, Evidence, Part, SeenRegistration};
pub use judge::Judge;
pub use verdict::Verdict;
