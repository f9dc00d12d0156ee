//! A reviewer's finding: what is signed, where it is written, and what is to be believed of one that
//! comes from somebody. Signing it is a [`Ceremony`](countersign_ceremony::ceremony::Ceremony) over a
//! [`FindingToSign`], or in a window a
//! [`FindingAct`](countersign_ceremony::finding_act::FindingAct).

use std::path::{Path, PathBuf};

use countersign_admissibility::finding::{self, ComparedPack, JudgedFinding};
use countersign_admissibility::keyring::Keyring;
use countersign_ceremony::finding::FindingToSign;
use countersign_envelope::finding::{Conclusion, FILE_END, FindingError, FindingFile, MAX_BYTES};
use countersign_exchange::finding_page;
use countersign_problem::Problem;
use countersign_store::directory::DirectoryError;
use countersign_store::overwrite::{self, FileKind, OverwriteError};
use countersign_store::reading::{self, ReadError, directory_of, name_of};
use countersign_store::safe_write::{self, WriteError};

use crate::review::Reviewed;
use crate::review_desk::{self, ConcludeError};
use crate::workspace::{Workspace, WorkspaceError};

/// Why there is no finding, or none is read or printed.
#[derive(Debug, Problem)]
#[problem(area = "finding-use")]
#[non_exhaustive]
pub enum FindingUseError {
    /// The workspace does not allow it.
    #[problem(transparent)]
    Workspace(#[from] WorkspaceError),
    /// The review does not end in a finding.
    #[problem(transparent)]
    Conclude(#[from] ConcludeError),
    /// The directory of the pack is gone.
    #[problem(transparent)]
    Directory(#[from] DirectoryError),
    /// The place is that of something else.
    #[problem(transparent)]
    Overwrite(#[from] OverwriteError),
    /// It cannot be read.
    #[problem(transparent)]
    Read(#[from] ReadError),
    /// It is no finding.
    NotAFinding {
        /// The file.
        path: PathBuf,
        /// Why not.
        cause: FindingError,
    },
    /// The page cannot be made.
    Page {
        /// Why not.
        why: String,
    },
    /// The page cannot be written.
    #[problem(transparent)]
    Write(#[from] WriteError),
}

/// A finding to sign, for a place that is not in what is reviewed.
///
/// # Errors
/// Fails if the place lies in what is reviewed, or is that of evidence.
pub fn to_sign(
    workspace: &Workspace,
    reviewed: &Reviewed,
    out: &Path,
    conclusion: Conclusion,
) -> Result<FindingToSign, FindingUseError> {
    check_place(workspace, reviewed, out)?;
    Ok(FindingToSign { reviewed: reviewed.path.clone(), out: out.to_owned(), conclusion })
}

/// Checks that a new file may be written: not in what is reviewed, and not under a name of evidence.
///
/// # Errors
/// Why it may not.
pub fn check_place(
    workspace: &Workspace,
    reviewed: &Reviewed,
    out: &Path,
) -> Result<(), FindingUseError> {
    if reviewed.covers(out) {
        return Err(WorkspaceError::Reviewing { path: reviewed.path.clone() }.into());
    }
    workspace.check_writable(out)?;
    Ok(overwrite::check(out, FileKind::New)?)
}

/// Reads a file with a finding.
///
/// # Errors
/// Fails if it cannot be read, or is none.
pub fn read(path: &Path) -> Result<FindingFile, FindingUseError> {
    let bytes = reading::read(path, directory_of(path), MAX_BYTES as u64)?;
    FindingFile::parse(&bytes)
        .map_err(|cause| FindingUseError::NotAFinding { path: path.to_owned(), cause })
}

/// What a finding is compared with: a pack that is there.
///
/// # Errors
/// Fails if it has no digest, or is gone.
pub fn pack_to_compare(reviewed: &Reviewed) -> Result<ComparedPack, FindingUseError> {
    let sealed = reviewed.sealed.as_ref().ok_or(ConcludeError::NotAPack)?;
    let digest = sealed.contents.ok_or(ConcludeError::NotAPack)?;
    let runs = review_desk::runs_of(reviewed)?.into_iter().map(|run| run.digest).collect();
    Ok(ComparedPack { digest, runs })
}

/// Judges a finding by a keyring, and compares it with a pack if there is one.
///
/// # Errors
/// As [`read`].
pub fn judge(
    path: &Path,
    pack: Option<&ComparedPack>,
    keyring: &Keyring,
) -> Result<JudgedFinding, FindingUseError> {
    Ok(finding::judge(&read(path)?, pack, keyring))
}

/// Writes the page of a finding, to print and file, to a new file.
///
/// # Errors
/// Fails if it exists, lies in what is only reviewed, or cannot be written.
pub fn write_page(
    workspace: &Workspace,
    path: &Path,
    judged: &JudgedFinding,
    out: &Path,
) -> Result<(), FindingUseError> {
    workspace.check_writable(out)?;
    overwrite::check(out, FileKind::New)?;
    Ok(safe_write::create(out, page(path, judged)?.as_bytes())?)
}

/// The page of a finding, to be shown or written.
///
/// # Errors
/// Fails if it cannot be made.
pub fn page(path: &Path, judged: &JudgedFinding) -> Result<String, FindingUseError> {
    finding_page::render(&name_of(path), judged)
        .map_err(|error| FindingUseError::Page { why: error.to_string() })
}

/// Whether a file is named as findings are.
pub fn is_named(path: &Path) -> bool {
    name_of(path).ends_with(FILE_END)
}

/// The page beside a finding, by its name.
pub fn page_of(path: &Path) -> PathBuf {
    let name = name_of(path);
    let stem = name.strip_suffix(".json").unwrap_or(&name);
    path.with_file_name(format!("{stem}.html"))
}

/// A free place for a finding, named after what was reviewed: in the folder for downloads, or where
/// else a person looks for files.
pub fn proposed(reviewed: &Path) -> PathBuf {
    let folder = dirs::download_dir().or_else(dirs::document_dir).or_else(dirs::home_dir);
    free(&folder.unwrap_or_else(std::env::temp_dir), reviewed)
}

/// A free place in a folder, for a finding and its page.
pub fn free(folder: &Path, reviewed: &Path) -> PathBuf {
    let name = name_of(reviewed);
    let stem = name.strip_suffix(".zip").unwrap_or(&name);
    let stem = stem.strip_suffix(".pack").unwrap_or(stem);
    let first = std::iter::once(format!("{stem}{FILE_END}"));
    let names = first.chain((2..).map(|n| format!("{stem} ({n}){FILE_END}")));
    let is_free = |path: &PathBuf| !path.exists() && !page_of(path).exists();
    names.map(|name| folder.join(name)).find(is_free).unwrap_or_else(|| folder.to_owned())
}
