//! The thread that keeps the queue current. It waits for messages, or for the next moment that
//! something is due; longer work is done in short steps, so that a new file is noticed at once.
//!
//! | question | module |
//! |---|---|
//! | What is noticed, and what follows from it? | `changes` |
//! | How is the directory searched and compared with the rows? | `comparison`, `search`, `root` |
//! | How are envelopes judged? | `judging`, one at a time in `look` |
//! | What follows from a changed log or ledger? | `logs` |
//! | Which rules are in force, and what lies outside the directory? | `in_force`, `outside` |
//! | Which conflict copies would add something? | `copies` |
//! | What is kept from one session to the next? | `catalogue` |
//! | What is a person told? | `report` |
//! | When is something due? | `timing` |

mod catalogue;
mod changes;
mod comparison;
mod copies;
mod in_force;
mod judging;
mod logs;
mod look;
mod outside;
mod report;
mod root;
mod search;
mod timing;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, TryRecvError};
use std::time::{Duration, Instant};

use copies::Copies;
use countersign_problem::Problem;
use countersign_store::stamp::Stamp;
use countersign_store::watch::{Noticed, Watch, WatchError};
use look::{SETTLED, Ticket};
use outside::Outside;
use root::Identity;
use search::Search;
use timing::{Debounce, Throttle};

use super::keyring::KeyringInForce;
use super::roots::RootsInForce;
use super::rules::{Context, Rules};
use super::shared::Shared;
use super::state::Event;
use super::table::{Key, Table, Written};
use crate::catalogue::Catalogue;

/// How long one step of a search or of judging is to take.
const STEP: Duration = Duration::from_millis(40);
/// How long after the first of many changes to files they are checked, even if more follow.
const FILES_WAIT: Duration = Duration::from_millis(120);
/// The same for logs, which are long and read whole.
const LOGS_WAIT: Duration = Duration::from_secs(1);
/// After so many changes at a time everything is compared once more, when it has become quiet.
const BURST: usize = 1000;
/// How long nothing has to happen for it to be quiet after a burst.
const AFTER_BURST: Duration = Duration::from_millis(500);
/// The fewest changed envelopes whose judging is shown as progress.
const PROGRESS_FROM: usize = 64;
/// How many envelopes are compared, or taken from the catalogue, in one step.
const COMPARED: usize = 2048;

/// Messages to the thread.
#[derive(Debug)]
pub(super) enum Message {
    Noticed(Noticed),
    Rules(Box<Rules>),
    CompareAgain,
    Stop,
    Wrote(PathBuf, Written),
    LookCloser(PathBuf),
    Close,
}

/// The thread's own.
pub(super) struct Worker {
    shared: Arc<Shared>,
    inbox: Receiver<Message>,
    listener: Box<dyn Fn(Event) + Send + Sync>,
    rules: Rules,
    rules_digest: u64,
    keyring: KeyringInForce,
    roots: RootsInForce,
    catalogue: Option<Catalogue>,
    catalogue_trouble: Option<Problem>,
    watch: Result<Watch, WatchError>,
    outside: Vec<Outside>,
    /// The directory that was searched last; none while it is gone.
    root: Option<Identity>,
    /// The same, kept while it is gone.
    last_root: Option<Identity>,

    // Work to do.
    search: Option<Search>,
    search_again: bool,
    comparing: Vec<u32>,
    compared: usize,
    urgent: BTreeSet<Ticket>,
    backlog: BTreeSet<Ticket>,
    tickets: u32,
    batch: usize,
    copies: Copies,
    stopped: bool,

    // Changes noticed and not checked yet.
    files: Debounce,
    changed_runs: BTreeSet<Ticket>,
    changed_names: BTreeSet<PathBuf>,
    outside_changed: bool,
    logs: Debounce,
    half_written: HashMap<Key, (Stamp, Instant)>,

    // Why envelopes are to be judged.
    /// This station wrote them.
    own: HashMap<Key, Written>,
    /// Somebody opened them.
    closer: HashSet<Key>,
    /// A log or ledger that they depend on changed; with the state of their files before that.
    by_logs: HashMap<Key, Stamp>,

    // When something is due.
    root_due: Option<Instant>,
    poll_due: Option<Instant>,
    burst_due: Option<Instant>,

    // Problems to report.
    unsearched: BTreeMap<PathBuf, String>,
    /// The registered runs that were seen here and are gone.
    missing: Vec<PathBuf>,
    /// Whether runs were added or removed since that was checked.
    is_missing_doubtful: bool,
    unwatched: Option<WatchError>,
    changed: Throttle,
    station: Throttle,
}

/// What envelopes are judged by, as it was read when the queue was opened.
pub(super) struct InForce {
    pub rules: Rules,
    pub keyring: KeyringInForce,
    pub roots: RootsInForce,
}

impl Worker {
    pub fn new(
        shared: Arc<Shared>,
        inbox: Receiver<Message>,
        sender: Sender<Message>,
        InForce { rules, keyring, roots }: InForce,
        listener: Box<dyn Fn(Event) + Send + Sync>,
    ) -> Self {
        let notify = move |noticed| {
            // A watch outlives the thread by a moment at most.
            let _ = sender.send(Message::Noticed(noticed));
        };
        Self {
            shared,
            inbox,
            listener,
            rules,
            rules_digest: 0,
            keyring,
            roots,
            catalogue: None,
            catalogue_trouble: None,
            watch: Watch::new(notify),
            outside: Vec::new(),
            root: None,
            last_root: None,
            search: None,
            search_again: false,
            comparing: Vec::new(),
            compared: 0,
            urgent: BTreeSet::new(),
            backlog: BTreeSet::new(),
            tickets: 0,
            batch: PROGRESS_FROM,
            copies: Copies::default(),
            stopped: false,
            files: Debounce::default(),
            changed_runs: BTreeSet::new(),
            changed_names: BTreeSet::new(),
            outside_changed: false,
            logs: Debounce::default(),
            half_written: HashMap::new(),
            own: HashMap::new(),
            closer: HashSet::new(),
            by_logs: HashMap::new(),
            root_due: None,
            poll_due: None,
            burst_due: None,
            unsearched: BTreeMap::new(),
            missing: Vec::new(),
            is_missing_doubtful: false,
            unwatched: None,
            changed: Throttle::default(),
            station: Throttle::default(),
        }
    }

    /// Works until the queue is dropped.
    pub fn run(mut self, catalogue: Option<PathBuf>) {
        self.take_rules();
        if let Some(path) = catalogue {
            self.load(&path);
        }
        self.check_root();
        while !self.shared.closed.load(Ordering::Relaxed) {
            self.step();
            self.publish();
            self.announce();
            if !self.receive() {
                break;
            }
            self.do_what_is_due();
        }
    }

    /// Takes all pending messages; waits for one if there is nothing to do. Returns whether the
    /// queue still exists.
    fn receive(&mut self) -> bool {
        let mut message = if self.is_busy() {
            self.inbox.try_recv()
        } else {
            match self.next_due() {
                None => self.inbox.recv().map_err(|_| TryRecvError::Disconnected),
                Some(due) => {
                    let wait = due.saturating_duration_since(Instant::now());
                    self.inbox.recv_timeout(wait).map_err(|error| match error {
                        RecvTimeoutError::Timeout => TryRecvError::Empty,
                        RecvTimeoutError::Disconnected => TryRecvError::Disconnected,
                    })
                }
            }
        };
        loop {
            match message {
                Err(TryRecvError::Empty) => return true,
                Err(TryRecvError::Disconnected) | Ok(Message::Close) => return false,
                Ok(message) => self.take(message),
            }
            message = self.inbox.try_recv();
        }
    }

    fn is_busy(&self) -> bool {
        self.search.is_some()
            || self.compared < self.comparing.len()
            || !self.urgent.is_empty()
            || !self.backlog.is_empty()
            || self.copies.are_doubtful()
    }

    /// When something is due without a message. It must not contain anything that would not be done
    /// then: that would stay due, and the thread would never wait.
    fn next_due(&self) -> Option<Instant> {
        let now = Instant::now();
        let announced = [self.root_due, self.changed.due(now), self.station.due(now)];
        let polled = self.poll_due.filter(|_| !self.stopped);
        let settled = self.half_written.values().map(|(_, since)| *since + SETTLED).min();
        let of_files =
            [self.files.due(FILES_WAIT), self.logs.due(LOGS_WAIT), self.burst_due, polled, settled];
        // Without a directory there is nothing to look at.
        let of_files = of_files.into_iter().filter(|_| self.root.is_some());
        announced.into_iter().chain(of_files).flatten().min()
    }

    fn take(&mut self, message: Message) {
        match message {
            Message::Noticed(noticed) => self.notice(noticed),
            Message::Rules(rules) => self.set_rules(*rules),
            Message::CompareAgain => {
                self.stopped = false;
                self.outside_changed = true;
                self.look_outside();
                self.check_root();
                self.begin_search();
            }
            Message::Wrote(run, written) => {
                if let Some(ticket) = self.ticket_of(&run) {
                    self.own.insert(ticket.key, written);
                    self.urgent.insert(ticket);
                    if let Written::Log(now) = written
                        && self.table().log_stamp(ticket.key) != Some(now)
                    {
                        self.check_logs();
                    }
                }
            }
            Message::LookCloser(run) => {
                if let Some(ticket) = self.ticket_of(&run) {
                    self.closer.insert(ticket.key);
                    self.urgent.insert(ticket);
                }
            }
            // The flag has the order already; this only wakes the thread.
            Message::Stop | Message::Close => {}
        }
    }

    fn do_what_is_due(&mut self) {
        let now = Instant::now();
        let is_due = |due: &mut Option<Instant>| due.take_if(|due| *due <= now).is_some();
        if is_due(&mut self.root_due) {
            self.check_root();
        }
        if self.root.is_none() {
            return;
        }
        if let Some(size) = self.files.take(now, FILES_WAIT) {
            self.look_at_changes();
            if size > BURST {
                self.burst_due = Some(now + AFTER_BURST);
            }
        }
        if self.logs.take(now, LOGS_WAIT).is_some() {
            self.check_logs();
        }
        let settled = self.half_written.iter().filter(|(_, (_, since))| *since + SETTLED <= now);
        self.urgent.extend(settled.map(|(key, _)| Ticket::new(*key)));
        if is_due(&mut self.burst_due) || (!self.stopped && is_due(&mut self.poll_due)) {
            self.begin_search();
        }
        if !self.is_busy() && std::mem::take(&mut self.is_missing_doubtful) {
            self.look_for_missing();
        }
    }

    fn add(&mut self, tickets: BTreeSet<Ticket>, is_urgent: bool) {
        if self.urgent.is_empty() && self.backlog.is_empty() {
            self.tickets = 0;
        }
        let before = self.urgent.len() + self.backlog.len();
        if is_urgent { &mut self.urgent } else { &mut self.backlog }.extend(tickets);
        let more = self.urgent.len() + self.backlog.len() - before;
        self.tickets = self.tickets.saturating_add(countersign_envelope::count::count(more));
    }

    /// Does the next step of what is to be done.
    fn step(&mut self) {
        if self.shared.stop.swap(false, Ordering::Relaxed) {
            self.drop_work();
            self.stopped = true;
        }
        // The first rows come before everything has been found.
        let is_first = self.table().is_empty() && !self.backlog.is_empty();
        if !self.urgent.is_empty() || is_first {
            self.judge_some();
        } else if self.search.is_some() {
            self.search_some();
        } else if self.compared < self.comparing.len() {
            self.compare_some();
        } else if !self.backlog.is_empty() {
            self.judge_some();
        } else if let Some(key) = self.copies.next() {
            let run = self.shared.root.join(self.table().path(key));
            self.copies.weigh(key, &run, &self.shared.root, &self.keyring.keyring);
        }
    }

    fn table(&self) -> parking_lot::RwLockReadGuard<'_, Table> {
        self.shared.table.read()
    }

    fn table_mut(&self) -> parking_lot::RwLockWriteGuard<'_, Table> {
        self.shared.table.write()
    }

    fn context(&self) -> Arc<Context> {
        let context = self.shared.context.read();
        Arc::clone(&context)
    }
}
