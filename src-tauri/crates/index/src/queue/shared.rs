//! What the queue and its thread share.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use countersign_store::logs::ForkedLogs;
use parking_lot::{Mutex, RwLock};

use super::query::{QueueGroup, QueueQuery};
use super::rules::Context;
use super::state::State;
use super::table::Table;

/// State shared by the queue and its thread.
#[derive(Debug)]
pub(super) struct Shared {
    pub root: PathBuf,
    pub table: RwLock<Table>,
    pub context: RwLock<Arc<Context>>,
    pub state: Mutex<State>,
    /// The last list that was asked for, so that scrolling does not sort.
    pub listed: Mutex<Option<Listed>>,
    /// Set to stop the work.
    pub stop: AtomicBool,
    /// Set when the queue is dropped.
    pub closed: AtomicBool,
}

impl Shared {
    /// The logs whose history is not the one that signers saw.
    pub fn forked_logs(&self) -> ForkedLogs {
        let book = Arc::clone(&self.context.read().logs);
        let table = self.table.read();
        let rows = table.forked().filter_map(|(key, entry)| {
            let folder = table.folders.get(key.folder as usize)?;
            Some((self.root.join(&folder.path), entry.facts.forks.clone()))
        });
        let rows: Vec<_> = rows.collect();
        // No row waits while a log is read.
        drop(table);
        let mut forked = ForkedLogs::default();
        for (folder, forks) in rows {
            forked.add(&book.for_directory(&folder), &forks);
        }
        forked
    }
}

/// The rows that match a query.
#[derive(Debug, Clone)]
pub(super) struct Listed {
    pub query: QueueQuery,
    /// The state of the table that was searched.
    pub revision: u32,
    /// Their ids, in order.
    pub ids: Arc<[u32]>,
    /// How many envelopes a person can do something about now, whatever the query.
    pub for_you: u32,
    /// Where each group begins, if the rows are grouped.
    pub groups: Arc<[QueueGroup]>,
}
