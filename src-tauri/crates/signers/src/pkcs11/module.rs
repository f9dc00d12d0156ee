//! The process with the module: loads it, and does with it what it is asked for over a pipe, until
//! nobody asks for anything. Then it logs out, closes its session and ends.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use countersign_envelope::public_key::PublicKey;
use countersign_envelope::signature::Algorithm;
use countersign_pkcs11_calls::sys::*;
use countersign_pkcs11_calls::{
    CallError, LoadError, Mechanism as Ck, Module, Object as Handle, Session, key_type_name, wide,
};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::Digest as _;
use spki::EncodePublicKey as _;
use x509_cert::Certificate;
use x509_cert::der::asn1::ObjectIdentifier;
use x509_cert::der::{Decode as _, Encode as _};

use super::error::Fault;
use super::module_file;
use super::protocol::{self, Frame, Library, PinAnswer, Reply, Request};
use super::token::{CertificateFacts, Mechanism, PinState, Token, TokenKey, UNKNOWN_KIND};

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
    token: String,
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
                Err(error) => token.problem = Some(Fault::of(error).to_string()),
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
                        problem: Some(fault.to_string()),
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
        let problem = offered.as_ref().err().map(|error| Fault::of(*error).to_string());
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
            match open.sign_by(&self.module, mechanism, algorithm, key, message) {
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
        algorithm: Algorithm,
        key: Handle,
        message: &[u8],
    ) -> Result<Vec<u8>, CallError> {
        let input = input_of(mechanism, algorithm, message);
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
        module.sign(&self.session, &input)
    }
}

/// What a mechanism is given for a message: the message, its digest, or its DigestInfo (RFC 8017
/// section 9.2).
fn input_of(mechanism: Mechanism, algorithm: Algorithm, message: &[u8]) -> Vec<u8> {
    const SHA256_INFO: [u8; 19] = [
        0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01,
        0x05, 0x00, 0x04, 0x20,
    ];
    match mechanism {
        Mechanism::Ecdsa if algorithm == Algorithm::EcdsaP384Sha384 => {
            sha2::Sha384::digest(message).to_vec()
        }
        Mechanism::Ecdsa | Mechanism::RsaPkcsPss => sha2::Sha256::digest(message).to_vec(),
        Mechanism::RsaPkcs => [&SHA256_INFO[..], &sha2::Sha256::digest(message)].concat(),
        _ => message.to_vec(),
    }
}

/// A signature in the form of its algorithm: for ECDSA tokens give the two numbers, and DER is
/// wanted.
fn in_form(algorithm: Algorithm, raw: Vec<u8>) -> Result<Vec<u8>, Fault> {
    let length = raw.len();
    let der = match algorithm {
        Algorithm::EcdsaP256Sha256 => {
            p256::ecdsa::Signature::from_slice(&raw).map(|one| one.to_der().as_bytes().to_vec())
        }
        Algorithm::EcdsaP384Sha384 => {
            p384::ecdsa::Signature::from_slice(&raw).map(|one| one.to_der().as_bytes().to_vec())
        }
        Algorithm::Ed25519 if length == 64 => return Ok(raw),
        Algorithm::HmacSha256 if length == 32 => return Ok(raw),
        Algorithm::RsaPkcs1v15Sha256 | Algorithm::RsaPssSha256 if (256..=512).contains(&length) => {
            return Ok(raw);
        }
        _ => return Err(Fault::Form { algorithm, length }),
    };
    der.map_err(|_| Fault::Form { algorithm, length })
}

const fn mechanism_type(mechanism: Mechanism) -> CK_MECHANISM_TYPE {
    match mechanism {
        Mechanism::Eddsa => CKM_EDDSA,
        Mechanism::Ecdsa => CKM_ECDSA,
        Mechanism::EcdsaSha256 => CKM_ECDSA_SHA256,
        Mechanism::EcdsaSha384 => CKM_ECDSA_SHA384,
        Mechanism::RsaPkcs => CKM_RSA_PKCS,
        Mechanism::Sha256RsaPkcs => CKM_SHA256_RSA_PKCS,
        Mechanism::RsaPkcsPss => CKM_RSA_PKCS_PSS,
        Mechanism::Sha256RsaPkcsPss => CKM_SHA256_RSA_PKCS_PSS,
        Mechanism::Sha256Hmac => CKM_SHA256_HMAC,
    }
}

/// A mechanism with the parameters that it is used with here.
const fn way_of(mechanism: Mechanism) -> Ck {
    match mechanism {
        Mechanism::RsaPkcsPss | Mechanism::Sha256RsaPkcsPss => {
            Ck::PssSha256(mechanism_type(mechanism))
        }
        other => Ck::Plain(mechanism_type(other)),
    }
}

/// Text in a field of fixed length: blank padded by the standard, ended by zero in some modules. Bytes
/// that are not UTF-8 are written out, so that two fields that differ never look the same.
fn text(field: &[u8]) -> String {
    let end = field.iter().position(|byte| *byte == 0).unwrap_or(field.len());
    let mut text = String::new();
    for chunk in field[..end].utf8_chunks() {
        text.push_str(chunk.valid());
        chunk.invalid().iter().for_each(|byte| text.push_str(&format!("\\x{byte:02x}")));
    }
    text.trim_matches(' ').to_owned()
}

fn pin_length(info: &CK_TOKEN_INFO) -> (u64, u64) {
    (wide(info.ulMinPinLen), wide(info.ulMaxPinLen))
}

fn pin_state(info: &CK_TOKEN_INFO) -> PinState {
    let is = |flag| info.flags & flag != 0;
    if is(CKF_USER_PIN_LOCKED) {
        PinState::Locked
    } else if is(CKF_LOGIN_REQUIRED) && !is(CKF_USER_PIN_INITIALIZED) {
        PinState::NotSet
    } else if is(CKF_USER_PIN_FINAL_TRY) {
        PinState::FinalTry
    } else if is(CKF_USER_PIN_TO_BE_CHANGED) {
        PinState::ToBeChanged
    } else if is(CKF_USER_PIN_COUNT_LOW) {
        PinState::CountLow
    } else {
        PinState::Good
    }
}

/// Why a PIN is not even sent.
fn unsent(info: &CK_TOKEN_INFO, pin: Option<&SecretString>, last_try: bool) -> Option<PinAnswer> {
    match pin_state(info) {
        PinState::Locked => return Some(PinAnswer::Locked),
        PinState::NotSet => return Some(PinAnswer::NotSet),
        PinState::FinalTry if !last_try => return Some(PinAnswer::FewerTries),
        PinState::ToBeChanged => return Some(PinAnswer::Expired),
        _ => {}
    }
    let (least, most) = pin_length(info);
    let length = pin?.expose_secret().len() as u64;
    // Some tell nothing, or nonsense.
    let told = most > 0 && least <= most;
    (told && !(least..=most).contains(&length)).then_some(PinAnswer::Length { least, most })
}

/// What a failed login says of the PIN; `None` if it failed for another reason.
fn login_answer(error: CallError, after: Option<PinState>) -> Option<PinAnswer> {
    match error.rv {
        CKR_PIN_INCORRECT => Some(match after {
            Some(PinState::Locked) => PinAnswer::Locked,
            Some(PinState::FinalTry) => PinAnswer::WrongOneLeft,
            _ => PinAnswer::Wrong,
        }),
        CKR_PIN_LOCKED => Some(PinAnswer::Locked),
        CKR_PIN_EXPIRED => Some(PinAnswer::Expired),
        CKR_PIN_LEN_RANGE | CKR_PIN_INVALID => Some(PinAnswer::Refused),
        CKR_USER_PIN_NOT_INITIALIZED => Some(PinAnswer::NotSet),
        CKR_FUNCTION_CANCELED | CKR_CANCEL => Some(PinAnswer::BrokenOff),
        _ => None,
    }
}

/// A key as a session sees it; without a handle if only its public half is visible.
type SeenKey = (Option<Handle>, TokenKey);

/// The one key that is meant: everything that is given must match, and match one key only. Of
/// several that may be it, one that certainly has the public key comes first, then one that has the
/// very label.
fn named(seen: &[SeenKey], wanted: &TokenKey, token: &str) -> Result<SeenKey, Fault> {
    let mut meant: Vec<_> = seen.iter().filter(|(_, key)| wanted.names(key)).collect();
    let has_public =
        |key: &TokenKey| !wanted.public_key.is_empty() && key.public_key == wanted.public_key;
    let has_label = |key: &TokenKey| !wanted.label.is_empty() && key.label == wanted.label;
    for certain in [&has_public as &dyn Fn(&TokenKey) -> bool, &has_label] {
        if meant.iter().any(|(_, key)| certain(key)) {
            meant.retain(|(_, key)| certain(key));
        }
    }
    match meant.as_slice() {
        [one] => Ok((*one).clone()),
        [] => Err(Fault::no_key(token, wanted, seen)),
        [(_, first), rest @ ..] => Err(Fault::SeveralKeys {
            token: token.to_owned(),
            key: wanted.words(),
            alike: rest.iter().all(|(_, key)| (&key.label, &key.id) == (&first.label, &first.id)),
        }),
    }
}

impl Fault {
    /// No key is the one that is meant; those that are there are named.
    fn no_key(token: &str, wanted: &TokenKey, seen: &[SeenKey]) -> Self {
        let there = seen.iter().map(|(_, key)| key.words()).collect::<Vec<_>>();
        Self::NoKey { token: token.to_owned(), key: wanted.words(), there: there.join(", ") }
    }
}

/// What a session sees.
#[derive(Clone, Copy)]
struct View<'a> {
    module: &'a Module,
    session: &'a Session,
}

impl View<'_> {
    /// The keys. If there may be more with the PIN, public keys stand for their private halves; if no
    /// public key is seen either, certificates do.
    fn keys(self, more_with_pin: bool) -> Result<Vec<SeenKey>, CallError> {
        let private = self.objects(CKO_PRIVATE_KEY)?;
        let public = self.objects(CKO_PUBLIC_KEY)?;
        let certificates = self.objects(CKO_CERTIFICATE)?;
        let secret = self.objects(CKO_SECRET_KEY)?;
        let mut keys = Vec::new();
        for object in &private.0 {
            let mut key = object.key(self);
            let certificate =
                certificates.beside(object, &private).and_then(|one| one.certificate(self));
            // What the private key says of itself, then what stands beside it.
            let found = object
                .public_key(self)
                .or_else(|| public.beside(object, &private)?.public_key(self))
                .or_else(|| certificate.as_ref().and_then(key_of));
            key.set(found, certificate.as_ref());
            keys.push((Some(object.handle), key));
        }
        for object in &secret.0 {
            let kinds = [CKK_GENERIC_SECRET, CKK_SHA256_HMAC];
            if object.key_type(self).is_some_and(|kind| kinds.contains(&kind)) {
                let key = TokenKey { secret: true, ..object.key(self) };
                keys.push((Some(object.handle), key));
            }
        }
        if more_with_pin {
            for object in public.0.iter().filter(|one| !private.has_beside(one)) {
                let certificate =
                    certificates.beside(object, &public).and_then(|one| one.certificate(self));
                let found =
                    object.public_key(self).or_else(|| certificate.as_ref().and_then(key_of));
                keys.push((None, object.hidden(self, found, certificate.as_ref())));
            }
            if private.0.is_empty() && public.0.is_empty() {
                for object in &certificates.0 {
                    let Some(certificate) = object.certificate(self) else { continue };
                    let key = object.hidden(self, key_of(&certificate), Some(&certificate));
                    keys.push((None, key));
                }
            }
        }
        Ok(keys)
    }

    fn objects(self, class: CK_OBJECT_CLASS) -> Result<Objects, CallError> {
        let found = self.module.objects(self.session, class)?;
        let object = |handle| {
            let bytes = |kind| self.module.attribute(self.session, handle, kind);
            let label = bytes(CKA_LABEL).unwrap_or_default();
            Object { handle, id: bytes(CKA_ID).unwrap_or_default(), label: text(&label) }
        };
        Ok(Objects(found.into_iter().map(object).collect()))
    }
}

/// The objects of a class.
struct Objects(Vec<Object>);

/// An object, and what tells it from others.
struct Object {
    handle: Handle,
    id: Vec<u8>,
    label: String,
}

impl Objects {
    fn all_beside<'a>(&'a self, other: &Object) -> impl Iterator<Item = &'a Object> {
        self.0
            .iter()
            .filter(|one| one.id == other.id && (!other.id.is_empty() || one.label == other.label))
    }

    fn has_beside(&self, other: &Object) -> bool {
        self.all_beside(other).next().is_some()
    }

    /// The one that belongs to another of `others`: of the same id, or of the same label if there is
    /// none. If several share the id, the label has to be the same too: half a key that may be another
    /// key's is none.
    fn beside<'a>(&'a self, other: &Object, others: &Self) -> Option<&'a Object> {
        let alone = others.all_beside(other).count() == 1;
        let mut found: Vec<_> = self.all_beside(other).collect();
        if found.len() > 1 || !alone {
            found.retain(|one| one.label == other.label);
            if others.all_beside(other).filter(|one| one.label == other.label).count() != 1 {
                return None;
            }
        }
        match found.as_slice() {
            [one] => Some(one),
            _ => None,
        }
    }
}

impl Object {
    /// An attribute; `None` if the module does not have or show it.
    fn bytes(&self, view: View<'_>, kind: CK_ATTRIBUTE_TYPE) -> Option<Vec<u8>> {
        let bytes = view.module.attribute(view.session, self.handle, kind)?;
        (!bytes.is_empty()).then_some(bytes)
    }

    fn number(&self, view: View<'_>, kind: CK_ATTRIBUTE_TYPE) -> Option<CK_ULONG> {
        let bytes = self.bytes(view, kind)?;
        bytes.try_into().ok().map(CK_ULONG::from_ne_bytes)
    }

    fn key_type(&self, view: View<'_>) -> Option<CK_KEY_TYPE> {
        self.number(view, CKA_KEY_TYPE)
    }

    /// What is known of a private or secret key.
    fn key(&self, view: View<'_>) -> TokenKey {
        let flag = |kind| match self.bytes(view, kind)?.as_slice() {
            [value] => Some(*value != CK_FALSE),
            _ => None,
        };
        TokenKey {
            label: self.label.clone(),
            id: hex(&self.id),
            kind: self.kind(view),
            private: flag(CKA_PRIVATE),
            signs: flag(CKA_SIGN),
            sensitive: flag(CKA_SENSITIVE),
            extractable: flag(CKA_EXTRACTABLE),
            local: flag(CKA_LOCAL),
            always_sensitive: flag(CKA_ALWAYS_SENSITIVE),
            never_extractable: flag(CKA_NEVER_EXTRACTABLE),
            always_authenticate: flag(CKA_ALWAYS_AUTHENTICATE),
            ..TokenKey::default()
        }
    }

    /// What is known of a key whose private half is not visible.
    fn hidden(
        &self,
        view: View<'_>,
        public_key: Option<Vec<u8>>,
        certificate: Option<&Certificate>,
    ) -> TokenKey {
        let mut key = TokenKey {
            label: self.label.clone(),
            id: hex(&self.id),
            kind: self.kind(view),
            hidden: true,
            ..TokenKey::default()
        };
        key.set(public_key, certificate);
        key
    }

    /// Which key it is, in words; with its curve, which a private key tells even if nothing tells
    /// its public half, or its length.
    fn kind(&self, view: View<'_>) -> String {
        let Some(kind) = self.key_type(view) else {
            return UNKNOWN_KIND.to_owned();
        };
        if kind == CKK_RSA {
            let modulus = self.bytes(view, CKA_MODULUS);
            let modulus = modulus.map(|bytes| rsa::BoxedUint::from_be_slice_vartime(&bytes));
            let bits = modulus.map(|modulus| modulus.bit_width());
            return bits.map_or_else(|| key_type_name(kind), |bits| format!("RSA {bits}"));
        }
        let curve = matches!(kind, CKK_EC | CKK_EC_EDWARDS);
        let curve = curve.then(|| self.bytes(view, CKA_EC_PARAMS)).flatten();
        match curve.as_deref() {
            Some(P256) => "ECC P-256".to_owned(),
            Some(P384) => "ECC P-384".to_owned(),
            Some(P521) => "ECC P-521".to_owned(),
            Some(SECP256K1) => "ECC secp256k1".to_owned(),
            Some(edwards) if ED25519.contains(&edwards) => "Ed25519".to_owned(),
            Some(other) => {
                let oid: Result<ObjectIdentifier, _> = ObjectIdentifier::from_der(other);
                let kind = key_type_name(kind);
                oid.map_or(kind.clone(), |oid| format!("{kind} {oid}"))
            }
            None => key_type_name(kind),
        }
    }

    /// The DER SubjectPublicKeyInfo of a key, from whichever attributes have it.
    fn public_key(&self, view: View<'_>) -> Option<Vec<u8>> {
        let bytes = |kind| self.bytes(view, kind);
        if let Some(told) =
            bytes(CKA_PUBLIC_KEY_INFO).filter(|der| PublicKey::from_der(der).is_ok())
        {
            return Some(told);
        }
        if let (Some(modulus), Some(exponent)) = (bytes(CKA_MODULUS), bytes(CKA_PUBLIC_EXPONENT)) {
            return rsa_key(&modulus, &exponent);
        }
        ec_key(&bytes(CKA_EC_PARAMS)?, &bytes(CKA_EC_POINT)?)
    }

    fn certificate(&self, view: View<'_>) -> Option<Certificate> {
        let x509 = self.number(view, CKA_CERTIFICATE_TYPE)? == CKC_X_509;
        Certificate::from_der(&self.bytes(view, CKA_VALUE).filter(|_| x509)?).ok()
    }
}

impl TokenKey {
    /// Its public half, and the certificate beside it if that is about this very key.
    fn set(&mut self, public_key: Option<Vec<u8>>, certificate: Option<&Certificate>) {
        let about = certificate.filter(|one| {
            let certified = key_of(one);
            public_key.is_none() || certified.is_none() || certified == public_key
        });
        self.certificate = about.map(facts);
        self.public_key = public_key.map(|der| BASE64.encode(der)).unwrap_or_default();
    }
}

fn rsa_key(modulus: &[u8], exponent: &[u8]) -> Option<Vec<u8>> {
    let number = |bytes: &[u8]| rsa::BoxedUint::from_be_slice_vartime(bytes);
    let key = rsa::PublicKey::new(number(modulus), number(exponent)).ok()?;
    Some(key.to_public_key_der().ok()?.as_bytes().to_vec())
}

/// The curves, as `CKA_EC_PARAMS` has them (PKCS #11 v3.1 sections 6.3.3 and 6.3.4, RFC 8410): an
/// OID, or for Edwards curves also a PrintableString.
const P256: &[u8] = &[0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
const P384: &[u8] = &[0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x22];
const P521: &[u8] = &[0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x23];
const SECP256K1: &[u8] = &[0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x0a];
const ED25519: [&[u8]; 3] = [
    &[0x06, 0x03, 0x2b, 0x65, 0x70],
    b"\x13\x0cedwards25519",
    // GnuPG's, before RFC 8410.
    &[0x06, 0x09, 0x2b, 0x06, 0x01, 0x04, 0x01, 0xda, 0x47, 0x0f, 0x01],
];

fn ec_key(parameters: &[u8], point: &[u8]) -> Option<Vec<u8>> {
    let der = if parameters == P256 {
        let point = point_of(point, &[65, 33])?;
        p256::ecdsa::VerifyingKey::from_sec1_bytes(point).ok()?.to_public_key_der()
    } else if parameters == P384 {
        let point = point_of(point, &[97, 49])?;
        p384::ecdsa::VerifyingKey::from_sec1_bytes(point).ok()?.to_public_key_der()
    } else if ED25519.contains(&parameters) {
        let point = point_of(point, &[32])?.try_into().ok()?;
        ed25519_dalek::VerifyingKey::from_bytes(point).ok()?.to_public_key_der()
    } else {
        return None;
    };
    Some(der.ok()?.as_bytes().to_vec())
}

/// A point as it is: the standard has it in a DER OCTET STRING, and some modules give it bare, or in
/// a BIT STRING.
fn point_of<'a>(written: &'a [u8], lengths: &[usize]) -> Option<&'a [u8]> {
    if lengths.contains(&written.len()) {
        return Some(written);
    }
    let inner = match written {
        [0x04, length, inner @ ..] if usize::from(*length) == inner.len() => inner,
        [0x03, length, 0x00, inner @ ..] if usize::from(*length) == inner.len() + 1 => inner,
        _ => return None,
    };
    lengths.contains(&inner.len()).then_some(inner)
}

fn key_of(certificate: &Certificate) -> Option<Vec<u8>> {
    let info = certificate.tbs_certificate().subject_public_key_info().to_der().ok()?;
    PublicKey::from_der(&info).ok().map(|_| info)
}

fn facts(certificate: &Certificate) -> CertificateFacts {
    let tbs = certificate.tbs_certificate();
    let not_after = tbs.validity().not_after.to_unix_duration().as_secs();
    CertificateFacts {
        subject: tbs.subject().to_string(),
        not_after: i64::try_from(not_after).unwrap_or(i64::MAX),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether a file can be a module for this program at all, said before the system's loader says it
/// less well.
fn check_file(file: &Path) -> Result<(), Fault> {
    let unreadable = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => Fault::NoFile,
        _ => Fault::Unreadable { why: error.to_string() },
    };
    let meta = std::fs::metadata(file).map_err(unreadable)?;
    // A name without a slash would be looked up elsewhere by the system's loader.
    if !meta.is_file() || !file.is_absolute() {
        return Err(Fault::NotAFile);
    }
    let own = std::env::current_exe().and_then(|own| Elf::read(&own)).ok().flatten();
    // If this program is not an ELF file, modules are not either.
    let Some(own) = own else { return Ok(()) };
    match Elf::read(file).map_err(unreadable)? {
        None => Err(Fault::NotALibrary),
        Some(its) if its == own => Ok(()),
        Some(its) => Err(Fault::Architecture { is: its.name(), wanted: own.name() }),
    }
}

/// For which machine an ELF file is (System V ABI, chapter 4): class, byte order, machine.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Elf {
    class: u8,
    order: u8,
    machine: u16,
}

impl Elf {
    fn read(file: &Path) -> io::Result<Option<Self>> {
        let mut head = [0; 20];
        let mut read = module_file::open(file)?.take(head.len() as u64);
        let length = io::copy(&mut read, &mut head.as_mut_slice())?;
        Ok(match head {
            [0x7f, b'E', b'L', b'F', class, order, .., low, high] if length == 20 => {
                let machine = match order {
                    2 => u16::from_be_bytes([low, high]),
                    _ => u16::from_le_bytes([low, high]),
                };
                Some(Self { class, order, machine })
            }
            _ => None,
        })
    }

    fn name(self) -> String {
        match (self.machine, self.class) {
            (0x3e, 2) => "x86-64".to_owned(),
            (0x3e, _) => "x32".to_owned(),
            (0x03, _) => "32-bit x86".to_owned(),
            (0xb7, _) => "64-bit ARM".to_owned(),
            (0x28, _) => "32-bit ARM".to_owned(),
            (0xf3, 2) => "64-bit RISC-V".to_owned(),
            (0x15, _) => "64-bit POWER".to_owned(),
            (0x16, _) => "IBM Z".to_owned(),
            (machine, class) => {
                format!("another machine (ELF {machine}, {} bits)", u16::from(class) * 32)
            }
        }
    }
}

/// Why the system's loader gave up: most often another library that is missing.
fn load_fault(file: &Path, said: &str) -> Fault {
    let own = file.to_string_lossy();
    let named = said.split(": cannot open shared object file").next().unwrap_or_default();
    let missing = said.contains("cannot open shared object file") && !named.ends_with(&*own);
    match missing {
        true => {
            let library = named.rsplit([' ', ':']).next().unwrap_or(named).to_owned();
            Fault::MissingLibrary { library }
        }
        false => Fault::Load { why: said.to_owned() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_read_in_every_form_that_modules_give() {
        let signing = p256::ecdsa::SigningKey::from_slice(&[7; 32]).unwrap();
        let point = signing.verifying_key().to_sec1_point(false).as_bytes().to_vec();
        let bare = ec_key(P256, &point).unwrap();
        let wrapped = [&[0x04, 65][..], &point].concat();
        let in_bits = [&[0x03, 66, 0][..], &point].concat();
        assert_eq!(ec_key(P256, &wrapped).unwrap(), bare);
        assert_eq!(ec_key(P256, &in_bits).unwrap(), bare);
        assert!(PublicKey::from_der(&bare).is_ok());
        assert!(ec_key(P384, &point).is_none() && ec_key(P256, &point[1..]).is_none());

        let key = ed25519_dalek::SigningKey::from_bytes(&[9; 32]).verifying_key();
        let wrapped = [&[0x04, 32][..], key.as_bytes()].concat();
        let ways: Vec<_> = ED25519.iter().map(|named| ec_key(named, &wrapped).unwrap()).collect();
        assert_eq!(ways[0], ec_key(ED25519[0], key.as_bytes()).unwrap());
        assert!(ways.iter().all(|way| *way == ways[0]));
    }

    #[test]
    fn a_library_that_is_missing_is_named() {
        let said = "libnot-there.so.7: cannot open shared object file: No such file or directory";
        let library = "libnot-there.so.7".to_owned();
        assert_eq!(load_fault(Path::new("/m.so"), said), Fault::MissingLibrary { library });
        let said = "/m.so: undefined symbol: gone";
        assert_eq!(load_fault(Path::new("/m.so"), said), Fault::Load { why: said.to_owned() });
    }

    #[test]
    fn files_that_are_not_modules_are_distinguished() {
        assert_eq!(check_file(Path::new("/nowhere/m.so")), Err(Fault::NoFile));
        assert_eq!(check_file(Path::new("/")), Err(Fault::NotAFile));
        let text = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(text.path(), "#!/bin/sh\nexit 0\n# long enough").unwrap();
        assert_eq!(check_file(text.path()), Err(Fault::NotALibrary));
        let mut head =
            vec![0x7f, b'E', b'L', b'F', 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0x28, 0];
        head.resize(64, 0);
        std::fs::write(text.path(), head).unwrap();
        let said = check_file(text.path()).unwrap_err().to_string();
        assert!(said.starts_with("it is built for 32-bit ARM"), "{said}");
    }
}
