//! The settings on disk: tauri-plugin-store stores them, the `app` crate defines their valid
//! values. A damaged file is kept under another name before it is overwritten.

use countersign_problem::{Explain, Problem};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use countersign_app::settings::{self, Settings};
use countersign_app::settings_file;
use countersign_ceremony::signer_profile::SignerProfile;
use countersign_journal::{self as journal, Recorder};
use countersign_store::overwrite;
use countersign_store::ownership;
use countersign_store::reading;
use countersign_store::safe_write::{self, Access};
use serde_json::{Map, Value};
use tauri::{AppHandle, Runtime};
use tauri_plugin_store::{Store, StoreBuilder};

use crate::refusal::Refusal;

/// Settings with the store behind them.
pub struct SettingsStore<R: Runtime> {
    store: Arc<Store<R>>,
    path: PathBuf,
    /// The settings in force.
    pub settings: Settings,
    /// The signers as the file had them last: the command line changes them too.
    signers_on_disk: Vec<SignerProfile>,
    /// The errors when they were read, in words.
    pub problems: Vec<Problem>,
    /// Where the damaged file was kept.
    pub kept_aside: Option<PathBuf>,
}

impl<R: Runtime> SettingsStore<R> {
    /// Reads the settings.
    ///
    /// # Errors
    /// Fails if the store cannot be made at all.
    pub fn open(app: &AppHandle<R>, path: &Path) -> Result<Self, tauri_plugin_store::Error> {
        let mut problems = Vec::new();
        let mut kept_aside = None;
        if let Err(failure) = check(path) {
            problems.push(failure);
            let store = StoreBuilder::new(app, path).disable_auto_save().create_new().build()?;
            let settings = Settings::default();
            let (path, signers_on_disk) = (path.to_owned(), Vec::new());
            return Ok(Self { store, path, settings, signers_on_disk, problems, kept_aside });
        }
        let damaged = match std::fs::read(path) {
            Ok(bytes) => serde_json::from_slice::<Map<String, Value>>(&bytes)
                .err()
                .map(|error| Refusal::SettingsDamaged { why: error.to_string() }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => Some(Refusal::SettingsUnreadable { why: error.to_string() }),
        };
        if let Some(what) = damaged {
            problems.push(what.problem());
            // Moved away, so that the store does not stumble over it.
            kept_aside = keep_aside(path, |from, to| std::fs::rename(from, to), &mut problems);
        }
        let store = StoreBuilder::new(app, path).disable_auto_save().build()?;
        let stored: Map<String, Value> = store.entries().into_iter().collect();
        let (settings, errors) = Settings::read(&stored);
        if !errors.is_empty() {
            problems.extend(errors.iter().map(Explain::problem));
            let copy = |from: &Path, to: &Path| std::fs::copy(from, to).map(drop);
            kept_aside = keep_aside(path, copy, &mut problems);
        }
        let signers_on_disk = settings.signers.clone();
        Ok(Self { store, path: path.to_owned(), settings, signers_on_disk, problems, kept_aside })
    }

    /// Takes over signers that another program has added to the file. Returns whether there are new
    /// ones. A file that cannot be read changes nothing.
    pub fn take_signers(&mut self) -> bool {
        match settings_file::signers(&self.path) {
            Ok(signers) if signers != self.signers_on_disk => {
                self.settings.signers.clone_from(&signers);
                self.signers_on_disk = signers;
                true
            }
            _ => false,
        }
    }

    /// Keeps settings that have been checked, and journals what of them decides what counts or signs.
    ///
    /// # Errors
    /// Fails if they cannot be journalled or written, or would overwrite signers that another
    /// program has added; the previous ones stay in force.
    pub fn save(&mut self, mut settings: Settings, recorder: &dyn Recorder) -> Result<(), Problem> {
        let before = self.settings.signers.clone();
        self.take_signers();
        if self.settings.signers != before {
            if settings.signers != before {
                return Err(Refusal::SignersChanged.problem());
            }
            settings.signers.clone_from(&self.settings.signers);
        }
        journal::journalled(recorder, &self.settings.changes_to(&settings), || {
            for (name, value) in settings.to_stored() {
                self.store.set(name, value);
            }
            self.write()
        })?;
        self.signers_on_disk.clone_from(&settings.signers);
        self.settings = settings;
        Ok(())
    }
}

impl<R: Runtime> SettingsStore<R> {
    /// Writes what the store has, as every file of the station is written: the store itself would
    /// truncate the file first, and follow the umask.
    fn write(&self) -> Result<(), Problem> {
        check(&self.path)?;
        let path = reading::resolved(&self.path);
        let entries: Map<String, Value> = self.store.entries().into_iter().collect();
        let text = serde_json::to_string_pretty(&entries).unwrap_or_default();
        let written = safe_write::lock(reading::directory_of(&path))
            .and_then(|_lock| safe_write::replace(&path, text.as_bytes(), Access::Own));
        written.map_err(|error| Refusal::SettingsNotWritten { why: error.to_string() }.problem())
    }
}

/// Whether the file may be used and written: nobody else can change it, and it is one of settings.
fn check(path: &Path) -> Result<(), Problem> {
    ownership::check(path)?;
    overwrite::check(path, settings::FILE).map_err(Problem::from)
}

/// Keeps the file under a name that is free, by moving or copying it.
fn keep_aside(
    path: &Path,
    keep: impl Fn(&Path, &Path) -> io::Result<()>,
    problems: &mut Vec<Problem>,
) -> Option<PathBuf> {
    let free = (1..).map(|n| path.with_extension(format!("damaged-{n}.json")));
    let aside = free.into_iter().find(|aside| !aside.exists())?;
    match keep(path, &aside) {
        Ok(()) => Some(aside),
        Err(error) => {
            problems.push(Refusal::SettingsNotKept { why: error.to_string() }.problem());
            None
        }
    }
}
