//! Disclosures: whether an entry leads to a root that somebody signed, and who that was. Its path is
//! never proven by the disclosure itself; only a run at hand can say what it calls the entry.

use countersign_envelope::claim::{Claim, SIGN};
use countersign_envelope::digest::Digest;
use countersign_envelope::disclosure::{DisclosedClaim, Disclosure};
use countersign_envelope::hash_scope;
use countersign_envelope::sealed_run::SealedRun;
use countersign_envelope::signature::PayloadType;
use countersign_envelope::vocabulary;
use countersign_problem::{Explain as _, Words, words};

use crate::acceptance::{self, Author};
use crate::check::{NamedCheck, Outcome};
use crate::keyring::{Acceptance, Keyring};
use crate::state::State;

vocabulary! {
    /// How far a disclosure, or one of its claims, can be relied on.
    DisclosureStanding {
        /// A key that is accepted signed the root that it leads to.
        Proven = "proven",
        /// A key signed it that is not accepted here: it may be anybody's.
        NotAccepted = "not_accepted",
        /// It leads to no root that is signed, or the content is another.
        Invalid = "invalid",
    }
}

vocabulary! {
    /// Whether content is what was disclosed.
    DisclosedContent {
        /// It is.
        Same = "same",
        /// It is not.
        Other = "other",
        /// None was given to compare.
        NotCompared = "not_compared",
    }
}

vocabulary! {
    /// The checks of a disclosure, in the order in which they decide.
    DisclosureCheck {
        /// Its nodes are the way from its position to a root.
        Way = "disclosure.way",
        /// The content that was given is the one disclosed.
        Content = "disclosure.content",
        /// A claim in it signed that root, as one of exactly one run.
        Signed = "disclosure.signed",
        /// The key of such a claim is accepted. Not checked if there is none.
        Accepted = "disclosure.accepted",
        /// It is about the run at hand. Not checked without one, or if nobody signed the root.
        Run = "disclosure.run",
        /// That run has this content at this position, among as many. Not checked of another run.
        Entry = "disclosure.entry",
        /// That run calls it so. Likewise.
        Path = "disclosure.path",
    }
}

impl DisclosureStanding {
    /// As one of the six states: what is signed by a key that is not accepted stays open.
    pub const fn state(self) -> State {
        match self {
            Self::Proven => State::Holds,
            Self::NotAccepted => State::Open,
            Self::Invalid => State::Contradicted,
        }
    }
}

/// What a disclosure is compared with.
#[derive(Debug, Clone, Copy, Default)]
pub struct Compared<'a> {
    /// The SHA-256 of content that is said to be disclosed.
    pub content: Option<Digest>,
    /// The run that it is said to be of.
    pub run: Option<&'a SealedRun>,
}

/// Who signed the root, judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Committer {
    /// What their claim says; `None` if it cannot be read.
    pub claim: Option<Claim>,
    /// The SHA-256 of the run's canonical bytes, as the claim says; `None` if it names no run.
    pub run: Option<Digest>,
    /// Tells one key from another; `None` if the claim does not verify.
    pub fingerprint: Option<Digest>,
    /// How far the claim can be relied on.
    pub standing: DisclosureStanding,
    /// Why, in words.
    pub detail: Words,
}

/// A disclosure, judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JudgedDisclosure {
    /// The root that it leads to; `None` if it is no way to one.
    pub root: Option<Digest>,
    /// Whether the content that was given is the one disclosed.
    pub content: DisclosedContent,
    /// Those who signed the root, or seem to.
    pub committers: Vec<Committer>,
    /// Its checks.
    pub checks: Vec<NamedCheck<DisclosureCheck>>,
    /// The whole.
    pub standing: DisclosureStanding,
    /// Why, in words.
    pub detail: Words,
}

impl JudgedDisclosure {
    /// Whether a key that is accepted signed the root, and content and run, if they were given, are
    /// those that it is about.
    pub fn is_proven(&self) -> bool {
        self.standing == DisclosureStanding::Proven
    }

    /// Whether a check was made and passed.
    pub fn has_passed(&self, check: DisclosureCheck) -> bool {
        self.checks.iter().any(|one| one.id == check && one.outcome == Outcome::Pass)
    }
}

/// Judges a disclosure by a keyring, and compares it with content and a run if there are any.
pub fn judge(
    disclosure: &Disclosure,
    compared: Compared<'_>,
    keyring: &Keyring,
) -> JudgedDisclosure {
    let root = disclosure.root();
    let content = match compared.content {
        None => DisclosedContent::NotCompared,
        Some(content) if content == disclosure.content => DisclosedContent::Same,
        Some(_) => DisclosedContent::Other,
    };
    let committers: Vec<Committer> =
        disclosure.claims.iter().map(|claim| committer(disclosure, claim, keyring)).collect();
    let checks = checks(disclosure, compared.run, content, &committers);
    let failed = checks.iter().find(|check| check.outcome == Outcome::Fail);
    let open = checks.iter().find(|check| check.outcome == Outcome::Missing);
    let (standing, detail) = match (failed, open) {
        (Some(failed), _) => (DisclosureStanding::Invalid, failed.detail.clone()),
        (None, Some(open)) => (DisclosureStanding::NotAccepted, open.detail.clone()),
        (None, None) => {
            let position = (disclosure.position + 1).to_string();
            let leaves = disclosure.leaves.to_string();
            let proven = match compared.run {
                None => words!("disclosure-proven", position, leaves),
                Some(_) => words!("disclosure-proven-of-run", position, leaves),
            };
            (DisclosureStanding::Proven, proven)
        }
    };
    JudgedDisclosure { root, content, committers, checks, standing, detail }
}

fn checks(
    disclosure: &Disclosure,
    run: Option<&SealedRun>,
    content: DisclosedContent,
    committers: &[Committer],
) -> Vec<NamedCheck<DisclosureCheck>> {
    use DisclosureCheck as C;
    use Outcome::{Fail, Missing, Pass, Unchecked};

    let mut checks = Vec::new();
    let mut add =
        |id, (outcome, detail): (Outcome, Words)| checks.push(NamedCheck { id, outcome, detail });
    add(
        C::Way,
        match disclosure.root() {
            Some(_) => (Pass, words!("disclosure-found-way")),
            None => (Fail, words!("disclosure-no-way")),
        },
    );
    add(
        C::Content,
        match content {
            DisclosedContent::Same => (Pass, words!("found-equal")),
            DisclosedContent::Other => (Fail, words!("disclosure-other-content")),
            DisclosedContent::NotCompared => (Unchecked, words!("disclosure-no-content")),
        },
    );
    // The claims that count: those by accepted keys, or else those by others.
    let is_any = |standing| committers.iter().any(|one| one.standing == standing);
    let best = [DisclosureStanding::Proven, DisclosureStanding::NotAccepted];
    let Some(best) = best.into_iter().find(|standing| is_any(*standing)) else {
        add(C::Signed, (Fail, words!("disclosure-not-signed")));
        return checks;
    };
    add(C::Signed, (Pass, words!("disclosure-found-signed")));
    add(
        C::Accepted,
        match best {
            DisclosureStanding::Proven => (Pass, words!("disclosure-found-accepted")),
            _ => (Missing, words!("disclosure-not-accepted")),
        },
    );
    let Some(run) = run else { return checks };
    let digest = run.artifact().canonical().digest();
    if !committers.iter().any(|one| one.standing == best && one.run == Some(digest)) {
        add(C::Run, (Fail, words!("disclosure-other-run")));
        return checks;
    }
    add(C::Run, (Pass, words!("found-equal")));
    let entries = || hash_scope::files(run, disclosure.list);
    let entry = usize::try_from(disclosure.position).ok().and_then(|at| entries().nth(at));
    let same = entries().count() as u64 == disclosure.leaves
        && entry.as_ref().and_then(|entry| entry.content) == Some(disclosure.content);
    add(
        C::Entry,
        match same {
            true => (Pass, words!("found-equal")),
            false => (Fail, words!("disclosure-other-entry")),
        },
    );
    if let Some(entry) = entry {
        add(
            C::Path,
            match entry.path == disclosure.path {
                true => (Pass, words!("found-equal")),
                false => (Fail, words!("disclosure-other-path", path = ?entry.path)),
            },
        );
    }
    checks
}

fn committer(disclosure: &Disclosure, disclosed: &DisclosedClaim, keyring: &Keyring) -> Committer {
    let (claim, key) = match disclosed.verify() {
        Ok(verified) => verified,
        Err(error) => {
            let claim = disclosed.claim().ok();
            return Committer {
                run: claim.as_ref().and_then(run_of),
                claim,
                fingerprint: None,
                standing: DisclosureStanding::Invalid,
                detail: error.problem().into(),
            };
        }
    };
    let run = run_of(&claim);
    let author = Author {
        name: &claim.signer,
        role: &claim.role,
        key_id: &claim.key_id,
        at: claim.signed_at,
    };
    let (standing, detail) = if claim.act != SIGN || run.is_none() {
        (DisclosureStanding::Invalid, words!("disclosure-no-run"))
    } else if !disclosure.is_committed_by(&claim) {
        (DisclosureStanding::Invalid, words!("disclosure-other-root"))
    } else {
        match acceptance::of_statement(author, &key, keyring) {
            Acceptance::Accepted => (DisclosureStanding::Proven, words!("disclosure-signed")),
            why => (DisclosureStanding::NotAccepted, why.words()),
        }
    };
    let fingerprint = Some(key.fingerprint());
    Committer { claim: Some(claim), run, fingerprint, standing, detail }
}

/// The run that a claim is about, if it is about exactly one.
fn run_of(claim: &Claim) -> Option<Digest> {
    let mut runs = claim.subjects.iter().filter(|one| one.kind == Some(PayloadType::SealedRun));
    let only = runs.next()?.digest;
    runs.next().is_none().then_some(only)
}

#[cfg(test)]
mod tests {
    use countersign_envelope::claim::Seen;
    use countersign_envelope::dsse::{DsseEnvelope, IN_TOTO};
    use countersign_envelope::instant::Instant;
    use countersign_envelope::json::{Object, Value};
    use countersign_envelope::merkle;
    use countersign_envelope::public_key::PublicKey;
    use countersign_envelope::signature::SignedPayload;
    use countersign_envelope::signature_file::Terms;
    use countersign_envelope::statement::Subject;
    use ed25519_dalek::{Signer as _, SigningKey};

    use super::*;

    fn key(seed: u8) -> (SigningKey, PublicKey) {
        let key = SigningKey::from_bytes(&[seed; 32]);
        let public = PublicKey::ed25519(key.verifying_key().as_bytes()).unwrap();
        (key, public)
    }

    fn files(count: u8) -> Vec<Digest> {
        (0..count).map(|n| Digest::of(&[n])).collect()
    }

    fn root(leaves: &[Digest]) -> Digest {
        let siblings = merkle::siblings(leaves, 0).unwrap();
        merkle::root_above(leaves[0], 0, leaves.len() as u64, &siblings).unwrap()
    }

    /// The claim of a witness about a run with these inputs.
    fn claim(inputs: &[Digest], change: impl FnOnce(&mut Claim)) -> DisclosedClaim {
        claim_by(7, inputs, change)
    }

    fn claim_by(seed: u8, inputs: &[Digest], change: impl FnOnce(&mut Claim)) -> DisclosedClaim {
        let (key, public) = key(seed);
        let inputs = Object::from([
            ("root", Value::from(root(inputs).to_string())),
            ("leaves", (inputs.len() as u64).into()),
        ]);
        let subject = |kind| Subject {
            name: "RUN.json.canonical".to_owned(),
            digest: Digest::of(b"run"),
            kind: Some(kind),
        };
        let mut claim = Claim {
            subjects: vec![subject(PayloadType::SealedRun), subject(PayloadType::Manifest)],
            act: SIGN.to_owned(),
            signer: "w.witness".to_owned(),
            role: "witness".to_owned(),
            key_id: "witness".to_owned(),
            key_sha256: Some(Digest::of(&public.to_der())),
            algorithm: "ed25519".to_owned(),
            companion_key_sha256: None,
            signer_type: None,
            signed_at: Instant::parse("2026-11-29T12:00:00Z").unwrap(),
            terms: Terms { threshold: 2, required_roles: Vec::new() },
            on_run: None,
            on_manifest: None,
            commitments: Some(Object::from([("inputs", Value::from(inputs))])),
            lifts: Vec::new(),
            seen: Seen::default(),
        };
        change(&mut claim);
        let mut envelope = DsseEnvelope {
            payload_type: IN_TOTO.to_owned(),
            payload: claim.to_statement().to_payload(),
            key_id: String::new(),
            signature: Vec::new(),
            signed_payload: SignedPayload::CanonicalJson,
        };
        envelope.signature = key.sign(&envelope.message()).to_bytes().to_vec();
        DisclosedClaim::new("ed25519", &public.to_text(), envelope)
    }

    fn disclosure(inputs: &[Digest], position: usize) -> Disclosure {
        Disclosure {
            list: "inputs",
            path: "data/a.csv".to_owned(),
            content: inputs[position],
            position: position as u64,
            leaves: inputs.len() as u64,
            siblings: merkle::siblings(inputs, position).unwrap(),
            claims: vec![claim(inputs, |_| {})],
        }
    }

    fn keyring(more: &str) -> Keyring {
        let text = format!(
            r#"{{"keyring_version":"1.0","keys":[{{"key_id":"witness","key_type":"ed25519","public_key":"{}","owner":"w.witness","roles":["witness"],"kind":"software"{more}}}]}}"#,
            key(7).1.to_text()
        );
        Keyring::parse(text.as_bytes()).unwrap()
    }

    fn given(content: Digest) -> Compared<'static> {
        Compared { content: Some(content), run: None }
    }

    fn standing(disclosure: &Disclosure) -> DisclosureStanding {
        judge(disclosure, Compared::default(), &keyring("")).standing
    }

    #[test]
    fn every_file_of_a_list_is_proven_by_an_accepted_key_alone() {
        for count in 1..=9_u8 {
            let files = files(count);
            for (at, file) in files.iter().enumerate() {
                let shown = disclosure(&files, at);
                let judged = judge(&shown, given(*file), &keyring(""));
                assert!(judged.is_proven(), "{at} of {count}: {}", judged.detail);
                assert_eq!(judged.content, DisclosedContent::Same);
                assert_eq!(judged.committers[0].run, Some(Digest::of(b"run")));
                let other = judge(&shown, given(Digest::of(b"other")), &keyring(""));
                assert_eq!(other.standing, DisclosureStanding::Invalid);
                assert_eq!(other.content, DisclosedContent::Other);
            }
        }
        let shown = disclosure(&files(3), 1);
        for keyring in [Keyring::default(), keyring(r#","revoked_at":"2026-11-01T00:00:00Z""#)] {
            let judged = judge(&shown, Compared::default(), &keyring);
            assert_eq!(judged.standing, DisclosureStanding::NotAccepted);
        }
    }

    #[test]
    fn a_way_that_is_not_the_file_s_own_proves_nothing() {
        let files = files(7);
        let right = disclosure(&files, 2);
        assert_eq!(standing(&right), DisclosureStanding::Proven);
        let node = |left: Digest, right: Digest| Digest::of(format!("{left}|{right}").as_bytes());
        // An inner node as a file: with a shorter way, and in a smaller tree.
        let inner = Disclosure {
            content: node(files[2], files[3]),
            position: 1,
            siblings: right.siblings[1..].to_vec(),
            ..right.clone()
        };
        assert_eq!(standing(&inner), DisclosureStanding::Invalid);
        assert_eq!(standing(&Disclosure { leaves: 4, ..inner }), DisclosureStanding::Invalid);
        // Another position, another number of leaves, the last leaf as the one that doubles it.
        for position in (0..9).filter(|at| *at != 2) {
            let other = Disclosure { position, ..right.clone() };
            assert_eq!(standing(&other), DisclosureStanding::Invalid, "{position}");
        }
        for leaves in [3, 6, 8, 9] {
            let other = Disclosure { leaves, ..right.clone() };
            assert_eq!(standing(&other), DisclosureStanding::Invalid, "{leaves}");
        }
        let last = disclosure(&files, 6);
        assert_eq!(standing(&last), DisclosureStanding::Proven);
        let doubled = [&[files[6]], last.siblings.as_slice()].concat();
        for (position, leaves) in [(7, 7), (7, 8), (6, 8), (6, 7)] {
            let siblings = doubled.clone();
            let other = Disclosure { position, leaves, siblings, ..last.clone() };
            assert_eq!(standing(&other), DisclosureStanding::Invalid, "{position} of {leaves}");
        }
        // The way of another tree, and another list of the same run.
        let mut others = files.clone();
        others[5] = Digest::of(b"another");
        let siblings = merkle::siblings(&others, 2).unwrap();
        let other = Disclosure { siblings, ..right.clone() };
        assert_eq!(standing(&other), DisclosureStanding::Invalid);
        let other = Disclosure { list: "prompts", ..right };
        assert_eq!(standing(&other), DisclosureStanding::Invalid);
    }

    #[test]
    fn a_claim_that_is_not_about_this_root_proves_nothing() {
        let files = files(5);
        let with = |claim| Disclosure { claims: vec![claim], ..disclosure(&files, 1) };
        let (mut fewer, mut others) = (files.clone(), files.clone());
        fewer.pop();
        others[0] = Digest::of(b"of another run");
        for claim in [
            claim(&others, |_| {}),
            claim(&fewer, |_| {}),
            claim(&files, |claim| claim.commitments = None),
            claim(&files, |claim| claim.act = "witness".to_owned()),
            // Of a manifest alone, and of two runs.
            claim(&files, |claim| drop(claim.subjects.remove(0))),
            claim(&files, |claim| claim.subjects[1].kind = Some(PayloadType::SealedRun)),
            // By another key than the one beside it.
            claim(&files, |claim| claim.key_sha256 = Some(Digest::of(b"another key"))),
            claim(&files, |claim| claim.key_sha256 = None),
        ] {
            assert_eq!(standing(&with(claim)), DisclosureStanding::Invalid);
        }
        for (signer, role) in [("w.witness", "operator"), ("somebody", "witness")] {
            let claim = claim(&files, |claim| {
                (claim.signer, claim.role) = (signer.to_owned(), role.to_owned());
            });
            assert_eq!(standing(&with(claim)), DisclosureStanding::NotAccepted);
        }
        let altered = disclosure(&files, 1).to_text().replace("\"sig\": \"", "\"sig\": \"AAAA");
        let altered = Disclosure::parse(altered.as_bytes()).unwrap();
        assert_eq!(standing(&altered), DisclosureStanding::Invalid);
        assert_eq!(
            judge(&altered, Compared::default(), &keyring("")).committers[0].fingerprint,
            None
        );
    }

    #[test]
    fn a_run_at_hand_is_the_one_that_was_signed_or_the_disclosure_is_about_another() {
        use DisclosureCheck as C;

        let files = files(3);
        let run = |paths: [&str; 3], files: &[Digest]| {
            let entries = paths
                .iter()
                .zip(files)
                .map(|(path, file)| format!(r#"{{"path": "{path}", "sha256": "{file}"}}"#));
            let entries: Vec<String> = entries.collect();
            let text = format!(r#"{{"hash_scope": {{"inputs": [{}]}}}}"#, entries.join(","));
            SealedRun::parse(text.as_bytes()).unwrap()
        };
        let of = |run: &SealedRun| {
            let digest = run.artifact().canonical().digest();
            let claim = claim(&files, |claim| claim.subjects[0].digest = digest);
            Disclosure { claims: vec![claim], ..disclosure(&files, 0) }
        };
        let failed = |shown: &Disclosure, run: &SealedRun, keyring: &Keyring| {
            let compared = Compared { content: None, run: Some(run) };
            let judged = judge(shown, compared, keyring);
            let failed = judged.checks.iter().filter(|check| check.outcome == Outcome::Fail);
            (judged.standing, failed.map(|check| check.id).collect::<Vec<_>>())
        };
        let own = run(["data/a.csv", "b", "c"], &files);
        assert_eq!(failed(&of(&own), &own, &keyring("")), (DisclosureStanding::Proven, vec![]));
        let other = run(["data/a.csv", "b", "d"], &files);
        let invalid = |check| (DisclosureStanding::Invalid, vec![check]);
        assert_eq!(failed(&of(&own), &other, &keyring("")), invalid(C::Run));
        // Whoever is not accepted cannot make it one of this run.
        let mut mixed = of(&own);
        let stranger = of(&other).claims.remove(0);
        let digest = other.artifact().canonical().digest();
        mixed.claims.push(claim_by(8, &files, |claim| claim.subjects[0].digest = digest));
        assert_eq!(failed(&mixed, &other, &keyring("")), invalid(C::Run));
        mixed.claims.push(stranger);
        assert_eq!(failed(&mixed, &other, &keyring("")).0, DisclosureStanding::Proven);
        // The path is compared, and content and number of the run's own entries.
        let renamed = run(["data/z.csv", "b", "c"], &files);
        assert_eq!(failed(&of(&renamed), &renamed, &keyring("")), invalid(C::Path));
        let altered = run(["data/a.csv", "b", "c"], &[files[1], files[1], files[2]]);
        assert_eq!(failed(&of(&altered), &altered, &keyring("")), invalid(C::Entry));
    }
}
