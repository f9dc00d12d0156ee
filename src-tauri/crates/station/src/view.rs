//! What a person is shown of an envelope: every text from a file made visible, every long one cut
//! with its length said, every fact taken from the very bytes that are hashed.

mod attestation;
mod carry;
mod content;
mod envelope;
mod journal;
mod manifest;
mod merge;
mod qr;
mod raw;

pub use attestation::AttestationView;
pub use carry::{ArrivedView, ImportView};
pub use content::{ContentView, Gate, HashView, Listing, LongText, ScopeList};
pub use envelope::{
    CheckView, EnvelopeView, Fact, FactGroup, FileFact, NextAct, Opened, RequiredRole, Rung,
    SignatureView, rung_word, rungs, signature_views,
};
pub(crate) use envelope::{fact_groups, warnings};
pub use journal::{
    JournalBook, JournalBreak, JournalChain, JournalDetail, JournalKind, JournalQuery, JournalRow,
    JournalWindow, details, sentence,
};
pub use manifest::{ManifestView, OtherField};
pub use merge::{LeftOutView, MergeView, MergedView, ReportedView};
pub use qr::QrView;
pub use raw::{RawLine, RawLines, RawPart, RawText};

/// Longest short text that is shown whole, in characters.
const SHORT: usize = 400;

/// A text of a file, made visible and cut where it is absurdly long.
fn short(text: &str) -> String {
    countersign_problem::visible::visible_short(text, SHORT)
}
