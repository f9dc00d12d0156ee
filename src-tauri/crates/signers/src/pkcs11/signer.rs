//! A key on a token, as a signer: its PIN is asked for once, sent once, and the token is logged out
//! of when the act is over.

use std::cell::RefCell;
use std::time::Duration;

use countersign_envelope::public_key::PublicKey;
use countersign_envelope::signature::{Algorithm, SignedPayload, SignerType};
use countersign_envelope::verification::verify_raw;
use countersign_problem::{Explain as _, Words, words};
use secrecy::SecretString;

use super::module_file::{ModuleFile, Vouching};
use super::pin_source::PinSource;
use super::process::{LogIn, Process};
use super::protocol::{PinAnswer, Reply, Request};
use super::token::{Holding, Mechanism, PinState, Token, TokenKey};
use crate::error::SignerError;
use crate::error::kept_pin::KeptPinError;
use crate::error::pkcs11::{Fault, LoginError, ModuleError};
use crate::signer::{
    Attend, Key, KnownKey, LockedKey, Payload, Secret, Signer, Unattended, Waiting,
};

/// How long a person has to give the PIN on a token's own pad.
const PAD: Duration = Duration::from_secs(120);

/// A key on a token, and how to use it.
#[derive(Debug, Clone)]
pub struct Pkcs11Key {
    /// The module's file.
    pub module: ModuleFile,
    /// Whether the module's word on hardware counts.
    pub vouching: Vouching,
    /// The token.
    pub token: Token,
    /// The key.
    pub key: TokenKey,
    /// Its public half from elsewhere, for a token that does not show it. What is signed is verified
    /// under it.
    pub public: Option<PublicKey>,
    /// How it signs; the first algorithm that the key has, if none is given.
    pub algorithm: Option<Algorithm>,
    /// What a person claims to hold the key, against what the token says.
    pub claimed: Option<SignerType>,
    /// How long the module may take for one thing.
    pub limit: Duration,
    /// Where its PIN is kept, if it signs without a person.
    pub pin_source: Option<PinSource>,
}

/// Opens a key: reads again what is known of it, before a PIN is asked for.
///
/// # Errors
/// Fails if the token is no longer there, or cannot sign with the key.
pub fn open(wanted: &Pkcs11Key) -> Result<Key, SignerError> {
    let (process, wanted) = connect(wanted)?;
    // A key that signs without the PIN, such as a PIV card's 9e, is not asked for it.
    let asks = wanted.token.login_required && !wanted.key.free;
    if !wanted.key.is_unseen() {
        wanted.algorithm()?;
    }
    if let (true, true, Some(source)) = (asks, wanted.token.own_pad, &wanted.pin_source) {
        return Err(KeptPinError::OwnPad(source.path().to_owned()).into());
    }
    if asks && !wanted.token.own_pad {
        // Connected again once the PIN is there, so that nobody is held up while it is typed.
        return Ok(Key::Locked(Box::new(wanted)));
    }
    Ok(Key::Ready(Box::new(Pkcs11Signer::new(&wanted, process, !asks)?)))
}

/// What a key is once its PIN is given: what the token says of it only then.
///
/// # Errors
/// If the PIN is not taken, or the token cannot be used.
pub fn look_closer(wanted: &Pkcs11Key, pin: &SecretString) -> Result<Pkcs11Key, SignerError> {
    let (mut process, opened) = connect(wanted)?;
    let last_try = opened.token.pin == PinState::FinalTry;
    let how = LogIn { pin: Some(pin), last_try, limit: wanted.limit };
    let key = log_in(&mut process, &opened.token, how, &Unattended)?;
    opened.seen_as(key)
}

/// A process with the module, and a session with the token; the key as it is now.
fn connect(wanted: &Pkcs11Key) -> Result<(Process, Pkcs11Key), SignerError> {
    let mut process = Process::start(&wanted.module, wanted.limit)?;
    let (token, key) = (Box::new(wanted.token.clone()), Box::new(wanted.key.clone()));
    match process.must(&Request::Open { token, key })? {
        Reply::Opened { token, key } => {
            let vouching = process.vouching();
            let now = Pkcs11Key { token: *token, vouching, ..wanted.clone() };
            Ok((process, now.seen_as(*key)?))
        }
        _ => Err(process.unexpected()),
    }
}

fn log_in(
    process: &mut Process,
    token: &Token,
    how: LogIn<'_>,
    attend: &dyn Attend,
) -> Result<TokenKey, SignerError> {
    match process.log_in(&token.slot_name, how, attend)? {
        Reply::LoggedIn { key } => Ok(*key),
        Reply::NotLoggedIn { why } => Err(match why {
            PinAnswer::Wrong => LoginError::Wrong,
            PinAnswer::WrongOneLeft => LoginError::OneLeft,
            PinAnswer::Locked => LoginError::Locked(token.unlocking()),
            PinAnswer::FewerTries => LoginError::FewerTries,
            PinAnswer::NotSet => LoginError::NotSet,
            PinAnswer::Expired => LoginError::Expired,
            PinAnswer::Length { least, most } => LoginError::Length { least, most },
            PinAnswer::Refused => LoginError::Refused,
            PinAnswer::BrokenOff => LoginError::BrokenOff,
        }
        .into()),
        _ => Err(process.unexpected()),
    }
}

impl Pkcs11Key {
    /// As a person calls it.
    pub fn label(&self) -> Words {
        let (token, key) = (self.token.name().words(), self.key.name().words());
        words!("list-more", rest = token, next = key)
    }

    /// How it signs.
    ///
    /// # Errors
    /// Fails if it cannot sign so, or at all.
    pub fn algorithm(&self) -> Result<Algorithm, SignerError> {
        let failed = |fault| SignerError::from(ModuleError::of(&self.module.path, fault));
        let key = self.completed();
        let name = key.name();
        if self.token.attests_only(&key) {
            return Err(failed(Fault::AttestsOnly { key: name }));
        }
        if key.signs == Some(false) {
            return Err(failed(Fault::NotForSigning { key: name }));
        }
        if key.lacks_public_half() {
            return Err(failed(Fault::NoPublicHalf { key: name }));
        }
        let can = self.token.algorithms(&key);
        match self.algorithm {
            Some(algorithm) if can.contains(&algorithm) => return Ok(algorithm),
            Some(algorithm) if !can.is_empty() => {
                return Err(failed(Fault::NoMechanism { algorithm }));
            }
            Some(_) => {}
            None => {
                if let Some(first) = can.first() {
                    return Ok(*first);
                }
            }
        }
        // What the key could do, if the token offered it.
        let wanted = key.algorithms().flat_map(|algorithm| Mechanism::of(algorithm).iter());
        let wanted: Vec<_> = wanted.map(|mechanism| mechanism.name()).collect();
        let kind = key.kind();
        Err(match wanted.is_empty() {
            true => SignerError::NotSigning { kind },
            false => {
                let (kind, wanted) = (kind.to_string(), wanted.join(", "));
                failed(Fault::NoneOffered { key: name, kind, wanted })
            }
        })
    }

    /// Its public half: from the token, or else from elsewhere.
    pub fn public(&self) -> Option<PublicKey> {
        self.key.public().or_else(|| self.public.clone())
    }

    /// The key with the public half that is known of it.
    fn completed(&self) -> TokenKey {
        match &self.public {
            Some(public) if !self.key.secret => self.key.with_public(public),
            _ => self.key.clone(),
        }
    }

    /// This key as its token shows it now.
    fn seen_as(self, key: TokenKey) -> Result<Self, SignerError> {
        let other =
            matches!((key.public(), &self.public), (Some(its), Some(given)) if its != *given);
        if other {
            let fault = Fault::OtherPublicHalf { key: key.name() };
            return Err(ModuleError::of(&self.module.path, fault).into());
        }
        Ok(Self { key, ..self })
    }

    /// What its token says of it, once everything is visible.
    pub fn holding(&self) -> Holding {
        self.token.holding(&self.key, self.vouching)
    }
}

impl LockedKey for Pkcs11Key {
    fn secret(&self) -> Secret {
        Secret::Pin
    }

    fn name(&self) -> Words {
        self.label()
    }

    fn known(&self) -> Option<KnownKey> {
        let public_key = self.public();
        if public_key.is_none() && !self.key.secret {
            return None;
        }
        Some(KnownKey {
            signer_type: self.claimed.unwrap_or_else(|| self.holding().signer_type),
            algorithm: self.algorithm().ok()?,
            public_key,
        })
    }

    fn blocked(&self) -> Words {
        LoginError::Locked(self.token.unlocking()).problem().into()
    }

    fn tries_left(&self) -> Option<u8> {
        match self.token.pin {
            PinState::Locked => Some(0),
            PinState::FinalTry => Some(1),
            _ => None,
        }
    }

    fn was_wrong(&self) -> bool {
        matches!(self.token.pin, PinState::CountLow | PinState::FinalTry | PinState::Locked)
    }

    fn pin_source(&self) -> Option<&PinSource> {
        self.pin_source.as_ref()
    }

    fn rule(&self) -> Option<Words> {
        let length = self.token.pin_length.map(|(least, most)| match least {
            0 => words!("pin-rule-at-most", most),
            least => words!("pin-rule-between", least, most),
        });
        let low = (self.token.pin == PinState::CountLow).then(|| words!("pin-rule-wrong-before"));
        match (length, low) {
            (Some(length), Some(low)) => Some(words!("pin-rule-both", length, low)),
            (length, low) => length.or(low),
        }
    }

    fn unlock(&mut self, secret: &SecretString) -> Result<Box<dyn Signer + Send>, SignerError> {
        let last_try = self.token.pin == PinState::FinalTry;
        let (mut process, now) = connect(self)?;
        // Meanwhile another program may have tried the same kept PIN, and lost an attempt by it.
        if let Some(source) = &self.pin_source
            && !self.was_wrong()
            && now.was_wrong()
        {
            let error = KeptPinError::WrongBefore(source.path().to_owned());
            self.token.pin = now.token.pin;
            return Err(error.into());
        }
        let how = LogIn { pin: Some(secret), last_try, limit: self.limit };
        let logged_in = log_in(&mut process, &now.token, how, &Unattended);
        let key = logged_in.inspect_err(|error| match error {
            SignerError::Login(LoginError::Locked(_)) => self.token.pin = PinState::Locked,
            SignerError::Login(LoginError::OneLeft | LoginError::FewerTries) => {
                self.token.pin = PinState::FinalTry;
            }
            SignerError::Login(LoginError::Wrong) => self.token.pin = PinState::CountLow,
            _ => {}
        })?;
        let opened = now.seen_as(key)?;
        Ok(Box::new(Pkcs11Signer::new(&opened, process, true)?))
    }
}

/// A key on a token, ready to sign; its session lasts until this is dropped.
struct Pkcs11Signer {
    key: Pkcs11Key,
    algorithm: Algorithm,
    payloads: Vec<SignedPayload>,
    public: Option<PublicKey>,
    /// Whether something went wrong after which nothing more is sent.
    spent: bool,
    /// In a cell, since a shared key is verified by signing again.
    process: RefCell<Process>,
    logged_in: bool,
}

impl Pkcs11Signer {
    fn new(key: &Pkcs11Key, process: Process, logged_in: bool) -> Result<Self, SignerError> {
        Ok(Self {
            algorithm: key.algorithm()?,
            payloads: vec![SignedPayload::CanonicalJson, SignedPayload::Sha256],
            public: key.public(),
            key: key.clone(),
            spent: false,
            process: RefCell::new(process),
            logged_in,
        })
    }

    /// Has the PIN given on the token's own pad.
    fn log_in_on_pad(&mut self, attend: &dyn Attend) -> Result<(), SignerError> {
        attend.waiting(Waiting::OwnPad { seconds: seconds(PAD) });
        // The PIN pad itself shows how many attempts are left, if anything does.
        let how = LogIn { pin: None, last_try: true, limit: PAD };
        let key = log_in(self.process.get_mut(), &self.key.token, how, attend)?;
        self.key = self.key.clone().seen_as(key)?;
        self.logged_in = true;
        Ok(())
    }
}

fn seconds(time: Duration) -> u32 {
    u32::try_from(time.as_secs()).unwrap_or(u32::MAX)
}

fn made(
    process: &mut Process,
    algorithm: Algorithm,
    message: &[u8],
    limit: Duration,
    attend: &dyn Attend,
) -> Result<Vec<u8>, SignerError> {
    match process.ask(&Request::Sign { algorithm }, Some(message), limit, attend)? {
        Reply::Signed => Ok(process.next(limit, attend)?.to_vec()),
        _ => Err(process.unexpected()),
    }
}

impl Signer for Pkcs11Signer {
    fn signer_type(&self) -> SignerType {
        self.key.claimed.unwrap_or_else(|| self.key.holding().signer_type)
    }

    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    fn payloads(&self) -> &[SignedPayload] {
        &self.payloads
    }

    fn public_key(&self) -> Option<&PublicKey> {
        self.public.as_ref()
    }

    fn claim(&self) -> Option<String> {
        let holding = self.key.holding();
        let claimed = self.key.claimed.filter(|claimed| *claimed != holding.signer_type)?;
        Some(format!(
            "{claimed} is claimed; the token comes to {}: {}",
            holding.signer_type, holding.why
        ))
    }

    fn sign(&mut self, payload: &Payload<'_>, attend: &dyn Attend) -> Result<Vec<u8>, SignerError> {
        if self.spent {
            return Err(SignerError::Spent(self.key.token.name().words()));
        }
        // Until it has come to a good end.
        self.spent = true;
        if !self.logged_in {
            self.log_in_on_pad(attend)?;
        }
        let blinks = self.key.token.may_blink();
        attend.waiting(Waiting::Token { seconds: seconds(self.key.limit), blinks });
        let message = payload.message();
        let (algorithm, limit) = (self.algorithm, self.key.limit);
        let signed = made(self.process.get_mut(), algorithm, &message, limit, attend);
        attend.waiting(Waiting::Nothing);
        match signed {
            Err(SignerError::Module(error)) if is_too_long(&error.fault) => {
                self.spent = false;
                Err(SignerError::TooLong { bytes: message.len(), most: message.len() - 1 })
            }
            signed => {
                self.spent = signed.is_err();
                signed
            }
        }
    }

    fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        match &self.public {
            Some(public) => verify_raw(public, self.algorithm, message, signature).is_ok(),
            None if self.spent || !self.logged_in => false,
            // The token alone has the key; the same message has the same HMAC.
            None => {
                let mut process = self.process.borrow_mut();
                let limit = self.key.limit;
                made(&mut process, self.algorithm, message, limit, &Unattended)
                    .is_ok_and(|again| again == signature)
            }
        }
    }
}

fn is_too_long(fault: &Fault) -> bool {
    matches!(fault, Fault::Function { code, .. } if code == "CKR_DATA_LEN_RANGE")
}
