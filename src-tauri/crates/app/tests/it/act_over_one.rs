//! An act over one envelope: what is read, which keys are offered, what is asked for, and how it ends.

// Helpers of tests may fail the test.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};

use countersign_admissibility::certificate_names::NameStanding;
use countersign_admissibility::keyring::Keyring;
use countersign_admissibility::level::Level;
use countersign_admissibility::policy::Policy;
use countersign_ceremony::act::view::{
    ActChoice, ActOutcome, ActProgress, ActRow, ActStage, ActView, ChosenTerms,
};
use countersign_ceremony::act::{Act, ActNews};
use countersign_ceremony::ceremony::LastTry;
use countersign_ceremony::desk::SigningDesk;
use countersign_ceremony::key_ref::KeyRef;
use countersign_ceremony::signer_profile::{KeySource, SignerProfile};
use countersign_demo::{self as demo, Demo};
use countersign_envelope::claim::Claim;
use countersign_envelope::instant::Instant;
use countersign_envelope::signature::{Role, SignerType};
use countersign_envelope::signature_file::SignatureFile;
use countersign_index::queue::{Kept, Queue, Rules};
use countersign_journal::NoRecord;
use countersign_signers::devices::Devices;
use countersign_signers::{Signer as _, key_file};
use countersign_store::directory;
use countersign_trust::enrolment::{self, Holder, Selection};
use countersign_views::RawPart;
use secrecy::SecretString;
use tempfile::TempDir;
use time_authority::people::{CertificateAuthorities, Certified};

/// When every test takes place: after the demonstration's decisions.
fn now() -> Instant {
    Instant::from_unix(1_800_000_000).unwrap()
}

struct Station {
    directory: TempDir,
    queue: Queue,
    run: PathBuf,
}

impl Station {
    fn with(level: Level, policy: Policy) -> Self {
        Self::prepared(level, policy, |_| {})
    }

    /// With what is prepared in its directory before it is opened.
    fn prepared(level: Level, policy: Policy, prepare: impl FnOnce(&Path)) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let passphrase = SecretString::from("demo");
        Demo::one_level(1, 1, Some(level)).write(directory.path(), &passphrase).unwrap();
        let run = directory.path().join(directory::find(directory.path()).unwrap().runs.remove(0));
        prepare(directory.path());
        let keyring = directory.path().join("keyring.json");
        let roots = keyring.with_file_name("attestation-roots");
        let rules = Rules {
            policy,
            keyring,
            roots,
            tsa_roots: "/nowhere".into(),
            name_roots: directory.path().join("name-roots"),
            crls: "/nowhere".into(),
            log: None,
            ledger: None,
            brought: false,
        };
        let queue = Queue::open(directory.path(), rules, Kept::default(), now, |_| {}).unwrap();
        Self { directory, queue, run }
    }

    fn begin_with(&self, signers: Vec<SignerProfile>) -> (Act, Receiver<ActView>) {
        let (sender, views) = channel();
        let listener = move |news: ActNews<'_>| {
            if let ActNews::Changed(view) = news {
                let _ = sender.send(view.clone());
            }
        };
        let desk = SigningDesk {
            root: self.directory.path().to_owned(),
            rules: self.queue.context(),
            profiles: signers,
            devices: Devices::default(),
            recorder: Arc::new(NoRecord),
        };
        let act = Act::new(7, desk, listener);
        act.gather(&[(3, self.run.clone())]);
        (act, views)
    }

    fn begin(&self) -> (Act, Receiver<ActView>) {
        self.begin_with(demo::signers(self.directory.path()))
    }
}

fn key(name: &str) -> KeyRef {
    KeyRef::Profile { name: name.to_owned() }
}

fn choice(signer: &str, signer_id: &str, role: Role) -> ActChoice {
    ActChoice {
        key: key(signer),
        signer_id: signer_id.to_owned(),
        role,
        reason: None,
        terms: None,
        companion: None,
        though_nothing_changes: false,
    }
}

/// The stages as they were shown, each once.
fn stages(views: &Receiver<ActView>) -> String {
    let mut stages: Vec<&str> = views.try_iter().map(|view| view.stage.as_str()).collect();
    stages.dedup();
    stages.join(" ")
}

/// The one envelope.
fn row(view: &ActView) -> &ActRow {
    assert_eq!(view.total, 1);
    view.at.as_ref().expect("an act over one always shows it")
}

#[test]
fn an_operator_signs_and_the_level_rises() {
    let station = Station::with(Level::L1, Policy::default());
    let (act, views) = station.begin();
    let view = act.view();
    assert_eq!((view.id, view.stage, row(&view).envelope), (7, ActStage::Reading, 3));
    let read = act.open(0).unwrap();
    assert!(read.terms.fixed, "a first signature sets no terms");
    assert_eq!(view.terms.iter().map(|one| &one.terms).collect::<Vec<_>>(), [&read.terms]);
    assert_eq!(read.artifacts.len(), 2, "run and manifest in one act");
    let lines = act.lines(RawPart::Manifest, 0, 1000);
    let lines_read: Vec<&str> = lines.lines.iter().map(|line| line.text.as_str()).collect();
    let manifest = fs::read_to_string(station.run.with_extension("manifest.json")).unwrap();
    assert_eq!(lines_read, manifest.lines().collect::<Vec<_>>());

    act.have_read().unwrap();
    let view = act.choose(choice("Demo operator", "o.operator", Role::Operator)).unwrap();
    assert!(matches!(view.now, Some(ActProgress::SecretNeeded { problem: None, .. })));
    let view = act.secret(&SecretString::from("wrong"), LastTry::NotConfirmed).unwrap();
    assert!(matches!(view.now, Some(ActProgress::SecretNeeded { problem: Some(_), .. })));
    let view = act.secret(&SecretString::from("demo"), LastTry::NotConfirmed).unwrap();
    let row = row(&view);
    assert_eq!((view.stage, row.outcome), (ActStage::Ended, ActOutcome::Written));
    assert_eq!(row.written.len(), 2);
    assert_eq!((row.level_before, row.level), (Some(1), Some(2)));
    assert!(row.missing.as_ref().is_some_and(|missing| missing.text.contains("transparency log")));
    // Signing itself may be too quick to be told.
    let told = stages(&views).replace(" signing", "");
    assert_eq!(told, "gathering reading choosing secret_needed ended");
}

/// The key for companions is offered apart from those that sign, opened by its own passphrase, and
/// signs with the key that was chosen.
#[test]
fn an_operator_signs_with_a_companion() {
    let passphrase = SecretString::from("another one");
    let station = Station::prepared(Level::L1, Policy::default(), |directory| {
        let random = &mut key_file::system_random();
        let (key, pem) = key_file::generate_companion(random, &passphrase).unwrap();
        fs::write(directory.join("pq.key.pem"), pem.as_bytes()).unwrap();
        let place = directory.join("keyring.json");
        let mut keyring = Keyring::parse(&fs::read(&place).unwrap()).unwrap();
        let (key_id, owner) = (Some("pq-operator".to_owned()), Some("o.operator".to_owned()));
        let holder = Holder { key_id, owner, ..Holder::default() };
        keyring.add(holder.entry(key.public_key(), SignerType::Software, now()).unwrap()).unwrap();
        fs::write(place, keyring.to_text()).unwrap();
    });
    let mut signers = demo::signers(station.directory.path());
    signers.push(SignerProfile {
        name: "pq".to_owned(),
        key_id: "pq-operator".to_owned(),
        signer_id: "o.operator".to_owned(),
        source: KeySource::KeyFile {
            path: station.directory.path().join("pq.key.pem").display().to_string(),
        },
    });
    let (act, _told) = station.begin_with(signers);
    act.have_read().unwrap();
    let view = act.view();
    assert!(view.keys.iter().all(|one| one.key_id != "pq-operator"));
    assert_eq!(view.companions.len(), 1);
    assert_eq!(view.companions[0].key_id, "pq-operator");
    let own = choice("Demo operator", "o.operator", Role::Operator);
    let choice = ActChoice { companion: Some(key("pq")), ..own };
    // It is not signed without the companion that was chosen.
    assert_eq!(act.choose(choice.clone()).unwrap_err().code, "companion_locked");
    let wrong = act.choose_with(choice.clone(), Some(&SecretString::from("wrong")));
    assert_eq!(wrong.unwrap_err().code, "passphrase");
    act.choose_with(choice, Some(&passphrase)).unwrap();
    let view = act.secret(&SecretString::from("demo"), LastTry::NotConfirmed).unwrap();
    assert_eq!(row(&view).outcome, ActOutcome::Written);
    let written = format!("{}.sig.json", station.run.display());
    let written = SignatureFile::parse(&fs::read(written).unwrap()).unwrap();
    let companion = written.signatures()[0].companion().unwrap().unwrap();
    let claim = Claim::parse(&written.signatures()[0].claim().unwrap().unwrap()).unwrap();
    assert_eq!(claim.companion_key_sha256, Some(companion.key_sha256()));
}

/// A key on offer shows whose name the certificate beside it proves, and that nothing proves it if no
/// root does.
#[test]
fn the_names_of_a_certificate_are_shown_with_the_key_on_offer() {
    let all = CertificateAuthorities::default();
    let root = all.certify(Certified::authority("root", "root", "/CN=Root"));
    all.key("jane", "-algorithm ED25519");
    let jane = all.certify(Certified::person("jane", "root", "/CN=Jane Okafor"));
    let offered = |is_trusted: bool| {
        let station = Station::prepared(Level::L1, Policy::default(), |directory| {
            let found = enrolment::find(jane.to_str().unwrap(), &Selection::default()).unwrap();
            let (key_id, owner) = (Some("ds-jane".to_owned()), Some("jane".to_owned()));
            let holder = Holder { key_id, owner, roles: vec![Role::Operator], ..Holder::default() };
            let entry = holder.entry(Some(&found.public_key), SignerType::Software, now()).unwrap();
            let place = directory.join("keyring.json");
            let mut keyring = Keyring::parse(&fs::read(&place).unwrap()).unwrap();
            keyring.add(entry.with_certificates(found.certificates).unwrap()).unwrap();
            fs::write(place, keyring.to_text()).unwrap();
            if is_trusted {
                fs::create_dir(directory.join("name-roots")).unwrap();
                fs::copy(&root, directory.join("name-roots/root.pem")).unwrap();
            }
        });
        let mut signers = demo::signers(station.directory.path());
        signers.push(SignerProfile {
            name: "jane".to_owned(),
            key_id: "ds-jane".to_owned(),
            signer_id: "jane".to_owned(),
            source: KeySource::KeyFile { path: all.path("jane.key").display().to_string() },
        });
        let (act, _told) = station.begin_with(signers);
        let keys = act.view().keys;
        assert!(keys.iter().all(|one| one.key_id == "ds-jane" || one.names.is_none()));
        let jane = keys.into_iter().find(|one| one.key_id == "ds-jane").unwrap();
        jane.names.expect("the names of its certificate")
    };
    let names = offered(false);
    assert_eq!(names.standing, NameStanding::NotProven);
    assert_eq!(names.root, None);
    let names = offered(true);
    assert_eq!((names.standing, names.short()), (NameStanding::Proven, Some("Jane Okafor")));
}

#[test]
fn a_witness_may_raise_the_terms_of_the_policy_and_never_lower_them() {
    let policy = Policy { min_threshold: 3, ..Policy::default() };
    let station = Station::with(Level::L2, policy);
    let (act, _told) = station.begin();
    let view = act.view();
    let terms = &view.terms[0].terms;
    assert!(!terms.fixed, "the second signature makes the envelope");
    assert_eq!(terms.threshold, 3);
    act.have_read().unwrap();
    let witness = |threshold| ActChoice {
        terms: Some(ChosenTerms { threshold, required_roles: vec![Role::Auditor] }),
        ..choice("Demo witness", "w.witness", Role::Witness)
    };
    let failure = act.choose(witness(2)).unwrap_err();
    assert_eq!(failure.code, "threshold_too_low");
    act.choose(witness(4)).unwrap();
    act.secret(&SecretString::from("demo"), LastTry::NotConfirmed).unwrap();
    let text = fs::read_to_string(format!("{}.sig.json", station.run.display())).unwrap();
    let envelope: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(envelope["threshold"], 4);
    let roles = envelope["witness_requirements"].as_array().unwrap();
    assert_eq!(roles.len(), 3, "operator, witness, and the auditor that was added");
}

#[test]
fn keys_are_offered_with_their_roles_and_obstacles() {
    let station = Station::with(Level::L2, Policy::default());
    let mut signers = demo::signers(station.directory.path());
    let key_file = |path: &str| KeySource::KeyFile { path: path.to_owned() };
    let profile = |name: &str, source| SignerProfile {
        name: name.to_owned(),
        key_id: "ds-other-2026-09".to_owned(),
        signer_id: "someone".to_owned(),
        source,
    };
    signers.push(profile("gone", key_file("/nonexistent/key.pem")));
    signers.push(profile(
        "unprobed",
        KeySource::External {
            command: "kms-sign".to_owned(),
            algorithm: "ed25519".parse().unwrap(),
            public_key: "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=".to_owned(),
            public_key_command: None,
            timeout_seconds: 30,
            working_directory: None,
            environment: Vec::new(),
            evidence_command: None,
            signed_payload: None,
            probed_as: None,
        },
    ));
    let (act, _told) = station.begin_with(signers);
    let keys = act.view().keys;
    let option = |name: &str| keys.iter().find(|option| option.key == key(name)).unwrap();
    let problem = |name: &str| option(name).problem.as_ref().map(ToString::to_string);
    let problem = |name: &str| problem(name).unwrap_or_default();
    assert!(problem("Demo operator").contains("signed already"), "{}", problem("Demo operator"));
    assert_eq!(option("Demo witness").problem, None);
    assert_eq!(option("Demo witness").roles, [Role::Witness]);
    assert!(option("Demo witness").known && !option("gone").known);
    assert_eq!(option("gone").roles.len(), 4, "nobody says which");
    assert!(problem("gone").contains("/nonexistent/key.pem"));
    assert!(problem("unprobed").contains("probe"));
    act.have_read().unwrap();
    let failure = act.choose(choice("unprobed", "someone", Role::Witness)).unwrap_err();
    assert_eq!(failure.code, "not_probed");
    assert_eq!(act.view().stage, ActStage::Choosing, "another can be chosen");
    // Who has signed is told so before any secret is asked for.
    let operator = choice("Demo operator", "o.operator", Role::Operator);
    assert_eq!(act.choose(operator).unwrap_err().code, "signed_already");
    assert_eq!(act.view().counts.ready, 1, "another can still be chosen");
    // What a choice would change is known before it is made.
    let view = act.consider(&choice("Demo witness", "w.witness", Role::Witness)).unwrap();
    let effect = view.effect.unwrap();
    assert!(effect.changes, "{}", effect.words);
    assert_eq!(effect.words.text, "L2 as before: the entry in the transparency log is missing");
}

#[test]
fn a_run_that_changed_is_refused_in_words_and_nothing_is_written() {
    let station = Station::with(Level::L1, Policy::default());
    let (act, views) = station.begin();
    let text = fs::read_to_string(&station.run).unwrap();
    fs::write(&station.run, text.replacen('{', "{ ", 1)).unwrap();
    let view = act.have_read().unwrap();
    let failure = row(&view).why.clone().unwrap();
    assert_eq!((view.stage, row(&view).outcome), (ActStage::Ended, ActOutcome::Failed));
    assert_eq!(failure.code, "changed");
    assert!(failure.message().contains("changed since it was read"), "{failure:?}");
    assert_eq!(stages(&views), "gathering reading ended");
    assert!(!PathBuf::from(format!("{}.sig.json", station.run.display())).exists());
}

#[test]
fn what_must_not_be_signed_ends_at_once_with_the_reason() {
    let station = Station::with(Level::L1, Policy::default());
    fs::write(&station.run, "{").unwrap();
    let (act, views) = station.begin();
    let view = act.view();
    assert_eq!((view.stage, row(&view).outcome), (ActStage::Ended, ActOutcome::LeftOut));
    assert_eq!(row(&view).why.as_ref().unwrap().code, "not_an_artifact");
    assert_eq!(stages(&views), "gathering ended");
    assert_eq!(act.have_read().unwrap_err().code, "out_of_turn");
}

#[test]
fn breaking_off_is_the_last_word() {
    let station = Station::with(Level::L1, Policy::default());
    let (act, views) = station.begin();
    act.have_read().unwrap();
    act.stop();
    assert_eq!(stages(&views), "gathering reading choosing ended");
    let operator = choice("Demo operator", "o.operator", Role::Operator);
    assert_eq!(act.choose(operator).unwrap_err().code, "out_of_turn");
    assert_eq!(row(&act.view()).outcome, ActOutcome::NotReached);
}

/// Whoever goes back and forth signs what was read at first, and is asked for the secret again.
#[test]
fn going_back_keeps_what_was_read_and_forgets_the_key() {
    let station = Station::with(Level::L1, Policy::default());
    let (act, views) = station.begin();
    let operator = || choice("Demo operator", "o.operator", Role::Operator);
    act.have_read().unwrap();
    act.choose(operator()).unwrap();
    act.back().unwrap();
    act.back().unwrap();
    assert_eq!(act.back().unwrap_err().code, "out_of_turn");
    act.have_read().unwrap();
    let view = act.choose(operator()).unwrap();
    assert_eq!(view.stage, ActStage::SecretNeeded);
    let view = act.secret(&SecretString::from("demo"), LastTry::NotConfirmed).unwrap();
    assert_eq!(row(&view).outcome, ActOutcome::Written);
    let expected =
        "gathering reading choosing secret_needed choosing reading choosing secret_needed";
    assert!(stages(&views).starts_with(expected));
}

#[test]
fn an_act_ends_if_its_key_was_revoked_since_it_began() {
    let station = Station::with(Level::L1, Policy::default());
    let (act, _told) = station.begin();
    let path = station.directory.path().join("keyring.json");
    let same = Keyring::parse(&fs::read(&path).unwrap()).unwrap();
    act.check_keyring(&same).unwrap();
    let mut changed: serde_json::Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    changed["keys"][0]["revoked_at"] = "2026-11-29T00:00:00Z".into();
    let changed = Keyring::parse(changed.to_string().as_bytes()).unwrap();
    assert_eq!(act.check_keyring(&changed).unwrap_err().code, "keyring_changed");
}

/// A command that never answers is ended as soon as the person cancels.
#[cfg(unix)]
#[test]
fn breaking_off_ends_a_command_that_hangs() {
    let station = Station::with(Level::L1, Policy::default());
    let mut signer = SignerProfile {
        name: "hangs".to_owned(),
        key_id: "ds-hsm-2026-01".to_owned(),
        signer_id: "hsm".to_owned(),
        source: KeySource::External {
            command: "sh -c 'sleep 600' sh".to_owned(),
            algorithm: "ed25519".parse().unwrap(),
            public_key: "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=".to_owned(),
            public_key_command: None,
            timeout_seconds: 600,
            working_directory: None,
            environment: Vec::new(),
            evidence_command: None,
            signed_payload: Some("sha256_hex".parse().unwrap()),
            probed_as: None,
        },
    };
    let probed = signer.probe_digest();
    if let KeySource::External { probed_as, .. } = &mut signer.source {
        *probed_as = probed;
    }
    let (act, views) = station.begin_with(vec![signer]);
    act.have_read().unwrap();
    // Its key is in no keyring, so that the signature would not count.
    let unconfirmed = choice("hangs", "hsm", Role::Operator);
    let asked = act.choose(unconfirmed.clone()).unwrap_err();
    assert_eq!(asked.code, "changes_nothing");
    let view = act.view();
    assert_eq!((view.stage, view.counts.ready), (ActStage::Choosing, 1), "nothing is run yet");
    let effect = view.effect.unwrap();
    assert!(
        !effect.changes && effect.words.text.ends_with("is not in the keyring"),
        "{}",
        effect.words
    );
    let confirmed = ActChoice { though_nothing_changes: true, ..unconfirmed };
    std::thread::scope(|scope| {
        let signing = scope.spawn(|| act.choose(confirmed));
        // Told of the seconds, it runs.
        let runs = |view: ActView| {
            matches!(view.now, Some(ActProgress::Signing { seconds: Some(600), .. }))
        };
        assert!(views.iter().any(runs));
        act.stop();
        let view = signing.join().expect("it ends").unwrap();
        assert_eq!((view.stage, view.stopped.clone()), (ActStage::Ended, None));
        assert_eq!(row(&view).outcome, ActOutcome::NotReached);
    });
}
