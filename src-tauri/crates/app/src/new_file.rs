//! The place of a new file or folder that envelopes are put into.

use std::path::{Path, PathBuf};

use countersign_envelope::vocabulary;
use countersign_problem::Problem;
use countersign_store::reading::name_of;

use crate::workspace::{Workspace, WorkspaceError};

vocabulary! {
    /// What envelopes are put into.
    CarrierKind {
        /// One file, for another station.
        Export = "export",
        /// A zip, for an auditor.
        PackZip = "pack_zip",
        /// A folder, for an auditor.
        PackFolder = "pack_folder",
        /// A folder of requests for time stamps.
        TimeRequests = "time_requests",
    }
}

/// Why nothing is written at a place.
#[derive(Debug, Problem)]
#[problem(area = "new-file")]
#[non_exhaustive]
pub enum NewFileError {
    /// No path was entered.
    NoPlace,
    /// The path does not begin at the root: what it is relative to, a person does not see.
    #[problem(code = "no_place")]
    Relative {
        /// The path.
        path: PathBuf,
    },
    /// The workspace does not allow it.
    #[problem(transparent)]
    Workspace(#[from] WorkspaceError),
}

/// The place that a person entered for a new file.
///
/// # Errors
/// If it is blank or does not begin at the root, or lies in what is only reviewed.
pub fn entered(workspace: &Workspace, text: &str) -> Result<PathBuf, NewFileError> {
    if text.trim().is_empty() {
        return Err(NewFileError::NoPlace);
    }
    let path = PathBuf::from(text.trim());
    if path.is_relative() {
        return Err(NewFileError::Relative { path });
    }
    workspace.check_writable(&path)?;
    Ok(path)
}

/// A free place for runs to be put into, named after them: in the folder for downloads, or where else
/// a person looks for files.
pub fn proposed(runs: &[PathBuf], kind: CarrierKind) -> PathBuf {
    free(&folder(), runs, kind)
}

/// Where a person looks for files.
pub(crate) fn folder() -> PathBuf {
    let folder = dirs::download_dir().or_else(dirs::document_dir).or_else(dirs::home_dir);
    folder.unwrap_or_else(std::env::temp_dir)
}

/// A free place in a folder.
pub fn free(folder: &Path, runs: &[PathBuf], kind: CarrierKind) -> PathBuf {
    let stem = match runs {
        [run] => name_of(run).trim_end_matches(".json").to_owned(),
        runs => format!("{} envelopes", runs.len()),
    };
    let (stem, end) = match kind {
        CarrierKind::Export => (stem, ".zip"),
        CarrierKind::PackZip => (format!("{stem}.pack"), ".zip"),
        CarrierKind::PackFolder => (format!("{stem}.pack"), ""),
        CarrierKind::TimeRequests => (format!("{stem}.time-requests"), ""),
    };
    free_in(folder, &stem, end)
}

/// The first of these names in a folder that is free.
pub(crate) fn free_in(folder: &Path, stem: &str, end: &str) -> PathBuf {
    let first = std::iter::once(format!("{stem}{end}"));
    let names = first.chain((2..).map(|n| format!("{stem} ({n}){end}")));
    let free = names.map(|name| folder.join(name)).find(|path| !path.exists());
    free.unwrap_or_else(|| folder.to_owned())
}
