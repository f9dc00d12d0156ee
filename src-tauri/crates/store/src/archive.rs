//! Files that are transferred together, as a folder or as a zip: an export from a station, or a
//! file from a stranger.
//!
//! `SHA256SUMS` is among them and lists all others, in the format of `sha256sum -c`. Its own
//! SHA-256 is the *digest* that two people compare: the same for a folder and for a zip, and always
//! the same for the same files.
//!
//! An archive is read into memory and checked as a whole; nothing is unpacked. A name that leads
//! out, a link, a duplicate name, a contradictory list of files, anything above the limits: each is
//! refused with its name.
//!
//! | question | module |
//! |---|---|
//! | What is in an archive, and how is it written? | `contents` |
//! | How is one read? | `reading` |
//! | Which names may be in it? | `name` |
//! | Is every file as its list says? | `sums` |
//! | What can go wrong? | `error` |

mod contents;
mod error;
mod name;
mod reading;
mod sums;

#[cfg(test)]
mod tests;

pub use self::contents::{Archive, Unfit};
pub use self::error::{ArchiveError, MAX_BYTES, MAX_FILES};
pub use self::name::{SUMS, is_litter};
pub use self::reading::{Opened, folder_of, is_archive, open};
pub use self::sums::{Fault, FaultKind};
