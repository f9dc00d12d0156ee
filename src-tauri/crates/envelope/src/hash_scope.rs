//! The files that a run was made from, as its hash scope names them: inputs, prompts, schemas and
//! policies, each with its path and its SHA-256.

use std::borrow::Cow;

use crate::digest::Digest;
use crate::merkle::LISTS;
use crate::sealed_run::SealedRun;

/// A file that a run was made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HashedFile<'a> {
    /// In which list of the hash scope, one of [`LISTS`].
    pub list: &'static str,
    /// Its position in the list, counted from 0.
    pub position: usize,
    /// Its path, as whoever sealed the run wrote it; empty if none is there.
    pub path: Cow<'a, str>,
    /// The SHA-256 of its content; `None` if none is there, or it is written in another way.
    pub content: Option<Digest>,
}

/// The entries of one list, in the order of the run; none if there is no such list.
pub fn files<'a>(run: &'a SealedRun, list: &'static str) -> impl Iterator<Item = HashedFile<'a>> {
    let entries = run.hash_scope().and_then(|scope| scope.get(list)).and_then(|list| list.items());
    entries.into_iter().flatten().enumerate().map(move |(position, entry)| HashedFile {
        list,
        position,
        path: entry.text("path").unwrap_or_default(),
        content: entry.text("sha256").and_then(|written| Digest::parse(&written)),
    })
}

/// The entries of all lists, in the order of [`LISTS`].
pub fn all_files(run: &SealedRun) -> impl Iterator<Item = HashedFile<'_>> {
    LISTS.iter().flat_map(|(list, _)| files(run, list))
}
