//! The trusted roots in force.

use countersign_problem::{Explain as _, Problem, list};
use std::path::Path;
use std::sync::Arc;

use countersign_admissibility::attestation::AttestationRoots;
use countersign_admissibility::certificate_names::NameTrust;
use countersign_admissibility::time_stamp::TsaRoots;
use countersign_envelope::digest::Digest;
use countersign_trust::attestation_roots::{self, TrustError, TrustFolder};
use countersign_trust::{name_roots, revocation_lists, tsa_roots};

use super::last_read::{Again, LastRead};
use super::rules::Rules;
use super::trouble::{NAMED, Trouble};

/// The trusted roots in force.
#[derive(Debug, Default)]
pub(super) struct RootsInForce {
    attestations: FolderInForce<AttestationRoots>,
    time_stamps: FolderInForce<TsaRoots>,
    names: NamesInForce,
}

impl RootsInForce {
    /// Reads the folders of the rules again, each if it has changed since.
    pub fn look(&mut self, rules: &Rules) {
        self.attestations.look(&rules.roots, rules.brought, TrustFolder::roots);
        self.time_stamps.look(&rules.tsa_roots, rules.brought, tsa_roots::roots);
        self.names.look(rules);
    }

    /// The roots of attestations.
    pub fn attestations(&self) -> &Arc<AttestationRoots> {
        &self.attestations.roots
    }

    /// The roots of time-stamping authorities.
    pub fn time_stamps(&self) -> &Arc<TsaRoots> {
        &self.time_stamps.roots
    }

    /// The roots that prove names, and what is revoked.
    pub fn names(&self) -> &Arc<NameTrust> {
        &self.names.trust
    }

    /// Why they are not all that the folders have.
    pub fn troubles(&self) -> impl Iterator<Item = Problem> {
        [&self.attestations.trouble, &self.time_stamps.trouble, &self.names.trouble]
            .into_iter()
            .flatten()
            .cloned()
    }
}

/// The trusted roots of one folder.
#[derive(Debug, Default)]
struct FolderInForce<R> {
    roots: Arc<R>,
    trouble: Option<Problem>,
    read: LastRead<Digest>,
}

impl<R: Default> FolderInForce<R> {
    /// Reads the folder again if it has changed since. If it has become unreadable, its earlier
    /// content stays in force; another folder has no earlier content. A folder that other users can
    /// write is not used, unless it came from someone else anyway.
    fn look(&mut self, folder: &Path, brought: bool, roots: fn(&TrustFolder) -> R) {
        let state = attestation_roots::state(folder);
        let Some(again) = self.read.look(folder, state, brought) else { return };
        let is_other = matches!(again, Again::Other);
        let read = match brought {
            true => attestation_roots::read_from_anyone(folder),
            false => attestation_roots::read(folder),
        };
        let (troubles, others) = match read {
            Ok(read) => {
                self.roots = Arc::new(roots(&read));
                (read.troubles, true)
            }
            Err(error) => {
                if is_other || matches!(error, TrustError::Ownership(_)) {
                    self.roots = Arc::default();
                }
                (vec![error], false)
            }
        };
        self.trouble = trouble(&troubles, others);
    }
}

/// What is trusted for names, of two folders. They are the station's own, whatever is reviewed: what
/// came with it proves no names.
#[derive(Debug, Default)]
struct NamesInForce {
    trust: Arc<NameTrust>,
    trouble: Option<Problem>,
    roots_read: LastRead<Digest>,
    lists_read: LastRead<Digest>,
}

impl NamesInForce {
    /// Reads both folders again if one has changed since. What has become unreadable proves nothing.
    fn look(&mut self, rules: &Rules) {
        let Rules { name_roots, crls, .. } = rules;
        let state = attestation_roots::state(name_roots);
        let roots = self.roots_read.look(name_roots, state, false);
        let lists = self.lists_read.look(crls, revocation_lists::state(crls), false);
        if roots.is_none() && lists.is_none() {
            return;
        }
        let (trust, troubles) = name_roots::read(name_roots, crls);
        self.trust = Arc::new(trust);
        self.trouble = trouble(&troubles, true);
    }
}

fn trouble(troubles: &[TrustError], others: bool) -> Option<Problem> {
    (!troubles.is_empty()).then(|| {
        let named = list::first(troubles.iter().map(|trouble| trouble.problem().into()), NAMED);
        Trouble::TrustFolder { named, others }.problem()
    })
}
