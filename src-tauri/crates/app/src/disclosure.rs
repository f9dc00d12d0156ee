//! Showing one input, prompt, schema or policy of a run without the run, and checking what somebody
//! shows.

use std::path::{Path, PathBuf};

use countersign_admissibility::disclosure::{self, Compared, JudgedDisclosure};
use countersign_admissibility::keyring::Keyring;
use countersign_envelope::artifact::ArtifactError;
use countersign_envelope::claim::SIGN;
use countersign_envelope::disclosure::{
    DisclosedClaim, Disclosure, DisclosureError, Entry, FILE_END, MAX_BYTES as MAX_DISCLOSURE,
};
use countersign_envelope::file_name::{MAX_BYTES, signature_of};
use countersign_envelope::sealed_run::SealedRun;
use countersign_envelope::signature::{PayloadType, Signature};
use countersign_envelope::signature_file::{SignatureFile, SignatureFileError};
use countersign_problem::Problem;
use countersign_store::overwrite::{self, FileKind, OverwriteError};
use countersign_store::reading::{self, ReadError, directory_of, name_of};
use countersign_store::safe_write::{self, WriteError};

use crate::new_file;
use crate::workspace::{Workspace, WorkspaceError};

/// Why nothing is disclosed, or no disclosure checked.
#[derive(Debug, Problem)]
#[problem(area = "disclosure-use")]
#[non_exhaustive]
pub enum DisclosureUseError {
    /// The workspace does not allow it.
    #[problem(transparent)]
    Workspace(#[from] WorkspaceError),
    /// A file cannot be read.
    #[problem(transparent)]
    Read(#[from] ReadError),
    /// The place is that of something else.
    #[problem(transparent)]
    Overwrite(#[from] OverwriteError),
    /// The disclosure cannot be written.
    #[problem(transparent)]
    Write(#[from] WriteError),
    /// The run cannot be read.
    Run {
        /// The run.
        path: PathBuf,
        /// The reason.
        cause: ArtifactError,
    },
    /// Its signatures cannot be read.
    Signatures {
        /// Their file.
        path: PathBuf,
        /// The reason.
        cause: SignatureFileError,
    },
    /// The entry cannot be disclosed.
    Entry {
        /// The run.
        path: PathBuf,
        /// The reason.
        cause: DisclosureError,
    },
    /// Nobody signed the root of its list in a claim.
    NotSigned {
        /// The run.
        path: PathBuf,
    },
    /// It is no disclosure.
    #[arg(end = FILE_END)]
    NotADisclosure {
        /// The file.
        path: PathBuf,
        /// Why not.
        cause: DisclosureError,
    },
}

/// Makes the disclosure of an entry of a run, with the claims of all who signed its root.
///
/// # Errors
/// Fails if run or signatures cannot be read, there is no such entry, or nobody signed its root.
pub fn disclose(
    run: &Path,
    entry: Entry<'_>,
    keyring: &Keyring,
) -> Result<Disclosure, DisclosureUseError> {
    let sealed = read_run(run)?;
    let mut disclosure = Disclosure::of(&sealed, entry, Vec::new())
        .map_err(|cause| DisclosureUseError::Entry { path: run.to_owned(), cause })?;
    let digest = sealed.artifact().canonical().digest();
    let path = run.with_file_name(signature_of(&name_of(run)));
    let signatures = match reading::read(&path, directory_of(run), MAX_BYTES) {
        Ok(bytes) => SignatureFile::parse(&bytes)
            .map_err(|cause| DisclosureUseError::Signatures { path, cause })?,
        Err(ReadError::NotFound(_)) => {
            return Err(DisclosureUseError::NotSigned { path: run.to_owned() });
        }
        Err(error) => return Err(error.into()),
    };
    let claims = signatures.signatures().into_iter().filter_map(|one| disclosed(one, keyring));
    disclosure.claims = claims
        .filter(|one| {
            one.verify().is_ok_and(|(claim, _)| {
                claim.act == SIGN
                    && claim.is_about(&digest, PayloadType::SealedRun)
                    && disclosure.is_committed_by(&claim)
            })
        })
        .collect();
    if disclosure.claims.is_empty() {
        return Err(DisclosureUseError::NotSigned { path: run.to_owned() });
    }
    Ok(disclosure)
}

fn read_run(path: &Path) -> Result<SealedRun, DisclosureUseError> {
    let bytes = reading::read(path, directory_of(path), MAX_BYTES)?;
    SealedRun::parse(&bytes)
        .map_err(|cause| DisclosureUseError::Run { path: path.to_owned(), cause })
}

/// A free place for the disclosure of an entry, named after run and position: what the entry is called
/// is the word of whoever sealed the run.
pub fn proposed(run: &Path, entry: Entry<'_>) -> PathBuf {
    let stem = name_of(run);
    let number = entry.position.map_or(String::new(), |at| format!("-{}", at + 1));
    let stem = format!("{}.{}{number}", stem.trim_end_matches(".json"), entry.list);
    new_file::free_in(&new_file::folder(), &stem, FILE_END)
}

/// Whether a file is named as disclosures are.
pub fn is_named(path: &Path) -> bool {
    name_of(path).ends_with(FILE_END)
}

/// The claim of a signature with its key: the one in the file, else the keyring's.
fn disclosed(signature: Signature<'_>, keyring: &Keyring) -> Option<DisclosedClaim> {
    let claim = signature.claim()?.ok()?;
    let kept = || keyring.find(None, signature.key_id())?.public_key.clone();
    let key = signature.public_key().map(str::to_owned).or_else(kept)?;
    Some(DisclosedClaim::new(signature.algorithm_text(), &key, claim))
}

/// Writes a disclosure to a new file.
///
/// # Errors
/// Fails if the file is there, lies in what is only reviewed, has a name of evidence, or cannot be
/// written.
pub fn write(
    workspace: &Workspace,
    disclosure: &Disclosure,
    out: &Path,
) -> Result<(), DisclosureUseError> {
    workspace.check_writable(out)?;
    overwrite::check(out, FileKind::New)?;
    Ok(safe_write::create(out, disclosure.to_text().as_bytes())?)
}

/// Reads a disclosure.
///
/// # Errors
/// Fails if the file cannot be read, or is none.
pub fn read(path: &Path) -> Result<Disclosure, DisclosureUseError> {
    let bytes = reading::read(path, directory_of(path), MAX_DISCLOSURE as u64)?;
    Disclosure::parse(&bytes)
        .map_err(|cause| DisclosureUseError::NotADisclosure { path: path.to_owned(), cause })
}

/// What a person compares a disclosure with.
#[derive(Debug, Clone, Copy, Default)]
pub struct Given<'a> {
    /// The file that is said to be disclosed.
    pub content: Option<&'a Path>,
    /// The run that it is said to be of.
    pub run: Option<&'a Path>,
}

/// Judges a disclosure by a keyring, and compares it with what is given.
///
/// # Errors
/// Fails if what is given cannot be read.
pub fn judge(
    disclosure: &Disclosure,
    given: Given<'_>,
    keyring: &Keyring,
) -> Result<JudgedDisclosure, DisclosureUseError> {
    let digest = |path: &Path| reading::digest(path, directory_of(path));
    let run = given.run.map(read_run).transpose()?;
    let compared = Compared { content: given.content.map(digest).transpose()?, run: run.as_ref() };
    Ok(disclosure::judge(disclosure, compared, keyring))
}
