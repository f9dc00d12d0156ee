//! The live directory.
//!
//! | question | module |
//! |---|---|
//! | How are many envelopes kept current while files come and go? | [`queue`] |
//! | What is kept from one session to the next? | [`catalogue`], which can be deleted |
//! | Who signed what, when, with which key? | [`history`] |
//! | What is stored of an envelope and its verdict? | `judged` |
//!
//! Opening the queue of a directory, and listing it once everything is judged:
//!
//! ```
//! use countersign_admissibility::policy::{Policy, Trust};
//! use countersign_envelope::instant::Instant;
//! use countersign_index::queue::{Kept, Queue, QueueQuery, Rules};
//!
//! # let root = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../tests/fixtures/conformance/runs/good_multisig"));
//! let rules = Rules {
//!     policy: Policy { trust: Trust::Embedded, ..Policy::default() },
//!     keyring: "/nowhere/keyring.json".into(),
//!     roots: "/nowhere/trust".into(),
//!     tsa_roots: "/nowhere/tsa-roots".into(),
//!     name_roots: "/nowhere/name-roots".into(),
//!     crls: "/nowhere/crls".into(),
//!     log: None,
//!     ledger: None,
//!     brought: false,
//! };
//! let now = || Instant::parse("2026-06-01T00:00:00Z").unwrap();
//! let (news, listener) = std::sync::mpsc::channel();
//! let queue = Queue::open(root, rules, Kept::default(), now, move |event| {
//!     let _ = news.send(event);
//! })?;
//! while queue.state().progress.is_some() || queue.revision() == 0 {
//!     listener.recv()?;
//! }
//! let window = queue.window(&QueueQuery::default(), 0, 10, None);
//! assert_eq!(window.rows[0].level, Some(5));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod catalogue;
pub mod history;
mod judged;
pub mod queue;
