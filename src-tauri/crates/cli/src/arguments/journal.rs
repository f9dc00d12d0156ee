//! The journal that commands write to.

use std::path::PathBuf;
use std::sync::Arc;

use clap::builder::{PathBufValueParser, TypedValueParser as _};
use countersign_app::places;
use countersign_app::workspace::{Workspace, WorkspaceError};
use countersign_journal::{Event, Journal, LIMIT};
use countersign_problem::Explain as _;
use countersign_store::overwrite::{self, FileKind, OverwriteError};

use crate::ui;
use countersign_app::clock::now;

/// Where the journal is, and how large its files grow.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Journal")]
pub struct JournalArgs {
    /// The journal; what cannot be journalled is not done [default:
    /// ~/.local/state/countersign/journal.ndjson]
    #[arg(
        long,
        value_name = "FILE",
        env = "COUNTERSIGN_JOURNAL",
        value_parser = PathBufValueParser::new().try_map(journal_file)
    )]
    pub journal: Option<PathBuf>,
    /// The size at which a new journal file is started
    #[arg(
        long,
        value_name = "BYTES",
        env = "COUNTERSIGN_JOURNAL_BYTES",
        default_value_t = LIMIT,
        value_parser = clap::value_parser!(u64).range(4096..)
    )]
    pub journal_bytes: u64,
}

/// A journal that is named: anything else is refused before anything is done.
fn journal_file(path: PathBuf) -> Result<PathBuf, OverwriteError> {
    overwrite::check(&path, FileKind::Journal).map(|()| path)
}

impl JournalArgs {
    /// Checks that there is a place for a journal, before a key is opened or a secret asked for.
    ///
    /// # Errors
    /// [`WorkspaceError::NoJournal`] if none is named and there is no home directory to keep one in.
    pub fn check_place(&self) -> Result<(), WorkspaceError> {
        self.place().map(drop).ok_or(WorkspaceError::NoJournal)
    }

    /// The journal of a command that writes no attempt to it before it acts: it must take an entry
    /// now.
    ///
    /// # Errors
    /// As [`Self::check_place`], and if the journal cannot be written.
    pub fn open_to_act(&self) -> Result<Arc<Journal>, WorkspaceError> {
        self.workspace()?.journal.ok_or(WorkspaceError::NoJournal)
    }

    /// The journal of a command that only looks, if there is a place for one.
    pub fn open_if_any(&self) -> Option<Arc<Journal>> {
        let journal = Arc::new(Journal::at(&self.place()?, self.journal_bytes));
        if let Err(error) = journal.start(now()) {
            // What needs it is refused with the reason; what does not goes on.
            ui::warn(&error.problem());
        }
        tell(&journal);
        Some(journal)
    }

    /// The workspace of a command that changes something: with this journal, which must take an
    /// entry now, and no other place yet.
    ///
    /// # Errors
    /// As [`Self::check_place`], and if the journal cannot be written.
    pub fn workspace(&self) -> Result<Workspace, WorkspaceError> {
        let workspace = self.workspace_to_look();
        workspace.check_journal()?;
        workspace.journal_notices().iter().for_each(ui::warn);
        Ok(workspace)
    }

    /// The workspace of a command that only looks, and records what it finds: no journal is begun
    /// for it, and there need be no place for one.
    pub fn workspace_to_look(&self) -> Workspace {
        let journal = |place: PathBuf| Arc::new(Journal::at(&place, self.journal_bytes));
        Workspace { journal: self.place().map(journal), ..Workspace::default() }
    }

    fn place(&self) -> Option<PathBuf> {
        self.journal.clone().or_else(|| places::journal(places::NAME))
    }
}

/// Writes an event that has happened already, whether or not it can be journalled.
pub fn note(journal: Option<&Arc<Journal>>, event: &Event) {
    let Some(journal) = journal else { return };
    if let Err(error) = journal.append(event, now()) {
        ui::warn(&error.problem());
    }
    tell(journal);
}

/// Warns of what was found wrong with the journal.
pub fn tell(journal: &Journal) {
    journal.take_notices().iter().for_each(|notice| ui::warn(&notice.problem()));
}
