//! Searching the directory, and comparing what is found with the rows.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use countersign_store::judgement::on_all_cores;
use countersign_store::reading::directory_of;
use countersign_store::stamp::{DirectoryState, EnvelopeStamp, Stamp};
use countersign_store::watch::WatchError;
use rayon::prelude::*;

use super::look::Ticket;
use super::root::Identity;
use super::search::{Found, Search};
use super::{COMPARED, STEP, Worker};
use crate::queue::table::Key;

/// How often a missing directory is checked for.
const ROOT_AGAIN: Duration = Duration::from_secs(1);
/// The least time between comparisons if not everything can be watched.
const POLL: Duration = Duration::from_secs(5);

impl Worker {
    /// Checks whether the directory exists, and starts over if it is another one. Returns whether
    /// it exists.
    pub(super) fn check_root(&mut self) -> bool {
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
    pub(super) fn drop_work(&mut self) {
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

    /// Starts comparing everything with the disk; again afterwards, if that is in progress.
    pub(super) fn begin_search(&mut self) {
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

    pub(super) fn search_some(&mut self) {
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
        let Found { runs, copies, stamped } =
            search.step(&root, Instant::now() + STEP, enter, done);
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
        if !search.whole {
            // Time stamps in a new folder are of runs that were judged without them.
            let table = self.table();
            let runs = stamped.iter().flat_map(|directory| table.keys_below(directory));
            let runs = runs.map(Ticket::new).collect();
            drop(table);
            self.add(runs, true);
        }
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

    pub(super) fn compare_some(&mut self) {
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
        let mut directories = HashMap::new();
        for (key, path, ..) in &known {
            let state = || DirectoryState::of(directory_of(&root.join(path)));
            directories.entry(key.folder).or_insert_with(state);
        }
        let differs = |(key, path, stamp, under): (Key, PathBuf, Stamp, u64)| {
            let same = under == rules
                && EnvelopeStamp::with(&root.join(path), &directories[&key.folder])
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

    /// The registered runs that were seen here and are gone.
    pub(super) fn look_for_missing(&mut self) {
        // A memory that cannot be read is reported with the logs.
        let missing = self.context().logs.missing_runs(&self.shared.root).unwrap_or_default();
        if missing != self.missing {
            self.missing = missing;
            self.station.want();
        }
    }
}
