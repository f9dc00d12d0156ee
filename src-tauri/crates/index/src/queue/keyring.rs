//! The keyring in force.

use countersign_problem::{Explain as _, Problem};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use countersign_admissibility::keyring::Keyring;

use super::trouble::Trouble;
use countersign_store::ownership::{self, OwnershipError};
use countersign_store::reading::ReadError;
use countersign_store::stamp::Stamp;
use countersign_trust::keyring_file::{self, KeyringFileError};

/// The keyring in force.
#[derive(Debug, Default)]
pub(super) struct KeyringInForce {
    pub keyring: Arc<Keyring>,
    /// Why it does not match its file.
    pub trouble: Option<Problem>,
    /// The file, its state when it was read, and why it was not used if others could write it.
    read: Option<(PathBuf, Stamp, Option<OwnershipError>)>,
}

impl KeyringInForce {
    /// Reads the file again if it has changed since. If the file has become unreadable, its earlier
    /// content stays in force; another file has no earlier content. A file that other users can
    /// write is not used, unless it came from someone else anyway.
    pub fn look(&mut self, path: &Path, brought: bool) {
        let writable = ownership::check(path).err().filter(|_| !brought);
        let now = (path.to_owned(), Stamp::of_file(path), writable);
        if self.read.as_ref() == Some(&now) {
            return;
        }
        let before = self.read.replace(now);
        let is_other = before.is_none_or(|(before, ..)| before != path);
        let read = match brought {
            true => keyring_file::read_from_anyone(path),
            false => keyring_file::read(path),
        };
        let error = match read {
            Ok(keyring) => {
                (self.keyring, self.trouble) = (Arc::new(keyring), None);
                return;
            }
            Err(KeyringFileError::Read(ReadError::NotFound(_)))
                if is_other || self.keyring.keys().is_empty() =>
            {
                (self.keyring, self.trouble) = (Arc::default(), None);
                return;
            }
            Err(error) => error,
        };
        let stays = !is_other && !matches!(error, KeyringFileError::Ownership(_));
        if !stays {
            self.keyring = Arc::default();
        }
        self.trouble = Some(Trouble::Keyring { cause: error, stays }.problem());
    }
}
