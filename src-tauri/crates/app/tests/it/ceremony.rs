//! Every transition of the ceremony: a person's steps in turn and out of turn, changes on disk
//! during it, and what remains after it is cancelled.

// Helpers of tests may fail the test.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Barrier, Mutex};

use countersign_admissibility::keyring::Keyring;
use countersign_admissibility::level::Level;
use countersign_admissibility::policy::{Policy, Trust};
use countersign_ceremony::ceremony::{Attendance, Ceremony, CeremonyError, LastTry, Stage};
use countersign_ceremony::signing::{Choice, Intent, Scope, SigningError};
use countersign_demo::Demo;
use countersign_envelope::instant::Instant;
use countersign_envelope::public_key::PublicKey;
use countersign_envelope::signature::{Algorithm, Role, SignedPayload, SignerType};
use countersign_envelope::signature_file::{SignatureFile, Terms};
use countersign_index::queue::{Kept, Queue, Rules};
use countersign_problem::Words;
use countersign_signers::software::Ed25519Signer;
use countersign_signers::{
    Attend, Key, KnownKey, LockedKey, Payload, Secret, Signer, SignerError, Waiting, key_file,
};
use countersign_store::directory;
use countersign_store::judgement::judge_file;
use countersign_trust::enrolment::Holder;
use countersign_trust::keyring_file;
use secrecy::SecretString;
use tempfile::TempDir;

struct Envelope {
    directory: TempDir,
    run: PathBuf,
}

impl Envelope {
    fn unsigned() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let passphrase = SecretString::from("demo");
        Demo::one_level(1, 1, Some(Level::L1)).write(directory.path(), &passphrase).unwrap();
        let run = directory::find(directory.path()).unwrap().runs.remove(0);
        Self { run: directory.path().join(run), directory }
    }

    fn begin(&self) -> Ceremony {
        self.begin_with(Keyring::default())
    }

    fn begin_with(&self, keyring: Keyring) -> Ceremony {
        Ceremony::begin(&self.run, Scope::RunAndManifest, None, Arc::new(keyring))
    }

    /// The demonstration's operator key, as it lies on disk: encrypted.
    fn locked_key(&self) -> Key {
        let text = fs::read_to_string(self.directory.path().join("keys/operator.key.pem")).unwrap();
        key_file::key(SecretString::from(text), "operator.key.pem").unwrap()
    }

    /// Everything in the directory, to see that nothing changed.
    fn snapshot(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut files: Vec<_> = fs::read_dir(self.directory.path())
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.is_file())
            .map(|path| (path.clone(), fs::read(path).unwrap()))
            .collect();
        files.sort();
        files
    }

    fn signers(&self) -> Vec<String> {
        let path = format!("{}.sig.json", self.run.display());
        let file = SignatureFile::parse(&fs::read(path).unwrap()).unwrap();
        file.signatures().iter().map(|signature| signature.signer_id().to_owned()).collect()
    }
}

fn key(seed: u8) -> Key {
    Key::Ready(Box::new(Ed25519Signer::from_seed(&[seed; 32]).unwrap()))
}

fn choice(signer: &str) -> Choice {
    Choice {
        key_id: format!("ds-test-{signer}"),
        signer_id: signer.to_owned(),
        role: Role::Operator,
        signed_at: Instant::parse("2026-11-25T10:00:00Z").unwrap(),
        payload: None,
        terms: Terms { threshold: 2, required_roles: Vec::new() },
        evidence: Vec::new(),
        claim: true,
        intent: Intent::Sign,
    }
}

/// Attends: remembers the stages, cancels at one of them, does something at another.
#[derive(Default)]
struct Witness<'a> {
    stages: Mutex<Vec<Stage>>,
    cancelled: AtomicBool,
    cancel_at: Option<Stage>,
    at: Option<(Stage, &'a (dyn Fn() + Sync))>,
}

impl Witness<'_> {
    fn stages(&self) -> Vec<Stage> {
        self.stages.lock().unwrap().clone()
    }
}

impl Attend for Witness<'_> {
    fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::SeqCst)
    }
}

impl Attendance for Witness<'_> {
    fn stage(&self, stage: Stage) {
        self.stages.lock().unwrap().push(stage);
        if self.cancel_at == Some(stage) {
            self.cancelled.store(true, Ordering::SeqCst);
        }
        match self.at {
            Some((at, act)) if at == stage => act(),
            _ => {}
        }
    }
}

/// Takes a ceremony to the point where the key is open.
fn to_signing(envelope: &Envelope) -> Ceremony {
    let mut ceremony = envelope.begin();
    ceremony.have_read().unwrap();
    ceremony.choose(key(1), choice("a")).unwrap();
    assert_eq!(ceremony.stage(), Stage::Signing);
    ceremony
}

fn refused(result: Result<&[PathBuf], CeremonyError>) -> Arc<SigningError> {
    match result {
        Err(CeremonyError::Refused(error)) => error,
        other => panic!("not refused: {other:?}"),
    }
}

#[test]
fn a_ceremony_goes_through_its_stages_and_the_signatures_stand() {
    let envelope = Envelope::unsigned();
    let mut ceremony = envelope.begin();
    assert_eq!(ceremony.stage(), Stage::Reading);
    ceremony.have_read().unwrap();
    assert_eq!(ceremony.stage(), Stage::Choosing);
    ceremony.choose(envelope.locked_key(), choice("a")).unwrap();
    assert_eq!(ceremony.stage(), Stage::SecretNeeded);
    ceremony.secret(&SecretString::from("demo"), LastTry::NotConfirmed).unwrap();
    let witness = Witness::default();
    let written = ceremony.sign(&witness).unwrap().len();
    assert_eq!(written, 2, "run and manifest");
    use Stage::{Done, Signing, Verifying, Writing};
    assert_eq!(witness.stages(), [Signing, Verifying, Writing, Done]);
    assert_eq!(envelope.signers(), ["a"]);
    assert!(ceremony.take_key().is_some(), "the open key can sign the next one");
}

#[test]
fn no_step_is_taken_out_of_its_turn() {
    let envelope = Envelope::unsigned();
    let before = envelope.snapshot();
    let secret = SecretString::from("demo");
    type Step = fn(&mut Ceremony) -> bool;
    let out_of_turn =
        |result: Result<(), CeremonyError>| matches!(result, Err(CeremonyError::OutOfTurn { .. }));
    let mut ceremony = envelope.begin();
    let sign: Step = |ceremony| {
        matches!(ceremony.sign(&Witness::default()), Err(CeremonyError::OutOfTurn { .. }))
    };
    // Reading: neither a key nor a secret nor a signature.
    assert!(out_of_turn(ceremony.choose(key(1), choice("a"))));
    assert!(
        out_of_turn(ceremony.secret(&secret, LastTry::NotConfirmed))
            && out_of_turn(ceremony.back())
    );
    assert!(sign(&mut ceremony));
    assert_eq!(ceremony.stage(), Stage::Reading);
    // Choosing.
    ceremony.have_read().unwrap();
    assert!(
        out_of_turn(ceremony.have_read())
            && out_of_turn(ceremony.secret(&secret, LastTry::NotConfirmed))
    );
    assert!(sign(&mut ceremony));
    assert_eq!(ceremony.stage(), Stage::Choosing);
    // Secret needed.
    ceremony.choose(envelope.locked_key(), choice("a")).unwrap();
    assert!(out_of_turn(ceremony.have_read()));
    assert!(out_of_turn(ceremony.choose(key(1), choice("a"))));
    assert!(sign(&mut ceremony));
    assert_eq!(ceremony.stage(), Stage::SecretNeeded);
    // Once the key is open, the person can only sign or cancel.
    ceremony.secret(&secret, LastTry::NotConfirmed).unwrap();
    assert!(out_of_turn(ceremony.back()) && out_of_turn(ceremony.have_read()));
    assert!(out_of_turn(ceremony.secret(&secret, LastTry::NotConfirmed)));
    assert_eq!(envelope.snapshot(), before);
    // Done is done.
    ceremony.sign(&Witness::default()).unwrap();
    assert!(out_of_turn(ceremony.have_read()) && out_of_turn(ceremony.back()));
    assert!(sign(&mut ceremony));
    ceremony.cancel();
    assert_eq!(ceremony.stage(), Stage::Done);
}

#[test]
fn going_back_leads_to_reading() {
    let envelope = Envelope::unsigned();
    let mut ceremony = envelope.begin();
    ceremony.have_read().unwrap();
    ceremony.choose(envelope.locked_key(), choice("a")).unwrap();
    assert_eq!(ceremony.choice().unwrap().signer_id, "a");
    ceremony.back().unwrap();
    assert_eq!((ceremony.stage(), ceremony.choice().is_none()), (Stage::Choosing, true));
    ceremony.back().unwrap();
    assert_eq!(ceremony.stage(), Stage::Reading);
    assert!(ceremony.reading().is_some());
}

#[test]
fn a_wrong_secret_is_reported_and_never_retried_by_the_program() {
    let envelope = Envelope::unsigned();
    let before = envelope.snapshot();
    let mut ceremony = envelope.begin();
    ceremony.have_read().unwrap();
    ceremony.choose(envelope.locked_key(), choice("a")).unwrap();
    assert!(ceremony.locked_key().unwrap().1.is_none());
    ceremony.secret(&SecretString::from("wrong"), LastTry::NotConfirmed).unwrap();
    assert_eq!(ceremony.stage(), Stage::SecretNeeded);
    assert!(matches!(ceremony.locked_key().unwrap().1, Some(SignerError::Passphrase)));
    assert_eq!(envelope.snapshot(), before);
    ceremony.secret(&SecretString::from("demo"), LastTry::NotConfirmed).unwrap();
    assert_eq!(ceremony.stage(), Stage::Signing);
}

#[test]
fn breaking_off_at_any_stage_leaves_every_file_as_it_was() {
    let envelope = Envelope::unsigned();
    let before = envelope.snapshot();
    let steps: [&dyn Fn(&mut Ceremony); 4] = [
        &|_| {},
        &|ceremony| ceremony.have_read().unwrap(),
        &|ceremony| ceremony.choose(envelope.locked_key(), choice("a")).unwrap(),
        &|ceremony| ceremony.secret(&SecretString::from("demo"), LastTry::NotConfirmed).unwrap(),
    ];
    for last in 0..steps.len() {
        let mut ceremony = envelope.begin();
        steps.iter().take(last + 1).for_each(|step| step(&mut ceremony));
        ceremony.cancel();
        assert_eq!(ceremony.stage(), Stage::Refused);
        assert!(matches!(&**ceremony.refusal().unwrap(), SigningError::Cancelled));
        assert!(
            ceremony.sign(&Witness::default()).is_err(),
            "a cancelled ceremony stays cancelled"
        );
        assert_eq!(envelope.snapshot(), before);
    }
    for stage in [Stage::Signing, Stage::Verifying] {
        let witness = Witness { cancel_at: Some(stage), ..Witness::default() };
        let mut ceremony = to_signing(&envelope);
        let error = refused(ceremony.sign(&witness));
        assert!(matches!(*error, SigningError::Cancelled), "{stage}: {error}");
        assert_eq!(witness.stages().last(), Some(&Stage::Refused));
        assert_eq!(envelope.snapshot(), before);
    }
}

#[test]
fn once_the_writing_has_begun_the_act_is_completed() {
    let envelope = Envelope::unsigned();
    let witness = Witness { cancel_at: Some(Stage::Writing), ..Witness::default() };
    to_signing(&envelope).sign(&witness).unwrap();
    assert_eq!(envelope.signers(), ["a"]);
}

#[test]
fn a_file_that_changes_ends_the_ceremony_at_every_step() {
    let change =
        |path: &Path| fs::write(path, [&fs::read(path).unwrap()[..], b" "].concat()).unwrap();
    let is_changed = |result: Result<(), CeremonyError>| match result {
        Err(CeremonyError::Refused(error)) => matches!(*error, SigningError::Changed(_)),
        _ => false,
    };
    // While it is read, while a key is chosen, while the secret is typed.
    let envelope = Envelope::unsigned();
    let mut ceremony = envelope.begin();
    change(&envelope.run);
    assert!(is_changed(ceremony.have_read()));
    let mut ceremony = envelope.begin();
    ceremony.have_read().unwrap();
    change(&envelope.run.with_extension("manifest.json"));
    assert!(is_changed(ceremony.choose(envelope.locked_key(), choice("a"))));
    let mut ceremony = envelope.begin();
    ceremony.have_read().unwrap();
    ceremony.choose(envelope.locked_key(), choice("a")).unwrap();
    change(&envelope.run);
    assert!(is_changed(ceremony.secret(&SecretString::from("demo"), LastTry::NotConfirmed)));
    // While the key signs, and just before it is written.
    for stage in [Stage::Signing, Stage::Verifying, Stage::Writing] {
        let act = || change(&envelope.run);
        let witness = Witness { at: Some((stage, &act)), ..Witness::default() };
        let error = refused(to_signing(&envelope).sign(&witness));
        assert!(matches!(*error, SigningError::Changed(_)), "{stage}: {error}");
    }
    assert!(!envelope.run.with_extension("json.sig.json").exists());
    // A file that goes is a change too.
    let mut ceremony = to_signing(&envelope);
    fs::remove_file(&envelope.run).unwrap();
    assert!(matches!(*refused(ceremony.sign(&Witness::default())), SigningError::Read(_)));
}

#[test]
fn a_signature_that_arrives_meanwhile_is_kept() {
    let envelope = Envelope::unsigned();
    let other = || {
        let mut other = envelope.begin();
        other.have_read().unwrap();
        other.choose(key(2), choice("b")).unwrap();
        other.sign(&Witness::default()).unwrap();
    };
    let witness = Witness { at: Some((Stage::Verifying, &other)), ..Witness::default() };
    to_signing(&envelope).sign(&witness).unwrap();
    assert_eq!(envelope.signers(), ["b", "a"]);
}

#[test]
fn a_key_or_a_person_that_has_signed_is_refused_before_signing() {
    let envelope = Envelope::unsigned();
    to_signing(&envelope).sign(&Witness::default()).unwrap();
    let before = envelope.snapshot();
    for (seed, signer, same_key) in [(1, "b", true), (2, "a", false)] {
        let mut ceremony = envelope.begin();
        ceremony.have_read().unwrap();
        let Err(CeremonyError::Refused(error)) = ceremony.choose(key(seed), choice(signer)) else {
            panic!("not refused");
        };
        match &*error {
            SigningError::SameKey { .. } => assert!(same_key),
            SigningError::SameSigner { .. } => assert!(!same_key),
            other => panic!("{other}"),
        }
        assert_eq!(envelope.snapshot(), before);
        assert!(ceremony.take_key().is_some(), "the key can sign something else");
    }
}

#[test]
fn a_key_signs_only_for_those_whom_the_keyring_gives_it_to() {
    let envelope = Envelope::unsigned();
    let keyring = keyring_file::read(&envelope.directory.path().join("keyring.json")).unwrap();
    let mut ceremony = envelope.begin_with(keyring);
    ceremony.have_read().unwrap();
    let stolen = Choice { key_id: "ds-demo-2026-01".to_owned(), ..choice("mallory") };
    // Before the passphrase is requested, the key has the id of its owner.
    let Err(CeremonyError::Refused(error)) = ceremony.choose(envelope.locked_key(), stolen) else {
        panic!("not refused");
    };
    assert!(matches!(*error, SigningError::NotAccepted { .. }), "{error}");
}

#[test]
fn files_that_must_not_be_signed_are_refused_at_the_beginning() {
    let envelope = Envelope::unsigned();
    fs::write(&envelope.run, "{\"half\": ").unwrap();
    let mut ceremony = envelope.begin();
    assert_eq!(ceremony.stage(), Stage::Refused);
    assert!(matches!(ceremony.have_read(), Err(CeremonyError::Refused(_))));
    // So are signatures that could not be added to.
    let envelope = Envelope::unsigned();
    fs::write(format!("{}.sig.json", envelope.run.display()), "[]").unwrap();
    assert!(matches!(&**envelope.begin().refusal().unwrap(), SigningError::Existing { .. }));
}

/// A signer that fails, lies, waits for a touch, or takes the disk away.
struct Faulty<'a> {
    honest: Ed25519Signer,
    fault: Fault,
    done: Box<dyn Fn() + Send + 'a>,
}

#[derive(Clone, Copy, PartialEq)]
enum Fault {
    Fails,
    Lies,
    WaitsForTouch,
    None,
}

impl Signer for Faulty<'_> {
    fn signer_type(&self) -> SignerType {
        self.honest.signer_type()
    }

    fn algorithm(&self) -> Algorithm {
        self.honest.algorithm()
    }

    fn payloads(&self) -> &[SignedPayload] {
        self.honest.payloads()
    }

    fn public_key(&self) -> Option<&PublicKey> {
        self.honest.public_key()
    }

    fn sign(&mut self, payload: &Payload<'_>, attend: &dyn Attend) -> Result<Vec<u8>, SignerError> {
        (self.done)();
        match self.fault {
            Fault::Fails => return Err(SignerError::Random),
            Fault::WaitsForTouch => attend.waiting(Waiting::Touch { seconds: 15 }),
            Fault::Lies | Fault::None => {}
        }
        let mut signature = self.honest.sign(payload, attend)?;
        if self.fault == Fault::Lies {
            signature[10] ^= 1;
        }
        Ok(signature)
    }

    fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        self.honest.verifies(message, signature)
    }
}

fn with_fault(envelope: &Envelope, fault: Fault, done: impl Fn() + Send + 'static) -> Ceremony {
    let honest = Ed25519Signer::from_seed(&[1; 32]).unwrap();
    let mut ceremony = envelope.begin();
    ceremony.have_read().unwrap();
    let signer = Faulty { honest, fault, done: Box::new(done) };
    ceremony.choose(Key::Ready(Box::new(signer)), choice("a")).unwrap();
    ceremony
}

#[test]
fn a_key_that_fails_or_lies_writes_nothing() {
    let envelope = Envelope::unsigned();
    let before = envelope.snapshot();
    let error =
        refused(with_fault(&envelope, Fault::Fails, || {}).sign(&Witness::default())).to_string();
    assert!(error.contains("random"), "{error}");
    let error = refused(with_fault(&envelope, Fault::Lies, || {}).sign(&Witness::default()));
    assert!(matches!(*error, SigningError::NotVerified(_)), "{error}");
    assert_eq!(envelope.snapshot(), before);
}

#[test]
fn a_touch_is_a_stage_of_its_own() {
    let envelope = Envelope::unsigned();
    let witness = Witness::default();
    with_fault(&envelope, Fault::WaitsForTouch, || {}).sign(&witness).unwrap();
    use Stage::{Done, Signing, TouchNeeded, Verifying, Writing};
    // One for the run, one for the manifest, one for the claim.
    assert_eq!(
        witness.stages(),
        [Signing, TouchNeeded, TouchNeeded, TouchNeeded, Verifying, Writing, Done]
    );
}

/// A directory in place of the signature file stands for any disk that cannot be written.
#[test]
fn a_failed_write_is_reported_and_leaves_no_partial_file() {
    let envelope = Envelope::unsigned();
    let in_the_way = PathBuf::from(format!("{}.sig.json", envelope.run.display()));
    let place = in_the_way.clone();
    let mut ceremony = with_fault(&envelope, Fault::None, move || {
        let _ = fs::create_dir(&place);
    });
    let error = refused(ceremony.sign(&Witness::default()));
    assert!(error.to_string().contains("not a regular file"), "{error}");
    assert_eq!(fs::read_dir(&in_the_way).unwrap().count(), 0);
    let names = envelope.snapshot().into_iter().map(|(path, _)| path);
    assert!(!names.into_iter().any(|path| path.to_string_lossy().contains(".sig.json")));
}

/// What can happen to the files between signing and writing: each is a clear refusal that names the
/// file, and nothing that stood there is lost.
#[cfg(unix)]
#[test]
fn whatever_happens_just_before_the_writing_nothing_is_lost() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    let signatures = |run: &Path| PathBuf::from(format!("{}.sig.json", run.display()));
    let aside = |path: &Path| fs::rename(path, path.with_extension("aside")).unwrap();
    type Happening<'a> = (&'a str, Box<dyn Fn(&Path) + Sync + 'a>, &'a str);
    let happenings: [Happening<'_>; 8] = [
        (
            "a directory",
            Box::new(|run| {
                aside(&signatures(run));
                fs::create_dir(signatures(run)).unwrap();
            }),
            "not a regular file",
        ),
        (
            "a link out",
            Box::new(|run| {
                aside(&signatures(run));
                symlink("/etc/passwd", signatures(run)).unwrap();
            }),
            "symbolic link out of its directory",
        ),
        (
            "a link to what stood there",
            Box::new(|run| {
                aside(&signatures(run));
                symlink(signatures(run).with_extension("aside"), signatures(run)).unwrap();
            }),
            "not a regular file",
        ),
        (
            "a pipe",
            Box::new(|run| {
                aside(&signatures(run));
                let pipe = std::process::Command::new("mkfifo").arg(signatures(run)).status();
                assert!(pipe.expect("mkfifo, of coreutils").success());
            }),
            "not a regular file",
        ),
        ("damaged", Box::new(|run| fs::write(signatures(run), "{").unwrap()), "not JSON"),
        (
            "another run",
            Box::new(|run| {
                aside(run);
                fs::write(run, "{}").unwrap();
            }),
            "changed since it was read",
        ),
        (
            "a run that is a directory",
            Box::new(|run| {
                aside(run);
                fs::create_dir(run).unwrap();
            }),
            "not a regular file",
        ),
        (
            "no directory",
            Box::new(|run| {
                let directory = run.parent().unwrap();
                fs::rename(directory, directory.with_extension("away")).unwrap();
            }),
            "cannot be locked",
        ),
    ];
    for (what, happens, words) in happenings {
        let envelope = Envelope::unsigned();
        to_signing(&envelope).sign(&Witness::default()).unwrap();
        let before = envelope.snapshot();
        let mut second = envelope.begin();
        second.have_read().unwrap();
        second.choose(key(2), choice("b")).unwrap();
        let act = || happens(&envelope.run);
        let witness = Witness { at: Some((Stage::Writing, &act)), ..Witness::default() };
        let error = refused(second.sign(&witness)).to_string();
        let directory = envelope.directory.path();
        assert!(
            error.contains(words) && error.contains(&directory.display().to_string()),
            "{what}: {error}"
        );
        // The obstacle is removed: the existing signatures are unchanged.
        let away = directory.with_extension("away");
        if away.exists() {
            fs::rename(away, directory).unwrap();
        }
        for (path, bytes) in before {
            let moved = path.with_extension("aside");
            let now = fs::read(if moved.exists() { &moved } else { &path }).unwrap();
            let is_damaged = what == "damaged" && path == signatures(&envelope.run);
            assert!(now == bytes || is_damaged, "{what}: {}", path.display());
        }
        let left = fs::read_dir(directory).unwrap().filter(|entry| {
            entry.as_ref().unwrap().file_name().to_string_lossy().starts_with(".countersign-")
        });
        assert_eq!(left.count(), 0, "{what}");
    }

    // The permission to write is lost; the root of a system may write all the same.
    let envelope = Envelope::unsigned();
    let directory = envelope.directory.path();
    let set = |mode| fs::set_permissions(directory, fs::Permissions::from_mode(mode)).unwrap();
    set(0o500);
    let bound = fs::write(directory.join("probe"), "").is_err();
    set(0o700);
    if bound {
        let act = || set(0o500);
        let witness = Witness { at: Some((Stage::Writing, &act)), ..Witness::default() };
        let error = refused(to_signing(&envelope).sign(&witness)).to_string();
        set(0o700);
        assert!(error.contains("Ask for write permission"), "{error}");
    }
}

/// Two windows on one directory, each with a queue of its own that watches it, co-sign the same
/// envelope over and over: both see all of it in the end.
#[test]
fn two_windows_that_co_sign_the_same_envelope_lose_nothing() {
    const EACH: u8 = 60;
    let envelope = Envelope::unsigned();
    let open = || {
        let rules = Rules {
            policy: Policy { trust: Trust::Embedded, ..Policy::default() },
            keyring: envelope.directory.path().join("keyring.json"),
            roots: envelope.directory.path().join("attestation-roots"),
            tsa_roots: envelope.directory.path().join("tsa-roots"),
            name_roots: envelope.directory.path().join("name-roots"),
            crls: envelope.directory.path().join("crls"),
            log: None,
            ledger: None,
            brought: false,
        };
        Queue::open(envelope.directory.path(), rules, Kept::default(), || Instant::EPOCH, |_| {})
            .unwrap()
    };
    let windows = [open(), open()];
    let together = Barrier::new(windows.len());
    std::thread::scope(|scope| {
        for (side, queue) in windows.iter().enumerate() {
            let (envelope, together) = (&envelope, &together);
            scope.spawn(move || {
                for number in 0..EACH {
                    let mut ceremony =
                        envelope.begin_with(Keyring::clone(&queue.context().keyring));
                    ceremony.have_read().unwrap();
                    let seed = 100 * side as u8 + number + 1;
                    ceremony.choose(key(seed), choice(&format!("{side}.{number}"))).unwrap();
                    // Both have read and chosen before either writes.
                    together.wait();
                    ceremony.sign(&Witness::default()).unwrap();
                }
            });
        }
    });
    let mut expected: Vec<String> =
        (0..2).flat_map(|side| (0..EACH).map(move |number| format!("{side}.{number}"))).collect();
    expected.sort();
    let mut found = envelope.signers();
    found.sort();
    assert_eq!(found, expected);
    for queue in windows {
        let context = queue.context();
        let (files, verdict) =
            judge_file(&envelope.run, envelope.directory.path(), &context.judge(), &context.logs);
        assert_eq!(verdict.valid_signatures, expected.len());
        let manifest = files.manifest_signatures().unwrap().signatures().len();
        assert_eq!(manifest, expected.len());
    }
}

/// A key with a public half that asks for a PIN; it counts the PINs entered.
struct Token(Ed25519Signer, Arc<AtomicUsize>);

impl LockedKey for Token {
    fn secret(&self) -> Secret {
        Secret::Pin
    }

    fn name(&self) -> Words {
        Words::text("token")
    }

    fn known(&self) -> Option<KnownKey> {
        Some(self.0.known())
    }

    fn unlock(&mut self, _: &SecretString) -> Result<Box<dyn Signer + Send>, SignerError> {
        self.1.fetch_add(1, Ordering::SeqCst);
        Ok(Box::new(Ed25519Signer::from_seed(&[1; 32]).unwrap()))
    }
}

#[test]
fn a_pin_is_not_used_if_the_refusal_is_already_certain() {
    let envelope = Envelope::unsigned();
    let pins = Arc::new(AtomicUsize::default());
    let signer = || Ed25519Signer::from_seed(&[1; 32]).unwrap();
    let token = || Key::Locked(Box::new(Token(signer(), Arc::clone(&pins))));
    let at = |text: &str| Instant::parse(text).unwrap();
    let holder = Holder {
        key_id: Some("ds-test-a".to_owned()),
        owner: Some("a".to_owned()),
        roles: vec![Role::Operator],
        valid_from: None,
        valid_until: None,
        is_of_companions: false,
    };
    let entry = holder.entry(signer().public_key(), SignerType::Software, choice("a").signed_at);
    let entry = entry.unwrap();
    let keyring = |change: &dyn Fn(&mut countersign_admissibility::keyring::Key)| {
        let (mut keyring, mut entry) = (Keyring::default(), entry.clone());
        change(&mut entry);
        keyring.add(entry).unwrap();
        keyring
    };
    let known = || keyring(&|_| {});
    let as_auditor = Choice { role: Role::Auditor, ..choice("a") };
    let other_id = Choice { key_id: "ds-test-z".to_owned(), ..choice("a") };
    let early = Choice { signed_at: at("2001-01-01T00:00:00Z"), ..choice("a") };
    for (keyring, choice) in [
        (known(), as_auditor),
        (known(), choice("b")),
        (known(), other_id),
        (known(), early),
        (keyring(&|key| key.revoked_at = Some(at("2026-01-01T00:00:00Z"))), choice("a")),
        (keyring(&|key| key.valid_until = Some(at("2026-01-01T00:00:00Z"))), choice("a")),
        (keyring(&|key| key.valid_from = Some(at("2027-01-01T00:00:00Z"))), choice("a")),
    ] {
        let before = envelope.snapshot();
        let mut ceremony = envelope.begin_with(keyring);
        ceremony.have_read().unwrap();
        ceremony.choose(token(), choice).unwrap_err();
        assert_eq!(ceremony.stage(), Stage::Refused);
        assert!(matches!(ceremony.take_key(), Some(Key::Locked(_))), "it may sign something else");
        assert_eq!(envelope.snapshot(), before);
    }
    // What becomes certain while the person types is noticed too.
    let mut late = envelope.begin_with(known());
    late.have_read().unwrap();
    late.choose(token(), choice("a")).unwrap();
    assert_eq!(late.stage(), Stage::SecretNeeded);
    let mut first = envelope.begin_with(known());
    first.have_read().unwrap();
    first.choose(key(1), choice("a")).unwrap();
    first.sign(&Witness::default()).unwrap();
    late.secret(&SecretString::from("123456"), LastTry::NotConfirmed).unwrap_err();
    assert!(matches!(**late.refusal().unwrap(), SigningError::SameKey { .. }));
    // So is, from the start, that it has signed already.
    let mut again = envelope.begin_with(known());
    again.have_read().unwrap();
    again.choose(token(), choice("a")).unwrap_err();
    assert!(matches!(**again.refusal().unwrap(), SigningError::SameKey { .. }));
    assert_eq!(pins.load(Ordering::SeqCst), 0);
}
