//! The printed words for the marks of a view in the window.

use countersign_admissibility::check::Outcome;
use countersign_admissibility::signatures::Standing;
use countersign_envelope::signature::SignerType;

use crate::{CheckView, Fact, FactGroup, Rung, SignatureView};

impl FactGroup {
    /// Only what adds to the bare existence of something. A failed check is on the ladder, in a
    /// sentence.
    pub fn facts_to_print(&self) -> impl Iterator<Item = &Fact> {
        let says_little = |value: &str| matches!(value, "there" | "found") || value.ends_with('.');
        self.facts.iter().filter(move |fact| !says_little(&fact.value))
    }

    /// How they came out, in one word.
    pub fn word(&self) -> &'static str {
        match self.outcome {
            Outcome::Pass | Outcome::Warn => "holds",
            Outcome::Fail => "fails",
            Outcome::Missing | Outcome::Unchecked => "open",
        }
    }
}

impl Rung {
    /// The mark of how it came out.
    pub fn mark(&self, reached: &Option<u8>) -> &'static str {
        match self.outcome {
            Outcome::Fail => "fails",
            Outcome::Missing | Outcome::Unchecked => "open",
            Outcome::Pass | Outcome::Warn if *reached >= Some(self.level) => "holds",
            Outcome::Pass | Outcome::Warn => "apart",
        }
    }

    /// What keeps it from holding.
    pub fn stop(&self) -> Option<&CheckView> {
        let holds = |check: &&CheckView| matches!(check.outcome, Outcome::Pass | Outcome::Warn);
        self.checks.iter().filter(|check| check.required).find(|check| !holds(check))
    }
}

impl SignatureView {
    /// What holds the key, and how far that is proven.
    pub fn kind_words(&self) -> String {
        let kind = match self.kind {
            SignerType::Software => "software key",
            SignerType::Hardware => "hardware key",
            SignerType::External => "external signer",
        };
        match self.assurance {
            Some(assurance) => format!("{kind}, {assurance}"),
            None => kind.to_owned(),
        }
    }

    /// Remarks beyond that it counts.
    pub fn remark(&self) -> Option<&str> {
        let pinned = "verifies; the key is in the keyring, for this signer and role";
        Some(self.detail.as_str()).filter(|detail| *detail != pinned)
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
