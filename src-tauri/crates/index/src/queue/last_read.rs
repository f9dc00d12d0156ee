//! When a file or folder outside the directory is read again.

use std::path::{Path, PathBuf};

use countersign_store::ownership::{self, OwnershipError};

/// What was read last: where, in which state, and why it was not used if others could write it.
#[derive(Debug)]
pub(super) struct LastRead<S>(Option<(PathBuf, S, Option<OwnershipError>)>);

impl<S> Default for LastRead<S> {
    fn default() -> Self {
        Self(None)
    }
}

/// Whether what is read again is another file or folder than before.
pub(super) enum Again {
    /// The same: if it has become unreadable, its earlier content stays in force.
    Same,
    /// Another, which has no earlier content.
    Other,
}

impl<S: PartialEq> LastRead<S> {
    /// Whether a file or folder must be read again: it is another, its state is another, or it can
    /// be written by others now, which only counts if it did not come from someone else anyway.
    pub fn look(&mut self, path: &Path, state: S, brought: bool) -> Option<Again> {
        let writable = ownership::check(path).err().filter(|_| !brought);
        let now = (path.to_owned(), state, writable);
        if self.0.as_ref() == Some(&now) {
            return None;
        }
        match self.0.replace(now) {
            Some((before, ..)) if before == path => Some(Again::Same),
            _ => Some(Again::Other),
        }
    }
}
