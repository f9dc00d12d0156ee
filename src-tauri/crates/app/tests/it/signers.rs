//! Signers and modules are added, probed and removed in the settings, and all of that is journalled.

use std::fs;
use std::path::PathBuf;

use countersign_admissibility::level::Level;
use countersign_app::enrol::NewKey;
use countersign_app::module_options::{self, NamedModuleError};
use countersign_app::passphrase::NewPassphrase;
use countersign_app::settings::Settings;
use countersign_app::signer_profiles::{self, NamedSignerError, NewSigner, NewSignerError};
use countersign_app::workspace::WorkspaceError;
use countersign_envelope::file_name::signature_of;
use countersign_envelope::signature::{Algorithm, Role};
use countersign_signers::Unattended;
use countersign_store::reading::name_of;
use countersign_trust::enrolment::Holder;
use secrecy::SecretString;

use crate::station::Station;

/// A signer behind a command that leaves a mark when it runs, and signs nothing.
fn signer(station: &Station, public_key: &str) -> NewSigner {
    let (command, mark) = (station.beside("sign.sh"), station.beside("ran"));
    fs::write(&command, format!("#!/bin/sh\ntouch {}\n", mark.display())).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(&command, fs::Permissions::from_mode(0o755)).unwrap();
    }
    NewSigner {
        name: "hsm".to_owned(),
        key_id: "ds-hsm".to_owned(),
        signer_id: "mira".to_owned(),
        command: command.display().to_string(),
        algorithm: None,
        public_key: Some(public_key.to_owned()),
        public_key_command: None,
        timeout_seconds: 30,
        working_directory: None,
        environment: Vec::new(),
        evidence_command: None,
    }
}

/// The public key of a signature of the demonstration.
fn public_key(station: &Station) -> String {
    let envelopes = station.envelopes("sealed", 1, Level::L2);
    let run = envelopes.runs().remove(0);
    run.with_file_name(signature_of(&name_of(&run))).display().to_string()
}

fn passphrase() -> NewPassphrase {
    NewPassphrase::chosen(SecretString::from("four words make sense"), &[], true).unwrap()
}

#[test]
fn a_signer_is_added_with_its_public_key_and_cannot_sign_before_its_probe() {
    let station = Station::new();
    let workspace = station.workspace();
    let mut new = signer(&station, &public_key(&station));
    new.key_id = "ds-demo-2026-01".to_owned();
    let profile = new.profile(&Unattended).unwrap();
    assert_eq!(profile.algorithm(), Algorithm::Ed25519);
    assert!(profile.public_key().is_some(), "what the file says later is not what is probed");
    signer_profiles::add(&workspace, profile.clone()).unwrap();
    assert_eq!(signer_profiles::find(&workspace, "hsm").unwrap(), profile);
    assert!(profile.check_ready().is_err());
    let text = station.journal();
    assert!(text.contains("hsm: command") && !text.contains("touch"), "{text}");

    // It fails its probe, which is not a reason to add another, and stays one that cannot sign.
    let report = signer_profiles::probe(&workspace, "hsm", None, &Unattended).unwrap();
    assert!(report.outcome.is_err(), "{report:?}");
    assert!(station.beside("ran").exists());
    let refused = signer_profiles::add(&workspace, profile);
    assert!(refused.unwrap_err().to_string().contains("two signers have the name"));
    signer_profiles::remove(&workspace, "hsm").unwrap();
    for refused in [
        signer_profiles::remove(&workspace, "hsm"),
        signer_profiles::find(&workspace, "hsm").map(drop),
        signer_profiles::probe(&workspace, "hsm", None, &Unattended).map(drop),
    ] {
        assert!(matches!(refused, Err(NamedSignerError::None { .. })), "{refused:?}");
    }
}

#[test]
fn no_command_is_run_that_cannot_be_journalled() {
    let station = Station::new();
    let mut new = signer(&station, &public_key(&station));
    new.key_id = "ds-demo-2026-01".to_owned();
    let profile = new.profile(&Unattended).unwrap();
    signer_profiles::add(&station.workspace(), profile.clone()).unwrap();
    fs::remove_file(&station.places.journal).unwrap();
    station.block_journal();
    let workspace = station.workspace();
    let not_journalled = |error: NamedSignerError| {
        matches!(error, NamedSignerError::Workspace(WorkspaceError::NotJournalled { .. }))
    };
    let refused = signer_profiles::add_probed(&workspace, profile.into(), &Unattended);
    assert!(not_journalled(refused.unwrap_err()));
    let refused = signer_profiles::probe(&workspace, "hsm", None, &Unattended);
    assert!(not_journalled(refused.unwrap_err()));
    assert!(!station.beside("ran").exists());
}

#[test]
fn a_key_is_made_enrolled_and_set_up_as_a_signer_or_nothing_is() {
    let station = Station::new();
    let workspace = station.workspace();
    let holder = Holder {
        key_id: Some("ds-prod".to_owned()),
        owner: Some("mira".to_owned()),
        roles: vec![Role::Operator],
        ..Holder::default()
    };
    let key =
        |name: &str, holder: &Holder| NewKey { path: station.beside(name), holder: holder.clone() };
    let nobody = Holder { owner: None, ..holder.clone() };
    let create = |settings: &Settings, key| {
        signer_profiles::create_key(&workspace, settings.clone(), key, &passphrase())
    };
    let refused = create(&Settings::default(), key("mira.pem", &nobody));
    assert!(matches!(refused, Err(NewSignerError::Settings(_))), "{refused:?}");
    assert!(!station.beside("mira.pem").exists() && !station.places.keyring.exists());

    let (settings, enrolled) = create(&Settings::default(), key("mira.pem", &holder)).unwrap();
    assert_eq!((&*enrolled.key.key_id, &*settings.signers[0].name), ("ds-prod", "mira.pem"));
    assert_eq!(workspace.read_keyring().unwrap().keys().len(), 1);
    // Another signer of that name gets a number; a key id that is taken makes no key.
    let refused = create(&settings, key("other.pem", &holder));
    assert!(matches!(refused, Err(NewSignerError::Enrol(_))), "{refused:?}");
    assert!(!station.beside("other.pem").exists());
    fs::create_dir(station.beside("more")).unwrap();
    let more = Holder { key_id: Some("ds-more".to_owned()), ..holder };
    let (settings, _) = create(&settings, key("more/mira.pem", &more)).unwrap();
    let names: Vec<&str> = settings.signers.iter().map(|signer| &*signer.name).collect();
    assert_eq!(names, ["mira.pem", "mira.pem (2)"]);
}

#[test]
fn a_module_is_trusted_started_and_removed_in_the_settings() {
    let station = Station::new();
    let workspace = station.workspace();
    let module: PathBuf = station.beside("module.so");
    let refused = module_options::trust(&workspace, &module);
    assert!(matches!(refused, Err(NamedModuleError::Options(_))), "{refused:?}");
    fs::write(&module, "library").unwrap();
    let sha256 = module_options::trust(&workspace, &module).unwrap().hex();
    let variables = ["HSM_CONFIG".to_owned()];
    module_options::start(&workspace, &module, &variables, Some("slot=1")).unwrap();
    let value = ["HSM_PIN=4711".to_owned()];
    let refused = module_options::start(&workspace, &module, &value, None);
    assert!(!refused.unwrap_err().to_string().contains("4711"));
    let kept = module_options::all(&workspace).unwrap();
    assert_eq!((kept.len(), kept[0].sha256.as_deref()), (1, Some(&*sha256)));
    assert_eq!((&*kept[0].variables, kept[0].init.as_deref()), (&variables[..], Some("slot=1")));
    let text = station.journal();
    assert!(text.contains(&sha256) && !text.contains("slot=1"), "{text}");

    fs::remove_file(&module).unwrap();
    module_options::remove(&workspace, &module).unwrap();
    assert!(module_options::all(&workspace).unwrap().is_empty());
    let refused = module_options::remove(&workspace, &module);
    assert!(matches!(refused, Err(NamedModuleError::Options(_))), "{refused:?}");
}
