//! The thread that keeps the queue current. It waits for messages, or for the next moment that
//! something is due; longer work is done in steps of about ten milliseconds, so that a new file is
//! noticed at once.

mod copies;
mod look;
mod outside;
mod pace;
mod root;
mod search;

use countersign_problem::{Explain as _, Problem};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, TryRecvError};
use std::time::{Duration, Instant};

use countersign_envelope::count::listed;
use countersign_envelope::file_name::{
    AUTHORITY_LEDGER, REFERENCE_LEDGER, REFERENCE_LOG, TRANSPARENCY_LOG, is_signature,
    run_of_manifest,
};

use rayon::prelude::*;

use super::keyring::KeyringInForce;
use super::roots::RootsInForce;
use super::rules::{Context, Rules};
use super::shared::Shared;
use super::state::{Event, LogAlarm, Presence, Progress, State, Work};
use super::table::{Causes, Finding, FolderLogs, Key, Table, Written};
use crate::catalogue::{Catalogue, CatalogueError, KeptEnvelope, KeptFolder, NewEnvelope};
use crate::judged::{Judged, LogEntry, RunName, displayed};
use crate::queue::trouble::{NAMED, Trouble, Unsound};
use copies::{Copies, run_of_copy};
use countersign_store::judgement::on_all_cores;
use countersign_store::logs::LogBook;
use countersign_store::stamp::{EnvelopeStamp, Stamp};
use countersign_store::watch::{Noticed, Watch, WatchError};
use look::{Before, Look, SETTLED, Ticket, look};
use outside::Outside;
use pace::{Flock, Pace};
use root::Identity;
use search::{Found, Search};

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
/// How often a missing directory is checked for.
const ROOT_AGAIN: Duration = Duration::from_secs(1);
/// The least time between comparisons if not everything can be watched.
const POLL: Duration = Duration::from_secs(5);
/// How many envelopes are compared, or taken from the catalogue, in one step.
const COMPARED: usize = 2048;
/// The fewest changed envelopes whose judging is shown as progress.
const PROGRESS_FROM: usize = 64;

/// Messages to the thread.
#[derive(Debug)]
pub(super) enum Message {
    Noticed(Noticed),
    Rules(Rules),
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
    files: Flock,
    changed_runs: BTreeSet<Ticket>,
    changed_names: BTreeSet<PathBuf>,
    outside_changed: bool,
    logs: Flock,
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
    changed: Pace,
    station: Pace,
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
            files: Flock::default(),
            changed_runs: BTreeSet::new(),
            changed_names: BTreeSet::new(),
            outside_changed: false,
            logs: Flock::default(),
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
            changed: Pace::default(),
            station: Pace::default(),
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
            Message::Rules(rules) => self.set_rules(rules),
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

    // ── What is noticed ──────────────────────────────────────────────────────────────────────────

    fn notice(&mut self, noticed: Noticed) {
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
        } else if is_name || is_copy(&path) {
            // A directory, or unrelated: the disk will report it.
            self.changed_names.insert(path);
            self.files.add(now);
        }
        if let Some(due) = &mut self.burst_due {
            *due = now + AFTER_BURST;
        }
    }

    /// The envelope that a file belongs to, by its name alone.
    fn ticket_of(&mut self, path: &Path) -> Option<Ticket> {
        let name = path.file_name()?.to_str()?;
        let artifact = if is_signature(name) { name.strip_suffix(".sig.json")? } else { name };
        let name = match run_of_manifest(artifact) {
            Some(run) => RunName::of_file(&run)?,
            None => RunName::of_file(artifact)?,
        };
        let folder = path.parent()?.strip_prefix(&self.shared.root).ok()?;
        let folder = self.table_mut().folder(folder);
        Some(Ticket::new(Key { folder, name }))
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

    /// The registered runs that were seen here and are gone.
    fn look_for_missing(&mut self) {
        // A memory that cannot be read is reported with the logs.
        let missing = self.context().logs.missing_runs(&self.shared.root).unwrap_or_default();
        if missing != self.missing {
            self.missing = missing;
            self.station.want();
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

    fn look_at_changes(&mut self) {
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
            if fs::symlink_metadata(&path).is_ok_and(|meta| meta.is_dir()) {
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

    fn add(&mut self, tickets: BTreeSet<Ticket>, is_urgent: bool) {
        if self.urgent.is_empty() && self.backlog.is_empty() {
            self.tickets = 0;
        }
        let before = self.urgent.len() + self.backlog.len();
        if is_urgent { &mut self.urgent } else { &mut self.backlog }.extend(tickets);
        let more = self.urgent.len() + self.backlog.len() - before;
        self.tickets = self.tickets.saturating_add(countersign_envelope::count::count(more));
    }

    // ── The directory itself ─────────────────────────────────────────────────────────────────────

    /// Checks whether the directory exists, and starts over if it is another one. Returns whether
    /// it exists.
    fn check_root(&mut self) -> bool {
        let now = Identity::of(&self.shared.root)
            .filter(|now| self.last_root.is_none_or(|last| !now.is_left_by(last)));
        if now.is_none() {
            self.root_due = Some(Instant::now() + ROOT_AGAIN);
        } else {
            self.root_due = None;
            self.last_root = now;
        }
        if now != self.root {
            self.root = now;
            self.drop_work();
            if now.is_some() && !self.stopped {
                self.begin_search();
            }
        }
        self.root.is_some()
    }

    /// Leaves everything that is to be done undone.
    fn drop_work(&mut self) {
        self.search = None;
        self.search_again = false;
        self.comparing.clear();
        self.compared = 0;
        self.urgent.clear();
        self.backlog.clear();
        self.changed_runs.clear();
        self.changed_names.clear();
        self.half_written.clear();
        self.own.clear();
        self.closer.clear();
        self.by_logs.clear();
        self.copies.leave();
        self.burst_due = None;
        self.poll_due = None;
    }

    // ── Searching and comparing ──────────────────────────────────────────────────────────────────

    /// Starts comparing everything with the disk; again afterwards, if that is in progress.
    fn begin_search(&mut self) {
        self.burst_due = None;
        self.poll_due = None;
        if self.root.is_none() {
            return;
        }
        if self.search.as_ref().is_some_and(|search| search.whole)
            || self.compared < self.comparing.len()
        {
            self.search_again = true;
            return;
        }
        self.watch_outside();
        self.check_logs();
        self.table_mut().comparison += 1;
        self.unsearched.clear();
        self.unwatched = self.watch.as_ref().err().cloned();
        self.copies.forget();
        self.search = Some(Search::whole());
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

    fn search_some(&mut self) {
        let Some(mut search) = self.search.take() else { return };
        let root = self.shared.root.clone();
        let (watch, unwatched) = (&mut self.watch, &mut self.unwatched);
        let unsearched = &mut self.unsearched;
        let enter = |directory: &Path| {
            let Ok(watch) = watch else { return };
            match watch.directory(&root.join(directory)) {
                // What still cannot be read is reported when it is read.
                Ok(()) | Err(WatchError::NotFound | WatchError::NotAllowed) => {}
                Err(error) => *unwatched = Some(error),
            }
        };
        let done = |directory: &Path, outcome: std::io::Result<()>| match outcome {
            Ok(()) => {
                unsearched.remove(directory);
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => {
                unsearched.insert(directory.to_owned(), error.to_string());
            }
        };
        let Found { runs, copies } = search.step(&root, Instant::now() + STEP, enter, done);
        let mut unknown = BTreeSet::new();
        let mut known = Vec::new();
        for (directory, run, name) in copies {
            let folder = self.table_mut().folder(&directory);
            self.copies.see(Key { folder, name: run }, name, true);
        }
        let mut table = self.table_mut();
        for (directory, names) in runs {
            let folder = table.folder(&directory);
            for key in names.into_iter().map(|name| Key { folder, name }) {
                match table.see(key) {
                    Some(id) => known.push(id),
                    None => {
                        unknown.insert(Ticket::new(key));
                    }
                }
            }
        }
        drop(table);
        self.comparing.extend(known);
        self.add(unknown, false);
        if !search.is_finished() {
            self.search = Some(search);
            return;
        }
        if search.whole {
            self.copies.found();
        }
        if search.whole && self.check_root() {
            // A row that was not seen is checked by its name again before it is removed.
            let unseen: BTreeSet<_> = self.table().unseen().map(Ticket::new).collect();
            self.add(unseen, false);
        }
        if self.unwatched.is_some() {
            let pause = POLL.max(search.begun.elapsed() * 20);
            self.poll_due = Some(Instant::now() + pause);
        }
        // A new directory may contain logs.
        if !search.whole {
            self.check_logs();
        }
        self.search_done();
    }

    fn compare_some(&mut self) {
        let end = self.comparing.len().min(self.compared + COMPARED);
        let some = &self.comparing[self.compared..end];
        let table = self.table();
        let known: Vec<_> = some
            .iter()
            .filter_map(|id| Some((table.key(*id)?, table.entry(*id)?)))
            .map(|(key, entry)| (key, table.path(key), entry.stamp, entry.rules))
            .collect();
        drop(table);
        let root = &self.shared.root;
        let rules = self.rules_digest;
        let differs = |(key, path, stamp, under): (Key, PathBuf, Stamp, u64)| {
            let same = under == rules
                && EnvelopeStamp::of(&root.join(path))
                    .is_ok_and(|now| now.is_some_and(|now| now.stamp == stamp));
            (!same).then(|| Ticket::new(key))
        };
        let differing: BTreeSet<_> =
            on_all_cores(|| known.into_par_iter().filter_map(differs).collect());
        self.compared = end;
        self.add(differing, false);
        self.search_done();
    }

    /// What follows when everything has been searched and compared.
    fn search_done(&mut self) {
        if self.search.is_none() && self.compared >= self.comparing.len() {
            self.comparing = Vec::new();
            self.compared = 0;
            self.is_missing_doubtful = true;
            if std::mem::take(&mut self.search_again) {
                self.begin_search();
            }
        }
    }

    // ── Judging ──────────────────────────────────────────────────────────────────────────────────

    fn judge_some(&mut self) {
        let begun = Instant::now();
        let mut batch = Vec::with_capacity(self.batch);
        while batch.len() < self.batch {
            let next = self.urgent.pop_first().or_else(|| self.backlog.pop_first());
            let Some(ticket) = next else { break };
            self.backlog.remove(&ticket);
            batch.push(ticket.key);
        }
        self.open_logs(&batch);
        let table = self.table();
        let before = |key: &Key| Before {
            judged: table.stamp(*key),
            waiting: self.half_written.get(key).copied(),
        };
        let asked: Vec<_> =
            batch.into_iter().map(|key| (key, table.path(key), before(&key))).collect();
        drop(table);
        let context = self.context();
        let root = &self.shared.root;
        let looks: Vec<(Key, Look)> = on_all_cores(|| {
            let looks = asked.into_par_iter();
            looks
                .map(|(key, path, before)| {
                    (key, look(&root.join(path), key, root, &context, before))
                })
                .collect()
        });
        self.apply(looks);
        // More at a time if that is quick, fewer if a screen would wait for it.
        let took = begun.elapsed();
        if took < STEP / 2 {
            self.batch = (self.batch * 2).min(512);
        } else if took > STEP * 2 {
            self.batch = (self.batch / 2).max(16);
        }
    }

    fn apply(&mut self, looks: Vec<(Key, Look)>) {
        let absent = |(key, look): &(Key, Look)| {
            matches!(look, Look::Absent) && self.table().find(*key).is_some()
        };
        // If the directory is missing, its envelopes keep their last rows.
        if looks.iter().any(absent) && !self.check_root() {
            return;
        }
        let now = Instant::now();
        let rules = self.rules_digest;
        let mut kept = Vec::new();
        let mut has_changed = false;
        let mut table = self.shared.table.write();
        table.revision += 1;
        for (key, look) in looks {
            if let Look::HalfWritten(stamp) = look {
                let waiting = self.half_written.entry(key).or_insert((stamp, now));
                if waiting.0 != stamp {
                    *waiting = (stamp, now);
                }
                continue;
            }
            self.half_written.remove(&key);
            match look {
                Look::Absent => {
                    self.copies.doubt(key);
                    if table.remove(key) {
                        has_changed = true;
                        self.is_missing_doubtful = true;
                        kept.push((key, Stamp::default(), None));
                    }
                }
                Look::Judged { stamp, judged, kept: content } => {
                    let (own, closer) = (self.own.remove(&key), self.closer.remove(&key));
                    let by_logs = self.by_logs.remove(&key);
                    let is_same_verdict = table.has_verdict(key, &judged);
                    if closer && own.is_none() && is_same_verdict {
                        continue;
                    }
                    let is_other = by_logs.or_else(|| table.stamp(key)) != Some(stamp);
                    let has_other_rules = table.rules(key).is_some_and(|before| before != rules);
                    let is_ours = match own {
                        Some(Written::Files(written)) => written == stamp,
                        Some(Written::Log(_)) => !is_other,
                        None => false,
                    };
                    let rules_changed = match (is_same_verdict, own) {
                        (true, _) => None,
                        _ if has_other_rules => Some(Stamp::default()),
                        (_, None) if by_logs.is_some() => table.log_stamp(key),
                        (_, None) if !is_other && !closer => Some(Stamp::default()),
                        _ => None,
                    };
                    // Size and times of a file that was opened may lie.
                    let lied = closer && own.is_none() && rules_changed.is_none();
                    let disk = !is_ours && (is_other || lied);
                    let causes = Causes { disk, own, rules: rules_changed };
                    self.copies.doubt(key);
                    self.is_missing_doubtful |= !self.missing.is_empty();
                    table.put(key, Finding { judged: *judged, stamp, rules, causes });
                    has_changed = true;
                    kept.push((key, stamp, content));
                }
                Look::Unreachable | Look::HalfWritten(_) => {}
            }
        }
        drop(table);
        if has_changed {
            self.changed.want();
        }
        self.keep(kept);
    }

    /// The logs of the folders of a batch, read before any of it is judged.
    fn open_logs(&mut self, batch: &[Key]) {
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
    fn check_logs(&mut self) {
        self.logs = Flock::default();
        let book = Arc::clone(&self.context().logs);
        book.look_again();
        let table = self.table();
        let known: Vec<_> = table
            .folders
            .iter()
            .zip(0_u32..)
            .filter_map(|(folder, id)| Some((id, folder.path.clone(), folder.logs.clone()?)))
            .collect();
        drop(table);
        let root = self.shared.root.clone();
        let mut changes = HashMap::new();
        for (id, path, before) in known {
            let directory = root.join(path);
            // A finding from an earlier session is checked again: a person may have accepted it, or
            // the memory may have changed.
            let is_in_doubt = || before.is_in_doubt() || book.is_in_doubt(&directory);
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
        let depends = |key: &Key, entry: &super::table::Entry| {
            let Some((before, logs, condition)) = changes.get(&key.folder) else { return false };
            let facts = &entry.facts;
            let ledger = logs.stamps.ledger != before.stamps.ledger && facts.refers_to_ledger;
            let log = logs.stamps.log != before.stamps.log
                && LogEntry::of(logs.readable_log(), &facts.registered) != facts.entry;
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

    // ── Rules ────────────────────────────────────────────────────────────────────────────────────

    fn set_rules(&mut self, rules: Rules) {
        let before = std::mem::replace(&mut self.rules, rules);
        if (&before.log, &before.ledger) != (&self.rules.log, &self.rules.ledger) {
            let memory = self.context().logs.memory().cloned();
            let book = LogBook::new(self.rules.log.clone(), self.rules.ledger.clone());
            let book = book.remembering(memory).within(&self.shared.root);
            self.set_context(Arc::new(book));
            let mut table = self.table_mut();
            table.folders.iter_mut().for_each(|folder| folder.logs = None);
            drop(table);
            self.write(|changes| changes.forget_all());
        }
        self.take_rules();
        // A person may have accepted a log as it is.
        self.check_logs();
    }

    /// Puts the rules in force, and judges everything again if they have changed.
    fn take_rules(&mut self) {
        // Before the check: later changes are then notified.
        self.watch_outside();
        self.keyring.look(&self.rules.keyring, self.rules.brought);
        self.roots.look(&self.rules.roots, self.rules.brought);
        let digest = outside::digest_of(&self.rules, &self.keyring.keyring, &self.roots.roots);
        if std::mem::replace(&mut self.rules_digest, digest) != digest {
            let logs = Arc::clone(&self.context().logs);
            self.set_context(logs);
            let all = self.table().entries().map(|(key, _)| Ticket::new(key)).collect();
            self.add(all, false);
        }
    }

    fn set_context(&self, logs: Arc<LogBook>) {
        let mut context = self.shared.context.write();
        *context = Arc::new(Context {
            policy: self.rules.policy.clone(),
            keyring: Arc::clone(&self.keyring.keyring),
            roots: Arc::clone(&self.roots.roots),
            logs,
            now: context.now,
        });
    }

    /// Checks keyring, trusted roots and logs outside the directory, if they may have changed.
    fn look_outside(&mut self) {
        if std::mem::take(&mut self.outside_changed) {
            self.take_rules();
            self.check_logs();
        }
    }

    /// Watches for the files outside the directory, whether they are there or not.
    fn watch_outside(&mut self) {
        self.outside = outside::all(&self.rules, &self.shared.root);
        let Ok(watch) = &mut self.watch else { return };
        for outside in &self.outside {
            // A directory that is made while its parent counts as the nearest is the nearest next
            // time. What cannot be watched is checked when comparing.
            let mut watched = None;
            while let nearest @ Some(directory) = outside.nearest()
                && nearest != watched
            {
                let _ = watch.directory(directory);
                watched = nearest;
            }
        }
    }

    // ── The catalogue ────────────────────────────────────────────────────────────────────────────

    /// Shows what the catalogue has.
    fn load(&mut self, path: &Path) {
        let root = self.shared.root.clone();
        let mut catalogue = match Catalogue::open(path, &root) {
            Ok(catalogue) => catalogue,
            Err(error) => return self.lose_catalogue(error),
        };
        match self.load_rows(&mut catalogue) {
            Ok(()) => self.catalogue = Some(catalogue),
            Err(error) if error.is_damaged() => {
                catalogue.delete();
                match Catalogue::open(path, &root) {
                    Ok(catalogue) => self.catalogue = Some(catalogue),
                    Err(error) => self.lose_catalogue(error),
                }
                // Anything read before the damage is not reliable.
                *self.table_mut() = Table::default();
            }
            Err(error) => self.lose_catalogue(error),
        }
    }

    fn load_rows(&mut self, catalogue: &mut Catalogue) -> Result<(), CatalogueError> {
        let kept = catalogue.folders()?;
        let mut table = self.table_mut();
        let mut folders = Vec::with_capacity(kept.len());
        for folder in &kept {
            let id = table.folder(&folder.path);
            folders.push(id);
            let (stamps, condition) = (folder.stamps, folder.condition.clone());
            table.folders[id as usize].logs = Some(FolderLogs { stamps, condition });
        }
        drop(table);
        let mut some = Vec::with_capacity(COMPARED);
        catalogue.envelopes(&kept, |envelope| {
            some.push(envelope);
            if some.len() == COMPARED {
                self.load_some(&folders, &mut some);
            }
        })?;
        self.load_some(&folders, &mut some);
        Ok(())
    }

    fn load_some(&mut self, folders: &[u32], some: &mut Vec<KeptEnvelope>) {
        let read = |kept: &KeptEnvelope| {
            let name = RunName::of_file(&kept.name)?;
            let judged: Judged = serde_json::from_slice(&kept.content).ok()?;
            let (stamp, rules, causes) = (kept.stamp, kept.rules, Causes::default());
            let finding = Finding { judged, stamp, rules, causes };
            Some((Key { folder: folders[kept.folder], name }, finding))
        };
        let rows: Vec<_> = on_all_cores(|| some.par_iter().filter_map(read).collect());
        some.clear();
        if rows.is_empty() {
            return;
        }
        let mut table = self.table_mut();
        table.revision += 1;
        for (key, finding) in rows {
            table.put(key, finding);
        }
        drop(table);
        self.changed.want();
        self.announce();
    }

    fn keep(&mut self, rows: Vec<(Key, Stamp, Option<Vec<u8>>)>) {
        if self.catalogue.is_none() || rows.is_empty() {
            return;
        }
        let folders: HashMap<u32, PathBuf> = {
            let table = self.table();
            let ids = rows.iter().map(|(key, ..)| key.folder);
            ids.map(|id| (id, table.folders[id as usize].path.clone())).collect()
        };
        let rules = self.rules_digest;
        self.write(|changes| {
            rows.iter().try_for_each(|(key, stamp, content)| {
                let (folder, name) = (&folders[&key.folder], key.name.file());
                match content {
                    Some(content) => {
                        let envelope = NewEnvelope { name: &name, stamp: *stamp, rules, content };
                        changes.keep(folder, envelope)
                    }
                    None => changes.forget(folder, &name),
                }
            })
        });
    }

    fn write(
        &mut self,
        changes: impl FnOnce(&mut crate::catalogue::Changes<'_>) -> rusqlite::Result<()>,
    ) {
        let Some(catalogue) = &mut self.catalogue else { return };
        match catalogue.write(changes) {
            Ok(()) => {}
            // Another station is writing. What is not kept is judged again next time.
            Err(error) if error.is_in_use() => {}
            Err(error) => {
                if let Some(catalogue) = self.catalogue.take_if(|_| error.is_damaged()) {
                    catalogue.delete();
                }
                self.catalogue = None;
                self.lose_catalogue(error);
            }
        }
    }

    fn lose_catalogue(&mut self, error: CatalogueError) {
        self.catalogue_trouble = Some(Trouble::Catalogue { cause: error }.problem());
    }

    // ── What a person is told ────────────────────────────────────────────────────────────────────

    fn publish(&mut self) {
        let state = State {
            presence: if self.root.is_some() { Presence::Here } else { Presence::Gone },
            progress: self.progress(),
            stopped: self.stopped,
            conflict_copies: self.copies.waiting(),
            troubles: self.troubles(),
            log_alarms: self.log_alarms(),
        };
        let mut shared = self.shared.state.lock();
        if *shared != state {
            *shared = state;
            drop(shared);
            self.station.want();
        }
    }

    fn progress(&self) -> Option<Progress> {
        let count = countersign_envelope::count::count;
        let left = self.urgent.len() + self.backlog.len();
        if let Some(search) = &self.search {
            return Some(Progress { doing: Work::Searching, done: search.found, total: None });
        }
        if self.compared < self.comparing.len() {
            let (done, total) = (count(self.compared), Some(count(self.comparing.len())));
            return Some(Progress { doing: Work::Comparing, done, total });
        }
        // A few files that have just changed are judged before anyone could read of it.
        let is_displayed = !self.backlog.is_empty() || left >= PROGRESS_FROM;
        let done = self.tickets.saturating_sub(count(left));
        is_displayed.then_some(Progress { doing: Work::Judging, done, total: Some(self.tickets) })
    }

    fn troubles(&self) -> Vec<Problem> {
        let root = &self.shared.root;
        let gone = self.root.is_none().then(|| Trouble::Gone(root.clone()).problem());
        let unwatched = self.unwatched.clone().map(|error| {
            let limit = error == WatchError::Limit;
            Trouble::Unwatched { path: root.clone(), error, limit }.problem()
        });
        let unsearched = (!self.unsearched.is_empty()).then(|| {
            let named = self
                .unsearched
                .iter()
                .map(|(path, why)| format!("{} ({why})", displayed(&root.join(path))));
            Trouble::Unsearched { named: listed(named, NAMED) }.problem()
        });
        let missing = (!self.missing.is_empty()).then(|| {
            let named = self.missing.iter().map(|run| displayed(run));
            Trouble::RunsMissing { named: listed(named, NAMED) }.problem()
        });
        let unknown = self.context().logs.unknown().into_iter();
        let unknown = unknown.map(|why| Trouble::LogUnknown { why }.problem());
        let keyring = self.keyring.trouble.clone();
        let roots = self.roots.trouble.clone();
        let catalogue = self.catalogue_trouble.clone();
        let others = [missing, keyring, roots, unsearched, unwatched, catalogue];
        gone.into_iter().chain(unknown).chain(others.into_iter().flatten()).collect()
    }

    /// The logs that were cut, removed or forked since this station saw them, or are broken.
    fn log_alarms(&self) -> Vec<LogAlarm> {
        let logs = &self.context().logs;
        let is_own = logs.memory().is_some_and(|memory| !memory.is_of_others());
        let rewritten = logs.rewritten().into_iter().map(|rewritten| {
            let seen = rewritten.seen();
            LogAlarm::of(&seen.log, seen.kind, is_own, &rewritten)
        });
        let unsound = logs.unsound().into_iter().map(|(log, kind, why)| {
            let why = why.trim_end_matches('.').to_owned();
            let (path, word) = (log.clone(), kind.word());
            LogAlarm::of(&log, kind, false, &Unsound::LogBroken { path, kind: word, why })
        });
        rewritten.chain(unsound).collect()
    }

    fn announce(&mut self) {
        let now = Instant::now();
        if self.changed.take(now) {
            (self.listener)(Event::Changed);
        }
        if self.station.take(now) {
            (self.listener)(Event::Station);
        }
    }

    // ── What is shared ───────────────────────────────────────────────────────────────────────────

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

/// Whether a file is a conflict copy by its name.
fn is_copy(path: &Path) -> bool {
    path.file_name().and_then(|name| name.to_str()).and_then(run_of_copy).is_some()
}

/// Whether a file, or the directory that one is in, is a log by its name.
fn is_log(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let reference = [REFERENCE_LOG, REFERENCE_LEDGER];
    [TRANSPARENCY_LOG, AUTHORITY_LEDGER].contains(&name)
        || reference.iter().any(|[_, directory, file]| [*directory, *file].contains(&name))
}
