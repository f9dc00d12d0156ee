//! Conflict copies beside the runs: which exist, and which would add something to their envelope.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use countersign_admissibility::keyring::Keyring;

use crate::judged::RunName;
use crate::queue::table::Key;
use countersign_exchange::merge;

/// The envelope that a file's name makes it a conflict copy for, if any.
pub(super) fn run_of_copy(name: &str) -> Option<RunName> {
    merge::run_of_conflict_copy(name).and_then(|run| RunName::of_file(&run))
}

/// The conflict copies below the directory.
#[derive(Debug, Default)]
pub(super) struct Copies {
    /// The names of those that are there, by their envelope.
    there: BTreeMap<Key, BTreeSet<String>>,
    /// How many of them would add something, by their envelope.
    waiting: BTreeMap<Key, u32>,
    /// Envelopes whose copies must be compared with them.
    doubtful: BTreeSet<Key>,
}

impl Copies {
    /// All of them are about to be listed again.
    pub fn forget(&mut self) {
        self.there.clear();
    }

    /// All of them have been found.
    pub fn found(&mut self) {
        self.waiting.retain(|key, _| self.there.contains_key(key));
        self.doubtful = self.there.keys().copied().collect();
    }

    /// A copy came, changed or went.
    pub fn see(&mut self, key: Key, name: String, is_there: bool) {
        let names = self.there.entry(key).or_default();
        if is_there {
            names.insert(name);
        } else {
            names.remove(&name);
        }
        self.doubtful.insert(key);
    }

    /// An envelope changed: its copies may add nothing more, or something again.
    pub fn doubt(&mut self, key: Key) {
        if self.there.contains_key(&key) {
            self.doubtful.insert(key);
        }
    }

    /// Leaves them as they were last seen.
    pub fn leave(&mut self) {
        self.doubtful.clear();
    }

    /// Whether any must be compared with its envelope.
    pub fn are_doubtful(&self) -> bool {
        !self.doubtful.is_empty()
    }

    /// The next envelope whose copies must be compared with it.
    pub fn next(&mut self) -> Option<Key> {
        self.doubtful.pop_first()
    }

    /// Holds the copies of an envelope against it.
    pub fn weigh(&mut self, key: Key, run: &Path, root: &Path, keyring: &Keyring) {
        let names = self.there.get(&key).into_iter().flatten();
        let brings = names
            .filter(|name| merge::adds_anything(run, root, &[run.with_file_name(name)], keyring));
        match countersign_envelope::count::count(brings.count()) {
            0 => self.waiting.remove(&key),
            some => self.waiting.insert(key, some),
        };
        if self.there.get(&key).is_some_and(BTreeSet::is_empty) {
            self.there.remove(&key);
        }
    }

    /// How many would add something.
    pub fn waiting(&self) -> u32 {
        self.waiting.values().fold(0, |all, some| all.saturating_add(*some))
    }
}
