//! The journal: what was attempted, refused and signed at this station, one line each, never with a
//! secret in it. Its lines are chained as those of the transparency log are (FORMAT.md section 2).
//!
//! A change to a file that is not the end of the chain, a shortened one and a missing one are all
//! found. Lines cut off at the very end cannot be detected from the file alone.
//!
//! The journal is truth. A signature whose attempt cannot be written to it is not made; a refusal
//! needs no journal. Files, beside each other:
//!
//! | name | what |
//! |---|---|
//! | `journal.ndjson` | the current file |
//! | `journal.000001.ndjson` … | full ones; the chain continues from each to the next |
//! | `journal.broken-000001.ndjson` … | damaged ones, kept as they were found |
//! | `journal.torn-000001.ndjson` … | an incomplete last line, left by a process or machine that stopped |
//!
//! | question | module |
//! |---|---|
//! | What is recorded, with which facts? | [`event`] |
//! | How does an act keep its record? | [`recorder`] |
//! | How is the chained file written? | [`chained_file`] |
//! | How is it read, with the files before it? | [`pages`] |
//! | How does a person read it? | [`book`]; each entry as a [`sentence`] |
//!
//! Opening a journal, adding an entry, and reading the whole again:
//!
//! ```
//! use countersign_envelope::instant::Instant;
//! use countersign_journal::{Event, Journal, LIMIT};
//!
//! # let directory = tempfile::tempdir()?;
//! let path = directory.path().join(countersign_journal::FILE_NAME);
//! let now = Instant::parse("2026-06-01T00:00:00Z").ok_or("no time")?;
//! let journal = Journal::at(&path, LIMIT);
//! journal.start(now)?;
//! let files = vec!["keyring.json".to_owned()];
//! journal.append(&Event::MadePrivate { files }, now)?;
//!
//! let pages = countersign_journal::read(&path)?;
//! let page = pages.last().ok_or("no page")?;
//! assert_eq!(page.broken, None);
//! let last = page.entries.last().ok_or("no entry")?;
//! assert_eq!(last.object.text("event"), Some("made_private"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod book;
pub mod chained_file;
pub mod event;
pub mod pages;
pub mod recorder;
pub mod sentence;

pub use chained_file::{FILE_NAME, Journal, JournalError, LIMIT, Notice};
pub use event::{
    ArchiveFacts, CheckpointFacts, DeviceFacts, Event, FindingFacts, KeyFacts, ReleaseFacts,
    RootFacts, SignedKeyringFacts, Subject, words,
};
pub use pages::{Page, broken, files, kept_aside, read};
pub use recorder::{NoRecord, Recorder, Recording, journalled};
