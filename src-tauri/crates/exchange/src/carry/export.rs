//! Exporting envelopes with their logs.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use countersign_envelope::file_name::{
    AUTHORITY_LEDGER, MAX_BYTES, MAX_LOG_BYTES, TRANSPARENCY_LOG,
};
use countersign_journal::{ArchiveFacts, Event, Recorder};
use countersign_problem::{Words, words};
use countersign_store::archive::{Archive, Unfit};
use countersign_store::companions;
use countersign_store::directory;
use countersign_store::envelope_files::EnvelopeBytes;
use countersign_store::logs::LogBook;
use countersign_store::reading::{self, ReadReason, directory_of, name_of};
use serde::Serialize;

use super::envelope::{Carried, NotCarried, carried, sound};
use super::error::CarryError;
use crate::merge;

/// What was exported.
#[derive(Debug, Clone, Serialize)]
pub struct ExportReport {
    /// The digest that two people compare, 64 hex digits.
    pub digest: String,
    /// The envelopes in it.
    pub envelopes: Vec<Carried>,
    /// What was left out.
    pub left_out: Vec<NotCarried>,
    /// Logs and ledgers in it that do not go on from what this station remembers of them.
    pub warnings: Vec<Words>,
}

/// Puts envelopes into one zip: runs, named by any of their files, and whole directories of them.
/// The export is recorded before it is written. The current files are exported as they are; logs
/// that do not continue what the station remembers are listed in the report and in the book.
///
/// # Errors
/// Fails if a source cannot be read, nothing can be exported, or the file cannot be written. The
/// report names envelopes that cannot be exported.
pub fn export(
    sources: &[PathBuf],
    out: &Path,
    book: &LogBook,
    recorder: &dyn Recorder,
) -> Result<ExportReport, CarryError> {
    let (archive, report) = collect(sources, book)?;
    let facts = ArchiveFacts {
        kind: "export",
        archive: out.display().to_string(),
        digest: archive.digest().to_string(),
        file: report.envelopes.first().map(|one| one.file.clone()).unwrap_or_default(),
        envelopes: report.envelopes.len() as u64,
    };
    recorder.record(&Event::ArchiveAttempted(facts.clone()))?;
    archive.write_zip(out)?;
    // The file is written; a journal that fails only now has the attempt.
    let _ = recorder.record(&Event::ArchiveWritten(facts));
    Ok(report)
}

pub(super) fn collect(
    sources: &[PathBuf],
    book: &LogBook,
) -> Result<(Archive, ExportReport), CarryError> {
    let mut archive = Archive::default();
    let (mut envelopes, mut left_out) = (Vec::new(), Vec::new());
    // The source of each folder of the archive.
    let mut folders: BTreeSet<(String, PathBuf)> = BTreeSet::new();
    for source in sources {
        let (root, runs) = if source.is_dir() {
            let found = directory::find(source)?;
            let unsearched = |why| NotCarried { file: source.display().to_string(), why };
            left_out.extend(found.unreadable.into_iter().map(unsearched));
            (source.as_path(), found.runs)
        } else {
            let run = merge::run_of(source);
            reading::read(&run, directory_of(source), MAX_BYTES)?;
            (directory_of(source), vec![PathBuf::from(name_of(&run))])
        };
        for inside in runs {
            let run = root.join(&inside);
            let not_carried =
                |path: &Path, why| NotCarried { file: path.display().to_string(), why };
            let folder = folder_name(&inside).ok_or_else(|| CarryError::Name {
                name: directory_of(&inside).display().to_string(),
                why: words!("archive-name-unicode"),
            })?;
            let logs = book.for_directory(directory_of(&run));
            let bytes = EnvelopeBytes::read(&run, root, &logs);
            let found = match &bytes.run {
                Some(Ok(bytes)) => sound(bytes),
                Some(Err(why)) => Err(Words::from(why)),
                None => Err(Words::from(ReadReason::NotFound)),
            };
            let found = match found {
                Ok(run) => run,
                Err(why) => {
                    left_out.push(not_carried(&run, why));
                    continue;
                }
            };
            for (name, read) in bytes.files() {
                match read {
                    Ok(bytes) => add(&mut archive, &format!("{folder}{name}"), bytes)?,
                    Err(why) => left_out.push(not_carried(&run.with_file_name(name), why.into())),
                }
            }
            for companion in companions::of(&found, directory_of(&run), &logs) {
                let added = companion.read().map_err(|error| Words::from(error.reason())).and_then(
                    |bytes| match add(&mut archive, &format!("{folder}{}", companion.name), &bytes)
                    {
                        Err(CarryError::Clash(_)) => Err(words!("carry-same-name")),
                        other => other.map_err(Words::from),
                    },
                );
                if let Err(why) = added {
                    left_out.push(not_carried(&companion.path, why));
                }
            }
            let carried = carried(format!("{folder}{}", name_of(&run)), &found);
            if !envelopes.contains(&carried) {
                envelopes.push(carried);
            }
            folders.insert((folder, directory_of(&run).to_owned()));
        }
    }
    if envelopes.is_empty() {
        return Err(CarryError::Nothing);
    }
    for (folder, directory) in folders {
        let logs = book.for_directory(&directory);
        for (path, standing, name) in [
            (&logs.log_place, &logs.log_standing, TRANSPARENCY_LOG),
            (&logs.ledger_place, &logs.ledger_standing, AUTHORITY_LEDGER),
        ] {
            if let Some(why) = &standing.undecided {
                let file = directory.join(name).display().to_string();
                left_out.push(NotCarried { file, why: why.into() });
            }
            let Some(path) = path else { continue };
            let why = match reading::read(path, directory_of(path), MAX_LOG_BYTES) {
                Ok(bytes) => match add(&mut archive, &format!("{folder}{name}"), &bytes) {
                    Err(CarryError::Clash(_)) => {
                        words!("carry-same-name")
                    }
                    other => {
                        other?;
                        continue;
                    }
                },
                Err(error) => error.reason().into(),
            };
            left_out.push(NotCarried { file: path.display().to_string(), why });
        }
    }
    let digest = archive.digest().hex();
    let rewritten = book.rewritten().into_iter().map(Words::from);
    let warnings = rewritten.chain(book.unknown().iter().map(Words::from)).collect();
    Ok((archive, ExportReport { digest, envelopes, left_out, warnings }))
}

/// Adds a file; the same one twice is one.
fn add(archive: &mut Archive, name: &str, bytes: &[u8]) -> Result<(), CarryError> {
    if archive.get(name) == Some(bytes) {
        return Ok(());
    }
    archive.add(name, bytes.to_vec()).map_err(|unfit| match unfit {
        Unfit::Name(why) => CarryError::Name { name: name.to_owned(), why },
        Unfit::Twice => CarryError::Clash(name.to_owned()),
    })
}

/// The folder of a path inside a directory, as archives write it: empty, or with a slash behind.
/// `None` if its name is not Unicode, which archives cannot carry.
fn folder_name(inside: &Path) -> Option<String> {
    let parts = inside.parent().into_iter().flat_map(Path::components);
    parts.map(|part| Some(format!("{}/", part.as_os_str().to_str()?))).collect()
}
