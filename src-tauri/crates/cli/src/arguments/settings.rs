//! Where signers and the options of PKCS#11 modules are kept.

use std::path::PathBuf;

use countersign_app::module_options;
use countersign_app::places;
use countersign_app::workspace::Workspace;
use countersign_ceremony::modules::ModuleOptions;
use countersign_problem::Problem;

use crate::arguments::journal::JournalArgs;
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

    /// The workspace of a command that changes settings: with a journal that takes an entry now.
    ///
    /// # Errors
    /// If there is no place for settings, or the journal cannot be written.
    pub fn workspace(&self, journal: &JournalArgs) -> Result<Workspace, Stopped> {
        Ok(Workspace { settings: Some(self.place()?), ..journal.workspace()? })
    }

    /// The workspace of a command that only reads settings.
    pub fn workspace_to_look(&self) -> Workspace {
        Workspace { settings: self.place().ok(), ..Workspace::default() }
    }

    /// The options that are kept of PKCS#11 modules.
    ///
    /// # Errors
    /// If the settings cannot be read.
    pub fn modules(&self) -> Result<Vec<ModuleOptions>, Stopped> {
        let workspace = self.workspace_to_look();
        // Without a home directory nothing is kept.
        Ok(if workspace.settings.is_some() { module_options::all(&workspace)? } else { Vec::new() })
    }
}
