//! The places of the station's own files.

use countersign_app::private_files;
use countersign_problem::{Explain, Problem};
use std::path::PathBuf;

use countersign_journal as journal;
use countersign_store::log_memory;
use countersign_store::overwrite;
use countersign_store::places;

use crate::args::Args;
use crate::station::now;

/// There is no place for the station's own files.
#[derive(Debug, Problem)]
pub struct NoHome;

/// The name of the station's folders.
fn name(args: &Args) -> &'static str {
    if args.demo { "countersign-demo" } else { places::NAME }
}

/// Closes the station's own files to other users, once; what a person should know of that.
pub fn make_private_once(args: &Args) -> Vec<Problem> {
    if args.state.is_some() {
        return Vec::new();
    }
    match private_files::make_private_once(name(args), now()) {
        Ok(found) => found.iter().map(Explain::problem).collect(),
        Err(error) => vec![error.problem()],
    }
}

/// The files of the station itself.
#[derive(Debug, Clone)]
pub struct Places {
    /// The person's settings.
    pub settings: PathBuf,
    /// The keyring, if none is set: the same as the command line's.
    pub keyring: PathBuf,
    /// The catalogue, which can be deleted.
    pub catalogue: PathBuf,
    /// The journal: the one that the command line writes to as well.
    pub journal: PathBuf,
    /// The heads of the logs that were seen: those that the command line goes by as well.
    pub log_heads: PathBuf,
}

impl Places {
    /// The places for this run of the program.
    ///
    /// # Errors
    /// Fails with [`NoHome`] if no place is named and there is no home directory; also if a
    /// directory of sealed runs is named.
    pub fn of(args: &Args) -> Result<Self, Box<dyn std::error::Error>> {
        let (config, cache, kept) = match &args.state {
            // A path on the command line is relative to where the program was started.
            Some(state) => {
                let state = std::path::absolute(state)?;
                overwrite::check_directory(&state, "the files of the station")?;
                (state.clone(), state.clone(), state)
            }
            None => {
                let name = name(args);
                let found = places::config(name).zip(places::cache(name)).zip(places::state(name));
                let ((config, cache), kept) = found.ok_or(NoHome)?;
                (config, cache, kept)
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
