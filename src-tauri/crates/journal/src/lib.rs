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

pub mod book;
pub mod chained_file;
pub mod event;
pub mod pages;
pub mod recorder;
pub mod sentence;

pub use chained_file::{FILE_NAME, Journal, JournalError, LIMIT, Notice};
pub use event::{ArchiveFacts, DeviceFacts, Event, KeyFacts, RootFacts, Subject, words};
pub use pages::{Page, broken, files, kept_aside, read};
pub use recorder::{NoRecord, Recorder, Recording, journalled};
