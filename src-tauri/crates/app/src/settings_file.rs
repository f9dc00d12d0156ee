//! `settings.json` on disk: read as a whole and kept open, as the window does; or changed in one
//! setting alone, as the command line does. Whatever of it decides what counts or what signs is
//! journalled before it is written.

use std::fmt::{Debug, Display};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use countersign_problem::{Explain as _, Problem, Words};

use serde_json::{Map, Value};

use countersign_ceremony::modules::ModuleOptions;
use countersign_ceremony::signer_profile::SignerProfile;
use countersign_journal::{self as journal, JournalError};
use countersign_store::overwrite::{self, OverwriteError};
use countersign_store::ownership::{self, OwnershipError, make_private_directory};
use countersign_store::reading::{self, ReadError, directory_of, resolved};
use countersign_store::safe_write::{self, Access, WriteError};

use crate::settings::{self, Settings, SettingsError};
use crate::workspace::{Workspace, WorkspaceError};

const MAX_SETTINGS_BYTES: u64 = 16 << 20;
/// The path of the signers in it.
const SIGNERS: &str = "signers";
/// The path of the modules' options in it.
const MODULES: &str = "pkcs11_module_options";

/// Why the settings could not be read or written.
#[derive(Debug, Problem)]
#[non_exhaustive]
pub enum SettingsFileError {
    /// The workspace does not allow it.
    #[problem(transparent)]
    Workspace(#[from] WorkspaceError),
    /// A setting is not one that may be kept.
    #[problem(transparent)]
    Invalid(#[from] SettingsError),
    /// Another program has changed the signers meanwhile.
    #[problem(code = "signers_changed")]
    SignersChanged,
    /// Another program has changed what is kept of PKCS#11 modules meanwhile.
    #[problem(code = "modules_changed")]
    ModulesChanged,
    /// The file cannot be read.
    #[problem(transparent)]
    Read(#[from] ReadError),
    /// It is no JSON object.
    Damaged {
        /// The file.
        path: PathBuf,
        /// The reason.
        error: serde_json::Error,
    },
    /// A setting in it is damaged, or the change is not one that may be kept.
    Setting {
        /// The file.
        path: PathBuf,
        /// The reason.
        error: Box<SettingsError>,
    },
    /// The directory for it could not be made.
    Directory {
        /// The directory.
        path: PathBuf,
        /// The error from the operating system.
        source: std::io::Error,
    },
    /// The file cannot be written.
    #[problem(transparent)]
    Write(#[from] WriteError),
    /// The change cannot be journalled, and so was not made.
    #[problem(transparent)]
    Journal(#[from] JournalError),
    /// Other users can write the file.
    #[problem(transparent)]
    Ownership(#[from] OwnershipError),
    /// The file is something else.
    #[problem(transparent)]
    Overwrite(#[from] OverwriteError),
}

/// What a person should know of settings that were damaged. Their defaults are in force.
#[derive(Debug, Problem)]
#[problem(area = "settings-notice")]
enum SettingsNotice {
    /// The file is not one of settings.
    #[problem(code = "settings_damaged")]
    Damaged { why: String },
    /// The file cannot be read.
    #[problem(code = "settings_damaged")]
    Unreadable { why: Words },
    /// The damaged file cannot be kept under another name.
    #[problem(code = "settings_not_kept")]
    NotKept { why: String },
}

/// What holds the settings as they are written, with those that this version does not know. It writes
/// nothing itself: [`SettingsFile`] does, as every file of the station is written.
pub trait StoredSettings: Debug + Send + Sync {
    /// All of them, by name.
    fn entries(&self) -> Map<String, Value>;

    /// Takes values over; those of other names stay.
    fn set(&mut self, values: Map<String, Value>);
}

impl StoredSettings for Map<String, Value> {
    fn entries(&self) -> Map<String, Value> {
        self.clone()
    }

    fn set(&mut self, values: Map<String, Value>) {
        self.extend(values);
    }
}

/// The settings of a station that is at work: read once, and written when they change.
#[derive(Debug)]
pub struct SettingsFile {
    path: PathBuf,
    stored: Box<dyn StoredSettings>,
    in_force: Settings,
    /// The signers as the file had them last: another program may change them.
    signers_on_disk: Vec<SignerProfile>,
    /// What it said of PKCS#11 modules, likewise.
    modules_on_disk: Vec<ModuleOptions>,
    problems: Vec<Problem>,
    kept_aside: Option<PathBuf>,
}

impl SettingsFile {
    /// Reads the settings. What is damaged has its default and is a problem; the damaged file is kept
    /// under another name before anything is overwritten. A file that other users can write, or that
    /// holds something else, is not used at all.
    pub fn open(path: &Path) -> Self {
        let mut file = Self {
            path: path.to_owned(),
            stored: Box::new(Map::new()),
            in_force: Settings::default(),
            signers_on_disk: Vec::new(),
            modules_on_disk: Vec::new(),
            problems: Vec::new(),
            kept_aside: None,
        };
        if let Err(error) = check(path) {
            file.problems.push(error.problem());
            return file;
        }
        let read = match stored(&resolved(path)) {
            Ok(stored) => stored,
            Err(error) => {
                let notice = match error {
                    SettingsFileError::Damaged { error, .. } => {
                        SettingsNotice::Damaged { why: error.to_string() }
                    }
                    other => SettingsNotice::Unreadable { why: other.into() },
                };
                file.problems.push(notice.problem());
                file.keep_aside(|from, to| fs::rename(from, to));
                Map::new()
            }
        };
        let (settings, errors) = Settings::read(&read);
        file.stored.set(read);
        if !errors.is_empty() {
            file.problems.extend(errors.iter().map(|error| error.problem()));
            file.keep_aside(|from, to| fs::copy(from, to).map(drop));
        }
        file.in_force = settings;
        file.is_on_disk();
        file
    }

    /// The same settings, held by something else from now on.
    #[must_use]
    pub fn held_by(mut self, mut store: Box<dyn StoredSettings>) -> Self {
        store.set(self.stored.entries());
        self.stored = store;
        self
    }

    /// Keeps the file under a name that is free.
    fn keep_aside(&mut self, keep: impl Fn(&Path, &Path) -> io::Result<()>) {
        let free = (1..).map(|n| self.path.with_extension(format!("damaged-{n}.json")));
        let Some(aside) = free.into_iter().find(|aside| !aside.exists()) else { return };
        match keep(&self.path, &aside) {
            Ok(()) => self.kept_aside = Some(aside),
            Err(error) => {
                self.problems.push(SettingsNotice::NotKept { why: error.to_string() }.problem());
            }
        }
    }

    /// The settings in force.
    pub fn settings(&self) -> &Settings {
        &self.in_force
    }

    /// What is wrong with the settings as they were read, until they are saved.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// Adds what a person should know until the settings are saved.
    pub fn report(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    /// Where the damaged file was kept.
    pub fn kept_aside(&self) -> Option<&Path> {
        self.kept_aside.as_deref()
    }

    /// Goes by the signers of this run only, such as those of a demonstration.
    pub fn use_signers(&mut self, signers: Vec<SignerProfile>) {
        self.in_force.signers = signers;
    }

    /// The settings in force are those on the disk.
    fn is_on_disk(&mut self) {
        self.signers_on_disk.clone_from(&self.in_force.signers);
        self.modules_on_disk.clone_from(&self.in_force.pkcs11_module_options);
    }

    /// Takes over signers and settings of modules that another program has changed. Returns whether
    /// it has. A file that cannot be read changes nothing.
    pub fn take_changes(&mut self) -> bool {
        let mut changed = false;
        if let Ok(signers) = signers(&self.path)
            && signers != self.signers_on_disk
        {
            self.in_force.signers.clone_from(&signers);
            self.signers_on_disk = signers;
            changed = true;
        }
        if let Ok(modules) = modules(&self.path)
            && modules != self.modules_on_disk
        {
            self.in_force.pkcs11_module_options.clone_from(&modules);
            self.modules_on_disk = modules;
            changed = true;
        }
        changed
    }

    /// Saves settings and goes by them, or changes nothing.
    ///
    /// # Errors
    /// Fails if any of them is not valid, if they cannot be journalled or written, or with
    /// [`SettingsFileError::SignersChanged`] or [`SettingsFileError::ModulesChanged`] if they would
    /// overwrite what another program has changed; the previous ones stay in force.
    pub fn save(
        &mut self,
        workspace: &Workspace,
        settings: Settings,
    ) -> Result<(), SettingsFileError> {
        settings.check()?;
        self.keep(workspace, settings)?;
        self.problems.clear();
        Ok(())
    }

    /// Remembers a directory as the one that is open. It opens all the same if that fails, which is a
    /// problem to show.
    pub fn remember_opened(&mut self, workspace: &Workspace, directory: &Path) {
        let mut settings = self.in_force.clone();
        settings.opened(&directory.to_string_lossy());
        if let Err(error) = self.keep(workspace, settings) {
            self.problems.push(error.problem());
        }
    }

    fn keep(
        &mut self,
        workspace: &Workspace,
        mut settings: Settings,
    ) -> Result<(), SettingsFileError> {
        let before = self.in_force.clone();
        self.take_changes();
        let now = &self.in_force;
        if !take(&mut settings.signers, &before.signers, &now.signers) {
            return Err(SettingsFileError::SignersChanged);
        }
        let modules = &mut settings.pkcs11_module_options;
        if !take(modules, &before.pkcs11_module_options, &now.pkcs11_module_options) {
            return Err(SettingsFileError::ModulesChanged);
        }
        let mut stored = self.stored.entries();
        stored.extend(settings.to_stored());
        let recorder = workspace.recorder()?;
        let changes = self.in_force.changes_to(&settings);
        journal::journalled(recorder.as_ref(), &changes, || {
            check(&self.path)?;
            let path = resolved(&self.path);
            let _lock = lock(&path)?;
            write(&path, &stored)
        })?;
        self.stored.set(stored);
        self.in_force = settings;
        self.is_on_disk();
        Ok(())
    }
}

/// Takes over what another program has changed, unless the person has changed it as well. Returns
/// `false` if both have.
fn take<T: Clone + PartialEq>(wanted: &mut Vec<T>, before: &[T], now: &[T]) -> bool {
    if now == before {
        return true;
    }
    let is_untouched = wanted == before;
    if is_untouched {
        *wanted = now.to_vec();
    }
    is_untouched
}

/// Whether the file may be used and written: nobody else can change it, and it is one of settings.
fn check(path: &Path) -> Result<(), SettingsFileError> {
    ownership::check(path)?;
    Ok(overwrite::check(path, settings::FILE)?)
}

/// Locks the directory of the settings, which is made if it does not exist.
fn lock(path: &Path) -> Result<safe_write::DirectoryLock, SettingsFileError> {
    let directory = directory_of(path);
    make_private_directory(directory)
        .map_err(|source| SettingsFileError::Directory { path: directory.to_owned(), source })?;
    Ok(safe_write::lock(directory)?)
}

fn write(path: &Path, stored: &Map<String, Value>) -> Result<(), SettingsFileError> {
    // Text, numbers and lists always serialise.
    let mut text = serde_json::to_string_pretty(stored).unwrap_or_default();
    text.push('\n');
    Ok(safe_write::replace(path, text.as_bytes(), Access::Own)?)
}

fn stored(path: &Path) -> Result<Map<String, Value>, SettingsFileError> {
    let bytes = match reading::read(path, directory_of(path), MAX_SETTINGS_BYTES) {
        Err(ReadError::NotFound(_)) => return Ok(Map::new()),
        other => other?,
    };
    serde_json::from_slice(&bytes)
        .map_err(|error| SettingsFileError::Damaged { path: path.to_owned(), error })
}

/// One setting, the others at their defaults.
fn only(path: &Path, name: &str) -> Result<Settings, SettingsFileError> {
    ownership::check(path)?;
    let path = &resolved(path);
    let mut settings = Map::new();
    // Damage elsewhere does not prevent its use.
    settings.extend(stored(path)?.remove_entry(name));
    let (settings, errors) = Settings::read(&settings);
    match errors.into_iter().next() {
        Some(error) => {
            let error = Box::new(error);
            Err(SettingsFileError::Setting { path: path.to_owned(), error })
        }
        None => Ok(settings),
    }
}

/// The signers; none if there are no settings.
///
/// # Errors
/// If they cannot be read.
pub fn signers(path: &Path) -> Result<Vec<SignerProfile>, SettingsFileError> {
    only(path, SIGNERS).map(|settings| settings.signers)
}

/// The stored options of PKCS#11 modules; empty if there are no settings.
///
/// # Errors
/// If it cannot be read.
pub fn modules(path: &Path) -> Result<Vec<ModuleOptions>, SettingsFileError> {
    only(path, MODULES).map(|settings| settings.pkcs11_module_options)
}

/// Tries a change of the signers, journals it, and makes it under the lock of the settings'
/// directory. All other settings stay as they are written, those that this version does not know
/// among them.
///
/// # Errors
/// Fails if they cannot be read or written, may not be kept so, or the journal cannot be written;
/// they are unchanged then.
pub fn change_signers<E: From<SettingsFileError> + From<JournalError> + Display>(
    workspace: &Workspace,
    change: impl Fn(&mut Vec<SignerProfile>) -> Result<(), E>,
) -> Result<(), E> {
    change_only(workspace, SIGNERS, |settings| change(&mut settings.signers))
}

/// Changes what is kept of PKCS#11 modules, likewise.
///
/// # Errors
/// As [`change_signers`].
pub fn change_modules<E: From<SettingsFileError> + From<JournalError> + Display>(
    workspace: &Workspace,
    change: impl Fn(&mut Vec<ModuleOptions>) -> Result<(), E>,
) -> Result<(), E> {
    change_only(workspace, MODULES, |settings| change(&mut settings.pkcs11_module_options))
}

fn change_only<E: From<SettingsFileError> + From<JournalError> + Display>(
    workspace: &Workspace,
    name: &str,
    change: impl Fn(&mut Settings) -> Result<(), E>,
) -> Result<(), E> {
    let place = workspace.need_settings().map_err(SettingsFileError::from)?;
    check(place)?;
    let path = &resolved(place);
    let changed = || -> Result<(Settings, Settings), E> {
        let before = only(path, name)?;
        let mut after = before.clone();
        change(&mut after)?;
        let failed =
            |error| SettingsFileError::Setting { path: path.to_owned(), error: Box::new(error) };
        after.check().map_err(failed)?;
        Ok((before, after))
    };
    let (before, after) = changed()?;
    let recorder = workspace.recorder().map_err(SettingsFileError::from)?;
    journal::journalled(recorder.as_ref(), &before.changes_to(&after), || {
        let _lock = lock(path)?;
        let (_, after) = changed()?;
        let mut stored = stored(path)?;
        stored.extend(after.to_stored().remove_entry(name));
        Ok(write(path, &stored)?)
    })
}
