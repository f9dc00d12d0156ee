//! Why an archive cannot be read or written.

use std::path::{Path, PathBuf};

use countersign_problem::visible::visible_short;
use countersign_problem::{Problem, Words, words};

use super::name::SUMS;
use crate::overwrite::OverwriteError;
use crate::reading::ReadError;
use crate::safe_write::WriteError;

/// Most files of an archive.
pub const MAX_FILES: usize = 50_000;

/// Most bytes of an archive, packed or unpacked (1 GiB): as long as the longest log.
pub const MAX_BYTES: u64 = 1 << 30;

/// How many times its packed size an archive may unpack to, beyond [`RATIO_FREE`]. Logs and
/// envelopes come to about five.
const MAX_RATIO: u64 = 100;

/// What an archive may unpack to however small it is, in bytes (64 MiB).
const RATIO_FREE: u64 = 64 << 20;

/// Why files could not be put together, taken apart or written.
#[derive(Debug, Problem)]
#[non_exhaustive]
pub enum ArchiveError {
    /// The file itself cannot be read.
    #[problem(transparent)]
    Read(#[from] ReadError),
    /// The folder cannot be searched.
    Folder {
        /// The folder.
        path: PathBuf,
        /// The error from the operating system.
        why: String,
    },
    /// It is not a zip, or a damaged one.
    Zip {
        /// The file.
        path: PathBuf,
        /// The reason.
        why: Words,
    },
    /// It is an archive of another form, or a zip of a form that is not read.
    OtherForm {
        /// The file.
        path: PathBuf,
        /// Its kind or size.
        what: Words,
    },
    /// Its list is in a folder of it.
    #[arg(sums = SUMS)]
    DeepSums {
        /// The archive.
        path: PathBuf,
        /// The folder.
        folder: String,
    },
    /// A file in it has a name that no file may have.
    Name {
        /// The archive.
        path: PathBuf,
        /// The name.
        name: String,
        /// What is wrong with the name.
        why: Words,
    },
    /// Two files in it have one name, or names that are one on some systems.
    Twice {
        /// The archive.
        path: PathBuf,
        /// The name.
        name: String,
    },
    /// Two files in it have the very same name.
    SameName(PathBuf),
    /// It contains something other than plain files.
    NotAFile {
        /// The archive.
        path: PathBuf,
        /// The name.
        name: String,
        /// Its kind.
        what: Words,
    },
    /// There are more files than are read.
    #[arg(max_files = MAX_FILES)]
    TooMany(PathBuf),
    /// There is more in it than is read.
    TooLarge {
        /// The archive.
        path: PathBuf,
        /// How large it would be.
        why: Words,
    },
    /// It has no list of what is in it.
    #[arg(sums = SUMS)]
    NoSums(PathBuf),
    /// The list is not one.
    #[arg(sums = SUMS)]
    Sums {
        /// The archive.
        path: PathBuf,
        /// Which line, from 1.
        line: usize,
    },
    /// Something exists where it would be written.
    There(PathBuf),
    /// The name of the file is that of something else.
    #[problem(transparent)]
    Overwrite(#[from] OverwriteError),
    /// It could not be written.
    #[problem(transparent)]
    Write(#[from] WriteError),
}

/// The beginning of a name, for a message.
pub(super) fn brief(name: &str) -> String {
    visible_short(name, 120)
}

pub(super) fn check_total(path: &Path, total: u64) -> Result<(), ArchiveError> {
    if total <= MAX_BYTES {
        return Ok(());
    }
    let why = words!("archive-total", %total, limit = MAX_BYTES >> 20);
    Err(ArchiveError::TooLarge { path: path.to_owned(), why })
}

/// Whether an archive of a size would unpack to more than is believed of it.
pub(super) fn is_bomb(packed: u64, total: u64) -> bool {
    total > RATIO_FREE.saturating_add(packed.saturating_mul(MAX_RATIO))
}

pub(super) fn zip_error(path: &Path, error: zip::result::ZipError) -> ArchiveError {
    ArchiveError::Zip { path: path.to_owned(), why: Words::text(error.to_string()) }
}
