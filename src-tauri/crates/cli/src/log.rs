//! `countersign log`: the transparency log.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use countersign_envelope::file_name::{AUTHORITY_LEDGER, MAX_BYTES, signature_of};
use countersign_envelope::signature::Role;
use countersign_envelope::signature_file::SignatureFile;
use countersign_envelope::transparency_log::NewRegistration;
use countersign_envelope::visible::visible;
use countersign_station::journal::{Event, Journal};
use countersign_station::logs::{self, read_chain};
use countersign_station::reading::{self, ReadError, directory_of, name_of};
use countersign_station::registration::{self, Registered};
use countersign_station::signing::{self, Scope};

use crate::args::LogCommand;
use crate::error::CliError;
use crate::{journal, policy_args, report_error};

pub fn run(command: LogCommand) -> Result<bool, CliError> {
    match command {
        LogCommand::Append { runs, log, journal } => {
            let journal = journal::open(&journal);
            let mut failed = false;
            for run in &runs {
                if let Err(error) = append(run, log.as_deref(), journal.as_ref()) {
                    report_error(&error);
                    failed = true;
                }
            }
            if failed { Err(CliError::Reported) } else { Ok(true) }
        }
        LogCommand::Verify { path } => verify(&path),
    }
}

fn append(run: &Path, log: Option<&Path>, journal: Option<&Arc<Journal>>) -> Result<(), CliError> {
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
    let (verb, id) = match registration::register(&log, new)? {
        Registered::Added(id) => {
            let (file, log) = (run.display().to_string(), log.display().to_string());
            let event = Event::Registered { file, log, registration: id.clone() };
            journal::note(journal, &event);
            ("Registered", id)
        }
        Registered::Already(id) => ("Registered already:", id),
    };
    writeln!(
        anstream::stdout(),
        "{verb} {} as {} in {}",
        visible(&name),
        visible(&id),
        log.display()
    )?;
    Ok(())
}

fn signatures(run: &Path) -> Result<Option<SignatureFile>, CliError> {
    let path = run.with_file_name(signature_of(&name_of(run)));
    match reading::read(&path, directory_of(&path), MAX_BYTES) {
        Ok(bytes) => Ok(SignatureFile::parse(&bytes).ok()),
        Err(ReadError::NotFound(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn verify(path: &Path) -> Result<bool, CliError> {
    let files: Vec<PathBuf> = if path.is_dir() {
        let log = logs::transparency_log_path(None, path);
        let ledger = path.join(AUTHORITY_LEDGER);
        [log, ledger].into_iter().filter(|file| file.exists()).collect()
    } else {
        vec![path.to_owned()]
    };
    if files.is_empty() {
        let problem = "there is no transparency log and no authority ledger here".to_owned();
        return Err(CliError::File { path: path.to_owned(), problem });
    }
    let mut holds = true;
    for file in files {
        let chain = read_chain(&file)?;
        let (shown, count) = (file.display(), chain.entries.len());
        match &chain.broken {
            None => {
                writeln!(anstream::stdout(), "{shown}: {count} entries, the whole chain holds")?
            }
            Some(broken) => {
                holds = false;
                let broken = visible(broken);
                writeln!(anstream::stdout(), "{shown}: {count} entries, broken: {broken}")?;
            }
        }
    }
    Ok(holds)
}
