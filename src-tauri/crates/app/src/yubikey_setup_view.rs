//! The set-up of a YubiKey, as a person sees it: planned, in progress, done.

use countersign_admissibility::attestation::AttestationRoots;
use countersign_envelope::instant::Instant;
use countersign_envelope::signature::SignerType;
use countersign_envelope::vocabulary;
use countersign_problem::visible::visible;
use countersign_problem::{Explain as _, Problem, Said};
use countersign_signers::piv::setup::{SecretState, Step};
use countersign_signers::piv::token::slot_name;
use countersign_views::AttestationView;
use serde::Serialize;
use specta::Type;

use crate::yubikey_setup::{Plan, SetUp, SetupChange};

vocabulary! {
    /// A secret that is counted.
    CountedSecret {
        /// The PIN.
        Pin = "PIN",
        /// The PUK.
        Puk = "PUK",
    }
}

impl CountedSecret {
    fn of(what: &str) -> Self {
        if what == "PUK" { Self::Puk } else { Self::Pin }
    }
}

/// What will be done to a YubiKey.
#[derive(Debug, Clone, Serialize, Type)]
pub struct SetupPlanView {
    /// Its serial, if it tells it.
    pub serial: Option<u32>,
    /// Its name among those that are plugged in.
    pub called: Said,
    /// Its firmware.
    pub firmware: String,
    /// The slot of the key.
    pub slot: String,
    /// The key that it will have.
    pub key: PlannedKey,
    /// The certificate that the key will sign for itself; null if the one in the slot stays.
    pub certificate: Option<PlannedCertificate>,
    /// What is in the slot; null if nothing is seen in it.
    pub in_slot: Option<Said>,
    /// Whether the key in the slot was generated there, and can be kept and finished.
    pub unfinished: bool,
    /// What will be changed, in order.
    pub changes: Vec<PlannedChange>,
    /// What stays as it is.
    pub keeps: Vec<Said>,
    /// What should be known before it is done.
    pub warnings: Vec<Said>,
    /// Of which secrets the person must say whether they are the factory's.
    pub must_state: Vec<CountedSecret>,
    /// Which secrets must be given.
    pub asks: SetupAsks,
    /// Which secret has one attempt left.
    pub last_attempt: Option<CountedSecret>,
    /// How many attempts are left.
    pub attempts: Attempts,
    /// Why it is not done as it is wanted; null if nothing stands in its way.
    pub problem: Option<Problem>,
}

/// The key that a YubiKey will have.
#[derive(Debug, Clone, Serialize, Type)]
pub struct PlannedKey {
    /// Which kind.
    pub kind: Said,
    /// When it asks for the PIN.
    pub pin_policy: Said,
    /// When it asks for a touch.
    pub touch_policy: Said,
    /// What holds it, on the person's word; null if on what the YubiKey attests.
    pub stated: Option<SignerType>,
    /// From when its signatures count; null if from any time.
    pub counts_from: Option<String>,
    /// Until when; null if without end.
    pub counts_until: Option<String>,
}

/// The certificate that a key will sign for itself.
#[derive(Debug, Clone, Serialize, Type)]
pub struct PlannedCertificate {
    /// Its subject (RFC 4514), which is its issuer too.
    pub subject: String,
    /// From when it is valid.
    pub valid_from: String,
    /// Until when; null if it does not expire.
    pub valid_until: Option<String>,
}

/// A planned change.
#[derive(Debug, Clone, Serialize, Type)]
pub struct PlannedChange {
    /// Which.
    pub change: SetupChange,
    /// In words, as a clause.
    pub words: Said,
}

/// Which secrets must be given.
#[derive(Debug, Clone, Copy, Serialize, Type)]
pub struct SetupAsks {
    /// Whether the PIN is a new one, in place of the factory's; else it is the present one.
    pub new_pin: bool,
    /// Whether a new PUK is needed.
    pub new_puk: bool,
    /// Whether the management key is.
    pub management_key: bool,
}

/// How many attempts are left, if known.
#[derive(Debug, Clone, Copy, Serialize, Type)]
pub struct Attempts {
    /// Of the PIN.
    pub pin: Option<u8>,
    /// Of the PUK.
    pub puk: Option<u8>,
}

impl Attempts {
    fn of(pin: SecretState, puk: SecretState) -> Self {
        Self { pin: pin.left, puk: puk.left }
    }
}

impl SetupPlanView {
    /// Describes a plan.
    pub fn of(plan: &Plan) -> Self {
        let token = plan.token();
        let asks = plan.asks();
        let change = |(step, words): (Step, _)| PlannedChange {
            change: step.into(),
            words: Said::from(&words),
        };
        let (before, key, holder) = (plan.before(), plan.key(), plan.holder());
        let text = |at: Option<Instant>| at.map(|at| at.to_string());
        let certificate = plan.certificate().map(|subject| PlannedCertificate {
            subject: visible(&subject.name()),
            valid_from: subject.from.to_string(),
            valid_until: text(subject.until),
        });
        Self {
            serial: token.serial(),
            called: token.name().into(),
            firmware: token.yubikey().map(|it| it.version.to_string()).unwrap_or_default(),
            slot: slot_name(key.slot),
            key: PlannedKey {
                kind: key.kind.words().into(),
                pin_policy: key.pin_policy.words().into(),
                touch_policy: key.touch_policy.words().into(),
                stated: plan.stated(),
                counts_from: text(holder.valid_from),
                counts_until: text(holder.valid_until),
            },
            certificate,
            in_slot: plan.in_slot().map(Said::from),
            unfinished: plan.is_unfinished(),
            changes: plan.changes().into_iter().map(change).collect(),
            keeps: plan.keeps().iter().map(Said::from).collect(),
            warnings: plan.warnings().iter().map(Said::from).collect(),
            must_state: plan.must_state().into_iter().map(CountedSecret::of).collect(),
            asks: SetupAsks {
                new_pin: asks.new_pin,
                new_puk: asks.new_puk,
                management_key: asks.management_key,
            },
            last_attempt: plan.last_attempt().map(CountedSecret::of),
            attempts: Attempts::of(before.pin, before.puk),
            problem: plan.check().err().map(|error| error.problem()),
        }
    }
}

/// What was done to a YubiKey.
#[derive(Debug, Clone, Serialize, Type)]
pub struct SetUpView {
    /// Its serial, if it tells it.
    pub serial: Option<u32>,
    /// The slot of the key.
    pub slot: String,
    /// What was changed, in order.
    pub changed: Vec<SetupChange>,
    /// The key in the keyring; null if it ended before that.
    pub key: Option<SetUpKeyView>,
    /// How many attempts were left before.
    pub attempts: Attempts,
    /// How many are left afterwards, if the card is still there.
    pub attempts_after: Option<Attempts>,
    /// Why it ended before its end.
    pub problem: Option<Problem>,
}

/// The key that a YubiKey was set up with.
#[derive(Debug, Clone, Serialize, Type)]
pub struct SetUpKeyView {
    /// Its id.
    pub key_id: String,
    /// Its owner.
    pub owner: String,
    /// What holds it, as the keyring has it.
    pub kind: SignerType,
    /// Its public half, as the keyring has it.
    pub public_key: String,
    /// SHA-256 of it, 64 hex digits.
    pub fingerprint: String,
    /// What its attestation proves.
    pub attestation: Option<AttestationView>,
    /// Other owners whose names look the same.
    pub look_alikes: Vec<String>,
}

impl SetUpView {
    /// Describes an act that came to its end.
    pub fn done(plan: &Plan, set_up: &SetUp, roots: &AttestationRoots, now: Instant) -> Self {
        let key = &set_up.enrolled.key;
        let key = SetUpKeyView {
            key_id: visible(&key.key_id),
            owner: visible(&key.owner),
            kind: key.kind,
            public_key: key.public_key.clone().unwrap_or_default(),
            fingerprint: key.fingerprint().map(|digest| digest.hex()).unwrap_or_default(),
            attestation: AttestationView::of_key(key, roots, now),
            look_alikes: set_up.enrolled.look_alikes.iter().map(|name| visible(name)).collect(),
        };
        let attempts_after = set_up.after.map(|(pin, puk)| Attempts::of(pin, puk));
        Self { key: Some(key), attempts_after, ..Self::begun(plan, &set_up.done) }
    }

    /// Describes an act that ended before its end.
    pub fn stopped(plan: &Plan, done: &[Step], problem: Problem) -> Self {
        Self { problem: Some(problem), ..Self::begun(plan, done) }
    }

    fn begun(plan: &Plan, done: &[Step]) -> Self {
        let before = plan.before();
        Self {
            serial: plan.token().serial(),
            slot: slot_name(plan.key().slot),
            changed: done.iter().copied().map(SetupChange::from).collect(),
            key: None,
            attempts: Attempts::of(before.pin, before.puk),
            attempts_after: None,
            problem: None,
        }
    }
}
