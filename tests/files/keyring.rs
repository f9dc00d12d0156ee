//! The keyring through the real binary: who is accepted, and by which name a refusal goes.

// Helpers of tests may fail the test.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use countersign_tests::{Case, Outcome, command, finish, openssl, read_json};
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
fn a_preview_says_which_envelopes_rise_and_fall_and_changes_nothing() {
    let pinned = Pinned::new("good_multisig");
    let directory = pinned.case.path().to_str().unwrap().to_owned();
    let preview = ["--preview", &directory, "--json"];
    let effect = |outcome: Outcome| outcome.ok().json_lines().remove(0);
    let rising = effect(pinned.add("0", &preview));
    assert_eq!((&rising["rise"], &rising["fall"]), (&1.into(), &0.into()), "{rising}");
    assert_eq!(rising["sentence"], "Of 1 envelope, 1 would rise.");
    assert!(!pinned.keyring.exists(), "nothing is written");

    let pinned = pinned.with_both();
    let revoke = ["revoke", "ds-test-2026-06", "--reason", "left", "--at", "2026-11-24T11:05:41Z"];
    let before = fs::read(&pinned.keyring).unwrap();
    let falling = effect(pinned.keys(&[&revoke[..], &preview].concat()));
    let moved = &falling["moves"][0];
    assert_eq!((&moved["from"], &moved["to"]), (&5.into(), &3.into()), "{falling}");
    assert_eq!(falling["envelopes"][0]["shift"], "falls");
    let text = pinned.keys(&[&revoke[..], &preview[..2]].concat()).ok().stdout;
    assert!(text.contains("L5 → L3") && text.contains("Nothing was changed."), "{text}");
    assert_eq!(fs::read(&pinned.keyring).unwrap(), before);
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
    sign("witness", "o").refused(&["does not hold this role", "nothing was signed"]);
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

/// The kinds of key that sign here, by how OpenSSL makes them and OpenSSH calls them.
const KINDS: [(&str, &[&str], &str); 4] = [
    ("ed25519", &["-algorithm", "ed25519"], "ed25519"),
    ("ecdsa-p256", &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"], "ecdsa"),
    ("ecdsa-p384", &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"], "ecdsa"),
    ("rsa", &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"], "rsa"),
];

/// A directory in which OpenSSL has made a key: `key.pem`, `public.pem`, `public.der`.
fn made_key(make: &[&str]) -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    let openssl = |arguments: &[&str]| openssl(arguments, directory.path()).ok();
    openssl(&[&["genpkey", "-out", "key.pem"], make].concat());
    openssl(&["pkey", "-in", "key.pem", "-pubout", "-out", "public.pem"]);
    openssl(&["pkey", "-in", "key.pem", "-pubout", "-outform", "DER", "-out", "public.der"]);
    directory
}

/// Adds a source to a keyring of its own in a directory: the key as the keyring writes it.
fn added(directory: &Path, source: &str) -> Result<Value, Outcome> {
    let keyring = directory.join("keyring.json");
    let mut add = command();
    add.args(["keys", "add", source, "--key-id", "k", "--owner", "o", "--role", "witness"]);
    let outcome = finish(add.arg("--keyring").arg(&keyring).current_dir(directory), b"");
    if outcome.code != 0 {
        assert!(!keyring.exists());
        return Err(outcome);
    }
    let key = read_json(&keyring)["keys"][0]["public_key"].clone();
    fs::remove_file(keyring).unwrap();
    Ok(key)
}

fn base64(bytes: &[u8]) -> String {
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

#[test]
fn a_public_key_is_read_in_every_form_that_other_programs_print() {
    for (name, make, ssh) in KINDS {
        let directory = made_key(make);
        let at = |file: &str| directory.path().join(file);
        let openssl = |arguments: &[&str]| openssl(arguments, directory.path()).ok();
        openssl(&["req", "-x509", "-key", "key.pem", "-subj", "/CN=x", "-out", "cert.pem"]);
        openssl(&["x509", "-in", "cert.pem", "-outform", "DER", "-out", "cert.der"]);
        let der = fs::read(at("public.der")).unwrap();
        let pem = fs::read_to_string(at("public.pem")).unwrap();
        let certificate = fs::read_to_string(at("cert.pem")).unwrap();
        let private = fs::read_to_string(at("key.pem")).unwrap();

        let mut files: Vec<(&str, Vec<u8>)> = vec![
            ("base64", base64(&der).into()),
            ("wrapped", base64(&der).as_bytes().chunks(64).collect::<Vec<_>>().join(&b'\n')),
            ("aws.json", format!("{{\"KeyId\":\"a\",\"PublicKey\":\"{}\"}}", base64(&der)).into()),
            ("gcloud.json", serde_json::json!({ "name": "n", "pem": pem }).to_string().into()),
            ("beside", format!("{private}{certificate}").into()),
            ("before", format!("Bag Attributes\n  x: y\n{certificate}{private}").into()),
            ("crlf", pem.replace('\n', "\r\n").into()),
            ("bom", format!("\u{feff}{pem}").into()),
            ("utf16", format!("\u{feff}{pem}").encode_utf16().flat_map(u16::to_le_bytes).collect()),
        ];
        if name == "rsa" {
            openssl(&["rsa", "-in", "key.pem", "-RSAPublicKey_out", "-out", "pkcs1.pem"]);
            openssl(&[
                "rsa",
                "-pubin",
                "-in",
                "public.pem",
                "-RSAPublicKey_out",
                "-outform",
                "DER",
                "-out",
                "pkcs1.der",
            ]);
            files.push(("pkcs1.copy", fs::read(at("pkcs1.pem")).unwrap()));
            files.push(("pkcs1.base64", base64(&fs::read(at("pkcs1.der")).unwrap()).into()));
        }
        for (file, bytes) in &files {
            fs::write(at(file), bytes).unwrap();
        }
        let wanted = added(directory.path(), "public.pem").unwrap();
        let made = ["public.der", "cert.pem", "cert.der"];
        let pkcs1 = ["pkcs1.pem", "pkcs1.der"].into_iter().filter(|_| name == "rsa");
        for file in made.into_iter().chain(pkcs1).chain(files.iter().map(|(file, _)| *file)) {
            assert_eq!(added(directory.path(), file).unwrap(), wanted, "{name} in {file}");
        }
        // As text in place of a file.
        assert_eq!(added(directory.path(), &base64(&der)).unwrap(), wanted, "{name}");

        // OpenSSH has its own key, whose PEM form it prints itself; but not for Ed25519.
        let bits = if name == "ecdsa-p384" {
            "384"
        } else if ssh == "rsa" {
            "2048"
        } else {
            "256"
        };
        let keygen = |arguments: &[&str]| {
            countersign_tests::tool("ssh-keygen", "openssh-client", arguments, directory.path())
                .ok()
        };
        keygen(&["-q", "-t", ssh, "-b", bits, "-N", "", "-C", "a comment", "-f", "id"]);
        let line = fs::read_to_string(at("id.pub")).unwrap();
        let options = format!("# team\nno-pty,command=\"a b\" {line}");
        fs::write(at("authorized_keys"), options).unwrap();
        let of_ssh = added(directory.path(), "id.pub").unwrap();
        assert_eq!(added(directory.path(), "authorized_keys").unwrap(), of_ssh);
        assert_eq!(added(directory.path(), line.trim()).unwrap(), of_ssh);
        if name != "ed25519" {
            let printed = keygen(&["-e", "-m", "PKCS8", "-f", "id.pub"]).stdout;
            fs::write(at("id.pem"), printed).unwrap();
            assert_eq!(added(directory.path(), "id.pem").unwrap(), of_ssh);
        }
    }
}

#[test]
fn a_private_key_is_never_taken_for_a_public_one() {
    for (_, make, ssh) in KINDS {
        let directory = made_key(make);
        let at = |file: &str| directory.path().join(file);
        let openssl = |arguments: &[&str]| openssl(arguments, directory.path()).ok();
        openssl(&["pkey", "-in", "key.pem", "-outform", "DER", "-out", "key.der"]);
        openssl(&[
            "pkcs8",
            "-topk8",
            "-in",
            "key.pem",
            "-passout",
            "pass:x",
            "-outform",
            "DER",
            "-out",
            "locked.der",
        ]);
        openssl(&["pkcs8", "-topk8", "-in", "key.pem", "-passout", "pass:x", "-out", "locked.pem"]);
        fs::write(at("base64"), base64(&fs::read(at("key.der")).unwrap())).unwrap();
        let keygen = ["-q", "-t", ssh, "-N", "", "-f", "id"];
        countersign_tests::tool("ssh-keygen", "openssh-client", &keygen, directory.path()).ok();
        for file in ["key.pem", "key.der", "locked.pem", "locked.der", "base64", "id"] {
            let refused = added(directory.path(), file).unwrap_err();
            let refused = refused.refused(&["this is a private key", "give its public key"]);
            assert!(!refused.stderr.contains("BEGIN"), "{refused:?}");
        }
    }
}

#[test]
fn a_line_of_openssh_that_says_not_to_use_its_key_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let keygen = ["-q", "-t", "ed25519", "-N", "", "-f", "id"];
    countersign_tests::tool("ssh-keygen", "openssh-client", &keygen, directory.path()).ok();
    let line = fs::read_to_string(directory.path().join("id.pub")).unwrap();
    let refusals = [
        ("@revoked *", "must not be used"),
        ("@cert-authority *.example", "certificate authority"),
        ("mira@x cert-authority", "certificate authority"),
        ("no-pty,cert-authority", "certificate authority"),
        ("mira@x valid-before=\"20200101\"", "--valid-until"),
        ("mira@x namespaces=\"file\",valid-after=\"20200101\"", "--valid-from"),
        ("expiry-time=\"20200101\"", "--valid-until"),
    ];
    for (option, words) in refusals {
        fs::write(directory.path().join("line"), format!("{option} {line}")).unwrap();
        added(directory.path(), "line").unwrap_err().refused(&["line", words]);
    }
    for option in ["mira@x namespaces=\"file\"", "host.example,10.0.0.1", "from=\"10.0.0.1\""] {
        fs::write(directory.path().join("line"), format!("{option} {line}")).unwrap();
        added(directory.path(), "line").unwrap();
    }
}

#[test]
fn what_is_no_public_key_is_said_to_be_what_it_is() {
    let directory = made_key(&["-algorithm", "ed25519"]);
    let openssl = |arguments: &[&str]| openssl(arguments, directory.path()).ok();
    openssl(&["req", "-new", "-key", "key.pem", "-subj", "/CN=x", "-out", "request.pem"]);
    openssl(&["req", "-x509", "-key", "key.pem", "-subj", "/CN=x", "-out", "cert.pem"]);
    openssl(&["crl2pkcs7", "-nocrl", "-certfile", "cert.pem", "-out", "certs.p7b"]);
    openssl(&["x509", "-in", "cert.pem", "-trustout", "-out", "trusted.pem"]);
    let texts = [
        (
            "cosign",
            "-----BEGIN ENCRYPTED COSIGN PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED COSIGN PRIVATE KEY-----\n",
        ),
        (
            "gpg",
            "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmDMEawuLgBYJ\n-----END PGP PUBLIC KEY BLOCK-----\n",
        ),
        ("ppk", "PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nComment: x\n"),
        ("age", "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p\n"),
        ("minisign", "untrusted comment: minisign public key 1234\nRWQxMjM0NTY3OA==\n"),
        ("empty", ""),
        ("keys.json", "{\"keys\": [{\"kty\": \"EC\"}]}"),
    ];
    for (file, text) in texts {
        fs::write(directory.path().join(file), text).unwrap();
    }
    fs::write(directory.path().join("hex"), "0b".repeat(32)).unwrap();
    for (file, words) in [
        ("request.pem", "openssl req"),
        ("certs.p7b", "openssl pkcs7"),
        ("trusted.pem", "openssl x509"),
        ("cosign", "cosign public-key"),
        ("gpg", "gpg --export-ssh-key"),
        ("ppk", "puttygen"),
        ("age", "does not sign"),
        ("minisign", "minisign or signify"),
        ("empty", "an empty file"),
        ("keys.json", "JSON Web Key"),
        ("hex", "this is hex"),
    ] {
        added(directory.path(), file).unwrap_err().refused(&[words]);
    }
}

#[test]
fn of_several_keys_none_is_chosen_in_silence() {
    let directory = made_key(&["-algorithm", "ed25519"]);
    let other = made_key(&["-algorithm", "ed25519"]);
    let pem = |directory: &Path| fs::read_to_string(directory.join("public.pem")).unwrap();
    let both = format!("{}{}", pem(directory.path()), pem(other.path()));
    fs::write(directory.path().join("both.pem"), both).unwrap();
    let refused = added(directory.path(), "both.pem").unwrap_err();
    refused.refused(&["both.pem", "2 different public keys"]);
    // Nor of keys in two forms.
    let keygen = ["-q", "-t", "ed25519", "-N", "", "-C", "a comment", "-f", "id"];
    countersign_tests::tool("ssh-keygen", "openssh-client", &keygen, directory.path()).ok();
    let line = fs::read_to_string(directory.path().join("id.pub")).unwrap();
    let own = pem(directory.path());
    let json = serde_json::json!({ "PublicKey": own, "public_key": pem(other.path()) });
    let mixed = [format!("{own}{line}"), format!("# team\nno-pty {line}{own}"), json.to_string()];
    for text in mixed {
        fs::write(directory.path().join("mixed"), &text).unwrap();
        let refused = added(directory.path(), "mixed").unwrap_err();
        refused.refused(&["mixed", "2 different public keys"]);
    }

    // A chain has one certificate at its end, and that is meant.
    let openssl = |arguments: &[&str]| openssl(arguments, directory.path()).ok();
    fs::copy(other.path().join("key.pem"), directory.path().join("ca.key")).unwrap();
    openssl(&["req", "-x509", "-key", "ca.key", "-subj", "/CN=authority", "-out", "ca.pem"]);
    openssl(&["req", "-new", "-key", "key.pem", "-subj", "/CN=signer", "-out", "csr.pem"]);
    openssl(&[
        "x509",
        "-req",
        "-in",
        "csr.pem",
        "-CA",
        "ca.pem",
        "-CAkey",
        "ca.key",
        "-CAcreateserial",
        "-out",
        "cert.pem",
    ]);
    let read = |file: &str| fs::read_to_string(directory.path().join(file)).unwrap();
    for chain in [["ca.pem", "cert.pem"], ["cert.pem", "ca.pem"]] {
        fs::write(directory.path().join("chain.pem"), chain.map(read).concat()).unwrap();
        let wanted = added(directory.path(), "public.pem").unwrap();
        assert_eq!(added(directory.path(), "chain.pem").unwrap(), wanted);
    }

    let pinned = Pinned::new("good_multisig");
    let source = pinned.case.signatures();
    let add = |more: &[&str]| pinned.keys(&[&["add", source.to_str().unwrap()], more].concat());
    add(&[]).refused(&[
        "2 signatures by different keys",
        "mira.k",
        "witness-1",
        "nothing was added",
    ]);
    assert!(!pinned.keyring.exists());
    add(&["--owner", "nobody"]).refused(&["mira.k", "witness-1"]);
    add(&["--owner", "witness-1"]).ok();
    let keys = read_json(&pinned.keyring)["keys"].clone();
    assert_eq!((keys.as_array().unwrap().len(), &keys[0]["owner"]), (1, &"witness-1".into()));
}

#[test]
fn a_signature_without_its_public_key_is_judged_by_the_one_in_the_keyring() {
    for absent in [true, false] {
        let pinned = Pinned::new("good_multisig").with_both();
        let mut file = read_json(&pinned.case.signatures());
        let signature = file["signatures"][1].as_object_mut().unwrap();
        match absent {
            true => drop(signature.remove("public_key")),
            // As the reference writes it for an external signer.
            false => drop(signature.insert("public_key".to_owned(), Value::Null)),
        }
        fs::write(pinned.case.signatures(), file.to_string()).unwrap();
        assert_eq!(pinned.status(&[])["level"], 5);
        assert_eq!(pinned.status(&[])["signatures"][1]["standing"], "valid");

        // Nobody knows the key: that does not speak against the signature.
        fs::remove_file(&pinned.keyring).unwrap();
        let status = pinned.case.status();
        assert_eq!(status["signatures"][1]["standing"], "unchecked", "{status}");
        assert!(status["signatures"][1]["detail"].as_str().unwrap().contains("keyring has none"));

        // Another key under that id does not make it good.
        let id = file["signatures"][1]["signing_key_id"].as_str().unwrap();
        let other = "iojj3XQJ8ZX9UtstPLpdcspnCb8dlBIb83SIAbQPb1w=";
        pinned.keys(&["add", other, "--key-id", id, "--owner", "o", "--role", "witness"]).ok();
        let status = pinned.status(&["--trust", "embedded"]);
        assert_eq!(status["signatures"][1]["standing"], "invalid", "{status}");
    }
}

/// Signs a run with a key file under a passphrase.
fn sign_with(case: &Case, file: &Path, passphrase: &str) -> Outcome {
    let mut sign = command();
    sign.args(["sign", "--passphrase-fd", "0", "--key-id", "k", "--role", "operator"]);
    sign.args(["--signer", "o", "--key-file"]).arg(file).arg(case.run());
    finish(&mut sign, passphrase.as_bytes())
}

#[test]
fn why_a_private_key_cannot_be_read_is_named_and_the_command_that_converts_it() {
    let directory = made_key(&["-algorithm", "ed25519"]);
    let at = |file: &str| directory.path().join(file);
    let openssl = |arguments: &[&str]| openssl(arguments, directory.path()).ok();
    let lock = |how: &[&str], out: &str| {
        let pkcs8 = ["pkcs8", "-topk8", "-in", "key.pem", "-passout", "pass:right", "-out", out];
        openssl(&[&pkcs8, how].concat());
    };
    let convert = "openssl pkcs8 -topk8 -v2 aes-256-cbc";
    for (how, cause) in [
        (&["-v2", "des3"][..], "DES-EDE3"),
        (&["-v2", "aes-256-cbc", "-v2prf", "hmacWithSHA1"], "hmacWithSHA1"),
        (&["-v1", "PBE-SHA1-3DES"], "3-KeyTripleDES"),
        (&["-v1", "PBE-MD5-DES", "-provider", "legacy", "-provider", "default"], "PBES1"),
    ] {
        lock(how, "locked.pem");
        let case = Case::copy("good_unsigned");
        let refused = sign_with(&case, &at("locked.pem"), "right").refused(&[convert]);
        let (shown, cause) = (refused.stderr.to_lowercase(), cause.to_lowercase());
        assert!(shown.contains(&cause) && !shown.contains("wrong"), "{cause}: {refused:?}");
        // The command does what it says.
        let mut words = vec!["pkcs8", "-topk8", "-v2", "aes-256-cbc", "-v2prf", "hmacWithSHA256"];
        words.extend(["-in", "locked.pem", "-out", "new.pem", "-provider", "legacy", "-provider"]);
        words.extend(["default", "-passin", "pass:right", "-passout", "pass:right"]);
        openssl(&words);
        sign_with(&case, &at("new.pem"), "right").ok();
    }
    let unsigned = || Case::copy("good_unsigned");
    lock(&["-scrypt"], "locked.pem");
    sign_with(&unsigned(), &at("locked.pem"), "left").refused(&["the passphrase is wrong"]);
    sign_with(&unsigned(), &at("locked.pem"), "right").ok();

    openssl(&["pkey", "-in", "key.pem", "-outform", "DER", "-out", "key.der"]);
    sign_with(&unsigned(), &at("key.der"), "").refused(&["is in DER", "-inform DER"]);
    openssl(&["req", "-x509", "-key", "key.pem", "-subj", "/CN=x", "-out", "cert.pem"]);
    let pkcs12 = ["pkcs12", "-export", "-inkey", "key.pem", "-in", "cert.pem", "-out", "key.p12"];
    openssl(&[&pkcs12[..], &["-passout", "pass:right"]].concat());
    sign_with(&unsigned(), &at("key.p12"), "right").refused(&["PKCS#12", "openssl pkcs12 -in"]);
    let certificate = fs::read_to_string(at("cert.pem")).unwrap();
    fs::write(at("cert-only.pem"), &certificate).unwrap();
    sign_with(&unsigned(), &at("cert-only.pem"), "")
        .refused(&["or a certificate", "give the private key"]);
    // A certificate beside the key changes nothing.
    let beside = format!("{certificate}{}", fs::read_to_string(at("key.pem")).unwrap());
    fs::write(at("beside.pem"), beside).unwrap();
    sign_with(&unsigned(), &at("beside.pem"), "").ok();

    // Keys of another kind, by whatever name.
    for (make, traditional, kind) in [
        (KINDS[3].1, &["rsa", "-aes256", "-traditional"][..], "rsa"),
        (KINDS[1].1, &["ec", "-aes256"], "ec"),
    ] {
        let directory = made_key(make);
        let at = |file: &str| directory.path().join(file);
        let openssl =
            |arguments: &[&str]| countersign_tests::openssl(arguments, directory.path()).ok();
        let pass = ["-in", "key.pem", "-passout", "pass:right", "-out"];
        openssl(&[&["pkcs8", "-topk8"][..], &pass, &["locked.pem"]].concat());
        openssl(&[traditional, &pass, &["traditional.pem"]].concat());
        for file in ["key.pem", "locked.pem", "traditional.pem"] {
            let refused = sign_with(&unsigned(), &at(file), "right");
            let refused = refused.refused(&["of the kind", "key files have Ed25519 keys"]);
            assert!(refused.stderr.to_lowercase().contains(kind), "{refused:?}");
        }
        sign_with(&unsigned(), &at("locked.pem"), "left").refused(&["the passphrase is wrong"]);
    }
}

#[test]
fn a_key_of_openssh_signs_as_it_is() {
    let directory = tempfile::tempdir().unwrap();
    for passphrase in ["", "right"] {
        let file = directory.path().join(format!("id{passphrase}"));
        let name = file.to_str().unwrap();
        let keygen = ["-q", "-t", "ed25519", "-N", passphrase, "-f", name];
        countersign_tests::tool("ssh-keygen", "openssh-client", &keygen, directory.path()).ok();
        let case = Case::copy("good_unsigned");
        if !passphrase.is_empty() {
            sign_with(&case, &file, "left").refused(&["the passphrase is wrong"]);
        }
        sign_with(&case, &file, passphrase).ok();
        // The signature is by the key that OpenSSH names.
        let written = read_json(&case.signatures())["public_key"].clone();
        assert_eq!(added(directory.path(), &format!("{name}.pub")).unwrap(), written);
    }
}
