//! The rules of a signed keyring: as they are written, and with what a station asks for beyond them.

use std::collections::BTreeSet;

use countersign_envelope::digest::Digest;
use countersign_envelope::json::{Object, Value};
use countersign_envelope::signature::Role;
use countersign_envelope::signed_keyring::MAX_DIGESTS;

use crate::attested::{AttestedPolicy, Requirement};
use crate::policy::{Assurance, Claims, Policy, TimeKind};

/// The most people that a policy may ask for.
const MAX_THRESHOLD: u64 = 1000;

/// The rules as they are written. What is the same for every signed keyring is not: only its keys count,
/// and clocks differ by what the default allows.
pub fn to_object(policy: &Policy) -> Object {
    let list = |items: Vec<String>| {
        Value::from(items.into_iter().map(Value::from).collect::<Vec<Value>>())
    };
    let roles: BTreeSet<Role> = policy.required_roles.iter().copied().collect();
    Object::from([
        ("threshold", Value::from(policy.min_threshold)),
        ("roles", list(roles.iter().map(|role| role.as_str().to_owned()).collect())),
        ("claims", policy.claims.as_str().into()),
        ("exempt", list(policy.exempt.iter().map(Digest::hex).collect())),
        ("time", policy.time.as_str().into()),
        ("assurance", policy.assurance.as_str().into()),
        ("attested", list(policy.attested.rules())),
    ])
}

/// Reads rules; an error names the field that is missing or wrong.
///
/// # Errors
/// Also if a field is not known, or the rules ask for less than the default does: a station's own
/// default could then not be told from a wish to ask for more.
pub fn parse(object: &Object) -> Result<Policy, String> {
    let mut rest = object.clone();
    let mut take = |name: &'static str| rest.remove(name).ok_or(name);
    let list = |value: &Value| -> Option<Vec<String>> {
        let items = value.as_array().filter(|items| items.len() <= MAX_DIGESTS)?;
        items.iter().map(|item| item.as_str().map(str::to_owned)).collect()
    };
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let digests = |items: Vec<String>| -> Option<BTreeSet<Digest>> {
        items.iter().map(|item| Digest::parse_hex(item)).collect()
    };
    let roles = |items: Vec<String>| -> Option<Vec<Role>> {
        items.iter().map(|item| item.parse().ok()).collect()
    };
    let rules = |items: Vec<String>| -> Option<AttestedPolicy> {
        items
            .iter()
            .map(|item| item.parse().ok())
            .collect::<Option<Vec<_>>>()
            .map(|rules| rules.into_iter().collect())
    };
    let policy = Policy {
        min_threshold: read(take("threshold")?, "threshold", |value| {
            value.as_count().filter(|count| (2..=MAX_THRESHOLD).contains(count))
        })?,
        required_roles: read(take("roles")?, "roles", |value| list(value).and_then(roles))?,
        claims: read(take("claims")?, "claims", |value| Claims::parse(&text(value)?))?,
        exempt: read(take("exempt")?, "exempt", |value| list(value).and_then(digests))?,
        time: read(take("time")?, "time", |value| TimeKind::parse(&text(value)?))?,
        assurance: read(take("assurance")?, "assurance", |value| {
            Assurance::parse(&text(value)?).filter(|one| *one > Assurance::Claimed)
        })?,
        attested: read(take("attested")?, "attested", |value| list(value).and_then(rules))?,
        ..Policy::default()
    };
    match rest.iter().next() {
        Some((name, _)) => Err(name.to_owned()),
        // One way to write each rule: what is shown as changed has changed.
        None if to_object(&policy) != *object => Err("policy".to_owned()),
        None => Ok(policy),
    }
}

fn read<T>(
    value: Value,
    name: &'static str,
    read: impl FnOnce(&Value) -> Option<T>,
) -> Result<T, &'static str> {
    read(&value).ok_or(name)
}

/// The rules of a signed keyring with what a station asks for beyond them. Nothing of it asks for less
/// than the signed keyring does.
pub fn tightened(signed: &Policy, own: &Policy) -> Policy {
    let mut required_roles = signed.required_roles.clone();
    let new = own.required_roles.iter().filter(|role| !signed.required_roles.contains(role));
    required_roles.extend(new);
    let exempt = match (signed.claims, own.claims) {
        (Claims::Required, Claims::Required) => &signed.exempt & &own.exempt,
        (Claims::Required, _) => signed.exempt.clone(),
        _ => own.exempt.clone(),
    };
    Policy {
        trust: signed.trust.min(own.trust),
        min_threshold: signed.min_threshold.max(own.min_threshold),
        required_roles,
        assurance: signed.assurance.max(own.assurance),
        attested: both(&signed.attested, &own.attested),
        clock_tolerance: signed.clock_tolerance.min(own.clock_tolerance),
        claims: signed.claims.max(own.claims),
        exempt,
        time: signed.time.max(own.time),
        boundary: signed.boundary.max(own.boundary),
    }
}

/// What both require of the keys of every role.
fn both(signed: &AttestedPolicy, own: &AttestedPolicy) -> AttestedPolicy {
    let all = signed.all.and(&own.all);
    let roles = signed.roles.keys().chain(own.roles.keys()).copied().collect::<BTreeSet<Role>>();
    let of = |role: Role| -> (Role, Requirement) {
        (role, signed.of(Some(role)).and(&own.of(Some(role))))
    };
    AttestedPolicy { all, roles: roles.into_iter().map(of).collect() }
}
