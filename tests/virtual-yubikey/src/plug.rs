//! A card, and a card that is plugged into a reader: the connection to vpcd and what happens on it.

use std::net::{Shutdown, TcpStream};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::apdu::{Answer, Command, Status};
use crate::card::{Apdu, Received, State};
use crate::error::Error;
use crate::options::{Act, At, Fault, Options, Touch};

/// What happens to a card that someone may want to see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// It blinks and waits for a touch.
    Blinking,
    /// It was touched in time.
    Touched,
    /// It was not.
    TouchTimeout,
    /// It was pulled out, by a fault or because the reader went away.
    Gone,
}

/// A card that is in no reader.
pub struct Card {
    content: Content,
    events: Option<Sender<Event>>,
}

/// A card is made when it is plugged in for the first time, so that only this can fail.
enum Content {
    Blank(Box<Options>),
    Made(Arc<Shared>),
}

impl Card {
    /// A card with these keys and habits.
    pub fn new(options: Options) -> Self {
        Self { content: Content::Blank(Box::new(options)), events: None }
    }

    /// Tells what happens to it.
    #[must_use]
    pub fn report(self, events: Sender<Event>) -> Self {
        Self { events: Some(events), ..self }
    }

    /// Plugs it into the reader of vpcd on this port. `pcscd` sees it the next time it looks, which
    /// is within 400 ms; [`Plug::wait_until_seen`] waits for that.
    ///
    /// # Errors
    ///
    /// When nothing listens there, or a key or certificate of the options cannot be made.
    pub fn plug(self, port: u16) -> Result<Plug, Error> {
        self.try_plug(port).map_err(|(error, _)| error)
    }

    /// As [`Card::plug`], but gives the card back if nothing listens there.
    ///
    /// # Errors
    ///
    /// As for [`Card::plug`].
    pub fn try_plug(self, port: u16) -> Result<Plug, (Error, Option<Self>)> {
        let Self { content, events } = self;
        let shared = match content {
            Content::Made(shared) => shared,
            Content::Blank(options) => {
                let state = State::new(*options).map_err(|error| (error, None))?;
                let inner = Mutex::new(Inner { state, line: Line::default() });
                Arc::new(Shared { inner, changed: Condvar::new() })
            }
        };
        let connect = || {
            let stream = TcpStream::connect(("127.0.0.1", port))?;
            Ok((stream.try_clone()?, stream.try_clone()?, stream))
        };
        let (handle, own, stream) = connect().map_err(|source| {
            let card = Self { content: Content::Made(Arc::clone(&shared)), events: events.clone() };
            (Error::Vpcd { port, source }, Some(card))
        })?;
        let atr = shared.lock().plugged_in();
        let mut reader =
            Reader { shared: Arc::clone(&shared), stream: own, atr, events: events.clone() };
        let thread = std::thread::spawn(move || {
            let mut connection = vpicc::Connection::from(stream);
            loop {
                reader.acknowledge_at_once();
                if connection.poll(&mut reader).is_err() {
                    break;
                }
            }
            reader.gone();
        });
        Ok(Plug { shared, stream: handle, thread: Some(thread), events })
    }
}

/// A card in a reader. Dropping it pulls it out.
pub struct Plug {
    shared: Arc<Shared>,
    stream: TcpStream,
    thread: Option<JoinHandle<()>>,
    events: Option<Sender<Event>>,
}

impl Plug {
    /// Pulls the card out; it keeps what it knows and can be plugged in again.
    #[must_use]
    pub fn pull(mut self) -> Card {
        self.disconnect();
        Card { content: Content::Made(Arc::clone(&self.shared)), events: self.events.clone() }
    }

    /// Touches it. This means something only while it blinks; false if it does not.
    pub fn touch(&self) -> bool {
        let mut inner = self.shared.lock();
        inner.line.touch = inner.line.blinking;
        self.shared.changed.notify_all();
        inner.line.touch
    }

    /// Whether it blinks.
    pub fn is_blinking(&self) -> bool {
        self.shared.lock().line.blinking
    }

    /// Waits until it blinks; false if it did not within `limit`.
    pub fn wait_until_blinking(&self, limit: Duration) -> bool {
        self.shared.wait(limit, |inner| inner.line.blinking)
    }

    /// Waits until `pcscd` has powered it on; false if it did not within `limit`.
    pub fn wait_until_seen(&self, limit: Duration) -> bool {
        self.shared.wait(limit, |inner| inner.line.seen)
    }

    /// Whether it still is in the reader: a fault pulls it out, or `pcscd` ends.
    pub fn is_connected(&self) -> bool {
        self.shared.lock().line.connected
    }

    /// The commands it received since it was plugged in.
    pub fn apdus(&self) -> Vec<Apdu> {
        self.shared.lock().state.apdus().to_vec()
    }

    /// Looks at the card, or changes it, between two commands.
    pub fn card<T>(&self, look: impl FnOnce(&mut State) -> T) -> T {
        look(&mut self.shared.lock().state)
    }

    /// Makes something go wrong; a command's number counts from one for the next.
    pub fn inject(&self, fault: Fault) {
        let mut inner = self.shared.lock();
        let at = match fault.at {
            At::Apdu(number) => At::Apdu(number + inner.state.apdus.len()),
            at @ At::Instruction(_) => at,
        };
        inner.line.faults.push(Fault { at, ..fault });
    }

    fn disconnect(&mut self) {
        self.shared.unplug(&self.stream);
        if let Some(thread) = self.thread.take() {
            // It ends as soon as the connection does; there is nothing to tell if it panicked.
            drop(thread.join());
        }
    }
}

impl Drop for Plug {
    fn drop(&mut self) {
        self.disconnect();
    }
}

/// What the card and those who hold it share.
struct Shared {
    inner: Mutex<Inner>,
    changed: Condvar,
}

struct Inner {
    state: State,
    line: Line,
}

impl Inner {
    /// A new life in a reader: nothing verified, nothing written down, and the faults of the options
    /// ahead. Gives the answer to reset.
    fn plugged_in(&mut self) -> Vec<u8> {
        let faults = self.state.options_mut().faults.drain(..).collect();
        self.line = Line { connected: true, faults, ..Line::default() };
        self.state.apdus.clear();
        self.state.reset();
        self.state.atr()
    }
}

/// What goes on between card, reader and person.
#[derive(Default)]
struct Line {
    connected: bool,
    seen: bool,
    blinking: bool,
    touch: bool,
    faults: Vec<Fault>,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait(&self, limit: Duration, mut until: impl FnMut(&Inner) -> bool) -> bool {
        let inner = self.lock();
        let waited = self.changed.wait_timeout_while(inner, limit, |inner| !until(inner));
        let (inner, _) = waited.unwrap_or_else(PoisonError::into_inner);
        until(&inner)
    }

    fn unplug(&self, stream: &TcpStream) {
        self.lock().line.connected = false;
        self.changed.notify_all();
        // It is an error if the reader went away first, which comes to the same.
        drop(stream.shutdown(Shutdown::Both));
    }
}

/// The card as vpcd speaks to it.
struct Reader {
    shared: Arc<Shared>,
    stream: TcpStream,
    atr: Vec<u8>,
    events: Option<Sender<Event>>,
}

impl vpicc::VSmartCard for Reader {
    fn atr(&self) -> &[u8] {
        &self.atr
    }

    fn power_on(&mut self) {
        let mut inner = self.shared.lock();
        inner.state.reset();
        inner.line.seen = true;
        self.shared.changed.notify_all();
    }

    fn power_off(&mut self) {
        self.shared.lock().state.reset();
    }

    fn reset(&mut self) {
        self.shared.lock().state.reset();
    }

    fn execute(&mut self, apdu: &[u8]) -> Vec<u8> {
        let part = match Command::parse(apdu) {
            Ok(part) => part,
            Err(status) => return self.shared.lock().state.encode(Err(status), false),
        };
        let extended = part.extended;
        let fault = self.note(&part);
        match fault {
            Some(Act::Pull) => return self.pull(),
            Some(Act::Silence) => {
                self.pause(Duration::MAX);
                return Vec::new();
            }
            Some(Act::Reset) => self.shared.lock().state.reset(),
            Some(Act::Delay(time)) => self.pause(time),
            Some(Act::Status(_) | Act::Garbage(_) | Act::PullAfter) | None => {}
        }
        let delay = self.shared.lock().state.options().delay;
        if !delay.is_zero() {
            self.pause(delay);
        }
        let answer = match fault {
            Some(Act::Status(status)) => Err(Status(status)),
            _ => self.answer(part),
        };
        let bytes = self.shared.lock().state.encode(answer, extended);
        match fault {
            Some(Act::PullAfter) => self.pull(),
            Some(Act::Garbage(bytes)) => self.said(bytes),
            _ => self.said(bytes),
        }
    }
}

impl Reader {
    /// vpcd sends a command in two pieces, the second when the first is acknowledged, with which the
    /// system would take 40 ms. The setting lasts until something is sent.
    fn acknowledge_at_once(&self) {
        #[cfg(target_os = "linux")]
        {
            use std::os::linux::net::TcpStreamExt as _;
            // Without it everything is only slower.
            let _ = self.stream.set_quickack(true);
        }
    }

    /// Writes the command down, and tells what goes wrong with it.
    fn note(&self, part: &Command) -> Option<Act> {
        let mut inner = self.shared.lock();
        let length = part.data.len();
        let apdu = Apdu { ins: part.ins, p1: part.p1, p2: part.p2, length, status: None };
        inner.state.apdus.push(apdu);
        let number = inner.state.apdus.len();
        let now = inner.line.faults.iter().position(|fault| match fault.at {
            At::Apdu(at) => at == number,
            At::Instruction(ins) => ins == part.ins && !part.continues,
        });
        now.map(|index| inner.line.faults.remove(index).act)
    }

    /// Does what the command says, once it is whole, and once the card was touched if it needs to.
    fn answer(&self, part: Command) -> Answer {
        let mut inner = self.shared.lock();
        let command = match inner.state.receive(part) {
            Received::Answer(answer) => return answer,
            Received::Command(command) => command,
        };
        let mut touched = false;
        if inner.state.wants_touch(&command) {
            (inner, touched) = self.blink(inner);
        }
        inner.state.run(&command, touched)
    }

    /// Blinks until it is touched, pulled out, or the time is up.
    fn blink<'a>(&self, mut inner: MutexGuard<'a, Inner>) -> (MutexGuard<'a, Inner>, bool) {
        let limit = inner.state.options().touch_timeout;
        let touch = inner.state.options().touch;
        inner.line.blinking = true;
        self.shared.changed.notify_all();
        self.tell(Event::Blinking);
        let begun = Instant::now();
        let itself = match touch {
            Touch::After(time) => Some(time),
            Touch::Never | Touch::OnCommand => None,
        };
        let touched = loop {
            let gone = begun.elapsed();
            let by_command = inner.line.touch && touch != Touch::Never;
            if by_command || itself.is_some_and(|time| gone >= time && gone < limit) {
                break true;
            }
            if gone >= limit || !inner.line.connected {
                break false;
            }
            let next = itself.filter(|time| *time < limit).unwrap_or(limit);
            let waited = self.shared.changed.wait_timeout(inner, next.saturating_sub(gone));
            inner = waited.unwrap_or_else(PoisonError::into_inner).0;
        };
        inner.line.blinking = false;
        inner.line.touch = false;
        self.shared.changed.notify_all();
        if touched {
            self.tell(Event::Touched);
        } else if inner.line.connected {
            self.tell(Event::TouchTimeout);
        }
        (inner, touched)
    }

    /// Waits, unless the card is pulled out meanwhile.
    fn pause(&self, time: Duration) {
        // A condition variable takes no more than this on every system.
        let time = time.min(Duration::from_secs(24 * 60 * 60));
        self.shared.wait(time, |inner| !inner.line.connected);
    }

    fn pull(&self) -> Vec<u8> {
        self.shared.unplug(&self.stream);
        Vec::new()
    }

    /// Writes down the status word of an answer that is about to go.
    fn said(&self, bytes: Vec<u8>) -> Vec<u8> {
        let mut inner = self.shared.lock();
        let status = bytes.last_chunk().map(|word| u16::from_be_bytes(*word));
        if let Some(apdu) = inner.state.apdus.last_mut() {
            apdu.status = status;
        }
        bytes
    }

    fn gone(&self) {
        self.shared.unplug(&self.stream);
        self.tell(Event::Gone);
    }

    fn tell(&self, event: Event) {
        if let Some(events) = &self.events {
            // Nobody may be listening any more.
            let _ = events.send(event);
        }
    }
}
