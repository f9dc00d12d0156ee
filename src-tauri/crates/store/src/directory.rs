//! Finding the sealed runs of a directory and its sub-directories, by their names.

use countersign_problem::{Problem, Words, words};
use std::path::{Path, PathBuf};

use countersign_envelope::file_name;
use walkdir::WalkDir;

/// Why a directory cannot be searched.
#[derive(Debug, Problem)]
#[non_exhaustive]
pub enum DirectoryError {
    /// It is not there, or no directory.
    NotADirectory(PathBuf),
}

/// The sealed runs found.
#[derive(Debug, Default)]
pub struct Found {
    /// The runs, relative to the directory, in order of their paths.
    pub runs: Vec<PathBuf>,
    /// Signature files whose run or manifest is not there, relative to the directory.
    pub orphans: Vec<PathBuf>,
    /// What could not be searched.
    pub unreadable: Vec<Words>,
}

/// Finds the sealed runs. Links to directories are not followed.
///
/// # Errors
/// Fails if the directory itself does not exist.
pub fn find(root: &Path) -> Result<Found, DirectoryError> {
    if !root.is_dir() {
        return Err(DirectoryError::NotADirectory(root.to_owned()));
    }
    let mut found = Found::default();
    for entry in WalkDir::new(root).sort_by_file_name() {
        match entry {
            Ok(entry) => {
                let Some(name) = entry.file_name().to_str() else { continue };
                if entry.file_type().is_dir() {
                    continue;
                }
                let path = entry.path();
                let inside = || path.strip_prefix(root).unwrap_or(path).to_owned();
                if file_name::is_sealed_run(name) {
                    found.runs.push(inside());
                } else if let Some(signed) = file_name::signed_by(name)
                    && std::fs::symlink_metadata(path.with_file_name(signed)).is_err()
                {
                    found.orphans.push(inside());
                }
            }
            Err(error) => found.unreadable.push(not_searched(root, &error)),
        }
    }
    Ok(found)
}

/// Finds the files with one of some names, in a directory and below it. What cannot be searched is
/// left out.
///
/// # Errors
/// If the directory itself is not there.
pub fn find_named(root: &Path, names: &[&str]) -> Result<Vec<PathBuf>, DirectoryError> {
    if !root.is_dir() {
        return Err(DirectoryError::NotADirectory(root.to_owned()));
    }
    let entries = WalkDir::new(root).sort_by_file_name().into_iter().flatten();
    let named = entries.filter(|entry| {
        let name = entry.file_name().to_str();
        !entry.file_type().is_dir() && name.is_some_and(|name| names.contains(&name))
    });
    Ok(named.map(walkdir::DirEntry::into_path).collect())
}

/// Why a part of a directory could not be searched; the error itself may not name the place.
pub fn not_searched(root: &Path, error: &walkdir::Error) -> Words {
    match error.path() {
        Some(_) => words!("not-searched", %error),
        None => words!("not-searched-below", root = %root.display(), %error),
    }
}
