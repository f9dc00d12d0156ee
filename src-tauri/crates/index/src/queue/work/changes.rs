//! What is noticed: changes to files and directories, until they are checked.

use std::fs;
use std::path::Path;
use std::time::Instant;

use countersign_envelope::file_name::{
    AUTHORITY_BOUNDARY, AUTHORITY_LEDGER, REFERENCE_LEDGER, REFERENCE_LOG, TRANSPARENCY_LOG,
    run_of_manifest,
};
use countersign_envelope::run_time_stamp;
use countersign_store::checkpoint_file::{CHECKPOINT, WITNESSED};
use countersign_store::watch::Noticed;

use super::copies::run_of_copy;
use super::look::Ticket;
use super::search::Search;
use super::{AFTER_BURST, Worker};
use crate::judged::RunName;
use crate::queue::table::Key;

impl Worker {
    pub(super) fn notice(&mut self, noticed: Noticed) {
        let now = Instant::now();
        let (path, is_name) = match noticed {
            Noticed::Mounts => return self.root_due = Some(now),
            Noticed::Overflow => {
                self.files.add(now);
                self.burst_due = Some(now + AFTER_BURST);
                return;
            }
            Noticed::Content(path) => (path, false),
            Noticed::Name(path) => (path, true),
        };
        if self.root.is_none() {
            // Whatever it is, it may be that the directory is back.
            return self.root_due = Some(now);
        }
        if self.outside.iter().any(|outside| outside.is_touched_by(&path)) {
            self.outside_changed = true;
            self.files.add(now);
        }
        if path == self.shared.root {
            self.root_due = Some(now);
            return;
        }
        if !path.starts_with(&self.shared.root) {
            return;
        }
        if is_log(&path) {
            self.logs.add(now);
        }
        if let Some(ticket) = self.ticket_of(&path) {
            self.changed_runs.insert(ticket);
            self.files.add(now);
        } else if is_name || is_copy(&path) || of_several(&path).is_some() {
            // A directory, or unrelated: the disk will report it.
            self.changed_names.insert(path);
            self.files.add(now);
        }
        if let Some(due) = &mut self.burst_due {
            *due = now + AFTER_BURST;
        }
    }

    /// The envelope that a file belongs to, by its name alone.
    pub(super) fn ticket_of(&mut self, path: &Path) -> Option<Ticket> {
        let name = path.file_name()?.to_str()?;
        let artifact = name.strip_suffix(".sig.json").or(name.strip_suffix(".refusals.json"));
        let artifact = artifact.unwrap_or(name);
        let name = match run_of_manifest(artifact) {
            Some(run) => RunName::of_file(&run)?,
            None => RunName::of_file(artifact)?,
        };
        let folder = path.parent()?.strip_prefix(&self.shared.root).ok()?;
        let folder = self.table_mut().folder(folder);
        Some(Ticket::new(Key { folder, name }))
    }

    pub(super) fn look_at_changes(&mut self) {
        self.look_outside();
        let runs = std::mem::take(&mut self.changed_runs);
        self.add(runs, true);
        for path in std::mem::take(&mut self.changed_names) {
            let Ok(inside) = path.strip_prefix(&self.shared.root).map(Path::to_owned) else {
                continue;
            };
            if is_copy(&path) {
                self.see_copy(&inside, path.exists());
                continue;
            }
            if let Some(directory) = of_several(&inside) {
                let runs = self.table().keys_below(directory).map(Ticket::new).collect();
                self.add(runs, true);
            } else if fs::symlink_metadata(&path).is_ok_and(|meta| meta.is_dir()) {
                match &mut self.search {
                    Some(search) => search.add(inside),
                    None => self.search = Some(Search::below(inside)),
                }
            } else {
                let table = self.table();
                let gone = table.keys_below(&inside).map(Ticket::new).collect();
                drop(table);
                self.add(gone, true);
                self.unsearched.retain(|directory, _| !directory.starts_with(&inside));
            }
        }
    }

    /// A conflict copy, seen from the root, came, changed or went.
    fn see_copy(&mut self, path: &Path, is_there: bool) {
        let name = path.file_name().and_then(|name| name.to_str());
        if let (Some(folder), Some(name)) = (path.parent(), name)
            && let Some(run) = run_of_copy(name)
        {
            let folder = self.table_mut().folder(folder);
            self.copies.see(Key { folder, name: run }, name.to_owned(), is_there);
        }
    }
}

/// Whether a file is a conflict copy by its name.
fn is_copy(path: &Path) -> bool {
    path.file_name().and_then(|name| name.to_str()).and_then(run_of_copy).is_some()
}

/// The directory of the runs that a file may belong to, which its name does not say: the authority
/// boundary of all of them, or the time stamp of one; `None` if it is neither by its name.
fn of_several(path: &Path) -> Option<&Path> {
    if path.file_name()? == AUTHORITY_BOUNDARY {
        return path.parent();
    }
    let directory = path.parent()?.parent()?;
    let name = path.strip_prefix(directory).ok()?.to_str()?;
    run_time_stamp::is_name(name).then_some(directory)
}

/// Whether a file, or the directory that one is in, is a log by its name.
fn is_log(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let reference = [REFERENCE_LOG, REFERENCE_LEDGER];
    [TRANSPARENCY_LOG, AUTHORITY_LEDGER, CHECKPOINT, WITNESSED].contains(&name)
        || reference.iter().any(|[_, directory, file]| [*directory, *file].contains(&name))
}
