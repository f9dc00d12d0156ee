//! A ceremony in the window: the machine of [`crate::ceremony`], the envelope, and the choices of
//! the person. Listeners are notified of every change.

use countersign_problem::{Explain as _, Problem};
use parking_lot::Mutex;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use countersign_admissibility::Verdict;
use countersign_admissibility::keyring::{Key as KeyringKey, Keyring};
use countersign_admissibility::level::Level;
use countersign_admissibility::policy::{Assurance, Policy, Trust};
use countersign_admissibility::quorum::Requirements;
use countersign_admissibility::signatures::Standing;
use countersign_envelope::digest::Digest;
use countersign_envelope::instant::Instant;
use countersign_envelope::person::Person;
use countersign_envelope::public_key::PublicKey;
use countersign_envelope::signature::{Algorithm, PayloadType, Role, SignerType};
use countersign_envelope::signature_file::{SignatureFile, Terms};
use countersign_problem::visible::visible;
use countersign_signers::devices::Devices;
use countersign_signers::pkcs11::signer::Pkcs11Key;
use countersign_signers::{Attend, Key, Waiting};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use crate::act_error::ActError;
use crate::ceremony::{Attendance, Ceremony, CeremonyError, LastTry, Stage};
use crate::desk::SigningDesk;
use crate::devices::{self, DeviceKey};
use crate::signer_profile::SignerProfile;
use crate::signing::{Choice, Reading, Scope};
use crate::tokens;
use countersign_envelope::count::count;
use countersign_index::queue::Context;
use countersign_store::envelope_files::EnvelopeFiles;
use countersign_store::judgement::judge_file;
use countersign_store::reading::name_of;
use countersign_views::{
    AttestationView, ContentView, ManifestView, RawLines, RawPart, RawText, SignatureView,
    signature_views, warnings,
};

/// A ceremony as it is shown.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct CeremonyView {
    /// Tells one ceremony from the next.
    pub id: u32,
    /// The envelope's id in the queue.
    pub envelope: u32,
    /// The name of the act: `Co-sign DEC-014 as witness`.
    pub act: String,
    /// What was decided; null if it cannot be read.
    pub content: Option<ContentView>,
    /// The manifest; null if no manifest is signed.
    pub manifest: Option<ManifestView>,
    /// The files that are signed.
    pub artifacts: Vec<ArtifactView>,
    /// What should be known before signing.
    pub warnings: Vec<String>,
    /// Who has signed already.
    pub signatures: Vec<SignatureView>,
    /// The person's choice, once made.
    pub choice: Option<CeremonyChoice>,
    /// The terms of the envelope.
    pub terms: TermsView,
    /// The keys to choose from; they come and go with what is plugged in.
    pub keys: Vec<KeyOption>,
    /// An event that the person did not cause.
    pub notice: Option<String>,
    /// The current state.
    pub state: CeremonyState,
}

/// What a person reads of an envelope before they sign it.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct ReadingView {
    /// What was decided; null if it cannot be read.
    pub content: Option<ContentView>,
    /// The manifest; null if no manifest is signed.
    pub manifest: Option<ManifestView>,
    /// The files that are signed.
    pub artifacts: Vec<ArtifactView>,
    /// What should be known before signing.
    pub warnings: Vec<String>,
    /// Who has signed already.
    pub signatures: Vec<SignatureView>,
    /// The terms of the envelope.
    pub terms: TermsView,
}

/// One file that is signed.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct ArtifactView {
    /// Run or manifest.
    pub part: RawPart,
    /// Its name.
    pub name: String,
    /// SHA-256 of its canonical bytes, 64 hex digits.
    pub digest: String,
    /// Its size in bytes.
    pub bytes: u32,
    /// How many lines it is shown in.
    pub lines: u32,
    /// How many bytes its canonical form has.
    pub canonical_bytes: u32,
}

/// The terms of an envelope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct TermsView {
    /// How many signatures.
    pub threshold: u32,
    /// By whom at least.
    pub required_roles: Vec<Role>,
    /// Whether the terms are fixed already, or not set by this signature.
    pub fixed: bool,
}

/// A key to choose.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct KeyOption {
    /// The name of its signer profile; of a key on a token, which token and slot:
    /// `piv:12345678:9c`.
    pub signer: String,
    /// What holds it.
    pub kind: SignerType,
    /// A description.
    pub about: String,
    /// Its id.
    pub key_id: String,
    /// Its owner.
    pub signer_id: String,
    /// The roles that it may sign in.
    pub roles: Vec<Role>,
    /// Whether the keyring knows it.
    pub known: bool,
    /// How it signs.
    pub algorithm: Algorithm,
    /// What it asks for.
    pub asks: String,
    /// The token and slot that hold it: `YubiKey 12345678 · slot 9c`.
    pub device: Option<String>,
    /// Whether the token is software that plays one.
    pub virtual_card: bool,
    /// How many attempts its PIN has left.
    pub tries_left: Option<u8>,
    /// What should be known of the token.
    pub warnings: Vec<String>,
    /// What its attestation proves; null if it has none.
    pub attestation: Option<AttestationView>,
    /// Why it cannot sign this.
    pub problem: Option<String>,
}

/// A person's choice.
#[derive(Debug, Clone, Serialize, Deserialize, specta::Type)]
pub struct CeremonyChoice {
    /// The key, as its option names it.
    pub signer: String,
    /// Who signs.
    pub signer_id: String,
    /// In which role.
    pub role: Role,
    /// How many signatures the envelope requires, if this is the first.
    pub threshold: u32,
    /// Roles that the envelope requires, if this is the first signature.
    pub required_roles: Vec<Role>,
}

/// The state of a ceremony, with everything a person needs to know in it.
#[derive(Debug, Clone, Serialize, specta::Type)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum CeremonyState {
    /// The person reads.
    Reading,
    /// The person chooses.
    Choosing,
    /// The key asks for its secret.
    SecretNeeded {
        /// What it asks for.
        secret: String,
        /// The key, as a person calls it.
        of: String,
        /// How many attempts are left, if they are counted.
        tries_left: Option<u8>,
        /// The form of the secret, if that is known before it is tried.
        rule: Option<String>,
        /// Whether no attempt is left.
        blocked: bool,
        /// Why the last one was not taken.
        problem: Option<String>,
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
        problem: String,
    },
    /// The key signs.
    Signing {
        /// The key, as a person calls it.
        about: String,
        /// What it may ask of the person during this, in words.
        asks: Option<String>,
        /// After how many seconds it is ended.
        seconds: Option<u32>,
    },
    /// The signatures are verified.
    Verifying,
    /// The signatures are written.
    Writing,
    /// The signatures are written.
    Done {
        /// The files written.
        written: Vec<String>,
        /// The level before.
        level_before: Option<u8>,
        /// The level now.
        level: Option<u8>,
        /// How well it is known that hardware or an external signer signed.
        assurance: Option<Assurance>,
        /// What the next level needs.
        missing: Option<String>,
    },
    /// Nothing was written.
    Refused {
        /// Why.
        failure: Problem,
    },
}

type Listener = Arc<dyn Fn(&CeremonyView) + Send + Sync>;

/// One ceremony, from its reading to its end.
pub struct Session {
    run: PathBuf,
    root: PathBuf,
    rules: Arc<Context>,
    profiles: Vec<SignerProfile>,
    devices: Mutex<Devices>,
    /// How many touches were requested in this attempt.
    touches: AtomicU32,
    raw: Raw,
    level_before: Option<Level>,
    /// Held through the whole of a signing; nothing that must answer at once waits for it.
    ceremony: Mutex<Ceremony>,
    view: Mutex<CeremonyView>,
    cancelled: AtomicBool,
    listener: Listener,
}

impl Session {
    /// Begins a ceremony with its own id and the envelope's id in the queue: reads the run and its
    /// manifest. If they must not be signed, or the record cannot be kept, the session is refused.
    pub fn begin(
        (id, envelope): (u32, u32),
        run: &Path,
        desk: SigningDesk,
        listener: impl Fn(&CeremonyView) + Send + Sync + 'static,
    ) -> Self {
        let SigningDesk { root, rules, profiles, devices, recorder } = desk;
        let keyring = Arc::clone(&rules.keyring);
        let ceremony =
            Ceremony::begin(run, Scope::RunAndManifest, None, keyring).recorded(recorder);
        let judged = judge_file(run, &root, &rules.judge(), &rules.logs);
        let level_before = judged.1.level;
        let (read, raw) = ReadingView::of(ceremony.reading(), &judged, &rules.policy);
        let ReadingView { content, manifest, artifacts, warnings, signatures, terms } = read;
        let keys = key_options(&profiles, &devices, &rules, &signatures);
        let mut view = CeremonyView {
            id,
            envelope,
            act: String::new(),
            content,
            manifest,
            artifacts,
            warnings,
            signatures,
            choice: None,
            terms,
            keys,
            notice: None,
            state: CeremonyState::Reading,
        };
        view.act = view.name_act();
        let session = Self {
            run: run.to_owned(),
            root,
            rules,
            profiles,
            devices: Mutex::new(devices),
            touches: AtomicU32::new(0),
            raw,
            level_before,
            ceremony: Mutex::new(ceremony),
            view: Mutex::new(view),
            cancelled: AtomicBool::new(false),
            listener: Arc::new(listener),
        };
        session.update_view(&session.ceremony.lock());
        session
    }

    /// The path of its run.
    pub fn run(&self) -> &Path {
        &self.run
    }

    /// The current view.
    pub fn view(&self) -> CeremonyView {
        self.view.lock().clone()
    }

    /// Some lines of what is signed, from the buffer that was hashed.
    pub fn lines(&self, part: RawPart, first: u32, wanted: u32) -> RawLines {
        raw_lines(&self.raw, part, first, wanted)
    }

    /// The person has read.
    ///
    /// # Errors
    /// Fails if this step is out of turn.
    pub fn have_read(&self) -> Result<CeremonyView, Problem> {
        self.take(Ceremony::have_read)
    }

    /// One step back.
    ///
    /// # Errors
    /// Fails if this step is out of turn.
    pub fn back(&self) -> Result<CeremonyView, Problem> {
        self.take(Ceremony::back)
    }

    /// The person has chosen. A key that asks for no secret signs at once.
    ///
    /// # Errors
    /// Fails if the choice is invalid, the step is out of turn, or the key cannot be opened; the
    /// ceremony is unchanged.
    pub fn choose(&self, choice: CeremonyChoice) -> Result<CeremonyView, Problem> {
        let terms = self.view().terms;
        if !terms.fixed && choice.threshold < terms.threshold {
            return Err(ActError::ThresholdTooLow { least: terms.threshold.into() }.problem());
        }
        if choice.signer_id.trim().is_empty() {
            return Err(ActError::NoName.problem());
        }
        let (key_id, key) = {
            let devices = self.devices.lock().clone();
            open_key(&choice.signer, &self.view().keys, &self.profiles, &devices, &self.root)?
        };
        let made = Choice {
            key_id,
            signer_id: choice.signer_id.clone(),
            role: choice.role,
            signed_at: self.rules.judge().now,
            payload: None,
            terms: Terms {
                threshold: u64::from(choice.threshold.max(terms.threshold)),
                required_roles: union(&terms.required_roles, &choice.required_roles),
            },
            evidence: Vec::new(),
        };
        {
            let mut view = self.view.lock();
            view.choice = Some(choice);
            view.act = view.name_act();
        }
        self.take(|ceremony| ceremony.choose(key, made))?;
        self.sign_if_open()
    }

    /// Takes the secret. The right one signs at once.
    ///
    /// # Errors
    /// Fails if this step is out of turn, or if it would use the last attempt and that is not
    /// confirmed.
    pub fn secret(&self, secret: &SecretString, last: LastTry) -> Result<CeremonyView, Problem> {
        self.take(|ceremony| ceremony.secret(secret, last))?;
        self.sign_if_open()
    }

    /// Repeats a missed touch with the same secret.
    ///
    /// # Errors
    /// Fails if this step is out of turn.
    pub fn touch_again(&self) -> Result<CeremonyView, Problem> {
        if self.ceremony.lock().stage() != Stage::TouchMissed {
            return Err(ActError::NoTouchAwaited.problem());
        }
        self.sign_if_open()
    }

    /// Something was plugged in or pulled out: other keys can be chosen, and one that was chosen
    /// and is gone leads back to the choice.
    pub fn devices_changed(&self, devices: &Devices) {
        *self.devices.lock() = devices.clone();
        {
            let mut view = self.view.lock();
            view.keys = key_options(&self.profiles, devices, &self.rules, &view.signatures);
        }
        // While the key signs, it reports its own removal.
        let Some(mut ceremony) = self.ceremony.try_lock() else { return };
        let chosen = self.view.lock().choice.as_ref().map(|choice| choice.signer.clone());
        if let (Stage::SecretNeeded, Some(signer)) = (ceremony.stage(), chosen)
            && is_gone(&signer, devices)
            && let Some(name) = ceremony.locked_key().map(|(key, _)| key.name())
            && ceremony.unplugged().is_ok()
        {
            self.view.lock().notice = Some(pulled_out(&name));
        }
        if matches!(ceremony.stage(), Stage::Reading | Stage::Choosing) {
            self.update_view(&ceremony);
        }
    }

    /// Cancels. A key that is signing is notified; once the writing has begun, the act is
    /// completed.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Release);
        if let Some(mut ceremony) = self.ceremony.try_lock() {
            ceremony.cancel();
            self.update_view(&ceremony);
        }
    }

    /// Whether signing with the chosen key may use something that is plugged in.
    pub fn may_use_device(&self) -> bool {
        let view = self.view.lock();
        view.choice.as_ref().is_some_and(|choice| may_use_device(&choice.signer, &self.profiles))
    }

    /// The keyring that it goes by.
    pub fn keyring(&self) -> &Keyring {
        &self.rules.keyring
    }

    /// Whether the signatures are written.
    pub fn is_done(&self) -> bool {
        matches!(self.view.lock().state, CeremonyState::Done { .. })
    }

    /// Takes a step and updates the view; a step that leads to a refusal is not an error.
    fn take(
        &self,
        step: impl FnOnce(&mut Ceremony) -> Result<(), CeremonyError>,
    ) -> Result<CeremonyView, Problem> {
        let mut ceremony = self.ceremony.lock();
        self.view.lock().notice = None;
        match step(&mut ceremony) {
            Ok(()) | Err(CeremonyError::Refused(_)) => {
                self.update_view(&ceremony);
                Ok(self.view())
            }
            Err(error) => Err(error.problem()),
        }
    }

    fn sign_if_open(&self) -> Result<CeremonyView, Problem> {
        let mut ceremony = self.ceremony.lock();
        if matches!(ceremony.stage(), Stage::Signing | Stage::TouchMissed) {
            self.touches.store(0, Ordering::Release);
            // That it is refused is shown as its last state.
            let _ = ceremony.sign(self);
            // A token is let go at once, and forgets its PIN.
            drop(ceremony.take_key());
            self.update_view(&ceremony);
        }
        Ok(self.view())
    }

    /// Updates the view from the ceremony.
    fn update_view(&self, ceremony: &Ceremony) {
        let state = match ceremony.stage() {
            Stage::Reading => CeremonyState::Reading,
            Stage::Choosing => CeremonyState::Choosing,
            Stage::SecretNeeded | Stage::TouchMissed => match CeremonyState::waiting(ceremony) {
                Some(state) => state,
                None => return,
            },
            Stage::Done => {
                let rules = &self.rules;
                let (_, verdict) = judge_file(&self.run, &self.root, &rules.judge(), &rules.logs);
                let written = ceremony.written().unwrap_or_default();
                // A remark about evidence does not affect the signature.
                let remarks = ceremony.remarks();
                if !remarks.is_empty() {
                    self.view.lock().notice = Some(visible(&remarks.join(" ")));
                }
                CeremonyState::Done {
                    written: written.iter().map(|path| visible(&name_of(path))).collect(),
                    level_before: self.level_before.map(Level::number),
                    level: verdict.level.map(Level::number),
                    assurance: verdict.assurance,
                    missing: verdict.missing.as_deref().map(visible),
                }
            }
            Stage::Refused => match ceremony.refusal() {
                Some(error) => CeremonyState::Refused { failure: error.problem() },
                None => return,
            },
            // Shown as they come, by the attendance.
            Stage::TouchNeeded | Stage::Signing | Stage::Verifying | Stage::Writing => return,
        };
        self.show_state(state);
    }

    fn show_state(&self, state: CeremonyState) {
        let view = {
            let mut view = self.view.lock();
            view.state = state;
            view.clone()
        };
        (self.listener)(&view);
    }

    fn about(&self) -> String {
        let view = self.view.lock();
        let chosen = view.choice.as_ref().map(|choice| choice.signer.as_str());
        let key = view.keys.iter().find(|key| Some(key.signer.as_str()) == chosen);
        key.map(|key| key.about.clone()).unwrap_or_default()
    }
}

impl CeremonyState {
    /// What a ceremony waits for from the person, once a key is chosen.
    pub(crate) fn waiting(ceremony: &Ceremony) -> Option<Self> {
        if let Some(problem) = ceremony.missed_touch() {
            return Some(Self::TouchMissed { problem: visible(&problem.to_string()) });
        }
        let (key, problem) = ceremony.locked_key()?;
        Some(Self::SecretNeeded {
            secret: key.secret().as_str().to_owned(),
            of: visible(&key.name()),
            tries_left: key.tries_left(),
            rule: key.rule(),
            blocked: key.tries_left() == Some(0),
            problem: problem.map(|problem| visible(&problem.to_string())),
        })
    }

    /// What a key waits for while it signs.
    pub(crate) fn signing(what: Waiting, about: String, touch: impl FnOnce(u32) -> Self) -> Self {
        let (asks, seconds) = match what {
            Waiting::Touch { seconds } => return touch(seconds),
            Waiting::Nothing => (None, None),
            Waiting::OwnPad { seconds } => (Some("Enter the PIN on the PIN pad."), Some(seconds)),
            Waiting::Token { seconds, blinks: true } => {
                (Some("Touch it if it blinks."), Some(seconds))
            }
            Waiting::Token { seconds, .. } | Waiting::Command { seconds } => (None, Some(seconds)),
        };
        Self::Signing { about, asks: asks.map(str::to_owned), seconds }
    }
}

impl Attend for Session {
    fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Acquire)
    }

    fn waiting(&self, what: Waiting) {
        let state = CeremonyState::signing(what, self.about(), |seconds| {
            let touch = self.touches.fetch_add(1, Ordering::AcqRel) + 1;
            let of = count(self.view.lock().artifacts.len()).max(touch);
            CeremonyState::TouchNeeded { seconds, touch, of }
        });
        self.show_state(state);
    }
}

impl Attendance for Session {
    fn stage(&self, stage: Stage) {
        match stage {
            Stage::Signing => {
                self.show_state(CeremonyState::Signing {
                    about: self.about(),
                    asks: None,
                    seconds: None,
                });
            }
            Stage::Verifying => self.show_state(CeremonyState::Verifying),
            Stage::Writing => self.show_state(CeremonyState::Writing),
            _ => {}
        }
    }
}

impl CeremonyView {
    fn name_act(&self) -> String {
        let what = self.content.as_ref().map_or("", |content| content.decision_id.as_str());
        let what = set_off(what);
        let valid = self.signatures.iter().any(|one| one.standing != Standing::Invalid);
        let verb = if valid { "Co-sign" } else { "Sign" };
        match &self.choice {
            Some(choice) => format!("{verb} {what} as {}", choice.role),
            None => format!("{verb} {what}"),
        }
    }
}

/// A decision id for the name of an act: short, so that the role after it is never cut off, and in
/// quotes if it could be mistaken for words of the program.
fn set_off(decision_id: &str) -> String {
    const LONGEST: usize = 24;
    let id = decision_id.split_whitespace().collect::<Vec<_>>().join(" ");
    let id = countersign_problem::visible::visible_short(&id, LONGEST);
    let is_plain = |c: char| c.is_alphanumeric() || "-_./:#…".contains(c);
    if id.chars().all(is_plain) { id } else { format!("“{id}”") }
}

/// Checks that the keyring is the one that an act began with: a key may have been revoked since.
///
/// # Errors
/// If it has changed.
pub fn check_keyring(begun_with: &Keyring, now: &Keyring) -> Result<(), Problem> {
    match begun_with.keys() == now.keys() {
        true => Ok(()),
        false => Err(ActError::KeyringChanged.problem()),
    }
}

/// The lines of what is signed, part by part, from the buffers that were hashed.
pub(crate) type Raw = Vec<(RawPart, RawText)>;

/// Some lines of a part.
pub(crate) fn raw_lines(raw: &Raw, part: RawPart, first: u32, wanted: u32) -> RawLines {
    match raw.iter().find(|(one, _)| *one == part) {
        Some((_, raw)) => raw.lines(part, first, wanted),
        None => RawLines { part, first, total: 0, lines: Vec::new() },
    }
}

impl ReadingView {
    /// From what was read, if it may be signed, and from the verdict.
    pub(crate) fn of(
        reading: Option<&Reading>,
        (files, verdict): &(EnvelopeFiles, Verdict),
        policy: &Policy,
    ) -> (Self, Raw) {
        let mut view = Self {
            content: None,
            manifest: None,
            artifacts: Vec::new(),
            warnings: warnings(verdict),
            signatures: signature_views(&verdict.signatures, files.run_signatures()),
            terms: TermsView { threshold: 2, required_roles: Vec::new(), fixed: true },
        };
        let mut raw = Vec::new();
        let Some(reading) = reading else { return (view, raw) };
        view.content = Some(ContentView::of(reading.run()));
        view.manifest = reading.manifest_view();
        view.terms = terms_of(reading.existing().ok().flatten().as_ref(), verdict, policy);
        for one in reading.artifacts() {
            let part = match one.payload_type {
                PayloadType::SealedRun => RawPart::Run,
                PayloadType::Manifest => RawPart::Manifest,
            };
            let text = RawText::new(one.bytes);
            let canonical = one.artifact.canonical();
            view.artifacts.push(ArtifactView {
                part,
                name: visible(&name_of(one.path)),
                digest: canonical.digest().hex(),
                bytes: count(one.bytes.len()),
                lines: text.len(),
                canonical_bytes: count(canonical.len()),
            });
            raw.push((part, text));
        }
        if reading.manifest().is_none() {
            let without = "There is no manifest beside the run. L2 needs one.";
            view.warnings.push(without.to_owned());
        }
        (view, raw)
    }
}

/// What an envelope asks for: its own terms if a signature that counts has set them, else at least
/// what policy does. Only the signature that makes an envelope of a block can set more.
fn terms_of(existing: Option<&SignatureFile>, verdict: &Verdict, policy: &Policy) -> TermsView {
    let is_set = matches!(existing, Some(SignatureFile::Envelope(_)))
        && verdict.signatures.iter().any(|one| one.standing == Standing::Valid);
    let of_policy = || Requirements::of(None, policy, &Keyring::default());
    let required = if is_set { verdict.quorum.required.clone() } else { of_policy() };
    TermsView {
        threshold: u32::try_from(required.threshold).unwrap_or(u32::MAX),
        required_roles: required.roles,
        fixed: is_set || existing.is_none(),
    }
}

pub(crate) fn union(first: &[Role], second: &[Role]) -> Vec<Role> {
    let mut roles = first.to_vec();
    for role in second {
        if !roles.contains(role) {
            roles.push(*role);
        }
    }
    roles
}

/// Identifies the key of an option, if that is known before it is opened.
pub(crate) fn fingerprint_of(
    signer: &str,
    profiles: &[SignerProfile],
    devices: &Devices,
    keyring: &Keyring,
) -> Option<Digest> {
    if let Some(device) = DeviceKey::find(devices, signer) {
        return Some(device.public_key.fingerprint());
    }
    if let Some(key) = tokens::find(devices, signer) {
        return key.public().map(|public| public.fingerprint());
    }
    profile_fingerprint(profiles.iter().find(|profile| profile.name == signer)?, keyring)
}

fn profile_fingerprint(profile: &SignerProfile, keyring: &Keyring) -> Option<Digest> {
    let written = || keyring_key(profile, keyring)?.public_key.as_deref();
    let public = profile.public_key().or_else(|| PublicKey::parse(written()?).ok());
    public.map(|public| public.fingerprint())
}

/// Whether a name is that of a key on something that is plugged in.
pub(crate) fn is_plugged_in(signer: &str) -> bool {
    DeviceKey::is_one(signer) || tokens::is_one(signer)
}

/// Whether signing so may use something that is plugged in.
pub(crate) fn may_use_device(signer: &str, profiles: &[SignerProfile]) -> bool {
    let profile = profiles.iter().find(|profile| profile.name == signer);
    is_plugged_in(signer) || profile.is_some_and(SignerProfile::may_use_device)
}

/// Whether the thing that holds a key was plugged in, and is not any more.
pub(crate) fn is_gone(signer: &str, devices: &Devices) -> bool {
    is_plugged_in(signer)
        && DeviceKey::find(devices, signer).is_none()
        && tokens::find(devices, signer).is_none()
}

/// The notice when a chosen token is removed before it is used.
pub(crate) fn pulled_out(name: &str) -> String {
    visible(&format!("{name} was removed. Nothing was signed, and no PIN attempt was used."))
}

pub(crate) fn key_options(
    profiles: &[SignerProfile],
    devices: &Devices,
    rules: &Context,
    signatures: &[SignatureView],
) -> Vec<KeyOption> {
    let keyring = rules.keyring.as_ref();
    let now = rules.judge().now;
    let option = |profile: &SignerProfile| {
        let key = keyring_key(profile, keyring);
        let signer_id = key.map_or(&profile.signer_id, |key| &key.owner);
        let fingerprint = profile_fingerprint(profile, keyring);
        let not_in_force = key.and_then(|key| not_in_force(key, now));
        KeyOption {
            signer: profile.name.clone(),
            kind: profile.kind(),
            about: visible(&profile.about()),
            key_id: visible(&profile.key_id),
            signer_id: signer_id.clone(),
            roles: key.map_or_else(|| Role::ALL.to_vec(), |key| key.roles.clone()),
            known: key.is_some(),
            algorithm: profile.algorithm(),
            asks: profile.asks().to_owned(),
            device: None,
            virtual_card: false,
            tries_left: None,
            warnings: Vec::new(),
            attestation: None,
            problem: profile
                .check_ready()
                .err()
                .map(|error| error.to_string())
                .or(not_in_force)
                .or_else(|| signed_before(fingerprint, signer_id, signatures)),
        }
    };
    let on_device = |device: DeviceKey| {
        let key = keyring.find(Some(&device.public_key), "");
        let signer_id = key.map_or(String::new(), |key| key.owner.clone());
        let fingerprint = Some(device.public_key.fingerprint());
        let unknown = key.is_none() && rules.policy.trust == Trust::Pinned;
        let unknown = unknown.then(|| "Not in the keyring. Enrol it under Keys first.".to_owned());
        KeyOption {
            signer: device.id(),
            kind: SignerType::Hardware,
            about: visible(&device.about()),
            key_id: key.map_or_else(|| device.default_key_id(), |key| key.key_id.clone()),
            roles: key.map_or_else(|| Role::ALL.to_vec(), |key| key.roles.clone()),
            known: key.is_some(),
            algorithm: device.algorithm,
            asks: devices::asks(&device.key).to_owned(),
            device: Some(visible(&device.label())),
            virtual_card: device.virtual_card,
            tries_left: device.token.pin_tries,
            warnings: devices::warnings(&device.token),
            attestation: devices::attestation_view(&device.key, &rules.roots, now),
            problem: unknown
                .or_else(|| key.and_then(|key| not_in_force(key, now)))
                .or_else(|| signed_before(fingerprint, &signer_id, signatures)),
            signer_id,
        }
    };
    let token_keys = tokens::keys(devices);
    let on_token = |token_key: Pkcs11Key| {
        let called = tokens::called(&token_key, &token_keys);
        let public = token_key.public();
        let key = public.as_ref().and_then(|public| keyring.find(Some(public), ""));
        let signer_id = key.map_or(String::new(), |key| key.owner.clone());
        let fingerprint = public.as_ref().map(|public| public.fingerprint());
        let unknown = key.is_none() && rules.policy.trust == Trust::Pinned;
        let unknown = unknown.then(|| "Not in the keyring. Enrol it under Keys first.".to_owned());
        let holding = token_key.holding();
        let token = &token_key.token;
        // A key that only the PIN shows was seen by whoever enrolled it.
        let enrolled = key.filter(|_| tokens::shows_with_pin(&token_key));
        let kind = enrolled.map_or(holding.signer_type, |key| key.kind);
        let software = (kind == SignerType::Software)
            .then(|| format!("It counts as software: {}", holding.why));
        KeyOption {
            signer: tokens::id(&token_key),
            kind,
            about: visible(&format!("{called} · {}", token_key.key.kind())),
            key_id: key
                .map_or_else(|| tokens::default_key_id(&token_key), |key| key.key_id.clone()),
            roles: key.map_or_else(|| Role::ALL.to_vec(), |key| key.roles.clone()),
            known: key.is_some(),
            algorithm: token_key.algorithm().unwrap_or(Algorithm::HmacSha256),
            asks: tokens::asks(token, &token_key.key).to_owned(),
            device: Some(visible(&called)),
            virtual_card: token.is_virtual(),
            tries_left: tokens::pin_tries(token),
            warnings: tokens::warnings(token).into_iter().chain(software).collect(),
            attestation: None,
            problem: unknown
                .or_else(|| key.and_then(|key| not_in_force(key, now)))
                .or_else(|| signed_before(fingerprint, &signer_id, signatures)),
            signer_id,
        }
    };
    // A shared key is not in a keyring by its public key, and cannot be distinguished from another.
    let asymmetric = |key: &&Pkcs11Key| key.key.public().is_some();
    let on_tokens = token_keys.iter().filter(asymmetric).cloned().map(on_token);
    // Keys on devices first: the device was plugged in for this.
    let plugged_in = DeviceKey::all(devices).into_iter().map(on_device).chain(on_tokens);
    plugged_in.chain(profiles.iter().map(option)).collect()
}

/// The key of an option, with its id.
pub(crate) fn open_key(
    signer: &str,
    options: &[KeyOption],
    profiles: &[SignerProfile],
    devices: &Devices,
    root: &Path,
) -> Result<(String, Key), Problem> {
    let gone = ActError::NoSuchSigner;
    let option = options.iter().find(|key| key.signer == signer).ok_or(ActError::NoSuchSigner)?;
    let opened = if option.device.is_none() {
        // The reason why a profile cannot sign is the profile's own text.
        let profile = profiles.iter().find(|profile| profile.name == signer).ok_or(gone)?;
        let modules: Vec<_> = devices.modules.iter().map(|one| one.file.clone()).collect();
        profile.open(Some(root), &modules).map_err(Problem::from)
    } else if let Some(problem) = &option.problem {
        Err(ActError::CannotSign { why: problem.clone() }.problem())
    } else if let Some(key) = tokens::find(devices, signer) {
        tokens::open(&key).map_err(Problem::from)
    } else {
        let key = DeviceKey::find(devices, signer).ok_or(gone)?;
        key.open().map_err(Problem::from)
    };
    Ok((option.key_id.clone(), opened?))
}

/// The keyring's entry for a signer: by its public key if that is known, otherwise by its id.
pub fn keyring_key<'a>(profile: &SignerProfile, keyring: &'a Keyring) -> Option<&'a KeyringKey> {
    match profile.public_key() {
        Some(public) => keyring.find(Some(&public), &profile.key_id),
        None => keyring.keys().iter().find(|key| key.key_id == profile.key_id),
    }
}

fn not_in_force(key: &KeyringKey, now: Instant) -> Option<String> {
    if let Some(since) = key.revoked_at.filter(|since| since.unix() <= now.unix()) {
        return Some(format!("The key was revoked on {since}."));
    }
    if let Some(from) = key.valid_from.filter(|from| now.unix() < from.unix()) {
        return Some(format!("The key is valid only from {from}."));
    }
    let until = key.valid_until.filter(|until| until.unix() <= now.unix())?;
    Some(format!("The key was valid only until {until}."))
}

/// Why a key or person does not sign what has these signatures.
pub(crate) fn signed_before(
    fingerprint: Option<Digest>,
    signer_id: &str,
    signatures: &[SignatureView],
) -> Option<String> {
    let fingerprint = fingerprint.map(|digest| digest.hex());
    // Hidden characters in a name are written out in a view.
    let person = Person::of(&visible(signer_id));
    // Only what counts keeps anyone from signing.
    for one in signatures.iter().filter(|one| one.standing == Standing::Valid) {
        if fingerprint.is_some() && one.fingerprint == fingerprint {
            return Some("This key has signed already.".to_owned());
        }
        if Person::of(&one.signer_id) == person {
            return Some(format!("{} has signed already.", one.signer_id));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decision_id_does_not_pass_for_words_of_the_program() {
        assert_eq!(set_off("DEC-2026/014"), "DEC-2026/014");
        let spoof = format!("DEC-014 as witness (L5 → L6){}x", "\u{2003}".repeat(60));
        let shown = set_off(&spoof);
        assert!(shown.starts_with('“') && shown.ends_with("…”"), "{shown}");
        assert!(shown.chars().count() <= 26, "{shown}");
    }

    #[test]
    fn an_act_ends_if_its_key_was_revoked_since_it_began() {
        let key = r#"{"key_id":"ds-a","key_type":"hmac-sha256","owner":"a","roles":["witness"],"kind":"software""#;
        let keyring = |more: &str| {
            let text = format!(r#"{{"keyring_version":"1.0","keys":[{key}{more}}}]}}"#);
            Keyring::parse(text.as_bytes())
        };
        let (Ok(before), Ok(after)) =
            (keyring(""), keyring(r#","revoked_at":"2026-11-29T00:00:00Z""#))
        else {
            panic!("{:?}", keyring("").err());
        };
        assert_eq!(check_keyring(&before, &before.clone()), Ok(()));
        assert_eq!(check_keyring(&before, &after).unwrap_err().code.name(), "keyring_changed");
    }
}
