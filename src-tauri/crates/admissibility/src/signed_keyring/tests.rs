use countersign_envelope::dsse::DsseSignature;
use countersign_envelope::json::Object;
use countersign_envelope::public_key::PublicKey;
use countersign_envelope::signed_keyring::revocation::{EmergencyRevocation, RevocationFile};
use countersign_envelope::signed_keyring::{Administrators, KeyringVersion, SignedKeyringFile};
use countersign_problem::Explain as _;
use ed25519_dalek::{Signer as _, SigningKey};

use super::version::key_to_object;
use super::*;
use crate::attested::AttestedPolicy;
use crate::keyring::{Acceptance, Key, Keyring, RevocationCode};
use crate::policy::{Assurance, Claims, TimeKind, Trust};
use countersign_envelope::signature::Role;

fn at(day: u32) -> Instant {
    Instant::parse(&format!("2026-12-{day:02}T00:00:00Z")).unwrap()
}

fn public(seed: u8) -> PublicKey {
    let key = SigningKey::from_bytes(&[seed; 32]);
    PublicKey::ed25519(key.verifying_key().as_bytes()).unwrap()
}

/// Keys by their seeds.
const OWNERS: [(u8, &str); 8] = [
    (1, "ada"),
    (2, "ben"),
    (3, "cem"),
    (4, "dua"),
    (5, "eli"),
    (6, "fay"),
    // A second key of the first.
    (7, " ADA"),
    // One whose name looks like another's.
    (8, "bеn"),
];

fn key(seed: u8) -> Key {
    let owner = OWNERS.iter().find(|(one, _)| *one == seed).unwrap().1;
    let public = public(seed).to_text();
    serde_json::from_value(serde_json::json!({
        "key_id": format!("k{seed}"), "key_type": "ed25519", "public_key": public,
        "owner": owner, "roles": ["operator"], "kind": "software",
    }))
    .unwrap()
}

/// A version before it is signed.
#[derive(Clone)]
struct Draft(KeyringVersion);

impl Draft {
    /// The first version: keys 1 to 6, and administrators among them.
    fn first(threshold: u64, administrators: &[u8]) -> Self {
        Self(KeyringVersion {
            version: 1,
            previous: None,
            administrators: Administrators {
                threshold,
                keys: administrators.iter().map(|seed| format!("k{seed}")).collect(),
            },
            keys: (1..=6).map(|seed| key_to_object(&key(seed))).collect(),
            attestation_roots: Vec::new(),
            tsa_roots: Vec::new(),
            log_policy: None,
            policy: rules::to_object(&Policy::default()),
            overruled: BTreeSet::new(),
            issued_at: at(1),
            review_by: None,
        })
    }

    /// What would follow a version, a day later.
    fn after(before: &SignedKeyring) -> Self {
        let mut next = before.says().clone();
        next.version += 1;
        next.previous = Some(before.digest());
        next.issued_at = Instant::from_unix(next.issued_at.unix() + 86_400).unwrap();
        Self(next)
    }

    fn with(mut self, change: impl FnOnce(&mut KeyringVersion)) -> Self {
        change(&mut self.0);
        self
    }

    fn administered_by(self, threshold: u64, seeds: &[u8]) -> Self {
        let keys = seeds.iter().map(|seed| format!("k{seed}")).collect();
        self.with(|says| says.administrators = Administrators { threshold, keys })
    }

    /// With an entry of the keyring changed.
    fn key(self, seed: u8, change: impl FnOnce(&mut Key)) -> Self {
        self.with(|says| {
            let of = format!("k{seed}");
            let entry = says.keys.iter_mut().find(|one| one.text("key_id") == Some(&of)).unwrap();
            let mut key: Key = serde_json::from_str(
                &countersign_envelope::json::Value::from(entry.clone()).to_line(),
            )
            .unwrap();
            change(&mut key);
            *entry = key_to_object(&key);
        })
    }

    fn fault(self) -> String {
        SignedKeyring::of(SignedKeyringFile::new(self.0))
            .unwrap_err()
            .problem()
            .code
            .name()
            .to_owned()
    }

    fn signed(self, seeds: &[u8]) -> SignedKeyring {
        let mut file = SignedKeyringFile::new(self.0);
        for seed in seeds {
            let message = file.envelope.message();
            let signature = SigningKey::from_bytes(&[*seed; 32]).sign(&message);
            let signature = signature.to_bytes().to_vec();
            let one = DsseSignature { key_id: format!("k{seed}"), signature };
            file.envelope.signatures.push(one);
        }
        // As it comes from a file.
        let file = SignedKeyringFile::parse(file.to_text().as_bytes()).unwrap();
        SignedKeyring::of(file).unwrap()
    }
}

fn found(version: &SignedKeyring) -> Chain {
    Chain::found(version.clone(), &version.digest(), Some(at(20))).unwrap()
}

/// A chain with one version, two of three administrators: 1, 2 and 3.
fn two_of_three() -> Chain {
    found(&Draft::first(2, &[1, 2, 3]).signed(&[1, 2]))
}

fn next(chain: &Chain) -> Draft {
    Draft::after(chain.latest())
}

/// Why a version is refused, by the name of the refusal.
fn refusal(chain: &Chain, version: &SignedKeyring) -> String {
    let mut chain = chain.clone();
    let before = chain.latest().digest();
    let refusal = chain.adopt(version.clone(), Some(at(20))).unwrap_err();
    assert_eq!(chain.latest().digest(), before, "a refusal changes nothing");
    refusal.problem().code.name().to_owned()
}

#[test]
fn the_first_version_is_adopted_by_its_digest_and_signed_by_its_own_administrators() {
    let first = Draft::first(2, &[1, 2, 3]).signed(&[1, 3]);
    let chain = found(&first);
    let keyring = chain.keyring();
    let facts = keyring.signed().unwrap();
    assert_eq!(
        (facts.version, facts.people.as_slice()),
        (1, &["ada".to_owned(), "cem".into()][..])
    );
    let refused = |version: &SignedKeyring, digest| {
        Chain::found(version.clone(), &digest, Some(at(20)))
            .unwrap_err()
            .problem()
            .code
            .name()
            .to_owned()
    };
    assert_eq!(refused(&first, Digest::of(b"another")), "other_digest");
    let few = Draft::first(2, &[1, 2, 3]).signed(&[1]);
    assert_eq!(refused(&few, few.digest()), "too_few_own");
    let to_come = Draft::first(1, &[1]).with(|says| says.issued_at = at(21)).signed(&[1]);
    assert_eq!(refused(&to_come, to_come.digest()), "not_yet");
    // A station that comes later begins with a later version.
    let mut chain = chain;
    let second = next(&chain).signed(&[1, 2]);
    assert_eq!(chain.adopt(second.clone(), Some(at(20))), Ok(Step::Next));
    assert_eq!(found(&second).latest().version(), 2);
}

#[test]
fn the_next_version_is_signed_by_the_old_and_by_the_new_administrators() {
    let mut chain = two_of_three();
    // Administrator 3 makes place for 4.
    let draft = next(&chain).administered_by(2, &[1, 2, 4]);
    assert_eq!(refusal(&chain, &draft.clone().signed(&[])), "too_few_before");
    // Too few of the old: the new one's signature is none of theirs.
    assert_eq!(refusal(&chain, &draft.clone().signed(&[1])), "too_few_before");
    assert_eq!(refusal(&chain, &draft.clone().signed(&[1, 4])), "too_few_before");
    assert_eq!(refusal(&chain, &draft.clone().signed(&[4])), "too_few_before");
    // Two of the old, only one of whom goes on.
    assert_eq!(refusal(&chain, &draft.clone().signed(&[1, 3])), "too_few_own");
    // By others than administrators.
    assert_eq!(refusal(&chain, &draft.clone().signed(&[5, 6])), "too_few_before");
    let step = chain.adopt(draft.clone().signed(&[1, 3, 4]), Some(at(20)));
    assert_eq!(step, Ok(Step::Next));
    assert_eq!(chain.latest().version(), 2);
    let again = chain.adopt(draft.signed(&[1, 3, 4]), Some(at(20)));
    assert_eq!(again, Ok(Step::Known), "the same one again is no rollback");
}

#[test]
fn all_administrators_are_not_replaced_at_once_without_the_old_ones() {
    let chain = two_of_three();
    let draft = next(&chain).administered_by(2, &[4, 5, 6]);
    assert_eq!(refusal(&chain, &draft.clone().signed(&[4, 5, 6])), "too_few_before");
    assert_eq!(refusal(&chain, &draft.clone().signed(&[1, 4, 5, 6])), "too_few_before");
    assert_eq!(refusal(&chain, &draft.clone().signed(&[1, 2, 3])), "too_few_own");
    assert_eq!(chain.judge(&draft.signed(&[1, 2, 4, 5]), Some(at(20))), Ok(Step::Next));
}

#[test]
fn one_person_is_not_two() {
    let first = Draft::first(2, &[1, 2, 3]);
    let twice = first.clone().signed(&[1, 1]);
    assert!(Chain::found(twice.clone(), &twice.digest(), Some(at(20))).is_err(), "one key twice");
    // Two keys of one person, both administrators' keys.
    let draft = first.clone().with(|says| {
        says.keys.push(key_to_object(&key(7)));
        says.administrators.keys = vec!["k1".into(), "k2".into(), "k3".into(), "k7".into()];
    });
    let twice = draft.clone().signed(&[1, 7]);
    assert!(Chain::found(twice.clone(), &twice.digest(), Some(at(20))).is_err());
    let chain = found(&draft.signed(&[1, 2, 7]));
    assert_eq!(refusal(&chain, &next(&chain).signed(&[1, 7, 1])), "too_few_before");
    // The threshold is of persons: three of four keys would be all three people.
    let three = next(&chain).administered_by(2, &[1, 7]);
    assert_eq!(three.fault(), "threshold");
    // Names that look the same are not two people's.
    let alike = first.with(|says| {
        says.keys.push(key_to_object(&key(8)));
        says.administrators.keys = vec!["k1".into(), "k2".into(), "k8".into()];
    });
    assert_eq!(alike.fault(), "look_alike");
}

#[test]
fn the_threshold_is_more_than_half() {
    for (threshold, administrators, fits) in [
        (0, &[1][..], false),
        (1, &[1], true),
        (2, &[1], false),
        (1, &[1, 2], false),
        (2, &[1, 2], true),
        (1, &[1, 2, 3], false),
        (2, &[1, 2, 3], true),
        (2, &[1, 2, 3, 4], false),
        (3, &[1, 2, 3, 4], true),
        (4, &[1, 2, 3], false),
    ] {
        let file = SignedKeyringFile::new(Draft::first(threshold, administrators).0);
        assert_eq!(SignedKeyring::of(file).is_ok(), fits, "{threshold} of {administrators:?}");
    }
}

#[test]
fn rollbacks_forks_and_gaps_are_named() {
    let mut chain = two_of_three();
    let first = chain.latest().clone();
    let second = next(&chain).signed(&[1, 2]);
    chain.adopt(second.clone(), Some(at(20))).unwrap();
    let third = next(&chain).signed(&[2, 3]);
    // A version is left out.
    assert_eq!(refusal(&found(&first), &third), "skipped");
    chain.adopt(third.clone(), Some(at(20))).unwrap();
    // Another version of a number that there is, right in itself.
    let fork = Draft::after(&first).with(|says| says.review_by = Some(at(9))).signed(&[1, 2, 3]);
    assert_eq!(refusal(&chain, &fork), "fork");
    let fork = Draft::after(&second).with(|says| says.review_by = Some(at(9))).signed(&[1, 2, 3]);
    assert_eq!(refusal(&chain, &fork), "fork");
    // What is old and known changes nothing, and takes nothing back.
    assert_eq!(chain.adopt(first.clone(), Some(at(20))), Ok(Step::Known));
    assert_eq!(chain.latest().version(), 3);
    // A station that began later has never seen the first.
    assert_eq!(refusal(&found(&third), &second), "rollback");
    // It follows something else.
    let other = next(&chain).with(|says| says.previous = Some(second.digest())).signed(&[1, 2]);
    assert_eq!(refusal(&chain, &other), "previous");
    let earlier = next(&chain).with(|says| says.issued_at = at(1)).signed(&[1, 2]);
    assert_eq!(refusal(&chain, &earlier), "earlier");
    let to_come = next(&chain).with(|says| says.issued_at = at(28)).signed(&[1, 2]);
    assert_eq!(refusal(&chain, &to_come), "not_yet");
    // At the same time is not before.
    let same = next(&chain).with(|says| says.issued_at = third.says().issued_at).signed(&[1, 2]);
    assert_eq!(chain.judge(&same, Some(at(20))), Ok(Step::Next));
}

#[test]
fn keys_are_ended_and_never_removed_or_revived() {
    let chain = two_of_three();
    let removed = next(&chain).with(|says| drop(says.keys.pop())).signed(&[1, 2]);
    assert_eq!(refusal(&chain, &removed), "key_removed");
    let others = next(&chain).key(5, |entry| entry.owner = "zoe".to_owned()).signed(&[1, 2]);
    assert_eq!(refusal(&chain, &others), "key_changed");
    let other = next(&chain).key(5, |entry| entry.public_key = Some(public(9).to_text()));
    assert_eq!(refusal(&chain, &other.signed(&[1, 2])), "key_changed");
    // Ended, by a revocation or by its time, it goes on.
    let mut chain = chain;
    let revoke = |entry: &mut Key| {
        entry.revoked_at = Some(at(2));
        entry.revocation_code = Some(RevocationCode::KeyCompromise);
    };
    chain.adopt(next(&chain).key(5, revoke).signed(&[1, 2]), Some(at(20))).unwrap();
    for change in [
        (|entry: &mut Key| (entry.revoked_at, entry.revocation_code) = (None, None))
            as fn(&mut Key),
        |entry| entry.revoked_at = Some(at(3)),
        |entry| entry.revocation_code = Some(RevocationCode::Superseded),
        |entry| entry.compromised_since = Some(at(5)),
    ] {
        assert_eq!(refusal(&chain, &next(&chain).key(5, change).signed(&[1, 2])), "revived");
    }
    let more = next(&chain).key(5, |entry| entry.compromised_since = Some(at(1)));
    assert_eq!(chain.judge(&more.signed(&[1, 2]), Some(at(20))), Ok(Step::Next));
}

#[test]
fn a_version_is_right_by_itself() {
    let first = || Draft::first(2, &[1, 2, 3]);
    let faults = [
        (first().with(|says| says.keys[0] = Object::from([("key_id", "k1")])), "form"),
        (first().with(|says| says.keys[3].set("trusted", true)), "unknown"),
        (first().with(|says| says.keys.push(key_to_object(&key(4)))), "keyring"),
        (first().with(|says| says.administrators.keys[2] = "k9".into()), "no_such_administrator"),
        (first().key(3, |entry| entry.revoked_at = Some(at(1))), "administrator_key"),
        (first().with(|says| says.policy.set("threshold", 1_u64)), "rule"),
        (first().with(|says| says.policy.set("assurance", "claimed")), "rule"),
        (first().with(|says| says.policy.set("trust", "embedded")), "rule"),
        (first().with(|says| drop(says.policy.remove("time"))), "rule"),
    ];
    for (draft, fault) in faults {
        assert_eq!(draft.fault(), fault);
    }
    // An expired administrator's key signs nothing.
    let expired = first().key(2, |entry| entry.valid_until = Some(at(1))).signed(&[1, 2]);
    assert!(Chain::found(expired.clone(), &expired.digest(), Some(at(20))).is_err());
}

fn revocation(chain: &Chain, seed: u8) -> EmergencyRevocation {
    EmergencyRevocation {
        version: chain.latest().version(),
        keyring: chain.latest().digest(),
        key_id: format!("k{seed}"),
        key_sha256: public(seed).fingerprint(),
        code: "key_compromise".to_owned(),
        reason: "the token is gone".to_owned(),
        revoked_at: Instant::from_unix(chain.latest().says().issued_at.unix() + 3600).unwrap(),
    }
}

fn revoked_by(revocation: EmergencyRevocation, seed: u8) -> RevocationFile {
    let mut file = RevocationFile::new(revocation);
    let signature = SigningKey::from_bytes(&[seed; 32]).sign(&file.envelope.message());
    let signature = signature.to_bytes().to_vec();
    file.envelope.signatures = vec![DsseSignature { key_id: String::new(), signature }];
    RevocationFile::parse(file.to_text().as_bytes()).unwrap()
}

fn is_revoked(keyring: &Keyring, seed: u8) -> bool {
    let id = format!("k{seed}");
    keyring.keys().iter().any(|key| key.key_id == id && key.revoked_at.is_some())
}

#[test]
fn one_administrator_takes_a_key_away_until_the_next_version_decides() {
    let mut chain = two_of_three();
    let file = revoked_by(revocation(&chain, 5), 3);
    let standing = chain.revoke(file.clone(), Some(at(20)));
    assert_eq!(standing, Ok(RevocationStanding::InForce));
    chain.revoke(file, Some(at(20))).unwrap();
    assert_eq!(chain.revocations().len(), 1, "by union");
    let keyring = chain.keyring();
    assert!(is_revoked(&keyring, 5) && !is_revoked(&keyring, 6));
    let key = keyring.keys().iter().find(|key| key.key_id == "k5").unwrap();
    assert!(matches!(key.validity(at(10)), Acceptance::Compromised(..)));

    // A version that was on its way when it was revoked does not know of it.
    let mut unaware = chain.clone();
    let early = Draft::after(chain.latest()).with(|says| says.issued_at = at(1)).signed(&[1, 2]);
    unaware.adopt(early, Some(at(20))).unwrap();
    assert!(is_revoked(&unaware.keyring(), 5));
    // One that was issued since lifts it, or confirms it.
    let (mut lifted, mut confirmed) = (chain.clone(), chain.clone());
    lifted.adopt(next(&chain).signed(&[1, 2]), Some(at(20))).unwrap();
    assert!(!is_revoked(&lifted.keyring(), 5));
    let revoke = |entry: &mut Key| entry.revoked_at = Some(at(1));
    confirmed.adopt(next(&chain).key(5, revoke).signed(&[1, 2]), Some(at(20))).unwrap();
    assert!(is_revoked(&confirmed.keyring(), 5));
}

#[test]
fn a_revocation_only_takes_away_and_is_one_administrators() {
    let mut chain = two_of_three();
    let second = next(&chain).administered_by(2, &[1, 2, 4]).signed(&[1, 2, 3, 4]);
    let mut later = chain.clone();
    later.adopt(second, Some(at(20))).unwrap();
    let good = revocation(&chain, 5);
    let refused = |chain: &Chain, revocation: EmergencyRevocation, by| {
        let mut chain = chain.clone();
        let refusal = chain.revoke(revoked_by(revocation, by), Some(at(20))).unwrap_err();
        assert!(chain.revocations().is_empty());
        refusal.problem().code.name().to_owned()
    };
    // By somebody else, or by nobody.
    assert_eq!(refused(&chain, good.clone(), 6), "not_by_administrator");
    assert!(chain.revoke(RevocationFile::new(good.clone()), Some(at(20))).is_err());
    // About an administrator, old or new.
    assert_eq!(refused(&chain, revocation(&chain, 1), 2), "administrator");
    assert_eq!(refused(&later, revocation(&chain, 4), 1), "administrator");
    // Backdated, or from a time to come: no version could decide on it.
    let dated = |at| EmergencyRevocation { revoked_at: at, ..good.clone() };
    let before = Instant::parse("2026-11-30T23:59:59Z").unwrap();
    assert_eq!(refused(&chain, dated(before), 1), "backdated");
    assert_eq!(refused(&chain, dated(at(27)), 1), "not_yet");
    // About another keyring, another key, or for a reason that nobody knows.
    let other = EmergencyRevocation { keyring: Digest::of(b"other"), ..good.clone() };
    assert_eq!(refused(&chain, other, 1), "other_keyring");
    let other = EmergencyRevocation { key_sha256: public(6).fingerprint(), ..good.clone() };
    assert_eq!(refused(&chain, other, 1), "no_such_key");
    let other = EmergencyRevocation { code: "remove_from_crl".to_owned(), ..good.clone() };
    assert_eq!(refused(&chain, other, 1), "code");
    // Who administers no more revokes nothing of what came after.
    assert_eq!(refused(&later, dated(at(3)), 3), "not_by_administrator");
    let standing = later.revoke(revoked_by(dated(at(3)), 1), Some(at(20)));
    assert_eq!(standing, Ok(RevocationStanding::InForce));
    // It cannot make a revocation any weaker.
    let mut chain = two_of_three();
    let revoke = |entry: &mut Key| {
        entry.revoked_at = Some(at(1));
        entry.revocation_code = Some(RevocationCode::KeyCompromise);
    };
    chain.adopt(next(&chain).key(5, revoke).signed(&[1, 2]), Some(at(20))).unwrap();
    let weaker = EmergencyRevocation { code: "superseded".to_owned(), ..revocation(&chain, 5) };
    chain.revoke(revoked_by(weaker, 1), Some(at(20))).unwrap();
    let keyring = chain.keyring();
    let key = keyring.keys().iter().find(|key| key.key_id == "k5").unwrap();
    assert_eq!(key.revocation_code, Some(RevocationCode::KeyCompromise));
    assert_eq!(key.revoked_at, Some(at(1)));
}

#[test]
fn copies_are_merged_without_what_administrators_did_not_sign() {
    let chain = two_of_three();
    let draft = next(&chain).administered_by(2, &[1, 2, 4]);
    let junk = DsseSignature { key_id: "k2".to_owned(), signature: vec![7; 64] };
    let mut other = draft.clone().signed(&[2, 6]).envelope().clone();
    other.signatures.insert(0, junk);
    let one = draft.signed(&[1, 4]);
    assert_eq!(refusal(&chain, &one), "too_few_before");
    let merged = one.merged(&other, Some(chain.latest()));
    let ids: Vec<&str> =
        merged.envelope().signatures.iter().map(|one| one.key_id.as_str()).collect();
    assert_eq!(ids, ["k1", "k4", "k2"]);
    assert_eq!(chain.judge(&merged, Some(at(20))), Ok(Step::Next));
}

#[test]
fn a_version_in_force_at_a_time_is_found() {
    let mut chain = two_of_three();
    chain.adopt(next(&chain).signed(&[1, 2]), Some(at(20))).unwrap();
    let at_time = |text: &str| chain.at(Instant::parse(text).unwrap()).map(SignedKeyring::version);
    assert_eq!(at_time("2026-11-30T00:00:00Z"), None);
    assert_eq!(at_time("2026-12-01T12:00:00Z"), Some(1));
    assert_eq!(at_time("2026-12-02T00:00:00Z"), Some(2));
    assert_eq!(at_time("2030-12-02T00:00:00Z"), Some(2));
}

#[test]
fn rules_are_read_and_written_as_the_same_and_only_added_to() {
    let signed = Policy {
        min_threshold: 3,
        required_roles: vec![Role::Auditor],
        claims: Claims::Required,
        exempt: [Digest::of(b"one"), Digest::of(b"two")].into(),
        time: TimeKind::Signed,
        attested: ["firmware=5.7", "touch=always"]
            .map(|rule| rule.parse().unwrap())
            .into_iter()
            .collect(),
        ..Policy::default()
    };
    assert_eq!(rules::parse(&rules::to_object(&signed)), Ok(signed.clone()));
    // Of a policy that asks for less, nothing is taken.
    let weak = Policy {
        trust: Trust::Embedded,
        min_threshold: 2,
        assurance: Assurance::Claimed,
        clock_tolerance: 86_400,
        ..Policy::default()
    };
    let kept = rules::tightened(&signed, &weak);
    assert_eq!(kept, signed);
    // Of one that asks for more, everything.
    let strict = Policy {
        required_roles: vec![Role::Auditor, Role::Reviewer],
        assurance: Assurance::Attested,
        exempt: [Digest::of(b"two"), Digest::of(b"three")].into(),
        claims: Claims::Required,
        time: TimeKind::Trusted,
        attested: ["witness:fips=yes", "firmware=5.4"]
            .map(|rule| rule.parse().unwrap())
            .into_iter()
            .collect(),
        ..Policy::default()
    };
    let both = rules::tightened(&signed, &strict);
    assert!(
        !both.asks_less_than(&signed)
            && !both.asks_less_than(&Policy { min_threshold: 3, ..strict })
    );
    assert_eq!(both.exempt, [Digest::of(b"two")].into());
    assert_eq!(both.required_roles, [Role::Auditor, Role::Reviewer]);
    let none = AttestedPolicy::default();
    assert!(both.attested.asks_less_than(&none) || both.attested != none);
}

#[test]
fn what_a_version_changes_is_data() {
    let chain = two_of_three();
    let all = changes(None, chain.latest());
    assert_eq!(all.iter().filter(|one| one.kind == ChangeKind::KeyAdded).count(), 6);
    assert_eq!(all.iter().filter(|one| one.kind == ChangeKind::AdministratorAdded).count(), 3);
    assert!(changes(Some(chain.latest()), &next(&chain).signed(&[])).is_empty());
    let draft = next(&chain)
        .administered_by(3, &[1, 2, 4])
        .key(5, |entry| entry.revoked_at = Some(at(2)))
        .key(6, |entry| entry.roles = vec![Role::Witness])
        .with(|says| {
            says.policy.set("threshold", 3_u64);
            says.overruled = [Digest::of(b"refusal")].into();
            says.tsa_roots =
                vec!["-----BEGIN CERTIFICATE-----\nAQID\n-----END CERTIFICATE-----\n".into()];
        });
    let changed = changes(Some(chain.latest()), &draft.signed(&[]));
    use ChangeKind as K;
    let kinds: Vec<ChangeKind> = changed.iter().map(|one| one.kind).collect();
    let wanted = [
        K::KeyRevoked,
        K::KeyChanged,
        K::AdministratorAdded,
        K::AdministratorRemoved,
        K::Threshold,
        K::TsaRootAdded,
        K::Rule,
        K::Overruled,
    ];
    assert_eq!(kinds, wanted);
    let of = |kind| changed.iter().find(|one| one.kind == kind).unwrap();
    assert_eq!(of(K::AdministratorAdded).owner.as_deref(), Some("dua"));
    assert_eq!(of(K::AdministratorAdded).fingerprint, Some(public(4).fingerprint()));
    assert_eq!(of(K::TsaRootAdded).of, Digest::of(&[1, 2, 3]).hex());
    assert_eq!(
        (of(K::Rule).before.as_deref(), of(K::Rule).after.as_deref()),
        (Some("2"), Some("3"))
    );
    assert!(changed.iter().all(|one| !one.words().english().is_empty()));
}
