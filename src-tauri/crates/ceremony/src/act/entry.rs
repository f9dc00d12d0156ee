//! One envelope of an act.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use countersign_admissibility::Verdict;
use countersign_admissibility::foresight::rise;
use countersign_admissibility::level::Level;
use countersign_admissibility::signatures::{JudgedSignature, Standing};
use countersign_envelope::count::count;
use countersign_envelope::digest::Digest;
use countersign_envelope::instant::Instant;
use countersign_envelope::person::Person;
use countersign_index::queue::{Context, Dot};
use countersign_journal::Recorder;
use countersign_problem::visible::{visible, visible_short};
use countersign_problem::{Explain as _, Problem, Said};
use countersign_store::judgement::judge_file;
use countersign_store::large;
use countersign_store::reading::{directory_of, name_of};
use countersign_views::TimesView;

use super::reading::{ArtifactView, Raw, ReadingView, TermsView};
use super::view::{ActChoice, ActOutcome, ActRow, Effect};
use crate::act_error::ActError;
use crate::ceremony::Ceremony;
use crate::signing::{Reading, Scope, SeenChains, SigningError};

/// Longest title in a row, in characters.
const TITLE: usize = 300;

/// What an act works with: see [`crate::desk::SigningDesk`].
pub(super) struct Place<'a> {
    pub root: &'a Path,
    pub rules: &'a Context,
    pub recorder: &'a Arc<dyn Recorder>,
}

/// An envelope that was read for an act.
pub(super) struct Gathered {
    pub entry: Entry,
    /// Its ceremony, at its beginning or refused.
    pub ceremony: Ceremony,
    /// What a person reads of it.
    pub reading: ReadingView,
    /// What is signed of it.
    pub raw: Raw,
}

/// One envelope of an act.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub run: PathBuf,
    pub terms: TermsView,
    pub outcome: ActOutcome,
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
    row: ActRow,
}

impl Entry {
    /// Reads and judges an envelope, and begins its ceremony. If it is the only one, everything from
    /// here on is recorded; of those in a list only refusals are, until the turn of each.
    pub fn gather(id: u32, run: &Path, place: &Place<'_>, only: bool) -> Gathered {
        let _turn = large::turn(run);
        let Place { root, rules, recorder } = place;
        let keyring = Arc::clone(&rules.keyring);
        let logs = rules.logs.for_directory(directory_of(run));
        let ceremony = Ceremony::begin(run, Scope::RunAndManifest, None, keyring);
        let mut ceremony = ceremony.seeing(SeenChains::of(&logs));
        if only || ceremony.refusal().is_some() {
            ceremony = ceremony.recorded(Arc::clone(recorder));
        }
        let judge = rules.judge();
        let judged = judge_file(run, root, &judge, &rules.logs);
        let (reading, raw) = ReadingView::of(ceremony.reading(), &judged, &judge);
        let unfit = ceremony.refusal().map(|error| error.problem());
        let seen = ceremony.reading().map(seen).unwrap_or_default();
        let of_run = ceremony.reading().map(Reading::run).or(judged.0.run.as_ref().ok());
        let verdict = &judged.1;
        let manifest = reading.artifacts.len() > 1;
        let mut entry = Self {
            run: run.to_owned(),
            outcome: if unfit.is_some() { ActOutcome::LeftOut } else { ActOutcome::Ready },
            why: unfit.clone(),
            seen,
            signed: verdict.signatures.iter().any(|one| one.standing != Standing::Invalid),
            signers: signers(verdict, manifest),
            unfit,
            row: ActRow {
                at: 0,
                envelope: id,
                file: visible(&name_of(run)),
                decision_id: visible(of_run.and_then(|run| run.decision_id()).unwrap_or("")),
                title: visible_short(of_run.and_then(|run| run.title()).unwrap_or(""), TITLE),
                digest: reading.artifacts.first().map(|artifact| artifact.digest.clone()),
                level_before: verdict.level.map(Level::number),
                level: None,
                assurance: None,
                missing: None,
                signatures: Vec::new(),
                threshold: reading.terms.threshold,
                warnings: count(reading.warnings.len()),
                outcome: ActOutcome::Ready,
                why: None,
                written: Vec::new(),
                times: None,
            },
            terms: reading.terms.clone(),
            artifacts: reading.artifacts.clone(),
        };
        entry.judged(verdict);
        Gathered { entry, ceremony, reading, raw }
    }

    /// As it is listed.
    pub fn row(&self, at: u32) -> ActRow {
        ActRow { at, outcome: self.outcome, why: self.why.clone(), ..self.row.clone() }
    }

    /// Takes over the new verdict.
    pub fn judged(&mut self, verdict: &Verdict) {
        self.row.level = verdict.level.map(Level::number);
        self.row.assurance = verdict.assurance;
        self.row.missing = verdict.missing.as_ref().map(Said::from);
        let dot =
            |one: &JudgedSignature| Dot { role: one.role, kind: one.kind, standing: one.standing };
        self.row.signatures = verdict.signatures.iter().map(dot).collect();
    }

    /// Takes over which files were written, the new verdict, and when it was signed by this choice.
    pub fn written(
        &mut self,
        files: &[PathBuf],
        verdict: &Verdict,
        choice: Option<&ActChoice>,
        now: Instant,
    ) {
        self.row.written = files.iter().map(|path| visible(&name_of(path))).collect();
        let made = choice.filter(|choice| choice.reason.is_none()).and_then(|choice| {
            let is_it = |one: &&JudgedSignature| {
                one.signer_id == choice.signer_id && one.role == Some(choice.role)
            };
            verdict.signatures.iter().rev().find(is_it)
        });
        self.row.times = made.map(|one| TimesView::of(one, now));
        self.judged(verdict);
    }

    /// What its new signature has changed, if the level is another.
    pub fn effect(&self) -> Option<Effect> {
        let (before, after) = (self.row.level_before, self.row.level);
        let level = |level: Option<u8>| Level::ALL.get(usize::from(level?)).copied();
        let words = || rise(level(before), level(after));
        (before != after).then(|| Effect { changes: true, words: words() })
    }

    /// Whether it can still be signed in this act, or could be by another signer.
    pub fn is_open(&self) -> bool {
        matches!(self.outcome, ActOutcome::Ready | ActOutcome::LeftOut) && self.unfit.is_none()
    }

    /// Why a key or a person has nothing left to sign here; `None` if they have.
    pub fn signed_by(&self, fingerprint: Option<Digest>, signer_id: &str) -> Option<ActError> {
        let person = Person::of(signer_id);
        self.signers.iter().find_map(|(who, key)| {
            let who = who.clone();
            if fingerprint.is_some() && *key == fingerprint {
                Some(ActError::KeySigned { who })
            } else {
                (Person::of(&who) == person).then_some(ActError::PersonSigned { who })
            }
        })
    }

    /// Takes back what a signer was marked for.
    pub fn unmark(&mut self) {
        if self.is_open() {
            (self.why, self.outcome) = (None, ActOutcome::Ready);
        }
    }

    /// Marks what a signer would do with it, if that is still open.
    pub fn mark(&mut self, fingerprint: Option<Digest>, signer_id: &str) {
        if self.is_open() {
            self.why = self.signed_by(fingerprint, signer_id).map(|error| error.problem());
            self.outcome = if self.why.is_some() { ActOutcome::LeftOut } else { ActOutcome::Ready };
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
