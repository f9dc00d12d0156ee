//! The logs whose history is not the one that signers saw.

use std::collections::BTreeMap;
use std::path::PathBuf;

use countersign_admissibility::continuation::Fork;
use countersign_envelope::chain::ChainKind;

use super::Logs;

/// The logs and ledgers whose history is not the one that signers of some runs saw, each with what
/// they saw.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ForkedLogs(BTreeMap<PathBuf, (ChainKind, Vec<Fork>)>);

impl ForkedLogs {
    /// Adds what a judgement by these logs found.
    pub fn add(&mut self, logs: &Logs, forks: &[Fork]) {
        for fork in forks {
            let place = match fork.kind {
                ChainKind::Log => &logs.log_place,
                ChainKind::Ledger => &logs.ledger_place,
            };
            let Some(place) = place else { continue };
            let (_, of_log) =
                self.0.entry(place.clone()).or_insert_with(|| (fork.kind, Vec::new()));
            if !of_log.contains(fork) {
                of_log.push(fork.clone());
            }
        }
    }

    /// What signers saw of a log that is not in it; removes it.
    pub fn take(&mut self, log: &std::path::Path) -> Vec<Fork> {
        self.0.remove(log).map(|(_, forks)| forks).unwrap_or_default()
    }
}

impl IntoIterator for ForkedLogs {
    type Item = (PathBuf, (ChainKind, Vec<Fork>));
    type IntoIter = std::collections::btree_map::IntoIter<PathBuf, (ChainKind, Vec<Fork>)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}
