//! What is stored of an envelope and its verdict, to list it, to tell its history, and to know when it
//! has to be judged again.

mod mark;
mod reached;
mod run_name;

use std::path::Path;

use countersign_admissibility::Verdict;
use countersign_admissibility::continuation::{Continuation, Fork};
use countersign_admissibility::level::Level;
use countersign_admissibility::need::Need;
use countersign_admissibility::policy::{Assurance, Policy};
use countersign_admissibility::signatures::Standing;
use countersign_admissibility::state::State;
use countersign_envelope::claim::SeenChain;
use countersign_envelope::count::count;
use countersign_envelope::digest::Digest;
use countersign_envelope::signature::Role;
use countersign_envelope::transparency_log::TransparencyLog;
use countersign_problem::Said;
use countersign_problem::visible::{visible, visible_short};
use countersign_store::envelope_files::EnvelopeFiles;
use serde::{Deserialize, Serialize};

use self::mark::SHORT;

pub(crate) use self::mark::{JudgedMark, Signatory, Signed, Trusted};
pub(crate) use self::reached::Reached;
pub(crate) use self::run_name::RunName;

/// Longest title that is shown, in characters.
const TITLE: usize = 200;
/// The stored verdict on an envelope.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Judged {
    pub facts: Facts,
    pub signatures: Vec<JudgedMark>,
}

/// Its part without the signatures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Facts {
    pub decision_id: Box<str>,
    pub title: Box<str>,
    pub run_id: Box<str>,
    /// Seconds since 1970-01-01T00:00:00Z.
    pub created_at: Option<i64>,
    pub level: Option<u8>,
    pub assurance: Option<Assurance>,
    pub counted: u32,
    pub threshold: u32,
    pub need: Need,
    /// The roles that somebody has yet to sign in.
    pub open_roles: Box<[Role]>,
    /// Whether it lacks only its entry in the log.
    pub is_registrable: bool,
    /// How the whole stands.
    pub state: State,
    pub unreadable: Option<Box<Said>>,
    /// The refusals to sign that stand, a sentence each.
    pub refusals: Vec<Box<str>>,
    pub warnings: u32,
    /// How the transparency log identifies it: commit hash and content hash.
    pub registered: Option<(Digest, Digest)>,
    /// The entry for it in the transparency log.
    pub entry: LogEntry,
    /// The logs that its signers saw, and how the log of its directory continues each.
    pub seen_logs: Box<[(SeenChain, Option<Continuation>)]>,
    /// Where log or ledger part from what a signer saw, and nobody accepted that.
    pub forks: Box<[Fork]>,
    /// Whether the verdict depends on the authority ledger.
    pub refers_to_ledger: bool,
    /// Whether one of its signatures does not verify.
    pub has_invalid_signature: bool,
    /// When it reached its levels.
    pub reached: Reached,
}

/// A transparency log's entry for a run, as far as a row depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) enum LogEntry {
    /// Nothing.
    #[default]
    None,
    /// An entry; whether its own hash and its content hash are right, and when it was made.
    Found { hash_holds: bool, same_content: bool, at: Option<i64> },
}

impl LogEntry {
    /// Looks a run up.
    pub fn of(log: Option<&TransparencyLog>, run: &Option<(Digest, Digest)>) -> Self {
        let (Some(log), Some((commit, sealed))) = (log, run) else {
            return Self::None;
        };
        let sealed = sealed.to_string();
        match log.find(&commit.to_string(), &sealed) {
            None => Self::None,
            Some(entry) => Self::Found {
                hash_holds: entry.hash_holds,
                same_content: entry.has_content(&sealed),
                at: entry.observed_at.map(|at| at.unix()),
            },
        }
    }

    /// When the run was registered, according to the log.
    pub fn at(self) -> Option<i64> {
        match self {
            Self::Found { at, .. } => at,
            Self::None => None,
        }
    }
}

impl Judged {
    /// Extracts the stored form from an envelope, its verdict and the log used for that.
    pub fn of(
        name: &RunName,
        files: &EnvelopeFiles,
        verdict: &Verdict,
        log: Option<&TransparencyLog>,
        policy: &Policy,
    ) -> Self {
        let run = files.run.as_ref().ok();
        let text = |text: Option<&str>, limit| visible_short(text.unwrap_or_default(), limit);
        let registered = run.and_then(|run| {
            let commit = Digest::parse(run.artifact().commit_hash()?)?;
            Some((commit, Digest::parse(run.recorded_hash()?)?))
        });
        let created_at = run.and_then(|run| run.created_at()).or_else(|| name.created_at());
        let created_at = created_at.map(|at| at.unix());
        let entry = LogEntry::of(log, &registered);
        let signatures = mark::joined(verdict);
        let reached = Reached::of(verdict, policy, created_at, entry.at(), &signatures);
        let facts = Facts {
            decision_id: text(run.and_then(|run| run.decision_id()), SHORT).into(),
            title: text(run.and_then(|run| run.title()), TITLE).into(),
            run_id: text(run.and_then(|run| run.run_id()), SHORT).into(),
            created_at,
            level: verdict.level.map(Level::number),
            assurance: verdict.assurance,
            counted: count(verdict.quorum.counted.len()),
            threshold: u32::try_from(verdict.quorum.required.threshold).unwrap_or(u32::MAX),
            need: verdict.need(),
            open_roles: verdict.open_roles().collect(),
            is_registrable: verdict.is_registrable(),
            state: verdict.state(),
            unreadable: files
                .run
                .as_ref()
                .err()
                .map(|why| Box::new(Said::short(&why.into(), SHORT))),
            refusals: verdict
                .refusals
                .iter()
                .filter(|one| one.stands())
                .map(|one| visible_short(&one.sentence().english(), SHORT).into())
                .collect(),
            warnings: count(
                verdict.warnings().count() + usize::from(verdict.unmet_boundary(policy).is_some()),
            ),
            entry,
            registered,
            reached,
            seen_logs: verdict
                .claims()
                .filter_map(|claim| claim.seen.log.clone())
                .map(|seen| (seen.clone(), continuation(log, &seen)))
                .collect(),
            forks: verdict.forks.clone().into(),
            refers_to_ledger: verdict.boundary.is_some()
                || run.is_some_and(|run| run.authority_reference().is_some()),
            has_invalid_signature: verdict
                .signatures
                .iter()
                .any(|signature| signature.standing == Standing::Invalid),
        };
        Self { facts, signatures }
    }
}

impl Facts {
    /// Whether a log continues those that the signers saw as it did when this was judged.
    pub fn sees_the_same(&self, log: Option<&TransparencyLog>) -> bool {
        self.seen_logs.iter().all(|(seen, then)| continuation(log, seen) == *then)
    }

    /// Whether someone has to sign, or a signature that is there waits for its key.
    pub fn is_pending(&self) -> bool {
        self.need.is_signature() || self.need == Need::AcceptedKey
    }

    /// Whether something is wrong with it that no signature mends.
    pub fn is_trouble(&self) -> bool {
        self.level < Some(Level::L1.number())
            || self.has_invalid_signature
            || self.need == Need::RightManifest
    }
}

/// How a log continues one that a signer saw; `None` if there is no log.
fn continuation(log: Option<&TransparencyLog>, seen: &SeenChain) -> Option<Continuation> {
    Some(Continuation::of(&log?.hashes, seen))
}

/// A path as text, made visible.
pub(crate) fn displayed(path: &Path) -> String {
    visible(&path.to_string_lossy())
}
