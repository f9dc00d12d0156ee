//! Settings are saved as a whole or in one part alone, and what decides what counts or signs is
//! journalled before that.

use std::fs;

use countersign_app::module_options;
use countersign_app::settings::{Settings, SettingsError};
use countersign_app::settings_file::{self, SettingsFile, SettingsFileError};
use countersign_app::workspace::WorkspaceError;
use countersign_ceremony::signer_profile::{KeySource, SignerProfile};
use serde_json::Value;

use crate::station::Station;

fn profile(name: &str) -> SignerProfile {
    SignerProfile {
        name: name.to_owned(),
        key_id: "k".to_owned(),
        signer_id: "mira".to_owned(),
        source: KeySource::KeyFile { path: "/k.pem".to_owned() },
    }
}

fn add(station: &Station, name: &str) -> Result<(), SettingsFileError> {
    settings_file::change_signers(&station.workspace(), |signers| {
        signers.push(profile(name));
        Ok(())
    })
}

/// A station with settings that say this.
fn with(text: &str) -> Station {
    let station = Station::new();
    fs::create_dir_all(station.places.settings.parent().unwrap()).unwrap();
    fs::write(&station.places.settings, text).unwrap();
    station
}

fn stored(station: &Station) -> Value {
    serde_json::from_slice(&fs::read(&station.places.settings).unwrap()).unwrap()
}

#[test]
fn only_the_signers_are_changed_and_only_in_a_settings_file() {
    let station = Station::new();
    let path = &station.places.settings;
    assert!(settings_file::signers(path).unwrap().is_empty());
    add(&station, "first").unwrap();
    let text = fs::read_to_string(path).unwrap();
    let more = text.replacen('{', r#"{"theme": "dark", "later": {"x": 1},"#, 1);
    fs::write(path, more).unwrap();
    add(&station, "second").unwrap();
    let kept = stored(&station);
    assert_eq!((kept["theme"].as_str(), &kept["later"]["x"]), (Some("dark"), &1.into()));
    let signers = settings_file::signers(path).unwrap();
    assert_eq!(signers.iter().map(|one| &one.name).collect::<Vec<_>>(), ["first", "second"]);

    let before = fs::read(path).unwrap();
    let error = add(&station, "first").unwrap_err().to_string();
    assert!(error.contains("two signers have the name"), "{error}");
    assert_eq!(fs::read(path).unwrap(), before);
    // Damaged parts are never overwritten; damage elsewhere does not matter.
    fs::write(path, r#"{"theme": 7, "signers": []}"#).unwrap();
    assert!(settings_file::signers(path).unwrap().is_empty());
    for damaged in [r#"{"signers": 7}"#, "{"] {
        fs::write(path, damaged).unwrap();
        assert!(settings_file::signers(path).is_err() && add(&station, "third").is_err());
        assert_eq!(fs::read_to_string(path).unwrap(), damaged);
    }
}

#[test]
fn saved_settings_keep_what_this_version_does_not_know() {
    let station = with(r#"{"theme": "dark", "later": {"x": 1}}"#);
    let mut file = SettingsFile::open(&station.places.settings);
    assert_eq!((file.problems(), file.kept_aside()), (&[][..], None));
    let mut settings = file.settings().clone();
    settings.policy.min_threshold = 3;
    file.save(&station.workspace(), settings.clone()).unwrap();
    assert_eq!(file.settings(), &settings);
    let kept = stored(&station);
    assert_eq!((kept["theme"].as_str(), &kept["later"]["x"]), (Some("dark"), &1.into()));
    assert_eq!(kept["policy"]["min_threshold"], 3);
    assert_eq!(SettingsFile::open(&station.places.settings).settings(), &settings);
    assert!(station.journal().contains("policy.min_threshold"), "{}", station.journal());
}

#[test]
fn invalid_settings_and_those_that_cannot_be_journalled_are_not_saved() {
    let station = Station::new();
    let mut file = SettingsFile::open(&station.places.settings);
    let mut settings = Settings::default();
    settings.policy.min_threshold = 1;
    let refused = file.save(&station.workspace(), settings);
    let threshold = SettingsFileError::Invalid(SettingsError::Threshold(1));
    assert_eq!(refused.unwrap_err().to_string(), threshold.to_string());

    station.block_journal();
    let mut settings = Settings::default();
    settings.policy.min_threshold = 3;
    let refused = file.save(&station.workspace(), settings);
    assert!(matches!(refused, Err(SettingsFileError::Journal(_))), "{refused:?}");
    assert_eq!(file.settings(), &Settings::default());
    let refused = add(&station, "first");
    assert!(matches!(refused, Err(SettingsFileError::Journal(_))), "{refused:?}");
    assert!(!station.places.settings.exists());
    // Where a directory is opened decides nothing, and needs no journal.
    file.remember_opened(&station.workspace(), "/srv/runs".as_ref());
    assert_eq!(file.problems(), []);
    assert_eq!(stored(&station)["directory"], "/srv/runs");
}

#[test]
fn damaged_settings_are_kept_aside_and_said_until_they_are_saved() {
    let station = with("{");
    let mut file = SettingsFile::open(&station.places.settings);
    let aside = file.kept_aside().unwrap().to_owned();
    assert_eq!(fs::read_to_string(&aside).unwrap(), "{");
    assert_eq!(file.problems().len(), 1);
    file.save(&station.workspace(), Settings::default()).unwrap();
    assert_eq!(file.problems(), []);

    // One damaged setting alone has its default; the whole file is kept before it is overwritten.
    let station = with(r#"{"theme": "purple", "directory": "/srv/runs"}"#);
    let file = SettingsFile::open(&station.places.settings);
    assert_eq!(file.settings().directory.as_deref(), Some("/srv/runs"));
    assert!(file.kept_aside().unwrap().exists() && station.places.settings.exists());
    assert!(file.problems()[0].message().contains("theme"), "{:?}", file.problems());
}

#[test]
fn a_file_of_something_else_is_neither_used_nor_overwritten() {
    let text = r#"{"keys": []}"#;
    let station = with(text);
    let mut file = SettingsFile::open(&station.places.settings);
    assert_eq!((file.settings(), file.problems().len()), (&Settings::default(), 1));
    let refused = file.save(&station.workspace(), Settings::default());
    assert!(matches!(refused, Err(SettingsFileError::Overwrite(_))), "{refused:?}");
    assert_eq!(fs::read_to_string(&station.places.settings).unwrap(), text);
}

#[test]
fn signers_that_were_changed_elsewhere_are_taken_over_and_not_overwritten() {
    let station = Station::new();
    let workspace = station.workspace();
    let mut file = SettingsFile::open(&station.places.settings);
    let edited = Settings { signers: vec![profile("mine")], ..file.settings().clone() };
    add(&station, "theirs").unwrap();
    let refused = file.save(&workspace, edited.clone());
    assert!(matches!(refused, Err(SettingsFileError::SignersChanged)), "{refused:?}");
    assert_eq!(file.settings().signers, [profile("theirs")]);

    // Other settings are saved all the same.
    add(&station, "more").unwrap();
    let mut other = file.settings().clone();
    other.policy.min_threshold = 3;
    file.save(&workspace, other).unwrap();
    assert_eq!(file.settings().signers, [profile("theirs"), profile("more")]);
    assert!(!file.take_changes(), "there is nothing new");
}

#[test]
fn a_module_that_is_trusted_no_longer_stays_so_when_other_settings_are_saved() {
    let station = Station::new();
    let workspace = station.workspace();
    let module = station.beside("module.so");
    fs::write(&module, "library").unwrap();
    module_options::trust(&workspace, &module).unwrap();
    let mut file = SettingsFile::open(&station.places.settings);
    assert_eq!(file.settings().pkcs11_module_options.len(), 1);
    let mut edited = file.settings().clone();
    module_options::remove(&workspace, &module).unwrap();
    edited.policy.min_threshold = 3;
    file.save(&workspace, edited.clone()).unwrap();
    assert!(module_options::all(&workspace).unwrap().is_empty());
    assert!(file.settings().pkcs11_module_options.is_empty());

    // What both have changed is not overwritten.
    module_options::trust(&workspace, &module).unwrap();
    edited.pkcs11_module_options[0].variables = vec!["HSM_CONFIG".to_owned()];
    let refused = file.save(&workspace, edited);
    assert!(matches!(refused, Err(SettingsFileError::ModulesChanged)), "{refused:?}");
    assert_eq!(file.settings().pkcs11_module_options.len(), 1);
}

#[test]
fn what_a_person_edits_is_not_the_open_directory() {
    let mut current = Settings::default();
    current.opened("/srv/runs");
    let edited = Settings { log: Some("/log".to_owned()), ..Settings::default() };
    let edited = edited.edited(&current).unwrap();
    assert_eq!((edited.directory, edited.recent), (current.directory, current.recent));
    assert_eq!(edited.log.as_deref(), Some("/log"));
}

#[test]
fn without_a_place_for_settings_nothing_is_changed() {
    let station = Station::new();
    let mut workspace = station.workspace();
    workspace.settings = None;
    let refused = settings_file::change_signers(&workspace, |_| Ok::<_, SettingsFileError>(()));
    let workspace = SettingsFileError::Workspace(WorkspaceError::NoSettings);
    assert_eq!(refused.unwrap_err().to_string(), workspace.to_string());
    assert!(!station.places.settings.exists());
}
