//! The versions of the signed keyring in a pack: who made the pack judged by them. They vouch for nothing
//! to a reader who has not adopted them, and must fit together.

use std::path::Path;

use countersign_admissibility::signed_keyring::{Chain, SignedKeyring};
use countersign_envelope::signed_keyring as document;
use countersign_envelope::signed_keyring::revocation;
use countersign_problem::{Explain as _, Words};
use countersign_store::archive::Archive;
use countersign_trust::adopted;

const FOLDER: &str = "evidence/";

/// Where a pack has a file with a version or an emergency revocation.
pub(super) fn path(name: &str) -> String {
    format!("{FOLDER}{name}")
}

/// Whether a file of a pack is one of them.
pub(super) fn is_one(name: &str) -> bool {
    let ends = [document::FILE_NAME, revocation::FILE_END];
    name.strip_prefix(FOLDER).is_some_and(|name| ends.iter().any(|end| name.ends_with(end)))
}

/// Files that are no version or revocation, or do not fit to the others.
pub(super) fn faults(archive: &Archive) -> Vec<(String, Words)> {
    let (mut versions, mut revocations, mut faults) = (Vec::new(), Vec::new(), Vec::new());
    for (name, bytes) in archive.files().filter(|(name, _)| is_one(name)) {
        let place = Path::new(name);
        let read = match name.ends_with(revocation::FILE_END) {
            true => adopted::revocation_of(place, bytes).map(|one| revocations.push(one)),
            false => adopted::version_of(place, bytes).map(|one| versions.push(one)),
        };
        if let Err(error) = read {
            faults.push((name.to_owned(), error.problem().into()));
        }
    }
    versions.sort_by_key(SignedKeyring::version);
    let last = versions.last().map(|one| path(&document::file_name(one.version())));
    if let (Err(why), Some(name)) = (Chain::of_itself(versions, revocations), last) {
        faults.push((name, why.into()));
    }
    faults
}
