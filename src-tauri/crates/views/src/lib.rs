//! The views of an envelope: every text from a file is made visible, long ones are cut and their
//! length is given, and every fact comes from the bytes that are hashed.

mod attestation;
mod content;
mod envelope;
mod manifest;
mod print;
mod qr;
mod raw;

pub use attestation::AttestationView;
pub use content::{ContentView, Gate, HashView, Listing, LongText, ScopeList};
pub use envelope::{
    CheckView, EnvelopeRef, EnvelopeView, Fact, FactGroup, FileFact, NextAct, Opened, RequiredRole,
    Rung, SignatureView, rung_word, rungs, signature_views,
};
pub use envelope::{fact_groups, warnings};
pub use manifest::{ManifestView, OtherField};
pub use qr::QrView;
pub use raw::{RawLine, RawLines, RawPart, RawText};

/// Longest short text that is shown whole, in characters.
const SHORT: usize = 400;

/// A text from a file, made visible, and cut if it is very long.
pub fn short(text: &str) -> String {
    countersign_problem::visible::visible_short(text, SHORT)
}
