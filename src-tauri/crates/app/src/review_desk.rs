//! What a reviewer sees at once of a pack or a foreign directory: each envelope's level by the keys
//! that came with it and by the station's own, and what they would have to trust to reach theirs.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use countersign_admissibility::Verdict;
use countersign_admissibility::keyring::{Acceptance, Key, Keyring};
use countersign_admissibility::level::Level;
use countersign_admissibility::policy::Assurance;
use countersign_admissibility::state::State;
use countersign_envelope::chain::Summary;
use countersign_envelope::count::count;
use countersign_envelope::digest::Digest;
use countersign_envelope::file_name::MAX_BYTES;
use countersign_envelope::finding::{
    Conclusion, FindingError, FindingOutcome, FoundEnvelope, FoundLevel, MAX_ENVELOPES, ReviewKeys,
    Told,
};
use countersign_envelope::instant::Instant;
use countersign_envelope::sealed_run::SealedRun;
use countersign_envelope::signature::{PayloadType, SignerType};
use countersign_envelope::statement::Subject;
use countersign_envelope::vocabulary;
use countersign_index::queue::{Context, Rules};
use countersign_problem::visible::{visible, visible_short};
use countersign_problem::{Problem, words};
use countersign_store::directory::{self, DirectoryError};
use countersign_store::judgement::{judge_file, on_all_cores};
use countersign_store::log_memory::{ChainKind, LogMemory};
use countersign_store::logs::LogBook;
use countersign_store::reading::{self, directory_of, name_of};
use countersign_trust::attestation_roots::Anchor;
use rayon::prelude::*;
use serde::Serialize;

use crate::review::Reviewed;

/// Longest title, in characters.
const TITLE: usize = 300;

vocabulary! {
    /// How something that a level rests on stands here.
    TrustHere {
        /// It is trusted here too.
        Trusted = "trusted",
        /// It is not known here.
        Unknown = "unknown",
        /// It is known here, and as something else: another person's, revoked, for other roles.
        Contradicts = "contradicts",
    }
}

/// A pack or directory as it is judged by two sets of keys.
#[derive(Debug)]
pub struct Desk {
    /// Its envelopes, of the first [`MAX_ENVELOPES`] runs.
    pub envelopes: Vec<Judged>,
    /// How many more there are, which were not judged.
    pub more: usize,
    /// Whose keys the other side's levels are by: those that came with it, or any that verifies if
    /// none came.
    pub theirs: ReviewKeys,
    /// What one would have to trust for their levels.
    pub trust: Trusted,
    /// Why the station's own keys or roots cannot be read.
    pub problems: Vec<Problem>,
}

/// One envelope under review.
#[derive(Debug)]
pub struct Judged {
    /// Its run.
    pub path: PathBuf,
    /// The run as a finding names it; `None` if its file cannot be read at all.
    pub run: Option<Subject>,
    /// The id of the decision; empty if it cannot be read.
    pub decision_id: String,
    /// Its title; empty if it cannot be read.
    pub title: String,
    /// The verdict by their keys.
    pub theirs: Verdict,
    /// The verdict by one's own.
    pub own: Verdict,
}

/// What levels rest on.
#[derive(Debug, Default)]
pub struct Trusted {
    /// The keys of signatures that count.
    pub keys: Vec<TrustedKey>,
    /// The roots of attestations and time stamps.
    pub roots: Vec<TrustedRoot>,
    /// The logs and ledgers.
    pub logs: Vec<TrustedLog>,
}

/// A key that a signature counts by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct TrustedKey {
    /// Whose it is, as the other side says.
    pub owner: String,
    /// Its id.
    pub key_id: String,
    /// What tells it from others, 64 hex digits; empty of a shared key.
    pub fingerprint: String,
    /// What holds it, as the other side says.
    pub kind: SignerType,
    /// On how many envelopes a signature by it counts.
    pub envelopes: u32,
    /// How it stands here.
    pub here: TrustHere,
    /// What the keyring here says otherwise, in words.
    pub why: Option<countersign_problem::Said>,
}

/// A root that attestations or time stamps lead to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct TrustedRoot {
    /// Its subject (RFC 4514), or its kind.
    pub subject: String,
    /// SHA-256 of its DER, 64 hex digits.
    pub fingerprint: String,
    /// Whether it is for time stamps.
    pub for_time: bool,
    /// How it stands here.
    pub here: TrustHere,
}

/// A log or ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct TrustedLog {
    /// Log or ledger.
    pub kind: ChainKind,
    /// The hash of its first entry, which identifies it, 64 hex digits.
    pub first: String,
    /// The hash of its last entry, 64 hex digits.
    pub last: String,
    /// How many entries it has.
    pub entries: u32,
    /// Whether this station has seen it before.
    pub here: TrustHere,
}

/// The desk, as it is shown.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct DeskView {
    /// The envelopes.
    pub envelopes: Vec<DeskEnvelope>,
    /// How many more there are, which are not compared here.
    pub more: u32,
    /// Whose keys their levels are by.
    pub theirs: ReviewKeys,
    /// The keys of signatures that count by theirs.
    pub keys: Vec<TrustedKey>,
    /// The roots.
    pub roots: Vec<TrustedRoot>,
    /// The logs and ledgers.
    pub logs: Vec<TrustedLog>,
    /// Why the station's own keys or roots cannot be read; what cannot be read counts for nothing.
    pub problems: Vec<Problem>,
}

/// An envelope of the desk, as it is shown.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct DeskEnvelope {
    /// Its id in the queue; null until it is listed there.
    pub id: Option<u32>,
    /// The digest of its run, 64 hex digits; null if its file cannot be read at all.
    pub run: Option<String>,
    /// The file of the run.
    pub file: String,
    /// The id of the decision; empty if it cannot be read.
    pub decision_id: String,
    /// Its title; empty if it cannot be read.
    pub title: String,
    /// By their keys.
    pub theirs: DeskLevel,
    /// By the station's own.
    pub own: DeskLevel,
}

/// A level on the desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct DeskLevel {
    /// 0 to 7; null if not even L0 holds.
    pub level: Option<u8>,
    /// How well it is known that hardware or an external signer signed.
    pub assurance: Option<Assurance>,
    /// How the whole stands.
    pub state: State,
    /// What is missing or contradicts, as a sentence.
    pub lack: countersign_problem::Said,
}

/// What a reviewer says, beside what the program found.
#[derive(Debug, Clone, Default)]
pub struct Said {
    /// The outcome; `None` is none of them.
    pub outcome: Option<FindingOutcome>,
    /// Of the pack as a whole.
    pub note: String,
    /// Of single envelopes, by the digest of the run.
    pub notes: BTreeMap<Digest, String>,
}

/// The logs of what is reviewed; those of others are not remembered.
pub fn logs_of(reviewed: &Reviewed, memory: Option<&LogMemory>) -> Arc<LogBook> {
    let memory = memory.map(LogMemory::of_others);
    Arc::new(LogBook::new(None, None).remembering(memory).within(&reviewed.root))
}

impl Desk {
    /// Judges what is reviewed by the keys that came with it and by those of the station.
    ///
    /// # Errors
    /// Fails if its directory is gone.
    pub fn of(
        reviewed: &Reviewed,
        station: &Rules,
        logs: &Arc<LogBook>,
        now: fn() -> Instant,
    ) -> Result<Self, DirectoryError> {
        let theirs = match reviewed.brought {
            Some(_) => ReviewKeys::Brought,
            None => ReviewKeys::Embedded,
        };
        let context = |keys| {
            let rules = reviewed.rules(keys, None, station);
            Context::read_with_problems(&rules, Arc::clone(logs), now)
        };
        let ((by_theirs, _), (by_own, problems)) = (context(theirs), context(ReviewKeys::Station));
        let mut runs = directory::find(&reviewed.root)?.runs;
        let more = runs.len().saturating_sub(MAX_ENVELOPES);
        runs.truncate(MAX_ENVELOPES);
        let judge =
            |run: &PathBuf| Judged::of(reviewed.root.join(run), reviewed, [&by_theirs, &by_own]);
        let envelopes: Vec<Judged> = on_all_cores(|| runs.par_iter().map(judge).collect());
        let trust = Trusted::of(&envelopes, [&by_theirs, &by_own], logs);
        Ok(Self { envelopes, more, theirs, trust, problems })
    }

    /// As it is shown; `id` finds an envelope in the queue.
    pub fn view(&self, id: impl Fn(&Path) -> Option<u32>) -> DeskView {
        let envelope = |one: &Judged| DeskEnvelope {
            id: id(&one.path),
            run: one.run.as_ref().map(|run| run.digest.hex()),
            file: visible(&name_of(&one.path)),
            decision_id: visible(&one.decision_id),
            title: visible_short(&one.title, TITLE),
            theirs: DeskLevel::of(&one.theirs),
            own: DeskLevel::of(&one.own),
        };
        DeskView {
            envelopes: self.envelopes.iter().map(envelope).collect(),
            more: count(self.more),
            theirs: self.theirs,
            keys: self.trust.keys.clone(),
            roots: self.trust.roots.clone(),
            logs: self.trust.logs.clone(),
            problems: self.problems.clone(),
        }
    }

    /// What the reviewer concludes of it.
    ///
    /// # Errors
    /// Fails if what is reviewed has no digest, or a finding may not say this.
    pub fn conclude(
        &self,
        reviewed: &Reviewed,
        station: &Rules,
        (told, keys): (Told, ReviewKeys),
        said: &Said,
    ) -> Result<Conclusion, ConcludeError> {
        let sealed = reviewed.sealed.as_ref().ok_or(ConcludeError::NotAPack)?;
        let pack = sealed.contents.ok_or(ConcludeError::NotAPack)?;
        let number = self.envelopes.len() + self.more;
        if self.more > 0 {
            return Err(FindingError::TooMany { number }.into());
        }
        let unknown = said.notes.keys().find(|run| self.find(run).is_none());
        if let Some(run) = unknown {
            return Err(ConcludeError::NoSuchRun { run: run.to_string() });
        }
        let found = |one: &Judged| {
            let unreadable = || ConcludeError::Unreadable { file: name_of(&one.path) };
            let run = one.run.clone().ok_or_else(unreadable)?;
            Ok::<_, ConcludeError>(FoundEnvelope {
                note: said.notes.get(&run.digest).cloned().unwrap_or_default(),
                run,
                decision_id: visible_short(&one.decision_id, TITLE),
                theirs: (self.theirs == ReviewKeys::Brought).then(|| level(&one.theirs)),
                own: level(&one.own),
            })
        };
        let own = reviewed.rules(ReviewKeys::Station, None, station);
        let weaknesses = own.policy.weaknesses().into_iter();
        let conclusion = Conclusion {
            pack,
            list: sealed.list.filter(|list| *list != pack),
            complete: sealed.faults.is_empty(),
            envelopes: self.envelopes.iter().map(found).collect::<Result<_, _>>()?,
            outcome: said.outcome.ok_or(ConcludeError::NoOutcome)?,
            told,
            keys,
            weaknesses: weaknesses.map(|one| one.as_str().to_owned()).collect(),
            note: said.note.clone(),
        };
        conclusion.check()?;
        Ok(conclusion)
    }

    /// An envelope by the digest of its run.
    pub fn find(&self, run: &Digest) -> Option<&Judged> {
        self.envelopes.iter().find(|one| one.run.as_ref().is_some_and(|own| own.digest == *run))
    }
}

fn level(verdict: &Verdict) -> FoundLevel {
    FoundLevel {
        level: verdict.level.map(Level::number),
        assurance: verdict.assurance.map(|assurance| assurance.as_str().to_owned()),
    }
}

impl DeskLevel {
    fn of(verdict: &Verdict) -> Self {
        Self {
            level: verdict.level.map(Level::number),
            assurance: verdict.assurance,
            state: verdict.state(),
            lack: verdict.lack().sentence().into(),
        }
    }
}

/// The run of a file, as a finding names it: by its canonical bytes, or what is no run by its own;
/// `None` if it cannot be read at all.
fn subject(path: &Path, run: Option<&SealedRun>, root: &Path) -> Option<Subject> {
    let name = name_of(path);
    match run {
        Some(run) => Some(Subject::of(run.artifact(), PayloadType::SealedRun, &name)),
        None => {
            let bytes = reading::read(path, root, MAX_BYTES).ok()?;
            Some(Subject { name, digest: Digest::of(&bytes), kind: None })
        }
    }
}

/// The runs of what is reviewed, as a finding names them.
///
/// # Errors
/// Fails if its directory is gone.
pub fn runs_of(reviewed: &Reviewed) -> Result<Vec<Subject>, DirectoryError> {
    let runs = directory::find(&reviewed.root)?.runs.into_iter();
    let subject_of = |run: PathBuf| {
        let path = reviewed.root.join(run);
        let bytes = reading::read(&path, &reviewed.root, MAX_BYTES).ok()?;
        subject(&path, SealedRun::parse(&bytes).ok().as_ref(), &reviewed.root)
    };
    Ok(runs.filter_map(subject_of).collect())
}

impl Judged {
    fn of(path: PathBuf, reviewed: &Reviewed, [theirs, own]: [&Context; 2]) -> Self {
        let judged = |by: &Context| judge_file(&path, &reviewed.root, &by.judge(), &by.logs);
        let (files, own) = judged(own);
        let (_, theirs) = judged(theirs);
        let read = files.run.as_ref().ok();
        let run = subject(&path, read, &reviewed.root);
        let text = |of: Option<&str>| of.unwrap_or_default().to_owned();
        let decision_id = text(read.and_then(|run| run.decision_id()));
        let title = text(read.and_then(|run| run.title()));
        Self { path, run, decision_id, title, theirs, own }
    }
}

impl Trusted {
    fn of(envelopes: &[Judged], [theirs, own]: [&Context; 2], logs: &LogBook) -> Self {
        let mut trusted = Self { keys: keys(envelopes, theirs, own), ..Self::default() };
        let known: Vec<Digest> = Anchor::of(&own.roots).iter().map(Anchor::fingerprint).collect();
        let here = |known: bool| if known { TrustHere::Trusted } else { TrustHere::Unknown };
        trusted.roots.extend(Anchor::of(&theirs.roots).iter().map(|root| TrustedRoot {
            subject: visible(&root.subject()),
            fingerprint: root.fingerprint().hex(),
            for_time: false,
            here: here(known.contains(&root.fingerprint())),
        }));
        let known: Vec<Digest> =
            own.tsa_roots.certificates().map(|one| one.fingerprint()).collect();
        trusted.roots.extend(theirs.tsa_roots.certificates().map(|root| TrustedRoot {
            subject: visible(&root.subject()),
            fingerprint: root.fingerprint().hex(),
            for_time: true,
            here: here(known.contains(&root.fingerprint())),
        }));
        let mut seen = Vec::new();
        for one in envelopes {
            let logs = logs.for_directory(directory_of(&one.path));
            let log = logs.log.as_deref().and_then(|log| log.as_ref().ok());
            let ledger = logs.ledger.as_deref().and_then(|ledger| ledger.as_ref().ok());
            seen.extend(log.map(|log| (ChainKind::Log, log.summary.clone())));
            seen.extend(ledger.map(|ledger| (ChainKind::Ledger, ledger.summary.clone())));
        }
        for (kind, Summary { first, last, entries, .. }) in seen {
            let (Some(first), Some(last)) = (first, last) else { continue };
            if trusted.logs.iter().any(|one| one.last == last.hex() && one.kind == kind) {
                continue;
            }
            let remembered = logs.memory().and_then(|memory| memory.chain(first).ok().flatten());
            trusted.logs.push(TrustedLog {
                kind,
                first: first.hex(),
                last: last.hex(),
                entries: count(entries),
                here: here(remembered.is_some()),
            });
        }
        trusted
    }
}

/// The keys of the signatures that count by theirs, and what the keyring here says of each.
fn keys(envelopes: &[Judged], theirs: &Context, own: &Context) -> Vec<TrustedKey> {
    let now = own.judge().now;
    let mut keys: BTreeMap<Digest, TrustedKey> = BTreeMap::new();
    for one in envelopes {
        let mut counted = Vec::new();
        for signature in one.theirs.signatures.iter().chain(&one.theirs.manifest_signatures) {
            let Some(fingerprint) = signature.fingerprint.filter(|_| signature.is_valid()) else {
                continue;
            };
            if counted.contains(&fingerprint) {
                continue;
            }
            counted.push(fingerprint);
            let key = keys.entry(fingerprint).or_insert_with(|| {
                let entry = find(&theirs.keyring, &fingerprint);
                let owner = entry.map_or(&signature.signer_id, |key| &key.owner);
                let (here, why) = standing(&own.keyring, &fingerprint, owner, now);
                TrustedKey {
                    owner: visible(owner),
                    key_id: visible(&signature.key_id),
                    fingerprint: fingerprint.hex(),
                    kind: signature.kind,
                    envelopes: 0,
                    here,
                    why,
                }
            });
            key.envelopes += 1;
        }
    }
    let mut keys: Vec<TrustedKey> = keys.into_values().collect();
    keys.sort_by(|a, b| (&a.owner, &a.key_id).cmp(&(&b.owner, &b.key_id)));
    keys
}

fn find<'k>(keyring: &'k Keyring, fingerprint: &Digest) -> Option<&'k Key> {
    keyring.keys().iter().find(|key| key.fingerprint() == Some(*fingerprint))
}

/// How a key stands in a keyring, and what that says otherwise.
fn standing(
    keyring: &Keyring,
    fingerprint: &Digest,
    owner: &str,
    now: Instant,
) -> (TrustHere, Option<countersign_problem::Said>) {
    let Some(key) = find(keyring, fingerprint) else { return (TrustHere::Unknown, None) };
    if key.owner != owner {
        let why = words!("trust-other-owner", owner = ?key.owner);
        return (TrustHere::Contradicts, Some(why.into()));
    }
    match key.validity(now) {
        Acceptance::Accepted => (TrustHere::Trusted, None),
        why => (TrustHere::Contradicts, Some(why.words().into())),
    }
}

/// Why a review does not end in a finding.
#[derive(Debug, Problem)]
#[problem(area = "conclude")]
#[non_exhaustive]
pub enum ConcludeError {
    /// A directory, or what cannot be read as a pack, has no digest that a finding could be about.
    NotAPack,
    /// No outcome was chosen.
    NoOutcome,
    /// A note is about a run that is not in the pack.
    NoSuchRun {
        /// The digest of the run.
        run: String,
    },
    /// The file of a run cannot be read, so that a finding could not name it.
    Unreadable {
        /// The file.
        file: String,
    },
    /// A finding may not say this.
    #[problem(transparent)]
    Finding(#[from] FindingError),
}
