//! Judging envelopes, and writing the verdicts into their rows.

use std::time::Instant;

use countersign_store::judgement::on_all_cores;
use countersign_store::stamp::Stamp;
use rayon::prelude::*;

use super::look::{Before, Look, look};
use super::{STEP, Worker};
use crate::queue::table::{Causes, Finding, Key, Written};

impl Worker {
    pub(super) fn judge_some(&mut self) {
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
}
