//! Keys in a TPM: a software TPM (`swtpm`) and tpm2-tools make them, sign with them and certify them;
//! what comes of that is judged here.

// Helpers of tests may fail the test.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use countersign_tests::{Case, Outcome, command, finish, read_json, tool, verify_with_openssl};
use serde_json::Value;
use tempfile::TempDir;

/// Long enough for a slow machine; nothing waits for it where all is well.
const LIMIT: Duration = Duration::from_secs(30);

/// What binds a key to the TPM that made it.
const INSIDE: &str = "fixedtpm|fixedparent|sensitivedataorigin|userwithauth|sign";

/// A TPM of its own, with an attestation key at [`Tpm::AK`], and a person who has a trust folder.
struct Tpm {
    swtpm: Child,
    home: TempDir,
}

impl Tpm {
    const AK: &str = "0x81010002";

    fn start() -> Self {
        let home = tempfile::tempdir().unwrap();
        let path = |name: &str| home.path().join(name).to_str().unwrap().to_owned();
        fs::create_dir(path("state")).unwrap();
        fs::write(path("keyring.json"), r#"{"keyring_version": "1.0", "keys": []}"#).unwrap();
        let mut command = Command::new("swtpm");
        command.args(["socket", "--tpm2", "--tpmstate", &format!("dir={}", path("state"))]);
        command.args(["--server", &format!("type=unixio,path={}", path("tpm"))]);
        command.args(["--ctrl", &format!("type=unixio,path={}", path("tpm.ctrl"))]);
        command.args(["--flags", "not-need-init,startup-clear"]).stdin(Stdio::null());
        let swtpm = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let swtpm = swtpm.expect("swtpm is needed: apt-get install swtpm tpm2-tools");
        let tpm = Self { swtpm, home };
        let begun = Instant::now();
        while UnixStream::connect(tpm.path("tpm.ctrl")).is_err() {
            assert!(begun.elapsed() < LIMIT, "it never listens");
        }
        // The endorsement key's session is its own; keys are kept in the TPM, which has no room for
        // more than three that are not.
        tpm.run("tpm2_createek -G ecc -c ek.ctx");
        tpm.run("tpm2_createak -C ek.ctx -G ecc -g sha256 -s ecdsa -c ak.ctx -u ak.pub -n ak.name");
        tpm.keep("ak.ctx", Self::AK);
        tpm.run("tpm2_createprimary -C o -G ecc -c primary.ctx");
        tpm.keep("primary.ctx", "0x81010001");
        tpm
    }

    fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        self.path(name).to_str().unwrap().to_owned()
    }

    fn tcti(&self) -> String {
        format!("swtpm:path={}", self.text("tpm"))
    }

    /// One of tpm2-tools, in the home.
    fn run(&self, line: &str) -> Outcome {
        let mut words = line.split(' ');
        let mut command = Command::new(words.next().unwrap());
        command.env("TPM2TOOLS_TCTI", self.tcti()).current_dir(self.home.path());
        finish(command.args(words), b"").ok()
    }

    /// Keeps a key under a handle.
    fn keep(&self, context: &str, handle: &str) {
        self.run("tpm2_flushcontext -t");
        self.run(&format!("tpm2_evictcontrol -C o -c {context} {handle}"));
        self.run("tpm2_flushcontext -t");
    }

    /// Makes a key with attributes, under a handle.
    fn make(&self, attributes: &str, handle: &str) {
        let make =
            format!("tpm2_create -C 0x81010001 -G ecc256 -a {attributes} -u k.pub -r k.priv");
        self.run(&make);
        self.run("tpm2_load -C 0x81010001 -u k.pub -r k.priv -c k.ctx");
        self.keep("k.ctx", handle);
    }

    /// Has one key certify another: a directory with the files of that.
    fn certify(&self, key: &str, ak: &str, directory: &str) -> PathBuf {
        let at = self.path(directory);
        fs::create_dir(&at).unwrap();
        self.run(&format!("tpm2_readpublic -c {key} -o {directory}/key.pub"));
        self.run(&format!("tpm2_readpublic -c {ak} -f tpmt -o {directory}/ak.pub"));
        let certify = format!("tpm2_certify -c {key} -C {ak} -g sha256");
        self.run(&format!("{certify} -o {directory}/attest -s {directory}/sig"));
        at
    }

    /// A command line that signs with a key, as an external command does.
    fn signing(&self, handle: &str) -> String {
        let script = format!(
            "export TPM2TOOLS_TCTI={}\ntpm2_sign -Q -c {handle} -g sha256 -s ecdsa -f plain -o \"$1.sig\" \"$1\"\nbase64 -w0 \"$1.sig\"\n",
            self.tcti()
        );
        fs::write(self.path(&format!("{handle}.sh")), script).unwrap();
        format!("sh -e {}", self.text(&format!("{handle}.sh")))
    }

    fn public_key(&self, handle: &str) -> String {
        self.run(&format!("tpm2_readpublic -c {handle} -f pem -o {handle}.pem"));
        self.text(&format!("{handle}.pem"))
    }

    fn countersign(&self, arguments: &[&str]) -> Outcome {
        let mut command = command();
        command.env("COUNTERSIGN_KEYRING", self.path("keyring.json"));
        command.env("COUNTERSIGN_SETTINGS", self.path("settings.json"));
        command.env("TPM2TOOLS_TCTI", self.tcti());
        finish(command.args(arguments), b"")
    }

    /// Signs a run with a key, with evidence.
    fn sign(&self, case: &Case, handle: &str, evidence: &Path) -> Outcome {
        let (line, key, run) = (self.signing(handle), self.public_key(handle), case.run());
        self.countersign(&[
            "sign",
            run.to_str().unwrap(),
            "--role",
            "witness",
            "--signer",
            "mira",
            "--key-id",
            "ds-tpm-1",
            "--external-signer-cmd",
            &line,
            "--public-key",
            &key,
            "--algo",
            "ecdsa-p256-sha256",
            "--signed-payload",
            "sha256_hex",
            "--evidence",
            evidence.to_str().unwrap(),
        ])
    }

    /// Trusts the attestation key that is at a handle.
    fn trust(&self, handle: &str) {
        let key = self.public_key(handle);
        let der = ["pkey", "-pubin", "-in", &key, "-outform", "DER", "-out", "ak.der"];
        tool("openssl", "openssl", &der, self.home.path()).ok();
        let sha256 = tool("sha256sum", "coreutils", &["ak.der"], self.home.path()).ok().stdout;
        let sha256 = sha256.split(' ').next().unwrap();
        let shown = self.countersign(&["roots", "add", &key]);
        assert!(shown.stdout.contains(sha256), "{shown:?}");
        assert!(shown.stdout.contains("TPM attestation key"), "{shown:?}");
        shown.refused(&["--sha256"]);
        self.countersign(&["roots", "add", &key, "--sha256", sha256]).ok();
        let listed = self.countersign(&["roots", "list"]).ok();
        assert!(listed.stdout.contains("trusted by itself"), "{listed:?}");
    }

    /// Whether the one signature is attested, and what is said of it.
    fn attestation(&self, case: &Case) -> (Value, String, String) {
        let run = case.run();
        let verify = ["verify", run.to_str().unwrap(), "--json", "--trust", "embedded"];
        let verified = self.countersign(&verify).json_lines().remove(0);
        let found = &verified["signatures"][0]["attestation"];
        let text = |field: &str| found[field].as_str().unwrap().to_owned();
        (verified["assurance"].clone(), text("standing"), text("words"))
    }
}

impl Drop for Tpm {
    fn drop(&mut self) {
        let _ = self.swtpm.kill();
        let _ = self.swtpm.wait();
    }
}

#[test]
fn a_key_made_in_a_tpm_is_attested_once_its_attestation_key_is_trusted() {
    let tpm = Tpm::start();
    tpm.make(INSIDE, "0x81010003");
    let case = Case::copy("good_unsigned");
    let evidence = tpm.certify("0x81010003", Tpm::AK, "certified");
    tpm.sign(&case, "0x81010003", &evidence).ok();
    verify_with_openssl(&case);
    let block = read_json(&case.signatures());
    assert_eq!(block["key_attestation"]["type"], "tpm2-certify");
    assert_eq!(block["signer_type"], "external");

    let (assurance, standing, words) = tpm.attestation(&case);
    assert_eq!((assurance.as_str(), standing.as_str()), (Some("claimed"), "unknown_root"));
    assert!(words.contains("unknown attestation key"), "{words}");
    tpm.trust(Tpm::AK);
    let (assurance, standing, words) = tpm.attestation(&case);
    assert_eq!((assurance.as_str(), standing.as_str()), (Some("attested"), "verified"));
    assert!(words.starts_with("made in a TPM that does not let it out"), "{words}");
    let run = case.run();
    let explain = ["explain", run.to_str().unwrap(), "--trust", "embedded"];
    let explained = tpm.countersign(&explain).ok();
    assert!(explained.stdout.contains(&words), "{explained:?}");

    // The keyring keeps it for signatures that come without.
    let signatures = case.signatures();
    let added = tpm.countersign(&["keys", "add", signatures.to_str().unwrap()]).ok();
    assert!(added.stdout.contains("hardware") && added.stdout.contains(&words), "{added:?}");
    let mut bare = block;
    bare.as_object_mut().unwrap().remove("key_attestation");
    fs::write(&signatures, bare.to_string()).unwrap();
    assert_eq!(tpm.attestation(&case).1, "verified");
}

/// A maker of TPMs, and what it certifies of a public key.
struct Maker<'a> {
    tpm: &'a Tpm,
}

impl Maker<'_> {
    fn new(tpm: &Tpm) -> Maker<'_> {
        let maker = Maker { tpm };
        let parts = [
            ("root.ext", "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n"),
            (
                "ek.ext",
                "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,keyAgreement\n\
                 extendedKeyUsage=2.23.133.8.1\nsubjectAltName=critical,dirName:tpm\n\
                 [tpm]\n1.2.23.133.2.1=id:494E5443\n1.2.23.133.2.2=Model~X\n1.2.23.133.2.3=id:00010002\n",
            ),
            (
                "sign.ext",
                "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\n\
                 extendedKeyUsage=2.23.133.8.1\n",
            ),
        ];
        for (name, text) in parts {
            fs::write(tpm.path(name), text.replace('~', " ")).unwrap();
        }
        maker.openssl(
            "req -new -newkey rsa:2048 -nodes -keyout root.key -out root.csr -subj /CN=Maker",
        );
        maker.openssl(
            "x509 -req -in root.csr -signkey root.key -days 999 -extfile root.ext -out root.pem",
        );
        maker.openssl("req -new -newkey rsa:2048 -nodes -keyout any.key -out any.csr -subj /");
        maker
    }

    fn openssl(&self, line: &str) -> Outcome {
        let words: Vec<&str> = line.split(' ').collect();
        tool("openssl", "openssl", &words, self.tpm.home.path()).ok()
    }

    /// Certifies the key that is at a context.
    fn certify(&self, context: &str, extensions: &str) -> String {
        self.tpm.run(&format!("tpm2_readpublic -c {context} -f pem -o certified.pem"));
        self.tpm.run("tpm2_flushcontext -t");
        let out = format!("{context}-{extensions}.crt");
        self.openssl(&format!(
            "x509 -req -in any.csr -CA root.pem -CAkey root.key -force_pubkey certified.pem -days 99 \
             -extfile {extensions}.ext -out {out}"
        ));
        self.tpm.text(&out)
    }

    fn trust(&self) {
        let said = self.openssl("x509 -in root.pem -noout -fingerprint -sha256").stdout;
        let sha256 = said.trim().rsplit('=').next().unwrap();
        let root = self.tpm.text("root.pem");
        self.tpm.countersign(&["roots", "add", &root, "--sha256", sha256]).ok();
    }
}

/// The station encrypts a secret for the endorsement key and the name of the attestation key; only the TPM
/// that holds both gives it back.
#[test]
fn an_attestation_key_is_trusted_once_its_tpm_proves_that_it_holds_a_certified_endorsement_key() {
    let tpm = Tpm::start();
    tpm.make(INSIDE, "0x81010003");
    let case = Case::copy("good_unsigned");
    let evidence = tpm.certify("0x81010003", Tpm::AK, "certified");
    tpm.sign(&case, "0x81010003", &evidence).ok();
    assert_eq!(tpm.attestation(&case).1, "unknown_root");

    let maker = Maker::new(&tpm);
    let certificate = maker.certify("ek.ctx", "ek");
    let journal = tpm.text("journal.ndjson");
    let endorse = |certificate: &str, ek: &str, ak: &str| {
        let keys = ["tpm", "endorse", "--ek-context", ek, "--ak-context", ak];
        let rest = ["--ek-certificate", certificate, "--journal", &journal];
        let outcome = tpm.countersign(&[&keys[..], &rest].concat());
        tpm.run("tpm2_flushcontext -t");
        let sessions = tpm.run("tpm2_getcap handles-loaded-session").stdout;
        assert!(!sessions.contains("0x"), "{sessions}");
        outcome
    };
    let ek = tpm.text("ek.ctx");
    endorse(&certificate, &ek, Tpm::AK).refused(&["unknown root", "CN=Maker"]);
    assert_eq!(tpm.attestation(&case).1, "unknown_root");
    maker.trust();
    // A certificate of another key, or for something else; a key of another kind than an endorsement
    // key; and an attestation key that signs anything.
    let other = maker.certify("0x81010001", "ek");
    endorse(&other, &ek, Tpm::AK).refused(&["not that of the endorsement key"]);
    let to_sign = maker.certify("ek.ctx", "sign");
    endorse(&to_sign, &ek, Tpm::AK).refused(&["not for an endorsement key"]);
    let signing = maker.certify("0x81010003", "ek");
    endorse(&signing, "0x81010003", Tpm::AK).refused(&["restricted key to decrypt with"]);
    endorse(&certificate, &ek, "0x81010003").refused(&["not a restricted signing key"]);
    assert_eq!(tpm.attestation(&case).1, "unknown_root");

    let said = endorse(&certificate, &ek, Tpm::AK).ok();
    let proven =
        "in TPM INTC Model X, version id:00010002, whose endorsement key CN=Maker certified";
    assert!(said.stdout.contains(proven) && said.stdout.contains("Trusted now."), "{said:?}");
    let (assurance, standing, words) = tpm.attestation(&case);
    assert_eq!((assurance.as_str(), standing.as_str()), (Some("attested"), "verified"), "{words}");
    let run = case.run();
    let run = run.to_str().unwrap();
    let all = tpm.countersign(&["verify", run, "--trust", "embedded", "--json"]);
    assert!(all.stdout.contains(proven), "{all:?}");
    assert!(tpm.countersign(&["roots", "list"]).ok().stdout.contains(proven));
    assert!(fs::read_to_string(&journal).unwrap().contains(proven));

    // A pack has why; who takes the key from it has not seen it.
    let pack = tpm.text("pack");
    tpm.countersign(&["pack", run, "--out", &pack, "--trust", "embedded"]).ok();
    let folder = Path::new(&pack).join("attestation-roots");
    let kept = fs::read_dir(folder).unwrap().map(|one| one.unwrap().path());
    let kept: Vec<PathBuf> = kept.collect();
    assert_eq!(kept.len(), 1, "{kept:?}");
    assert!(fs::read_to_string(&kept[0]).unwrap().contains("TPM ENDORSEMENT"));
    let sha256 = kept[0].file_stem().unwrap().to_str().unwrap();
    let roots = tpm.text("other-roots");
    let add = ["roots", "add", kept[0].to_str().unwrap(), "--sha256", sha256];
    tpm.countersign(&[&add[..], &["--attestation-roots", &roots]].concat()).ok();
    let listed = tpm.countersign(&["roots", "list", "--attestation-roots", &roots]).ok();
    assert!(listed.stdout.contains("with its attributes"), "{listed:?}");
    assert!(!listed.stdout.contains("endorsement key"), "{listed:?}");
}

/// Another TPM with a certificate of its own cannot speak for the attestation key of this one.
#[test]
fn a_tpm_proves_nothing_of_an_attestation_key_that_is_in_another() {
    let (tpm, other) = (Tpm::start(), Tpm::start());
    let maker = Maker::new(&tpm);
    let certificate = maker.certify("ek.ctx", "ek");
    maker.trust();
    // The tools are told of the other's public area, as a program between could do.
    other.run(&format!("tpm2_readpublic -c {} -o {}", Tpm::AK, tpm.text("foreign.pub")));
    let tools = tpm.path("tools");
    fs::create_dir(&tools).unwrap();
    let real = tool("sh", "dash", &["-c", "command -v tpm2_readpublic"], tpm.home.path()).ok();
    let script = format!(
        "#!/bin/sh\ncase \"$*\" in *{ak}*) for out; do :; done; cp {foreign} \"$out\";; *) exec {real} \"$@\";; esac\n",
        ak = Tpm::AK,
        foreign = tpm.text("foreign.pub"),
        real = real.stdout.trim(),
    );
    let fake = tools.join("tpm2_readpublic");
    fs::write(&fake, script).unwrap();
    let path = format!("{}:{}", tools.display(), std::env::var("PATH").unwrap());
    tool("chmod", "coreutils", &["+x", fake.to_str().unwrap()], tpm.home.path()).ok();
    let mut endorse = command();
    endorse.env("COUNTERSIGN_KEYRING", tpm.path("keyring.json")).env("PATH", path);
    endorse.env("TPM2TOOLS_TCTI", tpm.tcti());
    endorse.args(["tpm", "endorse", "--ek-context", &tpm.text("ek.ctx"), "--ak-context", Tpm::AK]);
    endorse.args(["--ek-certificate", &certificate, "--journal", &tpm.text("journal.ndjson")]);
    finish(&mut endorse, b"").refused(&["tpm2_activatecredential failed"]);
    let listed = tpm.countersign(&["roots", "list"]).ok();
    assert!(!listed.stdout.contains("attestation key"), "{listed:?}");
}

#[test]
fn a_signer_of_the_station_has_the_tpm_certify_its_key_itself() {
    let tpm = Tpm::start();
    tpm.make(INSIDE, "0x81010003");
    tpm.trust(Tpm::AK);
    let binary = countersign_tests::binary().to_str().unwrap().to_owned();
    let certify = format!("{binary} tpm certify --key-context 0x81010003 --ak-context {}", Tpm::AK);
    let (line, key) = (tpm.signing("0x81010003"), tpm.public_key("0x81010003"));
    let add = ["signers", "add", "tpm", "--command", &line, "--public-key", &key];
    let who = ["--key-id", "ds-tpm-1", "--signer", "mira", "--env", "TPM2TOOLS_TCTI"];
    let evidence = ["--evidence-command", &certify];
    tpm.countersign(&[add.as_slice(), &who, &evidence].concat()).ok();
    let case = Case::copy("good_unsigned");
    let run = case.run();
    let sign = ["sign", run.to_str().unwrap(), "--signer-profile", "tpm", "--role", "witness"];
    tpm.countersign(&sign).ok();
    assert_eq!(tpm.attestation(&case).1, "verified");

    // By hand, to a file; and where the TPM has no such key, the tool's own words are shown.
    let out = tpm.text("evidence.json");
    let by_hand = ["tpm", "certify", "--ak-context", Tpm::AK, "--out", &out, "--key-context"];
    tpm.countersign(&[by_hand.as_slice(), &["0x81010003"]].concat()).ok();
    let other = Case::copy("good_unsigned");
    tpm.sign(&other, "0x81010003", &tpm.path("evidence.json")).ok();
    assert_eq!(tpm.attestation(&other).1, "verified");
    let outcome = tpm.countersign(&[by_hand.as_slice(), &["0x8101ffff"]].concat());
    outcome.refused(&["tpm2_readpublic failed", "It said: "]);
}

#[test]
fn the_hash_and_scheme_of_the_attestation_key_are_used_and_nothing_is_left_in_the_tpm() {
    let tpm = Tpm::start();
    tpm.make(INSIDE, "0x81010003");
    for (kind, hash, scheme, handle) in [
        ("rsa", "sha256", "rsapss", "0x81010010"),
        ("ecc384", "sha384", "ecdsa", "0x81010011"),
        ("rsa", "sha256", "rsassa", "0x81010012"),
    ] {
        tpm.run("tpm2_flushcontext -t");
        tpm.run(&format!(
            "tpm2_createak -C ek.ctx -G {kind} -g {hash} -s {scheme} -c other.ctx -u o.pub -n o.name"
        ));
        tpm.keep("other.ctx", handle);
        let out = tpm.text("evidence.json");
        let certify = ["tpm", "certify", "--key-context", "0x81010003", "--ak-context", handle];
        tpm.countersign(&[&certify[..], &["--out", &out]].concat()).ok();
        tpm.trust(handle);
        let case = Case::copy("good_unsigned");
        tpm.sign(&case, "0x81010003", &tpm.path("evidence.json")).ok();
        assert_eq!(tpm.attestation(&case).1, "verified", "{kind} {scheme}");
    }

    // Keys as context files are loaded into the TPM, which has room for three.
    tpm.run("tpm2_create -C 0x81010001 -G ecc256 -u f.pub -r f.priv");
    tpm.run("tpm2_load -C 0x81010001 -u f.pub -r f.priv -c f.ctx");
    tpm.run("tpm2_flushcontext -t");
    let file = tpm.text("f.ctx");
    let loaded = || tpm.run("tpm2_getcap handles-transient").stdout;
    for _ in 0..4 {
        let certify = ["tpm", "certify", "--ak-context", Tpm::AK, "--key-context", &file];
        tpm.countersign(&certify).ok();
        assert!(!loaded().contains("0x8"), "{}", loaded());
    }
    // Also if it fails; and what others have loaded stays.
    tpm.run("tpm2_load -C 0x81010001 -u f.pub -r f.priv -c g.ctx");
    let others = loaded();
    let certify = ["tpm", "certify", "--key-context", &file, "--ak-context", "0x8101ffff"];
    tpm.countersign(&certify).refused(&["tpm2_readpublic"]);
    assert_eq!(loaded(), others);
    // A key that is kept under a handle takes a place too while it is used.
    tpm.run("tpm2_load -C 0x81010001 -u f.pub -r f.priv -c h.ctx");
    let certify = ["tpm", "certify", "--key-context", &file, "--ak-context", Tpm::AK];
    tpm.countersign(&certify).refused(&["no room", "/dev/tpmrm0"]);
}

#[test]
fn evidence_that_contradicts_the_signature_is_refused_before_anything_is_written() {
    let tpm = Tpm::start();
    tpm.make(INSIDE, "0x81010003");
    tpm.make(INSIDE, "0x81010004");
    tpm.trust(Tpm::AK);
    let case = Case::copy("good_unsigned");
    let before = case.snapshot();
    let other = tpm.certify("0x81010004", Tpm::AK, "other");
    tpm.sign(&case, "0x81010003", &other).refused(&["about another key"]);

    let alter = |name: &str, file: &str, change: &dyn Fn(&mut Vec<u8>)| {
        let evidence = tpm.certify("0x81010003", Tpm::AK, name);
        let mut bytes = fs::read(evidence.join(file)).unwrap();
        change(&mut bytes);
        fs::write(evidence.join(file), bytes).unwrap();
        tpm.sign(&case, "0x81010003", &evidence)
    };
    for (name, change) in [
        ("altered", &(|bytes: &mut Vec<u8>| bytes[60] ^= 1) as &dyn Fn(&mut Vec<u8>)),
        ("magic", &|bytes| bytes[0] = 0),
        ("cut", &|bytes| bytes.truncate(bytes.len() - 1)),
    ] {
        alter(name, "attest", change).refused(&["does not belong to the TPM's"]);
    }
    // Of another key's public area the name is another.
    let mixed = tpm.certify("0x81010004", Tpm::AK, "mixed");
    tpm.run("tpm2_readpublic -c 0x81010003 -o mixed/key.pub");
    tpm.sign(&case, "0x81010003", &mixed).refused(&["certified another object"]);
    assert_eq!(case.snapshot(), before);
    // What cannot be read says nothing about the key: the signature is made without it.
    let signed = alter("long", "ak.pub", &|bytes| bytes.push(0)).ok();
    for said in ["signed without the evidence", "malformed", "ak_public"] {
        assert!(signed.stderr.contains(said), "{said}: {signed:?}");
    }
    assert!(read_json(&case.signatures())["key_attestation"].is_null());
    fs::remove_file(mixed.join("sig")).unwrap();
    let signed = tpm.sign(&Case::copy("good_unsigned"), "0x81010003", &mixed).ok();
    assert!(signed.stderr.contains("has no signature of the attestation key"), "{signed:?}");
}

/// Signs with a key and its evidence, and asserts that this falls back to the claim, and why.
fn falls_back(tpm: &Tpm, handle: &str, ak: &str, name: &str, why: &str) {
    let case = Case::copy("good_unsigned");
    let evidence = tpm.certify(handle, ak, name);
    tpm.sign(&case, handle, &evidence).ok();
    let (assurance, standing, words) = tpm.attestation(&case);
    assert!(words.contains(why), "{name}: {words}");
    assert_eq!((assurance.as_str(), standing.as_str()), (Some("claimed"), "failed"), "{name}");
}

#[test]
fn keys_that_may_be_elsewhere_are_named_and_fall_back_to_the_claim() {
    let tpm = Tpm::start();
    tpm.trust(Tpm::AK);
    tpm.make("sensitivedataorigin|userwithauth|sign", "0x81010003");
    falls_back(&tpm, "0x81010003", Tpm::AK, "loose", "may leave the TPM (fixedTPM is not set)");

    let make = ["ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", "outside.pem"];
    tool("openssl", "openssl", &make, tpm.home.path()).ok();
    let attributes = "userwithauth|sign";
    tpm.run(&format!(
        "tpm2_import -C 0x81010001 -G ecc -i outside.pem -a {attributes} -u k.pub -r k.priv"
    ));
    tpm.run("tpm2_load -C 0x81010001 -u k.pub -r k.priv -c k.ctx");
    tpm.keep("k.ctx", "0x81010004");
    falls_back(&tpm, "0x81010004", Tpm::AK, "imported", "brought into the TPM, not made in it");

    // A key that signs anything could sign a made-up statement, even where a person trusts it.
    tpm.make(INSIDE, "0x81010005");
    tpm.make(INSIDE, "0x81010006");
    tpm.trust("0x81010006");
    falls_back(&tpm, "0x81010005", "0x81010006", "unrestricted", "not a restricted signing key");
}

#[test]
fn the_certificate_of_an_attestation_key_leads_to_a_trusted_root() {
    let tpm = Tpm::start();
    tpm.make(INSIDE, "0x81010003");
    let evidence = tpm.certify("0x81010003", Tpm::AK, "certified");
    let ak = tpm.public_key(Tpm::AK);
    let at = tpm.home.path();
    let openssl = |line: &str| {
        let arguments: Vec<&str> = line.split(' ').collect();
        tool("openssl", "openssl", &arguments, at).ok()
    };
    openssl(
        "req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 99 -subj /CN=Fleet",
    );
    openssl("req -new -newkey rsa:2048 -nodes -keyout other.key -out any.csr -subj /CN=AK");
    let certify = |extension: &str| {
        fs::write(at.join("ak.ext"), extension).unwrap();
        let issue = "x509 -req -in any.csr -CA ca.pem -CAkey ca.key -days 99 -extfile ak.ext";
        openssl(&format!("{issue} -force_pubkey {ak} -out certified/ak.pem"));
        let case = Case::copy("good_unsigned");
        tpm.sign(&case, "0x81010003", &evidence).ok();
        tpm.attestation(&case)
    };
    let (_, standing, words) = certify("extendedKeyUsage=2.23.133.8.3");
    assert!(standing == "unknown_root" && words.contains("CN=Fleet"), "{words}");
    let sha256 = openssl("x509 -in ca.pem -noout -fingerprint -sha256").stdout;
    let sha256 = sha256.trim().rsplit('=').next().unwrap();
    tpm.countersign(&["roots", "add", &tpm.text("ca.pem"), "--sha256", sha256]).ok();
    assert_eq!(certify("extendedKeyUsage=2.23.133.8.3").1, "verified");
    // What the same root issued for a server would let anyone speak as a TPM.
    let aik = "extendedKeyUsage=2.23.133.8.3";
    for extensions in [
        "extendedKeyUsage=serverAuth",
        &format!("{aik}\nkeyUsage=keyEncipherment"),
        &format!("{aik}\nbasicConstraints=CA:TRUE"),
    ] {
        let (_, standing, words) = certify(extensions);
        assert!(standing == "failed" && words.contains("2.23.133.8.3"), "{extensions}: {words}");
    }
    let both = format!("{aik}\nkeyUsage=digitalSignature\nbasicConstraints=CA:FALSE");
    assert_eq!(certify(&both).1, "verified");
}

#[test]
fn evidence_comes_to_a_signature_that_stands_and_to_no_other() {
    let tpm = Tpm::start();
    tpm.make(INSIDE, "0x81010003");
    tpm.trust(Tpm::AK);
    let case = Case::copy("good_unsigned");
    let evidence = tpm.certify("0x81010003", Tpm::AK, "certified");
    tpm.sign(&case, "0x81010003", &evidence).ok();
    let whole = case.snapshot();
    for artifact in [case.run(), case.manifest()] {
        let signatures = countersign_tests::signatures_of(&artifact);
        let mut block = read_json(&signatures);
        block.as_object_mut().unwrap().remove("key_attestation");
        fs::write(&signatures, format!("{block:#}")).unwrap();
    }
    let before = case.snapshot();
    let run = case.run();
    let attest = |evidence: &Path| {
        let evidence = evidence.to_str().unwrap();
        tpm.countersign(&["attest", run.to_str().unwrap(), "--evidence", evidence])
    };
    tpm.make(INSIDE, "0x81010004");
    let other = tpm.certify("0x81010004", Tpm::AK, "other");
    attest(&other).refused(&["is of no signature", "another key"]);
    assert_eq!(case.snapshot(), before);
    attest(&evidence).ok();
    let parsed = |files: Vec<(String, Vec<u8>)>| {
        let parse = |(name, bytes): (String, Vec<u8>)| {
            (name, serde_json::from_slice::<Value>(&bytes).unwrap_or_default())
        };
        files.into_iter().map(parse).collect::<Vec<_>>()
    };
    assert_eq!(parsed(case.snapshot()), parsed(whole));
    assert_eq!(tpm.attestation(&case).1, "verified");
    // Once it is there, other evidence displaces nothing, and the same changes nothing.
    attest(&evidence).ok();
    fs::remove_file(evidence.join("attest")).unwrap();
    fs::remove_file(evidence.join("sig")).unwrap();
    let again = "tpm2_certify -c 0x81010003 -C 0x81010002 -g sha256";
    tpm.run(&format!("{again} -o certified/attest -s certified/sig"));
    attest(&evidence).refused(&["has an attestation already"]);
    let kept = read_json(&case.signatures())["key_attestation"]["attest"].clone();
    assert_ne!(kept, BASE64.encode(fs::read(evidence.join("attest")).unwrap()));
}

#[test]
fn what_cannot_be_certified_is_said_by_its_name_and_not_of_a_signature() {
    let tpm = Tpm::start();
    fs::write(tpm.path("junk.ctx"), "this is no context").unwrap();
    fs::write(tpm.path("empty.ctx"), "").unwrap();
    let certify = |key: &str, more: &[&str]| {
        let mut certify = command();
        certify.env("TPM2TOOLS_TCTI", tpm.tcti()).current_dir(tpm.home.path());
        certify.args(["tpm", "certify", "--key-context", key, "--ak-context", Tpm::AK]);
        finish(certify.args(more), b"")
    };
    let junk = tpm.text("junk.ctx");
    for (refused, words) in [
        (certify("nofile", &[]), &["nofile is no file that can be read", "0x81000001"][..]),
        (certify("empty.ctx", &[]), &["empty.ctx is an empty file"]),
        (certify(".", &[]), &["is a directory"]),
        (certify(Tpm::AK, &["--key-auth-file", "noauth"]), &["noauth is no file"]),
        (certify(&junk, &[]), &["tpm2_readpublic failed", "nothing was certified"]),
        (certify("0x81010099", &[]), &["tpm2_readpublic failed", "keys in this TPM"]),
    ] {
        let refused = refused.refused(words);
        assert!(!refused.stderr.contains("nothing was signed"), "{refused:?}");
    }
}
