//! Where the station keeps what is its own.

use std::path::PathBuf;

use countersign_station::{journal, log_memory};
use tauri::{AppHandle, Manager, Runtime};

use crate::args::Args;

/// The files of the station itself.
#[derive(Debug, Clone)]
pub struct Places {
    /// What the person has set.
    pub settings: PathBuf,
    /// The keyring, where none is set: the one that the command line uses too.
    pub keyring: PathBuf,
    /// The catalogue, which can be deleted.
    pub catalogue: PathBuf,
    /// The journal: the one that the command line writes to as well.
    pub journal: PathBuf,
    /// The heads of the logs that were seen: those that the command line goes by as well.
    pub log_heads: PathBuf,
}

impl Places {
    /// Where they are for this run of the program.
    ///
    /// # Errors
    /// Where the system knows no directory for settings.
    pub fn of<R: Runtime>(app: &AppHandle<R>, args: &Args) -> tauri::Result<Self> {
        let (config, cache, kept) = match &args.state {
            // A path of the command line is from where the program was started.
            Some(state) => {
                let state = std::path::absolute(state)?;
                (state.clone(), state.clone(), state)
            }
            None => {
                let name = if args.demo { "countersign-demo" } else { "countersign" };
                let path = app.path();
                // Where a system has no place for what is kept of a program's work, its data are.
                let kept = dirs::state_dir().map_or_else(|| path.local_data_dir(), Ok)?;
                (path.config_dir()?.join(name), path.cache_dir()?.join(name), kept.join(name))
            }
        };
        let keyring = match (&args.directory, args.demo) {
            (Some(directory), true) => std::path::absolute(directory)?.join("keyring.json"),
            _ => config.join("keyring.json"),
        };
        Ok(Self {
            settings: config.join("settings.json"),
            keyring,
            catalogue: cache.join("catalogue.sqlite"),
            journal: kept.join(journal::FILE_NAME),
            log_heads: kept.join(log_memory::DIRECTORY_NAME),
        })
    }
}
