//! `countersign log`: the transparency log.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use countersign_envelope::chain::Chain;
use countersign_envelope::file_name::{AUTHORITY_LEDGER, LOG_HEAD, MAX_BYTES, signature_of};
use countersign_envelope::signature::Role;
use countersign_envelope::signature_file::SignatureFile;
use countersign_envelope::transparency_log::{NewRegistration, TransparencyLog};
use countersign_envelope::visible::{visible, visible_short};
use countersign_station::journal::{Event, Journal};
use countersign_station::log_copies;
use countersign_station::log_memory::{DIRECTORY_NAME, LogMemory, Rewritten};
use countersign_station::logs::{self, LogBook, read_chain};
use countersign_station::reading::{self, ReadError, directory_of, name_of};
use countersign_station::registration::{self, Registered, RegistrationError};
use countersign_station::safe_write::{self, Access};
use countersign_station::signing::{self, Scope};

use crate::args::{JournalArgs, LogCommand, LogHeadsArg};
use crate::error::CliError;
use crate::{journal, output, policy_args, proof, report_error};

pub fn run(command: LogCommand) -> Result<bool, CliError> {
    match command {
        LogCommand::Append { runs, log, heads, journal } => {
            let memory = memory(&heads, Some(&journal));
            let journal = Some(journal::open_to_act(&journal)?);
            let mut failed = false;
            for run in &runs {
                if let Err(error) = append(run, log.as_deref(), memory.as_ref(), journal.as_ref()) {
                    report_error(&error);
                    failed = true;
                }
            }
            if failed { Err(CliError::Reported) } else { Ok(true) }
        }
        LogCommand::Verify { path, heads, journal } => {
            verify(&path, memory(&heads, Some(&journal)).as_ref(), &journal)
        }
        LogCommand::Head { log, out, heads, journal } => {
            let log = logs::transparency_log_path(log.as_deref(), Path::new("."));
            if !goes_on_as_it_is(&log, memory(&heads, Some(&journal)).as_ref(), &journal)? {
                let problem = "is not whole, so no head was written. Put the whole log back, or take it as it is (countersign log accept)";
                return Err(CliError::File { path: log, problem: problem.to_owned() });
            }
            head(&log, out.as_deref())
        }
        LogCommand::Prove { runs, log, out, json, heads } => {
            proof::make(&runs, log.as_deref(), out.as_deref(), json, memory(&heads, None).as_ref())
        }
        LogCommand::CheckProof { proof, run, head, json } => {
            proof::check(&proof, &run, head.as_deref(), json)
        }
        LogCommand::Accept { path, heads, journal } => {
            accept(&path, memory_if_any(&heads, Some(&journal)).as_ref(), &journal)
        }
    }
}

/// What is remembered of logs. Without a place for it, that it was not consulted is said.
pub fn memory(heads: &LogHeadsArg, journal: Option<&JournalArgs>) -> Option<LogMemory> {
    let memory = memory_if_any(heads, journal);
    if memory.is_none() {
        journal::warn(
            "there is no home directory, so that the memory of logs was not consulted: a log that was cut or rewritten goes unnoticed; name it with --log-heads DIRECTORY",
        );
    }
    memory
}

/// What is remembered of logs: in the place that is named, in the person's own, or, without a home
/// directory, beside the journal that is named.
pub fn memory_if_any(heads: &LogHeadsArg, journal: Option<&JournalArgs>) -> Option<LogMemory> {
    let beside = || Some(journal?.journal.as_ref()?.with_file_name(DIRECTORY_NAME));
    let own = || journal::state_file(DIRECTORY_NAME).or_else(beside);
    Some(LogMemory::at(&heads.log_heads.clone().or_else(own)?, policy_args::now))
}

/// Warns of logs that were rewritten since they were seen here.
pub fn warn_of_rewritten(logs: &LogBook) {
    logs.rewritten().iter().for_each(|rewritten| journal::warn(&rewritten.to_string()));
    logs.unknown().iter().for_each(|why| journal::warn(why));
}

/// Whether a log goes on from what was seen of it; where it does not, that is said and journalled
/// once.
pub fn goes_on(
    log: &Path,
    found: Option<&TransparencyLog>,
    memory: Option<&LogMemory>,
    journal: Option<&JournalArgs>,
) -> bool {
    let Some(memory) = memory else { return true };
    match memory.look(log, found) {
        Ok(None) => true,
        Ok(Some(rewritten)) => {
            journal::warn(&rewritten.to_string());
            // Where nothing was found, no journal is begun for it.
            if let Some(journal) = journal {
                note(&rewritten, memory, journal::open_if_any(journal).as_ref());
            }
            false
        }
        Err(error) => {
            journal::warn(&error.to_string());
            true
        }
    }
}

/// Whether a log, where there is or was one, is whole in itself and goes on from what was seen of it.
pub fn goes_on_as_it_is(
    log: &Path,
    memory: Option<&LogMemory>,
    journal: &JournalArgs,
) -> Result<bool, CliError> {
    let found = match logs::read_log(log) {
        Ok(found) => Some(found),
        Err(ReadError::NotFound(_)) => None,
        Err(error) => return Err(error.into()),
    };
    if let Some(broken) = found.as_ref().and_then(|found| found.broken.as_deref()) {
        journal::warn(&format!("{}: {broken}", log.display()));
        return Ok(false);
    }
    Ok(goes_on(log, found.as_ref(), memory, Some(journal)))
}

/// Journals what was found of a log, unless it has been.
fn note(rewritten: &Rewritten, memory: &LogMemory, journal: Option<&Arc<Journal>>) {
    match memory.is_news(rewritten) {
        Ok(true) if journal.is_some() => journal::note(journal, &Event::of_rewritten(rewritten)),
        Ok(_) => {}
        Err(error) => journal::warn(&error.to_string()),
    }
}

fn append(
    run: &Path,
    log: Option<&Path>,
    memory: Option<&LogMemory>,
    journal: Option<&Arc<Journal>>,
) -> Result<(), CliError> {
    // What must not be signed must not be registered either.
    let reading = signing::read(run, Scope::RunAndManifest, None)?;
    let name = name_of(run);
    let new = registration::registration(reading.run(), &name, policy_args::now());
    let new = new.ok_or_else(|| CliError::File {
        path: run.to_owned(),
        problem: "has no commit hash to register; it was sealed before v1.1".to_owned(),
    })?;
    let signatures = signatures(run)?;
    let signed = signatures.as_ref().map(SignatureFile::signatures).unwrap_or_default();
    let witness = signed.iter().find(|signature| signature.role() == Some(Role::Witness));
    let new = NewRegistration {
        signing_key_id: signed.first().map(|signature| signature.key_id()),
        witness_key_id: witness.map(|signature| signature.key_id()),
        ..new
    };
    let log = logs::transparency_log_path(log, directory_of(run));
    let appended = registration::register(&log, new, memory);
    if let (Err(RegistrationError::Rewritten(rewritten)), Some(memory)) = (&appended, memory) {
        note(rewritten, memory, journal);
    }
    let appended = appended?;
    let (verb, id) = match appended.registered {
        Registered::Added(id) => {
            let (file, log) = (run.display().to_string(), log.display().to_string());
            let event = Event::Registered { file, log, registration: id.clone() };
            journal::note(journal, &event);
            ("Registered", id)
        }
        Registered::Already(id) => ("Registered already:", id),
    };
    writeln!(
        output::stdout(),
        "{verb} {} as {} in {}",
        visible(&name),
        visible(&id),
        log.display()
    )?;
    let title = visible_short(reading.run().title().unwrap_or_default(), 120);
    let decision = visible_short(reading.run().decision_id().unwrap_or("?"), 40);
    writeln!(output::stdout(), "  decision  {decision} {title}")?;
    let digest = reading.run().artifact().canonical().digest();
    writeln!(output::stdout(), "  run       sha256 {}", digest.grouped())?;
    if let Err(error) = appended.head {
        journal::warn(&format!(
            "the registration stands, and the log's head does not yet say so: {error}"
        ));
    }
    Ok(())
}

fn head(log: &Path, out: Option<&Path>) -> Result<bool, CliError> {
    let beside = log.with_file_name(LOG_HEAD);
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
    writeln!(output::stdout(), "Wrote {}: {count} entries", out.display())?;
    Ok(true)
}

fn accept(
    path: &Path,
    memory: Option<&LogMemory>,
    journal: &JournalArgs,
) -> Result<bool, CliError> {
    let memory = memory.ok_or_else(|| {
        CliError::Usage("there is no place here to remember logs in; give --log-heads".to_owned())
    })?;
    let log = if path.is_dir() { logs::transparency_log_path(None, path) } else { path.to_owned() };
    let found = match logs::read_log(&log) {
        Ok(found) => Some(found),
        Err(ReadError::NotFound(_)) => None,
        Err(error) => return Err(error.into()),
    };
    let (shown, has) = (log.display(), found.as_ref().map_or(0, |found| found.len));
    if let Some(broken) = found.as_ref().and_then(|found| found.broken.as_deref()) {
        let problem =
            format!("the log is broken, {broken}; it is not accepted. Restore it from a copy");
        return Err(CliError::File { path: log.clone(), problem });
    }
    let journal = journal::open_to_act(journal)?;
    let seen = memory.accept(&log, found.as_ref())?;
    let had = seen.map_or(0, |seen| seen.entries);
    let event =
        Event::LogAccepted { log: log.display().to_string(), had: had as u64, has: has as u64 };
    journal::note(Some(&journal), &event);
    writeln!(output::stdout(), "Accepted {shown} as it is: {has} entries, where {had} were seen")?;
    Ok(true)
}

fn signatures(run: &Path) -> Result<Option<SignatureFile>, CliError> {
    let path = run.with_file_name(signature_of(&name_of(run)));
    match reading::read(&path, directory_of(&path), MAX_BYTES) {
        Ok(bytes) => Ok(SignatureFile::parse(&bytes).ok()),
        Err(ReadError::NotFound(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn verify(
    path: &Path,
    memory: Option<&LogMemory>,
    journal: &JournalArgs,
) -> Result<bool, CliError> {
    let log = if path.is_dir() { logs::transparency_log_path(None, path) } else { path.to_owned() };
    let mut holds = log.exists() || goes_on(&log, None, memory, Some(journal));
    let files: Vec<PathBuf> = if path.is_dir() {
        let ledger = path.join(AUTHORITY_LEDGER);
        [log.clone(), ledger].into_iter().filter(|file| file.exists()).collect()
    } else {
        vec![path.to_owned()]
    };
    if files.is_empty() && !holds {
        return Ok(false);
    }
    if files.is_empty() {
        let problem = "there is no transparency log and no authority ledger here".to_owned();
        return Err(CliError::File { path: path.to_owned(), problem });
    }
    for file in files {
        log_copies::warnings(&file).iter().for_each(|warning| journal::warn(warning));
        let chain = read_chain(&file)?;
        let (shown, count, broken) = (file.display(), chain.entries.len(), chain.broken.clone());
        if file == log && !is_ledger(&chain) {
            let found = TransparencyLog::from(chain);
            holds &= goes_on(&log, Some(&found), memory, Some(journal));
        }
        match &broken {
            None => writeln!(output::stdout(), "{shown}: {count} entries, the whole chain holds")?,
            Some(broken) => {
                holds = false;
                let broken = visible(broken);
                writeln!(output::stdout(), "{shown}: {count} entries, broken: {broken}")?;
            }
        }
    }
    Ok(holds)
}

/// Whether a file that is named by itself is an authority ledger: nothing is remembered of those.
fn is_ledger(chain: &Chain) -> bool {
    chain.entries.first().is_some_and(|entry| entry.object.has("authority_id"))
}
