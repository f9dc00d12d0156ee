//! The process with the module: loads it, and does with it what it is asked for over a pipe, until
//! nobody asks for anything. Then it logs out, closes its session and ends.
//!
//! | question | module |
//! |---|---|
//! | Can the file be a module, and why can it not be loaded? | `library` |
//! | Which keys does a session see? | `objects`, with the text in `field` |
//! | What is the public half of a key? | `public_key` |
//! | What does a mechanism sign, and give? | `mechanism` |
//! | How does a token stand with its PIN? | `pin` |

mod field;
mod library;
mod mechanism;
mod objects;
mod pin;
mod public_key;

use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use countersign_envelope::signature::Algorithm;
use countersign_pkcs11_calls::sys::*;
use countersign_pkcs11_calls::{CallError, LoadError, Module, Object as Handle, Session, wide};
use secrecy::{ExposeSecret as _, SecretString};

use self::field::text;
use self::library::{check_file, load_fault};
use self::mechanism::{in_form, input_of, mechanism_type, way_of};
use self::objects::{View, named};
use self::pin::{login_answer, pin_length, pin_state, unsent};
use super::name::Name;
use super::protocol::{self, Frame, Library, PinAnswer, Reply, Request};
use super::token::{Mechanism, Token, TokenKey};
use crate::error::pkcs11::Fault;

/// What this program is started with to be that process; the module's file follows.
pub const ARGUMENT: &str = "--pkcs11-module";

/// How long a module has to finish its call when nobody waits for it. It may wait for a touch.
const END: Duration = Duration::from_secs(20);

/// How long it may take until a token that was pulled out is noticed to be gone, and how often that is
/// looked at.
const NOTICED: Duration = Duration::from_millis(1500);
const GLANCE: Duration = Duration::from_millis(100);

/// Does the work of the process with the module, where this one was started for that. To be called
/// before anything else.
pub fn serve_if_asked() -> Option<ExitCode> {
    let mut arguments = std::env::args_os().skip(1);
    let asked = arguments.next().is_some_and(|first| first == ARGUMENT);
    asked.then(|| match serve(&arguments.next().unwrap_or_default()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    })
}

fn serve(file: &OsString) -> io::Result<()> {
    let (input, mut output) = pipes()?;
    let idle = Arc::new(AtomicBool::new(false));
    let asked = frames(input, Arc::clone(&idle));
    let Some(Request::Start { init }) = next_request(&asked) else { return Ok(()) };
    let mut host = Host::load(Path::new(file), init.as_deref(), idle);
    while let Some(request) = next_request(&asked) {
        let (reply, more) = match &mut host {
            Ok(host) => host.answer(request, &asked),
            Err(fault) => (Reply::Failed { fault: fault.clone() }, None),
        };
        protocol::write_frame(&mut output, &serde_json::to_vec(&reply)?)?;
        if let Some(more) = more {
            protocol::write_frame(&mut output, &more)?;
        }
    }
    if let Ok(host) = host {
        host.end();
    }
    Ok(())
}

/// The pipes to the station, moved away from standard input and output: modules print, and what
/// they print goes to standard error from here on.
#[cfg(unix)]
fn pipes() -> io::Result<(File, File)> {
    let away = |fd| rustix::io::fcntl_dupfd_cloexec(fd, 10).map(File::from);
    let (input, output) = (away(rustix::stdio::stdin())?, away(rustix::stdio::stdout())?);
    rustix::stdio::dup2_stdin(File::open("/dev/null")?)?;
    rustix::stdio::dup2_stdout(rustix::stdio::stderr())?;
    Ok((input, output))
}

/// Elsewhere standard input and output are the pipes, and a module that prints is an error.
#[cfg(not(unix))]
fn pipes() -> io::Result<(io::Stdin, io::Stdout)> {
    Ok((io::stdin(), io::stdout()))
}

/// What is asked, read by a thread of its own, so that the end of it is noticed while the module is
/// at work: it may go on for a while, and is ended then.
fn frames(mut input: impl io::Read + Send + 'static, idle: Arc<AtomicBool>) -> Receiver<Frame> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        while let Ok(Some(frame)) = protocol::read_frame(&mut input) {
            if sender.send(frame).is_err() {
                break;
            }
        }
        drop(sender);
        if !idle.load(Ordering::Acquire) {
            thread::sleep(END);
        }
        // With all that the module has started.
        #[cfg(unix)]
        let _ = rustix::process::kill_current_process_group(rustix::process::Signal::KILL);
        std::process::exit(1);
    });
    receiver
}

fn next_request(asked: &Receiver<Frame>) -> Option<Request> {
    serde_json::from_slice(&asked.recv().ok()?).ok()
}

/// The module, and the session with one of its tokens.
struct Host {
    module: Module,
    open: Option<Open>,
    /// Whether it only waits for a token to come or go, so that nobody needs to wait for it.
    idle: Arc<AtomicBool>,
}

/// A session for one key.
struct Open {
    session: Session,
    slot: CK_SLOT_ID,
    token: Name,
    wanted: TokenKey,
    /// The key that signs, once it is visible.
    key: Option<Handle>,
    mechanisms: Vec<Mechanism>,
    always_authenticate: bool,
    own_pad: bool,
    logged_in: bool,
    /// Kept only if the token asks for it again.
    pin: Option<SecretString>,
}

impl Host {
    fn load(file: &Path, init: Option<&str>, idle: Arc<AtomicBool>) -> Result<Self, Fault> {
        check_file(file)?;
        let module = Module::load(file.as_os_str()).map_err(|error| match error {
            LoadError::Loader(said) => load_fault(file, &said),
            LoadError::NoFunctionList => Fault::NoFunctionList,
            LoadError::Call(error) => Fault::of(error),
        })?;
        match module.initialize(true, init) {
            // It cannot lock, which one thread does not need.
            Err(CallError { rv: CKR_CANT_LOCK, .. }) => module.initialize(false, init),
            other => other,
        }
        .map_err(Fault::of)?;
        Ok(Self { module, open: None, idle })
    }

    fn answer(&mut self, request: Request, asked: &Receiver<Frame>) -> (Reply, Option<Vec<u8>>) {
        let reply = match request {
            // It was started already.
            Request::Start { .. } => Err(Fault::Garbage),
            Request::Inspect => self.inspect(),
            Request::WaitForEvent => Ok(self.wait_for_event()),
            Request::Open { token, key } => self.open(&token, *key),
            Request::LogIn { with_pin, last_try } => {
                let pin = if with_pin { asked.recv().ok() } else { None };
                self.log_in(pin.as_ref(), last_try)
            }
            Request::Sign { algorithm } => {
                let message = asked.recv().unwrap_or_default();
                match self.sign(algorithm, &message) {
                    Ok(signature) => return (Reply::Signed, Some(signature)),
                    Err(fault) => Err(self.gone_or(fault)),
                }
            }
        };
        (reply.unwrap_or_else(|fault| Reply::Failed { fault }), None)
    }

    fn end(self) {
        if let Some(open) = self.open {
            if open.logged_in {
                // A token that has gone is logged out already.
                let _ = self.module.logout(&open.session);
            }
            self.module.close(open.session);
        }
        let _ = self.module.finalize();
    }

    fn inspect(&self) -> Result<Reply, Fault> {
        let info = self.module.info().map_err(Fault::of)?;
        let CK_VERSION { major, minor } = info.libraryVersion;
        let library = Library {
            description: text(&info.libraryDescription),
            manufacturer: text(&info.manufacturerID),
            version: format!("{major}.{minor}"),
        };
        let mut tokens = Vec::new();
        for (slot, mut token) in self.tokens()? {
            if token.problem.is_some() {
                tokens.push(token);
                continue;
            }
            match self.keys_without_pin(slot, &token) {
                Ok(keys) => token.keys = keys,
                Err(error) => token.problem = Some(Fault::of(error)),
            }
            tokens.push(token);
        }
        Ok(Reply::Inspected { library, tokens })
    }

    fn keys_without_pin(
        &self,
        slot: CK_SLOT_ID,
        token: &Token,
    ) -> Result<Vec<TokenKey>, CallError> {
        let session = self.module.open_session(slot)?;
        let seen = View { module: &self.module, session: &session };
        let keys = seen.keys(token.login_required);
        let mut keys = match keys {
            Ok(keys) => keys,
            Err(error) => {
                self.module.close(session);
                return Err(error);
            }
        };
        for (handle, key) in &mut keys {
            key.free = handle.is_some_and(|handle| self.is_free(slot, token, key, handle));
        }
        self.module.close(session);
        Ok(keys.into_iter().map(|(_, key)| key).collect())
    }

    /// Whether a key signs without the PIN, as a PIV card's 9e does. Nothing is signed to find out,
    /// and no PIN is sent: the module is asked to begin.
    fn is_free(&self, slot: CK_SLOT_ID, token: &Token, key: &TokenKey, handle: Handle) -> bool {
        if !token.login_required {
            return true;
        }
        if key.private != Some(false) || key.always_authenticate == Some(true) || key.secret {
            return false;
        }
        let Some(way) = token
            .algorithms(key)
            .iter()
            .flat_map(|algorithm| Mechanism::of(*algorithm))
            .find(|mechanism| token.mechanisms.contains(mechanism))
        else {
            return false;
        };
        // A session of its own: closing it is what ends what was begun.
        let Ok(session) = self.module.open_session(slot) else { return false };
        let begun = self.module.sign_init(&session, way_of(*way), handle).is_ok();
        self.module.close(session);
        begun
    }

    /// The tokens that are there and in use, without their keys. One of which the module tells nothing
    /// but an error is among them with that as its problem; if there is no other, the error is the
    /// module's.
    fn tokens(&self) -> Result<Vec<(CK_SLOT_ID, Token)>, Fault> {
        let mut tokens = Vec::new();
        let mut first = None;
        for slot in self.module.slots_with_token().map_err(Fault::of)? {
            let token = match self.module.token_info(slot) {
                Ok(info) if info.flags & CKF_TOKEN_INITIALIZED != 0 => self.token(slot, &info),
                Ok(_) => continue,
                // Gone since the list was made, or not understood.
                Err(CallError { rv: CKR_TOKEN_NOT_PRESENT | CKR_TOKEN_NOT_RECOGNIZED, .. }) => {
                    continue;
                }
                Err(error) => {
                    let fault = Fault::of(error);
                    let token = Token {
                        problem: Some(fault.clone()),
                        ..self.token(slot, &CK_TOKEN_INFO::default())
                    };
                    first.get_or_insert(fault);
                    token
                }
            };
            tokens.push((slot, token));
        }
        match first {
            Some(fault) if tokens.iter().all(|(_, token)| token.problem.is_some()) => Err(fault),
            _ => Ok(tokens),
        }
    }

    /// A token with what the module tells of it. What it does not tell is left empty.
    fn token(&self, slot: CK_SLOT_ID, info: &CK_TOKEN_INFO) -> Token {
        let of_slot = self.module.slot_info(slot).unwrap_or_default();
        let offered = self.module.mechanisms(slot);
        let problem = offered.as_ref().err().map(|error| Fault::of(*error));
        let offered = offered.unwrap_or_default();
        let (least, most) = pin_length(info);
        Token {
            slot: wide(slot),
            slot_name: text(&of_slot.slotDescription),
            hardware_slot: of_slot.flags & CKF_HW_SLOT != 0,
            label: text(&info.label),
            manufacturer: text(&info.manufacturerID),
            model: text(&info.model),
            serial: text(&info.serialNumber),
            login_required: info.flags & CKF_LOGIN_REQUIRED != 0,
            pin: pin_state(info),
            pin_length: Some((least, most)).filter(|(least, most)| *most > 0 && least <= most),
            own_pad: info.flags & CKF_PROTECTED_AUTHENTICATION_PATH != 0,
            mechanisms: Mechanism::ALL
                .into_iter()
                .filter(|mechanism| offered.contains(&mechanism_type(*mechanism)))
                .collect(),
            keys: Vec::new(),
            problem,
        }
    }

    fn wait_for_event(&self) -> Reply {
        self.idle.store(true, Ordering::Release);
        let event = self.module.wait_for_slot_event();
        self.idle.store(false, Ordering::Release);
        match event {
            Ok(_) => Reply::Event,
            Err(_) => Reply::NoEvents,
        }
    }

    fn open(&mut self, wanted: &Token, key: TokenKey) -> Result<Reply, Fault> {
        let mut same = self.tokens()?;
        same.retain(|(_, token)| token.problem.is_none() && token.is_same(wanted));
        // A card with several PINs is several tokens that only their slots tell apart.
        let at = match same.as_slice() {
            [] => return Err(Fault::NoToken { token: wanted.name() }),
            [_] => Some(0),
            several => several.iter().position(|(slot, _)| wide(*slot) == wanted.slot),
        };
        let Some(at) = at else {
            return Err(Fault::SeveralTokens { token: wanted.name() });
        };
        let (slot, token) = same.swap_remove(at);
        let session = self.module.open_session(slot).map_err(Fault::of)?;
        let view = View { module: &self.module, session: &session };
        let seen = view.keys(token.login_required).map_err(Fault::of)?;
        let (handle, mut found) = match named(&seen, &key, &token.name()) {
            Ok((handle, found)) => (handle, found),
            Err(Fault::NoKey { .. }) if token.login_required => (None, key.clone()),
            Err(fault) => return Err(fault),
        };
        if let Some(handle) = handle {
            found.free = self.is_free(slot, &token, &found, handle);
        }
        self.open = Some(Open {
            session,
            slot,
            token: token.name(),
            wanted: key,
            key: handle,
            mechanisms: token.mechanisms.clone(),
            always_authenticate: found.always_authenticate == Some(true),
            own_pad: token.own_pad,
            logged_in: false,
            pin: None,
        });
        Ok(Reply::Opened { token: Box::new(token), key: Box::new(found) })
    }

    fn log_in(&mut self, pin: Option<&Frame>, last_try: bool) -> Result<Reply, Fault> {
        let open = self.open.as_mut().ok_or(Fault::Garbage)?;
        let info = self.module.token_info(open.slot).map_err(Fault::of)?;
        let pin = match pin.map(|bytes| std::str::from_utf8(bytes)) {
            None => None,
            Some(Ok(text)) => Some(SecretString::from(text)),
            Some(Err(_)) => return Ok(Reply::NotLoggedIn { why: PinAnswer::Refused }),
        };
        if let Some(why) = unsent(&info, pin.as_ref(), last_try) {
            return Ok(Reply::NotLoggedIn { why });
        }
        let bytes = pin.as_ref().map(|pin| pin.expose_secret().as_bytes());
        match self.module.login(&open.session, CKU_USER, bytes) {
            Ok(()) | Err(CallError { rv: CKR_USER_ALREADY_LOGGED_IN, .. }) => open.logged_in = true,
            Err(error) => {
                let state = self.module.token_info(open.slot).map(|info| pin_state(&info));
                return match login_answer(error, state.ok()) {
                    Some(why) => Ok(Reply::NotLoggedIn { why }),
                    None => Err(Fault::of(error)),
                };
            }
        }
        let view = View { module: &self.module, session: &open.session };
        let seen = view.keys(false).map_err(Fault::of)?;
        let (Some(handle), key) = named(&seen, &open.wanted, &open.token)? else {
            return Err(Fault::no_key(&open.token, &open.wanted, &seen));
        };
        open.key = Some(handle);
        open.always_authenticate = key.always_authenticate == Some(true);
        open.pin = pin.filter(|_| open.always_authenticate);
        Ok(Reply::LoggedIn { key: Box::new(key) })
    }

    /// What went wrong; or that the token has gone, if it has: modules give all sorts of codes
    /// for that, and some notice a moment later.
    fn gone_or(&self, fault: Fault) -> Fault {
        let Fault::Function { function, code } = fault else { return fault };
        let Some(open) = &self.open else { return Fault::Function { function, code } };
        let noticed = Instant::now() + NOTICED;
        while Instant::now() < noticed {
            let there = self.module.slots_with_token();
            if there.is_ok_and(|slots| !slots.contains(&open.slot)) {
                return Fault::Removed { function, code };
            }
            thread::sleep(GLANCE);
        }
        Fault::Function { function, code }
    }

    fn sign(&self, algorithm: Algorithm, message: &[u8]) -> Result<Vec<u8>, Fault> {
        let open = self.open.as_ref().ok_or(Fault::Garbage)?;
        let key = open.key.ok_or(Fault::Garbage)?;
        let ways = Mechanism::of(algorithm).iter().copied();
        let ways = ways.filter(|mechanism| open.mechanisms.contains(mechanism));
        let mut last = Fault::NoMechanism { algorithm };
        for mechanism in ways {
            let input = input_of(mechanism, algorithm, message);
            match open.sign_by(&self.module, mechanism, key, &input) {
                Ok(signature) => return in_form(algorithm, signature),
                // Nothing has been begun: the slot has the mechanism, and this key has not.
                Err(
                    error @ CallError {
                        function: "C_SignInit",
                        rv:
                            CKR_MECHANISM_INVALID
                            | CKR_MECHANISM_PARAM_INVALID
                            | CKR_KEY_TYPE_INCONSISTENT
                            | CKR_KEY_FUNCTION_NOT_PERMITTED,
                    },
                ) => last = Fault::of(error),
                Err(error) => return Err(Fault::of(error)),
            }
        }
        Err(last)
    }
}

impl Open {
    fn sign_by(
        &self,
        module: &Module,
        mechanism: Mechanism,
        key: Handle,
        input: &[u8],
    ) -> Result<Vec<u8>, CallError> {
        module.sign_init(&self.session, way_of(mechanism), key)?;
        if self.always_authenticate {
            let pin = self.pin.as_ref().filter(|_| !self.own_pad);
            let pin = pin.map(|pin| pin.expose_secret().as_bytes());
            match module.login(&self.session, CKU_CONTEXT_SPECIFIC, pin) {
                // It is still logged in from a moment ago, and that is enough for it.
                Err(CallError { rv: CKR_OPERATION_NOT_INITIALIZED, .. }) => {}
                other => other?,
            }
        }
        module.sign(&self.session, input)
    }
}
