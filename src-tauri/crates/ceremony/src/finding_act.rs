//! Signing a finding, as a person goes through it: the key is chosen, its secret asked for, the
//! finding signed, verified and written. What goes wrong leads back to the choice; nothing is written
//! then.
//!
//! ```text
//! choosing ⇄ secret needed → signing (touch needed ⇄ touch missed) → ended
//! ```

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use countersign_admissibility::keyring::Keyring;
use countersign_envelope::signature::Role;
use countersign_envelope::signature_file::Terms;
use countersign_index::queue::Context;
use countersign_journal::Recorder;
use countersign_problem::visible::visible;
use countersign_problem::{Explain as _, Problem, Said};
use countersign_signers::devices::Devices;
use countersign_signers::{Attend, Waiting};
use parking_lot::Mutex;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use crate::act::view::{ActProgress, ActStage, KeyOption};
use crate::act_error::ActError;
use crate::ceremony::{Attendance, Ceremony, CeremonyError, LastTry, Stage};
use crate::desk::SigningDesk;
use crate::finding::FindingToSign;
use crate::key_ref::KeyRef;
use crate::offers::{self, Offer};
use crate::signer_profile::SignerProfile;
use crate::signing::{Choice, Intent};

/// The key that signs a finding, and as whom.
#[derive(Debug, Clone, Serialize, Deserialize, specta::Type)]
pub struct FindingChoice {
    /// The key.
    pub key: KeyRef,
    /// Who reviewed.
    pub signer_id: String,
    /// In which role.
    pub role: Role,
}

/// The signing of a finding as it is shown.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct FindingActView {
    /// Tells one from the next.
    pub id: u32,
    /// The stage: choosing, secret needed, signing or ended.
    pub stage: ActStage,
    /// The keys to choose from; they come and go with what is plugged in.
    pub keys: Vec<KeyOption>,
    /// The person's choice, once made.
    pub choice: Option<FindingChoice>,
    /// What happens.
    pub now: Option<ActProgress>,
    /// Why nothing was written, if it was tried.
    pub failure: Option<Problem>,
    /// The file, once it is written.
    pub written: Option<String>,
}

type Listener = Arc<dyn Fn(&FindingActView) + Send + Sync>;

/// The signing of one finding.
pub struct FindingAct {
    id: u32,
    root: PathBuf,
    rules: Arc<Context>,
    profiles: Vec<SignerProfile>,
    recorder: Arc<dyn Recorder>,
    /// Held through the whole of a signing; nothing that must answer at once waits for it.
    ceremony: Mutex<Option<Ceremony<FindingToSign>>>,
    /// Never held while a key, a file or a listener is waited for.
    state: Mutex<State>,
    cancelled: AtomicBool,
    listener: Listener,
}

/// Everything that a view is computed from.
struct State {
    stage: ActStage,
    offers: Vec<Offer>,
    choice: Option<FindingChoice>,
    now: Option<ActProgress>,
    failure: Option<Problem>,
    written: Option<PathBuf>,
    touches: u32,
}

impl FindingAct {
    /// Begins with the choice of the key. The listener asks for nothing but to stop.
    pub fn new(
        id: u32,
        desk: SigningDesk,
        listener: impl Fn(&FindingActView) + Send + Sync + 'static,
    ) -> Self {
        let SigningDesk { root, rules, profiles, devices, recorder } = desk;
        let state = State {
            stage: ActStage::Choosing,
            offers: Offer::all(&profiles, &devices, &rules, &root),
            choice: None,
            now: None,
            failure: None,
            written: None,
            touches: 0,
        };
        Self {
            id,
            root,
            rules,
            profiles,
            recorder,
            ceremony: Mutex::default(),
            state: Mutex::new(state),
            cancelled: AtomicBool::new(false),
            listener: Arc::new(listener),
        }
    }

    /// As it is shown now.
    pub fn view(&self) -> FindingActView {
        let state = self.state.lock();
        let offers = state.offers.iter().filter(|offer| !offer.is_of_companions);
        FindingActView {
            id: self.id,
            stage: state.stage,
            keys: offers.map(|offer| KeyOption::of(offer, None)).collect(),
            choice: state.choice.clone(),
            now: state.now.clone(),
            failure: state.failure.clone(),
            written: state.written.as_ref().map(|path| visible(&path.to_string_lossy())),
        }
    }

    /// The file, once it is written.
    pub fn written(&self) -> Option<PathBuf> {
        self.state.lock().written.clone()
    }

    /// The person has concluded and chosen a key. One that asks for no secret signs at once.
    ///
    /// # Errors
    /// Fails if the choice is invalid or the key cannot be opened; the act is unchanged.
    pub fn choose(
        &self,
        finding: FindingToSign,
        choice: FindingChoice,
    ) -> Result<FindingActView, Problem> {
        let mut held = self.ceremony.lock();
        self.at(ActStage::Choosing)?;
        if choice.signer_id.trim().is_empty() {
            return Err(ActError::NoName.problem());
        }
        let offer = offers::find(&self.state.lock().offers, &choice.key)?.clone();
        let key = offer.open()?;
        let signs = Choice {
            key_id: offer.key_id(),
            signer_id: choice.signer_id.clone(),
            role: choice.role,
            signed_at: self.rules.judge().now,
            payload: None,
            terms: Terms { threshold: 0, required_roles: Vec::new() },
            evidence: Vec::new(),
            claim: false,
            intent: Intent::Sign,
        };
        self.cancelled.store(false, Ordering::Release);
        self.change(|state| {
            (state.choice, state.failure, state.touches) = (Some(choice), None, 0);
        });
        let (keyring, recorder) = (Arc::clone(&self.rules.keyring), Arc::clone(&self.recorder));
        let path = finding.reviewed.clone();
        let mut ceremony = Ceremony::over(finding, &path, keyring, recorder);
        // That it is refused is its last state.
        let _ = ceremony.choose(key, signs);
        Ok(self.proceed(&mut held, ceremony))
    }

    /// Takes the secret. The right one signs at once.
    ///
    /// # Errors
    /// Fails if this step is out of turn, or if it would use the last attempt and that is not
    /// confirmed.
    pub fn secret(&self, secret: &SecretString, last: LastTry) -> Result<FindingActView, Problem> {
        let mut held = self.ceremony.lock();
        let waits = |one: &Ceremony<FindingToSign>| one.stage() == Stage::SecretNeeded;
        let Some(mut ceremony) = held.take_if(|one| waits(one)) else {
            return Err(ActError::NoSecretAsked.problem());
        };
        let taken = ceremony.secret(secret, last);
        if let Err(error @ (CeremonyError::LastTry(_) | CeremonyError::OutOfTurn { .. })) = taken {
            *held = Some(ceremony);
            return Err(error.problem());
        }
        Ok(self.proceed(&mut held, ceremony))
    }

    /// Repeats a missed touch with the same secret.
    ///
    /// # Errors
    /// Fails if this step is out of turn.
    pub fn touch_again(&self) -> Result<FindingActView, Problem> {
        let mut held = self.ceremony.lock();
        let waits = |one: &Ceremony<FindingToSign>| one.stage() == Stage::TouchMissed;
        let Some(ceremony) = held.take_if(|one| waits(one)) else {
            return Err(ActError::NoTouchAwaited.problem());
        };
        self.change(|state| state.touches = 0);
        Ok(self.sign(&mut held, ceremony))
    }

    /// Back from the secret to the choice.
    ///
    /// # Errors
    /// Fails if this step is out of turn.
    pub fn back(&self) -> Result<FindingActView, Problem> {
        let mut held = self.ceremony.lock();
        self.at(ActStage::SecretNeeded).map_err(|_| ActError::NoWayBack.problem())?;
        if let Some(mut ceremony) = held.take() {
            ceremony.cancel();
        }
        Ok(self.step(|state| (state.stage, state.now) = (ActStage::Choosing, None)))
    }

    /// Stops. What was written stays; otherwise nothing is.
    pub fn stop(&self) {
        self.cancelled.store(true, Ordering::Release);
        // While the key signs, it is told by the flag.
        let Some(mut held) = self.ceremony.try_lock() else { return };
        if let Some(mut ceremony) = held.take() {
            ceremony.cancel();
            self.step(|state| (state.stage, state.now) = (ActStage::Choosing, None));
        }
    }

    /// Something was plugged in or pulled out: other keys can be chosen, and one that was chosen and
    /// is gone leads back to the choice.
    pub fn devices_changed(&self, devices: &Devices) {
        let offers = Offer::all(&self.profiles, devices, &self.rules, &self.root);
        self.step(|state| state.offers = offers);
        // While the key signs, it reports its own removal.
        let Some(mut held) = self.ceremony.try_lock() else { return };
        let chosen = self.state.lock().choice.as_ref().map(|choice| choice.key.clone());
        let is_gone = chosen.is_some_and(|key| offers::is_gone(&key, devices));
        let waits = |one: &Ceremony<FindingToSign>| one.stage() == Stage::SecretNeeded;
        if let Some(mut ceremony) = held.take_if(|one| is_gone && waits(one)) {
            ceremony.cancel();
            self.step(|state| {
                (state.stage, state.now) = (ActStage::Choosing, None);
                state.failure = Some(ActError::NoSuchSigner.problem());
            });
        }
    }

    /// Checks that the keyring is still the one that the act goes by.
    ///
    /// # Errors
    /// If it has changed.
    pub fn check_keyring(&self, now: &Keyring) -> Result<(), Problem> {
        match self.rules.keyring.keys() == now.keys() {
            true => Ok(()),
            false => Err(ActError::KeyringChanged.problem()),
        }
    }

    /// Goes on after the key was chosen, or its secret given.
    fn proceed(
        &self,
        held: &mut Option<Ceremony<FindingToSign>>,
        ceremony: Ceremony<FindingToSign>,
    ) -> FindingActView {
        match ceremony.stage() {
            Stage::SecretNeeded => self.wait(held, ceremony, ActStage::SecretNeeded),
            Stage::Signing => self.sign(held, ceremony),
            _ => self.settle(&ceremony),
        }
    }

    fn sign(
        &self,
        held: &mut Option<Ceremony<FindingToSign>>,
        mut ceremony: Ceremony<FindingToSign>,
    ) -> FindingActView {
        self.change(|state| state.stage = ActStage::Signing);
        // That it is refused is its last state.
        let _ = ceremony.sign(self);
        match ceremony.stage() {
            Stage::TouchMissed => self.wait(held, ceremony, ActStage::Signing),
            _ => self.settle(&ceremony),
        }
    }

    /// Waits for the person: a secret, or another touch.
    fn wait(
        &self,
        held: &mut Option<Ceremony<FindingToSign>>,
        ceremony: Ceremony<FindingToSign>,
        stage: ActStage,
    ) -> FindingActView {
        let now = ActProgress::waiting(&ceremony);
        *held = Some(ceremony);
        self.step(|state| (state.stage, state.now) = (stage, now))
    }

    /// Takes over how it ended.
    fn settle(&self, ceremony: &Ceremony<FindingToSign>) -> FindingActView {
        let written = ceremony.written().and_then(|written| written.first().cloned());
        let failure = ceremony.refusal().map(|error| error.problem());
        self.step(|state| {
            state.stage = match written {
                Some(_) => ActStage::Ended,
                None => ActStage::Choosing,
            };
            (state.now, state.written, state.failure) = (None, written, failure);
        })
    }

    fn at(&self, stage: ActStage) -> Result<(), Problem> {
        match self.state.lock().stage == stage {
            true => Ok(()),
            false => Err(ActError::OutOfTurn.problem()),
        }
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state.lock());
    }

    /// Changes the state and notifies the listener.
    fn step(&self, change: impl FnOnce(&mut State)) -> FindingActView {
        self.change(change);
        let view = self.view();
        (self.listener)(&view);
        view
    }
}

impl State {
    /// The key that signs, in words.
    fn about(&self) -> Said {
        let chosen = self.choice.as_ref().and_then(|one| offers::find(&self.offers, &one.key).ok());
        chosen.map(|offer| offer.key.about()).unwrap_or_default().into()
    }

    /// Counts a touch that is asked for; the finding is one signature.
    fn touched(&mut self) -> (u32, u32) {
        self.touches += 1;
        (self.touches, self.touches)
    }
}

impl Attend for FindingAct {
    fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Acquire)
    }

    fn waiting(&self, what: Waiting) {
        self.step(|state| {
            let now = ActProgress::signing(what, state.about(), || state.touched());
            state.now = Some(now);
        });
    }
}

impl Attendance for FindingAct {
    fn stage(&self, stage: Stage) {
        self.step(|state| {
            state.now = match stage {
                Stage::Signing => {
                    Some(ActProgress::Signing { about: state.about(), asks: None, seconds: None })
                }
                Stage::Verifying => Some(ActProgress::Verifying),
                Stage::Writing => Some(ActProgress::Writing),
                _ => return,
            };
        });
    }
}
