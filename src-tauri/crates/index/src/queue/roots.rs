//! The trusted roots in force.

use countersign_problem::{Explain as _, Problem};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use countersign_admissibility::attestation::AttestationRoots;
use countersign_envelope::count::listed;
use countersign_envelope::digest::Digest;

use super::trouble::{NAMED, Trouble};
use countersign_store::ownership::{self, OwnershipError};
use countersign_trust::attestation_roots::{self, TrustError};

/// The trusted roots in force.
#[derive(Debug, Default)]
pub(super) struct RootsInForce {
    pub roots: Arc<AttestationRoots>,
    /// Why they are not all that the folder has.
    pub trouble: Option<Problem>,
    /// The folder, its state when it was read, and why it was not used if others could write it.
    read: Option<(PathBuf, Digest, Option<OwnershipError>)>,
}

impl RootsInForce {
    /// Reads the folder again if it has changed since. If it has become unreadable, its earlier
    /// content stays in force; another folder has no earlier content. A folder that other users can
    /// write is not used, unless it came from someone else anyway.
    pub fn look(&mut self, folder: &Path, brought: bool) {
        let writable = ownership::check(folder).err().filter(|_| !brought);
        let now = (folder.to_owned(), attestation_roots::state(folder), writable);
        if self.read.as_ref() == Some(&now) {
            return;
        }
        let before = self.read.replace(now);
        let is_other = before.is_none_or(|(before, ..)| before != folder);
        let read = match brought {
            true => attestation_roots::read_from_anyone(folder),
            false => attestation_roots::read(folder),
        };
        let (troubles, others) = match read {
            Ok(read) => {
                self.roots = Arc::new(read.roots());
                (read.troubles, true)
            }
            Err(error) => {
                if is_other || matches!(error, TrustError::Ownership(_)) {
                    self.roots = Arc::default();
                }
                (vec![error], false)
            }
        };
        self.trouble = (!troubles.is_empty()).then(|| {
            let named = listed(troubles.iter().map(ToString::to_string), NAMED);
            Trouble::TrustFolder { named, others }.problem()
        });
    }
}
