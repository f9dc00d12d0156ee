//! A review that ends in a finding: what the desk says, what is signed, where it is written, and what
//! is believed of it afterwards.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use countersign_admissibility::finding::FindingStanding;
use countersign_admissibility::keyring::{Key as KeyringKey, Keyring};
use countersign_admissibility::level::Level;
use countersign_app::finding::{self, FindingUseError};
use countersign_app::open_directory::OpenDirectory;
use countersign_app::pack;
use countersign_app::review::{ReviewKeys, Reviewed, ToldAnswer};
use countersign_app::review_desk::{self, ConcludeError, Desk, Said, TrustHere};
use countersign_app::workspace::{Workspace, WorkspaceError};
use countersign_ceremony::act::view::ActStage;
use countersign_ceremony::ceremony::{Ceremony, CeremonyError, LastTry};
use countersign_ceremony::desk::SigningDesk;
use countersign_ceremony::finding::FindingToSign;
use countersign_ceremony::finding_act::{FindingAct, FindingChoice};
use countersign_ceremony::key_ref::KeyRef;
use countersign_ceremony::signer_profile::{KeySource, SignerProfile};
use countersign_ceremony::signing::{Choice, Intent, SigningError};
use countersign_envelope::digest::Digest;
use countersign_envelope::finding::{FindingError, FindingOutcome, Told};
use countersign_envelope::public_key::PublicKey;
use countersign_envelope::signature::Role;
use countersign_envelope::signature_file::Terms;
use countersign_index::queue::Context;
use countersign_problem::Explain as _;
use countersign_signers::devices::Devices;
use countersign_signers::software::{Ed25519Signer, HmacSigner};
use countersign_signers::{Key, Signer, Unattended};
use countersign_trust::keyring_file;
use secrecy::SecretString;

use crate::station::{Envelopes, Station, now};

/// A pack of an envelope at L5, as a zip and as a folder; and the directory that it is from.
fn packed(station: &Station) -> (PathBuf, PathBuf, Envelopes) {
    let foreign = station.envelopes("foreign", 1, Level::L5);
    let (zip, folder) = (station.beside("one.pack.zip"), station.beside("one.pack"));
    let workspace = station.workspace();
    let open = OpenDirectory::under_review(&workspace, &foreign.root, None, |_| {}).unwrap();
    let context = open.queue.context();
    for out in [&zip, &folder] {
        let (run, judge) = (&foreign.runs()[0], context.judge());
        pack::pack(&workspace, pack::ToPack::new(run, &judge, &context.logs), out).unwrap();
    }
    (zip, folder, foreign)
}

fn desk(workspace: &Workspace, reviewed: &Reviewed) -> Desk {
    let logs = review_desk::logs_of(reviewed, workspace.memory.as_ref());
    Desk::of(reviewed, &workspace.rules().unwrap(), &logs, now).unwrap()
}

fn said(outcome: FindingOutcome, note: &str) -> Said {
    Said { outcome: Some(outcome), note: note.to_owned(), notes: BTreeMap::new() }
}

/// The auditor's key, which the keyring knows.
fn auditor() -> (Ed25519Signer, Keyring) {
    let key = Ed25519Signer::from_seed(&[9; 32]).unwrap();
    (key, keyring_of(&Ed25519Signer::from_seed(&[9; 32]).unwrap()))
}

fn keyring_of(key: &Ed25519Signer) -> Keyring {
    let text = format!(
        r#"{{"keyring_version":"1.0","keys":[{{"key_id":"audit","key_type":"ed25519","public_key":"{}","owner":"a.auditor","roles":["auditor"],"kind":"software"}}]}}"#,
        key.public_key().map(PublicKey::to_text).unwrap()
    );
    Keyring::parse(text.as_bytes()).unwrap()
}

fn choice(role: Role) -> Choice {
    Choice {
        key_id: "audit".to_owned(),
        signer_id: "a.auditor".to_owned(),
        role,
        signed_at: now(),
        payload: None,
        terms: Terms { threshold: 0, required_roles: Vec::new() },
        evidence: Vec::new(),
        claim: false,
        intent: Intent::Sign,
    }
}

/// What is reviewed, concluded and to be signed for a place.
fn to_sign(
    workspace: &Workspace,
    reviewed: &Reviewed,
    out: &Path,
    said: &Said,
) -> Result<FindingToSign, FindingUseError> {
    let rules = workspace.rules().unwrap();
    let by = (Told::NotCompared, ReviewKeys::Station);
    let conclusion = desk(workspace, reviewed).conclude(reviewed, &rules, by, said)?;
    finding::to_sign(workspace, reviewed, out, conclusion)
}

fn sign(
    workspace: &Workspace,
    to_sign: FindingToSign,
    key: Key,
    choice: Choice,
    keyring: Keyring,
) -> Result<PathBuf, Arc<SigningError>> {
    let (reviewed, recorder) = (to_sign.reviewed.clone(), workspace.recorder().unwrap());
    let mut ceremony = Ceremony::over(to_sign, &reviewed, Arc::new(keyring), recorder);
    let signed = ceremony.choose(key, choice).and_then(|()| ceremony.sign(&Unattended).map(drop));
    match signed {
        Ok(()) => Ok(ceremony.written().unwrap()[0].clone()),
        Err(CeremonyError::Refused(error)) => Err(error),
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn the_desk_judges_by_their_keys_and_by_mine_and_says_what_theirs_rest_on() {
    let station = Station::new();
    let (zip, _, foreign) = packed(&station);
    let workspace = station.workspace();
    let reviewed = Reviewed::open(&zip).unwrap();
    let of = |desk: &Desk| {
        let one = &desk.envelopes[0];
        (one.theirs.level, one.own.level)
    };
    let seen = desk(&workspace, &reviewed);
    assert_eq!(of(&seen), (Some(Level::L5), Some(Level::L1)));
    assert_eq!((seen.theirs, seen.more), (ReviewKeys::Brought, 0));
    assert_eq!(seen.problems, []);
    assert!(seen.trust.keys.len() >= 2, "{:?}", seen.trust.keys);
    let unknown = |one: &review_desk::TrustedKey| one.here == TrustHere::Unknown;
    assert!(seen.trust.keys.iter().all(unknown));
    assert!(seen.trust.keys.iter().all(|one| one.fingerprint.len() == 64 && one.envelopes == 1));
    assert_eq!(seen.trust.logs.len(), 1);
    assert_eq!(seen.trust.logs[0].here, TrustHere::Unknown);

    // With their keys in one's own keyring there is nothing left to trust; a key of theirs that is
    // somebody else's here is named.
    let theirs = keyring_file::read(&foreign.root.join("keyring.json")).unwrap();
    let mut keys: Vec<KeyringKey> = theirs.keys().to_vec();
    let write = |keys: &[KeyringKey]| {
        let mut keyring = Keyring::default();
        keys.iter().for_each(|key| keyring.add(key.clone()).unwrap());
        let path = workspace.keyring.as_deref().unwrap();
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, keyring.to_text()).unwrap();
    };
    write(&keys);
    let seen = desk(&workspace, &reviewed);
    assert_eq!(of(&seen), (Some(Level::L5), Some(Level::L5)));
    assert!(seen.trust.keys.iter().all(|one| one.here == TrustHere::Trusted));
    let renamed = seen.trust.keys[0].owner.clone();
    keys.iter_mut().filter(|key| key.owner == renamed).for_each(|key| {
        key.owner = "someone.else".to_owned();
    });
    write(&keys);
    let seen = desk(&workspace, &reviewed);
    let one = seen.trust.keys.iter().find(|one| one.owner == renamed).unwrap();
    assert_eq!(one.here, TrustHere::Contradicts);
    assert!(one.why.as_ref().unwrap().text.contains("someone.else"), "{one:?}");

    // A keyring of one's own that cannot be read is named, and counts none of them.
    fs::write(workspace.keyring.as_deref().unwrap(), "{").unwrap();
    let seen = desk(&workspace, &reviewed);
    assert_eq!(of(&seen), (Some(Level::L5), Some(Level::L1)));
    assert_eq!(seen.problems.len(), 1, "{:?}", seen.problems);
    assert!(seen.problems[0].message().contains("keyring"), "{:?}", seen.problems);
}

#[test]
fn without_keys_of_theirs_their_column_is_by_any_key_and_no_level_of_theirs_is_signed() {
    let station = Station::new();
    let (_, folder, _) = packed(&station);
    fs::remove_file(folder.join("keyring.json")).unwrap();
    let workspace = station.workspace();
    let reviewed = Reviewed::open(&folder).unwrap();
    let seen = desk(&workspace, &reviewed);
    assert_eq!(seen.theirs, ReviewKeys::Embedded);
    assert!(seen.envelopes[0].theirs.level >= Some(Level::L4));
    let said = said(FindingOutcome::Rejected, "Its keyring is missing.");
    let to_sign = to_sign(&workspace, &reviewed, &station.beside("f.json"), &said).unwrap();
    assert_eq!(to_sign.conclusion.envelopes[0].theirs, None);
}

#[test]
fn a_finding_is_signed_verified_and_written_and_the_pack_stays_as_it_was() {
    let station = Station::new();
    let (zip, _, _) = packed(&station);
    let before = Digest::of(&fs::read(&zip).unwrap());
    let workspace = station.workspace();
    let reviewed = Reviewed::open(&zip).unwrap();
    let run = desk(&workspace, &reviewed).envelopes[0].run.as_ref().unwrap().digest;
    let mut said = said(FindingOutcome::WithReservations, "");
    said.notes.insert(run, "The witness is unknown to us.".to_owned());
    let out = station.beside("one.finding.json");
    let finding_to_sign = to_sign(&workspace, &reviewed, &out, &said).unwrap();
    let (key, keyring) = auditor();
    let key = Key::Ready(Box::new(key));
    let written = sign(&workspace, finding_to_sign, key, choice(Role::Auditor), keyring).unwrap();
    assert_eq!(written, out);
    assert_eq!(Digest::of(&fs::read(&zip).unwrap()), before);

    let pack = finding::pack_to_compare(&reviewed).unwrap();
    let keyring = auditor().1;
    let judged = finding::judge(&out, Some(&pack), &keyring).unwrap();
    assert!(judged.holds(), "{judged:?}");
    let found = judged.finding.clone().unwrap();
    assert_eq!((found.reviewer.as_str(), found.role.as_str()), ("a.auditor", "auditor"));
    let said = &found.conclusion;
    assert_eq!(Some(said.pack), reviewed.digest());
    let one = &said.envelopes[0];
    assert_eq!(one.note, "The witness is unknown to us.");
    assert_eq!(one.theirs.as_ref().unwrap().level, Some(5));
    assert_eq!(one.own.level, Some(1));

    let page = finding::page_of(&out);
    finding::write_page(&workspace, &out, &judged, &page).unwrap();
    let page = fs::read_to_string(page).unwrap();
    for words in ["Accepted with reservations", "a.auditor", &said.pack.grouped(), "unknown to us"]
    {
        assert!(page.contains(words), "{words}");
    }
    let journal = station.journal();
    let at = |event: &str| journal.find(event).unwrap_or_else(|| panic!("no {event}: {journal}"));
    assert!(at("finding_attempted") < at("finding_written"));

    // The same place again is not overwritten, and no key is used for it.
    let accepted = super::finding::said(FindingOutcome::Accepted, "");
    let again = to_sign(&workspace, &reviewed, &out, &accepted).unwrap();
    let (key, keyring) = auditor();
    let key = Key::Ready(Box::new(key));
    let refused = sign(&workspace, again, key, choice(Role::Auditor), keyring).unwrap_err();
    assert!(refused.to_string().contains("one.finding.json"), "{refused}");
    let kept = finding::judge(&out, Some(&pack), &auditor().1).unwrap();
    assert_eq!(kept.digest, judged.digest);
}

#[test]
fn a_finding_about_another_pack_is_named_so_whatever_it_says() {
    let station = Station::new();
    let (zip, folder, _) = packed(&station);
    let workspace = station.workspace();
    let reviewed = Reviewed::open(&zip).unwrap();
    let out = station.beside("one.finding.json");
    let accepted = said(FindingOutcome::Accepted, "");
    let finding_to_sign = to_sign(&workspace, &reviewed, &out, &accepted).unwrap();
    let (key, keyring) = auditor();
    let key = Key::Ready(Box::new(key));
    sign(&workspace, finding_to_sign, key, choice(Role::Auditor), keyring).unwrap();
    let genuine = reviewed.digest().unwrap();

    // A folder and a zip are the same pack; one with a changed file is not, though it has the list of
    // the genuine one.
    let standing = |path: &Path| {
        let pack = finding::pack_to_compare(&Reviewed::open(path).unwrap()).unwrap();
        finding::judge(&out, Some(&pack), &auditor().1).unwrap().standing
    };
    assert_eq!(standing(&folder), FindingStanding::Holds);
    fs::write(folder.join("report.html"), "<p>All is well.</p>").unwrap();
    let tampered = Reviewed::open(&folder).unwrap();
    assert_eq!(tampered.compare(genuine).unwrap(), ToldAnswer::ListOnly);
    assert_eq!(standing(&folder), FindingStanding::AnotherPack);

    // A finding about it is about what is there, and cannot just accept it.
    let refused = to_sign(&workspace, &tampered, &station.beside("t.json"), &accepted).unwrap_err();
    let not = |error: &FindingUseError| match error {
        FindingUseError::Conclude(ConcludeError::Finding(error)) => error.clone(),
        other => panic!("{other}"),
    };
    assert_eq!(not(&refused), FindingError::NotAcceptable);
    let silent = said(FindingOutcome::Rejected, " ");
    let refused = to_sign(&workspace, &tampered, &station.beside("t.json"), &silent).unwrap_err();
    assert_eq!(not(&refused), FindingError::NoNote);
    let rejected = said(FindingOutcome::Rejected, "The report was replaced.");
    let about = to_sign(&workspace, &tampered, &station.beside("t.json"), &rejected).unwrap();
    assert_ne!(about.conclusion.pack, genuine);
    assert_eq!(about.conclusion.list, Some(genuine));
    assert!(!about.conclusion.complete);
}

#[test]
fn nothing_is_signed_that_could_not_be_written_or_is_not_about_a_pack() {
    let station = Station::new();
    let (_, folder, foreign) = packed(&station);
    let workspace = station.workspace();
    let reviewed = Reviewed::open(&folder).unwrap();
    let accepted = said(FindingOutcome::Accepted, "");
    let inside = to_sign(&workspace, &reviewed, &folder.join("f.json"), &accepted).unwrap_err();
    assert!(matches!(inside, FindingUseError::Workspace(WorkspaceError::Reviewing { .. })));
    let evidence = station.beside("RUN-00000000_20260101T000000Z.json");
    assert!(to_sign(&workspace, &reviewed, &evidence, &accepted).is_err());
    let mut stray = accepted.clone();
    stray.notes.insert(Digest::of(b"another run"), "?".to_owned());
    let stray = to_sign(&workspace, &reviewed, &station.beside("f.json"), &stray).unwrap_err();
    assert_eq!(stray.problem().code, "no_such_run");
    let directory = Reviewed::open(&foreign.root).unwrap();
    let none = to_sign(&workspace, &directory, &station.beside("f.json"), &accepted).unwrap_err();
    assert_eq!(none.problem().code, "not_a_pack");

    // A key that the keyring gives to another role or person, and one that belongs to nobody.
    let out = station.beside("f.json");
    let ready = || to_sign(&workspace, &reviewed, &out, &accepted).unwrap();
    let (key, keyring) = auditor();
    let witness = sign(
        &workspace,
        ready(),
        Key::Ready(Box::new(key)),
        choice(Role::Witness),
        keyring.clone(),
    );
    assert!(matches!(*witness.unwrap_err(), SigningError::NotAccepted { .. }));
    let other = Choice { signer_id: "mira.k".to_owned(), ..choice(Role::Auditor) };
    let key = Key::Ready(Box::new(auditor().0));
    let other = sign(&workspace, ready(), key, other, keyring);
    assert!(matches!(*other.unwrap_err(), SigningError::NotAccepted { .. }));
    let shared =
        HmacSigner::from_base64(&SecretString::from("c2hhcmVkIHNoYXJlZCBzaGFyZWQgc2hhcmVk"));
    let shared = Key::Ready(Box::new(shared.unwrap()));
    let shared = sign(&workspace, ready(), shared, choice(Role::Auditor), Keyring::default());
    assert!(matches!(*shared.unwrap_err(), SigningError::SharedFinding));
    // What cannot be journalled is not signed.
    let blocked = Station::new();
    blocked.block_journal();
    let (key, keyring) = auditor();
    let key = Key::Ready(Box::new(key));
    let unrecorded = sign(&blocked.workspace(), ready(), key, choice(Role::Auditor), keyring);
    assert!(matches!(*unrecorded.unwrap_err(), SigningError::Journal(_)));
    assert!(!out.exists());
}

#[test]
fn in_a_window_the_key_asks_for_its_secret_and_a_wrong_one_writes_nothing() {
    let station = Station::new();
    let (zip, _, _) = packed(&station);
    let workspace = station.workspace();
    let key = countersign_app::enrol::NewKey {
        path: station.beside("audit.key.pem"),
        holder: countersign_trust::enrolment::Holder {
            key_id: Some("audit".to_owned()),
            owner: Some("a.auditor".to_owned()),
            roles: vec![Role::Auditor],
            ..Default::default()
        },
    };
    let secret = SecretString::from("four words make some sense");
    let passphrase = key.passphrase(secret.clone(), false).unwrap();
    countersign_app::enrol::create_key(&workspace, key, &passphrase).unwrap();
    let profile = SignerProfile {
        name: "audit".to_owned(),
        key_id: "audit".to_owned(),
        signer_id: "a.auditor".to_owned(),
        source: KeySource::KeyFile { path: station.beside("audit.key.pem").display().to_string() },
    };
    let reviewed = Reviewed::open(&zip).unwrap();
    let logs = review_desk::logs_of(&reviewed, None);
    let desk = SigningDesk {
        root: reviewed.root.clone(),
        rules: Arc::new(Context::read(&workspace.rules().unwrap(), logs, now)),
        profiles: vec![profile],
        devices: Devices::default(),
        recorder: workspace.recorder().unwrap(),
    };
    let act = FindingAct::new(1, desk, |_| {});
    let view = act.view();
    assert_eq!((view.stage, view.keys.len()), (ActStage::Choosing, 1));
    let out = station.beside("one.finding.json");
    let accepted = said(FindingOutcome::Accepted, "");
    let to_sign = || to_sign(&workspace, &reviewed, &out, &accepted).unwrap();
    let by = FindingChoice {
        key: KeyRef::Profile { name: "audit".to_owned() },
        signer_id: "a.auditor".to_owned(),
        role: Role::Auditor,
    };
    let view = act.choose(to_sign(), by.clone()).unwrap();
    assert_eq!(view.stage, ActStage::SecretNeeded);
    let last = LastTry::NotConfirmed;
    let view = act.secret(&SecretString::from("wrong"), last).unwrap();
    assert_eq!(view.stage, ActStage::SecretNeeded);
    assert!(!out.exists());
    // Back, and the same again.
    assert_eq!(act.back().unwrap().stage, ActStage::Choosing);
    act.choose(to_sign(), by).unwrap();
    let view = act.secret(&secret, last).unwrap();
    assert_eq!((view.stage, view.failure), (ActStage::Ended, None));
    assert_eq!(act.written(), Some(out.clone()));
    assert!(finding::read(&out).unwrap().verify().is_ok());
    assert!(act.secret(&secret, last).is_err(), "it has ended");
}
