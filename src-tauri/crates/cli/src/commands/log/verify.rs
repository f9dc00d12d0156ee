//! `countersign log verify`: the chains of logs and ledgers, and whether they continue what was seen.

use std::path::{Path, PathBuf};

use countersign_app::checked_log::CheckedLog;
use countersign_app::workspace::Workspace;
use countersign_envelope::count::counted;
use countersign_envelope::file_name::{AUTHORITY_LEDGER, TRANSPARENCY_LOG};
use countersign_problem::visible::visible;
use countersign_problem::{Explain as _, Problem};
use countersign_store::directory;
use countersign_store::log_copies;
use countersign_store::log_memory::{ChainKind, LogMemory, LogMemoryError, Rewritten};
use countersign_store::reading::name_of;

use crate::arguments::journal::JournalArgs;
use crate::arguments::memory::LogHeadsArgs;
use crate::commands::log::{NamedLogsError, named};
use crate::continuity;
use crate::stopped::Stopped;
use crate::ui;

/// Check the whole chain of a log, or of all logs and ledgers of a directory, and that each continues
/// what this station saw of it before
#[derive(Debug, clap::Args)]
pub struct VerifyArgs {
    /// A log, or a directory
    pub path: PathBuf,
    #[command(flatten)]
    pub heads: LogHeadsArgs,
    #[command(flatten)]
    pub journal: JournalArgs,
}

/// A log that cannot be compared with what was seen of it.
#[derive(Debug, Problem)]
struct NotCheckable {
    path: PathBuf,
    cause: LogMemoryError,
}

/// Lists every entry that a log has lost.
fn list_lost(rewritten: &Rewritten, memory: &LogMemory) -> Result<(), Stopped> {
    let mut out = ui::lasting_stdout();
    match memory.lost(rewritten) {
        Ok(lost) => {
            for entry in lost {
                writeln!(out, "missing  {entry}")?;
            }
        }
        Err(error) => ui::warn(&error.problem()),
    }
    Ok(())
}

pub fn run(args: &VerifyArgs) -> Result<bool, Stopped> {
    let VerifyArgs { path, heads, journal } = args;
    let book = heads.book(None, Some(journal)).within(path);
    let memory = book.memory().cloned();
    let workspace = Workspace { memory, ..journal.workspace_to_look() };
    let mut files = named(path, &book);
    if path.is_dir() {
        // Those of sub-directories belong to the runs there.
        for file in directory::find_named(path, &[TRANSPARENCY_LOG, AUTHORITY_LEDGER])? {
            let is_ledger = name_of(&file) == AUTHORITY_LEDGER;
            let kind = if is_ledger { ChainKind::Ledger } else { ChainKind::Log };
            if !files.iter().any(|(_, known)| *known == file) {
                files.push((kind, file));
            }
        }
    }
    if files.is_empty() {
        return Err(NamedLogsError::None { path: path.clone() }.into());
    }
    let mut holds = true;
    for (kind, file) in files {
        log_copies::warnings(&file).iter().for_each(|warning| ui::warn(&warning.problem()));
        holds &= verify_one(&workspace, &file, kind)?;
    }
    if path.is_dir() {
        continuity::warn_of_missing(&book, path);
        continuity::warn_of_orphans(&directory::find(path)?, path);
    }
    Ok(holds || heads.allow_rewritten_log)
}

fn verify_one(workspace: &Workspace, file: &Path, kind: ChainKind) -> Result<bool, Stopped> {
    let checked = CheckedLog::read(workspace, file, kind)?;
    let holds = checked.holds();
    if checked.is_there {
        let (shown, count) = (file.display(), counted(checked.entries, "entry"));
        let mut out = ui::lasting_stdout();
        match &checked.broken {
            None => writeln!(out, "{shown}: {count}, the whole chain holds")?,
            Some(broken) => {
                writeln!(out, "{shown}: {count}, broken: {}", visible(&broken.english()))?
            }
        }
        for note in &checked.notes {
            ui::warn_of(&format!("{shown}: {note}"));
        }
    }
    if let Some(cause) = checked.unknown {
        ui::warn(&NotCheckable { path: file.to_owned(), cause }.problem());
    }
    if let Some(error) = checked.unremembered {
        ui::warn(&error.problem());
    }
    if let (Some(rewritten), Some(memory)) = (&checked.rewritten, &workspace.memory) {
        ui::warn(&rewritten.problem());
        list_lost(rewritten, memory)?;
        checked.noted.iter().for_each(ui::warn);
    }
    Ok(holds)
}
