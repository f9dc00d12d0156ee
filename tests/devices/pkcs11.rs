//! PKCS#11 tokens through the real binary: SoftHSM2, a TPM (tpm2-pkcs11 over swtpm), OpenSC and YKCS11
//! over the virtual YubiKey, and modules that crash, hang, chatter and lie. OpenSSL verifies what they
//! sign.

// Helpers of tests may fail the test.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use countersign_tests::{
    Case, Outcome, command, companion_key, finish, read_json, signatures_of, tool,
};
use serde_json::{Value, json};
use tempfile::TempDir;
use virtual_yubikey::{Act, Algorithm, At, Card, Fault, Options, Pcscd, Plug, SlotOptions};

pub(crate) const PIN: &str = "1234";
/// Long enough for a slow machine; nothing waits for it where all is well.
const LIMIT: Duration = Duration::from_secs(20);
const LIBRARIES: [&str; 4] =
    ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib"];

/// A module of this machine, by the name of its file.
pub(crate) fn module(names: &[&str], package: &str) -> String {
    let paths = names.iter().flat_map(|name| LIBRARIES.map(|place| format!("{place}/{name}")));
    let mut there = paths.filter(|path| Path::new(path).exists());
    there.next().unwrap_or_else(|| panic!("{names:?} is needed: apt-get install {package}"))
}

pub(crate) fn softhsm() -> String {
    module(&["softhsm/libsofthsm2.so", "pkcs11/libsofthsm2.so"], "softhsm2")
}

/// Tokens of SoftHSM2 in a directory of their own, one of them with a PIN and keys.
pub(crate) struct SoftHsm {
    place: TempDir,
}

impl SoftHsm {
    pub(crate) fn new() -> Self {
        Self::with("")
    }

    fn with(more: &str) -> Self {
        let hsm = Self { place: tempfile::tempdir().unwrap() };
        let tokens = hsm.path("tokens");
        fs::create_dir(&tokens).unwrap();
        let conf = format!("directories.tokendir = {}\n{more}\n", tokens.display());
        fs::write(hsm.path("softhsm2.conf"), conf).unwrap();
        hsm.init("countersign-test");
        hsm
    }

    fn init(&self, label: &str) {
        let arguments =
            ["--init-token", "--free", "--label", label, "--pin", PIN, "--so-pin", "12345678"];
        self.run_tool("softhsm2-util", "softhsm2", &arguments);
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.place.path().join(name)
    }

    fn env(&self, command: &mut Command) {
        command.env("SOFTHSM2_CONF", self.path("softhsm2.conf"));
    }

    #[track_caller]
    fn run_tool(&self, program: &str, package: &str, arguments: &[&str]) -> Outcome {
        let mut tool = Command::new(program);
        self.env(tool.args(arguments).current_dir(self.place.path()));
        let there = Command::new(program).arg("--help").output();
        assert!(there.is_ok(), "{program} is needed: apt-get install {package}");
        finish(&mut tool, b"").ok()
    }

    #[track_caller]
    fn pkcs11_tool(&self, arguments: &[&str]) -> Outcome {
        let module = softhsm();
        let login = ["--module", &module, "--login", "--pin", PIN];
        self.run_tool("pkcs11-tool", "opensc", &[&login, arguments].concat())
    }

    pub(crate) fn generate(&self, kind: &str, id: &str, label: &str, more: &[&str]) {
        let key = ["--keypairgen", "--key-type", kind, "--id", id, "--label", label];
        self.pkcs11_tool(&[&key, more].concat());
    }

    pub(crate) fn command(&self) -> Command {
        let mut command = command();
        self.env(&mut command);
        command.env("COUNTERSIGN_KEYRING", keyring(&self.place));
        command.env("COUNTERSIGN_JOURNAL", self.path("journal.ndjson"));
        command.env("COUNTERSIGN_SETTINGS", self.path("settings.json"));
        command
    }

    fn run(&self, arguments: &[&str], pin: &str) -> Outcome {
        finish(self.command().args(arguments), format!("{pin}\n").as_bytes())
    }

    /// Enrols a witness's key of a module.
    fn enrol(&self, module: &str, label: &str, more: &[&str]) -> Outcome {
        let id = format!("ds-test-{label}");
        let enrol = ["keys", "enrol", "--pkcs11", "--module", module, "--key-label", label];
        let who = ["--key-id", &id, "--owner", label, "--role", "witness", "--pin-fd", "0"];
        self.run(&[&enrol[..], &who, more].concat(), PIN)
    }

    /// What `devices --json` says of the modules.
    #[track_caller]
    fn modules(&self, module: &str) -> Vec<Value> {
        let mut devices = self.command();
        devices.args(["devices", "--json", "--module", module]);
        let said = finish(&mut devices, b"");
        let view: Value = serde_json::from_str(&said.stdout).unwrap();
        // A module that is named and cannot be used is an error.
        match view["modules"][0]["standing"] == "unusable" {
            true => drop(said.refused(&[module])),
            false => drop(said.ok()),
        }
        view["modules"].as_array().unwrap().clone()
    }

    #[track_caller]
    fn token(&self, module: &str) -> Value {
        self.modules(module)[0]["tokens"][0].clone()
    }

    fn key(&self, module: &str, label: &str) -> Value {
        let view = self.modules(module)[0].clone();
        let tokens = view["tokens"].as_array().unwrap().iter();
        let mut keys = tokens.flat_map(|token| token["keys"].as_array().unwrap());
        keys.find(|key| key["label"] == label).unwrap_or_else(|| panic!("{view:#}")).clone()
    }

    /// Signs as a witness, the PIN on standard input.
    fn sign(&self, case: &Case, module: &str, pin: &str, more: &[&str]) -> Outcome {
        let mut sign = self.command();
        sign.arg("sign").arg(case.run()).args(["--role", "witness", "--signer", "w"]);
        sign.args(["--key-id", "ds-test-w", "--pin-fd", "0", "--pkcs11", "--module", module]);
        finish(sign.args(more), format!("{pin}\n").as_bytes())
    }

    /// Signs as a witness by a signer of the station whose key is there.
    fn sign_by_profile(&self, case: &Case, source: &Value) {
        let settings = self.settle(source);
        let mut sign = self.command();
        sign.arg("sign").arg(case.run()).args(["--role", "witness", "--signer-profile", "desk"]);
        sign.arg("--settings").arg(&settings).args(["--pin-fd", "0"]);
        finish(&mut sign, format!("{PIN}\n").as_bytes()).ok();
    }

    /// Settings with one signer whose key is there.
    fn settle(&self, source: &Value) -> PathBuf {
        let signer = json!({
            "name": "desk", "key_id": "ds-test-desk", "signer_id": "w", "source": source,
        });
        let settings = self.path("settings.json");
        fs::write(&settings, json!({ "signers": [signer] }).to_string()).unwrap();
        settings
    }

    /// A file with a PIN, or with what should be one.
    fn kept_pin(&self, pin: &str, mode: u32) -> PathBuf {
        use std::os::unix::fs::PermissionsExt as _;
        let path = self.path("pin");
        fs::write(&path, format!("{pin}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        path
    }

    /// The URI of the key `p256`, with the place of its PIN.
    fn unattended(&self, module: &str, pin: &str) -> String {
        format!("pkcs11:object=p256?module-path={module}&pin-source=file:{pin}")
    }

    /// Signs as a witness, with nobody there.
    fn sign_unattended(&self, case: &Case, more: &[&str]) -> Outcome {
        let mut sign = self.command();
        sign.arg("sign").arg(case.run()).args(["--role", "witness"]);
        finish(sign.args(more), b"")
    }

    fn journal(&self) -> String {
        fs::read_to_string(self.path("journal.ndjson")).unwrap_or_default()
    }

    /// SoftHSM2 behind a module with a fault of its own.
    fn faulty(&self, fault: &str) -> Faulty {
        let library = self.path(&format!("{fault}.so"));
        let log = self.path(&format!("{fault}.log"));
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/pkcs11/faulty.c");
        let text = |name: &str, text: &str| format!("-D{name}=\"{text}\"");
        let compiled = Command::new("cc")
            .args(["-shared", "-fPIC", "-w", "-o"])
            .arg(&library)
            .arg(source)
            .arg(format!("-DFAULT={fault}"))
            .arg(text("LOG", &log.display().to_string()))
            .arg(text("SOFTHSM", &softhsm()))
            .arg("-ldl")
            .output()
            .unwrap_or_else(|error| panic!("cc is needed ({error}): apt-get install gcc"));
        assert!(compiled.status.success(), "{}", String::from_utf8_lossy(&compiled.stderr));
        Faulty { library: library.display().to_string(), log }
    }
}

struct Faulty {
    library: String,
    log: PathBuf,
}

impl Faulty {
    /// How often it was asked for something.
    fn count(&self, what: &str) -> usize {
        let log = fs::read_to_string(&self.log).unwrap_or_default();
        log.lines().filter(|line| *line == what).count()
    }
}

/// An empty keyring in a directory.
fn keyring(place: &TempDir) -> PathBuf {
    let keyring = place.path().join("keyring.json");
    if !keyring.exists() {
        fs::write(&keyring, r#"{"keyring_version": "1.0", "keys": []}"#).unwrap();
    }
    keyring
}

/// Every signature of the run and its manifest, verified by what it says itself, with OpenSSL.
#[track_caller]
fn verify_with_openssl(case: &Case) {
    for artifact in [case.run(), case.manifest()] {
        let block = read_json(&signatures_of(&artifact));
        let instructions = block["verification_instructions"].as_str().unwrap();
        let outcome = tool("sh", "dash", &["-c", instructions], case.path()).ok();
        assert!(outcome.stdout.contains("file as signed"), "{outcome:?}");
    }
}

/// What was signed with which algorithm, as what.
#[track_caller]
fn signed(case: &Case, algorithm: &str, signer_type: &str) {
    for artifact in [case.run(), case.manifest()] {
        let block = read_json(&signatures_of(&artifact));
        assert_eq!(block["algorithm"], algorithm);
        assert_eq!(block["signer_type"], signer_type);
    }
}

/// Puts a certificate beside a key, about that very key.
fn certificate(hsm: &SoftHsm, label: &str, id: &str) {
    let openssl = |arguments: &[&str]| {
        finish(Command::new("openssl").args(arguments).current_dir(hsm.place.path()), b"").ok()
    };
    hsm.pkcs11_tool(&["--read-object", "--type", "pubkey", "--id", id, "-o", "p.der"]);
    openssl(&["pkey", "-pubin", "-inform", "DER", "-in", "p.der", "-out", "p.pem"]);
    openssl(&["ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", "c.key"]);
    let subject = ["x509", "-new", "-subj", "/CN=Jon Okafor", "-days", "3650"];
    let of = ["-force_pubkey", "p.pem", "-key", "c.key", "-outform", "DER", "-out", "c.der"];
    openssl(&[&subject[..], &of].concat());
    let write = ["--write-object", "c.der", "--type", "cert", "--id", id, "--label", label];
    hsm.pkcs11_tool(&write);
}

#[test]
fn softhsm_signs_with_every_mechanism_and_openssl_verifies() {
    let hsm = SoftHsm::new();
    hsm.generate("EC:prime256v1", "01", "p256", &[]);
    hsm.generate("EC:secp384r1", "02", "p384", &[]);
    hsm.generate("EC:edwards25519", "03", "ed25519", &[]);
    hsm.generate("rsa:2048", "04", "rsa", &[]);
    hsm.generate("rsa:3072", "05", "rsa-each", &["--always-auth"]);
    hsm.generate("EC:prime256v1", "06", "p256-each", &["--always-auth"]);
    hsm.generate("EC:edwards25519", "07", "ed25519-each", &["--always-auth"]);
    for (label, algorithm, more) in [
        ("p256", "ecdsa-p256-sha256", &[][..]),
        ("p384", "ecdsa-p384-sha384", &[]),
        ("ed25519", "ed25519", &[]),
        ("rsa", "rsa-pkcs1v15-sha256", &[]),
        ("rsa", "rsa-pss-sha256", &["--algo", "rsa-pss-sha256"]),
        ("rsa-each", "rsa-pkcs1v15-sha256", &[]),
        ("rsa-each", "rsa-pss-sha256", &["--algo", "rsa-pss-sha256"]),
        ("p256-each", "ecdsa-p256-sha256", &[]),
        ("ed25519-each", "ed25519", &[]),
    ] {
        let case = Case::copy("good_unsigned");
        hsm.sign(&case, &softhsm(), PIN, &[&["--key-label", label], more].concat()).ok();
        signed(&case, algorithm, "software");
        verify_with_openssl(&case);
        let status = case.status();
        assert_eq!(status["level"], 2, "{label}: {status:#}");
    }
}

#[test]
fn a_token_signs_with_a_companion_by_another_key() {
    let hsm = SoftHsm::new();
    hsm.generate("EC:prime256v1", "01", "p256", &["--always-auth"]);
    let (case, keys) = (Case::copy("good_unsigned"), tempfile::tempdir().unwrap());
    let companion = companion_key(keys.path(), 7);
    let companion = ["--key-label", "p256", "--companion", companion.to_str().unwrap()];
    hsm.sign(&case, &softhsm(), PIN, &companion).ok();
    signed(&case, "ecdsa-p256-sha256", "software");
    verify_with_openssl(&case);
    for artifact in [case.run(), case.manifest()] {
        let block = read_json(&signatures_of(&artifact));
        assert_eq!(block["companion"]["algorithm"], "ml-dsa-65");
    }
    // Nobody's keyring has its key: it is not checkable, and the level is the same.
    let mut verify = command();
    verify.args(["verify", "--json", "--trust", "embedded"]).arg(case.run());
    let row = finish(&mut verify, b"").json_lines().remove(0);
    assert_eq!((&row["level"], &row["companions"]), (&json!(2), &Value::Null));
    assert_eq!(row["signatures"][0]["companion"]["state"], "unchecked");
}

#[test]
fn softhsm_refuses_with_every_algorithm_of_one_person() {
    let hsm = SoftHsm::new();
    hsm.generate("EC:prime256v1", "01", "p256", &[]);
    hsm.generate("EC:edwards25519", "03", "ed25519", &[]);
    hsm.generate("rsa:2048", "04", "rsa", &[]);
    for label in ["p256", "ed25519", "rsa"] {
        hsm.enrol(&softhsm(), label, &[]).ok();
        let case = Case::copy("good_unsigned");
        let mut refuse = hsm.command();
        refuse.args(["refuse", "--role", "witness", "--pin-fd", "0", "--reason", "No."]);
        refuse.args(["--pkcs11", "--module", &softhsm(), "--key-label", label]).arg(case.run());
        finish(&mut refuse, format!("{PIN}\n").as_bytes()).ok();
        let mut status = hsm.command();
        status.args(["status", "--json"]).arg(case.path());
        let status = finish(&mut status, b"").ok().json_lines().remove(0);
        assert_eq!(status["refusals"][0]["standing"], "stands", "{label}: {status:#}");
        assert_eq!(status["refusals"][0]["signer_id"], label);
    }
    let said = hsm.journal();
    assert_eq!(said.matches("\"event\": \"refused_to_sign\"").count(), 3, "{said}");
}

#[test]
fn where_a_token_offers_only_hashing_mechanisms_these_are_used() {
    let hsm = SoftHsm::with("slots.mechanisms = -CKM_RSA_PKCS,CKM_RSA_PKCS_PSS");
    hsm.generate("rsa:2048", "04", "rsa", &[]);
    for (algorithm, more) in
        [("rsa-pkcs1v15-sha256", &[][..]), ("rsa-pss-sha256", &["--algo", "rsa-pss-sha256"])]
    {
        let case = Case::copy("good_unsigned");
        hsm.sign(&case, &softhsm(), PIN, more).ok();
        signed(&case, algorithm, "software");
        verify_with_openssl(&case);
    }
}

#[test]
fn a_shared_key_on_a_token_signs_hmac() {
    let hsm = SoftHsm::new();
    let make = ["--keygen", "--key-type", "generic:32", "--id", "09", "--label", "shared"];
    hsm.pkcs11_tool(&[&make[..], &["--usage-sign", "--extractable"]].concat());
    hsm.pkcs11_tool(&["--read-object", "--type", "secrkey", "--id", "09", "-o", "shared"]);
    let key = fs::read(hsm.path("shared")).unwrap();
    hsm.generate("EC:prime256v1", "01", "p256", &[]);
    let case = Case::copy("good_unsigned");
    hsm.sign(&case, &softhsm(), PIN, &["--algo", "hmac"]).ok();
    signed(&case, "hmac-sha256", "software");
    // Whoever has the key can say that it is right.
    fs::write(hsm.path("hmac.key"), BASE64.encode(key)).unwrap();
    let mut verify = command();
    verify.args(["verify", "--trust", "embedded", "--hmac-key-file"]).arg(hsm.path("hmac.key"));
    finish(verify.arg(case.run()), b"").ok();
}

#[test]
fn a_shared_key_that_only_the_pin_shows_is_called_by_its_name() {
    let hsm = SoftHsm::new();
    let make = ["--keygen", "--key-type", "generic:32", "--id", "09", "--label", "shared"];
    hsm.pkcs11_tool(&[&make[..], &["--usage-sign", "--private"]].concat());
    hsm.generate("EC:prime256v1", "01", "p256", &[]);
    // Others that show without it do not stand in its way.
    let make = ["--keygen", "--key-type", "generic:32", "--id", "08", "--label", "open"];
    hsm.pkcs11_tool(&[&make[..], &["--usage-sign"]].concat());
    let shown = hsm.token(&softhsm());
    assert!(shown.to_string().contains("open"), "{shown:#}");
    assert!(!shown.to_string().contains("shared"), "{shown:#}");
    let case = Case::copy("good_unsigned");
    hsm.sign(&case, &softhsm(), PIN, &["--algo", "hmac", "--key-label", "shared"]).ok();
    signed(&case, "hmac-sha256", "software");
}

#[test]
fn a_token_of_which_nothing_can_be_read_hides_no_other() {
    let hsm = SoftHsm::new();
    hsm.generate("EC:prime256v1", "01", "p256", &[]);
    let broken = hsm.faulty("BROKEN_SLOT");
    let view = hsm.modules(&broken.library);
    let tokens = view[0]["tokens"].as_array().unwrap();
    assert_eq!(tokens.len(), 2, "{view:#?}");
    let problem = |token: &Value| token["problem"].as_str().unwrap_or_default().to_owned();
    assert_eq!(tokens.iter().filter(|token| problem(token).contains("C_GetTokenInfo")).count(), 1);
    let case = Case::copy("good_unsigned");
    hsm.sign(&case, &broken.library, PIN, &["--key-label", "p256"]).ok();
    signed(&case, "ecdsa-p256-sha256", "software");
}

#[test]
fn devices_tells_tokens_keys_and_what_is_known_of_them() {
    let hsm = SoftHsm::new();
    hsm.generate("EC:prime256v1", "0a", "witness", &[]);
    certificate(&hsm, "witness", "0a");
    hsm.generate("EC:secp521r1", "0b", "other", &[]);
    let token = hsm.token(&softhsm());
    assert_eq!(token["label"], "countersign-test");
    assert_eq!(token["manufacturer"], "SoftHSM project");
    assert_eq!(token["serial"].as_str().unwrap().len(), 16);
    assert_eq!(token["hardware_slot"], false);
    assert_eq!(token["pin"], "all attempts left");
    let key = hsm.key(&softhsm(), "witness");
    assert_eq!(key["id"], "0a");
    assert_eq!(key["key_type"], "ECC P-256");
    assert_eq!(key["algorithms"][0], "ecdsa-p256-sha256");
    assert_eq!(key["subject"], "CN=Jon Okafor");
    assert_eq!(key["kind"], "software");
    assert!(key["kind_why"].as_str().unwrap().contains("CKF_HW_SLOT"), "{key:#}");
    // Where the key was made shows only with the PIN.
    assert!(key["origin"].is_null(), "{key:#}");
    let other = hsm.key(&softhsm(), "other");
    assert!(
        other["problem"].as_str().unwrap().contains("is not supported for signing"),
        "{other:#}"
    );
    let mut devices = hsm.command();
    let said = finish(devices.args(["devices", "--module", &softhsm()]), b"").ok();
    for words in ["countersign-test", "software slot", "witness", "id 0a", "CN=Jon Okafor"] {
        assert!(said.stdout.contains(words), "{}", said.stdout);
    }
}

/// The certificate object beside a key comes along when the key is enrolled, and proves nothing by
/// being there.
#[test]
fn the_certificate_of_a_key_on_a_token_comes_along_when_it_is_enrolled() {
    let hsm = SoftHsm::new();
    hsm.generate("EC:prime256v1", "0a", "witness", &[]);
    certificate(&hsm, "witness", "0a");
    hsm.generate("EC:prime256v1", "0b", "plain", &[]);
    hsm.enrol(&softhsm(), "witness", &[]).ok();
    hsm.enrol(&softhsm(), "plain", &[]).ok();
    let shown = |id: &str| hsm.run(&["keys", "show", id, "--json"], "").ok().json_lines().remove(0);
    let names = &shown("ds-test-witness")["names"];
    assert_eq!(names["certificate"]["subject"], "CN=Jon Okafor", "{names:#}");
    assert_ne!(names["standing"], "proven", "{names:#}");
    assert_eq!(shown("ds-test-plain")["names"], Value::Null);
}

/// Without those of the authorities above it, a certificate leads nowhere. Each is kept byte for byte.
#[test]
fn the_authorities_of_a_certificate_on_a_token_come_along_as_they_are() {
    let hsm = SoftHsm::new();
    let at = hsm.place.path();
    let openssl = |line: &str| {
        finish(Command::new("openssl").args(line.split(' ')).current_dir(at), b"").ok()
    };
    hsm.generate("EC:prime256v1", "0a", "witness", &[]);
    hsm.pkcs11_tool(&["--read-object", "--type", "pubkey", "--id", "0a", "-o", "p.der"]);
    openssl("pkey -pubin -inform DER -in p.der -out p.pem");
    let key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";
    openssl(&format!("req -x509 {key} -keyout root.key -out root.pem -subj /CN=Root"));
    openssl(&format!("req -new {key} -keyout ca.key -out ca.csr -subj /CN=Between"));
    fs::write(hsm.path("ca.ext"), "basicConstraints=critical,CA:TRUE\n").unwrap();
    let issue = "x509 -req -in ca.csr -CA root.pem -CAkey root.key -extfile ca.ext";
    openssl(&format!("{issue} -out ca.pem"));
    openssl("x509 -in ca.pem -outform DER -out ca.der");
    openssl("x509 -in root.pem -outform DER -out root.der");
    let person = "x509 -new -subj /CN=Jon -force_pubkey p.pem -CA ca.pem -CAkey ca.key";
    openssl(&format!("{person} -outform DER -out c.der"));
    for (name, id, label) in [("c", "0a", "witness"), ("ca", "f1", "above"), ("root", "f2", "root")]
    {
        let file = format!("{name}.der");
        let write = ["--write-object", &file, "--type", "cert", "--id", id, "--label", label];
        hsm.pkcs11_tool(&write);
    }
    hsm.enrol(&softhsm(), "witness", &[]).ok();
    let shown = ["keys", "show", "ds-test-witness", "--json"];
    let shown = hsm.run(&shown, "").ok().json_lines().remove(0);
    let bytes = |name: &str| BASE64.encode(fs::read(hsm.path(name)).unwrap());
    // The root is trusted by whoever has it, or not.
    assert_eq!(shown["certificates"], json!([bytes("c.der"), bytes("ca.der")]));
    let words = shown["names"]["words"].as_str().unwrap();
    assert!(words.contains("CN=Root"), "{words}");
}

#[test]
fn modules_are_found_where_p11_kit_says() {
    let hsm = SoftHsm::new();
    hsm.generate("EC:prime256v1", "01", "p256", &[]);
    let modules = hsm.path("home/.config/pkcs11/modules");
    fs::create_dir_all(&modules).unwrap();
    let plain = hsm.faulty("NONE");
    fs::write(modules.join("own.module"), format!("module: {}\n", plain.library)).unwrap();
    let mut devices = hsm.command();
    devices.env("HOME", hsm.path("home")).args(["devices", "--json", "--pkcs11"]);
    let view: Value = serde_json::from_str(&finish(&mut devices, b"").ok().stdout).unwrap();
    let found = view["modules"].as_array().unwrap();
    let path = |module: &&Value| module["path"] == plain.library.as_str();
    assert_eq!(found.iter().find(path).unwrap()["tokens"][0]["label"], "countersign-test");
    // And SoftHSM2 itself, at its usual place.
    assert!(
        found.iter().filter(|one| one["tokens"][0]["label"] == "countersign-test").count() >= 2
    );
}

#[test]
fn a_key_is_named_by_a_uri_or_by_flags() {
    let hsm = SoftHsm::new();
    hsm.init("second");
    hsm.generate("EC:prime256v1", "01", "one", &["--token-label", "countersign-test"]);
    hsm.generate("EC:prime256v1", "02", "two", &["--token-label", "countersign-test"]);
    let softhsm = softhsm();
    let sign = |uri: &str| {
        let case = Case::copy("good_unsigned");
        let mut sign = hsm.command();
        sign.arg("sign").arg(case.run()).args(["--role", "witness", "--signer", "w"]);
        sign.args(["--key-id", "ds-test-w", "--pin-fd", "0", &format!("--pkcs11={uri}")]);
        (finish(&mut sign, b"1234\n"), case)
    };
    let (outcome, case) =
        sign(&format!("pkcs11:token=countersign-test;id=%02?module-path={softhsm}"));
    outcome.ok();
    verify_with_openssl(&case);
    sign(hsm.key(&softhsm, "one")["uri"].as_str().unwrap()).0.ok();
    for (uri, words) in [
        (format!("pkcs11:?module-path={softhsm}"), &["several keys match", "object=one"][..]),
        (format!("pkcs11:object=three?module-path={softhsm}"), &["no such key", "one (id 01)"]),
        (format!("pkcs11:token=third?module-path={softhsm}"), &["no such token", "second"]),
        ("pkcs11:object=one?pin-value=1234".to_owned(), &["--pin-fd"]),
        (
            "pkcs11:token=x?module-path=/nowhere/m.so".to_owned(),
            &["no token can be seen", "no such file"],
        ),
    ] {
        let (outcome, case) = sign(&uri);
        outcome.refused(words);
        assert!(!case.signatures().exists());
    }
    let case = Case::copy("good_unsigned");
    hsm.sign(&case, &softhsm, PIN, &["--key-object-id", "01", "--token", "countersign-test"]).ok();
    let case = Case::copy("good_unsigned");
    hsm.sign(&case, &softhsm, PIN, &["--key-object-id", "xyz"]).refused(&["not hex"]);
    // A module that is named twice has to be one.
    let twice = |path: &str| {
        let uri = format!("--pkcs11=pkcs11:object=one;token=countersign-test?module-path={path}");
        let run = case.run();
        let sign = ["sign", run.to_str().unwrap(), "--role", "witness", "--signer", "w"];
        let key = ["--key-id", "k", "--pin-fd", "0", "--module", &softhsm, &uri];
        hsm.run(&[&sign[..], &key].concat(), PIN)
    };
    twice("/etc/passwd").refused(&["--module names another file"]);
    assert!(!case.signatures().exists());
    twice(&softhsm).ok();
}

#[test]
fn a_key_without_its_public_half_is_found_by_its_certificate_or_with_the_pin() {
    let hsm = SoftHsm::new();
    let openssl = |arguments: &[&str]| {
        finish(Command::new("openssl").args(arguments).current_dir(hsm.place.path()), b"").ok()
    };
    openssl(&[
        "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "k.pem", "-subj", "/CN=Key",
        "-days", "3650", "-outform", "DER", "-out", "c.der",
    ]);
    openssl(&["pkcs8", "-topk8", "-nocrypt", "-in", "k.pem", "-outform", "DER", "-out", "k.der"]);
    let key = ["--write-object", "k.der", "--type", "privkey", "--id", "07", "--label", "brought"];
    hsm.pkcs11_tool(&[&key[..], &["--usage-sign", "--sensitive"]].concat());
    // Nothing of it is seen before the PIN; its name is taken on trust.
    let case = Case::copy("good_unsigned");
    hsm.sign(&case, &softhsm(), PIN, &["--key-label", "brought"]).ok();
    verify_with_openssl(&case);
    let case = Case::copy("good_unsigned");
    let before = case.snapshot();
    hsm.sign(&case, &softhsm(), PIN, &["--key-label", "lost"]).refused(&["no private key lost"]);
    assert_eq!(case.snapshot(), before);
    let certificate = ["--write-object", "c.der", "--type", "cert", "--id", "07", "--label", "c"];
    hsm.pkcs11_tool(&certificate);
    let case = Case::copy("good_unsigned");
    hsm.sign(&case, &softhsm(), PIN, &["--key-object-id", "07"]).ok();
    verify_with_openssl(&case);
    let mut enrol = hsm.command();
    enrol.args(["keys", "enrol", "--pkcs11", "--module", &softhsm(), "--key-object-id", "07"]);
    enrol.args(["--key-id", "ds-test-07", "--owner", "w", "--role", "witness", "--pin-fd", "0"]);
    let enrolled = finish(&mut enrol, b"1234\n").ok();
    assert!(enrolled.stdout.contains("software"), "{enrolled:?}");
}

#[test]
fn points_without_their_octet_string_are_read_too() {
    let hsm = SoftHsm::new();
    hsm.generate("EC:prime256v1", "01", "p256", &[]);
    hsm.generate("EC:edwards25519", "03", "ed25519", &[]);
    let bare = hsm.faulty("BARE_POINTS");
    for label in ["p256", "ed25519"] {
        let case = Case::copy("good_unsigned");
        hsm.sign(&case, &bare.library, PIN, &["--key-label", label]).ok();
        verify_with_openssl(&case);
    }
}

#[test]
fn a_modules_word_on_hardware_counts_only_once_its_file_is_trusted() {
    let hsm = SoftHsm::new();
    hsm.generate("EC:prime256v1", "01", "kept", &[]);
    hsm.generate("EC:prime256v1", "02", "lent", &["--extractable"]);
    hsm.generate("EC:prime256v1", "03", "later", &[]);
    hsm.generate("EC:prime256v1", "04", "stated", &[]);
    hsm.generate("EC:prime256v1", "05", "free", &[]);
    let hardware = hsm.faulty("HARDWARE");
    let sign = |label: &str, signer_type: &str| {
        let case = Case::copy("good_unsigned");
        hsm.sign(&case, &hardware.library, PIN, &["--key-label", label]).ok();
        signed(&case, "ecdsa-p256-sha256", signer_type);
    };
    // That a module says so is not enough: anyone can write such a module.
    sign("free", "software");
    let said = hsm.enrol(&hardware.library, "later", &[]).ok().stdout;
    assert!(said.contains("software, to ") && said.contains("list of known modules"), "{said}");
    // A person may say it themselves, and the keyring keeps that it was they.
    let said = hsm.enrol(&hardware.library, "stated", &["--kind", "hardware"]).ok().stdout;
    assert!(said.contains("hardware, to ") && said.contains("hardware as stated"), "{said}");

    let trusted = hsm.run(&["modules", "trust", &hardware.library], "").ok().stdout;
    let sha256 = tool("sha256sum", "coreutils", &[&hardware.library], hsm.place.path()).ok().stdout;
    assert!(trusted.contains(sha256.split(' ').next().unwrap()), "{trusted}");
    assert!(hsm.journal().contains("trusted as SHA-256"), "{}", hsm.journal());
    sign("free", "hardware");
    sign("lent", "software");
    let said = hsm.enrol(&hardware.library, "kept", &[]).ok().stdout;
    // Where a key lives and where it was made are two facts.
    assert!(said.contains("hardware, to ") && said.contains("generated."), "{said}");
    assert!(said.contains("hardware by a known module"), "{said}");
    let said = hsm.enrol(&hardware.library, "lent", &[]).ok().stdout;
    assert!(said.contains("software, to ") && said.contains("CKA_EXTRACTABLE is true"), "{said}");
    let keys = read_json(&keyring(&hsm.place));
    let basis = |label: &str| {
        let mut keys = keys["keys"].as_array().unwrap().iter();
        let key = keys.find(|key| key["owner"] == label).unwrap();
        (key["kind"].clone(), key["kind_basis"].clone())
    };
    assert_eq!(basis("kept"), ("hardware".into(), "known_module".into()));
    assert_eq!(basis("stated"), ("hardware".into(), "stated".into()));
    assert_eq!(basis("later"), ("software".into(), Value::Null));

    // Another file at the same place is another module.
    let mut library = fs::OpenOptions::new().append(true).open(&hardware.library).unwrap();
    std::io::Write::write_all(&mut library, b"changed").unwrap();
    let view = hsm.modules(&hardware.library);
    assert_eq!(view[0]["trust"], "changed", "{view:#?}");
    sign("free", "software");
    let listed = hsm.run(&["modules", "list"], "").ok().stdout;
    assert!(listed.contains("has changed"), "{listed}");
    hsm.run(&["modules", "remove", &hardware.library], "").ok();
    assert_eq!(hsm.modules(&hardware.library)[0]["trust"], "unlisted");

    let case = Case::copy("good_unsigned");
    let claim = ["--key-label", "lent", "--signer-type", "hardware", "--signer", "lent"];
    let sign = ["sign", case.run().to_str().unwrap(), "--role", "witness", "--pin-fd", "0"]
        .map(str::to_owned);
    let sign: Vec<&str> = sign.iter().map(String::as_str).collect();
    hsm.run(&[&sign[..], &["--pkcs11", "--module", &softhsm()], &claim].concat(), PIN).ok();
    signed(&case, "ecdsa-p256-sha256", "hardware");
    assert!(hsm.journal().contains("hardware is claimed; the token comes to software"));
    // It counts as claimed, not as what the keyring knows.
    let status = case.status();
    let text = status.to_string();
    assert!(!text.contains("attested by"), "{status:#}");
}

#[test]
fn a_module_named_without_its_directory_is_the_file_that_is_loaded() {
    let hsm = SoftHsm::new();
    hsm.generate("EC:prime256v1", "01", "p256", &[]);
    let hardware = hsm.faulty("HARDWARE");
    // The system's loader has a library of this name too, in its own directories.
    module(&["opensc-pkcs11.so"], "opensc-pkcs11");
    let here = hsm.path("opensc-pkcs11.so");
    fs::copy(&hardware.library, &here).unwrap();
    hsm.run(&["modules", "trust", here.to_str().unwrap()], "").ok();
    let case = Case::copy("good_unsigned");
    let mut sign = hsm.command();
    sign.current_dir(hsm.place.path()).arg("sign").arg(case.run());
    sign.args(["--role", "witness", "--signer", "w", "--key-id", "k", "--pin-fd", "0"]);
    sign.args(["--pkcs11", "--module", "opensc-pkcs11.so", "--key-label", "p256"]);
    finish(&mut sign, b"1234\n").ok();
    signed(&case, "ecdsa-p256-sha256", "hardware");
    let mut devices = hsm.command();
    devices.current_dir(hsm.place.path());
    devices.args(["devices", "--json", "--module", "opensc-pkcs11.so"]);
    let view: Value = serde_json::from_str(&finish(&mut devices, b"").ok().stdout).unwrap();
    let view = &view["modules"][0];
    assert_eq!(view["path"], here.to_str().unwrap());
    assert_eq!(
        (&view["trust"], &view["tokens"][0]["label"]),
        (&"known".into(), &"countersign-test".into())
    );
    // A name that is nowhere is said so, wherever else a library has it.
    let mut devices = hsm.command();
    devices.current_dir(case.path()).args(["devices", "--module", "opensc-pkcs11.so"]);
    finish(&mut devices, b"").refused(&["no such file"]);
}

#[test]
fn only_a_key_of_which_everything_is_true_is_used() {
    let hsm = SoftHsm::new();
    hsm.generate("EC:prime256v1", "01", "one", &[]);
    hsm.generate("EC:prime256v1", "02", "two", &[]);
    hsm.generate("EC:prime256v1", "02", "twin", &[]);
    let softhsm = softhsm();
    let case = Case::copy("good_unsigned");
    let before = case.snapshot();
    let uri = |uri: &str| {
        let run = case.run();
        let sign = ["sign", run.to_str().unwrap(), "--role", "witness", "--signer", "w"];
        let key = ["--key-id", "k", "--pin-fd", "0", &format!("--pkcs11={uri}")];
        hsm.run(&[&sign[..], &key].concat(), PIN)
    };
    let at = format!("?module-path={softhsm}");
    // The id is right and the label is not: no other key signs in its place, nor is it enrolled.
    uri(&format!("pkcs11:object=nonexistent;id=%01{at}"))
        .refused(&["no private key nonexistent (id 01)", "one (id 01)"]);
    uri(&format!("pkcs11:object=one;id=%02{at}")).refused(&["no private key one (id 02)"]);
    uri(&format!("pkcs11:object=other;id=%02{at}")).refused(&["no private key other (id 02)"]);
    hsm.enrol(&softhsm, "nonexistent", &["--key-object-id", "01"]).refused(&["nonexistent"]);
    // Of two keys with one id the label decides, and without it none is used.
    uri(&format!("pkcs11:id=%02{at}")).refused(&["several keys match", "two", "twin"]);
    for attribute in ["serial=1", "manufacturer=x", "model=x", "token=x"] {
        uri(&format!("pkcs11:{attribute};object=one{at}")).refused(&["no such token"]);
    }
    for attribute in ["slot-id=0", "library-manufacturer=x", "x-other=1"] {
        uri(&format!("pkcs11:{attribute};object=one{at}")).refused(&["not known here"]);
    }
    assert_eq!(case.snapshot(), before);
    for label in ["two", "twin"] {
        let case = Case::copy("good_unsigned");
        hsm.sign(&case, &softhsm, PIN, &["--key-label", label, "--key-object-id", "02"]).ok();
        verify_with_openssl(&case);
    }
}

#[test]
fn a_field_that_makes_no_sense_hides_nothing_else() {
    let hsm = SoftHsm::new();
    hsm.generate("EC:prime256v1", "01", "p256", &[]);
    let clock = hsm.faulty("BAD_CLOCK");
    let token = hsm.token(&clock.library);
    assert_eq!(token["manufacturer"], "SoftHSM project", "{token:#}");
    assert!(token["label"].as_str().unwrap().starts_with("tok\\xff\\xfe"), "{token:#}");
    let case = Case::copy("good_unsigned");
    hsm.sign(&case, &clock.library, PIN, &["--key-label", "p256"]).ok();
    verify_with_openssl(&case);
    let without = hsm.faulty("NO_MECHANISMS");
    let token = hsm.token(&without.library);
    assert_eq!(token["label"], "countersign-test");
    assert!(token["problem"].as_str().unwrap().contains("C_GetMechanismList"), "{token:#}");
}

#[test]
fn a_module_gets_the_variables_and_the_text_that_a_person_names() {
    let hsm = SoftHsm::new();
    hsm.generate("EC:prime256v1", "01", "p256", &[]);
    let sign = |module: &str, more: &[&str]| {
        let case = Case::copy("good_unsigned");
        let run = case.run();
        let mut sign = hsm.command();
        sign.env("FAULTY_CONF", "its-value").arg("sign").arg(run);
        sign.args(["--role", "witness", "--signer", "w", "--key-id", "k", "--pin-fd", "0"]);
        sign.args(["--pkcs11", "--module", module]).args(more);
        finish(&mut sign, b"1234\n")
    };
    let variable = hsm.faulty("NEEDS_VARIABLE");
    sign(&variable.library, &[]).refused(&["CKR_ARGUMENTS_BAD"]);
    sign(&variable.library, &["--module-env", "FAULTY_CONF"]).ok();
    let given = sign(&variable.library, &["--module-env", "FAULTY_CONF=4711"]);
    assert!(given.code == 2 && !given.stderr.contains("is 4711"), "{given:?}");
    let text = hsm.faulty("NEEDS_TEXT");
    sign(&text.library, &[]).refused(&["CKR_ARGUMENTS_BAD"]);
    sign(&text.library, &["--module-init", "mode=test"]).ok();
    // Kept once, neither need be said again.
    hsm.run(&["modules", "start", &variable.library, "--module-env", "FAULTY_CONF"], "").ok();
    hsm.run(&["modules", "start", &text.library, "--module-init", "mode=test"], "").ok();
    sign(&variable.library, &[]).ok();
    sign(&text.library, &[]).ok();
    let kept = fs::read_to_string(hsm.path("settings.json")).unwrap() + &hsm.journal();
    assert!(kept.contains("FAULTY_CONF") && !kept.contains("its-value"), "{kept}");

    // And what p11-kit's configuration says of a module.
    hsm.run(&["modules", "remove", &text.library], "").ok();
    let modules = hsm.path("home/.config/pkcs11/modules");
    fs::create_dir_all(&modules).unwrap();
    let configured = format!("module: {}\nx-init-reserved: mode=test\n", text.library);
    fs::write(modules.join("text.module"), configured).unwrap();
    let mut devices = hsm.command();
    devices.env("HOME", hsm.path("home")).args(["devices", "--module", &text.library]);
    let said = finish(&mut devices, b"").ok().stdout;
    assert!(said.contains("countersign-test"), "{said}");
}

#[test]
fn a_module_that_fails_is_told_in_one_line() {
    let hsm = SoftHsm::new();
    let logs = hsm.faulty("LOGS");
    let case = Case::copy("good_unsigned");
    let outcome = hsm.sign(&case, &logs.library, PIN, &[]).refused(&["the last line says why"]);
    assert!(!outcome.stderr.contains("log line"), "{outcome:?}");
    let lines = outcome.stderr.lines().filter(|line| line.contains(&logs.library)).count();
    assert_eq!(lines, 1, "{outcome:?}");
    let long = outcome.stderr.lines().map(str::len).max();
    assert!(long < Some(600), "{outcome:?}");
}

#[test]
fn a_key_without_its_public_half_signs_by_what_is_known_elsewhere() {
    let hsm = SoftHsm::new();
    let openssl = |arguments: &[&str]| {
        finish(Command::new("openssl").args(arguments).current_dir(hsm.place.path()), b"").ok()
    };
    openssl(&["ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", "k.pem"]);
    openssl(&["pkcs8", "-topk8", "-nocrypt", "-in", "k.pem", "-outform", "DER", "-out", "k.der"]);
    openssl(&["pkey", "-in", "k.pem", "-pubout", "-out", "p.pem"]);
    let key = ["--write-object", "k.der", "--type", "privkey", "--id", "07", "--label", "bare"];
    hsm.pkcs11_tool(&[&key[..], &["--usage-sign", "--sensitive"]].concat());
    let public = hsm.path("p.pem").display().to_string();
    let case = Case::copy("good_unsigned");
    let before = case.snapshot();
    // It is an ECC P-256 key, and not "of a kind that cannot sign".
    let refused = hsm.sign(&case, &softhsm(), PIN, &["--key-label", "bare"]);
    let refused = refused.refused(&["public half of bare", "--public-key"]);
    assert!(!refused.stderr.contains("cannot sign here"), "{refused:?}");
    hsm.enrol(&softhsm(), "bare", &[]).refused(&["public key is not known", "--public-key"]);
    hsm.generate("EC:prime256v1", "09", "other", &[]);
    hsm.pkcs11_tool(&["--read-object", "--type", "pubkey", "--id", "09", "-o", "o.der"]);
    openssl(&["pkey", "-pubin", "-inform", "DER", "-in", "o.der", "-out", "o.pem"]);
    let other = hsm.path("o.pem").display().to_string();
    let by = ["--key-label", "bare", "--public-key", &other];
    hsm.sign(&case, &softhsm(), PIN, &by).refused(&["does not verify"]);
    assert_eq!(case.snapshot(), before);
    hsm.sign(&case, &softhsm(), PIN, &["--key-label", "bare", "--public-key", &public]).ok();
    verify_with_openssl(&case);
    hsm.enrol(&softhsm(), "bare", &["--public-key", &public]).ok();
    // The keyring knows its public half from then on.
    let case = Case::copy("good_unsigned");
    let run = case.run();
    let sign = ["sign", run.to_str().unwrap(), "--role", "witness", "--signer", "bare"];
    let key = ["--key-id", "ds-test-bare", "--pin-fd", "0", "--key-label", "bare"];
    hsm.run(&[&sign[..], &key, &["--pkcs11", "--module", &softhsm()]].concat(), PIN).ok();
    verify_with_openssl(&case);
    // Where the token tells it, another one is refused.
    let by = ["--key-label", "other", "--public-key", &public];
    let case = Case::copy("good_unsigned");
    hsm.sign(&case, &softhsm(), PIN, &by).refused(&["not that of other"]);
}

#[test]
fn one_key_seen_through_two_modules_is_one_key() {
    let hsm = SoftHsm::new();
    hsm.generate("EC:prime256v1", "01", "p256", &[]);
    let modules = hsm.path("home/.config/pkcs11/modules");
    fs::create_dir_all(&modules).unwrap();
    let plain = hsm.faulty("NONE");
    fs::write(modules.join("own.module"), format!("module: {}\n", plain.library)).unwrap();
    let case = Case::copy("good_unsigned");
    let mut sign = hsm.command();
    sign.env("HOME", hsm.path("home")).arg("sign").arg(case.run());
    sign.args(["--role", "witness", "--signer", "w", "--key-id", "k", "--pin-fd", "0"]);
    // The URI as a word of its own, as in 0.1.
    let old = finish(sign.args(["--pkcs11", "pkcs11:token=countersign-test"]), b"1234\n").ok();
    assert!(old.stderr.contains("is read as `--pkcs11=pkcs11:token"), "{old:?}");
    verify_with_openssl(&case);
    // A module through a link is the same module.
    let link = hsm.path("link.so").display().to_string();
    std::os::unix::fs::symlink(softhsm(), &link).unwrap();
    let said = hsm.run(&["devices", "--json", "--module", &softhsm(), "--module", &link], "").ok();
    let view: Value = serde_json::from_str(&said.stdout).unwrap();
    assert_eq!(view["modules"].as_array().unwrap().len(), 1, "{view:#}");
    // A module that is named is the only one.
    let said = hsm.run(&["devices", "--json", "--pkcs11", "--module", &softhsm()], "").ok();
    let view: Value = serde_json::from_str(&said.stdout).unwrap();
    assert_eq!(view["modules"].as_array().unwrap().len(), 1, "{view:#}");
}

#[test]
fn p11_kits_proxy_and_client_sign() {
    let hsm = SoftHsm::new();
    hsm.generate("EC:prime256v1", "01", "p256", &[]);
    hsm.generate("rsa:2048", "02", "each", &["--always-auth"]);
    let modules = hsm.path("home/.config/pkcs11/modules");
    fs::create_dir_all(&modules).unwrap();
    fs::write(modules.join("soft.module"), format!("module: {}\n", softhsm())).unwrap();
    let mut server = Command::new("p11-kit");
    server.args(["server", "--foreground", "--provider", &softhsm(), "--name"]);
    server.arg(hsm.path("p11-kit.socket")).arg("pkcs11:");
    hsm.env(&mut server);
    let server = server.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    let mut server = server.expect("p11-kit is needed: apt-get install p11-kit");
    let begun = Instant::now();
    while !hsm.path("p11-kit.socket").exists() {
        assert!(begun.elapsed() < LIMIT, "p11-kit's server never listens");
        std::thread::yield_now();
    }
    let proxy = module(&["p11-kit-proxy.so", "pkcs11/p11-kit-proxy.so"], "libp11-kit0");
    let client = module(&["pkcs11/p11-kit-client.so"], "p11-kit-modules");
    for module in [proxy, client] {
        for label in ["p256", "each"] {
            let case = Case::copy("good_unsigned");
            let mut sign = hsm.command();
            let address = format!("unix:path={}", hsm.path("p11-kit.socket").display());
            sign.env("HOME", hsm.path("home")).env("P11_KIT_SERVER_ADDRESS", address);
            sign.arg("sign").arg(case.run()).args(["--role", "witness", "--signer", "w"]);
            sign.args(["--key-id", "k", "--pin-fd", "0", "--pkcs11", "--module", &module]);
            sign.args(["--token", "countersign-test", "--key-label", label]);
            finish(&mut sign, b"1234\n").ok();
            verify_with_openssl(&case);
        }
    }
    server.kill().unwrap();
    server.wait().unwrap();
}

#[test]
fn a_signer_profile_may_claim_what_its_token_does_not() {
    let hsm = SoftHsm::new();
    hsm.generate("EC:prime256v1", "01", "p256", &[]);
    let key = hsm.key(&softhsm(), "p256");
    let case = Case::copy("good_unsigned");
    hsm.sign_by_profile(
        &case,
        &json!({
            "source": "pkcs11", "uri": key["uri"], "algorithm": "ecdsa-p256-sha256",
            "signer_type": "hardware",
        }),
    );
    signed(&case, "ecdsa-p256-sha256", "hardware");
    verify_with_openssl(&case);
    assert!(hsm.journal().contains("hardware is claimed; the token comes to software"));
}

#[test]
fn a_signer_profile_reaches_a_key_that_only_the_pin_shows_and_believes_its_token() {
    let hsm = SoftHsm::new();
    let make = ["--keygen", "--key-type", "generic:32", "--id", "09", "--label", "shared"];
    hsm.pkcs11_tool(&[&make[..], &["--usage-sign", "--private"]].concat());
    let case = Case::copy("good_unsigned");
    let uri = format!("pkcs11:object=shared?module-path={}", softhsm());
    let source = json!({ "source": "pkcs11", "uri": uri, "algorithm": "hmac-sha256" });
    hsm.sign_by_profile(&case, &source);
    signed(&case, "hmac-sha256", "software");
    assert!(!hsm.journal().contains("is claimed"));
}

#[test]
fn a_token_signs_without_a_person_by_the_pin_that_is_kept_for_it() {
    let hsm = SoftHsm::new();
    hsm.generate("EC:prime256v1", "01", "p256", &[]);
    let counted = hsm.faulty("NONE");
    let kept = hsm.kept_pin(PIN, 0o600);
    let uri = hsm.unattended(&counted.library, &kept.display().to_string());
    let signs = ["--signer", "w", "--key-id", "ds-test-w"];
    let case = Case::copy("good_unsigned");
    hsm.sign_unattended(&case, &[&[&*format!("--pkcs11={uri}")][..], &signs].concat()).ok();
    verify_with_openssl(&case);
    assert_eq!(counted.count("login"), 1);
    let used = format!(r#""source": "file:{}""#, kept.display());
    assert!(hsm.journal().contains(&used), "{}", hsm.journal());
    // A signer of the station, which knows the file and not what is in it.
    let source = json!({ "source": "pkcs11", "uri": uri, "algorithm": "ecdsa-p256-sha256" });
    let settings = hsm.settle(&source);
    let case = Case::copy("good_unsigned");
    hsm.sign_unattended(&case, &["--signer-profile", "desk"]).ok();
    signed(&case, "ecdsa-p256-sha256", "software");
    let settings = fs::read_to_string(settings).unwrap();
    assert!(settings.contains("pin-source") && !settings.contains(PIN), "{settings}");
    assert!(!hsm.journal().contains(&format!("\"{PIN}\"")), "{}", hsm.journal());
    // One place for the PIN, not two.
    hsm.sign_unattended(&case, &["--signer-profile", "desk", "--pin-fd", "0"])
        .refused(&["--pin-fd and the key's pin-source"]);
}

#[test]
fn a_kept_pin_is_read_from_a_descriptor_too() {
    let hsm = SoftHsm::new();
    hsm.generate("EC:prime256v1", "01", "p256", &[]);
    let uri = hsm.unattended(&softhsm(), "/dev/fd/3");
    let case = Case::copy("good_unsigned");
    let mut shell = Command::new("bash");
    let sign = hsm.command();
    shell.envs(sign.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let given = format!(r#"exec "$@" 3< <(printf '%s\n' {PIN})"#);
    shell.args(["-c", &given, "bash"]).arg(sign.get_program()).arg("sign").arg(case.run());
    shell.args(["--role", "witness", "--signer", "w", "--key-id", "ds-test-w"]);
    finish(shell.arg(format!("--pkcs11={uri}")), b"").ok();
    verify_with_openssl(&case);
}

#[test]
fn a_kept_pin_that_others_may_read_or_that_was_wrong_is_not_sent() {
    let hsm = SoftHsm::new();
    hsm.generate("EC:prime256v1", "01", "p256", &[]);
    let counted = hsm.faulty("NONE");
    let case = Case::copy("good_unsigned");
    let before = case.snapshot();
    let signs = ["--signer", "w", "--key-id", "ds-test-w"];
    let sign = |kept: &Path| {
        let uri = hsm.unattended(&counted.library, &kept.display().to_string());
        hsm.sign_unattended(&case, &[&[&*format!("--pkcs11={uri}")][..], &signs].concat())
    };
    for mode in [0o640, 0o604, 0o620, 0o700] {
        sign(&hsm.kept_pin(PIN, mode)).refused(&["not used", &format!("{mode:04o}"), "0600"]);
    }
    sign(&hsm.kept_pin("", 0o600)).refused(&["has no PIN in it"]);
    sign(&hsm.kept_pin(" 1234", 0o600)).refused(&["begins or ends with a space"]);
    sign(&hsm.kept_pin(&"1".repeat(300), 0o600)).refused(&["longer than any PIN"]);
    sign(&hsm.path("nowhere")).refused(&["nowhere", "cannot be read"]);
    sign(hsm.place.path()).refused(&["is not a file"]);
    // Opening a pipe would wait for whoever writes it.
    finish(Command::new("mkfifo").args(["-m", "600"]).arg(hsm.path("pipe")), b"").ok();
    sign(&hsm.path("pipe")).refused(&["is not a file"]);
    assert_eq!(counted.count("login"), 0);
    // A wrong one is sent once, and none again before a person has given the right one.
    sign(&hsm.kept_pin("9999", 0o600)).refused(&["the PIN is wrong"]);
    for pin in ["9999", PIN] {
        sign(&hsm.kept_pin(pin, 0o600)).refused(&["was wrong", "could lock the token"]);
    }
    assert_eq!((counted.count("login"), case.snapshot()), (1, before));
    let typed = Case::copy("good_unsigned");
    hsm.sign(&typed, &counted.library, PIN, &[]).ok();
    sign(&hsm.kept_pin(PIN, 0o600)).ok();
    assert_eq!(counted.count("login"), 3);
    let pad = hsm.faulty("PAD");
    let uri = hsm.unattended(&pad.library, &hsm.kept_pin(PIN, 0o600).display().to_string());
    hsm.sign_unattended(
        &Case::copy("good_unsigned"),
        &[&[&*format!("--pkcs11={uri}")][..], &signs].concat(),
    )
    .refused(&["its own pad"]);
    assert_eq!(pad.count("login"), 0);
    // The last attempt is a person's, whatever is kept.
    let last = hsm.faulty("FINAL_TRY");
    let uri = hsm.unattended(&last.library, &hsm.kept_pin(PIN, 0o600).display().to_string());
    let signs = ["--signer", "w", "--key-id", "ds-test-w", "--last-try"];
    let other = Case::copy("good_unsigned");
    hsm.sign_unattended(&other, &[&[&*format!("--pkcs11={uri}")][..], &signs].concat())
        .refused(&["could lock the token"]);
    assert_eq!(last.count("login"), 0);
}

#[test]
fn a_wrong_pin_costs_one_try_and_is_never_repeated() {
    let hsm = SoftHsm::new();
    hsm.generate("EC:prime256v1", "01", "p256", &[]);
    let counted = hsm.faulty("NONE");
    let case = Case::copy("good_unsigned");
    let before = case.snapshot();
    hsm.sign(&case, &counted.library, "9999", &[])
        .refused(&["the PIN is wrong", "cost an attempt"]);
    assert_eq!(counted.count("login"), 1);
    assert_eq!(case.snapshot(), before);
    assert_eq!(hsm.token(&softhsm())["pin"], "was wrong before; fewer attempts are left");
    // What no PIN of the token could be is not sent.
    hsm.sign(&case, &counted.library, "12", &[]).refused(&["4 to 255", "not sent"]);
    assert_eq!(counted.count("login"), 1);
    hsm.sign(&case, &counted.library, PIN, &[]).ok();
    assert_eq!((counted.count("login"), counted.count("logout")), (2, 1));
    assert!(!hsm.journal().contains("9999"));
}

#[test]
fn a_pin_is_not_sent_where_the_refusal_is_certain_before() {
    let hsm = SoftHsm::new();
    let openssl = |arguments: &[&str]| {
        finish(Command::new("openssl").args(arguments).current_dir(hsm.place.path()), b"").ok()
    };
    hsm.generate("EC:prime256v1", "01", "shown", &[]);
    openssl(&["ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", "k.pem"]);
    openssl(&["pkcs8", "-topk8", "-nocrypt", "-in", "k.pem", "-outform", "DER", "-out", "k.der"]);
    openssl(&["pkey", "-in", "k.pem", "-pubout", "-out", "p.pem"]);
    let public = hsm.path("p.pem").display().to_string();
    let key = ["--write-object", "k.der", "--type", "privkey", "--id", "07", "--label", "hidden"];
    hsm.pkcs11_tool(&[&key[..], &["--usage-sign", "--sensitive"]].concat());
    let counted = hsm.faulty("NONE");
    let module = counted.library.as_str();
    let case = Case::copy("good_unsigned");
    let before = case.snapshot();
    let sign = |case: &Case, label: &str, who: &[&str]| {
        let run = case.run().display().to_string();
        let key = ["--pin-fd", "0", "--pkcs11", "--module", module, "--key-label", label];
        hsm.run(&[&["sign", &run][..], &key, who].concat(), "9999")
    };
    // The keyring is asked before the PIN is used to find out which key it is.
    sign(&case, "hidden", &["--role", "witness"]).refused(&["no key of the keyring"]);
    hsm.enrol(&softhsm(), "shown", &[]).ok();
    hsm.enrol(&softhsm(), "hidden", &["--public-key", &public]).ok();
    for label in ["shown", "hidden"] {
        let id = format!("ds-test-{label}");
        let of = ["--key-id", &id, "--signer", label];
        sign(&case, label, &[&of[..], &["--role", "auditor"]].concat()).refused(&["this role"]);
        let other = ["--key-id", &id, "--signer", "other", "--role", "witness"];
        sign(&case, label, &other).refused(&["belongs to"]);
    }
    sign(&case, "shown", &["--role", "auditor"]).refused(&["this role"]);
    sign(&case, "hidden", &["--role", "auditor"]).refused(&["may sign as auditor"]);
    // Nor is it sent for an enrolment that the keyring refuses.
    let enrol = |more: &[&str]| {
        let key = ["keys", "enrol", "--pkcs11", "--module", module, "--key-label", "hidden"];
        let who = ["--owner", "x", "--role", "witness", "--pin-fd", "0"];
        hsm.run(&[&key[..], &who, more].concat(), "9999")
    };
    enrol(&["--key-id", "ds-test-shown"]).refused(&["has a key \"ds-test-shown\" already"]);
    enrol(&["--key-id", "new", "--public-key", &public]).refused(&["is in the keyring already"]);
    let mode = |mode| {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(keyring(&hsm.place), fs::Permissions::from_mode(mode)).unwrap();
    };
    mode(0o666);
    enrol(&["--key-id", "new"]).refused(&["keyring.json"]);
    mode(0o600);
    assert_eq!(case.snapshot(), before);
    assert_eq!(counted.count("login"), 0);
    // With the role that it holds it is sent.
    sign(&case, "hidden", &["--role", "witness"]).refused(&["the PIN is wrong"]);
    assert_eq!(counted.count("login"), 1);
}

#[test]
fn what_a_module_prints_of_the_pin_is_neither_shown_nor_kept() {
    let hsm = SoftHsm::new();
    hsm.generate("EC:prime256v1", "01", "p256", &[]);
    let case = Case::copy("good_unsigned");
    for (fault, words) in [("PIN_PRINTED", "C_Login pin=•••"), ("PIN_IN_HEX", "not shown")] {
        let prints = hsm.faulty(fault);
        let refused = hsm.sign(&case, &prints.library, "80471", &[]).refused(&[words]);
        let said = [refused.stderr, refused.stdout, hsm.journal()].concat();
        assert!(hsm.journal().contains("secret_not_taken"), "{}", hsm.journal());
        assert!(!said.contains("80471") && !said.contains("0x38 0x30"), "{said}");
    }
}

#[test]
fn a_key_of_which_all_is_true_signs_whatever_else_shares_its_id() {
    let hsm = SoftHsm::new();
    let softhsm = softhsm();
    let sign = |label: &str, more: &[&str]| {
        let case = Case::copy("good_unsigned");
        let by = ["--key-label", label];
        (hsm.sign(&case, &softhsm, PIN, &[&by[..], more].concat()), case)
    };
    hsm.generate("EC:prime256v1", "01", "alpha", &[]);
    hsm.generate("EC:prime256v1", "01", "beta", &[]);
    hsm.pkcs11_tool(&["--delete-object", "--type", "pubkey", "--label", "alpha"]);
    for more in [&[][..], &["--key-object-id", "01"]] {
        let (signed, case) = sign("beta", more);
        signed.ok();
        verify_with_openssl(&case);
    }
    // What is enrolled signs.
    hsm.enrol(&softhsm, "beta", &[]).ok();
    let case = Case::copy("good_unsigned");
    let run = case.run().display().to_string();
    let sign_enrolled = ["sign", &run, "--role", "witness", "--pin-fd", "0", "--pkcs11"];
    let key = ["--module", &softhsm, "--key-label", "beta"];
    hsm.run(&[&sign_enrolled[..], &key].concat(), PIN).ok();
    verify_with_openssl(&case);
    for label in ["same", "same", "other"] {
        hsm.generate("EC:prime256v1", "02", label, &[]);
    }
    let (signed, case) = sign("other", &[]);
    signed.ok();
    verify_with_openssl(&case);
    // Of two that nothing tells apart none is used, and the remedy is one that can be followed.
    let (refused, case) = sign("same", &[]);
    let refused = refused.refused(&["same label and id", "--set-id"]);
    assert_eq!(refused.stderr.matches("object=same").count(), 1, "{refused:?}");
    assert!(!case.signatures().exists());
}

#[test]
fn a_signature_of_a_wrong_length_is_told_for_every_algorithm() {
    let hsm = SoftHsm::new();
    hsm.generate("EC:edwards25519", "03", "ed25519", &[]);
    hsm.generate("rsa:2048", "04", "rsa", &[]);
    let empty = hsm.faulty("EMPTY_SIGNATURE");
    for label in ["ed25519", "rsa"] {
        let case = Case::copy("good_unsigned");
        let refused = hsm.sign(&case, &empty.library, PIN, &["--key-label", label]);
        refused.refused(&["has 0 bytes, which no"]);
        assert!(!case.signatures().exists());
    }
}

#[test]
fn why_a_key_cannot_sign_is_said() {
    let hsm = SoftHsm::new();
    hsm.generate("EC:prime256v1", "01", "p256", &[]);
    hsm.generate("EC:secp256k1", "02", "koblitz", &[]);
    hsm.generate("rsa:1024", "03", "short", &[]);
    let case = Case::copy("good_unsigned");
    let sign = |module: &str, label: &str| hsm.sign(&case, module, PIN, &["--key-label", label]);
    sign(&softhsm(), "koblitz").refused(&["of the kind ECC secp256k1 cannot sign"]);
    sign(&softhsm(), "short").refused(&["of the kind RSA 1024 cannot sign"]);
    let without = hsm.faulty("NO_SIGNING_MECHANISM");
    sign(&without.library, "p256").refused(&["offers no mechanism", "ECC P-256", "CKM_ECDSA"]);
    assert_eq!(without.count("login"), 0);
    // A shared key is named only where HMAC is asked for.
    let make = ["--keygen", "--key-type", "generic:32", "--id", "0d", "--label", "hm"];
    hsm.pkcs11_tool(&[&make[..], &["--usage-sign"]].concat());
    sign(&softhsm(), "hm").refused(&["shared key", "--algo hmac-sha256"]);
    hsm.enrol(&softhsm(), "hm", &[]).refused(&["shared key"]);
    let second = ["--token", "countersign-test", "--key-label", "hm"];
    hsm.sign(&case, &softhsm(), PIN, &second).refused(&["shared key"]);
    assert!(!case.signatures().exists());
}

#[test]
fn the_flags_of_the_pin_are_honoured() {
    let hsm = SoftHsm::new();
    hsm.generate("EC:prime256v1", "01", "p256", &[]);
    let case = Case::copy("good_unsigned");
    let locked = hsm.faulty("LOCKED");
    hsm.sign(&case, &locked.library, PIN, &[]).refused(&["locked", "security officer"]);
    let last = hsm.faulty("FINAL_TRY");
    assert_eq!(hsm.token(&last.library)["pin_tries"], 1);
    hsm.sign(&case, &last.library, PIN, &[]).refused(&["only 1 attempt", "--last-try"]);
    assert_eq!(locked.count("login") + last.count("login"), 0);
    assert!(!case.signatures().exists());
    hsm.sign(&case, &last.library, PIN, &["--last-try"]).ok();
    let low = hsm.faulty("COUNT_LOW");
    let warnings = hsm.token(&low.library)["warnings"].to_string();
    assert!(warnings.contains("fewer attempts are left"), "{warnings}");
}

#[test]
fn a_token_with_its_own_pad_is_asked_for_no_pin_here() {
    let hsm = SoftHsm::new();
    hsm.generate("EC:prime256v1", "01", "p256", &[]);
    let pad = hsm.faulty("PAD");
    let case = Case::copy("good_unsigned");
    let mut sign = hsm.command();
    sign.arg("sign").arg(case.run()).args(["--role", "witness", "--signer", "w"]);
    sign.args(["--key-id", "ds-test-w", "--pkcs11", "--module", &pad.library]);
    let outcome = finish(&mut sign, b"").ok();
    assert!(outcome.stderr.contains("on the token's own PIN pad"), "{outcome:?}");
    verify_with_openssl(&case);
    assert_eq!((pad.count("login"), pad.count("logout")), (1, 1));
}

#[test]
fn a_module_that_fails_leaves_everything_as_it_was_and_can_be_used_anew() {
    let hsm = SoftHsm::new();
    hsm.generate("EC:prime256v1", "01", "p256", &[]);
    for (fault, words) in [
        ("SEGFAULT", &["the module crashed (SIGSEGV)", "nothing was written"][..]),
        ("ABORT", &["the module crashed (SIGABRT)", "It said: assertion failed"]),
        ("EXIT", &["the module crashed"]),
        ("HANG", &["no answer within 3 s", "was ended"]),
        ("GARBAGE", &["wrote over"]),
        ("REMOVED", &["the token is gone", "CKR_DEVICE_REMOVED"]),
        ("LIES", &["does not verify"]),
        ("EMPTY_SIGNATURE", &["has 0 bytes, which no ecdsa-p256-sha256 signature has"]),
        ("INIT_FAILS", &["C_Initialize failed with CKR_DEVICE_ERROR"]),
        ("INIT_CRASHES", &["the module crashed (SIGABRT)"]),
    ] {
        let faulty = hsm.faulty(fault);
        let case = Case::copy("good_unsigned");
        let before = case.snapshot();
        let outcome = hsm.sign(&case, &faulty.library, PIN, &["--module-timeout", "3"]);
        let outcome = outcome.refused(words);
        let names = fault == "LIES" || outcome.stderr.contains(&faulty.library);
        assert!(names, "the module is named: {outcome:?}");
        assert_eq!(case.snapshot(), before, "{fault}");
        assert!(faulty.count("login") <= 1, "{fault}");
        assert_eq!(processes_with(&faulty.library), Vec::<String>::new(), "{fault}");
        // The token is as good as before.
        hsm.sign(&case, &softhsm(), PIN, &[]).ok();
    }
}

/// The processes that have a file mapped.
fn processes_with(file: &str) -> Vec<String> {
    let processes = fs::read_dir("/proc").unwrap().flatten().filter(|entry| {
        let maps = fs::read_to_string(entry.path().join("maps")).unwrap_or_default();
        maps.contains(file)
    });
    processes.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

#[test]
fn what_a_module_prints_harms_nothing() {
    let hsm = SoftHsm::new();
    hsm.generate("EC:prime256v1", "01", "p256", &[]);
    let chatter = hsm.faulty("CHATTER");
    let case = Case::copy("good_unsigned");
    let outcome = hsm.sign(&case, &chatter.library, PIN, &[]).ok();
    assert!(!outcome.stdout.contains("hello") && !outcome.stdout.contains("please wait"));
    verify_with_openssl(&case);
    let view = hsm.modules(&chatter.library);
    assert_eq!(view[0]["standing"], "in_use");
}

#[test]
fn a_module_that_cannot_be_loaded_says_why() {
    let hsm = SoftHsm::new();
    let file = |name: &str, content: &[u8]| {
        fs::write(hsm.path(name), content).unwrap();
        hsm.path(name).display().to_string()
    };
    let text = file("text.so", b"this is no library, whatever it is called");
    let mut arm = fs::read(softhsm()).unwrap();
    arm[18] = 0x28;
    arm[4] = 1;
    let arm = file("arm.so", &arm);
    let cc = |arguments: &[&str]| {
        let made = Command::new("cc").args(arguments).current_dir(hsm.place.path()).output();
        assert!(made.unwrap().status.success(), "{arguments:?}");
    };
    file("a.c", b"int a(void) { return 1; }");
    file("b.c", b"int a(void); int C_GetFunctionList(void **x) { return a(); }");
    cc(&["-shared", "-fPIC", "-o", "libneeded-for-test.so", "a.c"]);
    cc(&["-shared", "-fPIC", "-o", "needs.so", "b.c", "-L.", "-lneeded-for-test"]);
    fs::remove_file(hsm.path("libneeded-for-test.so")).unwrap();
    cc(&["-shared", "-fPIC", "-o", "plain.so", "a.c"]);
    let needs = hsm.path("needs.so").display().to_string();
    let plain = hsm.path("plain.so").display().to_string();
    let directory = hsm.place.path().display().to_string();
    let pipe = hsm.path("pipe.so").display().to_string();
    hsm.run_tool("mkfifo", "coreutils", &[&pipe]);
    hsm.run(&["modules", "trust", &pipe], "").refused(&["not a regular file"]);
    for (module, words) in [
        ("/nowhere/module.so", "no such file"),
        (directory.as_str(), "not a file"),
        (pipe.as_str(), "not a file"),
        ("/dev/zero", "not a file"),
        (text.as_str(), "not a shared library"),
        (arm.as_str(), "built for 32-bit ARM"),
        (needs.as_str(), "libneeded-for-test.so"),
        (plain.as_str(), "no C_GetFunctionList"),
    ] {
        let view = hsm.modules(module);
        let problem = view[0]["problem"].to_string();
        // The path stands beside it, once.
        assert!(problem.contains(words) && !problem.contains(module), "{problem}");
        assert_eq!(view[0]["path"], module);
        assert_eq!(view[0]["standing"], "unusable");
    }
    // One bad module does not stand in the way of a good one.
    let mut devices = hsm.command();
    devices.args(["devices", "--json", "--module", &text, "--module", &softhsm()]);
    let view: Value = serde_json::from_str(&finish(&mut devices, b"").ok().stdout).unwrap();
    assert_eq!(view["modules"][1]["tokens"][0]["label"], "countersign-test");
}

#[test]
fn no_secret_of_the_environment_reaches_a_module() {
    let hsm = SoftHsm::new();
    hsm.generate("EC:prime256v1", "01", "p256", &[]);
    let hang = hsm.faulty("HANG");
    let case = Case::copy("good_unsigned");
    let mut sign = hsm.command();
    sign.env("DEEPSIGMA_SIGNING_KEY", "the-shared-key").env("OPENSC_PIN", "4711");
    sign.arg("sign").arg(case.run()).args(["--role", "witness", "--signer", "w", "--pin-fd", "0"]);
    sign.args(["--key-id", "k", "--pkcs11", "--module", &hang.library, "--module-timeout", "60"]);
    let mut child =
        sign.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), b"1234\n").unwrap();
    let begun = Instant::now();
    while hang.count("sign") == 0 {
        assert!(begun.elapsed() < LIMIT, "the module is never asked to sign");
        std::thread::yield_now();
    }
    let helpers = processes_with(&hang.library);
    assert!(!helpers.is_empty());
    for helper in &helpers {
        let at = Path::new("/proc").join(helper);
        let read = |name| {
            String::from_utf8_lossy(&fs::read(at.join(name)).unwrap_or_default()).into_owned()
        };
        let environment = read("environ");
        assert!(environment.contains("SOFTHSM2_CONF"), "{environment}");
        for secret in ["the-shared-key", "4711", "COUNTERSIGN_"] {
            assert!(!environment.contains(secret), "{environment}");
        }
        assert!(!read("cmdline").contains(PIN));
    }
    assert!(!helpers.contains(&child.id().to_string()), "the module is in a process of its own");
    // Killed, the station takes nothing with it, and the module's process is ended by hand here only
    // since this one hangs for ever.
    child.kill().unwrap();
    child.wait().unwrap();
    for helper in helpers {
        let _ = Command::new("kill").args(["-9", &helper]).status();
    }
    assert!(!case.signatures().exists());
}

/// A TPM in software, with a token of tpm2-pkcs11 on it.
struct Tpm {
    swtpm: Child,
    place: TempDir,
}

impl Tpm {
    fn new() -> Self {
        let place = tempfile::tempdir().unwrap();
        let at = |name: &str| place.path().join(name);
        fs::create_dir(at("store")).unwrap();
        let unix = |name: &str| format!("type=unixio,path={}", at(name).display());
        let swtpm = Command::new("swtpm")
            .args(["socket", "--tpm2", "--flags", "not-need-init,startup-clear"])
            .args(["--tpmstate", &format!("dir={}", place.path().display())])
            .args(["--server", &unix("tpm"), "--ctrl", &unix("tpm.ctrl")])
            .stdout(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("swtpm is needed ({error}): apt-get install swtpm"));
        let tpm = Self { swtpm, place };
        let begun = Instant::now();
        while !tpm.place.path().join("tpm.ctrl").exists() {
            assert!(begun.elapsed() < LIMIT, "swtpm does not come up");
            std::thread::yield_now();
        }
        tpm.pkcs11_tool(&[
            "--init-token",
            "--slot-index",
            "0",
            "--label",
            "tpm",
            "--so-pin",
            "87654321",
        ]);
        let pin = ["--init-pin", "--login", "--login-type", "so", "--so-pin", "87654321"];
        tpm.pkcs11_tool(&[&pin[..], &["--new-pin", PIN]].concat());
        tpm
    }

    fn module() -> String {
        module(&["pkcs11/libtpm2_pkcs11.so", "libtpm2_pkcs11.so.1"], "libtpm2-pkcs11-1")
    }

    fn env(&self, command: &mut Command) {
        let at = self.place.path().join("tpm");
        command.env("TPM2_PKCS11_TCTI", format!("swtpm:path={}", at.display()));
        command.env("TPM2_PKCS11_STORE", self.place.path().join("store"));
        command.env("TSS2_LOG", "all+NONE");
    }

    #[track_caller]
    fn pkcs11_tool(&self, arguments: &[&str]) {
        let mut tool = Command::new("pkcs11-tool");
        self.env(tool.args(["--module", &Self::module()]).args(arguments));
        finish(&mut tool, b"").ok();
    }
}

impl Drop for Tpm {
    fn drop(&mut self) {
        let _ = self.swtpm.kill();
        let _ = self.swtpm.wait();
    }
}

#[test]
fn a_key_in_a_tpm_signs() {
    let tpm = Tpm::new();
    for (kind, id, label) in [("EC:prime256v1", "01", "ec"), ("rsa:2048", "02", "rsa")] {
        let key = ["--keypairgen", "--key-type", kind, "--id", id, "--label", label];
        tpm.pkcs11_tool(&[&["--login", "--pin", PIN][..], &key].concat());
    }
    let run = |arguments: &[&str], pin: &str| {
        let mut command = command();
        tpm.env(command.args(arguments));
        command.env("COUNTERSIGN_KEYRING", keyring(&tpm.place));
        command.env("COUNTERSIGN_SETTINGS", tpm.place.path().join("settings.json"));
        finish(&mut command, format!("{pin}\n").as_bytes())
    };
    let module = Tpm::module();
    run(&["modules", "trust", &module], "").ok();
    let devices = run(&["devices", "--json", "--module", &module], "").ok();
    let view: Value = serde_json::from_str(&devices.stdout).unwrap();
    let token = &view["modules"][0]["tokens"][0];
    assert_eq!(token["hardware_slot"], true, "{token:#}");
    assert_eq!(token["virtual_token"], true, "{token:#}");
    for (label, algorithm) in [("ec", "ecdsa-p256-sha256"), ("rsa", "rsa-pkcs1v15-sha256")] {
        let case = Case::copy("good_unsigned");
        let at = case.run().display().to_string();
        let sign = ["sign", &at, "--role", "witness", "--pkcs11", "--module", &module];
        let who = ["--signer", "w", "--key-id", "k", "--pin-fd", "0", "--key-label", label];
        let before = case.snapshot();
        run(&[&sign[..], &who].concat(), "wrong").refused(&["the PIN is wrong"]);
        assert_eq!(case.snapshot(), before);
        run(&[&sign[..], &who].concat(), PIN).ok();
        signed(&case, algorithm, "hardware");
        verify_with_openssl(&case);
    }
    let enrol = ["keys", "enrol", "--pkcs11", "--module", &module, "--key-label", "ec"];
    let who = ["--key-id", "ds-test-tpm", "--owner", "w", "--role", "witness", "--pin-fd", "0"];
    let enrolled = run(&[&enrol[..], &who].concat(), PIN).ok();
    assert!(enrolled.stdout.contains("hardware") && enrolled.stdout.contains("generated"));
}

/// A virtual YubiKey in a reader of its own smart card service.
struct Desk {
    pcscd: Pcscd,
    plug: Plug,
    place: TempDir,
}

impl Desk {
    fn new(reader: &str) -> Self {
        let pcscd = Pcscd::start_named(reader).unwrap();
        let slots = vec![
            SlotOptions::new(0x9a, Algorithm::P256).certified("Authentication"),
            SlotOptions::new(0x9c, Algorithm::P256).certified("Signature"),
            SlotOptions::new(0x9d, Algorithm::P256).certified("Management"),
            SlotOptions::new(0x9e, Algorithm::Rsa2048).imported().certified("Card"),
        ];
        let plug = Card::new(Options { slots, ..Options::default() }).plug(pcscd.port(0)).unwrap();
        assert!(plug.wait_until_seen(LIMIT), "pcscd sees the card");
        let desk = Self { pcscd, plug, place: tempfile::tempdir().unwrap() };
        let begun = Instant::now();
        while !desk.run(&["devices"], "").stdout.contains("9c") {
            assert!(begun.elapsed() < LIMIT, "the card is never listed");
        }
        desk
    }

    fn run(&self, arguments: &[&str], pin: &str) -> Outcome {
        let mut command = command();
        command.env("PCSCLITE_CSOCK_NAME", self.pcscd.socket());
        command.env("COUNTERSIGN_KEYRING", keyring(&self.place));
        command.env("COUNTERSIGN_SETTINGS", self.place.path().join("settings.json"));
        finish(command.args(arguments), format!("{pin}\n").as_bytes())
    }

    fn sign(&self, case: &Case, module: &str, id: &str, pin: &str) -> Outcome {
        let at = case.run().display().to_string();
        let sign = ["sign", &at, "--role", "witness", "--pkcs11", "--module", module];
        let who = ["--signer", "w", "--key-id", "k", "--pin-fd", "0", "--key-object-id", id];
        self.run(&[&sign[..], &who].concat(), pin)
    }

    fn tries(&self) -> u8 {
        let devices = self.run(&["devices", "--json"], "").ok();
        let view: Value = serde_json::from_str(&devices.stdout).unwrap();
        u8::try_from(view["devices"][0]["pin_tries"].as_u64().unwrap()).unwrap()
    }

    /// Signs with a key of each kind, and with one that wants its PIN at each signature; a wrong PIN
    /// costs one try; pulled out in the middle, nothing is written.
    fn goes_through(&self, module: &str, [once, each, rsa]: [&str; 3]) {
        self.run(&["modules", "trust", module], "").ok();
        for (id, algorithm) in
            [(once, "ecdsa-p256-sha256"), (each, "ecdsa-p256-sha256"), (rsa, "rsa-pkcs1v15-sha256")]
        {
            let case = Case::copy("good_unsigned");
            self.sign(&case, module, id, "123456").ok();
            signed(&case, algorithm, "hardware");
            verify_with_openssl(&case);
            assert!(
                !self.plug.card(|card| card.is_pin_verified()),
                "the card has forgotten the PIN"
            );
        }
        let case = Case::copy("good_unsigned");
        let before = case.snapshot();
        self.sign(&case, module, each, "654321").refused(&["the PIN is wrong"]);
        assert_eq!(self.tries(), 2);
        self.plug.inject(Fault::new(At::Instruction(0x87), Act::Pull));
        self.sign(&case, module, each, "123456").refused(&["nothing was written"]);
        assert_eq!(case.snapshot(), before);
    }
}

/// `devices --watch` on a module: what it says of the module's tokens, until one comes and goes.
fn tokens_come_and_go(reader: &str, module: &str) {
    let pcscd = Pcscd::start_named(reader).unwrap();
    let place = tempfile::tempdir().unwrap();
    let mut watch = command();
    watch.env("PCSCLITE_CSOCK_NAME", pcscd.socket());
    watch.env("COUNTERSIGN_KEYRING", keyring(&place));
    watch.env("COUNTERSIGN_JOURNAL", place.path().join("journal.ndjson"));
    watch.args(["devices", "--watch", "--json", "--module", module]);
    let mut child = watch.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let (sender, lines) = mpsc::channel();
    let output = BufReader::new(child.stdout.take().unwrap());
    std::thread::spawn(move || {
        output.lines().map_while(Result::ok).for_each(|line| drop(sender.send(line)));
    });
    let mut told = Vec::new();
    let mut next = |there: bool| loop {
        let line = lines.recv_timeout(LIMIT);
        let line = line.unwrap_or_else(|_| panic!("tokens there: {there}? told was {told:#?}"));
        told.push(line.clone());
        let event: Value = serde_json::from_str(&line).unwrap();
        let tokens = event["module"]["tokens"].as_array();
        if event["event"] == "module" && tokens.is_some_and(|tokens| tokens.is_empty() != there) {
            return;
        }
    };
    next(false);
    let slots = vec![SlotOptions::new(0x9c, Algorithm::P256).certified("Signature")];
    let plug = Card::new(Options { slots, ..Options::default() }).plug(pcscd.port(0)).unwrap();
    next(true);
    drop(plug);
    next(false);
    child.kill().unwrap();
    child.wait().unwrap();
    let journal = fs::read_to_string(place.path().join("journal.ndjson")).unwrap();
    let of_module = |event: &str| {
        let mut lines = journal.lines().filter(|line| line.contains(module));
        lines.any(|line| line.contains(event))
    };
    assert!(of_module("device_arrived") && of_module("device_removed"), "{journal}");
}

#[test]
fn tokens_are_noticed_by_the_module_or_by_the_readers() {
    // The one waits by C_WaitForSlotEvent, the other has no such thing.
    let opensc = module(&["pkcs11/opensc-pkcs11.so", "opensc-pkcs11.so"], "opensc-pkcs11");
    tokens_come_and_go("Virtual PCD", &opensc);
    let ykcs11 = module(&["libykcs11.so", "libykcs11.so.2"], "ykcs11");
    tokens_come_and_go("Yubico YubiKey OTP+FIDO+CCID", &ykcs11);
}

#[test]
fn opensc_signs_with_a_yubikey() {
    let desk = Desk::new("Virtual PCD");
    let module = module(&["pkcs11/opensc-pkcs11.so", "opensc-pkcs11.so"], "opensc-pkcs11");
    let devices = desk.run(&["devices", "--json", "--module", &module], "").ok();
    let view: Value = serde_json::from_str(&devices.stdout).unwrap();
    let token = &view["modules"][0]["tokens"][0];
    assert_eq!(token["hardware_slot"], true, "{token:#}");
    assert_eq!(token["virtual_token"], true, "{token:#}");
    // It would say of the key that was brought into 9e, too, that it was made on the card.
    let keys = token["keys"].as_array().unwrap();
    assert!(keys.len() >= 4 && keys.iter().all(|key| key["origin"].is_null()), "{token:#}");
    let case = Case::copy("good_unsigned");
    desk.sign(&case, &module, "03", "123456").refused(&["CKA_SIGN is false"]);
    desk.goes_through(&module, ["01", "02", "04"]);

    let desk = Desk::new("Virtual PCD");
    // Enrolled by the label of its public half, and signed with by that of its private half.
    let public = keys.iter().find(|key| key["id"] == "02").unwrap()["label"].as_str().unwrap();
    assert_eq!(public, "SIGN pubkey", "{token:#}");
    let enrol = ["keys", "enrol", "--pkcs11", "--module", &module, "--key-label", public];
    let who = ["--key-id", "ds-test-sign", "--owner", "w", "--role", "witness", "--pin-fd", "0"];
    desk.run(&[&enrol[..], &who].concat(), "123456").ok();
    let case = Case::copy("good_unsigned");
    let run = case.run();
    let sign = ["sign", run.to_str().unwrap(), "--role", "witness", "--pin-fd", "0", "--pkcs11"];
    let key = ["--module", &module, "--key-label", "SIGN key"];
    desk.run(&[&sign[..], &key].concat(), "123456").ok();
    assert_eq!(read_json(&case.signatures())["signing_key_id"], "ds-test-sign");
    // 9e signs without a PIN, and none is asked for.
    let pins = || desk.plug.apdus().iter().filter(|one| one.ins == 0x20 && one.length > 0).count();
    let before = pins();
    let case = Case::copy("good_unsigned");
    let run = case.run();
    let sign = ["sign", run.to_str().unwrap(), "--role", "witness", "--signer", "x", "--pkcs11"];
    let key = ["--key-id", "k", "--module", &module, "--key-object-id", "04"];
    desk.run(&[&sign[..], &key].concat(), "").ok();
    verify_with_openssl(&case);
    assert_eq!(pins(), before, "no PIN was sent");
}

#[test]
fn ykcs11_signs_with_a_yubikey() {
    // It looks only at readers called so.
    let desk = Desk::new("Yubico YubiKey OTP+FIDO+CCID");
    let module = module(&["libykcs11.so", "libykcs11.so.2"], "ykcs11");
    desk.goes_through(&module, ["01", "02", "04"]);
    let desk = Desk::new("Yubico YubiKey OTP+FIDO+CCID");
    desk.run(&["modules", "trust", &module], "").ok();
    // Whether it was made on the card it knows, and tells with the PIN.
    for (id, origin) in [("01", "generated."), ("04", "imported.")] {
        let enrol = ["keys", "enrol", "--pkcs11", "--module", &module, "--key-object-id", id];
        let who = ["--key-id", id, "--owner", id, "--role", "witness", "--pin-fd", "0"];
        let said = desk.run(&[&enrol[..], &who].concat(), "123456").ok().stdout;
        assert!(said.contains("hardware, to ") && said.contains(origin), "{said}");
    }
}
