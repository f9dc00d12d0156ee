//! An act of signing over one or several envelopes: what is signed is read, one key is chosen, its
//! secret is asked for once; then the envelopes are signed one after another, each verified and
//! written before the next is begun.
//!
//! ```text
//! gathering → reading ⇄ choosing ⇄ secret needed → signing → ended
//!                          ↑──────── go on with the rest ──────┘
//! ```
//!
//! Each envelope goes through a [`Ceremony`] of its own. That of the only envelope begins when it is
//! read, and holds what was read until it is signed. Of the envelopes in a list only the digests are
//! kept, so that memory does not grow with the files; when its turn comes, an envelope is read again
//! and has to be what it was.
//!
//! The state is here; [`view`] computes from it what is shown.

mod entry;
pub mod reading;
pub mod view;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant as Clock};

use countersign_admissibility::keyring::Keyring;
use countersign_admissibility::quorum::Requirements;
use countersign_envelope::count::count;
use countersign_envelope::refusal::is_reason;
use countersign_envelope::signature_file::Terms;
use countersign_index::queue::Context;
use countersign_journal::{Event, Recorder};
use countersign_problem::{Explain as _, Problem, Said, Words, words};
use countersign_signers::accompanied::accompanied;
use countersign_signers::devices::Devices;
use countersign_signers::{Attend, Key, Signer, SignerError, Waiting};
use countersign_store::judgement::{foresee_file, judge_file, on_all_cores};
use countersign_store::reading::directory_of;
use countersign_views::{RawLines, RawPart};
use parking_lot::Mutex;
use rayon::prelude::*;
use secrecy::SecretString;

use crate::act_error::ActError;
use crate::ceremony::{Attendance, Ceremony, CeremonyError, LastTry, Stage};
use crate::desk::SigningDesk;
use crate::key_ref::KeyRef;
use crate::offers::{self, Offer};
use crate::signer_profile::SignerProfile;
use crate::signing::{self, Choice, Intent, Scope, SeenChains, SigningError};

use entry::{Entry, Gathered, Place};
use reading::{Raw, ReadingView};
use view::{
    ActChoice, ActCounts, ActOutcome, ActProgress, ActRow, ActStage, ActTerms, ActTurn, ActView,
    ChosenTerms, Effect, KeyOption,
};

/// How many envelopes are read between two reports of progress.
const GATHERED: usize = 64;

/// The shortest time between two reports, unless something waits for the person.
const OFTEN: Duration = Duration::from_millis(50);

/// What listeners are notified of.
#[derive(Debug, Clone, Copy)]
pub enum ActNews<'a> {
    /// It is shown otherwise.
    Changed(&'a ActView),
    /// The signatures of a run were written.
    Written(&'a Path),
}

type Listener = Arc<dyn Fn(ActNews<'_>) + Send + Sync>;

/// An act of signing over one or several envelopes.
pub struct Act {
    id: u32,
    root: PathBuf,
    rules: Arc<Context>,
    profiles: Vec<SignerProfile>,
    recorder: Arc<dyn Recorder>,
    /// Held through the whole of a signing; nothing that must answer at once waits for it.
    work: Mutex<Work>,
    /// Never held while a key, a file or a listener is waited for.
    state: Mutex<State>,
    /// When listeners were last notified.
    notified: Mutex<Option<Clock>>,
    opened: Mutex<Option<Opened>>,
    cancelled: AtomicBool,
    listener: Listener,
}

/// What signing needs.
#[derive(Default)]
struct Work {
    /// As what the person signs.
    choice: Option<Choice>,
    /// The key between two envelopes.
    key: Option<Key>,
    /// Whether the key has been opened in this turn. It is opened once, and its secret asked for
    /// once.
    opened: bool,
    /// The current envelope, while its ceremony waits for the person.
    held: Option<(usize, Ceremony)>,
    /// Which envelope comes next.
    next: usize,
}

/// An envelope that the person reads in full.
struct Opened {
    at: u32,
    reading: ReadingView,
    raw: Raw,
}

/// Everything that a view is computed from.
struct State {
    stage: ActStage,
    /// Whether the person refuses to sign.
    refusing: bool,
    selected: u32,
    entries: Vec<Entry>,
    offers: Vec<Offer>,
    choice: Option<ActChoice>,
    /// What happened without the person, or should be known of what was written; each thing once.
    notes: Vec<Words>,
    turn: ActTurn,
    at: Option<usize>,
    now: Option<ActProgress>,
    stopped: Option<Problem>,
    /// What the signatures change, by the choice so far.
    effect: Option<Effect>,
    /// Touches asked for in this turn, and those of them for envelopes that are done.
    touches: u32,
    touches_before: u32,
}

impl Act {
    /// Begins an act. Nothing is read yet: see [`Self::gather`]. The listener asks for nothing but
    /// to stop.
    pub fn new(
        id: u32,
        desk: SigningDesk,
        listener: impl Fn(ActNews<'_>) + Send + Sync + 'static,
    ) -> Self {
        let SigningDesk { root, rules, profiles, devices, recorder } = desk;
        let state = State {
            stage: ActStage::Gathering,
            refusing: false,
            selected: 0,
            entries: Vec::new(),
            offers: Offer::all(&profiles, &devices, &rules, &root),
            choice: None,
            notes: Vec::new(),
            turn: ActTurn::default(),
            at: None,
            now: None,
            stopped: None,
            effect: None,
            touches: 0,
            touches_before: 0,
        };
        Self {
            id,
            root,
            rules,
            profiles,
            recorder,
            work: Mutex::default(),
            state: Mutex::new(state),
            notified: Mutex::default(),
            opened: Mutex::default(),
            cancelled: AtomicBool::new(false),
            listener: Arc::new(listener),
        }
    }

    /// Reads and judges envelopes, by their ids in the queue and the paths of their runs; then they
    /// can be read. Envelopes that must not be signed are left out, with the reason; if that is all
    /// of them, the act has ended.
    pub fn gather(&self, envelopes: &[(u32, PathBuf)]) -> ActView {
        let total = count(envelopes.len());
        self.change(true, |state| {
            state.selected = total;
            state.turn.of = total;
        });
        let place = Place { root: &self.root, rules: &self.rules, recorder: &self.recorder };
        if let [(id, run)] = envelopes {
            let Gathered { entry, ceremony, reading, raw } = Entry::gather(*id, run, &place, true);
            if ceremony.reading().is_some() {
                self.work.lock().held = Some((0, ceremony));
            }
            *self.opened.lock() = Some(Opened { at: 0, reading, raw });
            self.change(false, |state| {
                state.entries.push(entry);
                state.turn.done = 1;
            });
        } else {
            for some in envelopes.chunks(GATHERED) {
                if self.is_cancelled() {
                    break;
                }
                let gather =
                    |(id, run): &(u32, PathBuf)| Entry::gather(*id, run, &place, false).entry;
                let gathered: Vec<Entry> = on_all_cores(|| some.par_iter().map(gather).collect());
                self.change(false, |state| {
                    state.entries.extend(gathered);
                    state.turn.done += count(some.len());
                });
            }
        }
        if self.is_cancelled() || self.state.lock().counts().ready == 0 {
            return self.end(&mut self.work.lock(), None);
        }
        self.step(|state| {
            state.stage = ActStage::Reading;
            state.show_only();
        })
    }

    /// As it is shown now.
    pub fn view(&self) -> ActView {
        self.state.lock().view(self.id)
    }

    /// Some of the envelopes, in the order of the list: those of one outcome, or all.
    pub fn rows(&self, outcome: Option<ActOutcome>, first: u32, wanted: u32) -> Vec<ActRow> {
        let state = self.state.lock();
        let of_it = state.entries.iter().zip(0..);
        let of_it = of_it.filter(|(one, _)| outcome.is_none_or(|outcome| one.outcome == outcome));
        let some = of_it.skip(first as usize).take(wanted as usize);
        some.map(|(entry, at)| entry.row(at)).collect()
    }

    /// One envelope in full. The only one is as it was read at first, and is signed so; one of a list
    /// is read again.
    ///
    /// # Errors
    /// Fails if it cannot be read, or has changed since it was listed.
    pub fn open(&self, at: u32) -> Result<ReadingView, Problem> {
        let (entry, is_only) = {
            let state = self.state.lock();
            (state.entries.get(at as usize).cloned(), state.is_over_one())
        };
        if is_only
            && let Some(opened) = &*self.opened.lock()
            && opened.at == at
        {
            return Ok(opened.reading.clone());
        }
        let entry = entry.ok_or(ActError::NoSuchEntry)?;
        let failed = |error: SigningError| error.problem();
        let reading = signing::read(&entry.run, Scope::RunAndManifest, None).map_err(failed)?;
        entry.check_same(&reading).map_err(failed)?;
        let judge = self.rules.judge();
        let judged = judge_file(&entry.run, &self.root, &judge, &self.rules.logs);
        let (view, raw) = ReadingView::of(Some(&reading), &judged, &judge);
        *self.opened.lock() = Some(Opened { at, reading: view.clone(), raw });
        Ok(view)
    }

    /// Some lines of the envelope that was opened last, from the buffer that was hashed.
    pub fn lines(&self, part: RawPart, first: u32, wanted: u32) -> RawLines {
        match &*self.opened.lock() {
            Some(opened) => opened.raw.lines(part, first, wanted),
            None => Raw::default().lines(part, first, wanted),
        }
    }

    /// The person has read what is signed, and goes on to sign it.
    ///
    /// # Errors
    /// Fails if this step is out of turn.
    pub fn have_read(&self) -> Result<ActView, Problem> {
        self.after_reading(false)
    }

    /// The person has read what is signed, and goes on to refuse it.
    ///
    /// # Errors
    /// Fails if this step is out of turn.
    pub fn refuse(&self) -> Result<ActView, Problem> {
        self.after_reading(true)
    }

    fn after_reading(&self, refusing: bool) -> Result<ActView, Problem> {
        let mut work = self.work.lock();
        self.at(ActStage::Reading)?;
        self.state.lock().intend(refusing);
        if let Some((at, mut ceremony)) = work.held.take() {
            match ceremony.have_read() {
                Ok(()) => work.held = Some((at, ceremony)),
                Err(error @ CeremonyError::OutOfTurn { .. }) => {
                    work.held = Some((at, ceremony));
                    return Err(error.problem());
                }
                Err(_) if !self.settle(&mut work, at, ceremony) => return Ok(self.view()),
                Err(_) => {}
            }
        }
        if self.state.lock().counts().ready == 0 {
            return Ok(self.end(&mut work, None));
        }
        Ok(self.step(|state| state.stage = ActStage::Choosing))
    }

    /// One step back.
    ///
    /// # Errors
    /// Fails if this step is out of turn.
    pub fn back(&self) -> Result<ActView, Problem> {
        let mut work = self.work.lock();
        let stage = match self.state.lock().stage {
            ActStage::Choosing => ActStage::Reading,
            ActStage::SecretNeeded => ActStage::Choosing,
            _ => return Err(ActError::NoWayBack.problem()),
        };
        if let Some((_, ceremony)) = &mut work.held {
            ceremony.back().map_err(|error| error.problem())?;
        }
        Ok(self.step(|state| {
            (state.stage, state.now) = (stage, None);
            if stage == ActStage::Reading {
                state.effect = None;
                state.intend(false);
            }
            state.notes.clear();
            state.show_only();
        }))
    }

    /// The person considers a choice: over one envelope, what it would change is computed; of several,
    /// those are marked that this key or person cannot sign.
    ///
    /// # Errors
    /// Fails if this step is out of turn.
    pub fn consider(&self, choice: &ActChoice) -> Result<ActView, Problem> {
        self.at(ActStage::Choosing)?;
        if !self.state.lock().is_over_one() {
            // What signatures on many change is computed once, when the choice is made.
            return Ok(self.step(|state| state.mark(&choice.key, &choice.signer_id)));
        }
        // A choice that is not possible has no effect; making it says why.
        let effect = self.effect(choice).ok().flatten();
        Ok(self.step(|state| state.effect = effect))
    }

    /// What the signatures change that a person would make by a choice: each envelope that is to be
    /// signed is judged with one more signature.
    fn effect(&self, choice: &ActChoice) -> Result<Option<Effect>, Problem> {
        let (offer, runs, refusing, is_over_one) = {
            let state = self.state.lock();
            let ready = |entry: &&Entry| entry.outcome == ActOutcome::Ready;
            let runs = state.entries.iter().filter(ready).map(|entry| entry.run.clone());
            let offer = offers::find(&state.offers, &choice.key).cloned();
            (offer, runs.collect::<Vec<_>>(), state.refusing, state.is_over_one())
        };
        if refusing {
            let words = words!("foresight-refusal");
            return Ok(Some(Effect { changes: true, words }));
        }
        let terms = self.terms(choice.terms.as_ref())?;
        let Some(prospect) = offer?.prospect(choice, terms, &self.rules) else { return Ok(None) };
        let judge = self.rules.judge();
        let foresee =
            |run: &PathBuf| foresee_file(run, &self.root, &judge, &self.rules.logs, &prospect);
        if is_over_one {
            return Ok(runs.first().map(|run| Effect::of(&foresee(run))));
        }
        let all: Vec<_> = on_all_cores(|| runs.par_iter().map(foresee).collect());
        Ok(Effect::of_several(&all))
    }

    /// The person has chosen. A key that asks for no secret signs at once.
    ///
    /// # Errors
    /// Fails if the choice is invalid, there is nothing left to sign, or the key cannot be opened;
    /// the act is unchanged.
    pub fn choose(&self, choice: ActChoice) -> Result<ActView, Problem> {
        self.choose_with(choice, None)
    }

    /// The same, with the passphrase of the key that makes companions, if that asks for one.
    ///
    /// # Errors
    /// As for [`Self::choose`]; also if the companion's key cannot be opened or used for that.
    pub fn choose_with(
        &self,
        choice: ActChoice,
        passphrase: Option<&SecretString>,
    ) -> Result<ActView, Problem> {
        let mut work = self.work.lock();
        self.at(ActStage::Choosing)?;
        if choice.signer_id.trim().is_empty() {
            return Err(ActError::NoName.problem());
        }
        let intent = self.state.lock().intent(&choice)?;
        let terms = self.terms(choice.terms.as_ref())?;
        let (offer, before) = {
            let mut state = self.state.lock();
            let before = state.marks();
            state.mark(&choice.key, &choice.signer_id);
            if let Err(problem) = state.check_any_ready() {
                state.restore(before);
                return Err(problem);
            }
            (offers::find(&state.offers, &choice.key)?.clone(), before)
        };
        if let Some(problem) = &offer.problem {
            return Err(problem.clone());
        }
        let effect = self.effect(&choice)?;
        if let Some(effect) = effect.as_ref().filter(|effect| !effect.changes)
            && !choice.though_nothing_changes
        {
            let words = effect.words.clone();
            self.step(|state| {
                state.restore(before);
                state.effect = Some(Effect { changes: false, words: words.clone() });
            });
            return Err(ActError::ChangesNothing { words }.problem());
        }
        // First: its passphrase may be typed again, and a PIN may not.
        let companion = choice.companion.as_ref().filter(|_| choice.reason.is_none());
        let companion = companion.map(|key| self.companion(key, passphrase)).transpose()?;
        let key = offer.open()?;
        work.key = Some(match companion {
            Some(companion) => accompanied(key, companion).map_err(|error| error.problem())?,
            None => key,
        });
        work.choice = Some(Choice {
            key_id: offer.key_id(),
            signer_id: choice.signer_id.clone(),
            role: choice.role,
            signed_at: self.rules.judge().now,
            payload: None,
            terms,
            evidence: Vec::new(),
            claim: true,
            intent,
        });
        (work.opened, work.next) = (false, 0);
        self.cancelled.store(false, Ordering::Release);
        self.change(false, |state| {
            state.choice = Some(choice);
            state.effect = effect;
            state.turn = ActTurn { done: 0, of: state.counts().ready };
            state.stopped = None;
            state.notes.clear();
            (state.touches, state.touches_before) = (0, 0);
        });
        Ok(self.go(&mut work))
    }

    /// Opens the key that makes companions.
    fn companion(
        &self,
        key: &KeyRef,
        passphrase: Option<&SecretString>,
    ) -> Result<Box<dyn Signer + Send>, Problem> {
        let offer = offers::find(&self.state.lock().offers, key)?.clone();
        let mut locked = match offer.open()? {
            Key::Ready(key) => return Ok(key),
            Key::Locked(locked) => locked,
        };
        let secret = locked.secret().as_str();
        let passphrase = passphrase.ok_or_else(|| ActError::CompanionLocked.problem())?;
        let _ = self.recorder.record(&Event::SecretAsked { secret, tries_left: None });
        locked.unlock(passphrase).map_err(|error| {
            let _ = self.recorder.record(&Event::of_secret(&error, None));
            error.problem()
        })
    }

    /// Takes the secret. The right one signs at once.
    ///
    /// # Errors
    /// Fails if this step is out of turn, or if it would use the last attempt and that is not
    /// confirmed.
    pub fn secret(&self, secret: &SecretString, last: LastTry) -> Result<ActView, Problem> {
        let mut work = self.work.lock();
        self.at(ActStage::SecretNeeded).map_err(|_| ActError::NoSecretAsked.problem())?;
        let Some((at, mut ceremony)) = work.held.take() else {
            return Err(ActError::NoSecretAsked.problem());
        };
        let taken = ceremony.secret(secret, last);
        if let Err(error @ (CeremonyError::LastTry(_) | CeremonyError::OutOfTurn { .. })) = taken {
            work.held = Some((at, ceremony));
            return Err(error.problem());
        }
        Ok(self.proceed(&mut work, at, ceremony))
    }

    /// Repeats a missed touch with the same secret.
    ///
    /// # Errors
    /// Fails if this step is out of turn.
    pub fn touch_again(&self) -> Result<ActView, Problem> {
        let mut work = self.work.lock();
        match work.held.take() {
            Some((at, ceremony)) if ceremony.stage() == Stage::TouchMissed => {
                // The touches for this envelope are discarded.
                self.change(false, |state| state.touches = state.touches_before);
                Ok(self.sign(&mut work, at, ceremony))
            }
            held => {
                work.held = held;
                Err(ActError::NoTouchAwaited.problem())
            }
        }
    }

    /// Stops. Signatures written so far remain; the current envelope is completed if its writing
    /// has begun, and otherwise is unchanged.
    pub fn stop(&self) {
        self.cancelled.store(true, Ordering::Release);
        let Some(mut work) = self.work.try_lock() else { return };
        if let Some((_, mut ceremony)) = work.held.take() {
            ceremony.cancel();
        }
        if !matches!(self.state.lock().stage, ActStage::Gathering | ActStage::Ended) {
            self.end(&mut work, None);
        }
    }

    /// After it was stopped: the rest can be signed. The secret is asked for again.
    ///
    /// # Errors
    /// Fails if this step is out of turn, or if nothing is left.
    pub fn go_on(&self) -> Result<ActView, Problem> {
        self.at(ActStage::Ended)?;
        {
            let mut state = self.state.lock();
            if state.counts().not_reached == 0 {
                return Err(ActError::NothingLeft.problem());
            }
            state.set_all(ActOutcome::NotReached, ActOutcome::Ready);
        }
        self.cancelled.store(false, Ordering::Release);
        Ok(self.step(|state| {
            state.stage = ActStage::Choosing;
            state.stopped = None;
        }))
    }

    /// Something was plugged in or pulled out: other keys can be chosen, and one that was chosen
    /// and is gone leads back to the choice.
    pub fn devices_changed(&self, devices: &Devices) {
        let offers = Offer::all(&self.profiles, devices, &self.rules, &self.root);
        self.change(true, |state| state.offers = offers);
        // While the key signs, it reports its own removal.
        let Some(mut work) = self.work.try_lock() else { return };
        let chosen = self.state.lock().choice.as_ref().map(|choice| choice.key.clone());
        let Some((_, ceremony)) = &mut work.held else { return };
        if let Some(key) = chosen
            && let Some(name) = ceremony.locked_key().map(|(key, _)| key.name())
            && offers::is_gone(&key, devices)
            && ceremony.unplugged().is_ok()
        {
            self.change(true, |state| {
                (state.stage, state.now) = (ActStage::Choosing, None);
                state.notes = vec![words!("key-was-removed", name)];
                state.show_only();
            });
        }
    }

    /// Checks that the keyring is still the one that the act goes by: a key may have been revoked
    /// since it began.
    ///
    /// # Errors
    /// If it has changed.
    pub fn check_keyring(&self, now: &Keyring) -> Result<(), Problem> {
        match self.rules.keyring.keys() == now.keys() {
            true => Ok(()),
            false => Err(ActError::KeyringChanged.problem()),
        }
    }

    /// Whether signing with the chosen key may use something that is plugged in.
    pub fn may_use_device(&self) -> bool {
        self.state.lock().chosen().is_some_and(|offer| offer.key.may_use_device())
    }

    /// The terms of envelopes that are begun: what policy asks for, or the more that the person does.
    fn terms(&self, chosen: Option<&ChosenTerms>) -> Result<Terms, ActError> {
        let mut required = Requirements::of(None, &[], &self.rules.policy, &self.rules.keyring);
        let mut threshold = required.threshold;
        if let Some(chosen) = chosen {
            threshold = u64::from(chosen.threshold);
            if threshold < required.threshold {
                return Err(ActError::ThresholdTooLow { least: required.threshold });
            }
            chosen.required_roles.iter().for_each(|role| required.require(*role));
        }
        Ok(Terms { threshold, required_roles: required.roles })
    }

    /// Signs one envelope after another until the person is needed.
    fn go(&self, work: &mut Work) -> ActView {
        loop {
            let next = self.state.lock().next_ready(work.next);
            let Some(at) = next.filter(|_| !self.is_cancelled()) else { break };
            work.next = at + 1;
            let key = match self.key(work) {
                Ok(Some(key)) => key,
                Ok(None) => return self.end(work, None),
                Err(problem) => return self.end(work, Some(problem)),
            };
            let Some(mut choice) = work.choice.clone() else { return self.end(work, None) };
            choice.signed_at = self.rules.judge().now;
            let mut ceremony = self.ceremony(work, at);
            match ceremony.stage() {
                // That it is refused is its last state.
                Stage::Choosing => drop(ceremony.choose(key, choice)),
                _ => work.key = Some(key),
            }
            match ceremony.stage() {
                Stage::SecretNeeded => return self.wait(work, at, ceremony),
                Stage::Signing => {
                    work.opened = true;
                    if !self.sign_one(work, at, ceremony) {
                        return self.view();
                    }
                }
                _ => {
                    if !self.settle(work, at, ceremony) {
                        return self.view();
                    }
                }
            }
        }
        self.end(work, None)
    }

    /// The ceremony of an envelope, read: the one that is held, or a new one over the files that were
    /// listed.
    fn ceremony(&self, work: &mut Work, at: usize) -> Ceremony {
        let entry = self.state.lock().entries[at].clone();
        self.change(false, |state| (state.at, state.now) = (Some(at), None));
        // One that is held for another envelope has ended by this.
        if let Some((held_at, ceremony)) = work.held.take()
            && held_at == at
        {
            return ceremony;
        }
        let keyring = Arc::clone(&self.rules.keyring);
        let logs = self.rules.logs.for_directory(directory_of(&entry.run));
        let ceremony = Ceremony::begin(&entry.run, Scope::RunAndManifest, None, keyring);
        let ceremony = ceremony.seeing(SeenChains::of(&logs));
        let mut ceremony = ceremony.recorded(Arc::clone(&self.recorder));
        if let Some(reading) = ceremony.reading()
            && let Err(error) = entry.check_same(reading)
        {
            ceremony.refuse(error);
        }
        // That it is refused is its last state.
        let _ = ceremony.have_read();
        ceremony
    }

    /// The key for the next envelope. A key that was lost before it was opened is opened again; a
    /// key whose secret was entered is not asked for it again.
    fn key(&self, work: &mut Work) -> Result<Option<Key>, Problem> {
        if let Some(key) = work.key.take() {
            return Ok(Some(key));
        }
        if work.opened {
            return Ok(None);
        }
        let state = self.state.lock();
        let offer = state.chosen().cloned().ok_or(ActError::NoSuchSigner)?;
        // What was chosen to sign with a companion never signs without it.
        if state.choice.as_ref().is_some_and(|choice| choice.companion.is_some()) {
            return Err(ActError::CompanionLocked.problem());
        }
        drop(state);
        offer.open().map(Some)
    }

    /// Goes on with the ceremony of an envelope after the person gave the secret.
    fn proceed(&self, work: &mut Work, at: usize, ceremony: Ceremony) -> ActView {
        match ceremony.stage() {
            Stage::SecretNeeded => self.wait(work, at, ceremony),
            Stage::Signing => {
                work.opened = true;
                self.sign(work, at, ceremony)
            }
            _ => {
                work.opened = true;
                match self.settle(work, at, ceremony) {
                    true => self.go(work),
                    false => self.view(),
                }
            }
        }
    }

    /// Signs one envelope, and then the rest.
    fn sign(&self, work: &mut Work, at: usize, ceremony: Ceremony) -> ActView {
        match self.sign_one(work, at, ceremony) {
            true => self.go(work),
            false => self.view(),
        }
    }

    /// Signs one envelope. Returns whether the rest can continue.
    fn sign_one(&self, work: &mut Work, at: usize, mut ceremony: Ceremony) -> bool {
        self.change(false, |state| state.stage = ActStage::Signing);
        // That it is refused is its last state.
        let _ = ceremony.sign(self);
        if ceremony.stage() == Stage::TouchMissed {
            self.wait(work, at, ceremony);
            return false;
        }
        self.settle(work, at, ceremony)
    }

    /// Waits for the person: a secret, or another touch.
    fn wait(&self, work: &mut Work, at: usize, ceremony: Ceremony) -> ActView {
        let now = ActProgress::waiting(&ceremony);
        let stage = match ceremony.stage() {
            Stage::SecretNeeded => ActStage::SecretNeeded,
            _ => ActStage::Signing,
        };
        work.held = Some((at, ceremony));
        self.step(|state| (state.stage, state.now) = (stage, now))
    }

    /// Stores the result for an envelope, and takes the key back from it. Returns whether the rest
    /// can continue.
    fn settle(&self, work: &mut Work, at: usize, mut ceremony: Ceremony) -> bool {
        if let Some(key) = ceremony.take_key() {
            work.key = Some(key);
        }
        let (outcome, why, stops) = match ceremony.refusal() {
            None => (ActOutcome::Written, None, None),
            Some(error) => match consequence(error) {
                Consequence::ThisOne(outcome) => (outcome, Some(error.problem()), None),
                Consequence::Stopped => (ActOutcome::NotReached, None, None),
                Consequence::All => (ActOutcome::NotReached, None, Some(error.problem())),
            },
        };
        let run = self.state.lock().entries[at].run.clone();
        let written = ceremony.written().unwrap_or_default();
        let verdict = (outcome == ActOutcome::Written).then(|| {
            let rules = &self.rules;
            judge_file(&run, &self.root, &rules.judge(), &rules.logs).1
        });
        self.change(false, |state| {
            if let Some(verdict) = &verdict {
                let choice = state.choice.clone();
                let now = self.rules.judge().now;
                state.entries[at].written(written, verdict, choice.as_ref(), now);
                if state.is_over_one() {
                    state.effect = state.entries[at].effect().or(state.effect.take());
                }
                state.note(ceremony.remarks());
            }
            (state.entries[at].outcome, state.entries[at].why) = (outcome, why);
            state.turn.done += u32::from(outcome != ActOutcome::NotReached);
            state.touches_before = state.touches;
        });
        if verdict.is_some() {
            (self.listener)(ActNews::Written(&run));
        }
        let goes_on = stops.is_none();
        if !goes_on {
            self.end(work, stops);
        }
        goes_on
    }

    /// The end of a turn. A token is let go, and forgets its PIN.
    fn end(&self, work: &mut Work, stopped: Option<Problem>) -> ActView {
        (work.key, work.held) = (None, None);
        self.step(|state| {
            state.set_all(ActOutcome::Ready, ActOutcome::NotReached);
            (state.stage, state.stopped) = (ActStage::Ended, stopped);
            state.now = None;
            state.show_only();
        })
    }

    fn at(&self, stage: ActStage) -> Result<(), Problem> {
        match self.state.lock().stage == stage {
            true => Ok(()),
            false => Err(ActError::OutOfTurn.problem()),
        }
    }

    /// Changes the state and notifies the listener: at once if `must`, otherwise at a limited rate.
    fn change(&self, must: bool, change: impl FnOnce(&mut State)) {
        change(&mut self.state.lock());
        self.notify(must);
    }

    /// Changes the state and notifies the listener at once: the person is at it.
    fn step(&self, change: impl FnOnce(&mut State)) -> ActView {
        self.change(true, change);
        self.view()
    }

    fn notify(&self, must: bool) {
        // Locked during the notification, so that the last one has the current view, whichever
        // thread sends it.
        let mut notified = self.notified.lock();
        let now = Clock::now();
        if !must && notified.is_some_and(|notified| now.duration_since(notified) < OFTEN) {
            return;
        }
        *notified = Some(now);
        (self.listener)(ActNews::Changed(&self.view()));
    }
}

impl State {
    fn is_over_one(&self) -> bool {
        self.selected == 1
    }

    /// The envelope at hand between two steps: in an act over one, that one.
    fn show_only(&mut self) {
        self.at = self.is_over_one().then_some(0).filter(|at| *at < self.entries.len());
    }

    fn counts(&self) -> ActCounts {
        ActCounts::of(self.entries.iter().map(|entry| entry.outcome))
    }

    /// The key that was chosen.
    fn chosen(&self) -> Option<&Offer> {
        offers::find(&self.offers, &self.choice.as_ref()?.key).ok()
    }

    /// The key that signs, in words.
    fn about(&self) -> Said {
        self.chosen().map(|offer| offer.key.about()).unwrap_or_default().into()
    }

    /// Takes note of whether the person refuses. What they signed already is left out of signing
    /// only: a refusal withdraws it.
    fn intend(&mut self, refusing: bool) {
        self.refusing = refusing;
        self.entries.iter_mut().for_each(Entry::unmark);
    }

    /// What the person does, by their choice.
    fn intent(&self, choice: &ActChoice) -> Result<Intent, Problem> {
        if !self.refusing {
            return Ok(Intent::Sign);
        }
        let reason = choice.reason.clone().unwrap_or_default();
        match is_reason(&reason) {
            true => Ok(Intent::Refuse { reason }),
            false => Err(ActError::NoReason.problem()),
        }
    }

    /// Marks what a key or person has signed already.
    fn mark(&mut self, key: &KeyRef, signer_id: &str) {
        if self.refusing {
            return;
        }
        let fingerprint = offers::find(&self.offers, key).ok().and_then(Offer::fingerprint);
        for entry in &mut self.entries {
            entry.mark(fingerprint, signer_id);
        }
    }

    fn marks(&self) -> Vec<(ActOutcome, Option<Problem>)> {
        self.entries.iter().map(|entry| (entry.outcome, entry.why.clone())).collect()
    }

    fn restore(&mut self, marks: Vec<(ActOutcome, Option<Problem>)>) {
        for (entry, (outcome, why)) in self.entries.iter_mut().zip(marks) {
            (entry.outcome, entry.why) = (outcome, why);
        }
    }

    fn check_any_ready(&self) -> Result<(), Problem> {
        match self.entries.as_slice() {
            _ if self.counts().ready > 0 => Ok(()),
            [Entry { why: Some(why), .. }] => Err(why.clone()),
            _ => Err(ActError::NothingToSign.problem()),
        }
    }

    fn set_all(&mut self, from: ActOutcome, to: ActOutcome) {
        for entry in self.entries.iter_mut().filter(|entry| entry.outcome == from) {
            (entry.outcome, entry.why) = (to, None);
        }
    }

    fn next_ready(&self, from: usize) -> Option<usize> {
        let entries = self.entries.get(from..)?;
        let ready = entries.iter().position(|entry| entry.outcome == ActOutcome::Ready)?;
        Some(from + ready)
    }

    /// Adds remarks, each once.
    fn note(&mut self, remarks: Vec<Words>) {
        for remark in remarks {
            if !self.notes.contains(&remark) {
                self.notes.push(remark);
            }
        }
    }

    /// Counts a touch that is asked for: which it is, and of how many at most.
    fn touched(&mut self) -> (u32, u32) {
        self.touches += 1;
        let left = self.entries.iter().skip(self.at.unwrap_or(0));
        let left = left.filter(|entry| entry.outcome == ActOutcome::Ready);
        // One for each file, and one for the claim; one for a refusal.
        let touches = |entry: &Entry| if self.refusing { 1 } else { entry.artifacts.len() + 1 };
        let left: u32 = left.map(|entry| count(touches(entry))).sum();
        (self.touches, (self.touches_before + left).max(self.touches))
    }

    /// Why a key has nothing to sign here: its owner or itself has signed everything that it could.
    fn signed_by(&self, offer: &Offer) -> Option<Problem> {
        if self.refusing {
            return None;
        }
        let (fingerprint, owner) = (offer.fingerprint(), offer.owner().unwrap_or_default());
        let mut open = self.entries.iter().filter(|entry| entry.is_open());
        let first = open.next()?.signed_by(fingerprint, owner)?;
        if self.is_over_one() {
            return Some(first.problem());
        }
        let rest = open.all(|entry| entry.signed_by(fingerprint, owner).is_some());
        rest.then(|| ActError::AllSigned.problem())
    }

    fn view(&self, id: u32) -> ActView {
        let (at, counts) = (self.at.and_then(|at| self.entries.get(at)), self.counts());
        let companions = self.offers.iter().filter(|key| key.is_of_companions);
        let signing = self.offers.iter().filter(|key| !key.is_of_companions);
        ActView {
            id,
            stage: self.stage,
            refusing: self.refusing,
            total: self.selected,
            counts,
            terms: terms_of(&self.entries),
            choice: self.choice.clone(),
            keys: signing.map(|key| KeyOption::of(key, self.signed_by(key))).collect(),
            companions: companions.map(|key| KeyOption::of(key, None)).collect(),
            notices: self.notes.iter().map(Said::from).collect(),
            turn: self.turn,
            at: at.zip(self.at).map(|(entry, at)| entry.row(count(at))),
            artifacts: at.map(|entry| entry.artifacts.clone()).unwrap_or_default(),
            effect: self.effect.as_ref().map(Effect::shown),
            now: self.now.clone(),
            stopped: self.stopped.clone(),
        }
    }
}

/// The terms of the envelopes that will be signed, the most frequent first.
fn terms_of(entries: &[Entry]) -> Vec<ActTerms> {
    let mut all: Vec<ActTerms> = Vec::new();
    for entry in entries.iter().filter(|entry| entry.outcome == ActOutcome::Ready) {
        let (terms, signed) = (&entry.terms, entry.signed);
        match all.iter_mut().find(|one| one.terms == *terms && one.signed == signed) {
            Some(one) => one.envelopes += 1,
            None => all.push(ActTerms { terms: terms.clone(), signed, envelopes: 1 }),
        }
    }
    all.sort_by_key(|one| std::cmp::Reverse(one.envelopes));
    all
}

/// What the refusal of one envelope means for the others.
enum Consequence {
    /// Nothing.
    ThisOne(ActOutcome),
    /// The person stopped: it is as if it had not been begun.
    Stopped,
    /// None of them can be signed so.
    All,
}

fn consequence(error: &SigningError) -> Consequence {
    match error {
        SigningError::Cancelled | SigningError::Signer(SignerError::Cancelled) => {
            Consequence::Stopped
        }
        // A command answers for one signature; what goes wrong with a key is not tried on another.
        SigningError::Signer(SignerError::External(_) | SignerError::TooLong { .. }) => {
            Consequence::ThisOne(ActOutcome::Failed)
        }
        SigningError::Signer(_)
        | SigningError::NotAccepted { .. }
        | SigningError::NoForm
        | SigningError::SharedRefusal
        | SigningError::Journal(_) => Consequence::All,
        SigningError::SameKey { .. } | SigningError::SameSigner { .. } => {
            Consequence::ThisOne(ActOutcome::LeftOut)
        }
        _ => Consequence::ThisOne(ActOutcome::Failed),
    }
}

impl Attend for Act {
    fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Acquire)
    }

    fn waiting(&self, what: Waiting) {
        // What a key waits for may take long, so the listener is notified at once.
        self.change(true, |state| {
            let now = ActProgress::signing(what, state.about(), || state.touched());
            state.now = Some(now);
        });
    }
}

impl Attendance for Act {
    fn stage(&self, stage: Stage) {
        self.change(false, |state| {
            state.now = Some(match stage {
                Stage::Signing => {
                    ActProgress::Signing { about: state.about(), asks: None, seconds: None }
                }
                Stage::Verifying => ActProgress::Verifying,
                Stage::Writing => ActProgress::Writing,
                _ => return,
            });
        });
    }
}
