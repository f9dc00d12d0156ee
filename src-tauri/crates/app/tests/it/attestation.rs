//! The trust folder, and what it does to the envelopes of a queue: a run that a YubiKey has signed
//! rises and falls with the root that its attestation leads to.

// Helpers of tests may fail the test.
#![allow(clippy::unwrap_used, clippy::panic)]

use countersign_problem::Explain as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant as Clock};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use countersign_admissibility::attestation::{AttestationStanding, Certificate};
use countersign_admissibility::level::Level;
use countersign_admissibility::policy::{Assurance, Policy};
use countersign_app::trust_change::{TrustChange, TrustPreview};
use countersign_app::workspace::Workspace;
use countersign_demo::Demo;
use countersign_envelope::artifact::Artifact;
use countersign_envelope::file_name::{manifest_of, signature_of};
use countersign_envelope::instant::Instant;
use countersign_envelope::key_attestation::KeyAttestation;
use countersign_envelope::public_key::PublicKey;
use countersign_envelope::signature::{Algorithm, PayloadType, Role, SignedPayload, SignerType};
use countersign_envelope::signature_file::{NewSignature, SignatureFile, SignedArtifact, Terms};
use countersign_index::queue::{Event, Kept, Queue, QueueRow, Rules};
use countersign_journal::NoRecord;
use countersign_store::directory;
use countersign_trust::attestation_roots::{self, TrustError};
use countersign_trust::enrolment::{self, Holder, Selection};
use countersign_trust::keyring_file;
use countersign_views::{AttestationView, EnvelopeRef, Opened};
use p256::ecdsa::signature::Signer as _;
use secrecy::SecretString;
use tempfile::TempDir;

// A chain made for tests, as `admissibility` makes them: the attestation of slot 9c of a YubiKey
// that does not exist for the P-256 key whose 32 bytes are all 1.

const SLOT: &str = "\
-----BEGIN CERTIFICATE-----
MIIBhTCCASugAwIBAgIBBzAKBggqhkjOPQQDAjAhMR8wHQYDVQQDDBZZdWJpY28g
UElWIEF0dGVzdGF0aW9uMCAXDTE2MDMxNDAwMDAwMFoYDzk5OTkxMjMxMjM1OTU5
WjAlMSMwIQYDVQQDDBpZdWJpS2V5IFBJViBBdHRlc3RhdGlvbiA5YzBZMBMGByqG
SM49AgEGCCqGSM49AwEHA0IABG/wO5SSQc4drdQ1GeaWDgqFtBppoFwygQOqK84V
lMoWPE91OlW/AdxT9sCwx+7ni0DG/30lqW4igrmJzvccFEqjTjBMMBEGCisGAQQB
gsQKAwMEAwUHBDAUBgorBgEEAYLECgMHBAYCBAC8YU4wEAYKKwYBBAGCxAoDCAQC
AgIwDwYKKwYBBAGCxAoDCQQBgzAKBggqhkjOPQQDAgNIADBFAiEA03C9sSTfNMl2
cPPZBA4Nt95vk0wzz0PlqXJiTkCF7T4CICtINvIdiXO7jv8bOtTlznGSkD8ChJZg
3eF3FgIuPhTK
-----END CERTIFICATE-----
";

const SLOT_F9: &str = "\
-----BEGIN CERTIFICATE-----
MIIBQTCB6aADAgECAgEHMAoGCCqGSM49BAMCMBsxGTAXBgNVBAMMEFRlc3QgUElW
IFJvb3QgQ0EwIBcNMTYwMzE0MDAwMDAwWhgPOTk5OTEyMzEyMzU5NTlaMCExHzAd
BgNVBAMMFll1YmljbyBQSVYgQXR0ZXN0YXRpb24wWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAARVD0cQA/Pfl8PfUGrHl/ZyH7Gh+3uPb4PSJEmKZciOJBNgk9cBLlCa
c3FcvQsAo8wP9LXAGz/6GWqx+zJwNrjmoxYwFDASBgNVHRMBAf8ECDAGAQH/AgEA
MAoGCCqGSM49BAMCA0cAMEQCIFf6qlixM4SDEFhiFDtohoe2e/hMrQTOB2lnuofF
3Z9dAiASL3VsSnso2158g5LUEMmTvPhfsJYQ8zn5ilBKl73i9A==
-----END CERTIFICATE-----
";

const ROOT: &str = "\
-----BEGIN CERTIFICATE-----
MIIBPDCB46ADAgECAgEHMAoGCCqGSM49BAMCMBsxGTAXBgNVBAMMEFRlc3QgUElW
IFJvb3QgQ0EwIBcNMTYwMzE0MDAwMDAwWhgPOTk5OTEyMzEyMzU5NTlaMBsxGTAX
BgNVBAMMEFRlc3QgUElWIFJvb3QgQ0EwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC
AAQHgQ6pdM6ldz5juJfzfjvpoJ56X+m5caRNEGWsKjqTEWN+R6T5lGSg/c5EqI7H
1wOpGDwdBlUtni1rdgaUgcV3oxYwFDASBgNVHRMBAf8ECDAGAQH/AgEBMAoGCCqG
SM49BAMCA0gAMEUCIFVNTIziNzlWetHQ9MgPGOkjhm/IbTLWr0yX4Np6CZJqAiEA
uYwgebKP7LOgrbCwSNe4KPRKzqVuRqtg3CKHZn4NWyw=
-----END CERTIFICATE-----
";

const INTERMEDIATE: &str = "\
-----BEGIN CERTIFICATE-----
MIIBODCB36ADAgECAgEHMAoGCCqGSM49BAMCMBsxGTAXBgNVBAMMEFRlc3QgUElW
IFJvb3QgQ0EwIBcNMTYwMzE0MDAwMDAwWhgPOTk5OTEyMzEyMzU5NTlaMBcxFTAT
BgNVBAMMDEludGVybWVkaWF0ZTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABHMQ
PsMLPM9X2q4I6TU0rvFEo1lAz2u7oSoM98vV1lpk2CyMmenTxF+SRbqbJ5gsmuqO
wduUsZxEeVlCwOsiqjKjFjAUMBIGA1UdEwEB/wQIMAYBAf8CAQIwCgYIKoZIzj0E
AwIDSAAwRQIhANUHrzukTWP/iLGAkLq1MDirI4lA/vkqYCKLVkVd8FzcAiAV/IRL
e0fdh0bZ0YH8AVEG8yH8SFXLSlFNlEoVoX+2ow==
-----END CERTIFICATE-----
";

/// Far longer than anything takes: a test that waits so long has failed.
const BOUND: Duration = Duration::from_secs(60);

/// Later than anything in the demonstration.
fn now() -> Instant {
    Instant::parse("2026-12-31T00:00:00Z").unwrap()
}

fn certificate(pem: &str) -> Certificate {
    Certificate::from_pem(pem.as_bytes()).unwrap().remove(0)
}

fn sha256(pem: &str) -> String {
    certificate(pem).fingerprint().hex()
}

fn attestation() -> KeyAttestation {
    KeyAttestation::YubikeyPiv {
        slot: "9c".to_owned(),
        certificate: certificate(SLOT).der().to_vec(),
        intermediate: certificate(SLOT_F9).der().to_vec(),
    }
}

fn key() -> p256::ecdsa::SigningKey {
    p256::ecdsa::SigningKey::from_slice(&[1; 32]).unwrap()
}

fn public_key() -> PublicKey {
    PublicKey::P256(Box::new(*key().verifying_key()))
}

/// Co-signs a file with the attested key.
fn co_sign(path: &Path, payload_type: PayloadType) {
    let bytes = fs::read(path).unwrap();
    let artifact = Artifact::parse(&bytes).unwrap();
    let made: p256::ecdsa::DerSignature = key().sign(&artifact.canonical().bytes());
    let name = path.file_name().unwrap().to_str().unwrap();
    let new = NewSignature {
        algorithm: Algorithm::EcdsaP256Sha256,
        signed_payload: SignedPayload::CanonicalJson,
        key_id: "ds-test-2026-09",
        signer_id: "noor.h",
        role: Role::Witness,
        signer_type: SignerType::Hardware,
        signed_at: Instant::parse("2026-11-25T10:00:00Z").unwrap(),
        public_key: Some(&public_key()),
        signature: &BASE64.encode(made.as_bytes()),
        key_attestation: Some(&attestation()),
        claim: None,
        companion: None,
    };
    let signed =
        SignedArtifact { artifact: &artifact, payload_type, file_name: name, file_bytes: &bytes };
    let signatures = path.with_file_name(signature_of(name));
    let there = SignatureFile::parse(&fs::read(&signatures).unwrap()).unwrap();
    let terms = Terms { threshold: 2, required_roles: Vec::new() };
    fs::write(signatures, there.co_sign(&new, signed, &terms).unwrap().to_text()).unwrap();
}

/// One run at L5 that the attested key has co-signed, with everything beside it.
struct Signed {
    temporary: TempDir,
    run: PathBuf,
}

impl Signed {
    fn new() -> Self {
        let temporary = tempfile::tempdir().unwrap();
        let root = temporary.path().join("sealed");
        let demo = Demo::one_level(1, 1, Some(Level::L5));
        demo.write(&root, &SecretString::from("demo")).unwrap();
        let run = root.join(&directory::find(&root).unwrap().runs[0]);
        co_sign(&run, PayloadType::SealedRun);
        let name = run.file_name().unwrap().to_str().unwrap();
        co_sign(&run.with_file_name(manifest_of(name)), PayloadType::Manifest);
        let holder = Holder {
            key_id: Some("ds-test-2026-09".to_owned()),
            owner: Some("noor.h".to_owned()),
            roles: vec![Role::Witness],
            ..Holder::default()
        };
        let entry = holder.entry(Some(&public_key()), SignerType::Hardware, now()).unwrap();
        keyring_file::add(&root.join("keyring.json"), entry, &NoRecord).unwrap();
        Self { temporary, run }
    }

    fn folder(&self) -> PathBuf {
        self.temporary.path().join("attestation-roots")
    }

    fn root_pem(&self) -> PathBuf {
        let path = self.temporary.path().join("root.pem");
        fs::write(&path, ROOT).unwrap();
        path
    }

    fn rules(&self) -> Rules {
        Rules {
            policy: Policy { assurance: Assurance::Attested, ..Policy::default() },
            keyring: self.temporary.path().join("sealed").join("keyring.json"),
            roots: self.folder(),
            tsa_roots: self.folder().with_file_name("tsa-roots"),
            name_roots: self.folder().with_file_name("name-roots"),
            crls: self.folder().with_file_name("crls"),
            log: None,
            ledger: None,
            brought: false,
        }
    }

    fn open(&self) -> (Queue, Receiver<Event>) {
        let root = self.temporary.path().join("sealed");
        let rules = self.rules();
        let (sender, events) = mpsc::channel();
        let listener = move |event| {
            let _ = sender.send(event);
        };
        let catalogue = self.temporary.path().join("catalogue.sqlite");
        let queue = Queue::open(&root, rules, Kept::catalogue(catalogue), now, listener).unwrap();
        (queue, events)
    }

    /// Waits for a condition on the run, checking it after every event.
    fn wait(
        &self,
        (queue, events): &(Queue, Receiver<Event>),
        what: &str,
        is_so: impl Fn(&QueueRow) -> bool,
    ) {
        let deadline = Clock::now() + BOUND;
        let row = || queue.row(queue.find(&self.run)?);
        while !row().is_some_and(|row| is_so(&row)) {
            let left = deadline.saturating_duration_since(Clock::now());
            if events.recv_timeout(left).is_err() {
                panic!("waited in vain for {what}: {:?}, {:#?}", queue.state(), row());
            }
        }
    }

    fn wait_attested(&self, opened: &(Queue, Receiver<Event>)) {
        self.wait(opened, "an attested L6", |row| {
            row.level >= Some(6) && row.assurance == Some(Assurance::Attested)
        });
    }

    fn wait_fallen_back(&self, opened: &(Queue, Receiver<Event>)) {
        self.wait(opened, "L5 by the keyring alone", |row| {
            row.level == Some(5) && row.assurance == Some(Assurance::Pinned)
        });
    }
}

/// A rule about attested keys is previewed, and put in force, like any other part of a policy.
#[test]
fn a_rule_about_attested_keys_is_judged_before_and_after_it_is_set() {
    let signed = Signed::new();
    attestation_roots::add(&signed.folder(), &signed.root_pem(), &[sha256(ROOT)], &NoRecord)
        .unwrap();
    let opened = signed.open();
    signed.wait_attested(&opened);
    let own = signed.rules();
    let ruled = |rule: &str| Rules {
        policy: Policy {
            attested: [rule.parse().unwrap()].into_iter().collect(),
            ..own.policy.clone()
        },
        ..own.clone()
    };
    let workspace = Workspace {
        keyring: Some(own.keyring.clone()),
        trust_folder: Some(own.roots.clone()),
        tsa_folder: Some(own.tsa_roots.clone()),
        name_folder: Some(own.name_roots.clone()),
        crl_folder: Some(own.crls.clone()),
        policy: own.policy.clone(),
        ..Workspace::default()
    };
    let preview = TrustPreview::of_directory(&workspace, opened.0.root()).unwrap();
    let effect = |rule: &str| {
        let change = TrustChange::Rules(Box::new(ruled(rule)));
        let effect = preview.effect(&workspace, &change, |_, _| true).unwrap();
        (effect.judged, effect.fall, effect.rise)
    };
    // The operator has a software key, and one of two witnesses the YubiKey.
    assert_eq!(effect("witness:touch=always"), (1, 0, 0));
    assert_eq!(effect("witness:touch=cached"), (1, 1, 0));
    assert_eq!(effect("generated=yes"), (1, 1, 0));
    opened.0.set_rules(ruled("witness:touch=cached"));
    signed.wait(&opened, "what the key lacks", |row| row.level == Some(5));
    let queue = &opened.0;
    let context = queue.context();
    let envelope = EnvelopeRef { run: &signed.run, root: queue.root(), id: 1, revision: 1 };
    let view = Opened::read(envelope, &context.judge(), &context.logs).view;
    let sentence = "L5. No attestation came with the key of";
    assert!(view.sentence.text.starts_with(sentence), "{:?}", view.sentence);
    let lacks = "the touch policy is always and the policy requires touch (cached)";
    assert!(serde_json::to_string(&view).unwrap().contains(lacks), "{view:?}");
    opened.0.set_rules(ruled("witness:touch=always"));
    signed.wait_attested(&opened);
}

#[test]
fn envelopes_are_judged_again_when_the_trusted_roots_change() {
    let signed = Signed::new();
    let opened = signed.open();
    signed.wait_fallen_back(&opened);
    // The folder is not there before the first root is.
    attestation_roots::add(&signed.folder(), &signed.root_pem(), &[sha256(ROOT)], &NoRecord)
        .unwrap();
    signed.wait_attested(&opened);
    attestation_roots::remove(&signed.folder(), &sha256(ROOT), &NoRecord).unwrap();
    signed.wait_fallen_back(&opened);
    fs::remove_dir(signed.folder()).unwrap();
    attestation_roots::add(&signed.folder(), &signed.root_pem(), &[sha256(ROOT)], &NoRecord)
        .unwrap();
    signed.wait_attested(&opened);
}

#[test]
fn verdicts_in_the_catalogue_do_not_count_under_other_roots() {
    let signed = Signed::new();
    attestation_roots::add(&signed.folder(), &signed.root_pem(), &[sha256(ROOT)], &NoRecord)
        .unwrap();
    let opened = signed.open();
    signed.wait_attested(&opened);
    drop(opened);
    attestation_roots::remove(&signed.folder(), &sha256(ROOT), &NoRecord).unwrap();
    signed.wait_fallen_back(&signed.open());
}

#[test]
fn a_damaged_file_is_named_and_the_others_stay_in_force() {
    let signed = Signed::new();
    attestation_roots::add(&signed.folder(), &signed.root_pem(), &[sha256(ROOT)], &NoRecord)
        .unwrap();
    fs::write(signed.folder().join("damaged.pem"), "-----BEGIN CERTIFICATE-----\n").unwrap();
    fs::write(signed.folder().join("README.txt"), "Ours.\n").unwrap();
    let opened = signed.open();
    signed.wait_attested(&opened);
    let troubles = opened.0.state().troubles;
    let [trouble] = &troubles[..] else { panic!("{troubles:?}") };
    assert!(trouble.message().contains("damaged.pem"), "{trouble:?}");
    let view = attestation_roots::view(&signed.folder(), now()).unwrap();
    assert_eq!((view.roots.len(), view.problems.len()), (1, 1));
}

#[test]
fn the_envelope_shows_the_words() {
    let signed = Signed::new();
    attestation_roots::add(&signed.folder(), &signed.root_pem(), &[sha256(ROOT)], &NoRecord)
        .unwrap();
    let opened = signed.open();
    signed.wait_attested(&opened);
    let queue = &opened.0;
    let context = queue.context();
    let envelope = EnvelopeRef { run: &signed.run, root: queue.root(), id: 1, revision: 1 };
    let opened = Opened::read(envelope, &context.judge(), &context.logs);
    let words = "generated on YubiKey 12345678, firmware 5.7.4, PIN once, touch always";
    for signatures in [&opened.view.signatures, &opened.view.manifest_signatures] {
        let [operator, .., yubikey] = &signatures[..] else { panic!("too few signatures") };
        assert_eq!(operator.attestation, None);
        let attestation = yubikey.attestation.as_ref().unwrap();
        assert_eq!(attestation.standing, AttestationStanding::Verified);
        assert_eq!(attestation.words.text, words);
        assert_eq!(yubikey.assurance, Some(Assurance::Attested));
    }
}

#[test]
fn a_key_keeps_its_attestation_when_it_is_enrolled_from_a_signature() {
    let signed = Signed::new();
    let name = signature_of(signed.run.file_name().unwrap().to_str().unwrap());
    let source = signed.run.with_file_name(name);
    let found = enrolment::find(
        source.to_str().unwrap(),
        &Selection { index: Some(2), ..Selection::default() },
    )
    .unwrap();
    let attestation = found.attestation.clone().unwrap();
    let holder = Holder::default().or_found(&found);
    let entry = holder.entry(Some(&found.public_key), SignerType::Hardware, now()).unwrap();
    let entry = entry.with_attestation(&attestation);
    assert_eq!(entry.attestation(), Some(Ok(self::attestation())));
    let view = AttestationView::of_key(&entry, &Default::default(), now()).unwrap();
    assert_eq!(view.standing, AttestationStanding::UnknownRoot);
}

#[test]
fn nothing_is_trusted_that_was_not_confirmed() {
    let temporary = tempfile::tempdir().unwrap();
    let folder = temporary.path().join("roots");
    let file = temporary.path().join("bundle.pem");
    fs::write(&file, format!("Test roots\n\n{ROOT}\n{INTERMEDIATE}")).unwrap();

    let seen = attestation_roots::look(&folder, &file, now()).unwrap();
    let facts: Vec<_> = seen.iter().map(|one| (&*one.subject, one.is_root, one.trusted)).collect();
    assert_eq!(facts, [("CN=Test PIV Root CA", true, false), ("CN=Intermediate", false, false)]);
    assert!(!folder.exists(), "looking changes nothing");

    let add = |confirmed: &[String]| attestation_roots::add(&folder, &file, confirmed, &NoRecord);
    assert!(matches!(add(&[]), Err(TrustError::NotConfirmed)));
    assert!(matches!(add(&["12".to_owned()]), Err(TrustError::Fingerprint(_))));
    let error = add(&[sha256(ROOT), sha256(SLOT)]).unwrap_err();
    assert!(matches!(error, TrustError::NotInFile { .. }));
    let failure = error.problem();
    assert_eq!((failure.code.name(), failure.hint_sentence().is_empty()), ("not_in_file", false));
    assert!(!folder.exists(), "all or nothing");

    // As the maker prints it.
    let upper = sha256(ROOT).to_uppercase();
    let pairs: Vec<&str> = (0..64).step_by(2).map(|at| &upper[at..at + 2]).collect();
    add(&[pairs.join(":")]).unwrap();
    add(&[sha256(ROOT)]).unwrap();
    let files: Vec<_> =
        fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(files, [format!("{}.pem", sha256(ROOT)).as_str()]);
    let seen = attestation_roots::look(&folder, &file, now()).unwrap();
    assert_eq!(seen.iter().map(|one| one.trusted).collect::<Vec<_>>(), [true, false]);
}

#[test]
fn removing_a_root_keeps_the_others_of_its_file() {
    let temporary = tempfile::tempdir().unwrap();
    let folder = temporary.path();
    fs::write(folder.join("bundle.PEM"), format!("{ROOT}{INTERMEDIATE}")).unwrap();
    attestation_roots::remove(folder, &sha256(ROOT), &NoRecord).unwrap();
    let view = attestation_roots::view(folder, now()).unwrap();
    let subjects: Vec<_> = view.roots.iter().map(|root| &*root.certificate.subject).collect();
    assert_eq!(subjects, ["CN=Intermediate"]);
    assert_eq!(view.roots[0].file, "bundle.PEM");
    let again = attestation_roots::remove(folder, &sha256(ROOT), &NoRecord);
    assert!(matches!(again, Err(TrustError::NotTrusted { .. })));
    attestation_roots::remove(folder, &sha256(INTERMEDIATE), &NoRecord).unwrap();
    assert_eq!(fs::read_dir(folder).unwrap().count(), 0);
}
