//! The keyring in force.

use countersign_problem::{Explain as _, Problem};
use std::path::Path;
use std::sync::Arc;

use countersign_admissibility::keyring::Keyring;

use super::last_read::{Again, LastRead};
use super::trouble::Trouble;
use countersign_store::reading::ReadError;
use countersign_store::stamp::Stamp;
use countersign_trust::keyring_file::{self, KeyringFileError};
use countersign_trust::log_policy;

/// The keyring in force.
#[derive(Debug, Default)]
pub(super) struct KeyringInForce {
    pub keyring: Arc<Keyring>,
    /// Why it does not match its file.
    pub trouble: Option<Problem>,
    read: LastRead<[Stamp; 2]>,
}

impl KeyringInForce {
    /// Reads the file again if it, or the policy of logs beside it, has changed since. If the file has become unreadable, its earlier
    /// content stays in force; another file has no earlier content. A file that other users can
    /// write is not used, unless it came from someone else anyway.
    pub fn look(&mut self, path: &Path, brought: bool) {
        let stamps = [path, &log_policy::beside(path)].map(Stamp::of_file);
        let Some(again) = self.read.look(path, stamps, brought) else { return };
        let is_other = matches!(again, Again::Other);
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
                // A policy of logs may be there all the same.
                match keyring_file::read_or_empty(path) {
                    Ok(empty) => {
                        (self.keyring, self.trouble) = (Arc::new(empty), None);
                        return;
                    }
                    Err(error) => error,
                }
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
