//! Where signers and the options of PKCS#11 modules are kept.

use std::path::PathBuf;

use countersign_app::places;
use countersign_app::settings_file;
use countersign_ceremony::modules::ModuleOptions;
use countersign_problem::Problem;

use crate::stopped::Stopped;

/// The settings, shared with the window.
#[derive(Debug, Clone, clap::Args)]
pub struct SettingsArgs {
    /// The settings file, shared with the window [default: ~/.config/countersign/settings.json]
    #[arg(long, value_name = "FILE", env = "COUNTERSIGN_SETTINGS")]
    pub settings: Option<PathBuf>,
}

/// Why there are no settings to use.
#[derive(Debug, Problem)]
pub enum SettingsPlaceError {
    /// None are named, and there is no home directory to keep them in.
    NoHome,
}

impl SettingsArgs {
    /// The settings file that was named, or the person's own.
    ///
    /// # Errors
    /// [`SettingsPlaceError::NoHome`] if none is named and there is no home directory.
    pub fn place(&self) -> Result<PathBuf, SettingsPlaceError> {
        let own = || places::settings(places::NAME);
        self.settings.clone().or_else(own).ok_or(SettingsPlaceError::NoHome)
    }

    /// The options that are kept of PKCS#11 modules.
    ///
    /// # Errors
    /// If the settings cannot be read.
    pub fn modules(&self) -> Result<Vec<ModuleOptions>, Stopped> {
        match self.place() {
            Ok(path) => Ok(settings_file::modules(&path)?),
            // Without a home directory nothing is kept.
            Err(_) => Ok(Vec::new()),
        }
    }
}
