//! Several envelopes in one ceremony: one list to read, one choice of key, one secret; then they are
//! signed one after another, each verified and written before the next is begun.
//!
//! ```text
//! gathering → reading ⇄ choosing ⇄ secret needed → signing → ended
//!                          ↑──────── go on with the rest ──────┘
//! ```
//!
//! Each envelope goes through a [`Ceremony`] of its own. Of what was in the list only the digests
//! are kept, so that memory does not grow with the files; when its turn comes, an envelope is read
//! again and has to be what it was.

mod entry;

use countersign_problem::{Explain as _, Problem};
use parking_lot::Mutex;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant as Clock};

use countersign_admissibility::keyring::Keyring;
use countersign_admissibility::quorum::Requirements;
use countersign_envelope::signature_file::Terms;
use countersign_envelope::vocabulary;
use countersign_signers::devices::Devices;
use countersign_signers::{Attend, Key, SignerError, Waiting};
use rayon::prelude::*;
use secrecy::SecretString;
use serde::Serialize;

use crate::act_error::ActError;
use crate::ceremony::{Attendance, Ceremony, CeremonyError, LastTry, Stage};
use crate::desk::SigningDesk;
use crate::session::{
    ArtifactView, CeremonyChoice, CeremonyState, KeyOption, Raw, ReadingView, TermsView,
    fingerprint_of, is_gone, key_options, may_use_device, open_key, pulled_out, raw_lines,
};
use crate::signer_profile::SignerProfile;
use crate::signing::{self, Choice, Scope, SigningError};
use countersign_envelope::count::count;
use countersign_index::queue::Context;
use countersign_journal::Recorder;
use countersign_store::judgement::{judge_file, on_all_cores};
use countersign_views::{RawLines, RawPart};

use entry::Entry;
pub use entry::{BatchOutcome, BatchRow};

/// How many envelopes are read between two reports of progress.
const GATHERED: usize = 64;

/// The shortest time between two reports, unless something waits for the person.
const OFTEN: Duration = Duration::from_millis(50);

vocabulary! {
    /// The stage of a ceremony over several envelopes.
    BatchStage {
        /// The files are read.
        Gathering = "gathering",
        /// The person reads the list.
        Reading = "reading",
        /// The person chooses.
        Choosing = "choosing",
        /// The key asks for its secret.
        SecretNeeded = "secret_needed",
        /// One after another is signed.
        Signing = "signing",
        /// All are signed that could be, or it was stopped.
        Ended = "ended",
    }
}

/// Several envelopes in one ceremony, as they are shown.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct BatchView {
    /// Tells one ceremony from the next.
    pub id: u32,
    /// The name of the act: `Co-sign 12 envelopes as witness`.
    pub act: String,
    /// The stage.
    pub stage: BatchStage,
    /// How many were selected.
    pub total: u32,
    /// How many envelopes there are of each outcome.
    pub counts: BatchCounts,
    /// The terms of the envelopes that can be signed, the most frequent first.
    pub terms: Vec<BatchTerms>,
    /// The person's choice, once made.
    pub choice: Option<CeremonyChoice>,
    /// The keys to choose from; they come and go with what is plugged in.
    pub keys: Vec<KeyOption>,
    /// An event that the person did not cause.
    pub notice: Option<String>,
    /// How many are to be signed in this turn, and how many of those are done.
    pub turn: BatchTurn,
    /// The envelope at hand.
    pub at: Option<BatchRow>,
    /// What of it is signed.
    pub artifacts: Vec<ArtifactView>,
    /// The state of its own ceremony.
    pub now: Option<CeremonyState>,
    /// Why the rest was not reached, unless the person stopped.
    pub stopped: Option<Problem>,
}

/// How many envelopes there are of each outcome.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, specta::Type)]
pub struct BatchCounts {
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

/// How far a turn has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, specta::Type)]
pub struct BatchTurn {
    /// How many envelopes are finished, whatever the result.
    pub done: u32,
    /// How many in total.
    pub of: u32,
}

/// What some of the envelopes ask for.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct BatchTerms {
    /// What that is.
    pub terms: TermsView,
    /// Whether they are signed already.
    pub signed: bool,
    /// How many envelopes ask for it.
    pub envelopes: u32,
}

/// What listeners are notified of.
#[derive(Debug, Clone, Copy)]
pub enum BatchNews<'a> {
    /// Its view has changed.
    Changed(&'a BatchView),
    /// The signatures of a run were written.
    Written(&'a Path),
}

type Listener = Arc<dyn Fn(BatchNews<'_>) + Send + Sync>;

/// Several envelopes in one ceremony.
pub struct Batch {
    root: PathBuf,
    rules: Arc<Context>,
    profiles: Vec<SignerProfile>,
    recorder: Arc<dyn Recorder>,
    devices: Mutex<Devices>,
    /// Held through the whole of a signing; nothing that must answer at once waits for it.
    work: Mutex<Work>,
    progress: Mutex<BatchProgress>,
    /// When listeners were last notified.
    notified: Mutex<Option<Clock>>,
    /// The raw text of the envelope that was opened last.
    opened: Mutex<Raw>,
    cancelled: AtomicBool,
    /// Touches asked for in this turn, and those of them for envelopes that are done.
    touches: AtomicU32,
    touches_before: AtomicU32,
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
    /// The current envelope, while it waits for the person.
    held: Option<(usize, Ceremony)>,
    /// Which envelope comes next.
    next: usize,
}

/// The current view.
struct BatchProgress {
    view: BatchView,
    entries: Vec<Entry>,
}

impl Batch {
    /// Begins a ceremony over envelopes by their ids in the queue and the paths of their runs.
    /// Nothing is read yet: see [`Self::gather`]. The listener asks for nothing but to stop.
    pub fn new(
        id: u32,
        desk: SigningDesk,
        listener: impl Fn(BatchNews<'_>) + Send + Sync + 'static,
    ) -> Self {
        let SigningDesk { root, rules, profiles, devices, recorder } = desk;
        let view = BatchView {
            id,
            act: String::new(),
            stage: BatchStage::Gathering,
            total: 0,
            counts: BatchCounts::default(),
            terms: Vec::new(),
            choice: None,
            keys: key_options(&profiles, &devices, &rules, &[]),
            notice: None,
            turn: BatchTurn::default(),
            at: None,
            artifacts: Vec::new(),
            now: None,
            stopped: None,
        };
        Self {
            root,
            rules,
            profiles,
            recorder,
            devices: Mutex::new(devices),
            work: Mutex::default(),
            progress: Mutex::new(BatchProgress { view, entries: Vec::new() }),
            notified: Mutex::default(),
            opened: Mutex::default(),
            cancelled: AtomicBool::new(false),
            touches: AtomicU32::new(0),
            touches_before: AtomicU32::new(0),
            listener: Arc::new(listener),
        }
    }

    /// Reads and judges the envelopes in the given order; then the list can be read. Envelopes that
    /// must not be signed are marked, with the reason.
    pub fn gather(&self, envelopes: &[(u32, PathBuf)]) -> BatchView {
        let total = count(envelopes.len());
        self.change(true, |view| {
            view.total = total;
            view.turn.of = total;
        });
        for some in envelopes.chunks(GATHERED) {
            if self.is_cancelled() {
                return self.end(&mut self.work.lock(), None);
            }
            let gather = |(id, run): &(u32, PathBuf)| {
                Entry::gather(*id, run, &self.root, &self.rules, &self.recorder)
            };
            let gathered: Vec<Entry> = on_all_cores(|| some.par_iter().map(gather).collect());
            self.progress.lock().entries.extend(gathered);
            self.change(false, |view| view.turn.done += count(some.len()));
        }
        {
            let mut progress = self.progress.lock();
            let BatchProgress { view, entries, .. } = &mut *progress;
            view.terms = terms_of(entries);
            view.stage = BatchStage::Reading;
        }
        self.notify(true);
        self.view()
    }

    /// The current view.
    pub fn view(&self) -> BatchView {
        self.progress.lock().view.clone()
    }

    /// Some of the envelopes, in the order of the list: those of one outcome, or all.
    pub fn rows(&self, outcome: Option<BatchOutcome>, first: u32, wanted: u32) -> Vec<BatchRow> {
        let progress = self.progress.lock();
        let of_it = progress.entries.iter().zip(0..);
        let of_it = of_it.filter(|(one, _)| outcome.is_none_or(|outcome| one.outcome == outcome));
        let some = of_it.skip(first as usize).take(wanted as usize);
        some.map(|(entry, at)| entry.row(at)).collect()
    }

    /// Reads one envelope of the list in full.
    ///
    /// # Errors
    /// Fails if it cannot be read, or has changed since it was listed.
    pub fn open(&self, at: u32) -> Result<ReadingView, Problem> {
        let entry = self.progress.lock().entries.get(at as usize).cloned();
        let entry = entry.ok_or(ActError::NoSuchEntry)?;
        let failed = |error: SigningError| error.problem();
        let reading = signing::read(&entry.run, Scope::RunAndManifest, None).map_err(failed)?;
        entry.check_same(&reading).map_err(failed)?;
        let judged = judge_file(&entry.run, &self.root, &self.rules.judge(), &self.rules.logs);
        let (view, raw) = ReadingView::of(Some(&reading), &judged, &self.rules.policy);
        *self.opened.lock() = raw;
        Ok(view)
    }

    /// Some lines of the envelope that was opened last, from the buffer that was hashed.
    pub fn lines(&self, part: RawPart, first: u32, wanted: u32) -> RawLines {
        raw_lines(&self.opened.lock(), part, first, wanted)
    }

    /// The person has read the list.
    ///
    /// # Errors
    /// Fails if this step is out of turn.
    pub fn have_read(&self) -> Result<BatchView, Problem> {
        self.at(BatchStage::Reading)?;
        Ok(self.change(true, |view| view.stage = BatchStage::Choosing))
    }

    /// One step back.
    ///
    /// # Errors
    /// Fails if this step is out of turn.
    pub fn back(&self) -> Result<BatchView, Problem> {
        let stage = match self.view().stage {
            BatchStage::Choosing => BatchStage::Reading,
            BatchStage::SecretNeeded => BatchStage::Choosing,
            _ => return Err(ActError::NoWayBack.problem()),
        };
        self.work.lock().held = None;
        Ok(self.change(true, |view| (view.stage, view.now, view.at) = (stage, None, None)))
    }

    /// The person considers a key: what it or they cannot sign is marked before anything is.
    ///
    /// # Errors
    /// Fails if this step is out of turn.
    pub fn consider(&self, signer: &str, signer_id: &str) -> Result<BatchView, Problem> {
        self.at(BatchStage::Choosing)?;
        self.mark(signer, signer_id);
        self.notify(true);
        Ok(self.view())
    }

    /// The person has chosen. A key that asks for no secret signs at once.
    ///
    /// # Errors
    /// Fails if the choice is invalid, there is nothing left to sign, or the key cannot be opened;
    /// the list is unchanged.
    pub fn choose(&self, choice: CeremonyChoice) -> Result<BatchView, Problem> {
        let mut work = self.work.lock();
        self.at(BatchStage::Choosing)?;
        if choice.signer_id.trim().is_empty() {
            return Err(ActError::NoName.problem());
        }
        self.mark(&choice.signer, &choice.signer_id);
        if self.view().counts.ready == 0 {
            return Err(ActError::NothingToSign.problem());
        }
        let (key_id, key) = self.open_key(&choice.signer)?;
        // Those that are begun here ask for what policy does.
        let required = Requirements::of(None, &self.rules.policy, &self.rules.keyring);
        let terms = Terms { threshold: required.threshold, required_roles: required.roles };
        work.choice = Some(Choice {
            key_id,
            signer_id: choice.signer_id.clone(),
            role: choice.role,
            signed_at: self.rules.judge().now,
            payload: None,
            terms,
            evidence: Vec::new(),
        });
        work.key = Some(key);
        (work.opened, work.next) = (false, 0);
        self.cancelled.store(false, Ordering::Release);
        self.touches.store(0, Ordering::Release);
        self.touches_before.store(0, Ordering::Release);
        self.change(false, |view| {
            view.choice = Some(choice);
            view.turn = BatchTurn { done: 0, of: view.counts.ready };
            (view.notice, view.stopped) = (None, None);
        });
        Ok(self.go(&mut work))
    }

    /// Takes the secret. The right one signs at once.
    ///
    /// # Errors
    /// Fails if this step is out of turn, or if it would use the last attempt and that is not
    /// confirmed.
    pub fn secret(&self, secret: &SecretString, last: LastTry) -> Result<BatchView, Problem> {
        let mut work = self.work.lock();
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
    pub fn touch_again(&self) -> Result<BatchView, Problem> {
        let mut work = self.work.lock();
        match work.held.take() {
            Some((at, ceremony)) if ceremony.stage() == Stage::TouchMissed => {
                // The touches for this envelope are discarded.
                self.touches.store(self.touches_before.load(Ordering::Acquire), Ordering::Release);
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
            self.end(&mut work, None);
        }
    }

    /// After it was stopped: the rest can be signed. The secret is asked for again.
    ///
    /// # Errors
    /// Fails if this step is out of turn, or if nothing is left.
    pub fn go_on(&self) -> Result<BatchView, Problem> {
        self.at(BatchStage::Ended)?;
        {
            let mut progress = self.progress.lock();
            progress.set_all(BatchOutcome::NotReached, BatchOutcome::Ready);
            if progress.view.counts.ready == 0 {
                return Err(ActError::NothingLeft.problem());
            }
        }
        self.cancelled.store(false, Ordering::Release);
        Ok(self.change(true, |view| view.stage = BatchStage::Choosing))
    }

    /// Something was plugged in or pulled out: other keys can be chosen, and one that was chosen
    /// and is gone leads back to the choice.
    pub fn devices_changed(&self, devices: &Devices) {
        *self.devices.lock() = devices.clone();
        let keys = key_options(&self.profiles, devices, &self.rules, &[]);
        self.change(true, |view| view.keys = keys);
        // While the key signs, it reports its own removal.
        let Some(mut work) = self.work.try_lock() else { return };
        let signer = self.view().choice.map(|choice| choice.signer).unwrap_or_default();
        let locked = work.held.as_ref().and_then(|(_, ceremony)| ceremony.locked_key());
        if let Some(name) = locked.map(|(key, _)| key.name())
            && is_gone(&signer, devices)
        {
            work.held = None;
            self.change(true, |view| {
                (view.stage, view.now, view.at) = (BatchStage::Choosing, None, None);
                view.notice = Some(pulled_out(&name));
            });
        }
    }

    /// The keyring that it goes by.
    pub fn keyring(&self) -> &Keyring {
        &self.rules.keyring
    }

    /// Whether signing with the chosen key may use something that is plugged in.
    pub fn may_use_device(&self) -> bool {
        let choice = self.view().choice;
        choice.is_some_and(|choice| may_use_device(&choice.signer, &self.profiles))
    }

    fn open_key(&self, signer: &str) -> Result<(String, Key), Problem> {
        let devices = self.devices.lock().clone();
        open_key(signer, &self.view().keys, &self.profiles, &devices, &self.root)
    }

    /// Marks what a key or person has signed already.
    fn mark(&self, signer: &str, signer_id: &str) {
        let devices = self.devices.lock().clone();
        let keyring = &self.rules.keyring;
        let fingerprint = fingerprint_of(signer, &self.profiles, &devices, keyring);
        let mut progress = self.progress.lock();
        for at in 0..progress.entries.len() {
            let marked = progress.entries[at].marked(fingerprint, signer_id);
            if let Some((outcome, why)) = marked {
                progress.set(at, outcome, why);
            }
        }
        progress.view.terms = terms_of(&progress.entries);
    }

    /// Signs one envelope after another until the person is needed.
    fn go(&self, work: &mut Work) -> BatchView {
        loop {
            let next = self.progress.lock().next_ready(work.next);
            let Some(at) = next.filter(|_| !self.is_cancelled()) else { break };
            work.next = at + 1;
            let (Some(mut choice), Some(key)) = (work.choice.clone(), self.key(work)) else {
                return self.end(work, self.view().stopped);
            };
            choice.signed_at = self.rules.judge().now;
            let entry = self.progress.lock().entries[at].clone();
            self.show_at(&entry, at);
            let keyring = Arc::clone(&self.rules.keyring);
            let ceremony = Ceremony::begin(&entry.run, Scope::RunAndManifest, None, keyring);
            let mut ceremony = ceremony.recorded(Arc::clone(&self.recorder));
            if let Some(reading) = ceremony.reading()
                && let Err(error) = entry.check_same(reading)
            {
                ceremony.refuse(error);
            }
            let read = ceremony.have_read();
            match read {
                // That it is refused is its last state.
                Ok(()) => drop(ceremony.choose(key, choice)),
                Err(_) => work.key = Some(key),
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

    /// The key for the next envelope. A key that was lost before it was opened is opened again; a
    /// key whose secret was entered is not asked for it again.
    fn key(&self, work: &mut Work) -> Option<Key> {
        if let Some(key) = work.key.take() {
            return Some(key);
        }
        if work.opened {
            return None;
        }
        let signer = self.view().choice?.signer;
        match self.open_key(&signer) {
            Ok((_, key)) => Some(key),
            Err(failure) => {
                self.change(false, |view| view.stopped = Some(failure));
                None
            }
        }
    }

    /// Goes on with the ceremony of an envelope after the person gave the secret.
    fn proceed(&self, work: &mut Work, at: usize, ceremony: Ceremony) -> BatchView {
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
    fn sign(&self, work: &mut Work, at: usize, ceremony: Ceremony) -> BatchView {
        match self.sign_one(work, at, ceremony) {
            true => self.go(work),
            false => self.view(),
        }
    }

    /// Signs one envelope. Returns whether the rest can continue.
    fn sign_one(&self, work: &mut Work, at: usize, mut ceremony: Ceremony) -> bool {
        self.change(false, |view| view.stage = BatchStage::Signing);
        // That it is refused is its last state.
        let _ = ceremony.sign(self);
        if ceremony.stage() == Stage::TouchMissed {
            self.wait(work, at, ceremony);
            return false;
        }
        self.settle(work, at, ceremony)
    }

    /// Waits for the person: a secret, or another touch.
    fn wait(&self, work: &mut Work, at: usize, ceremony: Ceremony) -> BatchView {
        let now = CeremonyState::waiting(&ceremony);
        let stage = match ceremony.stage() {
            Stage::SecretNeeded => BatchStage::SecretNeeded,
            _ => BatchStage::Signing,
        };
        work.held = Some((at, ceremony));
        self.change(true, |view| (view.stage, view.now) = (stage, now))
    }

    /// Stores the result for an envelope, and takes the key back from it. Returns whether the rest
    /// can continue.
    fn settle(&self, work: &mut Work, at: usize, mut ceremony: Ceremony) -> bool {
        if let Some(key) = ceremony.take_key() {
            work.key = Some(key);
        }
        let (outcome, why, goes_on) = match ceremony.refusal() {
            None => (BatchOutcome::Written, None, true),
            Some(error) => {
                let failure = error.problem();
                match verdict_on(error) {
                    Refusal::ThisOne(outcome) => (outcome, Some(failure), true),
                    Refusal::Stopped => (BatchOutcome::NotReached, None, true),
                    Refusal::All => {
                        self.change(false, |view| view.stopped = Some(failure));
                        (BatchOutcome::NotReached, None, false)
                    }
                }
            }
        };
        let run = self.progress.lock().entries[at].run.clone();
        if outcome == BatchOutcome::Written {
            self.note(&ceremony.remarks());
            let rules = &self.rules;
            let (_, verdict) = judge_file(&run, &self.root, &rules.judge(), &rules.logs);
            self.progress.lock().entries[at].judged(&verdict);
            (self.listener)(BatchNews::Written(&run));
        }
        self.touches_before.store(self.touches.load(Ordering::Acquire), Ordering::Release);
        {
            let mut progress = self.progress.lock();
            progress.set(at, outcome, why);
            progress.view.turn.done += u32::from(outcome != BatchOutcome::NotReached);
        }
        self.notify(false);
        if !goes_on {
            self.end(work, self.view().stopped);
        }
        goes_on
    }

    /// Adds to what a person should know of what was written, each thing once.
    fn note(&self, notes: &[String]) {
        self.change(false, |view| {
            let mut notice = view.notice.take().unwrap_or_default();
            for note in notes.iter().map(|note| countersign_problem::visible::visible(note)) {
                if !notice.contains(&note) {
                    notice = [notice.as_str(), note.as_str()].join(" ").trim().to_owned();
                }
            }
            view.notice = Some(notice).filter(|notice| !notice.is_empty());
        });
    }

    /// The end of a turn. A token is let go, and forgets its PIN.
    fn end(&self, work: &mut Work, stopped: Option<Problem>) -> BatchView {
        (work.key, work.held) = (None, None);
        self.progress.lock().set_all(BatchOutcome::Ready, BatchOutcome::NotReached);
        self.change(true, |view| {
            (view.stage, view.stopped) = (BatchStage::Ended, stopped);
            (view.at, view.now) = (None, None);
        })
    }

    fn at(&self, stage: BatchStage) -> Result<(), Problem> {
        match self.view().stage == stage {
            true => Ok(()),
            false => Err(ActError::OutOfTurn.problem()),
        }
    }

    fn show_at(&self, entry: &Entry, at: usize) {
        let row = entry.row(count(at));
        self.change(false, |view| {
            view.artifacts = entry.artifacts.clone();
            (view.at, view.now) = (Some(row), None);
        });
    }

    /// Changes the view and notifies the listener: at once if `must`, otherwise at a limited rate.
    fn change(&self, must: bool, change: impl FnOnce(&mut BatchView)) -> BatchView {
        change(&mut self.progress.lock().view);
        self.notify(must);
        self.view()
    }

    fn notify(&self, must: bool) {
        // Locked during the notification, so that the last one has the current view, whichever
        // thread sends it.
        let mut notified = self.notified.lock();
        let view = {
            let mut progress = self.progress.lock();
            progress.count();
            let now = Clock::now();
            if !must && notified.is_some_and(|notified| now.duration_since(notified) < OFTEN) {
                return;
            }
            *notified = Some(now);
            progress.view.clone()
        };
        (self.listener)(BatchNews::Changed(&view));
    }

    fn about(&self) -> String {
        let view = self.progress.lock();
        let chosen = view.view.choice.as_ref().map(|choice| choice.signer.as_str());
        let key = view.view.keys.iter().find(|key| Some(key.signer.as_str()) == chosen);
        key.map(|key| key.about.clone()).unwrap_or_default()
    }
}

/// What the refusal of one envelope means for the others.
enum Refusal {
    /// Nothing.
    ThisOne(BatchOutcome),
    /// The person stopped: it is as if it had not been begun.
    Stopped,
    /// None of them can be signed so.
    All,
}

fn verdict_on(error: &SigningError) -> Refusal {
    match error {
        SigningError::Cancelled | SigningError::Signer(SignerError::Cancelled) => Refusal::Stopped,
        // A command answers for one signature; what goes wrong with a key is not tried on another.
        SigningError::Signer(SignerError::External(_) | SignerError::TooLong { .. }) => {
            Refusal::ThisOne(BatchOutcome::Failed)
        }
        SigningError::Signer(_)
        | SigningError::NotAccepted { .. }
        | SigningError::NoForm
        | SigningError::Journal(_) => Refusal::All,
        SigningError::SameKey { .. } | SigningError::SameSigner { .. } => {
            Refusal::ThisOne(BatchOutcome::LeftOut)
        }
        _ => Refusal::ThisOne(BatchOutcome::Failed),
    }
}

impl Attend for Batch {
    fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Acquire)
    }

    fn waiting(&self, what: Waiting) {
        let now = CeremonyState::signing(what, self.about(), |seconds| {
            let touch = self.touches.fetch_add(1, Ordering::AcqRel) + 1;
            let progress = self.progress.lock();
            let before = self.touches_before.load(Ordering::Acquire);
            let at = progress.view.at.as_ref().map_or(0, |row| row.at as usize);
            let left: u32 = progress.ready_from(at).map(|entry| count(entry.artifacts.len())).sum();
            CeremonyState::TouchNeeded { seconds, touch, of: (before + left).max(touch) }
        });
        // What a key waits for may take long, so the listener is notified at once.
        self.change(true, |view| view.now = Some(now));
    }
}

impl Attendance for Batch {
    fn stage(&self, stage: Stage) {
        let now = match stage {
            Stage::Signing => {
                CeremonyState::Signing { about: self.about(), asks: None, seconds: None }
            }
            Stage::Verifying => CeremonyState::Verifying,
            Stage::Writing => CeremonyState::Writing,
            _ => return,
        };
        self.change(false, |view| view.now = Some(now));
    }
}

impl BatchProgress {
    fn set(&mut self, at: usize, outcome: BatchOutcome, why: Option<Problem>) {
        if let Some(entry) = self.entries.get_mut(at) {
            self.view.counts.add(entry.outcome, -1);
            self.view.counts.add(outcome, 1);
            (entry.outcome, entry.why) = (outcome, why);
        }
    }

    fn set_all(&mut self, from: BatchOutcome, to: BatchOutcome) {
        for at in 0..self.entries.len() {
            if self.entries[at].outcome == from {
                self.set(at, to, None);
            }
        }
    }

    fn next_ready(&self, from: usize) -> Option<usize> {
        let entries = self.entries.get(from..)?;
        let ready = entries.iter().position(|entry| entry.outcome == BatchOutcome::Ready)?;
        Some(from + ready)
    }

    fn ready_from(&self, at: usize) -> impl Iterator<Item = &Entry> {
        let ready = |entry: &&Entry| entry.outcome == BatchOutcome::Ready;
        self.entries.iter().skip(at).filter(ready)
    }

    /// Counts those that have come since, and names the act.
    fn count(&mut self) {
        let view = &mut self.view;
        let counted = view.counts.all() as usize;
        for entry in self.entries.iter().skip(counted) {
            view.counts.add(entry.outcome, 1);
        }
        let envelopes = match view.stage {
            BatchStage::Gathering => view.total,
            BatchStage::SecretNeeded | BatchStage::Signing | BatchStage::Ended => view.turn.of,
            _ => view.counts.ready,
        };
        let verb = if view.terms.iter().all(|one| one.signed) { "Co-sign" } else { "Sign" };
        let what = if envelopes == 1 { "envelope" } else { "envelopes" };
        let role = view.choice.as_ref().map(|choice| format!(" as {}", choice.role));
        view.act = format!("{verb} {envelopes} {what}{}", role.unwrap_or_default());
    }
}

impl BatchCounts {
    fn all(self) -> u32 {
        self.ready + self.left_out + self.written + self.failed + self.not_reached
    }

    fn add(&mut self, outcome: BatchOutcome, by: i32) {
        let count = match outcome {
            BatchOutcome::Ready => &mut self.ready,
            BatchOutcome::LeftOut => &mut self.left_out,
            BatchOutcome::Written => &mut self.written,
            BatchOutcome::Failed => &mut self.failed,
            BatchOutcome::NotReached => &mut self.not_reached,
        };
        *count = count.saturating_add_signed(by);
    }
}

/// The terms of the envelopes that will be signed, the most frequent first.
fn terms_of(entries: &[Entry]) -> Vec<BatchTerms> {
    let mut all: Vec<BatchTerms> = Vec::new();
    for entry in entries.iter().filter(|entry| entry.outcome == BatchOutcome::Ready) {
        let (terms, signed) = (&entry.terms, entry.signed);
        match all.iter_mut().find(|one| one.terms == *terms && one.signed == signed) {
            Some(one) => one.envelopes += 1,
            None => all.push(BatchTerms { terms: terms.clone(), signed, envelopes: 1 }),
        }
    }
    all.sort_by_key(|one| std::cmp::Reverse(one.envelopes));
    all
}
