//! Releases: whether two people whose keys are known vouch for files, by name and content.
//!
//! A key counts as it stands now, whatever time a signature claims: a key that is revoked or expired
//! vouches for nothing any more.

use std::collections::BTreeSet;

use countersign_envelope::digest::Digest;
use countersign_envelope::dsse::DsseSignature;
use countersign_envelope::instant::Instant;
use countersign_envelope::person::Person;
use countersign_envelope::release::{ReleaseFile, ReleasedFile};
use countersign_envelope::vocabulary;
use countersign_problem::{Words, words};

use crate::check::{NamedCheck, Outcome};
use crate::keyring::{Acceptance, Key, Keyring};
use crate::state::State;

/// How many people have to vouch for a release.
pub const PEOPLE: usize = 2;

vocabulary! {
    /// The checks of a release, in the order in which they decide.
    ReleaseCheck {
        /// No signature in the name of a known key fails.
        Signatures = "release.signatures",
        /// Two people have signed it, each with a key that is accepted now.
        People = "release.people",
        /// It is of the version that the program says it is. Not made without a program.
        Version = "release.version",
        /// Each file that was given is in it, with this name and this content.
        Files = "release.files",
    }
}

vocabulary! {
    /// How far a release vouches for what was given.
    ReleaseStanding {
        /// Two people vouch for it.
        Confirmed = "confirmed",
        /// Something is missing: a signature, a known key, or a file in it.
        NotConfirmed = "not_confirmed",
        /// Something contradicts.
        Contradicted = "contradicted",
    }
}

impl ReleaseStanding {
    /// As one of the six states.
    pub const fn state(self) -> State {
        match self {
            Self::Confirmed => State::Holds,
            Self::NotConfirmed => State::Open,
            Self::Contradicted => State::Contradicted,
        }
    }
}

/// What a release is compared with.
#[derive(Debug, Clone, Copy)]
pub struct ComparedFiles<'a> {
    /// The files.
    pub files: &'a [ReleasedFile],
    /// The version that a program says it is; `None` of files alone.
    pub version: Option<&'a str>,
}

/// What there is of a signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReleaseSignature {
    /// By a key of the keyring, which is accepted now or not.
    Known {
        /// Whose it is.
        owner: String,
        /// The id of the key, as the keyring has it.
        key_id: String,
        /// Tells one key from another.
        fingerprint: Digest,
        /// Whether it is accepted now.
        acceptance: Acceptance,
    },
    /// By no key of the keyring; the id is the word of whoever wrote the file.
    Unknown {
        /// The id of the key, as written.
        key_id: String,
    },
    /// In the name of a key of the keyring that did not make it.
    Forged {
        /// The id of that key.
        key_id: String,
    },
}

/// How a file stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReleasedAs {
    /// By this name and with this content.
    Same,
    /// The release has another content under this name.
    OtherContent,
    /// The release has this content under another name.
    OtherName(String),
    /// The release has neither.
    NotIn,
}

/// A release, judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JudgedRelease {
    /// The signatures, in their order.
    pub signatures: Vec<ReleaseSignature>,
    /// How each file stands, in the order in which they were given.
    pub files: Vec<(ReleasedFile, ReleasedAs)>,
    /// Its checks.
    pub checks: Vec<NamedCheck<ReleaseCheck>>,
    /// The whole.
    pub standing: ReleaseStanding,
    /// Why, in words.
    pub detail: Words,
}

impl JudgedRelease {
    /// Whether two people vouch for everything that was given.
    pub fn is_confirmed(&self) -> bool {
        self.standing == ReleaseStanding::Confirmed
    }

    /// Who vouches for it: the owners of the keys that are accepted, each once.
    pub fn people(&self) -> Vec<&str> {
        let mut people = BTreeSet::new();
        let accepted = self.signatures.iter().filter_map(accepted);
        accepted.filter(|owner| people.insert(Person::of(owner))).collect()
    }
}

/// The owner of a signature that counts.
fn accepted(signature: &ReleaseSignature) -> Option<&str> {
    match signature {
        ReleaseSignature::Known { owner, acceptance: Acceptance::Accepted, .. } => Some(owner),
        _ => None,
    }
}

/// Judges a release by a keyring, and compares it with files.
pub fn judge(
    file: &ReleaseFile,
    compared: ComparedFiles<'_>,
    keyring: &Keyring,
    now: Instant,
) -> JudgedRelease {
    let message = file.envelope.message();
    let signatures: Vec<ReleaseSignature> =
        file.envelope.signatures.iter().map(|one| signature(one, &message, keyring, now)).collect();
    let files: Vec<(ReleasedFile, ReleasedAs)> =
        compared.files.iter().map(|one| (one.clone(), released_as(file, one))).collect();
    let mut judged = JudgedRelease {
        signatures,
        files,
        checks: Vec::new(),
        standing: ReleaseStanding::NotConfirmed,
        detail: Words::default(),
    };
    judged.checks = checks(&judged, file, compared);
    let find = |outcome| judged.checks.iter().find(|check| check.outcome == outcome);
    (judged.standing, judged.detail) = match (find(Outcome::Fail), find(Outcome::Missing)) {
        (Some(failed), _) => (ReleaseStanding::Contradicted, failed.detail.clone()),
        (None, Some(missing)) => (ReleaseStanding::NotConfirmed, missing.detail.clone()),
        (None, None) => {
            let who = judged.people().iter().map(|owner| format!("{owner:?}")).collect::<Vec<_>>();
            let (who, count) = (who.join(", "), judged.files.len());
            (ReleaseStanding::Confirmed, words!("release-confirmed", who, count))
        }
    };
    judged
}

/// Who made a signature: the key that it names, or any other of the keyring.
fn signature(
    one: &DsseSignature,
    message: &[u8],
    keyring: &Keyring,
    now: Instant,
) -> ReleaseSignature {
    let named = |key: &&Key| key.key_id == one.key_id;
    let keys = keyring.keys().iter().filter(named);
    let others = keyring.keys().iter().filter(|key| !named(key));
    let made_by = keys.chain(others).find_map(|key| {
        let public = keyring.decode(key.public_key.as_deref()?)?;
        one.is_by(&public.key, message).then_some((key, public.fingerprint))
    });
    let key_id = one.key_id.clone();
    match made_by {
        Some((key, fingerprint)) => ReleaseSignature::Known {
            owner: key.owner.clone(),
            key_id: key.key_id.clone(),
            fingerprint,
            acceptance: match key.is_of_companions() {
                true => Acceptance::CompanionOnly,
                false => acceptance(key, now),
            },
        },
        None if keyring.keys().iter().any(|key| named(&key)) => ReleaseSignature::Forged { key_id },
        None => ReleaseSignature::Unknown { key_id },
    }
}

/// Whether a key is accepted now: it is in force, and no revocation of it has been entered, whatever
/// its date.
fn acceptance(key: &Key, now: Instant) -> Acceptance {
    match key.revoked_at {
        Some(revoked) => {
            Acceptance::Revoked(revoked, key.revocation_reason.clone().unwrap_or_default())
        }
        None => key.validity(now),
    }
}

fn released_as(file: &ReleaseFile, given: &ReleasedFile) -> ReleasedAs {
    let files = &file.release.files;
    if let Some(released) = files.iter().find(|released| released.name == given.name) {
        return match released.digest == given.digest {
            true => ReleasedAs::Same,
            false => ReleasedAs::OtherContent,
        };
    }
    match files.iter().find(|released| released.digest == given.digest) {
        Some(released) => ReleasedAs::OtherName(released.name.clone()),
        None => ReleasedAs::NotIn,
    }
}

fn checks(
    judged: &JudgedRelease,
    file: &ReleaseFile,
    compared: ComparedFiles<'_>,
) -> Vec<NamedCheck<ReleaseCheck>> {
    use Outcome::{Fail, Missing, Pass};
    use ReleaseCheck as C;

    let mut checks = Vec::new();
    let mut add =
        |id, (outcome, detail): (Outcome, Words)| checks.push(NamedCheck { id, outcome, detail });
    let forged = judged.signatures.iter().find_map(|one| match one {
        ReleaseSignature::Forged { key_id } => Some(key_id),
        _ => None,
    });
    add(
        C::Signatures,
        match forged {
            Some(key) => (Fail, words!("release-forged", ?key)),
            None => (Pass, words!("release-found-signatures", count = judged.signatures.len())),
        },
    );
    let people = judged.people().len();
    add(
        C::People,
        match people >= PEOPLE {
            true => (Pass, words!("release-found-people", count = people)),
            false => (Missing, words!("release-too-few", count = people, wanted = PEOPLE)),
        },
    );
    if let Some(version) = compared.version {
        let released = &file.release.version;
        add(
            C::Version,
            match released == version {
                true => (Pass, words!("found-equal")),
                false => (Fail, words!("release-other-version", ?version, ?released)),
            },
        );
    }
    let of = |wanted: fn(&ReleasedAs) -> bool| judged.files.iter().find(|(_, how)| wanted(how));
    let contradicted = of(|how| matches!(how, ReleasedAs::OtherContent | ReleasedAs::OtherName(_)));
    add(
        C::Files,
        match (contradicted, of(|how| *how == ReleasedAs::NotIn)) {
            (Some((given, ReleasedAs::OtherName(name))), _) => {
                (Fail, words!("release-other-name", file = ?given.name, ?name))
            }
            (Some((given, _)), _) => (Fail, words!("release-other-content", file = ?given.name)),
            (None, Some((given, _))) => (Missing, words!("release-not-in", file = ?given.name)),
            (None, None) => (Pass, words!("release-found-files", count = judged.files.len())),
        },
    );
    checks
}

#[cfg(test)]
mod tests {
    use countersign_envelope::public_key::PublicKey;
    use countersign_envelope::release::Release;
    use ed25519_dalek::{Signer as _, SigningKey};

    use super::*;

    fn at(text: &str) -> Instant {
        Instant::parse(text).unwrap()
    }

    fn public(seed: u8) -> PublicKey {
        let key = SigningKey::from_bytes(&[seed; 32]);
        PublicKey::ed25519(key.verifying_key().as_bytes()).unwrap()
    }

    /// Keys by their seeds: id, owner, and what else the entry has.
    fn keyring(keys: &[(u8, &str, &str, &str)]) -> Keyring {
        let key = |(seed, id, owner, more): &(u8, &str, &str, &str)| {
            let public = public(*seed).to_text();
            format!(
                r#"{{"key_id":"{id}","key_type":"ed25519","public_key":"{public}","owner":"{owner}","roles":["operator"],"kind":"software"{more}}}"#
            )
        };
        let keys = keys.iter().map(key).collect::<Vec<_>>().join(",");
        Keyring::parse(format!(r#"{{"keyring_version":"1.0","keys":[{keys}]}}"#).as_bytes())
            .unwrap()
    }

    fn given(name: &str, content: &[u8]) -> ReleasedFile {
        ReleasedFile { name: name.to_owned(), digest: Digest::of(content) }
    }

    fn unsigned() -> ReleaseFile {
        let files = vec![given("countersign", b"one"), given("countersign-station", b"two")];
        ReleaseFile::new(Release::new("0.1.0", None, files).unwrap())
    }

    fn sign(file: &mut ReleaseFile, seed: u8, key_id: &str) {
        let signature = SigningKey::from_bytes(&[seed; 32]).sign(&file.envelope.message());
        let signature = signature.to_bytes().to_vec();
        file.envelope.signatures.push(DsseSignature { key_id: key_id.to_owned(), signature });
    }

    fn signed() -> ReleaseFile {
        let mut file = unsigned();
        sign(&mut file, 1, "a");
        sign(&mut file, 2, "b");
        file
    }

    fn two() -> Keyring {
        keyring(&[(1, "a", "ada", ""), (2, "b", "ben", "")])
    }

    fn judge(file: &ReleaseFile, files: &[ReleasedFile], keyring: &Keyring) -> JudgedRelease {
        let compared = ComparedFiles { files, version: Some("0.1.0") };
        super::judge(file, compared, keyring, at("2026-12-01T00:00:00Z"))
    }

    fn outcome(judged: &JudgedRelease, check: ReleaseCheck) -> Outcome {
        judged.checks.iter().find(|one| one.id == check).unwrap().outcome
    }

    #[test]
    fn two_people_confirm_a_file_by_its_name_and_content() {
        let judged = judge(&signed(), &[given("countersign", b"one")], &two());
        assert!(judged.is_confirmed(), "{}", judged.detail);
        assert_eq!(judged.people(), ["ada", "ben"]);
    }

    #[test]
    fn one_person_is_not_two() {
        let ours = [given("countersign", b"one")];
        let twice = keyring(&[(1, "a", "ada", ""), (2, "b", " ADA", "")]);
        for (file, keyring) in [
            // Two keys of one person.
            (signed(), twice),
            // One signature twice.
            (
                {
                    let mut file = unsigned();
                    sign(&mut file, 1, "a");
                    sign(&mut file, 1, "a");
                    file
                },
                two(),
            ),
            // One of them by a key that nobody here knows.
            (signed(), keyring(&[(1, "a", "ada", "")])),
            (signed(), Keyring::default()),
            (unsigned(), two()),
            // Revoked, for whatever reason and whenever, or expired, or not valid yet.
            (
                signed(),
                keyring(&[
                    (1, "a", "ada", ""),
                    (2, "b", "ben", r#","revoked_at":"2026-11-01T00:00:00Z""#),
                ]),
            ),
            (
                signed(),
                keyring(&[
                    (1, "a", "ada", ""),
                    (2, "b", "ben", r#","revoked_at":"2027-11-01T00:00:00Z""#),
                ]),
            ),
            (
                signed(),
                keyring(&[
                    (1, "a", "ada", ""),
                    (2, "b", "ben", r#","valid_until":"2026-11-01T00:00:00Z""#),
                ]),
            ),
            (
                signed(),
                keyring(&[
                    (1, "a", "ada", ""),
                    (2, "b", "ben", r#","valid_from":"2027-11-01T00:00:00Z""#),
                ]),
            ),
        ] {
            let judged = judge(&file, &ours, &keyring);
            assert_eq!(judged.standing, ReleaseStanding::NotConfirmed, "{}", judged.detail);
            assert_eq!(outcome(&judged, ReleaseCheck::People), Outcome::Missing);
        }
    }

    #[test]
    fn whose_signature_it_is_the_keys_say_and_not_the_ids() {
        let ours = [given("countersign", b"one")];
        let mut file = unsigned();
        sign(&mut file, 1, "");
        sign(&mut file, 2, "some other id");
        assert!(judge(&file, &ours, &two()).is_confirmed());
        // In the name of a key that did not make it: beside two that hold, it still contradicts.
        let mut file = signed();
        sign(&mut file, 9, "b");
        let judged = judge(&file, &ours, &two());
        assert_eq!(judged.standing, ReleaseStanding::Contradicted);
        assert_eq!(outcome(&judged, ReleaseCheck::Signatures), Outcome::Fail);
        // Of a key that nobody here knows, nothing follows.
        let mut file = signed();
        sign(&mut file, 9, "c");
        assert!(judge(&file, &ours, &two()).is_confirmed());
    }

    #[test]
    fn what_is_signed_cannot_be_altered() {
        let mut file = signed();
        let text = String::from_utf8(file.envelope.payload.clone()).unwrap();
        let (from, to) = (Digest::of(b"one").hex(), Digest::of(b"evil").hex());
        file.envelope.payload = text.replace(&from, &to).into_bytes();
        let file = ReleaseFile::parse(file.to_text().as_bytes()).unwrap();
        let judged = judge(&file, &[given("countersign", b"evil")], &two());
        assert_eq!(judged.standing, ReleaseStanding::Contradicted);
        assert!(judged.people().is_empty());
    }

    #[test]
    fn a_file_is_vouched_for_under_its_own_name_only() {
        let standing = |files: &[ReleasedFile]| judge(&signed(), files, &two()).standing;
        use ReleaseStanding::{Confirmed, Contradicted, NotConfirmed};
        let both = [given("countersign", b"one"), given("countersign-station", b"two")];
        assert_eq!(standing(&both), Confirmed);
        assert_eq!(standing(&[given("countersign", b"evil")]), Contradicted);
        assert_eq!(standing(&[given("countersign", b"two")]), Contradicted);
        assert_eq!(standing(&[given("renamed", b"one")]), Contradicted);
        assert_eq!(standing(&[given("another", b"three")]), NotConfirmed);
        let with = |extra: ReleasedFile| [both.to_vec(), vec![extra]].concat();
        assert_eq!(standing(&with(given("another", b"three"))), NotConfirmed);
        assert_eq!(standing(&with(given("renamed", b"one"))), Contradicted);
    }

    #[test]
    fn a_release_of_another_version_is_not_this_program() {
        let files = [given("countersign", b"one")];
        let compared = ComparedFiles { files: &files, version: Some("0.2.0") };
        let judged = super::judge(&signed(), compared, &two(), at("2026-12-01T00:00:00Z"));
        assert_eq!(judged.standing, ReleaseStanding::Contradicted);
        assert_eq!(outcome(&judged, ReleaseCheck::Version), Outcome::Fail);
    }
}
