//! Setting up a YubiKey: the factory's secrets are replaced first, then a key is generated, attested,
//! and certified by itself. All of it is one transaction, and what is done can be continued after the
//! card was pulled out at any moment.
//!
//! No secret is tried that the person did not give, but the factory's where the card, or on older
//! firmware the person, says that it is still set; nothing is tried twice.

use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use countersign_envelope::key_attestation::KeyAttestation;
use countersign_envelope::public_key::PublicKey;
use countersign_envelope::verification::verify_raw;
use countersign_envelope::yubikey_policy::TouchPolicy;
use countersign_problem::{Words, words};
use secrecy::{ExposeSecret as _, SecretString};
use spki::der::Decode as _;
use x509_cert::Certificate;
use yubikey::piv::SlotId;

use super::apdu::Transmit;
use super::applet::{
    Applet, KeyKind, PIN, PUK, Padded, PinAnswer, PinState, input_of, object, object_of,
};
use super::card::Connection;
use super::kept_management_key;
use super::management_key::{ManagementAlgorithm, ManagementKey};
use super::pin::{FACTORY_PIN, FACTORY_PUK, padded, unverified};
use super::self_signed::{Subject, Unsigned};
use super::strength::{NewKey, check_secret};
use super::token::{SlotKey, Token, applet_of, key_of, slot_name};
use super::yubico::{MANAGEMENT_KEY, Metadata};
use super::yubikey::{YubiKey, attestation, attested_metadata, read_slot};
use crate::error::SignerError;
use crate::error::piv::{CardError, During, PinError, TokenError};
use crate::error::setup::{SetupFault, SetupStopped};
use crate::signer::Waiting;

/// How long a card may take for an answer that nobody has to touch it for.
const ANSWER: Duration = Duration::from_secs(30);
/// How long it may take to generate an RSA key.
const GENERATING: Duration = Duration::from_secs(300);
/// How long a YubiKey waits for a touch, in seconds.
const TOUCH: u32 = 15;
/// How long a card waits for a touch at least.
const MISSED: Duration = Duration::from_secs(1);
/// The status of a signature that was not touched for, or lacks its PIN.
const SECURITY: u16 = 0x6982;
/// The status of a PIN or PUK that a YubiKey refuses because it enforces complexity.
const NOT_COMPLEX: u16 = 0x6985;

/// What is known of a YubiKey before it is set up, without any secret.
#[derive(Debug, Clone)]
pub struct Before {
    /// Its PIN.
    pub pin: SecretState,
    /// Its PUK.
    pub puk: SecretState,
    /// Its management key.
    pub management_key: ManagementState,
    /// What is in the slot.
    pub slot: SlotContent,
}

/// What is known of a PIN or PUK.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecretState {
    /// Whether it is the factory's; `None` if the firmware does not say.
    pub factory: Option<bool>,
    /// How many attempts are left, if known.
    pub left: Option<u8>,
}

/// What is known of a management key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ManagementState {
    /// Its algorithm.
    pub algorithm: ManagementAlgorithm,
    /// Whether it is the factory's, if known.
    pub factory: Option<bool>,
    /// Whether the card says that it keeps it, protected by the PIN.
    pub kept: bool,
    /// Whether its use needs a touch.
    pub touch: bool,
}

/// What is in a slot.
#[derive(Debug, Clone)]
pub struct SlotContent {
    /// The key, as far as the firmware shows it: before 5.3 not one that was brought in without a
    /// certificate.
    pub key: Option<SlotKey>,
    /// The certificate, DER.
    pub certificate: Option<Vec<u8>>,
    /// The whole object that the certificate is in, whether or not one can be read from it.
    pub object: Option<Vec<u8>>,
}

impl SlotContent {
    /// Whether nothing is seen in it.
    pub const fn is_empty(&self) -> bool {
        self.key.is_none() && self.object.is_none()
    }

    /// The public key in it, if that signs here.
    pub fn public_key(&self) -> Option<&PublicKey> {
        self.key.as_ref()?.public_key.as_ref()
    }

    fn is(&self, other: &Self) -> bool {
        let kind = |content: &Self| content.key.as_ref().map(|key| key.kind);
        kind(self) == kind(other)
            && self.public_key() == other.public_key()
            && self.object == other.object
    }

    /// Whether its certificate is of its key.
    pub fn is_certified(&self) -> bool {
        let certificate = self.certificate.as_deref();
        let certificate = certificate.and_then(|der| Certificate::from_der(der).ok());
        let certified = certificate.as_ref().and_then(key_of);
        certified.is_some() && certified.as_ref() == self.public_key()
    }
}

/// Looks at a YubiKey and one of its slots. Costs no attempt.
///
/// # Errors
/// Fails if the card is no longer there, is no YubiKey, or cannot be read.
pub fn look(token: &Token, slot: SlotId) -> Result<Before, SignerError> {
    let (sender, receiver) = mpsc::channel();
    let reading = token.clone();
    // On a thread of its own, which a card that never answers may keep.
    thread::spawn(move || {
        let read =
            Connection::open(&reading.reader).map_err(SetupFault::from).and_then(|mut it| {
                it.transaction(|card| before(applet_of(card, &reading)?, &reading, slot))
            });
        // Nobody listens if it took too long.
        let _ = sender.send(read);
    });
    let failed = |error| TokenError::new(token.name(), During::Opening, error);
    match receiver.recv_timeout(ANSWER) {
        Ok(Err(SetupFault::Card(error))) => Err(failed(error).into()),
        Ok(Err(fault)) => Err(SignerError::Setup(Box::new(fault))),
        Ok(Ok(before)) => Ok(before),
        Err(_) => Err(failed(CardError::Silent(ANSWER.as_secs())).into()),
    }
}

fn before(applet: Applet<'_>, token: &Token, slot: SlotId) -> Result<Before, SetupFault> {
    let yubikey = token.yubikey().ok_or(CardError::OtherCard)?;
    token.check_identified()?;
    let of = |reference| -> Result<Metadata, CardError> {
        match yubikey.has_metadata() {
            true => applet.metadata(reference).map(Option::unwrap_or_default),
            false => Ok(Metadata::default()),
        }
    };
    let state = |metadata: Metadata| SecretState {
        factory: metadata.default,
        left: metadata.tries.map(|(left, _)| left),
    };
    let mut pin = state(of(PIN)?);
    if pin.left.is_none() {
        pin.left = applet.pin_state()?.left();
    }
    let puk = state(of(PUK)?);
    let management = of(MANAGEMENT_KEY)?;
    let algorithm = match management.algorithm {
        // Before 5.4 there is no other.
        None => ManagementAlgorithm::TripleDes,
        Some(number) => ManagementAlgorithm::of(number)
            .ok_or_else(|| SetupFault::ManagementAlgorithm { number: format!("{number:02X}") })?,
    };
    let management_key = ManagementState {
        algorithm,
        factory: management.default.or(yubikey.defaults.management_key),
        kept: kept_management_key::is_kept(applet)?,
        touch: management.touch_policy.is_some_and(|policy| policy != TouchPolicy::Never),
    };
    Ok(Before { pin, puk, management_key, slot: content(applet, yubikey, slot)? })
}

fn content(applet: Applet<'_>, yubikey: &YubiKey, slot: SlotId) -> Result<SlotContent, CardError> {
    let key = read_slot(applet, yubikey.version, slot)?;
    let object = match object_of(slot) {
        Some(object) => applet.content(object)?,
        None => None,
    };
    let object = object.map(|content| content.to_vec());
    Ok(SlotContent { key, certificate: applet.certificate(slot)?, object })
}

/// How a YubiKey is set up.
#[derive(Debug, Clone)]
pub struct Task {
    /// Which.
    pub token: Token,
    /// As the person saw it.
    pub before: Before,
    /// Whether the PIN is the factory's and is replaced.
    pub set_pin: bool,
    /// Whether the PUK is.
    pub set_puk: bool,
    /// Which key it is to have.
    pub key: NewKey,
    /// Whether the key that is in the slot is finished, instead of a new one made in its place.
    pub finish: bool,
    /// Whose certificate it is.
    pub subject: Subject,
}

/// The secrets that it takes.
pub struct Secrets {
    /// The PIN that the YubiKey is to have in place of the factory's, or has.
    pub pin: SecretString,
    /// The PUK that it is to have in place of the factory's.
    pub puk: Option<SecretString>,
    /// Its management key in hex, if that is neither the factory's nor kept on the card.
    pub management_key: Option<SecretString>,
}

/// A change of the card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The factory's PIN is replaced.
    Pin,
    /// The factory's PUK is replaced.
    Puk,
    /// The factory's management key is replaced by a random one that the card keeps.
    ManagementKey,
    /// A key is generated.
    Key,
    /// Its certificate is stored.
    Certificate,
}

impl Step {
    /// That it is done, as a clause.
    pub fn done(self, slot: SlotId) -> Words {
        let slot = slot_name(slot);
        match self {
            Self::Pin => words!("setup-done-pin"),
            Self::Puk => words!("setup-done-puk"),
            Self::ManagementKey => words!("setup-done-management-key"),
            Self::Key => words!("setup-done-key", slot),
            Self::Certificate => words!("setup-done-certificate", slot),
        }
    }
}

/// Who follows the act.
pub trait Follow {
    /// A change is about to be made.
    ///
    /// # Errors
    /// Fails if it must not be made; then nothing more is.
    fn before(&mut self, step: Step) -> Result<(), SetupFault>;

    /// It was made.
    fn done(&mut self, step: Step);

    /// The card waits for something.
    fn waiting(&mut self, what: Waiting);
}

/// The key that a YubiKey was set up with.
#[derive(Debug, Clone)]
pub struct Made {
    /// Its public half.
    pub public_key: PublicKey,
    /// The device's word that it was generated there.
    pub attestation: KeyAttestation,
}

impl Task {
    /// The changes that it takes, in order, as far as they are known before the PIN.
    pub fn steps(&self) -> Vec<Step> {
        let management = self.before.management_key.factory != Some(false);
        let certificate = !(self.finish && self.before.slot.is_certified());
        [
            (self.set_pin, Step::Pin),
            (self.set_puk, Step::Puk),
            (management, Step::ManagementKey),
            (!self.finish, Step::Key),
            (certificate, Step::Certificate),
        ]
        .into_iter()
        .filter_map(|(needed, step)| needed.then_some(step))
        .collect()
    }

    /// Checks the secrets before any is sent: as many as needed, of a form that a card takes, and
    /// those to be set not among those that are tried first.
    ///
    /// # Errors
    /// Fails if not.
    pub fn check(&self, secrets: &Secrets) -> Result<(), SetupFault> {
        padded(&secrets.pin, "PIN")?;
        if self.set_pin {
            check_secret(&secrets.pin, "PIN")?;
        } else if secrets.pin.expose_secret() == FACTORY_PIN {
            return Err(SetupFault::FactoryPin);
        }
        if self.set_puk {
            let puk = secrets.puk.as_ref().ok_or(SetupFault::SecretNeeded { what: "PUK" })?;
            padded(puk, "PUK")?;
            check_secret(puk, "PUK")?;
            if puk.expose_secret() == secrets.pin.expose_secret() {
                return Err(SetupFault::SamePinAndPuk);
            }
        }
        if let Some(key) = &secrets.management_key {
            ManagementKey::parse(self.before.management_key.algorithm, key)?;
        }
        Ok(())
    }
}

/// What the thread that has the card tells.
enum Told {
    /// A change is about to be made; it waits for the word.
    Before(Step, Sender<Result<(), SetupFault>>),
    Done(Step),
    Waiting(Waiting),
    Ended(Box<Result<Made, SetupFault>>),
}

/// Sets up a YubiKey.
///
/// # Errors
/// Fails with what was done until then; running it again continues.
pub fn run(task: &Task, secrets: Secrets, follow: &mut dyn Follow) -> Result<Made, SetupStopped> {
    let mut done = Vec::new();
    let mut doing = None;
    let made = task.check(&secrets).and_then(|()| {
        follow_act(task, secrets, |told| {
            match told {
                Told::Before(step, answer) => {
                    let may = follow.before(step);
                    doing = may.is_ok().then_some(step);
                    let limit = match (step, task.key.kind) {
                        (Step::Key, KeyKind::Rsa(_)) => GENERATING,
                        _ => ANSWER,
                    };
                    // If nobody waits for it, the card has gone.
                    let _ = answer.send(may);
                    return limit;
                }
                Told::Done(step) => {
                    doing = None;
                    done.push(step);
                    follow.done(step);
                }
                Told::Waiting(what) => follow.waiting(what),
                Told::Ended(_) => {}
            }
            ANSWER
        })
    });
    let slot = task.key.slot;
    made.map_err(|fault| SetupStopped {
        token: task.token.name(),
        fault,
        done: done.into_iter().map(|step| step.done(slot)).collect(),
        unknown: doing.map(|step| step.done(slot)),
    })
}

/// Has a thread of its own do it, which a card that never answers may keep. `heed` is told of every
/// step, and says how long the next may take.
fn follow_act(
    task: &Task,
    secrets: Secrets,
    mut heed: impl FnMut(Told) -> Duration,
) -> Result<Made, SetupFault> {
    let (sender, receiver) = mpsc::channel();
    let task = task.clone();
    thread::spawn(move || {
        let connection = Connection::open(&task.token.reader).map_err(SetupFault::from);
        let made = connection.and_then(|connection| {
            connection.transaction_then_reset(|card| {
                Act { task: &task, tell: &sender }.run(card, &secrets)
            })
        });
        // Nobody listens if it took too long.
        let _ = sender.send(Told::Ended(Box::new(made)));
    });
    let mut limit = ANSWER;
    loop {
        match receiver.recv_timeout(limit) {
            Ok(Told::Ended(made)) => return *made,
            Ok(told) => limit = heed(told),
            Err(RecvTimeoutError::Timeout) => {
                return Err(CardError::Silent(limit.as_secs()).into());
            }
            Err(RecvTimeoutError::Disconnected) => return Err(CardError::Removed.into()),
        }
    }
}

/// The act on the card.
struct Act<'a> {
    task: &'a Task,
    tell: &'a Sender<Told>,
}

impl Act<'_> {
    fn run(&self, card: &dyn Transmit, secrets: &Secrets) -> Result<Made, SetupFault> {
        let task = self.task;
        let yubikey = task.token.yubikey().ok_or(CardError::OtherCard)?;
        let (applet, state) = unverified(card, &task.token)?;
        // Before anything is changed: within the transaction nothing else changes it.
        let found = content(applet, yubikey, task.key.slot)?;
        if !found.is(&task.before.slot) {
            return Err(SetupFault::SlotChanged);
        }
        self.open_pin(applet, state, secrets)?;
        if task.set_puk {
            self.set_puk(applet, secrets)?;
        }
        self.prove_management_key(applet, secrets)?;
        let NewKey { slot, kind, pin_policy, touch_policy } = task.key;
        let public_key = match found.public_key() {
            Some(public) if task.finish => public.clone(),
            _ if task.finish => return Err(SetupFault::SlotChanged),
            _ => self.step(Step::Key, || {
                Ok(applet.generate(slot, kind, (pin_policy, touch_policy))?)
            })?,
        };
        let attestation = self.attest(applet, &public_key)?;
        if !(task.finish && found.is_certified()) {
            self.step(Step::Certificate, || self.certify(applet, &public_key, secrets))?;
        }
        Ok(Made { public_key, attestation })
    }

    fn tell(&self, what: Told) {
        // If nobody listens, there is nothing to report.
        let _ = self.tell.send(what);
    }

    /// A change, once who follows has let it be made.
    fn step<T>(
        &self,
        step: Step,
        change: impl FnOnce() -> Result<T, SetupFault>,
    ) -> Result<T, SetupFault> {
        let (answer, answered) = mpsc::channel();
        self.tell(Told::Before(step, answer));
        // Who followed has given it up.
        answered.recv().unwrap_or(Err(SetupFault::Signer(SignerError::Cancelled)))?;
        let changed = change()?;
        self.tell(Told::Done(step));
        Ok(changed)
    }

    /// Replaces the factory's PIN, and verifies the PIN.
    fn open_pin(
        &self,
        applet: Applet<'_>,
        state: PinState,
        secrets: &Secrets,
    ) -> Result<(), SetupFault> {
        let Task { token, before, set_pin, .. } = self.task;
        let puk = told(applet, token, PUK)?.tries.map(|(left, _)| left);
        let blocked = || PinError::blocked("PIN", Some(0), puk);
        match state {
            PinState::Blocked => return Err(blocked().into()),
            PinState::Left(1) if before.pin.left != Some(1) => {
                return Err(PinError::FewerTries("PIN").into());
            }
            PinState::Left(_) | PinState::Verified | PinState::Unknown => {}
        }
        let pin = padded(&secrets.pin, "PIN")?;
        if *set_pin {
            check_factory(&told(applet, token, PIN)?, "PIN")?;
            let factory = padded(&SecretString::from(FACTORY_PIN), "PIN")?;
            self.step(Step::Pin, || replace(applet, (PIN, "PIN"), (&factory, &pin)))?;
        }
        match applet.verify(&pin)? {
            PinAnswer::Right => Ok(()),
            PinAnswer::Wrong(left) => Err(PinError::wrong("PIN", left).into()),
            PinAnswer::Blocked => Err(blocked().into()),
        }
    }

    /// Replaces the factory's PUK.
    fn set_puk(&self, applet: Applet<'_>, secrets: &Secrets) -> Result<(), SetupFault> {
        let Task { token, before, .. } = self.task;
        let told = told(applet, token, PUK)?;
        match told.tries.map(|(left, _)| left) {
            Some(0) => return Err(PinError::blocked("PUK", None, Some(0)).into()),
            Some(1) if before.puk.left != Some(1) => {
                return Err(PinError::FewerTries("PUK").into());
            }
            _ => {}
        }
        check_factory(&told, "PUK")?;
        let puk = secrets.puk.as_ref().ok_or(SetupFault::SecretNeeded { what: "PUK" })?;
        let puk = padded(puk, "PUK")?;
        let factory = padded(&SecretString::from(FACTORY_PUK), "PUK")?;
        self.step(Step::Puk, || replace(applet, (PUK, "PUK"), (&factory, &puk)))
    }

    /// Proves the management key, and replaces it if it is the factory's. A wrong one costs nothing:
    /// it has no counter.
    fn prove_management_key(
        &self,
        applet: Applet<'_>,
        secrets: &Secrets,
    ) -> Result<(), SetupFault> {
        let ManagementState { algorithm, factory, kept, touch } = self.task.before.management_key;
        let prove = |key: &ManagementKey| {
            if touch {
                self.tell(Told::Waiting(Waiting::Touch { seconds: TOUCH }));
            }
            let proven = applet.authenticate(key);
            if touch {
                self.tell(Told::Waiting(Waiting::Nothing));
            }
            proven
        };
        let factory = ManagementKey::factory(algorithm).filter(|_| factory != Some(false));
        if let Some(factory) = factory
            && prove(&factory)?
        {
            kept_management_key::check_free(applet)?;
            // Of the algorithm that it has: programs that know no other one go on with it.
            let new = ManagementKey::random(algorithm)?;
            return self.step(Step::ManagementKey, || {
                kept_management_key::keep(applet, &new)?;
                applet.set_management_key(&new)?;
                if !applet.authenticate(&new)? {
                    return Err(SetupFault::ManagementKey);
                }
                Ok(kept_management_key::say_so(applet)?)
            });
        }
        if let Some(key) = kept_management_key::read(applet, algorithm)?
            && prove(&key)?
        {
            return match kept {
                true => Ok(()),
                // The card was pulled out before it could say so.
                false => {
                    self.step(Step::ManagementKey, || Ok(kept_management_key::say_so(applet)?))
                }
            };
        }
        let needed = match kept {
            true => SetupFault::KeptManagementKey,
            false => SetupFault::ManagementKeyNeeded,
        };
        let given = secrets.management_key.as_ref().ok_or(needed)?;
        match prove(&ManagementKey::parse(algorithm, given)?)? {
            true => Ok(()),
            false => Err(SetupFault::ManagementKey),
        }
    }

    /// The device's word about the key, which must be about this key and these policies.
    fn attest(
        &self,
        applet: Applet<'_>,
        public_key: &PublicKey,
    ) -> Result<KeyAttestation, SetupFault> {
        let NewKey { slot, pin_policy, touch_policy, .. } = self.task.key;
        let attested = attestation(applet, slot)?.ok_or(SetupFault::NotAttested)?;
        let KeyAttestation::YubikeyPiv { certificate, .. } = &attested else {
            return Err(SetupFault::NotAttested);
        };
        let certificate = Certificate::from_der(certificate);
        let certificate = certificate.map_err(|_| SetupFault::OtherAttested)?;
        let said = attested_metadata(&certificate);
        let is_same = said.public_key.as_ref() == Some(public_key)
            && said.pin_policy == Some(pin_policy)
            && said.touch_policy == Some(touch_policy);
        if is_same { Ok(attested) } else { Err(SetupFault::OtherAttested) }
    }

    /// Makes the certificate, has the key sign it, and stores it.
    fn certify(
        &self,
        applet: Applet<'_>,
        public_key: &PublicKey,
        secrets: &Secrets,
    ) -> Result<(), SetupFault> {
        let NewKey { slot, touch_policy, .. } = self.task.key;
        let kind = KeyKind::of_public(public_key);
        let failed = |why: &dyn std::fmt::Display| SetupFault::Certificate { why: why.to_string() };
        let (Some(id), Some(algorithm), Some(place)) =
            (kind.id(), kind.algorithm(), object_of(slot))
        else {
            return Err(SignerError::NotSigning { kind: kind.words() }.into());
        };
        let unsigned = Unsigned::new(&self.task.subject, public_key, algorithm);
        let unsigned = unsigned.map_err(|error| failed(&error))?;
        let input = input_of(kind, &unsigned.to_sign)
            .ok_or(SignerError::NotSigning { kind: kind.words() })?;
        // It was right a moment ago; a key that asks always asks right before.
        match applet.verify(&padded(&secrets.pin, "PIN")?)? {
            PinAnswer::Right => {}
            PinAnswer::Wrong(left) => return Err(PinError::wrong("PIN", left).into()),
            PinAnswer::Blocked => return Err(PinError::Blocked.into()),
        }
        let touch = touch_policy != TouchPolicy::Never;
        if touch {
            self.tell(Told::Waiting(Waiting::Touch { seconds: TOUCH }));
        }
        let begun = Instant::now();
        let signature = match applet.sign(id, slot, &input)? {
            Ok(signature) => signature,
            Err(SECURITY) if touch && begun.elapsed() >= MISSED => {
                return Err(SignerError::NotTouched(self.task.token.name()).into());
            }
            Err(status) => {
                return Err(CardError::Status { command: "GENERAL AUTHENTICATE", status }.into());
            }
        };
        if touch {
            self.tell(Told::Waiting(Waiting::Nothing));
        }
        verify_raw(public_key, algorithm, &unsigned.to_sign, &signature)
            .map_err(|_| SetupFault::Signature)?;
        let der = unsigned.signed(&signature).map_err(|error| failed(&error))?;
        // Not packed, and no error detection code (SP 800-73-4 part 1 table 10).
        let stored = [object(0x70, &der)?, object(0x71, &[0])?, object(0xFE, &[])?].concat();
        applet.put_content(place, &stored)?;
        match applet.certificate(slot)? == Some(der) {
            true => Ok(()),
            false => Err(CardError::Garbage(words!("card-answer-not-stored")).into()),
        }
    }
}

/// Replaces the factory's PIN or PUK. A YubiKey that enforces complexity (firmware 5.7) refuses more as
/// weak than is refused here.
fn replace(
    applet: Applet<'_>,
    (reference, what): (u8, &'static str),
    (factory, new): (&Padded, &Padded),
) -> Result<(), SetupFault> {
    match applet.change(reference, factory, new) {
        Ok(PinAnswer::Right) => Ok(()),
        Ok(PinAnswer::Wrong(left)) => Err(SetupFault::NotFactory { what, left }),
        Ok(PinAnswer::Blocked) => Err(PinError::blocked(what, None, None).into()),
        Err(CardError::Status { status: NOT_COMPLEX, .. }) => Err(PinError::Weak(what).into()),
        Err(error) => Err(error.into()),
    }
}

/// What the card tells of its PIN or PUK; older firmware tells nothing.
fn told(applet: Applet<'_>, token: &Token, reference: u8) -> Result<Metadata, CardError> {
    match token.yubikey().is_some_and(YubiKey::has_metadata) {
        true => Ok(applet.metadata(reference)?.unwrap_or_default()),
        false => Ok(Metadata::default()),
    }
}

/// Checks that a secret is still the factory's, where the card tells: since it was planned another
/// program may have changed it, and the factory's would cost an attempt.
fn check_factory(told: &Metadata, what: &'static str) -> Result<(), SetupFault> {
    match told.default {
        Some(false) => Err(SetupFault::NotFactory { what, left: told.tries.map(|(left, _)| left) }),
        _ => Ok(()),
    }
}
