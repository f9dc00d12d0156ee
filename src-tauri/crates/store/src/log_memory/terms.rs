//! The terms that were seen in signature files, if they were more than L4 requires of every
//! envelope: nothing signs them, so only a station that saw them notices that they were lowered.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;

use countersign_admissibility::terms::SeenTerms;
use countersign_envelope::digest::Digest;
use countersign_envelope::instant::Instant;
use countersign_envelope::signature::Role;
use countersign_envelope::signature_file::Terms;
use serde::{Deserialize, Serialize};

use super::{LogMemory, LogMemoryError};

/// The file's name, in the directory of what is remembered.
const FILE_NAME: &str = "terms-seen.json";

/// The longest file of this kind that is read, in bytes (64 MiB, about 400,000 runs).
const MAX_BYTES: u64 = 64 << 20;

/// Terms as the file has them, by the digest of the run's canonical bytes.
#[derive(Serialize, Deserialize)]
struct Written {
    threshold: u64,
    required_roles: Vec<Role>,
    seen_at: Instant,
}

impl LogMemory {
    /// The terms that were seen, by the digest of the run's canonical bytes.
    ///
    /// # Errors
    /// If what was seen cannot be read.
    pub fn terms(&self) -> Result<HashMap<Digest, SeenTerms>, LogMemoryError> {
        let path = self.terms_file();
        let all: BTreeMap<Digest, Written> = self.read_json(&path, MAX_BYTES)?.unwrap_or_default();
        let seen = |(run, Written { threshold, required_roles, seen_at }): (Digest, Written)| {
            (run, SeenTerms { terms: Terms { threshold, required_roles }, seen_at })
        };
        Ok(all.into_iter().map(seen).collect())
    }

    /// Remembers the terms that were just seen. Terms of other people's copies are not remembered.
    ///
    /// # Errors
    /// If what was seen cannot be read or written.
    pub fn remember_terms(&self, seen: &[(Digest, Terms)]) -> Result<(), LogMemoryError> {
        if self.is_foreign || seen.is_empty() {
            return Ok(());
        }
        let _lock = self.lock()?;
        let mut known = self.terms()?;
        let mut is_new = false;
        for (run, terms) in seen {
            let seen = SeenTerms { terms: terms.clone(), seen_at: (self.now)() };
            match known.get_mut(run) {
                Some(known) => is_new |= known.raise(&seen),
                None => {
                    known.insert(*run, seen);
                    is_new = true;
                }
            }
        }
        if !is_new {
            return Ok(());
        }
        let written = |(run, SeenTerms { terms, seen_at }): (Digest, SeenTerms)| {
            let Terms { threshold, required_roles } = terms;
            (run, Written { threshold, required_roles, seen_at })
        };
        let all: BTreeMap<Digest, Written> = known.into_iter().map(written).collect();
        self.write_json(&self.terms_file(), &all)
    }

    fn terms_file(&self) -> PathBuf {
        self.directory.join(FILE_NAME)
    }
}
