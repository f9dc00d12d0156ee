//! The views of an envelope: every text from a file is made visible, long ones are cut and their
//! length is given, and every fact comes from the bytes that are hashed.
//!
//! Opening an envelope, and reading a line of its run as it was judged:
//!
//! ```
//! use countersign_admissibility::Judge;
//! use countersign_admissibility::attestation::AttestationRoots;
//! use countersign_admissibility::keyring::Keyring;
//! use countersign_admissibility::policy::Policy;
//! use countersign_admissibility::certificate_names::NameTrust;
//! use countersign_admissibility::time_stamp::TsaRoots;
//! use countersign_envelope::instant::Instant;
//! use countersign_store::logs::LogBook;
//! use countersign_views::{EnvelopeRef, Opened, RawPart};
//!
//! # let root = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../tests/fixtures/conformance/runs/good_multisig"));
//! let run = root.join("RUN-c64edda3_20260506T070809Z.json");
//! let judge = Judge {
//!     policy: &Policy::default(),
//!     keyring: &Keyring::default(),
//!     roots: &AttestationRoots::default(),
//!     tsa_roots: &TsaRoots::default(),
//!     names: &NameTrust::default(),
//!     hmac_key: None,
//!     now: Instant::parse("2026-06-01T00:00:00Z").ok_or("no time")?,
//! };
//! let envelope = EnvelopeRef { run: &run, root, id: 0, revision: 0 };
//! let opened = Opened::read(envelope, &judge, &LogBook::default());
//! // No key is in the keyring, so that no signature counts.
//! assert_eq!((opened.view.level, opened.view.counted), (Some(1), 0));
//! assert_eq!(opened.lines(RawPart::Run, 0, 1).lines.len(), 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod attestation;
mod boundary;
mod companion;
mod content;
mod disclosure;
mod envelope;
mod inputs;
mod manifest;
mod names;
mod print;
mod qr;
mod raw;
mod refusal;
mod time;
mod verdict_bar;

pub use attestation::{AdvisoryView, AttestationView, FactsView};
pub use boundary::{BoundaryView, NamedCheckView};
pub use companion::CompanionView;
pub use content::{
    ContentView, Gate, HashView, Listing, LongText, ScopeList, SourceFile, SourceList,
};
pub use disclosure::{DisclosureView, RootSignerView};
pub use envelope::{
    CheckView, EnvelopeRef, EnvelopeView, Fact, FactGroup, FileFact, NextAct, Opened, Rung,
    SignatureView, UnknownKey, rungs, signature_views,
};
pub use envelope::{fact_groups, warnings};
pub use inputs::{FoundFileView, InputsView};
pub use manifest::{ManifestView, OtherField};
pub use names::{CertificateView, NameRootView, NameWarningView, NamesView, RevocationView};
pub use qr::{QrView, modules as qr_modules};
pub use raw::{RawLine, RawLines, RawPart, RawText};
pub use refusal::{RefusalView, refusal_views};
pub use time::{EndingView, TimeView, TimesView};
pub use verdict_bar::{SlotSigner, SlotView, more_slots, sentence, slots};

use countersign_problem::{Said, Words};

/// Longest short text that is shown whole, in characters.
const SHORT: usize = 400;

/// Words as they are sent to the window, cut as [`short`] does.
pub fn said(words: &Words) -> Said {
    Said::short(words, SHORT)
}

/// A text from a file, made visible, and cut if it is very long.
pub fn short(text: &str) -> String {
    countersign_problem::visible::visible_short(text, SHORT)
}
