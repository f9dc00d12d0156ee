//! What is plugged in: PC/SC readers and the cards in them, watched by their status changes (PC/SC
//! part 5 section 3.2.5, `SCardGetStatusChange`). Each card is read on a thread of its own, since one that
//! does not answer must not delay the others. PKCS#11 modules are watched beside them.

mod modules;

use std::collections::BTreeMap;
use std::ffi::CString;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use pcsc::{Context, PNP_NOTIFICATION, ReaderState, Scope, State};

use self::modules::Watch;
pub use self::modules::{Module, ModuleState};
use crate::error::piv::CardError;
use crate::piv::token::Token;
use crate::reader;

/// After how long to try again if the smart card service is not available.
const SERVICE_AGAIN: Duration = Duration::from_millis(300);
/// After how long to try again if another program holds a card. Nothing signals its end.
const HELD_AGAIN: Duration = Duration::from_millis(500);
/// How often at most: for half a day.
const READS: usize = 100_000;
/// After how long a card that cannot be reached counts as held by another program.
const HELD_AFTER: Duration = Duration::from_secs(2);
/// How long reading a card may take before it counts as unreadable.
const READING: Duration = Duration::from_secs(30);
/// How long to wait for the watching thread to end.
const END: Duration = Duration::from_secs(1);
/// What is plugged in.
#[derive(Debug, Clone, Default)]
pub struct Devices {
    /// Whether the smart card service can be reached.
    pub service: Service,
    /// The readers with a card in them.
    pub devices: Vec<Device>,
    /// The PKCS#11 modules that are watched.
    pub modules: Vec<Module>,
}

/// Whether the smart card service can be reached.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Service {
    /// Not known yet.
    #[default]
    Unknown,
    /// It can.
    Running,
    /// It cannot, and why.
    Missing(String),
}

/// A card in a reader.
#[derive(Debug, Clone)]
pub struct Device {
    /// The reader, as the system calls it.
    pub reader: String,
    /// What is in it.
    pub found: Found,
}

/// What is in a reader.
#[derive(Debug, Clone)]
pub enum Found {
    /// Being read.
    Reading,
    /// A card with PIV. The attestations of a YubiKey come a moment later.
    Piv(Arc<Token>),
    /// Another card, which is left alone.
    Other {
        /// Its answer to reset.
        atr: Vec<u8>,
    },
    /// Another program holds it.
    Held,
    /// It cannot be read.
    Unreadable(CardError),
}

impl Device {
    /// The PIV card, if it is one and has been read.
    pub fn token(&self) -> Option<&Arc<Token>> {
        match &self.found {
            Found::Piv(token) => Some(token),
            _ => None,
        }
    }

    /// Whether the reader, and so the card in it, is software.
    pub fn is_virtual(&self) -> bool {
        reader::is_virtual(&self.reader)
    }
}

impl Devices {
    /// Whether everything that is plugged in has been read, as far as it can be.
    pub fn settled(&self) -> bool {
        let reading = |device: &Device| matches!(device.found, Found::Reading);
        let looking = |module: &Module| matches!(module.state, ModuleState::Reading);
        self.service != Service::Unknown
            && !self.devices.iter().any(reading)
            && !self.modules.iter().any(looking)
    }

    /// The PIV cards.
    pub fn tokens(&self) -> impl Iterator<Item = &Arc<Token>> {
        self.devices.iter().filter_map(Device::token)
    }
}

type Listener = Box<dyn Fn(&Devices) + Send + Sync>;

/// Watches what is plugged in until it is dropped.
pub struct Monitor {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    state: Mutex<Watched>,
    changed: Condvar,
    /// Called at each change, one after the other.
    listener: Mutex<Listener>,
}

#[derive(Default)]
struct Watched {
    service: Service,
    readers: BTreeMap<String, Slot>,
    modules: Vec<Watch>,
    /// What the watching thread waits in.
    context: Option<Context>,
    next: u64,
    ended: bool,
}

/// A reader with a card in it.
struct Slot {
    /// Distinguishes one card from the next in the same reader.
    card: u64,
    atr: Vec<u8>,
    found: Found,
    /// Whether its attestations are still to be read.
    complete: bool,
}

impl Monitor {
    /// Begins to watch. The listener is called at every change, on threads of the monitor.
    pub fn start(listener: impl Fn(&Devices) + Send + Sync + 'static) -> Self {
        let shared = Arc::new(Shared {
            state: Mutex::default(),
            changed: Condvar::new(),
            listener: Mutex::new(Box::new(listener)),
        });
        let watching = Arc::clone(&shared);
        let thread = thread::spawn(move || watch(&watching));
        Self { shared, thread: Some(thread) }
    }

    /// Waits until everything that is plugged in has been read with its attestations, or the time
    /// is over; returns what is known then.
    pub fn settled(&self, within: Duration) -> Devices {
        let until = Instant::now() + within;
        let mut state = lock(&self.shared.state);
        loop {
            let complete = state.readers.values().all(|slot| slot.complete);
            let left = until.saturating_duration_since(Instant::now());
            if (state.devices().settled() && complete) || left.is_zero() {
                return state.devices();
            }
            let waited = self.shared.changed.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Reads everything again: attempts were used, or a program has released a card.
    pub fn look_again(&self) {
        let readers: Vec<_> = {
            let mut state = lock(&self.shared.state);
            state.modules.iter_mut().for_each(Watch::look_again);
            let atrs: Vec<_> =
                state.readers.iter().map(|(name, slot)| (name.clone(), slot.atr.clone())).collect();
            let again = |(name, atr): (String, Vec<u8>)| {
                let card = state.arrived_again(&name, atr.clone());
                (name, atr, card)
            };
            atrs.into_iter().map(again).collect()
        };
        self.shared.changed.notify_all();
        for (name, atr, card) in readers {
            read(&self.shared, name, atr, card);
        }
    }
}

impl Drop for Monitor {
    fn drop(&mut self) {
        lock(&self.shared.state).ended = true;
        self.shared.changed.notify_all();
        let Some(thread) = self.thread.take() else { return };
        let until = Instant::now() + END;
        // Asked more than once, since it has no effect just before the thread waits.
        while !thread.is_finished() && Instant::now() < until {
            if let Some(context) = &lock(&self.shared.state).context {
                // If that fails, the thread is not waiting.
                let _ = context.cancel();
            }
            thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Watched {
    fn devices(&self) -> Devices {
        let device = |(reader, slot): (&String, &Slot)| Device {
            reader: reader.clone(),
            found: slot.found.clone(),
        };
        Devices {
            service: self.service.clone(),
            devices: self.readers.iter().map(device).collect(),
            modules: self.modules.iter().map(Watch::module).collect(),
        }
    }

    fn arrived(&mut self, reader: &str, atr: Vec<u8>) -> u64 {
        self.next += 1;
        let slot = Slot { card: self.next, atr, found: Found::Reading, complete: false };
        self.readers.insert(reader.to_owned(), slot);
        self.cards_changed();
        self.next
    }

    /// Modules are read again.
    fn cards_changed(&mut self) {
        self.modules.iter_mut().for_each(Watch::cards_changed);
    }

    /// As [`Self::arrived`], but shows what is known until more is.
    fn arrived_again(&mut self, reader: &str, atr: Vec<u8>) -> u64 {
        let before = self.readers.get(reader).map(|slot| slot.found.clone());
        let card = self.arrived(reader, atr);
        if let (Some(before), Some(slot)) = (before, self.readers.get_mut(reader)) {
            slot.found = before;
        }
        card
    }
}

impl Shared {
    /// Changes the state, and calls the listener if something changed.
    fn change(&self, change: impl FnOnce(&mut Watched) -> bool) {
        // Held during the call, so that the last call is about the last change.
        let listener = self.listener.lock().unwrap_or_else(PoisonError::into_inner);
        let devices = {
            let mut state = lock(&self.state);
            if !change(&mut state) || state.ended {
                return;
            }
            state.devices()
        };
        self.changed.notify_all();
        listener(&devices);
    }

    fn ended(&self) -> bool {
        lock(&self.state).ended
    }

    /// Waits a while; returns whether all has ended.
    fn pause(&self, while_: Duration) -> bool {
        let until = Instant::now() + while_;
        let mut state = lock(&self.state);
        while !state.ended {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            let waited = self.changed.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        true
    }
}

/// Watches the readers while the service is available; otherwise waits for the service.
fn watch(shared: &Arc<Shared>) {
    while !shared.ended() {
        let error = match Context::establish(Scope::User) {
            Ok(context) => {
                lock(&shared.state).context = Some(context.clone());
                let ended = watch_readers(shared, &context);
                lock(&shared.state).context = None;
                ended
            }
            Err(error) => error,
        };
        if shared.ended() {
            return;
        }
        shared.change(|state| {
            let service = Service::Missing(error.to_string());
            let changed = state.service != service || !state.readers.is_empty();
            state.service = service;
            state.readers.clear();
            changed
        });
        shared.pause(SERVICE_AGAIN);
    }
}

/// Watches readers and cards until the service is gone, or all has ended.
fn watch_readers(shared: &Arc<Shared>, context: &Context) -> pcsc::Error {
    let mut states = vec![ReaderState::new(PNP_NOTIFICATION(), State::UNAWARE)];
    loop {
        let readers = match context.list_readers_owned() {
            Ok(readers) => readers,
            Err(pcsc::Error::NoReadersAvailable) => Vec::new(),
            Err(error) => return error,
        };
        follow(shared, &mut states, &readers);
        if readers.is_empty() {
            running(shared);
        }
        states.iter_mut().for_each(ReaderState::sync_current_state);
        match context.get_status_change(None, &mut states) {
            Ok(()) => {}
            // One more round shows which reader is gone.
            Err(pcsc::Error::UnknownReader | pcsc::Error::Timeout) => {}
            Err(error) => return error,
        }
        if shared.ended() {
            return pcsc::Error::Cancelled;
        }
        for state in states.iter().skip(1) {
            look(shared, state);
        }
        running(shared);
    }
}

/// Records that the service is available, once its readers have been read, so that nobody takes
/// an incomplete list for the whole.
fn running(shared: &Shared) {
    shared.change(|state| {
        let changed = state.service != Service::Running;
        state.service = Service::Running;
        changed
    });
}

/// Adds new readers, and removes those that are gone.
fn follow(shared: &Shared, states: &mut Vec<ReaderState>, readers: &[CString]) {
    let pnp = PNP_NOTIFICATION();
    let gone = |state: &ReaderState| {
        state.name() != pnp
            && (state.event_state().intersects(State::UNKNOWN | State::IGNORE)
                || !readers.iter().any(|reader| reader.as_c_str() == state.name()))
    };
    for state in states.iter().filter(|state| gone(state)) {
        removed(shared, &state.name().to_string_lossy());
    }
    states.retain(|state| !gone(state));
    for reader in readers {
        if !states.iter().any(|state| state.name() == reader.as_c_str()) {
            states.push(ReaderState::new(reader.clone(), State::UNAWARE));
        }
    }
}

/// What a reader's new state means: a card came, another came, or it went.
fn look(shared: &Arc<Shared>, state: &ReaderState) {
    let (before, now) = (state.current_state(), state.event_state());
    if !now.intersects(State::CHANGED) {
        return;
    }
    let name = state.name().to_string_lossy().into_owned();
    let present = now.intersects(State::PRESENT) && !now.intersects(State::MUTE);
    // The number of insertions and removals stands in the upper half of the state.
    let another = before.bits() >> 16 != now.bits() >> 16;
    let known = lock(&shared.state).readers.contains_key(&name);
    if !present {
        removed(shared, &name);
    } else if !known || another {
        let atr = state.atr().to_vec();
        let mut card = 0;
        shared.change(|state| {
            card = state.arrived(&name, atr.clone());
            true
        });
        read(shared, name, atr, card);
    }
}

fn removed(shared: &Shared, reader: &str) {
    shared.change(|state| {
        let gone = state.readers.remove(reader).is_some();
        if gone {
            state.cards_changed();
        }
        gone
    });
}

/// Reads a card on a thread of its own, and looks after it on another.
fn read(shared: &Arc<Shared>, reader: String, atr: Vec<u8>, card: u64) {
    let begun = Arc::new(AtomicBool::new(false));
    let (reading, told) = (Arc::clone(shared), Arc::clone(&begun));
    let late = (Arc::clone(shared), reader.clone());
    thread::spawn(move || read_card(&reading, &reader, &atr, card, &told));
    thread::spawn(move || {
        let (shared, reader) = late;
        if shared.read_within(HELD_AFTER, &reader, card) {
            return;
        }
        if !begun.load(Ordering::Acquire) {
            // Another program has a transaction with it; once that ends, it is still read.
            shared.found(&reader, card, Found::Held, true);
        } else if !shared.read_within(READING, &reader, card) {
            let silent = CardError::Silent(READING.as_secs());
            shared.found(&reader, card, Found::Unreadable(silent), true);
        }
    });
}

fn read_card(shared: &Arc<Shared>, reader: &str, atr: &[u8], card: u64, begun: &AtomicBool) {
    for _ in 0..READS {
        let found = match Token::read(reader, atr, || begun.store(true, Ordering::Release)) {
            Ok(Some(token)) => Found::Piv(Arc::new(token)),
            Ok(None) => Found::Other { atr: atr.to_vec() },
            Err(CardError::Held) => Found::Held,
            Err(error) => Found::Unreadable(error),
        };
        // Nothing else shows that a program has released a card, or reset it.
        let again = matches!(found, Found::Held | Found::Unreadable(CardError::Reset));
        let token = match &found {
            Found::Piv(token) => Some(Arc::clone(token)),
            _ => None,
        };
        if !shared.found(reader, card, found, token.is_none()) {
            return;
        }
        if let Some(token) = token {
            // A key that cannot be attested now can still sign.
            let attested = token.as_ref().clone().read_attestations();
            let token = attested.map_or(token, Arc::new);
            shared.found(reader, card, Found::Piv(token), true);
        }
        if !again || shared.pause(HELD_AGAIN) {
            return;
        }
    }
}

impl Shared {
    /// Keeps what was found if the card is still there; returns whether it is.
    fn found(&self, reader: &str, card: u64, found: Found, complete: bool) -> bool {
        let mut there = false;
        self.change(|state| {
            let Some(slot) = state.readers.get_mut(reader).filter(|slot| slot.card == card) else {
                return false;
            };
            there = true;
            let same = matches!((&slot.found, &found), (Found::Held, Found::Held));
            slot.found = found;
            slot.complete = complete;
            // It is released only now, and a module may not have seen it until then.
            if complete {
                state.cards_changed();
            }
            !same
        });
        there
    }

    /// Waits for a card to be read; returns whether it has been read, or is gone.
    fn read_within(&self, limit: Duration, reader: &str, card: u64) -> bool {
        let until = Instant::now() + limit;
        let mut state = lock(&self.state);
        loop {
            let reading = state
                .readers
                .get(reader)
                .is_some_and(|slot| slot.card == card && matches!(slot.found, Found::Reading));
            let left = until.saturating_duration_since(Instant::now());
            if !reading || state.ended {
                return true;
            }
            if left.is_zero() {
                return false;
            }
            let waited = self.changed.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
