//! The trusted roots in force.

use countersign_problem::{Explain as _, Problem};
use std::path::Path;
use std::sync::Arc;

use countersign_admissibility::attestation::AttestationRoots;
use countersign_envelope::count::listed;
use countersign_envelope::digest::Digest;

use super::last_read::{Again, LastRead};
use super::trouble::{NAMED, Trouble};
use countersign_trust::attestation_roots::{self, TrustError};

/// The trusted roots in force.
#[derive(Debug, Default)]
pub(super) struct RootsInForce {
    pub roots: Arc<AttestationRoots>,
    /// Why they are not all that the folder has.
    pub trouble: Option<Problem>,
    read: LastRead<Digest>,
}

impl RootsInForce {
    /// Reads the folder again if it has changed since. If it has become unreadable, its earlier
    /// content stays in force; another folder has no earlier content. A folder that other users can
    /// write is not used, unless it came from someone else anyway.
    pub fn look(&mut self, folder: &Path, brought: bool) {
        let state = attestation_roots::state(folder);
        let Some(again) = self.read.look(folder, state, brought) else { return };
        let is_other = matches!(again, Again::Other);
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
