//! PKCS#11 modules among what is plugged in. Each is looked into by a thread of its own, which then
//! waits for its tokens to come and go: in the module where that can wait for them
//! (`C_WaitForSlotEvent`), and for cards to come and go in the readers. A module may miss what happens
//! while it is looked into; the readers do not.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::{Monitor, Shared, lock};
use crate::error::pkcs11::ModuleError;
use crate::pkcs11::module_file::ModuleFile;
use crate::pkcs11::process::{Inspection, LIMIT, Process};
use crate::signer::Attend;

/// How long is waited after an event, which often comes before the token can be used; and so that a
/// module that tells of events without end does no harm.
const AFTER_EVENT: Duration = Duration::from_millis(300);

/// How long a module has to finish once what it looks at has changed.
const OVERTAKEN: Duration = Duration::from_secs(2);

/// A module, and what is on its tokens.
#[derive(Debug, Clone)]
pub struct Module {
    /// Its file, and how it is started.
    pub file: ModuleFile,
    /// What it came to.
    pub state: ModuleState,
}

/// What a module came to.
#[derive(Debug, Clone)]
pub enum ModuleState {
    /// Being looked into.
    Reading,
    /// Looked into.
    Read(Arc<Inspection>),
    /// It cannot be used.
    Failed(ModuleError),
}

/// A module that is watched.
pub(super) struct Watch {
    file: ModuleFile,
    state: ModuleState,
    /// Tells it from one of the same file that was watched before.
    number: u64,
    /// Whether it should be read again, and what asked for that.
    again: Again,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Again {
    No,
    /// Cards came or went, which it may report by itself.
    Cards,
    /// Somebody asked.
    Asked,
}

impl Monitor {
    /// Watches these modules from now on, and no others.
    pub fn set_modules(&self, modules: &[ModuleFile]) {
        let mut begun = Vec::new();
        self.shared.change(|state| {
            let before = state.modules.len();
            state.modules.retain(|watch| modules.contains(&watch.file));
            let mut changed = state.modules.len() != before;
            for file in modules {
                if state.modules.iter().all(|watch| watch.file != *file) {
                    state.next += 1;
                    let number = state.next;
                    let (file, again) = (file.clone(), Again::No);
                    begun.push((file.clone(), number));
                    state.modules.push(Watch { file, state: ModuleState::Reading, number, again });
                    changed = true;
                }
            }
            changed
        });
        for (file, number) in begun {
            let shared = Arc::clone(&self.shared);
            thread::spawn(move || watch(&shared, &file, number));
        }
    }
}

impl Watch {
    pub(super) fn module(&self) -> Module {
        Module { file: self.file.clone(), state: self.state.clone() }
    }

    pub(super) fn cards_changed(&mut self) {
        if self.again == Again::No {
            self.again = Again::Cards;
        }
    }

    pub(super) fn look_again(&mut self) {
        self.again = Again::Asked;
    }
}

/// Reads a module again and again, until it is no longer watched.
fn watch(shared: &Shared, file: &ModuleFile, number: u64) {
    loop {
        let mut started = match Process::start(file, LIMIT) {
            Ok(started) => Some(started),
            Err(error) => {
                if !shared.looked(number, &Err(error)) {
                    return;
                }
                None
            }
        };
        while let Some(process) = &mut started {
            let overtaken = Overtaken { shared, number, since: Mutex::new(None) };
            let read = process.inspect_attended(&overtaken).map(|read| read.map(Arc::new));
            let Some(read) = read.transpose() else { break };
            if !shared.looked(number, &read) {
                return;
            }
            let event =
                read.is_ok() && process.wait_for_event(&|| shared.again(number) != Some(Again::No));
            if !event || shared.pause(AFTER_EVENT) {
                break;
            }
        }
        drop(started);
        match shared.wait_to_look_again(number) {
            None => return,
            Some(Again::Cards) if shared.pause(AFTER_EVENT) => return,
            Some(_) => {}
        }
    }
}

/// Whether what a module is looking at has changed meanwhile, and it has not come to an end since: some
/// never do where a card is pulled out under their hands (OpenSC 0.23, in `C_GetTokenInfo`).
struct Overtaken<'a> {
    shared: &'a Shared,
    number: u64,
    since: Mutex<Option<Instant>>,
}

impl Attend for Overtaken<'_> {
    fn is_cancelled(&self) -> bool {
        let mut since = self.since.lock().unwrap_or_else(PoisonError::into_inner);
        match self.shared.again(self.number) {
            Some(Again::No) => *since = None,
            _ => drop(since.get_or_insert_with(Instant::now)),
        }
        since.is_some_and(|since| since.elapsed() >= OVERTAKEN)
    }
}

impl Shared {
    /// Keeps what was found in a module; gives whether it is watched still.
    fn looked(&self, number: u64, read: &Result<Arc<Inspection>, ModuleError>) -> bool {
        let mut watched = false;
        self.change(|state| {
            let Some(watch) = state.modules.iter_mut().find(|watch| watch.number == number) else {
                return false;
            };
            watched = true;
            let same = match (&watch.state, read) {
                (ModuleState::Read(before), Ok(now)) => before == now,
                (ModuleState::Failed(before), Err(now)) => before == now,
                _ => false,
            };
            watch.state = match read {
                Ok(read) => ModuleState::Read(Arc::clone(read)),
                Err(error) => ModuleState::Failed(error.clone()),
            };
            !same
        });
        watched
    }

    /// Whether a module should be read again; `None` if it is no longer watched.
    fn again(&self, number: u64) -> Option<Again> {
        let state = lock(&self.state);
        let watch = state.modules.iter().find(|watch| watch.number == number)?;
        (!state.ended).then_some(watch.again)
    }

    /// Waits until it should, and returns what asked for that; `None` if it is no longer watched.
    fn wait_to_look_again(&self, number: u64) -> Option<Again> {
        let mut state = lock(&self.state);
        loop {
            let ended = state.ended;
            match state.modules.iter_mut().find(|watch| watch.number == number) {
                Some(watch) if !ended && watch.again != Again::No => {
                    return Some(std::mem::replace(&mut watch.again, Again::No));
                }
                Some(_) if !ended => {}
                _ => return None,
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}
