//! The trusted roots in force.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use countersign_admissibility::attestation::AttestationRoots;
use countersign_envelope::digest::Digest;

use super::NAMED;
use crate::attestation_roots;
use crate::queue::Trouble;

/// The trusted roots in force.
#[derive(Debug, Default)]
pub(in crate::queue) struct RootsInForce {
    pub roots: Arc<AttestationRoots>,
    /// Why they are not all that the folder has.
    pub trouble: Option<Trouble>,
    /// The folder, and its state when it was read.
    read: Option<(PathBuf, Digest)>,
}

impl RootsInForce {
    /// Reads the folder again where it has changed since. One that has become unreadable leaves in
    /// force what it had before; of another folder nothing is trusted before it is read.
    pub fn look(&mut self, folder: &Path) {
        let now = (folder.to_owned(), attestation_roots::state(folder));
        if self.read.as_ref() == Some(&now) {
            return;
        }
        let before = self.read.replace(now);
        let is_other = before.is_none_or(|(before, _)| before != folder);
        let (troubles, hint) = match attestation_roots::read(folder) {
            Ok(read) => {
                self.roots = Arc::new(read.roots());
                (read.troubles, "The others are in force. Mend what is named, or move it aside.")
            }
            Err(error) => {
                if is_other {
                    self.roots = Arc::default();
                }
                (vec![error], "Mend it, or choose another folder in the settings.")
            }
        };
        let named: Vec<String> = troubles.iter().take(NAMED).map(ToString::to_string).collect();
        let others = troubles.len() - named.len();
        let others = if others > 0 { format!(" and {others} more") } else { String::new() };
        self.trouble = (!troubles.is_empty()).then(|| Trouble {
            code: "trust_folder",
            message: format!("Not every trusted root is in force: {}{others}.", named.join("; ")),
            hint: hint.to_owned(),
        });
    }
}
