//! The signed keyring that a station has adopted: its versions and emergency revocations, verified
//! before they are kept and whenever they are read.
//!
//! They are kept in a folder of the station's own. The file [`FILE_NAME`] in it names each of them by
//! its digest and is written last, so that what is adopted is adopted whole. Wherever a keyring's file is
//! asked for, the path of that file stands for the signed keyring; the trust folders beside it stand for
//! its roots.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use countersign_admissibility::signed_keyring::{Chain, SignedKeyring};
use countersign_envelope::digest::Digest;
use countersign_envelope::signed_keyring as document;
use countersign_envelope::signed_keyring::SignedKeyringFile;
use countersign_envelope::signed_keyring::revocation::{self, RevocationFile};
use countersign_problem::{Problem, Reason};
use countersign_store::ownership::{self, OwnershipError, make_private_directory};
use countersign_store::reading::{self, ReadError, directory_of};
use countersign_store::safe_write::{self, Access, WriteError};
use serde::{Deserialize, Serialize};

use crate::attestation_roots::{self, Anchor, TrustError, TrustFolder};
use crate::tsa_roots;

/// The name of the folder.
pub const DIRECTORY: &str = "signed-keyring";

/// The file that names what is adopted.
pub const FILE_NAME: &str = "adopted-keyring.json";

/// The version of that file.
const VERSION: &str = "1.0";

/// The longest that is read, in bytes: digests of more versions than anyone adopts.
const MAX_BYTES: u64 = 16 << 20;

/// Where a station keeps the signed keyring that it has adopted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdoptedPlace {
    /// The folder of everything that is adopted.
    pub directory: PathBuf,
    /// A copy of the version in force, elsewhere: where it is, a signed keyring was adopted, whatever has
    /// become of the folder.
    pub copy: PathBuf,
}

/// Why the signed keyring is not used.
#[derive(Debug, Problem)]
#[problem(area = "adopted")]
#[non_exhaustive]
pub enum AdoptedError {
    /// It was adopted, and is gone.
    Missing {
        /// What is gone.
        path: PathBuf,
    },
    /// It cannot be read.
    #[problem(transparent)]
    Read(#[from] ReadError),
    /// Other users can write it.
    #[problem(transparent)]
    Ownership(#[from] OwnershipError),
    /// A file is not what it was when it was adopted.
    Invalid {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        cause: Reason,
    },
    /// The file that names what is adopted is something else.
    Form {
        /// The file.
        path: PathBuf,
    },
    /// A root of it cannot be read.
    Roots {
        /// The root, by its SHA-256.
        sha256: String,
    },
    /// The folder could not be made.
    Make {
        /// The folder.
        path: PathBuf,
        /// The error from the operating system.
        source: std::io::Error,
    },
    /// It could not be written.
    #[problem(transparent)]
    Write(#[from] WriteError),
    /// Another process has adopted something meanwhile.
    Changed,
    /// Its keys and roots are changed by its administrators, and not one by one.
    Signed,
}

/// What is adopted, by digests.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Listed {
    adopted_keyring_version: String,
    /// The number of the first version that was adopted.
    first: u64,
    /// The SHA-256 of the payload of each version, in hex digits.
    versions: Vec<String>,
    /// The same of each emergency revocation.
    revocations: Vec<String>,
}

impl AdoptedPlace {
    /// Whether a station has adopted a signed keyring. What cannot be looked at is taken to be there.
    pub fn is_adopted(&self) -> bool {
        let is_there = |path: &Path| path.try_exists().unwrap_or(true);
        is_there(&self.directory) || is_there(&self.copy)
    }

    /// The path that stands for the signed keyring.
    pub fn file(&self) -> PathBuf {
        self.directory.join(FILE_NAME)
    }

    /// Reads and verifies what is adopted; `None` if nothing ever was.
    ///
    /// # Errors
    /// If it is missing or not right in any part.
    pub fn read(&self) -> Result<Option<Chain>, AdoptedError> {
        match self.is_adopted() {
            true => read(&self.directory).map(Some),
            false => Ok(None),
        }
    }

    /// Keeps a chain, whose versions have been verified, under the lock of its folder.
    ///
    /// # Errors
    /// If it cannot be written; what was adopted before is in force then.
    pub fn write(&self, chain: &Chain) -> Result<(), AdoptedError> {
        let directory = &self.directory;
        make_private_directory(directory)
            .map_err(|source| AdoptedError::Make { path: directory.clone(), source })?;
        let _lock = safe_write::lock(directory)?;
        match read(directory) {
            Ok(there) if !continues(chain, &there) => return Err(AdoptedError::Changed),
            // Nothing was adopted, or it is gone, and a person has confirmed this in its place.
            Ok(_) | Err(AdoptedError::Missing { .. }) => {}
            Err(error) => return Err(error),
        }
        // Each is named by its number or digest, and only what is listed counts.
        for (name, text) in chain.documents() {
            safe_write::replace(&directory.join(name), text.as_bytes(), Access::Own)?;
        }
        let digests = chain.versions().map(|version| version.digest().hex());
        let listed = Listed {
            adopted_keyring_version: VERSION.to_owned(),
            first: chain.versions().next().map_or(1, SignedKeyring::version),
            versions: digests.collect(),
            revocations: chain.revocations().iter().map(|one| one.digest().hex()).collect(),
        };
        // Plain strings, numbers and lists always serialise.
        let text = serde_json::to_string_pretty(&listed).unwrap_or_default() + "\n";
        safe_write::replace(&self.file(), text.as_bytes(), Access::Own)?;
        let copy_in = directory_of(&self.copy);
        make_private_directory(copy_in)
            .map_err(|source| AdoptedError::Make { path: copy_in.to_owned(), source })?;
        let text = document::to_text(chain.latest().envelope());
        Ok(safe_write::replace(&self.copy, text.as_bytes(), Access::Own)?)
    }
}

/// Whether a chain has everything that another has.
fn continues(chain: &Chain, there: &Chain) -> bool {
    let has = |version: &SignedKeyring| {
        chain.version(version.version()).is_some_and(|own| own.digest() == version.digest())
    };
    let revokes = |digest| chain.revocations().iter().any(|own| own.digest() == digest);
    there.versions().all(has) && there.revocations().iter().all(|one| revokes(one.digest()))
}

/// The folder whose signed keyring the path of a keyring's file stands for.
pub fn of_keyring(path: &Path) -> Option<&Path> {
    (path.file_name() == Some(OsStr::new(FILE_NAME))).then(|| path.parent()).flatten()
}

/// The folder whose signed keyring the path of a trust folder stands for.
fn of_roots(folder: &Path) -> Option<&Path> {
    let name = folder.file_name()?;
    let is_one = [attestation_roots::FOLDER, tsa_roots::FOLDER].iter().any(|one| name == *one);
    let directory = folder.parent().filter(|_| is_one)?;
    (directory.file_name() == Some(OsStr::new(DIRECTORY))).then_some(directory)
}

/// Fails if a keyring's file or a trust folder stands for the signed keyring.
///
/// # Errors
/// [`AdoptedError::Signed`].
pub fn check_plain(path: &Path) -> Result<(), AdoptedError> {
    match of_keyring(path).or_else(|| of_roots(path)) {
        Some(_) => Err(AdoptedError::Signed),
        None => Ok(()),
    }
}

/// Reads and verifies what is adopted in a folder.
///
/// # Errors
/// If it is missing or not right in any part.
pub fn read(directory: &Path) -> Result<Chain, AdoptedError> {
    let path = directory.join(FILE_NAME);
    let listed: Listed = serde_json::from_slice(&bytes(&path, MAX_BYTES)?)
        .ok()
        .filter(|listed: &Listed| listed.adopted_keyring_version == VERSION)
        .ok_or_else(|| AdoptedError::Form { path: path.clone() })?;
    let digest = |hex: &String| {
        Digest::parse_hex(hex).ok_or_else(|| AdoptedError::Form { path: path.clone() })
    };
    let mut chain: Option<Chain> = None;
    for (number, hex) in (listed.first..).zip(&listed.versions) {
        let path = directory.join(document::file_name(number));
        let version = version_of(&path, &bytes(&path, document::MAX_BYTES as u64)?)?;
        let wanted = digest(hex)?;
        let refused = |error| AdoptedError::Invalid { path: path.clone(), cause: error };
        chain = Some(match chain {
            Some(mut chain) if version.digest() == wanted && version.version() == number => {
                chain.adopt(version, None).map_err(Reason::from).map_err(refused)?;
                chain
            }
            Some(_) => return Err(AdoptedError::Form { path }),
            None => Chain::found(version, &wanted, None).map_err(Reason::from).map_err(refused)?,
        });
    }
    let mut chain = chain.ok_or_else(|| AdoptedError::Form { path: path.clone() })?;
    for hex in &listed.revocations {
        let wanted = digest(hex)?;
        let path = directory.join(revocation::file_name(&wanted));
        let file = revocation_of(&path, &bytes(&path, document::MAX_BYTES as u64)?)?;
        if file.envelope.payload_digest() != wanted {
            return Err(AdoptedError::Form { path });
        }
        chain
            .revoke(file, None)
            .map_err(|error| AdoptedError::Invalid { path, cause: error.into() })?;
    }
    Ok(chain)
}

fn bytes(path: &Path, limit: u64) -> Result<Vec<u8>, AdoptedError> {
    ownership::check(path)?;
    match reading::read(path, directory_of(path), limit) {
        Err(ReadError::NotFound(_)) => Err(AdoptedError::Missing { path: path.to_owned() }),
        other => Ok(other?),
    }
}

/// A version as a file has it, with roots that can be read.
///
/// # Errors
/// If it is none, or not right by itself.
pub fn version_of(path: &Path, bytes: &[u8]) -> Result<SignedKeyring, AdoptedError> {
    let invalid = |cause| AdoptedError::Invalid { path: path.to_owned(), cause };
    let file = SignedKeyringFile::parse(bytes).map_err(Reason::from).map_err(invalid)?;
    let version = SignedKeyring::of(file).map_err(Reason::from).map_err(invalid)?;
    attestation_anchors(&version)?;
    tsa_anchors(&version)?;
    Ok(version)
}

/// A revocation as a file has it.
///
/// # Errors
/// If it is none.
pub fn revocation_of(path: &Path, bytes: &[u8]) -> Result<RevocationFile, AdoptedError> {
    RevocationFile::parse(bytes)
        .map_err(|error| AdoptedError::Invalid { path: path.to_owned(), cause: error.into() })
}

/// What attestations may lead to by a version.
///
/// # Errors
/// If one of its roots cannot be read.
pub fn attestation_anchors(version: &SignedKeyring) -> Result<Vec<Anchor>, AdoptedError> {
    anchors(&version.says().attestation_roots)
}

/// What time-stamping authorities may lead to by a version.
///
/// # Errors
/// If one of its roots cannot be read.
pub fn tsa_anchors(version: &SignedKeyring) -> Result<Vec<Anchor>, AdoptedError> {
    anchors(&version.says().tsa_roots)
}

/// Each text is one root, written as this program writes it.
fn anchors(texts: &[String]) -> Result<Vec<Anchor>, AdoptedError> {
    let one = |text: &String| {
        let parsed = attestation_roots::parse_file(Path::new(""), text.as_bytes());
        match parsed.ok().as_deref() {
            Some([anchor]) if anchor.to_pem() == *text => Ok(anchor.clone()),
            _ => Err(AdoptedError::Roots { sha256: Digest::of(text.as_bytes()).hex() }),
        }
    };
    texts.iter().map(one).collect()
}

/// The roots of the signed keyring that a trust folder stands for; `None` if it stands for itself.
pub(crate) fn folder(folder: &Path) -> Option<Result<TrustFolder, TrustError>> {
    let directory = of_roots(folder)?;
    let read = || -> Result<TrustFolder, AdoptedError> {
        let chain = read(directory)?;
        let anchors = match folder.file_name() == Some(OsStr::new(tsa_roots::FOLDER)) {
            true => tsa_anchors(chain.latest())?,
            false => attestation_anchors(chain.latest())?,
        };
        let path = directory.join(document::file_name(chain.latest().version()));
        Ok(TrustFolder { files: vec![(path, anchors)], troubles: Vec::new() })
    };
    Some(read().map_err(TrustError::from))
}

/// The file whose state is that of the roots that a trust folder stands for.
pub(crate) fn file_of(folder: &Path) -> Option<PathBuf> {
    of_roots(folder).map(|directory| directory.join(FILE_NAME))
}
