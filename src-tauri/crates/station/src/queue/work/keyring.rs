//! The keyring in force, and the files outside the directory that judgement depends on.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use countersign_admissibility::keyring::Keyring;
use countersign_envelope::digest::Digest;
use countersign_envelope::file_name::{REFERENCE_LEDGER, REFERENCE_LOG};

use crate::keyring_file::{self, KeyringFileError};
use crate::queue::{Rules, Trouble};
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

/// What tells whether a row was judged by these rules. Another version of the program may judge
/// otherwise.
pub(super) fn digest_of(rules: &Rules, keyring: &Keyring) -> u64 {
    let place = |path: &Option<PathBuf>| format!("{path:?}");
    let policy = format!("{:?}", rules.policy);
    let digest = Digest::of_parts(&[
        env!("CARGO_PKG_VERSION").as_bytes(),
        policy.as_bytes(),
        place(&rules.log).as_bytes(),
        place(&rules.ledger).as_bytes(),
        keyring.to_text().as_bytes(),
    ]);
    let mut first = [0; 8];
    first.copy_from_slice(&digest.as_bytes()[..8]);
    u64::from_be_bytes(first)
}

/// The files outside the directory that judgement depends on, whether they are there or not.
pub(super) fn outside(rules: &Rules, root: &Path) -> Vec<PathBuf> {
    let beside_root = |reference: [&str; 3]| {
        let parent = root.parent()?;
        Some(parent.join(reference[1]).join(reference[2]))
    };
    let log = rules.log.clone().or_else(|| beside_root(REFERENCE_LOG));
    let ledger = rules.ledger.clone().or_else(|| beside_root(REFERENCE_LEDGER));
    let named = [Some(rules.keyring.clone()), log, ledger].into_iter().flatten();
    named
        .filter_map(|path| std::path::absolute(path).ok())
        .flat_map(|path| {
            // People keep their settings behind links: the link may change, and what it leads to.
            let target = path.canonicalize().ok().filter(|target| *target != path);
            std::iter::once(path).chain(target)
        })
        .collect()
}

/// The nearest directory above a file that is there.
pub(super) fn nearest(file: &Path) -> Option<&Path> {
    file.ancestors().skip(1).find(|directory| directory.is_dir())
}
