//! What a change of trust or policy would change about the envelopes of a directory, before it is
//! made. Every envelope is judged twice, by the rules as they are and as they would be; nothing is
//! written.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use countersign_admissibility::keyring::{Key, Keyring, KeyringError, Revocation};
use countersign_admissibility::level::Level;
use countersign_admissibility::policy::Assurance;
use countersign_admissibility::signed_keyring::SignedKeyring;
use countersign_admissibility::state::State;
use countersign_admissibility::{Judge, Verdict};
use countersign_envelope::count::{count, counted};
use countersign_envelope::vocabulary;
use countersign_index::queue::{Context, Rules};
use countersign_problem::Problem;
use countersign_problem::visible::{visible, visible_short};
use countersign_store::directory::{self, DirectoryError};
use countersign_store::envelope_files::EnvelopeFiles;
use countersign_store::judgement::{self, RunsToJudge};
use countersign_store::logs::LogBook;
use countersign_store::reading::directory_of;
use countersign_trust::adopted::{self, AdoptedError};
use countersign_trust::attestation_roots::{self, Anchor, TrustError};
use countersign_trust::keyring_file::KeyringFileError;
use countersign_trust::tsa_roots;
use serde::Serialize;

use crate::log_acceptance::LogAcceptance;
use crate::open_directory::OpenDirectory;
use crate::roots::TrustedFor;
use crate::workspace::{Workspace, WorkspaceError};

/// How many envelopes are listed that rise, fall, or change otherwise, of each.
const LISTED: usize = 100;
/// Longest decision title in the list, in characters.
const TITLE: usize = 120;

/// A change of trust or policy, before it is made.
#[derive(Debug)]
pub enum TrustChange {
    /// A key comes into the keyring.
    Enrol(Box<Key>),
    /// A key of the keyring is revoked.
    Revoke {
        /// The key.
        key_id: String,
        /// Why, and from when.
        revocation: Revocation,
    },
    /// Certificates or keys of a file are trusted.
    AddRoots {
        /// For what.
        what: TrustedFor,
        /// The file.
        file: PathBuf,
        /// Those that are confirmed, by their SHA-256.
        sha256: Vec<String>,
    },
    /// A certificate or key is trusted no longer.
    RemoveRoot {
        /// For what.
        what: TrustedFor,
        /// Its SHA-256.
        sha256: String,
    },
    /// A log or ledger is accepted as it is.
    AcceptLog(Box<LogAcceptance>),
    /// Other settings.
    Rules(Box<Rules>),
    /// A version of the signed keyring takes the place of what is in force.
    SignedKeyring(Box<SignedKeyring>),
}

/// Why it is not known what a change would change.
#[derive(Debug, Problem)]
#[non_exhaustive]
pub enum TrustChangeError {
    /// The workspace does not allow it.
    #[problem(transparent)]
    Workspace(#[from] WorkspaceError),
    /// The keyring does not take the change.
    #[problem(transparent)]
    Keyring(#[from] KeyringFileError),
    /// The trusted roots do not take the change.
    #[problem(transparent)]
    Trust(#[from] TrustError),
    /// A root of a signed keyring cannot be read.
    #[problem(transparent)]
    Adopted(#[from] AdoptedError),
    /// The directory cannot be searched.
    #[problem(transparent)]
    Directory(#[from] DirectoryError),
    /// It was cancelled.
    Cancelled,
}

vocabulary! {
    /// How a change moves an envelope.
    TrustShift {
        /// It reaches a lower level, or its hardware is known less well.
        Falls = "falls",
        /// It reaches a higher level, or its hardware is known better.
        Rises = "rises",
        /// The level stays, and something else about it changes.
        Otherwise = "otherwise",
    }
}

/// How an envelope is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, specta::Type)]
pub struct Judgement {
    /// The level; `None` if not even L0 holds.
    pub level: Option<u8>,
    /// How well it is known that hardware or an external signer signed; from L6 on.
    pub assurance: Option<Assurance>,
    /// How the whole stands.
    pub state: State,
    /// How many signatures count.
    pub counted: u32,
    /// How many are needed.
    pub threshold: u32,
}

/// The judgement of a number of envelopes, as it would change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, specta::Type)]
pub struct LevelMove {
    /// The level before.
    pub from: Option<u8>,
    /// Its assurance.
    pub from_assurance: Option<Assurance>,
    /// The level after.
    pub to: Option<u8>,
    /// Its assurance.
    pub to_assurance: Option<Assurance>,
    /// How many envelopes.
    pub envelopes: u32,
}

/// An envelope that a change moves. All texts are made visible.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct MovedEnvelope {
    /// The run, below the directory.
    pub run: String,
    /// The decision's id.
    pub decision_id: String,
    /// The decision's title.
    pub title: String,
    /// Whether it rises or falls.
    pub shift: TrustShift,
    /// By the rules as they are.
    pub before: Judgement,
    /// By the rules as they would be.
    pub after: Judgement,
}

/// What a change would change about the envelopes of a directory.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, specta::Type)]
pub struct TrustEffect {
    /// How many envelopes were judged.
    pub judged: u32,
    /// How many would rise.
    pub rise: u32,
    /// How many would fall.
    pub fall: u32,
    /// How many would keep their level while something else changes.
    pub otherwise: u32,
    /// From which level to which, the greatest fall first.
    pub moves: Vec<LevelMove>,
    /// The envelopes, those that fall first; of each kind the first hundred.
    pub envelopes: Vec<MovedEnvelope>,
    /// How many places of the directory could not be read: what is there was not judged.
    pub unread: u32,
    /// What of the changed rules cannot be read.
    pub problems: Vec<Problem>,
}

/// The directory that a change is judged by, and the rules in force there.
#[derive(Debug)]
pub struct TrustPreview {
    root: PathBuf,
    rules: Rules,
    before: Arc<Context>,
}

impl TrustPreview {
    /// In the directory that is open.
    ///
    /// # Errors
    /// If there is no place for a keyring or a trust folder.
    pub fn of_open(workspace: &Workspace, open: &OpenDirectory) -> Result<Self, WorkspaceError> {
        let rules = open.rules(workspace)?;
        Ok(Self { root: open.root.clone(), rules, before: open.queue.context() })
    }

    /// In a directory that is not open, by the rules and the memory of a workspace.
    ///
    /// # Errors
    /// If there is no place for a keyring or a trust folder.
    pub fn of_directory(workspace: &Workspace, root: &Path) -> Result<Self, WorkspaceError> {
        let rules = workspace.rules()?;
        let logs = LogBook::new(rules.log.clone(), rules.ledger.clone());
        let logs = logs.remembering(workspace.memory.clone()).within(root);
        let before = Context::read(&rules, Arc::new(logs), workspace.now);
        Ok(Self { root: root.to_owned(), rules, before: Arc::new(before) })
    }

    /// What a change would change. `go_on` hears how many envelopes are judged, and of how many; if it
    /// returns false, the rest is not judged.
    ///
    /// # Errors
    /// If the change would be refused, the directory cannot be searched, or it was cancelled.
    pub fn effect(
        &self,
        workspace: &Workspace,
        change: &TrustChange,
        go_on: impl FnMut(u32, u32) -> bool,
    ) -> Result<TrustEffect, TrustChangeError> {
        let (after, problems) = self.after(workspace, change)?;
        let mut effect = self.compare(&after, go_on)?;
        effect.problems = problems;
        Ok(effect)
    }

    /// The rules after a change. A directory under review that is judged by other keys and roots than
    /// the station's keeps its rules.
    fn after(
        &self,
        workspace: &Workspace,
        change: &TrustChange,
    ) -> Result<(Context, Vec<Problem>), TrustChangeError> {
        let mut after = (*self.before).clone();
        let is_own = |own: &Option<PathBuf>, used: &PathBuf| own.as_ref() == Some(used);
        let is_own_keyring = is_own(&workspace.keyring, &self.rules.keyring);
        let is_own_folder = |what| match what {
            TrustedFor::Attestations => is_own(&workspace.trust_folder, &self.rules.roots),
            TrustedFor::TimeStamps => is_own(&workspace.tsa_folder, &self.rules.tsa_roots),
            TrustedFor::Names => is_own(&workspace.name_folder, &self.rules.name_roots),
        };
        match change {
            TrustChange::Enrol(key) => {
                let changed = self.keyring(workspace, |keyring| keyring.add((**key).clone()))?;
                if is_own_keyring {
                    after.keyring = Arc::new(changed);
                }
            }
            TrustChange::Revoke { key_id, revocation } => {
                let changed =
                    self.keyring(workspace, |keyring| keyring.revoke(key_id, revocation))?;
                if is_own_keyring {
                    after.keyring = Arc::new(changed);
                }
            }
            TrustChange::AddRoots { what, file, sha256 } => {
                let folder = workspace.need_trust_folder(*what)?;
                let changed = attestation_roots::with_added(folder, file, sha256)?;
                set_roots(&mut after, *what, is_own_folder(*what), &changed);
            }
            TrustChange::RemoveRoot { what, sha256 } => {
                let folder = workspace.need_trust_folder(*what)?;
                let changed = attestation_roots::without(folder, sha256)?;
                set_roots(&mut after, *what, is_own_folder(*what), &changed);
            }
            TrustChange::AcceptLog(acceptance) => {
                let logs = &self.before.logs;
                let logs = logs.elsewhere(logs.log.clone(), logs.ledger.clone());
                let forks = acceptance.forks.iter().map(|fork| fork.point.clone()).collect();
                after.logs = Arc::new(logs.as_if_accepted(&acceptance.log, forks));
            }
            TrustChange::SignedKeyring(version) => {
                let keyring = version.in_force();
                // The rules of the version before do not stay beside it.
                after.policy = keyring.in_force(workspace.policy.clone());
                after.keyring = Arc::new(keyring);
                after.roots = Arc::new(Anchor::roots(&adopted::attestation_anchors(version)?));
                after.tsa_roots = Arc::new(tsa_roots::roots_of(&adopted::tsa_anchors(version)?));
            }
            TrustChange::Rules(rules) => {
                let logs =
                    match (&rules.log, &rules.ledger) == (&self.rules.log, &self.rules.ledger) {
                        true => Arc::clone(&self.before.logs),
                        false => {
                            let (log, ledger) = (rules.log.clone(), rules.ledger.clone());
                            Arc::new(self.before.logs.elsewhere(log, ledger))
                        }
                    };
                return Ok(Context::read_with_problems(rules, logs, self.before.now));
            }
        }
        Ok((after, Vec::new()))
    }

    /// The station's keyring with a change.
    fn keyring(
        &self,
        workspace: &Workspace,
        change: impl FnOnce(&mut Keyring) -> Result<(), KeyringError>,
    ) -> Result<Keyring, TrustChangeError> {
        let mut keyring = workspace.read_keyring()?;
        let path = workspace.keyring.clone().unwrap_or_default();
        match change(&mut keyring) {
            Ok(()) => Ok(keyring),
            Err(error) => Err(KeyringFileError::Keyring { path, error }.into()),
        }
    }

    /// Judges every envelope by both rules.
    fn compare(
        &self,
        after: &Context,
        mut go_on: impl FnMut(u32, u32) -> bool,
    ) -> Result<TrustEffect, TrustChangeError> {
        let (root, before) = (&*self.root, &*self.before);
        let found = directory::find(root)?;
        let old = before.judge();
        // One time for both: nothing else than the rules is to make a difference.
        let new = Judge { now: old.now, ..after.judge() };
        let same_logs = Arc::ptr_eq(&before.logs, &after.logs);
        let view = |run: &Path, files: &EnvelopeFiles, verdict: &Verdict| {
            let path = root.join(run);
            let logs = after.logs.for_directory(directory_of(&path));
            let judged = match same_logs {
                true => new.judge(&files.evidence(&logs)),
                false => new.judge(&EnvelopeFiles::read(&path, root, &logs).evidence(&logs)),
            };
            MovedEnvelope::of(run, files, verdict, &judged)
        };
        let all = RunsToJudge { root, runs: &found.runs, judge: &old, logs: &before.logs };
        let total = count(found.runs.len());
        let mut tally = Tally::default();
        judgement::judge_all(all, view, |moved| {
            tally.add(moved);
            match go_on(tally.effect.judged, total) {
                true => Ok(()),
                false => Err(TrustChangeError::Cancelled),
            }
        })?;
        Ok(tally.effect(count(found.unreadable.len())))
    }
}

fn set_roots(
    after: &mut Context,
    what: TrustedFor,
    is_own: bool,
    changed: &attestation_roots::TrustFolder,
) {
    match what {
        _ if !is_own => {}
        TrustedFor::Attestations => after.roots = Arc::new(changed.roots()),
        TrustedFor::TimeStamps => after.tsa_roots = Arc::new(tsa_roots::roots(changed)),
        // Names change no level.
        TrustedFor::Names => {}
    }
}

impl Judgement {
    fn of(verdict: &Verdict) -> Self {
        let vouched = verdict.assurance.filter(|_| verdict.level >= Some(Level::L6));
        Self {
            level: verdict.level.map(Level::number),
            assurance: vouched,
            state: verdict.state(),
            counted: count(verdict.quorum.counted.len()),
            threshold: u32::try_from(verdict.quorum.required.threshold).unwrap_or(u32::MAX),
        }
    }

    /// What rises and falls.
    fn rank(&self) -> (Option<u8>, Option<Assurance>) {
        (self.level, self.assurance)
    }
}

impl MovedEnvelope {
    /// `None` if nothing changes.
    fn of(run: &Path, files: &EnvelopeFiles, old: &Verdict, new: &Verdict) -> Option<Self> {
        let (before, after) = (Judgement::of(old), Judgement::of(new));
        let shift = match after.rank().cmp(&before.rank()) {
            _ if before == after => return None,
            std::cmp::Ordering::Less => TrustShift::Falls,
            std::cmp::Ordering::Greater => TrustShift::Rises,
            std::cmp::Ordering::Equal => TrustShift::Otherwise,
        };
        let read = files.run.as_ref().ok();
        let text = |text: Option<&str>| visible_short(text.unwrap_or_default(), TITLE);
        Some(Self {
            run: visible(&run.to_string_lossy()),
            decision_id: text(read.and_then(|run| run.decision_id())),
            title: text(read.and_then(|run| run.title())),
            shift,
            before,
            after,
        })
    }
}

/// An effect while it is counted.
#[derive(Default)]
struct Tally {
    effect: TrustEffect,
    moves: BTreeMap<LevelsMoved, u32>,
    /// Those that fall, rise, and change otherwise.
    listed: [Vec<MovedEnvelope>; 3],
}

/// Levels with their assurance, before and after.
type LevelsMoved = ((Option<u8>, Option<Assurance>), (Option<u8>, Option<Assurance>));

impl Tally {
    fn add(&mut self, moved: Option<MovedEnvelope>) {
        self.effect.judged += 1;
        let Some(moved) = moved else { return };
        let (number, listed) = match moved.shift {
            TrustShift::Falls => (&mut self.effect.fall, &mut self.listed[0]),
            TrustShift::Rises => (&mut self.effect.rise, &mut self.listed[1]),
            TrustShift::Otherwise => (&mut self.effect.otherwise, &mut self.listed[2]),
        };
        *number += 1;
        if moved.shift != TrustShift::Otherwise {
            *self.moves.entry((moved.before.rank(), moved.after.rank())).or_default() += 1;
        }
        if listed.len() < LISTED {
            listed.push(moved);
        }
    }

    fn effect(self, unread: u32) -> TrustEffect {
        let moved = |(((from, from_assurance), (to, to_assurance)), envelopes)| LevelMove {
            from,
            from_assurance,
            to,
            to_assurance,
            envelopes,
        };
        let mut moves: Vec<LevelMove> = self.moves.into_iter().map(moved).collect();
        let number = |level: Option<u8>| level.map_or(-1, i16::from);
        moves.sort_by_key(|one| number(one.to) - number(one.from));
        let envelopes = self.listed.into_iter().flatten().collect();
        TrustEffect { moves, envelopes, unread, ..self.effect }
    }
}

impl TrustEffect {
    /// Whether nothing would change.
    pub fn is_none(&self) -> bool {
        (self.rise, self.fall, self.otherwise) == (0, 0, 0)
    }

    /// The effect in one sentence: "Of 14 envelopes 2 would fall and 1 would rise."
    pub fn sentence(&self) -> String {
        let all = counted(self.judged as usize, "envelope");
        let parts = [
            (self.fall, "would fall"),
            (self.rise, "would rise"),
            (self.otherwise, "would change without another level"),
        ];
        let parts = parts.into_iter().filter(|(number, _)| *number > 0);
        let parts: Vec<String> = parts.map(|(number, does)| format!("{number} {does}")).collect();
        match &*parts {
            [] => format!("Nothing would change about {all}."),
            [one] => format!("Of {all}, {one}."),
            [first @ .., last] => format!("Of {all}, {} and {last}.", first.join(", ")),
        }
    }
}
