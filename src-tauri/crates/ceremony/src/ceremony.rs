//! The ceremony: one act of signing, as a person goes through it.
//!
//! A state machine. The window, the command line and the tests drive the same one; what they cannot
//! do is take a step out of its turn, sign what was not read, or write what does not verify.
//!
//! ```text
//! reading ⇄ choosing ⇄ secret needed → signing (touch needed ⇄ touch missed) → verifying → writing → done
//!    └──────────┴────────────┴────────────┴─────────────────────────┴─────────────┴──→ refused
//! ```

use countersign_problem::{Problem, Words};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use countersign_admissibility::keyring::Keyring;
use countersign_envelope::vocabulary;
use countersign_signers::{Attend, Key, LockedKey, Signer, SignerError, Waiting};
use secrecy::SecretString;

use crate::kept_pin;
use crate::signing::{self, Choice, Reading, Scope, SeenChains, SigningError};
use crate::to_sign::{Acted, ToSign, key_facts};
use countersign_journal::{Event, NoRecord, Recorder, Subject};
use countersign_store::safe_write::notice::{self, DiskNotice};

vocabulary! {
    /// The stage of a ceremony.
    Stage {
        /// The person reads what they would sign.
        Reading = "reading",
        /// The person chooses key, name and role.
        Choosing = "choosing",
        /// The key asks for its passphrase or PIN.
        SecretNeeded = "secret_needed",
        /// The key waits to be touched.
        TouchNeeded = "touch_needed",
        /// The key was not touched in time; the person may try again.
        TouchMissed = "touch_missed",
        /// The key is open, or signs.
        Signing = "signing",
        /// The signatures are verified.
        Verifying = "verifying",
        /// The signatures are written.
        Writing = "writing",
        /// The signatures are in their files.
        Done = "done",
        /// Nothing was written.
        Refused = "refused",
    }
}

/// Why a step was refused. The ceremony is unchanged.
#[derive(Debug, Problem)]
#[non_exhaustive]
pub enum CeremonyError {
    /// The step belongs to another stage.
    OutOfTurn {
        /// The stage.
        stage: Stage,
        /// The step that was requested, as the catalogue names it.
        step: &'static str,
    },
    /// A wrong secret would lock the key, and the person has not confirmed using the last attempt.
    LastTry(&'static str),
    /// The ceremony has ended without a signature.
    #[problem(transparent)]
    Refused(Arc<SigningError>),
}

/// Whether a person knows that a wrong secret now would lock the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LastTry {
    /// Not confirmed.
    NotConfirmed,
    /// Confirmed.
    Confirmed,
}

/// Attends the signing: can cancel it, and is notified of every stage.
pub trait Attendance: Attend {
    /// The ceremony has come to another stage.
    fn stage(&self, _stage: Stage) {}
}

impl Attendance for countersign_signers::Unattended {}

/// A key with what a person chose to sign with it.
struct Chosen<K> {
    key: K,
    choice: Choice,
}

enum State<R> {
    Reading(R),
    Choosing(R),
    SecretNeeded(R, Chosen<Box<dyn LockedKey>>, Option<SignerError>),
    /// Open, and waiting for the word to sign.
    Signing(R, Chosen<OpenKey>),
    /// Open still, after no touch came.
    TouchMissed(R, Chosen<OpenKey>, SignerError),
    Done(Vec<PathBuf>, Option<Key>),
    /// With the key, if nothing speaks against using it for something else.
    Refused(Arc<SigningError>, Option<Key>),
}

type OpenKey = Box<dyn Signer + Send>;

/// The result of a step: another state, or the same one if the step was out of turn.
enum Turn<R> {
    Taken(State<R>),
    Out(State<R>),
}

/// One act of signing: of an envelope, or of something else that is [`ToSign`].
pub struct Ceremony<R: ToSign = Reading> {
    keyring: Arc<Keyring>,
    /// The file that was named.
    path: PathBuf,
    recorder: Arc<dyn Recorder>,
    state: State<R>,
    /// What happened to evidence that proves nothing here, once the signatures are written.
    notes: Vec<Words>,
}

impl Ceremony {
    /// Reads what will be signed: see [`signing::read`]. If it must not be signed, the ceremony is
    /// refused at once.
    pub fn begin(
        path: &Path,
        scope: Scope,
        signatures: Option<&Path>,
        keyring: Arc<Keyring>,
    ) -> Self {
        let state = match signing::read(path, scope, signatures) {
            Ok(reading) => match reading.existing() {
                // Signature files that cannot be added to are reported before the person reads.
                Ok(_) => State::Reading(reading),
                Err(error) => refused(error, None),
            },
            Err(error) => refused(error, None),
        };
        Self {
            keyring,
            path: path.to_owned(),
            recorder: Arc::new(NoRecord),
            state,
            notes: Vec::new(),
        }
    }

    /// Takes note of how far log and ledger go, which the claim will say was seen.
    #[must_use]
    pub fn seeing(mut self, chains: SeenChains) -> Self {
        if let State::Reading(reading) = &mut self.state {
            reading.see(chains);
        }
        self
    }

    /// Keeps a record from here on. If that fails, the ceremony is refused: nothing is signed that
    /// cannot be journalled.
    #[must_use]
    pub fn recorded(mut self, recorder: Arc<dyn Recorder>) -> Self {
        self.recorder = recorder;
        let file = self.path.display().to_string();
        let artifacts = self.reading().map(subjects).unwrap_or_default();
        let begun = self.recorder.record(&Event::CeremonyBegun { file, artifacts });
        match (&self.state, begun) {
            (State::Refused(error, _), _) => self.note(&error.event()),
            (_, Err(error)) => self.state = refused(SigningError::Journal(error), None),
            (_, Ok(())) => {}
        }
        self
    }

    /// All that a person should know of what was written: the notes, and what the reference's tool
    /// makes of it.
    pub fn remarks(&self) -> Vec<Words> {
        let written = self.written().unwrap_or_default();
        self.notes.iter().cloned().chain(signing::notes(written)).collect()
    }
}

impl<R: ToSign> Ceremony<R> {
    /// Begins over something that the person has read, with a record: the key is to be chosen.
    pub fn over(read: R, path: &Path, keyring: Arc<Keyring>, recorder: Arc<dyn Recorder>) -> Self {
        let state = State::Choosing(read);
        Self { keyring, path: path.to_owned(), recorder, state, notes: Vec::new() }
    }

    /// The current stage.
    pub fn stage(&self) -> Stage {
        match &self.state {
            State::Reading(_) => Stage::Reading,
            State::Choosing(_) => Stage::Choosing,
            State::SecretNeeded(..) => Stage::SecretNeeded,
            State::Signing(..) => Stage::Signing,
            State::TouchMissed(..) => Stage::TouchMissed,
            State::Done(..) => Stage::Done,
            State::Refused(..) => Stage::Refused,
        }
    }

    /// What was read, while it is not signed yet.
    pub fn reading(&self) -> Option<&R> {
        match &self.state {
            State::Reading(reading) | State::Choosing(reading) => Some(reading),
            State::SecretNeeded(reading, ..) | State::Signing(reading, _) => Some(reading),
            State::TouchMissed(reading, ..) => Some(reading),
            State::Done(..) | State::Refused(..) => None,
        }
    }

    /// The person's choice, once made.
    pub fn choice(&self) -> Option<&Choice> {
        match &self.state {
            State::SecretNeeded(_, chosen, _) => Some(&chosen.choice),
            State::Signing(_, chosen) | State::TouchMissed(_, chosen, _) => Some(&chosen.choice),
            _ => None,
        }
    }

    /// The key that asks for a secret, and why the last one was not taken.
    pub fn locked_key(&self) -> Option<(&dyn LockedKey, Option<&SignerError>)> {
        match &self.state {
            State::SecretNeeded(_, chosen, problem) => {
                Some((chosen.key.as_ref(), problem.as_ref()))
            }
            _ => None,
        }
    }

    /// Why the person may repeat the touch.
    pub fn missed_touch(&self) -> Option<&SignerError> {
        match &self.state {
            State::TouchMissed(.., problem) => Some(problem),
            _ => None,
        }
    }

    /// What happened to evidence that proves nothing here, as sentences; empty until the signatures
    /// are written.
    pub fn notes(&self) -> &[Words] {
        &self.notes
    }

    /// The files written, once done.
    pub fn written(&self) -> Option<&[PathBuf]> {
        match &self.state {
            State::Done(written, _) => Some(written),
            _ => None,
        }
    }

    /// Why it was refused, if it was.
    pub fn refusal(&self) -> Option<&Arc<SigningError>> {
        match &self.state {
            State::Refused(error, _) => Some(error),
            _ => None,
        }
    }

    /// The key, once the ceremony has ended: to sign the next envelope with, or to be let go. An open
    /// token is held, and its PIN verified, until then. A key that was refused before its secret was
    /// asked for is as locked as before.
    pub fn take_key(&mut self) -> Option<Key> {
        match &mut self.state {
            State::Done(_, key) | State::Refused(_, key) => key.take(),
            _ => None,
        }
    }

    /// The person has read what they would sign.
    ///
    /// # Errors
    /// Fails if this step is out of turn; or if a file has changed since, which ends the ceremony.
    pub fn have_read(&mut self) -> Result<(), CeremonyError> {
        self.step("go-on", |state, _| match state {
            State::Reading(reading) => Turn::Taken(match reading.check_unchanged() {
                Ok(()) => State::Choosing(reading),
                Err(error) => refused(error, None),
            }),
            other => Turn::Out(other),
        })
    }

    /// The person has chosen a key, their name and role, and the terms.
    ///
    /// # Errors
    /// Fails if this step is out of turn; or if this key may not sign this, or a file has changed,
    /// either of which ends the ceremony.
    pub fn choose(&mut self, key: Key, choice: Choice) -> Result<(), CeremonyError> {
        if self.stage() == Stage::Choosing {
            let (facts, locked) = match &key {
                Key::Ready(key) => (key_facts(Some(key.as_ref()), &choice), None),
                Key::Locked(key) => (key_facts(None, &choice), Some(key.name().to_string())),
            };
            self.note(&Event::KeyChosen { key: facts, locked });
        }
        let chosen = self.step("take-key", |state, keyring| match (state, key) {
            (State::Choosing(reading), Key::Ready(key)) => {
                Turn::Taken(match reading.check_places() {
                    Ok(()) => opened(reading, Chosen { key, choice }, keyring),
                    Err(error) => refused(error, Some(Key::Ready(key))),
                })
            }
            (State::Choosing(reading), Key::Locked(key)) => {
                let chosen = Chosen { key, choice };
                Turn::Taken(match may_unlock(&reading, &chosen, keyring) {
                    Ok(()) => State::SecretNeeded(reading, chosen, None),
                    Err(error) => refused(error, Some(Key::Locked(chosen.key))),
                })
            }
            (other, _) => Turn::Out(other),
        });
        if let Some((key, None)) = self.locked_key().filter(|_| chosen.is_ok()) {
            let (secret, tries_left) = (key.secret().as_str(), key.tries_left());
            self.note(&Event::SecretAsked { secret, tries_left });
        }
        chosen.and_then(|()| self.use_kept_pin())
    }

    /// Gives the key the PIN that is kept for it, if it may be used without a person. What speaks
    /// against that is told as of a wrong secret, and a person may give the PIN.
    fn use_kept_pin(&mut self) -> Result<(), CeremonyError> {
        let take = |(key, _)| kept_pin::take(key, |event| self.note(event));
        match self.locked_key().and_then(take) {
            None => {}
            Some(Ok(pin)) => return self.secret(&pin, LastTry::NotConfirmed),
            Some(Err(error)) => {
                if let State::SecretNeeded(.., problem) = &mut self.state {
                    *problem = Some(error);
                }
            }
        }
        Ok(())
    }

    /// Takes the secret. [`Self::locked_key`] reports a wrong one, and the person may try again;
    /// the program never does.
    ///
    /// # Errors
    /// Fails if this step is out of turn; if one attempt is left and that is not confirmed; or if
    /// this key may not sign this, which ends the ceremony. Everything that can be checked without
    /// the secret is checked before it is used.
    pub fn secret(&mut self, secret: &SecretString, last: LastTry) -> Result<(), CeremonyError> {
        if let Some((key, _)) = self.locked_key()
            && key.tries_left() == Some(1)
        {
            let secret = key.secret().as_str();
            if last == LastTry::NotConfirmed {
                self.note(&Event::LastTryHeld { secret });
                return Err(CeremonyError::LastTry(secret));
            }
            self.note(&Event::LastTry { secret });
        }
        let taken = self.step("take-secret", |state, keyring| match state {
            State::SecretNeeded(reading, mut chosen, _) => {
                // The person may have taken their time: files and signatures may be others by now.
                if let Err(error) = may_unlock(&reading, &chosen, keyring) {
                    return Turn::Taken(refused(error, Some(Key::Locked(chosen.key))));
                }
                Turn::Taken(match chosen.key.unlock(secret) {
                    Ok(key) => {
                        let chosen = Chosen { key, choice: chosen.choice };
                        opened(reading, chosen, keyring)
                    }
                    Err(problem) => State::SecretNeeded(reading, chosen, Some(problem)),
                })
            }
            other => Turn::Out(other),
        });
        match &self.state {
            State::SecretNeeded(_, chosen, Some(problem)) if taken.is_ok() => {
                self.note(&Event::of_secret(problem, chosen.key.tries_left()));
            }
            State::Signing(_, chosen) if taken.is_ok() => {
                let key = key_facts(Some(chosen.key.as_ref()), &chosen.choice);
                self.note(&Event::KeyOpened { key });
            }
            _ => {}
        }
        taken
    }

    /// One step back: to the choice of the key, or to what is read.
    ///
    /// # Errors
    /// Fails if this step is out of turn: once the key is open, the only way back is to cancel.
    pub fn back(&mut self) -> Result<(), CeremonyError> {
        self.step("go-back", |state, _| match state {
            State::Choosing(reading) => Turn::Taken(State::Reading(reading)),
            State::SecretNeeded(reading, ..) => Turn::Taken(State::Choosing(reading)),
            other => Turn::Out(other),
        })
    }

    /// The key that was chosen is not there any more: back to the choice, as long as nothing has
    /// been sent to it.
    ///
    /// # Errors
    /// Fails if this step is out of turn: an open key reports its removal when it is used.
    pub fn unplugged(&mut self) -> Result<(), CeremonyError> {
        self.step("choose-again", |state, _| match state {
            State::SecretNeeded(reading, ..) => Turn::Taken(State::Choosing(reading)),
            other => Turn::Out(other),
        })
    }

    /// Signs, verifies and writes; after a missed touch, again. Cancelling works until the writing
    /// begins; from then on the act is completed.
    ///
    /// # Errors
    /// Fails if this step is out of turn; or if nothing was written, which ends the ceremony. A
    /// missed touch does not end it.
    pub fn sign(&mut self, attendance: &dyn Attendance) -> Result<&[PathBuf], CeremonyError> {
        let recorder = Arc::clone(&self.recorder);
        let mut notes = Vec::new();
        let taken = self.step("sign", |state, keyring| match state {
            State::Signing(reading, chosen) | State::TouchMissed(reading, chosen, _) => {
                let Chosen { key: mut signer, choice } = chosen;
                let key = key_facts(Some(signer.as_ref()), &choice);
                if let Err(error) = recorder.record(&reading.attempted(key, &choice)) {
                    let key = Some(Key::Ready(signer));
                    return Turn::Taken(refused(SigningError::Journal(error), key));
                }
                Turn::Taken(match reading.act(signer.as_mut(), &choice, keyring, attendance) {
                    Ok(acted) => {
                        recorder.keep_claims(&acted.claims);
                        // What holds the key may have shown only while it signed.
                        let key = key_facts(Some(signer.as_ref()), &choice);
                        // It is written; the attempt was journalled before.
                        let done = reading.done(key, &choice, keyring, &acted);
                        if let Err(error) = recorder.record(&done) {
                            notice::notify(&DiskNotice::NotJournalled { why: error.into() });
                        }
                        let Acted { written, remarks, .. } = acted;
                        notes = remarks;
                        State::Done(written, Some(Key::Ready(signer)))
                    }
                    Err(SigningError::Signer(problem @ SignerError::NotTouched(_))) => {
                        let _ = recorder.record(&Event::TouchMissed { words: problem.to_string() });
                        State::TouchMissed(reading, Chosen { key: signer, choice }, problem)
                    }
                    // What went wrong with a token or its PIN is not tried on the next envelope.
                    Err(
                        error @ SigningError::Signer(
                            SignerError::Pin(_)
                            | SignerError::Token(_)
                            | SignerError::Login(_)
                            | SignerError::Module(_),
                        ),
                    ) => refused(error, None),
                    Err(error) => refused(error, Some(Key::Ready(signer))),
                })
            }
            other => Turn::Out(other),
        });
        self.notes = notes;
        attendance.stage(self.stage());
        taken.map(|()| self.written().unwrap_or_default())
    }

    /// Cancels. Nothing was written; a ceremony that has ended is unchanged.
    pub fn cancel(&mut self) {
        if !matches!(self.state, State::Done(..) | State::Refused(..)) {
            self.state = refused(SigningError::Cancelled, None);
            self.note(&Event::BrokenOff);
        }
    }

    /// Ends the ceremony if what was read differs from what the person was shown before.
    pub(crate) fn refuse(&mut self, error: SigningError) {
        if self.reading().is_some() {
            self.note(&error.event());
            self.state = refused(error, None);
        }
    }

    /// Records what needs no journal to happen: nothing is signed by it.
    fn note(&self, event: &Event) {
        let _ = self.recorder.record(event);
    }

    /// Cancels after a refused secret, with the reason for the refusal.
    pub fn give_up(&mut self) -> Option<SignerError> {
        let State::SecretNeeded(.., problem) = &mut self.state else { return None };
        let problem = problem.take();
        self.cancel();
        problem
    }

    /// Takes one step. A step out of turn leaves the ceremony unchanged.
    fn step(
        &mut self,
        step: &'static str,
        take: impl FnOnce(State<R>, &Keyring) -> Turn<R>,
    ) -> Result<(), CeremonyError> {
        let ended = matches!(self.state, State::Done(..) | State::Refused(..));
        let held = std::mem::replace(&mut self.state, refused(SigningError::Cancelled, None));
        let (state, in_turn) = match take(held, &self.keyring) {
            Turn::Taken(next) => (next, true),
            Turn::Out(same) => (same, false),
        };
        self.state = state;
        match &self.state {
            State::Refused(error, _) => {
                if !ended {
                    self.note(&error.event());
                }
                Err(CeremonyError::Refused(Arc::clone(error)))
            }
            _ if in_turn => Ok(()),
            _ => Err(CeremonyError::OutOfTurn { stage: self.stage(), step }),
        }
    }
}

fn refused<R>(error: SigningError, key: Option<Key>) -> State<R> {
    State::Refused(Arc::new(error), key)
}

/// A ceremony that is dropped before its end counts as cancelled.
impl<R: ToSign> Drop for Ceremony<R> {
    fn drop(&mut self) {
        self.cancel();
    }
}

/// The files to be signed, for the journal.
pub(crate) fn subjects(reading: &Reading) -> Vec<Subject> {
    let subject = |one: signing::ReadArtifact<'_>| Subject {
        file: one.path.display().to_string(),
        payload_type: one.payload_type,
        digest: one.artifact.canonical().digest().to_string(),
    };
    reading.artifacts().map(subject).collect()
}

/// Whether to ask a key for its secret: not if it could sign nothing here anyway.
fn may_unlock(
    reading: &impl ToSign,
    chosen: &Chosen<Box<dyn LockedKey>>,
    keyring: &Keyring,
) -> Result<(), SigningError> {
    reading.check_unchanged()?;
    let known = chosen.choice.known(chosen.key.as_ref(), keyring);
    let (companion, algorithm) = (chosen.key.companion_key(), known.map(|key| key.algorithm));
    chosen.choice.check_companion(companion, algorithm, keyring)?;
    reading.check_locked(chosen.key.as_ref(), &chosen.choice, keyring)?;
    reading.check_places()
}

/// With an open key it is known whether it may sign, before it does.
fn opened<R: ToSign>(reading: R, chosen: Chosen<OpenKey>, keyring: &Keyring) -> State<R> {
    let (companion, algorithm) = (chosen.key.companion_key(), chosen.key.algorithm());
    let checked = chosen
        .choice
        .check_companion(companion, Some(algorithm), keyring)
        .and_then(|()| reading.check_signer(chosen.key.as_ref(), &chosen.choice, keyring))
        .and_then(|()| reading.check_unchanged());
    match checked {
        Ok(()) => State::Signing(reading, chosen),
        Err(error) => refused(error, Some(Key::Ready(chosen.key))),
    }
}

/// Passes on reports from the signer, and names the stage of a touch.
pub(crate) struct Reporter<'a>(pub &'a dyn Attendance);

impl Attend for Reporter<'_> {
    fn is_cancelled(&self) -> bool {
        self.0.is_cancelled()
    }

    fn waiting(&self, what: Waiting) {
        match what {
            Waiting::Touch { .. } => self.0.stage(Stage::TouchNeeded),
            Waiting::Nothing => self.0.stage(Stage::Signing),
            Waiting::Token { .. }
            | Waiting::OwnPad { .. }
            | Waiting::Command { .. }
            | Waiting::Agent { .. } => {}
        }
        self.0.waiting(what);
    }

    fn heard(&self, command: &str, output: &str) {
        self.0.heard(command, output);
    }
}
