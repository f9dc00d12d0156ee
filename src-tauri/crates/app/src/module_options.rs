//! What the settings say of PKCS#11 modules: whose word on hardware counts, and how each is started.

use std::path::{Path, PathBuf};

use countersign_ceremony::modules::{self, ModuleOptions, ModuleOptionsError};
use countersign_envelope::digest::Digest;
use countersign_journal::JournalError;
use countersign_problem::Problem;
use countersign_store::reading::ReadError;

use crate::settings_file::{self, SettingsFileError};
use crate::workspace::{Workspace, WorkspaceError};

/// Why what is kept of a module is not read or changed.
#[derive(Debug, Problem)]
#[problem(area = "named-module")]
#[non_exhaustive]
pub enum NamedModuleError {
    /// The workspace does not allow it.
    #[problem(transparent)]
    Workspace(#[from] WorkspaceError),
    /// The module's path cannot be found.
    #[problem(transparent)]
    Read(#[from] ReadError),
    /// The module or its options cannot be used.
    #[problem(transparent)]
    Options(#[from] ModuleOptionsError),
    /// The settings do not take it.
    #[problem(transparent)]
    Settings(#[from] SettingsFileError),
    /// The change cannot be journalled, and so was not made.
    #[problem(transparent)]
    Journal(#[from] JournalError),
}

/// What is kept of every module.
///
/// # Errors
/// If there is no place for settings, or they cannot be read.
pub fn all(workspace: &Workspace) -> Result<Vec<ModuleOptions>, NamedModuleError> {
    Ok(settings_file::modules(workspace.need_settings()?)?)
}

/// Trusts a module's word on hardware, as the file that it is now. Returns the SHA-256 of the file.
///
/// # Errors
/// If the file cannot be read, or that cannot be written or journalled.
pub fn trust(workspace: &Workspace, module: &Path) -> Result<Digest, NamedModuleError> {
    let (path, sha256) = modules::read(module)?;
    change(workspace, |options| {
        modules::of(options, &path).sha256 = Some(sha256.hex());
        Ok(())
    })?;
    Ok(sha256)
}

/// Keeps how a module is started, in place of what was kept: the names of the environment variables
/// that it gets, and the text that it is initialised with. Returns its whole path.
///
/// # Errors
/// As for [`trust`]; also if a name is not that of a variable.
pub fn start(
    workspace: &Workspace,
    module: &Path,
    variables: &[String],
    init: Option<&str>,
) -> Result<PathBuf, NamedModuleError> {
    let (path, _) = modules::read(module)?;
    change(workspace, |options| {
        let kept = modules::of(options, &path);
        kept.variables = variables.to_vec();
        kept.init = init.map(str::to_owned);
        Ok(())
    })?;
    Ok(path)
}

/// Forgets what is kept of a module, whose file need not exist any more. Returns its whole path.
///
/// # Errors
/// If nothing is kept of it, or that cannot be written or journalled.
pub fn remove(workspace: &Workspace, module: &Path) -> Result<PathBuf, NamedModuleError> {
    let path = std::path::absolute(module)
        .map_err(|source| ReadError::Io { path: module.to_owned(), source })?;
    change(workspace, |options| Ok(modules::forget(options, &path)?))?;
    Ok(path)
}

fn change(
    workspace: &Workspace,
    change: impl Fn(&mut Vec<ModuleOptions>) -> Result<(), NamedModuleError>,
) -> Result<(), NamedModuleError> {
    settings_file::change_modules(workspace, change)
}
