//! Releases: the files of the program that two people vouch for. Signing one is a
//! [`Ceremony`](countersign_ceremony::ceremony::Ceremony) over a [`ReleaseToSign`].

use std::path::{Path, PathBuf};

use countersign_admissibility::keyring::Keyring;
use countersign_admissibility::release::{self, ComparedFiles, JudgedRelease};
use countersign_ceremony::release::ReleaseToSign;
use countersign_envelope::instant::Instant;
use countersign_envelope::release::{
    FILE_END, MAX_BYTES, Release, ReleaseError, ReleaseFile, ReleasedFile,
};
use countersign_problem::Problem;
use countersign_store::reading::{self, ReadError, directory_of, name_of};

use crate::this_program::Program;
use crate::workspace::{Workspace, WorkspaceError};

/// Why a release is not made, signed or judged.
#[derive(Debug, Problem)]
#[problem(area = "release-use")]
#[non_exhaustive]
pub enum ReleaseUseError {
    /// The workspace does not allow it.
    #[problem(transparent)]
    Workspace(#[from] WorkspaceError),
    /// A file cannot be read.
    #[problem(transparent)]
    Read(#[from] ReadError),
    /// It is no release.
    #[arg(end = FILE_END)]
    NotARelease {
        /// The file.
        path: PathBuf,
        /// Why not.
        cause: ReleaseError,
    },
    /// No release can be made of these files.
    NotMade {
        /// Why not.
        cause: ReleaseError,
    },
    /// A file is not what the release says.
    OtherFile {
        /// The release.
        path: PathBuf,
        /// The file's name.
        name: String,
    },
    /// Files of the release were not given, so that whoever signs has not compared them.
    NotGiven {
        /// The release.
        path: PathBuf,
        /// The name of the first of them.
        name: String,
        /// How many there are.
        count: usize,
    },
}

/// What a new release is of, as whoever begins it says.
#[derive(Debug, Clone, Copy)]
pub struct ReleaseOf<'a> {
    /// The version.
    pub version: &'a str,
    /// The commit that it was built from; `None` if they do not say.
    pub commit: Option<&'a str>,
}

/// The files as a release names them, read and hashed now.
///
/// # Errors
/// If one cannot be read.
pub fn hashed(files: &[PathBuf]) -> Result<Vec<ReleasedFile>, ReadError> {
    let hash = |path: &PathBuf| {
        let digest = reading::digest(path, directory_of(path))?;
        Ok(ReleasedFile { name: name_of(path), digest })
    };
    files.iter().map(hash).collect()
}

/// The programs that run here, as a release names them.
pub fn of_programs(programs: &[Program]) -> Vec<ReleasedFile> {
    let released = |one: &Program| ReleasedFile { name: one.name.clone(), digest: one.digest };
    programs.iter().map(released).collect()
}

/// A release to sign. If its file is there already, the files must be exactly those in it: whoever adds
/// a signature has compared each of them.
///
/// # Errors
/// If the place must not be written, the file is something else, or the files are not the same.
pub fn to_sign(
    workspace: &Workspace,
    out: &Path,
    files: &[PathBuf],
    of: ReleaseOf<'_>,
) -> Result<ReleaseToSign, ReleaseUseError> {
    workspace.check_writable(out)?;
    let given = hashed(files)?;
    let seen = match read(out) {
        Ok(file) => {
            same(out, &file.release, &given)?;
            file
        }
        Err(ReleaseUseError::Read(ReadError::NotFound(_))) => {
            let commit = of.commit.map(str::to_owned);
            let release = Release::new(of.version, commit, given)
                .map_err(|cause| ReleaseUseError::NotMade { cause })?;
            ReleaseFile::new(release)
        }
        Err(error) => return Err(error),
    };
    Ok(ReleaseToSign { out: out.to_owned(), seen })
}

/// Whether files are exactly those of a release.
fn same(path: &Path, release: &Release, given: &[ReleasedFile]) -> Result<(), ReleaseUseError> {
    if let Some(other) = given.iter().find(|one| !release.files.contains(one)) {
        return Err(ReleaseUseError::OtherFile { path: path.to_owned(), name: other.name.clone() });
    }
    let mut missing = release.files.iter().filter(|one| !given.contains(one));
    match missing.next() {
        Some(first) => Err(ReleaseUseError::NotGiven {
            path: path.to_owned(),
            name: first.name.clone(),
            count: missing.count() + 1,
        }),
        None => Ok(()),
    }
}

/// Reads a file with a release.
///
/// # Errors
/// If it cannot be read, or is none.
pub fn read(path: &Path) -> Result<ReleaseFile, ReleaseUseError> {
    let bytes = reading::read(path, directory_of(path), MAX_BYTES as u64)?;
    ReleaseFile::parse(&bytes)
        .map_err(|cause| ReleaseUseError::NotARelease { path: path.to_owned(), cause })
}

/// Judges a release by a keyring, and compares files with it; with a program, its version too.
pub fn judge(
    file: &ReleaseFile,
    (files, version): (&[ReleasedFile], Option<&str>),
    keyring: &Keyring,
    now: Instant,
) -> JudgedRelease {
    release::judge(file, ComparedFiles { files, version }, keyring, now)
}
