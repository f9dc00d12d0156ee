//! Where signers and the options of PKCS#11 modules are kept.

use std::path::PathBuf;

use countersign_station::modules::ModuleOptions;
use countersign_station::{places, settings_file};

use crate::error::CliError;

/// The settings, shared with the window.
#[derive(Debug, Clone, clap::Args)]
pub struct SettingsArgs {
    /// The settings file, shared with the window [default: ~/.config/countersign/settings.json]
    #[arg(long, value_name = "FILE", env = "COUNTERSIGN_SETTINGS")]
    pub settings: Option<PathBuf>,
}

impl SettingsArgs {
    /// The settings file that was named, or the person's own.
    ///
    /// # Errors
    /// [`CliError::Usage`] if none is named and there is no home directory.
    pub fn place(&self) -> Result<PathBuf, CliError> {
        let own = || Some(places::config(places::NAME)?.join("settings.json"));
        self.settings.clone().or_else(own).ok_or_else(|| {
            CliError::Usage(
                "there is no home directory for settings; name them with --settings".into(),
            )
        })
    }

    /// The options that are kept of PKCS#11 modules.
    ///
    /// # Errors
    /// If the settings cannot be read.
    pub fn modules(&self) -> Result<Vec<ModuleOptions>, CliError> {
        match self.place() {
            Ok(path) => Ok(settings_file::modules(&path)?),
            // Without a home directory nothing is kept.
            Err(_) => Ok(Vec::new()),
        }
    }
}
