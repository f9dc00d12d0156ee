//! The authority ledger: who may decide what, from when to when, and what was revoked.

use crate::canonical;
use crate::chain::Chain;
use crate::digest::short;
use crate::instant::Instant;
use crate::json::{Object, Value};

/// An authority ledger.
#[derive(Debug, Clone, Default)]
pub struct AuthorityLedger {
    grants: Vec<Grant>,
    /// The first thing that breaks the chain; `None` where the whole chain holds.
    pub broken: Option<String>,
}

/// One entry: a grant, or the revocation of one.
#[derive(Debug, Clone)]
pub struct Grant {
    object: Object,
    /// Whether the entry's own hash holds.
    pub hash_holds: bool,
}

impl From<Chain> for AuthorityLedger {
    fn from(chain: Chain) -> Self {
        let grants = chain.entries.into_iter();
        let grants = grants.map(|e| Grant { object: e.object, hash_holds: e.hash_holds }).collect();
        Self { grants, broken: chain.broken }
    }
}

impl AuthorityLedger {
    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.grants.len()
    }

    /// Whether there are no entries.
    pub fn is_empty(&self) -> bool {
        self.grants.is_empty()
    }

    /// The entry with an id.
    pub fn find(&self, entry_id: &str) -> Option<&Grant> {
        self.grants.iter().find(|grant| grant.text("entry_id") == Some(entry_id))
    }

    /// The earliest time from which a grant is revoked, by its own entry or a later one of the same
    /// authority. The outer `None`: never; the inner: revoked at a time that cannot be read.
    pub fn revoked_at(&self, grant: &Grant) -> Option<Option<Instant>> {
        let authority = grant.text("authority_id");
        let revocations = self.grants.iter().filter(|entry| {
            std::ptr::eq(*entry, grant)
                || (entry.text("grant_type") == Some("revocation")
                    && entry.text("authority_id") == authority)
        });
        revocations
            .filter(|entry| entry.object.get("revoked_at").is_some_and(Value::is_truthy))
            .map(|entry| entry.text("revoked_at").and_then(Instant::parse))
            .min_by_key(|at| at.map_or(i64::MIN, |at| at.unix()))
    }
}

impl Grant {
    /// A text field.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.object.text(key)
    }

    /// From when it holds.
    pub fn effective_at(&self) -> Option<Instant> {
        Instant::parse(self.text("effective_at")?)
    }

    /// Until when it holds: never, at a time, or at one that cannot be read.
    pub fn expires_at(&self) -> Option<Option<Instant>> {
        let written = self.object.get("expires_at").filter(|value| value.is_truthy())?;
        Some(written.as_str().and_then(Instant::parse))
    }

    /// Whether its scope names a decision, or all of them (`*`).
    pub fn covers_decision(&self, decision_id: &str) -> bool {
        let decisions = self.object.get("scope_bound").and_then(|scope| scope.get("decisions"));
        decisions.and_then(Value::as_array).unwrap_or_default().iter().any(|decision| {
            decision.as_str().is_some_and(|name| name == "*" || name == decision_id)
        })
    }
}

/// What an entry grants.
#[derive(Debug, Clone, Copy)]
pub struct NewGrant<'a> {
    /// The authority that is granted.
    pub authority_id: &'a str,
    /// To whom.
    pub actor_id: &'a str,
    /// In which role.
    pub actor_role: &'a str,
    /// For which decisions.
    pub decision: &'a str,
    /// Under which policy.
    pub policy_version: &'a str,
    /// From when.
    pub effective_at: Instant,
}

/// The entry that follows the last of a chain.
pub fn entry(chain: &Chain, new: NewGrant<'_>) -> Object {
    let effective_at = new.effective_at.to_string();
    let identity = Object::from([
        ("authority_id", new.authority_id),
        ("actor_id", new.actor_id),
        ("effective_at", effective_at.as_str()),
    ]);
    let identity = canonical::digest(&Value::Object(identity)).to_string();
    let none = || Value::Array(Vec::new());
    let scope = Object::from([
        ("decisions", Value::Array(vec![new.decision.into()])),
        ("claims", none()),
        ("patches", none()),
        ("prompts", none()),
        ("datasets", none()),
    ]);
    chain.seal(Object::from([
        ("entry_version", Value::from("1.0")),
        ("entry_id", format!("AUTH-{}", short(&identity).unwrap_or_default()).into()),
        ("authority_id", new.authority_id.into()),
        ("actor_id", new.actor_id.into()),
        ("actor_role", new.actor_role.into()),
        ("grant_type", "direct".into()),
        ("scope_bound", scope.into()),
        ("policy_version", new.policy_version.into()),
        ("policy_hash", "".into()),
        ("effective_at", effective_at.into()),
        ("expires_at", Value::Null),
        ("revoked_at", Value::Null),
        ("revocation_reason", Value::Null),
        ("witness_required", false.into()),
        ("witness_role", Value::Null),
        ("signing_key_id", Value::Null),
        ("signature_ref", Value::Null),
        ("commit_hash_refs", none()),
        ("notes", "".into()),
        ("observed_at", new.effective_at.to_string().into()),
    ]))
}
