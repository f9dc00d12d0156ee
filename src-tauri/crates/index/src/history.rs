//! The history of a directory: one record for every signature of every envelope, with its verdict
//! and its time, as far as the files claim one.
//!
//! A signature on a run and the same person's signature on its manifest are one act and one record.
//! The window receives all of them at once, in columns ([`HistoryView`]); files and terminals one
//! by one ([`Record`]); both from the queue or from one pass over a directory.

mod columns;
mod export;
mod filter;
mod level;

use std::path::{Path, PathBuf};

use countersign_admissibility::policy::{Assurance, TimeKind};
use countersign_admissibility::signatures::{LabelSource, Standing};
use countersign_admissibility::{Judge, Verdict};
use countersign_envelope::digest::Digest;
use countersign_envelope::instant::Instant;
use countersign_envelope::signature::{Role, SignerType};
use countersign_envelope::vocabulary;
use serde::Serialize;

use crate::judged::{Facts, Judged, RunName, Signatory, Signed, Trusted, displayed};
use countersign_store::envelope_files::EnvelopeFiles;
use countersign_store::judgement::{self, RunsToJudge};
use countersign_store::logs::LogBook;
use countersign_store::reading::{directory_of, name_of};

pub(crate) use columns::Columns;
pub use columns::{HistoryEnvelopes, HistoryKey, HistorySignatures, HistoryView};
pub use export::{ExportError, HistoryFormat, write};
pub use filter::HistoryFilter;
pub use level::LevelFilter;

vocabulary! {
    /// The files that a signature is on.
    SignedOn {
        /// Run and manifest, as one act.
        Both = "run_and_manifest",
        /// The run only.
        Run = "run",
        /// The manifest only.
        Manifest = "manifest",
    }
}

/// One signature, as it is exported and printed. All texts are made visible.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Record<'a> {
    /// When, according to the file: RFC 3339 in UTC; `None` if it has no time.
    pub signed_at: Option<String>,
    /// Who, according to the file.
    pub signer_id: &'a str,
    /// In which role.
    pub role: Option<Role>,
    /// With which key, by its id.
    pub key_id: &'a str,
    /// SHA-256 of the public key, 64 hex digits; `None` if the signature could not be verified.
    pub fingerprint: Option<String>,
    /// What holds the key, as far as is known.
    pub kind: SignerType,
    /// How well that is known; none for software.
    pub assurance: Option<Assurance>,
    /// The verdict.
    pub standing: Standing,
    /// Whether it counts: one that is valid may be another entry's double.
    pub counts: bool,
    /// Why, in words.
    pub reason: &'a str,
    /// The files that it is on.
    pub signed: SignedOn,
    /// The decision.
    pub decision_id: &'a str,
    /// What was decided.
    pub title: &'a str,
    /// The run.
    pub run_id: &'a str,
    /// The current level of the envelope, 0 to 7; -1 if not even L0 holds.
    pub level: i8,
    /// When the run was registered, according to the transparency log.
    pub registered_at: Option<String>,
    /// The run's file, seen from the directory.
    pub file: String,
    /// Whose word signer, role, time and kind are.
    pub labels: LabelSource,
    /// The best that is known of when it was made.
    pub time: TimeKind,
    /// The time by which it was there, as an authority says: RFC 3339 in UTC.
    pub trusted_at: Option<String>,
    /// That authority.
    pub authority: Option<&'a str>,
}

/// A signature and its envelope.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Found<'a> {
    /// The directory of the run, seen from the root and made visible.
    pub folder: &'a str,
    pub name: RunName,
    pub facts: &'a Facts,
    pub signer: &'a Signatory,
    pub reason: &'a str,
    pub signed: Signed,
    pub trusted: Option<&'a Trusted>,
}

impl<'a> Found<'a> {
    fn record(&self) -> Record<'a> {
        let time = |at: Option<i64>| at.and_then(Instant::from_unix).map(|at| at.to_string());
        let Self { folder, name, facts, signer, reason, signed, trusted } = *self;
        let file = match folder {
            "" => name.file(),
            folder => format!("{folder}/{}", name.file()),
        };
        Record {
            signed_at: time(signed.at),
            signer_id: &signer.signer_id,
            role: signed.role,
            key_id: &signer.key_id,
            fingerprint: signer.fingerprint.map(|digest| digest.hex()),
            kind: signed.kind,
            assurance: signed.assurance,
            standing: signed.standing(),
            counts: signed.counts && signed.standing() == Standing::Valid,
            reason,
            signed: match (signed.run, signed.manifest) {
                (Some(_), Some(_)) => SignedOn::Both,
                (Some(_), None) => SignedOn::Run,
                (None, _) => SignedOn::Manifest,
            },
            decision_id: &facts.decision_id,
            title: &facts.title,
            run_id: &facts.run_id,
            level: level_number(facts.level),
            registered_at: time(facts.entry.at()),
            file,
            labels: signed.labels,
            time: match (trusted, signed.labels) {
                (Some(_), _) => TimeKind::Trusted,
                (None, LabelSource::Signed) => TimeKind::Signed,
                (None, _) => TimeKind::Claimed,
            },
            trusted_at: time(trusted.map(|one| one.at)),
            authority: trusted.map(|one| &*one.authority),
        }
    }
}

/// -1 if not even L0 holds.
fn level_number(level: Option<u8>) -> i8 {
    level.map_or(-1, u8::cast_signed)
}

/// The records that a filter lets through, the oldest first; those without a time last.
pub(crate) fn records<'a>(
    found: impl Iterator<Item = Found<'a>>,
    filter: &HistoryFilter,
) -> Vec<Record<'a>> {
    let mut found: Vec<Found<'_>> = found.filter(|one| filter.has(one)).collect();
    found.sort_by(|a, b| {
        let order = |one: &Found<'a>| (one.signed.at.is_none(), one.signed.at, one.name);
        order(a).cmp(&order(b)).then_with(|| a.folder.cmp(b.folder))
    });
    found.iter().map(Found::record).collect()
}

/// The signatures of a directory that was judged once, from beginning to end.
#[derive(Debug, Default)]
pub struct History {
    envelopes: Vec<Envelope>,
}

#[derive(Debug)]
struct Envelope {
    folder: String,
    name: RunName,
    judged: Judged,
}

impl History {
    /// Judges the runs at paths relative to `root`; calls `each` after every run.
    pub fn read(
        root: &Path,
        runs: &[PathBuf],
        judge: &Judge<'_>,
        logs: &LogBook,
        mut each: impl FnMut(),
    ) -> Self {
        let mut history = Self::default();
        let envelope = |run: &Path, files: &EnvelopeFiles, verdict: &Verdict| {
            let name = RunName::of_file(&name_of(run))?;
            let logs = logs.for_directory(directory_of(&root.join(run)));
            let log = logs.log.as_deref().and_then(|log| log.as_ref().ok());
            let judged = Judged::of(&name, files, verdict, log, judge.policy);
            let folder = displayed(run.parent().unwrap_or(Path::new("")));
            Some(Envelope { folder, name, judged })
        };
        let keep = |envelope| -> Result<(), std::convert::Infallible> {
            history.envelopes.extend(envelope);
            each();
            Ok(())
        };
        let all = RunsToJudge { root, runs, judge, logs };
        let Ok(()) = judgement::judge_all(all, envelope, keep);
        history
    }

    /// The records that a filter lets through, the oldest first; those without a time last.
    pub fn records(&self, filter: &HistoryFilter) -> Vec<Record<'_>> {
        let found = self.envelopes.iter().flat_map(|envelope| {
            envelope.judged.signatures.iter().map(|mark| Found {
                folder: &envelope.folder,
                name: envelope.name,
                facts: &envelope.judged.facts,
                signer: &mark.signer,
                reason: &mark.reason,
                signed: mark.signed,
                trusted: mark.trusted.as_deref(),
            })
        });
        records(found, filter)
    }

    /// The refusals to sign that stand, each with the run's file seen from the directory.
    pub fn refusals(&self) -> impl Iterator<Item = (String, &str)> {
        self.envelopes.iter().flat_map(|envelope| {
            let file = match envelope.folder.as_str() {
                "" => envelope.name.file(),
                folder => format!("{folder}/{}", envelope.name.file()),
            };
            let refusals = envelope.judged.facts.refusals.iter();
            refusals.map(move |refusal| (file.clone(), &**refusal))
        })
    }
}

/// Identifies a key: the fingerprint if it is known, otherwise the id alone, which anyone may have
/// written.
pub(crate) fn names_key(wanted: &str, key_id: &str, fingerprint: Option<Digest>) -> bool {
    /// The fewest hex digits that are treated as the beginning of a fingerprint.
    const DIGITS: usize = 8;
    wanted == key_id
        || (wanted.len() >= DIGITS
            && fingerprint
                .is_some_and(|digest| digest.hex().starts_with(&wanted.to_ascii_lowercase())))
}
