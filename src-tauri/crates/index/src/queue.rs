//! The queue: the envelopes below one directory, judged and kept current while files come, change
//! and go, for a hundred thousand of them.
//!
//! One thread of its own does all the work and holds everything that only work needs (`work`);
//! what is shown lies in a table that is locked only to put rows in or to take some out (`table`).

mod keyring;
mod last_read;
mod own;
mod query;
mod roots;
mod row;
mod rules;
mod shared;
mod state;
mod table;
mod trouble;
mod work;

use countersign_problem::Problem;
use parking_lot::{Mutex, RwLock};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Sender};
use std::thread::JoinHandle;

use countersign_admissibility::continuation::Fork;
use countersign_envelope::digest::Digest;
use countersign_envelope::instant::Instant;

use crate::history::{self, ExportError, HistoryFilter, HistoryFormat, HistoryView};
use countersign_store::directory::DirectoryError;
use countersign_store::log_memory::{ChainKind, LogMemory, Rewritten};
use countersign_store::logs::LogBook;
use countersign_store::overwrite;
use countersign_store::reading::directory_of;
use countersign_store::safe_write::{self, Access};
use countersign_store::stamp::EnvelopeStamp;
use keyring::KeyringInForce;
use roots::RootsInForce;
use shared::{Listed, Shared};
use state::alarm_id;
use table::{Table, Written};
use work::{InForce, Message, Worker};

pub use crate::history::LevelFilter;
pub use own::{KeyAtHand, OwnAct};
pub use query::{Changes, QueueQuery, QueueShow, QueueSort, QueueWindow};
pub use row::{Dot, QueueRow};
pub use rules::{Context, Rules};
pub use state::{Event, LogAlarm, Presence, Progress, State, Work};

/// What the station keeps between two openings of a directory.
#[derive(Debug, Default)]
pub struct Kept {
    /// The file of verdicts; `None` if everything is judged again.
    pub catalogue: Option<PathBuf>,
    /// The heads of the logs that the station has read; `None` if it remembers none.
    pub memory: Option<LogMemory>,
}

impl Kept {
    /// A catalogue without a memory of logs.
    pub fn catalogue(catalogue: PathBuf) -> Self {
        Self { catalogue: Some(catalogue), memory: None }
    }
}

/// Why a queue cannot be opened.
#[derive(Debug, Problem)]
#[non_exhaustive]
pub enum QueueError {
    /// The directory cannot be searched.
    #[problem(transparent)]
    Directory(#[from] DirectoryError),
    /// The operating system provides no thread.
    Thread(std::io::Error),
}

/// The envelopes below one directory. Every method is quick, and may be called from any thread.
/// Work ends when it is dropped.
#[derive(Debug)]
pub struct Queue {
    shared: Arc<Shared>,
    messages: Sender<Message>,
    worker: Option<JoinHandle<()>>,
}

impl Queue {
    /// Opens the queue of a directory. Rows from the catalogue are listed at once and compared with
    /// the disk; other envelopes are judged.
    ///
    /// # Errors
    /// Fails with [`QueueError::Directory`] if the directory does not exist.
    pub fn open(
        root: &Path,
        rules: Rules,
        kept: Kept,
        now: fn() -> Instant,
        listener: impl Fn(Event) + Send + Sync + 'static,
    ) -> Result<Self, QueueError> {
        let Kept { catalogue, memory } = kept;
        let root = std::path::absolute(root).unwrap_or_else(|_| root.to_owned());
        if !root.is_dir() {
            return Err(DirectoryError::NotADirectory(root).into());
        }
        let (messages, inbox) = mpsc::channel();
        // Read before anything can be judged: without it, every key would be a stranger's.
        let mut keyring = KeyringInForce::default();
        keyring.look(&rules.keyring, rules.brought);
        let mut roots = RootsInForce::default();
        roots.look(&rules);
        let logs = LogBook::new(rules.log.clone(), rules.ledger.clone());
        let logs = Arc::new(logs.remembering(memory).within(&root));
        let context = Context::of(&rules, &keyring, &roots, logs, now);
        let shared = Arc::new(Shared {
            root,
            table: RwLock::default(),
            context: RwLock::new(Arc::new(context)),
            state: Mutex::new(State {
                presence: Presence::Here,
                progress: Some(Progress { doing: Work::Comparing, done: 0, total: None }),
                stopped: false,
                conflict_copies: 0,
                troubles: Vec::new(),
                log_alarms: Vec::new(),
            }),
            listed: Mutex::default(),
            stop: AtomicBool::new(false),
            closed: AtomicBool::new(false),
        });
        let (of_worker, sender) = (Arc::clone(&shared), messages.clone());
        let work = move || {
            let in_force = InForce { rules, keyring, roots };
            let worker = Worker::new(of_worker, inbox, sender, in_force, Box::new(listener));
            worker.run(catalogue);
        };
        let worker = std::thread::Builder::new().name("queue".to_owned()).spawn(work);
        let worker = worker.map_err(QueueError::Thread)?;
        Ok(Self { shared, messages, worker: Some(worker) })
    }

    /// Some of the matching rows, and the position of the row `anchor` among them.
    pub fn window(
        &self,
        query: &QueueQuery,
        first: u32,
        wanted: u32,
        anchor: Option<u32>,
    ) -> QueueWindow {
        let table = self.table();
        let list = self.listed(&table, query);
        table.window(&list, first, wanted, anchor)
    }

    /// The ids of the matching rows, in order, from one end to the other, in either direction; if
    /// one end is not among them, only the other; if `ends` is `None`, all.
    pub fn between(&self, query: &QueueQuery, ends: Option<(u32, u32)>) -> Vec<u32> {
        let ids = self.listed(&self.table(), query).ids;
        let Some((from, to)) = ends else { return ids.to_vec() };
        let place = |end| ids.iter().position(|id| *id == end);
        let (from, to) = match (place(from), place(to)) {
            (Some(from), Some(to)) => (from.min(to), from.max(to)),
            (Some(one), None) | (None, Some(one)) => (one, one),
            (None, None) => return Vec::new(),
        };
        ids[from..=to].to_vec()
    }

    /// The rows that match, in order.
    fn listed(&self, table: &Table, query: &QueueQuery) -> Listed {
        // Held while listing, so that two that ask at once do not both sort.
        let mut last = self.shared.listed.lock();
        match &*last {
            Some(list) if list.revision == table.revision && list.query == *query => list.clone(),
            _ => last.insert(table.list(query)).clone(),
        }
    }

    /// Sets the keys at hand, which decide what a person can do now; `None` where nothing may be
    /// done, as in a review. Returns whether that is a change.
    pub fn set_keys_at_hand(&self, keys: Option<Vec<KeyAtHand>>) -> bool {
        self.shared.table.write().set_keys_at_hand(keys)
    }

    /// Everybody who has signed an envelope that is listed, in order.
    pub fn people(&self) -> Vec<String> {
        self.table().people()
    }

    /// A row; `None` if its envelope no longer exists.
    pub fn row(&self, id: u32) -> Option<QueueRow> {
        self.table().row(id)
    }

    /// The whole path of the run of a row.
    pub fn path(&self, id: u32) -> Option<PathBuf> {
        let table = self.table();
        Some(self.shared.root.join(table.path(table.key(id)?)))
    }

    /// Rises with every change of a row.
    pub fn revision(&self) -> u32 {
        self.table().revision
    }

    /// The row of a run.
    pub fn find(&self, run: &Path) -> Option<u32> {
        let run = run.strip_prefix(&self.shared.root).ok()?;
        self.table().find_file(run.parent()?, run.file_name()?.to_str()?)
    }

    /// The state of the queue.
    pub fn state(&self) -> State {
        self.shared.state.lock().clone()
    }

    /// The directory.
    pub fn root(&self) -> &Path {
        &self.shared.root
    }

    /// A log that was cut, removed or forked, by the id of its alarm.
    pub fn rewritten(&self, id: &str) -> Option<Rewritten> {
        let rewritten = self.context().logs.rewritten();
        rewritten.into_iter().find(|one| alarm_id(&one.seen().log) == id)
    }

    /// A log whose history is not the one that signers saw, and what they saw, by the id of its alarm.
    pub fn forked(&self, id: &str) -> Option<(PathBuf, ChainKind, Vec<Fork>)> {
        let mut forked = self.shared.forked_logs().into_iter();
        let (log, (kind, forks)) = forked.find(|(log, _)| alarm_id(log) == id)?;
        Some((log, kind, forks))
    }

    /// The rules in force.
    pub fn context(&self) -> Arc<Context> {
        let context = self.shared.context.read();
        Arc::clone(&context)
    }

    /// Judges by other rules from now on.
    pub fn set_rules(&self, rules: Rules) {
        self.send(Message::Rules(Box::new(rules)));
    }

    /// Compares everything with the disk again; goes on after [`Queue::stop_work`].
    pub fn compare_again(&self) {
        self.shared.stop.store(false, Ordering::Relaxed);
        self.send(Message::CompareAgain);
    }

    /// Stops the work in progress. Later events are still noticed.
    pub fn stop_work(&self) {
        self.shared.stop.store(true, Ordering::Relaxed);
        self.send(Message::Stop);
    }

    /// Judges an envelope that this station has just written, without waiting for the notification
    /// that its files have changed. Call it right after writing: the state of the files at this
    /// moment is attributed to this station, and nothing after it is.
    pub fn refresh(&self, run: &Path) {
        let now = EnvelopeStamp::of(run).ok().flatten();
        let stamp = now.map(|now| now.stamp).unwrap_or_default();
        self.send(Message::Wrote(run.to_owned(), Written::Files(stamp)));
    }

    /// Judges an envelope that this station has just registered. To be called right after that, as
    /// [`Self::refresh`].
    pub fn registered(&self, run: &Path) {
        let stamp = self.context().logs.stamps(directory_of(run)).log;
        self.send(Message::Wrote(run.to_owned(), Written::Log(stamp)));
    }

    /// Judges an envelope from its bytes, whatever size and times of its files are, because it was
    /// opened. Its row changes only if the verdict does.
    pub fn look_closer(&self, run: &Path) {
        self.send(Message::LookCloser(run.to_owned()));
    }

    /// How many valid signatures on runs each key has made, by the fingerprint of the key.
    pub fn signatures_by_key(&self) -> HashMap<Digest, u32> {
        self.table().signatures_by_key()
    }

    /// Every signature of every envelope, for the window.
    pub fn history(&self) -> HistoryView {
        self.table().history()
    }

    /// Writes the signatures that pass a filter to a file. Returns their number.
    ///
    /// # Errors
    /// If it cannot be written, or another file is there, which is unchanged then.
    pub fn export(
        &self,
        filter: &HistoryFilter,
        format: HistoryFormat,
        path: &Path,
    ) -> Result<u32, ExportError> {
        overwrite::check(path, format.file_kind())?;
        let mut bytes = Vec::new();
        let table = self.table();
        let records = history::records(table.found(), filter);
        history::write(&records, format, &mut bytes)
            .map_err(|source| ExportError::Form { path: path.to_owned(), source })?;
        let count = countersign_envelope::count::count(records.len());
        drop(table);
        safe_write::replace(path, &bytes, Access::Shared)?;
        Ok(count)
    }

    fn table(&self) -> parking_lot::RwLockReadGuard<'_, Table> {
        self.shared.table.read()
    }

    fn send(&self, message: Message) {
        // The thread ends only when this is dropped.
        let _ = self.messages.send(message);
    }
}

impl Drop for Queue {
    fn drop(&mut self) {
        self.shared.closed.store(true, Ordering::Relaxed);
        self.send(Message::Close);
        let worker = self.worker.take();
        // A listener that drops the queue is on that very thread.
        let other = worker.filter(|worker| worker.thread().id() != std::thread::current().id());
        if let Some(worker) = other {
            let _ = worker.join();
        }
    }
}
