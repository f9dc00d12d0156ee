//! Setting up a YubiKey as one act: planned and shown, confirmed where something would be lost, then
//! done on the card, journalled before each change, and the key enrolled.

use std::sync::Arc;

use countersign_admissibility::attestation::{AttestationRoots, Facts, Firmware, KeyType, Model};
use countersign_admissibility::attested::Advisory;
use countersign_admissibility::keyring::Key;
use countersign_ceremony::ceremony::LastTry;
use countersign_ceremony::devices::{self, DeviceKey};
use countersign_envelope::digest::Digest;
use countersign_envelope::public_key::PublicKey;
use countersign_envelope::signature::SignerType;
use countersign_envelope::vocabulary;
use countersign_envelope::yubikey_policy::{PinPolicy, TouchPolicy};
use countersign_journal::{Event, Recorder};
use countersign_problem::{Explain as _, Problem, Words, words};
use countersign_signers::SignerError;
use countersign_signers::error::piv::{CardError, PinError};
use countersign_signers::error::setup::{KeyRefusal, SetupFault, SetupStopped};
use countersign_signers::piv::applet::KeyKind;
use countersign_signers::piv::self_signed::Subject;
use countersign_signers::piv::setup::{
    self, Before, Follow, Made, SecretState, Secrets, Step, Task,
};
use countersign_signers::piv::strength::NewKey;
use countersign_signers::piv::token::{SlotKey, Token, slot_name};
use countersign_signers::piv::yubico::Origin;
use countersign_signers::piv::yubikey::{Version, YubiKey};
use countersign_signers::{Attend, Waiting};
use countersign_trust::enrolment::{EnrolmentError, Holder};

use crate::enrol::{self, EnrolError, Enrolled};
use crate::workspace::{Workspace, WorkspaceError};

/// Why a YubiKey is not set up, or not to the end.
#[derive(Debug, Problem)]
pub enum YubikeySetupError {
    /// The workspace does not allow it.
    #[problem(transparent)]
    Workspace(#[from] WorkspaceError),
    /// The keyring would not take the key.
    #[problem(transparent)]
    Enrol(#[from] EnrolError),
    /// What was said of the key's owner is not complete.
    #[problem(transparent)]
    Enrolment(#[from] EnrolmentError),
    /// Such a key is not made.
    #[problem(transparent)]
    Key(#[from] KeyRefusal),
    /// The token cannot be read, or its PIN is blocked.
    #[problem(transparent)]
    Signer(#[from] SignerError),
    /// It ended before its end.
    #[problem(transparent)]
    Stopped(Box<SetupStopped>),
    /// The firmware does not say whether a secret is the factory's.
    NotStated {
        /// PIN or PUK.
        what: &'static str,
        /// The firmware.
        firmware: String,
    },
    /// The slot has a key or a certificate that would be lost.
    Occupied {
        /// Which slot.
        slot: String,
        /// What would be lost.
        loses: Words,
    },
    /// The slot has a key that was generated there and is not set up to the end.
    Unfinished {
        /// Which slot.
        slot: String,
        /// Which key.
        loses: Words,
    },
    /// The slot has no key that can be finished.
    NothingToFinish {
        /// Which slot.
        slot: String,
    },
    /// A key that signs without a touch must be confirmed.
    NoTouch,
    /// One attempt is left, and the person has not confirmed using it.
    #[problem(code = "last_try")]
    LastAttempt {
        /// PIN or PUK.
        what: &'static str,
    },
    /// The YubiKey is set up, and the keyring did not take its key.
    NotEnrolled {
        /// The slot.
        slot: String,
        /// Why.
        cause: Problem,
    },
}

impl From<SetupStopped> for YubikeySetupError {
    fn from(stopped: SetupStopped) -> Self {
        Self::Stopped(Box::new(stopped))
    }
}

/// How a person wants a YubiKey to be.
#[derive(Debug, Clone)]
pub struct Wish {
    /// Which.
    pub token: Arc<Token>,
    /// The key that it is to sign with.
    pub key: NewKey,
    /// Whose key it is to be.
    pub holder: Holder,
    /// What holds it, on the person's own word.
    pub stated: Option<SignerType>,
    /// Whether the PIN is the factory's, on the person's word: older firmware does not say.
    pub factory_pin: Option<bool>,
    /// The same of the PUK.
    pub factory_puk: Option<bool>,
    /// What happens to what is in the slot.
    pub slot: SlotUse,
}

vocabulary! {
    /// What happens to what is in a slot.
    SlotUse {
        /// There must be nothing.
        Empty = "empty",
        /// It is lost.
        Replace = "replace",
        /// The key is kept and finished: one that was generated there, with no certificate or its own.
        Finish = "finish",
    }
}

vocabulary! {
    /// A kind of key to generate.
    NewKeyKind {
        /// ECDSA on P-256.
        P256 = "ecdsa-p256",
        /// ECDSA on P-384.
        P384 = "ecdsa-p384",
        /// Ed25519.
        Ed25519 = "ed25519",
        /// RSA of 2048 bits.
        Rsa2048 = "rsa-2048",
        /// RSA of 3072 bits.
        Rsa3072 = "rsa-3072",
        /// RSA of 4096 bits.
        Rsa4096 = "rsa-4096",
    }
}

impl From<NewKeyKind> for KeyKind {
    fn from(kind: NewKeyKind) -> Self {
        match kind {
            NewKeyKind::P256 => Self::P256,
            NewKeyKind::P384 => Self::P384,
            NewKeyKind::Ed25519 => Self::Ed25519,
            NewKeyKind::Rsa2048 => Self::Rsa(2048),
            NewKeyKind::Rsa3072 => Self::Rsa(3072),
            NewKeyKind::Rsa4096 => Self::Rsa(4096),
        }
    }
}

vocabulary! {
    /// When a new key asks for the PIN.
    NewPinPolicy {
        /// Once a session.
        Once = "once",
        /// For every signature.
        Always = "always",
        /// Never, which is refused.
        Never = "never",
    }
}

impl From<NewPinPolicy> for PinPolicy {
    fn from(policy: NewPinPolicy) -> Self {
        match policy {
            NewPinPolicy::Once => Self::Once,
            NewPinPolicy::Always => Self::Always,
            NewPinPolicy::Never => Self::Never,
        }
    }
}

vocabulary! {
    /// When a new key asks for a touch.
    NewTouchPolicy {
        /// For every signature.
        Always = "always",
        /// Unless it was touched in the last 15 seconds.
        Cached = "cached",
        /// Never, which must be confirmed.
        Never = "never",
    }
}

impl From<NewTouchPolicy> for TouchPolicy {
    fn from(policy: NewTouchPolicy) -> Self {
        match policy {
            NewTouchPolicy::Always => Self::Always,
            NewTouchPolicy::Cached => Self::Cached,
            NewTouchPolicy::Never => Self::Never,
        }
    }
}

vocabulary! {
    /// A change of a YubiKey, as the journal and JSON have it.
    SetupChange {
        /// The factory's PIN is replaced.
        Pin = "pin",
        /// The factory's PUK is replaced.
        Puk = "puk",
        /// The management key is replaced by a random one that the card keeps.
        ManagementKey = "management_key",
        /// A key is generated.
        Key = "key",
        /// Its certificate is stored.
        Certificate = "certificate",
    }
}

impl From<Step> for SetupChange {
    fn from(step: Step) -> Self {
        match step {
            Step::Pin => Self::Pin,
            Step::Puk => Self::Puk,
            Step::ManagementKey => Self::ManagementKey,
            Step::Key => Self::Key,
            Step::Certificate => Self::Certificate,
        }
    }
}

/// What a person has confirmed.
#[derive(Debug, Clone, Copy)]
pub struct Confirmed {
    /// That the key signs without a touch.
    pub no_touch: bool,
    /// That the last attempt of PIN or PUK is used.
    pub last: LastTry,
}

/// Nothing.
impl Default for Confirmed {
    fn default() -> Self {
        Self { no_touch: false, last: LastTry::NotConfirmed }
    }
}

/// What will be done to a YubiKey.
#[derive(Debug, Clone)]
pub struct Plan {
    wish: Wish,
    task: Task,
    confirmed: Confirmed,
    /// The key in the slot, as a person recognises it.
    in_slot: Option<Words>,
    /// Whether that can be finished.
    unfinished: bool,
    warnings: Vec<Words>,
}

/// Which secrets must be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asks {
    /// Whether the PIN is a new one, in place of the factory's; else it is the present one.
    pub new_pin: bool,
    /// Whether a new PUK is needed.
    pub new_puk: bool,
    /// Whether the management key is, unless it turns out to be the factory's or kept on the card.
    pub management_key: bool,
}

/// Reads what is on a YubiKey, and plans what will be done. Nothing is changed, and no attempt is lost.
///
/// # Errors
/// If such a key is not made, the keyring would not take it, or the token cannot be read.
pub fn plan(
    workspace: &Workspace,
    wish: Wish,
    roots: &AttestationRoots,
) -> Result<Plan, YubikeySetupError> {
    let version = version(&wish)?;
    let mut key = wish.key;
    let before = setup::look(&wish.token, key.slot)?;
    let now = (workspace.now)();
    let in_slot = match before.slot.is_empty() {
        true => None,
        false => Some(describe(workspace, &before)?),
    };
    let in_slot_key = before.slot.key.as_ref();
    let unfinished = in_slot_key.is_some_and(|found| can_finish(&before, found));
    let finish = wish.slot == SlotUse::Finish;
    if let Some(found) = in_slot_key.filter(|_| finish && unfinished) {
        // The key that is there, as it is.
        key.kind = found.kind;
        key.pin_policy = found.pin_policy.unwrap_or(PinPolicy::Never);
        key.touch_policy = found.touch_policy.unwrap_or(TouchPolicy::Never);
    }
    key.check(version)?;
    let public = before.slot.public_key().filter(|_| finish);
    let kind = wish.stated.unwrap_or(SignerType::Hardware);
    let entry = wish.holder.clone().entry(public, kind, now)?;
    // The certificate is valid for as long as the key counts, from now on if that has no beginning.
    let from = entry.valid_from.unwrap_or(now);
    if let Some(until) = entry.valid_until.filter(|until| until.unix() <= from.unix()) {
        return Err(EnrolmentError::NeverValid { from, until }.into());
    }
    let subject = Subject { owner: entry.owner.clone(), from, until: entry.valid_until };
    enrol::check(workspace, entry)?;
    let is_factory = |secret: SecretState, stated: Option<bool>| {
        // A blocked one is of use to nobody, and cannot be changed.
        secret.factory.or(stated) == Some(true) && secret.left != Some(0)
    };
    let task = Task {
        token: Token::clone(&wish.token),
        set_pin: is_factory(before.pin, wish.factory_pin),
        set_puk: is_factory(before.puk, wish.factory_puk),
        key,
        finish,
        subject,
        before,
    };
    let warnings = warnings(&task, version, roots);
    let confirmed = Confirmed::default();
    Ok(Plan { wish, task, confirmed, in_slot, unfinished, warnings })
}

fn version(wish: &Wish) -> Result<Version, SignerError> {
    match wish.token.yubikey() {
        Some(yubikey) => Ok(yubikey.version),
        None => Err(SignerError::Setup(Box::new(CardError::OtherCard.into()))),
    }
}

/// Whether a key was generated in its slot, and has no certificate but its own.
fn can_finish(before: &Before, key: &SlotKey) -> bool {
    key.origin == Some(Origin::Generated)
        && key.public_key.is_some()
        && (before.slot.object.is_none() || before.slot.is_certified())
}

/// What is in a slot, as a person recognises it: its kind, its fingerprint, whose it is.
fn describe(workspace: &Workspace, before: &Before) -> Result<Words, YubikeySetupError> {
    let Some(key) = &before.slot.key else {
        return Ok(match before.slot.certificate {
            Some(_) => words!("slot-holds-certificate"),
            None => words!("slot-holds-unreadable"),
        });
    };
    let kind = key.kind.words();
    let Some(public) = &key.public_key else { return Ok(words!("slot-holds-other-key", kind)) };
    let fingerprint = public.fingerprint().grouped();
    let keyring = workspace.read_keyring()?;
    Ok(match keyring.find(Some(public), "") {
        Some(Key { key_id, owner, .. }) => {
            let (key_id, owner) = (Words::text(key_id.clone()), Words::text(owner.clone()));
            words!("slot-holds-enrolled-key", kind, fingerprint, key_id, owner)
        }
        None => words!("slot-holds-key", kind, fingerprint),
    })
}

fn warnings(task: &Task, version: Version, roots: &AttestationRoots) -> Vec<Words> {
    let Version { major, minor, patch } = version;
    let key = match task.key.kind {
        KeyKind::Rsa(_) => KeyType::Rsa,
        KeyKind::P256 | KeyKind::P384 => KeyType::Ecdsa,
        _ => KeyType::Ed25519,
    };
    let facts = Facts {
        model: Model::Yubikey,
        firmware: Some(Firmware([major, minor, patch])),
        pin: None,
        touch: None,
        form: None,
        fips: None,
        generated: Some(true),
        key,
    };
    let hidden =
        task.before.slot.is_empty() && !task.token.yubikey().is_some_and(YubiKey::has_metadata);
    let others = [
        (task.before.puk.left == Some(0)).then(|| words!("setup-warns-puk-blocked")),
        hidden.then(|| words!("setup-warns-hidden-keys")),
        (task.key.touch_policy == TouchPolicy::Never).then(|| words!("setup-warns-no-touch")),
        (roots.certificates().next().is_none()).then(|| words!("setup-warns-no-root")),
    ];
    Advisory::of(&facts).map(Advisory::words).chain(others.into_iter().flatten()).collect()
}

impl Plan {
    /// The same, with what the person has confirmed.
    #[must_use]
    pub fn confirmed(self, confirmed: Confirmed) -> Self {
        Self { confirmed, ..self }
    }

    /// The YubiKey.
    pub fn token(&self) -> &Token {
        &self.task.token
    }

    /// What is known of it.
    pub const fn before(&self) -> &Before {
        &self.task.before
    }

    /// The key that it will have.
    pub const fn key(&self) -> &NewKey {
        &self.task.key
    }

    /// Whose it will be, and for what.
    pub const fn holder(&self) -> &Holder {
        &self.wish.holder
    }

    /// What holds it, on the person's word.
    pub const fn stated(&self) -> Option<SignerType> {
        self.wish.stated
    }

    /// Whose certificate it will sign for itself, and when that is valid; `None` if the one in the slot
    /// stays.
    pub fn certificate(&self) -> Option<&Subject> {
        self.task.steps().contains(&Step::Certificate).then_some(&self.task.subject)
    }

    /// What is in the slot, as a person recognises it; `None` if nothing is seen in it.
    pub const fn in_slot(&self) -> Option<&Words> {
        self.in_slot.as_ref()
    }

    /// Whether the key in the slot was generated there and can be kept and finished.
    pub const fn is_unfinished(&self) -> bool {
        self.unfinished
    }

    /// What should be known before it is done.
    pub fn warnings(&self) -> &[Words] {
        &self.warnings
    }

    /// Of which secrets the person must say whether they are the factory's: "PIN", "PUK".
    pub fn must_state(&self) -> Vec<&'static str> {
        let Before { pin, puk, .. } = self.task.before;
        let wish = &self.wish;
        [(pin, wish.factory_pin, "PIN"), (puk, wish.factory_puk, "PUK")]
            .into_iter()
            .filter(|(secret, stated, _)| secret.factory.is_none() && stated.is_none())
            .map(|(.., what)| what)
            .collect()
    }

    /// Which secrets must be given.
    pub const fn asks(&self) -> Asks {
        let Before { management_key, .. } = self.task.before;
        Asks {
            new_pin: self.task.set_pin,
            new_puk: self.task.set_puk,
            management_key: !matches!(management_key.factory, Some(true)) && !management_key.kept,
        }
    }

    /// What will be changed, in order, each as a clause.
    pub fn changes(&self) -> Vec<(Step, Words)> {
        let slot = || slot_name(self.task.key.slot);
        let words = |step| match step {
            Step::Pin => words!("setup-plans-pin"),
            Step::Puk => words!("setup-plans-puk"),
            Step::ManagementKey => {
                words!(
                    "setup-plans-management-key",
                    algorithm = self.task.before.management_key.algorithm.name()
                )
            }
            Step::Key => words!("setup-plans-key", about = self.about(), slot = slot()),
            Step::Certificate => words!(
                "setup-plans-certificate",
                owner = Words::text(self.task.subject.owner.clone()),
                slot = slot()
            ),
        };
        self.task.steps().into_iter().map(|step| (step, words(step))).collect()
    }

    /// What stays as it is, each as a clause.
    pub fn keeps(&self) -> Vec<Words> {
        let Before { pin, puk, management_key, .. } = self.task.before;
        let kept = [
            (!self.task.set_pin && pin.left != Some(0)).then(|| words!("setup-keeps-pin")),
            (!self.task.set_puk && puk.left != Some(0)).then(|| words!("setup-keeps-puk")),
            (management_key.factory == Some(false)).then(|| words!("setup-keeps-management-key")),
            self.in_slot
                .clone()
                .filter(|_| self.task.finish && self.unfinished)
                .map(|key| words!("setup-keeps-key", key)),
        ];
        kept.into_iter().flatten().collect()
    }

    /// The kind of key with its policies.
    fn about(&self) -> Words {
        let NewKey { kind, pin_policy, touch_policy, .. } = self.task.key;
        let (kind, pin, touch) = (kind.words(), pin_policy.words(), touch_policy.words());
        words!("setup-key-about", kind, pin, touch)
    }

    /// Checks, before a secret is asked for, that it may be done: nothing is lost that the person did
    /// not say may be, and no last attempt is used that they did not confirm.
    ///
    /// # Errors
    /// If not.
    pub fn check(&self) -> Result<(), YubikeySetupError> {
        let slot = || slot_name(self.task.key.slot);
        if let Some(what) = self.must_state().first() {
            let firmware = self.wish.token.yubikey().map(|it| it.version.to_string());
            let firmware = firmware.unwrap_or_default();
            return Err(YubikeySetupError::NotStated { what, firmware });
        }
        match (&self.in_slot, self.wish.slot) {
            (Some(loses), SlotUse::Empty) if self.unfinished => {
                return Err(YubikeySetupError::Unfinished { slot: slot(), loses: loses.clone() });
            }
            (Some(loses), SlotUse::Empty) => {
                return Err(YubikeySetupError::Occupied { slot: slot(), loses: loses.clone() });
            }
            (_, SlotUse::Finish) if !self.unfinished => {
                return Err(YubikeySetupError::NothingToFinish { slot: slot() });
            }
            _ => {}
        }
        if self.task.key.touch_policy == TouchPolicy::Never && !self.confirmed.no_touch {
            return Err(YubikeySetupError::NoTouch);
        }
        let Before { pin, puk, .. } = self.task.before;
        if pin.left == Some(0) {
            let blocked = PinError::blocked("PIN", pin.left, puk.left);
            return Err(SignerError::Pin(blocked).into());
        }
        match self.last_attempt() {
            Some(what) if self.confirmed.last == LastTry::NotConfirmed => {
                Err(YubikeySetupError::LastAttempt { what })
            }
            _ => Ok(()),
        }
    }

    /// Which secret has one attempt left: "PIN" or "PUK".
    pub fn last_attempt(&self) -> Option<&'static str> {
        let Before { pin, puk, .. } = self.task.before;
        match (pin.left, puk.left) {
            (Some(1), _) => Some("PIN"),
            (_, Some(1)) if self.task.set_puk => Some("PUK"),
            _ => None,
        }
    }

    /// Checks the secrets before any is sent.
    ///
    /// # Errors
    /// If one is missing, is not of the right form, or is too weak to be set.
    pub fn check_secrets(&self, secrets: &Secrets) -> Result<(), SetupFault> {
        self.task.check(secrets)
    }
}

/// A YubiKey that was set up.
#[derive(Debug)]
pub struct SetUp {
    /// The changes that were made, in order.
    pub done: Vec<Step>,
    /// The key's entry in the keyring.
    pub enrolled: Enrolled,
    /// How many attempts PIN and PUK have afterwards, if the card is still there and says so.
    pub after: Option<(SecretState, SecretState)>,
}

/// Sets up a YubiKey, and enrols its key.
///
/// # Errors
/// As [`Plan::check`], before anything is sent. If the act ends before its end, what was done until
/// then stays, and running it again continues.
pub fn run(
    workspace: &Workspace,
    plan: &Plan,
    secrets: Secrets,
    roots: &AttestationRoots,
    attend: &mut dyn SetupAttend,
) -> Result<SetUp, YubikeySetupError> {
    plan.check()?;
    workspace.check_journal()?;
    let recorder = workspace.recorder()?;
    let mut following = Following { plan, recorder, attend, doing: None, done: Vec::new() };
    let made = setup::run(&plan.task, secrets, &mut following);
    let made = made.inspect_err(|stopped| following.note_failure(stopped))?;
    let done = following.done;
    let enrolled = enrol_made(workspace, plan, &made, roots).map_err(|cause| {
        let slot = slot_name(plan.task.key.slot);
        YubikeySetupError::NotEnrolled { slot, cause: cause.problem() }
    })?;
    let after = setup::look(&plan.task.token, plan.task.key.slot).ok();
    Ok(SetUp { done, enrolled, after: after.map(|it| (it.pin, it.puk)) })
}

fn enrol_made(
    workspace: &Workspace,
    plan: &Plan,
    made: &Made,
    roots: &AttestationRoots,
) -> Result<Enrolled, YubikeySetupError> {
    let NewKey { slot, kind, pin_policy, touch_policy } = plan.task.key;
    let key = SlotKey {
        slot,
        kind,
        public_key: Some(made.public_key.clone()),
        pin_policy: Some(pin_policy),
        touch_policy: Some(touch_policy),
        origin: Some(Origin::Generated),
        certificate: None,
        attestation: Some(made.attestation.clone()),
    };
    let device = DeviceKey::of_made(&plan.wish.token, key)
        .ok_or_else(|| SignerError::NotSigning { kind: kind.words() })?;
    let (holder, now) = (plan.wish.holder.clone(), (workspace.now)());
    let entry = devices::entry(&device, holder, plan.wish.stated, roots, now)?;
    Ok(enrol::enrol(workspace, entry)?)
}

/// Who attends while a YubiKey is set up.
pub trait SetupAttend: Attend {
    /// A change is about to be made.
    fn begins(&mut self, _step: Step) {}

    /// It was made.
    fn done(&mut self, _step: Step) {}
}

/// Journals every change before it is made.
struct Following<'a> {
    plan: &'a Plan,
    recorder: Arc<dyn Recorder>,
    attend: &'a mut dyn SetupAttend,
    doing: Option<Event>,
    done: Vec<Step>,
}

impl Following<'_> {
    fn event(&self, step: Step) -> Event {
        let Task { token, before, key, finish, .. } = &self.plan.task;
        let of_key = matches!(step, Step::Key | Step::Certificate);
        let replaces = match step {
            Step::Key if !finish => before.slot.public_key().map(PublicKey::fingerprint),
            Step::Certificate => before.slot.certificate.as_deref().map(Digest::of),
            _ => None,
        };
        Event::YubikeyChanged {
            serial: token.serial(),
            reader: token.reader.clone(),
            change: SetupChange::from(step).as_str(),
            key: of_key.then(|| (slot_name(key.slot), self.plan.about().to_string())),
            replaces: replaces.map(|digest| digest.hex()),
        }
    }

    fn note_failure(&self, stopped: &SetupStopped) {
        if self.doing.is_some() {
            let words = stopped.to_string();
            let failed = Event::ChangeFailed { change: "yubikey_changed", words };
            // The person sees the first failure; another one from the journal would hide it.
            let _ = self.recorder.record(&failed);
        }
    }
}

impl Follow for Following<'_> {
    fn before(&mut self, step: Step) -> Result<(), SetupFault> {
        if self.attend.is_cancelled() {
            return Err(SetupFault::Signer(SignerError::Cancelled));
        }
        let event = self.event(step);
        self.recorder
            .record(&event)
            .map_err(|error| SetupFault::NotRecorded { cause: error.problem() })?;
        self.doing = Some(event);
        self.attend.begins(step);
        Ok(())
    }

    fn done(&mut self, step: Step) {
        self.doing = None;
        self.done.push(step);
        self.attend.done(step);
    }

    fn waiting(&mut self, what: Waiting) {
        self.attend.waiting(what);
    }
}
