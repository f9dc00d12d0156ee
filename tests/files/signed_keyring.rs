//! The signed keyring through the real binary, at stations with home directories of their own: founded,
//! adopted, changed, attacked, and verified by `securesystemslib`.

// Helpers of tests may fail the test.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use countersign_envelope::digest::Digest;
use countersign_envelope::public_key::PublicKey;
use countersign_tests::{Case, Outcome, command, finish, read_json, seed, verifier};
use ed25519_dalek::SigningKey;
use serde_json::{Value, json};
use tempfile::TempDir;

/// The keys by their seeds: whose they are, and their roles. 1 to 3 administer; 7 is a second key of 1.
const PEOPLE: [(u8, &str, &[&str]); 7] = [
    (1, "ada", &["reviewer"]),
    (2, "ben", &["reviewer"]),
    (3, "cem", &["reviewer"]),
    (4, "dua", &["reviewer"]),
    (5, "mira.k", &["operator"]),
    (6, "j.okafor", &["witness"]),
    (7, "ada", &["reviewer"]),
];

fn public(key: u8) -> PublicKey {
    let key = SigningKey::from_bytes(&[key; 32]);
    PublicKey::ed25519(key.verifying_key().as_bytes()).unwrap()
}

fn entry(key: u8) -> Value {
    let (_, owner, roles) = PEOPLE[usize::from(key) - 1];
    json!({
        "key_id": format!("k{key}"), "key_type": "ed25519", "owner": owner, "roles": roles,
        "public_key": public(key).to_text(), "kind": "software",
    })
}

/// A plain keyring with some keys.
fn plain(keys: &[u8]) -> String {
    let keys: Vec<Value> = keys.iter().map(|key| entry(*key)).collect();
    json!({ "keyring_version": "1.0", "keys": keys }).to_string()
}

/// A station with a home directory of its own.
struct Station(TempDir);

impl Station {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn state(&self) -> PathBuf {
        self.0.path().join(".local/state/countersign/signed-keyring")
    }

    fn run<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>, input: &str) -> Outcome {
        let mut act = command();
        act.env("HOME", self.0.path()).args(arguments);
        finish(&mut act, input.as_bytes())
    }

    fn trust(&self, act: &str, path: &Path, more: &[&str]) -> Outcome {
        let arguments = ["trust", act].map(OsStr::new);
        let more = more.iter().map(OsStr::new);
        self.run(arguments.into_iter().chain([path.as_os_str()]).chain(more), "")
    }

    fn adopt(&self, path: &Path) -> Outcome {
        self.trust("adopt", path, &["--json"])
    }

    #[track_caller]
    fn adopted(&self, path: &Path) -> Value {
        self.adopt(path).ok().json_lines().remove(0)
    }

    fn sign(&self, key: u8, path: &Path) -> Outcome {
        let id = format!("k{key}");
        let arguments = ["trust", "sign", "--key-file", "-", "--key-id", &id].map(OsStr::new);
        self.run(arguments.into_iter().chain([path.as_os_str()]), &seed(key))
    }

    #[track_caller]
    fn sign_all(&self, keys: &[u8], path: &Path) {
        for key in keys {
            self.sign(*key, path).ok();
        }
    }

    /// The code by which the version in a file is refused.
    #[track_caller]
    fn refusal(&self, path: &Path) -> String {
        let outcome = self.adopt(path);
        assert_eq!(outcome.code, 1, "{outcome:#?}");
        let said = outcome.json_lines().remove(0);
        assert_eq!(said["new"], json!([]), "{said:#}");
        said["refused"][0]["code"].as_str().unwrap().to_owned()
    }

    fn version(&self) -> Value {
        let shown = self.run(["trust", "show", "--json"], "").ok();
        shown.json_lines().remove(0)
    }

    /// How many signatures of a run count, and the whole row.
    fn valid(&self, case: &Case) -> (Value, Value) {
        let said =
            self.run([OsStr::new("verify"), OsStr::new("--json"), case.run().as_os_str()], "");
        let row = said.json_lines().remove(0);
        (row["valid_signatures"].clone(), row)
    }
}

/// Stations that share a directory, the first version of whose keyring ada, ben and cem administer.
struct World {
    shared: TempDir,
    one: Station,
    two: Station,
}

impl World {
    /// Founded, signed by two, and adopted by the first station.
    fn founded() -> Self {
        let world =
            Self { shared: tempfile::tempdir().unwrap(), one: Station::new(), two: Station::new() };
        world.found(&["k1", "k2", "k3"]);
        world.one.sign_all(&[1, 2], &world.first());
        world.one.trust("adopt", &world.first(), &["--digest", &world.digest()]).ok();
        world
    }

    fn both() -> Self {
        let world = Self::founded();
        world.two.trust("adopt", &world.first(), &["--digest", &world.digest()]).ok();
        world
    }

    fn found(&self, administrators: &[&str]) {
        fs::write(self.path("plain.json"), plain(&[1, 2, 3, 4, 5, 6, 7])).unwrap();
        let plain = self.path("plain.json");
        let mut arguments = vec!["--threshold", "2", "--keyring", plain.to_str().unwrap()];
        administrators.iter().for_each(|one| arguments.extend(["--administrator", one]));
        self.one.trust("init", &self.first(), &arguments).ok();
    }

    fn path(&self, name: &str) -> PathBuf {
        self.shared.path().join(name)
    }

    fn first(&self) -> PathBuf {
        self.path("1.keyring.signed.json")
    }

    /// The digest of the first version, as one person reads it to another.
    fn digest(&self) -> String {
        digest(&self.first())
    }

    /// A proposal by a station.
    fn propose(&self, by: &Station, name: &str, more: &[&str]) -> PathBuf {
        let path = self.path(name);
        by.trust("propose", &path, more).ok();
        path
    }
}

fn payload(path: &Path) -> Vec<u8> {
    BASE64.decode(read_json(path)["payload"].as_str().unwrap()).unwrap()
}

fn digest(path: &Path) -> String {
    Digest::of(&payload(path)).grouped()
}

/// A run that an operator and a witness of the keyring signed.
fn signed_run(station: &Station) -> Case {
    let case = Case::copy("good_unsigned");
    for (key, role) in [(5, "operator"), (6, "witness")] {
        let id = format!("k{key}");
        let signer = PEOPLE[key - 1].1;
        let arguments =
            ["sign", "--role", role, "--signer", signer, "--key-id", &id, "--key-file", "-"];
        let arguments = arguments.map(OsStr::new).into_iter();
        let run = case.run();
        station.run(arguments.chain([run.as_os_str()]), &seed(key as u8)).ok();
    }
    case
}

#[test]
fn a_first_version_is_adopted_by_its_digest_at_each_station() {
    let world = World::founded();
    let said = world.one.version();
    assert_eq!((&said["version"], &said["signed_by"]), (&json!(1), &json!(["ada", "ben"])));
    // Nothing is believed because it came first.
    let refused = world.two.adopt(&world.first()).refused(&["--digest"]);
    assert!(refused.stderr.contains(&world.digest()), "{}", refused.stderr);
    let other = Digest::of(b"another").grouped();
    world.two.trust("adopt", &world.first(), &["--digest", &other]).refused(&[&other]);
    assert!(!world.two.state().exists());
    // A first version that too few signed, whatever its digest.
    let few =
        World { shared: tempfile::tempdir().unwrap(), one: Station::new(), two: Station::new() };
    few.found(&["k1", "k2", "k3"]);
    few.one.sign(1, &few.first()).ok();
    few.one
        .trust("adopt", &few.first(), &["--digest", &few.digest()])
        .refused(&["one person", "2"]);

    // From any directory, and again without a change.
    let adopted =
        world.two.trust("adopt", world.shared.path(), &["--digest", &world.digest()]).ok();
    assert!(adopted.stdout.contains("adopted  version 1"), "{}", adopted.stdout);
    assert_eq!(world.two.adopted(world.shared.path())["new"], json!([]));
    let shown = world.two.run(["trust", "show", "--qr"], "").ok().stdout;
    assert!(shown.contains(&world.digest()) && shown.contains('█'), "{shown}");
    assert!(shown.contains(&public(5).fingerprint().grouped()), "{shown}");
    let journal = world.two.run(["journal", "verify"], "");
    assert_eq!(journal.code, 0, "{journal:#?}");
    let journal =
        fs::read_to_string(world.two.0.path().join(".local/state/countersign/journal.ndjson"));
    assert!(journal.unwrap().contains("keyring_adopted"));
}

#[test]
fn once_adopted_nothing_else_decides_whose_keys_count() {
    let world = World::both();
    let case = signed_run(&world.one);
    let (valid, row) = world.two.valid(&case);
    assert_eq!(valid, 2, "{row:#}");
    assert_eq!(
        row["keyring"],
        json!({ "version": 1, "sha256": Digest::of(&payload(&world.first())).hex() })
    );
    let text = world.two.run([OsStr::new("verify"), case.run().as_os_str()], "");
    assert!(text.stdout.contains("signed keyring version 1, by ada, ben"), "{}", text.stdout);
    let listed = world.two.run(["keys", "list"], "").ok();
    assert!(listed.stdout.contains("signed keyring version 1, by ada, ben"), "{}", listed.stdout);

    // No plain keyring, and no trust folder of somebody's choice.
    let (named, plain_keyring) = (world.path("plain.json"), plain(&[5]));
    let verify = |more: &[&str]| {
        let run = case.run();
        let arguments = ["verify"].into_iter().chain(more.iter().copied()).map(OsStr::new);
        world.two.run(arguments.chain([run.as_os_str()]), "")
    };
    verify(&["--keyring", named.to_str().unwrap()]).refused(&["signed keyring", "plain.json"]);
    verify(&["--attestation-roots", "/tmp"]).refused(&["signed keyring"]);
    // Flags ask for more, and never for less.
    for less in [
        ["--trust", "embedded"],
        ["--assurance", "claimed"],
        ["--min-threshold", "1"],
        ["--clock-tolerance", "9999"],
    ] {
        verify(&less).refused(&["only be added to"]);
    }
    assert_eq!(verify(&["--level", "L2", "--min-threshold", "3"]).code, 0);
    // What is signed is not changed key by key.
    let draft = ["keys", "revoke", "k5", "--reason", "x"];
    world.two.run(draft, "").refused(&["only its administrators"]);
    // Beside it, a plain keyring is a draft of the next version.
    let draft = world.path("draft.json");
    fs::write(&draft, plain_keyring).unwrap();
    let arguments = ["keys", "revoke", "k5", "--reason", "x", "--keyring", draft.to_str().unwrap()];
    world.two.run(arguments, "").ok();
}

#[test]
fn once_adopted_its_policy_of_logs_counts_and_none_beside_a_plain_keyring() {
    let world = World::founded();
    let case = Case::copy("good_unsigned");
    world.one.run([OsStr::new("log"), OsStr::new("append"), case.run().as_os_str()], "").ok();
    let log = case.path().join("transparency_log.ndjson");
    let log = log.to_str().unwrap();
    let sign = |station: &Station| {
        let act = ["log", "checkpoint", log, "--name", "example.org/log"];
        station.run(act.iter().chain(&["--key-file", "-", "--key-id", "log"]), &seed(9))
    };
    let said = sign(&world.one).ok().stdout;
    let key = said.lines().find_map(|line| line.trim().strip_prefix("verifier key ")).unwrap();
    let policy = format!("log {key}\nquorum none\n");
    let proof = case.path().join("run.tlog-proof");
    let proof = proof.to_str().unwrap();
    let run = case.run();
    let run = run.to_str().unwrap();
    world.one.run(["log", "prove", "--tlog", "--out", proof, run], "").ok();
    let check = |station: &Station| station.run(["log", "check-proof", proof, "--run", run], "");

    // Beside a plain keyring it counts, and beside the signed one it does not.
    let beside = |station: &Station| {
        let own = station.0.path().join(".config/countersign");
        fs::create_dir_all(&own).unwrap();
        fs::write(own.join("log-policy"), &policy).unwrap();
    };
    beside(&world.one);
    beside(&world.two);
    check(&world.two).ok();
    check(&world.one).refused(&["no policy"]);

    // As part of the signed keyring it does, and sets the log's key aside.
    fs::write(world.path("policy"), &policy).unwrap();
    let path = world.path("policy");
    let more = ["--log-policy", path.to_str().unwrap()];
    let second = world.propose(&world.one, "2.keyring.signed.json", &more);
    world.one.sign_all(&[1, 2], &second);
    world.one.adopted(&second);
    check(&world.one).ok();
    let act = ["sign", "--role", "operator", "--signer", "mira.k", "--key-id", "k5"];
    let signed = world.one.run(act.iter().chain(&["--key-file", "-", run]), &seed(9));
    signed.refused(&["signs nothing else"]);
}

#[test]
fn a_signed_keyring_that_is_gone_or_altered_is_an_error_and_no_plain_one_takes_its_place() {
    let world = World::both();
    let case = signed_run(&world.one);
    let station = &world.two;
    // A plain keyring where a station without a signed one would look.
    let config = station.0.path().join(".config/countersign");
    fs::create_dir_all(&config).unwrap();
    fs::write(config.join("keyring.json"), plain(&[5, 6])).unwrap();
    let verify = || station.run([OsStr::new("verify"), case.run().as_os_str()], "");

    let version = station.state().join("1.keyring.signed.json");
    let whole = fs::read(&version).unwrap();
    let mut altered = read_json(&version);
    let text = String::from_utf8(payload(&version)).unwrap();
    altered["payload"] = BASE64.encode(text.replace("\"mira.k\"", "\"evil\"")).into();
    fs::write(&version, altered.to_string()).unwrap();
    verify().refused(&["1.keyring.signed.json"]);
    let mut unsigned = read_json(&world.first());
    unsigned["signatures"] = json!([]);
    fs::write(&version, unsigned.to_string()).unwrap();
    verify().refused(&["nobody"]);
    fs::remove_file(&version).unwrap();
    verify().refused(&["gone"]);
    fs::write(&version, whole).unwrap();
    assert_eq!(station.valid(&case).0, 2);
    // Others who can write it could replace it.
    use std::os::unix::fs::PermissionsExt as _;
    let open = |mode| fs::set_permissions(&version, fs::Permissions::from_mode(mode)).unwrap();
    open(0o666);
    verify().refused(&["1.keyring.signed.json"]);
    open(0o600);

    fs::remove_dir_all(station.state()).unwrap();
    verify().refused(&["gone"]);
    station.run(["keys", "list"], "").refused(&["gone"]);
    // It is adopted again as it was the first time.
    station.adopt(&world.first()).refused(&["gone"]);
    station.trust("adopt", &world.first(), &["--digest", &world.digest()]).ok();
    assert_eq!(station.valid(&case).0, 2);
}

#[test]
fn an_adoption_that_was_killed_is_taken_up_again() {
    let world = World::both();
    let path = world.propose(&world.one, "2.keyring.signed.json", &["--min-threshold", "3"]);
    world.one.sign_all(&[1, 2], &path);
    // The version is there, and what names it is not yet: the first is in force.
    fs::copy(&path, world.two.state().join("2.keyring.signed.json")).unwrap();
    assert_eq!(world.two.version()["version"], 1);
    assert_eq!(world.two.adopted(&path)["version"], 2);
    // Killed before anything was named at all: nothing counts, and a digest begins again.
    let late = Station::new();
    fs::create_dir_all(late.state()).unwrap();
    late.run(["keys", "list"], "").refused(&["gone"]);
    late.trust("adopt", &world.first(), &["--digest", &world.digest()]).ok();
    assert_eq!(late.version()["version"], 1);
    // A version that is lost of those that were adopted: likewise.
    fs::remove_file(world.two.state().join("1.keyring.signed.json")).unwrap();
    world.two.adopt(&path).refused(&["gone"]);
    world.two.trust("adopt", &path, &["--digest", &digest(&path)]).ok();
    assert_eq!(world.two.version()["version"], 2);
}

#[test]
fn an_administrator_is_replaced_by_old_and_new_ones() {
    let world = World::both();
    let with = ["--administrator", "k1", "--administrator", "k2", "--administrator", "k4"];
    let path = world.propose(&world.one, "2.keyring.signed.json", &with);
    let shown = world.one.sign(1, &path).ok().stdout;
    for words in ["\"dua\" becomes an administrator", "\"cem\" is no longer an administrator"] {
        assert!(shown.contains(words), "{shown}");
    }
    assert!(shown.contains(&public(4).fingerprint().grouped()), "{shown}");
    // Who does not administer, and who has signed already, signs nothing.
    world.one.sign(5, &path).refused(&["not the key of an administrator"]);
    world.one.sign(1, &path).refused(&["has signed this already"]);
    assert_eq!(world.one.refusal(&path), "too_few_before");
    world.one.sign(3, &path).ok();
    assert_eq!(world.one.refusal(&path), "too_few_own");
    world.two.sign(4, &path).ok();
    assert_eq!(world.one.adopted(&path)["version"], 2);
    assert_eq!(world.two.adopted(world.shared.path())["version"], 2);
    let history = world.two.run(["trust", "history", "--json"], "").ok().json_lines();
    assert_eq!(history.len(), 2);
    assert_eq!(history[1]["previous"], history[0]["sha256"]);
    // The next is for the new ones to sign.
    let path = world.propose(&world.one, "3.keyring.signed.json", &["--min-threshold", "3"]);
    world.one.sign(3, &path).refused(&["not the key of an administrator"]);
    world.one.sign_all(&[4, 2], &path);
    assert_eq!(world.one.adopted(&path)["version"], 3);
}

#[test]
fn copies_that_people_sign_apart_are_united() {
    let world = World::both();
    let path = world.propose(&world.one, "2.keyring.signed.json", &["--min-threshold", "3"]);
    let copy = world.path("copy.keyring.signed.json");
    fs::copy(&path, &copy).unwrap();
    world.one.sign(2, &path).ok();
    world.two.sign(3, &copy).ok();
    for one in [&path, &copy] {
        assert_eq!(world.one.refusal(one), "too_few_before");
    }
    assert_eq!(
        world.one.adopted(world.shared.path())["new"][0]["signed_by"],
        json!(["ben", "cem"])
    );
    // Exported, it verifies elsewhere.
    let out = world.path("out");
    world.one.trust("export", &out, &[]).ok();
    let verified = world.two.trust("verify", &out, &["--json"]).ok().json_lines().remove(0);
    assert_eq!(verified["version"], 2);
    assert_eq!(world.two.version()["version"], 1, "to verify adopts nothing");
    assert_eq!(world.two.adopted(&out)["version"], 2);
}

#[test]
fn too_few_are_too_few_however_they_are_counted() {
    // Both keys of ada administer.
    let world =
        World { shared: tempfile::tempdir().unwrap(), one: Station::new(), two: Station::new() };
    world.found(&["k1", "k2", "k3", "k7"]);
    world.one.sign_all(&[1, 7], &world.first());
    let adopt = || world.one.trust("adopt", &world.first(), &["--digest", &world.digest()]);
    adopt().refused(&["one person"]);
    world.one.sign(2, &world.first()).ok();
    adopt().ok();

    let path = world.propose(&world.one, "2.keyring.signed.json", &["--min-threshold", "3"]);
    world.one.sign_all(&[1, 7], &path);
    assert_eq!(world.one.refusal(&path), "too_few_before", "two keys of one person");
    let mut twice = read_json(&path);
    let one = twice["signatures"][0].clone();
    twice["signatures"] = json!([one, one, { "keyid": "k2", "sig": one["sig"] }]);
    fs::write(&path, twice.to_string()).unwrap();
    assert_eq!(
        world.one.refusal(&path),
        "too_few_before",
        "one key twice, and under another's name"
    );

    // The new administrators alone, and all of them replaced at once.
    let with = ["--administrator", "k4", "--administrator", "k5", "--administrator", "k6"];
    let path = world.propose(&world.one, "2b.keyring.signed.json", &with);
    world.one.sign_all(&[4, 5, 6], &path);
    assert_eq!(world.one.refusal(&path), "too_few_before");
    world.one.sign_all(&[7], &path);
    assert_eq!(world.one.refusal(&path), "too_few_before");
    world.one.sign_all(&[3], &path);
    assert_eq!(world.one.adopted(&path)["version"], 2);
}

#[test]
fn rollbacks_forks_and_gaps_are_refused_and_named() {
    let world = World::both();
    let apart = |name: &str, by: &Station, more: &[&str]| {
        let path = world.propose(by, name, more);
        by.sign_all(&[1, 2], &path);
        path
    };
    // Each station would adopt its own second version.
    let ours = apart("2.keyring.signed.json", &world.one, &["--min-threshold", "3"]);
    let theirs = apart("2b.keyring.signed.json", &world.two, &["--min-threshold", "4"]);
    // Given both, neither is taken.
    let both = world
        .one
        .run([OsStr::new("trust"), OsStr::new("adopt"), ours.as_os_str(), theirs.as_os_str()], "");
    both.refused(&["fork", &digest(&ours), &digest(&theirs)]);
    world.one.adopted(&ours);
    world.two.adopted(&theirs);
    assert_eq!(world.one.refusal(&theirs), "fork");
    world.one.sign(3, &theirs).refused(&["fork"]);
    // What follows the other does not follow ours, and nothing is left out.
    let third = apart("3b.keyring.signed.json", &world.two, &["--min-threshold", "5"]);
    assert_eq!(world.one.refusal(&third), "previous");
    let late = Station::new();
    late.trust("adopt", &world.first(), &["--digest", &world.digest()]).ok();
    assert_eq!(late.refusal(&third), "skipped");
    // A station that began with the third knows nothing older.
    world.two.adopted(&third);
    let new = Station::new();
    new.trust("adopt", &third, &["--digest", &digest(&third)]).ok();
    assert_eq!(new.refusal(&world.first()), "rollback");
    // An old version takes nothing back.
    let again = world.two.adopted(&world.first());
    assert_eq!((&again["version"], &again["new"]), (&json!(3), &json!([])));
}

#[test]
fn any_administrator_revokes_a_key_in_an_emergency() {
    let world = World::both();
    let case = signed_run(&world.one);
    assert_eq!(world.two.valid(&case).0, 2);
    let revoke = |by: u8, key: &str| {
        let id = format!("k{by}");
        let out = world.shared.path().to_str().unwrap();
        let arguments = [
            "trust",
            "revoke",
            key,
            "--reason",
            "the token is gone",
            "--out",
            out,
            "--key-id",
            &id,
            "--key-file",
            "-",
        ];
        world.one.run(arguments, &seed(by))
    };
    revoke(1, "k2").refused(&["administrator's key"]);
    revoke(6, "k5").refused(&["not the key of an administrator"]);
    assert_eq!(world.one.valid(&case).0, 2);
    revoke(3, "k5").ok();
    let (valid, row) = world.one.valid(&case);
    assert_eq!(valid, 1, "{row:#}");
    // Elsewhere once it is there, by union.
    assert_eq!(world.two.valid(&case).0, 2);
    assert_eq!(world.two.adopted(world.shared.path())["revoked"], json!(["k5"]));
    assert_eq!(world.two.adopted(world.shared.path())["revoked"], json!([]));
    assert_eq!(world.two.valid(&case).0, 1);
    // The next version confirms it, unless it is lifted.
    let confirmed = world.propose(&world.two, "2.keyring.signed.json", &["--min-threshold", "3"]);
    let keys: Value = serde_json::from_slice(&payload(&confirmed)).unwrap();
    assert!(keys["keys"][4]["revoked_at"].is_string(), "{keys:#}");
    let lifted = world.propose(&world.two, "2b.keyring.signed.json", &["--lift", "k5"]);
    world.one.sign_all(&[1, 2], &lifted);
    world.one.adopted(&lifted);
    assert_eq!(world.one.valid(&case).0, 2);
    let history = world.one.run(["trust", "history"], "").ok().stdout;
    assert!(history.contains("by cem") && history.contains("decided"), "{history}");

    // Altered, or about another keyring, it is refused.
    let file = fs::read_dir(world.shared.path()).unwrap().map(|one| one.unwrap().path());
    let file = file.into_iter().find(|path| path.to_str().unwrap().ends_with("revocation.json"));
    let mut altered = read_json(&file.unwrap());
    let text = BASE64.decode(altered["payload"].as_str().unwrap()).unwrap();
    let text = String::from_utf8(text).unwrap().replace("gone", "away");
    altered["payload"] = BASE64.encode(text).into();
    let path = world.path("altered.keyring-revocation.json");
    fs::write(&path, altered.to_string()).unwrap();
    assert_eq!(world.two.refusal(&path), "not_by_administrator");
}

#[test]
fn a_proposal_shows_its_effect_and_changes_nothing() {
    let world = World::both();
    let case = signed_run(&world.one);
    let revoke = ["--revoke", "k6", "--reason", "left", "--reason-code", "key_compromise"];
    let mut arguments = revoke.to_vec();
    let directory = case.path().to_str().unwrap().to_owned();
    arguments.extend(["--effect", &directory]);
    let path = world.path("2.keyring.signed.json");
    let said = world.one.trust("propose", &path, &arguments).ok().stdout;
    assert!(said.contains("\"k6\" of \"j.okafor\" is revoked"), "{said}");
    assert!(said.contains("Of 1 envelope, 1 would"), "{said}");
    // And to whoever signs it.
    let arguments = ["trust", "sign", "--key-file", "-", "--key-id", "k1", "--effect", &directory];
    let arguments = arguments.map(OsStr::new).into_iter().chain([path.as_os_str()]);
    let shown = world.one.run(arguments, &seed(1)).ok().stdout;
    assert!(shown.contains("Of 1 envelope, 1 would"), "{shown}");
    assert_eq!(world.one.version()["version"], 1);
    // It must change something, and not what is for ever.
    world.one.trust("propose", &world.path("none.json"), &[]).refused(&["changes nothing"]);
    world.one.trust("propose", &path, &revoke).refused(&["2.keyring.signed.json"]);
    let two = ["--threshold", "1"];
    world.one.trust("propose", &world.path("none.json"), &two).refused(&["more than half"]);
    // A new key comes in by a plain keyring.
    let draft = world.path("draft.json");
    let mut new = entry(5);
    new["key_id"] = "k9".into();
    new["public_key"] = public(9).to_text().into();
    fs::write(&draft, json!({ "keyring_version": "1.0", "keys": [new] }).to_string()).unwrap();
    let path = world.path("3.json");
    let said = world.one.trust("propose", &path, &["--keys", draft.to_str().unwrap(), "--json"]);
    let said = said.ok().json_lines().remove(0);
    assert_eq!(said["changes"][0]["kind"], "key_added");
    assert_eq!(said["changes"][0]["key_sha256"], public(9).fingerprint().hex());
}

#[test]
fn a_pack_has_the_versions_that_it_was_judged_by() {
    let world = World::both();
    let case = signed_run(&world.one);
    let second = world.propose(
        &world.one,
        "2.keyring.signed.json",
        &["--review-by", "2020-01-01T00:00:00Z"],
    );
    world.one.sign_all(&[1, 2], &second);
    world.one.adopted(&second);
    let pack = world.path("pack");
    let run = case.run();
    let arguments = ["pack", run.to_str().unwrap(), "--out", pack.to_str().unwrap()];
    let packed = world.one.run(arguments, "").ok();
    assert!(packed.stderr.contains("looked at again"), "only a warning: {}", packed.stderr);
    let evidence = pack.join("evidence");
    assert_eq!(payload(&evidence.join("2.keyring.signed.json")), payload(&second));
    // An auditor who has adopted the first version goes on from there.
    let verify = |station: &Station, more: &[&str]| {
        let arguments = ["verify", "--json", pack.to_str().unwrap()];
        station.run(arguments.iter().chain(more), "")
    };
    let row = verify(&world.two, &["--level", "L2"]).ok().json_lines().remove(0);
    assert_eq!((&row["pack"]["faults"], &row["keyring"]["version"]), (&json!([]), &json!(1)));
    assert_eq!(
        world.two.trust("verify", &evidence, &["--json"]).ok().json_lines()[0]["version"],
        2
    );
    // The independent verifier reads it too.
    let independent = finish(verifier().arg("--json").arg(&pack), b"").json_lines().remove(0);
    assert_eq!(independent["level"], row["level"], "{independent:#}");
    // The keys of a pack decide nothing there.
    verify(&world.two, &["--pack-keys"]).refused(&["signed keyring", "--pack-keys"]);
    // Nor does a pack verify whose versions do not fit together.
    let mut unsigned = read_json(&second);
    unsigned["signatures"] = json!([]);
    fs::write(evidence.join("2.keyring.signed.json"), unsigned.to_string()).unwrap();
    let row = verify(&Station::new(), &[]).json_lines().remove(0);
    assert_ne!(row["pack"]["faults"], json!([]), "{row:#}");
}

#[test]
fn a_claim_says_which_version_was_seen() {
    let world = World::both();
    let second = world.propose(&world.one, "2.keyring.signed.json", &["--min-threshold", "3"]);
    world.one.sign_all(&[1, 2], &second);
    world.one.adopted(&second);
    let case = signed_run(&world.one);
    let warned = |station: &Station| {
        let (_, row) = station.valid(&case);
        row["warnings"]
            .as_array()
            .unwrap()
            .iter()
            .any(|one| one.as_str().unwrap().contains("version 2 of the signed keyring"))
    };
    assert!(!warned(&world.one) && warned(&world.two), "a newer keyring than ours");
    world.two.adopted(&second);
    assert!(!warned(&world.two));
    // Who knows no signed keyring cannot check it.
    let (plain, run) = (world.path("plain.json"), case.run());
    let arguments = ["verify", "--json", "--keyring"].map(OsStr::new).into_iter();
    let arguments = arguments.chain([plain.as_os_str(), run.as_os_str()]);
    let row = Station::new().run(arguments, "").json_lines().remove(0);
    let checks = row["checks"].as_array().unwrap();
    let seen = checks
        .iter()
        .find(|one| one["detail"].as_str().unwrap().contains("no signed keyring is adopted"));
    assert_eq!(seen.unwrap()["result"], "unchecked");
}

#[test]
fn what_is_not_a_version_is_not_read() {
    let world = World::both();
    let path = world.propose(&world.one, "2.keyring.signed.json", &["--min-threshold", "3"]);
    let whole = read_json(&path);
    let text = String::from_utf8(payload(&path)).unwrap();
    for (field, value) in [
        ("payloadType", json!("text/plain")),
        ("payload", json!(BASE64.encode(text.replacen(':', ": ", 1)))),
        (
            "payload",
            json!(BASE64.encode(text.replacen("\"version\":2", "\"version\":2,\"zone\":1", 1))),
        ),
        (
            "payload",
            json!(BASE64.encode(text.replacen("\"version\":2", "\"version\":2,\"version\":3", 1))),
        ),
        ("signatures", json!("none")),
    ] {
        let mut other = whole.clone();
        other[field] = value;
        fs::write(&path, other.to_string()).unwrap();
        assert_eq!(world.one.adopt(&path).code, 2, "{field}");
        assert_eq!(world.one.sign(1, &path).code, 2, "{field}");
    }
    // In a directory it keeps nobody from what is right.
    let adopted = world.two.adopt(world.shared.path());
    assert_eq!(adopted.code, 1, "{adopted:#?}");
    assert!(adopted.stderr.contains("2.keyring.signed.json"), "{}", adopted.stderr);
}

#[test]
fn securesystemslib_verifies_each_version() {
    let world = World::both();
    let with = ["--administrator", "k1", "--administrator", "k2", "--administrator", "k4"];
    let path = world.propose(&world.one, "2.keyring.signed.json", &with);
    world.one.sign_all(&[1, 3, 4], &path);
    world.one.adopted(&path);
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let python = root.join("../target/tools/evidence/bin/python");
    assert!(python.exists(), "securesystemslib is needed: bash scripts/prepare tests");
    let check = |files: &[&Path]| {
        let mut act = Command::new(&python);
        act.arg(root.join("evidence/keyring.py")).args(files);
        finish(&mut act, b"")
    };
    let (first, second) = (world.first(), path);
    assert_eq!(check(&[&first]).ok().stdout.trim(), "1 ada ben");
    assert_eq!(check(&[&first, &second]).ok().stdout.trim(), "2 ada cem dua");
    assert_ne!(check(&[&second, &first]).code, 0);
    let altered = world.path("altered.json");
    let mut whole = read_json(&second);
    whole["signatures"].as_array_mut().unwrap().pop();
    fs::write(&altered, whole.to_string()).unwrap();
    assert_ne!(check(&[&first, &altered]).code, 0);
}
