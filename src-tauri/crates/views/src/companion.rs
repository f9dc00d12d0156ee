//! What a companion of a signature proves, or why it proves nothing.

use countersign_admissibility::signatures::JudgedSignature;
use countersign_admissibility::state::State;
use countersign_problem::Said;
use serde::Serialize;

/// The companion of a signature: a second one by the same person, which outlives elliptic curves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct CompanionView {
    /// How it stands.
    pub state: State,
    /// What it proves, or why it proves nothing, as a clause.
    pub words: Said,
    /// The id of its key in the keyring.
    pub key_id: Option<String>,
}

impl CompanionView {
    /// The companion of a signature, or that it is missing; `None` if the signature has none and its
    /// claim names none.
    pub fn of(signature: &JudgedSignature) -> Option<Self> {
        let companion = &signature.companion;
        Some(Self {
            state: companion.state()?,
            words: super::said(&companion.words()?),
            key_id: companion.key_id.as_deref().map(super::short),
        })
    }
}
