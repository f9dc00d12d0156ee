//! A review leaves what it looks at as it was: every file's bytes and times, and the directories'.

// Helpers of tests may fail the test.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::SystemTime;

use countersign_admissibility::level::Level;
use countersign_admissibility::policy::Policy;
use countersign_app::review::{ReviewKeys, Reviewed, ToldAnswer};
use countersign_demo::Demo;
use countersign_envelope::digest::Digest;
use countersign_envelope::instant::Instant;
use countersign_exchange::pack;
use countersign_index::queue::{Kept, Queue, QueueQuery, QueueRow, Rules};
use countersign_journal::NoRecord;
use countersign_views::{EnvelopeRef, Opened};
use secrecy::SecretString;

fn now() -> Instant {
    Instant::parse("2026-12-31T00:00:00Z").unwrap()
}

/// The station's own rules: a keyring that is not there.
fn station(temporary: &Path) -> Rules {
    Rules {
        policy: Policy::default(),
        keyring: temporary.join("own/keyring.json"),
        roots: temporary.join("own/attestation-roots"),
        tsa_roots: temporary.join("own/tsa-roots"),
        name_roots: temporary.join("own/name-roots"),
        crls: temporary.join("own/crls"),
        log: None,
        ledger: None,
        brought: false,
    }
}

/// Everything below a directory: its bytes, when it was changed last, and who may write it.
fn snapshot(root: &Path) -> BTreeMap<PathBuf, (Option<Digest>, SystemTime, bool)> {
    let mut seen = BTreeMap::new();
    let mut to_read = vec![root.to_owned()];
    while let Some(path) = to_read.pop() {
        let meta = fs::symlink_metadata(&path).unwrap();
        let digest = meta.is_file().then(|| Digest::of(&fs::read(&path).unwrap()));
        if meta.is_dir() {
            to_read.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        }
        seen.insert(path, (digest, meta.modified().unwrap(), meta.permissions().readonly()));
    }
    seen
}

/// Reads every envelope under review as the window does. Returns the rows.
fn look(reviewed: &Reviewed, rules: Rules) -> Vec<QueueRow> {
    let (sender, events) = mpsc::channel();
    let listener = move |event| {
        let _ = sender.send(event);
    };
    let queue = Queue::open(&reviewed.root, rules, Kept::default(), now, listener).unwrap();
    while queue.state().progress.is_some() {
        events.recv().unwrap();
    }
    let rows = queue.window(&QueueQuery::default(), 0, 1000, None).rows;
    let context = queue.context();
    for row in &rows {
        let run = queue.path(row.id).unwrap();
        let envelope = EnvelopeRef { run: &run, root: queue.root(), id: row.id, revision: 0 };
        let opened = Opened::read(envelope, &context.judge(), &context.logs);
        assert_eq!(opened.view.level, row.level);
    }
    rows
}

fn levels(rows: &[QueueRow]) -> Vec<Option<u8>> {
    rows.iter().map(|row| row.level).collect()
}

#[test]
fn a_foreign_directory_is_as_it_was_after_a_review() {
    let temporary = tempfile::tempdir().unwrap();
    let foreign = temporary.path().join("foreign");
    let demo = Demo::one_level(3, 1, Some(Level::L5));
    demo.write(&foreign, &SecretString::from("demo")).unwrap();
    // A review works in a directory that cannot be written.
    let writable = |is: bool| {
        for path in snapshot(&foreign).into_keys() {
            let mut permissions = fs::metadata(&path).unwrap().permissions();
            permissions.set_readonly(!is);
            fs::set_permissions(&path, permissions).unwrap();
        }
    };
    writable(false);
    let before = snapshot(&foreign);

    let reviewed = Reviewed::open(&foreign).unwrap();
    assert_eq!(reviewed.first_keys(false), ReviewKeys::Brought);
    let own = station(temporary.path());
    let judged = |keys| levels(&look(&reviewed, reviewed.rules(keys, None, &own)));
    assert_eq!(judged(ReviewKeys::Brought), [Some(5); 3]);
    assert_eq!(judged(ReviewKeys::Station), [Some(1); 3], "nobody here knows these keys");
    assert_eq!(judged(ReviewKeys::Embedded), [Some(5); 3]);
    assert_eq!(snapshot(&foreign), before);
    assert!(!temporary.path().join("own").exists(), "and nothing of it is kept");
    writable(true);
}

#[test]
fn a_pack_is_unpacked_aside_and_gone_with_the_review() {
    let temporary = tempfile::tempdir().unwrap();
    let foreign = temporary.path().join("foreign");
    Demo::one_level(1, 1, Some(Level::L5)).write(&foreign, &SecretString::from("demo")).unwrap();
    let theirs = Reviewed::open(&foreign).unwrap();
    let own = station(temporary.path());
    let (zip, folder) = (temporary.path().join("one.zip"), temporary.path().join("one"));
    {
        let rules = theirs.rules(ReviewKeys::Brought, None, &own);
        let queue = Queue::open(&foreign, rules, Kept::default(), now, |_| {}).unwrap();
        let run = foreign.join(&countersign_store::directory::find(&foreign).unwrap().runs[0]);
        let context = queue.context();
        let judge = context.judge();
        let packed = pack::collect(pack::ToPack::new(&run, &judge, &context.logs)).unwrap();
        packed.write(&zip, &NoRecord).unwrap();
        packed.write(&folder, &NoRecord).unwrap();
    }
    let before = [snapshot(&zip), snapshot(&folder)];

    for path in [&zip, &folder] {
        let reviewed = Reviewed::open(path).unwrap();
        let sealed = reviewed.sealed.as_ref().unwrap();
        assert_eq!((reviewed.digest(), &*sealed.faults), (sealed.contents, &[][..]));
        assert!(sealed.list.is_some());
        assert!(reviewed.covers(path));
        let judged = |keys| levels(&look(&reviewed, reviewed.rules(keys, None, &own)));
        assert_eq!(judged(reviewed.first_keys(false)), [Some(5)]);
        assert_eq!(judged(ReviewKeys::Station), [Some(1)]);
        let root = reviewed.root.clone();
        assert_ne!(root, **path);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(fs::metadata(&root).unwrap().permissions().mode() & 0o777, 0o700);
        }
        drop(reviewed);
        assert!(!root.exists(), "what was unpacked is gone");
    }
    assert_eq!([snapshot(&zip), snapshot(&folder)], before);

    // The review covers what the digest stands for, whatever happens to the folder in the meantime.
    let reviewed = Reviewed::open(&folder).unwrap();
    let run = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let run = run.into_iter().find(|path| path.to_string_lossy().ends_with("Z.json")).unwrap();
    fs::write(&run, fs::read_to_string(&run).unwrap() + "\n").unwrap();
    let rules = reviewed.rules(ReviewKeys::Brought, None, &own);
    assert_eq!(levels(&look(&reviewed, rules)), [Some(5)]);
    let reviewed_run = fs::read(reviewed.root.join(run.file_name().unwrap())).unwrap();
    assert_ne!(reviewed_run, fs::read(&run).unwrap());

    // Changes made after packing are reported, and the digest of the genuine pack is not theirs.
    let genuine = reviewed.digest().unwrap();
    let tampered = Reviewed::open(&folder).unwrap();
    assert_eq!(tampered.digest(), None);
    assert_eq!(reviewed.compare(genuine).unwrap(), ToldAnswer::Same);
    assert_eq!(tampered.compare(genuine).unwrap(), ToldAnswer::ListOnly);
    let sealed = tampered.sealed.unwrap();
    assert_eq!(sealed.list, Some(genuine));
    assert_ne!(sealed.contents, Some(genuine));
    let faults = sealed.faults;
    assert!(faults.iter().any(|fault| run.ends_with(&fault.file)), "{faults:?}");
}
