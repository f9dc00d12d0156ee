//! `settings.json` on disk, for whoever is not the window: read, and changed in one setting alone.

use countersign_problem::Problem;
use std::fmt::Display;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use crate::settings::{self, Settings, SettingsError};
use countersign_ceremony::modules::ModuleOptions;
use countersign_ceremony::signer_profile::SignerProfile;
use countersign_journal::{self as journal, JournalError, Recorder};
use countersign_store::overwrite::{self, OverwriteError};
use countersign_store::ownership::{self, OwnershipError, make_private_directory};
use countersign_store::reading::{self, ReadError, directory_of, resolved};
use countersign_store::safe_write::{self, Access, WriteError};

const MAX_SETTINGS_BYTES: u64 = 16 << 20;
/// The path of the signers in it.
const SIGNERS: &str = "signers";
/// The path of the modules' options in it.
const MODULES: &str = "pkcs11_module_options";

/// Why the settings could not be read or written.
#[derive(Debug, Problem)]
#[non_exhaustive]
pub enum SettingsFileError {
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
    path: &Path,
    recorder: &dyn Recorder,
    change: impl Fn(&mut Vec<SignerProfile>) -> Result<(), E>,
) -> Result<(), E> {
    change_only(path, SIGNERS, recorder, |settings| change(&mut settings.signers))
}

/// Changes what is kept of PKCS#11 modules, likewise.
///
/// # Errors
/// As [`change_signers`].
pub fn change_modules<E: From<SettingsFileError> + From<JournalError> + Display>(
    path: &Path,
    recorder: &dyn Recorder,
    change: impl Fn(&mut Vec<ModuleOptions>) -> Result<(), E>,
) -> Result<(), E> {
    change_only(path, MODULES, recorder, |settings| change(&mut settings.pkcs11_module_options))
}

fn change_only<E: From<SettingsFileError> + From<JournalError> + Display>(
    path: &Path,
    name: &str,
    recorder: &dyn Recorder,
    change: impl Fn(&mut Settings) -> Result<(), E>,
) -> Result<(), E> {
    ownership::check(path).map_err(SettingsFileError::from)?;
    overwrite::check(path, settings::FILE).map_err(SettingsFileError::from)?;
    let path = &resolved(path);
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
    journal::journalled(recorder, &before.changes_to(&after), || {
        let directory = directory_of(path);
        make_private_directory(directory).map_err(|source| SettingsFileError::Directory {
            path: directory.to_owned(),
            source,
        })?;
        let _lock = safe_write::lock(directory).map_err(SettingsFileError::from)?;
        let (_, after) = changed()?;
        let mut stored = stored(path)?;
        stored.extend(after.to_stored().remove_entry(name));
        let mut text = serde_json::to_string_pretty(&stored).unwrap_or_default();
        text.push('\n');
        let written = safe_write::replace(path, text.as_bytes(), Access::Own);
        Ok(written.map_err(SettingsFileError::from)?)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use countersign_ceremony::signer_profile::KeySource;
    use countersign_journal::NoRecord;

    fn profile(name: &str) -> SignerProfile {
        SignerProfile {
            name: name.to_owned(),
            key_id: "k".to_owned(),
            signer_id: "mira".to_owned(),
            source: KeySource::KeyFile { path: "/k.pem".to_owned() },
        }
    }

    fn add(path: &Path, name: &str) -> Result<(), SettingsFileError> {
        change_signers(path, &NoRecord, |signers| {
            signers.push(profile(name));
            Ok(())
        })
    }

    #[test]
    fn only_the_signers_are_changed_and_only_in_a_settings_file() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("countersign").join("settings.json");
        assert!(signers(&path).unwrap().is_empty());
        add(&path, "first").unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        let more = text.replacen('{', r#"{"theme": "dark", "later": {"x": 1},"#, 1);
        std::fs::write(&path, more).unwrap();
        add(&path, "second").unwrap();
        let kept = stored(&path).unwrap();
        assert_eq!((kept["theme"].as_str(), &kept["later"]["x"]), (Some("dark"), &1.into()));
        let names: Vec<String> = signers(&path).unwrap().into_iter().map(|one| one.name).collect();
        assert_eq!(names, ["first", "second"]);

        let before = std::fs::read(&path).unwrap();
        let error = add(&path, "first").unwrap_err().to_string();
        assert!(error.contains("two signers have the name"), "{error}");
        assert_eq!(std::fs::read(&path).unwrap(), before);
        // Damaged parts are never overwritten; damage elsewhere does not matter.
        std::fs::write(&path, r#"{"theme": 7, "signers": []}"#).unwrap();
        assert!(signers(&path).unwrap().is_empty());
        for damaged in [r#"{"signers": 7}"#, "{"] {
            std::fs::write(&path, damaged).unwrap();
            assert!(signers(&path).is_err() && add(&path, "third").is_err());
            assert_eq!(std::fs::read_to_string(&path).unwrap(), damaged);
        }
    }
}
