//! The history of real directories: its records, their times, and that every way of reading gives
//! the same.

// Helpers of tests may fail the test.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant as Clock};

use countersign_admissibility::Judge;
use countersign_admissibility::attestation::AttestationRoots;
use countersign_admissibility::certificate_names::NameTrust;
use countersign_admissibility::level::Level;
use countersign_admissibility::policy::Policy;
use countersign_admissibility::signatures::Standing;
use countersign_admissibility::time_stamp::TsaRoots;
use countersign_demo::Demo;
use countersign_envelope::file_name::signature_of;
use countersign_envelope::instant::Instant;
use countersign_envelope::signature::{Role, SignerType};
use countersign_index::history::{
    self, History, HistoryFilter, HistoryFormat, HistoryView, SignedOn,
};
use countersign_index::queue::{Event, Kept, LevelFilter, Queue, Rules};
use countersign_store::directory;
use countersign_store::logs::LogBook;
use countersign_trust::keyring_file;
use secrecy::SecretString;
use tempfile::TempDir;

/// Far longer than anything takes: a test that waits so long has failed.
const BOUND: Duration = Duration::from_secs(60);

/// Later than anything in the demonstration.
fn now() -> Instant {
    Instant::parse("2026-12-31T00:00:00Z").unwrap()
}

struct Place {
    temporary: TempDir,
}

impl Place {
    fn with(demo: &Demo) -> Self {
        let place = Self { temporary: tempfile::tempdir().unwrap() };
        demo.write(&place.root(), &SecretString::from("demo")).unwrap();
        place
    }

    fn root(&self) -> PathBuf {
        self.temporary.path().join("sealed")
    }

    /// The path of the signatures on the run of a decision.
    fn signatures(&self, decision: &str) -> PathBuf {
        let runs = directory::find(&self.root()).unwrap().runs;
        let is_it = |run: &PathBuf| {
            let text = fs::read_to_string(self.root().join(run)).unwrap();
            text.contains(&format!("\"{decision}\""))
        };
        let run = runs.into_iter().find(is_it).unwrap();
        self.root().join(signature_of(run.to_str().unwrap()))
    }

    /// The history by one pass over the directory, as the command line goes over it.
    fn history(&self) -> History {
        let root = self.root();
        let keyring = keyring_file::read(&root.join("keyring.json")).unwrap();
        let (policy, roots) = (Policy::default(), AttestationRoots::default());
        let judge = Judge {
            policy: &policy,
            keyring: &keyring,
            roots: &roots,
            tsa_roots: &TsaRoots::default(),
            names: &NameTrust::default(),
            hmac_key: None,
            now: now(),
        };
        let runs = directory::find(&root).unwrap().runs;
        History::read(&root, &runs, &judge, &LogBook::default(), || {})
    }

    /// The same, written.
    fn written(&self, filter: &HistoryFilter, format: HistoryFormat) -> String {
        let mut bytes = Vec::new();
        history::write(&self.history().records(filter), format, &mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    fn open(&self) -> (Queue, Receiver<Event>) {
        let root = self.root();
        let rules = Rules {
            policy: Policy::default(),
            keyring: root.join("keyring.json"),
            roots: root.join("attestation-roots"),
            tsa_roots: root.join("tsa-roots"),
            name_roots: root.join("name-roots"),
            crls: root.join("crls"),
            log: None,
            ledger: None,
            brought: false,
        };
        let (sender, events) = mpsc::channel();
        let listener = move |event| {
            let _ = sender.send(event);
        };
        let catalogue = self.temporary.path().join("catalogue.sqlite");
        (Queue::open(&root, rules, Kept::catalogue(catalogue), now, listener).unwrap(), events)
    }

    fn export(&self, queue: &Queue, format: HistoryFormat) -> String {
        // A history of another form would not be written over.
        let path = self.temporary.path().join(format!("export.{format:?}"));
        queue.export(&HistoryFilter::default(), format, &path).unwrap();
        fs::read_to_string(path).unwrap()
    }
}

fn wait((queue, events): &(Queue, Receiver<Event>), mut is_so: impl FnMut(&Queue) -> bool) {
    let deadline = Clock::now() + BOUND;
    while !is_so(queue) {
        let left = deadline.saturating_duration_since(Clock::now());
        if events.recv_timeout(left).is_err() {
            panic!("waited in vain: {:?}", queue.state());
        }
    }
}

fn is_idle(queue: &Queue) -> bool {
    queue.state().progress.is_none()
}

/// Who signed which decision and when, in the columns for the window.
fn acts(view: &HistoryView) -> Vec<(String, String, Option<i64>)> {
    let all = &view.signatures;
    let act = |at: usize| {
        let person = view.people[all.person[at] as usize].clone();
        (person, view.envelopes.decision[all.envelope[at] as usize].clone(), all.at[at])
    };
    (0..all.at.len()).map(act).collect()
}

#[test]
fn a_signature_on_run_and_manifest_is_one_record() {
    let place = Place::with(&Demo::all_levels(9, 1));
    let history = place.history();
    let records = history.records(&HistoryFilter::default());
    // One signs at no level, L2 and L3; two from L4 on.
    assert_eq!(records.len(), 3 + 2 * 4);
    assert!(records.iter().all(|record| record.signed == SignedOn::Both));
    let last = records.last().unwrap();
    assert_eq!((last.signer_id, last.level), ("demo.hardware-witness", 7));
    assert_eq!(last.kind, SignerType::Hardware);
    assert_eq!(last.reason, "verifies; the key is in the keyring, for this signer and role");
    assert_eq!(last.signed_at.as_deref(), Some("2026-01-05T08:08:00Z"));
    assert_eq!(last.registered_at.as_deref(), Some("2026-01-05T08:08:00Z"));
}

#[test]
fn signatures_only_on_the_manifest_or_invalid_on_it_are_marked() {
    let place = Place::with(&Demo::all_levels(9, 1));
    fs::remove_file(place.signatures("DEC-004")).unwrap();
    // The signatures of another manifest do not verify over this one.
    let manifest = |decision: &str| {
        let run = place.signatures(decision);
        PathBuf::from(run.to_str().unwrap().replace(".json.sig", ".manifest.json.sig"))
    };
    fs::copy(manifest("DEC-009"), manifest("DEC-008")).unwrap();
    let history = place.history();
    let records = history.records(&HistoryFilter::default());
    let of = |decision: &'static str| records.iter().filter(move |one| one.decision_id == decision);
    let only: Vec<_> = of("DEC-004").collect();
    assert_eq!(only.len(), 1);
    assert_eq!((only[0].signed, only[0].standing), (SignedOn::Manifest, Standing::Valid));
    for one in of("DEC-008") {
        assert_eq!((one.signed, one.standing), (SignedOn::Both, Standing::Invalid));
        assert!(one.reason.starts_with("on the manifest: "), "{}", one.reason);
    }
}

#[test]
fn the_queue_the_catalogue_and_one_pass_tell_the_same() {
    let place = Place::with(&Demo::history(300, 1));
    let opened = place.open();
    wait(&opened, is_idle);
    let view = opened.0.history();
    let count = view.signatures.at.len();
    assert!(count >= 300);
    for format in HistoryFormat::ALL {
        let wanted = place.written(&HistoryFilter::default(), *format);
        assert_eq!(place.export(&opened.0, *format), wanted);
    }
    drop(opened);
    let again = place.open();
    // From the catalogue, before anything is compared with the disk.
    wait(&again, |queue| queue.history().signatures.at.len() == count);
    assert_eq!(acts(&again.0.history()), acts(&view));
    let wanted = place.written(&HistoryFilter::default(), HistoryFormat::Csv);
    assert_eq!(place.export(&again.0, HistoryFormat::Csv), wanted);
}

#[test]
fn the_history_follows_the_files() {
    let place = Place::with(&Demo::all_levels(9, 1));
    let opened = place.open();
    wait(&opened, is_idle);
    assert_eq!(opened.0.history().signatures.at.len(), 11);
    let before = opened.0.history().revision;
    fs::remove_file(place.signatures("DEC-009")).unwrap();
    // The rest are those on the manifest.
    wait(&opened, |queue| queue.history().signatures.manifest_only.contains(&1));
    let view = opened.0.history();
    assert!(view.revision > before);
    assert_eq!(view.signatures.manifest_only.iter().filter(|only| **only == 1).count(), 2);
    let columns = [view.signatures.person.len(), view.signatures.key.len()];
    assert_eq!(columns, [11, 11]);
}

#[test]
fn a_record_has_to_match_every_filter() {
    let place = Place::with(&Demo::all_levels(9, 1));
    let history = place.history();
    let count = |filter: HistoryFilter| history.records(&filter).len();
    let all = HistoryFilter::default;
    assert_eq!(count(all()), 11);
    assert_eq!(count(HistoryFilter { people: vec!["o.operator".into()], ..all() }), 7);
    let both = vec!["w.witness".into(), "demo.hardware-witness".into()];
    assert_eq!(count(HistoryFilter { people: both, ..all() }), 4);
    assert_eq!(count(HistoryFilter { roles: vec![Role::Witness], ..all() }), 4);
    assert_eq!(count(HistoryFilter { kinds: vec![SignerType::Hardware], ..all() }), 2);
    assert_eq!(count(HistoryFilter { levels: vec![LevelFilter::L7], ..all() }), 2);
    assert_eq!(count(HistoryFilter { levels: vec![LevelFilter::None], ..all() }), 1);
    assert_eq!(count(HistoryFilter { standings: vec![Standing::Invalid], ..all() }), 0);
    let records = history.records(&all());
    let witness = records.iter().find(|one| one.signer_id == "w.witness").unwrap();
    let print = witness.fingerprint.clone().unwrap();
    for key in ["ds-demo-2026-02", print.as_str(), &print[..8].to_uppercase()] {
        assert_eq!(count(HistoryFilter { keys: vec![key.to_owned()], ..all() }), 2, "{key}");
    }
    assert_eq!(count(HistoryFilter { keys: vec![print[..7].to_owned()], ..all() }), 0);
    // Both ends belong to it.
    let at = |text| Instant::parse(text).map(|at| at.unix());
    let (since, until) = (at("2026-01-05T08:04:00Z"), at("2026-01-05T08:05:00Z"));
    assert_eq!(count(HistoryFilter { since, until, ..all() }), 3);
    let roles = vec![Role::Witness];
    assert_eq!(count(HistoryFilter { since, until, roles, ..all() }), 1);
}

#[test]
fn levels_are_reached_one_after_another_by_the_times_of_the_files() {
    let place = Place::with(&Demo::history(400, 3));
    let opened = place.open();
    wait(&opened, is_idle);
    let HistoryView { envelopes, .. } = opened.0.history();
    let at = |index: usize| {
        [
            (-1, envelopes.sealed[index]),
            (2, envelopes.signed[index]),
            (3, envelopes.registered[index]),
            (4, envelopes.cosigned[index]),
            (6, envelopes.vouched[index]),
        ]
    };
    for (index, level) in envelopes.level.iter().enumerate() {
        let reached = at(index);
        let times: Vec<i64> = reached.iter().map_while(|(_, at)| *at).collect();
        assert!(times.is_sorted(), "{times:?}");
        let wanted = reached.iter().filter(|(needs, _)| level >= needs).count();
        assert_eq!(times.len(), wanted, "L{level}: {reached:?}");
    }
    let highest = envelopes.level.iter().max().copied();
    assert_eq!(highest, Some(Level::L7.number().cast_signed()));
}

#[test]
fn the_long_demonstration_has_every_person_and_every_fault() {
    let place = Place::with(&Demo::history(4000, 1));
    let history = place.history();
    let records = history.records(&HistoryFilter::default());
    assert!((4000..4004).contains(&records.len()), "{}", records.len());
    let people: HashSet<&str> = records.iter().map(|record| record.signer_id).collect();
    assert_eq!(people.len(), 13);
    let mut standings: HashMap<Standing, usize> = HashMap::new();
    records.iter().for_each(|record| *standings.entry(record.standing).or_default() += 1);
    assert!(standings[&Standing::Invalid] > 0 && standings[&Standing::NotAccepted] > 5);
    assert!(standings[&Standing::Valid] > 3900);
    let kinds: HashSet<SignerType> = records.iter().map(|record| record.kind).collect();
    assert_eq!(kinds.len(), 3);
    let years: HashSet<&str> =
        records.iter().filter_map(|record| record.signed_at.as_deref()?.get(..4)).collect();
    assert!((2021..=2025).all(|year| years.contains(year.to_string().as_str())), "{years:?}");
    let revoked = records.iter().find(|record| record.reason.contains("revoked"));
    assert_eq!(revoked.map(|record| record.signer_id), Some("l.moreau"));
}

#[test]
fn the_same_seed_makes_the_same_years() {
    let [one, same, other] = [1, 1, 2].map(|seed| Place::with(&Demo::history(60, seed)));
    let text = |place: &Place| place.written(&HistoryFilter::default(), HistoryFormat::Json);
    assert_eq!(text(&one), text(&same));
    assert_ne!(text(&one), text(&other));
    let log = |place: &Place| fs::read(place.root().join("transparency_log.ndjson")).unwrap();
    assert_eq!(log(&one), log(&same));
}

#[test]
fn a_failed_export_leaves_the_existing_file() {
    let place = Place::with(&Demo::all_levels(9, 1));
    let opened = place.open();
    wait(&opened, is_idle);
    let directory = place.temporary.path().join("taken");
    fs::create_dir(&directory).unwrap();
    let nowhere = Path::new("/nonexistent/history.csv");
    for path in [directory.as_path(), nowhere] {
        let error =
            opened.0.export(&HistoryFilter::default(), HistoryFormat::Csv, path).unwrap_err();
        assert!(error.to_string().contains(&path.display().to_string()), "{error}");
    }
    // A file that is not a history in the same form is not overwritten, whatever a dialog
    // confirmed.
    let log = place.root().join("transparency_log.ndjson");
    let (notes, earlier) = (directory.join("notes.csv"), directory.join("history.csv"));
    fs::write(&notes, "a,b\n").unwrap();
    for format in [HistoryFormat::Csv, HistoryFormat::Json] {
        for path in [&log, &notes] {
            let before = fs::read(path).unwrap();
            let error = opened.0.export(&HistoryFilter::default(), format, path).unwrap_err();
            assert!(error.to_string().contains("nothing was changed"), "{error}");
            assert_eq!(fs::read(path).unwrap(), before);
        }
    }
    let export = |format| opened.0.export(&HistoryFilter::default(), format, &earlier);
    export(HistoryFormat::Csv).unwrap();
    export(HistoryFormat::Csv).unwrap();
    export(HistoryFormat::Json).unwrap_err();
    assert!(directory.is_dir());
}
