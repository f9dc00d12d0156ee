//! The head of a log is made only of a log that is there and holds.

use std::fs;

use countersign_admissibility::level::Level;
use countersign_app::log_head::{self, HeadError};
use countersign_envelope::file_name::LOG_HEAD;
use countersign_problem::Explain as _;

use crate::station::{Station, cut};

#[test]
fn there_is_no_head_of_a_log_that_does_not_exist() {
    let station = Station::new();
    let directory = station.beside("empty");
    fs::create_dir(&directory).unwrap();
    let log = directory.join("transparency_log.ndjson");
    let refused = log_head::check(&station.workspace(), &log).unwrap_err();
    assert!(matches!(&refused, HeadError::NoLog { path } if *path == log), "{refused:?}");
    let problem = refused.problem();
    assert!(problem.message().contains("there is no log at"), "{}", problem.message());
    assert!(problem.hint_sentence().contains("log append"), "{}", problem.hint_sentence());
    assert_eq!(fs::read_dir(&directory).unwrap().count(), 0, "nothing is written");
    assert!(!station.places.journal.exists(), "and no journal is begun");
}

#[test]
fn the_head_of_a_log_is_written_beside_it_or_where_it_is_named() {
    let station = Station::new();
    let envelopes = station.envelopes("sealed", 3, Level::L3);
    let workspace = station.workspace();
    let checked = log_head::check(&workspace, &envelopes.log()).unwrap();
    assert_eq!(checked.warnings(), []);
    let (out, head) = log_head::write(&workspace, &checked, None, false).unwrap();
    assert_eq!((out, head.entry_count), (envelopes.root.join(LOG_HEAD), 3));
    let named = station.beside("head.json");
    log_head::write(&workspace, &checked, Some(&named), false).unwrap();
    assert_eq!(fs::read(&named).unwrap(), fs::read(envelopes.root.join(LOG_HEAD)).unwrap());
    // Only another head is replaced.
    let run = &envelopes.runs()[0];
    let before = fs::read(run).unwrap();
    let refused = log_head::write(&workspace, &checked, Some(run), false);
    assert!(matches!(refused, Err(HeadError::Overwrite(_))), "{refused:?}");
    assert_eq!(fs::read(run).unwrap(), before);
}

#[test]
fn a_log_that_was_cut_has_a_head_only_if_that_is_allowed_and_is_journalled_once() {
    let station = Station::new();
    let envelopes = station.envelopes("sealed", 3, Level::L3);
    let workspace = station.workspace();
    log_head::check(&workspace, &envelopes.log()).unwrap();
    cut(&envelopes.log(), 2);
    for _ in 0..2 {
        let checked = log_head::check(&workspace, &envelopes.log()).unwrap();
        assert_eq!(checked.warnings().len(), 1);
        let refused = log_head::head(&workspace, &checked, false);
        assert!(matches!(refused, Err(HeadError::DoesNotHold { .. })), "{refused:?}");
        assert_eq!(log_head::head(&workspace, &checked, true).unwrap().entry_count, 2);
    }
    assert_eq!(station.journal().matches("log_rewritten").count(), 1, "{}", station.journal());
    // Of one that is gone there is no head at all.
    fs::remove_file(envelopes.log()).unwrap();
    let checked = log_head::check(&workspace, &envelopes.log()).unwrap();
    let refused =
        [log_head::head(&workspace, &checked, false), log_head::head(&workspace, &checked, true)];
    assert!(matches!(refused[0], Err(HeadError::DoesNotHold { .. })), "{refused:?}");
    assert!(matches!(refused[1], Err(HeadError::NoLog { .. })), "{refused:?}");
}
