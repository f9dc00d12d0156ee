//! An act as it is shown. Every view is computed from the state of the act; nothing is read back
//! from one.

use countersign_admissibility::foresight::Foresight;
use countersign_admissibility::policy::Assurance;
use countersign_envelope::signature::{Algorithm, Role, SignerType};
use countersign_envelope::vocabulary;
use countersign_index::queue::Dot;
use countersign_problem::visible::visible;
use countersign_problem::{Explain as _, Problem, Said, Words, words};
use countersign_signers::Waiting;
use countersign_views::{AttestationView, NamesView, TimesView};
use serde::{Deserialize, Serialize};

use super::reading::{ArtifactView, TermsView};
use crate::ceremony::Ceremony;
use crate::key_on_offer::Asks;
use crate::key_ref::KeyRef;
use crate::offers::Offer;
use crate::to_sign::ToSign;

/// Longest effect in words, in characters: it may quote a file.
const EFFECT: usize = 200;

vocabulary! {
    /// The stage of an act.
    ActStage {
        /// The files are read.
        Gathering = "gathering",
        /// The person reads.
        Reading = "reading",
        /// The person chooses.
        Choosing = "choosing",
        /// The key asks for its secret.
        SecretNeeded = "secret_needed",
        /// One envelope after another is signed.
        Signing = "signing",
        /// All are signed that could be, or it was stopped.
        Ended = "ended",
    }
}

vocabulary! {
    /// The result for one envelope.
    ActOutcome {
        /// It is to be signed.
        Ready = "ready",
        /// It is left out.
        LeftOut = "left_out",
        /// It is signed, and the signatures are written.
        Written = "written",
        /// It was tried and is not signed.
        Failed = "failed",
        /// It is not signed, since the act was stopped before.
        NotReached = "not_reached",
    }
}

/// An act of signing over one or several envelopes, as it is shown.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct ActView {
    /// Tells one act from the next.
    pub id: u32,
    /// The stage.
    pub stage: ActStage,
    /// Whether the person refuses to sign.
    pub refusing: bool,
    /// How many envelopes were selected.
    pub total: u32,
    /// How many envelopes there are of each outcome.
    pub counts: ActCounts,
    /// The terms of the envelopes that can be signed, the most frequent first.
    pub terms: Vec<ActTerms>,
    /// The person's choice, once made.
    pub choice: Option<ActChoice>,
    /// The keys to choose from; they come and go with what is plugged in.
    pub keys: Vec<KeyOption>,
    /// The keys that can make companions of the signatures.
    pub companions: Vec<KeyOption>,
    /// Events that the person did not cause, and remarks about what was written.
    pub notices: Vec<Said>,
    /// How far this turn has come.
    pub turn: ActTurn,
    /// The envelope at hand; in an act over one, always that one.
    pub at: Option<ActRow>,
    /// What of it is signed.
    pub artifacts: Vec<ArtifactView>,
    /// What the person's signature changes, by their choice so far; once it is written, what it has
    /// changed. Null before a choice.
    pub effect: Option<ActEffect>,
    /// What happens with it.
    pub now: Option<ActProgress>,
    /// Why the rest was not reached, unless the person stopped.
    pub stopped: Option<Problem>,
}

/// How many envelopes there are of each outcome.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, specta::Type)]
pub struct ActCounts {
    /// To be signed.
    pub ready: u32,
    /// Left out.
    pub left_out: u32,
    /// Signed and written.
    pub written: u32,
    /// Not signed, though it was tried.
    pub failed: u32,
    /// Not signed, since it was stopped before.
    pub not_reached: u32,
}

impl ActCounts {
    /// Counts outcomes.
    pub fn of(outcomes: impl IntoIterator<Item = ActOutcome>) -> Self {
        let mut counts = Self::default();
        for outcome in outcomes {
            *match outcome {
                ActOutcome::Ready => &mut counts.ready,
                ActOutcome::LeftOut => &mut counts.left_out,
                ActOutcome::Written => &mut counts.written,
                ActOutcome::Failed => &mut counts.failed,
                ActOutcome::NotReached => &mut counts.not_reached,
            } += 1;
        }
        counts
    }
}

/// What signatures change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct ActEffect {
    /// Whether each of them brings something nearer.
    pub changes: bool,
    /// In words: "L5 → L6", "changes nothing: an operator is missing".
    pub words: Said,
}

/// The same before it is shown.
#[derive(Debug, Clone)]
pub(super) struct Effect {
    pub changes: bool,
    pub words: Words,
}

impl Effect {
    pub fn shown(&self) -> ActEffect {
        ActEffect { changes: self.changes, words: Said::short(&self.words, EFFECT) }
    }

    /// What one signature changes.
    pub fn of(foresight: &Foresight) -> Self {
        Self { changes: foresight.changes, words: foresight.words() }
    }

    /// What signatures on several envelopes change; `None` if there are none.
    pub fn of_several(all: &[Foresight]) -> Option<Self> {
        let nothing = all.iter().filter(|one| !one.changes).count();
        let rise = all.iter().filter(|one| one.after > one.before).count();
        let of = all.len();
        let words = match (nothing, rise) {
            (0, 0) => words!("foresight-no-level"),
            (0, rise) if rise == of => words!("foresight-each-rises"),
            (0, rise) => words!("foresight-some-rise", rise, of),
            (nothing, _) if nothing == of => words!("foresight-nothing-in-any"),
            (nothing, _) => words!("foresight-nothing-in-some", nothing, of),
        };
        (of > 0).then_some(Self { changes: nothing == 0, words })
    }
}

/// How far a turn has come: reading the files, or signing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, specta::Type)]
pub struct ActTurn {
    /// How many envelopes are finished, whatever the result.
    pub done: u32,
    /// How many in total.
    pub of: u32,
}

/// What some of the envelopes ask for.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct ActTerms {
    /// What that is.
    pub terms: TermsView,
    /// Whether they are signed already.
    pub signed: bool,
    /// How many envelopes ask for it.
    pub envelopes: u32,
}

/// One envelope, as it is listed.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct ActRow {
    /// Its place in the list, from 0.
    pub at: u32,
    /// Its id in the queue.
    pub envelope: u32,
    /// The name of its run's file.
    pub file: String,
    /// The id of the decision; empty if it cannot be read.
    pub decision_id: String,
    /// Its title; empty if it cannot be read.
    pub title: String,
    /// SHA-256 of the canonical bytes of the run, 64 hex digits; null if it must not be signed.
    pub digest: Option<String>,
    /// Its level in the list.
    pub level_before: Option<u8>,
    /// Its level now.
    pub level: Option<u8>,
    /// How well it is known that hardware or an external signer signed.
    pub assurance: Option<Assurance>,
    /// What the next level needs.
    pub missing: Option<Said>,
    /// Its signatures.
    pub signatures: Vec<Dot>,
    /// How many it asks for.
    pub threshold: u32,
    /// How many things should be known before it is signed.
    pub warnings: u32,
    /// The result.
    pub outcome: ActOutcome,
    /// Why it is not signed.
    pub why: Option<Problem>,
    /// The names of the files written.
    pub written: Vec<String>,
    /// When it was signed in this act, and whose word that is; null if it was not.
    pub times: Option<TimesView>,
}

/// A person's choice.
#[derive(Debug, Clone, Serialize, Deserialize, specta::Type)]
pub struct ActChoice {
    /// The key.
    pub key: KeyRef,
    /// Who signs.
    pub signer_id: String,
    /// In which role.
    pub role: Role,
    /// Why, if the person refuses; null if they sign.
    pub reason: Option<String>,
    /// What the person asks for, if this signature sets terms; null for what policy asks for.
    pub terms: Option<ChosenTerms>,
    /// The key that makes companions of the signatures; null for none.
    pub companion: Option<KeyRef>,
    /// Whether the person has confirmed a signature that changes nothing.
    pub though_nothing_changes: bool,
}

/// The terms that a person asks for.
#[derive(Debug, Clone, Serialize, Deserialize, specta::Type)]
pub struct ChosenTerms {
    /// How many signatures.
    pub threshold: u32,
    /// By whom at least.
    pub required_roles: Vec<Role>,
}

/// A key to choose.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct KeyOption {
    /// Which key.
    pub key: KeyRef,
    /// What holds it.
    pub kind: SignerType,
    /// A description.
    pub about: Said,
    /// Its id.
    pub key_id: String,
    /// Its owner; empty if that is not known.
    pub signer_id: String,
    /// The roles that it may sign in.
    pub roles: Vec<Role>,
    /// Whether the keyring knows it.
    pub known: bool,
    /// How it signs.
    pub algorithm: Algorithm,
    /// What it asks for.
    pub asks: Asks,
    /// The token and slot that hold it: `YubiKey 12345678 · slot 9c`.
    pub device: Option<Said>,
    /// Whether the token is software that plays one.
    pub virtual_card: bool,
    /// How many attempts its PIN has left.
    pub tries_left: Option<u8>,
    /// What should be known of it.
    pub warnings: Vec<Said>,
    /// What its attestation proves; null if it has none.
    pub attestation: Option<AttestationView>,
    /// The names that the certificate beside it states, and whether a root proves them; null if it has
    /// none.
    pub names: Option<NamesView>,
    /// Why it cannot sign this.
    pub problem: Option<Problem>,
}

impl KeyOption {
    /// A key on offer. `signed` is why it has nothing to sign here.
    pub fn of(offer: &Offer, signed: Option<Problem>) -> Self {
        let (key, known) = (&offer.key, offer.known.as_ref());
        let key_ref = key.key_ref();
        let on_device = key_ref.is_plugged_in();
        Self {
            kind: key.kind(known),
            about: key.about().into(),
            key_id: visible(&offer.key_id()),
            signer_id: offer.owner().unwrap_or_default().to_owned(),
            roles: offer.roles(),
            known: known.is_some(),
            // A key file does not show which kind of key it has.
            algorithm: match offer.is_of_companions {
                true => Algorithm::MlDsa65,
                false => key.algorithm(),
            },
            asks: key.asks(),
            device: on_device.then(|| key.label().into()),
            virtual_card: key.is_virtual(),
            tries_left: key.attempts_left(),
            warnings: key.warnings(known).iter().map(Said::from).collect(),
            attestation: offer.attestation.as_deref().map(AttestationView::of),
            names: offer.names.as_deref().cloned(),
            problem: offer.problem.clone().or(signed),
            key: key_ref,
        }
    }
}

/// What happens with the envelope at hand, with everything a person needs to know of it.
#[derive(Debug, Clone, Serialize, specta::Type)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ActProgress {
    /// The key asks for its secret.
    SecretNeeded {
        /// What it asks for.
        secret: String,
        /// The key, as a person calls it.
        of: Said,
        /// How many attempts are left, if they are counted.
        tries_left: Option<u8>,
        /// The form of the secret, if that is known before it is tried.
        rule: Option<Said>,
        /// Whether no attempt is left.
        blocked: bool,
        /// Why the last one was not taken.
        problem: Option<Said>,
    },
    /// The key waits to be touched.
    TouchNeeded {
        /// Within how many seconds.
        seconds: u32,
        /// Which touch it is, from 1.
        touch: u32,
        /// How many at most.
        of: u32,
    },
    /// The key was not touched in time; the person may try again.
    TouchMissed {
        /// What happened.
        problem: Said,
    },
    /// The key signs.
    Signing {
        /// The key, as a person calls it.
        about: Said,
        /// What it may ask of the person during this, in words.
        asks: Option<Said>,
        /// After how many seconds it is ended.
        seconds: Option<u32>,
    },
    /// The signatures are verified.
    Verifying,
    /// The signatures are written.
    Writing,
}

impl ActProgress {
    /// What a ceremony waits for from the person, once a key is chosen.
    pub fn waiting<R: ToSign>(ceremony: &Ceremony<R>) -> Option<Self> {
        if let Some(problem) = ceremony.missed_touch() {
            let problem = Words::from(problem.problem()).into();
            return Some(Self::TouchMissed { problem });
        }
        let (key, problem) = ceremony.locked_key()?;
        Some(Self::SecretNeeded {
            secret: key.secret().as_str().to_owned(),
            of: key.name().into(),
            tries_left: key.tries_left(),
            rule: key.rule().map(Said::from),
            blocked: key.tries_left() == Some(0),
            problem: problem.map(|problem| Words::from(problem.problem()).into()),
        })
    }

    /// What a key waits for while it signs. Which touch it is, is for the act to count.
    pub fn signing(what: Waiting, about: Said, touch: impl FnOnce() -> (u32, u32)) -> Self {
        let (asks, seconds) = match what {
            Waiting::Touch { seconds } => {
                let (touch, of) = touch();
                return Self::TouchNeeded { seconds, touch, of };
            }
            Waiting::Nothing => (None, None),
            Waiting::OwnPad { seconds } => (Some(words!("key-waits-own-pad")), Some(seconds)),
            Waiting::Token { seconds, blinks: true } => {
                (Some(words!("key-waits-blinks")), Some(seconds))
            }
            Waiting::Agent { seconds } => (Some(words!("key-waits-agent")), Some(seconds)),
            Waiting::Token { seconds, .. } | Waiting::Command { seconds } => (None, Some(seconds)),
        };
        Self::Signing { about, asks: asks.map(Said::from), seconds }
    }
}
