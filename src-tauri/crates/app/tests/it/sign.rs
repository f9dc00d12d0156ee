//! Signing files with one key: whose signature it is, the least terms, and what is known before a
//! secret is asked for.

// Helpers of tests may fail the test.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::sync::Arc;

use countersign_admissibility::keyring::Keyring;
use countersign_admissibility::level::Level;
use countersign_app::sign::{NotNamed, SignRequest, SignRequestError, SignsAs};
use countersign_app::workspace::{Workspace, WorkspaceError};
use countersign_ceremony::ceremony::Stage;
use countersign_ceremony::signing::Scope;
use countersign_demo::Demo;
use countersign_envelope::instant::Instant;
use countersign_envelope::signature::Role;
use countersign_journal::{Journal, LIMIT};
use countersign_problem::Explain as _;
use countersign_store::directory;
use countersign_store::logs::LogBook;
use secrecy::SecretString;
use tempfile::TempDir;

fn now() -> Instant {
    Instant::from_unix(1_800_000_000).unwrap()
}

struct Station {
    directory: TempDir,
    request: SignRequest,
    keyring: Arc<Keyring>,
}

/// Two envelopes that an operator has signed, and a request of the witness to sign them.
fn station() -> Station {
    let directory = tempfile::tempdir().unwrap();
    let demo = Demo::one_level(2, 1, Some(Level::L2));
    demo.write(directory.path(), &SecretString::from("demo")).unwrap();
    let runs = directory::find(directory.path()).unwrap().runs;
    let keyring = fs::read(directory.path().join("keyring.json")).unwrap();
    let request = SignRequest {
        files: runs.into_iter().map(|run| directory.path().join(run)).collect(),
        scope: Scope::RunAndManifest,
        signatures: None,
        key_id: None,
        signer: None,
        role: Role::Witness,
        payload: None,
        threshold: 0,
        required_roles: vec![Role::Auditor, Role::Operator],
        evidence: Vec::new(),
        claim: true,
        intent: countersign_ceremony::signing::Intent::Sign,
    };
    Station { directory, request, keyring: Arc::new(Keyring::parse(&keyring).unwrap()) }
}

#[test]
fn id_and_owner_are_those_given_or_those_of_the_keyring() {
    let Station { request, keyring, .. } = station();
    let known = &keyring.keys()[0];
    let named = SignsAs { key_id: known.key_id.clone(), signer_id: known.owner.clone() };
    assert_eq!(request.signs_as(Some(known)).unwrap(), named);
    assert_eq!(request.signs_as(None), Err(NotNamed::KeyId));
    let given = SignRequest { key_id: Some("ds-mine".to_owned()), ..request };
    assert_eq!(given.signs_as(None), Err(NotNamed::Signer));
    assert_eq!(given.signs_as(Some(known)).unwrap().key_id, "ds-mine");
}

#[test]
fn terms_are_never_below_the_least_that_any_policy_asks_for() {
    let Station { request, keyring, .. } = station();
    let signs_as = request.signs_as(Some(&keyring.keys()[0])).unwrap();
    let choice = request.choice(&signs_as, &keyring, now());
    assert_eq!(choice.terms.threshold, 2);
    assert_eq!(choice.terms.required_roles, [Role::Operator, Role::Witness, Role::Auditor]);
}

#[test]
fn a_secret_is_not_asked_for_if_no_key_could_sign_any_of_the_files() {
    let Station { directory: _kept, request, keyring } = station();
    request.check_worth_a_secret(&keyring, now()).unwrap();
    let refused =
        |request: &SignRequest| request.check_worth_a_secret(&keyring, now()).unwrap_err();
    let nobody = SignRequest { signer: Some("nobody".to_owned()), ..request.clone() };
    assert!(matches!(refused(&nobody), SignRequestError::NoneOfRole { role: Role::Witness }));
    // One file that can be signed is enough.
    fs::write(&request.files[0], "{").unwrap();
    request.check_worth_a_secret(&keyring, now()).unwrap();
    fs::remove_file(&request.files[1]).unwrap();
    assert_eq!(refused(&request).problem().code, "not_an_artifact");
}

#[test]
fn a_ceremony_begins_recorded_and_read_or_says_why_not() {
    let Station { directory, request, keyring } = station();
    let mut workspace = Workspace { now, ..Workspace::default() };
    let logs = LogBook::new(None, None);
    let begun = request.begin(&workspace, &request.files[0], (&keyring, &logs)).err();
    assert!(matches!(begun, Some(WorkspaceError::NoJournal)), "nothing is signed unrecorded");
    let path = directory.path().join("journal.ndjson");
    workspace.journal = Some(Arc::new(Journal::at(&path, LIMIT)));
    let begun = request.begin(&workspace, &request.files[0], (&keyring, &logs)).unwrap();
    assert_eq!(begun.ceremony.stage(), Stage::Choosing);
    drop(begun);
    fs::write(&request.files[1], "{").unwrap();
    let begun = request.begin(&workspace, &request.files[1], (&keyring, &logs)).unwrap();
    assert_eq!(begun.ceremony.refusal().unwrap().problem().code, "not_an_artifact");
    let journal = fs::read_to_string(&path).unwrap();
    assert_eq!(journal.matches("ceremony_begun").count(), 2, "{journal}");
}
