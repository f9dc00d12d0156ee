//! The tree of a log through the real binary: checkpoints, tiles, proofs and witnesses, read by libraries
//! that know nothing of this program, and the attacks on each.

// Helpers of tests may fail the test.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use countersign_envelope::digest::Digest;
use countersign_tests::{Case, Outcome, command, finish, seed};
use ed25519_dalek::{Signer as _, SigningKey};
use serde_json::{Value, json};
use signed_note::{Note, StandardVerifier, VerifierList};
use tempfile::TempDir;
use tlog_tiles::Hash;

/// A log and the stations around it, each with a memory of its own.
struct World {
    place: TempDir,
}

const NAME: &str = "example.org/decisions";

fn key(seed: u8) -> SigningKey {
    SigningKey::from_bytes(&[seed; 32])
}

/// A key as others write it (c2sp.org/signed-note): type 1 of logs, 4 of witnesses.
fn verifier_key(name: &str, kind: u8, seed: u8) -> String {
    let public = [&[kind], &key(seed).verifying_key().as_bytes()[..]].concat();
    let id = Digest::of(&[name.as_bytes(), b"\n", &public].concat()).hex();
    format!("{name}+{}+{}", &id[..8], BASE64.encode(public))
}

impl World {
    /// A log with two registered runs.
    fn new() -> Self {
        let world = Self { place: tempfile::tempdir().unwrap() };
        for name in ["good_unsigned", "good_ed25519", "good_multisig"] {
            for (file, bytes) in Case::copy(name).snapshot() {
                if !file.ends_with(".ndjson") {
                    fs::write(world.path(&file), bytes).unwrap();
                }
            }
        }
        world.append("good_unsigned").ok();
        world.append("good_ed25519").ok();
        world
    }

    fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.place.path().join(name)
    }

    fn log(&self) -> PathBuf {
        self.path("transparency_log.ndjson")
    }

    fn run(&self, case: &str) -> PathBuf {
        self.path(Case::copy(case).run_name)
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// A command at one of the stations, with a key on its standard input.
    fn at(&self, station: &str, key: u8, arguments: &[&str]) -> Outcome {
        let mut act = command();
        act.current_dir(self.place.path()).args(arguments);
        let own = self.path("stations").join(station);
        fs::create_dir_all(&own).unwrap();
        act.env("COUNTERSIGN_LOG_HEADS", own.join("log-heads"));
        act.env("COUNTERSIGN_JOURNAL", own.join("journal.ndjson"));
        finish(&mut act, seed(key).as_bytes())
    }

    fn append(&self, case: &str) -> Outcome {
        self.at("log", 0, &["log", "append", self.run(case).to_str().unwrap()])
    }

    fn checkpoint(&self, more: &[&str]) -> Outcome {
        let act = [
            "log",
            "checkpoint",
            "transparency_log.ndjson",
            "--key-file",
            "-",
            "--key-id",
            "log-1",
        ];
        self.at("log", 9, &[&act[..], more].concat())
    }

    /// The origin of the log: its name and the hash of its first entry.
    fn origin(&self) -> String {
        let log = fs::read_to_string(self.log()).unwrap();
        let first: Value = serde_json::from_str(log.lines().next().unwrap()).unwrap();
        let hash = first["entry_hash"].as_str().unwrap();
        format!("{NAME}/{}", hash.trim_start_matches("sha256:"))
    }

    fn log_key(&self) -> String {
        verifier_key(&self.origin(), 1, 9)
    }

    /// A policy with three witnesses, of whom so many are enough.
    fn policy(&self, enough: usize) {
        let mut text = format!("log {}\n", self.log_key());
        for witness in 1..=3 {
            let key = verifier_key(&format!("w{witness}.example"), 4, witness);
            text += &format!("witness w{witness} {key}\n");
        }
        text += &format!("group enough {enough} w1 w2 w3\nquorum enough\n");
        fs::write(self.path("log-policy"), text).unwrap();
    }

    fn request(&self, more: &[&str]) -> Outcome {
        let act = ["log", "witness", "request", "transparency_log.ndjson", "--out", "ask"];
        self.at("log", 0, &[&act[..], more].concat())
    }

    /// What witness 1, 2 or 3 does with the request.
    fn cosign(&self, witness: u8, more: &[&str]) -> Outcome {
        let (name, out) = (format!("w{witness}.example"), format!("answer{witness}"));
        let act =
            ["log", "witness", "cosign", "ask", "--key-file", "-", "--log-policy", "log-policy"];
        let own = ["--key-id", "witness", "--name", &name, "--out", &out];
        self.at(&format!("w{witness}"), witness, &[&act[..], &own, more].concat())
    }

    fn import(&self, witness: u8) -> Outcome {
        let answer = format!("answer{witness}");
        let act = ["log", "witness", "import", "--json", "transparency_log.ndjson", &answer];
        self.at("log", 0, &[&act[..], &["--log-policy", "log-policy"]].concat())
    }

    /// A checkpoint that three witnesses know, of two entries.
    fn witnessed() -> Self {
        let world = Self::new();
        world.checkpoint(&["--name", NAME]).ok();
        world.policy(2);
        world.request(&[]).ok();
        for witness in 1..=3 {
            world.cosign(witness, &["--first-time"]).ok();
        }
        world
    }

    fn root(&self, name: &str) -> (u64, Hash) {
        let checkpoint = self.read(name);
        let lines: Vec<&str> = checkpoint.lines().collect();
        let root = BASE64.decode(lines[2]).unwrap().try_into().unwrap();
        (lines[1].parse().unwrap(), Hash(root))
    }

    /// Signs a checkpoint of the log's key over something that the log never was.
    fn forge(&self, size: u64, root: &Digest) -> String {
        let text = format!("{}\n{size}\n{}\n", self.origin(), BASE64.encode(root.as_bytes()));
        self.signed(&text)
    }

    fn signed(&self, text: &str) -> String {
        let key = self.log_key();
        let parts: Vec<&str> = key.split('+').collect();
        let id = u32::from_str_radix(parts[1], 16).unwrap().to_be_bytes();
        let signature = self::key(9).sign(text.as_bytes()).to_bytes();
        let line = BASE64.encode([&id[..], &signature].concat());
        format!("{text}\n\u{2014} {} {line}\n", parts[0])
    }

    /// The check of witnesses at L3, of a run.
    fn check(&self, case: &str) -> Value {
        let run = self.run(case);
        let keyring = self.path("keyring.json");
        if !keyring.exists() {
            fs::write(&keyring, r#"{"keyring_version":"1.0","keys":[]}"#).unwrap();
        }
        let act = ["verify", "--json", "--trust", "embedded", "--keyring", "keyring.json"];
        let outcome = self.at("log", 0, &[&act[..], &[run.to_str().unwrap()]].concat());
        let verdict = outcome.json_lines().remove(0);
        let checks = verdict["checks"].as_array().expect("checks").clone();
        let found = checks.into_iter().find(|check| check["id"] == "transparency.checkpoint");
        found.unwrap_or(Value::Null)
    }
}

#[test]
fn a_checkpoint_and_its_tiles_are_what_other_libraries_read() {
    let world = World::new();
    let said = world.checkpoint(&["--name", NAME]).ok();
    assert!(said.stdout.contains(&world.log_key()), "{}", said.stdout);
    let note = Note::from_bytes(world.read("checkpoint").as_bytes()).unwrap();
    let verifier = StandardVerifier::new(&world.log_key()).unwrap();
    let (verified, _) = note.verify(&VerifierList::new(vec![Box::new(verifier)])).unwrap();
    assert_eq!(verified.len(), 1);
    let checkpoint = tlog_tiles::Checkpoint::from_bytes(note.text()).unwrap();
    assert_eq!((checkpoint.origin(), checkpoint.size()), (world.origin().as_str(), 2));

    // The leaves are the canonical bytes of the entries; the bundle has them, the tile their hashes.
    let log = fs::read_to_string(world.log()).unwrap();
    let leaves: Vec<Vec<u8>> = log
        .lines()
        .map(|line| serde_json::to_vec(&serde_json::from_str::<Value>(line).unwrap()).unwrap())
        .collect();
    let bundle = fs::read(world.path("tile/entries/000.p/2")).unwrap();
    let framed =
        leaves.iter().flat_map(|leaf| [&(leaf.len() as u16).to_be_bytes()[..], leaf].concat());
    assert_eq!(bundle, framed.collect::<Vec<u8>>());
    let hashes: Vec<Hash> = leaves.iter().map(|leaf| tlog_tiles::record_hash(leaf)).collect();
    let tile = fs::read(world.path("tile/0/000.p/2")).unwrap();
    assert_eq!(tile, [&hashes[0].0[..], &hashes[1].0].concat());
    assert_eq!(tlog_tiles::node_hash(hashes[0], hashes[1]), *checkpoint.hash());
}

#[test]
fn a_proof_of_one_run_is_checked_without_the_log_by_the_policy() {
    let world = World::witnessed();
    world.import(1).ok();
    world.import(2).ok();
    let run = world.run("good_ed25519");
    let run = run.to_str().unwrap();
    let prove = ["log", "prove", "--tlog", "--out", "run.tlog-proof", run];
    world.at("log", 0, &prove).ok();

    // By others: position, entry and hashes lead to the root.
    let proof = world.read("run.tlog-proof");
    let (head, _) = proof.split_once("\n\n").unwrap();
    let lines: Vec<&str> = head.lines().collect();
    assert_eq!((lines[0], lines[2]), ("c2sp.org/tlog-proof@v1", "index 1"));
    let entry = BASE64.decode(lines[1].strip_prefix("extra ").unwrap()).unwrap();
    let hash = |line: &&str| Hash(BASE64.decode(line).unwrap().try_into().unwrap());
    let path: Vec<Hash> = lines[3..].iter().map(hash).collect();
    let (size, root) = world.root("checkpoint");
    tlog_tiles::check_record(&path, size, root, 1, tlog_tiles::record_hash(&entry)).unwrap();

    let check = |proof: &str, run: &Path| {
        let run = run.to_str().unwrap();
        let act =
            ["log", "check-proof", proof, "--run", run, "--log-policy", "log-policy", "--json"];
        world.at("elsewhere", 0, &act)
    };
    let said = check("run.tlog-proof", Path::new(run)).ok().json_lines().remove(0);
    assert_eq!((&said["position"], &said["entry_count"]), (&json!(2), &json!(2)));
    assert_eq!(
        (&said["witnessed"], &said["of"], &said["enough"]),
        (&json!(2), &json!(3), &json!(true))
    );

    // Of another run, with another entry, position or root it proves nothing.
    check("run.tlog-proof", &world.run("good_unsigned")).refused(&["another run"]);
    let alter = |from: &str, to: &str| {
        assert!(proof.contains(from), "{from}");
        fs::write(world.path("altered"), proof.replacen(from, to, 1)).unwrap();
        check("altered", Path::new(run))
    };
    alter("index 1", "index 0").refused(&["do not lead"]);
    let other = fs::read_to_string(world.log()).unwrap();
    let other: Value = serde_json::from_str(other.lines().next().unwrap()).unwrap();
    let other = BASE64.encode(serde_json::to_vec(&other).unwrap());
    alter(lines[1], &format!("extra {other}")).refused(&["do not lead"]);
    alter(&format!("{}\n", lines[1]), "").refused(&["does not have the entry"]);
    alter(&world.origin(), "example.org/other").refused(&["altered"]);
}

#[test]
fn a_log_key_signs_no_runs_and_a_runs_key_no_log() {
    let world = World::new();
    let public = BASE64.encode(key(9).verifying_key().as_bytes());
    let entry = json!({
        "key_id": "k", "key_type": "ed25519", "public_key": public, "owner": "mira.k",
        "roles": ["operator"], "kind": "software",
    });
    let keyring = json!({ "keyring_version": "1.0", "keys": [entry] });
    fs::write(world.path("keyring.json"), keyring.to_string()).unwrap();
    let own = ["--name", NAME, "--keyring", "keyring.json"];
    world.checkpoint(&own).refused(&["mira.k signs runs with it"]);
    assert!(!world.path("checkpoint").exists());

    // The other way round: the policy beside the keyring sets the key aside.
    let empty = json!({ "keyring_version": "1.0", "keys": [] });
    fs::write(world.path("keyring.json"), empty.to_string()).unwrap();
    world.checkpoint(&own).ok();
    world.policy(2);
    let run = world.run("good_unsigned");
    let sign = |seed: u8| {
        let act = [
            "sign",
            "--key-file",
            "-",
            "--key-id",
            "k",
            "--signer",
            "mira.k",
            "--role",
            "operator",
        ];
        let more = ["--keyring", "keyring.json", run.to_str().unwrap()];
        world.at("log", seed, &[&act[..], &more].concat())
    };
    sign(9).refused(&["signs nothing else"]);
    sign(2).refused(&["signs nothing else"]);
    sign(40).ok();
    // Nor does it come into the keyring.
    let add = ["keys", "add", "--keyring", "keyring.json", "--key-id", "k", "--owner", "mira.k"];
    let more = ["--role", "operator", "--software", &public];
    let added = world.at("log", 0, &[&add[..], &more].concat());
    assert_ne!(added.code, 0, "{added:?}");
    assert!(!world.read("keyring.json").contains("mira.k"));
    // A log's key is no witness's.
    world.request(&[]).ok();
    let act = ["log", "witness", "cosign", "ask", "--key-file", "-", "--log-policy", "log-policy"];
    let own = ["--key-id", "w", "--name", "w.example", "--out", "answer", "--first-time"];
    let keyring = ["--keyring", "keyring.json"];
    world.at("w1", 9, &[&act[..], &own, &keyring].concat()).refused(&["no witness's"]);
}

#[test]
fn a_log_that_shrank_or_was_forked_is_not_signed_again() {
    let world = World::new();
    world.checkpoint(&["--name", NAME]).ok();
    let before = world.read("checkpoint");
    let whole = fs::read_to_string(world.log()).unwrap();
    let first = whole.lines().next().unwrap().to_owned() + "\n";

    fs::write(world.log(), &first).unwrap();
    world.checkpoint(&[]).refused(&["transparency_log.ndjson"]);
    // Another second entry, whose chain holds, at a station that remembers nothing but its trees.
    world.append("good_multisig").refused(&[]);
    fs::write(world.log(), &whole).unwrap();
    let heads = world.path("stations/log/log-heads");
    for file in fs::read_dir(&heads).unwrap().map(|file| file.unwrap().path()) {
        if !file.to_string_lossy().ends_with("-tree") && file.is_file() {
            fs::remove_file(file).unwrap();
        }
    }
    fs::write(world.log(), &first).unwrap();
    world.checkpoint(&[]).refused(&["this station signed a tree of 2"]);
    world.append("good_multisig").ok();
    world.checkpoint(&[]).refused(&["other entries than the 2"]);
    assert_eq!(world.read("checkpoint"), before);
}

#[test]
fn the_same_log_goes_on_under_its_name() {
    let world = World::new();
    world.checkpoint(&[]).refused(&["--name"]);
    world.checkpoint(&["--name", "two words"]).refused(&["two words"]);
    world.checkpoint(&["--name", NAME]).ok();
    world.checkpoint(&["--name", "example.org/other"]).refused(&["is of example.org/decisions"]);
    fs::copy(world.path("checkpoint"), world.path("old")).unwrap();
    world.append("good_multisig").ok();
    world.checkpoint(&[]).ok();
    assert_eq!(world.root("checkpoint").0, 3);
    // Again: the same tree is the same checkpoint.
    let once = world.read("checkpoint");
    world.checkpoint(&[]).ok();
    assert_eq!(world.read("checkpoint"), once);

    // One goes on from the other, for others too.
    let consistent = world.at("log", 0, &["log", "consistency", "--json", "old"]).ok();
    let said = consistent.json_lines().remove(0);
    let hash = |text: &Value| {
        let text = text.as_str().unwrap().trim_start_matches("sha256:");
        Hash(*Digest::parse_hex(text).unwrap().as_bytes())
    };
    let path: Vec<Hash> = said["proof"].as_array().unwrap().iter().map(hash).collect();
    let ((old, old_root), (size, root)) = (world.root("old"), world.root("checkpoint"));
    tlog_tiles::check_tree(&path, size, root, old, old_root).unwrap();

    // A checkpoint of the log's own key that was never its beginning.
    fs::write(world.path("forged"), world.forge(2, &Digest::of(b"fork"))).unwrap();
    world.at("log", 0, &["log", "consistency", "forged"]).refused(&["forked"]);
    fs::write(world.path("forged"), world.forge(3, &Digest::of(b"fork"))).unwrap();
    world.at("log", 0, &["log", "consistency", "forged"]).refused(&["forked"]);
    world.at("log", 0, &["log", "consistency", "checkpoint", "old"]).refused(&["older 3"]);
    // A tile that was altered proves nothing.
    let tile = world.path("tile/0/000.p/3");
    let mut bytes = fs::read(&tile).unwrap();
    bytes[0] ^= 1;
    fs::write(&tile, bytes).unwrap();
    world.at("log", 0, &["log", "consistency", "old"]).refused(&["do not lead"]);
    world.checkpoint(&[]).ok();
    world.at("log", 0, &["log", "consistency", "old"]).ok();
}

#[test]
fn three_stations_witness_a_log_and_each_run_says_so() {
    let world = World::witnessed();
    assert_eq!(world.check("good_ed25519")["result"], "missing");
    world.import(1).ok();
    let check = world.check("good_ed25519");
    assert_eq!(check["result"], "missing", "{check}");
    assert!(check["detail"].as_str().unwrap().contains("1 of 3"), "{check}");
    let said = world.import(2).ok().json_lines().remove(0);
    assert_eq!(
        (&said["witnessed"], &said["of"], &said["enough"]),
        (&json!(2), &json!(3), &json!(true))
    );
    let check = world.check("good_ed25519");
    assert_eq!(check["result"], "pass", "{check}");
    assert!(check["detail"].as_str().unwrap().contains("witnessed by 2 of 3"), "{check}");

    // A run that came later is not below what they saw, and what they saw stays when the log signs again.
    world.append("good_multisig").ok();
    assert_eq!(world.check("good_multisig")["result"], "missing");
    world.checkpoint(&[]).ok();
    assert_eq!(world.check("good_ed25519")["result"], "pass");
    assert_eq!(world.check("good_multisig")["result"], "missing");
    // The next request begins where they left off.
    world.request(&[]).ok();
    assert!(world.read("ask").starts_with("old 2\n"), "{}", world.read("ask"));
    for witness in [2, 3] {
        world.cosign(witness, &[]).ok();
        world.import(witness).ok();
    }
    assert_eq!(world.check("good_multisig")["result"], "pass");
    let journal = world.read("stations/log/journal.ndjson");
    assert!(journal.contains("checkpoint_signed") && journal.contains("cosignature_imported"));
    let journal = world.read("stations/w2/journal.ndjson");
    let line = |line: &str| serde_json::from_str::<Value>(line).unwrap();
    let signed: Vec<Value> =
        journal.lines().map(line).filter(|one| one["event"] == "checkpoint_signed").collect();
    assert_eq!(signed.len(), 2, "{journal}");
    assert_eq!((&signed[0]["before"], &signed[1]["before"]), (&Value::Null, &json!(2)));
}

#[test]
fn a_witness_signs_nothing_that_does_not_go_on_from_what_it_saw() {
    let world = World::witnessed();
    // It asks a person about a log that it never saw.
    let fresh = |more: &[&str]| {
        let act =
            ["log", "witness", "cosign", "ask", "--key-file", "-", "--log-policy", "log-policy"];
        let own = ["--key-id", "witness", "--name", "w1.example", "--out", "again"];
        world.at("forgetful", 1, &[&act[..], &own, more].concat())
    };
    fresh(&[]).refused(&["remembers nothing"]);
    assert!(!world.path("again").exists());
    fresh(&["--first-time"]).ok();

    // From elsewhere than it saw last, shrunk, forked at the same size, of another log, by another key.
    world.append("good_multisig").ok();
    world.checkpoint(&[]).ok();
    world.request(&["--old", "0"]).ok();
    world.cosign(1, &[]).refused(&["saw 2 last"]);
    world.request(&["--old", "1"]).ok();
    world.cosign(1, &[]).refused(&["saw 2 last"]);
    let ask = |old: u64, checkpoint: &str| {
        fs::write(world.path("ask"), format!("old {old}\n\n{checkpoint}")).unwrap();
        world.cosign(1, &[])
    };
    ask(1, &world.forge(1, &Digest::of(b"cut"))).refused(&["this witness saw 2"]);
    ask(2, &world.forge(2, &Digest::of(b"fork"))).refused(&["forked"]);
    ask(2, &world.forge(3, &Digest::of(b"other"))).refused(&["does not lead"]);
    let other = world.read("checkpoint").replacen(NAME, "example.org/other", 2);
    ask(2, &other).refused(&["no log that this station knows"]);
    let by_witness = world.read("checkpoint").replace(&world.origin(), "w1.example");
    ask(2, &by_witness).refused(&["no log that this station knows"]);
    // It still goes on from what it saw.
    world.request(&["--old", "2"]).ok();
    world.cosign(1, &[]).ok();
}

#[test]
fn only_cosignatures_of_known_witnesses_over_this_tree_are_taken_in() {
    let world = World::witnessed();
    let before = world.read("checkpoint");
    let genuine = world.read("answer1");
    let import = |line: &str| {
        fs::write(world.path("answer1"), line).unwrap();
        world.import(1)
    };
    // Of another witness under this name, of nobody known, altered, not one at all.
    import(&genuine.replace("w1.example", "w2.example")).refused(&["no witness"]);
    import(&genuine.replace("w1.example", "stranger.example")).refused(&["no witness"]);
    let (head, signature) = genuine.trim_end().rsplit_once(' ').unwrap();
    let mut bytes = BASE64.decode(signature).unwrap();
    bytes[20] ^= 1;
    let altered = format!("{head} {}\n", BASE64.encode(&bytes));
    import(&altered).refused(&["is not for the checkpoint"]);
    import("no cosignature\n").refused(&["not a signature"]);
    // The log's own signature is none of a witness.
    let own = before.lines().last().unwrap().to_owned() + "\n";
    import(&own).refused(&["no witness"]);
    assert_eq!(world.read("checkpoint"), before);

    // Twice is once.
    import(&genuine).ok();
    let once = world.read("checkpoint");
    import(&genuine).ok();
    assert_eq!(world.read("checkpoint"), once);
    // An older one does not take the place of a newer one.
    let older = {
        let text = once.split("\n\n").next().unwrap().to_owned() + "\n";
        let message = format!("cosignature/v1\ntime 1700000000\n{text}");
        let signature = key(1).sign(message.as_bytes()).to_bytes();
        let known = verifier_key("w1.example", 4, 1);
        let id = u32::from_str_radix(known.split('+').nth(1).unwrap(), 16).unwrap().to_be_bytes();
        let at = 1_700_000_000_u64.to_be_bytes();
        let line = BASE64.encode([&id[..], &at, &signature].concat());
        format!("\u{2014} w1.example {line}\n")
    };
    import(&older).ok();
    assert_eq!(world.read("checkpoint"), once);

    // After the log has signed again, it is for another tree.
    world.append("good_multisig").ok();
    world.checkpoint(&[]).ok();
    import(&genuine).refused(&["ask the witness again"]);
}

#[test]
fn what_was_witnessed_stays_until_the_policy_says_that_another_is() {
    let world = World::witnessed();
    world.import(1).ok();
    world.import(2).ok();
    let witnessed = world.read("checkpoint.witnessed");
    world.append("good_multisig").ok();
    world.checkpoint(&[]).ok();
    world.request(&[]).ok();
    world.cosign(1, &[]).ok();
    world.cosign(2, &[]).ok();
    // One of two that it asks for; and a policy that knows no such log vouches for nothing.
    world.import(1).ok();
    assert_eq!(world.read("checkpoint.witnessed"), witnessed);
    let policy = world.read("log-policy");
    let (log, witnesses) = policy.split_once('\n').unwrap();
    let other = verifier_key("example.org/other", 1, 9);
    assert!(log.starts_with("log "));
    fs::write(world.path("log-policy"), format!("log {other}\n{witnesses}")).unwrap();
    let said = world.import(2).ok().json_lines().remove(0);
    assert_eq!(said["enough"], Value::Null);
    assert_eq!(world.read("checkpoint.witnessed"), witnessed);
    fs::write(world.path("log-policy"), policy).unwrap();
    world.import(2).ok();
    assert_ne!(world.read("checkpoint.witnessed"), witnessed);
}

#[test]
fn a_checkpoint_that_contradicts_its_log_is_a_contradiction_of_every_run() {
    let world = World::witnessed();
    world.import(1).ok();
    world.import(2).ok();
    let genuine = world.read("checkpoint");
    let outcome = |checkpoint: &str| {
        fs::write(world.path("checkpoint"), checkpoint).unwrap();
        world.check("good_ed25519")
    };
    for (altered, why) in [
        (world.forge(2, &Digest::of(b"fork")), "another root"),
        (world.forge(7, &Digest::of(b"more")), "fewer"),
        (genuine.replace("\n2\n", "\n1\n"), "does not hold"),
        ("not a note".to_owned(), "does not count"),
    ] {
        let check = outcome(&altered);
        assert_eq!(check["result"], "fail", "{altered}: {check}");
        assert!(check["detail"].as_str().unwrap().contains(why), "{check}");
    }
    // A cosignature in the name of a known witness that it did not make.
    let forged: Vec<String> = genuine
        .lines()
        .map(|line| match line.strip_prefix("\u{2014} w2.example ") {
            Some(signature) => {
                let mut bytes = BASE64.decode(signature).unwrap();
                bytes[30] ^= 1;
                format!("\u{2014} w2.example {}", BASE64.encode(bytes))
            }
            None => line.to_owned(),
        })
        .collect();
    let check = outcome(&(forged.join("\n") + "\n"));
    assert_eq!(check["result"], "fail", "{check}");
    assert!(check["detail"].as_str().unwrap().contains("w2"), "{check}");
    // By a log that nobody here knows, nothing follows.
    let stranger = genuine.replace(NAME, "example.org/stranger");
    fs::remove_file(world.path("checkpoint.witnessed")).unwrap();
    assert_eq!(outcome(&stranger)["result"], "missing");
    assert_eq!(outcome(&genuine)["result"], "pass");
}
