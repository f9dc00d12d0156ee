//! Judging a pack: when a path is one, whose keys count, and which logs.

use std::path::Path;

use countersign_admissibility::policy::Trust;
use countersign_admissibility::{Judge, Verdict};
use countersign_exchange::pack::{self, OpenPack};
use countersign_store::envelope_files::EnvelopeFiles;
use countersign_store::log_memory::LogMemory;
use countersign_store::logs::LogBook;

use crate::review::{self, ReviewKeys};

/// What a path is judged as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JudgedAs {
    /// A pack.
    Pack,
    /// A run, or a directory of runs.
    Runs,
    /// A directory of runs, although it has the files of a pack: the station has worked there.
    RunsLikeAPack,
}

impl JudgedAs {
    /// What a path is judged as; `stated` if the person states that it is a pack, `expected` if they
    /// gave the digest of one. Without either, a directory in which the station has worked is none:
    /// anyone who can write there could add the files of a pack, and would have it judged by another
    /// keyring and log.
    pub fn of(path: &Path, stated: bool, expected: bool, memory: Option<&LogMemory>) -> Self {
        let has_worked = || memory.is_some_and(|memory| memory.has_seen_directory(path));
        match pack::is_pack(path) {
            _ if stated => Self::Pack,
            false => Self::Runs,
            true if !expected && path.is_dir() && has_worked() => Self::RunsLikeAPack,
            true => Self::Pack,
        }
    }
}

/// What a person said of how a pack is to be judged.
#[derive(Debug, Clone, Copy, Default)]
pub struct PackTerms {
    /// The station's keyring is one that was named for this pack: it decides, even if it is empty.
    pub keyring_is_named: bool,
    /// The keyring that came with the pack decides, even if the station has one.
    pub by_its_own_keys: bool,
    /// The station's roots are some that were named for this pack.
    pub roots_are_named: bool,
    /// A log was named.
    pub log_is_named: bool,
    /// A ledger was named.
    pub ledger_is_named: bool,
}

impl PackTerms {
    /// Whose keys count.
    pub fn keys(&self, trust: Trust, station_has_keys: bool) -> ReviewKeys {
        match trust {
            Trust::Embedded => ReviewKeys::Embedded,
            Trust::Pinned if self.keyring_is_named => ReviewKeys::Chosen,
            Trust::Pinned if self.by_its_own_keys => ReviewKeys::Brought,
            Trust::Pinned => review::first_keys(true, station_has_keys),
        }
    }
}

/// A pack that was judged.
#[derive(Debug)]
pub struct JudgedPack {
    /// Whose keys counted.
    pub keys: ReviewKeys,
    /// Its files.
    pub files: EnvelopeFiles,
    /// The verdict by these keys.
    pub verdict: Verdict,
    /// The verdict by the keys that came with it, if the station's own decided.
    pub by_its_own_keys: Option<Verdict>,
}

/// Judges a pack with the keyring, roots and logs that count. What came with it never outweighs the
/// station's own keyring; a log that is named is a second opinion on the one in the pack.
pub fn judge(pack: &OpenPack, station: Judge<'_>, book: &LogBook, terms: &PackTerms) -> JudgedPack {
    let keys = terms.keys(station.policy.trust, !station.keyring.keys().is_empty());
    let brought =
        Judge { keyring: &pack.keyring, roots: &pack.roots, tsa_roots: &pack.tsa_roots, ..station };
    let mut by = match keys {
        ReviewKeys::Chosen | ReviewKeys::Station => station,
        ReviewKeys::Brought | ReviewKeys::Embedded => brought,
    };
    if terms.roots_are_named {
        (by.roots, by.tsa_roots) = (station.roots, station.tsa_roots);
    }
    let mut logs = pack.logs.clone();
    let named = book.named(&pack.path);
    logs.boundary.clone_from(&named.boundary);
    if terms.log_is_named {
        logs.log = named.log.clone();
        logs.log_standing = named.log_standing.clone();
    }
    if terms.ledger_is_named {
        logs.ledger = named.ledger.clone();
        logs.ledger_standing = named.ledger_standing.clone();
    }
    let (files, verdict) = pack.judge(&by, Some(&logs));
    let own = (keys == ReviewKeys::Station).then(|| pack.judge(&brought, Some(&logs)).1);
    JudgedPack { keys, files, verdict, by_its_own_keys: own }
}
