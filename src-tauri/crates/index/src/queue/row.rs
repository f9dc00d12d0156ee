//! One row of the queue: what is shown of an envelope, and what is kept of it to show that and to
//! know when it has to be judged again.

use std::path::Path;

use countersign_admissibility::Verdict;
use countersign_admissibility::level::Level;
use countersign_admissibility::need::Need;
use countersign_admissibility::policy::{Assurance, Policy};
use countersign_admissibility::signatures::{JudgedSignature, Standing};
use countersign_envelope::digest::Digest;
use countersign_envelope::file_name::is_sealed_run;
use countersign_envelope::instant::Instant;
use countersign_envelope::signature::{Role, SignerType};
use countersign_envelope::transparency_log::TransparencyLog;
use countersign_problem::visible::visible_short;
use serde::{Deserialize, Serialize};

use crate::history::Reached;
use countersign_envelope::count::count;
use countersign_store::envelope_files::EnvelopeFiles;

/// Longest title that is shown, in characters.
const TITLE: usize = 200;
/// Longest id, name or sentence that is shown, in characters.
const SHORT: usize = 400;

/// One row of the queue. All texts are made visible: plain text, to be shown as text.
#[derive(Debug, Clone, PartialEq, Serialize, specta::Type)]
pub struct QueueRow {
    /// Its id, the same for the whole session.
    pub id: u32,
    /// Changes whenever the envelope is judged again.
    pub revision: u32,
    /// The file's name without `.json`.
    pub file: String,
    /// The sub-directory; empty at the top.
    pub folder: String,
    /// The decision's id.
    pub decision_id: String,
    /// The decision's title.
    pub title: String,
    /// The run's id.
    pub run_id: String,
    /// When the decision was made, RFC 3339 in UTC; from the file's name if the run has no time.
    pub created_at: Option<String>,
    /// 0 to 7; null if not even L0 holds.
    pub level: Option<u8>,
    /// How well it is known that hardware or an external signer signed.
    pub assurance: Option<Assurance>,
    /// A dot for each signature on the run.
    pub signatures: Vec<Dot>,
    /// How many of them count toward the threshold.
    pub counted: u32,
    /// How many are needed.
    pub threshold: u32,
    /// Whether someone has to sign.
    pub pending: bool,
    /// What it needs next, as one word.
    pub need: Need,
    /// What the next level needs, in a sentence; null at L7.
    pub missing: Option<String>,
    /// Why it cannot be read.
    pub unreadable: Option<String>,
    /// How many things hold and should be known all the same.
    pub warnings: u32,
}

/// One signature of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, specta::Type)]
pub struct Dot {
    /// What holds the key, as far as is known.
    pub kind: SignerType,
    /// The verdict.
    pub standing: Standing,
}

/// The name of a run without `RUN-` and `.json`: 25 bytes that every run's name differs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct RunName([u8; 25]);

impl RunName {
    /// From a file's name; `None` if it is not the name of a run.
    pub fn of_file(name: &str) -> Option<Self> {
        let stem = name.strip_prefix("RUN-")?.strip_suffix(".json")?;
        is_sealed_run(name).then(|| stem.as_bytes().try_into().ok().map(Self))?
    }

    /// Its hex digits and time.
    fn as_str(&self) -> &str {
        // Only ever made of ASCII.
        str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The name without `.json`, which is also how a run of it calls itself.
    pub fn stem(&self) -> String {
        format!("RUN-{}", self.as_str())
    }

    /// The name of the file.
    pub fn file(&self) -> String {
        format!("RUN-{}.json", self.as_str())
    }

    /// The time in the name, as it is written there: later is greater.
    pub fn time(&self) -> [u8; 16] {
        let mut time = [0; 16];
        time.copy_from_slice(&self.0[9..]);
        time
    }

    /// The time in the name; `None` if that is not a valid time.
    fn created_at(&self) -> Option<Instant> {
        let t = &self.as_str()[9..];
        let (date, time) = t.split_at(8);
        let date = format!("{}-{}-{}", &date[..4], &date[4..6], &date[6..]);
        Instant::parse(&format!("{date}T{}:{}:{}Z", &time[1..3], &time[3..5], &time[5..7]))
    }
}

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
    pub missing: Option<Box<str>>,
    pub unreadable: Option<Box<str>>,
    pub warnings: u32,
    /// How the transparency log identifies it: commit hash and content hash.
    pub registered: Option<(Digest, Digest)>,
    /// The entry for it in the transparency log.
    pub entry: LogEntry,
    /// Whether the verdict depends on the authority ledger.
    pub refers_to_ledger: bool,
    /// Whether one of its signatures does not verify.
    pub has_invalid_signature: bool,
    /// When it reached its levels.
    pub reached: Reached,
}

/// The stored verdict on a signature: on the run, joined with the same person's on the manifest.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct JudgedMark {
    pub signer: Signatory,
    /// The reason for its verdict.
    pub reason: Box<str>,
    pub signed: Signed,
}

/// The stored verdict on a signature without its signer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Signed {
    pub role: Option<Role>,
    pub kind: SignerType,
    pub assurance: Option<Assurance>,
    /// When, according to the file: seconds since 1970-01-01T00:00:00Z.
    pub at: Option<i64>,
    /// The verdict on the run; null if it is only on the manifest.
    pub run: Option<Standing>,
    /// The verdict on the manifest.
    pub manifest: Option<Standing>,
    /// Whether it is one of those that count: for L4 on the run, as valid on the manifest alone.
    pub counts: bool,
    /// Its index among the signatures of the run; among those of the manifest if it is only on
    /// that.
    pub place: u32,
}

impl Signed {
    /// The verdict as a whole: the worse of both.
    pub fn standing(&self) -> Standing {
        self.run.max(self.manifest).unwrap_or(Standing::Invalid)
    }

    /// Its mark in a row: by the verdict on the run.
    pub fn dot(&self) -> Option<Dot> {
        self.run.map(|standing| Dot { kind: self.kind, standing })
    }
}

/// Who signed, and with which key.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct Signatory {
    pub signer_id: Box<str>,
    pub key_id: Box<str>,
    pub fingerprint: Option<Digest>,
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
        let signatures = joined(verdict);
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
            missing: verdict.missing.as_deref().map(|text| visible_short(text, SHORT).into()),
            unreadable: files.run.as_ref().err().map(|why| visible_short(why, SHORT).into()),
            warnings: count(verdict.warnings().count()),
            entry,
            registered,
            reached,
            refers_to_ledger: run
                .and_then(|run| run.at(&["authority_ledger_ref"]))
                .is_some_and(|reference| reference.is_object()),
            has_invalid_signature: verdict
                .signatures
                .iter()
                .any(|signature| signature.standing == Standing::Invalid),
        };
        Self { facts, signatures }
    }
}

/// The signatures on the run, each with the same one on the manifest; then those on the manifest
/// that have no other.
fn joined(verdict: &Verdict) -> Vec<JudgedMark> {
    let mut on_manifest: Vec<_> = (0_u32..).zip(&verdict.manifest_signatures).collect();
    let mut marks = Vec::with_capacity(verdict.signatures.len());
    for (place, one) in (0_u32..).zip(&verdict.signatures) {
        let same = |other: &JudgedSignature| {
            (&other.signer_id, &other.key_id, other.role) == (&one.signer_id, &one.key_id, one.role)
        };
        let other = on_manifest.iter().position(|(_, other)| same(other));
        let other = other.map(|at| on_manifest.remove(at).1);
        let counts = one.is_valid() && verdict.quorum.why_not(place as usize).is_none();
        marks.push(mark(place, Some(one), other, counts));
    }
    let of_manifest =
        |(place, one): (u32, &JudgedSignature)| mark(place, None, Some(one), one.is_valid());
    marks.extend(on_manifest.into_iter().map(of_manifest));
    marks
}

/// Extracts the stored form of a signature that is on the run, the manifest, or both.
fn mark(
    place: u32,
    run: Option<&JudgedSignature>,
    manifest: Option<&JudgedSignature>,
    counts: bool,
) -> JudgedMark {
    let standing = |one: Option<&JudgedSignature>| one.map(|one| one.standing);
    let is_worse = run.is_some() && standing(manifest) > standing(run);
    let text = |text: &str| visible_short(text, SHORT).into();
    let of = run.or(manifest);
    let reason = match manifest.filter(|_| is_worse) {
        Some(manifest) => format!("on the manifest: {}", manifest.detail),
        None => of.map(|one| one.detail.clone()).unwrap_or_default(),
    };
    let at = |one: &JudgedSignature| Some(Instant::parse(one.signed_at.as_deref()?)?.unix());
    JudgedMark {
        signer: Signatory {
            signer_id: of.map(|one| text(&one.signer_id)).unwrap_or_default(),
            key_id: of.map(|one| text(&one.key_id)).unwrap_or_default(),
            fingerprint: run.and_then(|one| one.fingerprint).or_else(|| manifest?.fingerprint),
        },
        reason: text(&reason),
        signed: Signed {
            role: of.and_then(|one| one.role),
            kind: of.map_or(SignerType::Software, |one| one.kind),
            assurance: of.and_then(|one| one.assurance),
            at: of.and_then(at),
            run: standing(run),
            manifest: standing(manifest),
            counts,
            place,
        },
    }
}

impl Facts {
    /// Whether someone has to sign.
    pub fn is_pending(&self) -> bool {
        self.need.is_signature()
    }

    /// Whether something is wrong with it that no signature mends.
    pub fn is_trouble(&self) -> bool {
        self.level < Some(Level::L1.number())
            || self.has_invalid_signature
            || self.need == Need::RightManifest
    }
}

/// A path as text, made visible.
pub(crate) fn displayed(path: &Path) -> String {
    countersign_problem::visible::visible(&path.to_string_lossy())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_without_a_date_is_dated_by_its_name() {
        let at = |name: &str| RunName::of_file(name).unwrap().created_at().map(|at| at.to_string());
        let utc = at("RUN-50b0d817_20260506T070809Z.json");
        assert_eq!(utc.as_deref(), Some("2026-05-06T07:08:09Z"));
        assert_eq!(at("RUN-50b0d817_20261306T070809Z.json"), None);
        assert_eq!(RunName::of_file("RUN-50b0d817_20260506T070809Z.manifest.json"), None);
    }
}
