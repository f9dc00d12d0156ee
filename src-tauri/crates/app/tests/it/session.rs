//! A ceremony in the window: which keys are offered, what is requested, and the fields of every
//! state.

// Helpers of tests may fail the test.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};

use countersign_admissibility::level::Level;
use countersign_admissibility::policy::Policy;
use countersign_ceremony::ceremony::LastTry;
use countersign_ceremony::desk::SigningDesk;
use countersign_ceremony::session::{CeremonyChoice, CeremonyState, CeremonyView, Session};
use countersign_ceremony::signer_profile::{KeySource, SignerProfile};
use countersign_demo::{self as demo, Demo};
use countersign_envelope::instant::Instant;
use countersign_envelope::signature::Role;
use countersign_index::queue::{Kept, Queue, Rules};
use countersign_journal::NoRecord;
use countersign_signers::devices::Devices;
use countersign_store::directory;
use countersign_views::RawPart;
use secrecy::SecretString;
use tempfile::TempDir;

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
        let directory = tempfile::tempdir().unwrap();
        let passphrase = SecretString::from("demo");
        Demo::one_level(1, 1, Some(level)).write(directory.path(), &passphrase).unwrap();
        let run = directory.path().join(directory::find(directory.path()).unwrap().runs.remove(0));
        let keyring = directory.path().join("keyring.json");
        let roots = keyring.with_file_name("attestation-roots");
        let rules = Rules { policy, keyring, roots, log: None, ledger: None, brought: false };
        let queue = Queue::open(directory.path(), rules, Kept::default(), now, |_| {}).unwrap();
        Self { directory, queue, run }
    }

    fn begin_with(&self, signers: Vec<SignerProfile>) -> (Session, Receiver<CeremonyView>) {
        let (sender, views) = channel();
        let listener = move |view: &CeremonyView| {
            let _ = sender.send(view.clone());
        };
        let desk = SigningDesk {
            root: self.directory.path().to_owned(),
            rules: self.queue.context(),
            profiles: signers,
            devices: Devices::default(),
            recorder: Arc::new(NoRecord),
        };
        (Session::begin((7, 3), &self.run, desk, listener), views)
    }

    fn begin(&self) -> (Session, Receiver<CeremonyView>) {
        self.begin_with(demo::signers(self.directory.path()))
    }
}

fn choice(signer: &str, signer_id: &str, role: Role) -> CeremonyChoice {
    CeremonyChoice {
        signer: signer.to_owned(),
        signer_id: signer_id.to_owned(),
        role,
        threshold: 2,
        required_roles: Vec::new(),
    }
}

fn names(views: &Receiver<CeremonyView>) -> Vec<&'static str> {
    views
        .try_iter()
        .map(|view| match view.state {
            CeremonyState::Reading => "reading",
            CeremonyState::Choosing => "choosing",
            CeremonyState::SecretNeeded { .. } => "secret",
            CeremonyState::TouchNeeded { .. } | CeremonyState::TouchMissed { .. } => "touch",
            CeremonyState::Signing { .. } => "signing",
            CeremonyState::Verifying => "verifying",
            CeremonyState::Writing => "writing",
            CeremonyState::Done { .. } => "done",
            CeremonyState::Refused { .. } => "refused",
        })
        .collect()
}

#[test]
fn an_operator_signs_and_the_level_rises() {
    let station = Station::with(Level::L1, Policy::default());
    let (session, views) = station.begin();
    let view = session.view();
    assert_eq!((view.id, view.envelope), (7, 3));
    assert!(view.act.starts_with("Sign DEC-"), "{}", view.act);
    assert!(view.terms.fixed, "a first signature sets no terms");
    assert_eq!(view.artifacts.len(), 2, "run and manifest in one act");
    let lines = session.lines(RawPart::Manifest, 0, 1000);
    let lines_read: Vec<&str> = lines.lines.iter().map(|line| line.text.as_str()).collect();
    let manifest = fs::read_to_string(station.run.with_extension("manifest.json")).unwrap();
    assert_eq!(lines_read, manifest.lines().collect::<Vec<_>>());

    session.have_read().unwrap();
    let view = session.choose(choice("Demo operator", "o.operator", Role::Operator)).unwrap();
    assert!(view.act.ends_with(" as operator"));
    assert!(matches!(view.state, CeremonyState::SecretNeeded { problem: None, .. }));
    let view = session.secret(&SecretString::from("wrong"), LastTry::NotConfirmed).unwrap();
    assert!(matches!(view.state, CeremonyState::SecretNeeded { problem: Some(_), .. }));
    let view = session.secret(&SecretString::from("demo"), LastTry::NotConfirmed).unwrap();
    let CeremonyState::Done { written, level_before, level, missing, .. } = view.state else {
        panic!("{:?}", view.state);
    };
    assert_eq!(written.len(), 2);
    assert_eq!((level_before, level), (Some(1), Some(2)));
    assert!(missing.is_some_and(|missing| missing.contains("transparency log")));
    assert!(session.is_done());
    let stages = names(&views);
    let expected = "reading choosing secret secret signing verifying writing done";
    assert_eq!(stages.join(" "), expected);
}

#[test]
fn a_witness_may_raise_the_terms_of_the_policy_and_never_lower_them() {
    let policy = Policy { min_threshold: 3, ..Policy::default() };
    let station = Station::with(Level::L2, policy);
    let (session, _told) = station.begin();
    let view = session.view();
    assert!(view.act.starts_with("Co-sign "));
    assert!(!view.terms.fixed, "the second signature makes the envelope");
    assert_eq!(view.terms.threshold, 3);
    session.have_read().unwrap();
    let witness = |threshold| CeremonyChoice {
        threshold,
        required_roles: vec![Role::Auditor],
        ..choice("Demo witness", "w.witness", Role::Witness)
    };
    let failure = session.choose(witness(2)).unwrap_err();
    assert_eq!(failure.code, "threshold_too_low");
    session.choose(witness(4)).unwrap();
    session.secret(&SecretString::from("demo"), LastTry::NotConfirmed).unwrap();
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
    let (session, _told) = station.begin_with(signers);
    let keys = session.view().keys;
    let key = |name: &str| keys.iter().find(|key| key.signer == name).unwrap();
    let problem = |name: &str| key(name).problem.clone().unwrap_or_default();
    assert!(problem("Demo operator").contains("signed already"), "{}", problem("Demo operator"));
    assert_eq!(key("Demo witness").problem, None);
    assert_eq!(key("Demo witness").roles, [Role::Witness]);
    assert!(key("Demo witness").known && !key("gone").known);
    assert_eq!(key("gone").roles.len(), 4, "nobody says which");
    assert!(problem("gone").contains("/nonexistent/key.pem"));
    assert!(problem("unprobed").contains("probe"));
    session.have_read().unwrap();
    let failure = session.choose(choice("unprobed", "someone", Role::Witness)).unwrap_err();
    assert_eq!(failure.code, "not_probed");
    assert!(matches!(session.view().state, CeremonyState::Choosing), "another can be chosen");
}

#[test]
fn a_run_that_changed_is_refused_in_words_and_nothing_is_written() {
    let station = Station::with(Level::L1, Policy::default());
    let (session, views) = station.begin();
    let text = fs::read_to_string(&station.run).unwrap();
    fs::write(&station.run, text.replacen('{', "{ ", 1)).unwrap();
    let view = session.have_read().unwrap();
    let CeremonyState::Refused { failure } = view.state else { panic!("{:?}", view.state) };
    assert_eq!(failure.code, "changed");
    assert!(failure.message().contains("changed since it was read"), "{failure:?}");
    assert_eq!(names(&views).last(), Some(&"refused"));
    assert!(!PathBuf::from(format!("{}.sig.json", station.run.display())).exists());
}

#[test]
fn breaking_off_is_the_last_word() {
    let station = Station::with(Level::L1, Policy::default());
    let (session, views) = station.begin();
    session.have_read().unwrap();
    session.cancel();
    assert_eq!(names(&views), ["reading", "choosing", "refused"]);
    let view = session.choose(choice("Demo operator", "o.operator", Role::Operator)).unwrap();
    assert!(matches!(view.state, CeremonyState::Refused { .. }));
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
            command: "sleep 600".to_owned(),
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
    let (session, views) = station.begin_with(vec![signer]);
    session.have_read().unwrap();
    std::thread::scope(|scope| {
        let signing = scope.spawn(|| session.choose(choice("hangs", "hsm", Role::Operator)));
        // Told of the seconds, it runs.
        let runs = |view: CeremonyView| {
            matches!(view.state, CeremonyState::Signing { seconds: Some(600), .. })
        };
        assert!(views.iter().any(runs));
        session.cancel();
        let view = signing.join().expect("it ends").unwrap();
        let CeremonyState::Refused { failure } = view.state else { panic!("{:?}", view.state) };
        assert!(failure.message().starts_with("cancelled"), "{failure:?}");
    });
}
