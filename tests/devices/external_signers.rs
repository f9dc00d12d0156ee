//! Keys behind commands, for real: a YubiKey through `yubico-piv-tool`, AWS KMS through the AWS
//! command line, an HSM through `pkcs11-tool`. Each signs a run, OpenSSL verifies it, and the level
//! and assurance are what they are.

// Helpers of tests may fail the test.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use countersign_tests::{
    Outcome, command, finish, read_json, signatures_of, tool, verify_with_openssl,
};
use serde_json::{Value, json};
use virtual_yubikey::{Algorithm, Card, Options, Pcscd, SlotOptions};

use crate::command_desk::{Desk, LIMIT, installed, signer_program};

fn script(name: &str) -> String {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join("external");
    fixtures.join(name).to_str().unwrap().to_owned()
}

#[test]
fn a_yubikey_signs_through_yubico_piv_tool() {
    // By the name that the tool looks for.
    let pcscd = Pcscd::start_named("Yubico YubiKey OTP+FIDO+CCID").unwrap();
    let desk = Desk::new().with("PCSCLITE_CSOCK_NAME", pcscd.socket());
    let slots = vec![SlotOptions::new(0x9c, Algorithm::P256)];
    let plug = Card::new(Options { slots, ..Options::default() }).plug(pcscd.port(0)).unwrap();
    assert!(plug.wait_until_seen(LIMIT), "pcscd sees the card");
    let begun = Instant::now();
    while !desk.run(&["devices", "--json"]).stdout.contains("CCID 00 00") {
        assert!(begun.elapsed() < LIMIT, "the card is never listed");
    }
    let key = plug.card(|state| state.public_key(0x9c)).expect("a key is there");
    fs::write(desk.path("public.der"), key).unwrap();
    let key = desk.pem("public.der");
    let more = ["--public-key", &key, "--external-env", "PCSCLITE_CSOCK_NAME"];

    // As the reference has it, it signs nothing: the tool knows no action of that name, and a P-256
    // key signs no Ed25519.
    let before = desk.case.snapshot();
    let line = "yubico-piv-tool -a verify-pin -a sign --algorithm ECCP256";
    let algorithm = ["--algo", "ed25519"];
    let outcome = desk.sign_like_the_reference(line, &[&more[..], &algorithm].concat());
    outcome.refused(&["not one for ed25519", "correct the key or the algorithm"]);
    let more = [&more[..], &["--algo", "ecdsa-p256-sha256"]].concat();
    let outcome = desk.sign_like_the_reference(line, &more);
    outcome.refused(&["yubico-piv-tool: failed", "invalid argument, \"sign\""]);
    assert_eq!(desk.case.snapshot(), before);

    let line = format!("{} {}", script("sign-with-yubikey.sh"), desk.secret("pin", "123456\n"));
    desk.sign_like_the_reference(&line, &more).ok();
    assert_eq!(desk.block()["signed_payload"], "sha256_hex");
    desk.reaches_l6("ds-hw-2026-02");

    // A wrong PIN costs the one try of the one call, and nothing is written.
    let other = Desk::new().with("PCSCLITE_CSOCK_NAME", pcscd.socket());
    let before = other.case.snapshot();
    let line = format!("{} {}", script("sign-with-yubikey.sh"), other.secret("pin", "654321\n"));
    other.sign_like_the_reference(&line, &more).refused(&["sign-with-yubikey.sh: failed"]);
    assert_eq!(plug.card(|state| state.pin_tries()), 2);
    assert_eq!(other.case.snapshot(), before);
}

/// A KMS on loopback, ended with the test.
struct Moto(Child, u16);

impl Moto {
    fn start(home: &Path) -> Self {
        let server = installed("aws/bin/moto_server");
        let mut command = Command::new(server);
        command.args(["-H", "127.0.0.1", "-p", "0"]).current_dir(home).env("HOME", home);
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // The system gave it a port, which it says.
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let port = lines.find_map(|line| {
            let line = line.expect("it speaks");
            line.split_once("http://127.0.0.1:")?.1.trim().parse().ok()
        });
        // What it goes on to say is read, so that it never waits for a reader.
        std::thread::spawn(move || lines.for_each(drop));
        let moto = Self(child, port.expect("it names its port"));
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", moto.1)).is_err() {
            assert!(begun.elapsed() < LIMIT, "it never listens");
        }
        moto
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A desk whose home is set up for the AWS command line, with a key of the alias that the reference
/// signs with.
fn with_kms() -> (Desk, Moto, String) {
    let desk = Desk::new();
    let moto = Moto::start(desk.home.path());
    let desk = desk.at_aws(moto.1);
    let kind = ["--key-spec", "ECC_NIST_P256", "--key-usage", "SIGN_VERIFY"];
    let made = desk.tool("aws", &[&["kms", "create-key"], kind.as_slice()].concat());
    let made: Value = serde_json::from_str(&made.stdout).unwrap();
    let arn = made["KeyMetadata"]["Arn"].as_str().unwrap().to_owned();
    let alias = ["--alias-name", "alias/deepsigma-signing", "--target-key-id", &arn];
    desk.tool("aws", &[&["kms", "create-alias"], alias.as_slice()].concat());
    (desk, moto, arn)
}

/// The line that has the ready-made program do something with that key.
fn aws_kms(verb: &str) -> String {
    let program = signer_program("aws_kms.py");
    format!("python3 -I {program} {verb} --key-id alias/deepsigma-signing")
}

/// A CloudTrail record of a call, as AWS writes them: the message is not in it.
fn cloud_trail(arn: &str, at: &str) -> Value {
    json!({
        "eventVersion": "1.08",
        "userIdentity": {"type": "IAMUser", "userName": "kms-signer"},
        "eventTime": at, "eventSource": "kms.amazonaws.com", "eventName": "Sign",
        "awsRegion": "eu-central-1", "eventType": "AwsApiCall", "readOnly": true,
        "requestParameters": {
            "keyId": "alias/deepsigma-signing", "messageType": "RAW",
            "signingAlgorithm": "ECDSA_SHA_256",
        },
        "responseElements": null,
        "resources": [{"accountId": "123456789012", "type": "AWS::KMS::Key", "ARN": arn}],
    })
}

#[test]
fn aws_kms_signs_through_the_aws_command_line_and_its_evidence_is_no_proof() {
    let (desk, _moto, arn) = with_kms();
    let public_key = aws_kms("public-key");
    let added = desk
        .run(&[
            "signers",
            "add",
            "kms",
            "--command",
            &script("sign_with_kms.sh"),
            "--public-key-command",
            &public_key,
            "--key-id",
            "ds-kms-2026-02",
            "--signer",
            "kms-signer",
        ])
        .ok();
    assert!(added.stdout.contains("over the 64 hex digits"), "{added:?}");
    let run = desk.case.run();
    let run = run.to_str().unwrap();
    desk.run(&["sign", run, "--signer-profile", "kms", "--role", "operator"]).ok();
    assert_eq!(desk.block()["algorithm"], "ecdsa-p256-sha256");
    assert_eq!(desk.block()["signed_payload"], "sha256_hex");

    // The log has the call only later: evidence comes to a signature that stands.
    let at = desk.block()["signed_at"].as_str().unwrap().to_owned();
    let evidence = |event: &Value| {
        fs::write(desk.path("event.json"), event.to_string()).unwrap();
        let program = signer_program("aws_kms.py");
        let made = ["-I", &program, "evidence", "--key-id", "alias/deepsigma-signing"];
        let made = desk.tool("python3", &[made.as_slice(), &[&desk.text("event.json")]].concat());
        fs::write(desk.path("evidence.json"), made.stdout).unwrap();
        desk.text("evidence.json")
    };
    let before = desk.case.snapshot();
    let attest = |file: &str| desk.run(&["attest", run, "--evidence", file]);
    let other = cloud_trail("arn:aws:kms:eu-central-1:123456789012:key/other", &at);
    attest(&evidence(&other)).refused(&["is of no signature", "about another key"]);
    let long_ago = cloud_trail(&arn, "2020-01-01T00:00:00Z");
    attest(&evidence(&long_ago)).refused(&["2020-01-01T00:00:00Z"]);
    assert_eq!(desk.case.snapshot(), before);
    let attached = attest(&evidence(&cloud_trail(&arn, &at))).ok();
    assert_eq!(attached.stdout.matches("wrote").count(), 2, "{attached:?}");

    let verified = desk.verified(&["--trust", "embedded"]);
    let attestation = &verified["signatures"][0]["attestation"];
    assert_eq!(attestation["standing"], "vouched");
    let words = attestation["words"].as_str().unwrap();
    assert!(words.contains(&arn) && words.contains("proves nothing"), "{words}");
    desk.reaches_l6("ds-kms-2026-02");
}

#[test]
fn what_version_2_of_the_aws_command_line_signs_is_found() {
    let (desk, _moto, _) = with_kms();
    let read = ["kms", "get-public-key", "--key-id", "alias/deepsigma-signing"];
    fs::write(desk.path("public.json"), desk.tool("aws", &read).stdout).unwrap();
    // Version 2 takes the hex digits for base64, and sends the 48 bytes that come of that.
    let version_2 = r#"
        base64 -d "$1" > "$1.raw"
        exec aws kms sign --key-id alias/deepsigma-signing --message "fileb://$1.raw" \
            --message-type RAW --signing-algorithm ECDSA_SHA_256 --output text --query Signature
    "#;
    fs::write(desk.path("v2.sh"), version_2).unwrap();
    let key = desk.text("public.json");
    let more = ["--algo", "ecdsa-p256-sha256", "--public-key", &key];
    desk.sign_like_the_reference(&format!("sh {}", desk.text("v2.sh")), &more).ok();
    assert_eq!(desk.block()["signed_payload"], "sha256_hex_base64");
    verify_with_openssl(&desk.case);
}

#[test]
fn an_hsm_signs_through_a_command_with_arguments() {
    let found = ["/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/softhsm/libsofthsm2.so"];
    let module = found.iter().find(|path| Path::new(path).exists());
    let module = module.expect("SoftHSM2 is needed: apt-get install softhsm2");
    let desk = Desk::new();
    fs::create_dir(desk.path("tokens")).unwrap();
    let config = format!("directories.tokendir = {}\n", desk.text("tokens"));
    fs::write(desk.path("softhsm2.conf"), config).unwrap();
    let config = desk.path("softhsm2.conf");
    let desk = desk.with("SOFTHSM2_CONF", config).with("HSM_MODULE", *module);
    let token = ["--init-token", "--free", "--label", "t", "--pin", "1234", "--so-pin", "5678"];
    let made = desk.tool("softhsm2-util", &token).stdout;
    let slot = made.rsplit_once("reassigned to slot ").expect("a slot").1.trim();
    let pkcs11_tool = |arguments: &[&str]| {
        desk.tool("pkcs11-tool", &[&["--module", *module], arguments].concat());
    };
    let label = ["--label", "deepsigma", "--id", "02"];
    let make = ["--login", "--pin", "1234", "--keypairgen", "--key-type", "EC:prime256v1"];
    // Another key stands before it, which is not to be taken.
    pkcs11_tool(&[make.as_slice(), &["--label", "another", "--id", "01"]].concat());
    pkcs11_tool(&[make.as_slice(), &label].concat());
    let read = ["--read-object", "--type", "pubkey", "--output-file", "public.der"];
    pkcs11_tool(&[read.as_slice(), &label].concat());

    let key = desk.pem("public.der");
    let pin = desk.secret("pin", "1234");
    let line = format!("{} --slot {slot} --pin-file {pin}", script("hsm-sign"));
    let environment = ["--external-env", "HSM_MODULE", "--external-env", "SOFTHSM2_CONF"];
    let algorithm = ["--algo", "ecdsa-p256-sha256", "--public-key", &key];
    let more = [environment.as_slice(), &algorithm].concat();
    let before = desk.case.snapshot();
    let wrong = desk.secret("wrong", "4321");
    let with_wrong = format!("{} --slot {slot} --pin-file {wrong}", script("hsm-sign"));
    desk.sign_like_the_reference(&with_wrong, &more)
        .refused(&["hsm-sign: failed", "CKR_PIN_INCORRECT"]);
    assert_eq!(desk.case.snapshot(), before);
    // The right one is not sent either before a person has logged in with it.
    desk.sign_like_the_reference(&line, &more).refused(&["hsm-sign: failed", "log in by hand"]);
    assert_eq!(desk.case.snapshot(), before);
    pkcs11_tool(&["--login", "--pin", "1234", "--list-objects"]);
    desk.sign_like_the_reference(&line, &more).ok();
    assert_eq!(desk.block()["signed_payload"], Value::Null, "the canonical bytes");
    desk.reaches_l6("ds-hw-2026-02");
}

/// A desk with a signer behind OpenSSL, which has passed its probe.
fn with_signer() -> Desk {
    let desk = Desk::new();
    let key = ["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"];
    desk.tool("openssl", &[key.as_slice(), &["-out", "key.pem"]].concat());
    desk.tool("openssl", &["pkey", "-in", "key.pem", "-pubout", "-out", "public.pem"]);
    fs::write(desk.path("sign.sh"), "openssl dgst -sha256 -sign key.pem \"$1\" | base64 -w0\n")
        .unwrap();
    let (line, key) = (format!("sh {}", desk.text("sign.sh")), desk.text("public.pem"));
    let home = desk.home.path().to_str().unwrap().to_owned();
    let add = ["signers", "add", "openssl", "--command", &line, "--public-key", &key];
    let who = ["--key-id", "ds-ext-1", "--signer", "mira", "--working-directory", &home];
    let added = desk.run(&[add.as_slice(), &who].concat()).ok();
    assert!(added.stdout.contains("differently each time"), "{added:?}");
    desk
}

fn sign_with(desk: &Desk, name: &str) -> Outcome {
    let run = desk.case.run();
    desk.run(&["sign", run.to_str().unwrap(), "--signer-profile", name, "--role", "operator"])
}

/// A command that says who it is, and then waits for ever; and that program's number, once it has.
fn waiting_signer(desk: &Desk) -> (Child, String) {
    let script = "echo $$ > \"$0.now\"; mv \"$0.now\" \"$0.pid\"; sleep 1000";
    fs::write(desk.path("wait.sh"), script).unwrap();
    fs::create_dir(desk.path("tmp")).unwrap();
    let run = desk.case.run();
    let (line, key) = (format!("sh {}", desk.text("wait.sh")), desk.text("public.pem"));
    let mut sign = desk.prepared(command());
    sign.env("TMPDIR", desk.path("tmp")).env("COUNTERSIGN_KEYRING", desk.path("keyring.json"));
    sign.args(["sign", "--role", "operator", "--key-id", "ds-ext-1", "--signer", "mira"]);
    sign.args(["--external-signer-cmd", &line, "--public-key", &key]);
    let child = sign.args(["--algo", "ecdsa-p256-sha256"]).arg(run).spawn().unwrap();
    let begun = Instant::now();
    while !desk.path("wait.sh.pid").exists() {
        assert!(begun.elapsed() < LIMIT, "the command was not started");
        std::thread::yield_now();
    }
    (child, fs::read_to_string(desk.path("wait.sh.pid")).unwrap().trim().to_owned())
}

/// Ctrl-C does not reach a command in a group of its own: who ends the program ends that too.
#[test]
fn whoever_ends_the_program_ends_its_command_and_removes_what_it_was_given() {
    let desk = with_signer();
    let before = desk.case.snapshot();
    let (mut child, waiting) = waiting_signer(&desk);
    assert_eq!(fs::read_dir(desk.path("tmp")).unwrap().count(), 1);
    // Of the signals the one that whoever runs the tests does not have ignored (nohup).
    let number = child.id().to_string();
    tool("kill", "procps", &["-s", "TERM", &number], desk.home.path()).ok();
    assert!(!child.wait().unwrap().success());
    let begun = Instant::now();
    while Path::new("/proc").join(&waiting).exists() {
        assert!(begun.elapsed() < LIMIT, "the command goes on");
        std::thread::yield_now();
    }
    assert_eq!(fs::read_dir(desk.path("tmp")).unwrap().count(), 0);
    assert_eq!(desk.case.snapshot(), before);
}

/// What a script has open, such as the descriptor of a PIN, is nothing for a command.
#[test]
fn a_command_gets_no_descriptor_but_its_own() {
    let desk = with_signer();
    desk.secret("pin", "1234");
    let script = "if [ -e /proc/$$/fd/5 ]; then cat <&5 >&2; exit 1; fi
        openssl dgst -sha256 -sign key.pem \"$1\" | base64 -w0";
    fs::write(desk.path("sign.sh"), script).unwrap();
    let run = desk.case.run();
    let line = "exec 5<pin; exec \"$0\" \"$@\"";
    let mut shell = desk.prepared(Command::new("sh"));
    shell.args(["-c", line]).arg(countersign_tests::binary()).current_dir(desk.home.path());
    shell.env("COUNTERSIGN_KEYRING", desk.path("keyring.json"));
    shell.env("COUNTERSIGN_SETTINGS", desk.path("settings.json"));
    shell.args(["sign", "--signer-profile", "openssl", "--role", "operator"]).arg(run);
    finish(&mut shell, b"").ok();
}

#[test]
fn a_signer_whose_last_probe_failed_cannot_sign() {
    let desk = with_signer();
    let good = fs::read_to_string(desk.path("sign.sh")).unwrap();
    fs::write(desk.path("sign.sh"), "echo 'no key today' >&2; exit 1").unwrap();
    desk.run(&["signers", "probe", "openssl"]).refused(&["no key today"]);
    fs::write(desk.path("sign.sh"), good).unwrap();
    let before = desk.case.snapshot();
    sign_with(&desk, "openssl").refused(&["openssl", "probe"]);
    assert_eq!(desk.case.snapshot(), before);
    desk.run(&["signers", "probe", "openssl"]).ok();
    sign_with(&desk, "openssl").ok();
}

#[test]
fn what_is_said_of_a_key_against_its_signer_is_refused_and_not_ignored() {
    let desk = with_signer();
    let run = desk.case.run();
    let before = desk.case.snapshot();
    let sign = ["sign", run.to_str().unwrap(), "--signer-profile", "openssl", "--role", "operator"];
    for (more, said) in [
        (["--signer-type", "software"], "--signer-type"),
        (["--public-key", "key.pem"], "--public-key"),
        (["--external-timeout", "5"], "--external-timeout"),
        (["--external-env", "AWS_PROFILE"], "--external-env"),
        (["--module", "/usr/lib/m.so"], "--module"),
        (["--key-label", "k"], "--key-label"),
        (["--signed-payload", "sha256"], "signs sha256_hex, as its probe found, and not sha256"),
    ] {
        desk.run(&[sign.as_slice(), &more].concat()).refused(&[said]);
    }
    assert_eq!(desk.case.snapshot(), before);
    let object = ["sign", run.to_str().unwrap(), "--role", "operator", "--pkcs11"];
    let other = ["pkcs11:object=a", "--key-label", "b"];
    desk.run(&[object.as_slice(), &other].concat()).refused(&["--key-label contradicts the URI"]);
}

#[test]
fn what_a_command_says_is_shown_though_it_signed() {
    let desk = with_signer();
    let script = fs::read_to_string(desk.path("sign.sh")).unwrap();
    fs::write(desk.path("sign.sh"), format!("echo 'the key expires in May' >&2\n{script}"))
        .unwrap();
    let signed = sign_with(&desk, "openssl").ok();
    assert!(signed.stderr.contains("sh said: the key expires in May"), "{signed:?}");
}

#[test]
fn a_signer_signs_only_as_it_was_when_it_passed_its_probe() {
    let desk = with_signer();
    let settings = desk.path("settings.json");
    let kept = read_json(&settings);
    let before = desk.case.snapshot();
    let elsewhere = format!("sh -e {}", desk.text("sign.sh"));
    for (field, value) in [
        ("command", json!(elsewhere)),
        ("algorithm", json!("rsa-pss-sha256")),
        ("public_key", json!("11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=")),
        ("environment", json!(["AWS_PROFILE"])),
        ("working_directory", json!("/tmp")),
        ("signed_payload", Value::Null),
    ] {
        let mut changed = kept.clone();
        changed["signers"][0]["source"][field] = value;
        fs::write(&settings, changed.to_string()).unwrap();
        let refused = sign_with(&desk, "openssl");
        assert_eq!(refused.code, 2, "{field}: {refused:?}");
    }
    let mut changed = kept.clone();
    changed["signers"][0]["source"]["command"] = json!(elsewhere);
    changed["other"] = json!("stays");
    fs::write(&settings, changed.to_string()).unwrap();
    sign_with(&desk, "openssl")
        .refused(&["has changed since its last probe", "probe it before it signs"]);
    let listed = desk.run(&["signers", "list"]).ok();
    assert!(listed.stdout.contains("has changed since its last probe"), "{listed:?}");
    assert_eq!(desk.case.snapshot(), before);

    desk.run(&["signers", "probe", "openssl"]).ok();
    assert_eq!(read_json(&settings)["other"], "stays");
    sign_with(&desk, "openssl").ok();
    verify_with_openssl(&desk.case);

    desk.run(&["signers", "remove", "openssl"]).ok();
    sign_with(&desk, "openssl").refused(&["no signer of the name"]);
}

#[test]
fn a_signer_whose_signatures_verify_under_nothing_is_not_kept() {
    let desk = with_signer();
    fs::write(
        desk.path("other.sh"),
        "openssl rand 64 > r; openssl dgst -sha256 -sign key.pem r | base64 -w0\n",
    )
    .unwrap();
    let (line, key) = (format!("sh {}", desk.text("other.sh")), desk.text("public.pem"));
    let home = desk.home.path().to_str().unwrap().to_owned();
    let add = ["signers", "add", "other", "--command", &line, "--public-key", &key];
    let who = ["--key-id", "k", "--signer", "mira", "--working-directory", &home];
    let add = [add.as_slice(), &who].concat();
    desk.run(&add).refused(&["verify under none of canonical_json"]);
    assert!(!desk.run(&["signers", "list"]).ok().stdout.contains("other"));
    desk.run(&[add.as_slice(), &["--no-probe"]].concat()).ok();
    sign_with(&desk, "other").refused(&["or was never probed", "probe it before it signs"]);
    desk.run(&["signers", "probe", "other"]).refused(&["verify under none"]);
    // Names of variables are kept, never values; and never those that hold our own secrets.
    desk.run(&[add.as_slice(), &["--env", "A=1"]].concat()).refused(&["names alone"]);
    let secret = ["--env", "DEEPSIGMA_SIGNING_KEY"];
    desk.run(&[add.as_slice(), &secret].concat()).refused(&["passed to no command"]);
}

/// What an evidence command fails at is no fault of the signature, which has been made by then.
#[test]
fn evidence_that_a_command_prints_comes_with_each_signature_and_its_failure_is_named() {
    let desk = with_signer();
    let settings = desk.path("settings.json");
    let unsigned = desk.case.snapshot();
    let command = |script: &str| {
        fs::write(desk.path("evidence.sh"), script).unwrap();
        let mut with = read_json(&settings);
        let line = format!("sh {}", desk.text("evidence.sh"));
        with["signers"][0]["source"]["evidence_command"] = json!(line);
        fs::write(&settings, with.to_string()).unwrap();
    };
    for (script, said) in [
        ("echo no JSON", "no evidence"),
        ("echo no log yet >&2; exit 3", "no log yet"),
        ("cat \"$1\" > digest; echo '{\"type\": \"tpm2-certify\"}'", "\"attest\""),
        // What stands beside a signature leaves no room for what could be verified.
        ("echo '{\"type\": \"tpm2-quote\"}'", "is none of yubikey-piv,"),
        (
            "echo '{\"type\": \"yubikey-piv\", \"slot\": \"9c\", \"certificate\": \"MAA=\", \"intermediate\": \"MAA=\"}'",
            "malformed",
        ),
    ] {
        command(script);
        let signed = sign_with(&desk, "openssl").ok();
        assert!(signed.stderr.contains(said), "{said}: {signed:?}");
        assert!(signed.stderr.contains("signed without"), "{signed:?}");
        assert!(!signed.stderr.contains("nothing was"), "{signed:?}");
        assert!(desk.block()["key_attestation"].is_null());
        verify_with_openssl(&desk.case);
        for artifact in [desk.case.run(), desk.case.manifest()] {
            fs::remove_file(signatures_of(&artifact)).unwrap();
        }
    }
    assert_eq!(desk.case.snapshot(), unsigned);
    let digest = fs::read_to_string(desk.path("digest")).unwrap();
    assert_eq!(digest.len(), 64);
    // One of a cloud that is not known here is kept as it is.
    let evidence = r#"{"type": "cloud-kms", "provider": "azure", "key_metadata": {}, "public_key": {},
        "audit_event": {"digest": "%s"}}"#;
    command(&format!("printf '{evidence}' \"$(cat \"$1\")\""));
    let signed = sign_with(&desk, "openssl").ok();
    assert!(signed.stderr.contains("\"azure\" is not verified"), "{signed:?}");
    // The manifest was signed last when the command wrote its digest down.
    let of_run = desk.block()["key_attestation"]["audit_event"]["digest"].clone();
    assert_ne!(of_run, digest.as_str());
    let manifest = read_json(&signatures_of(&desk.case.manifest()));
    let of_manifest = manifest["key_attestation"]["audit_event"]["digest"].as_str().unwrap();
    assert_eq!(of_manifest, digest);
}

#[test]
fn the_public_key_of_a_command_may_come_from_the_keyring() {
    let desk = with_signer();
    let key = desk.text("public.pem");
    let line = format!("sh -c 'cd {} && sh sign.sh \"$0\"'", desk.home.path().display());
    let more = ["--algo", "ecdsa-p256-sha256"];
    desk.sign_like_the_reference(&line, &more).refused(&["knows no public key", "--public-key"]);
    let add = ["keys", "add", &key, "--key-id", "ds-hw-2026-02", "--owner", "operator-1"];
    desk.run(&[add.as_slice(), &["--role", "operator", "--kind", "external"]].concat()).ok();
    desk.sign_like_the_reference(&line, &more).ok();
    verify_with_openssl(&desk.case);
}

/// Adds a signer whose command is a script in the desk's home.
fn add_signer(desk: &Desk, script: &str) -> Outcome {
    fs::write(desk.path("added.sh"), format!("{script}\n")).unwrap();
    let (line, key) = (format!("sh {}", desk.text("added.sh")), desk.text("public.pem"));
    let home = desk.home.path().to_str().unwrap().to_owned();
    let add = ["signers", "add", "added", "--command", &line, "--public-key", &key];
    let who = ["--key-id", "k", "--signer", "mira", "--working-directory", &home];
    desk.run(&[add.as_slice(), &who].concat())
}

#[test]
fn an_encoding_that_is_not_taken_is_named_with_the_pipe_that_helps() {
    const SIGN: &str = "openssl dgst -sha256 -sign key.pem \"$1\"";
    for (encode, name) in [
        ("cat", "bytes that are not text"),
        ("xxd -p | tr -d '\\n'", "in hex digits"),
        ("xxd -p", "in hex digits"),
        ("base64 -w64", "in several lines"),
        ("base64 -w0 | sed 's/.*/\"&\"/'", "in quotes"),
        ("base64 -w0 | sed 's/$/ /'", "with spaces"),
        ("(echo -----BEGIN SIGNATURE-----; base64; echo -----END SIGNATURE-----)", "in PEM"),
        ("base64 -w0 | sed 's/.*/{\"signature\":\"&\"}/'", "a JSON object"),
        ("(printf '\\357\\273\\277'; base64 -w0)", "behind a byte order mark"),
        ("base64 -w0 | iconv -f ASCII -t UTF-16", "text in UTF-16"),
    ] {
        let desk = with_signer();
        let script = format!("{SIGN} | {encode}");
        let refused = add_signer(&desk, &script).refused(&[name, "nothing was signed"]);
        // The remedy, as it stands in the message, makes it a signer.
        let pipe = refused.stderr.split('`').find(|part| part.starts_with("| ")).unwrap();
        let helps = add_signer(&desk, &format!("({script}) {pipe}"));
        assert_eq!(helps.code, 0, "{encode} {pipe}: {helps:?}");
        // So does the other way that it names, as the command itself.
        let shell = refused.stderr.split('`').find(|part| part.starts_with("sh -c ")).unwrap();
        fs::write(desk.path("bare.sh"), format!("{script}\n")).unwrap();
        let line = shell.replace("COMMAND", &format!("sh {}", desk.text("bare.sh")));
        let (key, home) = (desk.text("public.pem"), desk.home.path().to_str().unwrap().to_owned());
        let add = ["signers", "add", "piped", "--command", &line, "--public-key", &key];
        let who = ["--key-id", "k", "--signer", "mira", "--working-directory", &home];
        let helps = desk.run(&[add.as_slice(), &who].concat());
        assert_eq!(helps.code, 0, "{encode} {line}: {helps:?}");
    }
}

#[test]
fn what_key_services_print_is_understood() {
    const SIGN: &str = "openssl dgst -sha256 -sign key.pem \"$1\"";
    for encode in [
        "base64 -w0 | sed s/^/vault:v12:/",
        "base64 -w0 | tr '/+' '_-'",
        "base64 -w0 | tr '/+' '_-' | tr -d =",
        "base64 -w0 | tr -d =",
        "base64 -w0 | tr '/+' '_-' | sed s/^/vault:v1:/",
    ] {
        let desk = with_signer();
        add_signer(&desk, &format!("{SIGN} | {encode}")).ok();
        sign_with(&desk, "added").ok();
        verify_with_openssl(&desk.case);
    }
    for encode in ["base64 -w0 | sed s/^/vault:vx:/", "base64 -w0 | sed s/^/vault:/"] {
        let refused = add_signer(&with_signer(), &format!("{SIGN} | {encode}"));
        refused.refused(&["not base64", "nothing was signed"]);
    }
}

#[test]
fn an_ecdsa_signature_may_be_der_or_two_numbers() {
    // As `pkcs11-tool` and key services print it: r and s, each filled up to the left.
    let raw = |bytes: usize| {
        format!(
            "openssl asn1parse -inform DER -in s | sed -n 's/.*INTEGER *://p' | \
             while read n; do printf '%{}s' \"$n\" | tr ' ' 0; done | xxd -r -p",
            2 * bytes
        )
    };
    for (curve, hash, bytes) in [("P-256", "sha256", 32), ("P-384", "sha384", 48)] {
        let desk = with_signer();
        let key = ["genpkey", "-algorithm", "EC", "-pkeyopt"];
        let curve = format!("ec_paramgen_curve:{curve}");
        desk.tool("openssl", &[key.as_slice(), &[&curve, "-out", "key.pem"]].concat());
        desk.tool("openssl", &["pkey", "-in", "key.pem", "-pubout", "-out", "public.pem"]);
        let sign = format!("openssl dgst -{hash} -sign key.pem -out s \"$1\"");
        let trailing = add_signer(&desk, &format!("{sign}; (cat s; echo) | base64 -w0"));
        trailing.refused(&["1 byte behind it"]);
        add_signer(&desk, &format!("{sign}; xxd -p s | tr -d '\\n' | base64 -w0"))
            .refused(&["base64 of the signature in hex digits"]);
        add_signer(&desk, &format!("{sign}; base64 -w0 s | base64 -w0"))
            .refused(&["base64 of base64"]);
        let other = format!("{sign}; openssl rand {} | base64 -w0", 2 * bytes);
        add_signer(&desk, &other).refused(&["verify under none"]);
        // One number more, one less.
        let (longer, shorter) = (raw(bytes + 1), format!("{} | head -c -1", raw(bytes)));
        for wrong in [longer, shorter] {
            let refused = add_signer(&desk, &format!("{sign}; {wrong} | base64 -w0"));
            refused.refused(&["verify under none"]);
        }
        add_signer(&desk, &format!("{sign}; {} | base64 -w0 | tr '/+' '_-'", raw(bytes))).ok();
        sign_with(&desk, "added").ok();
        verify_with_openssl(&desk.case);
    }
    let desk = with_signer();
    let key = ["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"];
    desk.tool("openssl", &[key.as_slice(), &["-out", "key.pem"]].concat());
    desk.tool("openssl", &["pkey", "-in", "key.pem", "-pubout", "-out", "public.pem"]);
    add_signer(&desk, "openssl dgst -sha256 -sign key.pem \"$1\" | base64 -w0").ok();
}

#[test]
fn a_secret_that_a_command_was_given_and_prints_is_struck_out() {
    let desk = with_signer();
    fs::write(desk.path("leaks.sh"), "echo \"login with $HSM_PIN failed\" >&2; exit 1\n").unwrap();
    let (line, key) = (format!("sh {}", desk.text("leaks.sh")), desk.text("public.pem"));
    let add = ["signers", "add", "leaks", "--command", &line, "--public-key", &key];
    let who = ["--key-id", "k", "--signer", "mira", "--env", "HSM_PIN"];
    let mut command = desk.prepared(command());
    command.env("COUNTERSIGN_SETTINGS", desk.path("settings.json")).env("HSM_PIN", "80471");
    let refused = finish(command.args([add.as_slice(), &who].concat()), b"")
        .refused(&["login with ••• failed"]);
    assert!(!refused.stderr.contains("80471"), "{refused:?}");
}
