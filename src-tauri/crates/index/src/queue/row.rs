//! One row of the queue, as it is shown.

use countersign_admissibility::need::Need;
use countersign_admissibility::policy::Assurance;
use countersign_admissibility::signatures::Standing;
use countersign_admissibility::state::State;
use countersign_envelope::signature::{Role, SignerType};
use countersign_problem::Said;
use serde::Serialize;

use crate::judged::Signed;

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
    /// The roles that somebody has yet to sign in.
    pub open_roles: Vec<Role>,
    /// How many of them count toward the threshold.
    pub counted: u32,
    /// How many are needed.
    pub threshold: u32,
    /// How the whole stands.
    pub state: State,
    /// Whether someone has to sign, or a signature that is there waits for its key.
    pub pending: bool,
    /// What it needs next, as one word.
    pub need: Need,
    /// Why it cannot be read.
    pub unreadable: Option<Said>,
    /// Whether a refusal to sign stands.
    pub refused: bool,
    /// How many things hold and should be known all the same.
    pub warnings: u32,
}

/// One signature of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, specta::Type)]
pub struct Dot {
    /// In which role.
    pub role: Option<Role>,
    /// What holds the key, as far as is known.
    pub kind: SignerType,
    /// The verdict.
    pub standing: Standing,
}

impl Dot {
    /// The mark of a signature in a row: by the verdict on the run, if it is on that.
    pub(super) fn of(signed: &Signed) -> Option<Self> {
        signed.run.map(|standing| Self { role: signed.role, kind: signed.kind, standing })
    }
}
