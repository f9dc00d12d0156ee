//! The folder of lists of revoked certificates (RFC 5280 section 5). A list counts only for the
//! certificates of the authority whose very key signed it, so nobody has to confirm one; but whoever
//! could remove one could hide a revocation, so the folder must be writable by nobody else.

use std::fs;
use std::path::{Path, PathBuf};

use countersign_admissibility::certificate_names::revocation_list::{self, RevocationList};
use countersign_envelope::count::count;
use countersign_envelope::digest::Digest;
use countersign_envelope::instant::Instant;
use countersign_journal::{self as journal, Event, Recorder, RootFacts};
use countersign_problem::visible::visible;
use countersign_problem::{Explain as _, Problem, words};
use countersign_store::overwrite;
use countersign_store::ownership::{self, make_private_directory};
use countersign_store::reading::{self, directory_of, name_of};
use countersign_store::safe_write::{self, Access};
use serde::Serialize;

use crate::attestation_roots::{self, TrustError};

/// The folder's name; it is beside the keyring.
pub const FOLDER: &str = "crls";

/// What the files of lists are called.
const EXTENSIONS: [&str; 3] = ["crl", "pem", "der"];
/// Largest file of lists that is read, in bytes: PEM is longer than DER.
const MAX_BYTES: u64 = (revocation_list::MAX_BYTES as u64) * 3 / 2;
/// Most bytes of lists that are read together.
const MAX_TOGETHER: u64 = 128 << 20;

/// The folder as it was read.
#[derive(Debug, Default)]
pub struct RevocationFolder {
    /// Its files, by name, with the lists of each.
    pub files: Vec<(PathBuf, Vec<RevocationList>)>,
    /// What could not be read of it.
    pub troubles: Vec<TrustError>,
}

/// A list, as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct RevocationListView {
    /// Whose certificates it is about (RFC 4514).
    pub issuer: String,
    /// SHA-256 of its DER, 64 hex digits.
    pub sha256: String,
    /// When it was made.
    pub this_update: String,
    /// By when the next one is due.
    pub next_update: Option<String>,
    /// Whether the next one is due.
    pub ended: bool,
    /// How many certificates it lists.
    pub entries: u32,
    /// Why it cannot be used, whoever signed it.
    pub problem: Option<countersign_problem::Said>,
    /// The SHA-256 of the certificate among the name roots whose key signed it; null if none did, as of
    /// an intermediate that comes with the certificates of keys.
    pub signed_by: Option<String>,
    /// The name of its file, without the folder.
    pub file: String,
}

/// The folder, as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct RevocationListsView {
    /// Its path.
    pub folder: String,
    /// Its lists.
    pub lists: Vec<RevocationListView>,
    /// What of it cannot be read.
    pub problems: Vec<Problem>,
}

/// The folder of a station whose keyring is at a path, unless another is chosen.
pub fn beside(keyring: &Path) -> PathBuf {
    keyring.with_file_name(FOLDER)
}

/// Reads the folder. One that is not there is empty; a file that cannot be read, or that other users can
/// write, is left out, and named.
///
/// # Errors
/// If the folder is there and cannot be listed, or other users can write it.
pub fn read(folder: &Path) -> Result<RevocationFolder, TrustError> {
    ownership::check(folder)?;
    let mut read = RevocationFolder::default();
    let mut together = 0;
    for path in attestation_roots::paths_of(folder, &EXTENSIONS)? {
        together += fs::metadata(&path).map_or(0, |file| file.len());
        if together > MAX_TOGETHER {
            read.troubles.push(TrustError::ListsTooLarge(folder.to_owned()));
            break;
        }
        let checked = ownership::check(&path).map_err(TrustError::from);
        match checked.and_then(|()| read_file(&path)) {
            Ok(lists) => read.files.push((path, lists)),
            Err(error) => read.troubles.push(error),
        }
    }
    Ok(read)
}

/// Identifies the state of the folder, from its listing and metadata alone.
pub fn state(folder: &Path) -> Digest {
    attestation_roots::state_of(folder, &EXTENSIONS)
}

/// The lists of a file.
///
/// # Errors
/// Fails if it has none, or cannot be read.
pub fn read_file(path: &Path) -> Result<Vec<RevocationList>, TrustError> {
    let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let bytes = reading::read(&target, directory_of(&target), MAX_BYTES)?;
    RevocationList::read(&bytes).map_err(|error| TrustError::List { path: path.to_owned(), error })
}

/// The folder, as it is shown beside the roots that prove names.
///
/// # Errors
/// As [`read`].
pub fn view(folder: &Path, roots: &Path, now: Instant) -> Result<RevocationListsView, TrustError> {
    let read = read(folder)?;
    let trusted = attestation_roots::read(roots).unwrap_or_default();
    let anchors = trusted.files.iter().flat_map(|(_, anchors)| anchors);
    let authorities: Vec<_> = crate::certificate_folder::certificates_of(anchors).collect();
    let view = |path: &Path, list: &RevocationList| RevocationListView {
        issuer: visible(&list.issuer()),
        sha256: list.fingerprint().hex(),
        this_update: list.this_update().to_string(),
        next_update: list.next_update().map(|at| at.to_string()),
        ended: list.next_update().is_none_or(|at| at.unix() < now.unix()),
        entries: count(list.len()),
        problem: list.problem().or(list.incomplete()).map(|words| words.clone().into()),
        signed_by: authorities
            .iter()
            .find(|one| list.is_by(one))
            .map(|one| one.fingerprint().hex()),
        file: visible(&name_of(path)),
    };
    let lists = read.files.iter().flat_map(|(path, lists)| lists.iter().map(|one| view(path, one)));
    Ok(RevocationListsView {
        folder: visible(&folder.to_string_lossy()),
        lists: lists.collect(),
        problems: read.troubles.iter().map(|trouble| trouble.problem()).collect(),
    })
}

/// Keeps the lists of a file; each is journalled. Those that are there already are unchanged. Returns
/// the SHA-256 of each.
///
/// # Errors
/// Fails if the file has none, or folder or journal cannot be written; nothing is kept then.
pub fn add(folder: &Path, path: &Path, recorder: &dyn Recorder) -> Result<Vec<Digest>, TrustError> {
    overwrite::check_directory(folder, words!("place-crls"))?;
    let lists = read_file(path)?;
    let all: Vec<Digest> = lists.iter().map(RevocationList::fingerprint).collect();
    let known = read(folder)?;
    let known: Vec<Digest> =
        known.files.iter().flat_map(|(_, lists)| lists).map(RevocationList::fingerprint).collect();
    let is_new = |list: &&RevocationList| !known.contains(&list.fingerprint());
    let new: Vec<&RevocationList> = lists.iter().filter(is_new).collect();
    let events: Vec<Event> = new.iter().map(|list| Event::CrlAdded(facts(folder, list))).collect();
    journal::journalled(recorder, &events, || {
        make_private_directory(folder)
            .map_err(|source| TrustError::Make { path: folder.to_owned(), source })?;
        let _lock = safe_write::lock(folder)?;
        for list in new {
            let file = folder.join(format!("{}.crl", list.fingerprint().hex()));
            safe_write::replace(&file, list.to_pem().as_bytes(), Access::Own)?;
        }
        Ok(all)
    })
}

/// Keeps a list no longer, and journals that. What else is in the same file stays.
///
/// # Errors
/// Fails if it is not there, its file cannot be changed, or the journal cannot be written.
pub fn remove(folder: &Path, sha256: &str, recorder: &dyn Recorder) -> Result<(), TrustError> {
    let unwanted = attestation_roots::parse(sha256)?;
    let kept = read(folder)?;
    let all = kept.files.iter().flat_map(|(_, lists)| lists);
    let removed = all.into_iter().find(|list| list.fingerprint() == unwanted);
    let event = Event::CrlRemoved(facts(
        folder,
        removed.ok_or_else(|| TrustError::NoSuchList {
            folder: folder.to_owned(),
            sha256: unwanted.hex(),
        })?,
    ));
    journal::journalled(recorder, &[event], || {
        let _lock = safe_write::lock(folder)?;
        for (path, lists) in read(folder)?.files {
            let stay = lists.iter().filter(|one| one.fingerprint() != unwanted);
            let stay: Vec<String> = stay.map(RevocationList::to_pem).collect();
            match stay.len() {
                kept if kept == lists.len() => {}
                0 => {
                    fs::remove_file(&path).map_err(|source| TrustError::Remove { path, source })?
                }
                _ => safe_write::replace(&path, stay.concat().as_bytes(), Access::Own)?,
            }
        }
        Ok(())
    })
}

fn facts(folder: &Path, list: &RevocationList) -> RootFacts {
    RootFacts {
        folder: folder.display().to_string(),
        sha256: list.fingerprint().hex(),
        subject: list.issuer(),
    }
}
