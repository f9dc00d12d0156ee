//! The signed keyring: its versions are proposed, signed by administrators, and adopted by stations.
//! Signing is a [`Ceremony`](countersign_ceremony::ceremony::Ceremony) over a
//! [`KeyringToSign`](countersign_ceremony::signed_keyring::KeyringToSign).
//!
//! | question | module |
//! |---|---|
//! | What is in the files of a directory that stations share? | here |
//! | How is a first or a next version proposed? | [`propose`] |
//! | What does an administrator sign, and what have they seen of it? | [`sign`] |
//! | What is adopted, and what is refused? | [`adopt`] |

pub mod adopt;
pub mod propose;
pub mod sign;

use std::path::{Path, PathBuf};

use countersign_admissibility::signed_keyring::{Chain, KeyringRefusal, SignedKeyring};
use countersign_envelope::digest::Digest;
use countersign_envelope::signed_keyring as document;
use countersign_envelope::signed_keyring::revocation::{self, RevocationFile};
use countersign_envelope::signed_keyring::{SignedKeyringError, parse_envelope};
use countersign_problem::{Explain as _, Problem};
use countersign_store::overwrite::OverwriteError;
use countersign_store::reading::{self, ReadError, directory_of, name_of};
use countersign_store::safe_write::WriteError;
use countersign_trust::adopted::{self, AdoptedError, AdoptedPlace};

use crate::workspace::{Workspace, WorkspaceError};

/// The most files that are read at once.
const MAX_FILES: usize = 4096;
/// How much of them is read at most, in bytes (128 MiB): anyone may write to a directory that is shared.
const MAX_TOTAL: usize = 128 << 20;

/// Why the signed keyring is not proposed, signed or adopted.
#[derive(Debug, Problem)]
#[problem(area = "trust-use")]
#[non_exhaustive]
pub enum TrustUseError {
    /// The workspace does not allow it.
    #[problem(transparent)]
    Workspace(#[from] WorkspaceError),
    /// What is adopted cannot be used, or a file is no part of a signed keyring.
    #[problem(transparent)]
    Adopted(#[from] AdoptedError),
    /// A file cannot be read.
    #[problem(transparent)]
    Read(#[from] ReadError),
    /// A file cannot be written.
    #[problem(transparent)]
    Write(#[from] WriteError),
    /// A file is something else.
    #[problem(transparent)]
    Overwrite(#[from] OverwriteError),
    /// There is no place to keep a signed keyring in.
    NoPlace,
    /// A directory cannot be listed.
    Directory {
        /// The directory.
        path: PathBuf,
        /// The error from the operating system.
        source: std::io::Error,
    },
    /// There is more than anyone shares.
    #[arg(most = MAX_FILES, mebibytes = MAX_TOTAL >> 20)]
    TooMany {
        /// The directory, or the file at which it is too much.
        path: PathBuf,
    },
    /// Neither a version of the signed keyring nor an emergency revocation.
    NotOne {
        /// The file.
        path: PathBuf,
        /// Why not.
        error: SignedKeyringError,
    },
    /// No version or revocation is there.
    Nothing,
    /// Nothing is adopted here yet.
    NotAdopted,
    /// A signed keyring is adopted here already.
    IsAdopted {
        /// The version in force.
        version: u64,
    },
    /// The first version is adopted by its digest.
    NeedsDigest {
        /// Its number.
        version: u64,
        /// Its digest, to be compared with what an administrator says.
        digest: String,
    },
    /// No version that is there has the digest that was confirmed.
    NoSuchDigest {
        /// The digest.
        digest: String,
    },
    /// A version does not follow what is adopted here.
    #[problem(transparent)]
    Refused(#[from] KeyringRefusal),
    /// Two versions could follow, and each is signed by enough.
    TwoNext {
        /// Their number.
        version: u64,
        /// The digest of the one.
        one: String,
        /// The digest of the other.
        other: String,
    },
    /// A proposal is not possible.
    NotProposed {
        /// Why not.
        cause: Problem,
    },
    /// A proposal changes nothing.
    NoChange,
    /// No key has this id.
    NoSuchKey {
        /// The id.
        key_id: String,
    },
    /// No emergency revocation of this key is in force.
    NotRevoked {
        /// The id.
        key_id: String,
    },
}

/// What files have of a signed keyring.
#[derive(Debug, Default)]
pub struct Found {
    /// The versions, by number and digest; copies of one are united.
    pub versions: Vec<SignedKeyring>,
    /// The emergency revocations.
    pub revocations: Vec<RevocationFile>,
    /// What in a directory could not be read.
    pub unreadable: Vec<Problem>,
    /// How much has been read, in bytes.
    read: usize,
}

/// Where the workspace keeps a signed keyring.
///
/// # Errors
/// If there is no place for one.
pub fn place(workspace: &Workspace) -> Result<&AdoptedPlace, TrustUseError> {
    workspace.signed_keyring.as_ref().ok_or(TrustUseError::NoPlace)
}

/// What is adopted.
///
/// # Errors
/// If nothing is, or it cannot be used.
pub fn adopted(workspace: &Workspace) -> Result<Chain, TrustUseError> {
    place(workspace)?.read()?.ok_or(TrustUseError::NotAdopted)
}

/// Reads files, and the files of directories that are named as those of a signed keyring.
///
/// # Errors
/// If a file that was named is none of them, or a directory cannot be listed.
pub fn find(paths: &[PathBuf], chain: Option<&Chain>) -> Result<Found, TrustUseError> {
    let mut found = Found::default();
    for path in paths {
        if !path.is_dir() {
            read_into(path, &mut found)?;
            continue;
        }
        for file in files_of(path)? {
            match read_into(&file, &mut found) {
                Ok(()) => {}
                Err(error @ TrustUseError::TooMany { .. }) => return Err(error),
                Err(error) => found.unreadable.push(error.problem()),
            }
        }
    }
    found.unite(chain);
    Ok(found)
}

/// The files of a directory that are named as those of a signed keyring, sorted.
fn files_of(directory: &Path) -> Result<Vec<PathBuf>, TrustUseError> {
    let failed = |source| TrustUseError::Directory { path: directory.to_owned(), source };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(directory).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let name = name_of(&path);
        if name.ends_with(document::FILE_NAME) || name.ends_with(revocation::FILE_END) {
            files.push(path);
        }
        if files.len() > MAX_FILES {
            return Err(TrustUseError::TooMany { path: directory.to_owned() });
        }
    }
    files.sort();
    Ok(files)
}

fn read_into(path: &Path, found: &mut Found) -> Result<(), TrustUseError> {
    let bytes = reading::read(path, directory_of(path), document::MAX_BYTES as u64)?;
    found.read += bytes.len();
    if found.read > MAX_TOTAL {
        return Err(TrustUseError::TooMany { path: path.to_owned() });
    }
    let envelope = parse_envelope(&bytes)
        .map_err(|error| TrustUseError::NotOne { path: path.to_owned(), error })?;
    match envelope.payload_type == revocation::PAYLOAD_TYPE {
        true => found.revocations.push(adopted::revocation_of(path, &bytes)?),
        false => found.versions.push(adopted::version_of(path, &bytes)?),
    }
    Ok(())
}

impl Found {
    /// Unites the copies of each version, and sorts.
    fn unite(&mut self, chain: Option<&Chain>) {
        self.versions.sort_by_key(|one| (one.version(), one.digest()));
        let mut united: Vec<SignedKeyring> = Vec::new();
        for one in std::mem::take(&mut self.versions) {
            let before = one.says().previous.and_then(|previous| {
                let adopted = chain.into_iter().flat_map(Chain::versions);
                united.iter().chain(adopted).find(|other| other.digest() == previous).cloned()
            });
            match united.last_mut().filter(|last| last.digest() == one.digest()) {
                Some(last) => *last = last.clone().merged(one.envelope(), before.as_ref()),
                None => united.push(one),
            }
        }
        self.versions = united;
        let key = |one: &RevocationFile| one.envelope.payload_digest();
        self.revocations.sort_by_key(key);
        self.revocations.dedup_by_key(|one| key(one));
    }

    /// The version with a digest.
    pub fn version(&self, digest: &Digest) -> Option<&SignedKeyring> {
        self.versions.iter().find(|one| one.digest() == *digest)
    }
}

/// Writes what is adopted into a directory that stations share, each version and revocation in a file of
/// its own. Returns the files.
///
/// # Errors
/// If nothing is adopted, or a file cannot be written.
pub fn export(workspace: &Workspace, directory: &Path) -> Result<Vec<PathBuf>, TrustUseError> {
    use countersign_store::safe_write::{self, Access};
    workspace.check_writable(directory)?;
    let chain = adopted(workspace)?;
    std::fs::create_dir_all(directory)
        .map_err(|source| TrustUseError::Directory { path: directory.to_owned(), source })?;
    let mut written = Vec::new();
    for (name, text) in chain.documents() {
        let path = directory.join(name);
        safe_write::replace(&path, text.as_bytes(), Access::Shared)?;
        written.push(path);
    }
    Ok(written)
}
