//! The logs and ledgers that rows were judged by.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::Worker;
use super::look::Ticket;
use super::timing::Debounce;
use crate::catalogue::KeptFolder;
use crate::judged::LogEntry;
use crate::queue::table::{Entry, FolderLogs, Key};

impl Worker {
    /// The logs of the folders of a batch, read before any of it is judged.
    pub(super) fn open_logs(&mut self, batch: &[Key]) {
        let folders: HashSet<u32> = batch.iter().map(|key| key.folder).collect();
        let book = Arc::clone(&self.context().logs);
        for folder in folders {
            let table = self.table();
            let Some(known) = table.folders.get(folder as usize) else { continue };
            let (path, is_new) = (known.path.clone(), known.logs.is_none());
            drop(table);
            let logs = book.for_directory(&self.shared.root.join(&path));
            if is_new {
                let condition = logs.condition();
                let logs = FolderLogs { stamps: logs.stamps, condition };
                self.set_folder_logs(folder, logs, &[]);
            }
        }
    }

    /// Judges again what depends on a log or a ledger that has changed.
    pub(super) fn check_logs(&mut self) {
        self.logs = Debounce::default();
        let book = Arc::clone(&self.context().logs);
        book.look_again();
        let table = self.table();
        let known: Vec<_> = table
            .folders
            .iter()
            .zip(0_u32..)
            .filter_map(|(folder, id)| Some((id, folder.path.clone(), folder.logs.clone()?)))
            .collect();
        // A person may have accepted elsewhere what signers saw otherwise.
        let forked: HashSet<u32> = table.forked().map(|(key, _)| key.folder).collect();
        drop(table);
        let root = self.shared.root.clone();
        let mut changes = HashMap::new();
        for (id, path, before) in known {
            let directory = root.join(path);
            // A finding from an earlier session is checked again: a person may have accepted it, or
            // the memory may have changed.
            let is_in_doubt =
                || forked.contains(&id) || before.is_in_doubt() || book.is_in_doubt(&directory);
            if book.stamps(&directory) == before.stamps && !is_in_doubt() {
                continue;
            }
            let logs = book.for_directory(&directory);
            let condition = logs.condition();
            if (logs.stamps, &condition) == (before.stamps, &before.condition) {
                continue;
            }
            changes.insert(id, (before, logs, condition));
        }
        if changes.is_empty() {
            return;
        }
        let depends = |key: &Key, entry: &Entry| {
            let Some((before, logs, condition)) = changes.get(&key.folder) else { return false };
            let facts = &entry.facts;
            let ledger = logs.stamps.ledger != before.stamps.ledger && facts.refers_to_ledger;
            let log = logs.stamps.log != before.stamps.log
                && (LogEntry::of(logs.readable_log(), &facts.registered) != facts.entry
                    || !facts.sees_the_same(logs.readable_log()));
            ledger || log || *condition != before.condition
        };
        let table = self.table();
        let dependent = table.entries().filter(|(key, entry)| depends(key, entry));
        let dependent: Vec<Key> = dependent.map(|(key, _)| key).collect();
        drop(table);
        for (folder, (_, logs, condition)) in changes {
            let of_folder: Vec<_> =
                dependent.iter().filter(|key| key.folder == folder).copied().collect();
            let logs = FolderLogs { stamps: logs.stamps, condition };
            self.set_folder_logs(folder, logs, &of_folder);
        }
        self.add(dependent.into_iter().map(Ticket::new).collect(), false);
    }

    /// Notes by which logs the rows of a folder were judged, and that some were by others.
    fn set_folder_logs(&mut self, folder: u32, logs: FolderLogs, doubtful: &[Key]) {
        let stamps = doubtful.iter().filter_map(|key| Some((*key, self.table().stamp(*key)?)));
        let stamps: Vec<_> = stamps.collect();
        self.by_logs.extend(stamps);
        let mut table = self.table_mut();
        doubtful.iter().for_each(|key| table.doubt(*key));
        let Some(known) = table.folders.get_mut(folder as usize) else { return };
        let path = known.path.clone();
        known.logs = Some(logs.clone());
        drop(table);
        let FolderLogs { stamps, condition } = logs;
        let kept = KeptFolder { path, stamps, condition };
        self.write(|changes| {
            changes.folder(&kept)?;
            doubtful.iter().try_for_each(|key| changes.forget(&kept.path, &key.name.file()))
        });
    }
}
