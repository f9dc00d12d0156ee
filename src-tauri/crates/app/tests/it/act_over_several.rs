//! An act over several envelopes: what is listed, left out, signed, stopped and continued.

// Helpers of tests may fail the test.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, Weak};

use countersign_admissibility::level::Level;
use countersign_admissibility::policy::Policy;
use countersign_ceremony::act::view::{
    ActChoice, ActCounts, ActOutcome, ActProgress, ActRow, ActStage, ActView,
};
use countersign_ceremony::act::{Act, ActNews};
use countersign_ceremony::ceremony::LastTry;
use countersign_ceremony::desk::SigningDesk;
use countersign_ceremony::key_ref::KeyRef;
use countersign_ceremony::signer_profile::{KeySource, SignerProfile};
use countersign_demo::{self as demo, Demo};
use countersign_envelope::instant::Instant;
use countersign_envelope::signature::Role;
use countersign_envelope::signature_file::SignatureFile;
use countersign_index::queue::{Kept, Queue, Rules};
use countersign_journal::{Event, JournalError, NoRecord, Recorder};
use countersign_signers::devices::Devices;
use countersign_store::directory;
use countersign_store::safe_write::WriteError;
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
    runs: Vec<PathBuf>,
}

type Watching = Arc<OnceLock<Box<dyn Fn(ActNews<'_>) + Send + Sync>>>;

impl Station {
    /// So many envelopes of one level.
    fn with(envelopes: usize, level: Level, policy: Policy) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let demo = Demo::one_level(envelopes, 1, Some(level));
        demo.write(directory.path(), &SecretString::from("demo")).unwrap();
        let runs = directory::find(directory.path()).unwrap().runs;
        let runs = runs.into_iter().map(|run| directory.path().join(run)).collect();
        let keyring = directory.path().join("keyring.json");
        let roots = keyring.with_file_name("attestation-roots");
        let rules = Rules {
            policy,
            keyring,
            roots,
            tsa_roots: "/nowhere".into(),
            name_roots: "/nowhere".into(),
            crls: "/nowhere".into(),
            log: None,
            ledger: None,
            brought: false,
        };
        let queue = Queue::open(directory.path(), rules, Kept::default(), now, |_| {}).unwrap();
        Self { directory, queue, runs }
    }

    fn begin(&self) -> (Arc<Act>, Watching) {
        self.begin_with(demo::signers(self.directory.path()), Arc::new(NoRecord))
    }

    /// A act over all envelopes, its list ready to be read; and a place for who watches it.
    fn begin_with(
        &self,
        signers: Vec<SignerProfile>,
        recorder: Arc<dyn Recorder>,
    ) -> (Arc<Act>, Watching) {
        let watching = Watching::default();
        let watched = Arc::clone(&watching);
        let listener = move |news: ActNews<'_>| {
            if let Some(watch) = watched.get() {
                watch(news);
            }
        };
        let desk = SigningDesk {
            root: self.directory.path().to_owned(),
            rules: self.queue.context(),
            profiles: signers,
            devices: Devices::default(),
            recorder,
        };
        let act = Act::new(7, desk, listener);
        let all: Vec<_> = (0..).zip(self.runs.iter().cloned()).collect();
        act.gather(&all);
        (Arc::new(act), watching)
    }

    fn signatures(&self, at: usize) -> Option<SignatureFile> {
        let mut path = self.runs[at].clone().into_os_string();
        path.push(".sig.json");
        Some(SignatureFile::parse(&fs::read(path).ok()?).unwrap())
    }

    /// Every file with its bytes.
    fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let files = fs::read_dir(self.directory.path()).unwrap();
        let files = files.map(|entry| entry.unwrap().path()).filter(|path| path.is_file());
        files.map(|path| (path.clone(), fs::read(path).unwrap())).collect()
    }
}

fn witness() -> ActChoice {
    choice("Demo witness", "w.witness", Role::Witness)
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

fn key(name: &str) -> KeyRef {
    KeyRef::Profile { name: name.to_owned() }
}

fn right() -> SecretString {
    SecretString::from("demo")
}

fn rows(act: &Act, outcome: ActOutcome) -> Vec<ActRow> {
    act.rows(Some(outcome), 0, 1000)
}

/// Stops the act when so many are written.
fn stop_after(act: &Arc<Act>, watching: &Watching, written: usize) {
    let act: Weak<Act> = Arc::downgrade(act);
    let count = Mutex::new(0);
    let watch = move |news: ActNews<'_>| {
        if let ActNews::Written(_) = news {
            let mut count = count.lock().unwrap();
            *count += 1;
            if *count == written {
                act.upgrade().unwrap().stop();
            }
        }
    };
    assert!(watching.set(Box::new(watch)).is_ok());
}

fn counts(view: &ActView) -> (u32, u32, u32, u32, u32) {
    let ActCounts { ready, left_out, written, failed, not_reached } = view.counts;
    (ready, left_out, written, failed, not_reached)
}

#[test]
fn twelve_are_co_signed_with_one_passphrase() {
    let station = Station::with(12, Level::L3, Policy::default());
    let (act, _) = station.begin();
    let view = act.view();
    assert_eq!(view.stage, ActStage::Reading);
    assert_eq!(view.terms.len(), 1);
    assert_eq!((view.terms[0].envelopes, view.terms[0].terms.threshold), (12, 2));

    // The list has the decision and the digest of what will be signed, in order.
    let listed = act.rows(None, 0, 1000);
    assert_eq!(listed.len(), 12);
    for (row, run) in listed.iter().zip(&station.runs) {
        assert!(run.ends_with(&row.file));
        assert!(row.decision_id.starts_with("DEC-") && !row.title.is_empty());
        let read = act.open(row.at).unwrap();
        assert_eq!(read.artifacts.len(), 2);
        assert_eq!(row.digest.as_ref(), Some(&read.artifacts[0].digest));
        let lines = act.lines(RawPart::Run, 0, 10_000);
        let lines: Vec<&str> = lines.lines.iter().map(|line| line.text.as_str()).collect();
        assert_eq!(lines, fs::read_to_string(run).unwrap().lines().collect::<Vec<_>>());
    }

    act.have_read().unwrap();
    let view = act.choose(witness()).unwrap();
    assert!(matches!(view.now, Some(ActProgress::SecretNeeded { problem: None, .. })));
    let before = station.files();
    let view = act.secret(&SecretString::from("wrong"), LastTry::NotConfirmed).unwrap();
    assert!(matches!(view.now, Some(ActProgress::SecretNeeded { problem: Some(_), .. })));
    assert_eq!(station.files(), before);
    let view = act.secret(&right(), LastTry::NotConfirmed).unwrap();
    assert_eq!(view.stage, ActStage::Ended);
    assert_eq!(counts(&view), (0, 0, 12, 0, 0));
    assert_eq!((view.turn.done, view.turn.of), (12, 12));
    for (at, row) in rows(&act, ActOutcome::Written).iter().enumerate() {
        assert_eq!(row.level_before, Some(3));
        assert!(row.level >= Some(4), "{row:?}");
        let file = station.signatures(at).unwrap();
        assert_eq!(file.signatures().len(), 2);
        assert_eq!(file.threshold(), Some(2));
    }
}

#[test]
fn it_stops_between_two_and_goes_on_with_the_rest_with_the_secret_asked_again() {
    let station = Station::with(8, Level::L3, Policy::default());
    let (act, watching) = station.begin();
    stop_after(&act, &watching, 3);
    act.have_read().unwrap();
    act.choose(witness()).unwrap();
    let view = act.secret(&right(), LastTry::NotConfirmed).unwrap();
    assert_eq!((view.stage, view.stopped), (ActStage::Ended, None));
    assert_eq!(view.counts.written, 3, "what is written stands");
    assert_eq!(view.counts.not_reached, 5);
    let signed = |at| station.signatures(at).unwrap().signatures().len();
    assert_eq!((0..8).map(signed).collect::<Vec<_>>(), [2, 2, 2, 1, 1, 1, 1, 1]);

    let view = act.go_on().unwrap();
    assert_eq!((view.stage, view.counts.ready), (ActStage::Choosing, 5));
    let view = act.choose(witness()).unwrap();
    assert_eq!(view.stage, ActStage::SecretNeeded, "the key was let go");
    let view = act.secret(&right(), LastTry::NotConfirmed).unwrap();
    assert_eq!(counts(&view), (0, 0, 8, 0, 0));
    assert_eq!((0..8).map(signed).collect::<Vec<_>>(), [2; 8]);
    assert_eq!(act.go_on().unwrap_err().code, "out_of_turn", "nothing is left");
}

#[test]
fn it_stops_while_the_secret_is_asked_for_and_nothing_is_written() {
    let station = Station::with(3, Level::L3, Policy::default());
    let (act, _) = station.begin();
    let before = station.files();
    act.have_read().unwrap();
    act.choose(witness()).unwrap();
    act.stop();
    let view = act.view();
    assert_eq!((view.stage, view.counts.not_reached), (ActStage::Ended, 3));
    assert_eq!(station.files(), before);
}

#[test]
fn envelopes_already_signed_or_not_signable_are_marked_and_left_out() {
    let station = Station::with(5, Level::L3, Policy::default());
    // One is changed after sealing; one is no JSON at all; one has gone.
    let text = fs::read_to_string(&station.runs[0]).unwrap();
    fs::write(&station.runs[0], text.replacen("DEC-", "DEX-", 1)).unwrap();
    fs::write(&station.runs[1], "{").unwrap();
    fs::remove_file(&station.runs[2]).unwrap();
    let (act, _) = station.begin();
    let view = act.view();
    assert_eq!(counts(&view), (2, 3, 0, 0, 0));
    let why: Vec<_> = rows(&act, ActOutcome::LeftOut)
        .into_iter()
        .map(|row| row.why.unwrap().code.name())
        .collect();
    assert_eq!(why, ["not_admissible", "not_an_artifact", "not_found"]);

    act.have_read().unwrap();
    let view = act.consider(&choice("Demo operator", "o.operator", Role::Witness)).unwrap();
    assert_eq!(counts(&view), (0, 5, 0, 0, 0));
    let why = rows(&act, ActOutcome::LeftOut)[3].why.clone().unwrap();
    assert_eq!(why.code, "signed_already");
    let operator = choice("Demo operator", "o.operator", Role::Operator);
    assert_eq!(act.choose(operator).unwrap_err().code, "nothing_to_sign");
    // By name alone too.
    let view = act.consider(&choice("Demo witness", "o.operator", Role::Witness)).unwrap();
    assert_eq!(view.counts.left_out, 5);

    let view = act.consider(&choice("Demo witness", "w.witness", Role::Witness)).unwrap();
    assert_eq!(view.counts.ready, 2, "another key may");
    act.choose(witness()).unwrap();
    let view = act.secret(&right(), LastTry::NotConfirmed).unwrap();
    assert_eq!(counts(&view), (0, 3, 2, 0, 0));
    assert_eq!(fs::read_to_string(&station.runs[1]).unwrap(), "{");
}

#[test]
fn an_envelope_changed_since_it_was_listed_is_refused_and_the_others_are_signed() {
    let station = Station::with(4, Level::L3, Policy::default());
    let (act, _) = station.begin();
    let manifest = |at: usize| station.runs[at].with_extension("manifest.json");
    // A space more is another file, though the canonical bytes are the same.
    let text = fs::read_to_string(&station.runs[1]).unwrap();
    fs::write(&station.runs[1], format!("{text} ")).unwrap();
    fs::remove_file(manifest(2)).unwrap();
    assert_eq!(act.open(1).unwrap_err().code, "changed");
    act.have_read().unwrap();
    act.choose(witness()).unwrap();
    let view = act.secret(&right(), LastTry::NotConfirmed).unwrap();
    assert_eq!(counts(&view), (0, 0, 2, 2, 0));
    for row in rows(&act, ActOutcome::Failed) {
        assert_eq!(row.why.unwrap().code, "changed");
        assert_eq!(station.signatures(row.at as usize).unwrap().signatures().len(), 1);
    }
}

#[test]
fn a_key_that_may_not_sign_ends_it_for_all() {
    let station = Station::with(3, Level::L3, Policy::default());
    let (act, _) = station.begin();
    let before = station.files();
    act.have_read().unwrap();
    // The keyring has this key for a witness, not for an auditor; that is known without a secret.
    let view = act.choose(choice("Demo witness", "w.witness", Role::Auditor)).unwrap();
    assert_eq!(view.stage, ActStage::Ended);
    assert_eq!(view.stopped.unwrap().code, "not_accepted");
    assert_eq!(view.counts.not_reached, 3);
    assert_eq!(station.files(), before);
}

#[test]
fn first_signatures_set_the_terms_of_the_policy() {
    let policy =
        Policy { min_threshold: 3, required_roles: vec![Role::Auditor], ..Policy::default() };
    let station = Station::with(2, Level::L3, policy);
    let (act, _) = station.begin();
    let terms = act.view().terms;
    assert_eq!(terms.len(), 1);
    assert_eq!(terms[0].terms.threshold, 3);
    assert!(terms[0].terms.required_roles.contains(&Role::Auditor));
    act.have_read().unwrap();
    // The threshold cannot be lowered.
    act.choose(witness()).unwrap();
    act.secret(&right(), LastTry::NotConfirmed).unwrap();
    for at in 0..2 {
        let file = station.signatures(at).unwrap();
        assert_eq!(file.threshold(), Some(3));
        assert_eq!(file.witness_requirements(), ["operator", "witness", "auditor"]);
    }
}

/// A signer behind a command, probed.
fn command(line: &str) -> SignerProfile {
    let mut signer = SignerProfile {
        name: "kms".to_owned(),
        key_id: "ds-hsm-2026-01".to_owned(),
        signer_id: "hsm".to_owned(),
        source: KeySource::External {
            command: line.to_owned(),
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
    signer
}

#[cfg(unix)]
#[test]
fn a_command_that_fails_fails_for_each_and_one_that_hangs_is_stopped() {
    let station = Station::with(3, Level::L3, Policy::default());
    let before = station.files();
    // Its key is in no keyring, so that no signature would count.
    let unconfirmed = choice("kms", "hsm", Role::Witness);
    let (act, _) = station.begin_with(vec![command("false")], Arc::new(NoRecord));
    act.have_read().unwrap();
    let asked = act.choose(unconfirmed.clone()).unwrap_err();
    assert_eq!(asked.code, "changes_nothing");
    assert_eq!(act.view().effect.unwrap().words.text, "changes nothing in any of them");
    let confirmed = ActChoice { though_nothing_changes: true, ..unconfirmed };
    let view = act.choose(confirmed.clone()).unwrap();
    assert_eq!(counts(&view), (0, 0, 0, 3, 0));

    let (act, watching) =
        station.begin_with(vec![command("sh -c 'sleep 600' sh")], Arc::new(NoRecord));
    let stopping = Arc::downgrade(&act);
    let watch = move |news: ActNews<'_>| {
        if let ActNews::Changed(view) = news
            && matches!(view.now, Some(ActProgress::Signing { seconds: Some(600), .. }))
        {
            stopping.upgrade().unwrap().stop();
        }
    };
    assert!(watching.set(Box::new(watch)).is_ok());
    act.have_read().unwrap();
    let view = act.choose(confirmed.clone()).unwrap();
    assert_eq!(counts(&view), (0, 0, 0, 0, 3));
    assert_eq!(station.files(), before);
}

#[test]
fn every_attempt_is_journalled_and_nothing_is_signed_without_the_journal() {
    #[derive(Default)]
    struct Kept(Mutex<Vec<&'static str>>, Mutex<Option<usize>>);
    impl Recorder for Kept {
        fn record(&self, event: &Event) -> Result<(), JournalError> {
            let name = match event {
                Event::CeremonyBegun { .. } => "begun",
                Event::SigningAttempted { .. } => "attempted",
                Event::Signed { .. } => "signed",
                Event::SecretAsked { .. } => "secret",
                _ => "",
            };
            let mut kept = self.0.lock().unwrap();
            kept.push(name);
            let attempts = kept.iter().filter(|one| **one == "attempted").count();
            match *self.1.lock().unwrap() {
                Some(full) if name == "attempted" && attempts > full => {
                    Err(WriteError::There("/full".into()).into())
                }
                _ => Ok(()),
            }
        }
    }
    let station = Station::with(4, Level::L3, Policy::default());
    let kept = Arc::new(Kept::default());
    *kept.1.lock().unwrap() = Some(2);
    let (act, _) =
        station.begin_with(demo::signers(station.directory.path()), Arc::clone(&kept) as _);
    act.have_read().unwrap();
    act.choose(witness()).unwrap();
    let view = act.secret(&right(), LastTry::NotConfirmed).unwrap();
    assert_eq!(view.stopped.clone().unwrap().code, "journal");
    assert_eq!(counts(&view), (0, 0, 2, 0, 2));
    let of = |name| kept.0.lock().unwrap().iter().filter(|one| **one == name).count();
    assert_eq!((of("begun"), of("attempted"), of("signed"), of("secret")), (3, 3, 2, 1));
}
