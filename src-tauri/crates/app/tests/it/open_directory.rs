//! What may be done in a directory that is open: everything in one's own, nothing under review.

use std::fs;
use std::path::PathBuf;
use std::sync::mpsc;

use countersign_admissibility::level::Level;
use countersign_app::open_directory::{OpenDirectory, OpenError, trust_in_force};
use countersign_app::pack;
use countersign_app::review::{ReviewError, ReviewKeys, ToldAnswer};
use countersign_app::workspace::{Workspace, WorkspaceError};
use countersign_envelope::finding::Told;
use countersign_index::history::{HistoryFilter, HistoryFormat};
use countersign_index::queue::{Event, QueueQuery};
use countersign_views::NextAct;

use crate::station::Station;

/// An open directory, and what its queue tells.
struct Opened {
    open: OpenDirectory,
    events: mpsc::Receiver<Event>,
}

impl Opened {
    fn own(station: &Station, workspace: &Workspace, path: PathBuf) -> Self {
        let (sender, events) = mpsc::channel();
        let listener = move |event| sender.send(event).unwrap_or_default();
        let catalogue = station.places.catalogue.clone();
        let open = OpenDirectory::own(workspace, &path, catalogue, listener).unwrap();
        Self { open, events }
    }

    fn review(workspace: &Workspace, path: PathBuf, before: Option<&OpenDirectory>) -> Self {
        let (sender, events) = mpsc::channel();
        let listener = move |event| sender.send(event).unwrap_or_default();
        let open = OpenDirectory::under_review(workspace, &path, before, listener).unwrap();
        Self { open, events }
    }

    /// The levels of its envelopes, once all are judged.
    fn levels(&self) -> Vec<Option<u8>> {
        while self.open.queue.state().progress.is_some() {
            self.events.recv().unwrap();
        }
        let rows = self.open.queue.window(&QueueQuery::default(), 0, 1000, None).rows;
        rows.iter().map(|row| row.level).collect()
    }

    /// The id of the first row.
    fn first(&self) -> u32 {
        self.levels();
        self.open.queue.window(&QueueQuery::default(), 0, 1, None).rows[0].id
    }
}

/// The workspace of a station whose keyring is the one of some envelopes.
fn knowing(station: &Station, keyring: PathBuf) -> Workspace {
    Workspace { keyring: Some(keyring), ..station.workspace() }
}

#[test]
fn ones_own_directory_is_kept_in_the_catalogue_and_its_logs_are_remembered() {
    let station = Station::new();
    let envelopes = station.envelopes("sealed", 2, Level::L3);
    let workspace = knowing(&station, envelopes.root.join("keyring.json"));
    fs::create_dir_all(station.places.catalogue.parent().unwrap()).unwrap();
    // A file stands for its directory.
    let opened = Opened::own(&station, &workspace, envelopes.runs().remove(0));
    assert_eq!(opened.open.root, envelopes.root);
    assert_eq!(opened.levels(), [Some(3); 2]);
    opened.open.check_own().unwrap();
    assert!(opened.open.reviewed().is_none() && opened.open.before_review().is_none());
    assert_eq!(opened.open.note_rewritten(&workspace), []);
    assert!(station.places.catalogue.exists());
    assert!(workspace.memory.as_ref().unwrap().has_seen_directory(&envelopes.root));
    let (keyring, _) = trust_in_force(&workspace, Some(&opened.open));
    assert_eq!(keyring.to_text(), opened.open.queue.context().keyring.to_text());
}

#[test]
fn a_keyring_of_the_station_that_cannot_be_read_does_not_make_those_of_others_count() {
    let station = Station::new();
    let foreign = station.envelopes("foreign", 1, Level::L2);
    let keys = |workspace: &Workspace| {
        let opened = Opened::review(workspace, foreign.root.clone(), None);
        opened.open.review().unwrap().view().keys
    };
    assert_eq!(keys(&station.workspace()), ReviewKeys::Brought, "the station has no keys");
    let damaged = foreign.root.with_file_name("damaged.json");
    fs::write(&damaged, "{").unwrap();
    assert_eq!(keys(&knowing(&station, damaged)), ReviewKeys::Station);
}

#[test]
fn under_review_nothing_is_kept_offered_or_written() {
    let station = Station::new();
    let foreign = station.envelopes("foreign", 2, Level::L2);
    let workspace = knowing(&station, foreign.root.join("keyring.json"));
    fs::create_dir_all(station.places.catalogue.parent().unwrap()).unwrap();
    let own = Opened::own(&station, &workspace, foreign.root.clone());
    let read = own.open.read(own.first()).unwrap();
    assert!(read.view.registrable && read.view.next != NextAct::None, "{:?}", read.view.next);
    drop(own);
    fs::remove_file(&station.places.catalogue).unwrap();

    let opened = Opened::review(&station.workspace(), foreign.root.clone(), None);
    let refused = opened.open.check_own();
    assert!(matches!(&refused, Err(WorkspaceError::Reviewing { path }) if *path == foreign.root));
    let read = opened.open.read(opened.first()).unwrap();
    assert!(!read.view.registrable && read.view.next == NextAct::None);
    assert!(!station.places.catalogue.exists());
    let gone = opened.open.read(4711);
    assert!(matches!(gone, Err(OpenError::Gone)));

    // What is done elsewhere at the same time stays out of it as well.
    let reviewing = Workspace { reviewed: opened.open.reviewed(), ..workspace };
    let out = foreign.root.join("pack");
    let context = opened.open.queue.context();
    let run = &foreign.runs()[0];
    let judge = context.judge();
    let refused = pack::pack(&reviewing, pack::ToPack::new(run, &judge, &context.logs), &out);
    assert!(refused.is_err() && !out.exists());
    let (out, filter) = (foreign.root.join("history.csv"), HistoryFilter::default());
    let refused = opened.open.export_history(&reviewing, &filter, HistoryFormat::Csv, &out);
    assert!(refused.is_err() && !out.exists());
    let out = station.beside("history.csv");
    opened.open.export_history(&reviewing, &filter, HistoryFormat::Csv, &out).unwrap();
    assert!(out.exists());
    assert!(matches!(reviewing.own_keyring(), Err(WorkspaceError::Reviewing { .. })));
}

#[test]
fn the_logs_of_others_are_not_remembered() {
    let station = Station::new();
    let foreign = station.envelopes("foreign", 2, Level::L3);
    let workspace = station.workspace();
    let opened = Opened::review(&workspace, foreign.root.clone(), None);
    opened.levels();
    assert_eq!(opened.open.note_rewritten(&workspace), []);
    assert!(!workspace.memory.as_ref().unwrap().has_seen_directory(&foreign.root));
    let book = opened.open.logs_to_carry(&workspace);
    assert!(book.memory().unwrap().is_of_others());
    let (keyring, _) = trust_in_force(&workspace, Some(&opened.open));
    assert!(keyring.keys().is_empty(), "acts at the station go by its own keyring");
}

#[test]
fn the_stations_own_keyring_decides_in_a_review_unless_it_is_empty() {
    let station = Station::new();
    let foreign = station.envelopes("foreign", 1, Level::L4);
    let stranger = station.envelopes("own", 1, Level::L1);
    let opened = Opened::review(&station.workspace(), foreign.root.clone(), None);
    assert_eq!(opened.open.review().unwrap().view().keys, ReviewKeys::Brought);
    assert_eq!(opened.levels(), [Some(4)]);

    let keyring = station.beside("keyring.json");
    let text = fs::read_to_string(stranger.root.join("keyring.json")).unwrap();
    fs::write(&keyring, text.replace("ds-demo", "ds-other")).unwrap();
    let workspace = knowing(&station, keyring);
    let opened = Opened::review(&workspace, foreign.root.clone(), None);
    let view = opened.open.review().unwrap().view();
    assert_eq!((view.keys, view.brought.is_some()), (ReviewKeys::Station, true));

    // The reviewer may choose otherwise, and is told if there is nothing to choose.
    let judge_by = |keys, keyring| opened.open.judge_by(&workspace, keys, keyring);
    let refused = judge_by(ReviewKeys::Chosen, None);
    assert!(matches!(refused, Err(OpenError::Review(ReviewError::NoKeyring))), "{refused:?}");
    let refused = judge_by(ReviewKeys::Chosen, Some(station.beside("none.json")));
    assert!(matches!(refused, Err(OpenError::Review(ReviewError::Keyring(_)))), "{refused:?}");
    assert_eq!(opened.open.review().unwrap().view().keys, ReviewKeys::Station);
    judge_by(ReviewKeys::Chosen, Some(foreign.root.join("keyring.json"))).unwrap();
    let rules = opened.open.rules(&workspace).unwrap();
    assert_eq!(rules.keyring, foreign.root.join("keyring.json"));
    judge_by(ReviewKeys::Station, None).unwrap();
    judge_by(ReviewKeys::Chosen, None).unwrap();
}

#[test]
fn a_review_within_a_review_leads_back_to_ones_own_work() {
    let station = Station::new();
    let own = station.envelopes("own", 1, Level::L1);
    let foreign = station.envelopes("foreign", 1, Level::L1);
    let workspace = station.workspace();
    fs::create_dir_all(station.places.catalogue.parent().unwrap()).unwrap();
    let opened = Opened::own(&station, &workspace, own.root.clone());
    let first = Opened::review(&workspace, foreign.root.clone(), Some(&opened.open));
    let second = Opened::review(&workspace, foreign.root.clone(), Some(&first.open));
    assert_eq!(second.open.before_review(), Some(&*own.root));
    let refused = opened.open.judge_by(&workspace, ReviewKeys::Station, None);
    assert!(matches!(refused, Err(OpenError::Review(ReviewError::NotReviewing))), "{refused:?}");
}

#[test]
fn a_stricter_policy_applies_to_what_is_open_at_once() {
    let station = Station::new();
    let envelopes = station.envelopes("sealed", 1, Level::L4);
    let mut workspace = knowing(&station, envelopes.root.join("keyring.json"));
    fs::create_dir_all(station.places.catalogue.parent().unwrap()).unwrap();
    let opened = Opened::own(&station, &workspace, envelopes.root.clone());
    assert_eq!(opened.levels(), [Some(4)]);
    workspace.policy.min_threshold = 9;
    opened.open.judge_again(&workspace).unwrap();
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(60);
    while opened.levels() == [Some(4)] {
        assert!(std::time::Instant::now() < deadline, "it is not judged again");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    assert_eq!(opened.levels(), [Some(3)]);
}

#[test]
fn a_digest_is_compared_with_what_is_there_and_with_the_list_that_came_with_it() {
    let station = Station::new();
    let foreign = station.envelopes("foreign", 1, Level::L4);
    let packed = station.beside("packed");
    {
        let opened = Opened::review(&station.workspace(), foreign.root.clone(), None);
        opened.levels();
        let context = opened.open.queue.context();
        let (run, judge) = (&foreign.runs()[0], context.judge());
        let what = pack::ToPack::new(run, &judge, &context.logs);
        pack::pack(&station.workspace(), what, &packed).unwrap();
    }
    let opened = Opened::review(&station.workspace(), packed.clone(), None);
    let review = opened.open.review().unwrap();
    let digest = review.view().digest.unwrap();
    assert_eq!(review.compare(&digest).unwrap(), ToldAnswer::Same);
    assert_eq!(review.told(), Told::Same);
    assert_eq!(review.compare(&"0".repeat(64)).unwrap(), ToldAnswer::Different);
    assert_eq!(review.view().told.unwrap().digest, "0".repeat(64));
    assert!(matches!(review.compare("DEC-007"), Err(ReviewError::NoDigest)));

    fs::write(packed.join("report.html"), "another").unwrap();
    let opened = Opened::review(&station.workspace(), packed, None);
    let review = opened.open.review().unwrap();
    assert!(!review.view().faults.is_empty());
    assert_eq!(review.compare(&digest).unwrap(), ToldAnswer::ListOnly);
    assert_eq!(review.told(), Told::Different);
    let view = review.view();
    assert_eq!((view.digest, view.list), (None, Some(digest.clone())));
    assert_ne!(view.contents, Some(digest));
    let opened = Opened::review(&station.workspace(), foreign.root.clone(), None);
    let review = opened.open.review().unwrap();
    let none = review.compare(&"0".repeat(64));
    assert!(matches!(none, Err(ReviewError::NothingToCompare)));
}
