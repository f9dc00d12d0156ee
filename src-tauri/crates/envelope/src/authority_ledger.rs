//! The authority ledger: who may decide what, from when to when, and what was revoked.

use countersign_problem::Words;

use crate::canonical;
use crate::chain::{self, Chain, Entry, EntryHashes, Line, Summary};
use crate::digest::{Digest, short};
use crate::instant::Instant;
use crate::json::{Object, Value};

/// The `grant_type` of an entry that revokes an authority.
const REVOCATION: &str = "revocation";

/// How much of a text is kept that is only compared and shown, in characters.
const MAX_TEXT: usize = 256;

/// An authority ledger. Of each entry only what a judgement needs is kept.
#[derive(Debug, Clone, Default)]
pub struct AuthorityLedger {
    grants: Vec<Grant>,
    /// The hash of every entry.
    pub hashes: EntryHashes,
    /// How many entries there are, whether the chain holds, and what should be known of it.
    pub summary: Summary,
}

/// One entry: a grant, or the revocation of one.
#[derive(Debug, Clone)]
pub struct Grant {
    entry_id: Digest,
    /// The hash that the entry records of itself.
    pub entry_hash: Option<Digest>,
    authority_id: Option<Box<str>>,
    /// To whom it grants.
    pub actor_id: Option<Box<str>>,
    /// Under which version of the policy.
    pub policy_version: Option<Box<str>>,
    /// The hash of that policy.
    pub policy_hash: Option<Box<str>>,
    is_revocation: bool,
    /// Whether the entry's own hash holds.
    pub hash_holds: bool,
    /// From when it holds.
    pub effective_at: Option<Instant>,
    /// Until when it holds: never, at a time, or at one that cannot be read.
    pub expires_at: Option<Option<Instant>>,
    revoked_at: Option<Option<Instant>>,
    decisions: Box<[Digest]>,
}

impl Grant {
    fn of(entry: &Entry) -> Self {
        let text = |key: &str| entry.object.text(key);
        let kept = |key: &str| text(key).map(|text| text.chars().take(MAX_TEXT).collect());
        let time = |key: &str| {
            // Whatever is there and cannot be read is no "never".
            let written = entry.object.get(key).filter(|value| **value != Value::Null)?;
            Some(written.as_str().and_then(Instant::parse))
        };
        let decisions = entry.object.get("scope_bound").and_then(|scope| scope.get("decisions"));
        let decisions = decisions.and_then(Value::as_array).unwrap_or_default();
        let kind = text("grant_type").unwrap_or_default().trim();
        Self {
            entry_id: Digest::of(text("entry_id").unwrap_or("").as_bytes()),
            entry_hash: text(chain::ENTRY_HASH).and_then(Digest::parse),
            authority_id: text("authority_id").map(Into::into),
            actor_id: kept("actor_id"),
            policy_version: kept("policy_version"),
            policy_hash: kept("policy_hash"),
            is_revocation: kind.eq_ignore_ascii_case(REVOCATION),
            hash_holds: entry.hash_holds,
            effective_at: text("effective_at").and_then(Instant::parse),
            expires_at: time("expires_at"),
            revoked_at: time("revoked_at"),
            decisions: decisions
                .iter()
                .filter_map(|decision| Some(Digest::of(decision.as_str()?.as_bytes())))
                .collect(),
        }
    }

    /// The authority that is granted or revoked.
    pub fn authority_id(&self) -> Option<&str> {
        self.authority_id.as_deref()
    }

    /// Whether it revokes an authority instead of granting one.
    pub fn is_revocation(&self) -> bool {
        self.is_revocation
    }

    /// Whether the hash that it records of itself is the one by which others refer to it.
    pub fn is_recorded_as(&self, entry_hash: &str) -> bool {
        self.entry_hash.is_some_and(|recorded| recorded.is(entry_hash))
    }

    /// Whether the entry itself says that it is revoked, from whatever time.
    pub fn is_marked_revoked(&self) -> bool {
        self.revoked_at.is_some()
    }

    /// Whether its scope names a decision, or all of them (`*`).
    pub fn covers_decision(&self, decision_id: &str) -> bool {
        let wanted = [Digest::of(b"*"), Digest::of(decision_id.as_bytes())];
        self.decisions.iter().any(|decision| wanted.contains(decision))
    }
}

impl AuthorityLedger {
    /// Reads a ledger line by line, up to the first line that breaks its chain.
    pub fn read(lines: impl IntoIterator<Item = Line>) -> Self {
        let mut ledger = Self::default();
        let summary = chain::read(lines, |_, entry| ledger.add(&entry));
        ledger.complete(summary)
    }

    /// Adds an entry while a ledger is read; [`Self::complete`] ends the reading.
    pub fn add(&mut self, entry: &Entry) {
        self.grants.push(Grant::of(entry));
        self.hashes.add(entry);
    }

    /// The ledger whose entries were added, as a whole.
    #[must_use]
    pub fn complete(self, summary: Summary) -> Self {
        Self { summary, ..self }
    }

    /// The first thing that breaks the chain; `None` if the whole chain holds.
    pub fn broken(&self) -> Option<&Words> {
        self.summary.broken.as_ref()
    }

    /// The entry with an id. Ids are 8 hex digits and can be made to agree: of several, the one with
    /// the hash.
    pub fn find(&self, entry_id: &str, entry_hash: &str) -> Option<&Grant> {
        // What has no id is not found by having none.
        if entry_id.is_empty() {
            return None;
        }
        let wanted = Digest::of(entry_id.as_bytes());
        let hash = Digest::parse(entry_hash);
        let found = self.grants.iter().filter(|grant| grant.entry_id == wanted);
        let exact = found.clone().find(|grant| hash.is_some() && grant.entry_hash == hash);
        exact.or_else(|| found.clone().next())
    }

    /// The earliest time from which a grant is revoked, by its own entry or another one of the same
    /// authority. The outer `None`: never; the inner: revoked at a time that cannot be read.
    pub fn revoked_at(&self, grant: &Grant) -> Option<Option<Instant>> {
        let revocations = self.grants.iter().filter(|entry| {
            std::ptr::eq(*entry, grant)
                || (entry.is_revocation && entry.authority_id == grant.authority_id)
        });
        // A revocation that names no time revokes from when it takes effect.
        let times = revocations.filter_map(|entry| match entry.is_revocation {
            true => Some(entry.revoked_at.unwrap_or(entry.effective_at)),
            false => entry.revoked_at,
        });
        times.min_by_key(|at| at.map_or(i64::MIN, |at| at.unix()))
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
