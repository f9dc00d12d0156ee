//! Companions: what is signed with one, what is believed of it, and what whoever can write the file
//! gains by changing it.

use std::fs;
use std::path::{Path, PathBuf};

use countersign_admissibility::attestation::AttestationRoots;
use countersign_admissibility::certificate_names::NameTrust;
use countersign_admissibility::check::{CheckId, CompanionCheck, Outcome};
use countersign_admissibility::keyring::{Acceptance, Keyring};
use countersign_admissibility::level::Level;
use countersign_admissibility::policy::Policy;
use countersign_admissibility::state::State;
use countersign_admissibility::time_stamp::TsaRoots;
use countersign_admissibility::{Judge, Verdict};
use countersign_ceremony::ceremony::{Ceremony, CeremonyError};
use countersign_ceremony::signing::{Choice, Intent, Scope, SigningError};
use countersign_demo::Demo;
use countersign_envelope::companion::COMPANION;
use countersign_envelope::instant::Instant;
use countersign_envelope::json::{Object, Value};
use countersign_envelope::public_key::PublicKey;
use countersign_envelope::signature::{PayloadType, Role, SignerType};
use countersign_envelope::signature_file::{SignatureFile, Terms};
use countersign_signers::accompanied::accompanied;
use countersign_signers::ml_dsa_key::MlDsaSigner;
use countersign_signers::software::{Ed25519Signer, HmacSigner};
use countersign_signers::{Key, Signer, Unattended};
use countersign_store::directory;
use countersign_store::envelope_files::{EnvelopeBytes, EnvelopeFiles};
use countersign_store::logs::LogBook;
use countersign_trust::enrolment::Holder;
use secrecy::{SecretSlice, SecretString};
use std::sync::Arc;
use tempfile::TempDir;

const WHO: &str = "j.okafor";

fn at() -> Instant {
    Instant::parse("2026-11-25T10:00:00Z").unwrap()
}

fn main_key(seed: u8) -> Ed25519Signer {
    Ed25519Signer::from_seed(&[seed; 32]).unwrap()
}

fn companion_key(seed: u8) -> MlDsaSigner {
    MlDsaSigner::from_seed(&[seed; 32]).unwrap()
}

fn choice() -> Choice {
    Choice {
        key_id: "ds-test".to_owned(),
        signer_id: WHO.to_owned(),
        role: Role::Witness,
        signed_at: at(),
        payload: None,
        terms: Terms { threshold: 2, required_roles: Vec::new() },
        evidence: Vec::new(),
        claim: true,
        intent: Intent::Sign,
    }
}

/// A keyring with the key of a person, and one for companions of a person.
fn keyring(owner_of_companion: Option<&str>) -> Keyring {
    let mut keyring = Keyring::default();
    let mut add = |id: &str, owner: &str, public: Option<&PublicKey>, roles: Vec<Role>| {
        let (key_id, owner) = (Some(id.to_owned()), Some(owner.to_owned()));
        let holder = Holder { key_id, owner, roles, ..Holder::default() };
        keyring.add(holder.entry(public, SignerType::Software, at()).unwrap()).unwrap();
    };
    add("ds-test", WHO, main_key(1).public_key(), vec![Role::Witness]);
    if let Some(owner) = owner_of_companion {
        add("pq-test", owner, companion_key(7).public_key(), Vec::new());
    }
    keyring
}

struct Envelope {
    directory: TempDir,
    run: PathBuf,
}

impl Envelope {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let demo = Demo::one_level(1, 1, Some(Level::L1));
        demo.write(directory.path(), &SecretString::from("demo")).unwrap();
        let runs = directory::find(directory.path()).unwrap().runs;
        let run = directory.path().join(&runs[0]);
        Self { directory, run }
    }

    /// Takes a ceremony to its end.
    fn sign(&self, key: Key, choice: Choice, keyring: Keyring) -> Result<(), CeremonyError> {
        let keyring = Arc::new(keyring);
        let mut ceremony = Ceremony::begin(&self.run, Scope::RunAndManifest, None, keyring);
        ceremony.have_read()?;
        ceremony.choose(key, choice)?;
        ceremony.sign(&Unattended).map(drop)
    }

    fn signed() -> Self {
        let envelope = Self::new();
        let key = accompanied(Key::Ready(Box::new(main_key(1))), Box::new(companion_key(7)));
        envelope.sign(key.unwrap(), choice(), keyring(Some(WHO))).unwrap();
        envelope
    }

    fn judge(&self, keyring: &Keyring) -> Verdict {
        let logs = LogBook::new(None, None).for_directory(self.directory.path());
        let bytes = EnvelopeBytes::read(&self.run, self.directory.path(), &logs);
        let files = EnvelopeFiles::parse(&bytes);
        let judge = Judge {
            policy: &Policy::default(),
            keyring,
            roots: &AttestationRoots::default(),
            tsa_roots: &TsaRoots::default(),
            names: &NameTrust::default(),
            hmac_key: None,
            now: at(),
        };
        judge.judge(&files.evidence(&logs))
    }

    /// Changes the signature on the run.
    fn alter(&self, alter: impl FnOnce(&mut Object)) {
        let path = PathBuf::from(format!("{}.sig.json", self.run.display()));
        let SignatureFile::Block(mut block) = read(&path) else { panic!("no block") };
        alter(&mut block);
        fs::write(&path, Value::Object(block).to_pretty()).unwrap();
    }
}

fn read(path: &Path) -> SignatureFile {
    SignatureFile::parse(&fs::read(path).unwrap()).unwrap()
}

/// The first rule that the companion of the run's signature breaks.
fn broken(verdict: &Verdict) -> Option<(CompanionCheck, Outcome)> {
    assert!(verdict.signatures[0].is_valid(), "{}", verdict.signatures[0].detail());
    let rule = verdict.signatures[0].companion.broken();
    rule.map(|rule| (rule.check, rule.outcome))
}

fn refused(result: Result<(), CeremonyError>) -> Arc<SigningError> {
    match result {
        Err(CeremonyError::Refused(error)) => error,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_signature_with_a_companion_holds_without_elliptic_curves() {
    let envelope = Envelope::signed();
    let verdict = envelope.judge(&keyring(Some(WHO)));
    assert_eq!(broken(&verdict), None);
    assert!(verdict.signatures[0].companion.holds());
    assert!(verdict.manifest_signatures[0].companion.holds());
    assert_eq!(verdict.signatures[0].companion.key_id.as_deref(), Some("pq-test"));
    assert_eq!(verdict.companions_held(), 1);
    for check in CompanionCheck::ALL {
        for kind in PayloadType::ALL {
            let id = CheckId::Companion(*kind, *check);
            let found = verdict.checks.iter().find(|one| one.id == id).unwrap();
            assert_eq!((found.outcome, found.required), (Outcome::Pass, false), "{id}");
        }
    }
    // Another person it is not.
    assert_eq!(verdict.quorum.counted.len(), 1);
    assert_eq!(verdict.warnings().count(), 0);
}

#[test]
fn nobody_counts_as_a_person_by_a_companion_key() {
    let mut two = keyring(Some("somebody.else"));
    assert_eq!(two.signing_keys().count(), 1);
    assert!(!two.has_role(Role::Operator));
    // Roles in the file change nothing.
    let text = two.to_text().replace("\"roles\": []", "\"roles\": [\"operator\"]");
    two = Keyring::parse(text.as_bytes()).unwrap();
    assert_eq!(two.keys()[1].roles, [Role::Operator]);
    assert!(!two.has_role(Role::Operator));
}

#[test]
fn the_keyring_says_whose_the_companion_is() {
    let envelope = Envelope::signed();
    let owner = |outcome| Some((CompanionCheck::Owner, outcome));
    let stranger = envelope.judge(&keyring(None));
    assert_eq!(broken(&stranger), owner(Outcome::Unchecked), "not known is never believed");
    assert_eq!(stranger.companions_held(), 0);
    let other = envelope.judge(&keyring(Some("m.reyes")));
    assert_eq!(broken(&other), owner(Outcome::Fail));
    assert_eq!(other.signatures[0].companion.state(), Some(State::Contradicted));
    let named = other.warnings().any(|one| one.id.as_str() == "companion.owner");
    assert!(named, "a contradiction is named");
    assert_eq!(other.level, envelope.judge(&keyring(Some(WHO))).level, "the level is the same");
    let mut revoked = keyring(Some(WHO));
    let why = countersign_admissibility::keyring::Revocation {
        at: Instant::parse("2026-11-01T00:00:00Z").unwrap(),
        code: countersign_admissibility::keyring::RevocationCode::Superseded,
        compromised_since: None,
        reason: "replaced".to_owned(),
    };
    revoked.revoke("pq-test", &why).unwrap();
    assert_eq!(broken(&envelope.judge(&revoked)), owner(Outcome::Fail));
}

#[test]
fn what_is_taken_away_added_or_exchanged_is_named_and_not_believed() {
    use CompanionCheck as C;
    let keyring = keyring(Some(WHO));
    let other = Envelope::signed();
    let other_run = format!("{}.sig.json", other.run.display());
    let sealed = |manifest: &str| format!("{}{manifest}", other.run.display());
    let manifest = PathBuf::from(sealed("").replace(".json", ".manifest.json.sig.json"));
    let companion_of = |path: &Path| read(path).object().get(COMPANION).unwrap().clone();
    let on_manifest = companion_of(&manifest);
    let again = companion_of(Path::new(&other_run));
    let field = |name: &'static str, value: Value| {
        move |block: &mut Object| {
            let Some(Value::Object(companion)) = block.get_mut(COMPANION) else { panic!() };
            companion.set(name, value);
        }
    };
    type Alter = Box<dyn FnOnce(&mut Object)>;
    let text = |value: &Value, name: &str| value.get(name).unwrap().clone();
    let cases: Vec<(Alter, Option<(C, Outcome)>)> = vec![
        (Box::new(|block| drop(block.remove(COMPANION))), Some((C::Key, Outcome::Missing))),
        (Box::new(|block| block.set(COMPANION, "x")), Some((C::Form, Outcome::Fail))),
        (Box::new(field("algorithm", "ml-dsa-87".into())), Some((C::Form, Outcome::Unchecked))),
        (
            Box::new(field("public_key", companion_key(8).public_key().unwrap().to_text().into())),
            Some((C::Key, Outcome::Fail)),
        ),
        (
            Box::new(field("signature", text(&on_manifest, "signature"))),
            Some((C::Signature, Outcome::Fail)),
        ),
        (
            Box::new(field("claim_signature", text(&again, "signature"))),
            Some((C::Claim, Outcome::Fail)),
        ),
        (Box::new(field("signed_payload", "sha256".into())), Some((C::Signature, Outcome::Fail))),
        // A claim that names no companion: what is there may be anyone's.
        (Box::new(|block| block.set("claim", Value::Null)), Some((C::Key, Outcome::Unchecked))),
        (Box::new(|block| block.set("future", "kept")), None),
    ];
    for (at, (alter, expected)) in cases.into_iter().enumerate() {
        let envelope = Envelope::signed();
        let level = envelope.judge(&keyring).level;
        envelope.alter(alter);
        let verdict = envelope.judge(&keyring);
        assert_eq!(broken(&verdict), expected, "{at}");
        assert_eq!(verdict.level, level, "{at}: no companion changes the level");
        assert_eq!(verdict.companions_held(), usize::from(expected.is_none()), "{at}");
        let is_named = verdict.warnings().any(|one| matches!(one.id, CheckId::Companion(..)));
        let contradicts = matches!(expected, Some((_, Outcome::Fail | Outcome::Missing)));
        assert_eq!(is_named, contradicts, "{at}");
    }
}

#[test]
fn a_companion_that_no_claim_names_is_not_believed() {
    let keyring = keyring(Some(WHO));
    let (accompanied, alone) = (Envelope::signed(), Envelope::new());
    alone.sign(Key::Ready(Box::new(main_key(1))), choice(), keyring.clone()).unwrap();
    let path = format!("{}.sig.json", accompanied.run.display());
    let companion = read(Path::new(&path)).object().get(COMPANION).unwrap().clone();
    assert!(!alone.judge(&keyring).signatures[0].companion.is_there());
    alone.alter(|block| block.set(COMPANION, companion));
    let verdict = alone.judge(&keyring);
    assert_eq!(broken(&verdict), Some((CompanionCheck::Key, Outcome::Unchecked)));
    assert_eq!(verdict.signatures[0].companion.rules.len(), 2, "nothing else of it is looked at");
}

#[test]
fn what_must_not_be_signed_is_refused_before_any_secret() {
    let with = |key: Key, seed| accompanied(key, Box::new(companion_key(seed))).unwrap();
    let ready = || Key::Ready(Box::new(main_key(1)));
    let sign = |key, choice, keyring| refused(Envelope::new().sign(key, choice, keyring));
    // By itself a companion's key signs nothing, enrolled or not.
    for keyring in [keyring(Some(WHO)), Keyring::default()] {
        let alone = Key::Ready(Box::new(companion_key(7)));
        let error = sign(alone, choice(), keyring);
        assert!(matches!(*error, SigningError::CompanionOnly), "{error}");
    }
    let error = sign(with(ready(), 7), Choice { claim: false, ..choice() }, keyring(Some(WHO)));
    assert!(matches!(*error, SigningError::CompanionNeedsClaim), "{error}");
    let shared = HmacSigner::new(SecretSlice::from(vec![1; 32]));
    let error = sign(with(Key::Ready(Box::new(shared)), 7), choice(), Keyring::default());
    assert!(matches!(*error, SigningError::SharedCompanion), "{error}");
    let error = sign(with(ready(), 7), choice(), keyring(Some("m.reyes")));
    let SigningError::CompanionNotAccepted { why, .. } = &*error else { panic!("{error}") };
    assert_eq!(*why, Acceptance::OtherOwner("m.reyes".to_owned()));
}

#[test]
fn a_signature_of_its_own_by_a_companion_key_is_invalid() {
    let envelope = Envelope::signed();
    envelope.alter(|block| {
        let companion = block.get(COMPANION).unwrap().clone();
        for field in ["algorithm", "public_key", "signature"] {
            block.set(field, companion.get(field).unwrap().clone());
        }
        block.set("claim", Value::Null);
        block.set("signing_key_id", "pq-test");
    });
    let verdict = envelope.judge(&keyring(Some(WHO)));
    let one = &verdict.signatures[0];
    assert!(!one.verifies(), "{}", one.detail());
    assert!(one.detail().to_string().contains("companions"), "{}", one.detail());
}
