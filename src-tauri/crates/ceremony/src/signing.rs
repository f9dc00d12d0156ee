//! Signing in steps: read → sign → verify → write. Each step is a value that only the step before
//! it can make, so that nothing unread is signed and nothing unverified is written. The ceremony
//! takes a person through them.

use countersign_admissibility::terms::AskedTerms;
pub(crate) mod claim;
mod refusal;

use countersign_problem::{Explain as _, Problem, Value, Words, words};
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use countersign_admissibility::agreement;
use countersign_admissibility::attestation::{AttestationError, AttestationRoots, Call};
use countersign_admissibility::certificate_names::NameTrust;
use countersign_admissibility::check::{CompanionCheck, Outcome};
use countersign_admissibility::claims::Signed as About;
use countersign_admissibility::keyring::{Acceptance, Keyring};
use countersign_admissibility::policy::{Policy, Trust};
use countersign_admissibility::quorum::{self, Requirements};
use countersign_admissibility::signature_checks;
use countersign_admissibility::signatures::{JudgedSignature, Standing};
use countersign_admissibility::time_stamp::TsaRoots;
use countersign_admissibility::{Evidence, Judge};
use countersign_envelope::artifact::{Artifact, ArtifactError};
use countersign_envelope::chain::Summary;
use countersign_envelope::claim::SeenChain;
use countersign_envelope::companion::Companion;
use countersign_envelope::digest::Digest;
use countersign_envelope::dsse::{DsseEnvelope, MAX_PAYLOAD};
use countersign_envelope::file_name::{
    MAX_BYTES, is_manifest, manifest_of, run_of_manifest, signature_of,
};
use countersign_envelope::instant::Instant;
use countersign_envelope::key_attestation::KeyAttestation;
use countersign_envelope::manifest::Manifest;
use countersign_envelope::person::Person;
use countersign_envelope::public_key::PublicKey;
use countersign_envelope::refusal::{MAX_REASON, RefusalsFileError};
use countersign_envelope::release::ReleaseError;
use countersign_envelope::sealed_run::SealedRun;
use countersign_envelope::signature::{
    Algorithm, PayloadType, Role, Signature, SignedPayload, SignerType, raw_digest, signature_value,
};
use countersign_envelope::signature_file::{
    NewSignature, SignatureFile, SignatureFileError, SignedArtifact, Terms,
};
use countersign_envelope::signed_keyring::SignedKeyringError;
use countersign_envelope::verification::signed_bytes;
use countersign_signers::external::Fault;
use countersign_signers::{Attend, KnownKey, LockedKey, Payload, Signer, SignerError};

use countersign_admissibility::acceptance;
use countersign_journal::{self as journal, Event, JournalError};
use countersign_store::evidence::Weighed;
use countersign_store::log_memory::{KeptClaim, LogMemory, LogMemoryError};
use countersign_store::logs::Logs;
use countersign_store::reading::{self, ReadError, directory_of, name_of};
use countersign_store::safe_write::{self, Access, WriteError};
use countersign_views::ManifestView;

use crate::checkpoint::TreeSigningError;

use refusal::MadeRefusal;

/// Why nothing was signed. All files are unchanged, unless a [`WriteError`] names files that were
/// written.
#[derive(Debug, Problem)]
#[non_exhaustive]
pub enum SigningError {
    /// A file cannot be read.
    #[problem(transparent)]
    Read(#[from] ReadError),
    /// The file is not JSON.
    NotAnArtifact {
        /// The file.
        path: PathBuf,
        /// The reason.
        error: ArtifactError,
    },
    /// An object in the file has a key twice.
    DuplicateKey {
        /// The file.
        path: PathBuf,
        /// Which key.
        key: String,
    },
    /// The run does not reach L0.
    NotAdmissible {
        /// The run.
        path: PathBuf,
        /// The first check that fails.
        why: Words,
    },
    /// The commit hash is not that of the hash scope.
    CommitHash(PathBuf),
    /// The manifest is about another run.
    OtherManifest {
        /// The manifest.
        path: PathBuf,
        /// The run's file name.
        run: String,
        /// The rule that does not hold, as a sentence.
        why: Words,
    },
    /// The file has the name of another run.
    FileName {
        /// The run.
        path: PathBuf,
        /// How the two differ, as a sentence.
        why: Words,
    },
    /// The clock of the station is before the time of the run.
    ClockBehind {
        /// The run.
        path: PathBuf,
        /// When the run was made.
        created: Instant,
        /// The current time.
        now: Instant,
    },
    /// It is not known when the run was made.
    NoTime(PathBuf),
    /// The existing signatures cannot be added to.
    #[arg(markers = error.has_conflict_markers(), remedy = error.problem().hint())]
    Existing {
        /// The signature file.
        path: PathBuf,
        /// The reason.
        error: SignatureFileError,
    },
    /// The key has signed already.
    SameKey {
        /// The run.
        path: PathBuf,
        /// The signer named in it.
        signer: String,
        /// In which role.
        role: &'static str,
    },
    /// The person has signed already.
    SameSigner {
        /// The run.
        path: PathBuf,
        /// Who.
        signer: String,
    },
    /// The reason of a refusal is empty or too long.
    #[arg(limit = MAX_REASON)]
    Reason {
        /// How many characters it has.
        number: usize,
    },
    /// A shared key refuses nothing.
    SharedRefusal,
    /// A shared key signs no finding.
    SharedFinding,
    /// The finding is longer than any that is read.
    FindingTooLong,
    /// A shared key signs no release.
    SharedRelease,
    /// The key cannot sign the bytes of a release themselves, which any program has to verify.
    ReleaseForm,
    /// The file is no release that can be added to.
    NotARelease {
        /// The file.
        path: PathBuf,
        /// Why not.
        error: ReleaseError,
    },
    /// The person vouches for the release already.
    ReleaseSigned {
        /// The file with the release.
        path: PathBuf,
        /// Who.
        signer: String,
    },
    /// A tree of a log is not signed.
    #[problem(transparent)]
    Tree(#[from] TreeSigningError),
    /// The file is no signed keyring that can be added to.
    NotASignedKeyring {
        /// The file.
        path: PathBuf,
        /// Why not.
        error: SignedKeyringError,
    },
    /// The key is no administrator's, so that its signature would count for nothing.
    NotAnAdministrator {
        /// The file.
        path: PathBuf,
        /// The id of the key.
        key_id: String,
    },
    /// The key has signed it already.
    KeyringSigned {
        /// The file.
        path: PathBuf,
        /// The id of the key.
        key_id: String,
    },
    /// The key cannot sign the bytes of a signed keyring themselves, which any program has to verify.
    KeyringForm,
    /// The person has no signature that counts.
    NothingToWithdraw {
        /// The run.
        path: PathBuf,
        /// Who.
        signer: String,
    },
    /// The refusals beside the run cannot be read or added to.
    Refusals {
        /// The file of refusals.
        path: PathBuf,
        /// The reason.
        error: RefusalsFileError,
    },
    /// The keyring knows the key, and not for this.
    NotAccepted {
        /// The key.
        key_id: String,
        /// Who wants to sign.
        signer: String,
        /// In which role.
        role: Role,
        /// Why not.
        why: Acceptance,
    },
    /// The evidence from a person or command is about something else.
    Evidence {
        /// The artifact.
        path: PathBuf,
        /// In which way.
        why: AttestationError,
    },
    /// The key makes companions of signatures, and no signatures of its own.
    CompanionOnly,
    /// A companion without a claim to name its key.
    CompanionNeedsClaim,
    /// A shared key has no companion: nobody alone is its person.
    SharedCompanion,
    /// The keyring knows the companion's key, and not for this.
    CompanionNotAccepted {
        /// The key.
        key_id: String,
        /// Who wants to sign.
        signer: String,
        /// Why not.
        why: Acceptance,
    },
    /// The key could not be used.
    #[problem(transparent)]
    Signer(#[from] SignerError),
    /// The signer cannot sign any form of an artifact.
    NoForm,
    /// There are more signatures to be listed in a claim than it can hold.
    #[arg(limit = MAX_PAYLOAD >> 10)]
    ClaimTooLong(PathBuf),
    /// The signature from the signer does not verify.
    NotVerified(PathBuf),
    /// The file changed after it was read.
    Changed(PathBuf),
    /// A file cannot be written.
    #[problem(transparent)]
    Write(#[from] WriteError),
    /// What cannot be journalled is not signed.
    Journal(#[source] JournalError),
    /// The person broke off.
    Cancelled,
}

impl SigningError {
    /// How the journal records it.
    pub fn event(&self) -> Event {
        match self {
            Self::Cancelled | Self::Signer(SignerError::Cancelled) => Event::BrokenOff,
            Self::Signer(error) => Event::refused(error, journal::words(error)),
            Self::Write(WriteError::Partly { stands, .. }) => Event::SignedPartly {
                files: vec![stands.display().to_string()],
                words: self.to_string(),
            },
            error => Event::refused(error, error.to_string()),
        }
    }
}

/// What a person should know of signatures that were made: what happened to evidence that neither
/// proves anything here nor contradicts the signature, and how the claim was signed.
#[derive(Debug, Problem)]
#[non_exhaustive]
pub enum SigningNote {
    /// It was written beside the signature.
    NotJudged {
        /// The artifact.
        path: PathBuf,
        /// Why it cannot be judged.
        why: AttestationError,
    },
    /// It was left out.
    LeftOut {
        /// The artifact.
        path: PathBuf,
        /// Why it is not evidence.
        why: AttestationError,
    },
    /// The claim is too long for the key, which signed its digest instead.
    ClaimOverDigest {
        /// The artifact.
        path: PathBuf,
        /// Which form of it was signed.
        form: SignedPayload,
    },
    /// The signer's own evidence did not come.
    NoneCame {
        /// The artifact.
        path: PathBuf,
        /// What went wrong.
        why: Words,
    },
}

/// What a person does with their key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Intent {
    /// Sign.
    #[default]
    Sign,
    /// Refuse to sign. Signatures of their own that count are withdrawn.
    Refuse {
        /// Why.
        reason: String,
    },
    /// Withdraw signatures of their own, which must be there.
    Withdraw {
        /// Why.
        reason: String,
    },
}

impl Intent {
    /// Why the person does not sign; `None` if they do.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Sign => None,
            Self::Refuse { reason } | Self::Withdraw { reason } => Some(reason),
        }
    }
}

/// Who signs, as what, when, with which key.
#[derive(Debug, Clone)]
pub struct Choice {
    /// The id of the key.
    pub key_id: String,
    /// Who signs.
    pub signer_id: String,
    /// In which role.
    pub role: Role,
    /// When.
    pub signed_at: Instant,
    /// The form of the payload; if `None`, the first that the signer supports for this payload.
    pub payload: Option<SignedPayload>,
    /// What an envelope asks for, if this signature begins one.
    pub terms: Terms,
    /// Evidence from the person of where the key is held. Each piece is written beside the first
    /// signature that it does not contradict.
    pub evidence: Vec<KeyAttestation>,
    /// Whether the key also signs a claim: who signs, in which role, when, and what was seen.
    pub claim: bool,
    /// Whether the person signs, or refuses to.
    pub intent: Intent,
}

impl Choice {
    /// The keyring does not take it.
    pub(crate) fn refused(&self, why: Acceptance) -> SigningError {
        SigningError::NotAccepted {
            key_id: self.key_id.clone(),
            signer: self.signer_id.clone(),
            role: self.role,
            why,
        }
    }

    /// Whether a key may sign that the keyring accepts or not. One that it does not have may; whether
    /// that counts is decided elsewhere.
    pub(crate) fn check_acceptance(
        &self,
        acceptance: Acceptance,
        keyring: &Keyring,
    ) -> Result<(), SigningError> {
        match acceptance {
            Acceptance::Accepted => Ok(()),
            Acceptance::UnknownKey => self.check_may_hold(keyring),
            why => Err(self.refused(why)),
        }
    }

    /// Whether a key may make signatures with a companion: the companion's key is the person's and in
    /// force, if the keyring knows it.
    pub(crate) fn check_companion(
        &self,
        companion: Option<&PublicKey>,
        algorithm: Option<Algorithm>,
        keyring: &Keyring,
    ) -> Result<(), SigningError> {
        if algorithm.is_some_and(Algorithm::is_of_companions) {
            return Err(SigningError::CompanionOnly);
        }
        let Some(companion) = companion else { return Ok(()) };
        if !self.claim {
            return Err(SigningError::CompanionNeedsClaim);
        }
        if algorithm == Some(Algorithm::HmacSha256) {
            return Err(SigningError::SharedCompanion);
        }
        let Some(key) = keyring.find(Some(companion), "") else { return Ok(()) };
        let why = match key.owner == self.signer_id {
            true => key.validity(self.signed_at),
            false => Acceptance::OtherOwner(key.owner.clone()),
        };
        if why == Acceptance::Accepted {
            return Ok(());
        }
        let (key_id, signer) = (key.key_id.clone(), self.signer_id.clone());
        Err(SigningError::CompanionNotAccepted { key_id, signer, why })
    }

    /// Whether the person, if the keyring knows them, has the role by any of their keys.
    pub(crate) fn check_may_hold(&self, keyring: &Keyring) -> Result<(), SigningError> {
        let mut theirs =
            keyring.signing_keys().filter(|key| key.owner == self.signer_id).peekable();
        match theirs.peek().is_none() || theirs.any(|key| key.roles.contains(&self.role)) {
            true => Ok(()),
            false => Err(self.refused(Acceptance::RoleNotHeld(self.signer_id.clone()))),
        }
    }

    /// What is known of a key before it is open. One that does not show itself is the one that the
    /// keyring has under its id, or it is refused as another one.
    pub(crate) fn known(&self, key: &dyn LockedKey, keyring: &Keyring) -> Option<KnownKey> {
        key.known().or_else(|| {
            let public = &keyring.public_key_of(&self.key_id)?.key;
            let algorithm = public.algorithms().next()?;
            let signer_type = SignerType::Software;
            Some(KnownKey { signer_type, algorithm, public_key: Some(public.clone()) })
        })
    }
}

/// The files signed in one act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// The run, and its manifest if it has one.
    RunAndManifest,
    /// The named file alone.
    OneFile,
}

/// One artifact, read once: what is shown, hashed and signed.
#[derive(Debug)]
struct Read {
    path: PathBuf,
    payload_type: PayloadType,
    bytes: Arc<Vec<u8>>,
    artifact: Artifact,
    /// The run that it is or belongs to.
    run: Arc<SealedRun>,
    signatures: PathBuf,
}

/// What has been read and may be signed.
#[derive(Debug)]
pub struct Reading {
    artifacts: Vec<Arc<Read>>,
    run: Arc<SealedRun>,
    /// The manifest, if it is signed.
    manifest: Option<Manifest>,
    /// The log and the ledger as they were when it was read.
    chains: SeenChains,
}

/// How far the transparency log and the authority ledger of a run went when it was read.
#[derive(Debug, Clone, Default)]
pub struct SeenChains {
    /// The log that counts for the run.
    pub log: Option<SeenChain>,
    /// The ledger that counts for the run.
    pub ledger: Option<SeenChain>,
}

impl SeenChains {
    /// The log and the ledger that count for the runs of a directory. One that cannot be read, or
    /// whose chain is broken, was not seen.
    pub fn of(logs: &Logs) -> Self {
        let log = logs.log.as_deref().and_then(|log| seen_chain(&log.as_ref().ok()?.summary));
        let ledger = logs.ledger.as_deref();
        let ledger = ledger.and_then(|ledger| seen_chain(&ledger.as_ref().ok()?.summary));
        Self { log, ledger }
    }
}

fn seen_chain(summary: &Summary) -> Option<SeenChain> {
    let whole = Some(summary).filter(|summary| summary.broken.is_none())?;
    let (first, entry_hash) = (whole.first?, whole.last?);
    Some(SeenChain { first, entries: whole.entries as u64, entry_hash })
}

/// Reads a sealed run and its manifest, and refuses what must not be signed.
///
/// The path may be that of either; the other is found by its name. With [`Scope::OneFile`] only the
/// file at the path is signed, and its signatures are written to `signatures` if given.
///
/// # Errors
/// [`SigningError`] names the file and says what to do.
pub fn read(path: &Path, scope: Scope, signatures: Option<&Path>) -> Result<Reading, SigningError> {
    let name = name_of(path);
    let (run_path, manifest_path) = match run_of_manifest(&name) {
        Some(run) if is_manifest(&name) => (path.with_file_name(run), path.to_owned()),
        _ => (path.to_owned(), path.with_file_name(manifest_of(&name))),
    };
    let (run_bytes, run) = read_artifact(&run_path, SealedRun::read, SealedRun::artifact)?;
    check_run(&run_path, &run)?;
    let run = Arc::new(run);
    let manifest = match read_artifact(&manifest_path, Manifest::read, Manifest::artifact) {
        Ok((bytes, manifest)) => {
            check_manifest(&manifest_path, &manifest, &run_path, &run)?;
            Some((bytes, manifest))
        }
        Err(SigningError::Read(ReadError::NotFound(_))) => None,
        Err(error) => return Err(error),
    };
    let one = |path: PathBuf, payload_type, bytes, artifact: &Artifact| {
        let signatures = match signatures {
            Some(elsewhere) => elsewhere.to_owned(),
            None => path.with_file_name(signature_of(&name_of(&path))),
        };
        let (artifact, run) = (artifact.clone(), Arc::clone(&run));
        Arc::new(Read { signatures, payload_type, bytes, artifact, run, path })
    };
    let wanted = |candidate: &Path| scope == Scope::RunAndManifest || candidate == path;
    let mut artifacts = Vec::new();
    let mut signed_manifest = None;
    if wanted(&run_path) {
        artifacts.push(one(run_path, PayloadType::SealedRun, run_bytes, run.artifact()));
    }
    if let Some((bytes, manifest)) = manifest
        && wanted(&manifest_path)
    {
        artifacts.push(one(manifest_path, PayloadType::Manifest, bytes, manifest.artifact()));
        signed_manifest = Some(manifest);
    }
    Ok(Reading { artifacts, run, manifest: signed_manifest, chains: SeenChains::default() })
}

fn read_artifact<T>(
    path: &Path,
    parse: impl FnOnce(Arc<Vec<u8>>) -> Result<T, ArtifactError>,
    artifact: impl FnOnce(&T) -> &Artifact,
) -> Result<(Arc<Vec<u8>>, T), SigningError> {
    let bytes = Arc::new(reading::read(path, directory_of(path), MAX_BYTES)?);
    let parsed = parse(Arc::clone(&bytes))
        .map_err(|error| SigningError::NotAnArtifact { path: path.to_owned(), error })?;
    if let Some(key) = &artifact(&parsed).duplicate_key {
        return Err(SigningError::DuplicateKey { path: path.to_owned(), key: key.to_string() });
    }
    Ok((bytes, parsed))
}

/// Never signed: a run that fails L0, has the name of another run, or has a hash scope and fails its
/// commit hash.
fn check_run(path: &Path, run: &SealedRun) -> Result<(), SigningError> {
    let judge = EmbeddedJudge::default();
    let name = name_of(path);
    let evidence = Evidence::of(&name, Ok(run));
    let verdict = judge.judge().judge(&evidence);
    if verdict.level.is_none() {
        let why = verdict.missing.unwrap_or_default();
        return Err(SigningError::NotAdmissible { path: path.to_owned(), why });
    }
    if let Err(why) = agreement::file_name(run, &name).outcome {
        return Err(SigningError::FileName { path: path.to_owned(), why });
    }
    if let Some(computed) = run.scope_hash() {
        let recorded = run.artifact().commit_hash().unwrap_or("");
        if !computed.is(recorded) {
            return Err(SigningError::CommitHash(path.to_owned()));
        }
    }
    Ok(())
}

fn check_manifest(
    path: &Path,
    manifest: &Manifest,
    run_path: &Path,
    run: &SealedRun,
) -> Result<(), SigningError> {
    let run_name = name_of(run_path);
    let mut rules = agreement::manifest(run, &run_name, manifest).into_iter();
    match rules.find_map(|rule| rule.outcome.err()) {
        Some(why) => Err(SigningError::OtherManifest { path: path.to_owned(), run: run_name, why }),
        None => Ok(()),
    }
}

/// Judges by mathematics alone: what was just read or made, before anyone's trust comes in.
struct EmbeddedJudge {
    policy: Policy,
    keyring: Keyring,
    roots: AttestationRoots,
    tsa_roots: TsaRoots,
    names: NameTrust,
    now: Instant,
}

impl Default for EmbeddedJudge {
    fn default() -> Self {
        let policy = Policy { trust: Trust::Embedded, ..Policy::default() };
        // No check that matters here looks at the time.
        let (keyring, roots) = (Keyring::default(), AttestationRoots::default());
        Self {
            policy,
            keyring,
            roots,
            tsa_roots: TsaRoots::default(),
            names: NameTrust::default(),
            now: Instant::EPOCH,
        }
    }
}

impl EmbeddedJudge {
    fn judge(&self) -> Judge<'_> {
        Judge {
            policy: &self.policy,
            keyring: &self.keyring,
            roots: &self.roots,
            tsa_roots: &self.tsa_roots,
            names: &self.names,
            hmac_key: None,
            now: self.now,
        }
    }
}

impl Reading {
    /// The run that was read.
    pub fn run(&self) -> &SealedRun {
        &self.run
    }

    /// Takes note of how far log and ledger go, which a claim says was seen.
    pub(crate) fn see(&mut self, chains: SeenChains) {
        self.chains = chains;
    }

    /// The files that will be signed.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.artifacts.iter().map(|read| read.path.as_path())
    }

    /// The manifest, if it is signed.
    pub fn manifest(&self) -> Option<&Manifest> {
        self.manifest.as_ref()
    }

    /// The manifest in words, if it is signed.
    pub fn manifest_view(&self) -> Option<ManifestView> {
        let path = &self.artifacts.first()?.path;
        let name = name_of(path);
        let run_file = run_of_manifest(&name).unwrap_or(name);
        Some(ManifestView::of(self.manifest.as_ref()?, &self.run, &run_file))
    }

    /// The artifacts that will be signed.
    pub fn artifacts(&self) -> impl Iterator<Item = ReadArtifact<'_>> {
        self.artifacts.iter().map(|read| ReadArtifact {
            path: &read.path,
            payload_type: read.payload_type,
            bytes: &read.bytes,
            artifact: &read.artifact,
        })
    }

    /// The existing signatures of the run, or of the one artifact that is signed.
    ///
    /// # Errors
    /// Fails if they cannot be read or added to.
    pub fn existing(&self) -> Result<Option<SignatureFile>, SigningError> {
        match self.artifacts.first() {
            Some(read) => read.existing(),
            None => Ok(None),
        }
    }

    /// The terms of the envelope after this signature: those it has already, or those that this
    /// signature sets. `None` for a first signature that cannot set any.
    pub fn terms(&self, choice: &Choice, keyring: &Keyring) -> Option<Terms> {
        let read = self.artifacts.first()?;
        let existing = read.existing().ok().flatten()?;
        if !read.has_terms(&existing, keyring) {
            return Some(choice.terms.clone());
        }
        let judged = read.judge(&existing, keyring).ok()?;
        let policy = acceptance::policy(keyring);
        let required = Requirements::of(Some(&existing), &judged, &policy, keyring);
        Some(Terms { threshold: required.threshold, required_roles: required.roles })
    }

    /// The run, if it is among what is signed.
    fn signed_run(&self) -> Option<&Arc<Read>> {
        self.artifacts.iter().find(|read| read.payload_type == PayloadType::SealedRun)
    }

    /// The current terms in the run's signature file; `None` if it cannot have any, or the run is
    /// not among what is signed.
    pub fn asked(&self, keyring: &Keyring) -> Option<AskedTerms> {
        let read = self.signed_run()?;
        acceptance::asked(&read.existing().ok()??, &read.artifact, keyring)
    }

    /// In words, what the run's signature file no longer asks for since the station saw it.
    ///
    /// # Errors
    /// If what was seen cannot be read.
    pub fn lowered_terms(&self, memory: &LogMemory) -> Result<Option<Words>, LogMemoryError> {
        let Some(read) = self.signed_run() else { return Ok(None) };
        let Ok(Some(file)) = read.existing() else { return Ok(None) };
        let seen = memory.terms()?;
        let seen = seen.get(&read.artifact.canonical().digest());
        Ok(seen.and_then(|seen| seen.lowered(&file)))
    }

    /// Whether every file still has the bytes that were read.
    ///
    /// # Errors
    /// Fails if one has changed or was removed.
    pub fn check_unchanged(&self) -> Result<(), SigningError> {
        self.artifacts.iter().try_for_each(|read| read.check_unchanged())
    }

    /// Whether the signatures could be written now, before a key is used for them.
    ///
    /// # Errors
    /// Why they could not.
    pub fn check_places(&self) -> Result<(), SigningError> {
        for read in &self.artifacts {
            safe_write::rehearse(&read.signatures, Access::Like(&read.path))?;
        }
        Ok(())
    }

    /// Whether a key may sign this: it has not signed before, nor has the person, and the keyring
    /// does not give it to someone else.
    ///
    /// # Errors
    /// Why it may not.
    pub fn check_signer(
        &self,
        signer: &dyn Signer,
        choice: &Choice,
        keyring: &Keyring,
    ) -> Result<(), SigningError> {
        match choice.intent.reason() {
            Some(_) => self.check_refusal(Some(&signer.known()), choice, keyring),
            None => self.to_sign(signer, choice, keyring).map(drop),
        }
    }

    /// Whether a key that asks for a secret may sign this, as far as that is certain before it is
    /// open. A secret costs an attempt if it is wrong, so it is not asked for in vain.
    ///
    /// # Errors
    /// Why it may not.
    pub fn check_locked(
        &self,
        key: &dyn LockedKey,
        choice: &Choice,
        keyring: &Keyring,
    ) -> Result<(), SigningError> {
        self.check_date(choice.signed_at)?;
        let known = choice.known(key, keyring);
        if choice.intent.reason().is_some() {
            return self.check_refusal(known.as_ref(), choice, keyring);
        }
        if let Some(known) = known {
            let verifies = |message: &[u8], raw: &[u8]| known.verifies(message, raw);
            return self.artifacts_to_sign(&known, &verifies, choice, keyring).map(drop);
        }
        for read in &self.artifacts {
            let existing = read.existing()?;
            let who = &choice.signer_id;
            read.check_not_signed(existing.as_ref(), |_, _| false, who, keyring)?;
        }
        choice.check_may_hold(keyring)
    }

    /// Which of the artifacts this key has yet to sign: what an earlier act left unsigned is
    /// completed.
    fn to_sign(
        &self,
        signer: &dyn Signer,
        choice: &Choice,
        keyring: &Keyring,
    ) -> Result<Vec<bool>, SigningError> {
        let verifies = |message: &[u8], raw: &[u8]| signer.verifies(message, raw);
        self.artifacts_to_sign(&signer.known(), &verifies, choice, keyring)
    }

    fn artifacts_to_sign(
        &self,
        key: &KnownKey,
        verifies: &dyn Fn(&[u8], &[u8]) -> bool,
        choice: &Choice,
        keyring: &Keyring,
    ) -> Result<Vec<bool>, SigningError> {
        self.check_date(choice.signed_at)?;
        let mut wanted = Vec::new();
        let mut already = None;
        for read in &self.artifacts {
            let is_by_this_key = |signature: Signature<'_>, _: &JudgedSignature| {
                let payload = signature.signed_payload().unwrap_or(SignedPayload::CanonicalJson);
                let message = signed_bytes(read.artifact.canonical(), payload);
                let raw = BASE64.decode(signature.signature()).unwrap_or_default();
                signature.algorithm() == Some(key.algorithm)
                    && may_be_by(signature, key.public_key.as_ref())
                    && verifies(&message, &raw)
            };
            let existing = read.existing()?;
            let who = &choice.signer_id;
            match read.check_not_signed(existing.as_ref(), is_by_this_key, who, keyring) {
                Ok(()) => wanted.push(true),
                Err(error @ SigningError::SameKey { .. }) => {
                    already.get_or_insert(error);
                    wanted.push(false);
                }
                Err(error) => return Err(error),
            }
            read.check_accepted(key, choice, keyring)?;
        }
        self.check_evidence(key, choice)?;
        match already {
            Some(error) if !wanted.contains(&true) => Err(error),
            _ => Ok(wanted),
        }
    }

    /// Whether a signature of this date can count: one dated before its run never does.
    ///
    /// # Errors
    /// Fails if the clock of the signing date is wrong, or the run has no readable date.
    pub fn check_date(&self, signed_at: Instant) -> Result<(), SigningError> {
        let path = || self.artifacts.first().map(|read| read.path.clone()).unwrap_or_default();
        match self.run.created_at() {
            None => Err(SigningError::NoTime(path())),
            Some(created) if signed_at.unix() < created.unix() => {
                Err(SigningError::ClockBehind { path: path(), created, now: signed_at })
            }
            Some(_) => Ok(()),
        }
    }

    /// Whether no piece of evidence contradicts everything that is signed.
    fn check_evidence(&self, key: &KnownKey, choice: &Choice) -> Result<(), SigningError> {
        for evidence in &choice.evidence {
            let mut why = None;
            for read in &self.artifacts {
                match read.weigh(evidence, key, choice, None) {
                    Weighed::Contradicts(error) => _ = why.get_or_insert((read, error)),
                    Weighed::Stands(..) | Weighed::Unusable(_) => {
                        why = None;
                        break;
                    }
                }
            }
            if let Some((read, why)) = why {
                return Err(SigningError::Evidence { path: read.path.clone(), why });
            }
        }
        Ok(())
    }

    /// Signs what was read, or the refusal to.
    ///
    /// # Errors
    /// Fails if the key or the person has signed already, the keyring does not allow it, or the key
    /// could not be used. Nothing is written in any of these cases.
    pub fn sign(
        &self,
        signer: &mut dyn Signer,
        choice: &Choice,
        keyring: &Keyring,
        attend: &dyn Attend,
    ) -> Result<Unverified, SigningError> {
        if choice.intent.reason().is_some() {
            let refusal = Some(self.refuse(signer, choice, keyring, attend)?);
            return Ok(Unverified { made: Vec::new(), refusal, keyring: keyring.clone() });
        }
        let wanted = self.to_sign(signer, choice, keyring)?;
        let mut made = Vec::new();
        for (read, _) in self.artifacts.iter().zip(wanted).filter(|(_, wanted)| *wanted) {
            if attend.is_cancelled() {
                return Err(SigningError::Cancelled);
            }
            made.push(sign(read, signer, choice, attend)?);
        }
        if choice.claim {
            if attend.is_cancelled() {
                return Err(SigningError::Cancelled);
            }
            claim::attach(self, &mut made, (signer, attend), choice, keyring)?;
        }
        Ok(Unverified { made, refusal: None, keyring: keyring.clone() })
    }
}

/// Warnings about signature files that were just written: the reference's tool rejects an envelope
/// as a whole if it does not know how one of its signatures was made.
pub fn notes(written: &[PathBuf]) -> Vec<Words> {
    let unknown = |path: &PathBuf| {
        let bytes = reading::read(path, directory_of(path), MAX_BYTES).ok()?;
        let file = SignatureFile::parse(&bytes).ok()?;
        let SignatureFile::Envelope(_) = &file else { return None };
        let one = file.signatures().into_iter().find(|one| !one.is_known_to_reference())?;
        let payload = one.signed_payload().filter(|form| *form != SignedPayload::CanonicalJson);
        let form = payload.map_or(Value::None, |form| form.as_str().into());
        Some(words!("written-unknown-to-reference", algorithm = %one.algorithm_text(), form))
    };
    written.iter().find_map(unknown).into_iter().collect()
}

/// One of the artifacts that are signed in an act.
#[derive(Debug, Clone, Copy)]
pub struct ReadArtifact<'a> {
    /// Its file.
    pub path: &'a Path,
    /// Sealed run or manifest.
    pub payload_type: PayloadType,
    /// The bytes of the file, as they were read.
    pub bytes: &'a [u8],
    /// What was read from them.
    pub artifact: &'a Artifact,
}

impl Read {
    fn existing(&self) -> Result<Option<SignatureFile>, SigningError> {
        let bytes = match reading::read(&self.signatures, directory_of(&self.signatures), MAX_BYTES)
        {
            Ok(bytes) => bytes,
            Err(ReadError::NotFound(_)) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let failed = |error| SigningError::Existing { path: self.signatures.clone(), error };
        let file = SignatureFile::parse_for_rewrite(&bytes).map_err(failed)?;
        file.check_about(&self.artifact).map_err(failed)?;
        Ok(Some(file))
    }

    /// Whether this key or this person already has a signature that counts. Entries that do not
    /// count prevent nobody from signing, whatever name is in them.
    fn check_not_signed(
        &self,
        existing: Option<&SignatureFile>,
        is_by_this_key: impl Fn(Signature<'_>, &JudgedSignature) -> bool,
        signer_id: &str,
        keyring: &Keyring,
    ) -> Result<(), SigningError> {
        let Some(existing) = existing else { return Ok(()) };
        let person = Person::of(signer_id);
        let all = self.judge(existing, keyring)?;
        // One value under two labels counts for neither.
        let relabelled: HashSet<usize> =
            quorum::relabelled(&all).into_iter().map(|(at, _)| at).collect();
        for (at, (signature, judged)) in existing.signatures().into_iter().zip(&all).enumerate() {
            let (path, who) = (self.path.clone(), judged.signer_id.clone());
            let accepted = judged.is_valid() && !relabelled.contains(&at);
            let may_count = accepted || may_stand(signature, judged, keyring);
            if may_count && is_by_this_key(signature, judged) {
                let role = judged.role.map_or("no role", |role| role.as_str());
                return Err(SigningError::SameKey { path, signer: who, role });
            }
            if accepted && Person::of(&who) == person {
                return Err(SigningError::SameSigner { path, signer: who });
            }
        }
        Ok(())
    }

    /// The terms of an existing envelope, if one of its signatures counts; otherwise anyone could
    /// have written them.
    fn has_terms(&self, existing: &SignatureFile, keyring: &Keyring) -> bool {
        matches!(existing, SignatureFile::Envelope(_))
            && self
                .judge(existing, keyring)
                .is_ok_and(|judged| judged.iter().any(|one| one.is_valid()))
    }

    /// What evidence means for the signature of this artifact.
    fn weigh(
        &self,
        given: &KeyAttestation,
        key: &KnownKey,
        choice: &Choice,
        payload: Option<SignedPayload>,
    ) -> Weighed {
        let digest = self.artifact.canonical().digest();
        let call = Call {
            digest: &digest,
            length: self.artifact.canonical().bytes().len(),
            at: choice.signed_at,
            algorithm: Some(key.algorithm),
            payload: payload.or(choice.payload),
        };
        countersign_store::evidence::weigh(given, key.public_key.as_ref(), call)
    }

    fn check_unchanged(&self) -> Result<(), SigningError> {
        let now = reading::read(&self.path, directory_of(&self.path), MAX_BYTES)?;
        match now == *self.bytes {
            true => Ok(()),
            false => Err(SigningError::Changed(self.path.clone())),
        }
    }

    /// A key in the keyring signs only for its owner, in the roles it holds, while it is valid. A
    /// key that is not in the keyring may sign; whether that counts is decided elsewhere.
    fn check_accepted(
        &self,
        key: &KnownKey,
        choice: &Choice,
        keyring: &Keyring,
    ) -> Result<(), SigningError> {
        let entry = new_signature(key, choice, "").entry(self.signed_artifact(&self.name()));
        choice
            .check_acceptance(keyring.accept(Signature(&entry), key.public_key.as_ref()).0, keyring)
    }

    fn name(&self) -> String {
        name_of(&self.path)
    }

    fn signed(&self) -> About<'_> {
        match self.payload_type {
            PayloadType::SealedRun => About::run(&self.run),
            PayloadType::Manifest => About::manifest(&self.artifact, Some(&self.run)),
        }
    }

    fn signed_artifact<'a>(&'a self, file_name: &'a str) -> SignedArtifact<'a> {
        SignedArtifact {
            artifact: &self.artifact,
            payload_type: self.payload_type,
            file_name,
            file_bytes: &self.bytes,
        }
    }
}

/// Signs one artifact, over the first form of the payload that the signer can do.
fn sign(
    read: &Arc<Read>,
    signer: &mut dyn Signer,
    choice: &Choice,
    attend: &dyn Attend,
) -> Result<Made, SigningError> {
    let forms = choice.payload.map_or_else(|| signer.payloads().to_vec(), |form| vec![form]);
    let mut forms = forms.into_iter().peekable();
    while let Some(form) = forms.next() {
        let canonical = read.artifact.canonical().bytes();
        let payload = Payload::new(&canonical, form);
        let raw = match signer.sign(&payload, attend) {
            Err(SignerError::TooLong { .. } | SignerError::OtherForm(_))
                if forms.peek().is_some() =>
            {
                continue;
            }
            signed => signed?,
        };
        let (attestation, notes) = attestation(read, signer, choice, &payload, attend)?;
        return Ok(Made {
            notes,
            holds: signer.verifies(&payload.message(), &raw),
            signature: BASE64.encode(raw),
            form,
            algorithm: signer.algorithm(),
            signer_type: signer.signer_type(),
            public_key: signer.public_key().cloned(),
            attestation,
            claim: None,
            companion: None,
            choice: choice.clone(),
            read: Arc::clone(read),
        });
    }
    Err(SigningError::NoForm)
}

/// Evidence of where the key is held: from the person, or else from the signer for this signature,
/// or else for its key. The signature exists by then, so only evidence that contradicts it stops
/// the act; other problems are noted.
fn attestation(
    read: &Read,
    signer: &mut dyn Signer,
    choice: &Choice,
    payload: &Payload<'_>,
    attend: &dyn Attend,
) -> Result<(Option<KeyAttestation>, Vec<SigningNote>), SigningError> {
    let mut notes = Vec::new();
    let key = signer.known();
    let not_judged = |why| SigningNote::NotJudged { path: read.path.clone(), why };
    let left_out = |why| SigningNote::LeftOut { path: read.path.clone(), why };
    for brought in &choice.evidence {
        match read.weigh(brought, &key, choice, Some(payload.form)) {
            Weighed::Stands(evidence, why) => {
                notes.extend(why.map(not_judged));
                return Ok((Some(*evidence), notes));
            }
            Weighed::Unusable(why) => notes.push(left_out(why)),
            // It is another artifact's.
            Weighed::Contradicts(_) => {}
        }
    }
    match signer.evidence(payload, attend) {
        Ok(None) => {}
        Ok(Some(made)) => match read.weigh(&made, &key, choice, Some(payload.form)) {
            Weighed::Stands(evidence, why) => {
                notes.extend(why.map(not_judged));
                return Ok((Some(*evidence), notes));
            }
            Weighed::Unusable(why) => notes.push(left_out(why)),
            Weighed::Contradicts(why) => {
                return Err(SigningError::Evidence { path: read.path.clone(), why });
            }
        },
        Err(error) if stops(&error) => return Err(error.into()),
        Err(error) => {
            let why = match error {
                SignerError::External(error) => error.of_evidence(),
                other => other.problem().into(),
            };
            notes.push(SigningNote::NoneCame { path: read.path.clone(), why });
        }
    }
    let Some(own) = signer.attestation().cloned() else { return Ok((None, notes)) };
    match read.weigh(&own, &key, choice, Some(payload.form)) {
        Weighed::Stands(evidence, why) => {
            notes.extend(why.map(not_judged));
            Ok((Some(*evidence), notes))
        }
        Weighed::Unusable(why) | Weighed::Contradicts(why) => {
            notes.push(left_out(why));
            Ok((None, notes))
        }
    }
}

/// Whether what went wrong with an evidence command goes beyond the evidence: the person cancelled,
/// or files changed while it ran.
fn stops(error: &SignerError) -> bool {
    match error {
        SignerError::Cancelled => true,
        SignerError::External(error) => matches!(error.fault, Fault::Changed { .. }),
        _ => false,
    }
}

/// The record of a signature by this key.
fn new_signature<'a>(
    key: &'a KnownKey,
    choice: &'a Choice,
    signature: &'a str,
) -> NewSignature<'a> {
    NewSignature {
        algorithm: key.algorithm,
        signed_payload: choice.payload.unwrap_or(SignedPayload::CanonicalJson),
        key_id: &choice.key_id,
        signer_id: &choice.signer_id,
        role: choice.role,
        signer_type: key.signer_type,
        signed_at: choice.signed_at,
        public_key: key.public_key.as_ref(),
        signature,
        key_attestation: None,
        claim: None,
        companion: None,
    }
}

/// Signatures that were made and not verified yet.
#[derive(Debug)]
pub struct Unverified {
    made: Vec<Made>,
    refusal: Option<MadeRefusal>,
    keyring: Keyring,
}

impl Unverified {
    /// Verifies them twice: by the signer's own key, and once more as a reader will, from the text
    /// that would be written.
    ///
    /// # Errors
    /// Fails if one does not verify. Nothing was written.
    pub fn verify(self) -> Result<Signed, SigningError> {
        self.made.iter().try_for_each(Made::verify)?;
        self.refusal.iter().try_for_each(MadeRefusal::verify)?;
        Ok(Signed { signed: self.made, refusal: self.refusal, keyring: self.keyring })
    }
}

/// One artifact with its new signature.
#[derive(Debug)]
struct Made {
    read: Arc<Read>,
    signature: String,
    form: SignedPayload,
    algorithm: countersign_envelope::signature::Algorithm,
    signer_type: countersign_envelope::signature::SignerType,
    public_key: Option<PublicKey>,
    attestation: Option<KeyAttestation>,
    claim: Option<DsseEnvelope>,
    companion: Option<Companion>,
    notes: Vec<SigningNote>,
    choice: Choice,
    /// Whether it, its claim and its companion verify under the signer's own keys.
    holds: bool,
}

/// Signatures, or a refusal, that verify and have not been written yet.
#[derive(Debug)]
pub struct Signed {
    signed: Vec<Made>,
    refusal: Option<MadeRefusal>,
    keyring: Keyring,
}

impl Signed {
    /// What happened to evidence that proves nothing here, and which entries are replaced, as
    /// sentences.
    pub fn notes(&self) -> Vec<Words> {
        let evidence = self.signed.iter().flat_map(|made| &made.notes);
        let evidence = evidence.map(|note| note.problem().into());
        let replaced = self.signed.iter().filter_map(Made::replaces);
        let refusal = self.refusal.as_ref().and_then(|one| one.unknown_key(&self.keyring));
        evidence.chain(replaced).chain(self.unknown_key()).chain(refusal).collect()
    }

    /// The claims, each by the SHA-256 of the raw signature that it is about.
    pub fn claims(&self) -> Vec<(Digest, KeptClaim)> {
        let one = |made: &Made| {
            let (claim, companion) = (made.claim.clone()?, made.companion.clone());
            Some((raw_digest(&made.signature)?, KeptClaim { claim, companion }))
        };
        self.signed.iter().filter_map(one).collect()
    }

    /// In words, that the keyring does not know the key, so that the signature does not count here.
    fn unknown_key(&self) -> Option<Words> {
        let made = self.signed.first().filter(|_| !self.keyring.keys().is_empty())?;
        let file = made.add_to(None).ok()?;
        let acceptance = self.keyring.accept(*file.signatures().first()?, made.public_key.as_ref());
        let is_unknown = acceptance.0 == Acceptance::UnknownKey;
        is_unknown.then(|| words!("written-by-unknown-key", key = ?made.choice.key_id))
    }

    /// Writes the signatures: all of them, or none if that fails before the first is in place.
    ///
    /// # Errors
    /// Fails if an artifact has changed, another signature by this key or person has arrived, or a
    /// file cannot be written.
    pub fn write(self) -> Result<Vec<PathBuf>, SigningError> {
        if let Some(refusal) = &self.refusal {
            return refusal.write();
        }
        let Some(first) = self.signed.first() else { return Ok(Vec::new()) };
        let _lock = safe_write::lock(directory_of(&first.read.signatures))?;
        let mut prepared = Vec::new();
        let mut written = Vec::new();
        for one in &self.signed {
            let read = &one.read;
            read.check_unchanged()?;
            // Read again under the lock: entries that have arrived since are kept.
            let existing = read.existing()?;
            one.check_meanwhile(existing.as_ref(), &self.keyring)?;
            // The same signature under labels that do not count is replaced by the one just made.
            let value = signature_value(&one.signature);
            let mut existing = existing.and_then(|file| match value {
                Some(value) => file.without(value),
                None => Some(file),
            });
            if let Some(existing) =
                existing.as_mut().filter(|it| !read.has_terms(it, &self.keyring))
            {
                existing.set_terms(&one.choice.terms);
            }
            let text = one.add_to(existing)?.to_text();
            let access = Access::Like(&read.path);
            prepared.push(safe_write::prepare(&read.signatures, text.as_bytes(), access)?);
            written.push(read.signatures.clone());
        }
        safe_write::commit(prepared)?;
        Ok(written)
    }
}

impl Made {
    /// In words, which entries of the same signature give way to this one.
    fn replaces(&self) -> Option<Words> {
        let existing = self.read.existing().ok()??;
        let value = signature_value(&self.signature)?;
        let same = existing.signatures().into_iter().filter(|one| one.value() == Some(value));
        let label = |one: Signature<'_>| {
            let role = one.role().map_or(Value::None, |role| role.as_str().into());
            let at = one.0.text("signed_at").map_or(Value::None, |at| at.to_owned().into());
            words!("replaced-entry", signer = ?one.signer_id(), role, at)
        };
        let labels = same.map(label).reduce(|rest, next| words!("replaced-and-as", rest, next))?;
        let file = name_of(&self.read.signatures);
        Some(words!("written-replaces", file, entries = labels))
    }

    fn add_to(&self, existing: Option<SignatureFile>) -> Result<SignatureFile, SigningError> {
        let choice = &self.choice;
        let new = NewSignature {
            algorithm: self.algorithm,
            signed_payload: self.form,
            key_id: &choice.key_id,
            signer_id: &choice.signer_id,
            role: choice.role,
            signer_type: self.signer_type,
            signed_at: choice.signed_at,
            public_key: self.public_key.as_ref(),
            signature: &self.signature,
            key_attestation: self.attestation.as_ref(),
            claim: self.claim.as_ref(),
            companion: self.companion.as_ref(),
        };
        let name = self.read.name();
        let signed = self.read.signed_artifact(&name);
        match existing {
            None => Ok(SignatureFile::Block(new.block(signed))),
            Some(existing) => existing.co_sign(&new, signed, &choice.terms).map_err(|error| {
                SigningError::Existing { path: self.read.signatures.clone(), error }
            }),
        }
    }

    fn verify(&self) -> Result<(), SigningError> {
        let text = self.add_to(None)?.to_text();
        let again = SignatureFile::parse(text.as_bytes()).map_err(|error| {
            SigningError::Existing { path: self.read.signatures.clone(), error }
        })?;
        let judge = EmbeddedJudge::default();
        let judged = signature_checks::judge(&judge.judge(), &again, self.read.signed());
        let reads = match (judged.first(), &self.public_key) {
            (Some(judged), Some(_)) => judged.standing == Standing::Valid,
            // A shared key is not in the text; the signer itself has verified.
            (Some(judged), None) => judged.standing == Standing::Unchecked,
            (None, _) => false,
        };
        // All but whose the companion's key is, which the keyring says.
        let is_owner = |check| check == CompanionCheck::Owner;
        let accompanied = judged.first().is_some_and(|one| {
            let rules = &one.companion.rules;
            rules.iter().all(|rule| rule.outcome == Outcome::Pass || is_owner(rule.check))
                && (rules.len() == CompanionCheck::ALL.len() || self.companion.is_none())
        });
        match self.holds && reads && accompanied {
            true => Ok(()),
            false => Err(SigningError::NotVerified(self.read.path.clone())),
        }
    }

    /// Whether the same signature or signer arrived between signing and writing.
    fn check_meanwhile(
        &self,
        existing: Option<&SignatureFile>,
        keyring: &Keyring,
    ) -> Result<(), SigningError> {
        let own = self.public_key.as_ref().map(PublicKey::fingerprint);
        // A shared key is identified by its result: the same value again. The key in an entry
        // proves nothing until the entry verifies under it.
        let is_by_this_key = |signature: Signature<'_>, judged: &JudgedSignature| match own {
            Some(own) => judged.verifies() && judged.fingerprint == Some(own),
            None => signature.value() == signature_value(&self.signature),
        };
        self.read.check_not_signed(existing, is_by_this_key, &self.choice.signer_id, keyring)
    }
}

/// Whether an entry that is not accepted may still be the best that its key can produce: the
/// keyring does not have the key, so nothing contradicts the entry; or it is by a shared key, which
/// is not available here, and would be accepted.
fn may_stand(signature: Signature<'_>, judged: &JudgedSignature, keyring: &Keyring) -> bool {
    let public = signature.public_key().and_then(|text| PublicKey::parse(text).ok());
    let (acceptance, known) = keyring.accept(signature, public.as_ref());
    match judged.standing {
        _ if judged.verifies() => known.is_none() && !keyring.keys().is_empty(),
        Standing::Unchecked => known.is_none() || acceptance == Acceptance::Accepted,
        _ => false,
    }
}

/// Whether a signature may be by a key: it names this key, or no readable key.
fn may_be_by(signature: Signature<'_>, key: Option<&PublicKey>) -> bool {
    let brought = signature.public_key().and_then(|text| PublicKey::parse(text).ok());
    match (brought, key) {
        (Some(brought), Some(key)) => brought.fingerprint() == key.fingerprint(),
        _ => true,
    }
}
