//! The work on files: everything between the pure core and the people who use it.
//!
//! | question | module |
//! |---|---|
//! | How is a file read without being led astray? | [`reading`] |
//! | Which runs are in a directory? | [`directory`] |
//! | Which files make one envelope, which logs belong to it? | [`envelope_files`], [`logs`] |
//! | Was a log cut or written again since it was seen last? | [`log_memory`] |
//! | How is a directory judged? | [`judgement`] |
//! | How are many kept current while files come and go? | [`queue`], told by [`watch`] |
//! | What is kept from one session to the next? | [`catalogue`], as long as [`stamp`]s are equal |
//! | Who signed what, when, with which key? | [`history`] |
//! | How is one signed? | [`ceremony`], step by step in [`signing`]; as a window shows it, [`session`]; several at once, [`batch`] |
//! | Which signatures count when a station signs or merges? | [`acceptance`] |
//! | Where does it stand what was attempted, refused and signed? | [`journal`] |
//! | How is a file written so that nothing is ever lost? | [`safe_write`] |
//! | Where are the station's own files? | [`places`] |
//! | Who may write what this station trusts? | [`ownership`] |
//! | What may be written over a file that a person names? | [`overwrite`] |
//! | How are copies that were signed apart united? | [`merge`] |
//! | How is somebody else's directory looked at without touching it? | [`review`] |
//! | How are files carried together, as a folder or a zip? | [`archive`] |
//! | How do envelopes come from one station to another? | [`carry`] |
//! | What is given to an auditor? | [`pack`] |
//! | Where is the keyring? How do keys come into it? | [`keyring_file`], [`enrolment`] |
//! | Which roots of attestations are trusted? | [`attestation_roots`] |
//! | What is plugged in, and behind PKCS#11 modules? | [`devices`], [`tokens`] |
//! | How is a PKCS#11 module started, and does its word on hardware count? | [`modules`] |
//! | What proof of a key's place does a person bring? | [`evidence`] |
//! | What does a person set? Which signers do they have? | [`settings`], [`settings_file`], [`signer_profile`] |
//! | How is a run registered? | [`registration`] |
//! | What is a person shown of an envelope? | [`view`] |
//! | Where do demonstration envelopes come from? | [`demo`] |

pub mod acceptance;
pub mod act_error;
pub mod archive;
pub mod attestation_roots;
pub mod batch;
pub mod carry;
pub mod catalogue;
pub mod ceremony;
mod chain_lines;
mod companions;
pub mod demo;
pub mod devices;
pub mod directory;
pub mod enrolment;
pub mod envelope_files;
pub mod evidence;
pub mod history;
pub mod journal;
pub mod judgement;
pub mod keyring_file;
mod large;
pub mod log_acceptance;
pub mod log_copies;
pub mod log_head_file;
pub mod log_memory;
pub mod logs;
pub mod merge;
pub mod modules;
pub mod overwrite;
pub mod ownership;
pub mod pack;
pub mod places;
pub mod queue;
pub mod reading;
pub mod registration;
pub mod review;
pub mod safe_write;
pub mod session;
pub mod settings;
pub mod settings_file;
pub mod signer_profile;
pub mod signing;
pub mod stamp;
pub mod tokens;
pub mod view;
pub mod watch;
