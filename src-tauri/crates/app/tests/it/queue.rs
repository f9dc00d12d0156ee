//! The queue on real directories: files that come, change and go while it is open, and what it knows
//! when it is opened again.

// Helpers of tests may fail the test.
#![allow(clippy::unwrap_used, clippy::panic)]

use countersign_problem::Problem;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant as Clock};

use countersign_admissibility::keyring::{Keyring, Revocation, RevocationCode};
use countersign_admissibility::level::Level;
use countersign_admissibility::need::Need;
use countersign_admissibility::policy::{BoundaryPolicy, Policy};
use countersign_admissibility::state::State;
use countersign_app::log_acceptance::LogAcceptance;
use countersign_app::registration;
use countersign_app::workspace::Workspace;
use countersign_demo::Demo;
use countersign_envelope::canonical;
use countersign_envelope::digest::Digest;
use countersign_envelope::file_name::{
    AUTHORITY_BOUNDARY, AUTHORITY_LEDGER, TRANSPARENCY_LOG, manifest_of, signature_of,
};
use countersign_envelope::instant::Instant;
use countersign_envelope::json::{self, Value};
use countersign_envelope::run_time_stamp;
use countersign_envelope::sealed_run::SealedRun;
use countersign_exchange::merge::{self, MergedBy};
use countersign_index::queue::{
    Changes, Event, Kept, LevelFilter, Presence, Queue, QueueQuery, QueueRow, QueueShow, QueueSort,
    QueueWindow, Rules,
};
use countersign_journal::{Journal, LIMIT, NoRecord};
use countersign_store::directory;
use countersign_store::log_memory::{ChainKind, LogMemory};
use countersign_store::logs::LogBook;
use countersign_trust::keyring_file;
use countersign_views::{self as view, NextAct};
use secrecy::SecretString;
use tempfile::TempDir;

/// Far longer than anything takes: a test that waits so long has failed.
const BOUND: Duration = Duration::from_secs(60);

/// Later than anything in the demonstration.
fn now() -> Instant {
    Instant::parse("2026-12-31T00:00:00Z").unwrap()
}

/// A directory with a demonstration, the queue of it, and room for more beside.
struct Opened {
    queue: Queue,
    events: Receiver<Event>,
    root: PathBuf,
    beside: PathBuf,
}

fn made(demo: &Demo, directory: &Path) {
    demo.write(directory, &SecretString::from("demo")).unwrap();
}

fn rules(root: &Path) -> Rules {
    Rules {
        policy: Policy::default(),
        keyring: root.join("keyring.json"),
        roots: root.join("attestation-roots"),
        tsa_roots: root.join("tsa-roots"),
        name_roots: root.join("name-roots"),
        crls: root.join("crls"),
        log: None,
        ledger: None,
        brought: false,
    }
}

impl Opened {
    /// A demonstration in a new directory, opened, and everything judged.
    fn new(temporary: &TempDir, demo: &Demo) -> Self {
        let root = temporary.path().join("sealed");
        made(demo, &root);
        let opened = Self::of(temporary, rules(&root));
        opened.wait_until_idle();
        opened
    }

    fn of(temporary: &TempDir, rules: Rules) -> Self {
        Self::remembering(temporary, rules, None)
    }

    fn remembering(temporary: &TempDir, rules: Rules, memory: Option<LogMemory>) -> Self {
        let root = temporary.path().join("sealed");
        let catalogue = temporary.path().join("catalogue.sqlite");
        let (sender, events) = mpsc::channel();
        let listener = move |event| {
            let _ = sender.send(event);
        };
        let kept = Kept { catalogue: Some(catalogue), memory };
        let queue = Queue::open(&root, rules, kept, now, listener).unwrap();
        Self { queue, events, root, beside: temporary.path().join("beside") }
    }

    /// Waits for a condition, checking it after every event.
    fn wait(&self, what: &str, mut is_so: impl FnMut(&Queue) -> bool) {
        let deadline = Clock::now() + BOUND;
        while !is_so(&self.queue) {
            let left = deadline.saturating_duration_since(Clock::now());
            if self.events.recv_timeout(left).is_err() {
                panic!("waited in vain for {what}: {:?}, {:#?}", self.queue.state(), self.all());
            }
        }
    }

    fn wait_until_idle(&self) {
        self.wait("all work to be done", |queue| queue.state().progress.is_none());
    }

    fn wait_for_rows(&self, count: u32) {
        self.wait(&format!("{count} rows"), |queue| all(queue).all == count);
    }

    fn wait_for_level(&self, run: &Path, level: Option<Level>) {
        let level = level.map(Level::number);
        self.wait(&format!("{} to reach {level:?}", run.display()), |queue| {
            queue.find(run).and_then(|id| queue.row(id)).is_some_and(|row| row.level == level)
        });
    }

    fn row(&self, run: &Path) -> QueueRow {
        self.queue.row(self.queue.find(run).unwrap()).unwrap()
    }

    fn all(&self) -> Vec<QueueRow> {
        all(&self.queue).rows
    }

    fn runs(&self) -> Vec<PathBuf> {
        runs_of(&self.root)
    }

    /// More envelopes, beside the directory, to be moved there.
    fn more(&self, demo: &Demo) -> Vec<PathBuf> {
        made(demo, &self.beside);
        runs_of(&self.beside)
    }
}

fn runs_of(directory: &Path) -> Vec<PathBuf> {
    let runs = directory::find(directory).unwrap().runs;
    runs.into_iter().map(|run| directory.join(run)).collect()
}

fn all(queue: &Queue) -> QueueWindow {
    queue.window(&QueueQuery::default(), 0, 2000, None)
}

/// The names of the files of an envelope, whether they are there or not; the run first.
fn files_of(run: &Path) -> [PathBuf; 4] {
    let name = run.file_name().unwrap().to_str().unwrap().to_owned();
    let manifest = manifest_of(&name);
    [name.clone(), signature_of(&name), signature_of(&manifest), manifest]
        .map(|name| run.with_file_name(name))
}

fn move_envelope(run: &Path, to: &Path) -> PathBuf {
    for file in files_of(run).iter().filter(|file| file.exists()) {
        fs::rename(file, to.join(file.file_name().unwrap())).unwrap();
    }
    to.join(run.file_name().unwrap())
}

#[test]
fn an_envelope_that_appears_changes_and_vanishes_is_seen_to() {
    let temporary = tempfile::tempdir().unwrap();
    let opened = Opened::new(&temporary, &Demo::one_level(3, 1, Some(Level::L1)));
    assert_eq!(opened.all().len(), 3);
    let more = opened.more(&Demo::one_level(1, 2, Some(Level::L1)));

    let run = move_envelope(&more[0], &opened.root);
    opened.wait_for_level(&run, Some(Level::L1));
    let row = opened.row(&run);
    assert_eq!((row.need, row.pending, row.unreadable), (Need::Operator, true, None));
    assert_eq!(opened.queue.path(row.id), Some(run.clone()));
    assert_eq!(all(&opened.queue).pending, 4);

    let text = fs::read_to_string(&run).unwrap();
    fs::write(&run, text.replacen("\"title\": \"", "\"title\": \"\u{202e}", 1)).unwrap();
    opened.wait_for_level(&run, None);
    let changed = opened.row(&run);
    assert!(changed.title.starts_with("⟨U+202E⟩"), "{}", changed.title);
    assert_eq!((changed.id, changed.need), (row.id, Need::Sealing));
    assert!(changed.revision > row.revision);

    fs::remove_file(&run).unwrap();
    opened.wait_for_rows(3);
    assert_eq!((opened.queue.find(&run), opened.queue.row(row.id)), (None, None));
    fs::write(&run, text).unwrap();
    opened.wait_for_rows(4);
    assert_eq!(opened.queue.find(&run), Some(row.id), "a file that returns has its id again");
}

#[test]
fn a_signature_that_appears_raises_the_level_and_one_that_goes_lowers_it() {
    let temporary = tempfile::tempdir().unwrap();
    let opened = Opened::new(&temporary, &Demo::one_level(2, 1, Some(Level::L5)));
    let run = &opened.runs()[0];
    let [_, signatures, _, manifest] = files_of(run);
    let aside = temporary.path().join("aside");
    for file in [&signatures, &manifest] {
        fs::rename(file, &aside).unwrap();
        opened.wait_for_level(run, Some(Level::L1));
        // As a writer does that was asked to leave no partial file.
        fs::copy(&aside, file.with_extension("tmp")).unwrap();
        fs::rename(file.with_extension("tmp"), file).unwrap();
        opened.wait_for_level(run, Some(Level::L5));
    }
}

#[test]
fn a_time_stamp_of_a_run_that_comes_changes_or_goes_is_seen_to() {
    let temporary = tempfile::tempdir().unwrap();
    let opened = Opened::new(&temporary, &Demo::one_level(2, 1, Some(Level::L1)));
    let (root, run) = (opened.root.clone(), opened.runs().remove(0));
    let stamp = SealedRun::parse(&fs::read(&run).unwrap()).unwrap();
    let stamp = root.join(run_time_stamp::name_for(&stamp));
    let before = opened.row(&run).warnings;
    let wait = |opened: &Opened, more: u32| {
        opened.wait(&format!("{more} more warnings"), |queue| {
            let row = queue.find(&run).and_then(|id| queue.row(id));
            row.is_some_and(|row| row.warnings == before + more)
        });
    };
    fs::create_dir(stamp.parent().unwrap()).unwrap();
    fs::write(&stamp, "{}").unwrap();
    wait(&opened, 1);
    fs::remove_file(&stamp).unwrap();
    wait(&opened, 0);
    opened.wait_until_idle();
    drop(opened);
    // While nobody was looking.
    fs::write(&stamp, "{}").unwrap();
    let opened = Opened::of(&temporary, rules(&root));
    wait(&opened, 1);
}

#[test]
fn an_authority_boundary_that_comes_changes_or_goes_is_seen_to() {
    let temporary = tempfile::tempdir().unwrap();
    let opened = Opened::new(&temporary, &Demo::one_level(2, 1, Some(Level::L7)));
    let root = opened.root.clone();
    let (abp, runs) = (root.join(AUTHORITY_BOUNDARY), opened.runs());
    let revisions = |queue: &Queue| {
        let row = |run: &PathBuf| queue.find(run).and_then(|id| queue.row(id)).unwrap().revision;
        runs.iter().map(row).collect::<Vec<_>>()
    };
    let wait = |opened: &Opened, what: &str, before: &[u32]| {
        opened.wait(what, |queue| revisions(queue).iter().zip(before).all(|(now, old)| now > old));
        revisions(&opened.queue)
    };
    let before = revisions(&opened.queue);
    fs::write(&abp, "{}").unwrap();
    let came = wait(&opened, "the boundary to be seen", &before);
    fs::write(&abp, r#"{"abp_version": "1.0"}"#).unwrap();
    let changed = wait(&opened, "its change to be seen", &came);
    // What it depends on beside it.
    let ledger = root.join(AUTHORITY_LEDGER);
    let kept = fs::read(&ledger).unwrap();
    fs::remove_file(&ledger).unwrap();
    let without = wait(&opened, "the runs to be judged without a ledger", &changed);
    fs::write(&ledger, kept).unwrap();
    let with = wait(&opened, "the runs to be judged with it", &without);
    fs::remove_file(&abp).unwrap();
    wait(&opened, "the boundary to be gone", &with);
    opened.wait_until_idle();
    drop(opened);
    // While nobody was looking; and the policy asks for one that holds.
    fs::write(&abp, "{}").unwrap();
    let policy = Policy { boundary: BoundaryPolicy::Required, ..Policy::default() };
    let opened = Opened::of(&temporary, Rules { policy, ..rules(&root) });
    opened.wait("a warning about the boundary", |queue| {
        all(queue).rows.iter().all(|row| row.warnings > 0) && all(queue).all == 2
    });
}

#[test]
fn conflict_copies_are_counted_while_they_would_bring_something() {
    let temporary = tempfile::tempdir().unwrap();
    let opened = Opened::new(&temporary, &Demo::one_level(2, 1, Some(Level::L5)));
    let run = &opened.runs()[0];
    let [_, signatures, _, _] = files_of(run);
    let waiting = |count| {
        opened.wait(&format!("{count} conflict copies"), |queue| {
            queue.state().conflict_copies == count
        });
    };
    let name = signatures.file_stem().unwrap().to_str().unwrap();
    let copy = |n: u32| {
        let mark = format!("{name}.sync-conflict-20261125-07240{n}-ABCDEFG.json");
        signatures.with_file_name(mark)
    };
    fs::copy(&signatures, copy(1)).unwrap();
    fs::rename(&signatures, copy(2)).unwrap();
    waiting(2);
    // The preview changes nothing.
    let keyring = Keyring::default();
    let by = MergedBy { keyring: &keyring, memory: None };
    let preview = merge::preview(&opened.root, &[], by, |_, _| {}).unwrap();
    assert_eq!(preview.envelopes[0].as_ref().unwrap().added.len(), 2);
    assert!(!signatures.exists());

    merge::merge(&opened.root, &[], by, &NoRecord).unwrap();
    waiting(0);
    assert!(copy(1).exists() && copy(2).exists(), "copies are only read");
    opened.wait_for_level(run, Some(Level::L5));

    fs::remove_file(&signatures).unwrap();
    waiting(2);
    fs::remove_file(copy(1)).unwrap();
    waiting(1);
    fs::write(copy(2), "{").unwrap();
    waiting(0);
}

#[test]
fn a_run_that_is_renamed_is_another_row() {
    let temporary = tempfile::tempdir().unwrap();
    let opened = Opened::new(&temporary, &Demo::one_level(1, 1, Some(Level::L1)));
    let run = &opened.runs()[0];
    let other = opened.root.join("RUN-00000000_20260506T070809Z.json");
    fs::rename(run, &other).unwrap();
    opened.wait("the new name", |queue| queue.find(&other).is_some());
    opened.wait_for_rows(1);
    assert_eq!(opened.queue.find(run), None);
}

#[test]
fn directories_that_are_made_moved_and_removed_are_seen_to() {
    let temporary = tempfile::tempdir().unwrap();
    let opened = Opened::new(&temporary, &Demo::one_level(1, 1, Some(Level::L1)));
    let more = opened.more(&Demo::one_level(4, 2, Some(Level::L1)));

    // Made, and filled at once and later on.
    let new = opened.root.join("2026/05");
    fs::create_dir_all(&new).unwrap();
    let first = move_envelope(&more[0], &new);
    opened.wait_for_level(&first, Some(Level::L1));
    assert_eq!(opened.row(&first).folder, "2026/05");
    let second = move_envelope(&more[1], &new);
    opened.wait_for_level(&second, Some(Level::L1));

    // Moved in with what is in it, and watched from then on.
    let aside = temporary.path().join("aside");
    fs::create_dir_all(aside.join("deep")).unwrap();
    move_envelope(&more[2], &aside.join("deep"));
    let moved = opened.root.join("moved");
    fs::rename(&aside, &moved).unwrap();
    opened.wait_for_rows(4);
    let last = move_envelope(&more[3], &moved.join("deep"));
    opened.wait_for_level(&last, Some(Level::L1));

    // Renamed, and removed.
    let renamed = opened.root.join("renamed");
    fs::rename(&moved, &renamed).unwrap();
    let last = renamed.join("deep").join(last.file_name().unwrap());
    opened.wait("the new directory", |queue| queue.find(&last).is_some());
    opened.wait_for_rows(5);
    fs::remove_dir_all(opened.root.join("2026")).unwrap();
    opened.wait_for_rows(3);
    fs::rename(&renamed, temporary.path().join("out")).unwrap();
    opened.wait_for_rows(1);
}

#[cfg(unix)]
#[test]
fn a_directory_whose_name_is_no_text_is_listed_all_the_same() {
    use std::os::unix::ffi::OsStrExt as _;
    let temporary = tempfile::tempdir().unwrap();
    let opened = Opened::new(&temporary, &Demo::one_level(0, 1, None));
    let more = opened.more(&Demo::one_level(1, 2, Some(Level::L1)));
    let folder = opened.root.join(std::ffi::OsStr::from_bytes(b"r\xe9sum\xe9\x1b"));
    fs::create_dir(&folder).unwrap();
    let run = move_envelope(&more[0], &folder);
    opened.wait_for_level(&run, Some(Level::L1));
    let row = opened.row(&run);
    assert_eq!(row.folder, "r\u{fffd}sum\u{fffd}⟨U+001B⟩");
    assert_eq!(opened.queue.path(row.id), Some(run));
}

#[test]
fn none_of_a_burst_of_five_thousand_is_missed() {
    let temporary = tempfile::tempdir().unwrap();
    let opened = Opened::new(&temporary, &Demo::one_level(1, 1, Some(Level::L1)));
    let more = opened.more(&Demo::one_level(5000, 2, Some(Level::L1)));
    for run in &more {
        move_envelope(run, &opened.root);
    }
    opened.wait_for_rows(5001);
    opened.wait_until_idle();
    let levels = (0..5001)
        .step_by(1000)
        .flat_map(|first| opened.queue.window(&QueueQuery::default(), first, 1000, None).rows);
    assert_eq!(levels.filter(|row| row.level == Some(1)).count(), 5001);
}

#[test]
fn a_file_that_is_being_written_is_not_judged_before_it_is_whole() {
    let temporary = tempfile::tempdir().unwrap();
    let opened = Opened::new(&temporary, &Demo::one_level(1, 1, Some(Level::L5)));
    let known = &opened.runs()[0];
    let more = opened.more(&Demo::one_level(2, 2, Some(Level::L1)));
    let text = fs::read(&more[0]).unwrap();
    let half = opened.root.join(more[0].file_name().unwrap());
    let signatures = &files_of(known)[1];
    let signed = fs::read(signatures).unwrap();

    let begun = Clock::now();
    fs::write(&half, &text[..text.len() / 2]).unwrap();
    fs::write(signatures, &signed[..signed.len() / 2]).unwrap();
    let whole = move_envelope(&more[1], &opened.root);
    opened.wait_for_level(&whole, Some(Level::L1));
    let (known_row, half_row) = (opened.row(known), opened.queue.find(&half));
    // On a machine that stood still for a second, half a file counts as damaged.
    if begun.elapsed() < Duration::from_millis(900) {
        assert_eq!(known_row.level, Some(5), "it stays as it was last known");
        assert_eq!(half_row, None);
    }
    fs::write(&half, &text).unwrap();
    fs::write(signatures, &signed).unwrap();
    opened.wait("the whole file", |queue| {
        let row = queue.find(&half).and_then(|id| queue.row(id));
        row.is_some_and(|row| row.unreadable.is_none())
    });
    opened.wait_for_level(known, Some(Level::L5));
}

#[test]
fn a_damaged_file_is_listed_once_it_is_quiet() {
    let temporary = tempfile::tempdir().unwrap();
    let opened = Opened::new(&temporary, &Demo::one_level(1, 1, Some(Level::L1)));
    let damaged = opened.root.join("RUN-50b0d817_20260506T070809Z.json");
    fs::write(&damaged, "{\"title\": ").unwrap();
    opened.wait("the damaged file", |queue| queue.find(&damaged).is_some());
    let row = opened.row(&damaged);
    assert!(row.unreadable.is_some());
    assert_eq!((row.need, row.level, row.pending), (Need::Readable, None, false));
    assert_eq!(row.created_at.as_deref(), Some("2026-05-06T07:08:09Z"));
}

#[test]
fn a_directory_that_disappears_leaves_its_rows_and_is_noticed_when_it_returns() {
    let temporary = tempfile::tempdir().unwrap();
    let opened = Opened::new(&temporary, &Demo::one_level(2, 1, Some(Level::L1)));
    let more = opened.more(&Demo::one_level(2, 2, Some(Level::L1)));
    let away = temporary.path().join("away");
    fs::rename(&opened.root, &away).unwrap();
    opened.wait("the directory to be gone", |queue| queue.state().presence == Presence::Gone);
    assert_eq!(opened.all().len(), 2);
    assert!(opened.queue.state().troubles.iter().any(|trouble| trouble.code == "gone"));

    let arrived = move_envelope(&more[0], &away);
    let arrived = opened.root.join(arrived.file_name().unwrap());
    fs::rename(&away, &opened.root).unwrap();
    opened.wait_for_level(&arrived, Some(Level::L1));
    assert_eq!(opened.queue.state().presence, Presence::Here);
    assert_eq!(opened.queue.state().troubles, []);

    // It is watched again.
    let last = move_envelope(&more[1], &opened.root);
    opened.wait_for_level(&last, Some(Level::L1));
    assert_eq!(opened.all().len(), 4);
}

#[test]
fn another_directory_in_the_same_place_is_compared() {
    let temporary = tempfile::tempdir().unwrap();
    let opened = Opened::new(&temporary, &Demo::one_level(3, 1, Some(Level::L1)));
    let more = opened.more(&Demo::one_level(1, 2, Some(Level::L1)));
    fs::rename(&opened.root, temporary.path().join("away")).unwrap();
    fs::rename(&opened.beside, &opened.root).unwrap();
    let run = opened.root.join(more[0].file_name().unwrap());
    opened.wait_for_level(&run, Some(Level::L1));
    opened.wait_for_rows(1);
}

/// A workspace with a journal in a directory, at a given time.
fn workspace(place: &Path, now: fn() -> Instant) -> Workspace {
    let journal = Journal::at(&place.join("journal.ndjson"), LIMIT);
    Workspace { journal: Some(Arc::new(journal)), now, ..Workspace::default() }
}

fn register(log: &Path, run: &Path) {
    let book = LogBook::new(Some(log.to_owned()), None);
    let journal = TempDir::new().unwrap();
    let workspace = workspace(journal.path(), || Instant::EPOCH);
    registration::register_run(&workspace, run, &book, None).unwrap().head.unwrap();
}

fn revisions(opened: &Opened) -> BTreeMap<u32, u32> {
    opened.all().into_iter().map(|row| (row.id, row.revision)).collect()
}

#[test]
fn a_registration_raises_its_own_run_and_judges_no_other() {
    let temporary = tempfile::tempdir().unwrap();
    let opened = Opened::new(&temporary, &Demo::one_level(4, 1, Some(Level::L2)));
    let runs = opened.runs();
    let before = revisions(&opened);
    register(&opened.root.join(TRANSPARENCY_LOG), &runs[2]);
    opened.wait_for_level(&runs[2], Some(Level::L3));
    opened.wait_until_idle();
    let raised = opened.queue.find(&runs[2]).unwrap();
    let judged: Vec<_> =
        revisions(&opened).into_iter().filter(|(id, revision)| before[id] != *revision).collect();
    assert_eq!(judged.iter().map(|(id, _)| *id).collect::<Vec<_>>(), [raised]);

    // A broken log lowers every envelope in it, and the alarm names the log.
    let log = opened.root.join(TRANSPARENCY_LOG);
    let text = fs::read_to_string(&log).unwrap();
    fs::write(&log, text.replacen("TLE-", "TLF-", 1)).unwrap();
    opened.wait_for_level(&runs[2], Some(Level::L2));
    assert_eq!(opened.row(&runs[2]).state, State::Contradicted);
}

#[test]
fn logs_outside_the_directory_are_watched_before_they_are_there() {
    let temporary = tempfile::tempdir().unwrap();
    let opened = Opened::new(&temporary, &Demo::one_level(2, 1, Some(Level::L2)));
    let runs = opened.runs();
    fs::remove_file(opened.root.join(TRANSPARENCY_LOG)).unwrap();

    // The place where the reference keeps it, relative to the runs.
    let reference = temporary.path().join("transparency_log");
    fs::create_dir(&reference).unwrap();
    register(&reference.join("log.ndjson"), &runs[0]);
    opened.wait_for_level(&runs[0], Some(Level::L3));

    // A place that a person chose.
    let chosen = temporary.path().join("somewhere/else/chosen.ndjson");
    let log = Some(chosen.clone());
    opened.queue.set_rules(Rules { log, ..rules(&opened.root) });
    opened.wait_for_level(&runs[0], Some(Level::L2));
    fs::create_dir_all(chosen.parent().unwrap()).unwrap();
    register(&chosen, &runs[1]);
    opened.wait_for_level(&runs[1], Some(Level::L3));
    assert_eq!(opened.row(&runs[0]).level, Some(2));
}

#[test]
fn a_ledger_that_changes_judges_the_runs_that_refer_to_it() {
    let temporary = tempfile::tempdir().unwrap();
    let opened = Opened::new(&temporary, &Demo::one_level(2, 1, Some(Level::L7)));
    let runs = opened.runs();
    let ledger = opened.root.join("authority_ledger.ndjson");
    let aside = temporary.path().join("aside");
    fs::rename(&ledger, &aside).unwrap();
    opened.wait_for_level(&runs[0], Some(Level::L6));
    opened.wait_for_level(&runs[1], Some(Level::L6));
    assert_eq!(opened.row(&runs[0]).need, Need::Authority);
    fs::rename(&aside, &ledger).unwrap();
    opened.wait_for_level(&runs[0], Some(Level::L7));
    opened.wait_for_level(&runs[1], Some(Level::L7));
}

#[test]
fn a_keyring_that_changes_judges_everything_and_a_damaged_one_changes_nothing() {
    let temporary = tempfile::tempdir().unwrap();
    let opened = Opened::new(&temporary, &Demo::one_level(2, 1, Some(Level::L5)));
    let runs = opened.runs();
    let counts = opened.queue.signatures_by_key();
    assert_eq!(counts.values().copied().collect::<Vec<_>>(), [2, 2]);
    let keyring = opened.root.join("keyring.json");
    let text = fs::read(&keyring).unwrap();

    let revocation = Revocation {
        at: Instant::EPOCH,
        code: RevocationCode::Unspecified,
        compromised_since: None,
        reason: "lost".to_owned(),
    };
    keyring_file::revoke(&keyring, "ds-demo-2026-01", &revocation, &NoRecord).unwrap();
    opened.wait_for_level(&runs[0], Some(Level::L3));
    opened.wait_for_level(&runs[1], Some(Level::L3));
    assert_eq!(opened.row(&runs[0]).need, Need::Operator);
    assert_eq!(opened.queue.signatures_by_key().len(), 1);

    fs::write(&keyring, "{").unwrap();
    let is_reported =
        |queue: &Queue| queue.state().troubles.iter().any(|one| one.code == "keyring");
    opened.wait("the trouble", is_reported);
    let trouble = opened.queue.state().troubles.remove(0);
    assert!(trouble.to_string().contains("stay in force"), "{trouble}");
    assert_eq!(opened.row(&runs[0]).level, Some(3));
    assert_eq!(opened.queue.context().keyring.keys().len(), 3);

    fs::write(&keyring, &text).unwrap();
    opened.wait_for_level(&runs[0], Some(Level::L5));
    assert!(!is_reported(&opened.queue));
}

#[test]
fn a_policy_that_changes_judges_everything() {
    let temporary = tempfile::tempdir().unwrap();
    let opened = Opened::new(&temporary, &Demo::one_level(2, 1, Some(Level::L5)));
    let runs = opened.runs();
    let policy = Policy { min_threshold: 3, ..Policy::default() };
    opened.queue.set_rules(Rules { policy: policy.clone(), ..rules(&opened.root) });
    opened.wait_for_level(&runs[0], Some(Level::L3));
    opened.wait_for_level(&runs[1], Some(Level::L3));
    let row = opened.row(&runs[0]);
    assert_eq!((row.need, row.counted, row.threshold), (Need::CoSigner, 2, 3));
    assert_eq!(opened.queue.context().policy, policy);
}

#[test]
fn the_stations_own_writes_are_judged_at_once() {
    let temporary = tempfile::tempdir().unwrap();
    let opened = Opened::new(&temporary, &Demo::one_level(1, 1, Some(Level::L5)));
    let run = &opened.runs()[0];
    let before = opened.row(run).revision;
    opened.queue.refresh(run);
    opened.wait("it to be judged", |queue| {
        queue.find(run).and_then(|id| queue.row(id)).is_some_and(|row| row.revision > before)
    });
}

#[test]
fn an_opened_catalogue_lists_its_rows_and_judges_only_changes() {
    let temporary = tempfile::tempdir().unwrap();
    let opened = Opened::new(&temporary, &Demo::one_level(6, 1, Some(Level::L2)));
    let runs = opened.runs();
    let rows: Vec<_> = opened.all();
    let more = opened.more(&Demo::one_level(1, 2, Some(Level::L1)));
    let root = opened.root.clone();
    drop(opened);

    // Nothing has changed: the same rows, not one of them judged.
    let opened = Opened::of(&temporary, rules(&root));
    opened.wait("the first rows", |queue| all(queue).all > 0);
    assert_eq!(opened.all().len(), 6);
    opened.wait_until_idle();
    let unjudged = |row: &QueueRow| QueueRow { revision: 1, id: 0, ..row.clone() };
    assert_eq!(
        opened.all().iter().map(unjudged).collect::<Vec<_>>(),
        rows.iter().map(unjudged).collect::<Vec<_>>()
    );
    assert!(opened.all().iter().all(|row| row.revision == 1));
    drop(opened);

    // One changed, one gone, one new, and one registered.
    let arrived = move_envelope(&more[0], &root);
    fs::remove_file(&files_of(&runs[0])[1]).unwrap();
    fs::remove_file(&runs[1]).unwrap();
    register(&root.join(TRANSPARENCY_LOG), &runs[2]);
    let opened = Opened::of(&temporary, rules(&root));
    opened.wait_for_level(&arrived, Some(Level::L1));
    opened.wait_for_level(&runs[0], Some(Level::L1));
    opened.wait_for_level(&runs[2], Some(Level::L3));
    opened.wait_for_rows(6);
    opened.wait_until_idle();
    assert_eq!(opened.queue.find(&runs[1]), None);
    assert!(runs[3..].iter().all(|run| opened.row(run).revision == 1));
    drop(opened);

    // Judged by other rules.
    let policy = Policy { min_threshold: 3, ..Policy::default() };
    let opened = Opened::of(&temporary, Rules { policy, ..rules(&root) });
    opened.wait("another threshold", |queue| {
        let rows = all(queue).rows;
        rows.len() == 6 && rows.iter().all(|row| row.threshold == 3)
    });
}

#[test]
fn a_damaged_or_outdated_catalogue_is_replaced() {
    let temporary = tempfile::tempdir().unwrap();
    let root = temporary.path().join("sealed");
    made(&Demo::one_level(3, 1, Some(Level::L2)), &root);
    let catalogue = temporary.path().join("catalogue.sqlite");
    let is_judged = |opened: &Opened| opened.all().iter().any(|row| row.revision > 1);

    let damages: [&dyn Fn(); 3] = [
        &|| fs::write(&catalogue, vec![b'x'; 100_000]).unwrap(),
        &|| {
            let made = rusqlite::Connection::open(&catalogue).unwrap();
            made.execute_batch("PRAGMA user_version = 99").unwrap();
        },
        &|| {
            // Its head is whole, and what it lists is not.
            let mut bytes = fs::read(&catalogue).unwrap();
            bytes[4096..].fill(0x55);
            fs::write(&catalogue, bytes).unwrap();
        },
    ];
    for damage in damages {
        damage();
        let opened = Opened::of(&temporary, rules(&root));
        opened.wait_for_rows(3);
        opened.wait_until_idle();
        assert!(opened.all().iter().all(|row| row.level == Some(2)));
        assert_eq!(opened.queue.state().troubles, []);
        drop(opened);

        let again = Opened::of(&temporary, rules(&root));
        again.wait_for_rows(3);
        again.wait_until_idle();
        assert!(!is_judged(&again), "it was kept again");
    }
}

#[test]
fn work_can_be_stopped_and_continued() {
    let temporary = tempfile::tempdir().unwrap();
    let root = temporary.path().join("sealed");
    made(&Demo::one_level(3000, 1, Some(Level::L1)), &root);
    let opened = Opened::of(&temporary, rules(&root));
    opened.wait("the first rows", |queue| all(queue).all > 0);
    opened.queue.stop_work();
    opened.wait("work to stop", |queue| queue.state().stopped);
    let state = opened.queue.state();
    assert_eq!((state.progress, state.presence), (None, Presence::Here));
    let listed = all(&opened.queue).all;
    assert!((1..3000).contains(&listed), "{listed}");

    // What happens now is still noticed.
    let more = opened.more(&Demo::one_level(1, 2, Some(Level::L1)));
    let run = move_envelope(&more[0], &opened.root);
    opened.wait_for_level(&run, Some(Level::L1));
    assert_eq!(all(&opened.queue).all, listed + 1);

    opened.queue.compare_again();
    opened.wait_for_rows(3001);
    assert!(!opened.queue.state().stopped);
}

#[test]
fn rows_are_found_filtered_sorted_and_kept_in_sight() {
    let temporary = tempfile::tempdir().unwrap();
    let root = temporary.path().join("sealed");
    made(&Demo::all_levels(45, 7), &root);
    fs::create_dir(root.join("Archive")).unwrap();
    let runs = runs_of(&root);
    let archived = move_envelope(&runs[0], &root.join("Archive"));
    let opened = Opened::of(&temporary, rules(&root));
    opened.wait_for_rows(45);
    opened.wait_until_idle();
    let queue = &opened.queue;
    let ask = |query: &QueueQuery| queue.window(query, 0, 100, None);
    let find = |text: &str| ask(&QueueQuery { text: text.to_owned(), ..QueueQuery::default() });

    // Words, all of them, in any case, in whichever field.
    let rows = find("").rows;
    assert_eq!(rows.len(), 45);
    let some = &rows[10];
    let word = some.title.split(' ').next().unwrap().to_uppercase();
    let found = find(&format!(" {word}  {} ", some.decision_id.to_lowercase()));
    assert_eq!(found.rows.iter().map(|row| row.id).collect::<Vec<_>>(), [some.id]);
    assert_eq!(find(&some.file.to_lowercase()).rows[0].id, some.id);
    assert_eq!(find("archive").rows[0].id, queue.find(&archived).unwrap());
    let path = format!("archive/{}", archived.file_name().unwrap().to_str().unwrap());
    assert_eq!(find(&path).total, 1);
    // Signed by the hardware key: L6 and L7. By the witness: L4 and L5.
    assert_eq!(find("DEMO.HARDWARE").total, 10);
    assert_eq!(find("ds-demo-2026-02").total, 10);
    assert_eq!(find("w.witness hardware").total, 0);

    // Filters.
    let show = |show| ask(&QueueQuery { show, ..QueueQuery::default() });
    let level = |level| ask(&QueueQuery { level, ..QueueQuery::default() });
    assert_eq!(level(LevelFilter::L7).total, 5);
    assert_eq!(level(LevelFilter::None).total, 5);
    assert_eq!(show(QueueShow::Complete).total, 5);
    let pending = show(QueueShow::Pending);
    assert_eq!((pending.total, pending.all), (pending.pending, 45));
    assert!(pending.rows.iter().all(|row| row.pending && row.need.is_signature()));
    let trouble = show(QueueShow::Trouble);
    assert!(trouble.rows.iter().all(|row| row.level < Some(2)), "{trouble:#?}");
    assert!(trouble.total >= 10);

    // Orders.
    let sorted = |sort| ask(&QueueQuery { sort, ..QueueQuery::default() }).rows;
    let by_need = sorted(QueueSort::Need);
    let key = |row: &QueueRow| (!row.pending, std::cmp::Reverse(row.created_at.clone()));
    assert!(by_need.is_sorted_by_key(key));
    assert!(sorted(QueueSort::Oldest).is_sorted_by_key(|row| row.created_at.clone()));
    assert!(sorted(QueueSort::Title).is_sorted_by_key(|row| row.title.to_lowercase()));
    assert!(sorted(QueueSort::Level).is_sorted_by_key(|row| row.level));

    // Windows and the anchor.
    let middle = queue.window(&QueueQuery::default(), 20, 5, Some(by_need[30].id));
    let ids = |rows: &[QueueRow]| rows.iter().map(|row| row.id).collect::<Vec<_>>();
    assert_eq!(ids(&middle.rows), ids(&by_need[20..25]));
    assert_eq!((middle.first, middle.total, middle.anchor_index), (20, 45, Some(30)));
    assert_eq!(middle.anchor_revision, Some(by_need[30].revision));
    let past = queue.window(&QueueQuery::default(), 1000, 5, Some(u32::MAX));
    assert_eq!((past.first, past.rows.len(), past.anchor_index), (45, 0, None));

    // The anchor moves down when something newer arrives, and its new place is returned.
    let newest_first = QueueQuery { sort: QueueSort::Newest, ..QueueQuery::default() };
    let anchor = by_need[30].id;
    let at = |queue: &Queue| queue.window(&newest_first, 0, 0, Some(anchor)).anchor_index.unwrap();
    let before = at(queue);
    let more = opened.more(&Demo::one_level(1, 99, Some(Level::L1)));
    let text = fs::read_to_string(&more[0]).unwrap();
    let newer = text.replace("\"created_at\": \"2026", "\"created_at\": \"2027");
    fs::write(&more[0], newer).unwrap();
    move_envelope(&more[0], &opened.root);
    opened.wait_for_rows(46);
    assert_eq!(at(queue), before + 1);
}

#[test]
fn rows_between_two_are_those_that_match_in_order() {
    let temporary = tempfile::tempdir().unwrap();
    let opened = Opened::new(&temporary, &Demo::one_level(9, 1, Some(Level::L1)));
    let query = QueueQuery { sort: QueueSort::Oldest, ..QueueQuery::default() };
    let window = opened.queue.window(&query, 0, 100, None);
    let ids: Vec<u32> = window.rows.iter().map(|row| row.id).collect();
    assert_eq!(opened.queue.between(&query, None), ids);
    assert_eq!(opened.queue.between(&query, Some((ids[2], ids[5]))), ids[2..=5]);
    assert_eq!(opened.queue.between(&query, Some((ids[5], ids[2]))), ids[2..=5]);

    // A row that is not listed is not an end of a range.
    let text = window.rows[4].decision_id.clone();
    let narrow = QueueQuery { text, ..query };
    assert_eq!(opened.queue.between(&narrow, Some((ids[0], ids[4]))), [ids[4]]);
    assert_eq!(opened.queue.between(&narrow, Some((ids[0], ids[1]))), [0_u32; 0]);
}

#[test]
fn a_cut_log_is_reported_in_every_session_until_it_is_accepted() {
    let temporary = tempfile::tempdir().unwrap();
    let root = temporary.path().join("sealed");
    made(&Demo::one_level(3, 1, Some(Level::L4)), &root);
    let memory = LogMemory::at(&temporary.path().join("log-heads"), now);
    let open = || Opened::remembering(&temporary, rules(&root), Some(memory.clone()));
    let is_reported = |queue: &Queue| {
        let alarms = queue.state().log_alarms;
        alarms.iter().any(|alarm| {
            alarm.problem.code == "log_truncated"
                && alarm.problem.message().contains("had 3 entries")
                && alarm.acceptable
        })
    };
    let opened = open();
    opened.wait_until_idle();
    assert!(!is_reported(&opened.queue), "{:?}", opened.queue.state());

    let log = root.join(TRANSPARENCY_LOG);
    let whole = fs::read_to_string(&log).unwrap();
    let cut: Vec<&str> = whole.lines().take(2).collect();
    fs::write(&log, cut.join("\n") + "\n").unwrap();
    opened.wait("the cut to be reported", is_reported);
    // As the window does, which journals it.
    let rewritten = opened.queue.context().logs.rewritten();
    assert!(rewritten.iter().all(|one| memory.is_news(one).unwrap()));
    opened.wait_until_idle();
    drop(opened);

    // Envelopes in the catalogue are not read again, and the cut is reported all the same.
    let again = open();
    again.wait("the cut to be reported again", is_reported);
    let id = again.queue.state().log_alarms[0].id.clone();
    let cut = again.queue.rewritten(&id).unwrap();
    let acceptance = LogAcceptance::of(&cut.seen().log, cut.seen().kind, &memory).unwrap();
    let workspace = workspace(temporary.path(), now);
    let workspace = Workspace { memory: Some(memory.clone()), ..workspace };
    acceptance.accept(&workspace, "a test entry").unwrap();
    again.queue.set_rules(rules(&root));
    again.wait("the cut to be forgotten", |queue| !is_reported(queue));
    drop(again);
    let last = open();
    last.wait_until_idle();
    assert!(!is_reported(&last.queue));
}

/// Replaces the last entry of a chain with another that continues it.
fn rewrite_last(path: &Path) {
    let text = fs::read_to_string(path).unwrap();
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let entry = json::parse(lines.pop().unwrap().as_bytes()).unwrap().value;
    let Value::Object(mut object) = entry else { panic!("no entry") };
    object.set("note", "another");
    object.set("entry_hash", "");
    let hash = Digest::of(canonical::to_string(&object.clone().into()).as_bytes());
    object.set("entry_hash", hash.to_string());
    lines.push(Value::Object(object).to_line());
    fs::write(path, lines.join("\n") + "\n").unwrap();
}

#[test]
fn a_ledger_that_the_signers_saw_otherwise_is_reported_until_it_is_accepted() {
    let temporary = tempfile::tempdir().unwrap();
    let root = temporary.path().join("sealed");
    made(&Demo::one_level(3, 1, Some(Level::L7)), &root);
    let ledger = root.join(AUTHORITY_LEDGER);
    rewrite_last(&ledger);
    // A station that never saw the ledger before.
    let memory = LogMemory::at(&temporary.path().join("log-heads"), now);
    let open = || Opened::remembering(&temporary, rules(&root), Some(memory.clone()));
    let is_reported = |queue: &Queue| {
        let alarms = queue.state().log_alarms;
        let one = alarms.iter().find(|alarm| alarm.problem.code == "other_than_seen");
        one.is_some_and(|one| {
            one.problem.message().contains("Entry 4 of the authority ledger is not the")
        })
    };
    let opened = open();
    opened.wait("the fork to be reported", is_reported);
    opened.wait_until_idle();
    drop(opened);

    let again = open();
    again.wait("the fork to be reported from the catalogue", is_reported);
    let id = again.queue.state().log_alarms[0].id.clone();
    let (log, kind, forks) = again.queue.forked(&id).unwrap();
    assert_eq!((log.as_path(), kind), (ledger.as_path(), ChainKind::Ledger));
    let acceptance = LogAcceptance::of(&log, kind, &memory).unwrap().with(forks);
    assert!(acceptance.is_needed() && acceptance.rewritten.is_none());
    let workspace = workspace(temporary.path(), now);
    let workspace = Workspace { memory: Some(memory.clone()), ..workspace };
    drop(again);
    // Elsewhere, while no window is open.
    acceptance.accept(&workspace, "a test entry").unwrap();
    let last = open();
    last.wait("the fork to be forgotten", |queue| !is_reported(queue));
    last.wait_until_idle();
    assert!(!is_reported(&last.queue));
    let rows = last.queue.window(&QueueQuery::default(), 0, 10, None).rows;
    assert!(rows.iter().all(|row| row.level == Some(7)), "{rows:?}");
}

#[test]
fn a_broken_log_is_reported_until_it_is_restored() {
    let temporary = tempfile::tempdir().unwrap();
    let root = temporary.path().join("sealed");
    made(&Demo::one_level(3, 1, Some(Level::L4)), &root);
    let memory = LogMemory::at(&temporary.path().join("log-heads"), now);
    let open = || Opened::remembering(&temporary, rules(&root), Some(memory.clone()));
    let opened = open();
    opened.wait_until_idle();
    assert_eq!(opened.queue.state().log_alarms, []);

    let log = root.join(TRANSPARENCY_LOG);
    let whole = fs::read_to_string(&log).unwrap();
    fs::write(&log, whole.replacen("RUN-", "RUX-", 1)).unwrap();
    let is_reported = |queue: &Queue| {
        let alarms = queue.state().log_alarms;
        let broken = alarms.iter().find(|alarm| alarm.problem.code == "log_broken");
        broken.is_some_and(|alarm| {
            alarm.problem.message().contains("transparency_log.ndjson: the log is broken, line 1")
                && !alarm.acceptable
        })
    };
    opened.wait("the broken log to be reported", is_reported);
    opened.wait_until_idle();
    drop(opened);
    let again = open();
    again.wait("the broken log to be reported again", is_reported);
    fs::write(&log, whole).unwrap();
    again.wait("the log to be whole", |queue| queue.state().log_alarms.is_empty());
}

#[test]
fn a_missing_registered_run_is_reported_until_it_is_back() {
    let temporary = tempfile::tempdir().unwrap();
    let root = temporary.path().join("sealed");
    made(&Demo::one_level(3, 1, Some(Level::L4)), &root);
    let memory = LogMemory::at(&temporary.path().join("log-heads"), now);
    let opened = Opened::remembering(&temporary, rules(&root), Some(memory));
    let run = opened.runs()[0].clone();
    let name = run.file_name().unwrap().to_string_lossy().into_owned();
    let is_reported = |queue: &Queue| {
        let missing = |trouble: &Problem| trouble.code == "runs_missing";
        queue.state().troubles.iter().any(|one| missing(one) && one.message().contains(&name))
    };
    opened.wait_until_idle();
    assert!(!is_reported(&opened.queue), "{:?}", opened.queue.state());
    let aside = temporary.path().join("aside.json");
    fs::rename(&run, &aside).unwrap();
    opened.wait("the missing run to be reported", is_reported);
    fs::rename(&aside, &run).unwrap();
    opened.wait("the run to be back", |queue| !is_reported(queue));
}

fn changes(queue: &Queue, run: &Path) -> Changes {
    queue.window(&QueueQuery::default(), 0, 0, queue.find(run)).anchor_changes.unwrap()
}

#[test]
fn a_row_has_the_reason_of_its_change() {
    let temporary = TempDir::new().unwrap();
    let opened = Opened::new(&temporary, &Demo::one_level(3, 1, Some(Level::L2)));
    let run = &opened.runs()[0];
    let revision = || opened.row(run).revision;
    let first = changes(&opened.queue, run);

    let before = revision();
    let text = fs::read_to_string(run).unwrap();
    fs::write(run, format!("{text} ")).unwrap();
    opened.wait("a change on disk", |_| revision() != before);
    let on_disk = changes(&opened.queue, run);
    assert_eq!(on_disk, Changes { disk: revision(), ..first });

    // A later judgement under other rules does not hide a change on disk.
    let before = revision();
    let policy = Policy { min_threshold: 7, ..Policy::default() };
    opened.queue.set_rules(Rules { policy, ..rules(&opened.root) });
    opened.wait("other rules", |_| revision() != before);
    assert_eq!(changes(&opened.queue, run), Changes { rules: revision(), ..on_disk });
}

/// The disk reports what the station wrote like any other change, before or after it is judged.
#[test]
fn the_stations_own_writes_are_recognised_in_either_order() {
    let temporary = TempDir::new().unwrap();
    let opened = Opened::new(&temporary, &Demo::one_level(3, 1, Some(Level::L2)));
    let run = &opened.runs()[0];
    let revision = || opened.row(run).revision;
    let first = changes(&opened.queue, run);
    let text = fs::read_to_string(run).unwrap();

    // The disk reports the change first, and then the station reports that it made it.
    let before = revision();
    fs::write(run, format!("{text} ")).unwrap();
    opened.wait("the disk to report", |_| revision() != before);
    let before = revision();
    opened.queue.refresh(run);
    opened.wait("it to be judged", |_| revision() != before);
    let own = changes(&opened.queue, run);
    assert_eq!(own, Changes { own: revision(), ..first });

    // Judging the same state again is not a change.
    let before = revision();
    let policy = Policy { clock_tolerance: 9, ..Policy::default() };
    opened.queue.set_rules(Rules { policy, ..rules(&opened.root) });
    opened.wait("it to be judged by other rules", |_| revision() != before);
    assert_eq!(changes(&opened.queue, run), own);

    // What another program makes of it right after is not the station's.
    let before = revision();
    opened.queue.refresh(run);
    fs::write(run, &text).unwrap();
    opened.wait("both to be judged", |queue| changes(queue, run).disk > before);
}

#[test]
fn a_registration_is_ones_own_doing_and_not_a_log_that_changed() {
    let temporary = TempDir::new().unwrap();
    let opened = Opened::new(&temporary, &Demo::one_level(3, 1, Some(Level::L2)));
    let run = &opened.runs()[0];
    let first = changes(&opened.queue, run);
    let logs = Arc::clone(&opened.queue.context().logs);

    let journal = TempDir::new().unwrap();
    let workspace = workspace(journal.path(), now);
    registration::register_run(&workspace, run, &logs, None).unwrap();
    // The log was noticed and used before the station reports that it registered the run.
    opened.wait_for_level(run, Some(Level::L3));
    let before = opened.row(run).revision;
    opened.queue.registered(run);
    opened.wait("it to be judged", |_| opened.row(run).revision != before);
    let after = changes(&opened.queue, run);
    assert_eq!(after, Changes { own: opened.row(run).revision, ..first });

    // Or the station reports it first.
    let run = &opened.runs()[1];
    let first = changes(&opened.queue, run);
    registration::register_run(&workspace, run, &logs, None).unwrap();
    opened.queue.registered(run);
    opened.wait_for_level(run, Some(Level::L3));
    opened.wait_until_idle();
    let after = changes(&opened.queue, run);
    assert_eq!((after.disk, after.rules), (first.disk, first.rules));
    assert!(after.own > first.own);
}

#[test]
fn beside_a_manifest_of_another_run_the_next_act_is_no_signature() {
    let temporary = TempDir::new().unwrap();
    let opened = Opened::new(&temporary, &Demo::one_level(2, 1, Some(Level::L1)));
    let run = &opened.runs()[0];
    assert!(opened.row(run).pending);
    let manifest = run.with_file_name(manifest_of(&run.file_name().unwrap().to_string_lossy()));
    let whole = fs::read_to_string(&manifest).unwrap();
    fs::write(&manifest, whole.replacen("\"RUN-", "\"RUX-", 1)).unwrap();
    opened.wait("the manifest to be judged", |queue| {
        queue.row(queue.find(run).unwrap()).unwrap().need == Need::RightManifest
    });
    assert!(!opened.row(run).pending);
    let context = opened.queue.context();
    let envelope = view::EnvelopeRef { run, root: &opened.root, id: 0, revision: 0 };
    let read = view::Opened::read(envelope, &context.judge(), &context.logs);
    assert_eq!((read.view.next, read.view.registrable), (NextAct::None, false));
    let trouble = QueueQuery { show: QueueShow::Trouble, ..QueueQuery::default() };
    assert_eq!(opened.queue.window(&trouble, 0, 9, None).total, 1);
}

/// Whoever can write the directory can keep size and times of a file whose content they change.
#[test]
fn a_run_that_is_opened_is_judged_from_its_bytes_and_its_row_follows() {
    let temporary = TempDir::new().unwrap();
    let opened = Opened::new(&temporary, &Demo::one_level(3, 1, Some(Level::L2)));
    let run = &opened.runs()[0];
    let id = opened.queue.find(run).unwrap();
    assert_eq!(opened.row(run).level, Some(2));
    let before = opened.row(run).revision;

    // Through another name, so that a watch of the directory does not notice it.
    let meta = fs::metadata(run).unwrap();
    let outside = temporary.path().join("another name");
    fs::hard_link(run, &outside).unwrap();
    let text = fs::read_to_string(run).unwrap().replacen("\"status\"", "\"statue\"", 1);
    assert_eq!(text.len() as u64, meta.len());
    let file = fs::OpenOptions::new().write(true).open(&outside).unwrap();
    std::io::Write::write_all(&mut &file, text.as_bytes()).unwrap();
    file.set_times(fs::FileTimes::new().set_modified(meta.modified().unwrap())).unwrap();
    drop(file);
    assert_eq!(opened.queue.row(id).unwrap().revision, before);
    opened.queue.look_closer(run);
    opened.wait_for_level(run, None);
    assert_eq!(changes(&opened.queue, run).disk, opened.row(run).revision);
}
