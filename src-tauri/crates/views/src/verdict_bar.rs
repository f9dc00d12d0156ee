//! How every view of an envelope opens: the verdict in one sentence, and a slot for each signature that
//! is required.

use countersign_admissibility::Verdict;
use countersign_admissibility::policy::Assurance;
use countersign_admissibility::state::{Slot, State};
use countersign_envelope::count::count;
use countersign_envelope::signature::{Role, SignerType};
use countersign_problem::Said;
use serde::Serialize;

use crate::print::key_words;
use crate::{TimeView, short};

/// Longest sentence, in characters: it may quote a file.
const SENTENCE: usize = 300;

/// A place for a signature that is required.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct SlotView {
    /// In which role; null if any will do.
    pub role: Option<Role>,
    /// How it stands.
    pub state: State,
    /// The signature that fills it, or that is there and does not count; null if there is none.
    pub by: Option<SlotSigner>,
}

/// Whose signature is in a slot.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct SlotSigner {
    /// The place of the signature among those on the run.
    pub signature: u32,
    /// Who signed.
    pub signer_id: String,
    /// What holds the key, as far as is known.
    pub kind: SignerType,
    /// How well that is known; null for software.
    pub assurance: Option<Assurance>,
    /// When: by the best word for it.
    pub time: TimeView,
    /// Why it does not count; null if it does.
    pub why: Option<Said>,
}

/// The verdict in one sentence.
pub fn sentence(verdict: &Verdict) -> Said {
    Said::short(&verdict.sentence(), SENTENCE)
}

/// The places for signatures that are required.
pub fn slots(verdict: &Verdict) -> Vec<SlotView> {
    let view = |slot: Slot| SlotView {
        role: slot.role,
        state: slot.state,
        by: slot.signature.and_then(|at| signer(verdict, at)),
    };
    verdict.slots().into_iter().map(view).collect()
}

fn signer(verdict: &Verdict, at: usize) -> Option<SlotSigner> {
    let one = verdict.signatures.get(at)?;
    let counts = verdict.quorum.counted.contains(&at);
    Some(SlotSigner {
        signature: count(at),
        signer_id: short(&one.signer_id),
        kind: one.kind,
        assurance: one.assurance,
        time: TimeView::best(one),
        why: (!counts).then(|| one.why().into()),
    })
}

/// How many more signatures are required than there are places.
pub fn more_slots(verdict: &Verdict) -> u32 {
    let asked = u32::try_from(verdict.quorum.required.threshold).unwrap_or(u32::MAX);
    asked.saturating_sub(count(verdict.slots().len()))
}

impl SlotView {
    /// The role, in words.
    pub fn role_words(&self) -> &'static str {
        self.role.map_or("co-signer", |role| role.as_str())
    }
}

impl SlotSigner {
    /// What holds the key, and how far that is proven, in words.
    pub fn key_words(&self) -> String {
        key_words(self.kind, self.assurance)
    }
}
