//! Where a station keeps its own files, if no other places are named.

use std::path::{Path, PathBuf};

use countersign_journal as journal;
use countersign_problem::{Problem, words};
use countersign_store::log_memory;
use countersign_store::overwrite::{self, OverwriteError};
use countersign_store::places;
use countersign_trust::adopted::{self, AdoptedPlace};
use countersign_trust::keyring_file;

pub use countersign_store::places::NAME;

const SETTINGS: &str = "settings.json";
/// The copy of the signed keyring, beside the settings.
const ADOPTED_COPY: &str = "adopted.keyring.signed.json";
const CATALOGUE: &str = "catalogue.sqlite";

/// The name of the folders of a demonstration, which are apart from the person's own.
pub const DEMO: &str = "countersign-demo";

/// Why a station has no place for its own files.
#[derive(Debug, Problem)]
#[non_exhaustive]
pub enum PlacesError {
    /// There is no home directory, and no directory is named.
    NoHome,
    /// The directory that is named cannot be found from here.
    Unreachable {
        /// The directory.
        path: PathBuf,
        /// The error from the operating system.
        source: std::io::Error,
    },
    /// The directory that is named holds something else.
    #[problem(transparent)]
    Overwrite(#[from] OverwriteError),
}

/// The files of a station itself. Window and command line share them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    /// The person's settings.
    pub settings: PathBuf,
    /// The keyring, if the settings name no other.
    pub keyring: PathBuf,
    /// The catalogue, which can be deleted.
    pub catalogue: PathBuf,
    /// The journal.
    pub journal: PathBuf,
    /// The memory of logs and signature files.
    pub log_heads: PathBuf,
    /// The signed keyring, if one is adopted.
    pub signed_keyring: AdoptedPlace,
}

impl Places {
    /// The places in a person's home, in folders of this name.
    ///
    /// # Errors
    /// Fails with [`PlacesError::NoHome`] if there is no home directory.
    pub fn at_home(name: &str) -> Result<Self, PlacesError> {
        let places = || {
            Some(Self {
                settings: settings(name)?,
                keyring: keyring(name)?,
                catalogue: places::cache(name)?.join(CATALOGUE),
                journal: journal(name)?,
                log_heads: log_heads(name)?,
                signed_keyring: signed_keyring(name)?,
            })
        };
        places().ok_or(PlacesError::NoHome)
    }

    /// All places in one directory, which need not exist yet.
    ///
    /// # Errors
    /// If sealed runs or other files are kept in that directory.
    pub fn within(directory: &Path) -> Result<Self, PlacesError> {
        let absolute = absolute(directory)?;
        overwrite::check_directory(&absolute, words!("place-station"))?;
        Ok(Self {
            settings: absolute.join(SETTINGS),
            keyring: absolute.join(keyring_file::FILE_NAME),
            catalogue: absolute.join(CATALOGUE),
            journal: absolute.join(journal::FILE_NAME),
            log_heads: absolute.join(log_memory::DIRECTORY_NAME),
            signed_keyring: AdoptedPlace {
                directory: absolute.join(adopted::DIRECTORY),
                copy: absolute.join(ADOPTED_COPY),
            },
        })
    }

    /// The same with the keyring of a directory of envelopes, as a demonstration has one.
    ///
    /// # Errors
    /// If the directory cannot be found.
    pub fn with_keyring_in(self, directory: &Path) -> Result<Self, PlacesError> {
        Ok(Self { keyring: absolute(directory)?.join(keyring_file::FILE_NAME), ..self })
    }
}

/// A path on a command line is relative to where the program was started.
fn absolute(path: &Path) -> Result<PathBuf, PlacesError> {
    std::path::absolute(path)
        .map_err(|source| PlacesError::Unreachable { path: path.to_owned(), source })
}

/// The settings in a person's home. `None` without a home.
pub fn settings(name: &str) -> Option<PathBuf> {
    Some(places::config(name)?.join(SETTINGS))
}

/// The keyring in a person's home. `None` without a home.
pub fn keyring(name: &str) -> Option<PathBuf> {
    Some(places::config(name)?.join(keyring_file::FILE_NAME))
}

/// The journal in a person's home. `None` without a home.
pub fn journal(name: &str) -> Option<PathBuf> {
    Some(places::state(name)?.join(journal::FILE_NAME))
}

/// The memory of logs and signature files in a person's home. `None` without a home.
pub fn log_heads(name: &str) -> Option<PathBuf> {
    Some(places::state(name)?.join(log_memory::DIRECTORY_NAME))
}

/// The signed keyring in a person's home: in the state, and a copy beside the settings. `None` without a
/// home.
pub fn signed_keyring(name: &str) -> Option<AdoptedPlace> {
    Some(AdoptedPlace {
        directory: places::state(name)?.join(adopted::DIRECTORY),
        copy: places::config(name)?.join(ADOPTED_COPY),
    })
}
