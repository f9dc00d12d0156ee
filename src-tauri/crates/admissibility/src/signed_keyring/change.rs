//! What one version of the signed keyring changes about another, as data: people, fingerprints, roles
//! and rules.

use std::collections::{BTreeMap, BTreeSet};

use countersign_envelope::digest::Digest;
use countersign_envelope::instant::Instant;
use countersign_envelope::json::Value;
use countersign_envelope::vocabulary;
use countersign_problem::{Words, words};

use super::SignedKeyring;
use super::rules;
use crate::keyring::Key;
use crate::policy::Policy;

vocabulary! {
    /// What changes.
    ChangeKind {
        /// A key comes in.
        KeyAdded = "key_added",
        /// A key is revoked.
        KeyRevoked = "key_revoked",
        /// Something else about a key.
        KeyChanged = "key_changed",
        /// Somebody's key decides from now on.
        AdministratorAdded = "administrator_added",
        /// Somebody's key decides no more.
        AdministratorRemoved = "administrator_removed",
        /// How many administrators have to sign.
        Threshold = "threshold",
        /// Attestations may lead to something more.
        AttestationRootAdded = "attestation_root_added",
        /// Attestations may lead to something no more.
        AttestationRootRemoved = "attestation_root_removed",
        /// Time stamps may lead to something more.
        TsaRootAdded = "tsa_root_added",
        /// Time stamps may lead to something no more.
        TsaRootRemoved = "tsa_root_removed",
        /// A rule.
        Rule = "rule",
        /// A refusal counts no more.
        Overruled = "overruled",
        /// A refusal counts again.
        NotOverruled = "not_overruled",
    }
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Change {
    /// What changes.
    pub kind: ChangeKind,
    /// Of what: the id of a key, the name of a rule, or a SHA-256.
    pub of: String,
    /// The owner of the key, if it is about one.
    pub owner: Option<String>,
    /// The SHA-256 of the key, if it is about one that is not shared.
    pub fingerprint: Option<Digest>,
    /// What was.
    pub before: Option<String>,
    /// What is.
    pub after: Option<String>,
}

impl Change {
    fn of(kind: ChangeKind, of: impl Into<String>) -> Self {
        let of = of.into();
        Self { kind, of, owner: None, fingerprint: None, before: None, after: None }
    }

    fn of_key(kind: ChangeKind, key: &Key) -> Self {
        Self {
            owner: Some(key.owner.clone()),
            fingerprint: key.fingerprint(),
            ..Self::of(kind, key.key_id.as_str())
        }
    }

    fn between(self, before: Option<String>, after: Option<String>) -> Self {
        Self { before, after, ..self }
    }

    /// In words.
    pub fn words(&self) -> Words {
        use ChangeKind as K;
        let (of, owner) = (&self.of, self.owner.as_deref().unwrap_or_default());
        let value = |text: &Option<String>| text.clone().unwrap_or_default();
        let (before, after) = (value(&self.before), value(&self.after));
        match self.kind {
            K::KeyAdded => words!("trust-key-added", key = ?of, ?owner, after),
            K::KeyRevoked => words!("trust-key-revoked", key = ?of, ?owner, after),
            K::KeyChanged => words!("trust-key-changed", key = ?of, ?owner, before, after),
            K::AdministratorAdded => words!("trust-administrator-added", key = ?of, ?owner),
            K::AdministratorRemoved => words!("trust-administrator-removed", key = ?of, ?owner),
            K::Threshold => words!("trust-threshold", before = before_or_none(&before), after),
            K::AttestationRootAdded => words!("trust-attestation-root-added", %of),
            K::AttestationRootRemoved => words!("trust-attestation-root-removed", %of),
            K::TsaRootAdded => words!("trust-tsa-root-added", %of),
            K::TsaRootRemoved => words!("trust-tsa-root-removed", %of),
            K::Rule => {
                let (before, after) = (before_or_none(&before), before_or_none(&after));
                words!("trust-rule", %of, before, after)
            }
            K::Overruled => words!("trust-overruled", %of),
            K::NotOverruled => words!("trust-not-overruled", %of),
        }
    }
}

/// A value, or a dash in its place.
fn before_or_none(text: &str) -> String {
    match text {
        "" => "–".to_owned(),
        text => text.to_owned(),
    }
}

/// What a version changes about the one before it; of the first, everything it has.
pub fn changes(before: Option<&SignedKeyring>, after: &SignedKeyring) -> Vec<Change> {
    let mut changes = keys(before, after);
    changes.extend(administrators(before, after));
    let list = |of: fn(&SignedKeyring) -> &Vec<String>| {
        (before.map(of).cloned().unwrap_or_default(), of(after).clone())
    };
    let kinds = (ChangeKind::AttestationRootAdded, ChangeKind::AttestationRootRemoved);
    changes.extend(roots(list(|one| &one.says().attestation_roots), kinds));
    let kinds = (ChangeKind::TsaRootAdded, ChangeKind::TsaRootRemoved);
    changes.extend(roots(list(|one| &one.says().tsa_roots), kinds));
    changes.extend(rules_changed(before, after));
    let none = BTreeSet::new();
    let old = before.map_or(&none, |one| &one.says().overruled);
    let new = &after.says().overruled;
    changes.extend((new - old).iter().map(|one| Change::of(ChangeKind::Overruled, one.hex())));
    changes.extend((old - new).iter().map(|one| Change::of(ChangeKind::NotOverruled, one.hex())));
    changes
}

fn keys(before: Option<&SignedKeyring>, after: &SignedKeyring) -> Vec<Change> {
    let old = before.map(|one| one.keyring().keys()).unwrap_or_default();
    let mut changes = Vec::new();
    for key in after.keyring().keys() {
        let Some(was) = old.iter().find(|one| one.key_id == key.key_id) else {
            let added = Change::of_key(ChangeKind::KeyAdded, key);
            changes.push(added.between(None, Some(in_short(key))));
            if key.revoked_at.is_some() {
                let revoked = Change::of_key(ChangeKind::KeyRevoked, key);
                changes.push(revoked.between(None, revocation(key)));
            }
            continue;
        };
        if revocation(was) != revocation(key) {
            let revoked = Change::of_key(ChangeKind::KeyRevoked, key);
            changes.push(revoked.between(revocation(was), revocation(key)));
        }
        if in_short(was) != in_short(key) || beside(was) != beside(key) {
            let changed = Change::of_key(ChangeKind::KeyChanged, key);
            changes.push(changed.between(Some(in_short(was)), Some(in_short(key))));
        }
    }
    changes
}

/// Roles, kind and validity of a key in one line.
fn in_short(key: &Key) -> String {
    let roles: Vec<&str> = key.roles.iter().map(|role| role.as_str()).collect();
    let roles = if roles.is_empty() { "no role".to_owned() } else { roles.join(", ") };
    let time = |word: &str, time: &Option<Instant>| {
        time.map(|time| format!(", {word} {time}")).unwrap_or_default()
    };
    let basis = key.kind_basis().map(|basis| format!(" {}", basis.words())).unwrap_or_default();
    format!(
        "{roles}; {} {}{basis}{}{}",
        key.kind,
        key.key_type,
        time("from", &key.valid_from),
        time("until", &key.valid_until)
    )
}

/// What is kept beside a key and proves something of it.
fn beside(key: &Key) -> (&Option<serde_json::Value>, &Option<serde_json::Value>) {
    (&key.key_attestation, &key.certificates)
}

fn revocation(key: &Key) -> Option<String> {
    let code = key.revocation_code.map(|code| format!("{code}, ")).unwrap_or_default();
    let since = key.compromised_since.map(|since| format!("compromised since {since}, "));
    let (since, why) = (since.unwrap_or_default(), key.revocation_reason.clone());
    key.revoked_at.map(|at| format!("{at}: {code}{since}{}", why.unwrap_or_default()))
}

fn administrators(before: Option<&SignedKeyring>, after: &SignedKeyring) -> Vec<Change> {
    let new = after
        .administrators()
        .filter(|key| before.is_none_or(|before| !before.is_administrator(&key.key_id)));
    let added = new.map(|key| Change::of_key(ChangeKind::AdministratorAdded, key));
    let old = before.into_iter().flat_map(SignedKeyring::administrators);
    let gone = old.filter(|key| !after.is_administrator(&key.key_id));
    let removed = gone.map(|key| Change::of_key(ChangeKind::AdministratorRemoved, key));
    let mut changes: Vec<Change> = added.chain(removed).collect();
    let (was, is) = (before.map(SignedKeyring::threshold), after.threshold());
    if was != Some(is) {
        let threshold = Change::of(ChangeKind::Threshold, "administrators");
        changes.push(threshold.between(was.map(|was| was.to_string()), Some(is.to_string())));
    }
    changes
}

fn roots(
    (old, new): (Vec<String>, Vec<String>),
    (added, removed): (ChangeKind, ChangeKind),
) -> Vec<Change> {
    let of = |kind, all: &[String], others: &[String]| -> Vec<Change> {
        let all = all.iter().filter(|one| !others.contains(one));
        all.map(|one| Change::of(kind, root_digest(one))).collect()
    };
    let mut changes = of(added, &new, &old);
    changes.extend(of(removed, &old, &new));
    changes
}

/// The SHA-256 of what the first block of a PEM text has, as a person compares it.
pub fn root_digest(text: &str) -> String {
    let digest = pem::parse(text).map(|block| Digest::of(block.contents()));
    digest.unwrap_or_else(|_| Digest::of(text.as_bytes())).hex()
}

fn rules_changed(before: Option<&SignedKeyring>, after: &SignedKeyring) -> Vec<Change> {
    let texts = |one: &SignedKeyring| {
        let policy = rules::to_object(one.policy());
        let mut texts: BTreeMap<String, String> =
            policy.iter().map(|(name, value)| (name.to_owned(), plain(value))).collect();
        let says = one.says();
        texts.insert("log_policy".to_owned(), says.log_policy.clone().unwrap_or_default());
        let review = says.review_by.map(|time| time.to_string());
        texts.insert("review_by".to_owned(), review.unwrap_or_default());
        texts
    };
    let plain_rules = || -> BTreeMap<String, String> {
        let policy = rules::to_object(&Policy::default());
        policy.iter().map(|(name, value)| (name.to_owned(), plain(value))).collect()
    };
    let (old, new) = (before.map_or_else(plain_rules, texts), texts(after));
    let changed = new.into_iter().filter_map(|(name, after)| {
        let before = old.get(&name).cloned().unwrap_or_default();
        (before != after)
            .then(|| Change::of(ChangeKind::Rule, name).between(Some(before), Some(after)))
    });
    changed.collect()
}

/// A value as a person reads it.
fn plain(value: &Value) -> String {
    match value {
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(", "),
        Value::String(text) => text.to_string(),
        Value::Number(number) => number.to_string(),
        other => other.to_line(),
    }
}
