//! Companions through the real binary: keys are made and enrolled, signatures signed, verified by an
//! independent library, shown, packed, merged and carried.

// Helpers of tests may fail the test.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use countersign_tests::{
    Case, Outcome, command, companion_key, finish, openssl, read_json, seed, sign_with,
    signatures_of, verifier_of_companions,
};
use serde_json::{Value, json};
use tempfile::TempDir;

const PASSPHRASE: &str = "four words make sense";

/// A person with a key, one for companions, and a keyring that has both.
struct Person {
    home: TempDir,
    companion: PathBuf,
}

impl Person {
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let companion = home.path().join("pq.key.pem");
        let person = Self { home, companion };
        person.generate("pq-okafor", &person.companion, &["--algorithm", "ml-dsa-65"]).ok();
        person.generate("ds-okafor", &person.at("okafor.key.pem"), &["--role", "operator"]).ok();
        person
    }

    fn at(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    fn generate(&self, key_id: &str, out: &Path, more: &[&str]) -> Outcome {
        let mut generate = self.command();
        generate.args(["keys", "generate", "--owner", "j.okafor", "--passphrase-fd", "0"]);
        generate.args(["--key-id", key_id, "--out"]).arg(out).args(more);
        finish(&mut generate, PASSPHRASE.as_bytes())
    }

    fn command(&self) -> Command {
        let mut command = command();
        command.env("COUNTERSIGN_KEYRING", self.at("keyring.json"));
        command
    }

    /// Signs with both keys, each passphrase from a descriptor of its own.
    fn sign(&self, run: &Path, companion_passphrase: &str, more: &[&str]) -> Outcome {
        fs::write(self.at("own"), PASSPHRASE).unwrap();
        fs::write(self.at("companion"), companion_passphrase).unwrap();
        let (binary, keyring) = (countersign_tests::binary(), self.at("keyring.json"));
        let mut shell = Command::new("sh");
        shell.env("COUNTERSIGN_KEYRING", keyring).env("HOME", self.home.path());
        shell.args(["-c", "exec \"$0\" \"$@\" 3<own 4<companion"]).arg(binary);
        shell.args(["sign", "--role", "operator", "--signer", "j.okafor"]);
        shell.args(["--key-id", "ds-okafor", "--key-file", "okafor.key.pem"]);
        shell.args(["--passphrase-fd", "3", "--companion-passphrase-fd", "4", "--companion"]);
        shell.arg(&self.companion).args(more).arg(run);
        finish(shell.current_dir(self.home.path()), b"")
    }

    fn signed(&self) -> Case {
        let case = Case::copy("good_unsigned");
        self.sign(&case.run(), PASSPHRASE, &[]).ok();
        case
    }

    fn verified(&self, target: &Path) -> Value {
        let mut verify = self.command();
        finish(verify.args(["verify", "--json"]).arg(target), b"").json_lines().remove(0)
    }
}

fn companion(row: &Value, part: &str) -> Value {
    row[part][0]["companion"]["state"].clone()
}

/// The results of the checks of companions, by their names.
fn results(row: &Value) -> Vec<(String, String)> {
    let text = |check: &Value, field: &str| check[field].as_str().unwrap().to_owned();
    let checks = row["checks"].as_array().unwrap().iter();
    let checks = checks.map(|check| (text(check, "id"), text(check, "result")));
    checks.filter(|(id, _)| id.contains("companion.")).collect()
}

#[test]
fn a_key_is_made_and_a_signature_with_its_companion_holds_for_an_independent_library() {
    let person = Person::new();
    let text = fs::read_to_string(&person.companion).unwrap();
    assert!(text.starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----"), "{text}");
    let listed = finish(person.command().args(["keys", "list"]), b"").ok().stdout;
    let line = listed.lines().find(|line| line.contains("pq-okafor")).unwrap();
    assert!(line.contains("ml-dsa-65") && !line.contains("operator"), "{line}");

    let case = person.signed();
    let block = read_json(&case.signatures());
    assert_eq!(block["algorithm"], "ed25519");
    assert_eq!(block["companion"]["algorithm"], "ml-dsa-65");
    let row = person.verified(&case.run());
    assert_eq!(companion(&row, "signatures"), "holds");
    assert_eq!(companion(&row, "manifest_signatures"), "holds");
    assert_eq!(row["signatures"][0]["companion"]["key_id"], "pq-okafor");
    let sentence = "1 of 1 signatures that count also holds if elliptic curves are broken.";
    assert_eq!(row["companions"], sentence);
    assert_eq!(row["counted_signatures"], 1);
    let shown = finish(person.command().arg("verify").arg(case.run()), b"").stdout;
    assert!(shown.contains(sentence), "{shown}");
    let explained = finish(person.command().arg("explain").arg(case.run()), b"").stdout;
    assert!(explained.contains("companion: also holds if elliptic curves are broken"));

    // pyca, from the same file and keyring.
    let mut script = verifier_of_companions();
    script.arg("--json").arg("--keyring").arg(person.at("keyring.json")).arg(case.run());
    let script = finish(&mut script, b"").json_lines().remove(0);
    assert_eq!(results(&script).len(), 10, "{script}");
    assert!(results(&script).iter().all(|(_, result)| result == "pass"), "{script}");
    assert_eq!(script["level"], row["level"]);
}

#[test]
fn what_cannot_be_a_companion_is_refused_before_anything_is_written() {
    let person = Person::new();
    let case = Case::copy("good_unsigned");
    let before = case.snapshot();
    person.sign(&case.run(), "wrong", &[]).refused(&["passphrase"]);
    person.sign(&case.run(), PASSPHRASE, &["--no-claim"]).refused(&["--no-claim", "--companion"]);
    // An Ed25519 key makes none, and an ML-DSA-65 key signs nothing of its own.
    openssl(&["genpkey", "-algorithm", "ed25519", "-out", "e.pem"], person.home.path()).ok();
    let other = person.at("e.pem");
    let wrong =
        sign_with(&case.run(), "operator", "o", 1, &["--companion", other.to_str().unwrap()]);
    wrong.refused(&["a key for ed25519 makes no companions"]);
    let mut alone = person.command();
    alone.args(["sign", "--role", "operator", "--signer", "j.okafor", "--key-id", "pq-okafor"]);
    alone.args(["--passphrase-fd", "0", "--key-file"]).arg(&person.companion).arg(case.run());
    finish(&mut alone, PASSPHRASE.as_bytes()).refused(&["makes companions of signatures"]);
    // Nor does it refuse anything, or is a companion of someone else.
    let mut refuse = person.command();
    refuse.args(["refuse", "--role", "operator", "--signer", "j.okafor", "--key-id", "pq-okafor"]);
    refuse.args(["--reason", "no", "--passphrase-fd", "0", "--key-file"]);
    refuse.arg(&person.companion).arg(case.run());
    finish(&mut refuse, PASSPHRASE.as_bytes()).refused(&["makes companions of signatures"]);
    let mut other = person.command();
    other.args(["sign", "--role", "operator", "--signer", "o", "--key-id", "o", "--key"]);
    other.args([&seed(1), "--companion-passphrase-fd", "0", "--companion"]);
    other.arg(&person.companion).arg(case.run());
    finish(&mut other, PASSPHRASE.as_bytes()).refused(&["pq-okafor", "belongs to", "j.okafor"]);
    assert_eq!(case.snapshot(), before);
}

/// Whoever has a pack has the key, the bytes and the signatures as files, and the key in the keyring.
#[test]
fn a_pack_has_the_companion_for_other_programs() {
    let person = Person::new();
    let case = person.signed();
    let out = person.at("pack");
    finish(person.command().arg("pack").arg(case.run()).arg("--out").arg(&out), b"").ok();
    let read = "import sys; from cryptography.hazmat.primitives.serialization import \
                load_pem_public_key as load\nfor stem in ('run-1', 'manifest-1'):\n  \
                name = sys.argv[1] + '/evidence/companion-' + stem\n  \
                file = lambda end: open(name + end, 'rb').read()\n  \
                key = load(file('.pem'))\n  key.verify(file('.sig'), file('.signed'))\n  \
                key.verify(file('.claim.sig'), file('.claim.signed'))";
    let python = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/tools/ykman/bin/python");
    finish(Command::new(python).args(["-I", "-c", read]).arg(&out), b"").ok();
    let instructions = fs::read_to_string(out.join("VERIFY_INSTRUCTIONS.md")).unwrap();
    assert!(instructions.contains("-sigfile evidence/companion-run-1.claim.sig"));
    let report = fs::read_to_string(out.join("report.html")).unwrap();
    assert!(report.contains("also holds if elliptic curves are broken"));
    let keyring = read_json(&out.join("keyring.json"));
    let ids: Vec<&Value> =
        keyring["keys"].as_array().unwrap().iter().map(|k| &k["key_id"]).collect();
    assert_eq!(ids, [&json!("pq-okafor"), &json!("ds-okafor")]);
    // Judged by the keys of the pack, in both programs.
    let mut verify = command();
    verify.args(["verify", "--pack-keys", "--json"]).arg(&out);
    let row = finish(&mut verify, b"").json_lines().remove(0);
    assert_eq!(companion(&row, "signatures"), "holds");
    let script =
        finish(verifier_of_companions().arg("--json").arg(&out), b"").json_lines().remove(0);
    assert!(results(&script).iter().all(|(_, result)| result == "pass"), "{script}");
    assert_eq!(results(&script).len(), 10);
}

#[test]
fn a_companion_survives_co_signing_merging_and_the_loss_of_it_elsewhere() {
    let person = Person::new();
    let case = person.signed();
    let own = read_json(&case.signatures());
    // A copy of it, whose companion another program dropped, and to which a witness adds theirs.
    let copy = Case::copy("good_unsigned");
    for artifact in [case.run(), case.manifest()] {
        let mut block = read_json(&signatures_of(&artifact));
        block.as_object_mut().unwrap().remove("companion");
        let to = copy.path().join(artifact.file_name().unwrap());
        fs::write(signatures_of(&to), block.to_string()).unwrap();
    }
    let stripped = person.verified(&copy.run());
    assert_eq!(companion(&stripped, "signatures"), "open");
    let warned = stripped["warnings"].to_string();
    assert!(
        warned.contains("its claim names the key of a companion, and there is none"),
        "{warned}"
    );
    sign_with(&copy.run(), "witness", "w", 2, &[]).ok();
    // It comes back with a merge; and what stands is not displaced by the other copy.
    let merge = |target: &Path, source: &Path| {
        finish(person.command().args(["merge", "--json"]).arg(target).arg(source), b"")
    };
    let merged = merge(&copy.run(), case.path()).stdout;
    assert!(merged.contains("its companion was added"), "{merged}");
    merge(&case.run(), copy.path());
    for case in [&case, &copy] {
        let envelope = read_json(&case.signatures());
        assert_eq!(envelope["signatures"][0]["companion"], own["companion"]);
        assert_eq!(companion(&person.verified(&case.run()), "signatures"), "holds");
    }
    // One by another key, which the claim does not name, neither comes in nor displaces it.
    let forged = person.signed();
    let foreign = Case::copy("good_unsigned");
    sign_with(
        &foreign.run(),
        "operator",
        "j.okafor",
        1,
        &["--companion", companion_key(foreign.path(), 9).to_str().unwrap()],
    )
    .ok();
    let mut block = read_json(&forged.signatures());
    let right = block["companion"].clone();
    block["companion"] = read_json(&foreign.signatures())["companion"].clone();
    let wrong = Case::copy("good_unsigned");
    fs::write(wrong.signatures(), block.to_string()).unwrap();
    merge(&forged.run(), wrong.path());
    assert_eq!(read_json(&forged.signatures())["companion"], right);
    merge(&wrong.run(), forged.path());
    assert_eq!(read_json(&wrong.signatures())["companion"], right, "the right one takes its place");
}

#[test]
fn a_merge_restores_a_companion_that_another_program_dropped_or_damaged() {
    let person = Person::new();
    let case = person.signed();
    let right = [case.run(), case.manifest()].map(|artifact| {
        let path = signatures_of(&artifact);
        (path.clone(), read_json(&path)["companion"].clone())
    });
    for is_damaged in [false, true] {
        for (path, companion) in &right {
            let mut block = read_json(path);
            if is_damaged {
                block["companion"]["signature"] = companion["claim_signature"].clone();
            } else {
                block.as_object_mut().unwrap().remove("companion");
            }
            fs::write(path, block.to_string()).unwrap();
        }
        // On the station that made it.
        let mut merge = person.command();
        merge.env("HOME", person.home.path()).arg("merge").arg(case.path());
        let merged = finish(&mut merge, b"").ok();
        assert!(merged.stdout.contains("the companion of"), "{merged:?}");
        for (path, companion) in &right {
            assert_eq!(read_json(path)["companion"], *companion);
        }
    }
}
