//! The keyring through the real binary: who is accepted, and by which name a refusal goes.

// Helpers of tests may fail the test.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::path::PathBuf;

use countersign_tests::{Case, Outcome, command, finish, read_json};
use serde_json::Value;

struct Pinned {
    case: Case,
    keyring: PathBuf,
}

impl Pinned {
    /// A co-signed run of the reference, and no keyring yet.
    fn new(case: &str) -> Self {
        let case = Case::copy(case);
        let keyring = case.path().join("keyring.json");
        Self { case, keyring }
    }

    fn keys(&self, arguments: &[&str]) -> Outcome {
        finish(command().arg("keys").args(arguments).arg("--keyring").arg(&self.keyring), b"")
    }

    /// Adds signature `index` of the run's own file.
    fn add(&self, index: &str, more: &[&str]) -> Outcome {
        let source = self.case.signatures();
        let source = source.to_str().unwrap();
        self.keys(&[&["add", source, "--index", index], more].concat())
    }

    fn status(&self, more: &[&str]) -> Value {
        let mut status = command();
        status.args(["status", "--json", "--keyring"]).arg(&self.keyring).args(more);
        finish(status.arg(self.case.path()), b"").ok().json_lines().remove(0)
    }

    /// Both keys, the manifest's being the first.
    fn with_both(self) -> Self {
        self.add("0", &[]).ok();
        self.add("1", &[]).ok();
        self
    }

    fn detail(&self, index: usize) -> String {
        self.status(&[])["signatures"][index]["detail"].as_str().unwrap().to_owned()
    }
}

#[test]
fn pinned_keys_carry_a_run_to_its_level() {
    let pinned = Pinned::new("good_multisig").with_both();
    assert_eq!(pinned.status(&[])["level"], 5);
    let listed = pinned.keys(&["list"]).ok().stdout;
    assert!(listed.contains("mira.k") && listed.contains("witness-1"), "{listed}");
}

#[test]
fn hardware_is_what_the_keyring_says_and_not_the_file() {
    let pinned = Pinned::new("good_hardware");
    pinned.add("0", &[]).ok();
    pinned.add("1", &["--kind", "hardware"]).ok();
    let status = pinned.status(&[]);
    assert_eq!((&status["level"], &status["assurance"]), (&6.into(), &"pinned".into()));
    assert_eq!(pinned.status(&["--assurance", "attested"])["level"], 5);

    // A claim is called a claim, and a keyring that knows better speaks up.
    let pinned = Pinned::new("good_hardware").with_both();
    assert_eq!(pinned.status(&[])["level"], 5, "a software key that claims hardware");
    let status = pinned.status(&["--assurance", "claimed"]);
    assert_eq!((&status["level"], &status["assurance"]), (&6.into(), &"claimed".into()));
    let warning = status["warnings"][0].as_str().unwrap();
    assert!(warning.contains("the keyring says software"), "{warning}");
}

#[test]
fn each_refusal_has_its_name() {
    let both = || Pinned::new("good_multisig").with_both();
    // signed_at of the reference's signatures is 2026-11-24T11:05:41Z.
    let revoke = |pinned: &Pinned, at: &str| {
        pinned.keys(&["revoke", "ds-test-2026-06", "--reason", "left the desk", "--at", at]).ok();
    };
    let pinned = both();
    revoke(&pinned, "2026-11-24T11:05:41Z");
    assert!(pinned.detail(1).contains("revoked since 2026-11-24T11:05:41Z: left the desk"));
    assert_eq!(pinned.status(&[])["level"], 3);
    let pinned = both();
    revoke(&pinned, "2026-11-24T11:05:42Z");
    assert_eq!(pinned.status(&[])["level"], 5, "revoked after it signed");

    for (more, words) in [
        (&["--valid-until", "2026-01-01T00:00:00Z"][..], "valid only until 2026-01-01"),
        (&["--valid-from", "2027-01-01T00:00:00Z"], "valid only from 2027-01-01"),
        (&["--owner", "someone.else"], "belongs to \"someone.else\""),
        (&["--role", "auditor"], "does not hold this role"),
        (&["--key-id", "ds-other-2026-01"], "under the id \"ds-other-2026-01\""),
    ] {
        let pinned = Pinned::new("good_multisig");
        pinned.add("0", &[]).ok();
        pinned.add("1", more).ok();
        assert!(pinned.detail(1).contains(words), "{}", pinned.detail(1));
        assert_eq!(pinned.status(&[])["signatures"][1]["standing"], "not_accepted");
        assert_eq!(pinned.status(&[])["level"], 3);
    }
    let pinned = Pinned::new("good_multisig");
    pinned.add("0", &[]).ok();
    assert!(pinned.detail(1).contains("the key is unknown"));
}

#[test]
fn a_key_that_is_known_signs_only_for_its_owner_and_roles() {
    let case = Case::copy("good_unsigned");
    let keyring = case.path().join("keyring.json");
    let public = "iojj3XQJ8ZX9UtstPLpdcspnCb8dlBIb83SIAbQPb1w="; // of the private key 01 01 … 01
    let mut add = command();
    add.args(["keys", "add", public, "--key-id", "k", "--owner", "o", "--role", "operator"]);
    finish(add.arg("--keyring").arg(&keyring), b"").ok();
    let sign = |role: &str, signer: &str| {
        let mut sign = command();
        sign.args(["sign", "--key-file", "-", "--key-id", "k", "--role", role, "--signer", signer]);
        sign.arg("--keyring").arg(&keyring).arg(case.run());
        finish(&mut sign, b"AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=")
    };
    sign("witness", "o").refused(&["does not hold this role", "Nothing was signed"]);
    sign("operator", "p").refused(&["belongs to \"o\""]);
    assert!(!case.signatures().exists());
    sign("operator", "o").ok();
}

#[test]
fn a_keyring_is_changed_safely_or_not_at_all() {
    let pinned = Pinned::new("good_multisig").with_both();
    let before = fs::read(&pinned.keyring).unwrap();
    assert_eq!(read_json(&pinned.keyring)["keyring_version"], "1.0");
    pinned.add("0", &["--key-id", "other"]).refused(&["in the keyring already"]);
    pinned.add("9", &[]).refused(&["--index 9"]);
    pinned.keys(&["revoke", "nobody", "--reason", "x"]).refused(&["no key \"nobody\""]);
    pinned
        .keys(&["add", "AAAA", "--key-id", "a", "--owner", "a", "--role", "witness"])
        .refused(&[]);
    assert_eq!(fs::read(&pinned.keyring).unwrap(), before);

    // Settings may live behind a link; it stays one.
    let link = pinned.case.path().join("link.json");
    std::os::unix::fs::symlink(&pinned.keyring, &link).unwrap();
    let mut revoke = command();
    revoke.args(["keys", "revoke", "ds-test-2026-05", "--reason", "x", "--keyring"]).arg(&link);
    finish(&mut revoke, b"").ok();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(read_json(&pinned.keyring)["keys"][0]["revocation_reason"], "x");

    // Fields of a newer version are kept; a newer version as such is not guessed at.
    let mut newer = read_json(&pinned.keyring);
    newer["keys"][0]["colour"] = "blue".into();
    fs::write(&pinned.keyring, newer.to_string()).unwrap();
    pinned.keys(&["revoke", "ds-test-2026-06", "--reason", "x"]).ok();
    assert_eq!(read_json(&pinned.keyring)["keys"][0]["colour"], "blue");
    newer["keyring_version"] = "9.0".into();
    fs::write(&pinned.keyring, newer.to_string()).unwrap();
    pinned.keys(&["list"]).refused(&["keyring.json", "\"9.0\" is not known"]);
}

#[test]
fn keys_of_every_kind_come_from_pem() {
    let directory = tempfile::tempdir().unwrap();
    let keyring = directory.path().join("keyring.json");
    for (name, make) in [
        ("ed25519", &["-algorithm", "ed25519"][..]),
        ("ecdsa-p256", &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]),
        ("ecdsa-p384", &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"]),
        ("rsa", &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"]),
    ] {
        let openssl = |arguments: &[&str]| {
            countersign_tests::tool("openssl", "openssl", arguments, directory.path()).ok()
        };
        openssl(&[&["genpkey", "-out", "key.pem"], make].concat());
        openssl(&["pkey", "-in", "key.pem", "-pubout", "-out", "public.pem"]);
        let add = |file: &str| {
            let mut add = command();
            add.args(["keys", "add", file, "--key-id", name, "--owner", name, "--role", "witness"]);
            finish(add.arg("--keyring").arg(&keyring).current_dir(directory.path()), b"")
        };
        add("key.pem").refused(&["this is a private key"]);
        add("public.pem").ok();
    }
    let keys = read_json(&keyring)["keys"].clone();
    let types: Vec<_> =
        keys.as_array().unwrap().iter().map(|key| key["key_type"].clone()).collect();
    assert_eq!(types, ["ed25519", "ecdsa-p256", "ecdsa-p384", "rsa"]);
}
