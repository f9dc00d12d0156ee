//! One envelope of several in one ceremony.

use countersign_problem::{Explain as _, Problem};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use countersign_admissibility::Verdict;
use countersign_admissibility::level::Level;
use countersign_admissibility::policy::Assurance;
use countersign_admissibility::signatures::{JudgedSignature, Standing};
use countersign_envelope::digest::Digest;
use countersign_envelope::person::Person;
use countersign_envelope::vocabulary;
use countersign_problem::visible::{visible, visible_short};
use serde::Serialize;

use crate::act_error::ActError;
use crate::ceremony::Ceremony;
use crate::session::{ArtifactView, ReadingView, TermsView};
use crate::signing::{Reading, Scope, SigningError};
use countersign_envelope::count::count;
use countersign_index::queue::{Context, Dot};
use countersign_journal::Recorder;
use countersign_store::judgement::judge_file;
use countersign_store::large;
use countersign_store::reading::name_of;

/// Longest title in a row, in characters.
const TITLE: usize = 300;

vocabulary! {
    /// The result for one of several envelopes.
    BatchOutcome {
        /// It is to be signed.
        Ready = "ready",
        /// It is left out.
        LeftOut = "left_out",
        /// It is signed, and the signatures are written.
        Written = "written",
        /// It was tried and is not signed.
        Failed = "failed",
        /// It is not signed, since it was stopped before.
        NotReached = "not_reached",
    }
}

/// One of several envelopes, as it is listed.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct BatchRow {
    /// Its place in the list, from 0.
    pub at: u32,
    /// Its id in the queue.
    pub envelope: u32,
    /// The name of its run's file.
    pub file: String,
    /// The id of the decision; empty if it cannot be read.
    pub decision_id: String,
    /// Its title; empty if it cannot be read.
    pub title: String,
    /// SHA-256 of the canonical bytes of the run, 64 hex digits; null if it must not be signed.
    pub digest: Option<String>,
    /// Its level in the list.
    pub level_before: Option<u8>,
    /// Its level now.
    pub level: Option<u8>,
    /// How well it is known that hardware or an external signer signed.
    pub assurance: Option<Assurance>,
    /// Its signatures.
    pub signatures: Vec<Dot>,
    /// How many it asks for.
    pub threshold: u32,
    /// How many things should be known before it is signed.
    pub warnings: u32,
    /// The result.
    pub outcome: BatchOutcome,
    /// Why it is not signed.
    pub why: Option<Problem>,
}

/// One of several envelopes.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub run: PathBuf,
    pub terms: TermsView,
    pub outcome: BatchOutcome,
    pub why: Option<Problem>,
    /// Whether someone had signed it when the list was made.
    pub signed: bool,
    /// Which of its files are signed.
    pub artifacts: Vec<ArtifactView>,
    /// The files as they were read for the list.
    seen: Vec<(PathBuf, Digest)>,
    /// Who has signed all of these files: such a signer has nothing left to do here.
    signers: Vec<(String, Option<Digest>)>,
    /// Why nobody can sign it.
    unfit: Option<Problem>,
    row: BatchRow,
}

impl Entry {
    /// Reads and judges an envelope for the list.
    pub fn gather(
        id: u32,
        run: &Path,
        root: &Path,
        rules: &Context,
        recorder: &Arc<dyn Recorder>,
    ) -> Self {
        let _turn = large::turn(run);
        let keyring = Arc::clone(&rules.keyring);
        let ceremony = Ceremony::begin(run, Scope::RunAndManifest, None, keyring);
        let judged = judge_file(run, root, &rules.judge(), &rules.logs);
        let (read, _) = ReadingView::of(ceremony.reading(), &judged, &rules.policy);
        let unfit = ceremony.refusal().map(|error| error.problem());
        let seen = ceremony.reading().map(seen).unwrap_or_default();
        let of_run = ceremony.reading().map(Reading::run).or(judged.0.run.as_ref().ok());
        let verdict = &judged.1;
        let manifest = read.artifacts.len() > 1;
        let mut entry = Self {
            run: run.to_owned(),
            outcome: if unfit.is_some() { BatchOutcome::LeftOut } else { BatchOutcome::Ready },
            why: unfit.clone(),
            seen,
            signed: verdict.signatures.iter().any(|one| one.standing != Standing::Invalid),
            signers: signers(verdict, manifest),
            unfit,
            row: BatchRow {
                at: 0,
                envelope: id,
                file: visible(&name_of(run)),
                decision_id: visible(of_run.and_then(|run| run.decision_id()).unwrap_or("")),
                title: visible_short(of_run.and_then(|run| run.title()).unwrap_or(""), TITLE),
                digest: read.artifacts.first().map(|artifact| artifact.digest.clone()),
                level_before: verdict.level.map(Level::number),
                level: None,
                assurance: None,
                signatures: Vec::new(),
                threshold: read.terms.threshold,
                warnings: count(read.warnings.len()),
                outcome: BatchOutcome::Ready,
                why: None,
            },
            terms: read.terms,
            artifacts: read.artifacts,
        };
        entry.judged(verdict);
        if ceremony.refusal().is_some() {
            // A refusal is journalled; what is only listed is not.
            drop(ceremony.recorded(Arc::clone(recorder)));
        }
        entry
    }

    /// As it is listed.
    pub fn row(&self, at: u32) -> BatchRow {
        BatchRow { at, outcome: self.outcome, why: self.why.clone(), ..self.row.clone() }
    }

    /// Takes over the new verdict.
    pub fn judged(&mut self, verdict: &Verdict) {
        self.row.level = verdict.level.map(Level::number);
        self.row.assurance = verdict.assurance;
        let dot = |one: &JudgedSignature| Dot { kind: one.kind, standing: one.standing };
        self.row.signatures = verdict.signatures.iter().map(dot).collect();
    }

    /// What a signer would do with it, if that is still open.
    pub fn marked(
        &self,
        fingerprint: Option<Digest>,
        signer_id: &str,
    ) -> Option<(BatchOutcome, Option<Problem>)> {
        if !matches!(self.outcome, BatchOutcome::Ready | BatchOutcome::LeftOut) {
            return None;
        }
        let person = Person::of(signer_id);
        let before = self.signers.iter().find_map(|(who, key)| {
            let who = who.clone();
            if fingerprint.is_some() && *key == fingerprint {
                Some(ActError::KeySigned { who }.problem())
            } else {
                (Person::of(&who) == person).then(|| ActError::PersonSigned { who }.problem())
            }
        });
        match self.unfit.clone().or(before) {
            Some(why) => Some((BatchOutcome::LeftOut, Some(why))),
            None => Some((BatchOutcome::Ready, None)),
        }
    }

    /// Whether what was read now is what was read for the list.
    pub fn check_same(&self, reading: &Reading) -> Result<(), SigningError> {
        let now = seen(reading);
        let mut changed = now.iter().filter(|one| !self.seen.contains(one));
        match changed.next().or_else(|| self.seen.iter().find(|one| !now.contains(one))) {
            Some((path, _)) => Err(SigningError::Changed(path.clone())),
            None => Ok(()),
        }
    }
}

fn seen(reading: &Reading) -> Vec<(PathBuf, Digest)> {
    let one =
        |read: crate::signing::ReadArtifact<'_>| (read.path.to_owned(), Digest::of(read.bytes));
    reading.artifacts().map(one).collect()
}

/// Who has a signature that counts on all files to be signed.
fn signers(verdict: &Verdict, manifest: bool) -> Vec<(String, Option<Digest>)> {
    let standing = |one: &&JudgedSignature| one.is_valid();
    let on_manifest = |one: &&JudgedSignature| {
        !manifest
            || verdict.manifest_signatures.iter().filter(standing).any(|other| {
                other.signer_id == one.signer_id && other.fingerprint == one.fingerprint
            })
    };
    let all = verdict.signatures.iter().filter(standing).filter(on_manifest);
    all.map(|one| (one.signer_id.clone(), one.fingerprint)).collect()
}
