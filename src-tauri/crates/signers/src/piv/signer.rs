//! Signing with a key on a PIV card: PIN and signatures in one transaction, on a thread of its own,
//! since a card may answer late or never.

use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use countersign_envelope::key_attestation::KeyAttestation;
use countersign_envelope::public_key::PublicKey;
use countersign_envelope::signature::{Algorithm, SignedPayload, SignerType};
use countersign_envelope::verification::verify_raw;
use countersign_envelope::yubikey_policy::{PinPolicy, TouchPolicy};
use countersign_problem::{Explain as _, Words, words};
use secrecy::SecretString;
use yubikey::piv::SlotId;

use super::apdu::Transmit;
use super::applet::{Applet, KeyKind, Padded, PinAnswer, PinState, input_of};
use super::card::Connection;
use super::pin::{padded, unverified};
use super::standard;
use super::token::{Make, SlotKey, Token, applet_of, slot_name};
use super::yubico::Origin;
use super::yubikey::attestation;
use crate::error::SignerError;
use crate::error::piv::{CardError, During, PinError, TokenError};
use crate::signer::{Attend, Key, KnownKey, LockedKey, Payload, Secret, Signer, Waiting};

/// How long a card may take for an answer that nobody has to touch it for.
const ANSWER: Duration = Duration::from_secs(30);
/// How long a YubiKey waits for a touch.
const TOUCH: Duration = Duration::from_secs(15);
/// How long a card waits for a touch at least.
const MISSED: Duration = Duration::from_secs(1);
/// How long a session that ends is waited for.
const RESET: Duration = Duration::from_secs(2);
/// How often it is checked whether the person has cancelled.
const GLANCE: Duration = Duration::from_millis(50);
/// Longest message that the applet takes for Ed25519, in bytes: what the largest command holds.
const LONGEST_MESSAGE: usize = 3_060;

/// What cards say to more data than they take: of a wrong length, wrong, too much for their memory, or
/// in more commands than they put together (ISO/IEC 7816-4 section 5.1.3).
const TOO_LONG: [u16; 5] = [0x6700, 0x6A80, 0x6A84, 0x6883, 0x6884];

/// The status of a signature that was not touched for, or lacks its PIN.
const SECURITY: u16 = 0x6982;

/// A key in a slot of a PIV card.
pub struct PivKey {
    token: Token,
    slot: SlotId,
    kind: KeyKind,
    algorithm: Algorithm,
    public: PublicKey,
    pin_policy: Option<PinPolicy>,
    touch_policy: Option<TouchPolicy>,
    attestation: Option<KeyAttestation>,
    tries_left: Option<u8>,
}

/// Opens the key in a slot: reads again what is known of it, before a PIN is asked for.
///
/// # Errors
/// Fails if the token is no longer there, has another key, or cannot sign.
pub fn open(token: &Token, key: &SlotKey) -> Result<Key, SignerError> {
    let (Some(public), Some(algorithm)) = (key.public_key.clone(), key.kind.algorithm()) else {
        return Err(SignerError::NotSigning { kind: key.kind.words() });
    };
    let token = token.clone();
    let slot = key.slot;
    let wants_pin = key.wants_pin();
    let reading = token.clone();
    let expected = key.clone();
    let (sender, receiver) = mpsc::channel();
    // On a thread of its own, which a card that never answers may keep.
    thread::spawn(move || {
        let read = Connection::open(&reading.reader).and_then(|mut connection| {
            connection.transaction(|card| {
                let applet = applet_of(card, &reading)?;
                check_key(applet, &reading, expected.slot, expected.public_key.as_ref())?;
                let attested = match expected.attestation {
                    Some(attested) => Some(attested),
                    None if expected.origin == Some(Origin::Imported) => None,
                    None if reading.yubikey().is_none() => None,
                    // A key that cannot be attested now can still sign.
                    None => attestation(applet, expected.slot)?,
                };
                Ok::<_, CardError>((applet.pin_state()?.left(), attested))
            })
        });
        // Nobody listens if it took too long.
        let _ = sender.send(read);
    });
    let failed = |error| TokenError::new(token.name(), During::Opening, error);
    let (tries_left, attestation) = match receiver.recv_timeout(ANSWER) {
        Ok(read) => read.map_err(failed)?,
        Err(_) => return Err(failed(CardError::Silent(ANSWER.as_secs())).into()),
    };
    let key = PivKey {
        slot,
        kind: key.kind,
        algorithm,
        public,
        pin_policy: key.pin_policy,
        touch_policy: key.touch_policy,
        attestation,
        tries_left: tries_left.or(token.pin_tries),
        token,
    };
    if wants_pin {
        return Ok(Key::Locked(Box::new(key)));
    }
    let session = Session::start(&key, None)?;
    Ok(Key::Ready(Box::new(PivSigner::new(&key, session, None))))
}

/// Whether the key in a slot still is the one that was read, as far as the card says so: what it signs
/// is verified under the key that is expected in any case.
fn check_key(
    applet: Applet<'_>,
    token: &Token,
    slot: SlotId,
    expected: Option<&PublicKey>,
) -> Result<(), CardError> {
    let found = match &token.make {
        Make::YubiKey(yubikey) if !yubikey.has_metadata() => return Ok(()),
        Make::YubiKey(_) => match applet.metadata(u8::from(slot))? {
            Some(metadata) => metadata.public_key,
            None => return Ok(()),
        },
        Make::Standard(_) => standard::read_slot(applet, slot)?.and_then(|key| key.public_key),
    };
    if found.as_ref() == expected { Ok(()) } else { Err(CardError::OtherCard) }
}

impl PivKey {
    fn label(&self) -> Words {
        words!("locked-key-in-slot", token = self.token.name(), slot = slot_name(self.slot))
    }
}

impl LockedKey for PivKey {
    fn secret(&self) -> Secret {
        Secret::Pin
    }

    fn name(&self) -> Words {
        self.label()
    }

    fn known(&self) -> Option<KnownKey> {
        Some(KnownKey {
            signer_type: SignerType::Hardware,
            algorithm: self.algorithm,
            public_key: Some(self.public.clone()),
        })
    }

    fn tries_left(&self) -> Option<u8> {
        self.tries_left
    }

    fn blocked(&self) -> Words {
        self.token.pin_blocked().problem().into()
    }

    fn risk(&self) -> &'static str {
        match self.token.puk_tries() {
            Some(0) => "a wrong one blocks it for good, since the PUK is blocked already",
            _ => "a wrong one blocks it",
        }
    }

    fn rule(&self) -> Option<Words> {
        Some(PinError::rule())
    }

    fn unlock(&mut self, secret: &SecretString) -> Result<Box<dyn Signer + Send>, SignerError> {
        let pin = padded(secret, "PIN")?;
        let attempt = Attempt { pin: pin.clone(), shown: self.tries_left };
        let session = Session::start(self, Some(attempt));
        let session = session.inspect_err(|error| {
            if let SignerError::Pin(error) = error {
                self.tries_left = error.tries_left().or(self.tries_left);
            }
        })?;
        // Kept only if the card will ask for it again. What another card than a YubiKey asks for is
        // only the standard's rule for the slot; applets have rules of their own for each key.
        let once = matches!(self.pin_policy, Some(PinPolicy::Once | PinPolicy::MatchOnce));
        let again = !once || self.token.yubikey().is_none();
        Ok(Box::new(PivSigner::new(self, session, again.then_some(pin))))
    }
}

/// A key on a PIV card, ready to sign; its transaction lasts until it is dropped.
struct PivSigner {
    name: Words,
    /// What it means if no attempt at the PIN is left.
    blocked: PinError,
    kind: KeyKind,
    algorithm: Algorithm,
    payloads: Vec<SignedPayload>,
    public: PublicKey,
    touch_policy: Option<TouchPolicy>,
    /// Whether it may ask for a touch though it does not say so.
    may_ask_for_touch: bool,
    attestation: Option<KeyAttestation>,
    pin: Option<Padded>,
    /// Whether a PIN was asked for at all.
    with_pin: bool,
    /// Whether the card has the PIN verified, as far as is known.
    verified: bool,
    /// Whether something went wrong after which nothing more is sent.
    spent: bool,
    session: Session,
}

impl PivSigner {
    fn new(key: &PivKey, session: Session, pin: Option<Padded>) -> Self {
        Self {
            name: key.token.name(),
            blocked: key.token.pin_blocked(),
            kind: key.kind,
            algorithm: key.algorithm,
            payloads: vec![SignedPayload::CanonicalJson, SignedPayload::Sha256],
            public: key.public.clone(),
            touch_policy: key.touch_policy,
            may_ask_for_touch: key.token.yubikey().is_some(),
            attestation: key.attestation.clone(),
            with_pin: session.with_pin,
            verified: session.with_pin,
            spent: false,
            pin,
            session,
        }
    }

    fn failed(&self, error: CardError) -> SignerError {
        let during = if self.with_pin { During::Signing } else { During::SigningFree };
        TokenError::new(self.name.clone(), during, error).into()
    }

    /// After how long without an answer the card is taken to wait for a touch. Where it always
    /// does, at once; if it may or may not, once it has taken longer than signing does.
    fn blinks_after(&self) -> Option<Duration> {
        let signing = match self.kind {
            KeyKind::Rsa(_) => Duration::from_millis(1_500),
            _ => Duration::from_millis(400),
        };
        match self.touch_policy {
            Some(TouchPolicy::Never) => None,
            Some(TouchPolicy::Always) => Some(Duration::ZERO),
            // The standard has no touch.
            None if !self.may_ask_for_touch => None,
            Some(TouchPolicy::Cached | TouchPolicy::Other(_)) | None => Some(signing),
        }
    }

    /// Waits for the card's answer, telling the person when it wants to be touched.
    fn wait(
        &self,
        answer: &Receiver<Result<SignAnswer, CardError>>,
        attend: &dyn Attend,
    ) -> Result<SignAnswer, SignerError> {
        let begun = Instant::now();
        let mut blinks_after = self.blinks_after();
        let mut asked_for_touch = false;
        loop {
            if blinks_after.is_some_and(|after| begun.elapsed() >= after) {
                blinks_after = None;
                asked_for_touch = true;
                let left = TOUCH.saturating_sub(begun.elapsed());
                // Rounded up: a second that has begun is still there.
                let seconds = u32::try_from(left.as_millis().div_ceil(1000)).unwrap_or(1);
                attend.waiting(Waiting::Touch { seconds });
            }
            match answer.recv_timeout(GLANCE) {
                // At once it is a refusal; nobody could have missed the touch yet.
                Ok(Ok(SignAnswer::Refused(SECURITY)))
                    if asked_for_touch && begun.elapsed() >= MISSED =>
                {
                    return Err(SignerError::NotTouched(self.name.clone()));
                }
                Ok(Ok(answer)) => {
                    if asked_for_touch {
                        attend.waiting(Waiting::Nothing);
                    }
                    return Ok(answer);
                }
                Ok(Err(error)) => return Err(self.failed(error)),
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(self.failed(CardError::Removed));
                }
                // The card cannot be stopped; what it still makes is thrown away.
                Err(RecvTimeoutError::Timeout) if attend.is_cancelled() => {
                    return Err(SignerError::Cancelled);
                }
                Err(RecvTimeoutError::Timeout) if begun.elapsed() >= ANSWER => {
                    return Err(self.failed(CardError::Silent(ANSWER.as_secs())));
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }
}

impl Signer for PivSigner {
    fn signer_type(&self) -> SignerType {
        SignerType::Hardware
    }

    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    fn payloads(&self) -> &[SignedPayload] {
        &self.payloads
    }

    fn public_key(&self) -> Option<&PublicKey> {
        Some(&self.public)
    }

    fn attestation(&self) -> Option<&KeyAttestation> {
        self.attestation.as_ref()
    }

    fn sign(&mut self, payload: &Payload<'_>, attend: &dyn Attend) -> Result<Vec<u8>, SignerError> {
        if self.spent {
            return Err(SignerError::Spent(self.name.clone()));
        }
        let message = payload.message();
        if self.kind == KeyKind::Ed25519 && message.len() > LONGEST_MESSAGE {
            return Err(SignerError::TooLong { bytes: message.len(), most: LONGEST_MESSAGE });
        }
        let (Some(algorithm), Some(input)) = (self.kind.id(), input_of(self.kind, &message)) else {
            return Err(SignerError::NotSigning { kind: self.kind.words() });
        };
        // Sent again before each signature but the first, where the card asks again for it.
        let pin = if self.verified { None } else { self.pin.clone() };
        let answer = self.session.sign(algorithm, input, pin).map_err(|e| self.failed(e))?;
        let answer = self.wait(&answer, attend);
        // The card forgets it with each signature, or with each that came to nothing.
        self.verified = self.pin.is_none();
        let goes_on = matches!(
            answer,
            Ok(SignAnswer::Signature(_) | SignAnswer::Refused(_)) | Err(SignerError::NotTouched(_))
        );
        if !goes_on {
            // Whatever the outcome, the PIN is not sent a second time.
            self.pin = None;
            self.spent = true;
        }
        match answer? {
            SignAnswer::Signature(signature) => Ok(signature),
            // The digest, which is signed instead, is not too long for any card.
            SignAnswer::Refused(status)
                if self.kind == KeyKind::Ed25519
                    && payload.form == SignedPayload::CanonicalJson
                    && TOO_LONG.contains(&status) =>
            {
                Err(SignerError::TooLong { bytes: message.len(), most: message.len() - 1 })
            }
            SignAnswer::Refused(status) => {
                Err(self.failed(CardError::Status { command: "GENERAL AUTHENTICATE", status }))
            }
            SignAnswer::WrongPin(left) => Err(PinError::wrong("PIN", left).into()),
            SignAnswer::Blocked => Err(self.blocked.clone().into()),
        }
    }

    fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        verify_raw(&self.public, self.algorithm, message, signature).is_ok()
    }
}

/// The outcome of a signature that was asked for.
enum SignAnswer {
    Signature(Vec<u8>),
    Refused(u16),
    WrongPin(Option<u8>),
    Blocked,
}

struct SignRequest {
    algorithm: u8,
    input: Vec<u8>,
    /// Sent right before, if the card asks for it again.
    pin: Option<Padded>,
    answer: Sender<Result<SignAnswer, CardError>>,
}

/// A thread that holds a transaction with a card. It ends when the session is dropped, and resets
/// the card, so that a verified PIN is not left to other programs.
struct Session {
    /// None once it is dropped, which is what ends the thread.
    requests: Option<Sender<SignRequest>>,
    /// Closed when the thread has ended.
    ended: Receiver<std::convert::Infallible>,
    with_pin: bool,
}

impl Drop for Session {
    fn drop(&mut self) {
        self.requests = None;
        // A card that hangs, or still waits for a touch, is not waited for; the thread resets it
        // when it comes back.
        let _ = self.ended.recv_timeout(RESET);
    }
}

impl Session {
    /// Begins a transaction, and verifies the PIN if there is one.
    fn start(key: &PivKey, attempt: Option<Attempt>) -> Result<Self, SignerError> {
        let held = Held { token: key.token.clone(), slot: key.slot, public: key.public.clone() };
        let name = held.token.name();
        let (requests, received) = mpsc::channel();
        let (opened, opening) = mpsc::channel();
        let with_pin = attempt.is_some();
        let (ending, ended) = mpsc::channel();
        thread::spawn(move || {
            hold(&held, attempt, &opened, &received);
            drop(ending);
        });
        // Where it is not opened it is dropped, and its end waited for, like one that was.
        let session = Self { requests: Some(requests), ended, with_pin };
        let mut during = During::Opening;
        loop {
            match opening.recv_timeout(ANSWER) {
                Ok(Opening::PinSent) => during = During::PinCheck,
                Ok(Opening::Opened) => return Ok(session),
                Ok(Opening::Pin(error)) => return Err(error.into()),
                Ok(Opening::Failed(error)) => {
                    return Err(TokenError::new(name, during, error).into());
                }
                Err(RecvTimeoutError::Timeout) => {
                    let silent = CardError::Silent(ANSWER.as_secs());
                    return Err(TokenError::new(name, during, silent).into());
                }
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(TokenError::new(name, during, CardError::Removed).into());
                }
            }
        }
    }

    fn sign(
        &self,
        algorithm: u8,
        input: Vec<u8>,
        pin: Option<Padded>,
    ) -> Result<Receiver<Result<SignAnswer, CardError>>, CardError> {
        let (answer, receiver) = mpsc::channel();
        let request = SignRequest { algorithm, input, pin, answer };
        let requests = self.requests.as_ref().ok_or(CardError::Removed)?;
        requests.send(request).map_err(|_| CardError::Removed)?;
        Ok(receiver)
    }
}

/// An attempt at the PIN.
struct Attempt {
    pin: Padded,
    /// How many attempts the person was told of.
    shown: Option<u8>,
}

/// How far the opening of a session has come.
enum Opening {
    PinSent,
    Opened,
    Pin(PinError),
    Failed(CardError),
}

/// The key that a session signs with.
struct Held {
    token: Token,
    slot: SlotId,
    public: PublicKey,
}

fn hold(
    key: &Held,
    attempt: Option<Attempt>,
    opened: &Sender<Opening>,
    requests: &Receiver<SignRequest>,
) {
    // If nobody listens, there is nothing to report.
    let tell = |how| drop(opened.send(how));
    let connection = match Connection::open(&key.token.reader) {
        Ok(connection) => connection,
        Err(error) => return tell(Opening::Failed(error)),
    };
    let held = connection.transaction_then_reset(|card| {
        match begin(card, key, attempt, &tell) {
            Ok(applet) => {
                tell(Opening::Opened);
                serve(applet, key.slot, requests);
            }
            Err(Begin::Pin(error)) => tell(Opening::Pin(error)),
            Err(Begin::Card(error)) => tell(Opening::Failed(error)),
        }
        Ok::<_, CardError>(())
    });
    if let Err(error) = held {
        tell(Opening::Failed(error));
    }
}

/// Signs what is asked for, until nobody asks or the card is gone.
fn serve(applet: Applet<'_>, slot: SlotId, requests: &Receiver<SignRequest>) {
    while let Ok(request) = requests.recv() {
        let made = sign(applet, slot, &request);
        let gone = made.as_ref().is_err_and(|error| !error.is_answer());
        let unheard = request.answer.send(made).is_err();
        if gone || unheard {
            return;
        }
    }
}

enum Begin {
    Pin(PinError),
    Card(CardError),
}

impl From<CardError> for Begin {
    fn from(error: CardError) -> Self {
        Self::Card(error)
    }
}

impl From<PinError> for Begin {
    fn from(error: PinError) -> Self {
        Self::Pin(error)
    }
}

fn begin<'c>(
    card: &'c dyn Transmit,
    key: &Held,
    attempt: Option<Attempt>,
    tell: &dyn Fn(Opening),
) -> Result<Applet<'c>, Begin> {
    let token = &key.token;
    let applet = applet_of(card, token)?;
    if token.serial().is_none() {
        // It may have nothing else that distinguishes it from a card that came in its place.
        check_key(applet, token, key.slot, Some(&key.public))?;
    }
    let Some(Attempt { pin, shown }) = attempt else { return Ok(applet) };
    let (applet, state) = unverified(card, token)?;
    match state {
        PinState::Blocked => return Err(token.pin_blocked().into()),
        PinState::Left(1) if shown != Some(1) => return Err(PinError::FewerTries("PIN").into()),
        PinState::Left(_) | PinState::Verified | PinState::Unknown => {}
    }
    tell(Opening::PinSent);
    match applet.verify(&pin)? {
        PinAnswer::Right => Ok(applet),
        PinAnswer::Wrong(left) => Err(PinError::wrong("PIN", left).into()),
        PinAnswer::Blocked => Err(token.pin_blocked().into()),
    }
}

fn sign(applet: Applet<'_>, slot: SlotId, request: &SignRequest) -> Result<SignAnswer, CardError> {
    if let Some(pin) = &request.pin {
        match applet.verify(pin)? {
            PinAnswer::Right => {}
            // It was right a moment ago: someone has changed it meanwhile, and it is not tried again.
            PinAnswer::Wrong(left) => return Ok(SignAnswer::WrongPin(left)),
            PinAnswer::Blocked => return Ok(SignAnswer::Blocked),
        }
    }
    Ok(match applet.sign(request.algorithm, slot, &request.input)? {
        Ok(signature) => SignAnswer::Signature(signature),
        Err(status) => SignAnswer::Refused(status),
    })
}
