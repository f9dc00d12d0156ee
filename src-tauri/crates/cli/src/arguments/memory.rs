//! What this station remembers of logs and signature files, and how logs are compared with it.

use std::path::{Path, PathBuf};

use clap::builder::{PathBufValueParser, TypedValueParser as _};
use countersign_app::clock::now;
use countersign_app::places;
use countersign_problem::{Explain as _, Problem, words};
use countersign_store::log_memory::{DIRECTORY_NAME, LogMemory};
use countersign_store::logs::LogBook;
use countersign_store::overwrite::{self, OverwriteError};

use crate::arguments::journal::JournalArgs;
use crate::ui;

/// Where the memory of logs and signature files is kept.
#[derive(Debug, Clone, clap::Args)]
pub struct MemoryArgs {
    /// Where this station keeps the log heads that it has seen, and the terms of signature files
    /// [default: ~/.local/state/countersign/log-heads]
    #[arg(
        long,
        value_name = "DIRECTORY",
        env = "COUNTERSIGN_LOG_HEADS",
        value_parser = PathBufValueParser::new().try_map(log_heads_directory)
    )]
    pub log_heads: Option<PathBuf>,
}

/// A directory that is named for the memory of logs: any other is refused before anything is done.
fn log_heads_directory(path: PathBuf) -> Result<PathBuf, OverwriteError> {
    overwrite::check_directory(&path, words!("place-log-memory")).map(|()| path)
}

/// What a person should know of the memory.
#[derive(Debug, Problem)]
#[problem(area = "memory-notice")]
enum MemoryNotice {
    /// There is no place for it.
    NoHome,
}

impl MemoryArgs {
    /// What is remembered of logs. Warns if there is no place for it.
    pub fn open(&self, journal: Option<&JournalArgs>) -> Option<LogMemory> {
        let memory = self.open_if_any(journal);
        if memory.is_none() {
            ui::warn(&MemoryNotice::NoHome.problem());
        }
        memory
    }

    /// What is remembered of logs and signature files: in the place that is named, in the person's
    /// own, or, without a home directory, beside the journal that is named.
    pub fn open_if_any(&self, journal: Option<&JournalArgs>) -> Option<LogMemory> {
        let beside = || Some(journal?.journal.as_ref()?.with_file_name(DIRECTORY_NAME));
        let own = || places::log_heads(places::NAME).or_else(beside);
        Some(LogMemory::at(&self.log_heads.clone().or_else(own)?, now))
    }
}

/// How logs are compared with what this station remembers of them.
#[derive(Debug, Clone, clap::Args)]
pub struct LogHeadsArgs {
    #[command(flatten)]
    pub memory: MemoryArgs,
    /// Only warn of a log that was cut, removed or forked since this station saw it; for this command
    #[arg(long)]
    pub allow_rewritten_log: bool,
}

impl LogHeadsArgs {
    /// The logs by what a command names, compared with what is remembered of them.
    pub fn book(&self, log: Option<&Path>, journal: Option<&JournalArgs>) -> LogBook {
        LogBook::new(log.map(Path::to_owned), None)
            .remembering(self.memory.open(journal))
            .allowing_rewritten(self.allow_rewritten_log)
    }
}
