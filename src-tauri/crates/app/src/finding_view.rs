//! A finding as a person reads it in the window.

use std::path::Path;

use countersign_admissibility::finding::{FindingStanding, JudgedFinding};
use countersign_envelope::finding::{FindingOutcome, FoundLevel, ReviewKeys, Told};
use countersign_exchange::finding_page::standing_words;
use countersign_problem::Said;
use countersign_problem::visible::visible;
use serde::Serialize;

/// A finding, as it is shown.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct FindingView {
    /// Its file.
    pub path: String,
    /// How far it can be relied on.
    pub standing: FindingStanding,
    /// The same in a sentence.
    pub words: Said,
    /// What tells its key from others, 64 hex digits; null if it does not verify.
    pub fingerprint: Option<String>,
    /// What it says; null if it cannot be read.
    pub says: Option<FindingSays>,
}

/// What a finding says, the word of whoever signed it.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct FindingSays {
    /// The conclusion.
    pub outcome: FindingOutcome,
    /// Who reviewed.
    pub reviewer: String,
    /// In which role.
    pub role: String,
    /// When, as they claim.
    pub reviewed_at: String,
    /// The id of the key.
    pub key_id: String,
    /// The digest of what they reviewed, 64 hex digits.
    pub pack: String,
    /// Whether it was complete.
    pub complete: bool,
    /// Whether the digest was the one that they were told.
    pub told: Told,
    /// Whose keys they judged by.
    pub keys: ReviewKeys,
    /// What they note of the pack as a whole.
    pub note: String,
    /// The envelopes.
    pub envelopes: Vec<FindingEnvelope>,
}

/// One envelope of a finding.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct FindingEnvelope {
    /// The digest of its run, 64 hex digits.
    pub run: String,
    /// The id of the decision; empty if it could not be read.
    pub decision_id: String,
    /// The level by the keys that came with it; null if none came.
    pub theirs: Option<FindingLevel>,
    /// The level by the reviewer's keys.
    pub own: FindingLevel,
    /// What they note of it.
    pub note: String,
}

/// A level in a finding.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct FindingLevel {
    /// 0 to 7; null if not even L0 held.
    pub level: Option<u8>,
    /// How well it was known that hardware or an external signer signed, in their words.
    pub assurance: Option<String>,
}

impl FindingLevel {
    fn of(level: &FoundLevel) -> Self {
        Self { level: level.level, assurance: level.assurance.as_deref().map(visible) }
    }
}

impl FindingView {
    /// Of a file, as it was judged.
    pub fn of(path: &Path, judged: &JudgedFinding) -> Self {
        let says = judged.finding.as_ref().map(|finding| {
            let said = &finding.conclusion;
            let envelopes = said.envelopes.iter().map(|one| FindingEnvelope {
                run: one.run.digest.hex(),
                decision_id: visible(&one.decision_id),
                theirs: one.theirs.as_ref().map(FindingLevel::of),
                own: FindingLevel::of(&one.own),
                note: visible(&one.note),
            });
            FindingSays {
                outcome: said.outcome,
                reviewer: visible(&finding.reviewer),
                role: visible(&finding.role),
                reviewed_at: finding.reviewed_at.to_string(),
                key_id: visible(&finding.key_id),
                pack: said.pack.hex(),
                complete: said.complete,
                told: said.told,
                keys: said.keys,
                note: visible(&said.note),
                envelopes: envelopes.collect(),
            }
        });
        Self {
            path: visible(&path.to_string_lossy()),
            standing: judged.standing,
            words: standing_words(judged).into(),
            fingerprint: judged.fingerprint.map(|one| one.hex()),
            says,
        }
    }
}
