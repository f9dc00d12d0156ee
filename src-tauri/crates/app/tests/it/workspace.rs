//! What a workspace is made of, and what it goes by.

use std::path::{Path, PathBuf};

use countersign_admissibility::level::Level;
use countersign_app::places::{Places, PlacesError};
use countersign_app::roots::TrustedFor;
use countersign_app::settings::Settings;
use countersign_app::workspace::{Workspace, WorkspaceError};
use countersign_journal::Event;

use crate::station::Station;

#[test]
fn settings_replace_the_places_that_they_name_and_the_policy() {
    let station = Station::new();
    let own = station.workspace();
    let beside = own.keyring.clone().unwrap().with_file_name("attestation-roots");
    assert_eq!(own.trust_folder.as_deref(), Some(&*beside));
    let mut settings = Settings::default();
    assert_eq!(own.clone().with_settings(&settings).rules().unwrap(), own.rules().unwrap());

    settings.keyring = Some("/elsewhere/keyring.json".to_owned());
    settings.log = Some("/elsewhere/log.ndjson".to_owned());
    settings.policy.min_threshold = 3;
    let rules = own.clone().with_settings(&settings).rules().unwrap();
    assert_eq!(rules.keyring, Path::new("/elsewhere/keyring.json"));
    assert_eq!(rules.roots, Path::new("/elsewhere/attestation-roots"), "roots go with the keyring");
    assert_eq!(rules.log, Some(PathBuf::from("/elsewhere/log.ndjson")));
    assert_eq!((rules.policy.min_threshold, rules.brought), (3, false));

    settings.trust_folder = Some("/third/roots".to_owned());
    let rules = own.with_settings(&settings).rules().unwrap();
    assert_eq!(rules.roots, Path::new("/third/roots"));
}

#[test]
fn a_workspace_without_places_refuses_and_names_what_is_missing() {
    let nowhere = Workspace::default();
    assert!(matches!(nowhere.rules(), Err(WorkspaceError::NoKeyring)));
    assert!(matches!(nowhere.check_journal(), Err(WorkspaceError::NoJournal)));
    assert!(matches!(nowhere.need_memory(), Err(WorkspaceError::NoMemory)));
    for what in TrustedFor::ALL {
        let folder = nowhere.own_trust_folder(*what);
        assert!(matches!(folder, Err(WorkspaceError::NoTrustFolder)));
    }
    let event = Event::MadePrivate { files: Vec::new() };
    assert_eq!(nowhere.note(&event), [], "what only happened is not refused");
}

#[test]
fn what_happened_is_reported_if_it_cannot_be_journalled() {
    let station = Station::new();
    station.block_journal();
    let event = Event::MadePrivate { files: Vec::new() };
    assert_eq!(station.workspace().note(&event).len(), 1);
    let refused = station.workspace().check_journal();
    assert!(matches!(refused, Err(WorkspaceError::NotJournalled { .. })), "{refused:?}");
}

#[test]
fn the_files_of_a_station_are_not_kept_among_envelopes() {
    let station = Station::new();
    let envelopes = station.envelopes("sealed", 1, Level::L1);
    let refused = Places::within(&envelopes.root);
    assert!(matches!(refused, Err(PlacesError::Overwrite(_))), "{refused:?}");
}
