//! Where the station keeps what is its own.

use std::path::PathBuf;

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
}

impl Places {
    /// Where they are for this run of the program.
    ///
    /// # Errors
    /// Where the system knows no directory for settings.
    pub fn of<R: Runtime>(app: &AppHandle<R>, args: &Args) -> tauri::Result<Self> {
        let (config, cache) = match &args.state {
            // A path of the command line is from where the program was started.
            Some(state) => {
                let state = std::path::absolute(state)?;
                (state.clone(), state)
            }
            None => {
                let name = if args.demo { "countersign-demo" } else { "countersign" };
                (app.path().config_dir()?.join(name), app.path().cache_dir()?.join(name))
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
        })
    }
}
