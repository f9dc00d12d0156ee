//! The keyring in force.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use countersign_admissibility::keyring::Keyring;

use crate::keyring_file::{self, KeyringFileError};
use crate::queue::Trouble;
use crate::reading::ReadError;
use crate::stamp::Stamp;

/// The keyring in force.
#[derive(Debug, Default)]
pub(in crate::queue) struct KeyringInForce {
    pub keyring: Arc<Keyring>,
    /// Why it is not what its file says.
    pub trouble: Option<Trouble>,
    /// The file, and its state when it was read.
    read: Option<(PathBuf, Stamp)>,
}

impl KeyringInForce {
    /// Reads the file again where it has changed since. A file that has become unreadable leaves in
    /// force what it said before; of another file nothing is known before it is read.
    pub fn look(&mut self, path: &Path) {
        let now = (path.to_owned(), Stamp::of_file(path));
        if self.read.as_ref() == Some(&now) {
            return;
        }
        let before = self.read.replace(now);
        let is_other = before.is_none_or(|(before, _)| before != path);
        let error = match keyring_file::read(path) {
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
        let in_force = match is_other {
            true => {
                self.keyring = Arc::default();
                "No key is accepted until it can be read."
            }
            false => "The keys that it had before stay in force until it can be read.",
        };
        self.trouble = Some(Trouble {
            code: "keyring",
            message: format!("The keyring cannot be read: {error}."),
            hint: format!("{in_force} Mend the file, or choose another in the settings."),
        });
    }
}
