//! The ready-made programs that sign with keys in key services and HSMs, each through its service's own
//! client: against services on loopback that sign with real keys and refuse what is wrong about a
//! request, and against SoftHSM2.

// Helpers of tests may fail the test.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::Path;
use std::process::Command;

use countersign_tests::{Outcome, finish, read_json, seed, verify_with_openssl};
use serde_json::json;

use crate::command_desk::{Desk, Service, installed, signer_program};

/// What a probe says of the forms of the payload.
const CANONICAL: &str = "over the canonical bytes, by their digest";
const DIGEST: &str = "over the 32 bytes of the digest";

/// A ready-made program, how it is started, and the variables that it needs.
struct Program {
    line: String,
    variables: Vec<&'static str>,
}

impl Program {
    fn new(python: &str, name: &str, variables: &[&'static str]) -> Self {
        let line = format!("{python} -I {}", signer_program(name));
        Self { line, variables: variables.to_vec() }
    }

    /// One that needs the client libraries.
    fn of_library(name: &str, variables: &[&'static str]) -> Self {
        Self::new(installed("kms/bin/python").to_str().unwrap(), name, variables)
    }

    /// Adds it as a signer with the key that some options name.
    fn add(&self, desk: &Desk, signer: &str, options: &str, more: &[&str]) -> Outcome {
        let sign = format!("{} sign {options}", self.line);
        let public_key = format!("{} public-key {options}", self.line);
        let line = ["signers", "add", signer, "--command", &sign];
        let key = ["--public-key-command", &public_key];
        let who = ["--key-id", "ds-kms-2026-11", "--signer", "kms-signer"];
        let variables: Vec<&str> =
            self.variables.iter().flat_map(|variable| ["--env", variable]).collect();
        desk.run(&[&line[..], &key, &who, &variables, more].concat())
    }

    /// Runs it by itself.
    fn run(&self, desk: &Desk, verb: &str, words: &[&str]) -> Outcome {
        let mut line = self.line.split(' ');
        let mut command = desk.prepared(Command::new(line.next().unwrap()));
        command.args(line).arg(verb).args(words).current_dir(desk.home.path());
        finish(&mut command, b"")
    }
}

/// That it refused in one line, and said these words.
#[track_caller]
fn says(outcome: &Outcome, words: &str) {
    assert_ne!(outcome.code, 0, "{outcome:?}");
    assert_eq!((outcome.stdout.as_str(), outcome.stderr.trim().lines().count()), ("", 1));
    assert!(outcome.stderr.contains(words), "{words}: {outcome:?}");
}

fn sign(desk: &Desk, signer: &str) -> Outcome {
    let run = desk.case.run();
    desk.run(&["sign", run.to_str().unwrap(), "--signer-profile", signer, "--role", "operator"])
}

/// Has the service misbehave in each way: what the signer then makes is refused with these words, no
/// secret is shown, and nothing is written.
#[track_caller]
fn refused_each(desk: &Desk, service: &Service, signer: &str, ways: &[(&str, &str)], secret: &str) {
    let before = desk.case.snapshot();
    for (way, words) in ways {
        service.misbehave(way);
        let refused = sign(desk, signer).refused(&[words]);
        assert!(!refused.stderr.contains(secret), "{way}: {refused:?}");
        assert_eq!(desk.case.snapshot(), before, "{way}");
    }
    service.misbehave("");
}

/// That a command that gets no answer is ended, and nothing is written.
fn is_not_waited_for(desk: &Desk, service: &Service, program: &Program, options: &str) {
    let before = desk.case.snapshot();
    service.misbehave("slow");
    let settings = read_json(&desk.path("settings.json"));
    let key = settings["signers"][0]["source"]["public_key"].as_str().unwrap();
    let line = format!("{} sign {options}", program.line);
    let how = ["--algo", "ecdsa-p256-sha256", "--public-key", key, "--external-timeout", "2"];
    let variables: Vec<&str> =
        program.variables.iter().flat_map(|name| ["--external-env", name]).collect();
    desk.sign_like_the_reference(&line, &[&how[..], &variables].concat()).refused(&["2 s"]);
    service.misbehave("");
    assert_eq!(desk.case.snapshot(), before);
}

const GOOGLE_KEYS: &str = "projects/station/locations/europe-west3/keyRings/runs/cryptoKeys";

fn google() -> (Desk, Service, Program) {
    let service = Service::start("kms/bin/python", "google_kms.py");
    let account = service.place.path().join("account.json");
    let desk = Desk::new().with("GOOGLE_APPLICATION_CREDENTIALS", account);
    let variables = ["GOOGLE_APPLICATION_CREDENTIALS"];
    (desk, service, Program::of_library("google_cloud_kms.py", &variables))
}

fn google_key(service: &Service, algorithm: &str, version: u8) -> String {
    let name = format!("{GOOGLE_KEYS}/{algorithm}/cryptoKeyVersions/{version}");
    format!("--key-version {name} --endpoint http://127.0.0.1:{}", service.port)
}

#[test]
fn google_cloud_hsm_signs_through_its_client_library_and_its_key_is_attested() {
    let (desk, service, program) = google();
    let key = google_key(&service, "EC_SIGN_P256_SHA256", 1);
    let evidence = format!("{} evidence {key}", program.line);
    let added = program.add(&desk, "kms", &key, &["--evidence-command", &evidence]).ok();
    assert!(added.stdout.contains(CANONICAL), "{added:?}");
    let ways = [
        ("leak", "the header was Bearer •••"),
        ("flipped", "verif"),
        ("checksum", "the signature does not have the checksum that came with it"),
        ("pem-checksum", "the public key does not have the checksum that came with it"),
        ("unverified", "does not say that the digest reached it unchanged"),
        ("other-version", "cryptoKeyVersions/2', and projects"),
    ];
    // What a JSON web token begins with.
    refused_each(&desk, &service, "kms", &ways, "eyJ");
    is_not_waited_for(&desk, &service, &program, &key);

    sign(&desk, "kms").ok();
    assert_eq!(desk.block()["algorithm"], "ecdsa-p256-sha256");
    assert_eq!(desk.block()["key_attestation"]["type"], "liquidsecurity");
    verify_with_openssl(&desk.case);
    let standing =
        || desk.verified(&["--trust", "embedded"])["signatures"][0]["attestation"].clone();
    assert_eq!(standing()["standing"], "unknown_root", "{}", standing());
    // Maker and owner of the HSM are trusted.
    let roots = desk.path("attestation-roots");
    fs::create_dir(&roots).unwrap();
    for root in ["maker.pem", "owner.pem"] {
        fs::copy(service.place.path().join(root), roots.join(root)).unwrap();
    }
    assert_eq!(standing()["standing"], "verified", "{}", standing());
}

#[test]
fn each_kind_of_key_in_google_cloud_kms_signs_what_can_be_verified() {
    let (desk, service, program) = google();
    for (algorithm, ours, form) in [
        ("EC_SIGN_P384_SHA384", "ecdsa-p384-sha384", DIGEST),
        ("EC_SIGN_ED25519", "ed25519", DIGEST),
        ("RSA_SIGN_PKCS1_2048_SHA256", "rsa-pkcs1v15-sha256", CANONICAL),
    ] {
        let key = google_key(&service, algorithm, 1);
        let added = program.add(&desk, algorithm, &key, &["--algo", ours]).ok();
        assert!(added.stdout.contains(form), "{algorithm}: {added:?}");
    }
    fs::write(desk.path("sha256"), "5a".repeat(32)).unwrap();
    let sign = |algorithm: &str, version: u8| {
        let key = google_key(&service, algorithm, version);
        let words: Vec<&str> = key.split(' ').chain(["sha256"]).collect();
        program.run(&desk, "sign", &words)
    };
    says(&sign("RSA_SIGN_PKCS1_4096_SHA512", 1), "keys of RSA_SIGN_PKCS1_4096_SHA512 are not used");
    says(&sign("EC_SIGN_P256_SHA256", 2), "is not enabled, current state is: DISABLED");
    says(&sign("EC_SIGN_P256_SHA256", 3), "404");
    let plain = ["--key-version", &format!("{GOOGLE_KEYS}/K/cryptoKeyVersions/1")];
    let plain = [&plain[..], &["--endpoint", "http://kms.example.com", "sha256"]].concat();
    says(&program.run(&desk, "sign", &plain), "plain http to kms.example.com is refused");
}

#[test]
fn what_google_cloud_kms_says_of_a_key_is_evidence_if_its_hsm_states_it() {
    let (desk, service, program) = google();
    fs::write(desk.path("sha256"), "5a".repeat(32)).unwrap();
    let evidence = |algorithm: &str, file: &str| {
        let key = google_key(&service, algorithm, 1);
        let words: Vec<&str> = key.split(' ').chain([file]).collect();
        program.run(&desk, "evidence", &words)
    };
    says(&evidence("EC_SIGN_ED25519", "sha256"), "the protection level of the key is SOFTWARE");
    service.misbehave("old-firmware");
    says(&evidence("EC_SIGN_P256_SHA256", "sha256"), "has the form CAVIUM_V1_COMPRESSED");
    service.misbehave("");

    // With an entry of the audit log it is what an operator shows, and proves nothing.
    let key = google_key(&service, "EC_SIGN_P256_SHA256", 1);
    program.add(&desk, "kms", &key, &[]).ok();
    sign(&desk, "kms").ok();
    let name = key.split(' ').nth(1).unwrap();
    let log = json!([{"timestamp": desk.block()["signed_at"], "protoPayload": {
        "serviceName": "cloudkms.googleapis.com", "methodName": "AsymmetricSign", "resourceName": name,
    }}]);
    fs::write(desk.path("log.json"), log.to_string()).unwrap();
    let shown = evidence("EC_SIGN_P256_SHA256", "log.json").ok();
    fs::write(desk.path("evidence.json"), shown.stdout).unwrap();
    let run = desk.case.run();
    let attest = ["attest", run.to_str().unwrap(), "--evidence", &desk.text("evidence.json")];
    desk.run(&attest).ok();
    let verified = desk.verified(&["--trust", "embedded"]);
    assert_eq!(verified["signatures"][0]["attestation"]["standing"], "vouched", "{verified}");
}

fn azure() -> (Desk, Service, Program) {
    let service = Service::start("kms/bin/python", "azure_key_vault.py");
    let variables = ["IDENTITY_ENDPOINT", "IDENTITY_HEADER", "REQUESTS_CA_BUNDLE"];
    let identity = read_json(&service.place.path().join("identity.json"));
    let authority = service.place.path().join("authority.pem");
    let mut desk = Desk::new().with("REQUESTS_CA_BUNDLE", authority);
    for name in ["IDENTITY_ENDPOINT", "IDENTITY_HEADER"] {
        desk = desk.with(name, identity[name].as_str().unwrap());
    }
    (desk, service, Program::of_library("azure_key_vault.py", &variables))
}

fn azure_key(service: &Service, name: &str, version: &str) -> String {
    format!("--key-url https://127.0.0.1:{}/keys/{name}/{version}", service.port)
}

#[test]
fn azure_key_vault_signs_through_its_client_library() {
    let (desk, service, program) = azure();
    let key = azure_key(&service, "P-256", "a1");
    let added = program.add(&desk, "vault", &key, &[]).ok();
    assert!(added.stdout.contains(CANONICAL), "{added:?}");
    let ways = [
        ("leak", "the token was •••"),
        ("flipped", "verif"),
        ("other-version", "keys/P-256/a2', and https"),
        ("other-key", "keys/P-256/a2', and https"),
    ];
    refused_each(&desk, &service, "vault", &ways, "the token was e");
    is_not_waited_for(&desk, &service, &program, &key);
    sign(&desk, "vault").ok();
    assert_eq!(desk.block()["algorithm"], "ecdsa-p256-sha256");
    verify_with_openssl(&desk.case);

    for (name, ours, form) in
        [("P-384", "ecdsa-p384-sha384", DIGEST), ("RSA", "rsa-pkcs1v15-sha256", CANONICAL)]
    {
        let key = azure_key(&service, name, "a1");
        let added = program.add(&desk, name, &key, &["--algo", ours]).ok();
        assert!(added.stdout.contains(form), "{name}: {added:?}");
    }
    fs::write(desk.path("sha256"), "5a".repeat(32)).unwrap();
    let run = |desk: &Desk, key: &str| {
        program.run(desk, "sign", &key.split(' ').chain(["sha256"]).collect::<Vec<_>>())
    };
    says(&run(&desk, &azure_key(&service, "P-521", "a1")), "P-521 are not used");
    says(&run(&desk, &azure_key(&service, "P-256", "d1")), "is not allowed on a disabled key");
    says(&run(&desk, &azure_key(&service, "P-256", "z9")), "KeyNotFound");
    let plain = format!("--key-url http://127.0.0.1:{}/keys/P-256/a1", service.port);
    says(&run(&desk, &plain), "not an https URL");
    let without = "--key-url https://station.vault.azure.net/keys/P-256";
    says(&run(&desk, without), "names no version of a key");
    // A service that no authority certified gets no token.
    let desk = desk.with("REQUESTS_CA_BUNDLE", "/etc/ssl/certs/ca-certificates.crt");
    says(&run(&desk, &key), "cannot be reached");
}

fn vault() -> (Desk, Service, Program) {
    let service = Service::start("kms/bin/python", "vault_transit.py");
    let desk = Desk::new().with("VAULT_TOKEN", service.text("token"));
    (desk, service, Program::of_library("vault_transit.py", &["VAULT_TOKEN"]))
}

fn vault_key(service: &Service, name: &str, version: u8) -> String {
    format!("--address http://127.0.0.1:{} --key {name} --key-version {version}", service.port)
}

#[test]
fn vault_transit_signs_through_hvac() {
    let (desk, service, program) = vault();
    let key = vault_key(&service, "ecdsa-p256", 2);
    let added = program.add(&desk, "vault", &key, &[]).ok();
    assert!(added.stdout.contains(CANONICAL), "{added:?}");
    let ways = [
        ("leak", "the token ••• is not for this"),
        ("flipped", "verif"),
        ("other-version", "version 1 of ecdsa-p256 signed, and version 2 was asked for"),
        ("redirected", "give the --address of the active node"),
        ("derived", "is a derived key"),
    ];
    refused_each(&desk, &service, "vault", &ways, &service.text("token"));
    is_not_waited_for(&desk, &service, &program, &key);
    sign(&desk, "vault").ok();
    assert_eq!(desk.block()["algorithm"], "ecdsa-p256-sha256");
    verify_with_openssl(&desk.case);

    for (name, ours, form) in [
        ("ecdsa-p384", "ecdsa-p384-sha384", DIGEST),
        ("ed25519", "ed25519", DIGEST),
        ("rsa-2048", "rsa-pkcs1v15-sha256", CANONICAL),
    ] {
        let key = vault_key(&service, name, 3) + " --mount team/transit --namespace runs";
        let added = program.add(&desk, name, &key, &["--algo", ours]).ok();
        assert!(added.stdout.contains(form), "{name}: {added:?}");
    }
    fs::write(desk.path("sha256"), "5a".repeat(32)).unwrap();
    let run = |desk: &Desk, name: &str, version: u8| {
        let key = vault_key(&service, name, version);
        program.run(desk, "sign", &key.split(' ').chain(["sha256"]).collect::<Vec<_>>())
    };
    says(&run(&desk, "ecdsa-p256", 1), "less than the minimum encryption version");
    says(&run(&desk, "ecdsa-p256", 4), "has no version 4 (there is 1, 2, 3)");
    says(&run(&desk, "aes256-gcm96", 2), "keys of aes256-gcm96 are not used");
    says(&run(&desk, "missing", 2), "check --mount and --key");
    let foreign = desk.with("VAULT_TOKEN", "hvs.foreign");
    says(&run(&foreign, "ecdsa-p256", 2), "renew the token");
    let none = foreign.with("VAULT_TOKEN", "");
    says(&run(&none, "ecdsa-p256", 2), "there is no token: run `vault login`");
    fs::write(none.path(".vault-token"), service.text("token")).unwrap();
    run(&none, "ecdsa-p256", 2).ok();
}

#[test]
fn a_library_that_is_missing_is_named_with_what_installs_it() {
    let desk = Desk::new();
    fs::write(desk.path("sha256"), "5a".repeat(32)).unwrap();
    let version = format!("{GOOGLE_KEYS}/K/cryptoKeyVersions/1");
    let url = "https://station.vault.azure.net/keys/K/a1";
    let transit = ["--address", "https://vault.example.com", "--key", "k", "--key-version", "1"];
    for (name, words, library) in [
        ("google_cloud_kms.py", &["--key-version", &version][..], "google-cloud-kms=="),
        ("azure_key_vault.py", &["--key-url", url], "azure-keyvault-keys=="),
        ("vault_transit.py", &transit, "hvac=="),
    ] {
        // A Python with nothing but its own library.
        let program = Program::new(installed("ykman/bin/python").to_str().unwrap(), name, &[]);
        let outcome = program.run(&desk, "sign", &[words, &["sha256"]].concat());
        says(&outcome, "python3 -m venv DIR && DIR/bin/pip install ");
        says(&outcome, library);
    }
}

/// A desk for the AWS command line, the service that it speaks to, and the program.
fn aws() -> (Desk, Service, Program) {
    let service = Service::start("aws/bin/python", "aws_kms.py");
    let desk = Desk::new().at_aws(service.port);
    (desk, service, Program::new("python3", "aws_kms.py", &[]))
}

#[test]
fn aws_kms_signs_the_digest_itself() {
    let (desk, service, program) = aws();
    let added = program.add(&desk, "kms", "--key-id ECC_NIST_P256", &[]).ok();
    assert!(added.stdout.contains(CANONICAL), "{added:?}");
    let ways = [
        ("leak", "refused get-public-key (ValidationException)"),
        ("flipped", "verif"),
        ("other-key", "key/RSA_2048', and ECC_NIST_P256 was asked for"),
        ("other-signer", "key/RSA_2048' signed, and arn:aws:kms"),
    ];
    refused_each(&desk, &service, "kms", &ways, "Credential=");
    sign(&desk, "kms").ok();
    assert_eq!(desk.block()["algorithm"], "ecdsa-p256-sha256");
    verify_with_openssl(&desk.case);
    let key = "--key-id ECC_NIST_P384";
    let added = program.add(&desk, "p384", key, &["--algo", "ecdsa-p384-sha384"]).ok();
    assert!(added.stdout.contains(DIGEST), "{added:?}");
    fs::write(desk.path("sha256"), "5a".repeat(32)).unwrap();
    let run = |words: &[&str]| program.run(&desk, "sign", words);
    for spec in ["ECC_NIST_EDWARDS25519", "RSA_2048"] {
        run(&["--key-id", spec, "sha256"]).ok();
    }
    says(&run(&["--key-id", "ECC_SECG_P256K1", "sha256"]), "ECC_SECG_P256K1 are not used");
    says(&run(&["--key-id", "missing", "sha256"]), "(NotFoundException)");
    says(&run(&["--key-id", "k", "--profile", "missing", "sha256"]), "check --profile");
    let plain = ["--key-id", "k", "--endpoint", "http://kms.example.com", "sha256"];
    says(&run(&plain), "plain http to kms.example.com is refused");
    let evidence = program.run(&desk, "evidence", &["--key-id", "ECC_NIST_P256", "sha256"]);
    says(&evidence, "CloudTrail has the call up to 15 minutes later");
}

/// A key for companions in AWS KMS: a signature by another key has a companion by it.
#[test]
fn a_key_of_aws_kms_makes_companions() {
    let (desk, _service, program) = aws();
    let added = program.add(&desk, "pq", "--key-id ML_DSA_65", &[]).ok();
    assert!(added.stdout.contains(DIGEST), "{added:?}");
    assert!(added.stdout.contains("differently each time"), "it is hedged: {added:?}");
    let public_key = program.run(&desk, "public-key", &["--key-id", "ML_DSA_65"]).ok();
    fs::write(desk.path("pq.pem"), public_key.stdout).unwrap();
    let entry = ["--key-id", "ds-kms-2026-11", "--owner", "mira", "--kind", "external"];
    desk.run(&[["keys", "add", &desk.text("pq.pem")].as_slice(), &entry].concat()).ok();
    let (run, key) = (desk.case.run(), desk.secret("key", &seed(1)));
    let run = run.to_str().unwrap();
    // By itself it signs nothing.
    let before = desk.case.snapshot();
    sign(&desk, "pq").refused(&["makes companions of signatures"]);
    assert_eq!(desk.case.snapshot(), before);
    let sign = ["sign", run, "--role", "operator", "--signer", "mira", "--key-id", "ds-1"];
    desk.run(&[sign.as_slice(), &["--key-file", &key, "--companion", "pq"]].concat()).ok();
    let block = desk.block();
    assert_eq!(
        (&block["algorithm"], &block["signer_type"]),
        (&json!("ed25519"), &json!("software"))
    );
    assert_eq!(block["companion"]["signed_payload"], "sha256");
    let verified = desk.verified(&["--trust", "embedded"]);
    let companion = &verified["signatures"][0]["companion"];
    let of = (&companion["state"], &companion["key_id"]);
    assert_eq!(of, (&json!("holds"), &json!("ds-kms-2026-11")));
}

#[test]
fn each_kind_of_key_in_an_hsm_signs_through_pkcs11_tool() {
    let found = ["/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/softhsm/libsofthsm2.so"];
    let module = found.iter().find(|path| Path::new(path).exists());
    let module = module.expect("SoftHSM2 is needed: apt-get install softhsm2");
    let desk = Desk::new();
    fs::create_dir(desk.path("tokens")).unwrap();
    let config = format!("directories.tokendir = {}\n", desk.text("tokens"));
    fs::write(desk.path("softhsm2.conf"), config).unwrap();
    let config = desk.path("softhsm2.conf");
    let desk = desk.with("SOFTHSM2_CONF", config);
    let token = ["--init-token", "--free", "--label", "runs", "--pin", "1234", "--so-pin", "5678"];
    desk.tool("softhsm2-util", &token);
    let program = Program::new("python3", "hsm_tool.py", &["SOFTHSM2_CONF"]);
    let pin = desk.secret("pin", "1234\n");
    let of = |label: &str, algorithm: &str, pin: &str| {
        format!(
            "--module {module} --token-label runs --key-label {label} --pin-file {pin} \
             --algorithm {algorithm}"
        )
    };
    for (id, kind, algorithm, form) in [
        ("01", "EC:prime256v1", "ecdsa-p256-sha256", CANONICAL),
        ("02", "EC:secp384r1", "ecdsa-p384-sha384", DIGEST),
        ("03", "RSA:2048", "rsa-pkcs1v15-sha256", CANONICAL),
        ("04", "EC:edwards25519", "ed25519", DIGEST),
    ] {
        let make = ["--module", module, "--token-label", "runs", "--login", "--pin", "1234"];
        let kind = ["--keypairgen", "--key-type", kind, "--id", id, "--label", algorithm];
        desk.tool("pkcs11-tool", &[make, kind].concat());
        let key = of(algorithm, algorithm, &pin);
        let added = program.add(&desk, algorithm, &key, &["--algo", algorithm]).ok();
        assert!(added.stdout.contains(form), "{algorithm}: {added:?}");
    }
    let key = of("rsa-pkcs1v15-sha256", "rsa-pss-sha256", &pin);
    let added = program.add(&desk, "pss", &key, &["--algo", "rsa-pss-sha256"]).ok();
    assert!(added.stdout.contains(CANONICAL), "{added:?}");
    sign(&desk, "ecdsa-p256-sha256").ok();
    verify_with_openssl(&desk.case);

    fs::write(desk.path("sha256"), "5a".repeat(32)).unwrap();
    let run = |key: &str| {
        program.run(&desk, "sign", &key.split(' ').chain(["sha256"]).collect::<Vec<_>>())
    };
    let p256 = "ecdsa-p256-sha256";
    says(&run(&of("missing", p256, &pin)), "no privkey object with the label 'missing'");
    says(&run(&of(p256, "ecdsa-p384-sha384", &pin)), "not one for ecdsa-p384-sha384");
    says(&run(&of(p256, "ed25519", &pin)), "not one for ed25519");
    let wrong = run(&of(p256, p256, &desk.secret("wrong", "80471\n")));
    says(&wrong, "CKR_PIN_INCORRECT");
    assert!(!wrong.stderr.contains("80471"), "{wrong:?}");
    // Once an attempt was lost, nothing that is unattended uses another: not even with the right PIN.
    for _ in 0..2 {
        says(&run(&of(p256, p256, &pin)), "'user PIN count low': log in by hand");
    }
    let by_hand = ["--module", module, "--token-label", "runs", "--login", "--pin", "1234", "-O"];
    desk.tool("pkcs11-tool", &by_hand);
    assert_eq!(run(&of(p256, p256, &pin)).code, 0);
    // What a PIN cannot be is not sent; the end of a line of either kind is not part of it.
    assert_eq!(run(&of(p256, p256, &desk.secret("crlf", "1234\r\n"))).code, 0);
    for text in ["", "\n", " 1234\n", "\"1234\"\n", "1234\n5678\n", "\u{feff}1234\n"] {
        says(&run(&of(p256, p256, &desk.secret("odd", text))), "does not have one line with a PIN");
    }
    assert_eq!(run(&of(p256, p256, &pin)).code, 0);
    // A PIN that others may read is not used.
    fs::set_permissions(desk.path("pin"), std::os::unix::fs::PermissionsExt::from_mode(0o640))
        .unwrap();
    says(&run(&of(p256, p256, &pin)), "chmod 600");
}

/// The services on loopback check what they are asked: a program with a mistake gets no signature.
#[test]
fn a_program_that_makes_a_mistake_is_refused_by_its_service() {
    let refused = |(desk, service, program): (Desk, Service, Program),
                   name: &str,
                   key: &dyn Fn(&Service) -> String,
                   mistakes: &[(&str, &str, &str)]| {
        fs::write(desk.path("sha256"), "5a".repeat(32)).unwrap();
        let right = fs::read_to_string(signer_program(name)).unwrap();
        for (from, to, said) in mistakes {
            assert!(right.contains(from), "{name} has {from}");
            fs::write(desk.path(name), right.replace(from, to)).unwrap();
            let line = program.line.replace(&signer_program(name), &desk.text(name));
            let wrong = Program { line, variables: Vec::new() };
            let key = key(&service);
            let words: Vec<&str> = key.split(' ').chain(["sha256"]).collect();
            says(&wrong.run(&desk, "sign", &words), said);
        }
    };
    let key = |service: &Service| google_key(service, "EC_SIGN_P256_SHA256", 1);
    refused(
        google(),
        "google_cloud_kms.py",
        &key,
        &[
            (", f\"{field}_crc32c\": crc32c(data)}", "}", "The checksum does not match"),
            ("crc32c(data)}", "crc32c(data) ^ 1}", "The checksum does not match"),
            ("{\"sha256\": digest}", "{\"sha384\": digest}", "signs a digest by sha256"),
            (
                "{\"sha256\": digest}, digest",
                "{\"sha256\": digest[1:]}, digest[1:]",
                "wrong length",
            ),
        ],
    );
    let key = |service: &Service| azure_key(service, "P-256", "a1");
    refused(
        azure(),
        "azure_key_vault.py",
        &key,
        &[
            ("return \"ES256\"", "return \"ES384\"", "Key and signing algorithm are incompatible"),
            ("return \"ES256\", digest", "return \"ES256\", digest[1:]", "Invalid length"),
        ],
    );
    let key = |service: &Service| vault_key(service, "ecdsa-p256", 2);
    refused(
        vault(),
        "vault_transit.py",
        &key,
        &[
            ("\"sha2-256\", \"marsh", "\"sha2-384\", \"marsh", "the digest has a wrong length"),
            ("timeout=SECONDS", "timeout=SECONDS, token='hvs.foreign'", "permission denied"),
        ],
    );
    let key = |_: &Service| "--key-id ECC_NIST_P384".to_owned();
    let mistakes = [("hashlib.sha384(digest).digest()", "digest", "(ValidationException)")];
    refused(aws(), "aws_kms.py", &key, &mistakes);
}

/// The programs name the versions of the libraries that the tests have tried.
#[test]
fn the_docs_say_which_versions_were_tried() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let docs = fs::read_to_string(root.join("docs/keys/cloud-kms.md")).unwrap();
    for name in ["google_cloud_kms.py", "azure_key_vault.py", "vault_transit.py"] {
        let program = fs::read_to_string(signer_program(name)).unwrap();
        let line = program.lines().find_map(|line| line.strip_prefix("INSTALL = ")).unwrap();
        for package in line.trim_matches('"').split(' ') {
            assert!(docs.contains(package), "{package} of {name}");
        }
    }
}
