//! Made-up envelopes of every level, for trying things on, for benchmarks and for tests.
//!
//! The same seed gives the same bytes, keys and their files included: nothing here reads a clock or
//! the system's random numbers.
//!
//! ```
//! use countersign_admissibility::level::Level;
//! use countersign_demo::Demo;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let directory = tempfile::tempdir()?;
//! // Three envelopes that an operator has signed, and the keys of operator and witness.
//! Demo::one_level(3, 1, Some(Level::L2)).write(directory.path(), &"passphrase".into())?;
//! assert!(directory.path().join("keys/witness.key.pem").exists());
//! # Ok(())
//! # }
//! ```

mod authority;
mod history;
mod signing;

use countersign_problem::Problem;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use countersign_admissibility::keyring::{Key, KeyType, Keyring};
use countersign_admissibility::level::Level;
use countersign_envelope::artifact::ArtifactError;
use countersign_envelope::authority_ledger::{self, NewGrant};
use countersign_envelope::canonical;
use countersign_envelope::chain::{Chain, ENTRY_HASH, Entry};
use countersign_envelope::claim::SeenChain;
use countersign_envelope::digest::{Digest, short};
use countersign_envelope::file_name::{
    AUTHORITY_LEDGER, TRANSPARENCY_LOG, manifest_of, signature_of,
};
use countersign_envelope::instant::Instant;
use countersign_envelope::json::{Object, Value};
use countersign_envelope::manifest::Manifest;
use countersign_envelope::merkle;
use countersign_envelope::public_key::PublicKey;
use countersign_envelope::sealed_run::SealedRun;
use countersign_envelope::signature::{PayloadType, Role, SignerType};
use countersign_envelope::signature_file::{SignatureFileError, SignedArtifact};
use countersign_envelope::time_stamp::TimeStampFormError;
use countersign_envelope::transparency_log::{self, NewRegistration};
use countersign_signers::software::Ed25519Signer;
use countersign_signers::{Signer as _, SignerError, key_file};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};
use rayon::prelude::*;
use secrecy::SecretString;

use countersign_ceremony::signer_profile::{KeySource, SignerProfile};
use countersign_store::ownership::make_private_directory;
use countersign_store::reading::directory_of;
use countersign_store::safe_write::{self, Access, WriteError};
use countersign_trust::tsa_roots;

use self::authority::TimeAuthority;
use self::signing::Signing;

/// What opens the key files of a demonstration; the keys are worthless.
pub const PASSPHRASE: &str = "demo";

/// Of how many envelopes those that reach L7 have a trusted time: of few enough that a large
/// demonstration is mostly of the plain kind.
const STAMPED: usize = 100;
/// How many envelopes are in memory at once.
const BATCH: usize = 512;
/// 2026-01-05T08:00:00Z, from which on a decision is made every minute.
const START: i64 = 1_767_600_000;
const TITLES: [&str; 12] = [
    "Raise the motor claims reserve for hail losses",
    "Retire the legacy claims engine",
    "Extend the overdraft pilot to two more branches",
    "Approve the revised triage threshold for ward 7",
    "Suspend automatic approvals above 50 000",
    "Adopt the second scoring model for small business loans",
    "Move night dispatch to the regional desk",
    "Lower the fraud alert threshold for card payments abroad",
    "Accept the residual risk of the single vendor",
    "Release the audited premium tables for 2026",
    "Withdraw the discontinued infusion protocol",
    "Begin the quarterly review of delegated authorities",
];
const ACTORS: [&str; 4] = ["A. Lindqvist", "mira.k", "op-night-2", "J. Okafor"];
const STATUSES: [&str; 3] = ["Active", "Proposed", "Closed"];
const GATES: [&str; 4] =
    ["authority_envelope_complete", "policy_hash_matches", "schema_version_valid", "inputs_hashed"];

/// What to make.
#[derive(Debug, Clone)]
pub struct Demo {
    seed: u64,
    what: What,
    /// Whether the keys also sign claims.
    claims: bool,
    /// Whether an authority vouches for the time of some.
    time_stamps: bool,
    /// When the first decision of [`What::Levels`] is made, in seconds since 1970.
    begin: i64,
}

#[derive(Debug, Clone)]
enum What {
    /// So many runs that go round some levels, one a minute.
    Levels(usize, Vec<Option<Level>>),
    /// About so many signatures over five years.
    History(usize),
}

/// What becomes of one envelope.
struct Plan {
    at: Instant,
    /// The highest level that its content allows; inadmissible if `None`.
    level: Option<Level>,
    signatures: Vec<PlannedSignature>,
    registered_at: Option<Instant>,
}

/// Who signs, by their place among the holders, and when.
struct PlannedSignature {
    holder: usize,
    at: Instant,
    /// Whether the signature is of something else.
    is_forged: bool,
}

/// Why the demonstration was not made.
#[derive(Debug, Problem)]
#[non_exhaustive]
pub enum DemoError {
    /// Something is there already.
    NotEmpty(PathBuf),
    /// A file or directory could not be made.
    Io {
        /// Which.
        path: PathBuf,
        /// The error from the operating system.
        source: io::Error,
    },
    /// A key file or the keyring could not be written.
    #[problem(transparent)]
    Write(#[from] WriteError),
    /// A time stamp or its authority could not be made.
    TimeStamp(String),
    /// A key could not be made.
    #[problem(transparent)]
    Key(#[from] SignerError),
    /// The generated files could not be read back.
    Artifact(#[from] ArtifactError),
    /// A time stamp does not fit beside its signature.
    #[problem(transparent)]
    TimeStampForm(#[from] TimeStampFormError),
    /// The generated files could not be co-signed.
    Signatures(#[from] SignatureFileError),
    /// The keyring did not take a made-up key.
    Keyring(#[from] countersign_admissibility::keyring::KeyringError),
}

impl From<der::Error> for DemoError {
    fn from(error: der::Error) -> Self {
        Self::TimeStamp(error.to_string())
    }
}

/// One of the three people of the demonstration.
struct Person {
    name: &'static str,
    key_id: &'static str,
    role: Role,
    kind: SignerType,
    file: &'static str,
}

const OPERATOR: Person = Person {
    name: "o.operator",
    key_id: "ds-demo-2026-01",
    role: Role::Operator,
    kind: SignerType::Software,
    file: "operator",
};
const WITNESS: Person = Person {
    name: "w.witness",
    key_id: "ds-demo-2026-02",
    role: Role::Witness,
    kind: SignerType::Software,
    file: "witness",
};
/// Stands in the keyring as hardware so that L6 can be seen; the key is as worthless as the others.
const HARDWARE: Person = Person {
    name: "demo.hardware-witness",
    key_id: "ds-demo-2026-03",
    role: Role::Witness,
    kind: SignerType::Hardware,
    file: "hardware-demo",
};

const PEOPLE: [&Person; 3] = [&OPERATOR, &WITNESS, &HARDWARE];

/// The signers of a demonstration in a directory: its key files, ready to be opened.
pub fn signers(directory: &Path) -> Vec<SignerProfile> {
    let profile = |person: &Person| {
        let file = format!("{}.{}", person.file, key_file::EXTENSION);
        SignerProfile {
            name: format!("Demo {}", person.role),
            key_id: person.key_id.to_owned(),
            signer_id: person.name.to_owned(),
            source: KeySource::KeyFile {
                path: directory.join("keys").join(file).to_string_lossy().into_owned(),
            },
        }
    };
    [&OPERATOR, &WITNESS].into_iter().map(profile).collect()
}

/// Who signs, and what the actors may decide.
struct Organisation {
    holders: Vec<Holder>,
    /// Who vouches for times.
    authority: TimeAuthority,
    /// The grants of the authority ledger.
    grants: Vec<Object>,
}

/// A person with the private key.
struct Holder {
    name: String,
    key_id: String,
    role: Role,
    kind: SignerType,
    signer: Ed25519Signer,
}

/// The keyring's entry for a holder.
fn key_of(holder: &Holder, added_at: Option<Instant>) -> Key {
    Key {
        key_id: holder.key_id.clone(),
        key_type: KeyType::Ed25519,
        public_key: holder.signer.public_key().map(PublicKey::to_text),
        owner: holder.name.clone(),
        roles: vec![holder.role],
        kind: holder.kind,
        valid_from: None,
        valid_until: None,
        revoked_at: None,
        revocation_reason: None,
        revocation_code: None,
        compromised_since: None,
        added_at,
        key_attestation: None,
        certificates: None,
        other: Default::default(),
    }
}

/// The files that were generated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Made {
    /// How many envelopes.
    pub envelopes: usize,
    /// How many signatures on their runs; as many are on their manifests.
    pub signatures: usize,
}

/// The log's entry for an envelope.
struct Registration {
    run_id: String,
    commit_hash: String,
    sealed_hash: String,
    file_name: String,
    at: Instant,
    signer: Option<String>,
    witness: Option<String>,
}

impl Demo {
    /// Runs that go round every level, from inadmissible to L7.
    pub fn all_levels(runs: usize, seed: u64) -> Self {
        let levels = [None].into_iter().chain(Level::ALL.map(Some)).collect();
        Self {
            seed,
            what: What::Levels(runs, levels),
            claims: true,
            time_stamps: true,
            begin: START,
        }
    }

    /// Runs that all reach one level; inadmissible ones if `level` is `None`.
    pub fn one_level(runs: usize, seed: u64, level: Option<Level>) -> Self {
        Self {
            seed,
            what: What::Levels(runs, vec![level]),
            claims: true,
            time_stamps: true,
            begin: START,
        }
    }

    /// About this many signatures over five years, by thirteen people with keys of every kind, one
    /// of which was lost and revoked; some signatures are forged or by a stranger.
    pub fn history(signatures: usize, seed: u64) -> Self {
        Self {
            seed,
            what: What::History(signatures),
            claims: true,
            time_stamps: true,
            begin: START,
        }
    }

    /// Without claims, as version 0.1 signed.
    #[must_use]
    pub fn without_claims(self) -> Self {
        Self { claims: false, ..self }
    }

    /// Without trusted times.
    #[must_use]
    pub fn without_time_stamps(self) -> Self {
        Self { time_stamps: false, ..self }
    }

    /// Decisions of which the last is made some minutes before a time, instead of in January 2026.
    /// Those over five years stay where they are.
    #[must_use]
    pub fn before(self, now: Instant) -> Self {
        let begin = match self.what {
            What::Levels(runs, _) => now.unix() - 60 * (runs as i64 + 5),
            What::History(_) => START,
        };
        Self { begin, ..self }
    }

    /// Writes everything into a directory: runs, manifests, signatures, log, ledger, keyring, and
    /// key files that the passphrase opens.
    ///
    /// # Errors
    /// Fails if the directory is not empty, or something could not be written.
    pub fn write(&self, directory: &Path, passphrase: &SecretString) -> Result<Made, DemoError> {
        let failed = |source| DemoError::Io { path: directory.to_owned(), source };
        make_private_directory(directory).map_err(failed)?;
        if fs::read_dir(directory).map_err(failed)?.next().is_some() {
            return Err(DemoError::NotEmpty(directory.to_owned()));
        }
        make_private_directory(&directory.join("keys")).map_err(failed)?;
        let holders = self.write_keys(directory, passphrase)?;
        let plans = self.plans();
        let begin = match self.what {
            What::Levels(..) => self.begin,
            What::History(_) => history::BEGIN,
        };
        let grants = write_ledger(directory, begin - 86_400)?;
        let authority = TimeAuthority::new(self.seed)?;
        let roots = directory.join(tsa_roots::FOLDER);
        make_private_directory(&roots).map_err(failed)?;
        write(&roots.join("demo.pem"), authority.root()?.as_bytes())?;
        let organisation = Organisation { holders, authority, grants };
        let mut registrations = Vec::new();
        for (from, batch) in (0..).step_by(BATCH).zip(plans.chunks(BATCH)) {
            let made: Vec<Option<Registration>> = batch
                .into_par_iter()
                .enumerate()
                .map(|(at, plan)| self.make(from + at, plan, &organisation, directory))
                .collect::<Result<_, DemoError>>()?;
            registrations.extend(made.into_iter().flatten());
        }
        registrations.sort_by_key(|registration| registration.at.unix());
        let mut log = Vec::new();
        let mut chain = Chain::default();
        let name = self.name();
        for registration in &registrations {
            let mut object = transparency_log::unsealed(registration.entry());
            // Demonstrations with the same first run are still different logs: a station that saw
            // one does not take the other for a copy that was cut.
            object.set("demo", name.as_str());
            let object = chain.seal(object);
            log.extend_from_slice(Value::Object(object.clone()).to_line().as_bytes());
            log.push(b'\n');
            // Only the last entry matters to the next; the rest would only cost memory.
            chain.entries = vec![Entry { line: 0, object, hash_holds: true }];
        }
        write(&directory.join(TRANSPARENCY_LOG), &log)?;
        let signatures = plans.iter().map(|plan| plan.signatures.len()).sum();
        Ok(Made { envelopes: plans.len(), signatures })
    }

    /// Writes the files that its runs were made from: those of each into a folder named after its run
    /// id.
    ///
    /// # Errors
    /// Fails if a file cannot be written.
    pub fn write_inputs(&self, directory: &Path) -> Result<(), DemoError> {
        let failed = |source| DemoError::Io { path: directory.to_owned(), source };
        for (index, plan) in self.plans().iter().enumerate() {
            // What each run draws first.
            let mut random = self.random(index);
            let (scope, sources) = hash_scope(&mut random, plan.at, plan.level == Some(Level::L0));
            let folder = directory.join(run_id(&canonical::digest(&scope).to_string()));
            for (path, content) in sources {
                let path = folder.join(path);
                fs::create_dir_all(directory_of(&path)).map_err(failed)?;
                write(&path, &content)?;
            }
        }
        Ok(())
    }

    /// What the run with this number is drawn from.
    fn random(&self, index: usize) -> ChaCha20Rng {
        let mut random = ChaCha20Rng::seed_from_u64(self.seed);
        random.set_stream(index as u64);
        random
    }

    fn name(&self) -> String {
        let what = match &self.what {
            What::Levels(runs, levels) => {
                let levels: Vec<String> = levels
                    .iter()
                    .map(|level| level.map_or_else(|| "none".to_owned(), |level| level.to_string()))
                    .collect();
                format!("{runs} runs of {}", levels.join(" "))
            }
            What::History(signatures) => format!("{signatures} signatures"),
        };
        let when = match self.begin {
            START => String::new(),
            other => format!(", from {other}"),
        };
        format!("{what}, seed {}{when}", self.seed)
    }

    fn plans(&self) -> Vec<Plan> {
        let (runs, levels) = match &self.what {
            What::Levels(runs, levels) => (*runs, levels),
            What::History(signatures) => {
                return history::plans(*signatures, self.seed, PEOPLE.len());
            }
        };
        let plan = |index: usize| {
            let at = Instant::from_unix(self.begin + 60 * index as i64).unwrap_or(Instant::EPOCH);
            let level = levels[index % levels.len()];
            let holders: &[usize] = match level {
                Some(Level::L0 | Level::L1) => &[],
                None | Some(Level::L2 | Level::L3) => &[0],
                Some(Level::L4 | Level::L5) => &[0, 1],
                Some(Level::L6 | Level::L7) => &[0, 2],
            };
            let signed = |holder| PlannedSignature { holder, at, is_forged: false };
            let signatures = holders.iter().copied().map(signed).collect();
            Plan { at, level, signatures, registered_at: (level >= Some(Level::L3)).then_some(at) }
        };
        (0..runs).map(plan).collect()
    }

    fn write_keys(
        &self,
        directory: &Path,
        passphrase: &SecretString,
    ) -> Result<Vec<Holder>, DemoError> {
        let mut keyring = Keyring::default();
        let mut holders = Vec::new();
        for (stream, person) in PEOPLE.into_iter().enumerate() {
            let mut random = ChaCha20Rng::seed_from_u64(self.seed);
            random.set_stream(u64::MAX - stream as u64);
            let (signer, pem) = key_file::generate(&mut random, passphrase)?;
            let path =
                directory.join("keys").join(format!("{}.{}", person.file, key_file::EXTENSION));
            safe_write::replace(&path, pem.as_bytes(), Access::Private)?;
            let holder = Holder {
                name: person.name.to_owned(),
                key_id: person.key_id.to_owned(),
                role: person.role,
                kind: person.kind,
                signer,
            };
            keyring.add(key_of(&holder, Instant::from_unix(self.begin)))?;
            holders.push(holder);
        }
        if let What::History(_) = self.what {
            holders.extend(history::holders(self.seed, &mut keyring)?);
        }
        let path = directory.join("keyring.json");
        safe_write::replace(&path, keyring.to_text().as_bytes(), Access::Own)?;
        let note = "Everything in this directory is made up: the decisions, the people, the hardware.\n\
                    The keys in keys/ are worthless; their passphrase is the one the demo was made with.\n";
        write(&directory.join("DEMO.txt"), note.as_bytes())?;
        Ok(holders)
    }

    /// Writes one envelope. Returns its entry for the log.
    fn make(
        &self,
        index: usize,
        plan: &Plan,
        Organisation { holders, authority, grants }: &Organisation,
        directory: &Path,
    ) -> Result<Option<Registration>, DemoError> {
        let mut random = self.random(index);
        let sealed = Sealed::make(index, plan, &mut random, grants);
        let mut files = Vec::new();
        let run_text = Value::Object(sealed.run.clone()).to_pretty();
        let manifest_text = Value::Object(sealed.manifest.clone()).to_pretty();
        let manifest_name = manifest_of(&sealed.file_name);
        let signers: Vec<(&Holder, &PlannedSignature)> =
            plan.signatures.iter().map(|signed| (&holders[signed.holder], signed)).collect();
        if !signers.is_empty() {
            let run = SealedRun::parse(run_text.as_bytes())?;
            let manifest = Manifest::parse(manifest_text.as_bytes())?;
            let run_signed = SignedArtifact {
                artifact: run.artifact(),
                payload_type: PayloadType::SealedRun,
                file_name: &sealed.file_name,
                file_bytes: run_text.as_bytes(),
            };
            let manifest_signed = SignedArtifact {
                artifact: manifest.artifact(),
                payload_type: PayloadType::Manifest,
                file_name: &manifest_name,
                file_bytes: manifest_text.as_bytes(),
            };
            let signing = Signing {
                sealed: &run,
                run: run_signed,
                manifest: manifest_signed,
                ledger: seen_ledger(grants),
                claims: self.claims,
                authority: (self.time_stamps && plan.level == Some(Level::L7) && index < STAMPED)
                    .then_some(authority),
            };
            let [on_run, on_manifest] = signing.sign(&signers)?;
            files.push((signature_of(&sealed.file_name), on_run));
            files.push((signature_of(&manifest_name), on_manifest));
        }
        let registration = plan.registered_at.map(|at| {
            let of = |key: &str| sealed.run.text(key).unwrap_or_default().to_owned();
            let mut before = signers.iter().filter(|(_, signed)| signed.at.unix() <= at.unix());
            let mut key_id = || before.next().map(|(holder, _)| holder.key_id.clone());
            Registration {
                run_id: sealed.run_id,
                commit_hash: of("commit_hash"),
                sealed_hash: of("hash"),
                file_name: sealed.file_name.clone(),
                at,
                signer: key_id(),
                witness: key_id(),
            }
        });
        files.push((sealed.file_name, run_text));
        files.push((manifest_name, manifest_text));
        for (name, text) in files {
            // Not flushed one by one: it can all be made again from its seed.
            write(&directory.join(name), text.as_bytes())?;
        }
        Ok(registration)
    }
}

impl Registration {
    fn entry(&self) -> NewRegistration<'_> {
        NewRegistration {
            run_id: &self.run_id,
            commit_hash: &self.commit_hash,
            sealed_hash: &self.sealed_hash,
            artifact_path: &self.file_name,
            signing_key_id: self.signer.as_deref(),
            witness_key_id: self.witness.as_deref(),
            observed_at: self.at,
        }
    }
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), DemoError> {
    fs::write(path, bytes).map_err(|source| DemoError::Io { path: path.to_owned(), source })
}

/// One grant an actor, for all decisions, long before the first.
fn write_ledger(directory: &Path, effective_at: i64) -> Result<Vec<Object>, DemoError> {
    let mut chain = Chain::default();
    let mut text = String::new();
    for (index, actor) in ACTORS.iter().enumerate() {
        let object = authority_ledger::entry(
            &chain,
            NewGrant {
                authority_id: &format!("GRANT-{}", index + 1),
                actor_id: actor,
                actor_role: "Operator",
                decision: "*",
                policy_version: "GOV-3.1",
                effective_at: Instant::from_unix(effective_at).unwrap_or(Instant::EPOCH),
            },
        );
        text.push_str(&Value::Object(object.clone()).to_line());
        text.push('\n');
        chain.entries.push(Entry { line: index + 1, object, hash_holds: true });
    }
    write(&directory.join(AUTHORITY_LEDGER), text.as_bytes())?;
    Ok(chain.entries.into_iter().map(|entry| entry.object).collect())
}

/// The whole ledger, as every signer sees it.
fn seen_ledger(grants: &[Object]) -> Option<SeenChain> {
    let hash = |entry: &Object| Digest::parse(entry.text(ENTRY_HASH)?);
    let (first, entry_hash) = (hash(grants.first()?)?, hash(grants.last()?)?);
    Some(SeenChain { first, entries: grants.len() as u64, entry_hash })
}

/// A sealed run with its manifest, unsigned.
struct Sealed {
    file_name: String,
    run_id: String,
    run: Object,
    manifest: Object,
}

impl Sealed {
    fn make(index: usize, plan: &Plan, random: &mut ChaCha20Rng, grants: &[Object]) -> Self {
        let Plan { at, level, .. } = *plan;
        let decision_id = format!("DEC-{:03}", index + 1);
        let actor = index % ACTORS.len();
        let (scope, _) = hash_scope(random, at, level == Some(Level::L0));
        let commit_hash = canonical::digest(&scope).to_string();
        let run_id = run_id(&commit_hash);
        let stamp: String = at.to_string().chars().filter(|c| !matches!(c, '-' | ':')).collect();
        let file_name = format!("{run_id}_{stamp}.json");

        let mut run = Object::from([
            ("schema_version", Value::from("1.0")),
            ("commit_hash", commit_hash.as_str().into()),
            ("decision_state", decision_state(random, index, &decision_id)),
            ("authority_envelope", authority_envelope(&scope, &decision_id, &run_id, at, actor)),
            ("inputs_snapshot", inputs_snapshot(&scope)),
            ("outputs", outputs(random)),
            ("artifacts_emitted", Value::Array(Vec::new())),
            ("replay_instructions", replay_instructions(&scope)),
            ("hash", "".into()),
        ]);
        if !matches!(level, Some(Level::L4)) {
            run.set("inputs_commitments", commitments(&scope));
        }
        if level == Some(Level::L7) {
            run.set("authority_ledger_ref", ledger_reference(&grants[actor]));
        }
        run.set("hash_scope", scope.clone());
        let hash = canonical::digest(&Value::Object(run.clone())).to_string();
        run.set("hash", hash);
        if level.is_none() {
            // As if someone had made it sound more certain after sealing.
            run.set("decision_state", decision_state(random, index + 1, &decision_id));
        }
        let manifest = Object::from([
            ("sealed_run", Value::from(file_name.as_str())),
            ("run_id", run_id.as_str().into()),
            ("decision_id", decision_id.into()),
            ("commit_hash", commit_hash.into()),
            ("hash_scope", scope),
            ("file_row_counts", Object::new().into()),
            ("policy_version", "GOV-3.1".into()),
            ("schema_versions", Object::new().into()),
        ]);
        Self { file_name, run_id, run, manifest }
    }
}

fn run_id(commit_hash: &str) -> String {
    format!("RUN-{}", short(commit_hash).unwrap_or_default())
}

/// The hash scope of a run, and the files that it was made from, each with its path.
fn hash_scope(
    random: &mut ChaCha20Rng,
    at: Instant,
    indeterminate: bool,
) -> (Value, Vec<(String, [u8; 32])>) {
    let mut sources = Vec::new();
    let mut files = |folder: &str, ending: &str, most: u32, more: &[(&str, &str)]| {
        let count = 1 + random.next_u32() % most;
        let files = (0..count).map(|number| {
            let word = random.next_u32() % 1000;
            let mut content = [0; 32];
            random.fill_bytes(&mut content);
            let path = format!("{folder}/{folder}_{number}_{word:03}.{ending}");
            let mut file = Object::from([
                ("path", path.clone()),
                ("sha256", Digest::of(&content).to_string()),
            ]);
            sources.push((path, content));
            more.iter().for_each(|(key, value)| file.set(key, *value));
            Value::Object(file)
        });
        Value::Array(files.collect())
    };
    let parameters = Object::from([
        ("clock", Value::from(at.to_string())),
        ("deterministic", (!indeterminate).into()),
    ]);
    let scope = Object::from([
        ("scope_version", Value::from("1.0")),
        ("inputs", files("data", "csv", 6, &[("type", "csv")])),
        ("prompts", files("prompts", "md", 3, &[])),
        ("policies", files("docs", "md", 1, &[("version", "GOV-3.1")])),
        ("schemas", files("schemas", "json", 3, &[])),
        ("parameters", parameters.into()),
        ("exclusions", texts(&["observed_at", "artifacts_emitted"])),
    ]);
    (Value::Object(scope), sources)
}

fn texts(items: &[&str]) -> Value {
    Value::Array(items.iter().map(|item| Value::from(*item)).collect())
}

fn decision_state(random: &mut ChaCha20Rng, index: usize, decision_id: &str) -> Value {
    let hundredths = |random: &mut ChaCha20Rng, whole: u32| {
        let number = random.next_u32() % (whole * 100);
        Value::Number(format!("{}.{:02}", number / 100, number % 100).into())
    };
    Value::Object(Object::from([
        ("decision_id", Value::from(decision_id)),
        ("title", TITLES[index % TITLES.len()].into()),
        ("status", STATUSES[index % STATUSES.len()].into()),
        ("confidence_pct", hundredths(random, 100)),
        ("priority_score", hundredths(random, 10)),
    ]))
}

fn list<'a>(scope: &'a Value, key: &str) -> &'a [Value] {
    scope.get(key).and_then(Value::as_array).unwrap_or_default()
}

fn paths(scope: &Value, key: &str) -> Value {
    Value::Array(list(scope, key).iter().filter_map(|file| file.get("path").cloned()).collect())
}

fn authority_envelope(
    scope: &Value,
    decision_id: &str,
    run_id: &str,
    at: Instant,
    actor: usize,
) -> Value {
    let time = at.to_string();
    let commit_hash = canonical::digest(scope).to_string();
    let none = || Value::Array(Vec::new());
    let mut prompt_hashes = Object::new();
    for prompt in list(scope, "prompts") {
        if let (Some(path), Some(hash)) = (prompt.get("path"), prompt.get("sha256")) {
            prompt_hashes.set(path.as_str().unwrap_or_default(), hash.clone());
        }
    }
    let policy_hash = list(scope, "policies").first().and_then(|policy| policy.get("sha256"));
    let outcomes = GATES.map(|gate| Object::from([("gate", gate), ("result", "pass")]).into());
    Value::Object(Object::from([
        ("envelope_version", Value::from("1.0")),
        ("actor", Object::from([("id", ACTORS[actor]), ("role", "Operator")]).into()),
        (
            "authority",
            Object::from([
                ("type", Value::from("delegated")),
                ("source", "GOV-3.1".into()),
                ("effective_at", time.as_str().into()),
                ("expires_at", Value::Null),
            ])
            .into(),
        ),
        (
            "scope_bound",
            Object::from([
                ("decisions", texts(&[decision_id])),
                ("claims", none()),
                ("patches", none()),
                ("prompts", paths(scope, "prompts")),
                ("datasets", paths(scope, "inputs")),
            ])
            .into(),
        ),
        (
            "policy_snapshot",
            Object::from([
                ("policy_version", Value::from("GOV-3.1")),
                ("policy_hash", policy_hash.cloned().unwrap_or(Value::Null)),
                ("prompt_hashes", prompt_hashes.into()),
                ("schema_version", "1.0".into()),
            ])
            .into(),
        ),
        (
            "refusal",
            Object::from([
                ("refusal_available", Value::from(true)),
                ("refusal_triggered", false.into()),
                ("refusal_reason_code", Value::Null),
                ("checks_performed", texts(&["authority_present", "scope_bound_valid"])),
            ])
            .into(),
        ),
        (
            "enforcement",
            Object::from([
                ("gates_checked", texts(&GATES)),
                ("gate_outcomes", Value::Array(outcomes.to_vec())),
                ("enforcement_emitted", true.into()),
            ])
            .into(),
        ),
        (
            "provenance",
            Object::from([
                ("created_at", time.as_str()),
                ("observed_at", time.as_str()),
                ("run_id", run_id),
                ("deterministic_inputs_hash", commit_hash.as_str()),
            ])
            .into(),
        ),
    ]))
}

fn inputs_snapshot(scope: &Value) -> Value {
    let files = list(scope, "inputs").iter().map(|file| {
        let mut file = file.as_object().cloned().unwrap_or_default();
        file.remove("type");
        Value::Object(file)
    });
    Object::from([("files", Value::Array(files.collect()))]).into()
}

fn outputs(random: &mut ChaCha20Rng) -> Value {
    let risks = ["Concentration in one vendor", "Late data from two sites", "Model drift"];
    let risk = risks[random.next_u32() as usize % risks.len()];
    Value::Object(Object::from([
        ("suggested_updates", Value::Array(Vec::new())),
        ("top_actions", texts(&["Review after 30 days"])),
        ("top_risks", texts(&[risk])),
    ]))
}

fn replay_instructions(scope: &Value) -> Value {
    Value::Object(Object::from([
        ("method", Value::from("replay_sealed_run.py")),
        ("command", "replay".into()),
        ("required_files", paths(scope, "inputs")),
    ]))
}

fn commitments(scope: &Value) -> Value {
    let mut commitments = Object::from([("algorithm", "sha256-merkle")]);
    let mut count = 0;
    for (list, field) in merkle::LISTS {
        let mut root = merkle::Root::default();
        for entry in scope.get(list).and_then(Value::as_array).unwrap_or_default() {
            root.add(entry.get("sha256").and_then(Value::as_str).unwrap_or_default().to_owned());
            count += 1;
        }
        commitments.set(field, root.finish());
    }
    commitments.set("leaf_count", count);
    commitments.into()
}

fn ledger_reference(grant: &Object) -> Value {
    let of = |key: &str| grant.text(key).unwrap_or_default().to_owned();
    Value::Object(Object::from([
        ("authority_entry_hash", of("entry_hash")),
        ("authority_entry_id", of("entry_id")),
        ("authority_id", of("authority_id")),
        ("authority_ledger_path", AUTHORITY_LEDGER.to_owned()),
    ]))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use countersign_admissibility::Judge;
    use countersign_admissibility::attestation::AttestationRoots;
    use countersign_admissibility::policy::Policy;

    use super::*;
    use countersign_store::directory;
    use countersign_store::judgement::{self, RunsToJudge};
    use countersign_store::logs::LogBook;
    use countersign_trust::{attestation_roots, keyring_file};

    fn write(demo: &Demo, directory: &Path) {
        demo.write(directory, &SecretString::from("demo")).unwrap();
    }

    fn content(directory: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
        let files = walkdir::WalkDir::new(directory).into_iter().map(Result::unwrap);
        let files = files.filter(|entry| entry.file_type().is_file());
        files
            .map(|entry| {
                let name = entry.path().strip_prefix(directory).unwrap().to_owned();
                (name, fs::read(entry.path()).unwrap())
            })
            .collect()
    }

    #[test]
    fn every_level_is_reached_under_the_station_s_own_policy_and_l7_has_one_trusted_time() {
        let temporary = tempfile::tempdir().unwrap();
        let root = temporary.path();
        write(&Demo::all_levels(27, 7), root);
        let keyring = keyring_file::read(&root.join("keyring.json")).unwrap();
        let policy = Policy::default();
        let now = Instant::from_unix(START + 86_400).unwrap();
        let roots = AttestationRoots::default();
        let folder = attestation_roots::read(&root.join(tsa_roots::FOLDER)).unwrap();
        let tsa_roots = tsa_roots::roots(&folder);
        let judge = Judge {
            policy: &policy,
            keyring: &keyring,
            roots: &roots,
            tsa_roots: &tsa_roots,
            names: &countersign_admissibility::certificate_names::NameTrust::default(),
            hmac_key: None,
            now,
        };
        let runs = directory::find(root).unwrap().runs;
        let mut levels = Vec::new();
        let logs = LogBook::default();
        judgement::judge_all(
            RunsToJudge { root, runs: &runs, judge: &judge, logs: &logs },
            |path, files, verdict| {
                let number =
                    files.run.as_ref().unwrap().decision_id().unwrap()[4..].parse::<usize>();
                let trusted =
                    verdict.signatures.iter().filter(|one| one.time_stamps.of_claim().is_some());
                let trusted = trusted.count();
                let missing = verdict.missing.clone();
                (number.unwrap(), verdict.level, path.to_owned(), missing, trusted)
            },
            |row| {
                levels.push(row);
                Ok::<(), ()>(())
            },
        )
        .unwrap();
        assert_eq!(levels.len(), 27);
        for (number, level, path, missing, trusted) in levels {
            let wanted = match (number - 1) % 9 {
                0 => None,
                above => Some(Level::ALL[above - 1]),
            };
            assert_eq!(level, wanted, "{}: {missing:?}", path.display());
            assert_eq!(trusted, usize::from(level == Some(Level::L7)), "{}", path.display());
        }
    }

    #[test]
    fn a_seed_gives_its_bytes_and_no_others() {
        let made = |seed| {
            let temporary = tempfile::tempdir().unwrap();
            write(&Demo::all_levels(9, seed), temporary.path());
            content(temporary.path())
        };
        let first = made(1);
        assert_eq!(first, made(1));
        assert!(first != made(2));
    }

    #[test]
    fn existing_files_are_left_alone() {
        let temporary = tempfile::tempdir().unwrap();
        fs::write(temporary.path().join("mine.txt"), "mine").unwrap();
        let made = Demo::all_levels(1, 1).write(temporary.path(), &SecretString::from("demo"));
        assert!(matches!(made, Err(DemoError::NotEmpty(_))));
        assert_eq!(content(temporary.path()).len(), 1);
    }
}
