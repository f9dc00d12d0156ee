//! Private keys in files, as other programs and editors leave them: read, or refused by name; never
//! another key than the one that is meant.

// Helpers of tests may fail the test.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use countersign_tests::{Case, Outcome, command, finish, openssl, read_json, tool};

/// A directory with an Ed25519 key in `key.pem`, and under the passphrase in `locked.pem`.
struct Keys(tempfile::TempDir);

const PASSPHRASE: &str = "correct horse";

impl Keys {
    fn new() -> Self {
        let keys = Self(tempfile::tempdir().unwrap());
        openssl(&["genpkey", "-algorithm", "ed25519", "-out", "key.pem"], keys.0.path()).ok();
        let lock = ["pkcs8", "-topk8", "-in", "key.pem", "-passout", "pass:correct horse"];
        openssl(&[&lock[..], &["-out", "locked.pem"]].concat(), keys.0.path()).ok();
        keys
    }

    fn at(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.at(name)).unwrap()
    }

    /// Writes a file that its owner only can read.
    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.at(name);
        fs::write(&path, bytes).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        path
    }

    /// The public key, as signature files write it.
    fn public(&self, name: &str) -> String {
        let arguments = ["pkey", "-in", name, "-pubout", "-outform", "DER", "-out", "public.der"];
        openssl(&arguments, self.0.path()).ok();
        let der = fs::read(self.at("public.der")).unwrap();
        BASE64.encode(&der[der.len() - 32..])
    }
}

/// Signs with a key file; the outcome, and the public key of the signature that stands then.
fn sign_with(key: &Path) -> (Outcome, Option<String>) {
    let case = Case::copy("good_unsigned");
    let mut sign = command();
    sign.args(["sign", "--role", "operator", "--signer", "o", "--key-id", "o"]);
    sign.args(["--passphrase-fd", "0", "--key-file"]).arg(key).arg(case.run());
    let outcome = finish(&mut sign, PASSPHRASE.as_bytes());
    let signed = case
        .signatures()
        .exists()
        .then(|| read_json(&case.signatures())["public_key"].as_str().unwrap().to_owned());
    assert_eq!(outcome.code == 0, signed.is_some(), "{outcome:?}");
    (outcome, signed)
}

/// The lines of a PEM file between its borders, joined.
fn body(pem: &str) -> String {
    pem.lines().filter(|line| !line.starts_with("-----")).collect()
}

#[test]
fn a_pem_file_is_read_however_its_lines_are_laid_out() {
    let keys = Keys::new();
    let public = keys.public("key.pem");
    for name in ["key.pem", "locked.pem"] {
        let pem = keys.text(name);
        let lines: Vec<&str> = pem.lines().collect();
        let (begin, end) = (lines[0], lines[lines.len() - 1]);
        let wrapped = |width: usize| {
            let body = body(&pem).into_bytes();
            let lines = body.chunks(width).map(|line| String::from_utf8_lossy(line).into_owned());
            format!("{begin}\n{}\n{end}\n", lines.collect::<Vec<_>>().join("\n"))
        };
        let shapes = [
            ("76", wrapped(76)),
            ("32", wrapped(32)),
            ("one line", wrapped(100_000)),
            ("indented", pem.replace('\n', "\n   ").trim_end().to_owned()),
            ("trailing spaces", pem.replace('\n', "  \n")),
            ("CRLF", pem.replace('\n', "\r\n")),
            ("byte order mark", format!("\u{feff}{pem}")),
            ("twice", format!("{pem}{pem}")),
        ];
        for (shape, text) in shapes {
            let (outcome, signed) = sign_with(&keys.write("shaped.pem", text));
            assert_eq!(signed.as_ref(), Some(&public), "{name}, {shape}: {outcome:?}");
        }
    }
    // The same of base64 alone.
    let der = BASE64.decode(body(&keys.text("key.pem"))).unwrap();
    let seed = BASE64.encode(&der[der.len() - 32..]);
    let (_, signed) = sign_with(&keys.write("seed", format!("\u{feff}{seed}\r\n")));
    assert_eq!(signed, Some(public));
}

#[test]
fn of_several_private_keys_none_is_chosen_in_silence() {
    let (keys, others) = (Keys::new(), Keys::new());
    let both = [keys.text("key.pem"), others.text("key.pem")];
    for (first, second) in [(0, 1), (1, 0)] {
        let path = keys.write("both.pem", [both[first].clone(), both[second].clone()].concat());
        sign_with(&path).0.refused(&["both.pem", "2 different private keys"]);
    }
    let mixed = keys.write("mixed.pem", [others.text("locked.pem"), both[0].clone()].concat());
    sign_with(&mixed).0.refused(&["2 different private keys"]);
}

#[test]
fn a_key_whose_public_half_is_another_s_does_not_sign() {
    let (keys, others) = (Keys::new(), Keys::new());
    let seed = BASE64.decode(body(&keys.text("key.pem"))).unwrap();
    let seed = &seed[seed.len() - 32..];
    // PKCS#8 version 2 (RFC 5958): the seed, and the public key in [1].
    let version_2 = |public: &str| {
        let head = [0x30, 0x51, 2, 1, 1, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
        let public = BASE64.decode(public).unwrap();
        let der = [&head[..], seed, &[0x81, 0x21, 0], &public].concat();
        let lines: Vec<String> = BASE64
            .encode(der)
            .as_bytes()
            .chunks(64)
            .map(|line| String::from_utf8_lossy(line).into_owned())
            .collect();
        format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", lines.join("\n"))
    };
    let own = keys.public("key.pem");
    let (_, signed) = sign_with(&keys.write("own.pem", version_2(&own)));
    assert_eq!(signed, Some(own));
    let other = keys.write("other.pem", version_2(&others.public("key.pem")));
    sign_with(&other).0.refused(&["other.pem", "is not that of its private key"]);
}

#[test]
fn what_is_no_private_key_is_said_to_be_what_it_is() {
    let keys = Keys::new();
    openssl(&["pkey", "-in", "key.pem", "-pubout", "-out", "public.pem"], keys.0.path()).ok();
    let pem = keys.text("key.pem");
    let utf16: Vec<u8> =
        format!("\u{feff}{pem}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    tool(
        "ssh-keygen",
        "openssh-client",
        &["-q", "-t", "ed25519", "-N", "", "-f", "id"],
        keys.0.path(),
    )
    .ok();
    let cosign = pem.replace("PRIVATE KEY", "ENCRYPTED COSIGN PRIVATE KEY");
    let cases: [(&str, Vec<u8>, &str); 8] = [
        ("public key", keys.text("public.pem").into(), "is a public key"),
        ("OpenSSH", keys.text("id.pub").into(), "is a public key"),
        ("UTF-16", utf16, "UTF-16\nhint: save it as UTF-8"),
        ("PuTTY", "PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\n".into(), "puttygen"),
        ("age", "AGE-SECRET-KEY-1QQQ\n".into(), "does not sign"),
        ("hex", "0a".repeat(32).into(), "is hex"),
        ("cosign", cosign.into(), "external signer command"),
        (
            "damaged",
            "-----BEGIN PRIVATE KEY-----\nMC4C\n-----END PRIVATE KEY-----\n".into(),
            "openssl pkey",
        ),
    ];
    for (name, bytes, words) in cases {
        let (outcome, _) = sign_with(&keys.write("given", bytes));
        assert!(outcome.code == 2 && outcome.stderr.contains(words), "{name}: {outcome:?}");
    }
}

#[test]
fn a_private_key_that_others_can_read_or_change_is_named_with_the_way_out() {
    let keys = Keys::new();
    let path = keys.write("key.pem", keys.text("key.pem"));
    let link = keys.at("link.pem");
    std::os::unix::fs::symlink(&path, &link).unwrap();
    assert!(!sign_with(&path).0.stderr.contains("private key"));
    for (mode, can) in [(0o644, "read"), (0o640, "read"), (0o666, "change"), (0o620, "change")] {
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        for named in [&path, &link] {
            let said = sign_with(named).0.ok().stderr;
            let remedy = format!("other users can {can} this private key\nhint: run: chmod 600");
            assert!(said.contains(&remedy), "{mode:o}: {said}");
        }
    }
}

#[test]
fn of_a_weak_passphrase_for_a_new_key_a_script_is_warned() {
    let place = tempfile::tempdir().unwrap();
    for (passphrase, is_weak) in [("mira", true), ("agree brick candy drift eager fable", false)] {
        let mut make = command();
        make.args(["keys", "generate", "--key-id", "ds-test", "--owner", "mira"]);
        make.args(["--role", "operator", "--no-keyring", "--passphrase-fd", "0", "--out"]);
        make.arg(place.path().join(format!("{is_weak}.pem")));
        make.arg("--journal").arg(place.path().join("journal.ndjson"));
        let made = finish(&mut make, format!("{passphrase}\n").as_bytes()).ok();
        let warned = made.stderr.contains("warning: the passphrase is easily guessed");
        assert_eq!(warned, is_weak, "{made:?}");
    }
}
