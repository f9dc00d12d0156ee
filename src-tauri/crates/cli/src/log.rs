//! `countersign log`: the transparency log and the authority ledger.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use countersign_envelope::count::counted;
use countersign_envelope::file_name::{AUTHORITY_LEDGER, LOG_HEAD, TRANSPARENCY_LOG};
use countersign_envelope::visible::{visible, visible_short};
use countersign_station::directory;
use countersign_station::journal::{Event, Journal};
use countersign_station::log_acceptance::{self, LogAcceptance};
use countersign_station::log_copies;
use countersign_station::log_memory::{ChainKind, DIRECTORY_NAME, LogMemory, Rewritten};
use countersign_station::logs::{self, LogBook};
use countersign_station::overwrite::{self, FileKind};
use countersign_station::reading::{ReadError, directory_of, name_of};
use countersign_station::registration::{self, Registered, RegistrationError};
use countersign_station::safe_write::{self, Access};

use crate::args::{JournalArgs, LogCommand, LogHeadsArg, MemoryArg};
use crate::error::CliError;
use crate::{journal, output, policy_args, proof, report_error};

/// How many runs or files a warning names.
const NAMED: usize = 20;

pub fn run(command: LogCommand) -> Result<bool, CliError> {
    match command {
        LogCommand::Append { runs, log, heads, journal } => {
            let args = &journal;
            let journal = journal::open_to_act(args)?;
            let mut failed = false;
            for run in &runs {
                let book = book(log.as_deref(), &heads, Some(args)).within(directory_of(run));
                if let Err(error) = append(run, &book, &journal) {
                    report_error(&error);
                    failed = true;
                }
            }
            if failed { Err(CliError::Reported) } else { Ok(true) }
        }
        LogCommand::Verify { path, heads, journal } => verify(&path, &heads, &journal),
        LogCommand::Head { log, out, heads, journal } => {
            let book = book(log.as_deref(), &heads, Some(&journal)).within(Path::new("."));
            let log = log_for(&book, Path::new("."))?;
            let allows = heads.allow_rewritten_log;
            if !goes_on_as_it_is(&log, book.memory(), &journal)? && !allows {
                let problem = "does not hold, so no head was written. Restore the whole log, or accept it as it is (countersign log accept)";
                return Err(CliError::File { path: log, problem: problem.to_owned() });
            }
            head(&log, out.as_deref())
        }
        LogCommand::Prove { runs, log, out, json, heads } => {
            let book = book(log.as_deref(), &heads, None);
            proof::make(&runs, &book, out.as_deref(), json)
        }
        LogCommand::CheckProof { proof, run, head, json } => {
            proof::check(&proof, &run, head.as_deref(), json)
        }
        LogCommand::Accept { path, reason, heads, journal } => {
            accept(&path, &reason, &heads, &journal)
        }
    }
}

/// The logs by what a command names, held against what is remembered of them.
pub fn book(log: Option<&Path>, heads: &LogHeadsArg, journal: Option<&JournalArgs>) -> LogBook {
    LogBook::new(log.map(Path::to_owned), None)
        .remembering(memory(&heads.memory, journal))
        .allowing_rewritten(heads.allow_rewritten_log)
}

/// What is remembered of logs. Without a place for it, that it was not consulted is said.
pub fn memory(place: &MemoryArg, journal: Option<&JournalArgs>) -> Option<LogMemory> {
    let memory = memory_if_any(place, journal);
    if memory.is_none() {
        journal::warn(
            "there is no home directory, so that the memory of logs was not consulted: a log that was cut or rewritten goes unnoticed; name it with --log-heads DIRECTORY",
        );
    }
    memory
}

/// What is remembered of logs and signature files: in the place that is named, in the person's own, or, without a home
/// directory, beside the journal that is named.
pub fn memory_if_any(place: &MemoryArg, journal: Option<&JournalArgs>) -> Option<LogMemory> {
    let beside = || Some(journal?.journal.as_ref()?.with_file_name(DIRECTORY_NAME));
    let own = || journal::state_file(DIRECTORY_NAME).or_else(beside);
    Some(LogMemory::at(&place.log_heads.clone().or_else(own)?, policy_args::now))
}

/// The log that counts for the runs of a directory.
pub fn log_for(book: &LogBook, directory: &Path) -> Result<PathBuf, CliError> {
    book.log_for(directory)
        .map_err(|problem| CliError::File { path: directory.to_owned(), problem })
}

/// Warns of logs that were rewritten since they were seen here, and remembers what was judged.
pub fn warn_of_rewritten(logs: &LogBook) {
    if let Err(error) = logs.remember() {
        journal::warn(&error.to_string());
    }
    logs.rewritten().iter().for_each(|rewritten| journal::warn(&rewritten.to_string()));
    logs.unknown().iter().for_each(|why| journal::warn(why));
}

/// Warns of registered runs that were seen below a directory and are gone, and remembers those that
/// are there.
pub fn warn_of_missing(logs: &LogBook, root: &Path) {
    match logs.missing_runs(root) {
        Ok(missing) => {
            let shown = missing.iter().map(|run| run.display().to_string());
            warn_of_files(
                shown,
                "registered runs that were seen here are missing; find out who deleted or renamed them, or accept that (countersign log accept)",
            );
        }
        Err(error) => journal::warn(&error.to_string()),
    }
}

/// Warns of signature files whose run or manifest is not there.
pub fn warn_of_orphans(found: &directory::Found, root: &Path) {
    let shown = found.orphans.iter().map(|path| root.join(path).display().to_string());
    warn_of_files(
        shown,
        "signature files without the file that they sign; find out who deleted or renamed it",
    );
}

fn warn_of_files(files: impl Iterator<Item = String>, what: &str) {
    let files: Vec<String> = files.collect();
    if files.is_empty() {
        return;
    }
    let mut named = files.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
    if files.len() > NAMED {
        named.push_str(&format!(" and {} more", files.len() - NAMED));
    }
    journal::warn(&format!("{}: {what}: {named}", files.len()));
}

/// Whether a log, if it is or was there, holds in itself and goes on from what was seen of it; if
/// not, that is said, and journalled once.
pub fn goes_on_as_it_is(
    log: &Path,
    memory: Option<&LogMemory>,
    journal: &JournalArgs,
) -> Result<bool, CliError> {
    let rewritten = match logs::check(log, ChainKind::Log, memory) {
        Ok(examined) => {
            if let Some(broken) = examined.summary.broken {
                journal::warn(&format!("{}: {broken}", log.display()));
                return Ok(false);
            }
            if let Some(error) = examined.unknown {
                journal::warn(&error.to_string());
                return Ok(false);
            }
            examined.rewritten
        }
        Err(ReadError::NotFound(_)) => match memory.map(|memory| memory.gone(log)).transpose() {
            Ok(gone) => gone.flatten(),
            Err(error) => {
                journal::warn(&error.to_string());
                return Ok(false);
            }
        },
        Err(error) => return Err(error.into()),
    };
    if let Some(rewritten) = &rewritten {
        journal::warn(&rewritten.to_string());
        note_once(rewritten, memory, journal);
    }
    Ok(rewritten.is_none())
}

/// Journals what was found of a log, unless it has been. If nothing was found, no journal is begun.
fn note_once(rewritten: &Rewritten, memory: Option<&LogMemory>, journal: &JournalArgs) {
    if let Some(memory) = memory {
        note(rewritten, memory, journal::open_if_any(journal).as_ref());
    }
}

/// Journals what was found of logs, each once.
pub fn note_rewritten(book: &LogBook, journal: Option<&Arc<Journal>>) {
    if let Some(memory) = book.memory() {
        book.rewritten().iter().for_each(|rewritten| note(rewritten, memory, journal));
    }
}

fn note(rewritten: &Rewritten, memory: &LogMemory, journal: Option<&Arc<Journal>>) {
    match memory.is_news(rewritten) {
        Ok(true) if journal.is_some() => journal::note(journal, &Event::of_rewritten(rewritten)),
        Ok(_) => {}
        Err(error) => journal::warn(&error.to_string()),
    }
}

fn append(run: &Path, book: &LogBook, journal: &Arc<Journal>) -> Result<(), CliError> {
    let recorder = journal::recorder(journal);
    let now = policy_args::now();
    let appended = registration::register_run(run, book, None, now, recorder.as_ref());
    if let (Err(RegistrationError::Rewritten(rewritten)), Some(memory)) = (&appended, book.memory())
    {
        note(rewritten, memory, Some(journal));
    }
    let appended = appended?;
    journal::tell(journal);
    let verb = match &appended.registered {
        Registered::Added(_) => "Registered",
        Registered::Already(_) => "Registered already:",
    };
    writeln!(
        output::stdout(),
        "{verb} {} as {} in {}",
        visible(&name_of(run)),
        visible(appended.registered.entry_id()),
        appended.log.display()
    )?;
    let title = visible_short(&appended.title, 120);
    let decision = visible_short(&appended.decision_id, 40);
    writeln!(output::stdout(), "  decision  {decision} {title}")?;
    writeln!(output::stdout(), "  run       sha256 {}", appended.digest.grouped())?;
    if let Err(error) = appended.head {
        journal::warn(&format!(
            "the registration stands, and the log's head does not yet say so: {error}"
        ));
    }
    Ok(())
}

fn head(log: &Path, out: Option<&Path>) -> Result<bool, CliError> {
    // The head of a ledger would stand where that of the log does.
    overwrite::check(log, FileKind::TransparencyLog)?;
    let beside = log.with_file_name(LOG_HEAD);
    if let Some(out) = out.filter(|out| *out != Path::new("-")) {
        overwrite::check(out, FileKind::LogHead)?;
    }
    let out = out.unwrap_or(&beside);
    if out == Path::new("-") {
        let head = registration::head(log, policy_args::now())?;
        output::stdout().write_all(head.to_text().as_bytes())?;
        return Ok(true);
    }
    // Read under the lock: a registration meanwhile would have its head written over by an older one.
    let _lock = safe_write::lock(directory_of(out))?;
    let head = registration::head(log, policy_args::now())?;
    safe_write::replace(out, head.to_text().as_bytes(), Access::Shared)?;
    let count = head.entry_count;
    writeln!(output::stdout(), "Wrote {}: {}", out.display(), counted(count, "entry"))?;
    Ok(true)
}

/// The logs that a path names: itself, or those in reach of a directory.
fn named(path: &Path, book: &LogBook) -> Vec<(ChainKind, PathBuf)> {
    match path.is_dir() {
        true => book.in_reach(path),
        false => vec![(logs::kind_of(path), path.to_owned())],
    }
}

fn accept(
    path: &Path,
    reason: &str,
    heads: &LogHeadsArg,
    journal: &JournalArgs,
) -> Result<bool, CliError> {
    if reason.trim().is_empty() {
        return Err(CliError::Usage("pass a reason with --reason".to_owned()));
    }
    let memory = memory_if_any(&heads.memory, Some(journal)).ok_or_else(|| {
        CliError::Usage("there is no place here to remember logs in; pass --log-heads".to_owned())
    })?;
    let book = LogBook::new(None, None).remembering(Some(memory.clone()));
    let named = named(path, &book);
    if named.is_empty() {
        let problem = "there is no transparency log and no authority ledger here".to_owned();
        return Err(CliError::File { path: path.to_owned(), problem });
    }
    let journal = journal::open_to_act(journal)?;
    let recorder = journal::recorder(&journal);
    let mut out = output::stdout();
    for (kind, log) in named {
        let acceptance = LogAcceptance::of(&log, kind, &memory)?;
        // What is lost is listed before it is forgotten.
        for entry in &acceptance.lost {
            writeln!(out, "missing  {entry}")?;
        }
        acceptance.accept(&memory, reason, recorder.as_ref())?;
        writeln!(
            out,
            "Accepted {} as it is: {}, where {} were seen",
            log.display(),
            counted(acceptance.has, "entry"),
            acceptance.had
        )?;
    }
    if path.is_dir() {
        let missing = log_acceptance::accept_missing(path, &memory, reason, recorder.as_ref())?;
        for run in &missing {
            writeln!(out, "Accepted that {} is missing", visible(&run.to_string_lossy()))?;
        }
    }
    journal::tell(&journal);
    Ok(true)
}

/// Lists every entry that a log has lost.
fn list_lost(rewritten: &Rewritten, memory: &LogMemory) -> Result<(), CliError> {
    let mut out = output::stdout();
    match memory.lost(rewritten) {
        Ok(lost) => {
            for entry in lost {
                writeln!(out, "missing  {entry}")?;
            }
        }
        Err(error) => journal::warn(&error.to_string()),
    }
    Ok(())
}

fn verify(path: &Path, heads: &LogHeadsArg, journal: &JournalArgs) -> Result<bool, CliError> {
    let book = book(None, heads, Some(journal)).within(path);
    let memory = book.memory();
    let mut files = named(path, &book);
    if path.is_dir() {
        // Those of directories below it belong to the runs there.
        for file in directory::find_named(path, &[TRANSPARENCY_LOG, AUTHORITY_LEDGER])? {
            let is_ledger = name_of(&file) == AUTHORITY_LEDGER;
            let kind = if is_ledger { ChainKind::Ledger } else { ChainKind::Log };
            if !files.iter().any(|(_, known)| *known == file) {
                files.push((kind, file));
            }
        }
    }
    if files.is_empty() {
        let problem = "there is no transparency log and no authority ledger here".to_owned();
        return Err(CliError::File { path: path.to_owned(), problem });
    }
    let mut holds = true;
    for (kind, file) in files {
        log_copies::warnings(&file).iter().for_each(|warning| journal::warn(warning));
        holds &= verify_one(&file, kind, memory, journal)?;
    }
    if path.is_dir() {
        warn_of_missing(&book, path);
        warn_of_orphans(&directory::find(path)?, path);
    }
    Ok(holds || heads.allow_rewritten_log)
}

fn verify_one(
    file: &Path,
    kind: ChainKind,
    memory: Option<&LogMemory>,
    journal: &JournalArgs,
) -> Result<bool, CliError> {
    let mut out = output::stdout();
    let mut holds = true;
    let rewritten = match logs::check(file, kind, memory) {
        Ok(examined) => {
            let (shown, count) = (file.display(), examined.summary.entries);
            match &examined.summary.broken {
                None => {
                    writeln!(out, "{shown}: {}, the whole chain holds", counted(count, "entry"))?
                }
                Some(broken) => {
                    holds = false;
                    let broken = visible(broken);
                    writeln!(out, "{shown}: {}, broken: {broken}", counted(count, "entry"))?;
                }
            }
            for note in &examined.summary.notes {
                journal::warn(&format!("{shown}: {note}"));
            }
            if let Some(error) = examined.unknown {
                holds = false;
                journal::warn(&format!("{shown}: not checkable: {error}"));
            }
            if let Some(error) = examined.unremembered {
                journal::warn(&error.to_string());
            }
            examined.rewritten
        }
        Err(ReadError::NotFound(path)) => match memory.and_then(|memory| memory.gone(file).ok()?) {
            Some(gone) => Some(gone),
            None => return Err(ReadError::NotFound(path).into()),
        },
        Err(error) => return Err(error.into()),
    };
    if let (Some(rewritten), Some(memory)) = (rewritten, memory) {
        holds = false;
        journal::warn(&rewritten.to_string());
        list_lost(&rewritten, memory)?;
        note_once(&rewritten, Some(memory), journal);
    }
    Ok(holds)
}
