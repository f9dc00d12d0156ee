//! The process with the module: loads it, and does with it what it is asked for over a pipe, until
//! nobody asks any more. Then it logs out, closes its session and ends.

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
use countersign_pkcs11_sign::{CK_RV, Sign};
use cryptoki::context::{CInitializeArgs, CInitializeFlags, Function, Pkcs11};
use cryptoki::error::{Error, Rv, RvError};
use cryptoki::mechanism::rsa::{PkcsMgfType, PkcsPssParams};
use cryptoki::mechanism::{Mechanism as Ck, MechanismType, eddsa};
use cryptoki::object::{
    Attribute, AttributeType, CertificateType, KeyType, ObjectClass, ObjectHandle,
};
use cryptoki::session::{Session, UserType};
use cryptoki::slot::{Slot, TokenInfo};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::Digest as _;
use spki::EncodePublicKey as _;
use x509_cert::Certificate;
use x509_cert::der::{Decode as _, Encode as _};

use super::error::Fault;
use super::protocol::{self, Frame, Library, PinAnswer, Reply, Request};
use super::token::{CertificateFacts, Mechanism, PinState, Token, TokenKey};

/// What this program is started with to be that process; the module's file follows.
pub const ARGUMENT: &str = "--pkcs11-module";

/// How long a module has for what it is at when nobody asks any more. It may wait for a touch.
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
    let mut host = Host::load(Path::new(file), idle);
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
    module: Pkcs11,
    sign: Sign,
    open: Option<Open>,
    /// Whether it only waits for a token to come or go, which nobody need wait for.
    idle: Arc<AtomicBool>,
}

/// A session for one key.
struct Open {
    session: Session,
    slot: Slot,
    wanted: TokenKey,
    /// The key that signs, once it is seen.
    key: Option<ObjectHandle>,
    mechanisms: Vec<Mechanism>,
    always_authenticate: bool,
    own_pad: bool,
    logged_in: bool,
    /// Kept only where the token asks for it again.
    pin: Option<SecretString>,
}

impl Host {
    fn load(file: &Path, idle: Arc<AtomicBool>) -> Result<Self, Fault> {
        check_file(file)?;
        let module = Pkcs11::new(file).map_err(|error| match error {
            Error::LibraryLoading(error) => load_fault(file, &error.to_string()),
            Error::MissingSymbol(_) => Fault::NoFunctionList,
            other => Fault::of(other),
        })?;
        let with = |flags| module.initialize(CInitializeArgs::new(flags));
        match with(CInitializeFlags::OS_LOCKING_OK) {
            // It cannot lock, which one thread has no need of.
            Err(Error::Pkcs11(RvError::CantLock, _)) => with(CInitializeFlags::empty()),
            other => other,
        }
        .map_err(Fault::of)?;
        let sign = Sign::of(file.as_os_str()).map_err(|rv| Fault::of(sign_error(rv)))?;
        Ok(Self { module, sign, open: None, idle })
    }

    fn answer(&mut self, request: Request, asked: &Receiver<Frame>) -> (Reply, Option<Vec<u8>>) {
        let reply = match request {
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
                let _ = open.session.logout();
            }
            drop(open.session);
        }
        let _ = self.module.finalize();
    }

    fn inspect(&self) -> Result<Reply, Fault> {
        let info = self.module.get_library_info().map_err(Fault::of)?;
        let library = Library {
            description: info.library_description().trim().to_owned(),
            manufacturer: info.manufacturer_id().trim().to_owned(),
            version: info.library_version().to_string(),
        };
        let mut tokens = Vec::new();
        for (slot, mut token) in self.tokens()? {
            if token.problem.is_some() {
                tokens.push(token);
                continue;
            }
            let keys = self
                .module
                .open_ro_session(slot)
                .and_then(|session| keys(&session, token.login_required));
            match keys {
                Ok(keys) => token.keys = keys.into_iter().map(|(_, key)| key).collect(),
                Err(error) => token.problem = Some(Fault::of(error).to_string()),
            }
            tokens.push(token);
        }
        Ok(Reply::Inspected { library, tokens })
    }

    /// The tokens that are there and in use, without their keys. One of which the module tells nothing
    /// but an error is among them with that as its problem; where there is no other, the error is the
    /// module's.
    fn tokens(&self) -> Result<Vec<(Slot, Token)>, Fault> {
        let mut tokens = Vec::new();
        let mut first = None;
        for slot in self.module.get_slots_with_token().map_err(Fault::of)? {
            let read = match self.module.get_token_info(slot) {
                Ok(info) if info.token_initialized() => self.token(slot, &info),
                Ok(_) => continue,
                // Gone since the list was made, or none that is understood.
                Err(Error::Pkcs11(RvError::TokenNotPresent | RvError::TokenNotRecognized, _)) => {
                    continue;
                }
                Err(error) => Err(Fault::of(error)),
            };
            tokens.push((
                slot,
                match read {
                    Ok(token) => token,
                    Err(fault) => {
                        let token = self.unreadable(slot, &fault);
                        first.get_or_insert(fault);
                        token
                    }
                },
            ));
        }
        match first {
            Some(fault) if tokens.iter().all(|(_, token)| token.problem.is_some()) => Err(fault),
            _ => Ok(tokens),
        }
    }

    /// A token of which nothing is known but where it is.
    fn unreadable(&self, slot: Slot, fault: &Fault) -> Token {
        let slot_name = self.module.get_slot_info(slot);
        let slot_name = slot_name.map(|slot| slot.slot_description().trim().to_owned());
        Token {
            slot: slot.id(),
            slot_name: slot_name.unwrap_or_default(),
            hardware_slot: false,
            label: String::new(),
            manufacturer: String::new(),
            model: String::new(),
            serial: String::new(),
            login_required: false,
            pin: PinState::Good,
            pin_length: None,
            own_pad: false,
            mechanisms: Vec::new(),
            keys: Vec::new(),
            problem: Some(fault.to_string()),
        }
    }

    fn token(&self, slot: Slot, info: &TokenInfo) -> Result<Token, Fault> {
        let of_slot = self.module.get_slot_info(slot).map_err(Fault::of)?;
        let offered = self.module.get_mechanism_list(slot).map_err(Fault::of)?;
        let text = |text: &str| text.trim_matches(['\0', ' ']).to_owned();
        let length = (info.min_pin_length() as u64, info.max_pin_length() as u64);
        Ok(Token {
            slot: slot.id(),
            slot_name: text(of_slot.slot_description()),
            hardware_slot: of_slot.hardware_slot(),
            label: text(info.label()),
            manufacturer: text(info.manufacturer_id()),
            model: text(info.model()),
            serial: text(info.serial_number()),
            login_required: info.login_required(),
            pin: pin_state(info),
            pin_length: Some(length).filter(|(least, most)| *most > 0 && least <= most),
            own_pad: info.protected_authentication_path(),
            mechanisms: Mechanism::ALL
                .into_iter()
                .filter(|mechanism| offered.contains(&mechanism_type(*mechanism)))
                .collect(),
            keys: Vec::new(),
            problem: None,
        })
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
        let at = same.iter().position(|(slot, _)| slot.id() == wanted.slot).unwrap_or_default();
        let (slot, token) = match same.is_empty() {
            true => return Err(Fault::NoToken { token: wanted.name() }),
            false => same.swap_remove(at),
        };
        let session = self.module.open_ro_session(slot).map_err(Fault::of)?;
        let seen = keys(&session, token.login_required).map_err(Fault::of)?;
        let seen = seen.into_iter().find(|(_, seen)| key.names(seen));
        let (handle, found) = match seen {
            Some((handle, found)) => (handle, found),
            None if token.login_required => (None, key.clone()),
            None => return Err(Fault::NoKey { token: token.name(), key: key.name() }),
        };
        self.open = Some(Open {
            session,
            slot,
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
        let info = self.module.get_token_info(open.slot).map_err(Fault::of)?;
        let pin = match pin.map(|bytes| std::str::from_utf8(bytes)) {
            None => None,
            Some(Ok(text)) => Some(SecretString::from(text)),
            Some(Err(_)) => return Ok(Reply::NotLoggedIn { why: PinAnswer::Refused }),
        };
        if let Some(why) = unsent(&info, pin.as_ref(), last_try) {
            return Ok(Reply::NotLoggedIn { why });
        }
        match open.session.login(UserType::User, pin.as_ref()) {
            Ok(()) | Err(Error::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => open.logged_in = true,
            Err(error) => {
                let state = self.module.get_token_info(open.slot).map(|info| pin_state(&info));
                return match login_answer(&error, state.ok()) {
                    Some(why) => Ok(Reply::NotLoggedIn { why }),
                    None => Err(Fault::of(error)),
                };
            }
        }
        let seen = keys(&open.session, false).map_err(Fault::of)?;
        let found = seen.into_iter().find(|(_, seen)| open.wanted.names(seen));
        let token = || info.label().trim().to_owned();
        let Some((Some(handle), key)) = found else {
            return Err(Fault::NoKey { token: token(), key: open.wanted.name() });
        };
        open.key = Some(handle);
        open.always_authenticate = key.always_authenticate == Some(true);
        open.pin = pin.filter(|_| open.always_authenticate);
        Ok(Reply::LoggedIn { key: Box::new(key) })
    }

    /// What went wrong; or that the token has gone, where it has: modules give all sorts of codes
    /// for that, and some notice a moment later.
    fn gone_or(&self, fault: Fault) -> Fault {
        let Fault::Function { function, code } = fault else { return fault };
        let Some(open) = &self.open else { return Fault::Function { function, code } };
        let noticed = Instant::now() + NOTICED;
        while Instant::now() < noticed {
            let there = self.module.get_slots_with_token();
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
            match open.sign_by(&self.sign, mechanism, algorithm, key, message) {
                Ok(signature) => return in_form(algorithm, signature),
                // Nothing has been begun: the slot has the mechanism, and this key has not.
                Err(Error::Pkcs11(
                    rv @ (RvError::MechanismInvalid
                    | RvError::MechanismParamInvalid
                    | RvError::KeyTypeInconsistent
                    | RvError::KeyFunctionNotPermitted),
                    Function::SignInit,
                )) => last = Fault::of(Error::Pkcs11(rv, Function::SignInit)),
                Err(error) => return Err(Fault::of(error)),
            }
        }
        Err(last)
    }
}

impl Open {
    fn sign_by(
        &self,
        sign: &Sign,
        mechanism: Mechanism,
        algorithm: Algorithm,
        key: ObjectHandle,
        message: &[u8],
    ) -> Result<Vec<u8>, Error> {
        let input = input_of(mechanism, algorithm, message);
        let pss = || PkcsPssParams {
            hash_alg: MechanismType::SHA256,
            mgf: PkcsMgfType::MGF1_SHA256,
            s_len: 32.into(),
        };
        let mechanism = match mechanism {
            Mechanism::Eddsa => {
                Ck::Eddsa(eddsa::EddsaParams::new(eddsa::EddsaSignatureScheme::Pure))
            }
            Mechanism::Ecdsa => Ck::Ecdsa,
            Mechanism::EcdsaSha256 => Ck::EcdsaSha256,
            Mechanism::EcdsaSha384 => Ck::EcdsaSha384,
            Mechanism::RsaPkcs => Ck::RsaPkcs,
            Mechanism::Sha256RsaPkcs => Ck::Sha256RsaPkcs,
            Mechanism::RsaPkcsPss => Ck::RsaPkcsPss(pss()),
            Mechanism::Sha256RsaPkcsPss => Ck::Sha256RsaPkcsPss(pss()),
            Mechanism::Sha256Hmac => Ck::Sha256Hmac,
        };
        self.session.sign_init(&mechanism, key)?;
        if self.always_authenticate {
            let pin = self.pin.as_ref().filter(|_| !self.own_pad);
            match self.session.login(UserType::ContextSpecific, pin) {
                // It is still logged in from a moment ago, and that does for it.
                Err(Error::Pkcs11(RvError::OperationNotInitialized, _)) => {}
                other => other?,
            }
        }
        sign.sign(self.session.handle(), &input).map_err(sign_error)
    }
}

fn sign_error(rv: CK_RV) -> Error {
    let error = match Rv::from(rv) {
        Rv::Error(error) => error,
        Rv::Ok => RvError::GeneralError,
    };
    Error::Pkcs11(error, Function::Sign)
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
        _ => return Ok(raw),
    };
    der.map_err(|_| Fault::Form { algorithm, length })
}

fn mechanism_type(mechanism: Mechanism) -> MechanismType {
    match mechanism {
        Mechanism::Eddsa => MechanismType::EDDSA,
        Mechanism::Ecdsa => MechanismType::ECDSA,
        Mechanism::EcdsaSha256 => MechanismType::ECDSA_SHA256,
        Mechanism::EcdsaSha384 => MechanismType::ECDSA_SHA384,
        Mechanism::RsaPkcs => MechanismType::RSA_PKCS,
        Mechanism::Sha256RsaPkcs => MechanismType::SHA256_RSA_PKCS,
        Mechanism::RsaPkcsPss => MechanismType::RSA_PKCS_PSS,
        Mechanism::Sha256RsaPkcsPss => MechanismType::SHA256_RSA_PKCS_PSS,
        Mechanism::Sha256Hmac => MechanismType::SHA256_HMAC,
    }
}

fn pin_state(info: &TokenInfo) -> PinState {
    if info.user_pin_locked() {
        PinState::Locked
    } else if info.login_required() && !info.user_pin_initialized() {
        PinState::NotSet
    } else if info.user_pin_final_try() {
        PinState::FinalTry
    } else if info.user_pin_to_be_changed() {
        PinState::ToBeChanged
    } else if info.user_pin_count_low() {
        PinState::CountLow
    } else {
        PinState::Good
    }
}

/// Why a PIN is not even sent.
fn unsent(info: &TokenInfo, pin: Option<&SecretString>, last_try: bool) -> Option<PinAnswer> {
    match pin_state(info) {
        PinState::Locked => return Some(PinAnswer::Locked),
        PinState::NotSet => return Some(PinAnswer::NotSet),
        PinState::FinalTry if !last_try => return Some(PinAnswer::FewerTries),
        PinState::ToBeChanged => return Some(PinAnswer::Expired),
        _ => {}
    }
    let (least, most) = (info.min_pin_length(), info.max_pin_length());
    let length = pin?.expose_secret().len();
    // Some tell nothing, or nonsense.
    let told = most > 0 && least <= most;
    (told && !(least..=most).contains(&length))
        .then_some(PinAnswer::Length { least: least as u64, most: most as u64 })
}

/// What a failed login says of the PIN; none where it failed for another reason.
fn login_answer(error: &Error, after: Option<PinState>) -> Option<PinAnswer> {
    let Error::Pkcs11(rv, _) = error else { return None };
    match rv {
        RvError::PinIncorrect => Some(match after {
            Some(PinState::Locked) => PinAnswer::Locked,
            Some(PinState::FinalTry) => PinAnswer::WrongOneLeft,
            _ => PinAnswer::Wrong,
        }),
        RvError::PinLocked => Some(PinAnswer::Locked),
        RvError::PinExpired => Some(PinAnswer::Expired),
        RvError::PinLenRange | RvError::PinInvalid => Some(PinAnswer::Refused),
        RvError::UserPinNotInitialized => Some(PinAnswer::NotSet),
        RvError::FunctionCanceled | RvError::Cancel => Some(PinAnswer::BrokenOff),
        _ => None,
    }
}

/// The keys that a session sees. Where there may be more with the PIN, public keys stand for their
/// private halves; where no public key is seen either, certificates do.
fn keys(
    session: &Session,
    more_with_pin: bool,
) -> Result<Vec<(Option<ObjectHandle>, TokenKey)>, Error> {
    let of = |class| Objects::of(session, class);
    let private = of(ObjectClass::PRIVATE_KEY)?;
    let public = of(ObjectClass::PUBLIC_KEY)?;
    let certificates = of(ObjectClass::CERTIFICATE)?;
    let secret = of(ObjectClass::SECRET_KEY)?;
    let mut keys = Vec::new();
    for object in &private.0 {
        let mut key = object.key(session);
        let beside = public.beside(object);
        let certificate = certificates.beside(object).and_then(|one| one.certificate(session));
        let found = beside
            .and_then(|one| one.public_key(session))
            .or_else(|| object.public_key(session))
            .or_else(|| certificate.as_ref().and_then(key_of));
        key.public_key = found.map(|der| BASE64.encode(der)).unwrap_or_default();
        key.certificate = certificate.as_ref().map(facts);
        keys.push((Some(object.handle), key));
    }
    for object in &secret.0 {
        let kinds = [KeyType::GENERIC_SECRET, KeyType::SHA256_HMAC];
        if object.key_type(session).is_some_and(|kind| kinds.contains(&kind)) {
            let key = TokenKey { secret: true, ..object.key(session) };
            keys.push((Some(object.handle), key));
        }
    }
    if more_with_pin {
        for object in public.0.iter().filter(|one| private.beside(one).is_none()) {
            let certificate = certificates.beside(object).and_then(|one| one.certificate(session));
            let found =
                object.public_key(session).or_else(|| certificate.as_ref().and_then(key_of));
            keys.push((None, object.hidden(session, found, certificate.as_ref())));
        }
        if private.0.is_empty() && public.0.is_empty() {
            for object in &certificates.0 {
                let Some(certificate) = object.certificate(session) else { continue };
                let key = object.hidden(session, key_of(&certificate), Some(&certificate));
                keys.push((None, key));
            }
        }
    }
    Ok(keys)
}

/// The objects of a class.
struct Objects(Vec<Object>);

/// An object, and what tells it from others.
struct Object {
    handle: ObjectHandle,
    id: Vec<u8>,
    label: String,
}

impl Objects {
    fn of(session: &Session, class: ObjectClass) -> Result<Self, Error> {
        let found = session.find_objects(&[Attribute::Class(class), Attribute::Token(true)])?;
        let object = |handle| {
            let id = match attribute(session, handle, AttributeType::Id) {
                Some(Attribute::Id(id)) => id,
                _ => Vec::new(),
            };
            let label = match attribute(session, handle, AttributeType::Label) {
                Some(Attribute::Label(label)) => String::from_utf8_lossy(&label).into_owned(),
                _ => String::new(),
            };
            Object { handle, id, label: label.trim_end_matches(['\0', ' ']).to_owned() }
        };
        Ok(Self(found.into_iter().map(object).collect()))
    }

    /// The one that belongs to another: of the same id, or of the same label where there is none.
    fn beside(&self, other: &Object) -> Option<&Object> {
        let same = |one: &&Object| {
            one.id == other.id && (!other.id.is_empty() || one.label == other.label)
        };
        let mut found = self.0.iter().filter(same);
        let first = found.next();
        // Of several, the one that is called the same.
        let called = found.find(|one| one.label == other.label);
        match first {
            Some(first) if first.label != other.label => called.or(Some(first)),
            first => first,
        }
    }
}

/// One attribute; none where the module has it not, or not in a form that is understood.
fn attribute(session: &Session, object: ObjectHandle, kind: AttributeType) -> Option<Attribute> {
    session.get_attributes(object, &[kind]).ok()?.into_iter().next()
}

impl Object {
    fn get(&self, session: &Session, kind: AttributeType) -> Option<Attribute> {
        attribute(session, self.handle, kind)
    }

    fn key_type(&self, session: &Session) -> Option<KeyType> {
        match self.get(session, AttributeType::KeyType)? {
            Attribute::KeyType(kind) => Some(kind),
            _ => None,
        }
    }

    /// What is told of a private or secret key.
    fn key(&self, session: &Session) -> TokenKey {
        let flag = |kind| match self.get(session, kind)? {
            Attribute::Sign(value)
            | Attribute::Sensitive(value)
            | Attribute::Extractable(value)
            | Attribute::Local(value)
            | Attribute::AlwaysSensitive(value)
            | Attribute::NeverExtractable(value)
            | Attribute::AlwaysAuthenticate(value) => Some(value),
            _ => None,
        };
        TokenKey {
            label: self.label.clone(),
            id: hex(&self.id),
            kind: self.kind(session),
            signs: flag(AttributeType::Sign),
            sensitive: flag(AttributeType::Sensitive),
            extractable: flag(AttributeType::Extractable),
            local: flag(AttributeType::Local),
            always_sensitive: flag(AttributeType::AlwaysSensitive),
            never_extractable: flag(AttributeType::NeverExtractable),
            always_authenticate: flag(AttributeType::AlwaysAuthenticate),
            ..TokenKey::default()
        }
    }

    /// What is told of a key whose private half is not seen.
    fn hidden(
        &self,
        session: &Session,
        public_key: Option<Vec<u8>>,
        certificate: Option<&Certificate>,
    ) -> TokenKey {
        TokenKey {
            label: self.label.clone(),
            id: hex(&self.id),
            kind: self.kind(session),
            public_key: public_key.map(|der| BASE64.encode(der)).unwrap_or_default(),
            hidden: true,
            certificate: certificate.map(facts),
            ..TokenKey::default()
        }
    }

    fn kind(&self, session: &Session) -> String {
        let kind = self.key_type(session);
        kind.map_or_else(
            || "a key of an unknown kind".to_owned(),
            |kind| kind.to_string().trim_start_matches("CKK_").replace('_', " "),
        )
    }

    fn bytes(&self, session: &Session, kind: AttributeType) -> Option<Vec<u8>> {
        match self.get(session, kind)? {
            Attribute::EcParams(bytes)
            | Attribute::EcPoint(bytes)
            | Attribute::Modulus(bytes)
            | Attribute::PublicExponent(bytes)
            | Attribute::PublicKeyInfo(bytes)
            | Attribute::Value(bytes) => Some(bytes).filter(|bytes| !bytes.is_empty()),
            _ => None,
        }
    }

    /// The DER SubjectPublicKeyInfo of a key, from whichever attributes have it.
    fn public_key(&self, session: &Session) -> Option<Vec<u8>> {
        let told = self.bytes(session, AttributeType::PublicKeyInfo);
        if let Some(told) = told.filter(|der| PublicKey::from_der(der).is_ok()) {
            return Some(told);
        }
        let bytes = |kind| self.bytes(session, kind);
        if let (Some(modulus), Some(exponent)) =
            (bytes(AttributeType::Modulus), bytes(AttributeType::PublicExponent))
        {
            return rsa_key(&modulus, &exponent);
        }
        ec_key(&bytes(AttributeType::EcParams)?, &bytes(AttributeType::EcPoint)?)
    }

    fn certificate(&self, session: &Session) -> Option<Certificate> {
        match self.get(session, AttributeType::CertificateType)? {
            Attribute::CertificateType(CertificateType::X_509) => {}
            _ => return None,
        }
        Certificate::from_der(&self.bytes(session, AttributeType::Value)?).ok()
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
    if !meta.is_file() {
        return Err(Fault::NotAFile);
    }
    let own = std::env::current_exe().and_then(|own| Elf::read(&own)).ok().flatten();
    // Where this program is no ELF file, modules are none either.
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
        let mut read = File::open(file)?.take(head.len() as u64);
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
    fn what_is_no_module_is_told_apart() {
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
