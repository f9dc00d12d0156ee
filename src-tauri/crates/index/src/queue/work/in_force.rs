//! Putting rules in force: policy, keyring, roots, and which logs.

use std::sync::Arc;

use countersign_store::logs::LogBook;

use super::look::Ticket;
use super::{Worker, outside};
use crate::queue::rules::{Context, Rules};

impl Worker {
    pub(super) fn set_rules(&mut self, rules: Rules) {
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
    pub(super) fn take_rules(&mut self) {
        // Before the check: later changes are then notified.
        self.watch_outside();
        self.keyring.look(&self.rules.keyring, self.rules.brought);
        self.roots.look(&self.rules);
        let digest = outside::digest_of(&self.rules, &self.keyring.keyring, &self.roots);
        if std::mem::replace(&mut self.rules_digest, digest) != digest {
            let logs = Arc::clone(&self.context().logs);
            self.set_context(logs);
            let all = self.table().entries().map(|(key, _)| Ticket::new(key)).collect();
            self.add(all, false);
        }
    }

    fn set_context(&self, logs: Arc<LogBook>) {
        let mut context = self.shared.context.write();
        let now = context.now;
        *context = Arc::new(Context::of(&self.rules, &self.keyring, &self.roots, logs, now));
    }

    /// Checks keyring, trusted roots and logs outside the directory, if they may have changed.
    pub(super) fn look_outside(&mut self) {
        if std::mem::take(&mut self.outside_changed) {
            self.take_rules();
            self.check_logs();
        }
    }

    /// Watches for the files outside the directory, whether they are there or not.
    pub(super) fn watch_outside(&mut self) {
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
}
