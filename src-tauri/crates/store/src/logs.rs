//! The transparency log and the authority ledger of a directory: found beside the run, at the
//! reference's place, in the directories above, or at a chosen path; each is read and checked once,
//! and compared with what the station remembers of it.
//!
//! | question | module |
//! |---|---|
//! | Where are the logs of a directory, and which are read? | `book` |
//! | Which log and ledger belong to a directory? | `of_directory` |
//! | Which logs are not those that the signers saw? | `forked` |
//! | How is a file read, and which of several counts? | `page` |
//! | What is known of a log beyond its own chain? | `standing` |

mod book;
mod forked;
mod of_directory;
mod page;
mod standing;

use std::path::Path;

use countersign_envelope::chain::{Chain, Links};

use crate::chain_lines::ChainLines;
use crate::log_memory::ChainKind;
use crate::reading::{self, ReadError, directory_of};

pub use self::book::LogBook;
pub use self::forked::ForkedLogs;
pub use self::of_directory::{LogStamps, Logs};
pub use self::standing::{LogPlaceError, Standing};

/// Whether a file that is named by itself is a log or a ledger, by its first entry.
pub fn kind_of(path: &Path) -> ChainKind {
    let mut links = Links::default();
    let file = reading::open(path, directory_of(path)).ok();
    let mut lines = file.into_iter().flat_map(ChainLines::new);
    let first = lines.find_map(|line| links.next(line));
    match first.is_some_and(|entry| entry.object.has("authority_id")) {
        true => ChainKind::Ledger,
        false => ChainKind::Log,
    }
}

/// Reads a chained log into memory and checks it: for what needs every entry.
///
/// # Errors
/// If the file cannot be read; what is wrong with its content is in the chain.
pub fn read_chain(path: &Path) -> Result<Chain, ReadError> {
    let file = reading::open(path, directory_of(path))?;
    let mut lines = ChainLines::new(file);
    let chain = Chain::link(&mut lines);
    match lines.take_error() {
        Some(source) => Err(ReadError::of(path, source)),
        None => Ok(chain),
    }
}
