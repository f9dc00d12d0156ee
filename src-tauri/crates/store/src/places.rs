//! The places of the station's own files if the person chooses no others. Nobody else can read or
//! write them.
//!
//! Service users may have a home directory that does not exist, and must not be made: then there is
//! no such place.

use std::path::PathBuf;

/// The name of the folders of the station.
pub const NAME: &str = "countersign";

/// The folder for what a person sets: settings, keyring, trust folder. `None` without a home.
pub fn config(name: &str) -> Option<PathBuf> {
    at_home(dirs::config_dir()?, name)
}

/// The folder for what is kept of the work: journal and memory of logs. `None` without a home.
pub fn state(name: &str) -> Option<PathBuf> {
    // A system that has no place for that has one for data.
    at_home(dirs::state_dir().or_else(dirs::data_local_dir)?, name)
}

/// The folder for what can be deleted: the catalogue. `None` without a home.
pub fn cache(name: &str) -> Option<PathBuf> {
    at_home(dirs::cache_dir()?, name)
}

fn at_home(directory: PathBuf, name: &str) -> Option<PathBuf> {
    let homeless =
        dirs::home_dir().is_some_and(|home| directory.starts_with(&home) && !home.is_dir());
    (!homeless).then(|| directory.join(name))
}
