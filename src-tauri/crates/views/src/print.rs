//! The printed words for the marks of a view in the window.

use countersign_admissibility::check::Outcome;
use countersign_admissibility::policy::Assurance;
use countersign_admissibility::signatures::Standing;
use countersign_admissibility::state::State;
use countersign_envelope::signature::SignerType;

use crate::{CheckView, Fact, FactGroup, Rung, SignatureView};

impl FactGroup {
    /// Only what adds to the bare existence of something. A failed check is on the ladder, in a
    /// sentence.
    pub fn facts_to_print(&self) -> impl Iterator<Item = &Fact> {
        let says_little = |value: &str| matches!(value, "there" | "found") || value.ends_with('.');
        self.facts.iter().filter(move |fact| !says_little(&fact.value.text))
    }
}

impl Rung {
    /// What keeps it from holding, a contradiction before anything else.
    pub fn stop(&self) -> Option<&CheckView> {
        let holds = |check: &&CheckView| matches!(check.outcome, Outcome::Pass | Outcome::Warn);
        let stops = || self.checks.iter().filter(|one| one.required && !holds(one));
        stops().find(|check| check.state == State::Contradicted).or_else(|| stops().next())
    }
}

impl SignatureView {
    /// What holds the key, and how far that is proven.
    pub fn kind_words(&self) -> String {
        key_words(self.kind, self.assurance)
    }

    /// Remarks beyond that it counts.
    pub fn remark(&self) -> Option<&str> {
        let pinned = "verifies; the key is in the keyring, for this signer and role";
        Some(&*self.detail.text).filter(|detail| *detail != pinned)
    }

    /// Whether it counts.
    pub fn standing_words(&self) -> &'static str {
        match self.standing {
            Standing::Valid => "valid",
            Standing::NotAccepted => "verifies, not counted",
            Standing::Unchecked => "not checked",
            Standing::Invalid => "invalid",
        }
    }

    /// In which role it was made.
    pub fn role_words(&self) -> &'static str {
        self.role.map_or("no role", |role| role.as_str())
    }
}

/// What holds a key, and how far that is proven.
pub(crate) fn key_words(kind: SignerType, assurance: Option<Assurance>) -> String {
    let kind = match kind {
        SignerType::Software => "software key",
        SignerType::Hardware => "hardware key",
        SignerType::External => "external signer",
    };
    match assurance {
        Some(assurance) => format!("{kind}, {assurance}"),
        None => kind.to_owned(),
    }
}
