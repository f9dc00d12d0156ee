//! The judgement of one envelope: which checks hold, which level L0 to L7 they give, what is
//! missing for the next.
//!
//! Pure: the files come in as [`Evidence`], what is trusted as [`Judge`], time as an argument.
//!
//! | question | module |
//! |---|---|
//! | What do the levels mean? | [`level`] |
//! | What is a check, and how did it come out? | [`check`] |
//! | What is asked for: trust, threshold, roles, assurance? | [`policy`] |
//! | Do run and manifest belong together, and is each what it passes for? | [`agreement`] |
//! | Where does a key live, as its attestation proves? | [`attestation`] |
//! | Whose keys are known? | [`keyring`] |
//! | Does one signature count, and why? | [`signatures`] |
//! | Who counts toward L4, in which role? | [`quorum`] |
//! | What does the signature file ask for, and did it ask for more? | [`terms`] |
//! | Which level does the whole reach? | [`verdict`] |
//! | What does an envelope need next, in one word? | [`need`] |

pub mod acceptance;
pub mod agreement;
pub mod attestation;
pub mod check;
pub mod keyring;
pub mod level;
pub mod need;
pub mod policy;
pub mod quorum;
pub mod signatures;
pub mod terms;
pub mod verdict;

mod authority_checks;
mod dates;
mod log_checks;
mod manifest_checks;
mod run_checks;

pub use verdict::{ChainStanding, Continuity, Evidence, Judge, Part, SeenRegistration, Verdict};
