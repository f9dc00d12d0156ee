//! What a person is told: progress, troubles, alarms.

use std::time::Instant;

use countersign_problem::{Explain as _, Problem, Words, list};
use countersign_store::watch::WatchError;

use super::{PROGRESS_FROM, Worker};
use crate::queue::state::{Event, LogAlarm, Presence, Progress, State, Work};
use crate::queue::trouble::{NAMED, Trouble, Unsound};

impl Worker {
    pub(super) fn publish(&mut self) {
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
                .map(|(path, why)| Words::text(format!("{} ({why})", root.join(path).display())));
            Trouble::Unsearched { named: list::first(named, NAMED) }.problem()
        });
        let missing = (!self.missing.is_empty()).then(|| {
            let named = self.missing.iter().map(|run| Words::text(run.display().to_string()));
            Trouble::RunsMissing { named: list::first(named, NAMED) }.problem()
        });
        let unknown = self.context().logs.unknown().into_iter();
        let unknown = unknown.map(|why| Trouble::LogUnknown { why }.problem());
        let keyring = self.keyring.trouble.clone();
        let catalogue = self.catalogue_trouble.clone();
        let first = [missing, keyring].into_iter().flatten().chain(self.roots.troubles());
        let others = first.chain([unsearched, unwatched, catalogue].into_iter().flatten());
        gone.into_iter().chain(unknown).chain(others).collect()
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
            let why = why.without_stop();
            let (path, word) = (log.clone(), kind.word());
            LogAlarm::of(&log, kind, false, &Unsound::LogBroken { path, kind: word, why })
        });
        let mut alarms: Vec<LogAlarm> = rewritten.chain(unsound).collect();
        for (log, (kind, forks)) in self.shared.forked_logs() {
            let words = list::first(forks.iter().map(|fork| fork.words()), NAMED);
            let path = log.clone();
            let alarm = LogAlarm::of(&log, kind, is_own, &Unsound::OtherThanSeen { path, words });
            // One that was cut here is accepted with all of it.
            if alarms.iter().all(|other| other.id != alarm.id) {
                alarms.push(alarm);
            }
        }
        alarms
    }

    pub(super) fn announce(&mut self) {
        let now = Instant::now();
        if self.changed.take(now) {
            (self.listener)(Event::Changed);
        }
        if self.station.take(now) {
            (self.listener)(Event::Station);
        }
    }
}
