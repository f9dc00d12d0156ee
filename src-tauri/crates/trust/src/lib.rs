//! Whose keys count: the keyring's file, the trust folder, and how keys are added to them. Every
//! change is journalled before it is made.
//!
//! | question | module |
//! |---|---|
//! | Where is the keyring? Who adds and revokes keys? | [`keyring_file`] |
//! | Which roots of attestations are trusted? | [`attestation_roots`] |
//! | Where does a public key come from, and who holds it? | [`enrolment`] |

pub mod attestation_roots;
pub mod enrolment;
pub mod keyring_file;
