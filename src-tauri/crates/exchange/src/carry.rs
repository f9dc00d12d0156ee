//! Carrying envelopes from one station to another: out into one file, checked; in from it, checked.
//!
//! An export is an [`Archive`](countersign_store::archive::Archive) of envelopes, each with its manifest and signatures, and of the logs
//! of their directories. An import adds new envelopes, and new signatures by the rules of
//! [`merge`](crate::merge); it removes nothing. Whatever contradicts existing files is named and left out.
//! Importing the same file twice changes nothing.
//!
//! | question | module |
//! |---|---|
//! | How are envelopes exported? | `export` |
//! | What is in an export? | `inspect` |
//! | How are they imported? | `import` |
//! | What becomes of the logs? | `logs` |
//! | Which envelopes were carried, and which were not? | `envelope` |
//! | What can go wrong? | `error` |

mod envelope;
mod error;
mod export;
mod import;
mod inspect;
mod logs;

#[cfg(test)]
mod tests;

pub use self::envelope::{Carried, NotCarried};
pub use self::error::CarryError;
pub use self::export::{ExportReport, export};
pub use self::import::{Arrived, Import, ImportReport, import};
pub use self::inspect::{Inspected, inspect};
pub use self::logs::ArrivedLog;
